//! Encodes documents as comments.
//!
//! In: a document, the ticket, the operation. Out: the only [`Rendered`] bodies there are: inert, in the tracker's
//! dialect, within its limit, marked. What does not fit is left out, and the comment says so and links the whole.

use super::{
    fit::fit,
    inert::{Hosts, inert},
    marker::{MarkerKey, marker},
};
use crate::{
    model::{OperationId, TicketKey, publication::Rendered},
    richtext::{Block, Doc, Inline, adf, html, markdown, normal::normal, wiki},
    trackers::{Dialect, LengthUnit, MarkerPlace, Profile},
};

/// Encodes for one connection.
#[derive(Clone)]
pub struct Encoder {
    profile: Profile,
    key: MarkerKey,
    hosts: Hosts,
    write: fn(&Doc) -> String,
}

/// There is no writer for the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("comments cannot be written in the dialect {0:?}")]
pub struct NoWriter(pub Dialect);

impl Encoder {
    /// An encoder for a tracker, whose comments may link to `hosts`.
    pub fn new(profile: Profile, key: MarkerKey, hosts: Hosts) -> Result<Self, NoWriter> {
        let write = match profile.dialect {
            Dialect::Gfm | Dialect::AzureMarkdown => markdown::write,
            Dialect::Html => html::write,
            Dialect::Adf => adf::write_text,
            Dialect::Wiki => wiki::write,
        };
        Ok(Self { profile, key, hosts, write })
    }

    /// The key of the connection's markers, to find them again.
    pub fn key(&self) -> &MarkerKey {
        &self.key
    }

    /// Would the document stand in a comment whole, with what is folded in it folded? Counted with room for a marker.
    pub fn takes(&self, document: &Doc) -> bool {
        const MARKER: usize = 512;
        let limit = self.profile.comment_limit.saturating_sub(MARKER);
        self.profile.folds && self.length(&(self.write)(&inert(document, &self.hosts))) <= limit
    }

    /// The document as a comment on the ticket; `full_url` is where all of it can be read.
    pub fn encode(
        &self,
        document: &Doc,
        ticket: &TicketKey,
        operation: OperationId,
        full_url: Option<&str>,
    ) -> Rendered {
        let marker = marker(operation, ticket, &self.key);
        let tail = match self.profile.marker {
            MarkerPlace::BodyComment => format!("\n{marker}\n"),
            MarkerPlace::Property => String::new(),
        };
        let mut document = inert(document, &self.hosts);
        if !self.profile.folds {
            document = normal(&Doc { blocks: unfold(document.blocks) });
        }
        let limit = self.profile.comment_limit.saturating_sub(self.length(&tail));
        let body = self.fitted(document, limit, full_url);
        Rendered::new(body + &tail, operation, marker)
    }

    /// The document as text no longer than `limit`.
    fn fitted(&self, document: Doc, limit: usize, full_url: Option<&str>) -> String {
        let whole = (self.write)(&document);
        if self.length(&whole) <= limit {
            return whole;
        }
        let measure = |blocks: &[Block]| self.length(&(self.write)(&Doc { blocks: blocks.to_vec() }));
        let notice = notice(full_url);
        let budget = limit.saturating_sub(measure(std::slice::from_ref(&notice)) + 4);
        let (mut blocks, _) = fit(document.blocks, budget, &measure);
        loop {
            let mut shown = blocks.clone();
            shown.push(notice.clone());
            let text = (self.write)(&Doc { blocks: shown });
            if self.length(&text) <= limit {
                return text;
            }
            // Blocks are measured apart, and a style can take a few characters more beside others: an eighth fewer
            // each time ends soon. When not even the notice fits, nothing does.
            if blocks.is_empty() {
                return String::new();
            }
            blocks.truncate(blocks.len() - blocks.len().div_ceil(8));
        }
    }

    /// A text's length in the tracker's unit.
    fn length(&self, text: &str) -> usize {
        match self.profile.unit {
            LengthUnit::Chars => text.chars().count(),
            LengthUnit::Utf16 => text.encode_utf16().count(),
            LengthUnit::Bytes => text.len(),
        }
    }
}

/// The paragraph that says that something was left out.
fn notice(full_url: Option<&str>) -> Block {
    let content = match full_url {
        Some(url) => vec![
            Inline::text("Shortened to fit in a comment. "),
            Inline::Link { url: url.to_owned(), content: vec![Inline::text("Read it in full")] },
            Inline::text("."),
        ],
        None => vec![Inline::text("Shortened to fit in a comment.")],
    };
    Block::Paragraph { content: vec![Inline::Emphasis { content }] }
}

/// Blocks without folds: a fold is its summary in bold, and what it holds.
fn unfold(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Details { summary, blocks } => {
                out.push(Block::Paragraph { content: vec![Inline::Strong { content: summary }] });
                out.extend(unfold(blocks));
            }
            Block::Quote { blocks } => out.push(Block::Quote { blocks: unfold(blocks) }),
            Block::Panel { kind, blocks } => out.push(Block::Panel { kind, blocks: unfold(blocks) }),
            Block::List { start, mut items } => {
                items.iter_mut().for_each(|item| item.blocks = unfold(std::mem::take(&mut item.blocks)));
                out.push(Block::List { start, items });
            }
            other => out.push(other),
        }
    }
    out
}
