//! Routes whose answers go through a symbol: who asks for it, up to what is declared to answer a request.
//!
//! In: a symbol of a file. Out: the declared routes, each with the call by which it leads there. Calls are told by their
//! words, as in [`uses`]. Bounded: a few calls deep, some functions.

use std::collections::BTreeSet;

use super::{
    super::places::site::around,
    edges,
    path::{ending, folder},
    uses,
};
use crate::model::context::{Context, Fact, FactKind, Symbol, SymbolKind};

/// Calls between the symbol and what answers.
const DEEPEST: usize = 4;
/// Functions that are looked at.
const MOST: usize = 24;
/// Lines of an answer that has no name of its own.
const LONGEST: u32 = 30;

/// A route, and the function whose call leads from it towards the symbol.
pub struct Way<'c> {
    pub route: &'c Fact,
    /// The function that the symbol is called by, or what it is called by in turn: the first one from the symbol on; `None`
    /// where what answers has no name of its own.
    pub by: Option<String>,
    /// Where that call stands.
    pub path: String,
    pub line: u32,
}

/// A function on the way, with the call that the way began with.
struct Caller {
    path: String,
    symbol: Symbol,
    first: Option<(Option<String>, String, u32)>,
}

/// The routes that lead to a symbol, the nearest first, each once.
pub fn ways<'c>(context: &'c Context, home: &str, symbol: &Symbol) -> Vec<Way<'c>> {
    let mut out: Vec<Way<'c>> = Vec::new();
    let mut seen = BTreeSet::from([(home.to_owned(), symbol.line)]);
    let mut now = vec![Caller { path: home.to_owned(), symbol: symbol.clone(), first: None }];
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for caller in now {
            for (path, line) in calls(context, &caller) {
                let inside = enclosing(context, &path, line);
                let by = inside.as_ref().map(|s| s.name.clone());
                let first = caller.first.clone().unwrap_or((by, path.clone(), line));
                for route in answered(context, &path, line, inside.as_ref()) {
                    if out.iter().all(|way| !std::ptr::eq(way.route, route)) {
                        let (by, path, line) = first.clone();
                        out.push(Way { route, by, path, line });
                    }
                }
                if let Some(symbol) = inside.filter(|s| seen.len() < MOST && seen.insert((path.clone(), s.line))) {
                    next.push(Caller { path, symbol, first: Some(first) });
                }
            }
        }
        now = next;
    }
    out
}

/// The lines that call a function.
fn calls(context: &Context, caller: &Caller) -> Vec<(String, u32)> {
    let text = context.tree.text(&caller.path).unwrap_or_default();
    let own = edges::calls_within(&text, &context.tree.symbols(&caller.path), &caller.symbol);
    let mut out: Vec<(String, u32)> = own.into_iter().map(|line| (caller.path.clone(), line)).collect();
    let users = uses::users(context, &caller.path);
    out.extend(uses::calls_of(context, &caller.path, &users, &caller.symbol));
    out
}

/// The function around a line.
fn enclosing(context: &Context, path: &str, line: u32) -> Option<Symbol> {
    let is_callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    around(&context.tree.symbols(path), line).filter(is_callable)
}

/// The routes that a line answers: those that name the function around it, or the one whose own lines it stands in.
fn answered<'c>(context: &'c Context, path: &str, line: u32, inside: Option<&Symbol>) -> Vec<&'c Fact> {
    let routes = || context.facts.iter().filter(|f| f.kind == FactKind::Route);
    let last = |value: &str| value.rsplit([':', '.', '/', '#']).next().unwrap_or_default().to_owned();
    let is_near = |f: &Fact| {
        f.path == path
            || ending(path) == "go" && folder(&f.path) == folder(path)
            || context.tree.dependents(path, MOST).contains(&f.path)
    };
    let named: Vec<&Fact> =
        inside.map_or(Vec::new(), |s| routes().filter(|f| last(&f.value) == s.name && is_near(f)).collect());
    if !named.is_empty() {
        return named;
    }
    let before = routes().filter(|f| f.path == path && f.line <= line && line - f.line <= LONGEST);
    let nearest = before.max_by_key(|f| f.line);
    // A function that begins below the route is no part of its answer.
    nearest.filter(|f| inside.is_none_or(|s| s.line < f.line)).into_iter().collect()
}
