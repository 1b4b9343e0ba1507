//! Figures and spans of time that a sentence sets as a limit: tried on both sides.
//!
//! In: a sentence. Out: what to try. A figure counts behind a word that makes it a limit (“after 5 failed attempts”).

use crate::planner::words::clean;

/// Words behind which a figure is a limit.
const LIMITS: &[&str] = &[
    "after", "under", "over", "below", "above", "within", "until", "least", "most", "than", "last", "first", "top",
    "for",
];
/// Units of time.
const UNITS: &[&str] = &["second", "minute", "hour", "day", "week", "month", "year"];
/// Numbers as words.
const NUMBERS: &[&str] = &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"];
/// Words behind a span by which it is waited for.
const PASSING: &[&str] = &["pass", "passes", "later", "old", "ago", "without", "over"];
/// The highest whole figure whose neighbours are told.
const HIGHEST: u32 = 10_000;

/// Limits in figures that are no spans of time.
pub fn of(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = (1..words.len()).filter_map(|at| {
        let limit = words[at - 1].to_lowercase();
        let figure = bare(words[at]);
        let is_limit = LIMITS.contains(&limit.as_str()) && limit != "for";
        if !is_limit || words.get(at + 1).is_some_and(|unit| is_unit(unit)) {
            return None;
        }
        let shown = quoted(&words[at - 1..(at + 2).min(words.len())]);
        if let Ok(whole) = figure.parse::<u32>() {
            let is_counted = (1..=HIGHEST).contains(&whole) && words.get(at + 1).is_some_and(|w| is_noun(w));
            let status = (limit == "after").then(|| status(&words[at..])).flatten();
            return is_counted.then(|| match status {
                Some(status) => format!("Try {whole} of them, then one more, which answers {status} ({shown})"),
                None => format!("Try {}, {whole} and {} of them ({shown})", whole - 1, whole + 1),
            });
        }
        is_decimal(figure).then(|| format!("Try just below, at and just above {shown}"))
    });
    found.take(2).collect()
}

/// The only status of HTTP that the words end in: “are refused with 429”.
fn status<'w>(words: &[&'w str]) -> Option<&'w str> {
    let is_status = |word: &&str| word.len() == 3 && word.parse::<u16>().is_ok_and(|s| (400..600).contains(&s));
    let mut found = words.iter().skip(1).map(|word| bare(word)).filter(is_status);
    found.next().filter(|_| found.next().is_none())
}

/// Spans of time that are waited for: “within 15 minutes”, “two hours pass”.
pub fn spans(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = (1..words.len()).filter_map(|at| {
        let number = bare(words[at - 1]).to_lowercase();
        let is_number = number.parse::<u32>().is_ok() || NUMBERS.contains(&number.as_str()) || number == "a";
        if !is_unit(words[at]) || !is_number {
            return None;
        }
        let before = at.checked_sub(2).map(|b| words[b].to_lowercase());
        let is_limit = before.as_deref().is_some_and(|w| LIMITS.contains(&w));
        let is_passing = words.get(at + 1).is_some_and(|w| PASSING.contains(&bare(w).to_lowercase().as_str()));
        let span = quoted(&words[at - 1..=at]);
        (is_limit || is_passing).then(|| format!("Try just before and just after {span}"))
    });
    found.take(1).collect()
}

fn is_unit(word: &str) -> bool {
    let bare = bare(word).to_lowercase();
    UNITS.contains(&bare.strip_suffix('s').unwrap_or(&bare))
}

/// A word that can be counted, and no sign, figure or code.
fn is_noun(word: &str) -> bool {
    bare(word).chars().count() >= 3 && bare(word).chars().all(|c| c.is_alphabetic() || c == '-')
}

fn is_decimal(figure: &str) -> bool {
    figure.split_once('.').is_some_and(|(whole, decimals)| {
        [whole, decimals].iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn quoted(words: &[&str]) -> String {
    let text = clean(&words.join(" ")).replace('`', "");
    format!("“{}”", text.trim_end_matches([',', '.', ';', ':', ')']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_tried_on_both_sides() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = of(text).into_iter().chain(spans(text)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "After 5 failed attempts for an account within 15 minutes further attempts must be refused with 429",
            &[
                "Try 5 of them, then one more, which answers 429 (“After 5 failed”)",
                "Try just before and just after “15 minutes”",
            ],
        );
        check("When two hours pass without an answer", &["Try just before and just after “two hours”"]);
        check("shows the last 100 attempts with status", &["Try 99, 100 and 101 of them (“last 100 attempts”)"]);
        check("sent again, with growing pauses, for 24 hours; then", &["Try just before and just after “24 hours”"]);
        check("orders under 49.00 pay shipping", &["Try just below, at and just above “under 49.00 pay”"]);
        check("The number of waiting deliveries is logged every minute", &[]);
        check("the request is refused with 409", &[]);
    }
}
