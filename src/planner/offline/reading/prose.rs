//! What stands in sentences: story, behaviour, errors, questions, vague words, replacements, routes.

use super::{Found, Line, Role, Shape, Story};
use crate::planner::words::{clean, shorten};

/// The most sentences of no special role that are kept.
const MOST_SENTENCES: usize = 40;
/// The longest sentence, in characters.
const LONGEST: usize = 300;

/// "`from` should be `to`".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    pub from: String,
    pub to: String,
    pub found: Found,
}

/// What the sentences of a ticket say.
#[derive(Debug, Default)]
pub struct Prose {
    pub story: Option<Story>,
    pub expected: Option<Found>,
    pub actual: Option<Found>,
    pub errors: Vec<Found>,
    pub has_trace: bool,
    pub questions: Vec<Found>,
    pub vague: Vec<(String, Found)>,
    pub swaps: Vec<Swap>,
    pub codes: Vec<String>,
    pub routes: Vec<(String, String)>,
    pub sentences: Vec<Found>,
}

/// Reads the sentences of all lines, title first.
pub fn read(lines: &[Line], title: &str) -> Prose {
    let mut prose = Prose::default();
    prose.swaps.extend(swap(title).map(|(from, to)| Swap { from, to, found: at_title(title) }));
    prose.routes.extend(routes(title));
    for (at, line) in lines.iter().enumerate() {
        prose.routes.extend(routes(&line.text));
        prose.codes.extend(line.codes.iter().cloned());
        match line.shape {
            Shape::Code => prose.code(line, lines.get(at + 1)),
            Shape::Quote => {}
            _ => prose.line(line, lines.get(at + 1)),
        }
    }
    prose.codes.sort();
    prose.codes.dedup();
    prose.codes.truncate(100);
    prose.routes.sort();
    prose.routes.dedup();
    prose.routes.truncate(20);
    prose
}

/// A text of the title.
fn at_title(text: &str) -> Found {
    Found { text: text.to_owned(), place: crate::model::plan::Place::Title }
}

impl Prose {
    fn code(&mut self, line: &Line, next: Option<&Line>) {
        self.has_trace |= is_frame(&line.text);
        self.error(line, next);
    }

    /// Rust prints a panic's message on the line after its place.
    fn error(&mut self, line: &Line, next: Option<&Line>) {
        if self.errors.len() < 5 && is_error(&line.text) {
            let said = next.filter(|n| line.text.ends_with(':') && n.shape == line.shape);
            let text = said.map_or(line.text.clone(), |next| format!("{} {}", line.text, next.text.trim()));
            let text = shorten(&clean(&text), 200);
            if self.errors.iter().all(|e| e.text != text) {
                self.errors.push(Found { text, place: line.place.clone() });
            }
        }
    }

    fn line(&mut self, line: &Line, next: Option<&Line>) {
        self.has_trace |= is_frame(&line.text);
        self.error(line, next);
        if self.story.is_none() {
            self.story = story(&line.text).map(|mut s| {
                s.place = line.place.clone();
                s
            });
        }
        if self.swaps.len() < 5 {
            self.swaps.extend(swap(&line.text).map(|(from, to)| Swap { from, to, found: line.found() }));
        }
        for sentence in sentences(&line.text) {
            let found = || Found { text: shorten(sentence, LONGEST), place: line.place.clone() };
            let is_question = sentence.ends_with(['?', '？']);
            if (is_question || line.role == Role::Questions) && self.questions.len() < 12 {
                self.questions.push(found());
            }
            if let Some(word) = vague(sentence)
                && self.vague.len() < 6
                && self.vague.iter().all(|(known, _)| *known != word)
                && line.role != Role::Environment
            {
                self.vague.push((word, found()));
            }
            if line.role == Role::Free && !line.in_comment() && !is_question && self.sentences.len() < MOST_SENTENCES {
                self.sentences.push(found());
            }
            if !line.in_comment() {
                self.behaviour(sentence, line);
            }
        }
    }

    /// "Expected 18.00 but got 16.20", "shows X instead of Y".
    fn behaviour(&mut self, sentence: &str, line: &Line) {
        let lower = sentence.to_lowercase();
        if self.expected.is_none() && !matches!(line.role, Role::Criteria | Role::OutOfScope) {
            let contrast = [" but ", " instead", " rather than "].iter().any(|w| lower.contains(w));
            if contrast && (lower.contains("expect") || lower.contains("should")) {
                self.expected = Some(Found { text: shorten(sentence, LONGEST), place: line.place.clone() });
            }
        }
    }
}

/// The sentences of a line. A point ends one only before white space; numbers, paths and versions stay whole.
pub fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .find_map(|(at, c)| {
                let next = at + c.len_utf8();
                let ends = match c {
                    '。' | '！' | '？' => true,
                    '.' | '!' | '?' => rest[next..].starts_with(' ') && !is_abbreviation(&rest[..next]),
                    _ => false,
                };
                ends.then_some(next)
            })
            .unwrap_or(rest.len());
        let sentence = rest[..end].trim();
        rest = rest[end..].trim_start();
        Some(sentence)
    })
    .filter(|s| !s.is_empty())
}

/// Does the text end in `e.g.` and its like?
fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
    matches!(word.trim_start_matches('('), "e.g." | "i.e." | "etc." | "vs." | "z.b." | "no." | "cf." | "approx.")
}

/// A sentence that demands something of the software.
pub fn is_demand(sentence: &str) -> bool {
    let padded = format!(" {} ", sentence.to_lowercase());
    let words = [
        " must ",
        " shall ",
        " should ",
        " has to ",
        " have to ",
        " needs to ",
        " need to ",
        " ensure ",
        " make sure ",
    ];
    let is_talk = [" i should ", " you should ", " should i ", " we should discuss ", " should we "];
    !sentence.ends_with('?')
        && sentence.split(' ').count() >= 4
        && words.iter().any(|w| padded.contains(w))
        && !is_talk.iter().any(|w| padded.contains(w))
}

/// "As a customer, I want to keep my cart so that I can pay later".
fn story(line: &str) -> Option<Story> {
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

/// A line of a stack trace: `at f (file:1:2)`, `File "f.py", line 3`, `src/a.rs:4:5`, `a.go:6 +0x1f`, `(F.java:7)`.
fn is_frame(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.char_indices().nth(400).map_or(line, |(end, _)| &line[..end]);
    let has_position = line.match_indices(':').any(|(at, _)| {
        let before = &line[..at];
        let extension = before.rsplit(['.', '/', '\\', '(', ' ']).next().unwrap_or_default();
        before.len() > extension.len()
            && before.ends_with(extension)
            && before[..before.len() - extension.len()].ends_with('.')
            && (1..=4).contains(&extension.len())
            && extension.chars().all(|c| c.is_ascii_alphanumeric())
            && line[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    });
    (line.starts_with("at ") && has_position)
        || (line.starts_with("File \"") && line.contains(", line "))
        || (has_position && (line.contains("panicked") || line.contains(" +0x") || line.starts_with("-->")))
        || (has_position && !line.contains(' '))
}

/// A line that says what went wrong.
fn is_error(line: &str) -> bool {
    let line = line.trim();
    let head = line.split([':', ' ']).next().unwrap_or_default();
    let is_exception = (head.ends_with("Error") || head.ends_with("Exception")) && head.len() > 5;
    is_exception
        || line.contains("panicked at")
        || ["error:", "Error:", "ERROR", "fatal:", "FATAL", "panic:", "error["].iter().any(|w| line.starts_with(w))
}

/// A word that needs a number or a name before anyone can test it.
fn vague(sentence: &str) -> Option<String> {
    const VAGUE: &[&str] = &[
        "fast",
        "faster",
        "quickly",
        "slow",
        "performant",
        "scalable",
        "user-friendly",
        "intuitive",
        "robust",
        "easy",
        "easily",
        "seamless",
        "seamlessly",
        "appropriate",
        "appropriately",
        "reasonable",
        "reasonably",
        "efficient",
        "efficiently",
        "flexible",
        "large",
        "many",
        "several",
        "various",
        "etc",
        "tbd",
        "somehow",
        "properly",
        "regularly",
        "soon",
        "recent",
        "nice",
    ];
    // A number in the sentence is probably the measure that the word needs.
    if !is_demand(sentence) || sentence.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    sentence
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(str::to_lowercase)
        .find(|word| VAGUE.contains(&word.as_str()))
}

/// "`a` should be `b`", "rename `a` to `b`", "replace “a” with “b”", "`a` → `b`", "`b` instead of `a`".
pub fn swap(line: &str) -> Option<(String, String)> {
    let marked = marked(line);
    for pair in marked.windows(2).take(20) {
        let [(first, begin, end), (second, start, _)] = pair else { continue };
        let between = line[*end..*start].to_lowercase();
        let between = between.trim();
        let before: String = line[..*begin].chars().rev().take(24).collect();
        let before = before.chars().rev().collect::<String>().to_lowercase();
        let forward = ["should be", "should read", "should say", "→", "->", "must be", "ought to be"]
            .contains(&between)
            || (["to", "with", "by", "into"].contains(&between)
                && ["rename", "replace", "change", "fix"].iter().any(|w| before.contains(w)));
        let backward = ["instead of", "not", ", not", "rather than"].contains(&between);
        if first == second || first.is_empty() || second.is_empty() {
            continue;
        }
        if forward {
            return Some((first.clone(), second.clone()));
        }
        if backward {
            return Some((second.clone(), first.clone()));
        }
    }
    None
}

/// Texts in backticks or double quotes, with the bytes where each begins (mark included) and ends.
fn marked(line: &str) -> Vec<(String, usize, usize)> {
    let mut out = Vec::new();
    let mut open: Option<(usize, usize, char)> = None;
    for (at, c) in line.char_indices() {
        match open {
            Some((start, inside, close)) if c == close => {
                out.push((line[inside..at].to_owned(), start, at + c.len_utf8()));
                open = None;
            }
            Some(_) => {}
            None => {
                let close = match c {
                    '`' => Some('`'),
                    '"' => Some('"'),
                    '“' => Some('”'),
                    '«' => Some('»'),
                    _ => None,
                };
                open = close.map(|close| (at, at + c.len_utf8(), close));
            }
        }
    }
    out
}

/// `GET /carts/{id}` and its like.
pub fn routes(line: &str) -> Vec<(String, String)> {
    const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let words: Vec<&str> = line.split([' ', '`', '(', ')', ',', '"']).filter(|w| !w.is_empty()).collect();
    words
        .windows(2)
        .filter(|pair| METHODS.contains(&pair[0]) && pair[1].starts_with('/') && pair[1].len() <= 120)
        .map(|pair| (pair[0].to_owned(), pair[1].trim_end_matches(['.', ';', ':', '?']).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_numbers_and_paths_whole() {
        let check = |line: &str, expected: &[&str]| assert_eq!(sentences(line).collect::<Vec<_>>(), expected);
        check("The total is 16.20. It should be 18.00!", &["The total is 16.20.", "It should be 18.00!"]);
        check("See src/cart.rs, e.g. line 4. Done", &["See src/cart.rs, e.g. line 4.", "Done"]);
        check("合計が違う。直して", &["合計が違う。", "直して"]);
    }

    #[test]
    fn replacements_are_read_both_ways() {
        let check = |line: &str, expected: Option<(&str, &str)>| {
            assert_eq!(swap(line), expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{line}");
        };
        check("`recieve` should be `receive`", Some(("recieve", "receive")));
        check("Rename `total` to `sum`", Some(("total", "sum")));
        check("It says \"Colour\" instead of \"Color\"", Some(("Color", "Colour")));
        check("`a` and `b`", None);
    }

    #[test]
    fn frames_of_many_languages_are_seen() {
        for frame in [
            "    at applyCoupon (/app/src/cart.ts:41:7)",
            "  File \"shop/cart.py\", line 12, in total",
            "thread 'main' panicked at src/cart.rs:57:9:",
            "\t/srv/cart.go:33 +0x1f",
            "\tat com.acme.Cart.total(Cart.java:88)",
        ] {
            assert!(is_frame(frame), "{frame}");
        }
        for line in ["It starts at 10:30", "see http://localhost:8080", "ratio 3:1 is fine"] {
            assert!(!is_frame(line), "{line}");
        }
    }

    #[test]
    fn stories_are_taken_apart() {
        let s = story("As a shopper, I want to keep my cart so that I can pay later.").expect("it is a story");
        assert_eq!((s.who.as_str(), s.wants.as_str()), ("a shopper", "keep my cart"));
        assert_eq!(s.so_that.as_deref(), Some("I can pay later"));
    }
}
