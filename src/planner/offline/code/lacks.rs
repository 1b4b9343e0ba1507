//! What a new file must do that the one which shows its form does not, or not there: send a header, look at a status, write
//! one thing after another, pass over what is unknown.
//!
//! In: a [`Site`] to create, the file that shows its form, and what the ticket asks. Out: instructions that name the lines
//! of the pattern at which the new file differs or does the same. Plain text search; bounded.

use super::super::places::site::Site;
use super::differs::{Shape, shape};
use crate::model::{
    context::{FileClass, Symbol, SymbolKind},
    plan::{Basis, FileRef, Statement},
};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// Lines of a pattern that are read.
const MOST_LINES: usize = 2_000;
/// Files beside the pattern that are looked at.
const MOST_FILES: usize = 40;
/// How a request to another service is made, in the languages that are read.
const CALLS: &[&str] = &[
    "NewRequest",
    "http.Get(",
    "http.Post(",
    "requests.get(",
    "requests.post(",
    "requests.request(",
    "httpx.",
    "urlopen(",
    "fetch(",
    "axios",
    "reqwest",
    "HttpRequest",
    "client.get(",
    "client.post(",
    "client.request(",
    "GetAsync(",
    "PostAsync(",
    "SendAsync(",
    "Net::HTTP",
    "Faraday",
    "curl_",
];
/// How the status of an answer is read.
const STATUSES: &[&str] = &[
    "StatusCode",
    "status_code",
    ".status",
    "statusCode",
    "raise_for_status",
    "is_success",
    "error_for_status",
    "getStatus",
    ".ok",
    "http_code",
];
/// How the body of an answer is read.
const BODIES: &[&str] =
    &["Decode(", "json(", ".json", "ReadAll(", "Unmarshal(", "JSON.parse", "readValue(", "text(", "ReadAs", "body("];
/// How a loop begins.
const LOOPS: &[&str] = &["for ", "foreach", "while ", ".forEach(", ".map(", ".for_each(", ".each "];
/// How a loop passes over an element.
const PASSES: &[&str] = &["continue", ".filter(", "filter_map(", "next if ", "next unless "];

/// What the new file does otherwise than the pattern, or as it does there.
pub fn told(site: &Site<'_>, like: &str) -> Vec<Statement> {
    let Some(text) = site.context.tree.text(like) else { return Vec::new() };
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let pattern = Pattern { site, like, lines };
    [pattern.header(), pattern.status(), pattern.one_by_one(), pattern.same()].into_iter().flatten().collect()
}

/// The file that shows the form.
struct Pattern<'s, 'c, 't> {
    site: &'s Site<'c>,
    like: &'s str,
    lines: Vec<&'t str>,
}

impl Pattern<'_, '_, '_> {
    /// The first line that holds one of some words, from a line on.
    fn find(&self, words: &[&str], from: u32) -> Option<u32> {
        let behind = (1_u32..).zip(&self.lines).skip(from.saturating_sub(1) as usize);
        behind.filter(|(_, line)| words.iter().any(|w| line.contains(w))).map(|(at, _)| at).next()
    }

    fn line(&self, at: u32) -> FileRef {
        self.site.sibling(self.like).lines(at, at)
    }

    /// A header that the ticket names and the pattern's request does not send.
    fn header(&self) -> Option<Statement> {
        let is_header = |text: &str| shape(text) == Some(Shape::Header);
        let marks = self.site.reading.codes.iter().map(String::as_str).filter(|code| is_header(code));
        let marks: Vec<&str> = marks.filter(|m| !self.lines.iter().any(|line| line.contains(m))).collect();
        let has_one = self.lines.iter().any(|line| line.split(['"', '\'']).any(is_header));
        let call = self.find(CALLS, 1).filter(|_| !has_one)?;
        let [mark] = marks.as_slice() else { return None };
        let place = self.line(call);
        let text = format!("Send {} with the request: `{}` sends no header", code_span(&clean(mark)), place.label());
        Some(Statement::new(Basis::Ticket, text).at(place))
    }

    /// An answer's status that the ticket speaks of, where the pattern never looks at one.
    fn status(&self) -> Option<Statement> {
        let asked = self.site.reading.asked();
        let (id, status) = asked.filter_map(|(id, text)| Some((id, answered(text)?))).next()?;
        let call = self.find(CALLS, 1).filter(|_| self.find(STATUSES, 1).is_none())?;
        let read = self.line(self.find(BODIES, call + 1).unwrap_or(call));
        let text = format!(
            "Look at the status before the body is read: `{}` reads it whatever came; {status} as {id} says, any other \
             that is no success as an error",
            read.label()
        );
        Some(Statement::new(Basis::Repository, text).at(read))
    }

    /// “One event per line”, where the pattern writes one value and a file beside it goes through them.
    fn one_by_one(&self) -> Option<Statement> {
        let reading = self.site.reading;
        let said = reading.asked().map(|(_, text)| text).chain(reading.sentences.iter().map(|f| f.text.as_str()));
        let thing = said.filter_map(each_on_a_line).next()?;
        let own = self.functions(self.like);
        let flat: Vec<&Symbol> = own.iter().filter(|s| !loops(&self.lines, s)).collect();
        if flat.len() < own.len() {
            return None;
        }
        let folder = self.like.rsplit_once('/').map_or("", |(folder, _)| folder);
        let ending = self.like.rsplit_once('.').map_or("", |(_, ending)| ending);
        let tree = &self.site.context.tree;
        let beside = tree.paths().filter(|path| {
            let is_near = path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
            is_near && *path != self.like && path.ends_with(&format!(".{ending}"))
        });
        let is_source = |path: &&str| tree.file(path).is_some_and(|f| f.class == FileClass::Source);
        beside.filter(is_source).take(MOST_FILES).find_map(|path| {
            let text = tree.text(path)?;
            let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
            let other = self
                .functions(path)
                .into_iter()
                .find(|s| loops(&lines, s) && flat.iter().any(|own| own.name == s.name && own.kind == s.kind))?;
            let own = flat.iter().find(|own| own.name == other.name)?;
            let (there, here) = (self.site.sibling(path).lines(other.line, other.end_line), self.line(own.line));
            let text = format!(
                "{thing} as `{}` writes them, in a loop, not all in one value as `{}`",
                there.label(),
                here.label()
            );
            Some(Statement::new(Basis::Ticket, text).at(there).at(here))
        })
    }

    /// “Skipped like we do for Nordpost”: the line where the pattern does it.
    fn same(&self) -> Option<Statement> {
        let stem = super::path::stem(self.like).to_lowercase();
        let id = self.site.reading.asked().find(|(_, text)| skips_as(text, &stem)).map(|(id, _)| id)?;
        let at = self.find(PASSES, 1)?;
        let inside = self.functions(self.like).into_iter().find(|s| s.line <= at && at <= s.end_line);
        let inside = inside.map_or(String::new(), |s| format!("{} does at ", code_span(&s.name)));
        let place = self.line(at);
        let text = format!("{id}: pass over it as {inside}`{}`", place.label());
        Some(Statement::new(Basis::Ticket, text).at(place))
    }

    fn functions(&self, path: &str) -> Vec<Symbol> {
        let is_function = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
        self.site.context.tree.symbols(path).into_iter().filter(is_function).collect()
    }
}

/// Does the function hold a loop?
fn loops(lines: &[&str], function: &Symbol) -> bool {
    let body = lines.iter().take(function.end_line as usize).skip(function.line.saturating_sub(1) as usize);
    body.into_iter()
        .any(|line| LOOPS.iter().any(|w| line.trim_start().starts_with(w) || w.starts_with('.') && line.contains(w)))
}

/// The status of a failure that somebody else answers: “answers 404”, “a 404 from them”.
fn answered(text: &str) -> Option<u16> {
    let lower = text.to_lowercase();
    let is_theirs =
        lower.split_whitespace().any(|w| ["answers", "answer", "returns", "responds", "response"].contains(&w));
    let figures = lower.split(|c: char| !c.is_ascii_digit()).filter(|w| w.len() == 3);
    let condition = ["when ", "if ", "on a ", "after a "].iter().any(|w| lower.contains(w));
    figures.filter_map(|w| w.parse().ok()).find(|status| is_theirs && condition && (400..600).contains(status))
}

/// “One event per line” of a sentence that says so.
fn each_on_a_line(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.windows(4).find_map(|w| match w {
        ["one", thing, "per", place @ ("line" | "row")] => Some(format!("One {thing} per {place},")),
        ["each", thing, "on", "a" | "its"] => Some(format!("Each {thing} by itself,")),
        _ => None,
    })
}

/// Does the sentence want something skipped as the one of this name does it?
fn skips_as(text: &str, stem: &str) -> bool {
    let lower = text.to_lowercase();
    let skips = ["skip", "ignor", "left out", "passed over"].iter().any(|w| lower.contains(w));
    let behind = [" like ", " as "].iter().filter_map(|w| lower.split_once(w).map(|(_, behind)| behind));
    let is_it = |behind: &str| behind.split(|c: char| !c.is_alphanumeric()).take(8).any(|word| word == stem);
    skips && behind.into_iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_answers_has_a_condition() {
        assert_eq!(answered("When Kattegat answers 404 the parcel is not known yet"), Some(404));
        assert_eq!(answered("Without a key the answer is 401"), None);
        assert_eq!(answered("If it returns 200 the order is placed"), None);
    }

    #[test]
    fn a_form_says_what_stands_on_a_line() {
        assert_eq!(
            each_on_a_line("Newline-delimited JSON: one event per line, please"),
            Some("One event per line,".into())
        );
        assert_eq!(each_on_a_line("One file for all"), None);
    }

    #[test]
    fn what_is_skipped_as_elsewhere_names_where() {
        assert!(skips_as("An unknown state should be skipped like we do for Nordpost.", "nordpost"));
        assert!(!skips_as("An unknown state should be skipped.", "nordpost"));
        assert!(!skips_as("It looks like Nordpost.", "nordpost"));
    }
}
