//! How somebody answers: asked where a ticket waits for an answer and nothing in it says how one is given.

use super::Survey;
use crate::model::plan::{Basis, Citation, Question, Statement};

/// How a sentence waits for an answer of a person.
const WAITS: &[&str] = &[
    "without an answer",
    "without answering",
    "without a reply",
    "does not answer",
    "do not answer",
    "not confirmed within",
];
/// How a sentence says that one is given.
const GIVES: &[&str] =
    &["accept", "declin", "confirm", "reject", "answers with", "answer with", "replies with", "repl"];

/// How the answer is given that a sentence waits for.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let holds = |text: &str, words: &[&str]| words.iter().any(|word| text.to_lowercase().contains(word));
    let waiting = survey.asked.iter().find(|a| holds(a.text, WAITS))?;
    if survey.asked.iter().any(|a| holds(a.text, GIVES)) {
        return None;
    }
    let cited = Citation::Ticket { quote: waiting.text.to_owned(), place: waiting.place.clone() };
    let ask = format!("How is the answer given that {} waits for? No sentence of the ticket says it", waiting.id);
    Some(Question {
        ask: Statement::new(Basis::Ticket, ask).citing(cited),
        decides: "which route or message takes it, and who may".to_owned(),
    })
}
