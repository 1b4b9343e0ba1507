//! Says what each expression of the ticket is in the repository.
//!
//! In: a query, an index and where the literals stand. Out: for each identifier, flag, path and quote where it is defined,
//! where it is only mentioned, or that it stands nowhere and what comes nearest.

use super::{
    index::Index,
    query::{Flag, Query},
    rank::{literals::Literal, paths::ending_in},
    tokens::{self, id},
    tree::IndexTree,
};
use crate::model::context::{FileClass, Grounded, Grounding, SymbolKind, Tree};
use rayon::prelude::*;
use std::sync::Arc;

/// The most expressions that are looked up.
const MOST: usize = 30;
/// The most texts that are read for one expression.
const MAX_READ: usize = 16;

/// Grounds the ticket's expressions, code and paths first.
pub fn ground(query: &Query, index: &Arc<Index>, literals: &[Literal]) -> Vec<Grounded> {
    let tree = IndexTree(index.clone());
    let mut found: Vec<Grounded> = Vec::new();
    let paths = query.paths.iter().chain(query.frames.iter().map(|frame| &frame.path));
    for path in paths.take(MOST / 2) {
        push(&mut found, path, || ground_path(path, index, &tree));
    }
    let mut names: Vec<_> =
        query.identifiers.iter().filter(|name| !found.iter().any(|g| g.text.contains(&name.text))).collect();
    for flag in &query.flags {
        push(&mut found, &flag.text, || ground_flag(flag, index));
    }
    for literal in literals.iter().filter(|literal| literal.is_whole || !literal.places.is_empty()) {
        push(&mut found, &literal.text, || ground_literal(literal, index));
    }
    names.sort_by_key(|name| !(name.in_title || name.as_code));
    for name in names.into_iter().take(MOST) {
        push(&mut found, &name.text, || ground_name(&name.text, index, &tree));
    }
    for quote in query.quotes.iter().filter(|quote| quote.len() >= 8).take(5) {
        push(&mut found, quote, || mentioned(quote, index).unwrap_or(Grounding::NotFound { nearest: None }));
    }
    found.truncate(MOST);
    found
}

/// Adds an expression once.
fn push(found: &mut Vec<Grounded>, text: &str, ground: impl FnOnce() -> Grounding) {
    if found.len() < MOST && !found.iter().any(|known| known.text == text) {
        found.push(Grounded { text: text.to_owned(), found: ground() });
    }
}

/// A path: there, or what comes nearest.
fn ground_path(path: &str, index: &Index, tree: &IndexTree) -> Grounding {
    match ending_in(index, path).first() {
        Some(file) => Grounding::Path { path: index.files[*file].path.clone() },
        None => Grounding::NotFound { nearest: tree.nearest_path(path) },
    }
}

/// A flag: the field of its option, whatever else has its name, or where its words stand as they are written.
fn ground_flag(flag: &Flag, index: &Index) -> Grounding {
    let mut places: Vec<_> = flag.names.iter().flat_map(|name| index.definitions(name).take(200)).collect();
    places.sort_by_key(|(file, symbol)| {
        (index.files[*file].class != FileClass::Source, symbol.kind != SymbolKind::Field, *file, symbol.line)
    });
    if let Some((file, symbol)) = places.first() {
        return Grounding::Defined { path: index.files[*file].path.clone(), symbol: (*symbol).clone() };
    }
    let bare = flag.text.trim_start_matches('-');
    let found = mentioned(&flag.text, index).or_else(|| mentioned(bare, index));
    found.unwrap_or(Grounding::NotFound { nearest: None })
}

/// A literal: the first place that the ranking found.
fn ground_literal(literal: &Literal, index: &Index) -> Grounding {
    match literal.places.first() {
        Some((file, line)) => Grounding::Mentioned { path: index.files[*file].path.clone(), line: *line },
        None => Grounding::NotFound { nearest: None },
    }
}

/// An identifier: defined, mentioned, or what comes nearest. Sources go before tests.
fn ground_name(name: &str, index: &Index, tree: &IndexTree) -> Grounding {
    let mut places: Vec<_> = index.definitions(name).take(200).collect();
    places.sort_by_key(|(file, symbol)| (index.files[*file].class != FileClass::Source, *file, symbol.line));
    if let Some((file, symbol)) = places.first() {
        return Grounding::Defined { path: index.files[*file].path.clone(), symbol: (*symbol).clone() };
    }
    mentioned(name, index)
        .unwrap_or_else(|| Grounding::NotFound { nearest: tree.nearest_symbol(name).map(|(_, symbol)| symbol.name) })
}

/// The first file that holds a text, sources before tests before prose.
fn mentioned(text: &str, index: &Index) -> Option<Grounding> {
    let mut wanted: Vec<u32> = Vec::new();
    tokens::words(text, |word, _| wanted.push(id(word)));
    if wanted.is_empty() {
        return None;
    }
    let holds = |file: &usize| wanted.iter().all(|term| index.files[*file].blob.words.count(*term) > 0);
    let order = |class| match class {
        FileClass::Source => 0,
        FileClass::Config | FileClass::Migration => 1,
        FileClass::Test => 2,
        _ => 3,
    };
    let mut files: Vec<usize> = (0..index.files.len()).into_par_iter().filter(holds).collect();
    files.sort_by_key(|file| (order(index.files[*file].class), *file));
    files.into_iter().take(MAX_READ).find_map(|file| {
        let (line, _) = index.files[file].blob.first_line_with(text)?;
        Some(Grounding::Mentioned { path: index.files[file].path.clone(), line })
    })
}
