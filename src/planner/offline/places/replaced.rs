//! A ticket that only wants a text replaced is about the files that hold the text.
//!
//! In: the sites of a repository. Out: those that remain: where some hold the old text, no others.

use super::{
    super::{reading::Reading, sections::confidence},
    site::Site,
};
use crate::model::plan::Action;

/// Shorter texts stand anywhere, in characters.
const SHORTEST: usize = 3;

/// Drops the files without the old text, where the ticket asks for nothing but replacements and some file holds it.
pub fn narrow(sites: &mut Vec<Site<'_>>, reading: &Reading) {
    let asks = reading.criteria.len().max(reading.requirements.len());
    let is_told = |text: &str| text.chars().count() >= SHORTEST;
    let old: Vec<&str> = reading.swaps.iter().map(|swap| swap.from.as_str()).filter(|from| is_told(from)).collect();
    let holds = |site: &Site<'_>| site.text.as_deref().is_some_and(|text| old.iter().any(|old| text.contains(old)));
    if asks <= old.len() && sites.iter().any(holds) {
        sites.retain(|site| holds(site) || site.action == Action::Create || confidence::is_pointed_at(site));
    }
}
