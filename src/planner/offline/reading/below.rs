//! What a sentence that ends in a colon leads to: the table or the code below it, in one line.

use super::{Line, Shape};
use crate::planner::words::{clean, shorten};

/// The longest text, in characters.
const LONGEST: usize = 120;

/// The block below the first line, where that line ends in a colon: a table of one row as `name value` pairs, code as a
/// code span.
pub fn shown(lines: &[Line]) -> Option<String> {
    let (first, rest) = lines.split_first()?;
    if !first.text.ends_with([':', '：']) {
        return None;
    }
    let rest = &rest[..rest.len().min(24)];
    match rest.first()?.shape {
        Shape::Code => code(rest),
        _ => pairs(rest),
    }
}

/// The lines of code in one; `None` when nothing in it is worth reading or it would break its span.
fn code(lines: &[Line]) -> Option<String> {
    let mut block: Vec<&str> = Vec::new();
    let mut open = 0_i32;
    for line in lines.iter().take_while(|l| l.shape == Shape::Code) {
        block.push(line.text.trim());
        let count = |marks: [char; 2]| line.text.matches(marks).count() as i32;
        open += count(['{', '[']) - count(['}', ']']);
        // The first whole value or line is enough.
        if open <= 0 {
            break;
        }
    }
    let text = shorten(&clean(&block.join(" ")), LONGEST);
    (text.chars().any(char::is_alphanumeric) && !text.contains('`')).then(|| format!("`{text}`"))
}

/// The one line that a table of one row is; other lists stand in the ticket.
fn pairs(lines: &[Line]) -> Option<String> {
    let first = lines.first().filter(|l| l.shape == Shape::Item)?;
    let is_alone = lines.get(1).is_none_or(|l| l.shape != Shape::Item || l.role != first.role);
    is_alone.then(|| shorten(&first.text, LONGEST))
}
