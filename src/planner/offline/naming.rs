//! The words of a test's name, from the sentence that the test shows.
//!
//! In: a sentence of the ticket. Out: a few lower-case words that end where a thought ends.

use super::flags;
use crate::planner::words::split_case;

/// The most words of a name.
const MOST: usize = 7;
/// Words that a name does without.
const IDLE: &[&str] = &[
    "the", "a", "an", "be", "can", "is", "are", "was", "it", "its", "i", "my", "we", "our", "should", "must", "shall",
    "will", "then", "given", "and", "that", "this", "there", "does", "do", "where", "also", "still", "just", "now",
];
/// Words after which a name cannot end.
const OPEN: &[&str] = &[
    "to", "of", "in", "on", "at", "by", "for", "from", "with", "as", "or", "when", "if", "before", "after", "not",
    "no", "what", "which", "who", "has", "have", "until", "into", "under", "over", "than", "like",
];
/// Words that begin another thought.
const CLAUSE: &[&str] = &["whose", "between", "because", "so", "but", "while", "as"];

/// The words of the sentence's first thought: of a scenario what follows “then”, else up to the first comma or dash that
/// leaves enough; never cut behind a word that needs another.
pub fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in commands(thought(text)).split(' ') {
        out.extend(token(part).into_iter().filter(|w| !IDLE.contains(&w.as_str())));
    }
    let begins = |word: &String| CLAUSE.contains(&word.as_str());
    if let Some(at) = out.iter().position(begins).filter(|at| *at >= 2) {
        out.truncate(at);
    }
    let is_open = |word: &String| OPEN.contains(&word.as_str());
    if out.len() > MOST {
        // a phrase that ends just here stays whole
        let whole = is_open(&out[MOST]);
        let joint = out[..MOST].iter().rposition(is_open).filter(|at| *at >= 3 && !whole);
        out.truncate(joint.unwrap_or(MOST));
    }
    while out.last().is_some_and(is_open) {
        out.pop();
    }
    out
}

/// A failure by what fails and when: “`Context.ClientIP` is empty when the header has a port” without how.
pub fn failure(title: &str) -> String {
    let joint = [" when ", " if ", " while "].iter().filter_map(|j| Some((title.find(j)?, j.len()))).min();
    let Some((at, length)) = joint else { return title.to_owned() };
    let is_name = |w: &&str| w.contains(['.', '_', '(', '`']) || w.chars().skip(1).any(char::is_uppercase);
    let words: Vec<&str> = title[..at].split(' ').collect();
    let subject =
        words.iter().find(|w| is_name(w)).or_else(|| words.iter().find(|w| !IDLE.contains(&w.to_lowercase().as_str())));
    let name = subject.map_or("", |w| w.trim_matches(['`', '(', ')']).rsplit(['.', ':', '#']).next().unwrap_or(w));
    format!("{name} {}", &title[at + length..])
}

/// The text with the command lines in its code marks told by their options: `fd --owner 1000` is “owner”.
fn commands(text: &str) -> String {
    let spans = text.split('`').enumerate().map(|(at, span)| match flags::named(span) {
        flags if at % 2 == 1 && !flags.is_empty() => {
            flags.iter().map(|f| f.trim_start_matches('-')).collect::<Vec<_>>().join(" ")
        }
        _ => span.to_owned(),
    });
    spans.collect::<Vec<_>>().join("`")
}

/// The part of a sentence that says what holds.
fn thought(text: &str) -> &str {
    let text = text.find("Then ").map_or(text, |at| &text[at + 5..]);
    let enough = |end: &usize| text[..*end].split(' ').count() >= 4;
    let ends = [", ", "; ", ": ", " – ", " — ", " (", ". "];
    let end = ends.iter().filter_map(|mark| text.find(mark)).filter(enough).min();
    &text[..end.unwrap_or(text.len())]
}

/// The words of one token: of a path or route its last part, of an amount its whole units.
fn token(token: &str) -> Vec<String> {
    let bare = token.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '%' | '_')));
    if bare == "%" {
        return vec!["percent".to_owned()];
    }
    let route = bare.split('?').next().unwrap_or(bare);
    let last = route.trim_end_matches('/').rsplit('/').next().unwrap_or(route);
    let is_amount = last.split_once('.').is_some_and(|(a, b)| [a, b].iter().all(|n| is_number(n)));
    let last = if is_amount { last.split('.').next().unwrap_or(last) } else { last };
    let words = last.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let words: Vec<&str> = words.collect();
    // Ranges, addresses and long numbers name nothing.
    if words.iter().all(|w| is_number(w)) && (words.len() > 1 || last.len() > 3) {
        return Vec::new();
    }
    words.into_iter().flat_map(split_case).map(str::to_ascii_lowercase).collect()
}

/// Digits only.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_named_by_what_fails_and_when() {
        let check = |title: &str, expected: &str| assert_eq!(words(&failure(title)).join(" "), expected);
        check(
            "Context.ClientIP returns an empty string when X-Forwarded-For has a port",
            "client ip x forwarded for has port",
        );
        check("Prompt hides default value when show_default is a string", "prompt show default string");
        check("Totals are cut", "totals cut");
    }

    #[test]
    fn names_end_where_a_thought_ends() {
        let check = |text: &str, expected: &str| assert_eq!(words(text).join(" "), expected);
        check("The total should be rounded to cents", "total rounded to cents");
        check("The coupon takes 20 % of 48.00, the gift card pays what is left", "coupon takes 20 percent of 48");
        check(
            "Checkout fails when a coupon meets a gift card and a second one",
            "checkout fails when coupon meets gift card",
        );
        check(
            "`GET /admin/orders/export.csv?from=1` answers with a CSV file of the orders",
            "get export csv answers with csv file",
        );
        check("`fd --owner 1000-2000` finds files whose uid is between 1000 and 2000", "owner finds files");
        check("`!1000-2000` negates the range as it does for a single owner", "negates range");
        check("203.0.113.7", "");
        check("Given one is on hand, When I start, Then it is held for me, And nobody sees it", "held for me");
    }
}
