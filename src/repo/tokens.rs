//! Words of code and prose.
//!
//! In: text. Out: hashes of its words: every identifier is split at case, underscore and digits, its parts are
//! stemmed, and a compound identifier is kept whole beside them. Linear in the text.

use std::cell::RefCell;

use super::memo::Memo;

/// A word's hash (32-bit FNV-1a with a final mix). Two words in a repository may collide; a collision only
/// moves a score a little.
pub type TermId = u32;

/// The longest identifier that is a word, in bytes: longer ones are data.
const LONGEST: usize = 80;

/// Words too common to tell files apart, in byte order.
const STOP: &[&str] = &[
    "a",
    "about",
    "also",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "bool",
    "but",
    "by",
    "can",
    "const",
    "could",
    "def",
    "did",
    "do",
    "does",
    "doesn",
    "don",
    "else",
    "end",
    "false",
    "fn",
    "for",
    "from",
    "func",
    "had",
    "has",
    "have",
    "how",
    "i",
    "if",
    "import",
    "in",
    "int",
    "into",
    "is",
    "isn",
    "it",
    "its",
    "just",
    "let",
    "like",
    "ll",
    "may",
    "me",
    "more",
    "most",
    "mut",
    "my",
    "namespace",
    "new",
    "nil",
    "no",
    "none",
    "not",
    "now",
    "null",
    "of",
    "on",
    "one",
    "only",
    "or",
    "other",
    "our",
    "package",
    "private",
    "pub",
    "public",
    "re",
    "return",
    "self",
    "should",
    "so",
    "some",
    "static",
    "string",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "too",
    "true",
    "us",
    "use",
    "used",
    "using",
    "var",
    "ve",
    "very",
    "via",
    "void",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// How a word stood in its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A compound identifier as it is, in lower case.
    Whole,
    /// A single word, stemmed.
    Part,
}

/// Calls `take` with every word of a text.
pub fn words(text: &str, mut take: impl FnMut(&str, Form)) {
    identifiers(text).for_each(|identifier| words_of(identifier, &mut take));
}

/// Calls `take` with every word of one identifier.
pub fn words_of(identifier: &str, mut take: impl FnMut(&str, Form)) {
    let mut lower = String::with_capacity(identifier.len());
    let mut parts = 0;
    split(identifier, |part| {
        parts += 1;
        lower_into(part, &mut lower);
        if is_telling(&lower) {
            take(stem(&lower), Form::Part);
        }
    });
    if parts > 1 && identifier.len() <= LONGEST {
        lower_into(identifier.trim_matches('_'), &mut lower);
        take(&lower, Form::Whole);
    }
}

/// Writes a text in lower case.
fn lower_into(text: &str, lower: &mut String) {
    lower.clear();
    if text.is_ascii() {
        lower.push_str(text);
        lower.make_ascii_lowercase();
    } else {
        lower.extend(text.chars().flat_map(char::to_lowercase));
    }
}

/// The runs of letters, digits and underscores.
pub fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    Runs { rest: text }.filter(|word| word.len() <= 2 * LONGEST && word.bytes().any(|b| b != b'_'))
}

/// The runs of an identifier's characters in a text.
struct Runs<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Runs<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let start = next_where(self.rest, true)?;
        let from = &self.rest[start..];
        let end = next_where(from, false).unwrap_or(from.len());
        self.rest = &from[end..];
        Some(&from[..end])
    }
}

/// Where the first character stands that is, or is not, one of an identifier; bytes of ASCII are not decoded.
fn next_where(text: &str, wanted: bool) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let (is, width) = match byte.is_ascii() {
            true => (byte.is_ascii_alphanumeric() || *byte == b'_', 1),
            false => text[at..].chars().next().map_or((false, 1), |c| (c.is_alphanumeric(), c.len_utf8())),
        };
        if is == wanted {
            return Some(at);
        }
        at += width;
    }
    None
}

/// Splits `parseHTTPHeader_v2` into `parse`, `HTTP`, `Header`, `v`, `2`.
pub fn split<'a>(identifier: &'a str, mut take: impl FnMut(&'a str)) {
    let mut start = 0;
    let mut before = Kind::Mark;
    let mut chars = identifier.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let kind = Kind::of(c);
        let next = chars.peek().map_or(Kind::Mark, |(_, c)| Kind::of(*c));
        let new_word = kind != before && !(before == Kind::Upper && kind == Kind::Lower)
            || kind == Kind::Upper && before == Kind::Upper && next == Kind::Lower;
        if new_word {
            if before != Kind::Mark && start < at {
                take(&identifier[start..at]);
            }
            start = at;
        }
        before = kind;
    }
    if before != Kind::Mark && start < identifier.len() {
        take(&identifier[start..]);
    }
}

/// What a character is to the splitting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Mark,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            'A'..='Z' => Self::Upper,
            'a'..='z' => Self::Lower,
            '0'..='9' => Self::Digit,
            '_' => Self::Mark,
            c if c.is_uppercase() => Self::Upper,
            _ => Self::Lower,
        }
    }
}

/// Is the word neither a stop word nor too short nor a long number?
fn is_telling(lower: &str) -> bool {
    let number = lower.bytes().all(|b| b.is_ascii_digit());
    match number {
        true => (2..=6).contains(&lower.len()),
        false => lower.chars().nth(1).is_some() && lower.len() <= LONGEST && !is_stop(lower),
    }
}

/// Is the word, in lower case, too common to tell files apart?
pub fn is_stop(lower: &str) -> bool {
    STOP.binary_search(&lower).is_ok()
}

/// Takes off the endings of English inflection and derivation, in the spirit of Porter's stemmer (1980), in one pass.
pub fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.is_ascii() {
        return word;
    }
    let word = plural(word);
    for (ending, least) in [
        ("izations", 3),
        ("ization", 3),
        ("ations", 4),
        ("ation", 4),
        ("ators", 4),
        ("ator", 4),
        ("ating", 4),
        ("ated", 4),
        ("ate", 4),
        ("ments", 4),
        ("ment", 4),
        ("ingly", 3),
        ("ings", 3),
        ("ing", 3),
        ("edly", 3),
        ("ed", 3),
        ("ions", 4),
        ("ion", 4),
        ("ers", 4),
        ("er", 4),
        ("ors", 4),
        ("or", 4),
        ("able", 4),
        ("ible", 4),
        ("izes", 3),
        ("ize", 3),
        ("ising", 4),
        ("ise", 4),
        ("ness", 4),
        ("ally", 4),
        ("ly", 4),
        ("al", 5),
        ("ity", 4),
        ("ive", 4),
    ] {
        if ending.as_bytes().last() == word.as_bytes().last()
            && let Some(head) = word.strip_suffix(ending)
            && head.len() >= least
            && head.bytes().any(|b| b"aeiouy".contains(&b))
        {
            return undouble(head);
        }
    }
    word.strip_suffix('e').filter(|head| head.len() >= 3).unwrap_or(word)
}

/// Takes off the plural.
fn plural(word: &str) -> &str {
    if let Some(head) = word.strip_suffix("sses") {
        return &word[..head.len() + 2];
    }
    if let Some(head) = word.strip_suffix("ies").filter(|head| head.len() >= 3) {
        return head;
    }
    match word.strip_suffix('s') {
        Some(head) if !head.ends_with(['s', 'u', 'i']) => {
            let bare = head.strip_suffix('e').filter(|bare| bare.ends_with(['x', 'z', 'h', 's']));
            bare.unwrap_or(head)
        }
        _ => word.strip_suffix('y').filter(|head| head.len() >= 3).unwrap_or(word),
    }
}

/// `formatt` → `format`, `creat` stays.
fn undouble(head: &str) -> &str {
    let bytes = head.as_bytes();
    let n = bytes.len();
    let twice = n > 3 && bytes[n - 1] == bytes[n - 2] && !b"lsz".contains(&bytes[n - 1]);
    let bare = if twice { &head[..n - 1] } else { head };
    bare.strip_suffix('e').filter(|bare| bare.len() >= 3).unwrap_or(bare)
}

/// The hash of a word.
pub fn id(word: &str) -> TermId {
    let hash = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    u32::try_from(mixed >> 32).expect("the upper half fits")
}

thread_local! {
    /// Each thread's own, kept from text to text: a repository has one vocabulary.
    static MEMO: RefCell<Memo> = RefCell::default();
}

/// Calls `take` with the hash of every word of a text.
pub fn ids(text: &str, mut take: impl FnMut(TermId)) {
    MEMO.with_borrow_mut(|memo| {
        for identifier in identifiers(text) {
            memo.words(identifier).iter().for_each(|id| take(*id));
        }
    });
}

/// Words with their counts, sorted by hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bag {
    terms: Box<[(TermId, u16)]>,
    /// All words, repeated ones too.
    pub total: u32,
}

impl Bag {
    /// Counts the words of some texts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut found: Vec<TermId> = Vec::new();
        texts.into_iter().for_each(|text| ids(text, |id| found.push(id)));
        found.sort_unstable();
        let count = |same: &[TermId]| Some((*same.first()?, u16::try_from(same.len()).unwrap_or(u16::MAX)));
        let terms = found.chunk_by(|a, b| a == b).filter_map(count).collect();
        Self { terms, total: u32::try_from(found.len()).unwrap_or(u32::MAX) }
    }

    /// Rebuilds a bag from what [`Bag::terms`] gave.
    pub fn from_terms(terms: Vec<(TermId, u16)>, total: u32) -> Self {
        Self { terms: terms.into(), total }
    }

    /// Words and counts, by hash.
    pub fn terms(&self) -> &[(TermId, u16)] {
        &self.terms
    }

    /// How often a word stands here.
    pub fn count(&self, term: TermId) -> u16 {
        self.terms.binary_search_by_key(&term, |(id, _)| *id).map_or(0, |at| self.terms[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        words(text, |word, _| found.push(word.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn identifiers_fall_into_parts_and_stay_whole() {
        check("parseHTTPHeader", &["pars", "http", "head", "parsehttpheader"]);
        check("max_file_size", &["max", "fil", "siz", "max_file_size"]);
        check("utf8Decode", &["utf", "decod", "utf8decode"]);
        check("__init__", &["init"]);
        check("the cart total is wrong", &["cart", "total", "wrong"]);
        check("Größe änderung", &["größe", "änderung"]);
        check("error 404, 12345678", &["error", "404"]);
    }

    #[test]
    fn stop_words_can_be_searched() {
        assert!(STOP.is_sorted());
    }

    #[test]
    fn one_stem_for_a_family_of_words() {
        for family in [
            &["format", "formats", "formatted", "formatting", "formatter"][..],
            &["validate", "validates", "validated", "validating", "validation", "validator"],
            &["query", "queries"],
            &["entry", "entries"],
            &["create", "creates", "created", "creating", "creation", "creator"],
            &["class", "classes"],
            &["box", "boxes"],
        ] {
            let stems: Vec<&str> = family.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|s| *s == stems[0]), "{family:?} {stems:?}");
        }
    }

    #[test]
    fn long_and_empty_runs_are_passed_over() {
        check(&"x".repeat(1000), &[]);
        check("____ __", &[]);
        assert_eq!(Bag::of(["cart Cart carts"]).count(id(stem("cart"))), 3);
    }
}
