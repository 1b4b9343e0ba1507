//! How long something lasts that a sentence only calls late or in time.
//!
//! In: the sentences that are asked. Out: a question, where the ticket names no span of time at all.

use super::{Survey, question};
use crate::model::plan::{Basis, Citation, Question};

/// How a sentence tells of a span that it does not name.
const VAGUE: &[&str] =
    &[" in time", "for a while", "for some time", "too long", "after a while", "times out", "expires", "soon enough"];
/// Units of time.
const UNITS: &[&str] = &["second", "minute", "hour", "day", "week", "month", "year", "ms", "sekunde", "stunde", "tage"];

/// Numbers as words.
const NUMBERS: &[&str] = &["one", "two", "three", "four", "five", "six", "ten", "twelve", "zwei", "drei"];

/// How long it lasts.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let lower = survey.reading.told.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_unit = |word: &str| UNITS.contains(&word.strip_suffix('s').unwrap_or(word)) || UNITS.contains(&word);
    let is_number = |word: &str| word.parse::<u32>().is_ok() || NUMBERS.contains(&word);
    let names_span = words.windows(2).any(|pair| is_number(pair[0]) && is_unit(pair[1]));
    let found = survey.asked.iter().filter(|_| !names_span).find_map(|asked| {
        let text = asked.text.to_lowercase();
        VAGUE.iter().find(|word| text.contains(**word)).map(|word| (asked, word.trim()))
    });
    let (asked, word) = found?;
    let ask = format!("How long is that: {} says “{word}”, and the ticket names no span", asked.id);
    let mut asked_for =
        question(ask, Vec::new(), "what is kept with the time, what ends it, and what its test waits for");
    let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
    asked_for.ask = asked_for.ask.citing(cited);
    asked_for.ask.basis = Basis::Ticket;
    Some(asked_for)
}
