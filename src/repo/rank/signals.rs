//! The signals of each file: what speaks for it, as numbers.
//!
//! In: a query, an index and a history. Out: candidates with one row of signals each, every signal between 0 and 1
//! (relative to the best candidate, where it has no natural scale). Pure: equal inputs give equal rows.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{
    super::{history::History, index::Index, query::Query},
    lexical::{plain_score, telling, title_mass, word_row},
    literals::{self, Literal},
    mentions,
    passage::{self, Passage},
    past::{self, Similar},
    paths::{ending_in, folder, squeezed, stem, test_subject},
    rows::Rows,
    scan::{FileHits, Filter, Scan, scan},
    scope,
};
use crate::model::context::FileClass;

/// The names of the signals, in the order of their columns.
pub const NAMES: [&str; 33] = [
    "words",
    "names",
    "path",
    "title_words",
    "title_names",
    "title_path",
    "coverage",
    "stem_covered",
    "stem_named",
    "path_named",
    "frame",
    "defined",
    "defined_title",
    "quote",
    "passage",
    "past",
    "past_best",
    "churn",
    "recency",
    "co_change",
    "imports",
    "imported",
    "companion",
    "tests",
    "folder",
    "size",
    "docs",
    "fused",
    "scope",
    "pairs",
    "words_rare",
    "literal",
    "mentions",
];

/// A row of signals.
pub type Row = [f64; NAMES.len()];

/// Columns by name, for the code that fills them.
pub(super) mod at {
    pub const WORDS: usize = 0;
    pub const NAMES: usize = 1;
    pub const PATH: usize = 2;
    pub const TITLE_WORDS: usize = 3;
    pub const TITLE_NAMES: usize = 4;
    pub const TITLE_PATH: usize = 5;
    pub const COVERAGE: usize = 6;
    pub const STEM_COVERED: usize = 7;
    pub const STEM_NAMED: usize = 8;
    pub const PATH_NAMED: usize = 9;
    pub const FRAME: usize = 10;
    pub const DEFINED: usize = 11;
    pub const DEFINED_TITLE: usize = 12;
    pub const QUOTE: usize = 13;
    pub const PASSAGE: usize = 14;
    pub const PAST: usize = 15;
    pub const PAST_BEST: usize = 16;
    pub const CHURN: usize = 17;
    pub const RECENCY: usize = 18;
    pub const CO_CHANGE: usize = 19;
    pub const IMPORTS: usize = 20;
    pub const IMPORTED: usize = 21;
    pub const COMPANION: usize = 22;
    pub const TESTS: usize = 23;
    pub const FOLDER: usize = 24;
    pub const SIZE: usize = 25;
    pub const DOCS: usize = 26;
    pub const FUSED: usize = 27;
    pub const SCOPE: usize = 28;
    pub const PAIRS: usize = 29;
    pub const WORDS_RARE: usize = 30;
    pub const LITERAL: usize = 31;
    pub const MENTIONS: usize = 32;
}

/// A source file that may have to change.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Position in the index.
    pub file: usize,
    pub row: Row,
    /// Positions in the query's terms, the most telling first.
    pub terms: Vec<u16>,
    pub passage: Option<Passage>,
    /// Quotes of the ticket that stand in it, with their lines.
    pub quotes: Vec<(String, u32)>,
}

/// The candidates of a ticket, and what was found on the way.
#[derive(Debug, Default)]
pub struct Candidates {
    /// By plain fusion of the signals, best first.
    pub files: Vec<Candidate>,
    pub similar: Vec<Similar>,
    /// Score of every test file with a hit, relative to the best.
    pub tests: HashMap<usize, f64>,
    /// Where the ticket's literals stand.
    pub literals: Vec<Literal>,
}

/// How many candidates are weighed.
const MOST: usize = 400;
/// How many candidates have their text read.
const READ: usize = 60;
/// How many of the best pull their neighbours up.
const LEADERS: usize = 12;

/// Weighs all source files.
pub fn candidates(query: &Query, index: &Index, history: &History) -> Candidates {
    let scan = scan(query, index);
    let similar = past::similar(query, history);
    let by_stem = sources_by_stem(index);
    let rows = words(query, index, &scan);
    let mut work = Work { query, index, history, scan: &scan, rows, by_stem };
    work.named();
    work.past(&similar);
    work.scopes();
    work.mentions();
    work.habits();
    let tests = work.bridges();
    work.normalise(0..at::CO_CHANGE);
    work.normalise(at::TESTS..at::FOLDER);
    work.normalise(at::DOCS..at::FUSED);
    work.normalise(at::MENTIONS..at::MENTIONS + 1);
    let mut order = work.order();
    let literals = work.literals(&mut order);
    order.truncate(MOST);
    let read = work.read(&order);
    work.normalise(at::QUOTE..at::PASSAGE + 1);
    work.neighbours(&order);
    work.normalise(at::CO_CHANGE..at::TESTS);
    work.normalise(at::FOLDER..at::SIZE + 1);
    work.normalise(at::SCOPE..NAMES.len());
    let files = work.finish(order, read);
    Candidates { files, similar, tests, literals }
}

/// The rows while they are filled.
struct Work<'a> {
    query: &'a Query,
    index: &'a Index,
    history: &'a History,
    scan: &'a Scan,
    rows: Rows,
    /// Source files by their squeezed stem.
    by_stem: HashMap<String, Vec<usize>>,
}

impl Work<'_> {
    /// Is the file one that a change may modify?
    fn is_source(&self, file: usize) -> bool {
        self.index.files[file].class == FileClass::Source
    }

    /// The row of a file; zeros where it has none.
    fn row(&self, file: usize) -> Row {
        self.rows.get(file).copied().unwrap_or([0.0; NAMES.len()])
    }

    /// Sets a value if it is larger than what is there.
    fn raise(&mut self, file: usize, column: usize, value: f64) {
        if self.is_source(file) && value > 0.0 {
            let row = self.rows.at(file);
            row[column] = row[column].max(value);
        }
    }

    /// Adds to a value.
    fn add(&mut self, file: usize, column: usize, value: f64) {
        if self.is_source(file) && value > 0.0 {
            self.rows.at(file)[column] += value;
        }
    }

    /// Paths, stems, stack frames and identifiers that the ticket names.
    fn named(&mut self) {
        for path in &self.query.paths {
            let found = ending_in(self.index, path);
            found.iter().for_each(|file| self.raise(*file, at::PATH_NAMED, 1.0 / found.len() as f64));
        }
        for (frame, position) in self.query.frames.iter().zip(1_i32..) {
            let found = ending_in(self.index, &frame.path);
            let value = 1.0 / (f64::from(position) * found.len().max(1) as f64);
            found.iter().for_each(|file| self.raise(*file, at::FRAME, value));
        }
        self.stems();
        for name in self.query.names() {
            let places: Vec<usize> = self.index.definitions(&name.text).map(|(file, _)| file).collect();
            let sources = places.iter().filter(|file| self.is_source(**file)).count();
            if sources == 0 || sources > 30 {
                continue;
            }
            let value = (if name.as_code { 1.0 } else { 0.7 }) / (sources as f64).sqrt();
            for file in places {
                self.add(file, at::DEFINED, value);
                if name.in_title {
                    self.add(file, at::DEFINED_TITLE, value);
                }
            }
        }
    }

    /// File names that the ticket writes as one expression, or as words side by side.
    fn stems(&mut self) {
        let mut written: HashMap<String, f64> = HashMap::new();
        let names = self.query.identifiers.iter().map(|name| (squeezed(&name.text), name.in_title));
        let joined = self.query.joined.iter().map(|joined| (joined.name.clone(), joined.in_title));
        for (name, in_title) in names.chain(joined) {
            let known = written.entry(name).or_default();
            *known = known.max(if in_title { 1.0 } else { 0.6 });
        }
        let named = |(stem, weight): (String, f64)| {
            let files = self.by_stem.get(&stem).into_iter().flatten();
            files.map(move |file| (*file, weight))
        };
        let by_stem: Vec<(usize, f64)> = written.into_iter().flat_map(named).collect();
        let share = 1.0 / (by_stem.len().max(1) as f64).sqrt();
        by_stem.into_iter().for_each(|(file, weight)| self.raise(file, at::STEM_NAMED, weight * (0.5 + share / 2.0)));
    }

    /// Parts of the path that the title names in front of its colon.
    fn scopes(&mut self) {
        for (file, value) in scope::scopes(self.query, self.index) {
            self.add(file, at::SCOPE, value);
        }
    }

    /// Rare identifiers that files mention.
    fn mentions(&mut self) {
        for (file, value) in mentions::mentions(self.query, self.index, self.scan) {
            self.add(file, at::MENTIONS, value);
        }
    }

    /// Literals that stand in files; a file that only they bring up becomes a candidate, behind the best by words.
    fn literals(&mut self, order: &mut Vec<usize>) -> Vec<Literal> {
        let found = literals::find(&self.query.literals, order, self.index);
        let votes = literals::votes(&found);
        let mut new: Vec<usize> = Vec::new();
        for (file, value) in votes {
            let is_far = order.iter().take(MOST / 2).all(|known| *known != file);
            if is_far && !new.contains(&file) && new.len() < MOST / 4 {
                new.push(file);
            }
            self.add(file, at::LITERAL, value);
        }
        order.retain(|file| !new.contains(file));
        let behind = order.len().min(MOST / 2);
        order.splice(behind..behind, new);
        found
    }

    /// Votes of similar commits.
    fn past(&mut self, similar: &[Similar]) {
        let index = self.index;
        for (path, vote) in past::votes(similar, self.history) {
            if let Some(file) = index.find(path) {
                self.add(file, at::PAST, vote);
            }
        }
        for similar in similar.iter().take(8) {
            let commit = &self.history.commits[similar.commit];
            let share = similar.similarity / (commit.files.len() as f64).sqrt().max(1.0);
            for file in commit.files.iter().filter_map(|file| index.find(self.history.path(*file))) {
                self.raise(file, at::PAST_BEST, share);
            }
        }
    }

    /// How often and how lately a file changed, and how large it is.
    fn habits(&mut self) {
        let (index, history) = (self.index, self.history);
        let newest = history.commits.first().map_or(0, |commit| commit.time);
        let (files, rows) = self.rows.with_files();
        rows.par_iter_mut().zip(files).for_each(|(row, file)| {
            let known = &index.files[*file];
            let touching = history.touching(&known.path);
            row[at::CHURN] = (1.0 + touching.len() as f64).ln();
            if let Some(last) = touching.first() {
                let days = (newest - history.commits[*last as usize].time).max(0) as f64 / 86_400.0;
                row[at::RECENCY] = (-days / 60.0).exp();
            }
            row[at::SIZE] = (1.0 + f64::from(known.blob.lines)).ln();
        });
    }

    /// Tests and documents that speak of the ticket lead to the sources that they are about.
    fn bridges(&mut self) -> HashMap<usize, f64> {
        let by_stem = std::mem::take(&mut self.by_stem);
        let mut tests = HashMap::new();
        let scores: Vec<(usize, f64)> = self
            .scan
            .files
            .iter()
            .filter(|hits| !self.is_source(hits.file as usize))
            .map(|hits| (hits.file as usize, plain_score(self.query, self.index, self.scan, hits)))
            .collect();
        let best = scores.iter().map(|(_, score)| *score).fold(1e-9, f64::max);
        for (number, score) in scores {
            let file = &self.index.files[number];
            let (score, is_test) = (score / best, file.class == FileClass::Test);
            if is_test {
                tests.insert(number, score);
            }
            let column = if is_test { at::TESTS } else { at::DOCS };
            for source in by_stem.get(&squeezed(test_subject(stem(&file.path)))).into_iter().flatten().take(4) {
                self.raise(*source, column, score);
            }
            let imported: Vec<usize> = self.index.links.imports(number).iter().map(|to| *to as usize).collect();
            for source in imported.iter().take(20) {
                self.raise(*source, column, 0.5 * score / (imported.len() as f64).sqrt());
            }
        }
        self.by_stem = by_stem;
        tests
    }

    /// Divides columns by their largest value. All of them in one pass: the rows are more than a cache holds.
    fn normalise(&mut self, columns: std::ops::Range<usize>) {
        let mut most = [0.0_f64; NAMES.len()];
        for row in self.rows.all() {
            columns.clone().for_each(|column| most[column] = most[column].max(row[column]));
        }
        most.iter_mut().filter(|most| **most <= 0.0).for_each(|most| *most = 1.0);
        for row in self.rows.with_files().1 {
            columns.clone().for_each(|column| row[column] /= most[column]);
        }
    }

    /// Candidates by plain fusion, best first.
    fn order(&mut self) -> Vec<usize> {
        let (files, rows) = self.rows.with_files();
        let fused = |(file, row): (&usize, &mut Row)| {
            row[at::FUSED] = fuse(row);
            (*file, row[at::FUSED])
        };
        let mut order: Vec<(usize, f64)> = files.iter().zip(rows).map(fused).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        order.into_iter().map(|(file, _)| file).collect()
    }

    /// Reads the best candidates' texts for passages and quotes.
    fn read(&mut self, order: &[usize]) -> HashMap<usize, passage::Found> {
        let weights: Vec<f64> =
            self.query.terms.iter().zip(&self.scan.idf).map(|(t, idf)| t.weight * idf.words).collect();
        let filter = Filter::of(self.query);
        let found: HashMap<usize, passage::Found> = order
            .par_iter()
            .take(READ)
            .filter_map(|file| {
                let text = self.index.files[*file].blob.text()?;
                Some((*file, passage::read(&text, self.query, &filter, &weights)))
            })
            .collect();
        for (file, found) in &found {
            self.raise(*file, at::PASSAGE, found.passage.as_ref().map_or(0.0, |passage| passage.score));
            self.raise(*file, at::QUOTE, found.quotes.len() as f64);
            self.raise(*file, at::PAIRS, found.pairs);
        }
        found
    }

    /// What the best candidates pull up: what changes with them, what they import, what is named like them.
    fn neighbours(&mut self, order: &[usize]) {
        let leaders: Vec<(usize, f64)> =
            order.iter().take(LEADERS).map(|file| (*file, self.row(*file)[at::FUSED])).collect();
        let best = leaders.first().map_or(1.0, |(_, score)| score.max(1e-9));
        let by_stem = std::mem::take(&mut self.by_stem);
        for (leader, score) in &leaders {
            let score = score / best;
            let path = &self.index.files[*leader].path;
            for (other, (share, times)) in past::companions(path, self.history) {
                if let Some(file) = self.index.find(other).filter(|_| times >= 2) {
                    self.add(file, at::CO_CHANGE, score * share);
                }
            }
            for to in self.index.links.imports(*leader) {
                self.raise(*to as usize, at::IMPORTED, score);
            }
            for from in self.index.links.importers(*leader) {
                self.raise(*from as usize, at::IMPORTS, score);
            }
            for other in
                by_stem.get(&squeezed(stem(path))).into_iter().flatten().filter(|other| *other != leader).take(6)
            {
                self.raise(*other, at::COMPANION, score);
            }
        }
        self.folders(&leaders);
    }

    /// Files in the folder of good candidates.
    fn folders(&mut self, leaders: &[(usize, f64)]) {
        let mut by_folder: HashMap<&str, (f64, usize)> = HashMap::new();
        for (leader, score) in leaders {
            let entry = by_folder.entry(folder(&self.index.files[*leader].path)).or_default();
            *entry = (entry.0 + score, entry.1 + 1);
        }
        let index = self.index;
        let (files, rows) = self.rows.with_files();
        rows.par_iter_mut().zip(files).for_each(|(row, file)| {
            if let Some((sum, _)) = by_folder.get(folder(&index.files[*file].path)) {
                let own = leaders.iter().find(|(leader, _)| leader == file).map_or(0.0, |(_, score)| *score);
                row[at::FOLDER] = (sum - own).max(0.0);
            }
        });
    }

    /// The finished candidates: the order's, and those that only neighbours brought up.
    fn finish(self, order: Vec<usize>, mut read: HashMap<usize, passage::Found>) -> Vec<Candidate> {
        let is_pulled = |row: &Row| row[at::CO_CHANGE] + row[at::COMPANION] > 0.3;
        let pulled = self.rows.files().iter().copied().filter(|file| is_pulled(&self.row(*file)));
        let mut extra: Vec<usize> = pulled.filter(|file| !order.contains(file)).collect();
        extra.sort_unstable();
        extra.truncate(MOST / 4);
        let files = order.into_iter().chain(extra).map(|file| {
            let mut row = self.row(file);
            row[at::FUSED] = fuse(&row);
            let found = read.remove(&file).unwrap_or_default();
            let terms = self.scan.of(file).map(|hits| telling(self.query, self.index, self.scan, hits));
            let terms = terms.unwrap_or_default();
            Candidate { file, row, terms, passage: found.passage, quotes: found.quotes }
        });
        let mut files: Vec<Candidate> = files.collect();
        let most = files.iter().map(|c| c.row[at::FUSED]).fold(1e-9, f64::max);
        files.iter_mut().for_each(|c| c.row[at::FUSED] /= most);
        files.sort_by(|a, b| b.row[at::FUSED].total_cmp(&a.row[at::FUSED]).then(a.file.cmp(&b.file)));
        files
    }
}

/// BM25 over text, names and path of the sources, for all words and for the title's alone.
fn words(query: &Query, index: &Index, scan: &Scan) -> Rows {
    let title: f64 = title_mass(query, scan).max(1e-9);
    let is_source = |hits: &&FileHits| index.files[hits.file as usize].class == FileClass::Source;
    let (files, rows) = scan
        .files
        .par_iter()
        .filter(is_source)
        .map(|hits| (hits.file as usize, word_row(query, index, scan, hits, title)))
        .unzip();
    Rows::of(index.files.len(), files, rows)
}

/// Source files by their squeezed stem.
fn sources_by_stem(index: &Index) -> HashMap<String, Vec<usize>> {
    let mut found: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, file) in index.files.iter().enumerate().filter(|(_, file)| file.class == FileClass::Source) {
        found.entry(squeezed(stem(&file.path))).or_default().push(number);
    }
    found
}

/// The plain fusion that picks candidates and leaders; the learned weights have the last word.
fn fuse(row: &Row) -> f64 {
    row[at::WORDS]
        + 0.5 * row[at::NAMES]
        + 0.6 * row[at::PATH]
        + 0.4 * row[at::TITLE_WORDS]
        + 0.3 * row[at::TITLE_NAMES]
        + 0.5 * row[at::TITLE_PATH]
        + 0.5 * row[at::COVERAGE]
        + 0.3 * row[at::STEM_COVERED]
        + 0.5 * row[at::STEM_NAMED]
        + 1.5 * row[at::PATH_NAMED]
        + row[at::FRAME]
        + 0.5 * row[at::DEFINED]
        + 0.4 * row[at::QUOTE]
        + 0.4 * row[at::PASSAGE]
        + 0.8 * row[at::PAST]
        + 0.2 * row[at::TESTS]
        + 0.6 * row[at::LITERAL]
        + 0.3 * row[at::MENTIONS]
}
