//! What a test tries: the inputs and states at which the sentence that it shows can break.
//!
//! In: a sentence of the ticket, and the repository for how its tests set the clock. Out: statements, a few. A rule knows
//! one form of sentence and the values at its edges (equivalence classes and boundary values, as in ISO/IEC/IEEE 29119-4);
//! of a sentence in none of these forms nothing is said.

mod bounds;
mod clock;
mod forms;
mod means;

use std::cell::OnceCell;

pub use self::forms::goes_by_zone;
use super::super::{
    Survey,
    code::guards,
    places::states::{self, Coined},
    reading::routes,
    sections::interface,
    unsaid,
};
use crate::{
    model::plan::{Action, Basis, Statement},
    planner::words::{clean, listed, shorten},
    richtext::markdown::code_span,
};

/// The longest example that is quoted, in characters.
const LONGEST: usize = 200;
/// The most that one test tries.
pub const MOST: usize = 4;

/// What tests try, for all sentences of a ticket.
pub struct Tries<'a, 's, 'c> {
    survey: &'a Survey<'s, 'c>,
    /// How tests set the clock, once it is asked for.
    clock: OnceCell<Option<Statement>>,
    /// The routes that are still to be declared.
    new_routes: Vec<(&'a str, &'a str)>,
    /// A value that the ticket coins for a field.
    coined: OnceCell<Option<Coined>>,
}

impl<'a, 's, 'c> Tries<'a, 's, 'c> {
    /// For the sentences of a survey.
    pub fn new(survey: &'a Survey<'s, 'c>) -> Self {
        let new_routes = survey.contexts.iter().flat_map(|c| interface::new_routes(c, survey.reading)).collect();
        Self { survey, clock: OnceCell::new(), new_routes, coined: OnceCell::new() }
    }

    /// What the test of a sentence tries.
    pub fn of(&self, text: &str) -> Vec<Statement> {
        let said = |text: String| Statement::new(Basis::Ticket, text);
        let spans = bounds::spans(text);
        let mut out: Vec<Statement> = bounds::of(text).into_iter().chain(spans.iter().cloned()).map(said).collect();
        if !spans.is_empty() {
            out.extend(self.clock.get_or_init(|| clock::of(self.survey)).clone());
        }
        out.extend(forms::of(text).into_iter().map(said));
        let is_new = |(method, path): &(String, String)| self.new_routes.iter().any(|(m, p)| m == method && p == path);
        let new: Vec<(String, String)> = routes(text).into_iter().filter(is_new).collect();
        out.extend(forms::resources(&new).map(said));
        out.extend(self.valued(text));
        out.extend(self.guarded(&new));
        out.extend(means::of(self.survey, text));
        if goes_by_zone(text) {
            out.extend(unsaid::zone_rule(self.survey).map(|(file, rule)| {
                let text = format!("Try another zone than the one that is set, since `{}` says “{rule}”", file.label());
                Statement::new(Basis::Guideline, text).at(file)
            }));
        }
        out.truncate(MOST);
        out
    }

    /// A value that is new to a field, beside each of those that the code knows.
    fn valued(&self, text: &str) -> Option<Statement> {
        let coined = self.coined.get_or_init(|| states::coined(self.survey.contexts.first()?, self.survey.reading));
        let Coined { field, value, places } = coined.as_ref().filter(|c| text.contains(&format!("`{}`", c.value)))?;
        let mut known: Vec<String> = Vec::new();
        for other in places.iter().flat_map(|place| &place.values) {
            let shown = format!("`{other}`");
            if !known.contains(&shown) && known.len() < MOST {
                known.push(shown);
            }
        }
        let said = format!("Try one whose `{field}` is `{value}`, beside one with each of {}", listed(&known));
        (!known.is_empty()).then(|| Statement::new(Basis::Repository, said))
    }

    /// A new route whose neighbour is guarded: asked without what the guard lets pass.
    fn guarded(&self, new: &[(String, String)]) -> Option<Statement> {
        let context = self.survey.contexts.first()?;
        let (method, path) = new.first()?;
        let beside = interface::sibling(context, self.survey.reading, method, path)?;
        let (name, line) = guards::of(context, beside)?;
        let file = unsaid::line_of(self.survey, context, &beside.path, line);
        let said = format!("Try it without what `{name}` (`{}`) lets pass", file.label());
        Some(Statement::new(Basis::Repository, said).at(file))
    }
}

/// What the ticket itself shows of one more of a kind: an answer as JSON to start from, a media type to assert.
pub fn given(survey: &Survey<'_, '_>) -> Vec<Statement> {
    if !survey.sites.iter().any(|s| s.is_beside && s.action == Action::Create) {
        return Vec::new();
    }
    let codes: Vec<String> = survey.reading.sentences.iter().flat_map(|f| code_marks(&f.text)).collect();
    let is_json =
        |code: &&String| code.starts_with(['{', '[']) && code.contains(':') && code.chars().count() <= LONGEST;
    let is_media = |code: &&String| {
        let types = ["application/", "text/", "image/", "audio/", "video/"];
        types.iter().any(|start| code.starts_with(start)) && !code.contains([' ', '*'])
    };
    let said = |text: String| Statement::new(Basis::Ticket, text);
    let example = codes.iter().find(is_json).map(|code| said(format!("Start from the ticket's {}", code_span(code))));
    let media = codes.iter().find(is_media).map(|code| said(format!("Assert {} as its type", code_span(code))));
    example.into_iter().chain(media).collect()
}

/// What stands in code marks, without spaces at its ends.
fn code_marks(text: &str) -> Vec<String> {
    let is_even = text.matches('`').count().is_multiple_of(2);
    let marks = text.split('`').skip(1).step_by(2).filter(|_| is_even);
    marks.map(|code| clean(code.trim())).filter(|code| !code.is_empty()).collect()
}

/// A criterion that a later comment takes back: it must not come true.
pub fn taken_back(survey: &Survey<'_, '_>) -> Option<Statement> {
    let is_back = |id: &str| survey.overruled.iter().any(|(known, _)| known == id);
    let back = survey.asked.iter().find(|a| a.is_criterion && is_back(a.id))?;
    let text = format!("See that {}, which is taken back, does not come true: “{}”", back.id, shorten(back.text, 120));
    Some(Statement::new(Basis::Ticket, text))
}

/// What the measurement of a sentence that a group serves tries: no limit of time, which it measures.
pub fn of_measured(survey: &Survey<'_, '_>, text: &str, group: Option<usize>) -> Vec<Statement> {
    let Some(count) = forms::counted_of(text) else { return Vec::new() };
    let by = group.and_then(|group| means::counting(survey, group));
    std::iter::once(Statement::new(Basis::Ticket, count)).chain(by).collect()
}
