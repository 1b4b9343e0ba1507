//! What is held for somebody, where the code knows free and taken alone.
//!
//! In: the file in which a step begins, and the sentences that it serves. Out: the functions and constraints that go by the
//! state of what is held, and those that only set it: each has to know of the new one. States are told by fields that are compared with quoted values.

use std::collections::BTreeMap;

use super::super::places::{
    refs::full_name,
    site::{Site, around},
    states,
};
use crate::model::{
    context::{Context, FactKind, Symbol, SymbolKind},
    plan::{Basis, Statement},
};
use crate::planner::words::{clean, listed};

/// How a sentence holds something.
const HOLDS: &[&str] =
    &["is held", "are held", "be held", "is reserved", "are reserved", "is on hold", "is locked for"];
/// Functions that are named of each kind, and migrations that are read.
const MOST: usize = 3;
const MOST_MIGRATIONS: usize = 60;

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
    let mut asks: Vec<(Symbol, u32)> = Vec::new();
    let mut sets: Vec<(Symbol, u32)> = Vec::new();
    for (at, own, compares) in &places {
        let Some(symbol) = around(&symbols, *at).filter(is_callable).filter(|_| *own == value) else { continue };
        let is_known = asks.iter().chain(&sets).any(|(known, _)| known.line == symbol.line);
        let to = if *compares { &mut asks } else { &mut sets };
        if !is_known && to.len() < MOST {
            to.push((symbol, *at));
        }
    }
    let name = |(symbol, at): &(Symbol, u32)| {
        format!("`{}` (`{}`)", full_name(&site.path, symbol), site.file().lines(*at, *at).label())
    };
    let refuses = refused(site.context, &field, &value);
    let mut going: Vec<String> = asks.iter().map(name).collect();
    going.extend(refuses.as_ref().map(|(path, at)| format!("`{}`", site.sibling(path).lines(*at, *at).label())));
    let setting: Vec<String> = sets.iter().map(name).collect();
    let (go, set) = (if going.len() == 1 { "goes" } else { "go" }, if setting.len() == 1 { "sets" } else { "set" });
    let only = match setting.is_empty() {
        true => String::new(),
        false => format!("; {} {set} it and asks nothing before", listed(&setting)),
    };
    let said = format!(
        "{} {go} by `{field}` “{}”{only}: what {} has to count there too, and be refused to others",
        listed(&going),
        clean(&value),
        word.trim_end_matches(" for")
    );
    let cited = asks.iter().chain(&sets).map(|(_, at)| site.file().lines(*at, *at));
    let cited = cited.chain(refuses.iter().map(|(path, at)| site.sibling(path).lines(*at, *at)));
    let said = cited.fold(Statement::new(Basis::Repository, said), Statement::at);
    let found: Vec<Symbol> = asks.into_iter().chain(sets).map(|(symbol, _)| symbol).collect();
    (!going.is_empty()).then_some((found, said))
}

/// The line of a migration that goes by the value: a constraint, an index of some rows.
fn refused(context: &Context, field: &str, value: &str) -> Option<(String, u32)> {
    let migrations = context.facts.iter().filter(|f| f.kind == FactKind::Migration).map(|f| f.path.as_str());
    let marked = [format!("'{value}'"), format!("\"{value}\"")];
    let goes = |line: &str| {
        let lower = line.to_lowercase();
        let is_rule = ["where", "check", "exclude", "constraint"].iter().any(|w| lower.contains(w));
        is_rule && line.contains(field) && marked.iter().any(|mark| line.contains(mark.as_str()))
    };
    migrations.take(MOST_MIGRATIONS).find_map(|path| {
        let text = context.tree.text(path)?;
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| goes(line))?;
        Some((path.to_owned(), at))
    })
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
