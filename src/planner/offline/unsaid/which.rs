//! Which one of a kind is meant: asked where nothing but shared words leads to a method, and others of its kind have the
//! same one.

use super::{
    super::places::{refs, site::Site},
    Survey, line_of, question,
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, FileChange, FileRef, Question, Statement},
};
use crate::{
    planner::words::{clean, listed, terms},
    richtext::markdown::code_span,
};

/// Definitions that are looked at; a method of more types than this says nothing.
const MOST: usize = 6;

/// The methods of the same name, one of which is meant, where the ticket does not say which.
struct Same<'s> {
    name: &'s str,
    context: &'s Context,
    /// Path and definition, one of each type.
    places: Vec<(String, Symbol)>,
}

/// Looks for them among what the first step looks at.
fn same<'s>(survey: &'s Survey<'_, '_>) -> Option<Same<'s>> {
    let group = survey.groups.get(survey.first_code()).filter(|group| survey.is_guess(group))?;
    let site = group.lead();
    let symbol = site.symbols.first().filter(|s| s.kind == SymbolKind::Method)?;
    if !terms(&symbol.name).is_subset(&survey.reading.terms) {
        return None;
    }
    let is_source = |path: &str| site.context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let all = site.context.tree.definitions(&symbol.name, MOST + 1);
    let same = all.iter().filter(|(path, s)| {
        is_source(path) && s.kind == SymbolKind::Method && s.parent.is_some() && s.end_line > s.line
    });
    let mut places: Vec<(String, Symbol)> = Vec::new();
    for (path, found) in same {
        if places.iter().all(|(_, known)| known.parent != found.parent) {
            places.push((path.clone(), found.clone()));
        }
    }
    let is_choice = all.len() <= MOST && places.len() > 1;
    is_choice.then_some(Same { name: &symbol.name, context: site.context, places })
}

/// Asks for the one that is meant.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let Same { name, context, places } = same(survey)?;
    let files: Vec<FileRef> = places.iter().map(|(path, s)| line_of(survey, context, path, s.line)).collect();
    let parent = |symbol: &Symbol| code_span(&clean(symbol.parent.as_deref().unwrap_or_default()));
    let shown: Vec<String> = places
        .iter()
        .zip(&files)
        .map(|((_, symbol), file)| format!("{} (`{}`)", parent(symbol), file.label()))
        .collect();
    let ask = format!(
        "Which one is meant? {} have a `{}` each, and the ticket names none of them",
        listed(&shown),
        clean(name)
    );
    Some(question(ask, files, "where to look first"))
}

/// The others that may be meant: whoever looks at one looks at them too.
pub fn others(survey: &Survey<'_, '_>, site: &Site<'_>) -> Vec<FileChange> {
    let Some(Same { places, .. }) = same(survey) else { return Vec::new() };
    let is_one = places.iter().any(|(path, _)| *path == site.path);
    let others = places.iter().filter(|(path, _)| is_one && *path != site.path);
    let read = |(path, symbol): &(String, Symbol)| {
        let file = site.sibling(path);
        let name = symbol.parent.as_deref().unwrap_or_default();
        let why = format!("{} has a `{}` too", code_span(&clean(name)), clean(&symbol.name));
        FileChange {
            action: Action::Read,
            symbols: vec![refs::symbol_ref(&file, symbol)],
            why: vec![Statement::new(Basis::Repository, why).at(file.clone())],
            file,
            ..FileChange::default()
        }
    };
    others.map(read).collect()
}
