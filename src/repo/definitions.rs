//! Every definition of an index, findable by name.
//!
//! In: files with their symbols. Out: file and symbol numbers in order of name, then of path and place. Names are not
//! copied: a large repository has a million.

use std::sync::Arc;

use rayon::prelude::*;

use super::{index::IndexedFile, renumber::Renumbering};

/// A definition: the number of its file, and of the symbol in that file.
type At = (u32, u32);

/// The definitions of some files, which are given again with every question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions(Vec<At>);

impl Definitions {
    /// The definitions of all files.
    pub fn of(files: &[Arc<IndexedFile>]) -> Self {
        let mut all: Vec<At> = files.iter().zip(0_u32..).flat_map(|(file, number)| of_file(file, number)).collect();
        all.par_sort_unstable_by(|a, b| order(files, *a, *b));
        Self(all)
    }

    /// The definitions of the files after these: those of fresh files are put between those that stayed.
    pub fn after(&self, files: &[Arc<IndexedFile>], moved: &Renumbering) -> Self {
        let stays = |(file, symbol): &At| {
            let file = moved.to(*file).filter(|file| !moved.is_fresh(*file))?;
            Some((file, *symbol))
        };
        let kept: Vec<At> = self.0.iter().filter_map(stays).collect();
        let fresh = moved.fresh().iter().flat_map(|number| of_file(&files[*number as usize], *number));
        let mut fresh: Vec<At> = fresh.collect();
        fresh.sort_unstable_by(|a, b| order(files, *a, *b));
        let mut all = Vec::with_capacity(kept.len() + fresh.len());
        let mut rest = kept.as_slice();
        for new in fresh {
            let (before, after) = rest.split_at(rest.partition_point(|old| order(files, *old, new).is_lt()));
            all.extend_from_slice(before);
            all.push(new);
            rest = after;
        }
        all.extend_from_slice(rest);
        Self(all)
    }

    /// The places that define a name.
    pub fn find(&self, files: &[Arc<IndexedFile>], name: &str) -> &[At] {
        let start = self.0.partition_point(|at| name_of(files, *at) < name);
        let count = self.0[start..].partition_point(|at| name_of(files, *at) == name);
        &self.0[start..][..count]
    }

    /// Every defined name once, in byte order.
    pub fn names<'a>(&'a self, files: &'a [Arc<IndexedFile>]) -> impl Iterator<Item = &'a str> {
        let same = self.0.chunk_by(move |a, b| name_of(files, *a) == name_of(files, *b));
        same.map(move |same| name_of(files, same[0]))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The definitions of one file, in their order.
fn of_file(file: &IndexedFile, number: u32) -> impl Iterator<Item = At> + use<> {
    let symbols = u32::try_from(file.blob.symbols.len()).unwrap_or(u32::MAX);
    (0..symbols).map(move |at| (number, at))
}

fn name_of(files: &[Arc<IndexedFile>], (file, symbol): At) -> &str {
    &files[file as usize].blob.symbols[symbol as usize].name
}

fn order(files: &[Arc<IndexedFile>], a: At, b: At) -> std::cmp::Ordering {
    name_of(files, a).cmp(name_of(files, b)).then(a.cmp(&b))
}
