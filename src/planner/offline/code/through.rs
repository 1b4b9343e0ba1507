//! Tests that reach a file although none is near it: they import it, or ask for a route whose file leads to it.
//!
//! In: a [`Context`] and the paths of files without a test near. Out: for each, the test that comes closest. Who leads
//! where is read off imports, what a test asks for off the paths in its quotes. Bounded: some importers, some tests.

use std::collections::BTreeSet;

use super::{
    super::places::near::is_support_name,
    declared, edges,
    path::{ending, folder},
};
use crate::model::context::{Context, Fact, FactKind, FileClass};

/// Imports between a file and the routes that lead to it.
const DEEPEST: usize = 3;
/// Files on the way, and users of each.
const MOST_FILES: usize = 80;
const MOST_USERS: usize = 40;
/// Test files that are read, and the longest of them in bytes.
const MOST_TESTS: usize = 200;
const LONGEST: usize = 400_000;

/// How a test reaches a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Reached {
    /// It imports the file, or what imports it.
    Imported,
    /// It asks for a path; the file that declares the path leads here by its imports.
    Asked { test: String, line: u32, path: String, home: String },
}

/// Test files that import a file or what imports it, else the one that asks for a route which leads there; two at most.
pub fn tests_of(context: &Context, path: &str) -> Vec<String> {
    let is_test = |p: &String| class(context, p) == Some(FileClass::Test) && !is_support_name(p);
    let of = |path: &str| context.tree.dependents(path, MOST_USERS).into_iter().filter(is_test).collect::<Vec<_>>();
    let is_way = |p: &String| class(context, p) == Some(FileClass::Source);
    let mut out = of(path);
    if out.is_empty() {
        let users = context.tree.dependents(path, MOST_USERS).into_iter().filter(is_way);
        out = users.flat_map(|user| of(&user)).collect();
    }
    if out.is_empty()
        && let Some(Reached::Asked { test, .. }) = asked(context, path, &requests(context))
    {
        out.push(test);
    }
    out.sort();
    out.dedup();
    out.truncate(2);
    out
}

/// How tests reach some files of a repository; in the order of the paths.
pub fn reach(context: &Context, paths: &[&str]) -> Vec<Option<Reached>> {
    let requests = if paths.is_empty() { Vec::new() } else { requests(context) };
    paths
        .iter()
        .map(|path| match is_imported(context, path) {
            true => Some(Reached::Imported),
            false => asked(context, path, &requests),
        })
        .collect()
}

/// The test file that asks for one of these routes; their parts as [`declared::parts`] gives them.
pub fn asking(context: &Context, routes: &[Vec<String>]) -> Option<String> {
    let all = if routes.is_empty() { Vec::new() } else { requests(context) };
    let fits = |request: &&Request| routes.iter().any(|route| fits(route, &request.path));
    all.iter().find(fits).map(|request| request.test.clone())
}

/// Does the line of a test ask for one of these routes?
pub fn asks_for(line: &str, routes: &[Vec<String>]) -> bool {
    quoted(line).any(|path| routes.iter().any(|route| fits(route, path)))
}

/// Does a test import the file, or a source file that imports it?
fn is_imported(context: &Context, path: &str) -> bool {
    let is_test = |p: &String| class(context, p) == Some(FileClass::Test) && !is_support_name(p);
    let tested = |path: &str| {
        let names = |p: &str| {
            let text = context.tree.text(p).unwrap_or_default();
            context.tree.symbols(path).iter().any(|s| edges::names(&text, &s.name))
        };
        // Tests of Go stand in the package and import nothing of it.
        let beside = || context.tree.paths().filter(|p| folder(p) == folder(path) && p.ends_with("_test.go"));
        match ending(path) {
            "go" => beside().take(MOST_USERS).any(names),
            _ => context.tree.dependents(path, MOST_USERS).iter().any(is_test),
        }
    };
    let users = || context.tree.dependents(path, MOST_USERS).into_iter();
    let is_way = |p: &String| class(context, p) == Some(FileClass::Source) && !declares(context, p);
    tested(path) || ending(path) != "go" && users().filter(is_way).any(|user| tested(&user))
}

/// The request of a test for a route whose file leads to the path, the nearest route first.
fn asked(context: &Context, path: &str, requests: &[Request]) -> Option<Reached> {
    homes(context, path).into_iter().find_map(|home| {
        let routes: Vec<Vec<String>> = routes(context).filter(|f| f.path == home).map(parts).collect();
        let request = requests.iter().find(|request| routes.iter().any(|route| fits(route, &request.path)))?;
        let (test, line, path) = (request.test.clone(), request.line, request.path.clone());
        Some(Reached::Asked { test, line, path, home })
    })
}

/// Files that declare routes and lead to the path by their imports, the nearest first.
fn homes(context: &Context, path: &str) -> Vec<String> {
    let mut seen = BTreeSet::from([path.to_owned()]);
    let mut found: Vec<String> = Vec::new();
    let mut now = vec![path.to_owned()];
    for _ in 0..=DEEPEST {
        let mut next: Vec<String> = Vec::new();
        for file in now {
            if declares(context, &file) {
                found.push(file);
                continue;
            }
            // A package of Go is one whole.
            let is_beside = |f: &&Fact| ending(&file) == "go" && folder(&f.path) == folder(&file);
            let beside = routes(context).filter(is_beside).map(|f| f.path.clone());
            for user in beside.chain(context.tree.dependents(&file, MOST_USERS)) {
                let is_source = class(context, &user) == Some(FileClass::Source);
                if is_source && seen.len() < MOST_FILES && seen.insert(user.clone()) {
                    next.push(user);
                }
            }
        }
        now = next;
    }
    found
}

/// A path that a test asks for.
struct Request {
    test: String,
    line: u32,
    path: String,
}

/// What tests ask for.
fn requests(context: &Context) -> Vec<Request> {
    let is_test = |p: &&str| class(context, p) == Some(FileClass::Test) && !is_support_name(p);
    let mut out = Vec::new();
    for test in context.tree.paths().filter(is_test).take(MOST_TESTS) {
        let Some(text) = context.tree.text(test).filter(|t| t.len() <= LONGEST) else { continue };
        for (line, text) in (1_u32..).zip(text.lines()) {
            let found = quoted(text).map(str::to_owned);
            out.extend(found.map(|path| Request { test: test.to_owned(), line, path }));
        }
    }
    out
}

/// The paths in the quotes of a line, what stands before them in braces left out: `` `${base}/carts/${id}` ``.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split(['"', '\'', '`']).filter_map(|piece| {
        let behind_base = piece.starts_with(['{', '$']).then(|| piece.split_once('}')).flatten();
        let path = behind_base.map_or(piece, |(_, rest)| rest);
        (path.starts_with('/') && path.len() >= 3 && !path.contains(' ')).then_some(path)
    })
}

/// Is this what a route is asked for with? A path that ends with a slash goes on behind its quotes.
fn fits(route: &[String], path: &str) -> bool {
    let asked = declared::parts(path);
    let is_one = |(route, asked): (&String, &String)| route == "*" || route == asked;
    let open = usize::from(path.ends_with('/'));
    let rest_is_open = open == 0 || route.last().is_some_and(|last| last == "*");
    asked.len() + open == route.len() && rest_is_open && route.iter().zip(&asked).all(is_one)
}

/// The parts of a declared route, without its method.
fn parts(route: &Fact) -> Vec<String> {
    declared::parts(route.name.split_once(' ').map_or(route.name.as_str(), |(_, path)| path))
}

fn routes(context: &Context) -> impl Iterator<Item = &Fact> {
    context.facts.iter().filter(|f| f.kind == FactKind::Route)
}

/// Does the file declare routes?
fn declares(context: &Context, path: &str) -> bool {
    routes(context).any(|f| f.path == path)
}

fn class(context: &Context, path: &str) -> Option<FileClass> {
    context.tree.file(path).map(|f| f.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_asked_for_by_its_parts() {
        let check = |route: &str, line: &str, expected: bool| {
            let route = declared::parts(route);
            assert_eq!(quoted(line).any(|path| fits(&route, path)), expected, "{route:?} {line}");
        };
        check("/carts/{id}/lines/:sku", "await request(app).put(`/carts/${cart.id}/lines/olive`)", true);
        check("/carts/:id", "client.get(\"/carts/\" + id)", true);
        check("/carts/:id", "client.get(f\"{base}/carts/{cart_id}\")", true);
        check("/orders", "client.get(\"/orders?page=2\")", true);
        check("/orders", "client.get(\"/orders/7\")", false);
        check("/orders/:id", "client.get(\"/orders\")", false);
        check("/orders", "import { orders } from \"../orders\"", false);
    }
}
