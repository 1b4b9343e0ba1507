//! Picks the list to modify and says how sure it is.
//!
//! In: a ranking and the query. Out: the head of the ranking, as long as its probabilities carry it, with the symbols
//! concerned; and doubts in plain words.

use super::{
    super::{
        index::Index,
        query::Query,
        tokens::{self, Bag},
    },
    Ranking,
    calibration::Calibration,
    measure::MOST_FILES,
};
use crate::model::context::{Evidence, Likely, Symbol, SymbolKind};

/// The most symbols named of a file.
const MOST_SYMBOLS: usize = 5;

/// The files that the change probably modifies.
pub fn modify(ranking: &Ranking, calibration: &Calibration, query: &Query, index: &Index) -> Vec<Likely> {
    let likely = ranking.files.iter().zip(&ranking.numbers).enumerate();
    likely
        .take_while(|(place, (file, _))| *place == 0 || file.probability >= calibration.threshold)
        .take(MOST_FILES)
        .map(|(_, (file, number))| Likely {
            path: file.path.clone(),
            probability: file.probability,
            symbols: concerned(query, &index.files[*number].blob.symbols, &file.evidence),
        })
        .collect()
}

/// The symbols of a file that the ticket most likely concerns, best first.
fn concerned(query: &Query, symbols: &[Symbol], evidence: &[Evidence]) -> Vec<Symbol> {
    let passage = evidence.iter().find_map(|evidence| match evidence {
        Evidence::Passage { first, last, .. } => Some((*first, *last)),
        _ => None,
    });
    let frame = evidence.iter().find_map(|evidence| match evidence {
        Evidence::StackFrame { line, .. } => *line,
        _ => None,
    });
    let names: std::collections::HashSet<String> = query.names().map(|name| name.text).collect();
    let score = |symbol: &Symbol| {
        let named = names.contains(&symbol.name);
        let bag = Bag::of([symbol.name.as_str()]);
        let words: f64 = query.terms.iter().filter(|term| bag.count(term.id) > 0).map(|term| term.weight).sum();
        let mut parts = 0;
        tokens::split(&symbol.name, |_| parts += 1);
        let holds = |line: u32| symbol.line <= line && line <= symbol.end_line;
        let is_code = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro);
        let near = passage.is_some_and(|(first, last)| is_code && symbol.line <= last && first <= symbol.end_line);
        let hit = frame.is_some_and(|line| is_code && holds(line));
        (if named { 10.0 } else { 0.0 })
            + words / f64::from(parts.max(1))
            + if near { 2.0 } else { 0.0 }
            + if hit { 12.0 } else { 0.0 }
            + if words > 0.0 && is_code { 0.5 } else { 0.0 }
    };
    let skipped = |symbol: &&Symbol| !matches!(symbol.kind, SymbolKind::Module | SymbolKind::Test);
    let mut scored: Vec<(f64, &Symbol)> = symbols
        .iter()
        .filter(skipped)
        .map(|symbol| (score(symbol), symbol))
        .filter(|(score, _)| *score >= 1.5)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.line.cmp(&b.1.line)));
    scored.dedup_by(|a, b| a.1.name == b.1.name && a.1.parent == b.1.parent);
    scored.into_iter().take(MOST_SYMBOLS).map(|(_, symbol)| symbol.clone()).collect()
}

/// Why the ranking should be doubted.
pub fn doubts(ranking: &Ranking, query: &Query) -> Vec<String> {
    let mut doubts = Vec::new();
    let Some(first) = ranking.files.first() else {
        return vec!["no source file holds a word of the ticket".to_owned()];
    };
    if first.probability < 0.3 {
        let percent = (first.probability * 100.0).round();
        doubts.push(format!("not sure: the best file has a probability of only {percent} %"));
    }
    if let Some(second) = ranking.files.get(1)
        && first.probability - second.probability < 0.03
        && first.probability < 0.6
    {
        doubts.push(format!("near tie: `{}` and `{}` are about as likely", first.path, second.path));
    }
    if query.terms.len() < 4 {
        doubts.push("the ticket has few words to look for".to_owned());
    }
    doubts
}
