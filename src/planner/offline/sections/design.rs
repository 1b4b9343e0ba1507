//! Architecture, technology, examples to follow and references, as far as the repository shows them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Survey,
    code::{layer::Layer, path::folder},
    places::{refs::commit_ref, site::Site},
    work::listed::{self, Listed},
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass, PastChange},
    plan::{Architecture, Basis, Citation, Component, FileRef, Statement, Technology},
};
use crate::planner::{
    command::command_line,
    words::{clean, shorten},
};

/// The most files of a past change that are named.
const MOST_SHOWN: usize = 5;
/// The most boxes of a diagram.
const MOST_NODES: usize = 14;

/// The parts that the change touches and how they hang together.
pub fn architecture(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Architecture {
    let sites: Vec<FileRef> = survey.code().map(Site::file).collect();
    let is_new = |file: &&FileRef| listed::is_code(survey, file) && sites.iter().all(|known| known.path != file.path);
    let others = listed.changed().filter(is_new).cloned();
    let mut parts: BTreeMap<(Layer, String), Vec<FileRef>> = BTreeMap::new();
    for file in sites.iter().cloned().chain(others) {
        let folder = file.path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
        parts.entry((listed::layer(survey, &file), folder)).or_default().push(file);
    }
    let components = parts
        .into_iter()
        .map(|((layer, name), files)| Component { name, kind: layer.component(), files, note: None })
        .collect();
    Architecture {
        pattern: super::pattern::of(survey),
        components,
        diagram: diagram(survey, listed),
        ..Architecture::default()
    }
}

/// Who imports whom among the files to change and their nearest users (mermaid.js.org, flowchart syntax).
fn diagram(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Option<String> {
    let mut nodes: Vec<&str> = Vec::new();
    let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
    let changed: Vec<&Site<'_>> = survey.code().filter(|s| s.repository.is_none()).take(8).collect();
    for site in &changed {
        node(&mut nodes, &site.path)?;
    }
    let is_changed = |path: &str| changed.iter().any(|s| s.path == path);
    for (at, site) in changed.iter().enumerate() {
        for user in site.dependents.iter().filter(|d| is_changed(d)) {
            edges.extend(node(&mut nodes, user).map(|from| (from, at)));
        }
    }
    for (at, site) in changed.iter().enumerate() {
        for user in site.dependents.iter().filter(|d| !is_test(site, d)).take(3) {
            if let Some(from) = node(&mut nodes, user) {
                edges.insert((from, at));
            }
        }
    }
    // A new file is imported as the one that it is made like is: by what registers both, and by other new files.
    let mut planned: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (at, like, site) in
        changed.iter().enumerate().filter_map(|(at, s)| Some((at, s.convention.as_ref()?.1.as_ref()?, s)))
    {
        let users = site.context.tree.dependents(like, 40);
        for (from, other) in changed.iter().enumerate().filter(|(from, _)| *from != at) {
            let like = other.convention.as_ref().and_then(|(_, like)| like.as_ref());
            let shown = like.or_else(|| other.is_registry().then_some(&other.path));
            if shown.is_some_and(|shown| users.contains(shown)) {
                planned.insert((from, at));
            }
        }
    }
    if edges.len() + planned.len() < 2 || nodes.len() < 3 {
        return None;
    }
    let mut out = String::from("flowchart LR\n");
    // A box without an arrow shows nothing.
    let is_joined = |at: usize| edges.iter().chain(&planned).any(|(from, to)| *from == at || *to == at);
    for (at, path) in nodes.iter().enumerate().filter(|(at, _)| is_joined(*at)) {
        let class = if listed.changes(&FileRef::new(*path)) { ":::changed" } else { "" };
        out.push_str(&format!("  n{at}[\"{}\"]{class}\n", label(path)));
    }
    for (from, to) in &edges {
        out.push_str(&format!("  n{from} --> n{to}\n"));
    }
    for (from, to) in &planned {
        out.push_str(&format!("  n{from} -.-> n{to}\n"));
    }
    out.push_str("  classDef changed stroke-width:3px");
    Some(out)
}

/// A path as a label. What ends a label, begins an entity, or sets something (`%%{init: …}%%`) becomes an underscore.
fn label(path: &str) -> String {
    path.replace(|c: char| c.is_control() || matches!(c, '"' | '<' | '>' | '&' | '#' | '`' | '\\' | '%'), "_")
}

/// The number of a node; `None` when the diagram is full.
fn node<'p>(nodes: &mut Vec<&'p str>, path: &'p str) -> Option<usize> {
    if let Some(at) = nodes.iter().position(|n| *n == path) {
        return Some(at);
    }
    (nodes.len() < MOST_NODES).then(|| {
        nodes.push(path);
        nodes.len() - 1
    })
}

/// Is the file a test?
fn is_test(site: &Site<'_>, path: &str) -> bool {
    site.context.tree.file(path).is_some_and(|f| f.class == FileClass::Test)
}

/// Languages, frameworks and tools, each with the line that says so.
pub fn technology(survey: &Survey<'_, '_>) -> Vec<Technology> {
    let kinds = [
        (FactKind::Language, "Language"),
        (FactKind::Framework, "Framework"),
        (FactKind::TestFramework, "Testing"),
        (FactKind::PackageManager, "Packages"),
        (FactKind::Container, "Container"),
        (FactKind::Observability, "Monitoring"),
    ];
    let mut out = Vec::new();
    // Go and Rust bring theirs along.
    let built_in = |fact: &Fact| {
        let line = command_line(fact);
        let begins = |runner: &&str| line.split("&&").any(|part| part.trim_start().starts_with(runner));
        ["go test", "cargo test", "cargo nextest"].into_iter().find(begins)
    };
    if survey.facts(FactKind::TestFramework).next().is_none()
        && let Some((context, fact, runner)) =
            survey.facts(FactKind::TestCommand).find_map(|(c, f)| Some((c, f, built_in(f)?)))
    {
        out.push(Technology {
            role: "Testing".to_owned(),
            name: runner.to_owned(),
            file: Some(survey.fact_file(context, fact)),
            ..Technology::default()
        });
    }
    for (kind, role) in kinds {
        for (context, fact) in survey.facts(kind).take(3) {
            out.push(Technology {
                role: role.to_owned(),
                name: clean(&fact.name),
                version: fact.version.as_deref().map(clean),
                file: Some(survey.fact_file(context, fact)),
                rationale: None,
            });
        }
    }
    // What is declared with its version and found by its settings is one thing.
    let versioned: Vec<(String, String)> =
        out.iter().filter(|t| t.version.is_some()).map(|t: &Technology| (t.role.clone(), t.name.clone())).collect();
    out.retain(|t| t.version.is_some() || !versioned.contains(&(t.role.clone(), t.name.clone())));
    out
}

/// Past changes that show how such a thing is done here.
pub fn follow(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Statement> {
    let mut out = super::super::work::cited::examples(survey);
    let siblings = super::overview::siblings(survey);
    out.extend(siblings.iter().map(|(_, statement)| statement.clone()));
    let is_known = |past: &PastChange| siblings.iter().any(|(known, _)| known.commit == past.commit);
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        // Others show nothing of what the steps do.
        let is_of_step = |path: &String| listed.holds(&FileRef::new(path).of(repository.clone()));
        for past in context
            .past
            .iter()
            .filter(|p| !is_known(p) && p.files.iter().any(is_of_step))
            .filter(|p| !p.is_revert && !p.is_taken_back && !p.is_first)
            .take(3)
        {
            let commit = commit_ref(&repository, past);
            let here = past.files.iter().filter(|f| context.tree.file(f).is_some());
            let mut here: Vec<&String> = here.collect();
            here.sort_by_key(|path| nearness(survey, context, path));
            if here.is_empty() {
                continue;
            }
            let shown: Vec<String> = here.iter().take(MOST_SHOWN).map(|f| format!("`{f}`")).collect();
            let more = here.len().saturating_sub(MOST_SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let text = format!(
                "`{}` “{}” ({}): {}. It changed {}{more}",
                past.commit.short(),
                shorten(&commit.subject, 80),
                past.date,
                clean(&past.why),
                shown.join(", ")
            );
            out.push(Statement::new(Basis::History, text).citing(Citation::Commit(commit)));
        }
    }
    out.truncate(4);
    out
}

/// How much a file of a past change shows for this one: files of the steps first, then those beside them, then code.
fn nearness(survey: &Survey<'_, '_>, context: &Context, path: &str) -> u8 {
    let is_site = survey.sites.iter().any(|s| std::ptr::eq(s.context, context) && s.path == path);
    let is_beside = || survey.sites.iter().any(|s| std::ptr::eq(s.context, context) && folder(&s.path) == folder(path));
    let class = context.tree.file(path).map(|f| f.class);
    match class {
        _ if is_site => 0,
        Some(FileClass::Source) if is_beside() => 1,
        Some(FileClass::Source | FileClass::Migration) => 2,
        Some(FileClass::Test) => 3,
        _ => 4,
    }
}

/// Tickets and guidelines that the engineer should read.
pub fn references(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = super::super::work::cited::references(survey);
    let links = survey.ticket.parent.iter().chain(&survey.ticket.children).chain(&survey.ticket.links);
    for link in links.take(10) {
        let title = link.title.as_deref().map_or(String::new(), |t| format!(" “{}”", shorten(&clean(t), 80)));
        out.push(Statement::new(
            Basis::Ticket,
            format!("`{}`{title} ({})", clean(&link.reference), clean(&link.relation)),
        ));
    }
    for (context, fact) in survey.facts(FactKind::Guideline).take(4) {
        let file = survey.fact_file(context, fact);
        let said = if fact.value.is_empty() { clean(&fact.name) } else { shorten(&clean(&fact.value), 160) };
        out.push(Statement::new(Basis::Guideline, format!("`{}`: {said}", file.path)).at(file));
    }
    out
}
