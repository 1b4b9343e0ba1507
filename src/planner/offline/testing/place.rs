//! Where a case stands: the test file, and in it the case beside which it is written.
//!
//! In: the [`Survey`], a group and a sentence. Out: the place that comes closest: a case that calls what is to be changed or
//! asks for its route, before one whose name shares words. A test file that can show the sentence comes before one of the
//! same group that cannot: what tells of an answer is shown where requests are sent.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    super::{
        Survey,
        code::{declared, edges, layer::Layer, reach, through},
        places::{refs::symbol_ref, site::Site},
        reading::routes,
        sections::interface,
        survey::Asked,
        work::answers::{has_status, statuses},
    },
    harness::kind_of,
    style::name_like,
};
use crate::model::{
    context::{FactKind, FileClass, NearTest, Symbol, SymbolKind},
    plan::{Action, Statement, TestCase, TestKind},
};
use crate::planner::words::{is_keyword, terms};

/// The most cases of one file that are compared, and lines of each.
const MOST_CASES: usize = 200;
const MOST_LINES: u32 = 80;
/// Test files of other groups that are looked at.
const MOST_OTHERS: usize = 3;
/// Words of a case's lines that count.
const MOST_SHARED: usize = 3;

/// A place for a case.
pub struct Place<'s, 'c> {
    /// A site of the repository that the test belongs to.
    pub site: &'s Site<'c>,
    /// The test file.
    pub path: String,
    /// The case that comes closest.
    pub like: Option<Symbol>,
}

/// What a case has to reach.
#[derive(Default)]
pub struct Sought {
    terms: BTreeSet<String>,
    /// Names of symbols that it calls.
    calls: Vec<String>,
    /// The parts of routes that it asks for.
    routes: Vec<Vec<String>>,
    /// It tells of the answer to a request.
    asks: bool,
    /// Statuses that the ticket reports, and that what is asked puts others in place of.
    replaced: Vec<u16>,
}

impl Sought {
    /// What shows a text alone.
    pub fn of_text(text: &str) -> Self {
        Self { terms: terms(text), ..Self::default() }
    }

    /// What shows a symbol in the light of a text.
    pub fn of_symbol(text: &str, symbol: &str) -> Self {
        let calls = if symbol.is_empty() { Vec::new() } else { vec![symbol.to_owned()] };
        Self { calls, ..Self::of_text(text) }
    }

    /// What shows the answer to requests.
    pub fn of_requests(text: &str, paths: impl Iterator<Item = String>) -> Self {
        let routes = paths.map(|path| declared::parts(&path)).collect();
        Self { routes, asks: true, ..Self::of_text(text) }
    }

    /// What shows a sentence of the ticket: the symbol to start in, the routes that it names, and the route beside which a
    /// new one is declared.
    pub fn of(survey: &Survey<'_, '_>, asked: &Asked<'_, '_>) -> Self {
        let start = asked.served.as_ref().and_then(|s| s.start.as_ref());
        let calls: Vec<String> = start.map(|(_, symbol)| symbol.name.clone()).into_iter().collect();
        let named = routes(asked.text);
        let mut found: Vec<Vec<String>> = named.iter().map(|(_, path)| declared::parts(path)).collect();
        let neighbours = named.iter().filter_map(|(method, path)| {
            let context = survey.contexts.first()?;
            let is_new = interface::new_routes(context, survey.reading).iter().any(|(m, p)| m == method && p == path);
            is_new.then(|| interface::sibling(context, survey.reading, method, path)).flatten()
        });
        found.extend(neighbours.map(|fact| declared::parts(fact.name.rsplit(' ').next().unwrap_or_default())));
        let asks = is_asked_for(asked.text);
        let wanted: Vec<u16> = survey.asked.iter().flat_map(|a| statuses(a.text)).collect();
        let mut replaced = if statuses(asked.text).is_empty() { Vec::new() } else { statuses(&survey.reading.told) };
        replaced.retain(|status| !wanted.contains(status));
        Self { calls, routes: found, asks, replaced, ..Self::of_text(asked.text) }
    }
}

/// Is what the sentence tells shown by a request?
pub fn is_asked_for(text: &str) -> bool {
    !routes(text).is_empty() || tells_of_answer(text)
}

/// Does the sentence tell of a status that is answered, or begin with one?
pub fn tells_of_answer(text: &str) -> bool {
    const ANSWERS: &[&str] = &["answer", "respon", "return", "refuse", "reject", "status", "give", "get"];
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let is_status = |w: &str| w.len() == 3 && w.parse::<u16>().is_ok_and(|n| (200..600).contains(&n));
    let is_first = lower.split(' ').next().is_some_and(is_status);
    is_first || ANSWERS.iter().any(|w| lower.contains(w)) && words.any(is_status)
}

/// The place in the test files of a group; in another file that asks for what the group answers, where the sentence tells of
/// an answer and none of the group's own sends requests.
pub fn nearest<'s, 'c>(survey: &Survey<'s, 'c>, group: usize, sought: &Sought) -> Option<Place<'s, 'c>> {
    let own: Vec<(&'s Site<'c>, String)> = survey
        .tests_of(survey.groups.get(group)?)
        .into_iter()
        .map(|(site, test): (_, &NearTest)| (site, test.path.clone()))
        .collect();
    let others = survey.groups.iter().flat_map(|g| survey.near_tests_of(g));
    let lead = survey.groups.get(group)?.lead();
    let runs = |(site, test): &(&Site<'_>, &NearTest)| {
        site.repository == lead.repository && reach::reaches(lead.context, &test.path, &lead.path)
    };
    let own = match own.is_empty() && sought.calls.is_empty() {
        true => others.filter(runs).take(MOST_OTHERS).map(|(site, test)| (site, test.path.clone())).collect(),
        false => own,
    };
    let sends = |(site, path): &(&Site<'_>, String)| kind_of(site.context, path) == TestKind::Integration;
    let able: Vec<(&'s Site<'c>, String)> = match sought.asks {
        true if own.iter().any(sends) => own.into_iter().filter(sends).collect(),
        true => asking(survey, group, sought).map_or(own, |found| vec![found]),
        false => own,
    };
    let mut best: Option<(usize, Place<'s, 'c>)> = None;
    for (site, path) in able {
        let text = site.context.tree.text(&path);
        let cases = cases(site, &path);
        let score = |case: &Symbol| score(sought, case, text.as_ref());
        let like = cases.iter().map(|case| (score(case), case)).reduce(|a, b| if b.0 > a.0 { b } else { a });
        let total = like.map_or(0, |(score, _)| score);
        if best.as_ref().is_none_or(|(known, _)| total > *known) {
            best = Some((total, Place { site, path, like: like.map(|(_, case)| case.clone()) }));
        }
    }
    best.map(|(_, place)| place)
}

/// The test file that asks for a route which the group's files declare or lead to.
fn asking<'s, 'c>(survey: &Survey<'s, 'c>, group: usize, sought: &Sought) -> Option<(&'s Site<'c>, String)> {
    let sites = &survey.groups.get(group)?.sites;
    let by_route = sites.first().and_then(|site| {
        let test = through::asking(site.context, &sought.routes)?;
        Some((*site, test))
    });
    by_route.or_else(|| {
        let code = sites.iter().find(|s| s.is_code() && s.action == Action::Modify)?;
        let declares = code.context.facts.iter().any(|f| f.kind == FactKind::Route && f.path == code.path);
        let found = through::reach(code.context, &[code.path.as_str()]).pop().flatten()?;
        let through::Reached::Asked { test, .. } = found else { return None };
        let answers = code.layer == Layer::Interface;
        (declares || answers || sought.routes.is_empty()).then_some((*code, test))
    })
}

/// The cases of a test file; those of a source file are the tests within it. What holds other cases is none.
fn cases(site: &Site<'_>, path: &str) -> Vec<Symbol> {
    let is_source = site.context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let is_case = |s: &Symbol| s.kind == SymbolKind::Test || is_source && s.parent.as_deref() == Some("tests");
    let near = site.tests.iter().chain(&site.far_test).chain(&site.context.tests).find(|t| t.path == path);
    let known = near.map(|t| t.cases.clone()).unwrap_or_default();
    let mut all: Vec<Symbol> = known.clone();
    let others = site.context.tree.symbols(path).into_iter().filter(is_case);
    all.extend(others.filter(|s| known.iter().all(|k| k.line != s.line)).take(MOST_CASES));
    let is_within = |s: &Symbol, o: &Symbol| s.line < o.line && o.end_line <= s.end_line;
    let holds_other: Vec<bool> = all.iter().map(|s| all.iter().any(|o| is_within(s, o))).collect();
    all.into_iter().zip(holds_other).filter(|(_, holds)| !holds).map(|(s, _)| s).collect()
}

/// How close a case comes.
fn score(sought: &Sought, case: &Symbol, text: Option<&Arc<str>>) -> usize {
    let named = terms(&case.name).intersection(&sought.terms).count();
    let count = (case.end_line.saturating_sub(case.line)).min(MOST_LINES) as usize + 1;
    let skipped = case.line.saturating_sub(1) as usize;
    let lines: Vec<&str> = text.map(|t| t.lines().skip(skipped).take(count).collect()).unwrap_or_default();
    let calls = sought.calls.iter().any(|name| lines.iter().any(|line| edges::names(line, name)));
    let asks = lines.iter().any(|line| through::asks_for(line, &sought.routes));
    let mut told = terms(&lines.join("\n"));
    told.retain(|t| !is_keyword(t));
    let shared = told.intersection(&sought.terms).count().min(MOST_SHARED);
    // A case that asserts what is replaced changes with the code.
    let asserts = |line: &&str| ["expect", "assert", "status"].iter().any(|word| line.contains(word));
    let is_old = lines.iter().filter(|l| asserts(l)).any(|line| sought.replaced.iter().any(|s| has_status(line, *s)));
    4 * named + shared + if calls { 6 } else { 0 } + if asks { 6 } else { 0 } + if is_old { 5 } else { 0 }
}

/// A case at its place; without one, in a file that is still to be named.
pub fn placed(place: Option<Place<'_, '_>>, what: Statement, text: &str, serves: Vec<String>) -> TestCase {
    let Some(Place { site, path, like }) = place else {
        return TestCase { what, serves, action: Action::Create, ..TestCase::default() };
    };
    let file = site.sibling(&path);
    TestCase {
        id: String::new(),
        kind: kind_of(site.context, &path),
        what,
        name: like.as_ref().and_then(|like| name_like(&like.name, text)),
        like: like.as_ref().map(|like| symbol_ref(&file, like).file),
        file: Some(file),
        action: Action::Modify,
        serves,
        tries: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_told_of_where_something_answers() {
        assert!(tells_of_answer("a second request changes nothing and answers 200"));
        assert!(tells_of_answer("the request is refused with 409"));
        assert!(tells_of_answer("200 with `goods` of 0.00"));
        assert!(!tells_of_answer("It costs 400 on average"));
        assert!(!tells_of_answer("Lists answer within 2000 ms"));
    }
}
