//! Files that a criterion names by their subject, where the ranking has none for it.
//!
//! In: criteria and requirements, and the names of source files. Out: calls: “a mail that cannot be sent” leads to
//! `mailer.ts` when that is the only file called so.

use std::collections::BTreeMap;

use super::{
    called::Call,
    path::stem,
    reading::Reading,
    site::Site,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::terms;

/// The most files that are added.
const MOST: usize = 4;
/// Names that say nothing of a subject.
const IDLE: &[&str] = &[
    "app", "server", "config", "error", "util", "helper", "base", "common", "type", "client", "service", "handler",
    "model", "setting", "core", "init", "context", "route", "router", "setup", "page", "view", "data", "file", "list",
    "request", "answer", "status", "state", "statu", "json", "number", "name", "value", "result",
];
/// Repositories with more files are not searched by name.
const LARGEST: usize = 4_000;

/// Files for criteria that no site shares a name with.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let mut named: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    for (at, path) in context.tree.paths().filter(is_source).enumerate() {
        if at >= LARGEST {
            return Vec::new();
        }
        for term in terms(stem(path)) {
            named.entry(term).or_default().push(path);
        }
    }
    let mut out: Vec<Call> = named_symbols(context, reading, repository, sites);
    let overruled = super::overruled::of(reading);
    let asked = reading.asked().filter(|(id, _)| overruled.iter().all(|(known, _)| known != id));
    let expected = reading.expected.as_ref().map(|found| ("what is expected", found.text.as_str()));
    for (id, text) in asked.chain(expected) {
        // What is given is there already, and what must not change leads to no file to change.
        let text = text.find("When ").filter(|_| text.starts_with("Given ")).map_or(text, |at| &text[at..]);
        if ["must not", "should not", "not change", "unchanged"].iter().any(|w| text.contains(w)) {
            continue;
        }
        for term in terms(text) {
            let known = sites.iter().any(|s| s.names.iter().any(|n| is_same(n, &term)));
            if IDLE.contains(&term.as_str()) || known || out.len() >= MOST {
                continue;
            }
            let found: Vec<&str> = named
                .iter()
                .filter(|(n, _)| is_same(n, &term) && !IDLE.contains(&n.as_str()))
                .flat_map(|(_, p)| p.iter().copied())
                .collect();
            if let [path] = found.as_slice()
                && out.iter().all(|c| c.path != *path)
            {
                let words = text.split(|c: char| !c.is_alphanumeric());
                let own = words.filter(|w| terms(w).contains(&term)).map(str::to_owned).next();
                let said = own.or_else(|| reading.word(&term)).unwrap_or(term.clone());
                let file = FileRef::new(*path).of(repository.clone());
                let why = format!("{id} speaks of “{said}”, and `{path}` is the only source file called so");
                let todo = format!("The part on “{said}” of {id} belongs here");
                out.push(Call {
                    path: (*path).to_owned(),
                    symbol: None,
                    why: Statement::new(Basis::Repository, why).at(file.clone()),
                    todo: Some(Todo::new(Act::Part, Statement::new(Basis::Ticket, todo).at(file))),
                    leads: false,
                });
            }
        }
    }
    out
}

/// Functions of ranked files whose whole name a criterion writes in words: “the priced cart” is `priceCart`.
fn named_symbols(context: &Context, reading: &Reading, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    for ranked in context.ranked.iter().take(40) {
        let is_source = context.tree.file(&ranked.path).is_some_and(|f| f.class == FileClass::Source);
        if !is_source || sites.iter().any(|s| s.path == ranked.path) || out.len() >= 2 {
            continue;
        }
        let callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
        let symbols = context.tree.symbols(&ranked.path).into_iter().filter(callable).take(60);
        let found = symbols.filter(|s| terms(&s.name).len() >= 2).find_map(|symbol| {
            let name = terms(&symbol.name);
            let (id, _) = reading.asked().find(|(_, text)| {
                let said = terms(text);
                name.iter().all(|n| said.contains(n))
            })?;
            Some((id.to_owned(), symbol))
        });
        let Some((id, symbol)) = found else { continue };
        let file = FileRef::new(&ranked.path).of(repository.clone()).lines(symbol.line, symbol.line);
        let why = format!("{id} says in words what `{}` (`{}`) is called", symbol.name, file.label());
        let why = Statement::new(Basis::Repository, why).at(file);
        out.push(Call { path: ranked.path.clone(), symbol: Some(symbol), why, todo: None, leads: false });
    }
    out
}

/// The same word, or one that only a short ending tells apart: `mail` and `mailer`.
pub fn is_same(name: &str, term: &str) -> bool {
    name == term || (term.len() >= 4 && name.starts_with(term) && name.len() <= term.len() + 3)
}
