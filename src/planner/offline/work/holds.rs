//! What is held for somebody, where the code knows free and taken alone.
//!
//! In: the file in which a step begins, and the sentences that it serves. Out: the functions that go by the state of what is
//! held: each has to know of the new one. States are told by fields that are compared with quoted values.

use std::collections::BTreeMap;

use super::super::places::{
    refs::full_name,
    site::{Site, around},
    states,
};
use crate::model::{
    context::{Symbol, SymbolKind},
    plan::{Basis, Statement},
};
use crate::planner::words::{clean, listed};

/// How a sentence holds something.
const HOLDS: &[&str] =
    &["is held", "are held", "be held", "is reserved", "are reserved", "is on hold", "is locked for"];
/// Functions that are named.
const MOST: usize = 3;

/// The functions that go by the state, and what is said of them.
pub fn here(site: &Site<'_>, texts: &[&str]) -> Option<(Vec<Symbol>, Statement)> {
    let word = texts.iter().find_map(|text| {
        let lower = text.to_lowercase();
        HOLDS.iter().find(|word| lower.contains(**word))
    })?;
    let text = site.text.as_deref()?;
    let mut by_field: BTreeMap<String, Vec<(u32, String, bool)>> = BTreeMap::new();
    for (line, at) in text.lines().zip(1_u32..) {
        for field in fields(line) {
            if let Some((values, compares)) = states::values_of(line, &field) {
                let value = values.into_iter().next().unwrap_or_default();
                by_field.entry(field).or_default().push((at, value, compares));
            }
        }
    }
    let symbols = site.context.tree.symbols(&site.path);
    let is_callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let (field, places) = by_field.into_iter().find(|(_, all)| all.len() >= 2 && all.iter().any(|(.., is)| *is))?;
    // What the same value goes by and sets decides who gets it.
    let value = places.iter().find(|(.., compares)| *compares).map(|(_, value, _)| value.clone())?;
    let mut found: Vec<(Symbol, u32)> = Vec::new();
    for (at, own, _) in &places {
        let Some(symbol) = around(&symbols, *at).filter(is_callable).filter(|_| *own == value) else { continue };
        if found.iter().all(|(known, _)| known.line != symbol.line) && found.len() < MOST {
            found.push((symbol, *at));
        }
    }
    let shown: Vec<String> = found
        .iter()
        .map(|(symbol, at)| {
            let file = site.file().lines(*at, *at);
            format!("`{}` (`{}`)", full_name(&site.path, symbol), file.label())
        })
        .collect();
    let verb = if shown.len() == 1 { "goes" } else { "go" };
    let said = format!(
        "{} {verb} by `{field}` “{}”: what {} has to count there, too",
        listed(&shown),
        clean(&value),
        word.trim_end_matches(" for")
    );
    let said = Statement::new(Basis::Repository, said);
    let said = found.iter().fold(said, |said, (_, at)| said.at(site.file().lines(*at, *at)));
    (!found.is_empty()).then(|| (found.into_iter().map(|(symbol, _)| symbol).collect(), said))
}

/// The names before a comparison or an assignment.
fn fields(line: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out: Vec<String> = Vec::new();
    for (at, _) in line.match_indices('=') {
        let before = line[..at].trim_end_matches(['=', '!', ' ', ':', '<', '>']);
        let name = before.rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
        if name.len() >= 4 && !out.iter().any(|known| known == name) {
            out.push(name.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_before_signs_of_equality() {
        assert_eq!(fields("        Appointment.status == \"booked\","), ["status"]);
        assert_eq!(fields("f(patient_id=patient_id, status=\"booked\")"), ["patient_id", "status"]);
        assert!(fields("if a <= b:").is_empty());
    }
}
