//! The signals of each symbol of a file: what says that the ticket concerns it, as numbers.
//!
//! In: the query, a file's symbols and text, and the evidence for the file. Out: one row for each symbol, every signal
//! between 0 and 1 (relative to the best symbol of the file, where it has no natural scale). A word says the more, the
//! fewer of the file's symbols hold it (inverse document frequency over the symbols). Linear in the file's length.

use std::collections::{HashMap, HashSet};

use super::{
    super::super::{
        blob::Blob,
        query::{Identifier, Query, Term},
        tokens::{self, Bag},
    },
    super::scan::Filter,
    is_callable, owners,
};
use crate::model::context::{Evidence, Symbol};

/// The names of the signals, in the order of their columns.
pub const NAMES: [&str; 12] = [
    "named",
    "named_as_code",
    "name_words",
    "name_rare",
    "body",
    "mentions",
    "passage",
    "quote",
    "frame",
    "size",
    "parent_named",
    "pairs",
];

/// A row of signals.
pub type Row = [f64; NAMES.len()];

/// How long a symbol is at the top of its scale: the logarithm of its lines.
const LONGEST: f64 = 5.0;

/// What a file's lines hold of the ticket, by symbol.
#[derive(Default)]
struct Held {
    /// Lines that belong to it and to no symbol inside it.
    own_lines: u32,
    /// The ticket's words in them, and in the comment above.
    terms: HashSet<u16>,
    /// Words that are neighbours in the ticket and in them.
    pairs: HashSet<(u16, u16)>,
    /// The ticket's identifiers in them, by position.
    names: HashSet<usize>,
    /// A quoted text stands in them.
    quoted: bool,
    /// What the innermost stack frame that points at one of them says: 1 for the first of the file, less for each after.
    framed: f64,
}

/// One row for each symbol of the file.
pub fn rows(query: &Query, filter: &Filter, blob: &Blob, evidence: &[Evidence]) -> Vec<Row> {
    let symbols = &blob.symbols;
    let names: Vec<Identifier> = query.names().collect();
    let by_name: HashMap<&str, usize> = names.iter().zip(0..).map(|(name, at)| (name.text.as_str(), at)).collect();
    let held = blob.text().map(|text| held(&text, query, filter, symbols, &by_name, evidence)).unwrap_or_default();
    // A constructor is called like its type: it is the type that is named.
    let is_constructor = |symbol: &Symbol| is_callable(symbol) && symbol.parent.as_ref() == Some(&symbol.name);
    let in_name = |symbol: &Symbol| -> HashSet<u16> {
        let words = Bag::of([symbol.name.as_str()]);
        words.terms().iter().filter(|_| !is_constructor(symbol)).filter_map(|(id, _)| filter.find(*id)).collect()
    };
    let in_names: Vec<HashSet<u16>> = symbols.iter().map(in_name).collect();
    let passage = evidence.iter().find_map(|evidence| match evidence {
        Evidence::Passage { first, last, .. } => Some((*first, *last)),
        _ => None,
    });
    let rare = rare(query, &in_names);
    let weight = by_rarity(query, held.iter().map(|held| &held.terms));
    let (bodies, pairs) = (bodies(&weight, &held), pairs(&weight, &held));
    let mentions = mentions(&names, &held);
    let flag = |is: bool| f64::from(u8::from(is));
    let row = |(at, symbol): (usize, &Symbol)| {
        let name = by_name.get(symbol.name.as_str()).filter(|_| !is_constructor(symbol)).map(|at| &names[*at]);
        let held = held.get(at);
        let mut parts = 0;
        tokens::split(&symbol.name, |_| parts += 1);
        let is_near = passage.is_some_and(|(first, last)| symbol.line <= last && first <= symbol.end_line);
        [
            flag(name.is_some()),
            flag(name.is_some_and(|name| name.as_code)),
            (in_names[at].len() as f64 / f64::from(parts.max(1))).min(1.0),
            rare[at],
            bodies.get(at).copied().unwrap_or_default(),
            mentions.get(at).copied().unwrap_or_default(),
            flag(is_near && is_callable(symbol)),
            flag(held.is_some_and(|held| held.quoted)),
            held.map_or(0.0, |held| held.framed),
            (1.0 + held.map_or(0.0, |held| f64::from(held.own_lines))).ln() / LONGEST,
            flag(symbol.parent.as_deref().is_some_and(|parent| by_name.contains_key(parent))),
            pairs.get(at).copied().unwrap_or_default(),
        ]
    };
    symbols.iter().enumerate().map(row).collect()
}

/// Reads the lines.
fn held(
    text: &str,
    query: &Query,
    filter: &Filter,
    symbols: &[Symbol],
    by_name: &HashMap<&str, usize>,
    evidence: &[Evidence],
) -> Vec<Held> {
    let lines: Vec<&str> = text.lines().collect();
    let owned = owners::innermost(symbols, lines.len());
    let mut out: Vec<Held> = symbols.iter().map(|_| Held::default()).collect();
    owned.iter().flatten().for_each(|owner| out[*owner].own_lines += 1);
    for ((line, owner), number) in lines.iter().zip(owners::with_comments(symbols, &lines)).zip(1_u32..) {
        let Some(owner) = owner else { continue };
        let mut before: Option<u16> = None;
        tokens::ids(line, |id| {
            let term = filter.find(id);
            out[owner].terms.extend(term);
            if let (Some(a), Some(b)) = (before, term) {
                out[owner].pairs.extend(query.pairs.get(&(a.min(b), a.max(b))));
            }
            before = term;
        });
        let is_own = |word: &&str| symbols[owner].line == number && symbols[owner].name == **word;
        let words = tokens::identifiers(line).filter(|word| !is_own(word));
        out[owner].names.extend(words.filter_map(|word| by_name.get(word).copied()));
    }
    let owner = |line: u32| owned.get((line as usize).wrapping_sub(1)).copied().flatten();
    let mut frames = 0.0;
    for item in evidence {
        match item {
            Evidence::Quote { line, .. } => owner(*line).into_iter().for_each(|at| out[at].quoted = true),
            Evidence::StackFrame { line: Some(line), .. } => {
                frames += 1.0;
                owner(*line).into_iter().for_each(|at| out[at].framed = out[at].framed.max(1.0 / frames));
            }
            _ => {}
        }
    }
    out
}

/// How rare the ticket's words in each name are among the file's names.
fn rare(query: &Query, in_names: &[HashSet<u16>]) -> Vec<f64> {
    let weight = by_rarity(query, in_names.iter());
    relative(in_names.iter().map(|terms| sum(terms.iter().map(|term| weight[usize::from(*term)]))).collect())
}

/// The weight of the ticket's words in each symbol's lines; long functions hold many words by chance.
fn bodies(weight: &[f64], held: &[Held]) -> Vec<f64> {
    let filled = held.iter().filter(|held| held.own_lines > 0);
    let mean = filled.clone().map(|held| f64::from(held.own_lines)).sum::<f64>() / filled.count().max(1) as f64;
    let body = |held: &Held| {
        let long = 0.5 + 0.5 * f64::from(held.own_lines.max(1)) / mean.max(1.0);
        sum(held.terms.iter().map(|term| weight[usize::from(*term)])) / long.sqrt()
    };
    relative(held.iter().map(body).collect())
}

/// How much the neighbours say that stand side by side in each symbol's lines, too: as much as the lighter of the two,
/// and the more, the fewer symbols hold them.
fn pairs(weight: &[f64], held: &[Held]) -> Vec<f64> {
    let mut holding: HashMap<(u16, u16), f64> = HashMap::new();
    held.iter().flat_map(|held| &held.pairs).for_each(|pair| *holding.entry(*pair).or_default() += 1.0);
    let said = |pair: &(u16, u16)| weight[usize::from(pair.0)].min(weight[usize::from(pair.1)]) / holding[pair].sqrt();
    relative(held.iter().map(|held| sum(held.pairs.iter().map(said))).collect())
}

/// How much the ticket's identifiers in each symbol's lines say: the more, the fewer symbols hold them.
fn mentions(names: &[Identifier], held: &[Held]) -> Vec<f64> {
    let mut holding = vec![0_u32; names.len()];
    held.iter().flat_map(|held| &held.names).for_each(|name| holding[*name] += 1);
    let weight = |name: &usize| {
        let said = if names[*name].as_code || names[*name].in_title { 1.0 } else { 0.7 };
        said / f64::from(holding[*name]).sqrt()
    };
    relative(held.iter().map(|held| sum(held.names.iter().map(weight))).collect())
}

/// The weight of each term: its own, times its inverse document frequency over the symbols.
fn by_rarity<'a>(query: &Query, sets: impl Iterator<Item = &'a HashSet<u16>>) -> Vec<f64> {
    let mut holding = vec![0_u32; query.terms.len()];
    let mut count = 0.0;
    for set in sets {
        count += 1.0;
        set.iter().for_each(|term| holding[usize::from(*term)] += 1);
    }
    let weight = |(term, holding): (&Term, u32)| {
        let holding = f64::from(holding);
        term.weight * (1.0 + (count - holding + 0.5) / (holding + 0.5)).ln()
    };
    query.terms.iter().zip(holding).map(weight).collect()
}

/// A sum that does not depend on the order of a set.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.iter().sum()
}

/// Divides by the largest.
fn relative(mut values: Vec<f64>) -> Vec<f64> {
    let most = values.iter().copied().fold(0.0, f64::max);
    if most > 0.0 {
        values.iter_mut().for_each(|value| *value /= most);
    }
    values
}
