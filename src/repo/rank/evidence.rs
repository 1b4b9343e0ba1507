//! Says why a file was brought up.
//!
//! In: a candidate and what its signals were made from. Out: evidence in order of weight, each checkable by eye.

use super::{
    super::{
        history::{History, SWEEPING},
        index::Index,
        query::{Identifier, Query},
        tokens,
    },
    literals::Literal,
    past::{Similar, Together},
    paths::{ending_in, squeezed, stem},
    signals::Candidate,
};
use crate::model::context::{Evidence, FileClass};

/// What evidence is made from.
pub struct Explain<'a> {
    pub query: &'a Query,
    pub index: &'a Index,
    pub history: &'a History,
    pub similar: &'a [Similar],
    /// The best files, by position in the index, with what changed together with each.
    pub leaders: &'a [(usize, Together<'a>)],
    pub literals: &'a [Literal],
}

/// Has the name several words?
fn is_compound(name: &str) -> bool {
    let mut parts = 0;
    tokens::split(name, |_| parts += 1);
    parts >= 2
}

/// The most symbols, commits and words that are named.
const MAX_SYMBOLS: usize = 4;
const MAX_COMMITS: usize = 2;
const MAX_WORDS: usize = 6;

impl Explain<'_> {
    /// All evidence for one file.
    pub fn file(&self, candidate: &Candidate) -> Vec<Evidence> {
        let mut found = self.named(candidate);
        let quotes = candidate.quotes.iter().take(2);
        found.extend(quotes.map(|(text, line)| Evidence::Quote { text: text.clone(), line: *line }));
        found.extend(self.literals(candidate));
        found.extend(self.symbols(candidate));
        found.extend(self.words(candidate));
        found.extend(self.passage(candidate));
        found.extend(self.commits(candidate));
        found.extend(self.neighbours(candidate));
        found
    }

    /// Paths and stack frames of the ticket.
    fn named(&self, candidate: &Candidate) -> Vec<Evidence> {
        let points = |path: &str| ending_in(self.index, path).contains(&candidate.file);
        let paths = self.query.paths.iter().filter(|path| points(path)).take(2);
        let frames = self.query.frames.iter().filter(|frame| points(&frame.path)).take(2);
        // Of a name of several words, written as the language of the ticket's writer has it.
        let own = squeezed(stem(&self.index.files[candidate.file].path));
        let is_own =
            |name: &&Identifier| name.text.len() >= 6 && is_compound(&name.text) && squeezed(&name.text) == own;
        let names = self.query.identifiers.iter().filter(is_own).map(|name| &name.text).take(1);
        paths
            .chain(names)
            .map(|path| Evidence::PathNamed { text: path.clone() })
            .chain(frames.map(|frame| Evidence::StackFrame { frame: frame.text.clone(), line: frame.line }))
            .collect()
    }

    /// Literals of the ticket that stand here.
    fn literals(&self, candidate: &Candidate) -> Vec<Evidence> {
        let here = self.literals.iter().filter_map(|literal| {
            let (_, line) = literal.places.iter().find(|(file, _)| *file == candidate.file)?;
            Some(Evidence::Quote { text: literal.text.clone(), line: *line })
        });
        here.take(2).collect()
    }

    /// Identifiers of the ticket that are defined here.
    fn symbols(&self, candidate: &Candidate) -> Vec<Evidence> {
        let symbols = &self.index.files[candidate.file].blob.symbols;
        let defined = self.query.names().filter_map(|name| {
            let symbol = symbols.iter().find(|symbol| symbol.name == name.text)?;
            Some(Evidence::Symbol { name: symbol.name.clone(), line: symbol.line })
        });
        defined.take(MAX_SYMBOLS).collect()
    }

    /// Words in the path and in the text, the most telling first.
    fn words(&self, candidate: &Candidate) -> Vec<Evidence> {
        let file = &self.index.files[candidate.file];
        let (in_path, in_text): (Vec<u16>, Vec<u16>) = candidate
            .terms
            .iter()
            .partition(|term| file.path_words.count(self.query.terms[usize::from(**term)].id) > 0);
        let name = |terms: Vec<u16>| -> Vec<String> {
            terms.into_iter().take(MAX_WORDS).map(|term| self.query.terms[usize::from(term)].word.clone()).collect()
        };
        let (path, text) = (name(in_path), name(in_text));
        let path = (!path.is_empty()).then_some(Evidence::PathWords { words: path });
        let text = (!text.is_empty()).then_some(Evidence::Words { words: text });
        path.into_iter().chain(text).collect()
    }

    /// The passage, when it holds at least three of the words.
    fn passage(&self, candidate: &Candidate) -> Option<Evidence> {
        let passage = candidate.passage.as_ref().filter(|passage| passage.terms.len() >= 3)?;
        let words = passage.terms.iter().take(MAX_WORDS).map(|term| self.query.terms[usize::from(*term)].word.clone());
        Some(Evidence::Passage { first: passage.first, last: passage.last, words: words.collect() })
    }

    /// Similar commits that changed it.
    fn commits(&self, candidate: &Candidate) -> Vec<Evidence> {
        let touching = self.history.touching(&self.index.files[candidate.file].path);
        let similar = self.similar.iter().take(12).filter(|similar| {
            touching.iter().any(|at| *at as usize == similar.commit)
                // The first commit brings everything along, whatever its message says.
                && !self.history.is_first(similar.commit)
                && self.history.commits[similar.commit].files.len() <= SWEEPING / 2
        });
        let evidence = similar.take(MAX_COMMITS).map(|similar| {
            let commit = &self.history.commits[similar.commit];
            Evidence::PastChange { commit: commit.id.clone(), subject: commit.subject.chars().take(120).collect() }
        });
        evidence.collect()
    }

    /// Links to the files ranked first.
    fn neighbours(&self, candidate: &Candidate) -> Vec<Evidence> {
        let file = candidate.file;
        let path = &self.index.files[file].path;
        let mut found = Vec::new();
        for (leader, together) in self.leaders.iter().take_while(|(leader, _)| *leader != file) {
            let with = &self.index.files[*leader].path;
            let times = together.get(path.as_str()).map_or(0, |(_, times)| *times);
            if times >= 3 {
                found.push(Evidence::CoChange { with: with.clone(), times });
            }
            if squeezed(stem(with)) == squeezed(stem(path)) && self.index.files[*leader].class == FileClass::Source {
                found.push(Evidence::Companion { of: with.clone(), why: "same name".to_owned() });
            } else if self
                .index
                .links
                .imports(*leader)
                .iter()
                .chain(self.index.links.importers(*leader))
                .any(|to| *to as usize == file)
            {
                found.push(Evidence::Neighbour { of: with.clone() });
            }
        }
        found.truncate(3);
        found
    }
}
