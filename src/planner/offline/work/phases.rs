//! Puts the steps in phases: the ticket's own, else one for each layer where there are many steps.
//!
//! In: the ordered groups of a [`Survey`]. Out: [`Phase`]s, their steps numbered in the order of work.

use super::{
    super::{Survey, code::layer::Layer},
    followers,
    group::Group,
    steps::{Part, loose_tests, step},
};
use crate::model::plan::{Action, Command, Phase, Place, Step};
use crate::richtext::markdown::code_span;

/// All steps, in phases where there are many.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Phase> {
    let mut phases = all(survey);
    followers::add(survey, &mut phases);
    phases
}

fn all(survey: &Survey<'_, '_>) -> Vec<Phase> {
    if let Some(phases) = own_phases(survey) {
        return phases;
    }
    let mut steps: Vec<(Layer, Step)> = Vec::new();
    for (at, group) in survey.groups.iter().enumerate() {
        let before: Vec<usize> = (0..at).collect();
        let mut step = step(survey, at, group, Part { before: &before, ..Part::default() });
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
    // One that runs everything runs the narrower one too.
    step.validate.retain(|known| new.iter().all(|c| known.narrows.as_ref() != Some(&c.line)));
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
        let is_here = |a: &&super::super::survey::Asked<'_, '_>| matches!(a.place, Place::Section { heading } if heading == title);
        survey.asked.iter().filter(is_here).map(|a| a.id).collect()
    };
    let mut made: Vec<usize> = Vec::new();
    let mut phases: Vec<(&str, Vec<(usize, Step)>)> = Vec::new();
    for title in titles {
        let ids = of(title);
        let is_served = |at: usize| survey.served_by(at).iter().any(|id| ids.contains(&id.as_str()));
        let groups: Vec<usize> = (0..survey.groups.len()).filter(|at| is_served(*at)).collect();
        let mut steps = Vec::new();
        for at in groups {
            let group = &survey.groups[at];
            let goes_on = made.contains(&at);
            let mut step = step(survey, at, group, Part { ids: Some(&ids), goes_on, before: &made });
            if goes_on {
                go_on(&mut step, group);
            }
            if step.files.is_empty() && step.how.is_empty() {
                continue;
            }
            made.push(at);
            steps.push((at, step));
        }
        phases.push((title, steps));
    }
    phases.retain(|(_, steps)| !steps.is_empty());
    let last = phases.len().checked_sub(1)?;
    for at in (0..survey.groups.len()).filter(|at| !made.contains(at)) {
        let group = &survey.groups[at];
        let home = if group.lead().is_code() { 0 } else { last };
        phases[home].1.push((at, step(survey, at, group, Part::default())));
    }
    let mut number = 0_u32;
    let mut numbered = |(title, mut steps): (&str, Vec<(usize, Step)>)| {
        steps.sort_by_key(|(at, _)| *at);
        let mut phase = Phase { title: title.to_owned(), ..Phase::default() };
        for (_, step) in steps {
            number += 1;
            phase.steps.push(Step { id: number.to_string(), ..step });
        }
        phase
    };
    Some(phases.into_iter().map(&mut numbered).collect())
}

/// What a step creates stands in the phase that comes first; a later phase goes on with it.
fn go_on(step: &mut Step, group: &Group<'_, '_>) {
    let lead = group.lead();
    for change in step.files.iter_mut().filter(|f| f.action == Action::Create) {
        (change.action, change.like) = (Action::Modify, None);
    }
    if lead.action == Action::Create {
        step.title = format!("Go on with {}", code_span(&lead.path));
    }
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
