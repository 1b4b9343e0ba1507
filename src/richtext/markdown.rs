//! GitHub-flavoured Markdown ↔ [`Doc`](super::Doc).

use super::{Block, Doc, Inline};

/// Reads Markdown as one paragraph.
pub fn parse(markdown: &str) -> Doc {
    if markdown.is_empty() {
        return Doc::default();
    }
    Doc { blocks: vec![Block::Paragraph { content: vec![Inline::text(markdown)] }] }
}
