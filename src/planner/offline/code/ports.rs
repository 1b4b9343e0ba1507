//! Interfaces through which code is called: a new method is declared there, and given to every type that implements it.
//!
//! In: names of methods and the files of a [`Context`]. Out: the interface, and its implementations, those of tests
//! included. Bounded: some hundred files, a few types.

use super::{
    super::places::{refs::full_name, site::Site},
    edges,
    layer::Layer,
    path::ending,
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, FileChange, Statement},
};

/// Files that are searched for interfaces.
const SEARCHED: usize = 1_500;
/// Implementations that are named.
const MOST: usize = 3;
/// Methods that show that a type is meant by an interface.
const ENOUGH: usize = 2;

/// An interface with the types that implement it elsewhere.
pub struct Port {
    pub path: String,
    pub symbol: Symbol,
    pub others: Vec<(String, Symbol)>,
}

/// The interface through which the methods are called, and who implements it besides the file that defines them.
pub fn of(context: &Context, methods: &[&str], home: &str, least: usize) -> Option<Port> {
    let (path, symbol) = declaring(context, methods, home, least)?;
    let method = methods.iter().find(|m| declares(context, &path, &symbol, m))?;
    let within = |p: &str, s: &Symbol| p == path && symbol.line <= s.line && s.line <= symbol.end_line;
    let mut others: Vec<(String, Symbol)> = Vec::new();
    for (at, found) in context.tree.definitions(method, 12) {
        if at == home || within(&at, &found) || others.len() >= MOST {
            continue;
        }
        let Some(parent) = found.parent.as_deref() else { continue };
        let own = context.tree.symbols(&at).into_iter().find(|s| s.name == parent && s.parent.is_none());
        let kind = own.unwrap_or(Symbol { name: parent.to_owned(), parent: None, ..found });
        if others.iter().all(|(p, s)| (p, &s.name) != (&at, &kind.name)) {
            others.push((at, kind));
        }
    }
    Some(Port { path, symbol, others })
}

/// The interface that declares most of the methods.
fn declaring(context: &Context, methods: &[&str], home: &str, least: usize) -> Option<(String, Symbol)> {
    let is_read =
        |p: &&str| ending(p) == ending(home) && context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut best: Option<(usize, String, Symbol)> = None;
    for path in context.tree.paths().filter(is_read).take(SEARCHED) {
        let Some(text) = context.tree.text(path) else { continue };
        if !["interface", "trait ", "Protocol", "ABC"].iter().any(|w| text.contains(w)) {
            continue;
        }
        for symbol in context.tree.symbols(path).into_iter().filter(is_interface) {
            let count = methods.iter().filter(|m| declares(context, path, &symbol, m)).count();
            if count >= least && best.as_ref().is_none_or(|(most, ..)| count > *most) {
                best = Some((count, path.to_owned(), symbol));
            }
        }
    }
    best.map(|(_, path, symbol)| (path, symbol))
}

fn is_interface(symbol: &Symbol) -> bool {
    let is_abstract = ["Protocol", "ABC"].iter().any(|w| edges::names(&symbol.signature, w));
    matches!(symbol.kind, SymbolKind::Interface | SymbolKind::Trait) || symbol.kind == SymbolKind::Class && is_abstract
}

/// Do the interface's lines declare the method?
fn declares(context: &Context, path: &str, interface: &Symbol, method: &str) -> bool {
    let text = context.tree.text(path).unwrap_or_default();
    let count = interface.end_line.saturating_sub(interface.line) as usize;
    let calls = |line: &str| ["(", "<", ": ("].iter().any(|end| line.contains(&format!("{method}{end}")));
    text.lines().skip(interface.line as usize).take(count).any(|line| edges::names(line, method) && calls(line))
}

/// What a step does about the interfaces of its sites: what is said, and the files that are not on its list yet.
pub fn here(sites: &[&Site<'_>]) -> Vec<(Vec<FileChange>, Statement)> {
    let mut out: Vec<(Vec<FileChange>, Statement)> = Vec::new();
    for site in sites {
        out.extend(site.port.iter().map(|port| (changes(site, port), asked_through(site, port))));
        out.extend(of_new(site));
    }
    out
}

/// The interface and its implementations as changes.
fn changes(site: &Site<'_>, port: &Port) -> Vec<FileChange> {
    let all = std::iter::once((&port.path, &port.symbol)).chain(port.others.iter().map(|(p, s)| (p, s)));
    let change = |(path, symbol): (&String, &Symbol)| {
        let file = site.sibling(path);
        FileChange {
            action: Action::Modify,
            symbols: vec![super::super::places::refs::symbol_ref(&file, symbol)],
            file,
            ..FileChange::default()
        }
    };
    all.map(change).collect()
}

/// `Store` (`service.go:9`).
fn named(site: &Site<'_>, path: &str, symbol: &Symbol) -> String {
    let file = site.sibling(path).lines(symbol.line, symbol.line);
    format!("`{}` (`{}`)", full_name(path, symbol), file.label())
}

fn others(site: &Site<'_>, port: &Port) -> String {
    let all: Vec<String> = port.others.iter().map(|(path, symbol)| named(site, path, symbol)).collect();
    all.join(" and ")
}

fn cited(site: &Site<'_>, port: &Port, said: String) -> Statement {
    let at = |path: &str, symbol: &Symbol| site.sibling(path).lines(symbol.line, symbol.line);
    let statement = Statement::new(Basis::Repository, said).at(at(&port.path, &port.symbol));
    port.others.iter().fold(statement, |s, (path, symbol)| s.at(at(path, symbol)))
}

/// The callee of a site is called through the interface.
fn asked_through(site: &Site<'_>, port: &Port) -> Statement {
    let interface = named(site, &port.path, &port.symbol);
    let said = match port.others.as_slice() {
        [] => format!("It is called through {interface}: declare the new method there too"),
        [_] => format!(
            "It is called through {interface}: declare the new method there, and give it to {}, which implements it too",
            others(site, port)
        ),
        _ => format!(
            "It is called through {interface}: declare the new method there, and give it to {}, which implement it too",
            others(site, port)
        ),
    };
    cited(site, port, said)
}

/// A file to make is like one with methods of a type that is called through an interface.
fn of_new(site: &Site<'_>) -> Option<(Vec<FileChange>, Statement)> {
    let like = site.convention.as_ref().and_then(|(_, like)| like.as_deref());
    let like = like.filter(|_| site.action == Action::Create && site.is_kin && site.layer == Layer::Data)?;
    let methods: Vec<Symbol> = site.context.tree.symbols(like);
    let methods: Vec<&str> = methods
        .iter()
        .filter(|s| s.kind == SymbolKind::Method && s.parent.is_some())
        .map(|s| s.name.as_str())
        .collect();
    let port = of(site.context, &methods, like, ENOUGH).filter(|port| port.path != like)?;
    let interface = named(site, &port.path, &port.symbol);
    let too = match port.others.as_slice() {
        [] => String::new(),
        _ => format!(", and given to {} too", others(site, &port)),
    };
    let said =
        format!("What `{like}` has is called through {interface}: what is called so here is declared there{too}");
    Some((changes(site, &port), cited(site, &port, said)))
}
