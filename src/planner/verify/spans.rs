//! Checks what prose names in code marks: paths with their lines, symbols, commands, commits.
//!
//! In: a statement. Out: the same, with a note behind each name that is not there. What the ticket itself writes may
//! stand: its words are quoted, not claimed.

use super::{commands, ground::Ground};
use crate::model::plan::{Basis, FileRef, Finding, FindingKind, Remedy, Statement};

/// Checks every span of a statement.
pub fn check(ground: &mut Ground<'_>, statement: &mut Statement) {
    let parts: Vec<&str> = statement.text.split('`').collect();
    if parts.len() < 3 {
        return;
    }
    let last = parts.len() - 1;
    let mut out = String::with_capacity(statement.text.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push('`');
        }
        out.push_str(part);
        let closes_span = at > 0 && at % 2 == 0;
        if closes_span {
            // The note stands behind the closing mark, before the text that was just written.
            let span = parts[at - 1];
            if let Some(note) = judge(ground, span, statement.basis) {
                out.insert_str(out.len() - part.len(), &format!(" ({note})"));
            }
        }
        debug_assert!(at <= last);
    }
    statement.text = out;
}

/// What is wrong with a span, in words for its reader.
fn judge(ground: &mut Ground<'_>, span: &str, basis: Basis) -> Option<&'static str> {
    if span.is_empty() || ground.in_ticket(span) && !span.contains('/') {
        return None;
    }
    if is_path(span) {
        return path(ground, span);
    }
    if basis != Basis::Model {
        return None;
    }
    let (kind, nearest, note) = unknown(ground, span)?;
    ground.findings.push(Finding { kind, said: span.to_owned(), nearest, done: Remedy::Marked });
    Some(note)
}

/// A commit, command or symbol that a model names and nobody has.
fn unknown(ground: &Ground<'_>, span: &str) -> Option<(FindingKind, Option<String>, &'static str)> {
    if is_hash(span) {
        return (!ground.knows_commit(span)).then_some((FindingKind::UnknownCommit, None, "no such commit"));
    }
    if commands::is_line(span) {
        let note = "not a command of this repository";
        return (!commands::stands(ground, span)).then_some((FindingKind::UnknownCommand, None, note));
    }
    let name = symbol_name(span)?;
    let note = "not in the repository today";
    (!ground.knows_symbol(name)).then(|| (FindingKind::MissingSymbol, ground.nearest_symbol(name), note))
}

/// A path that exists nowhere, or lines that its file does not have.
fn path(ground: &mut Ground<'_>, span: &str) -> Option<&'static str> {
    let path = bare_path(span);
    if !ground.is_known_path(path) {
        if ground.in_ticket(span) {
            return None;
        }
        let nearest = ground.nearest_path(path);
        let said = path.to_owned();
        ground.findings.push(Finding { kind: FindingKind::MissingPath, said, nearest, done: Remedy::Marked });
        return Some("not found");
    }
    let last = span[path.len()..].rsplit([':', '-']).next().and_then(|line| line.parse::<u32>().ok())?;
    let files = ground.contexts.iter().filter_map(|context| context.tree.file(path));
    let longest = files.map(|file| file.lines.max(1)).max()?;
    let in_first = ground.tree_file(&FileRef::new(path)).is_some_and(|file| last <= file.lines.max(1));
    if in_first || (1..=longest).contains(&last) || ground.in_ticket(span) {
        return None;
    }
    let said = span.to_owned();
    ground.findings.push(Finding { kind: FindingKind::LinesOutside, said, nearest: None, done: Remedy::Marked });
    Some("no such lines")
}

/// A path and not a route, an address, an option or an expression.
fn is_path(span: &str) -> bool {
    let path = bare_path(span);
    let name = path.rsplit('/').next().unwrap_or_default();
    let has_extension = name.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric())
    });
    path.contains('/')
        && has_extension
        && !path.starts_with(['/', '@', '~'])
        && !path.contains([' ', '*', '{', '<', '(', '"', '\'', '$', '='])
        && !path.contains("://")
}

/// Without the lines behind it.
fn bare_path(span: &str) -> &str {
    match span.rsplit_once(':') {
        Some((path, lines)) if !lines.is_empty() && lines.chars().all(|c| c.is_ascii_digit() || c == '-') => path,
        _ => span,
    }
}

/// Seven to forty hex digits, letters and figures mixed.
fn is_hash(span: &str) -> bool {
    (7..=40).contains(&span.len())
        && span.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && span.bytes().any(|b| b.is_ascii_digit())
        && span.bytes().any(|b| b.is_ascii_lowercase())
}

/// The last name of `Cart::total`, `cart.total()` or `total()`; `None` for anything else.
fn symbol_name(span: &str) -> Option<&str> {
    let is_call = span.ends_with("()");
    let bare = span.trim_end_matches("()");
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    let parts: Vec<&str> = bare.split("::").flat_map(|part| part.split('.')).collect();
    let is_symbol = (is_call || bare.contains("::")) && parts.iter().all(|part| is_name(part));
    parts.last().copied().filter(|_| is_symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_routes_and_code() {
        let check = |span: &str, expected: bool| assert_eq!(is_path(span), expected, "{span}");
        check("src/cart.rs", true);
        check("src/cart.rs:10-12", true);
        check("/carts/{id}", false);
        check("a/b", false);
        check("https://x.y/z.rs", false);
        check("src/*.rs", false);
    }

    #[test]
    fn symbols_are_told_from_values() {
        let check = |span: &str, expected: Option<&str>| assert_eq!(symbol_name(span), expected, "{span}");
        check("Cart::total", Some("total"));
        check("cart.total()", Some("total"));
        check("total()", Some("total"));
        check("total", None);
        check("if a.is_empty()", None);
        check("0.8", None);
    }

    #[test]
    fn hashes_are_told_from_words() {
        assert!(is_hash("eb0f9929ec"));
        assert!(!is_hash("defaced") && !is_hash("1234567") && !is_hash("abc12"));
    }
}
