//! What a maintainer's later comment takes back of the ticket's own text.
//!
//! In: the [`Reading`]. Out: ids of criteria and requirements of the body, each with the sentence that outranks it. Only
//! a sentence that turns against something counts, and only where it speaks of the same things.

use std::collections::BTreeSet;

use super::reading::{Found, Reading};
use crate::model::plan::Place;
use crate::planner::words::terms;

/// Words by which a sentence turns against what was asked.
const AGAINST: &[&str] = &[
    "instead",
    "rather than",
    "keep the ",
    "keep it ",
    "don't ",
    "do not ",
    "no longer",
    "not do ",
    "please leave ",
    "drop the ",
];

/// What is outranked, in the order of the ticket.
pub fn of(reading: &Reading) -> Vec<(String, Found)> {
    let against = |f: &&Found| {
        let lower = f.text.to_lowercase().replace('’', "'");
        AGAINST.iter().any(|w| lower.contains(w))
    };
    let mut out: Vec<(String, Found)> = Vec::new();
    let title = terms(&reading.title);
    for found in reading.decisions.iter().filter(against) {
        // A comment says one thing: its sentences are read together.
        let whole: BTreeSet<String> =
            reading.decisions.iter().filter(|d| d.place == found.place).flat_map(|d| terms(&d.text)).collect();
        let is_whole = title.intersection(&whole).count() >= 2;
        let criteria = reading.criteria.iter().filter(|c| !c.done).map(|c| (&c.id, &c.text, &c.place));
        let all = criteria.chain(reading.requirements.iter().map(|r| (&r.id, &r.text, &r.place)));
        for (id, text, _) in all.filter(|(.., place)| !matches!(place, Place::Comment { .. })) {
            let is_meant = is_whole || terms(text).intersection(&whole).count() >= 3;
            if is_meant && out.iter().all(|(known, _)| known != id) {
                out.push((id.clone(), found.clone()));
            }
        }
    }
    out
}
