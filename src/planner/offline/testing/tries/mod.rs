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
    code::{figures, guards},
    places::{
        site::Site,
        states::{self, Coined},
        todo::Act,
    },
    reading::routes,
    sections::{interface, security},
    unsaid,
};
use crate::{
    model::{
        context::{Symbol, SymbolKind},
        plan::{Action, Basis, Statement},
    },
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
        // One bullet on who may is enough.
        let is_told = self.survey.asked.iter().any(|a| security::says_who_may(a.text));
        out.extend(self.guarded(&new).filter(|_| !is_told));
        out.extend(self.charged(text));
        out.extend(self.opened(text));
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

    /// An amount of money: told as the code has it, where it does.
    fn charged(&self, text: &str) -> Option<Statement> {
        let amount = forms::amount(text)?;
        let figures = figures::of(&amount);
        let found = self.survey.code().find_map(|site| {
            let line = figures::line_with(site.text.as_deref()?, &figures)?;
            Some((site, line, site.around(line).filter(|s| s.kind == SymbolKind::Constant)?))
        });
        let Some((site, line, constant)) = found else {
            let said = format!("Expect “{}”, and nothing else", clean(&amount));
            return Some(Statement::new(Basis::Ticket, said));
        };
        let file = site.file().lines(line, line);
        let (name, shown) = (clean(&constant.name), clean(&amount));
        let said = format!("Expect what `{name}` (`{}`) holds for “{shown}”", file.label());
        Some(Statement::new(Basis::Repository, said).at(file))
    }

    /// The name by which something new is asked for: what looks it up where it is registered.
    fn opened(&self, text: &str) -> Option<Statement> {
        let value = text.split('`').skip(1).step_by(2).find_map(|code| code.split_once('?')?.1.split_once('='))?.1;
        let is_registry = |s: &&Site<'_>| s.todo.iter().any(|t| t.act == Act::Register(value.to_owned()));
        let site = self.survey.code().find(is_registry)?;
        let table = site.symbols.first()?;
        let symbols = site.context.tree.symbols(&site.path);
        let text = site.text.as_deref()?;
        let looks = |s: &&Symbol| {
            let lines = text.lines().zip(1_u32..).filter(|(_, at)| s.line <= *at && *at <= s.end_line);
            let indexed = format!("{}[", table.name);
            let got = format!("{}.get(", table.name);
            lines.into_iter().any(|(line, _)| line.contains(&indexed) || line.contains(&got))
        };
        let found = symbols.iter().filter(|s| s.line != table.line).find(looks)?;
        let file = site.file().lines(found.line, found.line);
        let said = format!("Ask `{}` (`{}`) for `{}`", clean(&found.name), file.label(), clean(value));
        Some(Statement::new(Basis::Repository, said).at(file))
    }

    /// A new route whose neighbour is guarded: asked without what the guard lets pass.
    fn guarded(&self, new: &[(String, String)]) -> Option<Statement> {
        let context = self.survey.contexts.first()?;
        let (method, path) = new.first()?;
        let beside = interface::sibling(context, self.survey.reading, method, path)?;
        let guard = guards::of(context, beside)?;
        let file = unsaid::line_of(self.survey, context, &guard.path, guard.line);
        let said = format!("Try it without what `{}` (`{}`) lets pass: refused", guard.name, file.label());
        Some(Statement::new(Basis::Repository, said).at(file))
    }
}

/// What the ticket itself shows of one more of a kind: an answer as JSON to start from, a media type to assert.
pub fn given(survey: &Survey<'_, '_>) -> Vec<Statement> {
    if !survey.sites.iter().any(|s| s.is_beside && s.action == Action::Create) {
        return Vec::new();
    }
    let codes: Vec<String> = survey.reading.sentences.iter().flat_map(|f| code_marks(&f.text)).collect();
    let is_media = |code: &&String| {
        let types = ["application/", "text/", "image/", "audio/", "video/"];
        types.iter().any(|start| code.starts_with(start)) && !code.contains([' ', '*'])
    };
    let said = |text: String| Statement::new(Basis::Ticket, text);
    let example =
        examples(survey).into_iter().next().map(|code| said(format!("Start from the ticket's {}", code_span(&code))));
    let media = codes.iter().find(is_media).map(|code| said(format!("Assert {} as its type", code_span(code))));
    example.into_iter().chain(media).collect()
}

/// Answers as JSON that the ticket shows in code marks.
pub fn examples(survey: &Survey<'_, '_>) -> Vec<String> {
    let is_json = |code: &String| code.starts_with(['{', '[']) && code.contains(':') && code.chars().count() <= LONGEST;
    survey.reading.sentences.iter().flat_map(|f| code_marks(&f.text)).filter(is_json).collect()
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
