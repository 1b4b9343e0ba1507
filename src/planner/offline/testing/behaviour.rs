//! The regression test of a bug without criteria, and what still holds where something is taken out.
//!
//! In: the [`Survey`]. Out: cases.

use super::{
    super::{
        Survey,
        code::{edges, layer::Layer},
        places::{
            refs::{full_name, symbol_ref},
            site::Site,
            todo::Todo,
        },
        reading::routes,
        sections::confidence,
        work::{
            commits, expected,
            steps::{counted, is_testable, quote},
        },
    },
    harness::{kind_of, kind_of_new},
    own_new_test,
    place::{Place, Sought, nearest, placed, tells_of_answer},
    unnamed,
};
use crate::model::{
    context::Symbol,
    plan::{Action, Basis, Citation, FileRef, Kind, Level, Statement, TestCase, TestKind},
};
use crate::planner::words::shorten;

/// The regression tests of a bug without criteria: the code that fails in a test of its own, the answer where requests are
/// sent.
pub fn regression(survey: &Survey<'_, '_>) -> Vec<TestCase> {
    let reading = survey.reading;
    let shown = reading.expected.as_ref().or(reading.actual.as_ref()).or(reading.errors.first());
    if survey.code().next().is_none() || reading.kind != Kind::Bug && shown.is_none() || is_unshown(survey) {
        return Vec::new();
    }
    let group = survey.first_code();
    // What a case calls is what fails, where a trace says so.
    let called = fails(survey).or_else(|| survey.code().next()).and_then(|s| s.symbols.first());
    let symbol = called.map_or("", |s| s.name.as_str());
    let any_new = || survey.groups.iter().find_map(|g| own_new_test(survey, g));
    let no_test = || survey.groups.iter().all(|g| survey.tests_of(g).is_empty());
    let own_new = survey.groups.get(group).and_then(|g| own_new_test(survey, g));
    if let Some(site) = own_new.or_else(|| any_new().filter(|_| no_test())) {
        let (kind, file) = (kind_of_new(site), Some(site.file()));
        let what = told(survey, true);
        return vec![TestCase { kind, what, file, action: Action::Create, ..TestCase::default() }];
    }
    let place = nearest(survey, group, &Sought::of_symbol(&reading.title, symbol));
    let is_unit = place.as_ref().is_some_and(|p| kind_of(p.site.context, &p.path) == TestKind::Unit);
    // A title tells what fails: a test is named by what is right.
    let right = reading.expected.as_ref().map_or("", |found| found.text.as_str());
    let by_request = || reading.reproduction.iter().any(|step| !routes(&step.text).is_empty());
    match failing(survey).filter(|_| is_unit && tells_of_answer(right)) {
        Some(failing) => {
            let answer =
                answered(survey, group).map(|place| placed(Some(place), told(survey, true), right, Vec::new()));
            let unit = placed(place, failing, "", Vec::new());
            std::iter::once(unit).chain(answer).collect()
        }
        // Steps that are requests are no part of a test of one function.
        None => vec![placed(place, told(survey, !(is_unit && by_request())), right, Vec::new())],
    }
}

/// Does the ticket of a bug show nothing of it, with hardly a place either? No test can be written before somebody
/// says what should happen.
pub fn is_unshown(survey: &Survey<'_, '_>) -> bool {
    let reading = survey.reading;
    let tells = reading.expected.is_some() || reading.actual.is_some() || !reading.swaps.is_empty();
    let shows = !reading.errors.is_empty() || !reading.reproduction.is_empty() || reading.has_trace;
    let asks = reading.asked().next().is_some() || !reading.codes.is_empty() || !reading.quoted.is_empty();
    reading.kind == Kind::Bug && !tells && !shows && !asks && confidence::of(survey).level == Level::Low
}

/// Where the test of a bug that is not shown yet will stand: beside those of the files that are looked at.
pub fn unshown(survey: &Survey<'_, '_>) -> Option<Statement> {
    if !is_unshown(survey) {
        return None;
    }
    let tests: Vec<FileRef> = survey
        .groups
        .iter()
        .flat_map(|g| survey.near_tests_of(g))
        .map(|(site, test)| site.sibling(&test.path))
        .take(2)
        .collect();
    let labels: Vec<String> = tests.iter().map(|file| format!("`{}`", file.label())).collect();
    let text = match labels.is_empty() {
        true => "No test before the fault is reproduced".to_owned(),
        false => {
            format!("No test before the fault is reproduced: it will stand in {} or beside it", labels.join(" or "))
        }
    };
    Some(tests.into_iter().fold(Statement::new(Basis::Repository, text), Statement::at))
}

/// What fails, and what is right; with the steps that lead there, where they are played.
fn told(survey: &Survey<'_, '_>, plays: bool) -> Statement {
    let reading = survey.reading;
    let steps = match reading.reproduction.as_slice() {
        steps if plays && !steps.is_empty() => format!("Play the ticket's {} steps. ", steps.len()),
        _ => String::new(),
    };
    if let Some(found) = &reading.expected {
        let values = reading.expected_shown.as_ref().filter(|_| reading.expected_shown != reading.actual_shown);
        let values = values.map_or(String::new(), |v| format!(": {v}"));
        let rest = shorten(&expected::rest(survey, &found.text), 160);
        let text = format!("{steps}It fails today; afterwards: “{rest}”{values}");
        return Statement::new(Basis::Ticket, text).citing(quote(found));
    }
    match reading.actual.as_ref().or(reading.errors.first()) {
        Some(found) => {
            let text = format!("{steps}Today: “{}”; afterwards not", shorten(&found.text, 160));
            Statement::new(Basis::Ticket, text).citing(quote(found))
        }
        None if !is_testable(survey) => {
            let text = format!("{steps}“{}”, as far as a test can show it", shorten(&reading.title, 160));
            Statement::new(Basis::Ticket, text)
        }
        None => Statement::new(Basis::Ticket, format!("{steps}“{}” fails today", shorten(&reading.title, 160))),
    }
}

/// The file in which the trace stops.
fn fails<'s, 'c>(survey: &Survey<'s, 'c>) -> Option<&'s Site<'c>> {
    survey.sites.iter().find(|s| !s.is_on_the_way && edges::is_innermost(s) && edges::failing_line(s).is_some())
}

/// The function in which the trace stops, called with what leads to its error.
fn failing(survey: &Survey<'_, '_>) -> Option<Statement> {
    let site = fails(survey)?;
    let (symbol, error) = (site.symbols.first()?, survey.reading.errors.first()?);
    let line = edges::failing_at(site)?;
    let file = site.file().lines(line, line);
    let name = full_name(&site.path, symbol);
    let steps = survey.reading.reproduction.len();
    let given = if let Some(parameter) = emptied(site, symbol, line) {
        format!("with an empty `{parameter}`")
    } else if steps > 0 {
        format!("with what the ticket's {steps} steps give it")
    } else {
        "as there".to_owned()
    };
    let text = format!(
        "Call `{name}` {given}: today it stops at `{}` with “{}”, afterwards not",
        file.label(),
        shorten(&error.text, 120)
    );
    Some(Statement::new(Basis::Repository, text).at(file).citing(quote(error)))
}

/// The only parameter of the function, where its failing line takes the first or last element of something and nothing
/// before that line decides: the line fails for an empty one alone.
fn emptied(site: &Site<'_>, symbol: &Symbol, line: u32) -> Option<String> {
    const ENDS: &[&str] = &["[0]", "[-1]", ".first()", ".last()", ".first.", ".last."];
    const DECIDES: &[&str] = &["if ", "if(", "return", "for ", "for(", "while ", "match ", "switch", "guard "];
    let text = site.text.as_deref()?;
    // The line may stand in another function than the one to change.
    let count = line.checked_sub(symbol.line).filter(|_| line <= symbol.end_line)?;
    let lines: Vec<&str> = text.lines().skip(symbol.line as usize).take(count as usize).collect();
    let (failing, before) = lines.split_last()?;
    let decides = |line: &&str| DECIDES.iter().any(|word| line.contains(word));
    let taken = ENDS.iter().any(|end| failing.contains(end)) && !before.iter().any(decides);
    let given = symbol.signature.split_once('(')?.1;
    let given = &given[..given.find(')')?];
    let name = given.split([':', ' ']).next().unwrap_or_default().trim();
    let is_one = !given.contains(',') && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (taken && is_one && !["self", "this", "cls"].contains(&name)).then(|| name.to_owned())
}

/// Where the ticket's requests are sent in a test: in one that asks for the same.
fn answered<'s, 'c>(survey: &Survey<'s, 'c>, group: usize) -> Option<Place<'s, 'c>> {
    let steps = survey.reading.reproduction.iter().flat_map(|step| routes(&step.text));
    let sought = Sought::of_requests(&survey.reading.title, steps.map(|(_, path)| path));
    nearest(survey, group, &sought).filter(|p| kind_of(p.site.context, &p.path) == TestKind::Integration)
}

/// The case for a wish that is told in its title alone.
pub fn wanted(survey: &Survey<'_, '_>) -> Option<TestCase> {
    let reading = survey.reading;
    let is_behaviour = matches!(reading.kind, Kind::Feature | Kind::Change | Kind::Security);
    let lead = survey.groups.get(survey.first_code()).filter(|g| is_behaviour && g.lead().is_code())?;
    // What is taken back was shown by its own tests, and they go with it.
    if survey.is_guess(lead) || survey.is_doubtful(lead) || commits::undone(lead.lead()).is_some() {
        return None;
    }
    let marked = |count: usize, word: &str| format!("{} marked “{word}”", counted(count, "example"));
    let examples = reading.examples.map_or(String::new(), |examples| match examples {
        (good, 0) => format!(": a case for each of the ticket's {}", marked(good, "good")),
        (0, bad) => format!(": a case for each of the ticket's {}", marked(bad, "bad")),
        (good, bad) => {
            format!(": a case for each of the ticket's {} and {}", marked(good, "good"), marked(bad, "bad"))
        }
    });
    let what = Statement::new(Basis::Ticket, format!("“{}”{examples}", shorten(&reading.title, 160)));
    if let Some(site) = own_new_test(survey, lead) {
        let (kind, file) = (kind_of_new(site), Some(site.file()));
        return Some(TestCase { kind, what, file, action: Action::Create, ..TestCase::default() });
    }
    let symbol = lead.lead().symbols.first().map_or("", |s| s.name.as_str());
    match nearest(survey, survey.first_code(), &Sought::of_symbol(&reading.title, symbol)) {
        Some(place) => Some(placed(Some(place), what, "", Vec::new())),
        None => unnamed(lead, "", what),
    }
}

/// A case for each part of what is expected that another file gives.
pub fn parts(survey: &Survey<'_, '_>) -> Vec<TestCase> {
    let Some(found) = &survey.reading.expected else { return Vec::new() };
    let parts = expected::parts(survey).into_iter().filter(|(at, _)| !survey.tests_of(&survey.groups[*at]).is_empty());
    let case = |(at, part): (usize, String)| {
        let cited = Citation::Ticket { quote: part.clone(), place: found.place.clone() };
        let what = Statement::new(Basis::Ticket, format!("Afterwards: “{}”", shorten(&part, 160))).citing(cited);
        // A part that begins with its subject (“Shipping too: …”) names no test.
        let named = if part.contains(": ") { "" } else { part.as_str() };
        placed(nearest(survey, at, &Sought::of_text(&part)), what, named, Vec::new())
    };
    parts.map(case).collect()
}

/// Where a setting goes that tests set: they pass without it.
pub fn removal(survey: &Survey<'_, '_>) -> Option<TestCase> {
    let removed = |s: &Site<'_>| s.todo.iter().find_map(Todo::removes).map(str::to_owned);
    let is_removed = |s: &&Site<'_>| removed(s).is_some();
    let setting = survey.sites.iter().filter(is_removed).find(|s| s.layer == Layer::Test)?;
    let name = removed(setting)?;
    let code = survey.code().find(|s| is_removed(s))?;
    let group = survey.groups.iter().position(|g| g.sites.iter().any(|s| std::ptr::eq(*s, code)))?;
    let Place { site, path, like } = nearest(survey, group, &Sought::of_text(&survey.reading.title))?;
    let file = site.sibling(&path);
    let like = like.map(|like| symbol_ref(&file, &like));
    let cases = like.as_ref().map_or(format!("what `{path}` shows"), |like| format!("`{}`", like.name));
    let text = format!("Without `{name}` in `{}`, {cases} still holds", setting.path);
    // The only order is shown by it.
    let serves = if let [asked] = survey.asked.as_slice() { vec![asked.id.to_owned()] } else { Vec::new() };
    Some(TestCase {
        kind: kind_of(site.context, &path),
        serves,
        what: Statement::new(Basis::Repository, text).at(setting.file()),
        like: like.map(|like| like.file),
        file: Some(file),
        action: Action::Modify,
        ..TestCase::default()
    })
}
