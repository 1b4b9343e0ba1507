//! Passages of a file where the ticket's words stand close together, and quotes that stand in it.
//!
//! In: a text, a query and the weight of each of its words. Out: the best window of lines, and the quotes found.

use std::collections::HashSet;

use super::{
    super::{query::Query, tokens},
    scan::Filter,
};

/// The best window of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    pub first: u32,
    pub last: u32,
    /// Positions in the query's terms, the heaviest first.
    pub terms: Vec<u16>,
    /// Sum of the weights of the different words in it.
    pub score: f64,
}

/// What reading a text gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub passage: Option<Passage>,
    /// Quotes with their lines.
    pub quotes: Vec<(String, u32)>,
    /// Weight of the ticket's neighbouring words that are neighbours here too.
    pub pairs: f64,
}

/// Lines of a window.
const WINDOW: u32 = 24;
/// The most text that is read, in bytes.
const MAX_TEXT: usize = 300_000;

/// Reads a text for a query, given the weight of each of its words.
pub fn read(text: &str, query: &Query, filter: &Filter, weights: &[f64]) -> Found {
    let text = &text[..text.floor_char_boundary(MAX_TEXT)];
    let mut hits: Vec<(u32, u16)> = Vec::new();
    let mut pairs: HashSet<(u16, u16)> = HashSet::new();
    let mut before: Option<u16> = None;
    for (line, number) in text.lines().zip(1_u32..) {
        tokens::ids(line, |id| {
            let slot = filter.find(id);
            hits.extend(slot.map(|slot| (number, slot)));
            if let (Some(a), Some(b)) = (before, slot) {
                pairs.extend(query.pairs.get(&(a.min(b), a.max(b))));
            }
            before = slot;
        });
    }
    let mut weighed: Vec<f64> =
        pairs.iter().map(|(a, b)| weights[usize::from(*a)].min(weights[usize::from(*b)])).collect();
    // Sums of floating point numbers depend on their order.
    weighed.sort_by(f64::total_cmp);
    Found { passage: best_window(&hits, weights), quotes: quotes(text, query), pairs: weighed.iter().sum() }
}

/// Slides a window over the hits and keeps the heaviest one.
fn best_window(hits: &[(u32, u16)], weights: &[f64]) -> Option<Passage> {
    let mut inside = vec![0_u32; weights.len()];
    let (mut sum, mut start) = (0.0, 0);
    let mut best: Option<(f64, usize, usize)> = None;
    for (end, (line, term)) in hits.iter().enumerate() {
        let term = usize::from(*term);
        inside[term] += 1;
        if inside[term] == 1 {
            sum += weights[term];
        }
        while hits[start].0 + WINDOW <= *line {
            let gone = usize::from(hits[start].1);
            start += 1;
            inside[gone] -= 1;
            if inside[gone] == 0 {
                sum -= weights[gone];
            }
        }
        if best.is_none_or(|(most, ..)| sum > most + 1e-9) {
            best = Some((sum, start, end));
        }
    }
    let (score, start, end) = best?;
    let mut terms: Vec<u16> = hits[start..=end].iter().map(|(_, term)| *term).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.sort_by(|a, b| weights[usize::from(*b)].total_cmp(&weights[usize::from(*a)]).then(a.cmp(b)));
    Some(Passage { first: hits[start].0, last: hits[end].0, terms, score })
}

/// The ticket's quotes that stand in a text, longest first, at most five.
fn quotes(text: &str, query: &Query) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = query
        .quotes
        .iter()
        .filter(|quote| quote.len() >= 6)
        .filter_map(|quote| {
            let at = text.find(quote.as_str())?;
            Some((quote.clone(), u32::try_from(text[..at].matches('\n').count() + 1).unwrap_or(u32::MAX)))
        })
        .collect();
    found.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    found.truncate(5);
    found
}
