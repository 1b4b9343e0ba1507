//! Encodes documents as comments.
//!
//! In: a document, the ticket, the operation. Out: the only [`Rendered`] bodies there are: inert, in the tracker's
//! dialect, within its limit, marked. What does not fit is left out, and the comment says so and links the whole.

use super::{
    document,
    fit::fit,
    inert::{Hosts, inert},
    marker::{MarkerKey, marker},
};
use crate::{
    model::{OperationId, TicketKey, publication::Rendered},
    richtext::{Block, Doc, Inline, PanelKind, adf, html, markdown, normal::normal, wiki},
    trackers::{Dialect, LengthUnit, MarkerPlace, Profile},
};

/// More than any marker takes in a body.
const MARKER_ROOM: usize = 512;

/// Encodes for one connection.
#[derive(Clone)]
pub struct Encoder {
    profile: Profile,
    key: MarkerKey,
    hosts: Hosts,
    write: fn(&Doc) -> String,
}

/// The marker cannot stand in the body: the dialect hides nothing from readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a comment in the dialect {0:?} cannot hold a marker in its body")]
pub struct NoMarkerPlace(pub Dialect);

impl Encoder {
    /// An encoder for a tracker, whose comments may link to `hosts`.
    pub fn new(profile: Profile, key: MarkerKey, hosts: Hosts) -> Result<Self, NoMarkerPlace> {
        let write = match profile.dialect {
            Dialect::Gfm | Dialect::AzureMarkdown => markdown::write,
            Dialect::Html => html::write,
            Dialect::Adf | Dialect::Wiki if profile.marker == MarkerPlace::BodyComment => {
                return Err(NoMarkerPlace(profile.dialect));
            }
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
        let limit = self.profile.comment_limit.saturating_sub(MARKER_ROOM);
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
        let limit = self.profile.comment_limit.saturating_sub(self.length(&tail));
        let body = self.fitted(self.shaped(document), limit, full_url);
        Rendered::new(body + &tail, operation, marker)
    }

    /// Does the document stand in a comment whole? Counted with room for a marker.
    pub fn fits(&self, document: &Doc) -> bool {
        self.length(&(self.write)(&self.shaped(document))) <= self.profile.comment_limit.saturating_sub(MARKER_ROOM)
    }

    /// The document whole, as the Markdown of a linked document.
    pub fn document(&self, document: &Doc) -> String {
        document::text(document, &self.hosts)
    }

    /// Inert, and without what the tracker does not draw.
    fn shaped(&self, document: &Doc) -> Doc {
        let mut document = inert(document, &self.hosts);
        if !self.profile.folds {
            document = normal(&Doc { blocks: unfold(document.blocks) });
        }
        if self.profile.dialect == Dialect::AzureMarkdown {
            document = normal(&Doc { blocks: headed(document.blocks) });
        }
        document
    }

    /// The document as text no longer than `limit`.
    fn fitted(&self, document: Doc, limit: usize, full_url: Option<&str>) -> String {
        let whole = (self.write)(&document);
        if self.length(&whole) <= limit {
            return whole;
        }
        let length = |blocks: &[Block]| self.length(&(self.write)(&Doc { blocks: blocks.to_vec() }));
        // What every document takes, whatever it holds.
        let frame = length(&[]);
        let measure = |blocks: &[Block]| length(blocks).saturating_sub(frame);
        let notice = notice(full_url);
        let (body, mut foot) = footed(document.blocks);
        let budget = limit.saturating_sub(frame + measure(std::slice::from_ref(&notice)) + measure(&foot) + 4);
        let (mut blocks, _) = fit(body, budget, &measure);
        loop {
            let shown = [blocks.as_slice(), std::slice::from_ref(&notice), &foot].concat();
            let text = (self.write)(&Doc { blocks: shown });
            if self.length(&text) <= limit {
                return text;
            }
            // Blocks are measured apart, and a style can take a few characters more beside others: an eighth fewer
            // each time ends soon. When not even the notice fits, nothing does.
            match (blocks.is_empty(), foot.is_empty()) {
                (false, _) => blocks.truncate(blocks.len() - blocks.len().div_ceil(8)),
                (true, false) => foot.clear(),
                (true, true) => return String::new(),
            }
        }
    }

    /// A text's length in the tracker's unit, of the body as it is sent. Jira's limit of 32,767 characters is enforced
    /// on the stored text, and Atlassian does not say whether that is the words of ADF or its JSON: the JSON is counted,
    /// which is longer, so that a comment that fits here fits under either reading.
    fn length(&self, text: &str) -> usize {
        match self.profile.unit {
            LengthUnit::Chars => text.chars().count(),
            LengthUnit::Utf16 => text.encode_utf16().count(),
            LengthUnit::Bytes => text.len(),
        }
    }
}

/// The blocks, and apart from them the foot: the last paragraph, where a rule stands before it. It names the version and
/// says how to go on, so it stays when the rest is shortened.
fn footed(mut blocks: Vec<Block>) -> (Vec<Block>, Vec<Block>) {
    let foot = match blocks.as_slice() {
        [.., Block::Rule, Block::Paragraph { .. }] => blocks.split_off(blocks.len() - 2),
        _ => Vec::new(),
    };
    (blocks, foot)
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

/// Blocks without panels, which Azure DevOps does not draw in comments: each is a quote headed by its kind.
fn headed(blocks: Vec<Block>) -> Vec<Block> {
    let head = |kind: PanelKind| {
        let content = vec![Inline::Strong { content: vec![Inline::text(format!("{kind:?}"))] }];
        Block::Paragraph { content }
    };
    let change = |block| match block {
        Block::Panel { kind, blocks } => {
            let blocks = std::iter::once(head(kind)).chain(headed(blocks)).collect();
            Block::Quote { blocks }
        }
        block => block.map_inner(headed),
    };
    blocks.into_iter().map(change).collect()
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
            other => out.push(other.map_inner(unfold)),
        }
    }
    out
}

impl Block {
    /// The block with the blocks inside it changed.
    fn map_inner(self, change: fn(Vec<Block>) -> Vec<Block>) -> Self {
        match self {
            Self::Quote { blocks } => Self::Quote { blocks: change(blocks) },
            Self::Panel { kind, blocks } => Self::Panel { kind, blocks: change(blocks) },
            Self::Details { summary, blocks } => Self::Details { summary, blocks: change(blocks) },
            Self::List { start, mut items } => {
                items.iter_mut().for_each(|item| item.blocks = change(std::mem::take(&mut item.blocks)));
                Self::List { start, items }
            }
            other => other,
        }
    }
}
