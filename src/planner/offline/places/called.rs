//! Files that the ticket calls for whatever the ranking says: where a new route is declared and handled, documents that a
//! criterion names, and what the wish for this version names.
//!
//! In: a [`Context`] and the [`Reading`]. Out: sites added to the list, or reasons added to those on it. Bounded: a few.

use super::{
    super::{
        code::{
            conditions,
            layer::Layer,
            path::{folder, stem},
        },
        reading::Reading,
        sections::interface,
    },
    accepted, attribute, coined, companions, documents, every, flags, footprint, headed, labels, literals, members,
    refs, returned,
    siblings::Sibling,
    site::{self, Site},
    states, stored, timed,
    todo::{Act, Todo},
    toggles, traced, widen,
};
use crate::model::{
    context::{Context, Fact, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{is_compound, terms};

/// The most files that one kind of call adds.
const MOST: usize = 3;

/// Lines that attributes of a route may take before its function.
const ATTRIBUTES: u32 = 16;

/// From this probability on a file is no guess.
const SURE: f64 = 0.4;

/// Adds what is called for: the first calls and what a sibling shows before the rest.
pub fn add<'c>(
    context: &'c Context,
    reading: &'c Reading,
    repository: &Option<RepoName>,
    (first, sibling): (Vec<Call>, Option<&Sibling>),
    sites: &mut Vec<Site<'c>>,
) {
    let mut calls = first;
    calls.extend(routes(context, reading, repository));
    calls.extend(members::calls(context, reading, repository));
    calls.extend(coined::calls(context, reading, repository));
    calls.extend(labels::call(context, reading, repository));
    let is_shown = sibling.is_some_and(|sibling| !sibling.is_act());
    calls.extend(traced::calls(context, reading, repository, is_shown));
    calls.extend(accepted::calls(context, reading, repository));
    calls.extend(literals::calls(context, reading, repository));
    calls.extend(flags::calls(context, reading, repository));
    calls.extend(attribute::calls(context, reading, repository, sibling));
    calls.extend(sibling.filter(|s| s.is_act()).iter().flat_map(|s| s.calls(context, repository)));
    calls.extend(documents::calls(context, reading, repository));
    // What is named with its siblings is no habit besides.
    let named: Vec<String> = calls.iter().map(|call| call.path.clone()).collect();
    let habits = companions::calls(context, reading, repository).into_iter();
    calls.extend(habits.filter(|call| call.why.basis != Basis::History || !named.contains(&call.path)));
    calls.extend(timed::calls(context, reading, repository));
    calls.extend(toggles::calls(context, reading, repository));
    calls.extend(states::calls(context, reading, repository));
    calls.extend(wished(context, reading));
    take(context, reading, repository, calls, sites);
    let more = widen::calls(context, reading, repository, sites);
    take(context, reading, repository, more, sites);
    let others = every::calls(context, reading, repository, sites);
    take(context, reading, repository, others, sites);
    let given = returned::calls(context, reading, repository, sites);
    take(context, reading, repository, given, sites);
    let documents = headed::calls(context, repository, sites);
    take(context, reading, repository, documents, sites);
}

/// Makes calls sites, or adds them to the sites that are there.
fn take<'c>(
    context: &'c Context,
    reading: &'c Reading,
    repository: &Option<RepoName>,
    calls: Vec<Call>,
    sites: &mut Vec<Site<'c>>,
) {
    for call in calls {
        let leads = call.leads.then(|| call.path.clone());
        match sites.iter_mut().find(|s| s.path == call.path) {
            Some(known) => {
                known.called.push(call.why);
                known.todo.extend(call.todo);
                known.probability = known.probability.max(SURE);
                known.symbols.retain(|s| call.symbol.as_ref().is_none_or(|c| c.line != s.line));
                known.symbols.splice(0..0, call.symbol);
            }
            None => {
                let symbols = call.symbol.into_iter().collect();
                let site = site::existing(context, reading, repository.clone(), &call.path, symbols);
                sites.extend(site.map(|mut site| {
                    site.called.push(call.why);
                    site.todo.extend(call.todo);
                    site.probability = site.probability.max(SURE);
                    site
                }));
            }
        }
        if let Some(at) = leads.and_then(|path| sites.iter().position(|s| s.path == path)) {
            sites[at].leads = true;
            sites[..=at].rotate_right(1);
        }
    }
}

/// A file that is called for.
pub struct Call {
    pub path: String,
    pub symbol: Option<Symbol>,
    pub why: Statement,
    /// What is to be done there, where it can be said exactly.
    pub todo: Option<Todo>,
    /// The change begins there.
    pub leads: bool,
}

/// Where new routes are declared, and where the handler of the route beside stands.
fn routes(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    for (method, path) in interface::new_routes(context, reading).into_iter().take(MOST) {
        let bare = path.split('?').next().unwrap_or(path);
        let Some(sibling) = interface::sibling(context, reading, method, path) else { continue };
        let file = FileRef::new(&sibling.path).of(repository.clone()).lines(sibling.line, sibling.line);
        let said =
            format!("`{method} {bare}` is new; its neighbour `{}` is declared at `{}`", sibling.name, file.label());
        let why = Statement::new(Basis::Repository, said).at(file.clone());
        let flag = reading.asked().find_map(|(_, text)| toggles::asked(text));
        let text = context.tree.text(&sibling.path);
        let apart = text.and_then(|text| conditions::outside(&text, sibling.line, flag));
        let apart = apart.map_or(String::new(), |apart| format!(", {apart}"));
        let todo = format!("Declare `{method} {bare}` beside `{}` (`{}`){apart}", sibling.name, file.label());
        let todo = Statement::new(Basis::Repository, todo).at(file);
        let todo = Some(Todo::new(Act::DeclareRoute(format!("{method} {bare}")), todo));
        out.push(Call { path: sibling.path.clone(), symbol: None, why, todo, leads: false });
        if let Some((path, symbol)) = answers(context, sibling) {
            let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.line);
            let said = format!("`{}` answers the neighbour `{}` (`{}`)", symbol.name, sibling.name, file.label());
            let why = Statement::new(Basis::Repository, said).at(file);
            out.extend(rule(context, reading, repository, (&path, &symbol), (method, bare)));
            // A new noun has files of its own.
            let has_own = stored::noun(context, reading).is_some();
            if has_own && path != sibling.path {
                continue;
            }
            let todo = answer(repository, (method, bare), sibling, (&path, &symbol)).filter(|_| !has_own);
            out.push(Call { path, symbol: Some(symbol), why, todo, leads: false });
        }
    }
    out
}

/// What answers a new route stands beside what answers its neighbour, where that is not declared in the same file.
fn answer(
    repository: &Option<RepoName>,
    (method, route): (&str, &str),
    sibling: &Fact,
    (path, symbol): (&str, &Symbol),
) -> Option<Todo> {
    let file = FileRef::new(path).of(repository.clone()).lines(symbol.line, symbol.line);
    let name = refs::full_name(path, symbol);
    let said = format!("Add what answers `{method} {route}` beside `{name}` (`{}`)", file.label());
    let said = Statement::new(Basis::Repository, said).at(file);
    (path != sibling.path).then(|| Todo::new(Act::Answer(format!("{method} {route}")), said))
}

/// What the handler of the route beside calls: the new route needs its own beside it. A new noun has files of its own.
fn rule(
    context: &Context,
    reading: &Reading,
    repository: &Option<RepoName>,
    (path, handler): (&str, &Symbol),
    (method, route): (&str, &str),
) -> Option<Call> {
    let text = context.tree.text(path).filter(|_| stored::noun(context, reading).is_none())?;
    let lines =
        text.lines().skip(handler.line as usize).take(handler.end_line.saturating_sub(handler.line).min(40) as usize);
    let found = lines.flat_map(traced::called_names).find_map(|(_, name)| {
        let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
        let is_callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
        let found = context.tree.definitions(&name, 8);
        // A helper that any handler calls says nothing of the route.
        let own = terms(&handler.name);
        let near =
            |home: &str| format!("{} {} {name}", stem(home), folder(home).rsplit('/').next().unwrap_or_default());
        let is_akin = |home: &str| name.len() >= 4 && !terms(&near(home)).is_disjoint(&own);
        let found: Vec<(String, Symbol)> =
            found.into_iter().filter(|(home, s)| is_callable(s) && is_akin(home)).collect();
        let [(home, symbol)] = found.as_slice() else { return None };
        let is_below = matches!(Layer::of(home, FileClass::Source), Layer::Logic | Layer::Data);
        let is_rule = is_below && is_source(home) && home != path;
        is_rule.then(|| (home.clone(), symbol.clone()))
    });
    let (home, symbol) = found?;
    let file = FileRef::new(&home).of(repository.clone()).lines(symbol.line, symbol.line);
    let why =
        format!("`{}`, which answers the route beside, calls `{}` (`{}`)", handler.name, symbol.name, file.label());
    let named = deed(route).map(|deed| footprint::written_as(&deed, &symbol.name)).filter(|name| *name != symbol.name);
    let what = match &named {
        Some(name) => format!("`{name}`, for `{method} {route}`,"),
        None => "what the new route needs".to_owned(),
    };
    let todo = format!("Add {what} beside `{}` (`{}`), which stays as it is", symbol.name, file.label());
    let why = Statement::new(Basis::Repository, why).at(file.clone());
    let todo = Some(Todo::new(Act::Beside, Statement::new(Basis::Repository, todo).at(file)));
    Some(Call { path: home, symbol: Some(symbol), why, todo, leads: false })
}

/// What a route does, where it ends in a word for it: `cancel_late` of `/appointments/{id}/cancel-late`.
fn deed(route: &str) -> Option<String> {
    let last = route.rsplit('/').next()?.split('.').next()?;
    let is_word = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '-');
    (last.len() >= 4 && last.contains(['_', '-']) && last.chars().all(is_word)).then(|| last.replace('-', "_"))
}

/// What answers a declared route: the handler that its line names, the function below a decorator or an attribute, or what
/// implements the call that a service declares it for.
pub fn answers(context: &Context, route: &Fact) -> Option<(String, Symbol)> {
    handler(context, &route.value)
        .or_else(|| on_line(context, route))
        .or_else(|| below(context, route))
        .or_else(|| implemented(context, route))
}

/// The function below a decorator or an attribute.
fn below(context: &Context, route: &Fact) -> Option<(String, Symbol)> {
    let text = context.tree.text(&route.path)?;
    let line = text.lines().nth(route.line.checked_sub(1)? as usize)?.trim_start();
    let most = match line {
        line if line.starts_with('@') => 3,
        line if line.starts_with(['#', '[']) => ATTRIBUTES,
        _ => return None,
    };
    let is_next = |s: &Symbol| s.line > route.line && s.line <= route.line + most;
    let is_callable = |s: &Symbol| most == 3 || matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let found = context.tree.symbols(&route.path).into_iter().find(|s| is_next(s) && is_callable(s))?;
    Some((route.path.clone(), found))
}

/// What implements the call of a service that has the route as its option: the only source symbol of its name.
fn implemented(context: &Context, route: &Fact) -> Option<(String, Symbol)> {
    let text = context.tree.text(&route.path).filter(|_| route.path.ends_with(".proto"))?;
    let above: Vec<&str> = text.lines().take(route.line as usize).collect();
    let name = above.iter().rev().take(ATTRIBUTES as usize).find_map(|line| line.trim().strip_prefix("rpc "))?;
    let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    only_defined(context, &name, &route.path)
}

/// The only callable of a name that sources define, or the only class; that of the file itself before any other.
fn only_defined(context: &Context, name: &str, home: &str) -> Option<(String, Symbol)> {
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let is_it = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Class);
    let all = context.tree.definitions(name, 12).into_iter().filter(|(path, s)| is_source(path) && is_it(s));
    let (mut own, mut others): (Vec<_>, Vec<_>) = all.partition(|(path, _)| path == home);
    match (own.pop(), others.pop()) {
        (Some(found), _) if own.is_empty() => Some(found),
        (None, Some(found)) if others.is_empty() => Some(found),
        _ => None,
    }
}

/// The handler that stands on a route's line behind its path: the last qualified name that is defined, or else a bare one
/// that nothing else is called.
fn on_line(context: &Context, route: &Fact) -> Option<(String, Symbol)> {
    let text = context.tree.text(&route.path)?;
    let line = text.lines().nth(route.line.checked_sub(1)? as usize)?;
    let path = route.name.rsplit(' ').next().unwrap_or(&route.name);
    // A router gives the beginning of the path elsewhere: the line's own text is what stands in quotes.
    let behind = line.split_once(path).or_else(|| line.split_once(['"', '\''])?.1.split_once(['"', '\'']))?.1;
    let names = behind.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '#'))).take(24);
    let qualified: Vec<&str> =
        names.map(|n| n.trim_matches([':', '.', '#'])).filter(|n| n.contains([':', '.', '#'])).collect();
    let bare = || last_argument(behind).filter(|name| is_compound(name));
    qualified
        .into_iter()
        .rev()
        .find_map(|name| handler(context, name))
        .or_else(|| bare().and_then(|name| only_defined(context, name, &route.path)))
}

/// The name that ends a call's arguments, what is named after it aside: `list` of `, guard, list)`, `Items` of
/// `, Items, basename="item")`.
fn last_argument(behind: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words = behind.split(|c: char| !is_part(c)).filter(|w| !w.is_empty());
    let ends = |rest: &str| {
        let rest = rest.trim_start();
        let named = rest.strip_prefix(',').map(str::trim_start).and_then(|r| r.split_once('='));
        let is_named = named.is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_part));
        rest.starts_with(')') || is_named
    };
    words.into_iter().find(|word| ends(&behind[word.as_ptr() as usize - behind.as_ptr() as usize + word.len()..]))
}

/// The definition of a handler as routes name it (`admin::orders`, `OrdersController.show`): in a file of that name,
/// where there are several.
fn handler(context: &Context, value: &str) -> Option<(String, Symbol)> {
    let mut parts = value.trim_end_matches("()").rsplit([':', '.', '/', '#']).filter(|p| !p.is_empty());
    let name = parts.next()?;
    let home = parts.next().map(str::to_lowercase);
    let all = context.tree.definitions(name, 12);
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let all: Vec<(String, Symbol)> = all.into_iter().filter(|(path, _)| is_source(path)).collect();
    let fits = |path: &str| home.as_ref().is_none_or(|home| path.to_lowercase().contains(home.as_str()));
    match all.as_slice() {
        // A receiver of one or two letters names no file: the only definition is meant.
        // A name of several words means its one definition, too.
        [only] if home.as_ref().is_some_and(|home| home.len() < 3) || is_compound(name) => Some(only.clone()),
        _ => all.into_iter().find(|(path, _)| fits(path)),
    }
}

/// Paths and symbols that the wish for this version names.
fn wished(context: &Context, reading: &Reading) -> Vec<Call> {
    let Some(wish) = &reading.wish else { return Vec::new() };
    let why = || Statement::new(Basis::Ticket, "the wish for this version names it");
    let mut out = Vec::new();
    for name in &wish.names {
        if context.tree.file(name).is_some() {
            out.push(Call { path: name.clone(), symbol: None, why: why(), todo: None, leads: false });
            continue;
        }
        let bare = name.trim_end_matches("()").rsplit([':', '.', '#']).next().unwrap_or(name);
        let found = context.tree.definitions(bare, 3);
        // A name that many files define points nowhere.
        if let [(path, symbol)] = found.as_slice() {
            out.push(Call { path: path.clone(), symbol: Some(symbol.clone()), why: why(), todo: None, leads: false });
        }
    }
    out.truncate(2 * MOST);
    out
}
