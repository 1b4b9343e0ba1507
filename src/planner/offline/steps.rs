//! Writes the steps: what changes where and why, what to follow, what to watch, what shows that it is done.
//!
//! In: the [`Reading`] and the ordered [`Group`]s. Out: [`Step`]s in the order of work, each with the criteria it serves.

use super::{
    Survey,
    commands::Commands,
    edges,
    group::Group,
    layer::Layer,
    reading,
    site::{Site, commit_ref},
    why,
};
use crate::model::{
    context::{PastChange, SymbolKind},
    plan::{Action, Basis, Citation, Command, FileChange, Kind, Phase, Place, Statement, Step},
};
use crate::{
    planner::words::{shorten, terms},
    richtext::markdown::code_span,
};

/// All steps, in phases where there are many.
pub fn phases(survey: &Survey<'_, '_>) -> Vec<Phase> {
    if let Some(phases) = own_phases(survey) {
        return phases;
    }
    let mut steps: Vec<(Layer, Step)> = Vec::new();
    for (at, group) in survey.groups.iter().enumerate() {
        let mut step = step(survey, at, group);
        step.id = (steps.len() + 1).to_string();
        steps.push((group.layer, step));
    }
    if let Some(loose) = loose_tests(survey, steps.len() + 1) {
        match steps.get_mut(survey.first_code()).filter(|(layer, _)| is_code(*layer)) {
            Some((_, step)) => join(step, loose),
            None => steps.push((Layer::Test, loose)),
        }
    }
    in_phases(steps)
}

/// Is work on this layer work on code?
fn is_code(layer: Layer) -> bool {
    !matches!(layer, Layer::Document | Layer::Settings | Layer::Test)
}

/// Tests that the ranking names belong to the step that changes the code.
fn join(step: &mut Step, tests: Step) {
    step.files.extend(tests.files);
    step.how.extend(tests.how);
    let new = tests.validate.into_iter().filter(|c| step.validate.iter().all(|known| known.line != c.line));
    let new: Vec<Command> = new.collect();
    step.validate.extend(new);
}

/// The ticket's own phases, where it has several: in each the steps for what it asks there. What no phase asks for comes
/// first, because the phases build on it.
fn own_phases(survey: &Survey<'_, '_>) -> Option<Vec<Phase>> {
    let mut titles: Vec<&str> = Vec::new();
    for asked in &survey.asked {
        if let Place::Section { heading } = asked.place
            && is_phase(heading)
            && !titles.contains(&heading.as_str())
        {
            titles.push(heading);
        }
    }
    if titles.len() < 2 {
        return None;
    }
    let of = |title: &str| -> Vec<&str> {
        let is_here =
            |a: &&super::survey::Asked<'_, '_>| matches!(a.place, Place::Section { heading } if heading == title);
        survey.asked.iter().filter(is_here).map(|a| a.id).collect()
    };
    let mut made: Vec<usize> = Vec::new();
    let mut phases: Vec<Phase> = Vec::new();
    let mut number = 0;
    for title in titles {
        let ids = of(title);
        let is_served = |at: usize| survey.served_by(at).iter().any(|id| ids.contains(&id.as_str()));
        let groups: Vec<usize> = (0..survey.groups.len()).filter(|at| is_served(*at)).collect();
        let mut steps = Vec::new();
        for at in groups {
            number += 1;
            let mut step = step(survey, at, &survey.groups[at]);
            step.id = number.to_string();
            step.serves.retain(|id| ids.contains(&id.as_str()));
            let is_other = |s: &Statement| {
                survey.asked.iter().any(|a| !ids.contains(&a.id) && s.text.starts_with(&format!("{} “", a.id)))
            };
            step.how.retain(|s| !is_other(s));
            // A route is declared in the phase that asks for it.
            let route =
                |text: &str| text.strip_prefix("Declare `").and_then(|t| t.split('`').next()).map(str::to_owned);
            let asks = |route: &str| survey.asked.iter().any(|a| ids.contains(&a.id) && a.text.contains(route));
            step.how.retain(|s| route(&s.text).is_none_or(|route| asks(&route)));
            if made.contains(&at) {
                // What it creates stands in the phase that comes first.
                step.files.retain(|f| f.action != Action::Create);
            }
            if step.files.is_empty() {
                continue;
            }
            made.push(at);
            steps.push(step);
        }
        phases.push(Phase { title: title.to_owned(), steps, ..Phase::default() });
    }
    let rest: Vec<usize> = (0..survey.groups.len()).filter(|at| !made.contains(at)).collect();
    let mut first: Vec<Step> = Vec::new();
    let mut last: Vec<Step> = Vec::new();
    for at in rest {
        let group = &survey.groups[at];
        let home = if group.lead().is_code() { &mut first } else { &mut last };
        home.push(step(survey, at, group));
    }
    phases.retain(|p| !p.steps.is_empty());
    phases.first_mut()?.steps.splice(0..0, first);
    phases.last_mut()?.steps.extend(last);
    let all = phases.iter_mut().flat_map(|p| &mut p.steps);
    all.zip(1_u32..).for_each(|(step, number)| step.id = number.to_string());
    Some(phases)
}

/// `Phase 1: subscriptions`, `Milestone 2`, `Schritt 3 – Betrieb`.
fn is_phase(heading: &str) -> bool {
    let mut words = heading.split([' ', ':', '.', '-', '–', ')']).filter(|w| !w.is_empty());
    let first = words.next().unwrap_or_default().to_lowercase();
    let is_word = [
        "phase",
        "milestone",
        "stage",
        "part",
        "step",
        "iteration",
        "increment",
        "sprint",
        "teil",
        "schritt",
        "étape",
        "fase",
        "etapa",
    ]
    .contains(&first.as_str());
    is_word && words.next().is_some_and(|w| w.chars().all(|c| c.is_ascii_alphanumeric()) && w.len() <= 3)
}

/// One phase for few steps; else one for each run of steps on the same layer.
fn in_phases(steps: Vec<(Layer, Step)>) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    let many = steps.len() > 5;
    for (layer, step) in steps {
        let title = if many { layer.phase() } else { "" };
        match phases.last_mut() {
            Some(phase) if phase.title == title => phase.steps.push(step),
            _ => phases.push(Phase { title: title.to_owned(), steps: vec![step], ..Phase::default() }),
        }
    }
    phases
}

/// The step for one group.
fn step(survey: &Survey<'_, '_>, at: usize, group: &Group<'_, '_>) -> Step {
    let tests = if group.is_on_the_way() { Vec::new() } else { survey.tests_of(group) };
    let mut files: Vec<FileChange> = group.sites.iter().map(|site| change(site)).collect();
    let others = tests.iter().filter(|(_, test)| group.sites.iter().all(|s| s.path != test.path));
    files.extend(others.map(|(site, test)| why::test_change(site, test)));
    let new_tests = survey.new_tests_of(group);
    files.extend(new_tests.iter().map(|site| change(site)));
    let commands = Commands::of(group.lead().context, group.lead().repository.clone());
    let mut validate: Vec<Command> = tests.iter().filter_map(|(_, test)| commands.one_test(&test.path)).collect();
    validate.extend(new_tests.iter().filter_map(|site| commands.one_test(&site.path)));
    validate.dedup_by(|a, b| a.line == b.line);
    if validate.is_empty() {
        validate.extend(commands.tests(&group.lead().path).filter(|_| group.lead().is_code()));
    }
    Step {
        id: String::new(),
        title: title(survey, group),
        why: Vec::new(),
        how: how(survey, at, group),
        files,
        watch: watch(group),
        validate,
        serves: survey.served_by(at),
        ..Step::default()
    }
}

/// `Change Cart::total in src/cart.rs`.
fn title(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> String {
    let lead = group.lead();
    let others = match group.sites.len() {
        1 => String::new(),
        n => format!(" and {} beside it", if n == 2 { "one file".to_owned() } else { format!("{} files", n - 1) }),
    };
    if group.is_on_the_way() {
        let others = match group.sites.len() {
            1 => String::new(),
            n => format!(" and {}", counted(n - 1, "other file")),
        };
        return format!("Look at {}{others} only if that is not enough", code_span(&lead.path));
    }
    if survey.is_doubtful(group) {
        return format!("Check whether {}{others} must follow", code_span(&lead.path));
    }
    if survey.is_guess(group) {
        return format!("Look at {}{others}", code_span(&lead.path));
    }
    let verb = match (lead.action, lead.layer, survey.reading.kind) {
        (Action::Create, _, _) => "Create",
        (_, Layer::Document, _) => "Update",
        (_, _, Kind::Bug) => "Fix",
        _ => "Change",
    };
    match lead.symbols.iter().find(|s| s.kind != SymbolKind::Module).filter(|_| lead.is_code()) {
        Some(symbol) => {
            let name = super::site::full_name(&lead.path, symbol);
            format!("{verb} {} in {}{others}", code_span(&name), code_span(&lead.path))
        }
        None => format!("{verb} {}{others}", code_span(&lead.path)),
    }
}

/// What happens to one file, with its evidence.
fn change(site: &Site<'_>) -> FileChange {
    FileChange {
        action: site.action,
        file: site.file(),
        symbols: site.symbols.iter().map(|s| site.symbol(s)).collect(),
        why: why::reasons(site),
        like: site.convention.as_ref().and_then(|(_, like)| like.as_ref()).map(|like| site.sibling(like)),
        ..FileChange::default()
    }
}

/// What to do, most concrete first.
fn how(survey: &Survey<'_, '_>, at: usize, group: &Group<'_, '_>) -> Vec<Statement> {
    let mut out = edges::replacements(survey.reading, group);
    if group.is_on_the_way() {
        let text = "The ticket suspects the code of the steps above; these files lie on its way: leave them as they are unless \
                    that does not mend it";
        out.push(Statement::new(Basis::Ticket, text));
    } else if survey.is_doubtful(group) {
        let text =
            "Only imports or shared words point here: leave it as it is unless the steps above cannot do without";
        out.push(Statement::new(Basis::Repository, text));
    }
    if survey.is_guess(group) {
        let percent = (group.lead().probability * 100.0).round();
        let text = format!(
            "Nothing certain points here, the ranking gives it {percent} %: confirm the place before changing anything"
        );
        out.push(Statement::new(Basis::Repository, text));
    }
    out.extend(group.sites.iter().filter_map(|site| edges::failing_line(site)));
    out.extend(group.sites.iter().flat_map(|site| site.todo.iter().cloned()));
    if at == survey.first_code() {
        out.extend(test_first(survey, group));
        out.extend(super::cited::rules(survey));
        out.extend(super::cited::examples(survey));
    }
    let only = survey.groups.iter().filter(|g| g.lead().is_code()).count() == 1;
    let led = survey.served(at).filter(|(_, _, served)| !only || served.start.is_some());
    out.extend(led.map(|(id, text, served)| {
        let mut lead = Statement::new(Basis::Ticket, format!("{id} “{}”", shorten(text, 70)));
        match &served.start {
            Some((site, symbol)) => {
                let name = super::site::full_name(&site.path, symbol);
                let place = if reading::routes(text).is_empty() { "in" } else { "beside" };
                lead.text = format!("{}: start {place} `{name}`", lead.text);
                lead = lead.at(site.symbol(symbol).file);
            }
            None if served.is_only_place && only => {
                lead.text.push_str(": placed here as the only code step, not by its words");
            }
            None if served.is_only_place => {
                lead.text.push_str(": placed here because the new route is handled here, not by its words");
            }
            None => {}
        }
        lead
    }));
    out.extend(group.sites.iter().filter_map(|site| convention(site)));
    out.extend(survey.new_tests_of(group).into_iter().filter_map(convention));
    out.extend(example(group));
    out.truncate(12);
    out
}

/// A bug is shown by a test before it is fixed.
fn test_first(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    let lead = group.lead();
    let has_test = survey.reading.kind == Kind::Bug && lead.is_code() && !survey.tests_of(group).is_empty();
    let name = lead.symbols.first().map(|s| super::site::full_name(&lead.path, s))?;
    has_test.then(|| {
        let statement = Statement::new(
            Basis::Repository,
            format!("Write T1 first: it fails today. Then change `{name}` until it passes"),
        );
        statement.at(lead.symbol(&lead.symbols[0]).file)
    })
}

/// A quote of the ticket as a citation.
pub fn quote(found: &super::reading::Found) -> Citation {
    Citation::Ticket { quote: found.text.clone(), place: found.place.clone() }
}

/// Where a new file goes, and what shows its form.
fn convention(site: &Site<'_>) -> Option<Statement> {
    let (why, like) = site.convention.as_ref()?;
    let like_text = like.as_ref().map_or(String::new(), |like| format!("; take `{like}` as the pattern"));
    let statement = Statement::new(Basis::Repository, format!("`{}`: {why}{like_text}", site.path));
    Some(match like {
        Some(like) => statement.at(site.sibling(like)),
        None => statement,
    })
}

/// The most similar past change of these files.
fn example(group: &Group<'_, '_>) -> Option<Statement> {
    let best = group
        .sites
        .iter()
        .flat_map(|site| site.past.iter().map(move |past| (*site, *past)))
        .filter(|(site, past)| !past.is_revert && (past.similarity >= 0.3 || is_alike(site, past)))
        .reduce(|a, b| if b.1.similarity > a.1.similarity { b } else { a })?;
    let (site, past) = best;
    let commit = commit_ref(&site.repository, past);
    let text = format!(
        "An example to follow: `{}` “{}” changed `{}` and {} more{}",
        past.commit.short(),
        shorten(&commit.subject, 80),
        site.path,
        counted(past.files.len().saturating_sub(1), "file"),
        past.size()
    );
    let text = text.replace(" and no files more", "");
    Some(Statement::new(Basis::History, text).citing(Citation::Commit(commit)))
}

/// Does the past change say much of what the title says: “Add connectionTimeout option”, “Add maxHeaderSize option”?
fn is_alike(site: &Site<'_>, past: &PastChange) -> bool {
    let (title, subject) = (terms(&site.reading.title), terms(&past.subject));
    let shared = title.intersection(&subject).count();
    past.similarity >= 0.12 && shared >= 2 && 2 * shared >= subject.len()
}

/// `no files`, `1 file`, `3 files`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// Call sites and branches that must keep working.
fn watch(group: &Group<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for site in group.sites.iter().filter(|s| s.is_code()) {
        out.extend(edges::callers(site));
        out.extend(edges::branches(site));
    }
    out.truncate(6);
    out
}

/// Test files that the ranking itself puts on the list, as a last step.
fn loose_tests(survey: &Survey<'_, '_>, number: usize) -> Option<Step> {
    let is_loose = |s: &&Site<'_>| s.layer == Layer::Test && !survey.has_test(s) && !survey.is_made(s);
    let loose: Vec<&Site<'_>> = survey.sites.iter().filter(is_loose).collect();
    let first = loose.first()?;
    let commands = Commands::of(first.context, first.repository.clone());
    let mut validate: Vec<_> = {
        let has_tests = |site: &&&Site<'_>| {
            site.action == Action::Create
                || site.context.tree.symbols(&site.path).iter().any(|s| s.kind == SymbolKind::Test)
        };
        loose.iter().filter(has_tests).filter_map(|site| commands.one_test(&site.path)).collect()
    };
    if validate.is_empty() {
        validate.extend(commands.tests(&first.path));
    }
    let verb = if first.action == Action::Create { "Create" } else { "Extend" };
    Some(Step {
        id: number.to_string(),
        title: match loose.len() {
            1 => format!("{verb} {}", code_span(&first.path)),
            n => format!("{verb} {} and {} beside it", code_span(&first.path), counted(n - 1, "test file")),
        },
        how: loose.iter().flat_map(|site| site.todo.iter().cloned().chain(convention(site))).collect(),
        files: loose.iter().map(|site| change(site)).collect(),
        validate,
        ..Step::default()
    })
}
