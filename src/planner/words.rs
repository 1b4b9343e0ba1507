//! Words: cleaning outside text, and the terms by which two texts are compared.
//!
//! In: any text. Out: clean text, or a set of terms. Linear in the text's length; knows no ticket and no repository.

use std::{collections::BTreeSet, sync::LazyLock};

/// English words that say nothing about code.
const STOP: &[&str] = &[
    "about", "above", "after", "again", "all", "already", "also", "always", "and", "any", "are", "because", "been",
    "before", "being", "below", "both", "but", "can", "cannot", "could", "did", "does", "done", "each", "else", "even",
    "every", "for", "from", "get", "gets", "given", "got", "had", "has", "have", "her", "his", "how", "into", "its",
    "just", "like", "make", "makes", "may", "more", "most", "must", "need", "needs", "never", "new", "not", "now",
    "off", "once", "one", "only", "other", "our", "out", "over", "own", "per", "please", "same", "shall", "she",
    "should", "show", "some", "still", "such", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "through", "too", "two", "under", "until", "use", "used", "user", "using", "very", "want",
    "was", "were", "what", "when", "where", "which", "while", "who", "why", "will", "with", "within", "without",
    "would", "yet", "you", "your", "src", "lib", "test", "tests", "main", "index", "mod", "true", "false", "none",
    "null",
];

/// Words that stand in any source file of some language.
const KEYWORDS: &[&str] = &[
    "abstract",
    "async",
    "await",
    "bool",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "def",
    "default",
    "enum",
    "export",
    "extends",
    "final",
    "func",
    "function",
    "impl",
    "implement",
    "import",
    "include",
    "int",
    "interface",
    "let",
    "match",
    "module",
    "mut",
    "object",
    "override",
    "package",
    "private",
    "protected",
    "pub",
    "public",
    "return",
    "self",
    "static",
    "str",
    "string",
    "struct",
    "super",
    "switch",
    "throw",
    "trait",
    "try",
    "type",
    "var",
    "void",
    "yield",
];

/// Verbs by which a sentence asks for something: they say what is done, not to what.
const DEEDS: &[&str] = &[
    "add",
    "adjust",
    "adopt",
    "allow",
    "avoid",
    "change",
    "clean",
    "convert",
    "create",
    "delete",
    "deprecate",
    "disable",
    "drop",
    "enable",
    "ensure",
    "expose",
    "extend",
    "fix",
    "get",
    "give",
    "handle",
    "hide",
    "implement",
    "improve",
    "include",
    "introduce",
    "keep",
    "let",
    "make",
    "migrate",
    "move",
    "port",
    "prevent",
    "provide",
    "refactor",
    "remove",
    "rename",
    "replace",
    "respect",
    "return",
    "rewrite",
    "set",
    "show",
    "simplify",
    "skip",
    "stop",
    "support",
    "switch",
    "try",
    "update",
    "upgrade",
    "use",
    "write",
];

/// Is the word a verb that asks for something, in the form of an order or of “it adds”?
pub fn is_deed(word: &str) -> bool {
    let lower = word.to_lowercase();
    let bare = ["", "s", "es", "ed", "d"].iter().filter_map(|ending| lower.strip_suffix(ending));
    bare.into_iter().any(|verb| DEEDS.contains(&verb))
}

/// The sentence without its scope (`cmd: …`, `fix(cart): …`), which is short, or stands in brackets.
pub fn unscoped(sentence: &str) -> &str {
    let trimmed = sentence.trim_start_matches([' ', '-', '*']);
    let most = |head: &str| if head.ends_with(')') { 60 } else { 24 };
    let is_scope = |head: &str| head.len() <= most(head) && !head.contains(char::is_whitespace);
    trimmed.split_once(": ").filter(|(head, _)| is_scope(head)).map_or(trimmed, |(_, rest)| rest.trim_start())
}

/// Is it a name of several words as only code writes them: `closed_at`, `closedAt`, `FLAG_REVIEWS`?
pub fn is_compound(name: &str) -> bool {
    let has_hump = name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase);
    name.len() >= 6 && name.chars().all(|c| c.is_alphanumeric() || c == '_') && (name.contains('_') || has_hump)
}

/// The sentence without its scope (`cmd: …`) and without the verb that it begins with: what it is about.
pub fn subject(sentence: &str) -> &str {
    let bare = unscoped(sentence);
    match bare.split_once(' ') {
        Some((verb, rest)) if is_deed(verb) => rest,
        _ => bare,
    }
}

/// Is the term a keyword of some language, so that finding it in code says nothing?
pub fn is_keyword(term: &str) -> bool {
    static STEMS: LazyLock<BTreeSet<String>> = LazyLock::new(|| KEYWORDS.iter().map(|word| stem(word)).collect());
    STEMS.contains(term)
}

/// One line of outside text: control, bidirectional, zero-width and tag characters gone, white space single.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_hidden(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Does a reader not see this character? (Unicode bidirectional controls, zero-width characters, tags, controls.)
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The text, cut after `max` characters at a word where possible, with an ellipsis. A code span that the cut leaves open
/// is closed.
pub fn shorten(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else { return text.to_owned() };
    let head = &text[..end];
    let cut = head.rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    let kept = head[..cut].trim_end_matches([' ', ',', ';', ':', '.']);
    let is_open = text.matches('`').count().is_multiple_of(2) && kept.matches('`').count() % 2 == 1;
    format!("{kept}{}", if is_open { "…`" } else { "…" })
}

/// `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The terms of a text: identifiers split at case and underscore, lower case, stemmed a little, without stop words.
pub fn terms(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        for part in split_case(word) {
            let lower = part.to_lowercase();
            if lower.chars().count() >= 3 && !STOP.contains(&lower.as_str()) {
                out.insert(stem(&lower));
            }
        }
    }
    out
}

/// `applyCoupon` → `apply`, `Coupon`; `HTTPServer` → `HTTP`, `Server`.
pub fn split_case(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    for i in 1..chars.len() {
        let (at, c) = chars[i];
        let before = chars[i - 1].1;
        let next_lower = chars.get(i + 1).is_some_and(|(_, n)| n.is_lowercase());
        if c.is_uppercase()
            && (before.is_lowercase() || before.is_ascii_digit() || (before.is_uppercase() && next_lower))
        {
            parts.push(&word[start..at]);
            start = at;
        }
    }
    if start < word.len() {
        parts.push(&word[start..]);
    }
    parts
}

/// Takes the commonest English endings off, so that `coupons` meets `coupon` and `applied` meets `apply`.
fn stem(word: &str) -> String {
    let rules = [("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")];
    for (ending, instead) in rules {
        if let Some(root) = word.strip_suffix(ending)
            && root.chars().count() >= 3
            && !(ending == "s" && root.ends_with('s'))
        {
            return single_end(&format!("{root}{instead}"));
        }
    }
    single_end(word)
}

/// Without an `e` at the end, and with its last letter once: `cancelled` and `cancel` end alike.
fn single_end(word: &str) -> String {
    let bare = word.trim_end_matches('e');
    let mut ends = bare.chars().rev();
    let is_double = matches!((ends.next(), ends.next()), (Some(a), Some(b)) if a == b && a.is_alphabetic());
    let last = bare.chars().next_back().map_or(0, char::len_utf8);
    if is_double && bare.chars().count() >= 4 { bare[..bare.len() - last].to_owned() } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_hides_nothing_that_a_reader_sees() {
        let check = |input: &str, expected: &str| assert_eq!(clean(input), expected);
        check("  a\r\n b\t c ", "a b c");
        check("a\u{202E}b\u{200B}c\u{E0041}d\u{1b}[31m", "abcd[31m");
        check("größe 大きい", "größe 大きい");
    }

    #[test]
    fn inflected_words_share_a_term() {
        let check = |a: &str, b: &str| assert_eq!(terms(a), terms(b), "{a} / {b}");
        check("coupons", "coupon");
        check("applied", "apply");
        check("applyCoupon", "apply_coupons");
        check("cached", "cache");
        check("cancelled", "cancel");
        check("installed", "install");
        check("processes", "process");
        check("HTTPServer", "http server");
    }

    #[test]
    fn a_subject_has_neither_scope_nor_verb() {
        let check = |sentence: &str, expected: &str| assert_eq!(subject(sentence), expected, "{sentence}");
        check("cmd: Migrate to cobra", "to cobra");
        check("Add `manpage` command", "`manpage` command");
        check("Fixes the total", "the total");
        check("A total is wrong: 3 in place of 2", "A total is wrong: 3 in place of 2");
        check("Reports are late", "Reports are late");
    }

    #[test]
    fn shorten_cuts_at_characters() {
        assert_eq!(shorten("äöü äöü äöü", 8), "äöü äöü…");
        assert_eq!(shorten("short", 8), "short");
        assert_eq!(shorten("ask `GET /carts` often", 9), "ask `GET…`");
    }
}
