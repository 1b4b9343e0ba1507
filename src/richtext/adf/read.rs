//! ADF → [`Doc`].
//!
//! In: any JSON value. Out: a document in normal form, mentions as nodes. Containers without a counterpart (layouts,
//! extensions, what is unknown) give what they hold. Recurses no deeper than [`MAX_NESTING`]; below it only the text
//! is kept, gathered without recursion.

use serde_json::Value;

use super::{
    PANELS,
    inline::{self, is_inline},
};
use crate::richtext::{
    Block, Doc, Inline, ListItem, PanelKind, address,
    cells::{self, Cell},
    normal,
};

/// How many nodes are read inside each other; documents that people write have a tenth of it.
pub(super) const MAX_NESTING: usize = 64;

/// Reads ADF. Text in place of a document is a paragraph, unless it is itself a document in JSON.
pub fn read(adf: &Value) -> Doc {
    let blocks = match adf {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(doc @ Value::Object(_)) => blocks(std::slice::from_ref(&doc), 0),
            _ => vec![Block::Paragraph { content: vec![Inline::text(text)] }],
        },
        Value::Array(nodes) => blocks(nodes, 0),
        node => blocks(std::slice::from_ref(node), 0),
    };
    normal::with_mentions(&Doc { blocks })
}

/// The type of a node; empty when it has none.
pub(super) fn kind(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// What a node holds.
pub(super) fn content(node: &Value) -> &[Value] {
    node.get("content").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An attribute of a node.
pub(super) fn attribute<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    node.get("attrs")?.get(name)
}

/// An attribute that is text, unless it is empty.
pub(super) fn text_attribute<'a>(node: &'a Value, name: &str) -> Option<&'a str> {
    attribute(node, name)?.as_str().filter(|text| !text.is_empty())
}

/// A whole number among the attributes; some writers make it text.
fn number(node: &Value, name: &str) -> Option<u64> {
    let value = attribute(node, name)?;
    value.as_u64().or_else(|| value.as_f64().map(|n| n as u64)).or_else(|| value.as_str()?.parse().ok())
}

/// The blocks that nodes make, `depth` nodes deep. Running text among blocks becomes paragraphs.
fn blocks(nodes: &[Value], depth: usize) -> Vec<Block> {
    if depth >= MAX_NESTING {
        return vec![Block::Paragraph { content: vec![Inline::text(inline::text(nodes))] }];
    }
    let mut out = Vec::new();
    let mut rest = nodes;
    while let Some((node, after)) = rest.split_first() {
        let running = rest.iter().take_while(|node| is_inline(node)).count();
        if running > 0 {
            out.push(Block::Paragraph { content: inline::read(&rest[..running], depth) });
            rest = &rest[running..];
        } else {
            block(node, depth, &mut out);
            rest = after;
        }
    }
    out
}

/// Appends the blocks that one node makes.
fn block(node: &Value, depth: usize, out: &mut Vec<Block>) {
    let running = || inline::read(content(node), depth + 1);
    let inner = || blocks(content(node), depth + 1);
    match kind(node) {
        "paragraph" | "caption" => out.push(Block::Paragraph { content: running() }),
        "heading" => {
            let level = number(node, "level").map_or(1, |level| level.clamp(1, 6) as u8);
            out.push(Block::Heading { level, content: running() });
        }
        "bulletList" | "decisionList" | "taskList" => {
            out.push(Block::List { start: None, items: items(content(node), depth + 1) });
        }
        "orderedList" => {
            let start = Some(number(node, "order").unwrap_or(1));
            out.push(Block::List { start, items: items(content(node), depth + 1) });
        }
        "codeBlock" => out.push(Block::Code {
            language: text_attribute(node, "language").map(str::to_owned),
            text: inline::text(content(node)),
        }),
        "blockquote" => out.push(Block::Quote { blocks: inner() }),
        "panel" => out.push(Block::Panel { kind: panel(node), blocks: inner() }),
        "expand" | "nestedExpand" => {
            let summary = vec![Inline::text(text_attribute(node, "title").unwrap_or_default())];
            out.push(Block::Details { summary, blocks: inner() });
        }
        "rule" => out.push(Block::Rule),
        "table" => out.extend(table(node, depth + 1)),
        "mediaSingle" | "mediaGroup" => media(node, depth, out),
        "blockCard" | "embedCard" => {
            out.push(Block::Paragraph { content: inline::read(std::slice::from_ref(node), depth) })
        }
        _ => {
            let inner = inner();
            if inner.is_empty()
                && let Some(text) = text_attribute(node, "text")
            {
                out.push(Block::Paragraph { content: vec![Inline::text(text)] });
            }
            out.extend(inner);
        }
    }
}

/// The kind of a panel; a custom one is a note.
fn panel(node: &Value) -> PanelKind {
    let name = text_attribute(node, "panelType").unwrap_or_default();
    if name == "tip" {
        return PanelKind::Tip;
    }
    PANELS.iter().find(|(_, known)| *known == name).map_or(PanelKind::Note, |(kind, _)| *kind)
}

/// The items of a list; a list among them belongs to the item before.
fn items(nodes: &[Value], depth: usize) -> Vec<ListItem> {
    let mut out: Vec<ListItem> = Vec::new();
    for node in nodes {
        if matches!(kind(node), "taskList" | "bulletList" | "orderedList") {
            let inner = blocks(std::slice::from_ref(node), depth);
            match out.last_mut() {
                Some(last) => last.blocks.extend(inner),
                None => out.push(ListItem { task: None, blocks: inner }),
            }
            continue;
        }
        let mut blocks = blocks(content(node), depth);
        let task = match kind(node) {
            "taskItem" | "blockTaskItem" => Some(text_attribute(node, "state") == Some("DONE")),
            _ => cells::take_box(&mut blocks),
        };
        out.push(ListItem { task, blocks });
    }
    out
}

/// A table with its spans filled.
fn table(node: &Value, depth: usize) -> Option<Block> {
    let span = |node: &Value, name| number(node, name).map_or(1, |n| usize::try_from(n).unwrap_or(usize::MAX));
    let row = |row: &Value| {
        let cell = |node: &Value| Cell {
            content: cells::flat(blocks(content(node), depth + 2)),
            header: kind(node) == "tableHeader",
            span: (span(node, "colspan"), span(node, "rowspan")),
            ..Cell::default()
        };
        content(row).iter().map(cell).collect()
    };
    cells::table(content(node).iter().map(row).collect()).map(Block::Table)
}

/// Appends media, each a paragraph, and a caption.
fn media(node: &Value, depth: usize, out: &mut Vec<Block>) {
    for inner in content(node) {
        match kind(inner) {
            "media" => out.push(Block::Paragraph { content: vec![medium(inner)] }),
            _ => block(inner, depth + 1, out),
        }
    }
}

/// A medium, by the name it has.
pub(super) fn medium(node: &Value) -> Inline {
    let name = ["alt", "__fileName", "title"].into_iter().find_map(|name| text_attribute(node, name));
    let url = text_attribute(node, "url").and_then(address::safe);
    Inline::Media { name: name.unwrap_or("attachment").to_owned(), url }
}
