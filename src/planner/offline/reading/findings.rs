//! What the ticket reports as it is today: the items below a line that says so (“Found by the external test:”).
//!
//! In: the lines of a ticket. Out: the sentences of such items that demand nothing, with their places.

use super::{
    Found, Line, Shape,
    headings::Role,
    sentence::{is_demand, sentences},
};
use crate::planner::words::shorten;

/// Words of the line above such a list.
const SAYS: &[&str] = &[
    "found",
    "finding",
    "findings",
    "observed",
    "noticed",
    "seen",
    "reported",
    "symptom",
    "symptoms",
    "today",
    "currently",
    "problem",
    "problems",
];
/// The most sentences that are kept, and the longest, in characters.
const MOST: usize = 8;
const LONGEST: usize = 300;

/// Is each line an item of such a list? Where nothing else in the ticket demands something, its items are the wishes.
pub fn marks(lines: &[Line]) -> Vec<bool> {
    let demands = |line: &Line| line.shape == Shape::Prose && sentences(&line.text).any(is_demand);
    if !lines.iter().any(demands) {
        return vec![false; lines.len()];
    }
    let mut is_below = false;
    lines
        .iter()
        .map(|line| {
            let is_item = matches!(line.shape, Shape::Item);
            if !is_item {
                is_below = line.shape == Shape::Prose && line.role == Role::Free && introduces(&line.text);
            }
            is_item && is_below
        })
        .collect()
}

/// The sentences of these items that demand nothing.
pub fn of(lines: &[Line]) -> Vec<Found> {
    let marks = marks(lines);
    let items = lines.iter().zip(marks).filter(|(_, is_finding)| *is_finding).map(|(line, _)| line);
    let told = items.flat_map(|line| sentences(&line.text).map(move |sentence| (line, sentence)));
    let kept = told.filter(|(_, sentence)| !is_demand(sentence));
    kept.take(MOST).map(|(line, text)| Found { text: shorten(text, LONGEST), place: line.place.clone() }).collect()
}

/// Does the line lead over to a list of what was found?
fn introduces(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.ends_with([':', '：']) && lower.split(|c: char| !c.is_alphanumeric()).any(|w| SAYS.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_what_was_found_are_told_from_wishes() {
        for line in ["Found by the external test (finding 4, high):", "What happens today:", "We noticed two problems:"]
        {
            assert!(introduces(line), "{line}");
        }
        for line in ["We want:", "Found by the external test", "The new page shows:"] {
            assert!(!introduces(line), "{line}");
        }
    }
}
