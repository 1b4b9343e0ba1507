//! Checks all that a draft says in words: statements, titles, names, code to show.
//!
//! In: sections. Out: the same without placeholders, foreign addresses and unknown tickets, and with notes behind names
//! that are not there. What is empty afterwards is dropped.

use super::{ground::Ground, links, placeholder, spans};
use crate::model::plan::{Basis, Code, Finding, FindingKind, Remedy, Sections, Statement};

/// Checks one statement; its text becomes empty when it is not worth keeping.
pub fn check(ground: &mut Ground<'_>, statement: &mut Statement) {
    let found = match statement.basis {
        Basis::Ticket | Basis::History => None,
        Basis::Repository | Basis::Guideline => placeholder::in_prose(&placeholder::own_words(&statement.text)),
        Basis::Model => placeholder::in_prose(&statement.text),
    };
    if let Some(placeholder) = found.filter(|found| !ground.is_written(found)) {
        note(ground, placeholder);
        statement.text.clear();
        return;
    }
    if statement.basis == Basis::Model || statement.text.contains("://") {
        links::check(ground, &mut statement.text);
    }
    spans::check(ground, statement);
}

/// Checks the titles, names and code of a draft.
pub fn check_lines(ground: &mut Ground<'_>, sections: &mut Sections) {
    sections.lines_mut(&mut |line| {
        if let Some(placeholder) = placeholder::in_prose(&placeholder::own_words(line))
            && !ground.is_written(&placeholder)
        {
            note(ground, placeholder);
            line.clear();
        }
        links::check(ground, line);
    });
    sections.codes_mut(&mut |code| *code = code.take().and_then(|code| without_placeholders(ground, code)));
}

/// Code without the lines that wait to be filled; `None` when no other is left.
fn without_placeholders(ground: &mut Ground<'_>, mut code: Code) -> Option<Code> {
    let lines: Vec<&str> = code.text.lines().collect();
    let kept: Vec<&str> = lines
        .iter()
        .filter(|line| match placeholder::in_code(line).filter(|found| !ground.is_written(found)) {
            Some(placeholder) => {
                note(ground, placeholder);
                false
            }
            None => true,
        })
        .copied()
        .collect();
    if kept.len() < lines.len() {
        code.text = kept.join("\n");
    }
    (!code.text.trim().is_empty()).then_some(code)
}

fn note(ground: &mut Ground<'_>, said: String) {
    ground.findings.push(Finding { kind: FindingKind::Placeholder, said, nearest: None, done: Remedy::Dropped });
}

/// Drops statements and parts that became empty.
pub fn drop_empty(sections: &mut Sections) {
    let is_empty = |text: &str| text.trim().is_empty();
    sections.lists_mut(&mut |list| list.retain(|s| !is_empty(&s.text)));
    sections.slots_mut(&mut |slot| drop(slot.take_if(|s| is_empty(&s.text))));
    sections.overview.decisions.retain(|d| !is_empty(&d.what.text));
    sections.testing.cases.retain(|c| !is_empty(&c.what.text));
    sections.risks.retain(|r| !is_empty(&r.risk.text));
    sections.questions.retain(|q| !is_empty(&q.ask.text));
    sections.data.changes.retain(|c| !is_empty(&c.what.text));
    sections.architecture.components.retain(|c| !is_empty(&c.name));
    sections.technology.retain(|t| !is_empty(&t.name) && !is_empty(&t.role));
    sections.data.entities.retain(|e| !is_empty(&e.name));
    sections.data.entities.iter_mut().for_each(|e| e.fields.retain(|f| !is_empty(&f.name)));
    sections.interfaces.endpoints.retain(|e| !is_empty(&e.path));
    sections.dependencies.packages.retain(|p| !is_empty(&p.name));
    sections.extra.retain(|e| !is_empty(&e.title));
    for step in sections.phases.iter_mut().flat_map(|p| &mut p.steps) {
        drop(step.focus.take_if(|focus| is_empty(&focus.note.text)));
        if is_empty(&step.title) {
            let first = step.files.first().map(|change| change.file.path.replace('`', "'"));
            step.title = first.map_or_else(|| format!("Step {}", step.id), |path| format!("`{path}`"));
        }
    }
}
