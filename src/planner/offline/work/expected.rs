//! What is expected, in parts: a sentence on what another file does is shown there.
//!
//! In: the [`Survey`]. Out: sentences with the group that gives them, and the rest. A whole sentence is never cut.

use super::super::{
    Survey,
    places::todo::{Act, Todo},
    reading::{is_demand, sentences},
};
use crate::planner::words::terms;

/// The sentences that lead to a file of another group than the first, with that group.
pub fn parts(survey: &Survey<'_, '_>) -> Vec<(usize, String)> {
    let Some(expected) = &survey.reading.expected else { return Vec::new() };
    let all: Vec<&str> = sentences(&expected.text).collect();
    let mut out: Vec<(usize, String)> = Vec::new();
    for (at, group) in survey.groups.iter().enumerate().filter(|(at, _)| *at != survey.first_code()) {
        let word = |t: &Todo| if let Act::Part(word) = &t.act { Some(word.clone()) } else { None };
        let words: Vec<String> = group.sites.iter().flat_map(|s| &s.todo).filter_map(word).collect();
        let speaks = |text: &str| words.iter().any(|word| terms(text).contains(word));
        let own: Vec<&str> = all.iter().copied().filter(|text| speaks(text)).collect();
        // Where nothing that can be asserted is left for the first, nothing is told apart.
        let asserts = |text: &&&str| text.contains(|c: char| c.is_ascii_digit()) || is_demand(text);
        if !own.is_empty() && all.iter().filter(|text| !own.contains(text)).any(|text| asserts(&text)) {
            out.push((at, own.join(" ")));
        }
    }
    out
}

/// What is expected without the parts of other groups.
pub fn rest(survey: &Survey<'_, '_>, whole: &str) -> String {
    let parts = parts(survey);
    let is_other = |text: &&str| !parts.iter().any(|(_, part)| part.contains(text));
    let own: Vec<&str> = sentences(whole).filter(is_other).collect();
    if parts.is_empty() || own.is_empty() { whole.to_owned() } else { own.join(" ") }
}
