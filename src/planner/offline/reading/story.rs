//! Stories: "As a … I want … so that …".

use super::Story;
use crate::planner::words::shorten;

/// "As a customer, I want to keep my cart so that I can pay later".
pub fn story(line: &str) -> Option<Story> {
    let lower = line.to_ascii_lowercase();
    let start = ["as a ", "as an ", "as the "].iter().find(|s| lower.starts_with(**s)).map(|_| 3)?;
    let (want_at, want_len) = [
        "i want to be able to ",
        "i want to ",
        "i want ",
        "i would like to ",
        "i'd like to ",
        "i need to ",
        "i can ",
        "we want to ",
    ]
    .iter()
    .find_map(|w| lower.find(w).map(|at| (at, w.len())))?;
    if want_at < start {
        return None;
    }
    let who = line[start..want_at].trim_matches([' ', ',', '*']).to_owned();
    let rest = &lower[want_at + want_len..];
    let (wants, so_that) =
        match rest.find("so that ").map(|at| (at, 8)).or_else(|| rest.find("in order to ").map(|at| (at, 12))) {
            Some((at, len)) => {
                let base = want_at + want_len;
                (&line[base..base + at], Some(tidy(&line[base + at + len..])))
            }
            None => (&line[want_at + want_len..], None),
        };
    let wants = tidy(wants);
    (!who.is_empty() && !wants.is_empty()).then(|| Story {
        who: shorten(&who, 120),
        wants,
        so_that,
        place: Default::default(),
    })
}

/// Without the punctuation at its ends.
fn tidy(text: &str) -> String {
    shorten(text.trim_matches([' ', ',', '.', '*', ';']), 240)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_are_taken_apart() {
        let s = story("As a shopper, I want to keep my cart so that I can pay later.").expect("it is a story");
        assert_eq!((s.who.as_str(), s.wants.as_str()), ("a shopper", "keep my cart"));
        assert_eq!(s.so_that.as_deref(), Some("I can pay later"));
    }
}
