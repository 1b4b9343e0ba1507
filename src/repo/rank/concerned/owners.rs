//! Which symbol a line belongs to.
//!
//! In: the lines and symbols of a file. Out: for each line its symbol. Linear in the lines, and in the symbols' lengths.

use std::collections::HashMap;

use crate::model::context::Symbol;

/// How a line of comment, or of attributes, begins.
const ABOVE: [&str; 7] = ["//", "#", "*", "/*", "--", "@", "["];

/// The innermost symbol around each line.
pub fn innermost(symbols: &[Symbol], lines: usize) -> Vec<Option<usize>> {
    let mut out = vec![None; lines];
    let mut outer: Vec<usize> = (0..symbols.len()).collect();
    outer.sort_by_key(|at| std::cmp::Reverse(symbols[*at].end_line.saturating_sub(symbols[*at].line)));
    for at in outer {
        let first = (symbols[at].line as usize).saturating_sub(1).min(lines);
        let last = (symbols[at].end_line as usize).clamp(first, lines);
        out[first..last].fill(Some(at));
    }
    out
}

/// As [`innermost`], but comments and attributes directly above a symbol belong to it.
pub fn with_comments(symbols: &[Symbol], text: &[&str]) -> Vec<Option<usize>> {
    let mut out = innermost(symbols, text.len());
    let mut starts: HashMap<usize, usize> = HashMap::new();
    for (at, symbol) in symbols.iter().enumerate() {
        starts.entry(symbol.line as usize).or_insert(at);
    }
    let is_above = |line: usize| {
        let text = text.get(line.wrapping_sub(1)).map_or("", |text| text.trim_start());
        !starts.contains_key(&line) && ABOVE.iter().any(|mark| text.starts_with(mark))
    };
    for (first, at) in &starts {
        let above = (1..*first).rev().take_while(|line| is_above(*line));
        above.for_each(|line| out[line - 1] = Some(*at));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::super::super::blob::Blob, *};

    fn named(text: &str, owners: Vec<Option<usize>>) -> Vec<String> {
        let blob = Blob::of(text.as_bytes(), Some("python"));
        owners.into_iter().map(|at| at.map_or_else(String::new, |at| blob.symbols[at].name.clone())).collect()
    }

    #[test]
    fn a_line_belongs_to_the_innermost_symbol_and_a_comment_to_what_is_below() {
        let text = "class Cart:\n    # Sums up.\n    def total(self):\n        return 1\n\n\nx = 1\n";
        let symbols = Blob::of(text.as_bytes(), Some("python")).symbols;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(named(text, innermost(&symbols, lines.len()))[..5], ["Cart", "Cart", "total", "total", ""]);
        assert_eq!(named(text, with_comments(&symbols, &lines))[..5], ["Cart", "total", "total", "total", ""]);
    }
}
