//! Files that the ticket calls for whatever the ranking says: where a new route is declared and handled, documents that a
//! criterion names, and what the wish for this version names.
//!
//! In: a [`Context`] and the [`Reading`]. Out: sites added to the list, or reasons added to those on it. Bounded: a few.

use super::{
    interface,
    reading::Reading,
    site::{self, Site},
};
use crate::model::{
    context::{Context, Fact, FileClass, Grounding, Symbol},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};

/// The most files that one kind of call adds.
const MOST: usize = 3;

/// From this probability on a file is no guess.
const SURE: f64 = 0.4;

/// Adds what is called for.
pub fn add<'c>(context: &'c Context, reading: &'c Reading, repository: &Option<RepoName>, sites: &mut Vec<Site<'c>>) {
    let mut calls = routes(context, reading, repository);
    calls.extend(documents(context, reading));
    calls.extend(wished(context, reading));
    for call in calls {
        match sites.iter_mut().find(|s| s.path == call.path) {
            Some(known) => {
                known.called.push(call.why);
                known.probability = known.probability.max(SURE);
                known.symbols.retain(|s| call.symbol.as_ref().is_none_or(|c| c.line != s.line));
                known.symbols.splice(0..0, call.symbol);
            }
            None => {
                let symbols = call.symbol.into_iter().collect();
                let site = site::existing(context, reading, repository.clone(), &call.path, symbols);
                sites.extend(site.map(|mut site| {
                    site.called.push(call.why);
                    site.probability = site.probability.max(SURE);
                    site
                }));
            }
        }
    }
}

/// A file that is called for.
struct Call {
    path: String,
    symbol: Option<Symbol>,
    why: Statement,
}

/// Where new routes are declared, and where the handler of the route beside stands.
fn routes(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    for (method, path) in interface::new_routes(context, reading).into_iter().take(MOST) {
        let bare = path.split('?').next().unwrap_or(path);
        let Some(sibling) = interface::sibling(context, path) else { continue };
        let file = FileRef::new(&sibling.path).of(repository.clone()).lines(sibling.line, sibling.line);
        let said =
            format!("`{method} {bare}` is new; its neighbour `{}` is declared at `{}`", sibling.name, file.label());
        let why = Statement::new(Basis::Repository, said).at(file);
        out.push(Call { path: sibling.path.clone(), symbol: None, why });
        if let Some((path, symbol)) = handler(context, &sibling.value).or_else(|| on_line(context, sibling)) {
            let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.line);
            let said = format!("`{}` answers the neighbour `{}` (`{}`)", symbol.name, sibling.name, file.label());
            let why = Statement::new(Basis::Repository, said).at(file);
            out.push(Call { path, symbol: Some(symbol), why });
        }
    }
    out
}

/// The handler that stands on a route's line behind its path: the last qualified name that is defined.
fn on_line(context: &Context, route: &Fact) -> Option<(String, Symbol)> {
    let text = context.tree.text(&route.path)?;
    let line = text.lines().nth(route.line.checked_sub(1)? as usize)?;
    let path = route.name.rsplit(' ').next().unwrap_or(&route.name);
    let behind = line.split_once(path)?.1;
    let names = behind.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '#'))).take(24);
    let qualified: Vec<&str> =
        names.map(|n| n.trim_matches([':', '.', '#'])).filter(|n| n.contains([':', '.', '#'])).collect();
    qualified.into_iter().rev().find_map(|name| handler(context, name))
}

/// The definition of a handler as routes name it (`admin::orders`, `OrdersController.show`): in a file of that name,
/// where there are several.
fn handler(context: &Context, value: &str) -> Option<(String, Symbol)> {
    let mut parts = value.trim_end_matches("()").rsplit([':', '.', '/', '#']).filter(|p| !p.is_empty());
    let name = parts.next()?;
    let home = parts.next().map(str::to_lowercase);
    let all = context.tree.definitions(name, 12);
    let fits = |path: &str| home.as_ref().is_none_or(|home| path.to_lowercase().contains(home.as_str()));
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    all.into_iter().find(|(path, _)| is_source(path) && fits(path))
}

/// Documents that a criterion or a requirement names.
fn documents(context: &Context, reading: &Reading) -> Vec<Call> {
    let asked: Vec<(&str, &str)> = reading.asked().collect();
    let named = context.grounded.iter().filter_map(|g| match &g.found {
        Grounding::Path { path } if context.tree.file(path).is_some_and(|f| f.class == FileClass::Doc) => {
            let (id, _) = asked.iter().find(|(_, text)| text.contains(g.text.as_str()))?;
            let why = Statement::new(Basis::Ticket, format!("{id} names it"));
            Some(Call { path: path.clone(), symbol: None, why })
        }
        _ => None,
    });
    named.take(MOST).collect()
}

/// Paths and symbols that the wish for this version names.
fn wished(context: &Context, reading: &Reading) -> Vec<Call> {
    let Some(wish) = &reading.wish else { return Vec::new() };
    let why = || Statement::new(Basis::Ticket, "the wish for this version names it");
    let mut out = Vec::new();
    for name in &wish.names {
        if context.tree.file(name).is_some() {
            out.push(Call { path: name.clone(), symbol: None, why: why() });
            continue;
        }
        let bare = name.trim_end_matches("()").rsplit([':', '.', '#']).next().unwrap_or(name);
        let found = context.tree.definitions(bare, 3);
        // A name that many files define points nowhere.
        if let [(path, symbol)] = found.as_slice() {
            out.push(Call { path: path.clone(), symbol: Some(symbol.clone()), why: why() });
        }
    }
    out.truncate(2 * MOST);
    out
}
