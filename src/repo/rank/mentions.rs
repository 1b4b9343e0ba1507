//! Rare identifiers of the ticket that a file mentions, wherever they are defined.
//!
//! In: a query and the scan of its words. Out: files, each with how much the identifiers in it say: the more, the fewer
//! files hold them.

use std::collections::HashMap;

use super::{
    super::{
        index::Index,
        query::{Identifier, Query},
        tokens::{self, TermId},
    },
    scan::Scan,
};
use crate::model::context::FileClass;

/// An identifier that more source files mention is not rare.
const RARE: u32 = 12;

/// Every source file that mentions a rare identifier, once for each.
pub fn mentions(query: &Query, index: &Index, scan: &Scan) -> Vec<(usize, f64)> {
    let wanted = wanted(query);
    let is_source = |file: u32| index.files[file as usize].class == FileClass::Source;
    let hits = scan.files.iter().filter(|hits| is_source(hits.file)).flat_map(|hits| {
        let written = hits.hits.iter().filter(|hit| hit.words > 0 && wanted.contains_key(&hit.term));
        written.map(|hit| (hits.file as usize, hit.term))
    });
    let hits: Vec<(usize, u16)> = hits.collect();
    let mut holding: HashMap<u16, u32> = HashMap::new();
    hits.iter().for_each(|(_, term)| *holding.entry(*term).or_default() += 1);
    let rare = hits.into_iter().filter(|(_, term)| holding[term] <= RARE);
    rare.map(|(file, term)| (file, wanted[&term] / f64::from(holding[&term]).sqrt())).collect()
}

/// The terms that stand for identifiers, with how much each says.
fn wanted(query: &Query) -> HashMap<u16, f64> {
    let slots: HashMap<TermId, u16> = query.terms.iter().map(|term| term.id).zip(0_u16..).collect();
    let weight = |name: &Identifier| if name.as_code || name.in_title { 1.0 } else { 0.7 };
    let named = query.identifiers.iter().filter_map(|name| {
        let mut last = None;
        // The whole identifier comes after its parts.
        tokens::words_of(&name.text, |word, _| last = Some(tokens::id(word)));
        Some((*slots.get(&last?)?, weight(name)))
    });
    named.collect()
}
