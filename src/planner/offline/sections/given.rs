//! What the ticket gives to build against: interfaces, formats and values that stand in its sentences and in nothing else
//! of the plan.
//!
//! In: the [`Survey`] and what the overview says already. Out: the ticket's sentences that hold code, as it writes them.

use super::super::{Survey, reading::Found, work::steps::quote};
use crate::model::plan::{Basis, Kind, Statement};

/// The most sentences, and the longest of them in characters.
const MOST: usize = 6;
const LONGEST: usize = 300;

/// The sentences that hold code and are said nowhere else.
pub fn of(survey: &Survey<'_, '_>, said: &[Statement]) -> Vec<Statement> {
    let reading = survey.reading;
    if reading.kind == Kind::Documentation {
        return Vec::new();
    }
    let known: Vec<&str> = survey
        .asked
        .iter()
        .map(|asked| asked.text)
        .chain(
            [&reading.decisions, &reading.findings, &reading.out_of_scope, &reading.reproduction]
                .into_iter()
                .flatten()
                .map(|f| f.text.as_str()),
        )
        .chain(reading.story.iter().map(|story| story.wants.as_str()))
        .chain(reading.expected.iter().chain(&reading.actual).map(|f| f.text.as_str()))
        .chain(said.iter().map(|s| s.text.as_str()))
        .collect();
    let is_new = |f: &&Found| known.iter().all(|text| !text.contains(f.text.as_str()) && !f.text.contains(text));
    let given = reading.sentences.iter().filter(|f| holds_code(&f.text) && f.text.chars().count() <= LONGEST);
    given
        .filter(is_new)
        .take(MOST)
        .map(|f| Statement::new(Basis::Ticket, format!("“{}”", f.text)).citing(quote(f)))
        .collect()
}

/// Does the sentence hold something in code marks that says more than a plain word?
fn holds_code(text: &str) -> bool {
    let spans = text.split('`').skip(1).step_by(2);
    let is_code = |span: &str| span.chars().any(|c| !c.is_lowercase()) && span.chars().count() >= 3;
    text.matches('`').count().is_multiple_of(2) && spans.into_iter().any(is_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_more_than_a_marked_word() {
        let check = |text: &str, expected: bool| assert_eq!(holds_code(text), expected, "{text}");
        check("Their API is `GET /v1/shipments/NUMBER`", true);
        check("States are `REGISTERED` and `SENT_BACK`", true);
        check("The `total` is wrong", false);
        check("An open ` mark", false);
        check("No code at all", false);
    }
}
