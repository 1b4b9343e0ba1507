//! The tests: one for each criterion, beside the existing ones that come closest, named in their style.
//!
//! In: the [`Survey`]. Out: the testing section and the signs of success. Names no kind of test for its own sake.

use std::collections::BTreeSet;

use super::{
    Survey,
    commands::Commands,
    edges, expected,
    group::Group,
    interface,
    layer::Layer,
    naming,
    reading::routes,
    site::{Site, full_name, symbol_ref},
    steps::quote,
    survey::{Asked, is_test_of},
    through::{self, Reached},
    todo::Todo,
};
use crate::model::{
    context::{Context, NearTest, Symbol},
    plan::{Action, Basis, Citation, FileRef, Kind, Place, Statement, TestCase, TestKind, Testing},
};
use crate::{
    planner::words::{clean, shorten, terms},
    richtext::markdown::code_span,
};

/// The most requirements that are shown by a case each, where there are no criteria.
const MOST_REQUIREMENTS: usize = 12;

/// The testing section.
pub fn of(survey: &Survey<'_, '_>) -> Testing {
    let mut cases: Vec<TestCase> = shown(survey).into_iter().map(|asked| case(survey, asked)).collect();
    if cases.is_empty() {
        cases.extend(behaviour_case(survey));
        cases.extend(part_cases(survey));
    }
    // One order alone, or none, to take something out: what is shown is that the rest still holds.
    if let Some(removal) = removal_case(survey).filter(|_| cases.len() <= 1 && survey.asked.len() <= 1) {
        cases = vec![removal];
    }
    cases.iter_mut().enumerate().for_each(|(at, case)| case.id = format!("T{}", at + 1));
    let mut commands = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        commands.extend(Commands::of(context, repository).gate());
    }
    let has_code = survey.code().next().is_some();
    let is_made = survey.sites.iter().any(|s| survey.is_made(s));
    let gaps = gaps(survey);
    let absent = match (survey.contexts.is_empty(), has_code) {
        (true, _) => Some("Without a repository no test file can be named.".to_owned()),
        (false, false) => Some("No code is to be changed, so no test is named.".to_owned()),
        (false, true)
            if !is_made && gaps.is_empty() && survey.contexts.iter().all(|c| c.tests.is_empty()) && survey.sites.iter().all(|s| s.far_test.is_none()) =>
        Some(
            "Looked for test files that import, mirror or changed together with the files of the steps; found none."
                .to_owned(),
        ),
        _ => None,
    };
    Testing { cases, edges: edge_list(survey), commands, gaps, absent, ..Testing::default() }
}

/// The id of the first case that shows what a group serves; of the first of all where no case shows what is asked.
pub fn first_of(survey: &Survey<'_, '_>, group: usize) -> Option<String> {
    let shown = shown(survey);
    if shown.is_empty() {
        return Some("T1".to_owned());
    }
    let at = shown.iter().position(|a| a.served.as_ref().is_some_and(|s| s.group == group))?;
    Some(format!("T{}", at + 1))
}

/// What is shown by a case each: criteria; requirements where there are no criteria.
fn shown<'a, 's, 'c>(survey: &'a Survey<'s, 'c>) -> Vec<&'a Asked<'s, 'c>> {
    // Criteria that a later comment takes back are not shown by any test.
    let counts = |id: &str| survey.overruled.iter().all(|(known, _)| known != id);
    let has_criteria = survey.asked.iter().any(|a| a.is_criterion && counts(a.id));
    let done: BTreeSet<&str> = survey.reading.criteria.iter().filter(|c| c.done).map(|c| c.id.as_str()).collect();
    survey
        .asked
        .iter()
        // What a maintainer asks for in a comment counts like a criterion.
        .filter(|a| a.is_criterion == has_criteria || matches!(a.place, Place::Comment { .. }))
        .filter(|a| counts(a.id) && !done.contains(a.id))
        .filter(|a| a.served.as_ref().is_some_and(|s| survey.groups[s.group].lead().is_code()))
        .take(if has_criteria { 60 } else { MOST_REQUIREMENTS })
        .collect()
}

/// The case that shows one criterion.
fn case(survey: &Survey<'_, '_>, asked: &Asked<'_, '_>) -> TestCase {
    let group = asked.served.as_ref().map(|s| s.group).unwrap_or_default();
    if is_duration(asked.text) {
        return measured(survey, asked);
    }
    let made = survey.groups.get(group).and_then(|g| own_new_test(survey, g));
    if let Some(site) = made.or_else(|| kin_test(survey, group)) {
        return new_case(site, asked);
    }
    let nearest = nearest(survey, group, asked.text);
    let mut what = Statement::new(Basis::Ticket, shorten(asked.text, 160));
    if !super::wish::is_id(asked.id) {
        what = what.citing(Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() });
    }
    placed(nearest, what, asked.text, vec![asked.id.to_owned()])
}

/// Does the sentence limit how long something takes?
fn is_duration(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '-']).map(|w| w.trim_matches([',', '.', ';', ')', '('])).collect();
    let is_unit = |w: &str| ["ms", "milliseconds", "s", "sec", "seconds", "p50", "p95", "p99"].contains(&w);
    let is_figure = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    let is_limited = words.iter().any(|w| ["under", "below", "within", "than"].contains(w));
    let is_joined = |w: &&str| is_figure(w) && is_unit(w.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
    is_limited && (words.windows(2).any(|pair| is_figure(pair[0]) && is_unit(pair[1])) || words.iter().any(is_joined))
}

/// The case for a duration: measured before and after where work is slow, since a test's data is small; a new route has
/// no before.
fn measured(survey: &Survey<'_, '_>, asked: &Asked<'_, '_>) -> TestCase {
    let site = asked.served.as_ref().and_then(|s| survey.groups.get(s.group)).map(Group::lead);
    let of = site.map_or(String::new(), |s| format!(", at `{}`", s.path));
    let new = survey.contexts.first().and_then(|c| interface::new_routes(c, survey.reading).into_iter().next());
    let how = match new {
        Some((method, path)) => {
            let route = code_span(&format!("{method} {}", clean(path.split('?').next().unwrap_or(path))));
            format!("is measured over {route} on as much data as it names")
        }
        None => format!("is measured before and after on as much data as it names{of}"),
    };
    let text = format!("“{}” {how}", shorten(asked.text, 160));
    let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
    TestCase {
        kind: TestKind::Performance,
        what: Statement::new(Basis::Ticket, text).citing(cited),
        serves: vec![asked.id.to_owned()],
        action: Action::Create,
        ..TestCase::default()
    }
}

/// The test file that the group's step creates, where none is there to extend.
fn own_new_test<'s, 'c>(survey: &Survey<'s, 'c>, group: &Group<'s, 'c>) -> Option<&'s Site<'c>> {
    survey.near_tests_of(group).is_empty().then(|| survey.new_tests_of(group).into_iter().next())?
}

/// The test file of a new noun, for groups that no test covers by its name or its imports.
fn kin_test<'s, 'c>(survey: &Survey<'s, 'c>, group: usize) -> Option<&'s Site<'c>> {
    let group = survey.groups.get(group)?;
    let covers = |site: &Site<'_>, test: &NearTest| {
        test.covers.as_deref() == Some(site.path.as_str()) || is_test_of(&test.path, &site.path)
    };
    let is_covered = survey.near_tests_of(group).iter().any(|(site, test)| covers(site, test));
    survey.sites.iter().find(|s| s.is_kin && s.layer == Layer::Test).filter(|_| !is_covered)
}

/// The case in a test file that is made.
fn new_case(site: &Site<'_>, asked: &Asked<'_, '_>) -> TestCase {
    let like = site.convention.as_ref().and_then(|(_, like)| like.clone());
    let style = like.and_then(|l| {
        site.context.tree.symbols(&l).into_iter().find(|s| s.kind == crate::model::context::SymbolKind::Test)
    });
    let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
    TestCase {
        kind: kind_of_new(site),
        what: Statement::new(Basis::Ticket, shorten(asked.text, 160)).citing(cited),
        name: style.and_then(|s| name_like(&s.name, asked.text)),
        file: Some(site.file()),
        action: Action::Create,
        serves: vec![asked.id.to_owned()],
        ..TestCase::default()
    }
}

/// The regression test of a bug without criteria.
fn behaviour_case(survey: &Survey<'_, '_>) -> Option<TestCase> {
    let reading = survey.reading;
    survey.code().next()?;
    let group = survey.first_code();
    let shown = reading.expected.as_ref().or(reading.actual.as_ref()).or(reading.errors.first());
    if reading.kind != Kind::Bug && shown.is_none() {
        return None;
    }
    let steps = match reading.reproduction.as_slice() {
        [] => String::new(),
        steps => format!("Play the ticket's {} steps. ", steps.len()),
    };
    let what = match shown {
        Some(found) if reading.expected.is_some() => {
            let values = reading.expected_shown.as_ref().filter(|_| reading.expected_shown != reading.actual_shown);
            let values = values.map_or(String::new(), |v| format!(": {v}"));
            let text = format!(
                "{steps}It fails today; afterwards: “{}”{values}",
                shorten(&expected::rest(survey, &found.text), 160)
            );
            Statement::new(Basis::Ticket, text).citing(quote(found))
        }
        Some(found) => {
            Statement::new(Basis::Ticket, format!("{steps}Today: “{}”; afterwards not", shorten(&found.text, 160)))
                .citing(quote(found))
        }
        None => Statement::new(Basis::Ticket, format!("{steps}“{}” fails today", shorten(&reading.title, 160))),
    };
    let symbol = survey.code().next().and_then(|s| s.symbols.first()).map_or("", |s| s.name.as_str());
    let any_new = || survey.groups.iter().find_map(|g| own_new_test(survey, g));
    let no_test = || survey.groups.iter().all(|g| survey.tests_of(g).is_empty());
    let own_new = survey.groups.get(group).and_then(|g| own_new_test(survey, g));
    if let Some(site) = own_new.or_else(|| any_new().filter(|_| no_test())) {
        let (kind, file) = (kind_of_new(site), Some(site.file()));
        return Some(TestCase { kind, what, file, action: Action::Create, ..TestCase::default() });
    }
    let place = nearest(survey, group, &format!("{} {symbol}", reading.title));
    let is_unit = place.as_ref().is_some_and(|p| kind_of(p.site.context, &p.test.path) == TestKind::Unit);
    // Steps that are requests are no part of a test of one function.
    let what = match is_unit && reading.reproduction.iter().any(|step| !routes(&step.text).is_empty()) {
        true => Statement { text: what.text.strip_prefix(steps.as_str()).unwrap_or(&what.text).to_owned(), ..what },
        false => what,
    };
    // A title tells what fails: a test is named by what is right.
    let right = reading.expected.as_ref().map_or("", |found| found.text.as_str());
    Some(placed(place, what, right, Vec::new()))
}

/// A case for each part of what is expected that another file gives.
fn part_cases(survey: &Survey<'_, '_>) -> Vec<TestCase> {
    let Some(found) = &survey.reading.expected else { return Vec::new() };
    let parts = expected::parts(survey).into_iter().filter(|(at, _)| !survey.tests_of(&survey.groups[*at]).is_empty());
    let case = |(at, part): (usize, String)| {
        let cited = Citation::Ticket { quote: part.clone(), place: found.place.clone() };
        let what = Statement::new(Basis::Ticket, format!("Afterwards: “{}”", shorten(&part, 160))).citing(cited);
        placed(nearest(survey, at, &part), what, &part, Vec::new())
    };
    parts.map(case).collect()
}

/// Where a setting goes that tests set: they pass without it.
fn removal_case(survey: &Survey<'_, '_>) -> Option<TestCase> {
    let removed = |s: &Site<'_>| s.todo.iter().find_map(Todo::removes).map(str::to_owned);
    let is_removed = |s: &&Site<'_>| removed(s).is_some();
    let setting = survey.sites.iter().filter(is_removed).find(|s| s.layer == Layer::Test)?;
    let name = removed(setting)?;
    let code = survey.code().find(|s| is_removed(s))?;
    let group = survey.groups.iter().position(|g| g.sites.iter().any(|s| std::ptr::eq(*s, code)))?;
    let Beside { site, test, like } = nearest(survey, group, &survey.reading.title)?;
    let file = site.sibling(&test.path);
    let like = like.map(|like| symbol_ref(&file, like));
    let cases = like.as_ref().map_or(format!("what `{}` shows", test.path), |like| format!("`{}`", like.name));
    let text = format!("Without `{name}` in `{}`, {cases} still holds", setting.path);
    Some(TestCase {
        kind: kind_of(site.context, &test.path),
        what: Statement::new(Basis::Repository, text).at(setting.file()),
        like: like.map(|like| like.file),
        file: Some(file),
        action: Action::Modify,
        ..TestCase::default()
    })
}

/// A test to stand beside.
struct Beside<'s, 'c> {
    site: &'s Site<'c>,
    test: &'s NearTest,
    like: Option<&'s Symbol>,
}

/// The test file of a group, and in it the case, that shares most words with the text.
fn nearest<'s, 'c>(survey: &Survey<'s, 'c>, group: usize, text: &str) -> Option<Beside<'s, 'c>> {
    let own = survey.tests_of(survey.groups.get(group)?);
    let tests =
        if own.is_empty() { survey.groups.iter().flat_map(|g| survey.tests_of(g)).take(3).collect() } else { own };
    let wanted = terms(text);
    let mut best: Option<(usize, Beside<'s, 'c>)> = None;
    for (site, test) in tests {
        let score = |case: &Symbol| terms(&case.name).intersection(&wanted).count();
        let like = test.cases.iter().reduce(|a, b| if score(b) > score(a) { b } else { a });
        let total = like.map_or(0, score);
        if best.as_ref().is_none_or(|(known, _)| total > *known) {
            best = Some((total, Beside { site, test, like }));
        }
    }
    best.map(|(_, beside)| beside)
}

/// A case at its place.
fn placed(beside: Option<Beside<'_, '_>>, what: Statement, text: &str, serves: Vec<String>) -> TestCase {
    let Some(Beside { site, test, like }) = beside else {
        return TestCase { what, serves, action: Action::Create, ..TestCase::default() };
    };
    let file = site.sibling(&test.path);
    TestCase {
        id: String::new(),
        kind: kind_of(site.context, &test.path),
        what,
        name: like.and_then(|like| name_like(&like.name, text)),
        like: like.map(|like| symbol_ref(&file, like).file),
        file: Some(file),
        action: Action::Modify,
        serves,
    }
}

/// Will a test file that is made send requests to the whole service?
pub fn sends_requests(site: &Site<'_>) -> bool {
    kind_of_new(site) == TestKind::Integration
}

/// What a test file to create exercises: the same as the one that it is made like.
fn kind_of_new(site: &Site<'_>) -> TestKind {
    let like = site.convention.as_ref().and_then(|(_, like)| like.as_deref());
    match kind_of(site.context, &site.path) {
        TestKind::Unit => like.map_or(TestKind::Unit, |like| kind_of(site.context, like)),
        kind => kind,
    }
}

/// What a test file exercises, as far as its path and the tools that it takes say.
fn kind_of(context: &Context, path: &str) -> TestKind {
    /// Tools that send requests to the whole service in a test.
    const REQUESTS: &[&str] = &[
        "supertest",
        "TestClient(",
        "import TestClient",
        "httptest.NewRecorder",
        "tower::ServiceExt",
        "MockMvc",
        "WebTestClient",
        "TestRestTemplate",
        "rack/test",
        "Rack::Test",
        "WebApplicationFactory",
        "ActionDispatch::IntegrationTest",
    ];
    let sends = || context.tree.text(path).is_some_and(|text| REQUESTS.iter().any(|tool| text.contains(tool)));
    match kind_by_path(path) {
        TestKind::Unit if sends() => TestKind::Integration,
        kind => kind,
    }
}

/// What a test file exercises, as far as its path says.
fn kind_by_path(path: &str) -> TestKind {
    let lower = path.to_lowercase();
    let has = |words: &[&str]| lower.split(['/', '.', '_', '-']).any(|part| words.contains(&part));
    if has(&["e2e", "cypress", "playwright"]) {
        TestKind::EndToEnd
    } else if has(&["integration", "it", "api", "functional"]) {
        TestKind::Integration
    } else {
        TestKind::Unit
    }
}

/// A name for a new test in the style of a neighbour: `total_is_rounded`, `test_total`, `TestTotal`, "keeps the total".
fn name_like(neighbour: &str, text: &str) -> Option<String> {
    let is_latin = text.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_ascii());
    let words = naming::words(text).filter(|_| is_latin && naming::is_english(text))?;
    let capital = |w: &String| format!("{}{}", w[..1].to_ascii_uppercase(), &w[1..]);
    if neighbour.contains(' ') {
        return Some(words.join(" "));
    }
    if let Some(rest) = neighbour.strip_prefix("Test") {
        let joint = if rest.contains('_') { "_" } else { "" };
        return Some(format!("Test{joint}{}", words.iter().map(capital).collect::<String>()));
    }
    let prefix = if neighbour.starts_with("test_") { "test_" } else { "" };
    if neighbour.contains('_') || neighbour.chars().all(|c| !c.is_uppercase()) {
        return Some(format!("{prefix}{}", words.join("_")));
    }
    if words[0].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let camel: String = words.iter().skip(1).map(capital).collect();
    Some(format!("{}{camel}", words[0]))
}

/// Limits that criteria and requirements set in figures: each is tried at both of its sides.
fn limits(survey: &Survey<'_, '_>) -> Vec<Statement> {
    const BEFORE: &[&str] = &["after", "under", "over", "below", "above", "within", "until", "least", "most", "than"];
    let mut out = Vec::new();
    for asked in survey.asked.iter().filter(|a| a.served.is_some() && !is_duration(a.text)).take(20) {
        let words: Vec<&str> = asked.text.split(' ').collect();
        let is_figure = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) && !w.contains(['/', ':']);
        let found = (1..words.len())
            .find(|at| is_figure(words[*at]) && BEFORE.contains(&words[at - 1].to_lowercase().as_str()));
        let Some(at) = found else { continue };
        let end = (at + 2).min(words.len());
        let limit = words[at - 1..end].join(" ");
        let limit = clean(limit.trim_end_matches([',', '.', ';', ':'])).replace('`', "");
        let text = format!("{} at its limit “{limit}”: just before it, at it, just past it", asked.id);
        let cited = Citation::Ticket { quote: limit, place: asked.place.clone() };
        out.push(Statement::new(Basis::Ticket, text).citing(cited));
    }
    out.truncate(4);
    out
}

/// Branches of the symbols to change, as edges for tests; values of the ticket that sit at an edge.
fn edge_list(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = limits(survey);
    for site in survey.sure_code().take(4) {
        for symbol in site.symbols.iter().take(1) {
            for (line, text) in edges::branch_lines(site, symbol).into_iter().take(4) {
                let file = site.file().lines(line, line);
                let name = full_name(&site.path, symbol);
                let ends = ["raise ", "throw ", "return Err", "bail!", "panic!"].iter().any(|w| text.starts_with(w));
                let what = if ends { "what leads to" } else { "both sides of" };
                let said = format!("{what} `{text}` in `{name}` (`{}`)", file.label());
                out.push(Statement::new(Basis::Repository, said).at(file));
            }
        }
    }
    out.truncate(6);
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
    let is_told = |s: &&Site<'_>| !s.is_registry() && !s.context.tree.symbols(&s.path).is_empty();
    sites.filter(|s| s.action == Action::Modify && is_told(s)).collect()
}

/// Files to change that no test is near to, and the tests that reach them through a route.
fn gaps(survey: &Survey<'_, '_>) -> Vec<Statement> {
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

/// The test that asks for a route which leads to the file.
fn by_route(site: &Site<'_>, reached: &Reached) -> Option<Statement> {
    let Reached::Asked { test, line, path, home } = reached else { return None };
    let test = site.sibling(test).lines(*line, *line);
    let (asked, test_label) = (code_span(&clean(path)), test.label());
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

/// How to see that it is done.
pub fn success(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let reading = survey.reading;
    let mut out = Vec::new();
    let is_taken_back = |id: &str| survey.overruled.iter().any(|(known, _)| known == id);
    let criteria = reading.criteria.iter().filter(|c| !c.done).map(|c| (&c.id, &c.text, &c.place));
    let requirements = reading.requirements.iter().map(|r| (&r.id, &r.text, &r.place));
    let live = |(id, _, _): &(&String, &String, &Place)| !is_taken_back(id);
    let mut asked: Vec<(&String, &String, &Place)> = criteria.filter(live).collect();
    let has_criteria = !asked.is_empty();
    // What a maintainer asks for in a comment counts like a criterion.
    let counts = |(_, _, place): &(&String, &String, &Place)| !has_criteria || matches!(place, Place::Comment { .. });
    asked.extend(requirements.filter(live).filter(counts));
    for (id, text, place) in asked {
        let cited = Citation::Ticket { quote: text.clone(), place: place.clone() };
        out.push(Statement::new(Basis::Ticket, format!("{id}: {}", shorten(text, 400))).citing(cited));
    }
    if out.is_empty()
        && let Some(expected) = &reading.expected
    {
        out.push(Statement::new(Basis::Ticket, shorten(&expected.text, 200)).citing(quote(expected)));
    }
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        for command in Commands::of(context, repository).gate() {
            let file: Option<FileRef> = command.source;
            let statement = Statement::new(Basis::Repository, format!("`{}`: {}", clean(&command.line), command.shows));
            out.push(match file {
                Some(file) => statement.at(file),
                None => statement,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_tests_are_named_like_their_neighbours() {
        let check = |neighbour: &str, expected: Option<&str>| {
            let text = "The total should be rounded to cents";
            assert_eq!(name_like(neighbour, text).as_deref(), expected, "{neighbour}");
        };
        check("coupon_is_applied_once", Some("the_total_is_rounded_to_cents"));
        check("test_coupon", Some("test_the_total_is_rounded_to_cents"));
        check("TestCoupon", Some("TestTheTotalIsRoundedToCents"));
        check("keeps the cart", Some("the total is rounded to cents"));
        check("appliesCouponOnce", Some("theTotalIsRoundedToCents"));
        assert_eq!(name_like("test_coupon", "合計を丸める"), None);
    }
}
