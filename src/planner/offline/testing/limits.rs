//! Edges of the code that the change can break: branches of the symbols to change that decide by what the ticket speaks of.
//!
//! In: the [`Survey`]. Out: statements, a few.

use super::super::{Survey, code::edges, places::refs::full_name};
use crate::model::plan::{Basis, Statement};

/// The most branches that are told, and of one symbol.
const MOST: usize = 6;
const MOST_OF_ONE: usize = 4;

/// Branches of the symbols to change, as edges for tests.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for site in survey.sure_code().take(4) {
        for symbol in site.symbols.iter().take(1) {
            let mut found = edges::branch_lines(site, symbol);
            if found.iter().any(|(_, text)| is_choice(text)) {
                found.retain(|(_, text)| !text.starts_with("case "));
            }
            for (line, text) in found.into_iter().take(MOST_OF_ONE) {
                let file = site.file().lines(line, line);
                let name = full_name(&site.path, symbol);
                let ends = ["raise ", "throw ", "bail!", "panic!"].iter().any(|w| text.starts_with(w));
                let ends = ends || edges::is_return(&text);
                let what = match text.as_str() {
                    _ if ends => "what leads to",
                    text if is_choice(text) => "each arm of",
                    text if text.starts_with("case ") => "the arm",
                    _ => "both sides of",
                };
                let said = format!("{what} `{text}` in `{name}` (`{}`)", file.label());
                out.push(Statement::new(Basis::Repository, said).at(file));
            }
        }
    }
    out.truncate(MOST);
    out
}

/// Does the line choose among more than two ways?
fn is_choice(line: &str) -> bool {
    line.starts_with("switch") || line.starts_with("match ")
}
