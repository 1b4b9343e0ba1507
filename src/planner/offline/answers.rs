//! Statuses that the ticket asks for: which of the repository's errors answers with each, and what the code to change
//! throws today.
//!
//! In: sentences with a status (“must answer 401”), the files that declare errors, and the symbols of a [`Group`]. Out:
//! instructions. An error is a short symbol of such a file with one status in its lines: `unauthorized = () => new
//! ShopError(401, …)`, `class NotFound: status = 404`.

use super::{Survey, edges, group::Group, site::Site};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::clean;

/// What files that declare errors are called.
const NAMES: &[&str] = &["error", "errors", "exception", "exceptions", "problem", "problems", "failures"];
/// The most files that are read, and the longest of an error's declaration in lines.
const MOST_FILES: usize = 6;
const LONGEST: u32 = 12;
/// Statuses that are told of a step, and lines that throw.
const MOST: usize = 4;

/// An error of the repository with the status that it answers with.
struct Declared {
    name: String,
    status: u16,
    path: String,
    line: u32,
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
pub fn here(survey: &Survey<'_, '_>, group: &Group<'_, '_>, served: &[&str]) -> Vec<Statement> {
    let Some(site) = group.sites.iter().find(|s| s.is_code()) else { return Vec::new() };
    let mut wanted: Vec<u16> = served.iter().flat_map(|text| statuses(text)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let declared = declared(site.context);
    if wanted.is_empty() || declared.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<Statement> = thrown(site, &declared).into_iter().collect();
    out.extend(wanted.iter().take(MOST).map(|status| answering(survey, site, &declared, *status)));
    out
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
    let name = super::site::full_name(&site.path, symbol);
    let said = Statement::new(Basis::Repository, format!("Today `{name}` fails with {told}"));
    Some(found.iter().fold(said, |said, (_, at)| said.at(site.file().lines(*at, *at))))
}

/// Which error answers with the status, or that none of them does.
fn answering(survey: &Survey<'_, '_>, site: &Site<'_>, declared: &[Declared], status: u16) -> Statement {
    let at = |path: &str, line: u32| site.sibling(path).lines(line, line);
    let of: Vec<&Declared> = declared.iter().filter(|d| d.status == status).take(2).collect();
    if let Some(first) = of.first() {
        let names: Vec<String> =
            of.iter().map(|d| format!("`{}` (`{}`)", d.name, at(&d.path, d.line).label())).collect();
        let verb = if of.len() == 1 { "answers" } else { "answer" };
        let text = format!("{} {verb} {status} here: see whether its text fits", names.join(" and "));
        return Statement::new(Basis::Repository, text).at(at(&first.path, first.line));
    }
    let home = &declared[0].path;
    let built = built_elsewhere(survey, site.context, home, status);
    let elsewhere = built.as_ref().map_or(String::new(), |file| format!("; `{}` makes one in its place", file.label()));
    let text = format!("No error of `{home}` answers {status} yet{elsewhere}");
    let said = Statement::new(Basis::Repository, text).at(site.sibling(home));
    built.into_iter().fold(said, Statement::at)
}

/// A line outside the errors' own files that answers with the status.
fn built_elsewhere(survey: &Survey<'_, '_>, context: &Context, home: &str, status: u16) -> Option<FileRef> {
    let is_main = survey.contexts.first().is_some_and(|first| std::ptr::eq(first, context));
    let repository = (!is_main).then(|| context.repository.name.clone());
    let ranked = context.ranked.iter().map(|r| r.path.as_str()).filter(|path| *path != home);
    let is_source = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    ranked.filter(is_source).take(60).find_map(|path| {
        let text = context.tree.text(path)?;
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| has_status(line, status))?;
        Some(FileRef::new(path).of(repository.clone()).lines(at, at))
    })
}

/// Does the line hold the status as a figure of its own?
fn has_status(line: &str, status: u16) -> bool {
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
            }));
        }
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
    fn a_status_stands_for_itself() {
        assert!(has_status("new ShopError(401, \"unauthorized\")", 401));
        assert!(!has_status("x = 4011", 401) && !has_status("# 401", 401));
    }
}
