//! What becomes of the one whose message fails: asked where one sentence lets the others go on, and another takes away what
//! was waited for.

use super::{Survey, question, says};
use crate::model::plan::{Basis, Citation, Question};

/// How a sentence lets the others go on.
const GOES_ON: &[&str] = &["not stop", "not prevent", "not block", "not affect", "not keep", "not abort"];
/// How a sentence takes something away.
const GONE: &[&str] = &["gone", "removed", "deleted", "cleared", "ended"];

/// Whether what failed is kept for another try.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let is_failing = |text: &str| {
        let lower = text.to_lowercase();
        let fails = ["cannot", "fails", "failed", "fail "].iter().any(|w| lower.contains(w));
        fails && GOES_ON.iter().any(|w| lower.contains(w)) && says(text, &["others", "other", "rest", "remaining"])
    };
    let one = survey.asked.iter().find(|a| is_failing(a.text))?;
    let takes = |text: &str| says(text, GONE) && says(text, &["mail", "mails", "message", "messages", "sms", "notice"]);
    let other = survey.asked.iter().find(|a| a.id != one.id && takes(a.text))?;
    // Where the ticket says so, nothing is open.
    let told = survey.reading.told.to_lowercase();
    if ["try again", "tried again", "retry", "retried", "is kept for"].iter().any(|w| told.contains(w)) {
        return None;
    }
    let ask = format!(
        "What becomes of the one of {} that fails: is it gone by {}, or kept and tried again?",
        one.id, other.id
    );
    let mut asked = question(ask, Vec::new(), "when what was waited for is taken away, and what a second run finds");
    let cite = |text: &str, place: &crate::model::plan::Place| Citation::Ticket {
        quote: text.to_owned(),
        place: place.clone(),
    };
    asked.ask = asked.ask.citing(cite(one.text, one.place)).citing(cite(other.text, other.place));
    asked.ask.basis = Basis::Ticket;
    Some(asked)
}
