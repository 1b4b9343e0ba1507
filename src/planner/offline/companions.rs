//! Documents that follow a change here: the changelog that the guidelines ask for, the list of routes.
//!
//! In: a [`Context`] and the [`Reading`]. Out: calls. Only what a line of the repository asks for or shows.

use super::{called::Call, interface, reading::Reading};
use crate::model::{
    context::{Context, FactKind, FileClass},
    ids::RepoName,
    plan::{Basis, FileRef, Kind, Statement},
};
use crate::planner::words::{clean, shorten};

/// The most routes that are listed in one instruction.
const MOST_ROUTES: usize = 6;

/// The documents that follow.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out: Vec<Call> = route_list(context, reading, repository).into_iter().collect();
    out.extend(changelog(context, reading, repository));
    out
}

/// The document that lists the neighbour of a new route.
fn route_list(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    let new = interface::new_routes(context, reading);
    let (_, path) = new.first()?;
    let bare = path.split('?').next().unwrap_or(path);
    let docs = context.tree.paths().filter(|p| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc));
    let is_row = |line: &str| ["GET /", "POST /", "PUT /", "DELETE /", "PATCH /"].iter().any(|m| line.contains(m));
    let first = format!("/{}", bare.trim_start_matches('/').split('/').next().unwrap_or_default());
    let mut best: Option<(usize, u32, &str)> = None;
    for doc in docs.filter(|p| !p.to_lowercase().contains("changelog")).take(60) {
        let Some(text) = context.tree.text(doc) else { continue };
        let rows: Vec<(&str, u32)> = text.lines().zip(1_u32..).filter(|(line, _)| is_row(line)).collect();
        let near = rows.iter().rev().find(|(line, _)| line.contains(&first)).or(rows.last());
        if let Some((_, line)) = near.filter(|_| rows.len() >= 2 && best.is_none_or(|(most, ..)| rows.len() > most)) {
            best = Some((rows.len(), *line, doc));
        }
    }
    let (_, line, doc) = best?;
    let file = FileRef::new(doc).of(repository.clone()).lines(line, line);
    let why = Statement::new(Basis::Repository, format!("`{}` lists the routes", file.label())).at(file.clone());
    let named: Vec<String> = new
        .iter()
        .take(MOST_ROUTES)
        .map(|(method, path)| format!("`{method} {}`", clean(path.split('?').next().unwrap_or(path))))
        .collect();
    let named = match named.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => named.concat(),
    };
    let todo = format!("List {named} at `{}`", file.label());
    Some(Call {
        path: doc.to_owned(),
        symbol: None,
        why,
        todo: Some(Statement::new(Basis::Repository, todo).at(file).into()),
        leads: false,
    })
}

/// The changelog, where a guideline asks for a line in it and the change is one that people notice.
fn changelog(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    if !matches!(reading.kind, Kind::Feature | Kind::Bug | Kind::Change | Kind::Security)
        || !reading.swaps.is_empty()
        || reading.is_bare()
    {
        return None;
    }
    let log = context.tree.paths().find(|p| !p.contains('/') && p.to_lowercase().starts_with("changelog"))?;
    let guides = context.facts.iter().filter(|f| f.kind == FactKind::Guideline).map(|f| f.path.as_str());
    guides.take(6).find_map(|guide| {
        let text = context.tree.text(guide)?;
        let (line, number) = text.lines().zip(1_u32..).find(|(line, _)| line.to_lowercase().contains("changelog"))?;
        let file = FileRef::new(guide).of(repository.clone()).lines(number, number);
        let said = format!(
            "`{}` asks for it: “{}”",
            file.label(),
            shorten(&clean(line).replace('`', ""), 100).trim_start_matches(['-', ' '])
        );
        let why = Statement::new(Basis::Guideline, said).at(file);
        Some(Call { path: log.to_owned(), symbol: None, todo: Some(why.clone().into()), why, leads: false })
    })
}
