//! Rows of wiki tables → cells.
//!
//! In: the text of a row, which may hold newlines. Out: its cells. Bars in links, code and images end no cell.

use super::inline;
use crate::richtext::{Align, Inline, cells::Cell};

/// The cells of a row.
pub(super) fn cells(row: &str) -> Vec<Cell> {
    let mut out = Vec::new();
    let mut rest = row.trim_matches([' ', '\t', '\n']);
    // What one kind of opening lacks further on, it lacks for all that follow.
    let mut no_code = false;
    while let Some(inner) = rest.strip_prefix('|') {
        let (header, inner) = inner.strip_prefix('|').map_or((false, inner), |inner| (true, inner));
        if inner.trim().is_empty() {
            break;
        }
        let (text, after) = inner.split_at(end(inner, &mut no_code));
        let mut content = Vec::new();
        for (nth, line) in text.split('\n').enumerate() {
            if nth > 0 {
                content.push(Inline::Break);
            }
            content.extend(inline::read(line));
        }
        out.push(Cell { content, header, align: Align::None, span: (1, 1) });
        rest = after;
    }
    out
}

/// Where the cell that the text starts with ends; `no_code` when no code ends in what follows.
fn end(text: &str, no_code: &mut bool) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].find(['|', '\\', '[', '{', '!']) {
        let here = at + found;
        let rest = &text[here..];
        at = here
            + match rest.as_bytes()[0] {
                b'|' => return here,
                b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                b'[' => inline::bracket(rest).unwrap_or(1),
                b'{' if rest.starts_with("{{") && !*no_code => inline::code_end(rest).unwrap_or_else(|| {
                    *no_code = true;
                    1
                }),
                b'!' => inline::image(rest).map_or(1, |(_, length)| length),
                _ => 1,
            };
    }
    text.len()
}
