//! What a test tries: the inputs and states at which the sentence that it shows can break.
//!
//! In: a sentence of the ticket, and the repository for how its tests set the clock. Out: statements, a few. A rule knows
//! one form of sentence and the values at its edges (equivalence classes and boundary values, as in ISO/IEC/IEEE 29119-4);
//! of a sentence in none of these forms nothing is said.

mod bounds;
mod clock;
mod forms;

use super::super::{Survey, interface, reading::routes, unsaid};
use crate::model::plan::{Basis, Statement};

/// The most that one test tries.
pub const MOST: usize = 4;

/// What the test of a sentence tries.
pub fn of(survey: &Survey<'_, '_>, text: &str) -> Vec<Statement> {
    let said = |text: String| Statement::new(Basis::Ticket, text);
    let spans = bounds::spans(text);
    let mut out: Vec<Statement> = bounds::of(text).into_iter().chain(spans.iter().cloned()).map(said).collect();
    let clock = if spans.is_empty() { None } else { clock::of(survey) };
    out.extend(clock);
    out.extend(forms::of(text).into_iter().map(said));
    out.extend(forms::resources(&new_routes(survey, text)).map(said));
    if forms::goes_by_zone(text) {
        out.extend(unsaid::zone_rule(survey).map(|(file, rule)| {
            let text = format!("Try another zone than the one that is set, since `{}` says “{rule}”", file.label());
            Statement::new(Basis::Guideline, text).at(file)
        }));
    }
    out.truncate(MOST);
    out
}

/// What the measurement of a sentence tries: no limit of time, which it measures.
pub fn of_measured(text: &str) -> Vec<Statement> {
    forms::counted_of(text).map(|text| Statement::new(Basis::Ticket, text)).into_iter().collect()
}

/// The routes of a sentence that are still to be declared.
fn new_routes(survey: &Survey<'_, '_>, text: &str) -> Vec<(String, String)> {
    let new: Vec<(&str, &str)> =
        survey.contexts.iter().flat_map(|c| interface::new_routes(c, survey.reading)).collect();
    let is_new = |(method, path): &(String, String)| new.iter().any(|(m, p)| m == method && p == path);
    routes(text).into_iter().filter(is_new).collect()
}
