//! Statuses that the ticket asks for: which of the repository's errors answers with each, and what the code to change
//! throws today.
//!
//! In: sentences with a status (“must answer 401”), the files that declare errors, and the symbols of a [`Group`]. Out:
//! instructions. An error is a short symbol of such a file with one status in its lines: `unauthorized = () => new
//! ShopError(401, …)`, `class NotFound: status = 404`.

use std::collections::BTreeSet;

use super::{
    super::{Survey, code::edges, places::site::Site},
    extractors,
    group::Group,
    variants,
};
use crate::model::{
    context::{Context, Fact, FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, FileChange, FileRef, Phase, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// What files that declare errors are called.
const NAMES: &[&str] = &["error", "errors", "exception", "exceptions", "problem", "problems", "failures"];
/// The most files that are read, and the longest of an error's declaration in lines.
const MOST_FILES: usize = 6;
const LONGEST: u32 = 12;
/// Statuses that are told of a step, and lines that throw.
const MOST: usize = 4;
/// Files that use an error's home and are looked at.
const MOST_USERS: usize = 40;

/// An error of the repository with the status that it answers with.
struct Declared {
    name: String,
    status: u16,
    path: String,
    line: u32,
    /// What it says, where that is written out.
    text: Option<String>,
}

/// The refusals that a text asks for: 400 to 499.
pub fn statuses(text: &str) -> Vec<u16> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | '_')));
    let bare = words.map(|w| w.trim_matches(['.', ',']));
    let mut out: Vec<u16> =
        bare.filter(|w| w.len() == 3).filter_map(|w| w.parse().ok()).filter(|s| (400..500).contains(s)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// What is said of a group's step: the errors that are thrown there today, then those that the ticket asks for.
pub fn here(_: &Survey<'_, '_>, group: &Group<'_, '_>, served: &[&str]) -> Vec<Statement> {
    let Some(site) = group.sites.iter().find(|s| s.is_code()) else { return Vec::new() };
    let mut wanted: Vec<u16> = served.iter().flat_map(|text| statuses(text)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let declared = declared(site.context);
    if wanted.is_empty() || declared.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<Statement> = thrown(site, &declared).into_iter().collect();
    out.extend(extractors::here(site, served));
    let texts = |status: u16| served.iter().filter(move |text| statuses(text).contains(&status));
    let told = |status: &u16| {
        let wanted: BTreeSet<String> = texts(*status).flat_map(|text| terms(text)).collect();
        answering(site, &declared, *status, &wanted).unwrap_or_else(|| missing(site, &declared, *status))
    };
    out.extend(wanted.iter().take(MOST).map(told));
    out
}

/// That no error answers with the status yet, and who makes one in its place.
fn missing(site: &Site<'_>, declared: &[Declared], status: u16) -> Statement {
    let home = &declared[0].path;
    let built = built_elsewhere(site, home, status);
    let elsewhere = built.as_ref().map_or(String::new(), |file| format!("; `{}` makes one in its place", file.label()));
    let text = format!("No error of `{home}` answers {status} yet{elsewhere}");
    let said = Statement::new(Basis::Repository, text).at(site.sibling(home));
    built.into_iter().fold(said, Statement::at)
}

/// Adds to each step the file whose errors lack a status that it serves: one more is declared there.
pub fn homes(survey: &Survey<'_, '_>, phases: &mut [Phase]) {
    for step in phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let is_of = |site: &&Site<'_>| site.is_code() && step.files.iter().any(|f| f.file == site.file());
        let Some(site) = survey.sites.iter().find(is_of) else { continue };
        let served = survey.asked.iter().filter(|a| step.serves.iter().any(|id| id == a.id));
        let wanted: Vec<u16> = served.flat_map(|a| statuses(a.text)).collect();
        let declared = if wanted.is_empty() { Vec::new() } else { declared(site.context) };
        let missing = wanted.iter().find(|status| declared.iter().all(|d| d.status != **status));
        let (Some(status), Some(last)) = (missing, declared.last()) else { continue };
        if step.files.iter().any(|f| f.file.path == last.path) {
            continue;
        }
        let file = site.sibling(&last.path);
        let place = file.clone().lines(last.line, last.line);
        let why = format!("none of its errors, as `{}` (`{}`) is one, answers {status} yet", last.name, place.label());
        step.files.push(FileChange {
            action: Action::Modify,
            file,
            why: vec![Statement::new(Basis::Repository, why).at(place)],
            ..FileChange::default()
        });
    }
}

/// “Today `signIn` throws `notFound` (404) at line 15 and `invalid` (422) at line 16”.
fn thrown(site: &Site<'_>, declared: &[Declared]) -> Option<Statement> {
    let symbol = site.symbols.iter().find(|s| matches!(s.kind, SymbolKind::Function | SymbolKind::Method))?;
    let text = site.text.as_deref()?;
    let inside = |at: u32| symbol.line <= at && at <= symbol.end_line;
    let lines = text.lines().zip(1_u32..).filter(|(_, at)| inside(*at));
    let raises =
        |line: &str| ["throw", "raise", "return", "Err(", "abort", "panic", "fail"].iter().any(|w| line.contains(w));
    let of = |line: &str| declared.iter().find(|d| edges::names(line, &d.name));
    let found: Vec<(&Declared, u32)> =
        lines.filter(|(line, _)| raises(line)).filter_map(|(line, at)| Some((of(line)?, at))).take(MOST).collect();
    let told: Vec<String> = found
        .iter()
        .map(|(d, at)| format!("`{}` ({}) at `{}`", d.name, d.status, site.file().lines(*at, *at).label()))
        .collect();
    let told = match told.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => told.first()?.clone(),
    };
    let name = super::super::places::refs::full_name(&site.path, symbol);
    let said = Statement::new(Basis::Repository, format!("Today `{name}` fails with {told}"));
    Some(found.iter().fold(said, |said, (_, at)| said.at(site.file().lines(*at, *at))))
}

/// Which error answers with the status, in which words, and who else uses it.
fn answering(site: &Site<'_>, declared: &[Declared], status: u16, wanted: &BTreeSet<String>) -> Option<Statement> {
    let at = |path: &str, line: u32| site.sibling(path).lines(line, line);
    let of: Vec<&Declared> = declared.iter().filter(|d| d.status == status).take(2).collect();
    let mut files: Vec<FileRef> = Vec::new();
    let names: Vec<String> = of
        .iter()
        .map(|d| {
            let place = at(&d.path, d.line);
            let text = d.text.as_ref().map_or(String::new(), |text| format!(", “{text}”"));
            let users = users(site, d);
            let used: Vec<String> = users.iter().map(|file| format!("`{}`", file.label())).collect();
            let used = if used.is_empty() { String::new() } else { format!(", used at {}", used.join(" and ")) };
            let told = format!("`{}` (`{}`{text}{used})", d.name, place.label());
            files.push(place);
            files.extend(users);
            told
        })
        .collect();
    let verb = if of.len() == 1 { "answers" } else { "answer" };
    // Words that speak of nothing that is asked are those of another refusal.
    let is_other = |d: &&Declared| d.text.as_ref().is_some_and(|text| terms(&spoken(text)).is_disjoint(wanted));
    let doubt = if of.iter().all(is_other) { ": its words speak of something else, see whether they fit" } else { "" };
    let said = Statement::new(Basis::Repository, format!("{} {verb} {status} here{doubt}", names.join(" and ")));
    (!of.is_empty()).then(|| files.into_iter().fold(said, Statement::at))
}

/// Lines of other source files that use an error, two at most.
fn users(site: &Site<'_>, error: &Declared) -> Vec<FileRef> {
    let tree = &site.context.tree;
    let is_source = |path: &&String| tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let others = tree.dependents(&error.path, MOST_USERS);
    let others = others.iter().filter(is_source).filter(|path| **path != site.path && **path != error.path);
    let found = others.filter_map(|path| {
        let text = tree.text(path)?;
        let is_import =
            |line: &str| ["import ", "from ", "use ", "} from"].iter().any(|w| line.trim_start().starts_with(w));
        let (_, at) =
            text.lines().zip(1_u32..).find(|(line, _)| edges::names(line, &error.name) && !is_import(line))?;
        Some(site.sibling(path).lines(at, at))
    });
    found.take(2).collect()
}

/// A line outside the errors' own files that answers with the status.
fn built_elsewhere(site: &Site<'_>, home: &str, status: u16) -> Option<FileRef> {
    let context = site.context;
    let ranked = context.ranked.iter().map(|r| r.path.as_str()).filter(|path| *path != home);
    let is_source = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    ranked.filter(is_source).take(60).find_map(|path| {
        let text = context.tree.text(path)?;
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| has_status(line, status))?;
        Some(site.sibling(path).lines(at, at))
    })
}

/// The statuses that functions named on a route's own lines answer with, before its handler runs: `validate(body)`.
pub fn before(context: &Context, route: &Fact) -> Vec<u16> {
    let declared = declared(context);
    let text = context.tree.text(&route.path).unwrap_or_default();
    let line = text.lines().nth((route.line as usize).saturating_sub(1)).unwrap_or_default();
    let names = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|name| name.len() >= 4);
    let homes = names.flat_map(|name| match <[(String, Symbol); 1]>::try_from(context.tree.definitions(name, 2)) {
        Ok([(path, symbol)]) if path != route.path => Some((path, symbol)),
        _ => None,
    });
    homes.flat_map(|(path, symbol)| named_in(context, &path, &symbol, &declared)).collect()
}

/// The statuses that the symbols to change of a site answer with today.
pub fn of_changed(site: &Site<'_>) -> Vec<u16> {
    let declared = declared(site.context);
    site.symbols.iter().flat_map(|symbol| named_in(site.context, &site.path, symbol, &declared)).collect()
}

/// The statuses of the errors that a symbol's lines name.
fn named_in(context: &Context, path: &str, symbol: &Symbol, declared: &[Declared]) -> Vec<u16> {
    let text = context.tree.text(path).unwrap_or_default();
    let inside = |at: u32| symbol.line <= at && at <= symbol.end_line;
    let lines: Vec<&str> = text.lines().zip(1_u32..).filter(|(_, at)| inside(*at)).map(|(line, _)| line).collect();
    declared.iter().filter(|d| lines.iter().any(|line| edges::names(line, &d.name))).map(|d| d.status).collect()
}

/// The words that an error says: the first text in quotes with a space in it.
fn words_of<'l>(symbol: &Symbol, lines: &[&'l str]) -> Option<String> {
    let first = (symbol.line as usize).saturating_sub(1).min(lines.len());
    let last = (symbol.end_line as usize).clamp(first, lines.len());
    const MARKS: [char; 3] = ['"', '\'', '`'];
    let of_line = |line: &'l str| MARKS.into_iter().flat_map(move |mark| line.split(mark).skip(1).step_by(2));
    let quoted = lines[first..last].iter().flat_map(|line| of_line(line));
    let mut told = quoted.filter(|text| text.contains(' ')).map(holes);
    told.find(|text| !text.contains(['$', '`', '%'])).map(|text| shorten(&clean(&text), 80))
}

/// A text with the names of what is filled in: `only ${left} left` → `only {left} left`.
fn holes(text: &str) -> String {
    text.replace("${", "{")
}

/// A text without what is filled in.
fn spoken(text: &str) -> String {
    let outside = text.split('{').enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('}').map_or("", |(_, after)| after),
    });
    outside.collect()
}

/// Does the line hold the status as a figure of its own?
pub fn has_status(line: &str, status: u16) -> bool {
    let is_comment = ["//", "#", "*", "--"].iter().any(|mark| line.trim_start().starts_with(mark));
    let figure = status.to_string();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    !is_comment
        && line.match_indices(&figure).any(|(at, _)| {
            !line[..at].ends_with(is_part) && !line[at + 3..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
}

/// The errors of the repository that carry a status.
fn declared(context: &Context) -> Vec<Declared> {
    let is_home = |path: &&str| {
        let stem = path.rsplit('/').next().unwrap_or(path).split('.').next().unwrap_or_default().to_lowercase();
        NAMES.contains(&stem.as_str()) && context.tree.file(path).is_some_and(|f| f.class == FileClass::Source)
    };
    let mut out = Vec::new();
    for path in context.tree.paths().filter(is_home).take(MOST_FILES) {
        let Some(text) = context.tree.text(path) else { continue };
        let lines: Vec<&str> = text.lines().collect();
        for symbol in context.tree.symbols(path) {
            let status = status_of(&symbol, &lines);
            out.extend(status.map(|status| Declared {
                name: clean(&symbol.name),
                status,
                path: path.to_owned(),
                line: symbol.line,
                text: words_of(&symbol, &lines),
            }));
        }
        out.extend(variants::of(&lines).into_iter().map(|variant| Declared {
            name: variant.name,
            status: variant.status,
            path: path.to_owned(),
            line: variant.line,
            text: variant.text.map(|text| shorten(&clean(&text), 80)),
        }));
    }
    out
}

/// The only status in the lines of a short symbol.
fn status_of(symbol: &Symbol, lines: &[&str]) -> Option<u16> {
    if symbol.end_line.saturating_sub(symbol.line) > LONGEST || symbol.kind == SymbolKind::Module {
        return None;
    }
    let first = (symbol.line as usize).saturating_sub(1).min(lines.len());
    let last = (symbol.end_line as usize).clamp(first, lines.len());
    let mut found: Vec<u16> =
        lines[first..last].iter().flat_map(|line| (400..600).filter(|s| has_status(line, *s))).collect();
    found.dedup();
    match found[..] {
        [only] => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_read_off_sentences() {
        assert_eq!(statuses("Both cases must answer 401, further ones 429."), [401, 429]);
        assert!(statuses("1,422 orders in 404.5 ms; answers 200").is_empty());
    }

    #[test]
    fn what_is_filled_in_is_not_said() {
        assert_eq!(spoken("only {left} of {product} left"), "only  of  left");
        assert_eq!(spoken("sign in first"), "sign in first");
    }

    #[test]
    fn a_status_stands_for_itself() {
        assert!(has_status("new ShopError(401, \"unauthorized\")", 401));
        assert!(!has_status("x = 4011", 401) && !has_status("# 401", 401));
    }
}
