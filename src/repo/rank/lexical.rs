//! The word signals: BM25 over text, names and path (Robertson and Zaragoza 2009).
//!
//! In: the hits of one file. Out: its part of a row, and its most telling words.

use super::{
    super::{index::Index, query::Query, tokens},
    paths::stem,
    scan::{FileHits, Hit, Scan},
    signals::{NAMES, Row, at},
};

/// BM25's term frequency part.
fn saturate(count: u16, length: f64, k1: f64, b: f64) -> f64 {
    let tf = f64::from(count);
    tf * (k1 + 1.0) / (tf + k1 * (1.0 - b + b * length))
}

/// The idf mass of the title's words.
pub fn title_mass(query: &Query, scan: &Scan) -> f64 {
    query.terms.iter().zip(&scan.idf).filter(|(term, _)| term.in_title).map(|(_, idf)| idf.words).sum()
}

/// How much each hit of a file weighs, in text, names and path, before the query's own weights.
fn weighed<'s>(index: &Index, scan: &'s Scan, hits: &'s FileHits) -> impl Iterator<Item = (&'s Hit, [f64; 3])> {
    let file = &index.files[hits.file as usize];
    let length = |total: u32, field: usize| f64::from(total) / scan.mean[field];
    let lengths =
        [length(file.blob.words.total, 0), length(file.blob.names.total, 1), length(file.path_words.total, 2)];
    hits.hits.iter().map(move |hit| {
        let idf = scan.idf[usize::from(hit.term)];
        let parts = [
            idf.words * saturate(hit.words, lengths[0], 1.2, 0.6),
            idf.names * saturate(hit.names, lengths[1], 1.2, 0.5),
            idf.path * saturate(hit.path, lengths[2], 1.0, 0.5),
        ];
        (hit, parts)
    })
}

/// The word signals of one file.
pub fn word_row(query: &Query, index: &Index, scan: &Scan, hits: &FileHits, title: f64) -> Row {
    let mut row = [0.0; NAMES.len()];
    for (hit, parts) in weighed(index, scan, hits) {
        let (term, idf) = (&query.terms[usize::from(hit.term)], scan.idf[usize::from(hit.term)]);
        // A word that few files hold weighs more than BM25 gives it; one that the ticket repeats does not.
        row[at::WORDS_RARE] += term.weight.min(4.0) * idf.words * parts[0];
        for (column, part) in [at::WORDS, at::NAMES, at::PATH].into_iter().zip(parts) {
            row[column] += term.weight * part;
            if term.in_title {
                row[column + at::TITLE_WORDS] += part;
            }
        }
        if term.in_title {
            row[at::COVERAGE] += idf.words / title;
        }
    }
    // a word of the file name is a word of the path
    if hits.hits.iter().any(|hit| hit.path > 0) {
        row[at::STEM_COVERED] = stem_covered(query, &index.files[hits.file as usize].path);
    }
    row
}

/// The most telling terms of one file, best first, as positions in the query's terms.
pub fn telling(query: &Query, index: &Index, scan: &Scan, hits: &FileHits) -> Vec<u16> {
    let weight = |(hit, parts): (&Hit, [f64; 3])| {
        (query.terms[usize::from(hit.term)].weight * parts.iter().sum::<f64>(), hit.term)
    };
    let mut telling: Vec<(f64, u16)> = weighed(index, scan, hits).map(weight).collect();
    telling.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    telling.into_iter().take(8).map(|(_, term)| term).collect()
}

/// One score for tests and documents.
pub fn plain_score(query: &Query, index: &Index, scan: &Scan, hits: &FileHits) -> f64 {
    let file = &index.files[hits.file as usize];
    let length = f64::from(file.blob.words.total) / scan.mean[0];
    let score = |hit: &Hit| {
        let (term, idf) = (&query.terms[usize::from(hit.term)], scan.idf[usize::from(hit.term)]);
        let path = if hit.path > 0 { idf.path } else { 0.0 };
        term.weight * (idf.words * saturate(hit.words, length, 1.2, 0.6) + path)
    };
    hits.hits.iter().map(score).sum()
}

/// The share of the file name's words that the ticket holds, the title's counting full and others half.
fn stem_covered(query: &Query, path: &str) -> f64 {
    let (mut held, mut all) = (0.0, 0.0);
    tokens::words(stem(path), |word, form| {
        if form == tokens::Form::Part {
            all += 1.0;
            let id = tokens::id(word);
            held +=
                query.terms.iter().find(|term| term.id == id).map_or(0.0, |term| if term.in_title { 1.0 } else { 0.5 });
        }
    });
    if all > 0.0 { held / all } else { 0.0 }
}
