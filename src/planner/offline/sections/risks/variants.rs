//! Variants of what changes: a function of the same name in other files, as platforms and engines have theirs.
//!
//! In: the [`Survey`] and the files of the finished steps. Out: one risk. Only names that no plain word can be count.

use super::{
    super::super::{
        Survey,
        code::path::ending,
        places::{refs::full_name, site::Site},
        work::{listed::Listed, steps::counted, why::is_telling},
    },
    risk,
};
use crate::model::{
    context::{FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, FileRef, Level, Risk, Statement},
};

/// Definitions that are looked at; of more, the name says nothing.
const MOST: usize = 12;
/// Files that are named.
const SHOWN: usize = 3;

/// A function to change that other files define too, and that no step changes there.
pub fn unchanged(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Option<Risk> {
    let changed = survey.sure_code().filter(|s| s.action == Action::Modify);
    let (site, symbol, others) = changed.take(SHOWN).find_map(|site| {
        let symbol = site.symbols.first().filter(|s| is_callable(s) && is_telling(&s.name))?;
        let others = others(site, symbol, listed);
        (!others.is_empty()).then_some((site, symbol, others))
    })?;
    let shown: Vec<String> = others.iter().take(SHOWN).map(|file| format!("`{}`", file.label())).collect();
    let more = if others.len() > SHOWN { format!(" and {} more", others.len() - SHOWN) } else { String::new() };
    let name = full_name(&site.path, symbol);
    let them = if others.len() == 1 { "it" } else { "them" };
    let said = format!("`{name}` is defined in {}{more} too, and no step changes {them}", shown.join(", "));
    let said =
        others.iter().take(SHOWN).fold(Statement::new(Basis::Repository, said), |said, file| said.at(file.clone()));
    let todo = format!(
        "see whether the {} the same",
        if others.len() == 1 { "other needs".to_owned() } else { format!("{} need", counted(others.len(), "other")) }
    );
    Some(risk(said.at(site.symbol(symbol).file), Level::Medium, Level::Medium, todo))
}

/// The definitions of the same name, in the same language and of the same owner, in files of no step.
fn others(site: &Site<'_>, symbol: &Symbol, listed: &Listed<'_>) -> Vec<FileRef> {
    let found = site.context.tree.definitions(&symbol.name, MOST + 1);
    if found.len() > MOST {
        return Vec::new();
    }
    let is_source = |path: &str| site.context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let is_variant = |(path, other): &(String, Symbol)| {
        let is_same = is_callable(other) && other.parent == symbol.parent && ending(path) == ending(&site.path);
        is_same && *path != site.path && is_source(path) && !ending(path).starts_with('h')
    };
    let found =
        found.into_iter().filter(is_variant).map(|(path, other)| site.sibling(&path).lines(other.line, other.line));
    found.filter(|file| !listed.holds(&site.sibling(&file.path))).collect()
}

fn is_callable(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method)
}
