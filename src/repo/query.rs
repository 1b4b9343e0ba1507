//! What a ticket says that can be looked for.
//!
//! In: title, body and comments. Out: weighted words, identifiers, paths, quotes and stack frames. Linear in the
//! text, with every list capped.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    joined::{Joined, joined},
    tokens::{self, Form, TermId},
};
use crate::{
    model::ticket::Ticket,
    richtext::{Block, Doc, Inline},
};

/// A ticket's texts: Markdown-like, with code in backticks and fences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub title: String,
    pub body: String,
    /// Oldest first.
    pub comments: Vec<String>,
}

/// A word to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub id: TermId,
    pub word: String,
    /// More for the title, less for comments and repeats.
    pub weight: f64,
    /// It stands in the title.
    pub in_title: bool,
    /// Neighbouring words as the one name that code may have for them.
    pub is_joined: bool,
}

/// A place of a stack trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// As written.
    pub text: String,
    /// Path as written, with `/`.
    pub path: String,
    pub line: Option<u32>,
}

/// An identifier of the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    pub text: String,
    pub in_title: bool,
    /// Written as code, in backticks or a fence.
    pub as_code: bool,
}

/// An option of a command line: `--max-results`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// As written, without a value.
    pub text: String,
    /// How fields and parameters for it are called: `max_results`, `maxResults`, `MaxResults`.
    pub names: Vec<String>,
}

/// All that is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Heaviest first, and then those that are joined.
    pub terms: Vec<Term>,
    pub identifiers: Vec<Identifier>,
    /// Paths as written, with `/`.
    pub paths: Vec<String>,
    /// Quoted texts and error messages.
    pub quotes: Vec<String>,
    pub frames: Vec<Frame>,
    /// Short code with marks that no word stands for: `{/.}`.
    pub literals: Vec<String>,
    /// Options of a command line in code spans.
    pub flags: Vec<Flag>,
    /// Parts of the repository that the title names in front of a colon.
    pub scopes: Vec<String>,
    /// Commits that it names by the beginning of their id, and changes by their number: `845bc4d50b`, `#12`.
    pub changes: Vec<String>,
    /// Positions of terms that stand side by side, the smaller first.
    pub pairs: HashSet<(u16, u16)>,
    /// Neighbouring words that code may write as one name.
    pub joined: Vec<Joined>,
}

/// The most text that is read of a ticket, in bytes.
const MAX_TEXT: usize = 200_000;
/// The most different words.
const MAX_TERMS: usize = 400;
/// The most identifiers, paths, quotes and frames, each.
const MAX_LIST: usize = 80;
/// The most pairs of terms.
const MAX_PAIRS: usize = 2_000;
/// The most literals and flags, each, and the longest of them, in bytes.
const MAX_MARKS: usize = 12;
const LONGEST_MARK: usize = 40;
/// The most parts that a title names.
const MAX_SCOPES: usize = 6;
/// Longer lines hold no frames and no quotes, in bytes.
const MAX_LINE: usize = 600;
/// The most lines that are read for frames and quotes.
const MAX_LINES: usize = 3_000;
/// Weight of a word in the title, the body and a comment.
const TITLE: f64 = 3.0;
const BODY: f64 = 1.0;
const COMMENT: f64 = 0.5;

impl Reading {
    /// The texts of a ticket.
    pub fn of(ticket: &Ticket) -> Self {
        let mut body = markdown_like(&ticket.body);
        for field in &ticket.fields {
            body.push('\n');
            body.push_str(&markdown_like(&field.content));
        }
        let comments = ticket.comments.iter().map(|comment| markdown_like(&comment.content)).collect();
        Self { title: ticket.title.clone(), body, comments }
    }
}

impl Query {
    /// Reads the texts. Lines for which `is_noise` holds (a form's own words) are passed over.
    pub fn read(reading: &Reading, is_noise: impl Fn(&str) -> bool) -> Self {
        let body = clean(&reading.body, &is_noise);
        let comments: Vec<String> = reading.comments.iter().map(|comment| clean(comment, &is_noise)).collect();
        let mut query = Self::default();
        let mut found: HashMap<String, Term> = HashMap::new();
        count(&reading.title, TITLE, true, &mut found);
        count(&body, BODY, false, &mut found);
        comments.iter().for_each(|comment| count(comment, COMMENT, false, &mut found));
        query.terms = found.into_values().collect();
        query.terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.word.cmp(&b.word)));
        query.terms.truncate(MAX_TERMS);
        query.join(&reading.title, &body);
        query.expressions(&reading.title, true);
        query.expressions(&body, false);
        comments.iter().for_each(|comment| query.expressions(comment, false));
        query.scopes = scopes(&reading.title);
        let texts = [reading.title.as_str(), body.as_str()].into_iter().chain(comments.iter().map(String::as_str));
        texts.for_each(|text| changes(text).for_each(|name| push(&mut query.changes, name)));
        query.pairs_of(&reading.title);
        query.pairs_of(&body);
        query
    }

    /// Every name that a definition may have: the identifiers, and how the flags are called in code.
    pub fn names(&self) -> impl Iterator<Item = Identifier> {
        let flags = self.flags.iter().flat_map(|flag| &flag.names);
        let new = flags.filter(|name| !self.identifiers.iter().any(|known| known.text == **name));
        let of_flags = new.map(|name| Identifier { text: name.clone(), in_title: false, as_code: true });
        self.identifiers.iter().cloned().chain(of_flags)
    }

    /// Looks for neighbouring words as one name besides.
    fn join(&mut self, title: &str, body: &str) {
        self.joined = joined(title, body);
        let known: HashSet<TermId> = self.terms.iter().map(|term| term.id).collect();
        let term = |joined: &Joined| Term {
            id: tokens::id(&joined.name),
            word: joined.words.clone(),
            weight: if joined.in_title { TITLE } else { BODY },
            // No word of the title is missing where its words do not stand as one.
            in_title: false,
            is_joined: true,
        };
        self.terms.extend(self.joined.iter().map(term).filter(|term| !known.contains(&term.id)));
    }

    /// Finds identifiers, paths, quotes and frames in one text.
    fn expressions(&mut self, text: &str, in_title: bool) {
        for (span, as_code) in spans(text) {
            for word in span.split(|c: char| c.is_whitespace() || "()[]{}<>,;\"'`*|=".contains(c)) {
                self.word(word.trim_matches(['.', ':', '!', '?', '/']), in_title, as_code);
            }
            if as_code && span.len() <= 120 && span.contains(' ') && !span.contains('\n') {
                push(&mut self.quotes, span.trim().to_owned());
            }
            if as_code {
                self.marks(span.trim());
            }
        }
        for line in text.lines().filter(|line| line.len() < MAX_LINE).take(MAX_LINES) {
            self.frames_of(line);
            for quote in QUOTE.captures_iter(line).filter_map(|found| found.iter().skip(1).flatten().next()) {
                push(&mut self.quotes, quote.as_str().trim().to_owned());
            }
            if let Some(found) = ERROR.captures(line).and_then(|found| found.get(1)) {
                push(&mut self.quotes, found.as_str().trim().to_owned());
            }
        }
    }

    /// Finds a literal, or the flags of a command line, in a code span.
    fn marks(&mut self, span: &str) {
        if span.len() <= LONGEST_MARK && is_literal(span) && self.literals.len() < MAX_MARKS {
            push(&mut self.literals, span.to_owned());
        }
        for flag in span.split_whitespace().filter_map(flag) {
            if self.flags.len() >= MAX_MARKS || self.flags.contains(&flag) {
                continue;
            }
            self.flags.push(flag);
        }
    }

    /// Finds terms that stand side by side in a sentence.
    fn pairs_of(&mut self, text: &str) {
        let slots: HashMap<TermId, u16> = self.terms.iter().map(|term| term.id).zip(0_u16..).collect();
        for sentence in text.split(['\n', '.', ',', ';', ':']) {
            let mut before: Option<u16> = None;
            tokens::ids(sentence, |id| {
                let slot = slots.get(&id).copied();
                if let (Some(a), Some(b)) = (before, slot)
                    && a != b
                    && self.pairs.len() < MAX_PAIRS
                {
                    self.pairs.insert((a.min(b), a.max(b)));
                }
                before = slot;
            });
        }
    }

    /// Sorts one written word.
    fn word(&mut self, word: &str, in_title: bool, as_code: bool) {
        if word.len() < 3 || word.len() > 200 || word.contains("://") {
            return;
        }
        let path = word.replace('\\', "/");
        if looks_like_path(&path) {
            push(&mut self.paths, path.split(':').next().unwrap_or(&path).trim_start_matches("./").to_owned());
        }
        for part in word.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|part| part.len() >= 3) {
            let plain = part.bytes().all(|b| b.is_ascii_digit()) || part.len() > 80;
            if plain || !(as_code || is_compound(part)) {
                continue;
            }
            match self.identifiers.iter().position(|known| known.text == part) {
                Some(at) => self.identifiers[at].as_code |= as_code,
                None if self.identifiers.len() < MAX_LIST => {
                    self.identifiers.push(Identifier { text: part.to_owned(), in_title, as_code });
                }
                None => {}
            }
        }
    }

    /// Finds stack frames.
    fn frames_of(&mut self, text: &str) {
        if self.frames.len() >= MAX_LIST || !text.bytes().any(|b| b.is_ascii_digit()) {
            return;
        }
        for found in FRAME.captures_iter(text) {
            let path = found.name("path").or(found.name("quoted")).map_or("", |path| path.as_str()).replace('\\', "/");
            let line = found.name("line").or(found.name("at")).and_then(|line| line.as_str().parse().ok());
            if line.is_some()
                && self.frames.len() < MAX_LIST
                && !self.frames.iter().any(|f| f.path == path && f.line == line)
            {
                self.frames.push(Frame { text: found[0].trim().chars().take(200).collect(), path, line });
            }
        }
    }
}

/// Texts in quotes of 6 to 120 characters.
static QUOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""([^"\n]{6,120})"|“([^”\n]{6,120})”|(?:^|\s)'([^'\n]{6,120})'(?:\W|$)"#).expect("a constant pattern")
});
/// What stands behind `error:` on a line.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:error|exception|panic(?:ked)?|fatal|warning)\b[^:\n]{0,40}:\s+([^\n]{8,160})")
        .expect("a constant pattern")
});
/// `path.ext:12`, `File "path.py", line 12`, `path.js(12,3)`, `(Name.java:12)`.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        File\s"(?P<quoted>[^"\n]{1,200})",\sline\s(?P<at>\d{1,7})
        | (?P<path>[\w@.~+/\\-]{1,200}\.[A-Za-z]{1,5}) (?: : | \( | :line\s | ,\sline\s ) (?P<line>\d{1,7})"#,
    )
    .expect("a constant pattern")
});

/// What stands before a title's first colon or in its first brackets: `fix(cart): …`, `[cart] …`, `unix,win: …`.
static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:\w+\(([^)]{2,80})\)!?:|\[([^\]]{2,60})\]|([\w@/.,+ -]{2,50}):\s)").expect("a constant pattern")
});

/// The parts that a title names; a clause of more than three words names none.
fn scopes(title: &str) -> Vec<String> {
    let found = SCOPE.captures(title);
    let text = found.and_then(|found| found.iter().skip(1).flatten().next()).map_or("", |found| found.as_str());
    if text.split_whitespace().count() > 3 {
        return Vec::new();
    }
    let parts = text.split([',', ' ', '+']).map(|part| part.trim_matches(['@', '/', '.']));
    parts.filter(|part| part.len() >= 2).take(MAX_SCOPES).map(str::to_owned).collect()
}

/// Ids of commits and numbers of changes in a text.
fn changes(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '#'));
    let is_id = |w: &str| {
        (7..=40).contains(&w.len())
            && w.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && w.bytes().any(|b| b.is_ascii_digit())
            && w.bytes().any(|b| b.is_ascii_alphabetic())
    };
    let is_number = |w: &str| {
        w.strip_prefix('#').is_some_and(|n| (1..=7).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
    };
    words.filter(move |w| is_id(w) || is_number(w)).map(str::to_owned)
}

/// Adds to a list without doubles, up to its cap.
fn push(list: &mut Vec<String>, text: String) {
    if text.len() >= 2 && list.len() < MAX_LIST && !list.contains(&text) {
        list.push(text);
    }
}

/// Counts the words of a text; repeats add less and less.
fn count(text: &str, weight: f64, in_title: bool, found: &mut HashMap<String, Term>) {
    let mut times: HashMap<String, u32> = HashMap::new();
    tokens::words(text, |word, form| {
        // A compound identifier is rarer than its parts and says more.
        let step = if form == Form::Whole { 2 } else { 1 };
        *times.entry(word.to_owned()).or_default() += step;
    });
    for (word, times) in times {
        let added = weight * (1.0 + f64::from(times).ln());
        let id = tokens::id(&word);
        let term = found.entry(word.clone()).or_insert(Term { id, word, weight: 0.0, in_title, is_joined: false });
        term.weight += added;
        term.in_title |= in_title;
    }
}

/// Takes comments of HTML, noise lines and addresses out, and caps the text.
fn clean(text: &str, is_noise: &impl Fn(&str) -> bool) -> String {
    let text = text.char_indices().nth(MAX_TEXT).map_or(text, |(at, _)| &text[..at]);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    let kept = out.lines().filter(|line| !is_noise(line)).map(without_links);
    kept.collect::<Vec<String>>().join("\n")
}

/// A line without the addresses in it, except what they name of a repository's files.
fn without_links(line: &str) -> String {
    if !line.contains("://") {
        return line.to_owned();
    }
    let word = |word: &str| match word.split_once("://") {
        Some((before, address)) => {
            let before = before.trim_end_matches(|c: char| c.is_alphanumeric());
            let file = address.split_once("/blob/").and_then(|(_, path)| path.split_once('/')).map(|(_, path)| path);
            format!("{before} {}", file.unwrap_or_default())
        }
        None => word.to_owned(),
    };
    line.split(' ').map(word).collect::<Vec<String>>().join(" ")
}

/// Splits at backticks: every second span is code.
fn spans(text: &str) -> impl Iterator<Item = (&str, bool)> {
    text.split('`').enumerate().map(|(number, span)| (span, number % 2 == 1)).filter(|(span, _)| !span.is_empty())
}

/// `{/.}`, `=>`, `%Y-%m`, `#[x]`: marks that are not those of names, paths, flags, calls and sentences.
fn is_literal(span: &str) -> bool {
    let one_line = !span.contains(char::is_whitespace);
    let marks = span.bytes().filter(|b| b.is_ascii_punctuation() && !b"_./-:,".contains(b)).count();
    one_line && span.len() >= 2 && marks >= 1 && !span.ends_with("()") && !span.contains("://")
}

/// `--max-results=3` names `--max-results`.
fn flag(word: &str) -> Option<Flag> {
    let name = word.strip_prefix("--")?.split('=').next()?;
    let clean = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !clean || name.len() < 3 || name.len() > LONGEST_MARK || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let title = |part: &str| part[..1].to_uppercase() + &part[1..];
    let parts: Vec<&str> = name.split(['-', '_']).filter(|part| !part.is_empty()).collect();
    let pascal: String = parts.iter().map(|part| title(part)).collect();
    let camel = parts[0].to_owned() + &parts[1..].iter().map(|part| title(part)).collect::<String>();
    let mut names = vec![parts.join("_"), camel, pascal];
    names.dedup();
    Some(Flag { text: format!("--{name}"), names })
}

/// `src/cart.rs`, `cart.rs`, `a/b/c`.
fn looks_like_path(word: &str) -> bool {
    let clean = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+@:".contains(&b));
    let name = word.rsplit('/').next().unwrap_or(word);
    let extension = name.split(':').next().unwrap_or(name).rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = super::language::of(name.split(':').next().unwrap_or(name)).is_some();
    clean && (known && !extension.is_empty() || word.matches('/').count() >= 2)
}

/// `parseHeader`, `max_size`, `HTTPServer`, but not `Sentence` or `NASA`.
fn is_compound(word: &str) -> bool {
    let mut parts = 0;
    tokens::split(word, |_| parts += 1);
    parts > 1 && word.bytes().any(|b| b.is_ascii_lowercase() || b == b'_')
}

/// A document as Markdown-like text: code keeps its backticks, so that it is read as code.
fn markdown_like(doc: &Doc) -> String {
    let mut out = String::new();
    blocks(&doc.blocks, &mut out, 0);
    out
}

/// How deep nested blocks are read.
const MAX_DEPTH: usize = 40;

fn blocks(list: &[Block], out: &mut String, depth: usize) {
    for block in list.iter().filter(|_| depth < MAX_DEPTH) {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content } => inlines(content, out, depth),
            Block::List { items, .. } => items.iter().for_each(|item| blocks(&item.blocks, out, depth + 1)),
            Block::Code { text, .. } => out.push_str(&format!("`{}`", text.replace('`', "'"))),
            Block::Quote { blocks: inner } | Block::Panel { blocks: inner, .. } => blocks(inner, out, depth + 1),
            Block::Details { summary, blocks: inner } => {
                inlines(summary, out, depth);
                blocks(inner, out, depth + 1);
            }
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    inlines(cell, out, depth);
                }
            }
            Block::Rule => {}
        }
        out.push('\n');
    }
}

fn inlines(list: &[Inline], out: &mut String, depth: usize) {
    for inline in list.iter().filter(|_| depth < MAX_DEPTH) {
        match inline {
            Inline::Text { text } => out.push_str(&text.replace('`', "'")),
            Inline::Code { text } => out.push_str(&format!("`{}`", text.replace('`', "'"))),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Strike { content } => {
                inlines(content, out, depth + 1);
            }
            Inline::Link { content, url } => {
                inlines(content, out, depth + 1);
                out.push_str(&format!(" {url}"));
            }
            Inline::Mention { .. } | Inline::Media { .. } => {}
            Inline::Break => out.push('\n'),
        }
    }
    out.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(title: &str, body: &str) -> Query {
        Query::read(&Reading { title: title.to_owned(), body: body.to_owned(), comments: Vec::new() }, |line| {
            line == "## Form"
        })
    }

    #[test]
    fn expressions_are_told_apart() {
        let query = read(
            "parseHeader fails",
            "See `src/http/head.rs` and max_size, not Sentences.\nIt says \"header is too long\".\n## Form\n<!-- hidden_name -->",
        );
        let names: Vec<&str> = query.identifiers.iter().map(|i| i.text.as_str()).collect();
        assert_eq!(names, ["parseHeader", "src", "http", "head", "max_size"]);
        assert_eq!(query.paths, ["src/http/head.rs"]);
        assert_eq!(query.quotes, ["header is too long"]);
        assert!(query.terms.iter().all(|term| term.word != "form" && term.word != "hidden"));
        assert!(query.terms[0].in_title);
    }

    #[test]
    fn literals_and_flags_stand_in_code_spans() {
        let query =
            read("", "`{/.}` and `=>`, not {.}, `cart.rs`, `max_size`, `total()`; `fd --max-results=3 --owner x`");
        assert_eq!(query.literals, ["{/.}", "=>"]);
        let flags: Vec<&str> = query.flags.iter().map(|flag| flag.text.as_str()).collect();
        assert_eq!(flags, ["--max-results", "--owner"]);
        assert_eq!(query.flags[0].names, ["max_results", "maxResults", "MaxResults"]);
        assert_eq!(query.flags[1].names, ["owner", "Owner"]);
    }

    #[test]
    fn titles_name_parts_of_the_repository() {
        let scopes = |title: &str| read(title, "").scopes;
        assert_eq!(scopes("fix(@acme/cart): rebate is lost"), ["acme/cart"]);
        assert_eq!(scopes("unix,win: close twice"), ["unix", "win"]);
        assert_eq!(scopes("[cart] rebate is lost"), ["cart"]);
        assert_eq!(scopes("This is what we all see: nothing"), Vec::<String>::new());
        assert_eq!(scopes("Rebate is lost"), Vec::<String>::new());
    }

    #[test]
    fn neighbours_are_paired_within_a_sentence() {
        let query = read("cart total. Rebate", "");
        let slot = |word: &str| query.terms.iter().position(|term| term.word == word).unwrap() as u16;
        let pair = |a: u16, b: u16| query.pairs.contains(&(a.min(b), a.max(b)));
        assert!(pair(slot("cart"), slot("total")));
        assert!(query.pairs.len() == 1, "{:?}", query.pairs);
    }

    #[test]
    fn frames_of_many_languages() {
        let frame = |text: &str| {
            let query = read("", text);
            query.frames.first().map(|f| (f.path.clone(), f.line.unwrap_or(0)))
        };
        let is = |path: &str, line| Some((path.to_owned(), line));
        assert_eq!(frame("  File \"/app/shop/cart.py\", line 12, in total"), is("/app/shop/cart.py", 12));
        assert_eq!(frame("\tat com.acme.Cart.total(Cart.java:33)"), is("Cart.java", 33));
        assert_eq!(frame("    at total (/srv/src/cart.js:7:13)"), is("/srv/src/cart.js", 7));
        assert_eq!(frame("thread 'main' panicked at src/cart.rs:5:9:"), is("src/cart.rs", 5));
        assert_eq!(frame("/go/src/cart/cart.go:21 +0x1d"), is("/go/src/cart/cart.go", 21));
        assert_eq!(frame("   at Acme.Cart.Total() in C:\\src\\Cart.cs:line 8"), is("/src/Cart.cs", 8));
        assert_eq!(frame("at 12:30 we met"), None);
    }

    #[test]
    fn hostile_text_is_read_in_bounded_time() {
        for bad in ["`", "\"", "[", "<!--", "a/", "'a ", "error: "] {
            let query = read(bad, &bad.repeat(100_000));
            assert!(query.quotes.len() <= MAX_LIST && query.identifiers.len() <= MAX_LIST);
        }
    }
}
