//! The index as the ground truth that verification asks.
//!
//! In: an index. Out: answers about paths, symbols and texts. Never touches disk or network.

use std::sync::Arc;

use super::{
    index::{Index, IndexedFile},
    tokens,
};
use crate::model::context::{Symbol, Tree, TreeFile};

/// An index that answers.
#[derive(Clone, Debug)]
pub struct IndexTree(pub Arc<Index>);

/// The most paths or names that are compared when the nearest is looked for.
const MAX_COMPARED: usize = 20_000;

impl Tree for IndexTree {
    fn file(&self, path: &str) -> Option<TreeFile> {
        let file = &self.0.files[self.0.find(path)?];
        Some(TreeFile { class: file.class, language: file.language, lines: file.blob.lines, size: file.size })
    }

    fn has_folder(&self, path: &str) -> bool {
        self.0.has_folder(path)
    }

    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.0.files.iter().map(|file| file.path.as_str()))
    }

    fn symbols(&self, path: &str) -> Vec<Symbol> {
        self.0.find(path).map_or(Vec::new(), |file| self.0.files[file].blob.symbols.clone())
    }

    fn definitions(&self, name: &str, limit: usize) -> Vec<(String, Symbol)> {
        let places = self.0.definitions(name).take(limit);
        places.map(|(file, symbol)| (self.0.files[file].path.clone(), symbol.clone())).collect()
    }

    fn holding(&self, identifier: &str, limit: usize) -> Vec<String> {
        let mut wanted: Vec<u32> = Vec::new();
        tokens::words(identifier, |word, form| {
            if form == tokens::Form::Part {
                wanted.push(tokens::id(word));
            }
        });
        let holds = |file: &&Arc<IndexedFile>| wanted.iter().all(|term| file.blob.words.count(*term) > 0);
        let found = self.0.files.iter().filter(|_| !wanted.is_empty()).filter(holds);
        found.take(limit).map(|file| file.path.clone()).collect()
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.files[self.0.find(path)?].blob.text().map(Arc::from)
    }

    fn dependents(&self, path: &str, limit: usize) -> Vec<String> {
        let Some(file) = self.0.find(path) else { return Vec::new() };
        let importers = self.0.links.importers(file).iter().take(limit);
        importers.map(|from| self.0.files[*from as usize].path.clone()).collect()
    }

    fn nearest_path(&self, path: &str) -> Option<String> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let wanted = name(path);
        let score = |candidate: &str| {
            let folders = shared_parts(path, candidate);
            similarity(&wanted, &name(candidate)) + 0.05 * f64::from(folders)
        };
        let paths = self.0.files.iter().take(MAX_COMPARED).map(|file| file.path.as_str());
        best(paths.map(|path| (score(path), path)), 0.62).map(str::to_owned)
    }

    fn names_beginning(&self, prefix: &str, limit: usize) -> Vec<String> {
        let mut names: Vec<&str> = self.0.names().filter(|name| name.starts_with(prefix)).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().take(limit).map(str::to_owned).collect()
    }

    fn nearest_symbol(&self, name: &str) -> Option<(String, Symbol)> {
        let wanted = name.to_lowercase();
        let first = wanted.chars().next()?;
        let alike = |known: &&str| {
            known.len().abs_diff(name.len()) <= 4
                && known.chars().next().is_some_and(|c| c.to_ascii_lowercase() == first)
        };
        let mut names: Vec<&str> = self.0.names().filter(alike).take(MAX_COMPARED).collect();
        names.sort_unstable();
        let near = best(names.into_iter().map(|known| (similarity(&wanted, &known.to_lowercase()), known)), 0.6)?;
        self.definitions(near, 1).pop()
    }
}

/// The best of some scored texts at or above a floor; the first in order on a tie.
fn best<'a>(scored: impl Iterator<Item = (f64, &'a str)>, floor: f64) -> Option<&'a str> {
    let mut found: Option<(f64, &str)> = None;
    for (score, text) in scored.filter(|(score, _)| *score >= floor) {
        if found.is_none_or(|(most, _)| score > most) {
            found = Some((score, text));
        }
    }
    found.map(|(_, text)| text)
}

/// How many folders two paths have in common, at any place.
fn shared_parts(a: &str, b: &str) -> u32 {
    let parts: Vec<&str> = a.split('/').take(32).collect();
    let shared = b.split('/').take(32).filter(|part| parts.contains(part)).count();
    u32::try_from(shared).unwrap_or(0)
}

/// Dice's coefficient over pairs of bytes, 0 to 1.
fn similarity(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let pairs = |text: &str| {
        let mut pairs: Vec<(u8, u8)> =
            text.as_bytes().windows(2).take(120).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
        pairs.sort_unstable();
        pairs
    };
    let (x, y) = (pairs(a), pairs(b));
    let (mut i, mut j, mut same) = (0, 0, 0);
    while i < x.len() && j < y.len() {
        match x[i].cmp(&y[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                (i, j, same) = (i + 1, j + 1, same + 1);
            }
        }
    }
    2.0 * f64::from(same) / (x.len() + y.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_one_for_equals_and_falls_with_difference() {
        assert!((similarity("cart.rs", "cart.rs") - 1.0).abs() < 1e-9);
        assert!(similarity("cart.rs", "carts.rs") > similarity("cart.rs", "order.rs"));
        assert!(similarity("", "a") < 0.1);
    }
}
