//! The past change to follow: the most similar one of a group's files, and where what it brought stands today.
//!
//! In: a [`Group`]. Out: an instruction with the change. Where both the ticket and the change add something, and the
//! change's subject writes it as code (`allowAfterThis`, `--no-check-all`), the lines that hold it show each place that
//! something new needs.

use super::{
    super::{
        Survey,
        code::path::stem,
        places::{refs::commit_ref, site::Site},
    },
    commits,
    group::Group,
    steps::counted,
    why::is_telling,
};
use crate::model::{
    context::{Context, FileClass, PastChange},
    plan::{Basis, Citation, FileRef, Statement},
};
use crate::{
    planner::words::{shorten, terms, unscoped},
    richtext::markdown::code_span,
};

/// Changes of more lines are no examples to follow.
const LARGEST: u32 = 1_000;
/// From this similarity on, a change is an example whatever its words.
const LIKE: f64 = 0.3;
/// A name on more lines of one file says nothing; the most lines that are told.
const MOST_LINES: usize = 8;
/// Larger texts are not searched, in bytes.
const LONGEST: usize = 1_000_000;

/// A past change with the name that it brought and the lines that hold it.
type Example<'s, 'c> = (&'s Site<'c>, &'c PastChange, Option<(String, Vec<(String, u32)>)>);

/// The lines of a file that hold what its example brought.
pub fn lines_of(site: &Site<'_>) -> Vec<u32> {
    let brought = best(std::iter::once(site)).and_then(|(_, _, brought)| brought);
    let places = brought.map(|(_, places)| places).unwrap_or_default();
    places.into_iter().filter(|(path, _)| *path == site.path).map(|(_, line)| line).collect()
}

/// The example among the past changes of some files: one that brought something before one that did not, then the most
/// similar.
fn best<'s, 'c: 's>(sites: impl Iterator<Item = &'s Site<'c>>) -> Option<Example<'s, 'c>> {
    let all = sites.flat_map(|site| site.past.iter().map(move |past| (site, *past)));
    let sound = all.filter(|(site, past)| {
        let is_sound = !past.is_revert && !past.is_taken_back && past.added + past.deleted <= LARGEST;
        is_sound && commits::part(site.reading, past).is_none() && (past.similarity >= LIKE || is_alike(site, past))
    });
    let with_names = sound.map(|(site, past)| (site, past, brought(site.context, &site.reading.title, past)));
    with_names.reduce(|a, b| {
        let is_better = match (a.2.is_some(), b.2.is_some()) {
            (had, has) if had != has => has,
            _ => b.1.similarity > a.1.similarity,
        };
        if is_better { b } else { a }
    })
}

/// The most similar past change of the group's files.
pub fn of(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    let (site, past, brought) = best(group.sites.iter().copied())?;
    let commit = commit_ref(&site.repository, past);
    let text = format!(
        "An example to follow: `{}` “{}” changed `{}`{}{}",
        past.commit.short(),
        shorten(&commit.subject, 80),
        site.path,
        others(site, past),
        past.size()
    );
    let cited = Statement::new(Basis::History, text.as_str()).citing(Citation::Commit(commit));
    Some(match brought {
        None => cited,
        Some((name, mut places)) => {
            // What stands in a file of another step is said there, and what documents say is a work of its own.
            let is_own = |path: &str| group.sites.iter().any(|s| s.path == path);
            let is_code = |path: &str| {
                let class = site.context.tree.file(path).map(|f| f.class);
                matches!(class, Some(FileClass::Source | FileClass::Test))
            };
            let is_apart = |path: &str| is_code(path) && survey.sites.iter().all(|s| s.path != path);
            places.retain(|(path, _)| is_own(path) || is_apart(path));
            places.sort_by_key(|(path, _)| !is_own(path));
            if places.is_empty() {
                return Some(cited);
            }
            places.truncate(MOST_LINES);
            let files: Vec<FileRef> =
                places.iter().map(|(path, line)| site.sibling(path).lines(*line, *line)).collect();
            let labels: Vec<String> = files.iter().map(|file| format!("`{}`", file.label())).collect();
            let text = format!(
                "{text}; its {} stands at {}: see at each whether the new one goes beside it",
                code_span(&name),
                labels.join(", ")
            );
            files.into_iter().fold(Statement { text, ..cited }, Statement::at)
        }
    })
}

/// The other files of the change, in few words.
fn others(site: &Site<'_>, past: &PastChange) -> String {
    let others: Vec<&String> = past.files.iter().filter(|f| **f != site.path).collect();
    let is_gone = others.iter().any(|path| site.context.tree.file(path).is_none());
    match others.as_slice() {
        // A file that went since cannot be looked at.
        gone if is_gone => format!(" and {} more", counted(gone.len(), "file")),
        [] => String::new(),
        [one] => format!(" and {}", code_span(one)),
        [one, two] => format!(", {} and {}", code_span(one), code_span(two)),
        more => format!(" and {} more", counted(more.len(), "file")),
    }
}

/// Does the past change say much of what the title says: “Add connectionTimeout option”, “Add maxHeaderSize option”?
fn is_alike(site: &Site<'_>, past: &PastChange) -> bool {
    let (title, subject) = (terms(unscoped(&site.reading.title)), terms(unscoped(&past.subject)));
    let shared = title.intersection(&subject).count();
    past.similarity >= 0.12 && shared >= 2 && 2 * shared >= subject.len()
}

/// The name that a past change brought, and the lines of its files that hold it today; nothing where the ticket or the
/// change adds nothing.
pub fn brought(context: &Context, title: &str, past: &PastChange) -> Option<(String, Vec<(String, u32)>)> {
    if !adds(title) || !adds(&past.subject) {
        return None;
    }
    let is_file = |name: &String| past.files.iter().any(|path| stem(path) == name.as_str());
    coined(unscoped(&past.subject)).into_iter().filter(|name| !is_file(name)).find_map(|name| {
        let places: Vec<(String, u32)> =
            past.files.iter().take(12).flat_map(|path| lines_with(context, path, &name)).collect();
        (!places.is_empty()).then_some((name, places))
    })
}

/// Does the sentence say that something is added?
pub fn adds(sentence: &str) -> bool {
    const ADDS: &[&str] = &[
        "add",
        "added",
        "adding",
        "adds",
        "allow",
        "carry",
        "contain",
        "expose",
        "flag",
        "implement",
        "include",
        "introduce",
        "new",
        "option",
        "options",
        "parameter",
        "provide",
        "setting",
        "support",
        "supports",
    ];
    sentence.split(|c: char| !c.is_alphanumeric()).any(|word| ADDS.contains(&word.to_lowercase().as_str()))
}

/// The names that a subject writes as code: an option of a command line, a name in marks, a word that only code has.
fn coined(subject: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    // “Context to include is_manual” tells what is new behind the verb.
    let holds = [" to include ", " to contain ", " to have ", " to carry "];
    let subject = holds.iter().find_map(|word| subject.split_once(word)).map_or(subject, |(_, rest)| rest);
    // Behind such a word stands what was there already.
    let end = [" to ", " for ", " in ", " on ", " of "].iter().filter_map(|word| subject.find(word)).min();
    let subject = &subject[..end.unwrap_or(subject.len())];
    for word in subject.split(|c: char| c.is_whitespace() || "(),;:".contains(c)) {
        let inner = word.trim_matches(['`', '\'', '"', '“', '”', '.']);
        let bare = inner.trim_start_matches('-');
        let is_option = inner.len() > bare.len() + 1;
        let is_plain = bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        // A plain word stands in prose too.
        let is_word = !bare.contains(['_', '-']) && !bare.chars().skip(1).any(char::is_uppercase);
        let is_name = !is_word && (is_option || is_telling(bare));
        if is_name && is_plain && bare.len() >= 4 && !out.iter().any(|known| known == bare) {
            out.push(bare.to_owned());
        }
    }
    out
}

/// The lines of a file that hold the name as a whole; none where there are many.
fn lines_with(context: &Context, path: &str, name: &str) -> Vec<(String, u32)> {
    let text = context.tree.file(path).and_then(|_| context.tree.text(path)).filter(|t| t.len() <= LONGEST);
    let Some(text) = text.filter(|t| t.contains(name)) else { return Vec::new() };
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let holds = |line: &str| {
        line.match_indices(name)
            .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + name.len()..].starts_with(is_part))
    };
    let found: Vec<(String, u32)> =
        text.lines().zip(1_u32..).filter(|(line, _)| holds(line)).map(|(_, at)| (path.to_owned(), at)).collect();
    if found.len() > MOST_LINES { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_writes_what_it_brought_as_code() {
        let check = |subject: &str, expected: &[&str]| assert_eq!(coined(subject), expected, "{subject}");
        check("Add --no-check-all option to the validate command", &["no-check-all"]);
        check("allowAfterThis option in the rule", &["allowAfterThis"]);
        check("Add `allow` option", &[]);
        check("Add sleep interval to the --dry-run option", &[]);
        check("Add a button", &[]);
        check("Context to include is_manual", &["is_manual"]);
        check("Read config/app.json first", &[]);
        assert!(adds("Update: allowAfterThis option") && !adds("Fix the address"));
    }
}
