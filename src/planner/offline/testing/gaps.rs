//! Files to change that no test is near to, and the tests that reach them all the same.
//!
//! In: the [`Survey`]. Out: the files, and what is said of them.

use super::super::{
    Survey,
    code::through::{self, Reached},
    places::{near, site::Site},
    work::group::Group,
};
use crate::model::plan::{Action, Basis, Statement};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// How lines begin that begin a test.
const BEGINS: &[&str] =
    &["it(", "test(", "def ", "async def ", "fn ", "async fn ", "#[", "func ", "@Test", "public void"];
/// Lines behind a request in which its answer is expected.
const EXPECTED: usize = 8;

/// Files to change that no test is near to, and the tests that reach them through a route.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let all = bare(survey);
    let untested: Vec<&Site<'_>> = all.iter().filter(|(_, reached)| reached.is_none()).map(|(site, _)| *site).collect();
    let mut out: Vec<Statement> = all.iter().filter_map(|(site, reached)| by_route(site, reached.as_ref()?)).collect();
    out.truncate(3);
    let named =
        survey.contexts.iter().any(|c| !c.tests.is_empty()) || survey.sites.iter().any(|s| s.far_test.is_some());
    if !untested.is_empty() && (named || !out.is_empty()) {
        let names: Vec<String> = untested.iter().take(4).map(|s| format!("`{}`", s.path)).collect();
        let text = format!("No test was found near {}", names.join(", "));
        out.push(untested.iter().take(4).fold(Statement::new(Basis::Repository, text), |s, site| s.at(site.file())));
    }
    out
}

/// Files with symbols that change and that no test reaches: none is near, imports them, or asks for a route that leads there.
pub fn untested<'s, 'c>(survey: &Survey<'s, 'c>) -> Vec<&'s Site<'c>> {
    bare(survey).into_iter().filter(|(_, reached)| reached.is_none()).map(|(site, _)| site).collect()
}

/// Files with symbols that change and that no test is near to, and how tests reach them all the same.
fn bare<'s, 'c>(survey: &Survey<'s, 'c>) -> Vec<(&'s Site<'c>, Option<Reached>)> {
    let sites = without_near(survey);
    let mut out = Vec::new();
    for context in survey.contexts {
        let own: Vec<&'s Site<'c>> = sites.iter().copied().filter(|s| std::ptr::eq(s.context, context)).collect();
        let paths: Vec<&str> = own.iter().map(|s| s.path.as_str()).collect();
        out.extend(own.iter().copied().zip(through::reach(context, &paths)));
    }
    out
}

/// Files with symbols that change and that no test is near to.
fn without_near<'s, 'c>(survey: &Survey<'s, 'c>) -> Vec<&'s Site<'c>> {
    let is_bare = |g: &&Group<'s, 'c>| {
        let is_covered = !survey.near_tests_of(g).is_empty() || !survey.new_tests_of(g).is_empty();
        g.lead().is_code() && !survey.is_doubtful(g) && !is_covered
    };
    let sites = survey.groups.iter().filter(is_bare).flat_map(|g| &g.sites).copied();
    let is_told = |s: &&Site<'_>| {
        near::neighbour(s.context, &s.path).is_none() && !s.is_registry() && !s.context.tree.symbols(&s.path).is_empty()
    };
    sites.filter(|s| s.action == Action::Modify && is_told(s)).collect()
}

/// The status by which the answer to a test's request refuses it, where the lines behind the request expect one.
fn refusal(site: &Site<'_>, test: &str, line: u32) -> Option<u16> {
    const NAMES: &[(&str, u16)] = &[("unauthorized", 401), ("forbidden", 403)];
    let text = site.context.tree.text(test)?;
    // The next test, or the next request, has an answer of its own.
    let begins = |line: &str| BEGINS.iter().any(|word| line.trim_start().starts_with(word));
    let asks = |line: &str| ["\"/", "'/", "`/"].iter().any(|quote| line.contains(quote));
    let mut lines = text.lines().skip(line as usize - 1).take(EXPECTED);
    let first = lines.next()?;
    let lines = std::iter::once(first).chain(lines.take_while(|line| !begins(line) && !asks(line)));
    let status = |line: &str| {
        let lower = line.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let number = [401, 403].into_iter().find(|status| words.contains(&status.to_string().as_str()));
        number.or_else(|| NAMES.iter().find(|(name, _)| words.contains(name)).map(|(_, status)| *status))
    };
    let expects =
        |line: &&str| ["assert", "expect", "should", "status"].iter().any(|word| line.to_lowercase().contains(word));
    lines.into_iter().filter(expects).find_map(status)
}

/// The test that asks for a route which leads to the file.
fn by_route(site: &Site<'_>, reached: &Reached) -> Option<Statement> {
    let Reached::Asked { test, line, path, home } = reached else { return None };
    let refusal = refusal(site, test, *line).filter(|_| *home != site.path);
    let test = site.sibling(test).lines(*line, *line);
    let (asked, test_label) = (code_span(&clean(path)), test.label());
    if let Some(status) = refusal {
        let text = format!(
            "No test runs `{}`: `{test_label}` asks for {asked} and expects {status}, which is answered before it",
            site.path
        );
        return Some(Statement::new(Basis::Repository, text).at(site.file()).at(test));
    }
    let text = match *home == site.path {
        true => format!("`{home}` is reached by requests alone: `{test_label}` asks for {asked}, which it declares"),
        false => format!(
            "`{}` is reached by requests alone: `{test_label}` asks for {asked}, and imports lead here from `{home}`, which declares it",
            site.path
        ),
    };
    let said = Statement::new(Basis::Repository, text).at(site.file()).at(test);
    Some(if *home == site.path { said } else { said.at(site.sibling(home)) })
}
