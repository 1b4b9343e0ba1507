//! Wiki markup → [`Doc`].

use crate::richtext::{Block, Doc, Inline, normal};

/// Reads wiki markup. Never fails.
pub fn read(wiki: &str) -> Doc {
    let wiki = wiki.replace("\r\n", "\n");
    let paragraphs = wiki.split("\n\n").map(|text| Block::Paragraph { content: vec![Inline::text(text)] });
    normal::with_mentions(&Doc { blocks: paragraphs.collect() })
}
