//! Running text → wiki markup.
//!
//! In: inlines in normal form. Out: markup on one line, or with a newline for each break. Jira's marks act only
//! where no letter or digit touches them from outside: where one does, a word joiner (U+2060) stands between.

use super::escape::{escape_text, escape_words};
use crate::richtext::{
    Inline, address,
    runs::{Run, Styles, brief, flatten, nest},
};

/// Has no width, and is no letter.
pub(super) const JOINER: char = '\u{2060}';

/// Running text as lines of a paragraph.
pub(super) fn lines(content: &[Inline]) -> String {
    Writer { breaks: "\n", words: false }.write(content)
}

/// Running text on one line.
pub(super) fn line(content: &[Inline]) -> String {
    Writer { breaks: "\\\\ ", words: false }.write(content)
}

/// Running text as a cell of a table, which may not be empty.
pub(super) fn cell(content: &[Inline]) -> String {
    let text = line(content);
    if text.is_empty() { " ".to_owned() } else { text }
}

/// Writes running text.
#[derive(Clone, Copy)]
struct Writer {
    breaks: &'static str,
    /// In the words of a link.
    words: bool,
}

impl Writer {
    /// The inlines, in one order of styles, blanks at the edges of styles outside.
    fn write(self, content: &[Inline]) -> String {
        let mut runs = apart(brief(flatten(content)).into_iter().map(plainer));
        let is_edge = |run: &Run| {
            matches!(&run.leaf, Inline::Break) || matches!(&run.leaf, Inline::Text { text } if text.trim().is_empty())
        };
        while runs.pop_if(|run| is_edge(run)).is_some() {}
        runs.drain(..runs.iter().take_while(|run| is_edge(run)).count());
        let mut out = String::new();
        self.all(&nest(runs), &mut out);
        out
    }

    /// Appends inlines.
    fn all(self, content: &[Inline], out: &mut String) {
        for (nth, inline) in content.iter().enumerate() {
            match inline {
                Inline::Break => {
                    let beside = |at: Option<usize>| matches!(at.and_then(|at| content.get(at)), Some(Inline::Break));
                    let several = beside(nth.checked_sub(1)) || beside(Some(nth + 1));
                    out.push_str(if several { "\\\\ " } else { self.breaks });
                }
                inline => self.one(inline, content.get(nth + 1), out),
            }
        }
    }

    /// Appends an inline; `next` follows it.
    fn one(self, inline: &Inline, next: Option<&Inline>, out: &mut String) {
        match inline {
            Inline::Text { text } => self.text(text, out),
            Inline::Mention { name, .. } => self.text(&format!("@{name}"), out),
            // Runs hold none any more.
            Inline::Media { name, .. } => self.text(name, out),
            Inline::Code { text } if text.is_empty() => {}
            Inline::Code { text } => self.marked(["{{", "}}"], next, out, |out| {
                let core = text.trim_matches(' ');
                let edge = |blanks: usize| "&#32;".repeat(blanks);
                let (before, after) =
                    (text.len() - text.trim_start_matches(' ').len(), text.len() - text.trim_end_matches(' ').len());
                out.push_str(&edge(before));
                self.words_or_text(core, out);
                out.push_str(&edge(if core.is_empty() { 0 } else { after }));
            }),
            Inline::Strong { content } => self.marked(["*"; 2], next, out, |out| self.all(content, out)),
            Inline::Emphasis { content } => self.marked(["_"; 2], next, out, |out| self.all(content, out)),
            Inline::Strike { content } => self.marked(["-"; 2], next, out, |out| self.all(content, out)),
            Inline::Link { url, content } => self.link(url, content, out),
            Inline::Break => out.push_str(self.breaks),
        }
    }

    /// Appends text.
    fn text(self, text: &str, out: &mut String) {
        if self.words {
            escape_words(text, out);
        } else {
            escape_text(text, out.is_empty() || out.ends_with('\n'), out);
        }
    }

    /// Appends text that stands on no line's start.
    fn words_or_text(self, text: &str, out: &mut String) {
        if self.words { escape_words(text, out) } else { escape_text(text, false, out) }
    }

    /// Appends what `inner` writes between two marks.
    fn marked(self, marks: [&str; 2], next: Option<&Inline>, out: &mut String, inner: impl FnOnce(&mut String)) {
        if out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '\\' | ';' | '{' | '}')) {
            out.push(JOINER);
        }
        out.push_str(marks[0]);
        inner(out);
        out.push_str(marks[1]);
        if next.is_some_and(|next| !starts_apart(next)) {
            out.push(JOINER);
        }
    }

    /// Appends a link.
    fn link(self, url: &str, content: &[Inline], out: &mut String) {
        out.push('[');
        let mut words = String::new();
        Self { breaks: " ", words: true }.all(content, &mut words);
        out.push_str(&words);
        out.push('|');
        out.push_str(&destination(url));
        out.push(']');
    }
}

/// The run with what the notation can hold: links to pages and mailboxes alone; a medium is a link to it by its name,
/// for the notation shows what is attached alone.
fn plainer(run: Run) -> Run {
    let absolute = |url: &str| address::safe(url).filter(|url| url.contains("://") || url.starts_with("mailto:"));
    let Run { mut styles, leaf } = run;
    styles.url = styles.url.as_deref().and_then(absolute).map(Into::into);
    let Inline::Media { name, url } = leaf else { return Run { styles, leaf } };
    let text = if name.is_empty() { url.clone().unwrap_or_default() } else { name };
    styles.url = styles.url.or_else(|| url.as_deref().and_then(absolute).map(Into::into));
    Run { styles, leaf: Inline::Text { text } }
}

/// Runs with the blanks at their edges apart and without styles: marks beside blanks do not act, nor does a link need
/// them.
fn apart(runs: impl Iterator<Item = Run>) -> Vec<Run> {
    let mut out = Vec::new();
    for run in runs {
        let Inline::Text { text } = &run.leaf else {
            let styles = if matches!(run.leaf, Inline::Break) { Styles::default() } else { run.styles };
            out.push(Run { styles, leaf: run.leaf });
            continue;
        };
        let core = text.trim_matches(char::is_whitespace);
        let start = text.len() - text.trim_start().len();
        for (part, blank) in [(&text[..start], true), (core, false), (&text[start + core.len()..], true)] {
            let styles = if blank { Styles::default() } else { run.styles.clone() };
            if !part.is_empty() {
                out.push(Run { styles, leaf: Inline::text(part) });
            }
        }
    }
    out
}

/// Does the inline begin with what a mark may stand before?
fn starts_apart(next: &Inline) -> bool {
    match next {
        Inline::Text { text } => {
            text.starts_with(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ')' | ':' | ';'))
        }
        Inline::Break | Inline::Mention { .. } | Inline::Link { .. } => true,
        _ => false,
    }
}

/// An address in which nothing ends a link or acts.
fn destination(url: &str) -> String {
    url.chars().fold(String::with_capacity(url.len()), |mut out, c| {
        match c {
            '[' | ']' | '{' | '}' | '|' | '\\' | '^' | '!' | ' ' => out.push_str(&format!("%{:02X}", u32::from(c))),
            c => out.push(c),
        }
        out
    })
}
