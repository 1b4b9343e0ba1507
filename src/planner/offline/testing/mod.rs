//! The tests: one for each criterion, beside the existing ones that come closest, named in their style.
//!
//! In: the [`Survey`]. Out: the testing section and the signs of success. Names no kind of test for its own sake.

mod behaviour;
mod gaps;
mod harness;
mod limits;
mod measured;
mod mirror;
mod naming;
mod place;
mod ruled;
mod style;
mod success;
mod tries;

use std::collections::BTreeSet;

pub use self::{
    gaps::untested,
    harness::sends_requests,
    mirror::{of as mirrored, of_sibling as mirrored_beside},
    success::of as success,
    tries::{examples, goes_by_zone},
};
use self::{
    harness::kind_of_new,
    place::{Sought, nearest, placed},
    style::name_like,
    tries::Tries,
};
use super::{
    Survey,
    code::layer::Layer,
    places::site::Site,
    survey::{Asked, is_test_of},
    work::{commands::Commands, group::Group},
};
use crate::model::{
    context::{Context, NearTest, SymbolKind},
    plan::{Action, Basis, Citation, Phase, Place, Statement, TestCase, TestKind, Testing},
};
use crate::planner::words::shorten;

/// The most requirements that are shown by a case each, where there are no criteria.
const MOST_REQUIREMENTS: usize = 12;

/// The testing section.
pub fn of(survey: &Survey<'_, '_>) -> Testing {
    let mut cases: Vec<TestCase> = shown(survey).into_iter().map(|asked| case(survey, asked)).collect();
    if cases.is_empty() {
        cases.extend(behaviour::regression(survey));
        cases.extend(behaviour::parts(survey));
        if cases.is_empty() {
            cases.extend(behaviour::wanted(survey));
        }
    }
    // One order alone, or none, to take something out: what is shown is that the rest still holds.
    if let Some(removal) = behaviour::removal(survey).filter(|_| cases.len() <= 1 && survey.asked.len() <= 1) {
        cases = vec![removal];
    }
    cases.iter_mut().enumerate().for_each(|(at, case)| case.id = format!("T{}", at + 1));
    add_tries(survey, &mut cases);
    let mut commands = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        commands.extend(Commands::of(context, repository).gate());
    }
    let has_code = survey.code().next().is_some();
    let is_made = survey.sites.iter().any(|s| survey.is_made(s));
    let rule = ruled::of(survey, &cases);
    if let Some(rule) = &rule {
        ruled::mark(rule, survey, &mut cases);
    }
    let mut gaps: Vec<Statement> =
        rule.into_iter().map(|rule| rule.said).chain(behaviour::unshown(survey)).chain(gaps::of(survey)).collect();
    let runs_one = |site: &Site<'_>, test: &NearTest| {
        Commands::of(site.context, site.repository.clone()).one_test(&test.path).is_some()
    };
    let has_own = survey.groups.iter().flat_map(|g| survey.tests_of(g)).any(|(site, test)| runs_one(site, test));
    if commands.is_empty() && has_code && !has_own {
        let text =
            "No command that builds or tests was found in workflows, manifests, Makefiles, justfiles and the README";
        gaps.push(Statement::new(Basis::Repository, text));
    }
    let absent = match (survey.contexts.is_empty(), has_code) {
        (true, _) => Some("Without a repository no test file can be named.".to_owned()),
        (false, false) => Some("No code is to be changed, so no new test is named.".to_owned()),
        (false, true)
            if cases.is_empty() && !is_made && gaps.is_empty() && survey.contexts.iter().all(|c| c.tests.is_empty()) && survey.sites.iter().all(|s| s.far_test.is_none()) =>
        Some(
            "Looked for test files that import, mirror or changed together with the files of the steps; found none."
                .to_owned(),
        ),
        _ => None,
    };
    Testing { cases, edges: limits::of(survey), commands, gaps, absent, ..Testing::default() }
}

/// Gives each test file that a step makes, and that no case stands in, a case for the first sentence that the step serves.
pub fn fill(survey: &Survey<'_, '_>, phases: &[Phase], testing: &mut Testing) {
    let before = testing.cases.len();
    for step in phases.iter().flat_map(|phase| &phase.steps) {
        for site in survey.sites.iter().filter(|s| s.layer == Layer::Test && s.action == Action::Create) {
            let file = site.file();
            let is_made = step.files.iter().any(|f| f.action == Action::Create && f.file == file);
            let has_case = testing.cases.iter().any(|case| case.file.as_ref() == Some(&file));
            let asked = survey.asked.iter().find(|a| step.serves.iter().any(|id| id == a.id));
            let Some(asked) = asked.filter(|_| is_made && !has_case) else { continue };
            // The case that has no file yet stands there.
            let is_open = |case: &&mut TestCase| {
                let shows = case.serves.iter().any(|id| id == asked.id);
                case.file.is_none() && case.kind != TestKind::Performance && shows
            };
            if let Some(case) = testing.cases.iter_mut().find(is_open) {
                let placed = TestCase { id: case.id.clone(), tries: case.tries.clone(), ..new_case(site, asked) };
                *case = placed;
                continue;
            }
            let id = format!("T{}", testing.cases.len() + 1);
            testing.cases.push(TestCase { id, ..new_case(site, asked) });
        }
    }
    try_each(survey, &mut testing.cases, before);
}

/// Adds to each case what it tries.
fn add_tries(survey: &Survey<'_, '_>, cases: &mut [TestCase]) {
    try_each(survey, cases, 0);
    if let Some(first) = cases.first_mut() {
        first.tries.splice(0..0, tries::given(survey));
    }
    // What takes something back is shown where what comes in its place is.
    let of_comment = |case: &TestCase| {
        let asked = survey.asked.iter().filter(|a| case.serves.iter().any(|id| id == a.id));
        asked.into_iter().any(|a| matches!(a.place, Place::Comment { .. }))
    };
    let at = cases.iter().position(of_comment).or(cases.len().checked_sub(1));
    if let Some(case) = at.and_then(|at| cases.get_mut(at)) {
        case.tries.extend(tries::taken_back(survey));
    }
}

/// Adds to the cases from one on what they try, by what they show.
fn try_each(survey: &Survey<'_, '_>, cases: &mut [TestCase], from: usize) {
    let all = Tries::new(survey);
    // What the ticket's words give is told once for a file.
    let mut told: BTreeSet<(Option<String>, String)> = BTreeSet::new();
    for (at, case) in cases.iter_mut().enumerate() {
        let file = case.file.as_ref().map(|file| file.path.clone());
        if at < from {
            told.extend(case.tries.iter().map(|said| (file.clone(), said.text.clone())));
            continue;
        }
        let shown: Vec<&Asked<'_, '_>> =
            survey.asked.iter().filter(|a| case.serves.iter().any(|id| id == a.id)).collect();
        let group = shown.first().and_then(|a| a.served.as_ref()).map(|s| s.group);
        let mut texts: Vec<String> = shown.into_iter().map(|a| a.text.to_owned()).collect();
        // What fails is told by the title, and by what is expected or happens.
        if at == 0 && texts.is_empty() {
            let reading = survey.reading;
            let found = reading.expected.as_ref().or(reading.actual.as_ref());
            texts.push(reading.title.clone());
            texts.extend(found.map(|f| f.text.clone()));
        }
        let tries = |text: &String| match case.kind {
            TestKind::Performance => tries::of_measured(survey, text, group),
            _ => all.of(text),
        };
        case.tries = texts.iter().flat_map(tries).collect();
        // A span and its clock stay with each.
        let is_span = |text: &str| text.starts_with("Try just before") || text.contains(" clock");
        case.tries.retain(|said| told.insert((file.clone(), said.text.clone())) || is_span(&said.text));
        case.tries.truncate(tries::MOST);
    }
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
    if measured::is_duration(asked.text) {
        return measured::case(survey, asked);
    }
    let made = survey.groups.get(group).and_then(|g| own_new_test(survey, g));
    if let Some(site) = made.or_else(|| kin_test(survey, group, place::is_asked_for(asked.text))) {
        return new_case(site, asked);
    }
    let place = nearest(survey, group, &Sought::of(survey, asked));
    if place.is_none()
        && let Some(case) = survey.groups.get(group).and_then(|g| unnamed(g, asked.text, quoted(asked)))
    {
        return TestCase { serves: vec![asked.id.to_owned()], ..case };
    }
    let mut what = Statement::new(Basis::Ticket, shorten(asked.text, 160));
    if !super::wish::is_id(asked.id) {
        what = what.citing(Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() });
    }
    placed(place, what, asked.text, vec![asked.id.to_owned()])
}

/// The test file that the group's step creates, where none is there to extend.
fn own_new_test<'s, 'c>(survey: &Survey<'s, 'c>, group: &Group<'s, 'c>) -> Option<&'s Site<'c>> {
    // A test that is only like the group's words gives way to the one that is made for its file.
    let is_own = |(site, test): &(&Site<'_>, &NearTest)| is_test_of(&test.path, &site.path) || test.covers.is_some();
    let near = survey.near_tests_of(group);
    (!near.iter().any(is_own)).then(|| survey.new_tests_of(group).into_iter().next())?
}

/// The test file of a new noun, for groups that no test covers by its name or its imports.
fn kin_test<'s, 'c>(survey: &Survey<'s, 'c>, group: usize, asks: bool) -> Option<&'s Site<'c>> {
    let group = survey.groups.get(group)?;
    let covers = |site: &Site<'_>, test: &NearTest| {
        test.covers.as_deref() == Some(site.path.as_str()) || is_test_of(&test.path, &site.path)
    };
    let is_covered = survey.near_tests_of(group).iter().any(|(site, test)| covers(site, test));
    let made = || survey.sites.iter().filter(|s| s.is_kin && s.layer == Layer::Test && !is_covered);
    // What tells of no answer is shown where no requests are sent.
    made().find(|s| sends_requests(s) == asks).or_else(|| made().next())
}

/// The case in a test file that is made.
fn new_case(site: &Site<'_>, asked: &Asked<'_, '_>) -> TestCase {
    let like = site.convention.as_ref().and_then(|(_, like)| like.as_deref());
    let case = in_new_file(site.context, like, asked.text, quoted(asked));
    TestCase { kind: kind_of_new(site), file: Some(site.file()), serves: vec![asked.id.to_owned()], ..case }
}

/// What is asked, in the ticket's words.
fn quoted(asked: &Asked<'_, '_>) -> Statement {
    let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
    Statement::new(Basis::Ticket, shorten(asked.text, 160)).citing(cited)
}

/// The case in a test file that no site asks for: where the neighbours of the group's first file have theirs.
fn unnamed(group: &Group<'_, '_>, text: &str, what: Statement) -> Option<TestCase> {
    let lead = group.lead();
    let new = mirror::of(lead.context, &lead.path).filter(|_| lead.is_code() && lead.action == Action::Modify)?;
    let case = in_new_file(lead.context, new.like.as_deref(), text, what);
    let kind = new.like.as_deref().map_or(TestKind::Unit, |like| harness::kind_of(lead.context, like));
    Some(TestCase { kind, file: Some(lead.sibling(&new.path)), ..case })
}

/// A case in a new file, named in the style of the first one of the file that it is made like.
fn in_new_file(context: &Context, like: Option<&str>, text: &str, what: Statement) -> TestCase {
    let style = like.and_then(|l| context.tree.symbols(l).into_iter().find(|s| s.kind == SymbolKind::Test));
    let name = style.and_then(|s| name_like(&s.name, text));
    TestCase { what, name, action: Action::Create, ..TestCase::default() }
}
