//! Documents that follow a change here: the changelog that the guidelines ask for, the list of routes.
//!
//! In: a [`Context`] and the [`Reading`]. Out: calls. Only what a line of the repository asks for or shows.

use super::{
    super::{Survey, code::path::folder, reading::Reading, sections::interface, work::answers},
    called::Call,
    lifted, refs, traced,
};
use crate::model::{
    context::{Context, FactKind, FileClass, PastChange},
    ids::RepoName,
    plan::{Basis, Citation, FileRef, Kind, Statement},
};
use crate::planner::words::{clean, shorten};

/// Folders whose files are put together to a changelog (towncrier, changesets and tools like them).
const FRAGMENTS: &[&str] = &[
    "changelog",
    "changelog.d",
    "changelogs",
    "changelogs/unreleased",
    ".changes",
    ".changeset",
    "news",
    "newsfragments",
];
/// The most routes that are listed in one instruction.
const MOST_ROUTES: usize = 6;

/// The documents that follow.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out: Vec<Call> = route_list(context, reading, repository).into_iter().collect();
    out.extend(row(context, reading, repository));
    out.extend(changelog(context, reading, repository));
    out
}

/// The document that lists the neighbour of a new route.
fn route_list(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    let new = interface::new_routes(context, reading);
    let (_, path) = new.first()?;
    let bare = path.split('?').next().unwrap_or(path);
    let docs = context.tree.paths().filter(|p| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc));
    let is_row = |line: &str| ["GET /", "POST /", "PUT /", "DELETE /", "PATCH /"].iter().any(|m| line.contains(m));
    let mut best: Option<(usize, u32, &str)> = None;
    for doc in docs.filter(|p| !p.to_lowercase().contains("changelog") && !is_of_past(p)).take(60) {
        let Some(text) = context.tree.text(doc) else { continue };
        let rows: Vec<(&str, u32)> = text.lines().zip(1_u32..).filter(|(line, _)| is_row(line)).collect();
        // The row that shares most of the path; of equals the last.
        let near = rows.iter().max_by_key(|(line, _)| shared(line, bare));
        if let Some((_, line)) = near.filter(|_| rows.len() >= 2 && best.is_none_or(|(most, ..)| rows.len() > most)) {
            best = Some((rows.len(), *line, doc));
        }
    }
    let (_, line, doc) = best?;
    let file = FileRef::new(doc).of(repository.clone()).lines(line, line);
    let why = Statement::new(Basis::Repository, format!("`{}` lists the routes", file.label())).at(file.clone());
    let named: Vec<String> = new
        .iter()
        .take(MOST_ROUTES)
        .map(|(method, path)| format!("`{method} {}`", clean(path.split('?').next().unwrap_or(path))))
        .collect();
    let named = match named.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => named.concat(),
    };
    let todo = format!("List {named} at `{}`", file.label());
    Some(Call {
        path: doc.to_owned(),
        symbol: None,
        why,
        todo: Some(Statement::new(Basis::Repository, todo).at(file).into()),
        leads: false,
    })
}

/// Is the document one of a decision or a plan, or in a tool's own folder? What it lists is not kept up to date.
fn is_of_past(path: &str) -> bool {
    const FOLDERS: &[&str] = &["adr", "adrs", "decisions", "plans", "proposals", "rfc", "rfcs"];
    path.split('/').any(|part| part.starts_with('.') || FOLDERS.contains(&part.to_lowercase().as_str()))
}

/// How many segments of the path a row holds, from the first on.
fn shared(row: &str, path: &str) -> usize {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    (1..=segments.len()).rev().find(|count| row.contains(&format!("/{}", segments[..*count].join("/")))).unwrap_or(0)
}

/// The row of a document that lists the answers of a route which the ticket names, where the ticket asks that route for
/// a status that the row lacks.
fn row(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    let wanted: Vec<(&str, Vec<u16>)> =
        reading.asked().map(|(id, text)| (id, answers::statuses(text))).filter(|(_, s)| !s.is_empty()).collect();
    let [(method, path)] = reading.routes.as_slice() else { return None };
    if wanted.is_empty() {
        return None;
    }
    let route = format!("{method} {path}");
    let docs = context.tree.paths().filter(|p| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc));
    let is_row = |line: &str| line.contains(&format!("{route}`")) || line.contains(&format!("{route} "));
    let lists = |line: &str| is_row(line) && line.split(|c: char| !c.is_alphanumeric()).any(is_status);
    let (doc, line, text) = docs.filter(|p| !p.to_lowercase().contains("changelog")).take(60).find_map(|doc| {
        let text = context.tree.text(doc)?;
        let (line, at) = text.lines().zip(1_u32..).find(|(line, _)| lists(line))?;
        Some((doc, at, line.to_owned()))
    })?;
    let missing = |statuses: &Vec<u16>| statuses.iter().any(|s| !text.contains(&s.to_string()));
    let ids: Vec<&str> = wanted.iter().filter(|(_, statuses)| missing(statuses)).map(|(id, _)| *id).collect();
    if ids.is_empty() {
        return None;
    }
    let file = FileRef::new(doc).of(repository.clone()).lines(line, line);
    let why = format!("`{}` lists the answers of `{}`", file.label(), clean(&route));
    let todo =
        format!("Bring the answers of `{}` at `{}` in line with {}", clean(&route), file.label(), ids.join(", "));
    Some(Call {
        path: doc.to_owned(),
        symbol: None,
        why: Statement::new(Basis::Repository, why).at(file.clone()),
        todo: Some(Statement::new(Basis::Repository, todo).at(file).into()),
        leads: false,
    })
}

/// Is the word a status of HTTP: 200 to 599?
fn is_status(word: &str) -> bool {
    word.len() == 3 && word.parse::<u16>().is_ok_and(|n| (200..600).contains(&n))
}

/// Is the change one that people notice?
fn is_noticed(reading: &Reading) -> bool {
    // Whoever runs it has a setting less, whatever the ticket is called.
    let lifts_flag = traced::removes(reading) && lifted::is_on(reading);
    (matches!(reading.kind, Kind::Feature | Kind::Bug | Kind::Change | Kind::Security) || lifts_flag)
        && reading.swaps.is_empty()
        && !reading.is_bare()
}

/// Is the file the repository's changelog?
pub fn is_changelog(path: &str) -> bool {
    !path.contains('/') && path.to_lowercase().starts_with("changelog")
}

/// The day since which a file is there, as far as the past changes shown here tell: that of the first that touched it.
pub fn since<'c>(context: &'c Context, path: &str) -> Option<&'c str> {
    let all = context.past.iter().chain(&context.added);
    all.filter(|past| past.files.iter().any(|f| f == path)).map(|past| past.date.as_str()).min()
}

/// The changelog that every past change which added code touched since it is there, two of them at least.
fn by_habit(context: &Context, repository: &Option<RepoName>, log: &str) -> Option<Call> {
    let since = since(context, log)?;
    let is_source = |path: &String| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let adds = |past: &&PastChange| !past.is_first && past.made.iter().any(is_source) && past.date.as_str() >= since;
    let mut changes: Vec<&PastChange> = Vec::new();
    for past in context.past.iter().chain(&context.added).filter(adds) {
        if changes.iter().all(|known| known.commit != past.commit) {
            changes.push(past);
        }
    }
    if changes.len() < 2 || !changes.iter().all(|past| past.files.iter().any(|f| f == log)) {
        return None;
    }
    let commits: Vec<String> = changes.iter().take(2).map(|past| format!("`{}`", past.commit.short())).collect();
    let said = format!("{} wrote into it what they added", commits.join(" and "));
    let cited = changes.iter().take(2).map(|past| Citation::Commit(refs::commit_ref(repository, past)));
    let why = cited.fold(Statement::new(Basis::History, said), Statement::citing);
    Some(Call { path: log.to_owned(), symbol: None, todo: Some(why.clone().into()), why, leads: false })
}

/// Do changes of code leave the changelog as it is, whatever the guidelines say: none of four and more touched it?
fn is_left_out(context: &Context, log: &str) -> bool {
    let is_source = |path: &String| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let of_code = |past: &&PastChange| !past.is_first && past.files.iter().any(is_source);
    let changes: Vec<&PastChange> = context.past.iter().filter(of_code).collect();
    changes.len() >= 4 && changes.iter().all(|past| past.files.iter().all(|f| f != log))
}

/// A repository whose changelog is put together from files: one more is written, as those that wait there.
pub fn fragment(survey: &Survey<'_, '_>) -> Option<Statement> {
    let context = survey.contexts.first().filter(|_| is_noticed(survey.reading))?;
    let like = fragments(context)?;
    let text = format!("The note for the changelog is a file of its own in `{}`, as `{like}` is one", folder(like));
    Some(Statement::new(Basis::Repository, text).at(FileRef::new(like)))
}

/// The last of the notes that wait for the next release, where there are two at least.
fn fragments(context: &Context) -> Option<&str> {
    let is_note = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let is_text = [".md", ".rst", ".txt", ".yaml", ".yml"].iter().any(|e| name.ends_with(e));
        FRAGMENTS.contains(&folder(path))
            && is_text
            && !["readme", "template", "config", "relnotes"].iter().any(|w| name.contains(w))
            && !is_released(&name)
    };
    let notes: Vec<&str> = context.tree.paths().filter(is_note).take(500).collect();
    notes.last().copied().filter(|_| notes.len() >= 2)
}

/// Does the name say that the notes are those of a version: `CHANGELOG-3.4.md`, `1.2.0.md`?
fn is_released(name: &str) -> bool {
    let digit = |c: Option<&u8>| c.is_some_and(u8::is_ascii_digit);
    let bytes = name.as_bytes();
    let dotted = (1..bytes.len()).any(|at| bytes[at] == b'.' && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1)));
    name.contains("changelog") || dotted
}

/// Does a line of the guidelines ask for a note in the changelog? The style of its notes is another matter.
fn asks_for_note(line: &str) -> bool {
    const ASKS: &[&str] =
        &["add", "entry", "entries", "line", "update", "updated", "note", "notes", "record", "mention", "document"];
    let lower = line.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric());
    lower.contains("changelog") && words().any(|word| ASKS.contains(&word)) && !words().any(|word| word == "style")
}

/// The changelog, where a guideline asks for a line in it and the change is one that people notice.
fn changelog(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    if !is_noticed(reading) || fragments(context).is_some() {
        return None;
    }
    let log = context.tree.paths().find(|p| is_changelog(p))?;
    if is_left_out(context, log) {
        return None;
    }
    let guides = context.facts.iter().filter(|f| f.kind == FactKind::Guideline).map(|f| f.path.as_str());
    // What is done for a release, or about a hole, is not done for every change.
    let guides = guides.filter(|path| {
        let lower = path.to_lowercase();
        !["security", "release", "publish", "maintain"].iter().any(|word| lower.contains(word))
    });
    let asked = guides.take(6).find_map(|guide| {
        let text = context.tree.text(guide)?;
        let (line, number) = text.lines().zip(1_u32..).find(|(line, _)| asks_for_note(line))?;
        let file = FileRef::new(guide).of(repository.clone()).lines(number, number);
        let said = format!(
            "`{}` asks for it: “{}”",
            file.label(),
            shorten(clean(line).replace('`', "").trim_start_matches(['-', '*', ' ']), 240)
        );
        let why = Statement::new(Basis::Guideline, said).at(file);
        Some(Call { path: log.to_owned(), symbol: None, todo: Some(why.clone().into()), why, leads: false })
    });
    let found = asked.or_else(|| by_habit(context, repository, log).filter(|_| reading.kind == Kind::Feature))?;
    Some(match log_place(context, repository, log) {
        Some((place, file)) => {
            let said = Statement { text: format!("{}; {place}", found.why.text), ..found.why.clone() }.at(file);
            Call { todo: Some(said.clone().into()), why: said, ..found }
        }
        None => found,
    })
}

/// Manifests that say a package's version, and how the line begins.
const MANIFESTS: &[(&str, &str)] = &[
    ("package.json", "\"version\":"),
    ("Cargo.toml", "version ="),
    ("pyproject.toml", "version ="),
    ("composer.json", "\"version\":"),
];

/// Where the line of a changelog goes: below the section of what is not released yet, else above the newest version, with
/// the heading that says so.
fn log_place(context: &Context, repository: &Option<RepoName>, log: &str) -> Option<(String, FileRef)> {
    let text = context.tree.text(log)?;
    let heads = text.lines().zip(1_u32..).filter(|(line, _)| line.starts_with('#'));
    let is_version = |word: &str| {
        let bare = word.trim_matches(['[', ']', '(', ')', 'v', ':']);
        bare.split('.').count() >= 2 && bare.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let version =
        |line: &str| line.split([' ', ']']).find(|w| is_version(w)).map(|w| w.trim_matches(['[', 'v', ':']).to_owned());
    let is_open = |line: &str| line.to_lowercase().contains("unreleased");
    let (head, line) = heads.into_iter().find(|(line, _)| is_open(line) || version(line).is_some())?;
    let file = FileRef::new(log).of(repository.clone()).lines(line, line);
    let shown = clean(head).replace('`', "");
    if is_open(head) {
        return Some((format!("its line goes below `{shown}` (`{}`)", file.label()), file));
    }
    let newest = version(head)?;
    let has = |(manifest, begin): &&(&str, &str)| {
        let text = context.tree.text(manifest).unwrap_or_default();
        text.lines().any(|l| l.trim_start().starts_with(begin) && l.contains(&format!("\"{newest}\"")))
    };
    let said = match MANIFESTS.iter().find(has) {
        Some((manifest, _)) => {
            format!("`{manifest}` has the version of `{shown}` (`{}`): begin a section above it", file.label())
        }
        None => format!("begin a section above `{shown}` (`{}`), if that version is released", file.label()),
    };
    Some((said, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_of_notes_asks_for_none() {
        assert!(asks_for_note("- Changes that people notice have a line in `CHANGELOG.md`."));
        assert!(asks_for_note("## Add an entry to the changelog"));
        assert!(!asks_for_note("Otherwise use a prefix, matching the CHANGELOG style of the entries:"));
        assert!(!asks_for_note("See CHANGELOG.md for what is new."));
    }
}
