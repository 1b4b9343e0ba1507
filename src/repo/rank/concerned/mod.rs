//! The symbols of a file that the ticket most likely concerns.
//!
//! In: the query, the file's symbols and text, and the evidence for the file. Out: a few symbols, best first, by learned
//! weights over the [`signals`] of each.

pub mod learn;
pub mod owners;
pub mod signals;

use super::{
    super::{blob::Blob, query::Query},
    descent::score,
    scan::Filter,
    weights::Weights,
};
use crate::model::context::{Evidence, Symbol, SymbolKind};

/// The most symbols named of a file.
const MOST_SYMBOLS: usize = 5;
/// A symbol that is less likely than this share of the best is not named.
const LEAST: f64 = 0.08;

/// The symbols that the ticket most likely concerns, best first.
pub fn symbols(query: &Query, filter: &Filter, blob: &Blob, evidence: &[Evidence]) -> Vec<Symbol> {
    let mut found: Vec<(f64, &Symbol)> =
        shares(query, filter, blob, evidence).into_iter().map(|(share, at)| (share, &blob.symbols[at])).collect();
    found.dedup_by(|a, b| a.1.name == b.1.name && a.1.parent == b.1.parent);
    let best = found.first().map_or(0.0, |(share, _)| *share);
    let likely = found.into_iter().take_while(|(share, _)| *share >= LEAST * best);
    likely.take(MOST_SYMBOLS).map(|(_, symbol)| symbol.clone()).collect()
}

/// The symbols for which something speaks, by position, each with its share of a softmax over them; best first.
pub fn shares(query: &Query, filter: &Filter, blob: &Blob, evidence: &[Evidence]) -> Vec<(f64, usize)> {
    let weights = Weights::built_in().symbol_columns();
    let rows = signals::rows(query, filter, blob, evidence);
    let meant = rows.iter().enumerate().filter(|(at, row)| is_meant(&blob.symbols[*at]) && speaks(row));
    let mut found: Vec<(f64, usize)> = meant.map(|(at, row)| (score(&weights, row), at)).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(blob.symbols[a.1].line.cmp(&blob.symbols[b.1].line)));
    let best = found.first().map_or(0.0, |(score, _)| *score);
    found.iter_mut().for_each(|(score, _)| *score = (*score - best).exp());
    let whole: f64 = found.iter().map(|(power, _)| *power).sum();
    found.iter_mut().for_each(|(power, _)| *power /= whole);
    found
}

/// Can a change of the file's behaviour stand in it?
fn is_meant(symbol: &Symbol) -> bool {
    !matches!(symbol.kind, SymbolKind::Module | SymbolKind::Test)
}

/// Does anything but its length speak for the symbol?
fn speaks(row: &signals::Row) -> bool {
    row.iter().zip(signals::NAMES).any(|(value, name)| *value > 0.0 && name != "size")
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
    fn a_function_is_found_by_the_comment_above_it_and_none_by_its_length() {
        let long = "    x = 1\n".repeat(30);
        let text = format!("def first(a):\n{long}\n# Gives the larger rebate.\ndef second(b):\n    return b\n");
        assert_eq!(found("The rebate is doubled", &text), ["second"]);
    }

    #[test]
    fn a_named_type_is_not_its_constructor() {
        let text = "class Cart {\n  private final int sum;\n  Cart(int sum) {\n    this.sum = sum;\n  }\n}\n";
        let reading = Reading { title: "`Cart` has no total".to_owned(), ..Reading::default() };
        let query = Query::read(&reading, |_| false);
        let blob = Blob::of(text.as_bytes(), Some("java"));
        let found = symbols(&query, &Filter::of(&query), &blob, &[]);
        assert_eq!(found.first().map(|symbol| symbol.kind), Some(SymbolKind::Class), "{found:?}");
    }

    #[test]
    fn the_function_that_calls_what_is_named_counts() {
        let text = "def first(a):\n    return a\n\n\ndef second(b):\n    return round_up(b)\n";
        assert_eq!(found("`round_up` is called twice", text), ["second"]);
    }
}
