//! Forms that packs show: YAML of an endpoint or an entity, the files of the steps as a tree, the steps by layer.
//!
//! In: parts of a verified plan. Out: text for a code block. Says what the plan says and nothing for what it does not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::literal::one_line;
use crate::model::plan::{Action, Code, ComponentKind, Endpoint, Entity, Sections, Statement, Step};

/// An endpoint as YAML.
pub fn endpoint(endpoint: &Endpoint) -> String {
    let mut out = String::new();
    line(&mut out, 0, "method", &endpoint.method);
    line(&mut out, 0, "path", &endpoint.path);
    line(&mut out, 0, "status", if endpoint.existing { "exists" } else { "new" });
    if let Some(file) = &endpoint.file {
        line(&mut out, 0, if endpoint.existing { "declared" } else { "declare_beside" }, &file.label());
    }
    line(&mut out, 0, "handler", endpoint.handler.as_deref().unwrap_or_default());
    line(&mut out, 0, "authentication", &endpoint.authentication.as_ref().map(bare).unwrap_or_default());
    list(&mut out, "changes", &endpoint.change);
    list(&mut out, "validation", &endpoint.validation);
    block(&mut out, "request", endpoint.request.as_ref());
    block(&mut out, "response", endpoint.response.as_ref());
    if !endpoint.errors.is_empty() {
        out.push_str("errors:\n");
        endpoint.errors.iter().for_each(|error| line(&mut out, 1, &error.name, &error.text));
    }
    out
}

/// An entity as YAML.
pub fn entity(entity: &Entity) -> String {
    let mut out = String::from("fields:\n");
    entity.fields.iter().for_each(|field| line(&mut out, 1, &field.name, &field.text));
    out
}

/// The files of the steps as a tree, folders first named, each with its step and what happens to it.
pub fn tree(sections: &Sections) -> String {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for step in sections.steps() {
        for change in &step.files {
            let word = match change.action {
                Action::Create => "new, ",
                Action::Modify => "",
                Action::Delete => "deleted, ",
                Action::Rename => "renamed, ",
                Action::Read => "looked at, ",
            };
            let note = format!("{word}step {}", step.id);
            files
                .entry(&change.file.path)
                .and_modify(|known| known.push_str(&format!(", {}", step.id)))
                .or_insert(note);
        }
    }
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    for (path, note) in &files {
        let mut parts: Vec<&str> = path.split('/').collect();
        let name = parts.pop().unwrap_or_default();
        let shared = open.iter().zip(&parts).take_while(|(a, b)| a == b).count();
        for (depth, folder) in parts.iter().enumerate().skip(shared) {
            out.push_str(&format!("{}{}/\n", "  ".repeat(depth), one_line(folder)));
        }
        out.push_str(&format!("{}{}  ({note})\n", "  ".repeat(parts.len()), one_line(name)));
        open = parts;
    }
    out
}

/// A run of steps on one layer, as a specification's phases are named.
#[derive(Debug, Serialize, PartialEq)]
pub struct Layered<'p> {
    /// From 1; 0 is what comes before the first change.
    pub number: usize,
    pub title: &'p str,
    pub duration: Option<&'p Statement>,
    pub steps: Vec<&'p Step>,
    /// Paths that its steps create.
    pub made: Vec<&'p str>,
    /// Criteria and requirements that no later run serves.
    pub met: Vec<&'p str>,
}

/// The steps in their order: in the ticket's own phases where it has them, else in runs on one layer.
pub fn layered(sections: &Sections) -> Vec<Layered<'_>> {
    let mut out: Vec<Layered<'_>> = Vec::new();
    for (at, phase) in sections.phases.iter().enumerate() {
        let own = own_title(&phase.title);
        for (first, step) in phase.steps.iter().enumerate() {
            let title = own.unwrap_or_else(|| layer(sections, step));
            let begins = own.is_some() && first == 0 && at > 0;
            match out.last_mut() {
                Some(last) if last.title == title && !begins => last.steps.push(step),
                _ => out.push(Layered {
                    number: out.len() + 1,
                    title,
                    duration: phase.duration.as_ref(),
                    steps: vec![step],
                    made: Vec::new(),
                    met: Vec::new(),
                }),
            }
        }
    }
    let mut later: BTreeSet<&str> = BTreeSet::new();
    for run in out.iter_mut().rev() {
        let files = run.steps.iter().flat_map(|step| &step.files).filter(|change| change.action == Action::Create);
        run.made = files.map(|change| change.file.path.as_str()).collect();
        let own: BTreeSet<&str> = run.steps.iter().flat_map(|step| &step.serves).map(String::as_str).collect();
        run.met = own.difference(&later).copied().collect();
        later.extend(own);
    }
    out
}

/// The words of a phase that the ticket itself numbers: `delivery` of `Phase 2: delivery`. The planner's own have no number.
fn own_title(title: &str) -> Option<&str> {
    let (head, words) = title.split_once([':', '–', '-']).unwrap_or((title, title));
    let is_numbered = head.split_whitespace().count() == 2 && head.trim_end().ends_with(|c: char| c.is_ascii_digit());
    is_numbered.then(|| words.trim()).filter(|words| !words.is_empty())
}

/// What the ticket and the code leave open of routes, in one line; nothing where there is no route or nothing is open.
pub fn unsaid(endpoints: &[Endpoint]) -> String {
    let lacks = |has: fn(&Endpoint) -> bool| !endpoints.is_empty() && !endpoints.iter().any(has);
    let fields: [(&str, bool); 4] = [
        ("codes of success", lacks(|e| e.response.is_some())),
        (
            "who may call",
            lacks(|e| e.authentication.is_some() || e.change.iter().any(|s| s.text.contains("guarded by"))),
        ),
        ("error codes", lacks(|e| !e.errors.is_empty())),
        ("limits of rate", lacks(|e| e.errors.iter().any(|error| error.name == "429"))),
    ];
    let open: Vec<&str> = fields.iter().filter(|(_, is_open)| *is_open).map(|(name, _)| *name).collect();
    match open.split_last() {
        None => String::new(),
        Some((last, [])) => format!("Looked in criteria and requirements for {last}; they name none."),
        Some((last, rest)) => {
            format!("Looked in criteria and requirements for {} and {last}; they name none.", rest.join(", "))
        }
    }
}

/// What a step's first file that belongs to a component works on.
fn layer(sections: &Sections, step: &Step) -> &'static str {
    let components = &sections.architecture.components;
    let kind = step.files.iter().find_map(|change| {
        components.iter().find(|c| c.files.iter().any(|file| file.path == change.file.path)).map(|c| c.kind)
    });
    let of_migration = || step.files.iter().any(|f| f.action == Action::Create && is_schema(&f.file.path));
    match kind {
        None if of_migration() => "Data layer",
        Some(ComponentKind::Data) => "Data layer",
        Some(ComponentKind::Service | ComponentKind::Integration) => "Business logic",
        Some(ComponentKind::Interface) => "API layer",
        Some(ComponentKind::View) => "Screens",
        Some(ComponentKind::Support) | None => "Tests, settings and documents",
    }
}

/// Does the path lie where migrations do, or end as a schema does?
fn is_schema(path: &str) -> bool {
    path.ends_with(".sql") || path.split('/').any(|part| matches!(part, "migrations" | "migrate" | "alembic"))
}

/// `key: value`, with the value quoted where YAML would read it as something else (YAML 1.2.2, section 7.3). JSON strings
/// are YAML strings.
fn line(out: &mut String, depth: usize, key: &str, value: &str) {
    if !value.trim().is_empty() {
        out.push_str(&format!("{}{}: {}\n", "  ".repeat(depth), scalar(key), scalar(value)));
    }
}

/// A plain scalar, or a quoted one.
fn scalar(text: &str) -> String {
    let text = one_line(text);
    let is_plain = |c: char| c.is_alphanumeric() || "_/{}.() -".contains(c);
    let starts_well = text.starts_with(|c: char| c.is_alphabetic() || c == '/');
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "~"].contains(&text.to_lowercase().as_str());
    match starts_well && !is_word && text.chars().all(is_plain) {
        true => text,
        false => Value::from(text).to_string(),
    }
}

/// Statements as a list.
fn list(out: &mut String, key: &str, statements: &[Statement]) {
    if !statements.is_empty() {
        out.push_str(&format!("{key}:\n"));
        statements.iter().for_each(|statement| out.push_str(&format!("  - {}\n", scalar(&bare(statement)))));
    }
}

/// Code as a literal block.
fn block(out: &mut String, key: &str, code: Option<&Code>) {
    if let Some(code) = code {
        out.push_str(&format!("{key}: |\n"));
        code.text.lines().for_each(|line| out.push_str(&format!("  {line}\n")));
    }
}

/// A statement without its code marks.
fn bare(statement: &Statement) -> String {
    statement.text.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::{FileChange, FileRef, NamedText, Phase};

    #[test]
    fn yaml_keeps_what_yaml_would_read_otherwise() {
        assert_eq!(scalar("GET"), "GET");
        assert_eq!(scalar("/carts/{id}"), "/carts/{id}");
        assert_eq!(scalar("yes"), "\"yes\"");
        assert_eq!(scalar("a: b"), "\"a: b\"");
        assert_eq!(scalar("- x"), "\"- x\"");
        assert_eq!(scalar("1.5"), "\"1.5\"");
        let shown = entity(&Entity {
            fields: vec![NamedText { name: "id".to_owned(), text: "BIGINT, -- \"ours\"".to_owned() }],
            ..Entity::default()
        });
        assert_eq!(shown, "fields:\n  id: \"BIGINT, -- \\\"ours\\\"\"\n");
    }

    #[test]
    fn a_numbered_phase_is_the_ticket_s_own() {
        let check = |title: &str, expected: Option<&str>| assert_eq!(own_title(title), expected, "{title}");
        check("Phase 2: delivery", Some("delivery"));
        check("Schritt 3 – Betrieb", Some("Betrieb"));
        check("Milestone 2", Some("Milestone 2"));
        check("Data", None);
        check("Settings and build", None);
    }

    #[test]
    fn what_is_open_of_routes_is_one_line() {
        assert_eq!(unsaid(&[]), "");
        let refused = NamedText { name: "429".to_owned(), text: "AC1".to_owned() };
        let one = Endpoint { errors: vec![refused], ..Endpoint::default() };
        let open = "Looked in criteria and requirements for codes of success and who may call; they name none.";
        assert_eq!(unsaid(&[one]), open);
    }

    #[test]
    fn the_tree_names_each_folder_once() {
        let change = |action, path: &str| FileChange { action, file: FileRef::new(path), ..FileChange::default() };
        let step = |id: &str, files| Step { id: id.to_owned(), files, ..Step::default() };
        let steps = vec![
            step("1", vec![change(Action::Modify, "src/a/b.rs"), change(Action::Create, "src/a/c.rs")]),
            step("2", vec![change(Action::Modify, "src/a/b.rs"), change(Action::Delete, "z.md")]),
        ];
        let sections = Sections { phases: vec![Phase { steps, ..Phase::default() }], ..Sections::default() };
        let expected = "src/\n  a/\n    b.rs  (step 1, 2)\n    c.rs  (new, step 1)\nz.md  (deleted, step 2)\n";
        assert_eq!(tree(&sections), expected);
    }
}
