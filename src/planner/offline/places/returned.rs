//! A new field of what a function gives back: the type is declared somewhere, and that file changes too.
//!
//! In: sentences that name something new in code marks, and the sites. Out: calls for the file of the type that a named
//! function gives back. Bounded: the sites' symbols.

use super::{
    super::{code::edges, overruled, reading::Reading, work::why::is_telling},
    called::Call,
    refs::full_name,
    site::Site,
    todo::{Act, Todo},
    widen,
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::terms;

/// Words by which a sentence says that something is part of an answer.
const GIVES: &[&str] = &[
    "say", "says", "show", "shows", "return", "returns", "answer", "answers", "give", "gives", "field", "carry",
    "carries", "contain", "contains", "include", "includes", "expose", "exposes", "tell", "tells",
];
/// Words by which a sentence says that something is taken.
const TAKES: &[&str] = &["parameter", "argument", "option", "setting", "flag", "take", "takes", "accept", "accepts"];
/// Types that hold the one that is meant.
const HOLDERS: &[&str] = &[
    "Arc",
    "Array",
    "Box",
    "Future",
    "Iterable",
    "Iterator",
    "Json",
    "List",
    "Mono",
    "Option",
    "Optional",
    "Promise",
    "Result",
    "Sequence",
    "Task",
    "Vec",
    "Awaitable",
    "Self",
    "Error",
];
/// Symbols of a site that are compared.
const MOST: usize = 40;

/// The files of the types.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let taken_back = overruled::of(reading);
    let asked = reading.asked().filter(|(id, _)| taken_back.iter().all(|(known, _)| known != id));
    let mut out: Vec<Call> = Vec::new();
    for (_, text) in asked {
        let Some(name) = coined(context, text) else { continue };
        let found = sites.iter().filter(|s| s.is_code()).find_map(|site| {
            let symbol = giver(context, site, text)?;
            let (path, kind) = given(context, &symbol)?;
            Some((site, symbol, path, kind))
        });
        out.extend(found.map(|found| call(repository, name, found)));
    }
    out.truncate(2);
    out
}

/// A name in code marks that nothing here has, in a sentence about what is given back.
fn coined<'t>(context: &Context, text: &'t str) -> Option<&'t str> {
    let lower = text.to_lowercase();
    let says = |words: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w));
    let is_new = |name: &&str| {
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.contains(char::is_whitespace);
        is_name && is_telling(name) && context.tree.definitions(name, 1).is_empty()
    };
    text.split('`').skip(1).step_by(2).filter(|_| says(GIVES) && !says(TAKES)).find(is_new)
}

/// The function of the site that the sentence names, in code or in words.
fn giver(context: &Context, site: &Site<'_>, text: &str) -> Option<Symbol> {
    let is_function = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let mut symbols = context.tree.symbols(&site.path).into_iter().filter(is_function).take(MOST);
    symbols.find(|s| {
        is_telling(&s.name) && edges::names(text, &s.name)
            || terms(&s.name).len() >= 2 && widen::stands_together(&terms(&s.name), text)
    })
}

/// The type that a function gives back, where it is declared once.
fn given(context: &Context, function: &Symbol) -> Option<(String, Symbol)> {
    let signature = &function.signature;
    let after = signature.rfind("->").map(|at| at + 2).or_else(|| signature.rfind(')').map(|at| at + 1))?;
    let words = signature[after..].split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_type = |w: &&str| w.starts_with(char::is_uppercase) && !HOLDERS.contains(w);
    let name = words.into_iter().find(is_type)?;
    let declares = |s: &Symbol| {
        matches!(s.kind, SymbolKind::Struct | SymbolKind::Interface | SymbolKind::Class | SymbolKind::Type)
    };
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let found = context.tree.definitions(name, 6).into_iter().filter(|(p, s)| is_source(p) && declares(s));
    let [only] = <[(String, Symbol); 1]>::try_from(found.collect::<Vec<_>>()).ok()?;
    Some(only)
}

fn call(
    repository: &Option<RepoName>,
    name: &str,
    (site, symbol, path, kind): (&Site<'_>, Symbol, String, Symbol),
) -> Call {
    let file = FileRef::new(&path).of(repository.clone()).lines(kind.line, kind.line);
    let giver = full_name(&site.path, &symbol);
    let why = format!("`{giver}` gives a `{}` back (`{}`)", kind.name, file.label());
    let todo = format!("Add `{name}` to `{}` (`{}`), which `{giver}` gives back", kind.name, file.label());
    let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
    let why = statement(why);
    let todo = Some(Todo::new(Act::Field(name.to_owned()), statement(todo)));
    Call { path, symbol: Some(kind), why, todo, leads: false }
}
