//! Where cases are listed besides their own file: one that is not listed never runs (`test/test-list.h`).
//!
//! In: a test file with its cases. Out: the file that names most of them, and the line of the one beside which the new one
//! stands. Told by names as whole words; bounded.

use super::super::{
    code::{
        edges,
        path::{folder, stem},
    },
    places::site::Site,
};
use crate::model::context::{Context, FileClass, Symbol, SymbolKind};
use crate::model::plan::{Basis, FileRef, Statement};

/// What files are called that list cases.
const NAMES: &[&str] = &["list", "suite", "suites", "all", "runner", "registry", "main"];
/// Files that are read, and the longest of them in bytes.
const SEARCHED: usize = 200;
const LONGEST: usize = 400_000;
/// Cases that a list names at least.
const LEAST: usize = 3;
/// Cases that are looked for.
const MOST: usize = 12;

/// The list of a test file's cases, with the line of one of them.
pub fn of(site: &Site<'_>, path: &str, like: Option<&str>) -> Option<(FileRef, Statement)> {
    let (list, line) = find(site.context, path, like)?;
    let file = site.sibling(&list).lines(line, line);
    let text = format!("`{}` lists the cases of `{path}`: list the new one there too, or it never runs", file.label());
    Some((site.sibling(&list), Statement::new(Basis::Repository, text).at(file)))
}

fn find(context: &Context, path: &str, like: Option<&str>) -> Option<(String, u32)> {
    let is_case = |s: &Symbol| s.kind == SymbolKind::Test;
    let cases: Vec<String> = context
        .tree
        .symbols(path)
        .into_iter()
        .filter(is_case)
        .map(|s| s.name)
        .filter(|n| n.len() >= 6)
        .take(MOST)
        .collect();
    if cases.len() < LEAST {
        return None;
    }
    let home = folder(path);
    let is_list = |p: &&str| {
        let name = stem(p).to_lowercase();
        let words = name.split(|c: char| !c.is_alphanumeric());
        let is_class = context.tree.file(p).is_some_and(|f| matches!(f.class, FileClass::Test | FileClass::Source));
        *p != path && folder(p) == home && is_class && words.into_iter().any(|w| NAMES.contains(&w))
    };
    context.tree.paths().filter(is_list).take(SEARCHED).find_map(|list| {
        let text = context.tree.text(list).filter(|t| t.len() <= LONGEST)?;
        let line_of =
            |name: &str| text.lines().zip(1_u32..).find(|(line, _)| edges::names(line, name)).map(|(_, at)| at);
        let found: Vec<(&String, u32)> = cases.iter().filter_map(|name| Some((name, line_of(name)?))).collect();
        let near = found.iter().find(|(name, _)| like == Some(name.as_str())).or(found.first())?;
        (found.len() >= LEAST && 2 * found.len() > cases.len()).then(|| (list.to_owned(), near.1))
    })
}
