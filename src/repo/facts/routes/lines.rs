//! A text's lines as its routes are read from them: single ones, joined with those that a call goes on for.
//!
//! In: a language and a text. Out: a line's statement, its depth and what follows it. Looks a few lines far, never
//! further.

use std::borrow::Cow;

use regex::Captures;

use super::{table::Pattern, target};

/// The lines of a text.
pub struct Lines<'a> {
    language: &'a str,
    lines: Vec<&'a str>,
}

/// A line with those that its call goes on for.
pub struct Call<'a> {
    pub text: Cow<'a, str>,
    /// The bytes of the line itself: what begins behind them belongs to another line.
    line: usize,
}

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 400;
/// How many lines a call may go on for.
const MAX_CALL: usize = 10;
/// How many lines may stand between a class's prefix and the class, or between an attribute and its function.
const OWNER_WITHIN: usize = 8;

impl<'a> Lines<'a> {
    pub fn of(language: &'a str, text: &'a str) -> Self {
        Self { language, lines: text.lines().collect() }
    }

    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// How deep a line stands, in bytes.
    pub fn indent(&self, at: usize) -> usize {
        self.lines[at].len() - self.lines[at].trim_start().len()
    }

    /// A line; one that ends with an open bracket goes on until its brackets close. Nothing, where there is nothing to
    /// read: examples in comments declare nothing.
    pub fn call(&self, at: usize) -> Option<Call<'a>> {
        let line = self.lines[at];
        if line.len() > MAX_LINE || line.trim().is_empty() || is_comment(self.language, line) {
            return None;
        }
        let mut text = Cow::Borrowed(line);
        if goes_on(line.trim()) {
            for next in self.lines[at + 1..].iter().take(MAX_CALL).filter(|next| next.len() <= MAX_LINE) {
                let text = text.to_mut();
                text.push(' ');
                text.push_str(next.trim());
                if text.len() > 2 * MAX_LINE || target::depth(text) <= 0 {
                    break;
                }
            }
        }
        Some(Call { text, line: line.len() })
    }

    /// Where the statement of a line begins: chains of calls in PHP stand deeper.
    pub fn statement(&self, at: usize) -> usize {
        let is_part = |line: &&&str| line.trim_start().starts_with("->");
        let above = self.lines[..=at].iter().rev().take(MAX_CALL).take_while(is_part).count();
        self.indent(at.saturating_sub(above))
    }

    /// The class that annotations stand before, in the words of its routes: `CartsController` is `carts`.
    pub fn class_after(&self, at: usize) -> Option<String> {
        for line in self.lines[at + 1..].iter().take(OWNER_WITHIN).map(|line| line.trim()) {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
            if !line.starts_with(['@', '[', '/', '*']) && words.any(|word| word == "class" || word == "interface") {
                let name = words.next().unwrap_or_default();
                return Some(name.trim_end_matches("Controller").to_lowercase());
            }
            if line.contains('(') && !line.starts_with(['@', '[', '/', '*']) {
                return None;
            }
        }
        None
    }

    /// The function that attributes stand before.
    pub fn function_after(&self, at: usize) -> Option<String> {
        let mut after = self.lines[at + 1..].iter().take(OWNER_WITHIN);
        let line = after.find(|line| !line.trim_start().starts_with(['#', '/']))?;
        let name = line.split_once("fn ")?.1;
        Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
    }
}

impl Call<'_> {
    /// The first pattern's first match that begins in the line.
    pub fn first<'c>(&'c self, patterns: &[&'static Pattern]) -> Option<Captures<'c>> {
        patterns.iter().find_map(|pattern| self.all(pattern).next())
    }

    /// A pattern's matches that begin in the line.
    pub fn all<'c>(&'c self, pattern: &'static Pattern) -> impl Iterator<Item = Captures<'c>> {
        let found = pattern.may_match(&self.text).then(|| pattern.regex().captures_iter(&self.text));
        found.into_iter().flatten().take_while(|groups| groups.get(0).is_some_and(|all| all.start() <= self.line))
    }

    /// Does the line only close what stands above, or go on with its head?
    pub fn is_end(&self) -> bool {
        let line = self.text.trim_start();
        line.starts_with([')', '}', ']', '{']) || line.starts_with("where")
    }

    /// Is what a match opened still open at the end of the line?
    pub fn is_open_after(&self, end: usize) -> bool {
        end > self.line || target::is_inside(&self.text[end..self.line])
    }
}

/// Does a call, an import of many names or an option go on in the next line?
fn goes_on(line: &str) -> bool {
    let opens = line.ends_with(['(', '[']) || line.ends_with('{') && target::depth(line) > 1;
    opens
        || line.ends_with('{')
            && ["import", "use", "const", "export {", "openapi:", "option ("].iter().any(|word| line.starts_with(word))
}

/// Does the line only tell something? Examples in comments declare nothing.
fn is_comment(language: &str, line: &str) -> bool {
    let marks: &[&str] = if matches!(language, "python" | "ruby") { &["#"] } else { &["//", "* ", "/*"] };
    marks.iter().any(|mark| line.trim_start().starts_with(mark))
}
