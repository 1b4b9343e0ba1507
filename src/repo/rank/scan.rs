//! Finds the ticket's words in every file: the raw counts that BM25 needs.
//!
//! In: a query and an index. Out: for every file with a hit, how often each word stands in its text, its names and
//! its path; and how many source files hold each word. One pass over the files, in parallel.

use rayon::prelude::*;

use super::super::{index::Index, query::Query, tokens::Bag};
use crate::model::context::FileClass;

/// A word of the query in a file.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Position in the query's terms.
    pub term: u16,
    pub words: u16,
    pub names: u16,
    pub path: u16,
}

/// A file with hits.
#[derive(Clone, Debug)]
pub struct FileHits {
    /// Position in the index.
    pub file: u32,
    pub hits: Vec<Hit>,
}

/// Everything found.
#[derive(Debug, Default)]
pub struct Scan {
    /// In the order of the index.
    pub files: Vec<FileHits>,
    /// Inverse document frequency of each term over texts, names and paths of source files.
    pub idf: Vec<Idf>,
    /// Mean number of words, names and path words of a source file.
    pub mean: [f64; 3],
}

impl Scan {
    /// The hits of a file, if it has any.
    pub fn of(&self, file: usize) -> Option<&FileHits> {
        let at = self.files.binary_search_by_key(&file, |hits| hits.file as usize).ok()?;
        Some(&self.files[at])
    }
}

/// How rare a term is in each field.
#[derive(Clone, Copy, Debug, Default)]
pub struct Idf {
    pub words: f64,
    pub names: f64,
    pub path: f64,
}

/// Files whose hits count: those that may change, and those that lead to them.
pub fn is_scanned(class: FileClass) -> bool {
    matches!(class, FileClass::Source | FileClass::Test | FileClass::Doc)
}

/// Scans all files.
pub fn scan(query: &Query, index: &Index) -> Scan {
    let filter = Filter::of(query);
    let files: Vec<FileHits> = (0_u32..)
        .zip(&index.files)
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter(|(_, file)| is_scanned(file.class))
        .filter_map(|(number, file)| {
            let hits = filter.hits(&file.blob.words, &file.blob.names, &file.path_words);
            (!hits.is_empty()).then_some(FileHits { file: number, hits })
        })
        .collect();
    let sources: Vec<_> = index.files.iter().filter(|file| file.class == FileClass::Source).collect();
    let count = sources.len().max(1) as f64;
    let mean = |total: fn(&super::super::index::IndexedFile) -> u32| {
        (sources.iter().map(|file| f64::from(total(file))).sum::<f64>() / count).max(1.0)
    };
    let mean = [mean(|f| f.blob.words.total), mean(|f| f.blob.names.total), mean(|f| f.path_words.total)];
    let idf = frequencies(query.terms.len(), &files, index, count);
    Scan { files, idf, mean }
}

/// Counts in how many source files each term stands (Robertson and Zaragoza 2009, equation 3.3, kept positive).
fn frequencies(terms: usize, files: &[FileHits], index: &Index, count: f64) -> Vec<Idf> {
    let mut holding = vec![[0_u32; 3]; terms];
    for file in files.iter().filter(|file| index.files[file.file as usize].class == FileClass::Source) {
        for hit in &file.hits {
            let row = &mut holding[usize::from(hit.term)];
            row[0] += u32::from(hit.words > 0);
            row[1] += u32::from(hit.names > 0);
            row[2] += u32::from(hit.path > 0);
        }
    }
    let idf = |n: u32| (1.0 + (count - f64::from(n) + 0.5).max(0.0) / (f64::from(n) + 0.5)).ln();
    holding.iter().map(|row| Idf { words: idf(row[0]), names: idf(row[1]), path: idf(row[2]) }).collect()
}

/// The query's terms, quick to test against.
pub struct Filter {
    /// One bit for each value of the low 16 bits of a hash.
    bits: Vec<u64>,
    /// Hash and position, by hash.
    terms: Vec<(u32, u16)>,
}

impl Filter {
    /// All terms of a query.
    pub fn of(query: &Query) -> Self {
        let mut bits = vec![0_u64; 1024];
        let mut terms: Vec<(u32, u16)> = query.terms.iter().map(|term| term.id).zip(0_u16..).collect();
        terms.sort_unstable();
        for (id, _) in &terms {
            bits[(*id as usize & 0xffff) / 64] |= 1 << (id & 63);
        }
        Self { bits, terms }
    }

    /// The position of a term by its hash.
    pub fn find(&self, id: u32) -> Option<u16> {
        if self.bits[(id as usize & 0xffff) / 64] & (1 << (id & 63)) == 0 {
            return None;
        }
        self.terms.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| self.terms[at].1)
    }

    /// The hits in a file's three bags.
    fn hits(&self, words: &Bag, names: &Bag, path: &Bag) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for (id, count) in words.terms() {
            if let Some(term) = self.find(*id) {
                hits.push(Hit { term, words: *count, names: names.count(*id), path: path.count(*id) });
            }
        }
        for (id, count) in path.terms() {
            if let Some(term) = self.find(*id).filter(|_| words.count(*id) == 0) {
                hits.push(Hit { term, words: 0, names: names.count(*id), path: *count });
            }
        }
        hits
    }
}
