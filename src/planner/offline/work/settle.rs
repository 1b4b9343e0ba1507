//! Where what is asked is met: at the last step that the test which shows it needs.
//!
//! In: the steps and the cases of a draft. Out: the same steps; what a test can show only after a later step is served by
//! that step too. A test needs the step that makes its file, and one that sends requests the step that declares the route.

use std::collections::BTreeSet;

use super::{
    super::{
        Survey,
        code::{layer::Layer, path::stem},
        places::{
            site::Site,
            timed,
            todo::{Act, Todo},
        },
        reading::routes,
        sections::interface,
        survey::Asked,
        testing,
    },
    commands::Commands,
    listed,
};
use crate::model::{
    context::FileClass,
    plan::{
        Action, Basis, Citation, Command, FileChange, FileRef, Phase, Statement, Step, SymbolRef, TestCase, TestKind,
        Testing,
    },
};
use crate::planner::words::is_compound;

/// Adds to each step what can be shown only after it.
pub fn late(survey: &Survey<'_, '_>, phases: &mut [Phase], testing: &Testing) {
    let mut steps: Vec<&mut Step> = phases.iter_mut().flat_map(|phase| &mut phase.steps).collect();
    for case in &testing.cases {
        for id in &case.serves {
            let Some(last) = steps.iter().rposition(|step| step.serves.contains(id)) else { continue };
            let made = maker(&steps, case);
            let declared = asks(survey, case, id).then(|| declarer(survey, &steps, last)).flatten();
            let declared = declared.or_else(|| acts(survey, id).then(|| declarer(survey, &steps, last)).flatten());
            let reached = opens(survey, id).then(|| registers(survey, &steps)).flatten();
            if let Some(at) = made.max(declared).max(reached).filter(|at| *at > last) {
                steps[at].serves.push(id.clone());
                let place = |id: &String| survey.asked.iter().position(|a| a.id == id);
                steps[at].serves.sort_by_key(place);
            }
        }
    }
}

/// Adds to each step what its instructions name: by its id, or by a name that the sentence has in code marks too.
pub fn named(survey: &Survey<'_, '_>, phases: &mut [Phase]) {
    let is_back = |id: &str| survey.overruled.iter().any(|(known, _)| known == id);
    for step in phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let names: BTreeSet<&str> = step.how.iter().flat_map(|s| coined(&s.text)).collect();
        let is_told = |text: &str, id: &str| {
            text.starts_with(&format!("{id}: ")) || text.ends_with(&format!(" of {id} asks for"))
        };
        let begins = |id: &str| step.how.iter().any(|s| is_told(&s.text, id));
        let adds = |name: &str| {
            let forms =
                [format!("Add `{name}` where "), format!("Add the {name} where "), format!("Add “{name}” where ")];
            step.how.iter().any(|s| forms.iter().any(|form| s.text.starts_with(form)))
        };
        let is_added = |text: &str| text.split(['"', '“', '”', '`']).skip(1).step_by(2).any(adds);
        let is_named =
            |a: &Asked<'_, '_>| begins(a.id) || is_added(a.text) || coined(a.text).any(|name| names.contains(name));
        let new = survey.asked.iter().filter(|a| !is_back(a.id) && !step.serves.iter().any(|id| id == a.id));
        let new: Vec<String> = new.filter(|a| is_named(a)).map(|a| a.id.to_owned()).collect();
        step.serves.extend(new);
        step.serves.sort_by_key(|id| survey.asked.iter().position(|a| a.id == id));
    }
}

/// The names in code marks that no plain word can be: `max_age`, `missingTotal`, `FLAG_REVIEWS`.
fn coined(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|code| is_compound(code))
}

/// Says of each test file which tests it gets, and beside which case.
pub fn added(survey: &Survey<'_, '_>, phases: &mut [Phase], testing: &Testing) {
    let mut steps: Vec<&mut Step> = phases.iter_mut().flat_map(|phase| &mut phase.steps).collect();
    for case in &testing.cases {
        let Some(file) = &case.file else { continue };
        if case.action == Action::Create {
            created(survey, &mut steps, case, file);
        }
        let lists = |step: &Step| step.files.iter().any(|f| f.file.path == file.path);
        let serves = |step: &Step| case.serves.iter().any(|id| step.serves.contains(id));
        later(survey, &mut steps, case, file);
        let home = steps.iter().rposition(|s| lists(s) && serves(s)).or_else(|| steps.iter().position(|s| lists(s)));
        let is_there = case.action != Action::Create;
        let home = home.or_else(|| is_there.then(|| opened(survey, &mut steps, case, file)).flatten());
        let Some(change) = home.and_then(|at| steps[at].files.iter_mut().find(|f| f.file.path == file.path)) else {
            continue;
        };
        change.adds.push(case.id.clone());
        let like = case.like.as_ref().and_then(|like| Some((like, like.symbol.clone()?)));
        if let Some((file, name)) = like.filter(|(_, name)| change.beside.iter().all(|s| s.name != *name)) {
            let file = file.clone();
            change.beside.push(SymbolRef { name, what: "test".to_owned(), signature: None, file });
        }
    }
    // A test file that gets no test, and of which nothing is said, is only run.
    for step in steps.iter_mut().filter(|step| step.files.len() > 1) {
        let said = &step.how;
        let is_test = |path: &str| {
            let found = survey.contexts.iter().find_map(|c| c.tree.file(path));
            found.is_some_and(|f| f.class == FileClass::Test)
        };
        let is_cited = |path: &str| {
            let names = |c: &Citation| matches!(c, Citation::File(file) if file.path == path);
            said.iter().any(|s| s.citations.iter().any(names))
        };
        step.files.retain(|f| {
            let is_bare = f.adds.is_empty() && f.symbols.is_empty() && f.action == Action::Modify;
            testing.cases.is_empty() || !is_bare || !is_test(&f.file.path) || is_cited(&f.file.path)
        });
    }
    unmade(survey, &mut steps, testing);
    compiled(survey, &mut steps);
}

/// Takes new test files off that get no test: nobody writes an empty one.
fn unmade(survey: &Survey<'_, '_>, steps: &mut [&mut Step], testing: &Testing) {
    let is_new = |f: &FileChange| {
        f.action == Action::Create && survey.sites.iter().any(|s| s.layer == Layer::Test && s.file() == f.file)
    };
    let mut gone: Vec<String> = Vec::new();
    let is_filled = |f: &FileChange| testing.cases.iter().any(|case| case.file.as_ref() == Some(&f.file));
    for step in steps.iter_mut().filter(|step| step.files.len() > 1) {
        let (bare, kept): (Vec<FileChange>, Vec<FileChange>) =
            std::mem::take(&mut step.files).into_iter().partition(|f| is_new(f) && !is_filled(f));
        step.files = kept;
        for path in bare.iter().map(|f| &f.file.path) {
            step.how.retain(|said| !said.text.starts_with(&format!("`{path}`:")));
        }
        gone.extend(bare.into_iter().map(|f| f.file.path));
    }
    // No step ends with a test that none makes, but with what compiles it, or with the tests that are there.
    for step in steps.iter_mut() {
        let before = step.validate.len();
        let runs = |command: &Command, path: &String| {
            command.line.split([' ', '/', ':']).any(|w| w == stem(path) || path.ends_with(w) && w.contains('.'))
        };
        step.validate.retain(|command| !gone.iter().any(|path| runs(command, path)));
        let lead = survey.code().find(|s| step.files.iter().any(|f| f.file == s.file()));
        if let Some(lead) = lead.filter(|_| step.validate.is_empty() && before > 0) {
            let commands = Commands::of(lead.context, lead.repository.clone());
            step.validate.extend(commands.check(&lead.path).or_else(|| commands.tests(&lead.path)));
        }
    }
}

/// Ends a step that only adds beside what stays, and that gets no test, with what compiles it: tests that are there pass
/// before it, too.
fn compiled(survey: &Survey<'_, '_>, steps: &mut [&mut Step]) {
    let adds = |step: &Step| step.files.iter().any(|f| !f.adds.is_empty());
    for step in steps.iter_mut().filter(|step| !adds(step)) {
        let is_beside = |s: &&Site<'_>| {
            let is_here = step.files.iter().any(|f| f.file == s.file() && f.action == Action::Modify);
            is_here && s.todo.iter().any(Todo::is_beside)
        };
        let Some(site) = survey.code().find(is_beside) else { continue };
        let changes = step.files.iter().filter(|f| f.action != Action::Read).count();
        let check = Commands::of(site.context, site.repository.clone()).check(&site.path).filter(|_| changes == 1);
        if let Some(check) = check {
            step.validate = vec![check];
        }
    }
}

/// The step that the case shows, with the case's file on its list: a file that no step lists is taken because it sends
/// requests.
fn opened(survey: &Survey<'_, '_>, steps: &mut [&mut Step], case: &TestCase, file: &FileRef) -> Option<usize> {
    let path = &file.path;
    let serves = |step: &&mut Step| case.serves.iter().any(|id| step.serves.contains(id));
    let is_code = |step: &&mut Step| {
        let class = |f: &FileChange| survey.contexts.iter().find_map(|c| c.tree.file(&f.file.path)).map(|f| f.class);
        step.files.iter().any(|f| f.action != Action::Read && class(f) == Some(FileClass::Source))
    };
    // What no sentence asks for is shown once all is done.
    let at = match case.serves.is_empty() {
        true => steps.iter().rposition(is_code)?,
        false => steps.iter().rposition(serves)?,
    };
    let context = survey.contexts.iter().find(|c| c.tree.file(path).is_some())?;
    let why = Statement::new(Basis::Repository, format!("`{path}` sends requests, as what it is to show takes"));
    let opened = FileRef::new(path).of(file.repository.clone());
    steps[at].files.push(FileChange {
        action: Action::Modify,
        why: vec![why.at(opened.clone())],
        file: opened,
        ..FileChange::default()
    });
    ends_with(steps[at], Commands::of(context, file.repository.clone()).one_test(path));
    Some(at)
}

/// Ends the step with one more command, where it does not yet; the whole suite that stood for it goes.
fn ends_with(step: &mut Step, command: Option<Command>) {
    if let Some(command) = command.filter(|c| step.validate.iter().all(|known| known.line != c.line)) {
        let runs_it = |known: &Command| command.line.starts_with(&format!("{} ", known.line));
        step.validate.retain(|known| command.narrows.as_ref() != Some(&known.line) && !runs_it(known));
        step.validate.push(command);
    }
}

/// Puts a test file that no step makes on the list of the last step that the case shows.
fn created(survey: &Survey<'_, '_>, steps: &mut [&mut Step], case: &TestCase, file: &FileRef) {
    let is_made = steps.iter().any(|step| step.files.iter().any(|f| f.file.path == file.path));
    let serves = |step: &&mut Step| case.serves.iter().any(|id| step.serves.contains(id));
    // What no sentence asks for is shown where the change begins.
    let begins = |step: &&mut Step| survey.code().next().is_some_and(|s| step.files.iter().any(|f| f.file == s.file()));
    let at =
        steps.iter().rposition(serves).or_else(|| steps.iter().position(begins).filter(|_| case.serves.is_empty()));
    let Some(at) = at.filter(|_| !is_made) else { return };
    let pattern = |site: &Site<'_>| {
        let new = testing::mirrored(site.context, &site.path).filter(|new| new.path == file.path)?;
        Some(site.sibling(new.like.as_deref()?))
    };
    let Some(like) = survey.code().find_map(pattern) else { return };
    let why = Statement::new(
        Basis::Repository,
        format!("no test of this step is there; take `{}` as the pattern", like.path),
    );
    steps[at].files.push(FileChange {
        action: Action::Create,
        why: vec![why.at(like.clone())],
        file: file.clone(),
        like: Some(like.clone()),
        ..FileChange::default()
    });
    let context = survey.contexts.iter().find(|c| c.tree.file(&like.path).is_some());
    let command = context.and_then(|c| Commands::of(c, file.repository.clone()).one_test(&file.path));
    ends_with(steps[at], command);
}

/// Puts a test file that an earlier step makes on the list of a later one, where the case can pass only after that: the last
/// step that changes code for what the case shows.
fn later(survey: &Survey<'_, '_>, steps: &mut [&mut Step], case: &TestCase, file: &FileRef) {
    let serves = |step: &&mut Step| case.serves.iter().any(|id| step.serves.contains(id));
    let is_code = |f: &FileChange| survey.code().any(|s| s.file() == f.file) && f.action != Action::Read;
    let makes = |step: &&mut Step| step.files.iter().any(|f| f.action == Action::Create && f.file.path == file.path);
    let Some(made) = steps.iter().position(makes) else { return };
    // What is served where its file is made can be shown there, but for what is opened later.
    let is_early = serves(&steps[made]) && !case.serves.iter().any(|id| opens(survey, id));
    let last = steps.iter().rposition(|step| serves(step) && step.files.iter().any(is_code)).filter(|_| !is_early);
    let Some(last) = last.filter(|at| *at > made && steps[*at].files.iter().all(|f| f.file.path != file.path)) else {
        return;
    };
    steps[last].files.push(FileChange { action: Action::Modify, file: file.clone(), ..FileChange::default() });
    let context = listed::context(survey, file);
    ends_with(steps[last], context.and_then(|c| Commands::of(c, file.repository.clone()).one_test(&file.path)));
}

/// The ids that a step is the last to serve, by the step's position.
pub fn last(phases: &[Phase]) -> Vec<BTreeSet<String>> {
    let mut later: BTreeSet<String> = BTreeSet::new();
    let steps = phases.iter().flat_map(|phase| &phase.steps);
    let mut out: Vec<BTreeSet<String>> = Vec::new();
    for step in steps.rev() {
        let own: BTreeSet<String> = step.serves.iter().cloned().collect();
        out.push(own.difference(&later).cloned().collect());
        later.extend(own);
    }
    out.reverse();
    out
}

/// The step that makes the file of a case.
fn maker(steps: &[&mut Step], case: &TestCase) -> Option<usize> {
    let file = case.file.as_ref().filter(|_| case.action == Action::Create)?;
    let makes = |step: &&mut Step| step.files.iter().any(|f| f.action == Action::Create && f.file.path == file.path);
    steps.iter().position(makes)
}

/// Does the case send requests, and to no route that is there?
fn asks(survey: &Survey<'_, '_>, case: &TestCase, id: &str) -> bool {
    let text = survey.asked.iter().find(|a| a.id == id).map_or("", |a| a.text);
    let is_new = || {
        let new: Vec<(&str, &str)> =
            survey.contexts.iter().flat_map(|c| interface::new_routes(c, survey.reading)).collect();
        let named = routes(text);
        !new.is_empty() && named.iter().all(|(m, p)| new.iter().any(|(nm, np)| m == nm && p == np))
    };
    case.kind == TestKind::Integration && is_new()
}

/// Does somebody do what a sentence on a new noun tells, and no clock: “When I join the list”, “customers can ask for it”?
fn acts(survey: &Survey<'_, '_>, id: &str) -> bool {
    let text = survey.asked.iter().find(|a| a.id == id).map_or("", |a| a.text);
    let has_kin = survey.sites.iter().any(|s| s.is_kin && s.layer == Layer::Interface);
    has_kin && !timed::is_timed(text) && [" When I ", " can ", " I want "].iter().any(|w| text.contains(w))
}

/// Does what is asked name the value of an option that opens the new thing: `?format=x`?
fn opens(survey: &Survey<'_, '_>, id: &str) -> bool {
    let text = survey.asked.iter().find(|a| a.id == id).map_or("", |a| a.text);
    let is_made = survey.sites.iter().any(|s| s.is_beside && s.action == Action::Create);
    let marked = text.split('`').skip(1).step_by(2);
    is_made && marked.into_iter().any(|code| code.split_once('?').is_some_and(|(_, query)| query.contains('=')))
}

/// The step that registers what is made beside its siblings.
fn registers(survey: &Survey<'_, '_>, steps: &[&mut Step]) -> Option<usize> {
    let is_registry = |s: &&super::super::places::site::Site<'_>| {
        s.is_code() && s.todo.iter().any(|t| matches!(t.act, Act::Register(_)))
    };
    let home = survey.sites.iter().find(is_registry)?;
    steps.iter().position(|step| step.files.iter().any(|f| f.file.path == home.path))
}

/// The first step from one on that declares a new route.
fn declarer(survey: &Survey<'_, '_>, steps: &[&mut Step], from: usize) -> Option<usize> {
    let is_home = |s: &Site<'_>| s.is_kin && s.layer == Layer::Interface;
    let is_declared = |s: &Site<'_>| s.todo.iter().any(|t| matches!(t.act, Act::DeclareRoute(_)));
    let named = survey.sites.iter().any(is_declared);
    let declares = survey.sites.iter().filter(|s| if named { is_declared(s) } else { is_home(s) });
    let paths: Vec<&str> = declares.map(|s| s.path.as_str()).collect();
    let is_one = |step: &&mut Step| step.files.iter().any(|f| paths.contains(&f.file.path.as_str()));
    (from..steps.len()).find(|at| is_one(&steps[*at]))
}
