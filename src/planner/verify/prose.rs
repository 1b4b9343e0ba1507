//! Checks prose: paths in code marks, placeholders of templates, links.

use super::ground::Ground;
use crate::model::plan::{Basis, FindingKind, Remedy, Sections, Statement};

/// Checks one statement; its text becomes empty when it is not worth keeping.
pub fn check(ground: &mut Ground<'_>, statement: &mut Statement) {
    if statement.basis != Basis::Ticket
        && let Some(placeholder) = placeholder(&statement.text)
        && !ground.in_ticket(&placeholder)
    {
        ground.find(FindingKind::Placeholder, placeholder, None, Remedy::Dropped);
        statement.text.clear();
        return;
    }
    links(ground, statement);
    paths(ground, statement);
}

/// Drops statements that became empty from every list.
pub fn drop_empty(sections: &mut Sections) {
    let keep = |list: &mut Vec<Statement>| list.retain(|s| !s.text.trim().is_empty());
    let (security, performance, rollout) = (&mut sections.security, &mut sections.performance, &mut sections.rollout);
    let (testing, overview, dependencies) = (&mut sections.testing, &mut sections.overview, &mut sections.dependencies);
    for list in [
        &mut overview.summary,
        &mut overview.effort,
        &mut sections.follow,
        &mut testing.edges,
        &mut testing.performance,
        &mut testing.manual,
        &mut testing.gaps,
        &mut security.access,
        &mut security.input,
        &mut security.secrets,
        &mut security.data,
        &mut security.checklist,
        &mut performance.targets,
        &mut performance.strategies,
        &mut performance.monitoring,
        &mut dependencies.services,
        &mut dependencies.configuration,
        &mut dependencies.upstream,
        &mut dependencies.downstream,
        &mut dependencies.infrastructure,
        &mut rollout.flags,
        &mut rollout.migration,
        &mut rollout.compatibility,
        &mut rollout.before,
        &mut rollout.staging,
        &mut rollout.production,
        &mut rollout.rollback,
        &mut rollout.monitoring,
        &mut sections.data.notes,
        &mut sections.data.indexes,
        &mut sections.data.relations,
        &mut sections.data.migration,
        &mut sections.interfaces.notes,
        &mut sections.success,
        &mut sections.handover,
        &mut sections.future,
        &mut sections.references,
        &mut sections.considered,
    ] {
        keep(list);
    }
    for step in sections.phases.iter_mut().flat_map(|p| &mut p.steps) {
        [&mut step.why, &mut step.how, &mut step.watch, &mut step.acceptance].into_iter().for_each(keep);
    }
    sections.overview.decisions.retain(|d| !d.what.text.is_empty());
    sections.testing.cases.retain(|c| !c.what.text.is_empty());
    sections.risks.retain(|r| !r.risk.text.is_empty());
    sections.questions.retain(|q| !q.ask.text.is_empty());
}

/// `[FEATURE_NAME]`, `[X hours/days]`, `[Describe …]`, `{{name}}`: what a template leaves to be filled.
fn placeholder(text: &str) -> Option<String> {
    for (open, close) in [("[", "]"), ("{{", "}}")] {
        let mut rest = text;
        while let Some(start) = rest.find(open) {
            let inside = &rest[start + open.len()..];
            let Some(end) = inside.find(close) else { break };
            let body = &inside[..end];
            if open == "{{" || is_placeholder(body) {
                return Some(format!("{open}{body}{close}"));
            }
            rest = &inside[end..];
        }
    }
    None
}

/// Does the text in brackets wait to be replaced?
fn is_placeholder(body: &str) -> bool {
    let is_shouted = body.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && body.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || " _-|/".contains(c));
    let first = body.split([' ', ':']).next().unwrap_or_default();
    let verbs = ["Describe", "List", "Insert", "Your", "Choice", "Estimate", "How", "What", "Which", "Why", "X"];
    is_shouted || (body.contains(' ') && verbs.contains(&first))
}

/// Links that the ticket does not hold and that lead outside are cut out.
fn links(ground: &mut Ground<'_>, statement: &mut Statement) {
    if !statement.text.contains("://") {
        return;
    }
    let hosts: Vec<String> =
        ground.contexts.iter().filter_map(|c| c.repository.web.as_ref()).map(|w| w.base.clone()).collect();
    let words: Vec<String> = statement
        .text
        .split(' ')
        .map(|word| {
            let is_foreign =
                word.contains("://") && !hosts.iter().any(|h| word.contains(h.as_str())) && !ground.in_ticket(word);
            if !is_foreign {
                return word.to_owned();
            }
            ground.find(FindingKind::ForeignLink, word.to_owned(), None, Remedy::Dropped);
            "(link removed)".to_owned()
        })
        .collect();
    statement.text = words.join(" ");
}

/// Paths in code marks that exist nowhere are marked, unless they are the ticket's own words.
fn paths(ground: &mut Ground<'_>, statement: &mut Statement) {
    let parts: Vec<&str> = statement.text.split('`').collect();
    if parts.len() < 3 {
        return;
    }
    let last = parts.len() - 1;
    let mut out = String::with_capacity(statement.text.len());
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push('`');
        }
        out.push_str(part);
        let is_code = at % 2 == 1 && at < last;
        if is_code && is_path(part) {
            let path = bare_path(part);
            if !ground.is_known_path(path) && !ground.in_ticket(part) {
                let nearest = ground.nearest_path(path);
                out.push_str("` (not found)");
                ground.find(FindingKind::MissingPath, path.to_owned(), nearest, Remedy::Marked);
                // The closing mark was written with the note.
                out.push('\u{0}');
            }
        }
    }
    statement.text = out.replace("\u{0}`", "");
}

/// A path and not a route, an address, an option or an expression.
fn is_path(span: &str) -> bool {
    let path = bare_path(span);
    let name = path.rsplit('/').next().unwrap_or_default();
    let has_extension = name.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric())
    });
    path.contains('/')
        && has_extension
        && !path.starts_with(['/', '@', '~'])
        && !path.contains([' ', '*', '{', '<', '(', '"', '\'', '$', '='])
        && !path.contains("://")
}

/// Without the lines behind it.
fn bare_path(span: &str) -> &str {
    match span.rsplit_once(':') {
        Some((path, lines)) if !lines.is_empty() && lines.chars().all(|c| c.is_ascii_digit() || c == '-') => path,
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_brackets() {
        let check = |text: &str, expected: bool| assert_eq!(placeholder(text).is_some(), expected, "{text}");
        check("Estimated time: [X hours/days]", true);
        check("# Plan: [FEATURE_NAME]", true);
        check("Hello {{name}}", true);
        check("[Describe how it fits]", true);
        check("index [0] of `items[i]`", false);
        check("a [link](x) and [x] done", false);
    }

    #[test]
    fn paths_are_told_from_routes_and_code() {
        let check = |span: &str, expected: bool| assert_eq!(is_path(span), expected, "{span}");
        check("src/cart.rs", true);
        check("src/cart.rs:10-12", true);
        check("/carts/{id}", false);
        check("a/b", false);
        check("https://x.y/z.rs", false);
        check("src/*.rs", false);
    }
}
