//! Files that the ticket's own code, routes, packages and settings lead to.
//!
//! In: a [`Context`] and the [`Reading`]. Out: calls, each with the line that leads there. Bounded: the texts of the
//! ranked files, and of all files only where a name is to be removed.

use super::{
    called::{self, Call},
    interface,
    reading::Reading,
    site, stored,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten};

/// The most files that one kind of trace adds.
const MOST: usize = 3;
/// Files whose texts are searched for quoted code, and for a name to remove.
const SEARCHED: usize = 80;
const SEARCHED_FOR_NAMES: usize = 1_500;

/// All traces.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out = quoted(context, reading, repository);
    out.extend(answering(context, reading, repository));
    out.extend(upgraded(context, reading, repository));
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

/// What answers a declared route that the ticket names, and what that calls.
fn answering(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    // A stack trace says itself what was called.
    let named = interface::named(context, reading);
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
        out.push(Call { path: path.clone(), symbol: handler.map(|(_, s)| s), why, todo: None, leads: false });
        if is_background {
            continue;
        }
        let own =
            callees(context, fact, &path, first, last).into_iter().filter(|(p, s)| !is_shared(context, reading, p, s));
        for (called_path, symbol) in own.take(1) {
            let file = at(repository, &called_path, symbol.line);
            let name = site::full_name(&called_path, &symbol);
            let said = format!("`{name}` (`{}`) is called where `{route}` is answered", file.label());
            let why = Statement::new(Basis::Repository, said).at(file);
            out.push(Call { path: called_path, symbol: Some(symbol), why, todo: None, leads: false });
        }
    }
    out
}

/// Do several files use the function, so that it serves no single route? One that the ticket names is meant all the same.
fn is_shared(context: &Context, reading: &Reading, path: &str, symbol: &Symbol) -> bool {
    if reading.tells(&symbol.name) && super::why::is_telling(&symbol.name) {
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

/// The manifest of a package that the title upgrades, and the lock file beside it.
fn upgraded(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    const LOCKS: &[&str] = &[
        "uv.lock",
        "poetry.lock",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "Cargo.lock",
        "go.sum",
        "Gemfile.lock",
        "composer.lock",
    ];
    let lower = reading.title.to_lowercase();
    if !is_upgrade(reading) {
        return Vec::new();
    }
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || matches!(c, '`' | ',' | '"')).collect();
    let version =
        words.iter().rev().map(|w| w.trim_matches(['v', '.'])).find(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let mut out: Vec<Call> = Vec::new();
    let is_named = |f: &&Fact| {
        let name = f.name.to_lowercase();
        f.kind == FactKind::Dependency
            && (words.contains(&name.as_str()) || reading.codes.iter().any(|c| c.eq_ignore_ascii_case(&name)))
    };
    for fact in context.facts.iter().filter(is_named).take(MOST) {
        let file = at(repository, &fact.path, fact.line);
        let name = clean(&fact.name);
        let from = fact.version.as_deref().map_or(String::new(), |v| format!(" from {}", clean(v)));
        let to = version
            .filter(|_| words.contains(&name.to_lowercase().as_str()))
            .map_or(String::new(), |v| format!(" to {v}"));
        let todo = format!("Raise `{name}`{from}{to} at `{}`", file.label());
        let why = Statement::new(Basis::Repository, format!("`{}` declares `{name}`", file.label())).at(file.clone());
        out.push(Call {
            path: fact.path.clone(),
            symbol: None,
            why,
            todo: Some(Todo::new(Act::Raise, Statement::new(Basis::Ticket, todo).at(file))),
            leads: false,
        });
    }
    let packages: Vec<String> = context.facts.iter().filter(is_named).take(MOST).map(|f| f.name.clone()).collect();
    if !out.is_empty() {
        out.extend(uses(context, reading, repository, &packages));
    }
    let folder = out.first().map(|c| c.path.rsplit_once('/').map_or(String::new(), |(f, _)| format!("{f}/")));
    let locks = folder.into_iter().flat_map(|f| LOCKS.iter().map(move |l| format!("{f}{l}")));
    let locks: Vec<String> = locks.filter(|l| context.tree.file(l).is_some()).collect();
    out.extend(locks.into_iter().map(|path| {
        let why = Statement::new(Basis::Repository, "it locks the versions: let the package manager write it anew");
        Call { path, symbol: None, todo: None, why, leads: false }
    }));
    out
}

/// Does the title raise a package?
pub fn is_upgrade(reading: &Reading) -> bool {
    let lower = reading.title.to_lowercase();
    ["upgrade", "bump", "update"].iter().any(|w| lower.contains(w))
}

/// Files that use what the ticket writes of a package, or that import it.
fn uses(context: &Context, reading: &Reading, repository: &Option<RepoName>, packages: &[String]) -> Vec<Call> {
    let is_name = |c: &&String| {
        c.len() >= 5 && c.contains('_') && c.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':'))
    };
    let names: Vec<&String> = reading.codes.iter().filter(is_name).take(4).collect();
    let modules: Vec<String> = packages.iter().map(|package| package.replace('-', "_")).collect();
    let is_import = |line: &str| ["import ", "from ", "use ", "require", "const "].iter().any(|w| line.starts_with(w));
    let of = |line: &str| -> Option<String> {
        let named = names.iter().find(|name| holds_word(line, name)).map(|name| (*name).clone());
        let imported = || modules.iter().chain(packages).find(|m| is_import(line) && holds_word(line, m)).cloned();
        named.or_else(imported)
    };
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut out: Vec<Call> = Vec::new();
    for path in context.tree.paths().filter(is_source).take(SEARCHED_FOR_NAMES) {
        let Some(text) = context.tree.text(path).filter(|_| out.len() < MOST) else { continue };
        let Some((line, name)) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((at, of(line)?))) else {
            continue;
        };
        let file = at(repository, path, line);
        let why = Statement::new(Basis::Repository, format!("`{}` uses `{name}`", file.label())).at(file.clone());
        let todo =
            format!("See whether what it takes of `{name}` (`{}`) is still there and does the same", file.label());
        let todo = Some(Statement::new(Basis::Ticket, todo).at(file).into());
        out.push(Call { path: path.to_owned(), symbol: None, why, todo, leads: false });
    }
    out
}

/// Does the line hold the name with nothing of a name around it?
fn holds_word(line: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(is_word) && !line[at + name.len()..].starts_with(is_word))
}

/// Every file that writes a name out which the ticket removes.
fn removed(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let lower = reading.all.to_lowercase();
    if !["remove the", "delete the", "drop the", "get rid of"].iter().any(|w| lower.contains(w)) {
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
        let text = format!("`{path}` names `{name}` in {plural} {}: take that part out", lines.join(", "));
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
    out.truncate(12);
    out
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
