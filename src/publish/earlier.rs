//! Earlier versions of a plan, under a fold.
//!
//! In: the document of the newest version, and what is known of those before. Out: both. Never repeats an earlier
//! plan's text: its address leads there.

use crate::richtext::{Block, Doc, Inline, ListItem};

/// A version that a newer one replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierVersion {
    /// Counts from 1.
    pub version: u32,
    /// The day it was made, as people read it.
    pub date: String,
    /// The short hash of the commit it was made at.
    pub commit: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// What was asked to be different, or why it was replaced.
    pub note: Option<String>,
}

/// The document followed by a fold of its earlier versions, newest first as given; unchanged when there are none.
pub fn with_earlier(mut document: Doc, earlier: &[EarlierVersion]) -> Doc {
    if earlier.is_empty() {
        return document;
    }
    let summary = match earlier.len() {
        1 => "One earlier version".to_owned(),
        count => format!("{count} earlier versions"),
    };
    let items = earlier.iter().map(item).collect();
    document.blocks.push(Block::Details {
        summary: vec![Inline::text(summary)],
        blocks: vec![Block::List { start: None, items }],
    });
    document
}

/// One version on a line: number, date, commit, note.
fn item(version: &EarlierVersion) -> ListItem {
    let name = vec![Inline::text(format!("Version {}", version.version))];
    let mut content = match &version.url {
        Some(url) => vec![Inline::Link { url: url.clone(), content: name }],
        None => name,
    };
    content.push(Inline::text(format!(", {}", version.date)));
    if let Some(commit) = &version.commit {
        content.extend([Inline::text(", at "), Inline::Code { text: commit.clone() }]);
    }
    if let Some(note) = &version.note {
        content.push(Inline::text(format!(": {note}")));
    }
    ListItem { task: None, blocks: vec![Block::Paragraph { content }] }
}
