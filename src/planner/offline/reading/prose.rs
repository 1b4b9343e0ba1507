//! What stands in sentences: story, behaviour, errors, questions, vague words, replacements, routes.

use super::{
    Found, Line, Role, Shape, Story,
    sentence::{sentences, vague},
    story::story,
    swap::{Swap, is_of_things, swap},
    trace::{is_error, is_frame},
};
use crate::planner::words::{clean, shorten};

/// The most sentences of no special role that are kept.
const MOST_SENTENCES: usize = 40;
/// The longest sentence, in characters.
const LONGEST: usize = 300;

/// What the sentences of a ticket say.
#[derive(Debug, Default)]
pub struct Prose {
    pub story: Option<Story>,
    pub expected: Option<Found>,
    /// What happens instead, where the sentence before says it.
    pub actual: Option<Found>,
    pub errors: Vec<Found>,
    pub has_trace: bool,
    pub questions: Vec<Found>,
    pub vague: Vec<(String, Found)>,
    pub swaps: Vec<Swap>,
    pub codes: Vec<String>,
    /// Lines of code that are neither frames nor errors.
    pub quoted: Vec<String>,
    /// Names in code marks that stand together in one line, from four on.
    pub lists: Vec<std::collections::BTreeSet<String>>,
    pub routes: Vec<(String, String)>,
    pub sentences: Vec<Found>,
}

/// Reads the sentences of all lines, title first.
pub fn read(lines: &[Line], title: &str) -> Prose {
    let mut prose = Prose::default();
    let is_text = !is_of_things(title);
    prose.swaps.extend(swap(title).map(|(from, to)| Swap { from, to, is_text, found: at_title(title) }));
    prose.routes.extend(routes(title));
    for (at, line) in lines.iter().enumerate() {
        prose.routes.extend(sentences(&line.text).filter(|s| !is_foreign(s)).flat_map(routes));
        prose.codes.extend(line.codes.iter().cloned());
        if line.codes.len() >= 4 {
            prose.lists.push(line.codes.iter().cloned().collect());
        }
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
        let is_trace = is_frame(&line.text) || is_error(&line.text);
        self.has_trace |= is_frame(&line.text);
        self.error(line, next);
        let text = line.text.trim();
        // What every trace of a language begins with is nobody's text.
        let is_head =
            ["Traceback (most recent call", "Stack trace:", "Exception in thread"].iter().any(|h| text.starts_with(h));
        if !is_trace && !is_head && text.chars().count() >= 20 && self.quoted.len() < 12 {
            self.quoted.push(text.to_owned());
        }
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
            let is_text = !is_of_things(&line.text);
            self.swaps.extend(swap(&line.text).map(|(from, to)| Swap { from, to, is_text, found: line.found() }));
        }
        let mut before = "";
        for sentence in sentences(&line.text) {
            let ended = sentence.trim_end_matches([':', '：', ' ']);
            let found = || Found { text: shorten(ended, LONGEST), place: line.place.clone() };
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
                self.contrast(before, sentence, line);
            }
            before = sentence;
        }
    }

    /// “It prints A. It should print B.”: what happens and what should, told by the same verb.
    fn contrast(&mut self, before: &str, sentence: &str, line: &Line) {
        let is_told = self.expected.is_some() || self.actual.is_some();
        if is_told || line.role != Role::Free || line.shape == Shape::Item {
            return;
        }
        let found = |text: &str| Found { text: shorten(text, LONGEST), place: line.place.clone() };
        if is_contrast(before, sentence) {
            (self.actual, self.expected) = (Some(found(before)), Some(found(sentence)));
        }
    }

    /// "Expected 18.00 but got 16.20", "shows X instead of Y".
    fn behaviour(&mut self, sentence: &str, line: &Line) {
        // What happens “as it should” is not what is missed.
        let lower = sentence.to_lowercase().replace("as it should", "").replace("as they should", "");
        if self.expected.is_none() && !matches!(line.role, Role::Criteria | Role::OutOfScope) {
            let contrast = [" but ", " instead", " rather than "].iter().any(|w| lower.contains(w));
            if contrast && (lower.contains("expect") || lower.contains("should")) {
                self.expected = Some(Found { text: shorten(sentence, LONGEST), place: line.place.clone() });
            }
        }
    }
}

/// Does the second sentence say that something should do otherwise what the first says it does: “prints”, “should print”?
fn is_contrast(before: &str, sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let Some((_, behind)) = lower.split_once(" should ").or_else(|| lower.split_once(" must ")) else { return false };
    let verb: String = behind.chars().take_while(|c| c.is_alphabetic()).collect();
    // What stands behind “when” or “that” is told of something else.
    let told = before.to_lowercase();
    let ends = [" when ", " that ", " which ", " who ", " if ", " while ", " because "];
    let told = &told[..ends.iter().filter_map(|word| told.find(word)).min().unwrap_or(told.len())];
    let mut words = told.split(|c: char| !c.is_alphanumeric());
    let is_verb = |word: &str| match verb.as_str() {
        "be" => word == "is" || word == "are",
        _ => word.strip_suffix('s').is_some_and(|w| w == verb || w.strip_suffix('e') == Some(&verb)),
    };
    let is_wish = behind.starts_with("be able to ");
    !behind.starts_with("not ") && !is_wish && verb.len() >= 2 && words.any(is_verb)
}

/// Does the sentence speak of somebody else's interface?
fn is_foreign(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    ["their api", "'s api", "’s api", "third-party", "third party", "external api", "upstream api"]
        .iter()
        .any(|w| lower.contains(w))
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
    fn a_verb_that_should_be_otherwise_is_a_contrast() {
        let check = |before: &str, sentence: &str, expected: bool| {
            assert_eq!(is_contrast(before, sentence), expected, "{before} {sentence}");
        };
        check("`fd -x` prints an empty line.", "It should print the name.", true);
        check("The total is 16.20.", "It should be 18.00.", true);
        check("The page shows a list.", "Users should see a button.", false);
        check("The mail goes out.", "It should not be sent twice.", false);
        check("Customers ask when plants are back.", "They should be told.", false);
        check("The list is long.", "People should be able to filter it.", false);
    }
}
