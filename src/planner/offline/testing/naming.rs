//! The words of a test's name, from the sentence that the test shows.
//!
//! In: a sentence of the ticket. Out: its lower-case words, told as what holds; or none, where a name would say less or
//! something else than the sentence. Never a name that ends before the clause that carries the meaning.

use super::super::places::flags;
use crate::planner::words::{is_deed, split_case};

/// Words by which a sentence talks to its reader, or goes on from the one before.
const TALK: &[&str] = &[
    "we",
    "you",
    "because",
    "since",
    "so",
    "but",
    "and",
    "or",
    "nor",
    "which",
    "although",
    "though",
    "however",
    "note",
    "instead",
    "otherwise",
    "therefore",
    "thus",
    "hence",
    "maybe",
    "perhaps",
    "actually",
    "basically",
    "also",
];
/// The most words of a name.
const MOST: usize = 16;
/// Words that change nothing.
const IDLE: &[&str] = &["also", "still", "just", "now", "then", "please"];
/// Words that point out of the sentence.
const OUTSIDE: &[&str] = &["such", "this", "these", "those", "above", "below", "following", "latter", "former", "here"];
/// Words that stand for a thing told before.
const PRONOUNS: &[&str] = &["it", "they", "them", "he", "she"];
/// Words behind which a pronoun stands for a thing of the same sentence.
const JOINTS: &[&str] = &[
    "that", "so", "when", "if", "before", "after", "until", "while", "because", "where", "and", "as", "once", "unless",
];
/// Words by which a part behind a mark changes what was said before it.
const LIMITS: &[&str] =
    &["but", "except", "unless", "only", "not", "without", "if", "when", "otherwise", "or", "save", "however", "until"];
/// Words by which a sentence tells its condition first.
const CONDITION: &[&str] = &["when", "if", "after", "before", "once", "while"];
/// Words that are the verb of a sentence, whatever stands around them.
const VERBS: &[&str] = &["is", "are", "has", "have", "can", "cannot", "does", "do", "will", "gets", "was", "were"];
/// Prepositions and determiners: a word behind one is no verb, and a subject ends before a preposition.
const PREPOSITIONS: &[&str] =
    &["of", "for", "in", "on", "with", "from", "by", "at", "to", "as", "per", "under", "than", "into", "over", "about"];
const DETERMINERS: &[&str] =
    &["the", "a", "an", "all", "both", "our", "your", "my", "its", "their", "no", "any", "some"];

/// The words of the whole sentence: of a scenario what follows “then” and “when”; told as what holds (“is refused” for
/// “must be refused”).
pub fn words(text: &str) -> Option<Vec<String>> {
    let text = commands(&long_forms(&without_asides(text)?));
    // A text in quotation marks is told by its letters, or not at all.
    let is_quote = |mark: char| text.split(mark).skip(1).step_by(2).any(|quote| quote.contains(' '));
    if is_quote('"') || text.contains('“') {
        return None;
    }
    let first = text.split([' ', ',']).next().unwrap_or_default().to_lowercase();
    if TALK.contains(&first.as_str()) {
        return None;
    }
    let parts = match text.starts_with("Given ") || text.contains("Then ") {
        true => scenario(&text)?,
        false => statement(&text),
    };
    let mut out = Vec::new();
    for part in parts.split(' ').filter(|w| !w.is_empty()) {
        out.extend(token(part)?);
    }
    out.retain(|w| !IDLE.contains(&w.as_str()));
    if out.len() > MOST {
        let at = (4..MOST).rev().find(|at| out[*at] == "and" && out.get(at + 1).is_some_and(|w| begins_verb(w)))?;
        out.truncate(at);
    }
    let has_modal = text.to_lowercase().split(' ').any(is_modal);
    (out.len() >= 3 && is_sentence(&out, has_modal) && is_closed(&out)).then_some(out)
}

/// Does a verb that shares the subject begin with this word?
fn begins_verb(word: &str) -> bool {
    const OTHERS: &[&str] = &["answers", "returns", "gives", "shows", "takes", "take", "keeps"];
    VERBS.contains(&word) || OTHERS.contains(&word)
}

/// Does it say that something holds? A word in -s is its verb where neither an article nor a preposition is before it.
fn is_sentence(words: &[String], has_modal: bool) -> bool {
    let is_noun_place = |w: &str| PREPOSITIONS.contains(&w) || DETERMINERS.contains(&w) || w == "and" || w == "or";
    let ends = |w: &str| w.len() > 3 && w.ends_with('s') && !w.ends_with("ss") && !w.ends_with("us");
    let is_verb = |at: usize| {
        let word = words[at].as_str();
        VERBS.contains(&word) || at > 0 && ends(word) && !is_noun_place(&words[at - 1])
    };
    let first = words[0].as_str();
    let is_order =
        is_deed(first) && !["get", "delete"].contains(&first) || matches!(first, "do" | "does" | "is" | "can");
    !is_order && (has_modal || (0..words.len()).any(is_verb))
}

/// Does every word that stands for a thing stand for one that the words name?
fn is_closed(words: &[String]) -> bool {
    let is_determiner = |at: usize| words[at] == "that" && PREPOSITIONS.contains(&words[at - 1].as_str());
    words.iter().enumerate().all(|(at, word)| {
        let word = word.as_str();
        let before = at.checked_sub(1).map_or("", |at| words[at].as_str());
        let is_open = PRONOUNS.contains(&word) && !(at > 2 && JOINTS.contains(&before));
        let is_early = ["its", "their"].contains(&word) && at < 2 || word == "that" && at == 0;
        !(OUTSIDE.contains(&word) || is_open || is_early || at > 0 && is_determiner(at))
    })
}

/// The sentence without what stands in parentheses; none where that limits what is said.
fn without_asides(text: &str) -> Option<String> {
    let mut out = text.to_owned();
    while let Some(open) = out.find(" (") {
        let Some(length) = out[open..].find(')') else { break };
        let aside = out[open + 2..open + length].to_lowercase();
        if aside.split(' ').any(|w| LIMITS.contains(&w)) {
            return None;
        }
        out.replace_range(open..open + length + 1, "");
    }
    Some(out)
}

/// `cannot` of “can't”, `is not` of “isn't”, `it is` of “it's”, `the answers` of “the answer's”.
fn long_forms(text: &str) -> String {
    let whole = |word: &str| {
        let word = word.replace('’', "'");
        match word.split_once("n't") {
            Some(("ca", rest)) => format!("cannot{rest}"),
            Some(("wo", rest)) => format!("will not{rest}"),
            Some((verb, rest)) => format!("{verb} not{rest}"),
            None if ["it's", "that's", "there's"].contains(&word.to_lowercase().as_str()) => word.replace("'s", " is"),
            None => word.replace("'s", "s"),
        }
    };
    text.split(' ').map(whole).collect::<Vec<_>>().join(" ")
}

/// “Given a, When b, Then c, And d”: c when b.
fn scenario(text: &str) -> Option<String> {
    let (before, then) = text.split_once("Then ")?;
    let then = [", And ", ", But ", "; "].iter().filter_map(|m| then.find(m)).min().map_or(then, |at| &then[..at]);
    let when = before.rsplit_once("When ")?.1.trim_end_matches([' ', ',']);
    Some(format!("{} when {when}", told(then)))
}

/// A sentence up to the mark where another thought begins, its condition behind what it leads to.
fn statement(text: &str) -> String {
    let text = &text[..end(text)];
    let first = text.split(' ').next().unwrap_or_default().to_lowercase();
    let is_condition = CONDITION.contains(&first.as_str());
    match text.split_once(", ").filter(|(_, main)| is_condition && main.split(' ').count() >= 3) {
        Some((condition, main)) => {
            format!("{} {}{}", told(main), condition[..1].to_ascii_lowercase(), &told(condition)[1..])
        }
        None => told(text),
    }
}

/// Where a thought of four words or more ends, and what follows does not limit it.
fn end(text: &str) -> usize {
    const MARKS: &[&str] = &[
        "; ",
        ": ",
        " – ",
        " — ",
        ". ",
        ", because ",
        " because ",
        ", whatever ",
        ", as in ",
        ", like ",
        ", and so on",
    ];
    let is_end = |at: usize, mark: &str| {
        let next = text[at + mark.len()..].split([' ', ',']).next().unwrap_or_default().to_lowercase();
        text[..at].split(' ').count() >= 4 && !LIMITS.contains(&next.as_str())
    };
    let found = MARKS.iter().flat_map(|mark| text.match_indices(mark)).filter(|(at, mark)| is_end(*at, mark));
    found.map(|(at, _)| at).min().unwrap_or(text.len())
}

/// Does the word say that something has to hold?
fn is_modal(word: &str) -> bool {
    matches!(word, "must" | "should" | "shall")
}

/// The words with what should hold told as what holds.
fn told(text: &str) -> String {
    let mut out: Vec<String> = text.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let mut subject: Option<bool> = None;
    while let Some(at) = out.iter().position(|w| is_modal(&w.to_lowercase())) {
        let is_shared = at > 0 && matches!(out[at - 1].as_str(), "and" | "or" | "but");
        let is_many = match subject.filter(|_| is_shared) {
            Some(known) => known,
            // Another verb came first: it tells.
            None if is_shared => out[..at].iter().any(|w| ["are", "have", "do", "were"].contains(&w.as_str())),
            None => is_many(&out[..at]),
        };
        let rest = out.split_off(at + 1);
        out.pop();
        out.extend(holds(&rest, is_many));
        subject = Some(is_many);
    }
    out.join(" ")
}

/// What follows “must”, as what holds.
fn holds(rest: &[String], is_many: bool) -> Vec<String> {
    let is_adverb = |w: &&String| {
        w.ends_with("ly") || ["never", "always", "also", "no", "longer", "ever", "still"].contains(&w.as_str())
    };
    let is_negated = rest.first().is_some_and(|w| w == "not");
    let rest = &rest[usize::from(is_negated)..];
    let adverbs = rest.iter().take_while(is_adverb).count();
    let Some(verb) = rest.get(adverbs) else { return rest.to_vec() };
    let not = || is_negated.then(|| "not".to_owned());
    let mut out: Vec<String> = Vec::new();
    if verb == "be" {
        out.push(if is_many { "are" } else { "is" }.to_owned());
        out.extend(not());
        out.extend_from_slice(&rest[..adverbs]);
    } else if is_negated {
        out.extend([if is_many { "do" } else { "does" }.to_owned(), "not".to_owned()]);
        out.extend_from_slice(&rest[..=adverbs]);
    } else {
        out.extend_from_slice(&rest[..adverbs]);
        out.push(if is_many { verb.clone() } else { third_person(verb) });
    }
    out.extend_from_slice(&rest[adverbs + 1..]);
    out
}

/// Does the subject name many?
fn is_many(before: &[String]) -> bool {
    let is_condition = before.first().is_some_and(|w| CONDITION.contains(&w.to_lowercase().as_str()));
    let from = if is_condition { before.len().saturating_sub(1) } else { 0 };
    let words: Vec<String> = before[from..].iter().map(|w| w.to_lowercase()).collect();
    let end = (1..words.len()).find(|at| PREPOSITIONS.contains(&words[*at].as_str()) || words[*at] == "that");
    let head = words[..end.unwrap_or(words.len())].last().map_or("", |w| w.trim_end_matches([',', '`']));
    let is_plural = head.ends_with('s') && !["ss", "us", "is"].iter().any(|e| head.ends_with(e));
    is_plural || ["i", "we", "you", "they"].contains(&head) || words.iter().any(|w| w == "and")
}

/// `takes` of `take`.
fn third_person(verb: &str) -> String {
    let is_consonant = |c: char| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match verb.strip_suffix('y') {
        _ if verb == "have" => "has".to_owned(),
        Some(stem) if stem.ends_with(is_consonant) => format!("{stem}ies"),
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

/// The words of one token: of a route its parts, of a round amount its whole units. None for what letters and digits
/// cannot tell: an operator, a comparison, a range, a version.
fn token(token: &str) -> Option<Vec<String>> {
    let bare =
        token.trim_matches(|c| matches!(c, '`' | '"' | '“' | '”' | '\'' | ',' | '.' | ';' | ':' | '(' | ')' | '*'));
    match bare {
        "" if !token.contains('`') => return Some(Vec::new()),
        "%" => return Some(vec!["percent".to_owned()]),
        _ if bare.starts_with(['!', '<', '>', '=', '~', '^', '$', '€', '£', '#', '-', '+']) => return None,
        _ => {}
    }
    let bare = bare.split('?').find(|part| !part.is_empty()).unwrap_or(bare);
    // What stands for any value names a route only at its end.
    let is_value = |part: &&str| part.starts_with([':', '{', '<']);
    let last = bare.matches('/').count();
    let parts = bare.split('/').enumerate().filter(|(at, part)| *at == last || !is_value(part));
    let bare = parts.map(|(_, part)| part).collect::<Vec<_>>().join("/");
    let bare = bare.as_str();
    let (bare, percent) = bare.strip_suffix('%').map_or((bare, false), |b| (b, true));
    let joined = bare.split_once(',').filter(|(a, b)| is_number(a) && is_number(b) && b.len() == 3);
    let bare = joined.map_or(bare.to_owned(), |(a, b)| format!("{a}{b}"));
    let amount = bare.split_once('.').filter(|(a, b)| is_number(a) && is_number(b));
    let bare = amount.filter(|(_, cents)| cents.bytes().all(|b| b == b'0')).map_or(bare.as_str(), |(whole, _)| whole);
    let words: Vec<&str> = bare.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() || words.len() > 1 && words.iter().all(|w| is_number(w)) && amount.is_none() {
        return None;
    }
    let words = words.into_iter().flat_map(split_case).map(str::to_ascii_lowercase);
    Some(words.chain(percent.then(|| "percent".to_owned())).collect())
}

/// Digits only.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_in_another_language_gives_no_name() {
        assert!(!is_english("Ein Termin mit Status `late` erscheint in der Rechnung"));
        assert!(is_english("The mail is sent with the report") && is_english("Don't die on des"));
    }

    #[test]
    fn a_name_tells_the_whole_sentence_as_what_holds() {
        let check = |text: &str, expected: &str| {
            assert_eq!(words(text).map(|w| w.join(" ")).as_deref(), Some(expected), "{text}");
        };
        check("The total should be rounded to cents", "the total is rounded to cents");
        check("The coupon takes 20 % of 48.00; the gift card pays what is left", "the coupon takes 20 percent of 48");
        check(
            "`GET /admin/orders/export.csv?from=1` answers with a CSV file of the orders",
            "get admin orders export csv answers with a csv file of the orders",
        );
        check(
            "`fd --owner 1000-2000` finds files whose uid is between 1000 and 2000",
            "owner finds files whose uid is between 1000 and 2000",
        );
        check(
            "a mail that cannot be sent doesn't stop the others",
            "a mail that cannot be sent does not stop the others",
        );
        check(
            "when `onHand` goes from 0 to more, every customer gets one mail, and so on",
            "every customer gets one mail when on hand goes from 0 to more",
        );
        check(
            "a second request for the same product changes nothing and answers 200",
            "a second request for the same product changes nothing and answers 200",
        );
        check("Both cases must answer 401 with the same body.", "both cases answer 401 with the same body");
        check("The answer's JSON must not change.", "the answers json does not change");
        check("A list of orders must only show open ones", "a list of orders only shows open ones");
        check("The key must be read once and must never be logged", "the key is read once and is never logged");
        check("The key comes from a file and must not be logged", "the key comes from a file and is not logged");
        check("`GET /shops/{id}/carts` answers with all carts", "get shops carts answers with all carts");
        check("Each worker should retry failed jobs", "each worker retries failed jobs");
        check(
            "After 5 failed attempts within 15 minutes further attempts must be refused with 429, whatever comes",
            "after 5 failed attempts within 15 minutes further attempts are refused with 429",
        );
        check(
            "Given the shelf is empty, When I order a plant, Then the order is refused, And I am told",
            "the order is refused when i order a plant",
        );
    }

    #[test]
    fn a_sentence_that_a_name_cannot_tell_gives_none() {
        let check = |text: &str| assert_eq!(words(text), None, "{text}");
        // Cut anywhere it would say the opposite.
        check(
            "A cell that any spreadsheet in use would ever run as a formula (`=`, `+`) is written so that it does not",
        );
        check("Orders are listed (only for staff)");
        // What the words point to stands elsewhere.
        check("Only staff get it; everybody else gets 401");
        check("They should be told instead.");
        check("We don't want everyone to have to escape their paths");
        check("Because the rule handles methods other than private ones");
        check("`?format=ndjson` should give it.");
        check("A request to `/x` must be handled by the route of such a group");
        check("Then the slot is free for that day when it was given back");
        // Letters cannot tell them.
        check("`!1000-2000` negates the range as it does for a single owner");
        check("Counts `>= 5` are shown in red");
        check("203.0.113.7");
        // No behaviour.
        check("Columns: `order_id`, `placed_at`, `email`, `status`");
        check("Add an option for the depth of the search");
        check("Documentation for the option");
        check("The form shows “is already in use” when a name is taken");
    }
}
