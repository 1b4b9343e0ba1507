//! What is looked at after the release: figures of today that the ticket names, and who it says looks after it.
//!
//! In: the sentences of a ticket. Out: the sentences with a share or a count of today, and those that name support. Nothing
//! where the ticket says nothing.

use super::super::{Survey, reading::Found, work::steps::quote};
use crate::model::plan::{Basis, Statement};

/// The most sentences of each.
const MOST: usize = 2;
/// Longer sentences are not repeated, in characters.
const LONGEST: usize = 240;

/// Sentences that say how often or how much today: “94 % of the answers contain nothing new”.
pub fn figures(survey: &Survey<'_, '_>) -> Vec<Statement> {
    told(survey, |text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_share = |at: usize| {
            let is_number = words[at].starts_with(|c: char| c.is_ascii_digit());
            is_number && (words[at].ends_with('%') || words.get(at + 1).is_some_and(|next| next.starts_with('%')))
        };
        (0..words.len()).any(is_share)
    })
}

/// Sentences that say who is asked or woken when it does not work.
pub fn support(survey: &Survey<'_, '_>) -> Vec<Statement> {
    const WORDS: &[&str] = &["on call", "on-call", "support team", "helpdesk", "help desk", "hotline", "escalat"];
    told(survey, |text| {
        let lower = text.to_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
    })
}

/// The sentences that fit and that the plan asks nothing of.
fn told(survey: &Survey<'_, '_>, fits: fn(&str) -> bool) -> Vec<Statement> {
    let is_asked = |f: &Found| survey.asked.iter().any(|a| a.text == f.text);
    let found = survey.reading.sentences.iter().filter(|f| fits(&f.text) && !is_asked(f));
    let whole = found.filter(|f| f.text.chars().count() <= LONGEST);
    whole.take(MOST).map(|f| Statement::new(Basis::Ticket, format!("“{}”", f.text)).citing(quote(f))).collect()
}
