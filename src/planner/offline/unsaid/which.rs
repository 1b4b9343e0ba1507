//! Which one of a kind is meant: asked where nothing but shared words leads to a method, and others of its kind have the
//! same one.

use super::{Survey, line_of, question};
use crate::model::{
    context::{FileClass, SymbolKind},
    plan::Question,
};
use crate::{
    planner::words::{clean, listed, terms},
    richtext::markdown::code_span,
};

/// Definitions that are looked at; a method of more types than this says nothing.
const MOST: usize = 6;

/// The methods of the same name, one of which is meant.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
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
    let mut parents: Vec<&str> = Vec::new();
    let mut places = Vec::new();
    for (path, found) in same {
        let parent = found.parent.as_deref().unwrap_or_default();
        if !parents.contains(&parent) {
            parents.push(parent);
            places.push(line_of(survey, site.context, path, found.line));
        }
    }
    if all.len() > MOST || parents.len() < 2 {
        return None;
    }
    let shown: Vec<String> = parents
        .iter()
        .zip(&places)
        .map(|(parent, file)| format!("{} (`{}`)", code_span(&clean(parent)), file.label()))
        .collect();
    let ask = format!(
        "Which one is meant? {} have a `{}` each, and the ticket names none of them",
        listed(&shown),
        clean(&symbol.name)
    );
    Some(question(ask, places, "where to look first"))
}
