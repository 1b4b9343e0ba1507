//! Finds what a template left to be filled: `[FEATURE_NAME]`, `[Low/High]`, `[what it is for]`, `{{name}}`, `Item 1`.
//!
//! In: prose or code. Out: the first placeholder. Brackets of code (`items[i]`), of Markdown (`[text](address)`, `[ ]`) and
//! of numbers are none.

/// Words that stand alone in brackets only where something is to be filled in.
const NOUNS: &[&str] = &[
    "approach",
    "author",
    "choice",
    "component",
    "date",
    "description",
    "estimate",
    "feature",
    "field",
    "impact",
    "link",
    "metrics",
    "mitigation",
    "name",
    "owner",
    "placeholder",
    "rationale",
    "reason",
    "requirements",
    "resource",
    "risk",
    "status",
    "steps",
    "strategy",
    "targets",
    "team",
    "ticket",
    "title",
    "type",
    "url",
    "value",
    "version",
];

/// Nouns that templates number.
const NUMBERED: &[&str] =
    &["dependency", "item", "phase", "question", "requirement", "step", "task", "test case", "test step"];

/// The first placeholder of prose, code marks included.
pub fn in_prose(text: &str) -> Option<String> {
    braces(text).or_else(|| brackets(text, true, is_placeholder)).or_else(|| whole_line(text))
}

/// The first placeholder of a line of code: only words in brackets that no language has.
pub fn in_code(line: &str) -> Option<String> {
    brackets(line, false, |body| is_name(body) || (body.contains(' ') && is_shouted(body)) || is_noun(body))
}

/// Text without its code marks and quotes, in which a repository or a ticket speaks.
pub fn own_words(text: &str) -> String {
    let outside_code: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(outside_code.len());
    let mut depth = 0usize;
    for c in outside_code.chars() {
        match c {
            '“' => depth += 1,
            '”' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// `{{name}}`.
fn braces(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("{{")?;
    let (body, _) = rest.split_once("}}")?;
    Some(format!("{{{{{body}}}}}"))
}

/// The first pair of brackets whose inside waits to be replaced.
fn brackets(text: &str, has_links: bool, waits: impl Fn(&str) -> bool) -> Option<String> {
    let mut at = 0;
    while let Some(found) = text[at..].find('[') {
        let open = at + found;
        let inside = &text[open + 1..];
        let end = inside.find(']')?;
        let (body, after) = (&inside[..end], &inside[end + 1..]);
        let is_index = text[..open].ends_with(|c: char| c.is_alphanumeric() || "_)]".contains(c));
        let is_link = has_links && after.starts_with('(');
        let is_tick = body.eq_ignore_ascii_case("x") && text[..open].trim().is_empty();
        if !is_index && !is_link && !is_tick && waits(body) {
            return Some(format!("[{body}]"));
        }
        at = open + 1;
    }
    None
}

/// Does the text in brackets wait to be replaced?
fn is_placeholder(body: &str) -> bool {
    is_shouted(body) || is_noun(body) || is_name(body) || is_choice(body) || is_phrase(body)
}

/// `FEATURE_NAME`, `H/M/L`, `X`; no number.
fn is_shouted(body: &str) -> bool {
    body.chars().any(char::is_alphabetic)
        && body.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " _-|/,".contains(c))
}

/// One of the nouns, in any case.
fn is_noun(body: &str) -> bool {
    NOUNS.contains(&body.to_ascii_lowercase().as_str())
}

/// `field_name`, `feature-name`.
fn is_name(body: &str) -> bool {
    let mut parts = body.split(['_', '-']);
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let count = body.split(['_', '-']).count();
    count > 1 && parts.all(is_word) && body.rsplit(['_', '-']).next().is_some_and(is_noun)
}

/// `Low/Medium/High`, `Todo|Done`: words that begin with capitals, to choose one of.
fn is_choice(body: &str) -> bool {
    let is_word = |part: &str| part.starts_with(|c: char| c.is_uppercase()) && part.chars().all(char::is_alphabetic);
    let mut parts = body.trim_end_matches("etc.").trim_end_matches(['/', ' ']).split(['/', '|']);
    body.contains(['/', '|']) && parts.all(is_word)
}

/// Several words of prose.
fn is_phrase(body: &str) -> bool {
    let is_prose = |c: char| c.is_alphanumeric() || " '’,.;:/&%()|-+_#".contains(c);
    let mut words = body.split_whitespace();
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let is_long = body.trim().contains(' ') && words.any(is_word);
    (is_long && body.chars().all(is_prose)) || body.starts_with("e.g.")
}

/// `Requirement 1`, `A | B | C` as the whole of a statement.
fn whole_line(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let is_numbered = NUMBERED.iter().any(|noun| {
        lower.strip_prefix(noun).is_some_and(|rest| rest.trim().parse::<u32>().is_ok() && rest.starts_with(' '))
    });
    let parts: Vec<&str> = text.split(" | ").collect();
    let is_short = |part: &&str| part.starts_with(char::is_uppercase) && part.split(' ').count() < 4;
    let is_choice = parts.len() > 2 && parts.iter().all(is_short);
    (is_numbered || is_choice).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_to_be_filled_is_told_from_brackets_that_mean_something() {
        let check = |text: &str, expected: bool| assert_eq!(in_prose(text).is_some(), expected, "{text}");
        for left in [
            "Takes [X days/weeks]",
            "# Plan: [THING_NAME]",
            "for [Y] callers",
            "Hello {{name}}",
            "[Say how it fits]",
            "[Small/Large/Huge]",
            "[A/B/C]",
            "[Rust/Ruby/etc.]",
            "[ONE|TWO|THREE]",
            "a `[column_name]` of `[type]`",
            "by [Date]",
            "[Choice with a reason]",
            "[e.g. 10%]",
            "[who's told]",
            "[ABC-12, ABC-13]",
            "[2-3 words of what it's for]",
            "[Queues, topics, and so on]",
            "Requirement 1",
            "Test case 12",
            "Open | Doing | Done",
        ] {
            check(left, true);
        }
        for meant in [
            "index [0] of `items[i]`",
            "a [link](x) and [x] done",
            "[ ] open",
            "`values[MAX_SIZE]` and `map[name]`",
            "cites [12]",
            "Requirement 1 is met by `total`",
            "a | b",
        ] {
            check(meant, false);
        }
    }

    #[test]
    fn code_has_brackets_of_its_own() {
        let check = |line: &str, expected: bool| assert_eq!(in_code(line).is_some(), expected, "{line}");
        check("[feature-name]/src", true);
        check("  [field_name]: [type]", true);
        check("CREATE TABLE [TABLE NAME] (", true);
        check("let a = [first, second];", false);
        check("#[derive(Debug)]", false);
        check("values[index]", false);
        check("[dependencies]", false);
    }

    #[test]
    fn quotes_and_code_are_not_the_planners_words() {
        assert_eq!(own_words("a `[X]` b “[FIX] c” d"), "a   b  d");
    }
}
