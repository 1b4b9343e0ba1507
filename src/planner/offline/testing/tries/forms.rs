//! Forms of sentences, and the values at which what they tell can break.
//!
//! In: a sentence of the ticket. Out: what to try, the most telling first. English, as far as words are looked for; a
//! sentence in another language is told by its code marks alone.

use crate::planner::words::{clean, listed};

/// A sentence with what the rules look at.
struct Said<'a> {
    text: &'a str,
    lower: String,
    /// What stands in code marks.
    codes: Vec<&'a str>,
}

impl<'a> Said<'a> {
    fn new(text: &'a str) -> Self {
        let is_even = text.matches('`').count().is_multiple_of(2);
        let codes = if is_even { text.split('`').skip(1).step_by(2).collect() } else { Vec::new() };
        Self { text, lower: text.to_lowercase(), codes }
    }

    /// Does one of the phrases stand in it?
    fn has(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.lower.contains(phrase))
    }

    /// Is one of these words in it, as a word of its own?
    fn has_word(&self, words: &[&str]) -> bool {
        self.lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
    }

    /// The names in code marks.
    fn names(&self) -> Vec<&'a str> {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let is_name = |c: &&&str| c.starts_with(|c: char| c.is_alphabetic() || c == '_') && c.chars().all(is_part);
        self.codes.iter().filter(is_name).copied().collect()
    }
}

/// A form: what to try for a sentence that has it.
type Form = fn(&Said<'_>) -> Option<String>;

/// The most telling first.
const FORMS: &[Form] = &[
    both_ends, absent, crossed, marks, format, isolated, repeated, compared, unlogged, unknown, tolerated, counted,
    signed, retried, restarted, held, ordered, emptied, once, columns, amounts, seasons, days, address, quantity,
    condition, flagged, who,
];

/// What to try for a sentence.
pub fn of(text: &str) -> Vec<String> {
    let said = Said::new(text);
    FORMS.iter().filter_map(|form| form(&said)).collect()
}

/// What is counted for a sentence.
pub fn counted_of(text: &str) -> Option<String> {
    counted(&Said::new(text))
}

/// Does the sentence tell of times that go by a zone?
pub fn goes_by_zone(text: &str) -> bool {
    seasons(&Said::new(text)).is_some()
}

/// “from … to …, both included”.
fn both_ends(said: &Said<'_>) -> Option<String> {
    let ends = said.has(&["both included", "inclusive", "both ends included", "including both"]);
    let is_day = said.has_word(&["day", "days", "date", "dates"]);
    ends.then(|| match is_day {
        true => "Try something on the first day, on the last, on the day before and on the day after".to_owned(),
        false => "Try the first value, the last, and one outside at each end".to_owned(),
    })
}

/// “a missing or malformed `from`”.
fn absent(said: &Said<'_>) -> Option<String> {
    let names = said.names();
    let misses = ["a missing", "missing or", "or missing", "missing `", "are missing", "if missing", "when missing"];
    let is_missing = said.has(&misses) || said.has_word(&["absent", "omitted"]);
    let is_malformed = said.has_word(&["malformed", "invalid", "unreadable"]);
    let without: Vec<String> = names.iter().take(3).map(|name| format!("without `{name}`")).collect();
    match (is_missing, is_malformed, without.is_empty()) {
        (_, _, true) | (false, false, _) => None,
        (true, true, _) => Some(format!("Try {}, and with one that is malformed", without.join(", "))),
        (true, false, _) => Some(format!("Try {}", listed(&without))),
        (false, true, _) => Some(format!("Try `{}` malformed, and as it should be", names[0])),
    }
}

/// “`from` after `to`”.
fn crossed(said: &Said<'_>) -> Option<String> {
    let parts: Vec<&str> = said.text.split('`').collect();
    let is_crossed = |between: &str| ["after", "before", "greater than", "less than"].contains(&between.trim());
    let at = (2..parts.len().saturating_sub(1)).step_by(2).find(|at| is_crossed(parts[*at]))?;
    (said.codes.len() >= 2).then(|| format!("Try `{}` equal to `{}`", parts[at - 1], parts[at + 1]))
}

/// “(`=`, `+`, `-`, `@` at the beginning)”.
fn marks(said: &Said<'_>) -> Option<String> {
    let is_mark = |code: &&&str| !code.trim().is_empty() && code.chars().all(|c| c.is_ascii_punctuation());
    let marks: Vec<String> = said.codes.iter().filter(is_mark).map(|code| format!("`{code}`")).collect();
    let begins = said.has(&["at the beginning", "at the start", "begins with", "begin with", "starts with", "leading"]);
    (marks.len() >= 2).then(|| match begins {
        true => format!("Try one that begins with each of {}, and one that has them further in", listed(&marks)),
        false => format!("Try one with each of {}, and one with none of them", listed(&marks)),
    })
}

/// Formats in which some characters mean something.
fn format(said: &Said<'_>) -> Option<String> {
    let is_format = |names: &[&str]| said.has_word(names);
    if is_format(&["csv"]) {
        Some("Try values with a comma, with a quotation mark and with a line break".to_owned())
    } else if is_format(&["ndjson", "jsonl"]) || said.has(&["newline-delimited", "json lines"]) {
        Some("Try a value with a line break in it, and no element at all".to_owned())
    } else if is_format(&["xml", "html"]) {
        Some("Try values with `<`, `&` and quotation marks".to_owned())
    } else {
        None
    }
}

/// “one that fails does not stop the others”.
fn isolated(said: &Said<'_>) -> Option<String> {
    let goes_on = said.has(&["not stop", "not prevent", "not block", "not affect", "not keep", "not abort"]);
    let is_among = said.has_word(&["others", "other", "rest", "remaining"]);
    (goes_on && is_among).then(|| "Try three, of which the one in the middle fails: the third gets through".to_owned())
}

/// “a second request changes nothing”.
fn repeated(said: &Said<'_>) -> Option<String> {
    let again = said.has_word(&["second", "again", "twice", "repeated", "duplicate", "retried"]);
    let same = said.has(&["nothing", "only once", "no effect", "idempotent", "not twice", "just once"]);
    (again && same).then(|| "Try the same twice: what is kept is counted after each".to_owned())
}

/// “with the same body”.
fn compared(said: &Said<'_>) -> Option<String> {
    let what = ["body", "answer", "response", "message", "text"]
        .into_iter()
        .find(|what| said.has(&[&format!("the same {what}"), &format!("same {what}")]))?;
    Some(format!("Compare the {what} of the one case with that of the other, whole"))
}

/// “must not be logged”.
fn unlogged(said: &Said<'_>) -> Option<String> {
    let hidden = ["not be logged", "never logged", "not logged", "not log ", "not appear in the log", "out of the log"];
    (said.has(&hidden) && !said.has(&["no error", "not an error"]))
        .then(|| "Catch what is logged, where it works and where it fails, and search it for the value".to_owned())
}

/// “an unknown state is skipped”.
fn unknown(said: &Said<'_>) -> Option<String> {
    let is_unknown = said.has_word(&["unknown", "unrecognised", "unrecognized", "unsupported"]);
    let is_left = said.has_word(&["skipped", "skip", "ignored", "ignore", "dropped", "omitted"]);
    (is_unknown && is_left).then(|| "Try an unknown one between two that are known: these two stay".to_owned())
}

/// “404 is no error”.
fn tolerated(said: &Said<'_>) -> Option<String> {
    let status = said
        .lower
        .split(|c: char| !c.is_alphanumeric())
        .find(|w| w.len() == 3 && w.parse::<u16>().is_ok_and(|s| (300..600).contains(&s)))?;
    let other = if status == "500" { "503" } else { "500" };
    said.has(&["no error", "not an error"])
        .then(|| format!("Try {status}, and {other}, which the ticket does not let pass"))
}

/// “at most two queries however long the page is”.
fn counted(said: &Said<'_>) -> Option<String> {
    const CALLS: &[&str] = &["query", "queries", "request", "requests", "call", "calls"];
    let is_limit = said.has(&["at most", "no more than", "a single", "only one"]);
    let call = said.lower.split(|c: char| !c.is_alphanumeric()).find(|w| CALLS.contains(w))?;
    let many = match call.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if call.ends_with('s') => call.to_owned(),
        None => format!("{call}s"),
    };
    let most = said.lower.split_once("at most ").and_then(|(_, rest)| rest.split(' ').next());
    let bound = match most.filter(|word| is_number(word)) {
        Some(number) => format!("at most {number} each time"),
        None => "as many".to_owned(),
    };
    is_limit.then(|| format!("Count the {many}, for one element and for many: {bound}"))
}

/// A number, as a word or in figures.
fn is_number(word: &str) -> bool {
    ["one", "two", "three", "four", "five", "ten"].contains(&word) || word.parse::<u32>().is_ok()
}

/// “signed with HMAC-SHA256 over the body”.
fn signed(said: &Said<'_>) -> Option<String> {
    let is_signed = said.has(&["is signed", "are signed", "be signed", "signs "]);
    (is_signed || said.has_word(&["signature", "hmac"]))
        .then(|| "Compute the signature anew over the bytes that arrived; over a changed byte it differs".to_owned())
}

/// “sent again, with growing pauses”.
fn retried(said: &Said<'_>) -> Option<String> {
    let again = said.has(&["sent again", "tried again", "is retried", "are retried", "retries", "backoff"]);
    let grows = said.has(&["growing", "exponential", "longer", "backoff"]);
    again.then(|| match grows {
        true => "Try two failures, then a success: the second pause is the longer one, and nothing follows".to_owned(),
        false => "Try two failures, then a success: nothing follows".to_owned(),
    })
}

/// “survives a restart”.
fn restarted(said: &Said<'_>) -> Option<String> {
    said.has(&["survives a restart", "survive a restart", "after a restart", "across restarts", "survive restarts"])
        .then(|| "Try a stop between keeping and doing, and a new start on the same store: it is done once".to_owned())
}

/// “after everyone who joined before me”.
fn ordered(said: &Said<'_>) -> Option<String> {
    let in_order =
        said.has(&["in order", "sorted by", "ordered by", "newest first", "oldest first", "most recent first"]);
    let in_turn = said.has(&["who joined before", "in the order", "first come", "in turn", "the next on the list"]);
    match (in_turn, in_order) {
        (true, _) => Some("Try three that come one after the other: first, second, third".to_owned()),
        (false, true) => Some("Try three of them, made in another order than the one that is expected".to_owned()),
        _ => None,
    }
}

/// “gets a secret back once”.
fn once(said: &Said<'_>) -> Option<String> {
    said.has(&["back once", "shown once", "only shown once"])
        .then(|| "See that no later answer and no line of a log holds it".to_owned())
}

/// “Columns: `a`, `b`, `c`”.
fn columns(said: &Said<'_>) -> Option<String> {
    let names = said.names();
    let is_list = said.has_word(&["columns", "fields", "keys", "properties", "attributes"]);
    (is_list && names.len() >= 3).then(|| format!("Try one in which all {} are filled", names.len()))
}

/// “amounts like `1234.50`”.
fn amounts(said: &Said<'_>) -> Option<String> {
    let is_amount = |c: &&&str| c.contains('.') && c.chars().all(|c| c.is_ascii_digit() || c == '.');
    let amount = said.codes.iter().find(is_amount)?;
    said.has_word(&["amount", "amounts", "price", "prices", "sum", "total", "totals"])
        .then(|| format!("Try amounts of 0, of less than 1 and of `{amount}`"))
}

/// “it is held for me for two hours”.
fn held(said: &Said<'_>) -> Option<String> {
    let holds = ["is held for", "are held for", "held for me", "is reserved for", "are reserved for", "is locked for"];
    said.has(&holds).then(|| {
        "Try to take it while it is held: refused to somebody else, done for the one it is held for".to_owned()
    })
}

/// “… and to everyone when the list is empty”.
fn emptied(said: &Said<'_>) -> Option<String> {
    let (_, behind) = said.lower.split_once("when the ")?;
    let (what, _) = behind.split_once(" is empty")?;
    let is_short = what.split(' ').count() <= 3 && what.chars().all(|c| c.is_alphanumeric() || c == ' ');
    is_short.then(|| format!("Try it with an empty {what}"))
}

/// “25,00 Euro”: an amount of money, in any language.
pub fn amount(text: &str) -> Option<String> {
    const MONEY: &[&str] = &["euro", "euros", "eur", "€", "usd", "dollars", "chf", "gbp", "£", "$"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ')' | '(' | ':')).to_owned();
    let is_amount = |word: &str| {
        let word = bare(word);
        word.contains(['.', ',']) && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    let at = (0..words.len().saturating_sub(1))
        .find(|at| is_amount(words[*at]) && MONEY.contains(&bare(words[at + 1]).to_lowercase().as_str()))?;
    Some(format!("{} {}", bare(words[at]), bare(words[at + 1])))
}

/// “the routes are behind a flag”.
fn flagged(said: &Said<'_>) -> Option<String> {
    let is_behind = said.has(&["behind a flag", "behind the flag", "behind a feature flag", "behind a toggle"]);
    (is_behind && !said.codes.is_empty()).then(|| "Try it with the flag off and with it on".to_owned())
}

/// “an hour off since the clocks changed”.
fn seasons(said: &Said<'_>) -> Option<String> {
    let shifts = ["hour off", "hour early", "hour late", "hour ahead", "hours off", "clocks change", "summer time"];
    (said.has(&shifts) || said.has(&["daylight saving", "time zone", "timezone"]))
        .then(|| "Try a time in January and one in July".to_owned())
}

/// “on the same day”.
fn days(said: &Said<'_>) -> Option<String> {
    let by_day = ["same day", "selben tag", "gleichen tag", "même jour", "mismo día", "until the day before"];
    said.has(&by_day).then(|| "Try it on that day, on the day before, and at either side of midnight".to_owned())
}

/// “an https address”.
fn address(said: &Said<'_>) -> Option<String> {
    let is_given = said.has_word(&["https"]) && said.has_word(&["address", "addresses", "url", "urls"]);
    is_given.then(|| "Try an `http:` address, one of this machine, and what is no address".to_owned())
}

/// New routes with a parameter: what nobody has; what is taken out a second time.
pub fn resources(new: &[(String, String)]) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    for (method, path) in new {
        let parts: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').collect();
        let is_parameter = |part: &str| part.starts_with(':') || part.starts_with('{') || part.starts_with('<');
        let at = (1..parts.len()).find(|at| is_parameter(parts[*at]));
        if let Some(at) = at.filter(|_| out.is_empty()) {
            out.push(format!("{} that does not exist", with_article(&singular(parts[at - 1]))));
        }
        if method == "DELETE" {
            out.push(format!("`DELETE {}` twice", clean(path)));
        }
    }
    (!out.is_empty()).then(|| format!("Try {}", listed(&out)))
}

/// `subscriptions` → `subscription`, `deliveries` → `delivery`.
fn singular(segment: &str) -> String {
    let plain = clean(segment).replace(['-', '_'], " ");
    match (plain.strip_suffix("ies"), plain.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.ends_with('s') => stem.to_owned(),
        _ => plain,
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// “every waiting customer gets one mail”.
fn quantity(said: &Said<'_>) -> Option<String> {
    const ENDS: &[&str] = &[
        "gets", "get", "is", "are", "has", "have", "of", "in", "to", "on", "with", "from", "by", "that", "which",
        "must", "should", "can", "will", "and", "for", "shows", "needs",
    ];
    const NO_THINGS: &[&str] = &[
        "second", "minute", "hour", "day", "week", "month", "year", "time", "request", "case", "other", "step", "one",
    ];
    let words: Vec<&str> = said.text.split_whitespace().collect();
    let is_every = |w: &str| ["every", "each"].contains(&w.to_lowercase().as_str());
    let at = words.iter().position(|w| is_every(w))?;
    let noun: Vec<&str> = words[at + 1..].iter().take_while(|w| !ENDS.contains(w)).take(4).copied().collect();
    let ends = noun.iter().position(|w| w.ends_with([',', '.', ';', ':']));
    let noun = ends.map_or(noun.as_slice(), |end| &noun[..=end]).join(" ");
    let noun = clean(noun.trim_end_matches([',', '.', ';', ':'])).replace('`', "");
    let last = noun.rsplit(' ').next().unwrap_or_default();
    let is_thing = (1..=3).contains(&noun.split(' ').count()) && last.chars().count() >= 3 && last.is_ascii();
    let is_counted = is_thing && !NO_THINGS.contains(&last.to_lowercase().as_str());
    is_counted.then(|| format!("Try none, one and two of “{} {noun}”", words[at].to_lowercase()))
}

/// “… while the product is on hand”, “Given that …”: the other side of the condition.
fn condition(said: &Said<'_>) -> Option<String> {
    const JOINTS: &[&str] = &["while", "when", "if", "unless", "whenever"];
    const ENDS: &[char] = &[',', '.', ';', ')', ':', '—'];
    let words: Vec<&str> = said.text.split_whitespace().collect();
    let lower = |at: usize| words[at].trim_start_matches('(').to_lowercase();
    let is_scenario = words.first().is_some_and(|w| w.eq_ignore_ascii_case("given"));
    let start = if is_scenario { 0 } else { (0..words.len()).find(|at| JOINTS.contains(&lower(*at).as_str()))? };
    let from = words.get(start + 1..)?;
    let end = from.iter().position(|w| w.ends_with(ENDS));
    // A condition that comes first ends at its comma; without one nobody can tell where.
    let clause = match end {
        Some(end) if from[end].ends_with([',', ';', ')', '.']) => &from[..=end],
        Some(_) => return None,
        None if start > 0 => from,
        None => return None,
    };
    let text = clean(&clause.join(" "));
    let text = text.trim_end_matches(ENDS);
    let has_verb = text.split(' ').any(|w| {
        ["is", "are", "has", "have", "was", "were", "goes", "does"].contains(&w) || w.len() > 3 && w.ends_with('s')
    });
    let fits = (3..=12).contains(&clause.len()) && has_verb && text.matches('`').count().is_multiple_of(2);
    let what = outcome(said, start).filter(|_| fits && !is_scenario)?;
    Some(format!("Try it where “{text}” does not hold: {what}"))
}

/// What a sentence says of its condition's other side: another status, another value, nothing.
fn outcome(said: &Said<'_>, start: usize) -> Option<String> {
    let lower = said.lower.as_str();
    let status = lower
        .split(|c: char| !c.is_alphanumeric())
        .find(|w| w.len() == 3 && w.parse::<u16>().is_ok_and(|s| (200..600).contains(&s)));
    // “(0 when it is free)”.
    let before = said.text.split_whitespace().nth(start.saturating_sub(1)).unwrap_or_default();
    let value = before.strip_prefix('(').filter(|value| value.chars().all(|c| c.is_ascii_digit() || c == '.'));
    let happens = start == 0 && said.has(&[" gets ", " get ", " is sent", " are sent", " is told", " are told"]);
    match (status, value) {
        (Some(status), _) => Some(format!("not {status}")),
        (None, Some(value)) => Some(format!("not {value}")),
        (None, None) => happens.then(|| "nothing of it happens".to_owned()),
    }
}

/// “only staff get it; everybody else …”.
fn who(said: &Said<'_>) -> Option<String> {
    let signed_in = said.has(&["signed-in", "signed in", "logged-in", "logged in", "authenticated"]);
    let only = said.has(&["everybody else", "everyone else", "nobody else", "others get", "without permission"]);
    match (signed_in, only) {
        (true, _) => Some("Try it without a sign-in".to_owned()),
        (false, true) => Some("Try it as nobody, as somebody who may not, and as somebody who may".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_tried_at_its_edges() {
        let check = |text: &str, expected: &[&str]| assert_eq!(of(text), expected, "{text}");
        check(
            "the file holds the orders placed on these days, both included",
            &["Try something on the first day, on the last, on the day before and on the day after"],
        );
        check(
            "`from` after `to`, or a missing or malformed date, is answered by 422",
            &["Try without `from`, without `to`, and with one that is malformed", "Try `from` equal to `to`"],
        );
        check(
            "A cell that runs as a formula (`=`, `+` at the beginning) is written so that it does not",
            &["Try one that begins with each of `=` and `+`, and one that has them further in"],
        );
        check(
            "the request is refused with 409 while the product is on hand",
            &["Try it where “the product is on hand” does not hold: not 409"],
        );
        check(
            "when `onHand` goes from 0 to more, every waiting customer gets one mail",
            &[
                "Try none, one and two of “every waiting customer”",
                "Try it where “`onHand` goes from 0 to more” does not hold: nothing of it happens",
            ],
        );
        check(
            "a mail that cannot be sent does not stop the others",
            &["Try three, of which the one in the middle fails: the third gets through"],
        );
        check(
            "a second request for the same product changes nothing and answers 200",
            &["Try the same twice: what is kept is counted after each"],
        );
        check(
            "404 means that it is not known yet: that is no error",
            &["Try 404, and 500, which the ticket does not let pass"],
        );
        check(
            "with at most two queries however long the page is",
            &["Count the queries, for one element and for many: at most two each time"],
        );
        check("An unknown state should be skipped", &["Try an unknown one between two that are known: these two stay"]);
    }

    #[test]
    fn a_new_route_is_asked_for_what_nobody_has() {
        let check = |method: &str, path: &str, expected: Option<&str>| {
            let found = resources(&[(method.to_owned(), path.to_owned())]);
            assert_eq!(found.as_deref(), expected, "{method} {path}");
        };
        check("GET", "/deliveries/{id}", Some("Try a delivery that does not exist"));
        check(
            "DELETE",
            "/orders/:id/notes",
            Some("Try an order that does not exist and `DELETE /orders/:id/notes` twice"),
        );
        check("GET", "/orders", None);
    }

    #[test]
    fn nothing_is_tried_for_a_sentence_without_an_edge() {
        let price = "the priced cart says how much is missing to free shipping, as `missing`";
        for text in [
            price,
            "signed-up people",
            "The endpoint is in docs/api.md",
            "Support the carrier Kattegat",
            "合計を丸める",
            "",
            "`",
            "when",
        ] {
            assert_eq!(of(text), Vec::<String>::new(), "{text}");
        }
    }
}
