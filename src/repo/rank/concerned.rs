//! The symbols of a file that the ticket most likely concerns.
//!
//! In: the query, the file's symbols and text, and the evidence for the file. Out: a few symbols, best first. A function
//! is judged by its name, by what points at its lines, and by the ticket's words in them: a word that stands in few of
//! the file's functions counts more (inverse document frequency over the functions). Linear in the file's length.

use std::collections::HashSet;

use super::{
    super::{
        blob::Blob,
        query::Query,
        tokens::{self, Bag},
    },
    scan::Filter,
};
use crate::model::context::{Evidence, Symbol, SymbolKind};

/// The most symbols named of a file.
const MOST_SYMBOLS: usize = 5;
/// Points of the function whose lines hold most of the ticket; the others' are in proportion.
const BODY: f64 = 4.0;
/// Below these points a symbol says nothing.
const LEAST: f64 = 1.5;

/// The symbols that the ticket most likely concerns, best first.
pub fn symbols(query: &Query, filter: &Filter, blob: &Blob, evidence: &[Evidence]) -> Vec<Symbol> {
    let symbols = &blob.symbols;
    let passage = evidence.iter().find_map(|evidence| match evidence {
        Evidence::Passage { first, last, .. } => Some((*first, *last)),
        _ => None,
    });
    let frame = evidence.iter().find_map(|evidence| match evidence {
        Evidence::StackFrame { line, .. } => *line,
        _ => None,
    });
    let names: HashSet<String> = query.names().map(|name| name.text).collect();
    let bodies = blob.text().map(|text| bodies(query, filter, &text, symbols)).unwrap_or_default();
    let most = bodies.iter().copied().fold(0.0, f64::max);
    let score = |(at, symbol): (usize, &Symbol)| {
        let named = names.contains(&symbol.name);
        let bag = Bag::of([symbol.name.as_str()]);
        let words: f64 = query.terms.iter().filter(|term| bag.count(term.id) > 0).map(|term| term.weight).sum();
        let mut parts = 0;
        tokens::split(&symbol.name, |_| parts += 1);
        let holds = |line: u32| symbol.line <= line && line <= symbol.end_line;
        let is_code = is_callable(symbol);
        let near = passage.is_some_and(|(first, last)| is_code && symbol.line <= last && first <= symbol.end_line);
        let hit = frame.is_some_and(|line| is_code && holds(line));
        (if named { 10.0 } else { 0.0 })
            + words / f64::from(parts.max(1))
            + if near { 2.0 } else { 0.0 }
            + if hit { 12.0 } else { 0.0 }
            + if words > 0.0 && is_code { 0.5 } else { 0.0 }
            + if most > 0.0 { BODY * bodies.get(at).copied().unwrap_or_default() / most } else { 0.0 }
    };
    let is_meant = |symbol: &Symbol| !matches!(symbol.kind, SymbolKind::Module | SymbolKind::Test);
    let mut scored: Vec<(f64, &Symbol)> = symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| is_meant(symbol))
        .map(|(at, symbol)| (score((at, symbol)), symbol))
        .filter(|(score, _)| *score >= LEAST)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.line.cmp(&b.1.line)));
    scored.dedup_by(|a, b| a.1.name == b.1.name && a.1.parent == b.1.parent);
    scored.into_iter().take(MOST_SYMBOLS).map(|(_, symbol)| symbol.clone()).collect()
}

/// For each symbol, the weight of the ticket's words in its own lines; 0 for what is no function.
fn bodies(query: &Query, filter: &Filter, text: &str, symbols: &[Symbol]) -> Vec<f64> {
    let owners = owners(symbols, text.lines().count());
    let mut held: Vec<HashSet<u16>> = vec![HashSet::new(); symbols.len()];
    let mut lines = vec![0_u32; symbols.len()];
    for (line, owner) in text.lines().zip(&owners) {
        let Some(owner) = *owner else { continue };
        lines[owner] += 1;
        tokens::ids(line, |id| held[owner].extend(filter.find(id)));
    }
    let own: Vec<usize> = (0..symbols.len()).filter(|at| lines[*at] > 0).collect();
    let count = own.len() as f64;
    let mean = own.iter().map(|at| f64::from(lines[*at])).sum::<f64>() / count.max(1.0);
    let mut holding = vec![0_u32; query.terms.len()];
    held.iter().flatten().for_each(|term| holding[usize::from(*term)] += 1);
    let weight = |term: u16| {
        let holding = f64::from(holding[usize::from(term)]);
        query.terms[usize::from(term)].weight * (1.0 + (count - holding + 0.5) / (holding + 0.5)).ln()
    };
    let mut out = vec![0.0; symbols.len()];
    for at in own {
        // Long functions hold many words by chance.
        let long = 0.5 + 0.5 * f64::from(lines[at]) / mean;
        let mut weights: Vec<f64> = held[at].iter().map(|term| weight(*term)).collect();
        // Sums of floating point numbers depend on their order.
        weights.sort_by(f64::total_cmp);
        out[at] = weights.iter().sum::<f64>() / long.sqrt();
    }
    out
}

/// For each line, the innermost function around it.
fn owners(symbols: &[Symbol], lines: usize) -> Vec<Option<usize>> {
    let mut out = vec![None; lines];
    let mut outer: Vec<usize> = (0..symbols.len()).filter(|at| is_callable(&symbols[*at])).collect();
    outer.sort_by_key(|at| std::cmp::Reverse(symbols[*at].end_line.saturating_sub(symbols[*at].line)));
    for at in outer {
        let first = (symbols[at].line as usize).saturating_sub(1).min(lines);
        let last = (symbols[at].end_line as usize).clamp(first, lines);
        out[first..last].fill(Some(at));
    }
    out
}

/// Does the symbol hold code that runs?
fn is_callable(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro)
}

#[cfg(test)]
mod tests {
    use super::{super::super::query::Reading, *};

    fn found(title: &str, text: &str) -> Vec<String> {
        let reading = Reading { title: title.to_owned(), ..Reading::default() };
        let query = Query::read(&reading, |_| false);
        let blob = Blob::of(text.as_bytes(), Some("python"));
        symbols(&query, &Filter::of(&query), &blob, &[]).into_iter().map(|symbol| symbol.name).collect()
    }

    #[test]
    fn a_function_is_found_by_the_words_of_its_lines() {
        let text = "def first(cart):\n    return cart.total\n\n\ndef second(cart):\n    if cart.coupon:\n        return cart.total\n\n\ndef third(cart):\n    return cart.total\n";
        assert_eq!(found("The total is wrong with a coupon", text).first().map(String::as_str), Some("second"));
    }

    #[test]
    fn a_line_belongs_to_the_innermost_function() {
        let symbol = |line, end_line| Symbol {
            name: "f".to_owned(),
            kind: SymbolKind::Function,
            parent: None,
            line,
            end_line,
            signature: String::new(),
            is_public: false,
        };
        assert_eq!(owners(&[symbol(1, 5), symbol(2, 3)], 6), [Some(0), Some(1), Some(1), Some(0), Some(0), None]);
    }
}
