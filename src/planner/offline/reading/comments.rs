//! What maintainers settled in later comments.

use super::{Found, Line, Shape, sentence::sentences};
use crate::planner::words::shorten;

/// Words by which a maintainer settles something.
const SETTLING: &[&str] = &[
    " let's ",
    " lets ",
    " we decided ",
    " decided ",
    " agreed ",
    " we'll ",
    " we will ",
    " instead",
    " don't ",
    " do not ",
    " must ",
    " should ",
    " out of scope",
    " not in scope",
    " rather ",
    " prefer ",
    " only ",
    " no need ",
    " not needed",
    " please ",
    " keep ",
    " drop ",
    " skip ",
    " go with ",
];

/// Sentences of maintainers' comments that settle something, newest last, at most twelve.
pub fn decisions(lines: &[Line]) -> Vec<Found> {
    let by_maintainers = lines.iter().filter(|l| l.by_maintainer && !matches!(l.shape, Shape::Code | Shape::Quote));
    let mut out: Vec<Found> = by_maintainers
        .flat_map(|line| sentences(&line.text).filter(|s| settles(s)).map(move |s| (line, s)))
        .map(|(line, s)| Found { text: shorten(s, 300), place: line.place.clone() })
        .collect();
    // The newest count most.
    let surplus = out.len().saturating_sub(12);
    out.drain(..surplus);
    out
}

/// Does the sentence settle something?
fn settles(sentence: &str) -> bool {
    let spaced = sentence.to_lowercase().replace('’', "'").replace([',', '.', ';', ':', '!', '(', ')'], " ");
    let padded = format!(" {spaced} ");
    let is_command = sentence.starts_with('/');
    !is_command
        && !sentence.ends_with('?')
        && sentence.split(' ').count() >= 3
        && SETTLING.iter().any(|word| padded.contains(word))
}
