//! Test files near a file, and what in them is no test.
//!
//! In: a [`Context`] and a path. Out: [`NearTest`]s: its own tests, those that cover it, else the one that is called like
//! it.

use super::super::{
    code::{
        edges::names,
        path::{ending, folder, stem},
    },
    survey::is_test_of,
    work::why::is_telling,
};
use crate::model::context::{Context, FileClass, NearTest, Symbol, SymbolKind};
use crate::planner::words::terms;

/// Test files that are searched for a name; the longest of them in bytes.
const MOST_SEARCHED: usize = 600;
const LONGEST: usize = 400_000;
/// Symbols of a file that a test may name, and how long their names are at least.
const MOST_SYMBOLS: usize = 80;
const SHORTEST: usize = 5;
/// From this length on, the name of a member says whose it is.
const LONG: usize = 12;

/// The tests of a file: those inside it, then the files that cover it.
pub fn tests_of(context: &Context, path: &str) -> Vec<NearTest> {
    let is_test = |s: &Symbol| s.kind == SymbolKind::Test || s.parent.as_deref() == Some("tests");
    let own: Vec<Symbol> = context.tree.symbols(path).into_iter().filter(is_test).take(40).collect();
    let own = (!own.is_empty()).then(|| NearTest {
        path: path.to_owned(),
        covers: Some(path.to_owned()),
        why: "its own tests stand in the same file".to_owned(),
        cases: own,
    });
    let covers = |t: &&NearTest| t.covers.as_deref() == Some(path) && !is_support(t) && is_near(context, &t.path, path);
    let mut out: Vec<NearTest> = own.into_iter().chain(context.tests.iter().filter(covers).cloned()).collect();
    let is_called = |test: &NearTest| test.path != path && is_test_of(&test.path, path);
    if out.iter().all(|test| test.path == path) {
        out.extend(namesake(context, path).filter(|test| out.is_empty() || is_apart(&test.path, path)));
    } else if !out.iter().any(is_called) {
        // The one that is called like the file comes before those that only name what it defines.
        let at = usize::from(out.first().is_some_and(|test| test.path == path));
        out.splice(at..at, namesake(context, path));
    }
    out
}

/// Does the test bear the file's name, import it, or name what it defines? That both changed together, or stand in one
/// folder, is not enough.
fn is_near(context: &Context, test: &str, path: &str) -> bool {
    // A test of Go belongs to the package of its folder.
    let is_elsewhere = ending(path) == "go" && folder(test) != folder(path);
    let is_its = || is_test_of(test, path);
    let imports = || context.tree.dependents(path, 200).iter().any(|p| p == test);
    let own = || context.tree.symbols(path);
    !is_elsewhere && (is_its() || imports() || names_any(context, test, &own()) || has_case(context, test, path))
}

/// Is a case of the test called after the file: `TestGlobalOptions` for `options.go`?
fn has_case(context: &Context, test: &str, path: &str) -> bool {
    // Elsewhere, a word that both share says little.
    if folder(test) != folder(path) {
        return false;
    }
    let own = terms(stem(path));
    let is_case = |s: &Symbol| s.kind == SymbolKind::Test;
    let mut cases = context.tree.symbols(test).into_iter().filter(is_case).take(MOST_SYMBOLS);
    !own.is_empty() && cases.any(|case| own.is_subset(&terms(&case.name)))
}

/// Does the test file name one of the symbols?
pub fn names_any(context: &Context, test: &str, symbols: &[Symbol]) -> bool {
    let Some(text) = context.tree.text(test).filter(|text| text.len() <= LONGEST) else { return false };
    let is_own = |s: &&Symbol| s.parent.is_none() || s.name.len() >= LONG;
    let telling = symbols.iter().filter(|s| s.name.len() >= SHORTEST && s.kind != SymbolKind::Test);
    let mut telling = telling.filter(is_own).take(MOST_SYMBOLS);
    telling.any(|s| text.contains(s.name.as_str()) && text.lines().any(|line| names(line, &s.name)))
}

/// The test that is called like the file, in its folder first: the ranking looks for tests of the likeliest files alone.
fn namesake(context: &Context, path: &str) -> Option<NearTest> {
    const PLAIN: &[&str] = &["mod", "lib", "main", "index", "init", "__init__", "types", "utils", "util", "helpers"];
    if PLAIN.contains(&stem(path)) {
        return None;
    }
    // A test in another language bears the name itself, and a name that says something: `redis-cli.tcl`. Data does not run.
    const SCRIPTS: &[&str] =
        &["bash", "bats", "exp", "feature", "lua", "nu", "pl", "py", "rb", "robot", "sh", "t", "tcl"];
    let runs = |p: &str| SCRIPTS.contains(&ending(p));
    let is_foreign = |p: &str| runs(p) && stem(p) == stem(path) && stem(path).contains(['-', '_']);
    let is_its = |p: &&str| (ending(p) == ending(path) || is_foreign(p)) && is_test_of(p, path) && *p != path;
    let is_test = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    let found: Vec<&str> = context.tree.paths().filter(|p| is_its(p) && is_test(p)).take(8).collect();
    let home = found.iter().find(|p| folder(p) == folder(path));
    // Elsewhere, a name that several tests bear says little, and a test of Go is of another package.
    let is_only = found.len() == 1 && ending(path) != "go";
    let path = home.or(found.first().filter(|_| is_only))?;
    if let Some(known) = context.tests.iter().find(|t| t.path == *path) {
        return Some(known.clone());
    }
    let cases = context.tree.symbols(path).into_iter().filter(|s| s.kind == SymbolKind::Test).take(5).collect();
    Some(NearTest { path: (*path).to_owned(), covers: None, why: "its name says so".to_owned(), cases })
}

/// The test file that calls one of the symbols by name, where the language imports no file that defines something: C.
pub fn calling(context: &Context, path: &str, symbols: &[Symbol]) -> Option<NearTest> {
    const C: &[&str] = &["c", "cc", "cpp", "cxx", "h", "hpp", "m"];
    let is_test = |p: &&str| C.contains(&ending(p)) && context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    if !C.contains(&ending(path)) || symbols.is_empty() {
        return None;
    }
    context.tree.paths().filter(is_test).take(MOST_SEARCHED).find_map(|test| {
        let text = context.tree.text(test)?;
        // A plain word is the name of many functions.
        let calls = |s: &&Symbol| is_telling(&s.name) && text.lines().any(|line| names(line, &s.name));
        let symbol = symbols.iter().find(calls)?;
        let cases = context.tree.symbols(test).into_iter().filter(|s| s.kind == SymbolKind::Test).take(5).collect();
        Some(NearTest { path: test.to_owned(), covers: None, why: format!("it calls `{}`", symbol.name), cases })
    })
}

/// Does the test stand in the `tests` folder of the file's own package: `shop/tests/cart.rs` of `shop/src/cart.rs`? A file
/// that holds tests of its own can have more there.
fn is_apart(test: &str, path: &str) -> bool {
    let package = path.split_once("src/").map(|(package, _)| package);
    package.and_then(|package| test.strip_prefix(package)).is_some_and(|rest| rest.starts_with("tests/"))
}

/// A test of the file's package that stands beside it, whatever it is called: all tests of a folder test its package of Go.
pub fn neighbour<'c>(context: &'c Context, path: &str) -> Option<&'c str> {
    let is_test = |p: &&str| p.ends_with("_test.go") && folder(p) == folder(path);
    context.tree.paths().find(is_test).filter(|_| ending(path) == "go")
}

/// Does the file hold what tests share, and no test?
pub fn is_support(test: &NearTest) -> bool {
    test.cases.is_empty() && is_support_name(&test.path)
}

/// Is the file, or its folder, called for what tests share?
pub fn is_support_name(path: &str) -> bool {
    const NAMES: &[&str] = &[
        "mod",
        "conftest",
        "common",
        "fixtures",
        "helper",
        "helpers",
        "setup",
        "support",
        "testenv",
        "testutil",
        "testutils",
        "util",
        "utils",
    ];
    let mut parts = path.rsplit('/').map(|p| p.split('.').next().unwrap_or_default()).take(2);
    // `runner-win.c` starts tests, `runner_test.go` is one.
    parts.any(|part| NAMES.contains(&part) || part.starts_with("runner-"))
}
