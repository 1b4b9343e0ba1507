//! Files that the ticket's own code, routes, packages and settings lead to.
//!
//! In: a [`Context`] and the [`Reading`]. Out: calls, each with the line that leads there. Bounded: the texts of the
//! ranked files, and of all files only where a name is to be removed.

use super::{
    super::{reading::Reading, sections::interface},
    called::{self, Call},
    lifted, raised, refs, removed, site, stored,
    todo::{Act, Todo},
    toggles,
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten};

/// The most files that one kind of trace adds.
const MOST: usize = 3;
/// Lines of a handler that only hands on what it calls.
const SHORT: u32 = 12;
/// Files whose texts are searched for quoted code, and for a name to remove.
const SEARCHED: usize = 80;
const SEARCHED_FOR_NAMES: usize = 1_500;

/// All traces; where a sibling shows the way (`is_shown`), what answers a route leads no further.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>, is_shown: bool) -> Vec<Call> {
    let mut out = quoted(context, reading, repository);
    out.extend(answering(context, reading, repository, is_shown));
    out.extend(raised::calls(context, reading, repository));
    out.extend(removed(context, reading, repository));
    out
}

fn at(repository: &Option<RepoName>, path: &str, line: u32) -> FileRef {
    FileRef::new(path).of(repository.clone()).lines(line, line)
}

/// Code of the ticket that stands word for word in a file.
fn quoted(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    for ranked in context.ranked.iter().take(SEARCHED) {
        if out.len() >= MOST || reading.quoted.is_empty() {
            break;
        }
        let is_source = context.tree.file(&ranked.path).is_some_and(|f| f.class == FileClass::Source);
        let Some(text) = context.tree.text(&ranked.path).filter(|_| is_source) else { continue };
        let found =
            text.lines().zip(1_u32..).find(|(line, _)| reading.quoted.iter().any(|q| line.contains(q.as_str())));
        let Some((line, number)) = found else { continue };
        let quote = reading.quoted.iter().find(|q| line.contains(q.as_str())).map_or("", String::as_str);
        let file = at(repository, &ranked.path, number);
        let said = format!("`{}` holds the ticket's `{}`", file.label(), shorten(&clean(quote), 60).replace('`', "'"));
        let symbol = site::around(&context.tree.symbols(&ranked.path), number);
        out.push(Call {
            path: ranked.path.clone(),
            symbol,
            why: Statement::new(Basis::Repository, said).at(file),
            todo: None,
            leads: false,
        });
    }
    out
}

/// What answers a declared route that the ticket names, and what that calls, unless a sibling shows the way on.
fn answering(context: &Context, reading: &Reading, repository: &Option<RepoName>, is_shown: bool) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    // A stack trace says itself what was called.
    let named = interface::named(context, reading);
    let is_only = named.len() == 1 && interface::new_routes(context, reading).is_empty();
    for (fact, route) in named.into_iter().take(if reading.has_trace { 0 } else { 2 }) {
        // A route that only tells how it is today is no place of the change, where what is asked names new ones.
        let is_asked = reading.asked().any(|(_, text)| text.contains(route.rsplit(' ').next().unwrap_or_default()));
        let is_background = !is_asked && !interface::new_routes(context, reading).is_empty();
        if is_background && stored::noun(context, reading).is_some() {
            continue;
        }
        let handler = called::answers(context, fact).filter(|(p, _)| context.tree.file(p).is_some());
        let (path, first, last) = match &handler {
            Some((path, symbol)) => (path.clone(), symbol.line, symbol.end_line),
            None => (fact.path.clone(), fact.line, fact.line + 6),
        };
        let file = at(repository, &path, first);
        let said = format!("`{route}` is answered at `{}`", file.label());
        let why = Statement::new(Basis::Repository, said).at(file);
        let mut own = callees(context, fact, &path, first, last);
        // Its own name elsewhere is another program's.
        own.retain(|(_, symbol)| handler.as_ref().is_none_or(|(_, own)| own.name != symbol.name));
        let own: Vec<(String, Symbol)> =
            own.into_iter().filter(|(p, s)| !is_shared(context, reading, p, s)).take(1).collect();
        let todo = own
            .first()
            .filter(|_| last - first < SHORT && !is_shown)
            .map(|(p, s)| passed_on(repository, (&path, first), p, s));
        let own = if is_background || is_shown { Vec::new() } else { own };
        // Of many files, the ranking's first is a guess beside the one route that the ticket names.
        let leads = is_only && site::is_large(context);
        out.push(Call { path: path.clone(), symbol: handler.map(|(_, s)| s), why, todo, leads });
        for (called_path, symbol) in own {
            let file = at(repository, &called_path, symbol.line);
            let name = refs::full_name(&called_path, &symbol);
            let said = format!("`{name}` (`{}`) is called where `{route}` is answered", file.label());
            let why = Statement::new(Basis::Repository, said).at(file);
            out.push(Call { path: called_path, symbol: Some(symbol), why, todo: None, leads: false });
        }
    }
    out
}

/// A short handler hands on what it calls.
fn passed_on(repository: &Option<RepoName>, (path, line): (&str, u32), called: &str, symbol: &Symbol) -> Todo {
    let file = at(repository, path, line);
    let name = refs::full_name(called, symbol);
    let said = format!("`{}` passes on what `{name}` gives", file.label());
    Todo::new(Act::PassOn, Statement::new(Basis::Repository, said).at(file))
}

/// Do several files use the function, so that it serves no single route? One that the ticket names is meant all the same.
fn is_shared(context: &Context, reading: &Reading, path: &str, symbol: &Symbol) -> bool {
    if reading.tells(&symbol.name) && super::super::work::why::is_telling(&symbol.name) {
        return false;
    }
    let is_source = |p: &String| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let call = format!("{}(", symbol.name);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = context.tree.paths().filter(|p| *p != path && p.rsplit_once('/').map_or("", |(f, _)| f) == folder);
    let mut users: Vec<String> = context.tree.dependents(path, 20);
    users.extend(beside.take(20).map(str::to_owned));
    users.sort();
    users.dedup();
    let calls = |p: &String| context.tree.text(p).is_some_and(|t| t.contains(&call));
    users.iter().filter(|p| is_source(p) && calls(p)).take(2).count() >= 2
}

/// Functions of other files that these lines call: the only one of its name, or one in a file that the call's qualifier
/// names.
fn callees(context: &Context, fact: &Fact, path: &str, first: u32, last: u32) -> Vec<(String, Symbol)> {
    let Some(text) = context.tree.text(path) else { return Vec::new() };
    let next = context.facts.iter().filter(|f| f.kind == FactKind::Route && f.path == path && f.line > first);
    let last = next
        .map(|f| f.line.saturating_sub(1))
        .chain([last, fact.line.max(first) + 30])
        .min()
        .unwrap_or(last)
        .max(first);
    let lines = text.lines().skip(first.saturating_sub(1) as usize).take((last - first) as usize + 1);
    let mut out: Vec<(String, Symbol)> = Vec::new();
    for (before, name) in lines.flat_map(called_names) {
        let mut all = context.tree.definitions(&name, 6);
        all.retain(|(_, s)| matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constant));
        // What its own file defines is meant there, whatever others are called so.
        if all.iter().any(|(p, _)| p == path) {
            continue;
        }
        let is_other = |p: &str| p != path && context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
        let others: Vec<(String, Symbol)> = all.into_iter().filter(|(p, _)| is_other(p)).collect();
        let fits = |p: &str| before.len() >= 3 && p.to_lowercase().contains(&before.to_lowercase());
        let found = match others.as_slice() {
            [only] => Some(only.clone()),
            _ => others.iter().find(|(p, _)| fits(p)).cloned(),
        };
        out.extend(found.filter(|(p, s)| out.iter().all(|(op, os)| (op, os.line) != (p, s.line))));
    }
    out
}

/// `("service", "List")` of `h.service.List(…)`.
pub fn called_names(line: &str) -> Vec<(String, String)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let ends = line.match_indices('(').map(|(at, _)| &line[..at]);
    let mut out = Vec::new();
    for head in ends.take(12) {
        let from = head
            .rfind(|c: char| !(is_part(c) || matches!(c, '.' | ':')))
            .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        let mut parts = head[from..].rsplit(['.', ':']).filter(|p| !p.is_empty());
        if let Some(name) = parts.next().filter(|n| n.len() >= 3) {
            out.push((parts.next().unwrap_or_default().to_owned(), name.to_owned()));
        }
    }
    out
}

/// Does the ticket take something out?
pub fn removes(reading: &Reading) -> bool {
    let lower = reading.all.to_lowercase();
    ["remove the", "delete the", "drop the", "get rid of"].iter().any(|w| lower.contains(w))
}

/// Every file that writes a name out which the ticket removes.
fn removed(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    if !removes(reading) {
        return Vec::new();
    }
    let is_name = |c: &&String| c.len() >= 4 && c.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let names: Vec<&String> = reading.codes.iter().filter(is_name).take(6).collect();
    let is_key = |name: &str| name.contains('_') && name.chars().all(|c| !c.is_ascii_lowercase());
    let holds = |line: &str, name: &str| match is_key(name) {
        true => line.contains(name),
        false => ["\"", "'", "`"].iter().any(|q| line.contains(&format!("{q}{name}{q}"))),
    };
    let is_read = |p: &&str| {
        let class = context.tree.file(p).map(|f| f.class);
        !matches!(class, Some(FileClass::Migration | FileClass::Vendored | FileClass::Generated | FileClass::Binary))
            && !p.to_lowercase().contains("changelog")
    };
    let mut out = Vec::new();
    for path in context.tree.paths().filter(is_read).take(SEARCHED_FOR_NAMES) {
        let Some(text) = context.tree.text(path) else { continue };
        let hits: Vec<(u32, &String)> = text
            .lines()
            .zip(1_u32..)
            .filter_map(|(line, number)| Some((number, *names.iter().find(|n| holds(line, n))?)))
            .take(6)
            .collect();
        let Some((first, name)) = hits.first().copied() else { continue };
        let lines: Vec<String> = hits.iter().map(|(n, _)| n.to_string()).collect();
        let plural = if lines.len() == 1 { "line" } else { "lines" };
        let file = at(repository, path, first);
        let numbers: Vec<u32> = hits.iter().filter(|(_, n)| *n == name).map(|(at, _)| *at).collect();
        let is_source = context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
        let by_form = is_source && lifted::is_on(reading) && !toggles::is_home(path);
        let lifted = match by_form {
            true => lifted::lines(context, path, &text, &numbers, name),
            false => lifted::Lifted::default(),
        };
        out.extend(lifted.parameters.iter().map(|parameter| taken(repository, name, parameter)));
        let is_doc = context.tree.file(path).is_some_and(|f| f.class == FileClass::Doc);
        let text = match lifted.said.as_slice() {
            [] if is_doc => removed::clauses(path, &text, &hits),
            [] => format!("`{path}` names `{name}` in {plural} {}: take that part out", lines.join(", ")),
            said => format!("`{name}` is on, what it lets through stays. In `{path}`, {}", said.join("; ")),
        };
        let why = Statement::new(Basis::Repository, format!("`{}` names `{name}`", file.label())).at(file.clone());
        let symbol = site::around(&context.tree.symbols(path), first);
        out.push(Call {
            path: path.to_owned(),
            symbol,
            why,
            todo: Some(Todo::new(Act::Remove((*name).clone()), Statement::new(Basis::Repository, text).at(file))),
            leads: false,
        });
    }
    if lifted::is_on(reading) {
        let plain: Vec<&String> = names.iter().copied().filter(|name| !is_key(name)).collect();
        out.extend(removed::conditions(context, repository, &plain));
    }
    out.truncate(12);
    out
}

/// The function that takes a flag which goes as a parameter.
fn taken(repository: &Option<RepoName>, flag: &str, parameter: &lifted::Parameter) -> Call {
    let symbol = &parameter.function;
    let file = at(repository, &parameter.path, symbol.line);
    let name = refs::full_name(&parameter.path, symbol);
    let uses: Vec<String> = parameter.uses.iter().map(u32::to_string).collect();
    let uses = match uses.as_slice() {
        [] => String::new(),
        [one] => format!(", and keep in line {one} what holds where it is set"),
        all => format!(", and keep in lines {} what holds where it is set", all.join(", ")),
    };
    let todo = format!("Drop the parameter `{}` of `{name}` (`{}`){uses}", parameter.name, file.label());
    let why = format!("`{}` of `{name}` (`{}`) takes `{flag}`", parameter.name, file.label());
    let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
    Call {
        path: parameter.path.clone(),
        symbol: Some(symbol.clone()),
        why: statement(why),
        todo: Some(Todo::new(Act::Remove(flag.to_owned()), statement(todo))),
        leads: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_with_their_qualifier() {
        let check = |line: &str, before: &str, name: &str| {
            assert!(
                called_names(line).contains(&(before.to_owned(), name.to_owned())),
                "{line}: {:?}",
                called_names(line)
            );
        };
        check("found, err := h.service.List(r.Context(), page)", "service", "List");
        check("    scheduling.cancel(db, appointment_id)", "scheduling", "cancel");
        check("response.json({ token: await signIn(email, password) });", "", "signIn");
        check("orders::store::page(&shop.db, 1)", "store", "page");
    }
}
