//! Options of a command line that the ticket names (`--max-results`), and the symbols that declare them.
//!
//! In: the ticket's code marks and the files of a [`Context`]. Out: symbols, and calls for their files. An option is
//! declared by a field that is called like it, or on a line that holds it as a literal.

use super::{super::reading::Reading, called::Call, site};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};

/// Ranked files that are looked at.
const SEARCHED: usize = 30;
/// The most options of a ticket.
const MOST: usize = 6;

/// The options that a text names: `--max-results`.
pub fn named(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | '(' | ')' | ',' | '=' | '“'));
    let words = words.map(|w| w.trim_end_matches(['.', ':', ';', '?', '!', '”']));
    let is_option = |w: &&str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        w.strip_prefix("--").is_some_and(|n| n.len() >= 2 && n.starts_with(|c: char| c.is_ascii_alphabetic()))
            && w.chars().all(is_part)
    };
    words.filter(is_option).collect()
}

/// The options in the ticket's code marks.
pub fn of(reading: &Reading) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for flag in reading.codes.iter().flat_map(|code| named(code)) {
        if out.len() < MOST && !out.iter().any(|known| known == flag) {
            out.push(flag.to_owned());
        }
    }
    out
}

/// The symbols of a file that declare one of the options.
pub fn declared(context: &Context, path: &str, flags: &[String]) -> Vec<(String, Symbol)> {
    if flags.is_empty() {
        return Vec::new();
    }
    let all = context.tree.symbols(path);
    let text = context.tree.text(path).unwrap_or_default();
    let mut out = Vec::new();
    for flag in flags {
        let field = all.iter().find(|s| s.kind == SymbolKind::Field && is_called(&s.name, flag)).cloned();
        let literal = || {
            let marks = ['"', '\'', '`'].map(|mark| format!("{mark}{flag}{mark}"));
            let line = text.lines().position(|line| marks.iter().any(|m| line.contains(m.as_str())))?;
            site::around(&all, line as u32 + 1)
        };
        out.extend(field.or_else(literal).map(|symbol| (flag.clone(), symbol)));
    }
    out
}

/// Is the symbol called like the option: `max_results`, `maxResults` like `--max-results`?
pub fn is_called(name: &str, flag: &str) -> bool {
    let squeezed = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_ascii_lowercase();
    squeezed(name) == squeezed(flag)
}

/// The first ranked file that declares each option.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let flags = of(reading);
    let is_source = |p: &str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut out: Vec<Call> = Vec::new();
    for flag in flags {
        let ranked = context.ranked.iter().take(SEARCHED).filter(|r| is_source(&r.path));
        let mut found = ranked.flat_map(|r| {
            declared(context, &r.path, std::slice::from_ref(&flag)).into_iter().map(move |d| (&r.path, d))
        });
        let Some((path, (flag, symbol))) = found.next() else { continue };
        let file = FileRef::new(path).of(repository.clone()).lines(symbol.line, symbol.line);
        let why = format!("`{}` declares the option `{flag}`, which the ticket names", file.label());
        let why = Statement::new(Basis::Repository, why).at(file);
        out.push(Call { path: path.clone(), symbol: Some(symbol), why, todo: None, leads: false });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_in_command_lines() {
        let check = |text: &str, expected: &[&str]| assert_eq!(named(text), expected, "{text}");
        check("fd --owner 1000-2000", &["--owner"]);
        check("say `--max-results=3`, not --x", &["--max-results"]);
        check("a -- b --- c", &[]);
        assert!(is_called("maxResults", "--max-results") && is_called("max_results", "--max-results"));
        assert!(!is_called("results", "--max-results"));
    }
}
