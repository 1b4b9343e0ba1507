//! Picks the list to modify and says how sure it is.
//!
//! In: a ranking and the query. Out: the head of the ranking, as long as its probabilities carry it, with the symbols
//! concerned; and doubts in plain words.

use super::{
    super::{index::Index, query::Query},
    Ranking,
    calibration::Calibration,
    concerned,
    measure::MOST_FILES,
    scan::Filter,
};
use crate::model::context::Likely;

/// The files that the change probably modifies.
pub fn modify(ranking: &Ranking, calibration: &Calibration, query: &Query, index: &Index) -> Vec<Likely> {
    let filter = Filter::of(query);
    let likely = ranking.files.iter().zip(&ranking.numbers).enumerate();
    likely
        .take_while(|(place, (file, _))| *place == 0 || file.probability >= calibration.threshold)
        .take(MOST_FILES)
        .map(|(_, (file, number))| Likely {
            path: file.path.clone(),
            probability: file.probability,
            symbols: concerned::symbols(query, &filter, &index.files[*number].blob, &file.evidence),
        })
        .collect()
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
    if query.terms.iter().filter(|term| !term.is_joined).count() < 4 {
        doubts.push("the ticket has few words to look for".to_owned());
    }
    doubts
}
