//! What a repository says about itself, each with the file and line that says so.
//!
//! In: an index. Out: facts in order of kind, path and line. Recognisers are tables where they can be: adding one is a
//! line and a case in the tests. Never runs anything of the repository.

mod code;
mod commands;
mod conventions;
mod files;
mod guides;
mod kinds;
mod manifests;
pub mod migrations;
mod python;
mod routes;
mod scripts;
mod step;
mod table;
mod versions;
mod workflow;
mod yaml;

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use super::index::{Index, IndexedFile};
use crate::model::context::{Fact, FactKind, FileClass};

/// The most facts kept of one kind.
const MAX_OF_KIND: usize = 400;
/// Texts over this size are not searched for facts, in bytes.
const MAX_TEXT: u64 = 256 * 1024;

/// What single files say by path, with the blob and class that it was read from.
pub type FileFacts = HashMap<String, (String, FileClass, Arc<Found>)>;

/// What one file says.
#[derive(Debug, Default)]
pub struct Found {
    facts: Vec<Fact>,
    /// Its routes are facts when it is known below what they are mounted.
    routing: routes::Routing,
}

/// The facts of each file; those of files that are as an earlier reading knows them are taken over.
pub fn by_file(index: &Index, known: &FileFacts) -> FileFacts {
    let read = |file: &Arc<IndexedFile>| {
        let earlier = known.get(&file.path).filter(|(object, class, _)| *object == file.object && *class == file.class);
        let found = earlier.map_or_else(|| of_file(file).into(), |(.., found)| found.clone());
        (file.path.clone(), (file.object.clone(), file.class, found))
    };
    index.files.par_iter().map(read).collect()
}

/// All facts of a repository.
pub fn facts(index: &Index, by_file: &FileFacts) -> Vec<Fact> {
    let known = || index.files.iter().filter_map(|file| Some((file, &by_file.get(&file.path)?.2)));
    let mut found: Vec<Fact> = known().flat_map(|(_, found)| found.facts.iter().cloned()).collect();
    found.extend(routes::facts(
        known().map(|(f, found)| (f.path.as_str(), f.language.unwrap_or_default(), &found.routing)),
    ));
    found.extend(languages(index));
    scripts::by_lock_file(&mut found);
    workflow::settle(&mut found);
    guides::settle(&mut found);
    found.extend(conventions::facts(|path| index.find(path).is_some()));
    migrations::name_tools(&mut found);
    found.sort_by(|a, b| {
        (a.kind, depth(&a.path), &a.path, a.line, &a.name).cmp(&(b.kind, depth(&b.path), &b.path, b.line, &b.name))
    });
    found.dedup_by(|a, b| a.kind == b.kind && a.path == b.path && a.name == b.name && a.value == b.value);
    capped(found)
}

/// At most [`MAX_OF_KIND`] of each kind: the first, but the last of the migrations, which the next one follows.
fn capped(mut found: Vec<Fact>) -> Vec<Fact> {
    let migrations = found.iter().filter(|fact| fact.kind == FactKind::Migration).count();
    let mut counts: HashMap<FactKind, usize> = HashMap::new();
    found.retain(|fact| {
        let count = counts.entry(fact.kind).or_default();
        *count += 1;
        match fact.kind {
            FactKind::Migration => *count + MAX_OF_KIND > migrations,
            _ => *count <= MAX_OF_KIND,
        }
    });
    found
}

/// How deep a path lies: what stands near the root speaks for the whole repository.
fn depth(path: &str) -> usize {
    path.matches('/').count()
}

/// What one file says.
fn of_file(file: &IndexedFile) -> Found {
    if matches!(file.class, FileClass::Vendored | FileClass::Generated | FileClass::Binary) {
        return Found::default();
    }
    let mut facts = files::facts(&file.path);
    let is_change = migrations::reads(&file.path);
    let is_test = file.class == FileClass::Test;
    let reads_text = files::is_told(&file.path)
        || manifests::reads(&file.path)
        || commands::reads(&file.path)
        || guides::reads(&file.path)
        || python::reads(&file.path);
    let is_code = file.class == FileClass::Source || file.class == FileClass::Migration;
    if is_test || !(reads_text || is_code || is_change) {
        return Found { facts, ..Found::default() };
    }
    let text = if file.size > MAX_TEXT { None } else { file.blob.text() };
    if is_change {
        facts.extend(migrations::facts(&file.path, text.as_deref()));
    }
    let mut routing = routes::Routing::default();
    if let Some(text) = text {
        facts.extend(files::told(&file.path, &text));
        facts.extend(manifests::facts(&file.path, &text));
        facts.extend(commands::facts(&file.path, &text));
        if guides::reads(&file.path) {
            facts.extend(guides::facts(&file.path, &text));
        }
        facts.extend(python::facts(&file.path, &text));
        if is_code {
            let language = file.language.unwrap_or_default();
            facts.extend(code::facts(&file.path, language, &text));
            routing = routes::read(&file.path, language, &text);
        }
    }
    Found { facts, routing }
}

/// A fact in one call.
fn fact(kind: FactKind, name: impl Into<String>, value: impl Into<String>, path: &str, line: u32) -> Fact {
    let short = |text: String| text.chars().filter(|c| !c.is_control()).take(300).collect::<String>();
    Fact { kind, name: short(name.into()), value: short(value.into()), version: None, path: path.to_owned(), line }
}

/// The languages of the sources, by lines, each with the manifest that demands a version, or its largest file.
fn languages(index: &Index) -> Vec<Fact> {
    let mut lines: std::collections::BTreeMap<&str, (u64, u64, &str)> = std::collections::BTreeMap::new();
    let sources = index.files.iter().filter(|file| file.class == FileClass::Source);
    for (file, language) in sources.filter_map(|file| Some((file, file.language?))) {
        let row = lines.entry(language).or_insert((0, 0, &file.path));
        let own = u64::from(file.blob.lines);
        if own > row.1 {
            (row.1, row.2) = (own, &file.path);
        }
        row.0 += own;
    }
    let all: u64 = lines.values().map(|(lines, ..)| lines).sum();
    let said = lines.into_iter().filter(|(_, (own, ..))| *own * 100 >= all.max(1)).map(|(language, (own, _, path))| {
        let value = format!("{own} lines, {} %", own * 100 / all.max(1));
        let demanded = versions::manifest(language).and_then(|manifest| {
            let file = index.files.iter().find(|file| file.path == manifest)?;
            Some((manifest, versions::version(language, &file.blob.text()?)?))
        });
        match demanded {
            Some((manifest, (version, line))) => {
                Fact { version: Some(version), ..fact(FactKind::Language, language, value, manifest, line) }
            }
            None => fact(FactKind::Language, language, value, path, 1),
        }
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_migrations_the_last_are_kept() {
        let all = (0..500).flat_map(|n| {
            let name = format!("{n:04}");
            [FactKind::Migration, FactKind::Route]
                .map(|kind| fact(kind, name.as_str(), "", &format!("m/{name}.sql"), 1))
        });
        let kept = capped(all.collect());
        let names = |kind| kept.iter().filter(|f| f.kind == kind).map(|f| f.name.as_str()).collect::<Vec<_>>();
        let (migrations, routes) = (names(FactKind::Migration), names(FactKind::Route));
        assert_eq!((migrations.len(), migrations[0], migrations[399]), (MAX_OF_KIND, "0100", "0499"));
        assert_eq!((routes.len(), routes[0], routes[399]), (MAX_OF_KIND, "0000", "0399"));
    }
}
