//! Prose and values as literal Markdown.
//!
//! In: text in which backticks mark code and everything else is meant as it stands. Out: Markdown that shows exactly that:
//! no formatting, no HTML, no live address.

use crate::richtext::markdown::{code_span, escape};

/// A piece of prose.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    Text(&'t str),
    Code(&'t str),
}

/// Splits prose at its code marks; a mark without a partner is text. Marks grow as in Markdown: code that holds
/// backticks stands between longer runs of them, padded with a space (CommonMark 0.31, section 6.1).
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('`') {
        let marks = rest[open..].len() - rest[open..].trim_start_matches('`').len();
        let inside = &rest[open + marks..];
        let Some((close, end)) = closing(inside, marks) else {
            // Two marks side by side hold nothing; any other run without a partner ends the search.
            if marks == 2 {
                if open > 0 {
                    out.push(Piece::Text(&rest[..open]));
                }
                rest = inside;
                continue;
            }
            break;
        };
        if open > 0 {
            out.push(Piece::Text(&rest[..open]));
        }
        let code = &inside[..close];
        let padded = (marks > 1).then(|| code.strip_prefix(' ').and_then(|c| c.strip_suffix(' '))).flatten();
        out.push(Piece::Code(padded.unwrap_or(code)));
        rest = &inside[end..];
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

/// Where the next run of exactly this many marks begins and ends.
fn closing(text: &str, marks: usize) -> Option<(usize, usize)> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == marks {
            return Some((start, start + run));
        }
        at = start + run;
    }
    None
}

/// Prose as Markdown in one line.
pub fn prose(text: &str) -> String {
    let line = one_line(text);
    pieces(&line).iter().fold(String::with_capacity(line.len() + 8), |mut out, piece| {
        match piece {
            Piece::Text(text) => out.push_str(&plain(text)),
            Piece::Code(code) => out.push_str(&code_span(&without_scheme(code))),
        }
        out
    })
}

/// Code as a span, without live addresses.
pub fn code(code: &str) -> String {
    code_span(&without_scheme(code))
}

/// Text without code marks as Markdown; addresses become code without their scheme, so that nothing links them.
pub fn plain(text: &str) -> String {
    if !text.contains("://") && !text.contains("www.") {
        return inside_line(text);
    }
    // A sentence's marks are no part of an address.
    let is_mark = |c: char| matches!(c, '.' | ',' | ';' | '!' | '?' | ')' | '”' | '"' | '\'' | '»');
    let words = text.split(' ').map(|word| match word.contains("://") || word.contains("www.") {
        true => {
            let address = word.trim_end_matches(is_mark);
            format!("{}{}", code_span(&without_scheme(address)), inside_line(&word[address.len()..]))
        }
        false => inside_line(word),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Text that does not begin a line as Markdown; spaces at its ends stay.
fn inside_line(text: &str) -> String {
    let bare = text.trim();
    if bare.is_empty() {
        return if text.is_empty() { String::new() } else { " ".to_owned() };
    }
    let escaped = escape(&format!("x {bare}"));
    let before = if text.starts_with(char::is_whitespace) { " " } else { "" };
    let after = if text.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{before}{}{after}", escaped.strip_prefix("x ").unwrap_or(&escaped))
}

/// Every address without its scheme: still readable, no longer one.
fn without_scheme(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let head = &rest[..at];
        let scheme = head.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c)).count();
        out.push_str(&head[..head.len() - scheme]);
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    out
}

/// White space of any kind becomes one space.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes white space off line ends and superfluous blank lines out, outside code fences; ends with one newline.
pub fn tidy(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut fence: Option<&str> = None;
    let mut blanks = 0;
    for line in markdown.lines() {
        let bare = line.trim_start();
        let marks = fence_marks(bare);
        match (fence, marks) {
            (None, Some(marks)) => fence = Some(marks),
            (Some(open), Some(marks)) if marks.starts_with(open) && bare.trim_end() == marks => fence = None,
            _ => {}
        }
        let line = if fence.is_some() { line } else { line.trim_end() };
        blanks = if line.is_empty() && fence.is_none() { blanks + 1 } else { 0 };
        if blanks <= 1 && !(out.is_empty() && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The marks that open or close a fence (CommonMark 0.31, section 4.5).
fn fence_marks(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = line.chars().take_while(|c| *c == mark).count();
    let is_open = count >= 3 && (mark == '~' || !line[count..].contains('`'));
    is_open.then(|| &line[..count])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_shows_what_it_says() {
        let check = |text: &str, expected: &str| assert_eq!(prose(text), expected);
        check("run `a*b` now", "run `a*b` now");
        check("a `b", "a \\`b");
        check("see https://evil.example/x?y=1 now", "see `evil.example/x?y=1` now");
        check("`http://a` b", "`a` b");
        check("Fix ``src/a`b.rs`` now", "Fix ``src/a`b.rs`` now");
        check("`` `x` `` and `y`", "`` `x` `` and `y`");
        check("{{secrets}} <b>\n# x", "{{secrets}} \\<b> \\# x");
    }

    #[test]
    fn tidy_leaves_code_alone() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n```\nx\n\n\n y  \n```\n\n"), "a\n\nb\n```\nx\n\n\n y  \n```\n");
    }
}
