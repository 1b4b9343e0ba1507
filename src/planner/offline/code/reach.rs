//! Does a test run a file: the files that its imports lead to, directly or not.
//!
//! In: a [`Context`] and paths. Out: yes or no; no where the search ends before it is known. Languages that build a
//! package as a whole compile all its files for each of its tests. Bounded: some hundred files.

use std::collections::BTreeSet;

use super::{
    super::{places::site::Site, survey::is_test_of},
    path::{ending, folder},
};
use crate::model::{
    context::{Context, FileClass},
    plan::Action,
};

/// Files that are looked at on the way.
const MOST: usize = 400;
/// Users of one file that are followed.
const MOST_USERS: usize = 200;

/// Does the test run the file, or is it called after it?
pub fn reaches(context: &Context, test: &str, path: &str) -> bool {
    test == path || is_test_of(test, path) && is_same_package(test, path) || users(context, path).contains(test)
}

/// Does any test of the repository run the file?
pub fn is_reached(context: &Context, path: &str) -> bool {
    let is_test = |p: &String| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    is_built_whole(path) || users(context, path).iter().any(is_test)
}

/// Does a test file that is to be made run the site? As the one that it is made like runs it, or what it is made like.
pub fn is_run_by_new(test: &Site<'_>, site: &Site<'_>) -> bool {
    if test.repository != site.repository || ending(&test.path) != ending(&site.path) {
        return false;
    }
    let is_own = is_test_of(&test.path, &site.path) && is_same_package(&test.path, &site.path);
    let is_in_package = ending(&site.path) == "go" && folder(&test.path) == folder(&site.path);
    let like = test.convention.as_ref().and_then(|(_, like)| like.as_deref());
    let shown = match site.action {
        Action::Create => site.convention.as_ref().and_then(|(_, like)| like.as_deref()),
        _ => Some(site.path.as_str()),
    };
    let follows = || like.zip(shown).is_some_and(|(like, shown)| reaches(site.context, like, shown));
    // A package that is there is imported by what stands in the test's own folder.
    let by_folder = || {
        ending(&test.path) == "go"
            && site.action == Action::Modify
            && users(site.context, &site.path).iter().any(|user| folder(user) == folder(&test.path))
    };
    is_own || is_in_package || is_built_whole(&site.path) || follows() || by_folder()
}

/// Does the language find its files by their names, so that no import tells who uses them?
pub fn is_autoloaded(path: &str) -> bool {
    matches!(ending(path), "rb" | "php" | "ex" | "erb")
}

/// A test of Go belongs to the package of its folder.
fn is_same_package(test: &str, path: &str) -> bool {
    ending(path) != "go" || folder(test) == folder(path)
}

/// Is every file of a package compiled for any of its tests?
fn is_built_whole(path: &str) -> bool {
    matches!(ending(path), "rs" | "java" | "kt" | "scala" | "cs")
}

/// The files that import a file, directly or not, and those that are built with it.
fn users(context: &Context, path: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::from([path.to_owned()]);
    let mut next = vec![path.to_owned()];
    while let Some(one) = next.pop() {
        if found.len() >= MOST {
            break;
        }
        let beside = match is_built_whole(&one) {
            true => package(context, &one),
            false => same_folder(context, &one),
        };
        let fixtures = below_conftest(context, &one);
        for user in context.tree.dependents(&one, MOST_USERS).into_iter().chain(beside).chain(fixtures) {
            if found.insert(user.clone()) {
                next.push(user);
            }
        }
    }
    found
}

/// The tests that pytest loads a `conftest.py` for: those below its folder.
fn below_conftest(context: &Context, path: &str) -> Vec<String> {
    let is_one = path.rsplit('/').next() == Some("conftest.py");
    let is_test = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    let home = folder(path);
    let is_below = |p: &&str| home.is_empty() || p.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'));
    let paths = context.tree.paths().filter(|p| is_one && ending(p) == "py").filter(is_test);
    paths.filter(is_below).map(str::to_owned).take(MOST).collect()
}

/// The other files of a package of Go.
fn same_folder(context: &Context, path: &str) -> Vec<String> {
    let paths = context.tree.paths().filter(|_| ending(path) == "go");
    paths.filter(|p| ending(p) == "go" && folder(p) == folder(path)).map(str::to_owned).collect()
}

/// The test files of the package that a file is built in: what stands before its `src` or `tests`.
fn package(context: &Context, path: &str) -> Vec<String> {
    let root = |path: &str| {
        let parts: Vec<&str> = path.split('/').collect();
        let end = parts.iter().position(|part| matches!(*part, "src" | "tests" | "test")).unwrap_or(0);
        parts[..end].join("/")
    };
    let is_test = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    let tests = context.tree.paths().filter(|p| ending(p) == ending(path)).filter(is_test);
    tests.filter(|p| root(p) == root(path)).map(str::to_owned).take(MOST).collect()
}
