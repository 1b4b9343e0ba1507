//! The short notes above a plan: what is stale in it, and what differs from the version before.
//!
//! In: what was found. Out: blocks for the head of the plan's comment. Texts of tickets and repositories go in as text
//! and code: the encoder makes them inert like the rest.

use super::stale::{Stale, StaleStep};
use crate::{
    model::plan::Changes,
    repo::changed::Fate,
    richtext::{Block, Doc, Inline, ListItem, PanelKind},
};

/// The most of each kind that a note names; the rest is counted.
const MOST: usize = 6;
/// The most characters of one name.
const LONGEST: usize = 90;

/// The document with a note after its first heading.
pub(super) fn with_note(mut document: Doc, note: Block) -> Doc {
    let at = usize::from(matches!(document.blocks.first(), Some(Block::Heading { .. })));
    document.blocks.insert(at, note);
    document
}

/// What is stale, and how to get a new plan; `commit` is the plan's, short.
pub(super) fn stale_note(stale: &Stale, commit: Option<&str>, command: &str) -> Block {
    let mut said = vec![
        Inline::Strong { content: vec![Inline::text("Parts of this plan are stale.")] },
        Inline::text(" Comment "),
        Inline::Code { text: command.to_owned() },
        Inline::text(" for a new version."),
    ];
    if let Some(commit) = commit.filter(|_| stale.steps.iter().any(|step| !step.files.is_empty())) {
        said.extend([Inline::text(" Files are compared with "), Inline::Code { text: commit.to_owned() }]);
        said.push(Inline::text("."));
    }
    let mut items: Vec<ListItem> = Vec::new();
    if let Some(change) = &stale.ticket {
        let mut content = vec![Inline::text("The ticket was edited after this plan was made")];
        content.extend(named(": no longer in it ", &change.gone, code));
        content.extend(named("; new in it ", &change.new, quoted));
        items.push(item(content));
    }
    for (commit, repository) in &stale.lost {
        let content = [code(commit), Inline::text(" is no longer in "), code(repository)];
        items.push(item(content.to_vec()));
    }
    items.extend(stale.steps.iter().take(3 * MOST).map(stale_item));
    let more = stale.steps.len().saturating_sub(3 * MOST);
    if more > 0 {
        items.push(item(vec![Inline::text(format!("{more} further steps"))]));
    }
    Block::Panel {
        kind: PanelKind::Warning,
        blocks: vec![Block::Paragraph { content: said }, Block::List { start: None, items }],
    }
}

/// One stale step on a line.
fn stale_item(step: &StaleStep) -> ListItem {
    let mut content = vec![Inline::text(format!("Step {}, {}", step.id, short(&step.title)))];
    for (fate, words) in
        [(Fate::Modified, ": changed since: "), (Fate::Deleted, ": gone since: "), (Fate::Added, ": there by now: ")]
    {
        let paths: Vec<String> =
            step.files.iter().filter(|(_, found)| *found == fate).map(|(path, _)| path.clone()).collect();
        content.extend(named(words, &paths, code));
    }
    content.extend(named(": serves what is no longer in the ticket: ", &step.gone, code));
    item(content)
}

/// What differs from the version before; `None` when it cannot be told.
pub(super) fn changes_note(changes: &Changes, before: u32, page: Option<&str>) -> Block {
    let mut content = vec![Inline::Strong { content: vec![Inline::text(format!("Changed since version {before}"))] }];
    let parts = [
        ("steps added ", &changes.steps_added, quoted as fn(&str) -> Inline),
        ("steps changed ", &changes.steps_changed, quoted),
        ("steps dropped ", &changes.steps_dropped, quoted),
        ("files added ", &changes.files_added, code),
        ("files dropped ", &changes.files_dropped, code),
        ("criteria added ", &changes.criteria_added, quoted),
        ("criteria dropped ", &changes.criteria_dropped, quoted),
    ];
    let mut lead = ": ";
    for (words, names, show) in parts.into_iter().filter(|(_, names, _)| !names.is_empty()) {
        content.extend(named(&format!("{lead}{words}"), names, show));
        lead = "; ";
    }
    if changes.has_other_tests {
        content.push(Inline::text(format!("{lead}other tests")));
    } else if changes.is_empty() {
        content.push(Inline::text(": no step, file, criterion or test"));
    }
    content.push(Inline::text("."));
    if let Some(page) = page {
        let url = format!("{page}/changes");
        content.extend([Inline::text(" "), Inline::Link { url, content: vec![Inline::text("Line by line")] }]);
        content.push(Inline::text("."));
    }
    Block::Paragraph { content }
}

/// Words before names, and the names; nothing without names.
fn named(words: &str, names: &[String], show: fn(&str) -> Inline) -> Vec<Inline> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut content = vec![Inline::text(words)];
    for (at, name) in names.iter().take(MOST).enumerate() {
        if at > 0 {
            content.push(Inline::text(", "));
        }
        content.push(show(name));
    }
    if names.len() > MOST {
        content.push(Inline::text(format!(" and {} more", names.len() - MOST)));
    }
    content
}

/// A name as code.
fn code(name: &str) -> Inline {
    Inline::Code { text: short(name) }
}

/// Words of a ticket or a title, in quotes.
fn quoted(words: &str) -> Inline {
    Inline::text(format!("“{}”", short(words)))
}

/// One line of at most [`LONGEST`] characters, without the backticks of prose.
fn short(text: &str) -> String {
    let line: String = text.chars().filter(|c| *c != '`').map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// A line of a list.
fn item(content: Vec<Inline>) -> ListItem {
    ListItem { task: None, blocks: vec![Block::Paragraph { content }] }
}
