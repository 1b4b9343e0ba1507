//! What a repository says about itself, each with the file and line that says so.
//!
//! In: an index. Out: facts in order of kind, path and line. Recognisers are tables where they can be: adding one is a
//! line and a case in the tests. Never runs anything of the repository.

mod code;
mod commands;
mod conventions;
mod files;
mod manifests;
pub mod migrations;
mod python;
mod routes;
mod scripts;
mod step;
mod table;

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use super::index::{Index, IndexedFile};
use crate::model::context::{Fact, FactKind, FileClass};

/// The most facts kept of one kind.
const MAX_OF_KIND: usize = 400;
/// Texts over this size are not searched for facts, in bytes.
const MAX_TEXT: u64 = 256 * 1024;

/// The facts of single files by path, with the blob and class that they were read from.
pub type FileFacts = HashMap<String, (String, FileClass, Arc<[Fact]>)>;

/// The facts of each file; those of files that are as an earlier reading knows them are taken over.
pub fn by_file(index: &Index, known: &FileFacts) -> FileFacts {
    let read = |file: &IndexedFile| {
        let earlier = known.get(&file.path).filter(|(object, class, _)| *object == file.object && *class == file.class);
        let facts = earlier.map_or_else(|| of_file(file).into(), |(.., facts)| facts.clone());
        (file.path.clone(), (file.object.clone(), file.class, facts))
    };
    index.files.par_iter().map(read).collect()
}

/// All facts of a repository.
pub fn facts(index: &Index, by_file: &FileFacts) -> Vec<Fact> {
    let known = index.files.iter().filter_map(|file| by_file.get(&file.path));
    let mut found: Vec<Fact> = known.flat_map(|(.., facts)| facts.iter().cloned()).collect();
    found.extend(languages(index));
    scripts::by_lock_file(&mut found);
    found.extend(conventions::facts(|path| index.find(path).is_some()));
    migrations::name_tools(&mut found);
    found.sort_by(|a, b| {
        (a.kind, depth(&a.path), &a.path, a.line, &a.name).cmp(&(b.kind, depth(&b.path), &b.path, b.line, &b.name))
    });
    found.dedup_by(|a, b| a.kind == b.kind && a.path == b.path && a.name == b.name && a.value == b.value);
    let mut counts: HashMap<FactKind, usize> = HashMap::new();
    found.retain(|fact| {
        let count = counts.entry(fact.kind).or_default();
        *count += 1;
        *count <= MAX_OF_KIND
    });
    found
}

/// How deep a path lies: what stands near the root speaks for the whole repository.
fn depth(path: &str) -> usize {
    path.matches('/').count()
}

/// The facts of one file.
fn of_file(file: &IndexedFile) -> Vec<Fact> {
    if matches!(file.class, FileClass::Vendored | FileClass::Generated | FileClass::Binary) {
        return Vec::new();
    }
    let mut found = files::facts(&file.path);
    let is_change = migrations::reads(&file.path);
    let is_test = file.class == FileClass::Test;
    let reads_text = files::is_told(&file.path)
        || manifests::reads(&file.path)
        || commands::reads(&file.path)
        || python::reads(&file.path);
    let is_code = file.class == FileClass::Source || file.class == FileClass::Migration;
    if is_test || !(reads_text || is_code || is_change) {
        return found;
    }
    let text = if file.size > MAX_TEXT { None } else { file.blob.text() };
    if is_change {
        found.extend(migrations::facts(&file.path, text.as_deref()));
    }
    let Some(text) = text else { return found };
    found.extend(files::told(&file.path, &text));
    found.extend(manifests::facts(&file.path, &text));
    found.extend(commands::facts(&file.path, &text));
    found.extend(python::facts(&file.path, &text));
    if is_code {
        let language = file.language.unwrap_or_default();
        found.extend(code::facts(&file.path, language, &text));
        found.extend(routes::facts(&file.path, language, &text));
    }
    found
}

/// A fact in one call.
fn fact(kind: FactKind, name: impl Into<String>, value: impl Into<String>, path: &str, line: u32) -> Fact {
    let short = |text: String| text.chars().filter(|c| !c.is_control()).take(300).collect::<String>();
    Fact { kind, name: short(name.into()), value: short(value.into()), version: None, path: path.to_owned(), line }
}

/// The languages of the sources, by lines, each with its largest file as its witness.
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
        fact(FactKind::Language, language, format!("{own} lines, {} %", own * 100 / all.max(1)), path, 1)
    });
    said.collect()
}
