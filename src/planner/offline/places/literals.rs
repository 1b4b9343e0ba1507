//! Texts in the ticket's code marks that are no symbol of the repository: placeholders (`{/.}`), headers, foreign calls
//! (`net.ParseIP`), settings. Where they stand in the code, and what is called where they are handled.
//!
//! In: the [`Reading`] and the ranked files of a [`Context`]. Out: calls. A text that stands in many functions says
//! nothing, unless the symbol that the ticket names calls one of them.

use std::collections::BTreeSet;

use super::{
    super::reading::Reading,
    called::Call,
    refs::full_name,
    site::{self},
    traced::called_names,
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// Ranked files whose texts are searched.
const SEARCHED: usize = 40;
/// Larger texts are not searched, in bytes.
const LONGEST: usize = 400_000;
/// A text that more functions hold is too common.
const MOST: usize = 4;

/// A function that holds one of the texts.
struct Holder {
    path: String,
    literal: String,
    line: u32,
    code: String,
    symbol: Symbol,
}

/// Where the texts are handled.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let literals = literals(context, reading);
    if literals.is_empty() || reading.has_trace {
        return Vec::new();
    }
    let holders = holders(context, &literals);
    let start = start(context, reading);
    let mut out = Vec::new();
    if let Some((path, symbol)) = start {
        let called = called_in(context, &path, &symbol);
        let is_start = |h: &Holder| h.path == path && h.symbol.line == symbol.line;
        let found = holders.iter().filter(|h| called.contains(&h.symbol.name) && !is_start(h));
        out.extend(found.take(2).map(|holder| {
            let name = full_name(&path, &symbol);
            let file = FileRef::new(&holder.path).of(repository.clone()).lines(holder.line, holder.line);
            let said = format!(
                "`{name}` calls `{}`, which holds the ticket's `{}` (`{}`)",
                full_name(&holder.path, &holder.symbol),
                shown(&holder.literal),
                file.label()
            );
            let why = Statement::new(Basis::Repository, said).at(file);
            Call { path: holder.path.clone(), symbol: Some(holder.symbol.clone()), why, todo: None, leads: false }
        }));
        return out;
    }
    for literal in &literals {
        let of: Vec<&Holder> = holders.iter().filter(|h| h.literal == *literal).collect();
        let is_few = !of.is_empty() && of.len() <= MOST;
        if let ([holder], true) = (of.as_slice(), literal.chars().all(char::is_alphabetic)) {
            out.extend((!is_shown(&holder.code)).then(|| held(repository, holder)));
        }
        if is_few && is_mark(literal) {
            out.extend(of.iter().flat_map(|holder| handled(context, reading, repository, holder)));
            out.extend(of.iter().filter(|h| !is_shown(&h.code)).map(|holder| held(repository, holder)));
        }
    }
    out
}

/// A text that is only punctuation: it stands for something.
fn is_mark(literal: &str) -> bool {
    !literal.chars().any(char::is_alphanumeric)
}

/// The texts worth a search: no words, no paths, nothing that is defined here.
fn literals(context: &Context, reading: &Reading) -> Vec<String> {
    let words = reading.codes.iter().flat_map(|code| code.split_whitespace());
    let mut out: Vec<String> = Vec::new();
    for word in words.map(|w| w.trim_end_matches("()")) {
        let is_joined = word.contains(['.', ':', '-', '_', '/', '{', '$', '%', '<', '#']);
        let is_option =
            word.starts_with('-') || word.starts_with('.') && word.chars().skip(1).all(char::is_alphanumeric);
        let is_marked = is_mark(word) && word.chars().count() >= 3 && word.contains(['{', '%', '$', '<', '[']);
        let last = word.rsplit(['.', ':', '#', '/']).next().unwrap_or(word);
        let is_known = !last.is_empty() && !context.tree.definitions(last, 1).is_empty();
        let is_asked = || reading.asked().any(|(_, text)| text.contains(&format!("`{word}`")));
        let is_plain = word.len() >= 8 && word.chars().all(char::is_alphabetic) && is_asked();
        let is_named = (is_joined || is_plain) && !is_mark(word) && word.len() >= 5;
        if (is_marked || is_named)
            && !is_option
            && !is_known
            && context.tree.file(word).is_none()
            && out.len() < 8
            && !out.iter().any(|known| known == word)
        {
            out.push(word.to_owned());
        }
    }
    out
}

/// Functions of ranked source files that hold one of the texts, the first line each.
fn holders(context: &Context, literals: &[String]) -> Vec<Holder> {
    let is_source = |p: &str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut out: Vec<Holder> = Vec::new();
    for ranked in context.ranked.iter().take(SEARCHED).filter(|r| is_source(&r.path)) {
        let Some(text) = context.tree.text(&ranked.path).filter(|t| t.len() <= LONGEST) else { continue };
        let mut symbols: Option<Vec<Symbol>> = None;
        for literal in literals.iter().filter(|l| text.contains(l.as_str())) {
            let all = symbols.get_or_insert_with(|| context.tree.symbols(&ranked.path));
            for (line, number) in text.lines().zip(1_u32..).filter(|(line, _)| holds(line, literal)) {
                let Some(symbol) = site::around(all, number).filter(|s| !is_test(all, s)) else { continue };
                let is_known =
                    |h: &Holder| h.path == ranked.path && h.literal == *literal && h.symbol.line == symbol.line;
                if !out.iter().any(is_known) {
                    let (literal, code) = (literal.clone(), line.trim().to_owned());
                    out.push(Holder { path: ranked.path.clone(), literal, line: number, code, symbol });
                }
            }
        }
    }
    out
}

/// Does a line of code hold the text as a whole? Comments do not count.
fn holds(line: &str, literal: &str) -> bool {
    let is_comment = ["//", "#", "*", "--", "/*"].iter().any(|mark| line.trim_start().starts_with(mark));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !is_comment
        && line.match_indices(literal).any(|(at, _)| {
            let ends = |c: char| is_word(c) && !is_mark(literal);
            !line[..at].ends_with(ends) && !line[at + literal.len()..].starts_with(ends)
        })
}

/// Is the line only text for people, not code?
fn is_shown(code: &str) -> bool {
    code.starts_with(['\'', '"']) || !code.contains(['(', '=', '[', '>', '{'])
}

/// A test, or inside a module of tests.
fn is_test(all: &[Symbol], symbol: &Symbol) -> bool {
    let is_tests = |s: &Symbol| s.kind == SymbolKind::Test || s.name == "tests";
    let holds = |s: &Symbol| s.line <= symbol.line && symbol.end_line <= s.end_line;
    is_tests(symbol) || symbol.parent.as_deref() == Some("tests") || all.iter().any(|s| is_tests(s) && holds(s))
}

/// The only symbol of the repository's sources that the ticket names in code marks.
fn start(context: &Context, reading: &Reading) -> Option<(String, Symbol)> {
    context.modify.iter().take(3).find_map(|likely| {
        let symbols = context.tree.symbols(&likely.path);
        let is_named = |s: &Symbol| {
            let named = |c: &String| c.trim_end_matches("()").rsplit(['.', ':', '#']).next() == Some(s.name.as_str());
            matches!(s.kind, SymbolKind::Function | SymbolKind::Method) && reading.codes.iter().any(named)
        };
        symbols.into_iter().find(is_named).map(|symbol| (likely.path.clone(), symbol))
    })
}

/// The names that a symbol's lines call.
fn called_in(context: &Context, path: &str, symbol: &Symbol) -> BTreeSet<String> {
    let text = context.tree.text(path).unwrap_or_default();
    let (skip, take) = (symbol.line.saturating_sub(1) as usize, (symbol.end_line - symbol.line) as usize + 1);
    text.lines().skip(skip).take(take.min(200)).flat_map(called_names).map(|(_, name)| name).collect()
}

/// What is called where the holder's line leads: functions whose names the ticket's words make up, on lines that name
/// what stands beside the text (`BasenameNoExt => f.write_str("{/.}")` leads to where `BasenameNoExt` is handled).
fn handled(context: &Context, reading: &Reading, repository: &Option<RepoName>, holder: &Holder) -> Vec<Call> {
    let text = context.tree.text(&holder.path).unwrap_or_default();
    let beside = holder.code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_case =
        |w: &&str| w.len() >= 5 && w.starts_with(char::is_uppercase) && super::super::work::why::is_telling(w);
    let mut out: Vec<Call> = Vec::new();
    for case in beside.filter(is_case) {
        let lines: Vec<&str> = text.lines().collect();
        let places = (0..lines.len()).filter(|at| holds(lines[*at], case));
        let near = places.flat_map(|at| lines[at..lines.len().min(at + 3)].iter().flat_map(|line| called_names(line)));
        for (_, name) in near {
            let is_meant = !terms(&name).is_disjoint(&reading.terms);
            let found = context.tree.definitions(&name, 2);
            let [(path, symbol)] = found.as_slice() else { continue };
            if !is_meant || out.iter().any(|c| c.path == *path) || !super::super::work::why::is_telling(&name) {
                continue;
            }
            let file = FileRef::new(path).of(repository.clone()).lines(symbol.line, symbol.line);
            let said = format!(
                "`{}` (`{}`) is called where `{}` is handled, `{case}` in `{}`",
                full_name(path, symbol),
                file.label(),
                shown(&holder.literal),
                holder.path
            );
            let why = Statement::new(Basis::Repository, said).at(file);
            out.push(Call { path: path.clone(), symbol: Some(symbol.clone()), why, todo: None, leads: true });
        }
    }
    out
}

/// The file that holds the text.
fn held(repository: &Option<RepoName>, holder: &Holder) -> Call {
    let file = FileRef::new(&holder.path).of(repository.clone()).lines(holder.line, holder.line);
    let said = format!("`{}` holds the ticket's `{}`", file.label(), shown(&holder.literal));
    let why = Statement::new(Basis::Repository, said).at(file);
    Call { path: holder.path.clone(), symbol: Some(holder.symbol.clone()), why, todo: None, leads: false }
}

/// A text of the ticket inside a code span.
fn shown(literal: &str) -> String {
    shorten(&clean(literal), 60).replace('`', "'")
}
