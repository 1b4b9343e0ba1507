//! Literals of a ticket that no word stands for, looked up in the text itself: `{/.}`, `=>`, `%Y-%m`.
//!
//! In: literals and an index. Out: for each the source files that hold it, with the first line. Bounded: texts are read
//! up to a number of bytes together, the likeliest files first.

use std::collections::HashSet;

use rayon::prelude::*;

use super::super::index::Index;
use crate::model::context::FileClass;

/// Where a literal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    pub text: String,
    /// Positions in the index with the first line that holds it, the likeliest file first.
    pub places: Vec<(usize, u32)>,
    /// Every source was searched.
    pub is_whole: bool,
}

/// The most text that is searched for one ticket, in bytes.
const MAX_BYTES: u64 = 12 * 1024 * 1024;
/// A literal that more files hold says nothing of any of them.
const COMMON: usize = 40;

/// Looks the literals up: in these files first, then in all other sources.
pub fn find(literals: &[String], first: &[usize], index: &Index) -> Vec<Literal> {
    if literals.is_empty() {
        return Vec::new();
    }
    let files = within_bounds(first, index);
    let sources = index.files.iter().filter(|file| file.class == FileClass::Source).count();
    let is_whole = files.len() == sources;
    let found: Vec<Vec<(usize, u32)>> = files
        .par_iter()
        .map(|file| {
            let text = index.files[*file].blob.text().unwrap_or_default();
            let held =
                literals.iter().enumerate().filter_map(|(number, literal)| Some((number, line(&text, literal)?)));
            held.collect()
        })
        .collect();
    let places = |number: usize| {
        let of_file = |(file, held): (&usize, &Vec<(usize, u32)>)| {
            held.iter().find(|(literal, _)| *literal == number).map(|(_, line)| (*file, *line))
        };
        files.iter().zip(&found).filter_map(of_file).collect()
    };
    let literals = literals.iter().enumerate();
    literals.map(|(number, text)| Literal { text: text.clone(), places: places(number), is_whole }).collect()
}

/// How much each file is brought up: more by a literal that few files hold.
pub fn votes(literals: &[Literal]) -> Vec<(usize, f64)> {
    let telling = literals.iter().filter(|literal| literal.places.len() <= COMMON);
    let votes = telling.flat_map(|literal| {
        let value = 1.0 / (literal.places.len().max(1) as f64).sqrt();
        literal.places.iter().map(move |(file, _)| (*file, value))
    });
    votes.collect()
}

/// The sources that are searched, each once.
fn within_bounds(first: &[usize], index: &Index) -> Vec<usize> {
    let mut seen: HashSet<usize> = HashSet::new();
    let mut bytes = 0;
    let all = first.iter().copied().chain(0..index.files.len());
    let sources = all.filter(|file| index.files[*file].class == FileClass::Source && seen.insert(*file));
    let fits = |file: &usize| {
        bytes += index.files[*file].size;
        bytes <= MAX_BYTES
    };
    sources.take_while(fits).collect()
}

/// The first line that holds a literal.
fn line(text: &str, literal: &str) -> Option<u32> {
    if !text.contains(literal) {
        return None;
    }
    let at = text.find(literal)?;
    u32::try_from(text[..at].matches('\n').count() + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_found_where_it_stands_and_a_rare_one_says_more() {
        assert_eq!(line("a\nb {/.} c {/.}\n", "{/.}"), Some(2));
        assert_eq!(line("a\n{/}\n", "{/.}"), None);
        let literal = |places: usize| Literal {
            text: "=>".to_owned(),
            places: (0..places).map(|at| (at, 1)).collect(),
            is_whole: true,
        };
        let rare = votes(&[literal(1)]);
        assert!(rare[0].1 > votes(&[literal(9)])[0].1);
        assert!(votes(&[literal(COMMON + 1)]).is_empty());
    }
}
