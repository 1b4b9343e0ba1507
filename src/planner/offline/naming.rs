//! The words of a test's name, from the sentence that the test shows.
//!
//! In: a sentence of the ticket. Out: a few lower-case words that end where a thought ends.

use super::flags;
use crate::planner::words::split_case;

/// The most words of a name.
const MOST: usize = 9;
/// Words that a name does without.
const IDLE: &[&str] =
    &["the", "a", "an", "its", "my", "our", "your", "their", "also", "still", "just", "now", "then", "yet", "instead"];
/// Words after which a name cannot end.
const OPEN: &[&str] = &[
    "to", "of", "in", "on", "at", "by", "for", "from", "with", "as", "or", "and", "when", "if", "before", "after",
    "not", "no", "what", "which", "who", "has", "have", "until", "into", "under", "over", "than", "like", "is", "are",
    "be", "does", "do", "can", "cannot", "that", "while",
];
/// Words that begin another thought.
const CLAUSE: &[&str] = &["whose", "between", "because", "so", "but", "like", "whatever"];
/// Words that begin one that a short name keeps.
const JOINT: &[&str] = &["and", "or", "while", "until", "when"];
/// Words of a subject that a test leaves out: “I am offered a slot” is “offered slot”.
const SUBJECT: &[&str] = &["i", "we", "you", "it", "there"];
/// Words by which a sentence tells its condition first.
const CONDITION: &[&str] =
    &["When ", "when ", "If ", "if ", "After ", "after ", "Before ", "before ", "Once ", "once "];

/// The words of the sentence's first thought: of a scenario what follows “then”, of a condition what it leads to; told as
/// what holds (“is refused” for “must be refused”), and never cut behind a word that needs another.
pub fn words(text: &str) -> Vec<String> {
    let told = told(thought(&commands(&without_asides(text))));
    let mut out: Vec<String> =
        told.iter().flat_map(|part| token(part)).filter(|w| !IDLE.contains(&w.as_str())).collect();
    if out.first().is_some_and(|w| w == "they") {
        // Who “they” are stands in another sentence.
        return Vec::new();
    }
    if out.first().is_some_and(|w| SUBJECT.contains(&w.as_str())) {
        out.remove(0);
        out.drain(..usize::from(out.first().is_some_and(|w| ["am", "is", "are", "can"].contains(&w.as_str()))));
    }
    let is_as =
        |at: usize| out[at] == "as" && out.get(at + 1).is_some_and(|w| ["it", "on", "we"].contains(&w.as_str()));
    let begins = |at: &usize| CLAUSE.contains(&out[*at].as_str()) || is_as(*at);
    if let Some(at) = (2..out.len()).find(begins) {
        out.truncate(at);
    }
    shorten(&mut out);
    out
}

/// Cuts a name that is too long where a thought ends, and what it cannot end with.
fn shorten(out: &mut Vec<String>) {
    let is_open = |word: &String| OPEN.contains(&word.as_str());
    if out.len() > MOST {
        // a phrase that ends just here stays whole
        let whole = is_open(&out[MOST]);
        let clause = out[..=MOST].iter().rposition(|w| JOINT.contains(&w.as_str())).filter(|at| *at >= 3);
        let joint = out[..MOST].iter().rposition(is_open).filter(|at| *at >= 3 && !whole);
        out.truncate(clause.or(joint).unwrap_or(MOST));
    }
    while out.last().is_some_and(is_open) {
        out.pop();
    }
}

/// The sentence without what stands in parentheses, and without “, or …,” in front of its verb.
fn without_asides(text: &str) -> String {
    let mut out = text.replace("'s ", "s ").replace("’s ", "s ");
    while let Some(open) = out.find(" (") {
        let Some(close) = out[open..].find(')') else { break };
        out.replace_range(open..open + close + 1, "");
    }
    let verbs = [", is ", ", are ", ", must ", ", should "];
    if let (Some(open), Some(close)) = (out.find(", or "), verbs.iter().filter_map(|v| out.find(v)).min())
        && open < close
    {
        out.replace_range(open..close + 1, "");
    }
    out
}

/// The words with what should hold told as what holds.
fn told(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    let is_modal = |w: &&str| matches!(w.to_lowercase().as_str(), "must" | "should" | "shall");
    let Some(at) = words.iter().position(is_modal) else {
        return words.into_iter().map(str::to_owned).collect();
    };
    // A condition without a comma ends right before the subject.
    let is_condition = CONDITION.iter().any(|c| text.starts_with(c));
    let first = if is_condition { at.saturating_sub(2) } else { 0 };
    let subject = at.checked_sub(1).map_or("", |at| words[at]).to_lowercase();
    let is_many =
        subject == "they" || (subject.ends_with('s') && !["ss", "us", "is"].iter().any(|e| subject.ends_with(e)));
    let mut rest = &words[at + 1..];
    let negated = rest.first() == Some(&"not");
    rest = &rest[usize::from(negated)..];
    let verb = rest.first().copied().unwrap_or_default();
    let mut out: Vec<String> = words[first..at].iter().map(|w| (*w).to_owned()).collect();
    out.push(match (verb, negated, is_many) {
        ("be", _, true) => "are".to_owned(),
        ("be", _, false) => "is".to_owned(),
        (_, true, true) => "do".to_owned(),
        (_, true, false) => "does".to_owned(),
        (verb, false, true) => verb.to_owned(),
        (verb, false, false) => third_person(verb),
    });
    out.extend(negated.then(|| "not".to_owned()));
    let keeps_verb = negated && verb != "be";
    out.extend(rest[usize::from(!keeps_verb && !rest.is_empty())..].iter().map(|w| (*w).to_owned()));
    out
}

/// `takes` of `take`.
fn third_person(verb: &str) -> String {
    match verb {
        "have" => "has".to_owned(),
        _ if ["s", "x", "ch", "sh", "o"].iter().any(|end| verb.ends_with(end)) => format!("{verb}es"),
        _ => format!("{verb}s"),
    }
}

/// Is the sentence told in English, as names of tests are? A few small words of other languages say no.
pub fn is_english(text: &str) -> bool {
    const OTHERS: &[&str] = &[
        "der", "das", "und", "ein", "eine", "einen", "wird", "werden", "nicht", "mit", "vom", "ist", "para", "una",
        "con", "los", "las", "del", "les", "une", "des", "est", "dans", "avec", "pour", "sont",
    ];
    let words = text.split(|c: char| !c.is_alphanumeric()).take(200);
    words.filter(|w| OTHERS.contains(&w.to_lowercase().as_str())).count() < 2
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
    let is_modal = |part: &str| [" must ", " should ", " shall "].iter().any(|w| part.contains(w));
    let condition = text.split_once(", ").filter(|(before, behind)| {
        CONDITION.iter().any(|c| before.starts_with(c)) && !is_modal(before) && behind.split(' ').count() >= 3
    });
    let text = condition.map_or(text, |(_, behind)| behind);
    let enough = |end: &usize| text[..*end].split(' ').count() >= 4;
    let ends = [", ", "; ", ": ", " – ", " — ", ". "];
    let end = ends.iter().filter_map(|mark| text.find(mark)).filter(enough).min();
    // A heading and its list make no sentence.
    let is_list = |(head, list): (&str, &str)| !head.contains(' ') && list.matches(", ").count() >= 2;
    if text.split_once(": ").is_some_and(is_list) {
        return text.split(':').next().unwrap_or_default();
    }
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
        check("Prompt hides default value when show_default is a string", "prompt show default is string");
        check("Totals are cut", "totals are cut");
    }

    #[test]
    fn a_sentence_in_another_language_gives_no_name() {
        assert!(!is_english("Ein Termin mit Status `late` erscheint in der Rechnung"));
        assert!(is_english("The mail is sent with the report") && is_english("Don't die on des"));
    }

    #[test]
    fn names_end_where_a_thought_ends() {
        let check = |text: &str, expected: &str| assert_eq!(words(text).join(" "), expected);
        check("The total should be rounded to cents", "total is rounded to cents");
        check("The coupon takes 20 % of 48.00, the gift card pays what is left", "coupon takes 20 percent of 48");
        check(
            "Checkout fails when a coupon meets a gift card and a second one",
            "checkout fails when coupon meets gift card",
        );
        check(
            "`GET /admin/orders/export.csv?from=1` answers with a CSV file of the orders",
            "get export csv answers with csv file of orders",
        );
        check("`fd --owner 1000-2000` finds files whose uid is between 1000 and 2000", "owner finds files");
        check("`!1000-2000` negates the range as it does for a single owner", "negates range");
        check("203.0.113.7", "");
        check("a mail that cannot be sent does not stop the others", "mail that cannot be sent does not stop others");
        check(
            "when `onHand` goes from 0 to more, every waiting customer gets one mail, and so on",
            "every waiting customer gets one mail",
        );
        check(
            "a second request for the same product changes nothing and answers 200",
            "second request for same product changes nothing",
        );
        check("Both cases must answer 401 with the same body.", "both cases answer 401 with same body");
        check("The answer's JSON must not change.", "answers json does not change");
        check(
            "A page of 100 should take under 150 ms at p95, with two queries",
            "page of 100 takes under 150 ms at p95",
        );
        check(
            "After 5 failed attempts within 15 minutes further attempts must be refused with 429, whatever comes",
            "further attempts are refused with 429",
        );
        check(
            "A cell that a spreadsheet would run as a formula (`=`, `+`) is written so that it does not",
            "cell that spreadsheet would run as formula is written",
        );
        check(
            "`from` after `to`, or a missing date, is answered by 422 with our body",
            "from after to is answered by 422 with body",
        );
        check("Columns: `order_id`, `placed_at`, `email`, `status`", "columns");
        check("They should be told instead.", "");
        check("There is no limit on attempts.", "no limit on attempts");
        check("Given one is on hand, When I start, Then it is held for me, And nobody sees it", "held for me");
    }
}
