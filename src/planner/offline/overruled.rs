//! What a maintainer's later comment takes back of the ticket's own text.
//!
//! In: the [`Reading`]. Out: ids of criteria and requirements of the body, each with the sentence that outranks it. Only
//! a sentence that turns against something counts, and only where it speaks of the same things.

use std::collections::BTreeSet;

use super::{
    Survey,
    code::edges,
    reading::{Found, Reading},
    work::steps::quote,
};
use crate::model::plan::{Basis, Place, Requirement, Statement};
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
        let is_kept = reading.decisions.iter().any(|d| d.place == found.place && keeps(&d.text));
        let is_whole = title.intersection(&whole).count() >= 2;
        let criteria = reading.criteria.iter().filter(|c| !c.done).map(|c| (&c.id, &c.text, &c.place));
        let all = criteria.chain(reading.requirements.iter().map(|r| (&r.id, &r.text, &r.place)));
        for (id, text, _) in all.filter(|(.., place)| !matches!(place, Place::Comment { .. })) {
            let is_meant = is_whole || terms(text).intersection(&whole).count() >= 3;
            if is_meant && !(is_kept && holds_today(reading, text)) && out.iter().all(|(known, _)| known != id) {
                out.push((id.clone(), found.clone()));
            }
        }
    }
    out
}

/// What is to be built in the place of what is taken back, for the head of the plan.
pub fn led(survey: &Survey<'_, '_>) -> Option<Statement> {
    let (_, by) = survey.overruled.first()?;
    let said = |r: &&Requirement| r.place == by.place;
    let built: Vec<&str> = survey.reading.requirements.iter().filter(said).map(|r| r.id.as_str()).collect();
    let taken_back: Vec<&str> = survey.overruled.iter().map(|(id, _)| id.as_str()).collect();
    let built = if built.is_empty() { "what it says".to_owned() } else { built.join(", ") };
    let text = format!("A later comment decides: build {built}, under “Settled”, and not {}", taken_back.join(", "));
    Some(Statement::new(Basis::Ticket, text).citing(quote(by)))
}

/// Is the name written only where the ticket asks for what a later comment takes back?
pub fn only_names(reading: &Reading, name: &str) -> bool {
    let back = of(reading);
    if back.is_empty() || edges::names(&reading.title, name) {
        return false;
    }
    let is_back = |id: &str| back.iter().any(|(known, _)| known == id);
    let (gone, live): (Vec<_>, Vec<_>) = reading.asked().partition(|(id, _)| is_back(id));
    let decided = reading.decisions.iter().map(|f| f.text.as_str());
    let names = |text: &str| edges::names(text, name);
    gone.iter().any(|(_, text)| names(text)) && !live.iter().map(|(_, text)| *text).chain(decided).any(names)
}

/// Does the sentence want what is there kept?
fn keeps(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["keep ", "leave "].iter().any(|w| lower.contains(w))
}

/// Does the ticket tell the same outcome of today? “60.00 ships for free” beside “a cart of 52.00 ships for free although
/// …”: what is kept as it is gives it too.
fn holds_today(reading: &Reading, text: &str) -> bool {
    const TURNS: &[&str] = &["although", "even though", "though", "today", "currently", "so far"];
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let own = words(text);
    let Some(tail) = own.len().checked_sub(3).map(|from| own[from..].join(" ")) else { return false };
    reading.sentences.iter().chain(&reading.findings).any(|told| {
        let lower = words(&told.text).join(" ");
        let holds = |part: &str| format!(" {part} ").contains(&format!(" {tail} "));
        TURNS.iter().filter_map(|turn| lower.split_once(turn)).any(|(before, behind)| {
            let said = if before.trim().is_empty() { behind } else { before };
            holds(said)
        })
    })
}
