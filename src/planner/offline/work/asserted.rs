//! Tests that assert what the ticket changes: a status that it reports as wrong, or replaces by another.
//!
//! In: the [`Survey`] and a [`Group`]. Out: instructions, each with the line that asserts today's status. A line counts
//! only inside a case that asks for a route of the ticket or calls what changes.

use std::collections::BTreeSet;

use super::{
    super::{
        Survey,
        code::edges,
        places::site::{self, Site},
    },
    group::Group,
};
use crate::{
    model::{
        context::{NearTest, SymbolKind},
        plan::{Basis, Statement},
    },
    planner::words::clean,
    richtext::markdown::code_span,
};

/// The most lines that are named for one group.
const MOST: usize = 3;
/// Words by which a line asserts something.
const ASSERTS: &[&str] = &["expect", "assert", "should", "equal", "status"];
/// Words by which a sentence speaks of an answer.
const ANSWERS: &[&str] = &["answer", "return", "respon", "status", "http", "repl"];
/// Words in front of what a sentence replaces.
const REPLACED: &[&str] = &["instead of ", "rather than ", "and not ", "no longer "];

/// The lines of a group's tests that have to change with it.
pub fn here(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Vec<Statement> {
    let old = replaced(survey);
    let is_first = |test: &NearTest| {
        let holds = |g: &&Group<'_, '_>| survey.tests_of(g).iter().any(|(_, t)| t.path == test.path);
        survey.groups.iter().find(holds).is_some_and(|g| std::ptr::eq(g, group))
    };
    let tests = survey.tests_of(group).into_iter().filter(|(_, test)| !old.is_empty() && is_first(test));
    let found = tests.flat_map(|(site, test)| lines(survey, group, (site, test), &old));
    found.take(MOST).collect()
}

/// The statuses of today that something asked replaces.
fn replaced(survey: &Survey<'_, '_>) -> BTreeSet<String> {
    let reading = survey.reading;
    let (mut old, mut new) = (BTreeSet::new(), BTreeSet::new());
    for found in reading.findings.iter().chain(&reading.actual) {
        old.extend(statuses(&found.text));
    }
    for text in reading.asked().map(|(_, text)| text).chain(reading.expected.as_ref().map(|e| e.text.as_str())) {
        let is_old = |status: &String| REPLACED.iter().any(|w| text.contains(&format!("{w}{status}")));
        let (replaced, kept): (Vec<String>, Vec<String>) = statuses(text).into_iter().partition(is_old);
        old.extend(replaced);
        new.extend(kept);
    }
    if new.is_empty() { BTreeSet::new() } else { old.difference(&new).cloned().collect() }
}

/// The statuses of HTTP in a sentence that speaks of answers (RFC 9110, section 15).
fn statuses(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|_| ANSWERS.iter().any(|w| lower.contains(w)));
    let is_status = |w: &&str| w.len() == 3 && w.parse::<u16>().is_ok_and(|n| (200..600).contains(&n));
    words.filter(is_status).map(str::to_owned).collect()
}

/// The lines of one test file that assert one of these statuses.
fn lines(
    survey: &Survey<'_, '_>,
    group: &Group<'_, '_>,
    (site, test): (&Site<'_>, &NearTest),
    old: &BTreeSet<String>,
) -> Vec<Statement> {
    let Some(text) = site.context.tree.text(&test.path).filter(|t| t.len() <= 400_000) else { return Vec::new() };
    let cases = site.context.tree.symbols(&test.path);
    let all: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    for (line, at) in all.iter().zip(1_u32..) {
        let lower = line.to_lowercase();
        let Some(status) = old.iter().find(|s| edges::names(line, s)) else { continue };
        let Some(case) = site::around(&cases, at).filter(|_| ASSERTS.iter().any(|w| lower.contains(w))) else {
            continue;
        };
        let is_case = matches!(case.kind, SymbolKind::Test | SymbolKind::Function | SymbolKind::Method);
        let body = &all[case.line as usize - 1..(case.end_line as usize).min(all.len())];
        if is_case && body.iter().any(|l| is_concerned(survey, group, l)) {
            let file = site.sibling(&test.path).lines(at, at);
            let said = format!(
                "`{}` asserts {status}, the answer of today ({}): change it with the code",
                file.label(),
                code_span(&clean(&case.name))
            );
            out.push(Statement::new(Basis::Repository, said).at(file));
        }
    }
    out
}

/// Does the line ask for a route of the ticket, or call what changes?
fn is_concerned(survey: &Survey<'_, '_>, group: &Group<'_, '_>, line: &str) -> bool {
    let fixed =
        |path: &str| path.split(['{', ':', '?', '<']).next().unwrap_or_default().trim_end_matches('/').to_owned();
    let routes = survey.reading.routes.iter().map(|(_, path)| fixed(path));
    let mut paths = routes.filter(|path| path.len() >= 4);
    let symbols = group.sites.iter().flat_map(|s| &s.symbols);
    let is_route = |path: String| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
        line.match_indices(&path).any(|(at, _)| ends(&line[at + path.len()..]) || path.matches('/').count() > 1)
    };
    paths.any(is_route) || symbols.into_iter().any(|s| s.name.len() >= 4 && edges::names(line, &s.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_stand_in_sentences_about_answers() {
        assert_eq!(statuses("`GET /x` answers 404 for an unknown address and 422 else"), ["404", "422"]);
        assert_eq!(statuses("A page of 200 takes 2.8 s"), [""; 0]);
    }
}
