//! Finds commands in a comment.
//!
//! In: a comment's Markdown. Out: what its command lines say, in order. A command stands at the start of a line of an
//! ordinary paragraph: not in quotes, code, lists, tables, headings, folds or HTML comments, and not styled. Never
//! parses a comment in which no line begins like a command: this runs while a tracker waits for its answer.

use super::{
    Rules,
    grammar::{Said, read},
};
use crate::richtext::{Block, Inline, markdown, plain_inline};

/// How much of a comment is read, in bytes. GitHub takes 65,536 characters.
pub const MAX_COMMENT: usize = 64 * 1024;

/// What the command lines of a comment say.
pub fn commands(text: &str, rules: &Rules) -> Vec<Said> {
    let text = &text[..text.floor_char_boundary(MAX_COMMENT)];
    if !text.split(['\n', '\r']).any(|line| after_word(line, &rules.command).is_some()) {
        return Vec::new();
    }
    let doc = markdown::parse(text);
    let paragraphs = doc.blocks.iter().filter_map(|block| match block {
        Block::Paragraph { content } => Some(content),
        _ => None,
    });
    paragraphs.flat_map(|content| in_paragraph(content, rules)).collect()
}

/// The commands of a paragraph: each reaches to the next, or to the paragraph's end.
fn in_paragraph(content: &[Inline], rules: &Rules) -> Vec<Said> {
    let mut found: Vec<String> = Vec::new();
    for line in content.split(|inline| *inline == Inline::Break) {
        let text = plain_inline(line);
        let bare = matches!(line.first(), Some(Inline::Text { .. }));
        let first = line.first().map(|first| plain_inline(std::slice::from_ref(first))).unwrap_or_default();
        let begins = bare && after_word(&first, &rules.command).is_some();
        match (begins, found.last_mut()) {
            (true, _) => found.extend(after_word(&text, &rules.command).map(str::to_owned)),
            (false, Some(last)) => {
                last.push('\n');
                last.push_str(&text);
            }
            (false, None) => {}
        }
    }
    found.iter().map(|rest| read(rest, rules)).collect()
}

/// What follows the command's word, where the line begins with it.
///
/// Case does not count; full-width letters are as good as ASCII. Blanks and characters without width may stand
/// before it, but none inside: one there makes the word inert.
fn after_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let mut rest = line.chars();
    for wanted in word.chars() {
        let got = rest.next().map(narrow)?;
        if !got.eq_ignore_ascii_case(&wanted) {
            return None;
        }
    }
    let rest = rest.as_str();
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
}

/// A full-width form as its ASCII character (Unicode block Halfwidth and Fullwidth Forms), others as they are.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Characters without width: joiners, marks of direction, variation selectors, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}')
}
