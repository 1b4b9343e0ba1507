//! [`Doc`] → ADF.
//!
//! In: any document. Out: ADF that validates. Each place takes only some nodes ([`Place::takes`]); what it does not
//! take is written as something it does: a heading as strong text, a quote as what it holds, a table as a line for
//! each row, a fold as its summary and what it holds. Headings of tables are header cells; alignment is not kept.

use serde_json::json;

use super::{
    PANELS,
    node::{Node, Root},
};
use crate::richtext::{
    Block, Doc, Inline, ListItem, PanelKind, Table, address,
    cells::{box_mark, flat_row},
    normal, plain_inline,
    runs::{self, Run, flatten},
};

/// A document as ADF.
pub(super) fn document(doc: &Doc) -> Root {
    Root { content: Writer::default().blocks(normal::normal(doc).blocks, Place::Root), kind: "doc", version: 1 }
}

/// Where a node stands; each has its own rule in the schema.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Expand,
    NestedExpand,
    Panel,
    Quote,
    Item,
}

impl Place {
    /// May the block stand here as the node it is by itself? Paragraphs, code and lists may everywhere.
    fn takes(self, block: &Block) -> bool {
        match block {
            Block::Paragraph { .. } | Block::Code { .. } | Block::List { .. } => true,
            Block::Heading { .. } | Block::Rule => !matches!(self, Self::Quote | Self::Item),
            Block::Quote { .. } | Block::Panel { .. } => {
                matches!(self, Self::Root | Self::Expand | Self::NestedExpand)
            }
            Block::Table(_) | Block::Details { .. } => matches!(self, Self::Root | Self::Expand),
        }
    }
}

/// Writes nodes.
#[derive(Default)]
struct Writer {
    /// How many nodes were given an id of their own.
    ids: usize,
}

impl Writer {
    /// Blocks as nodes.
    fn blocks(&mut self, blocks: Vec<Block>, place: Place) -> Vec<Node> {
        let mut out = Vec::with_capacity(blocks.len());
        self.blocks_into(blocks, place, &mut out);
        out
    }

    /// Appends blocks as nodes.
    fn blocks_into(&mut self, blocks: Vec<Block>, place: Place, out: &mut Vec<Node>) {
        for block in blocks {
            if place.takes(&block) {
                out.extend(self.block(block, place));
            } else {
                self.degrade(block, place, out);
            }
        }
    }

    /// What a container holds; an empty paragraph where nothing is left, for none may be empty.
    fn filled(&mut self, blocks: Vec<Block>, place: Place) -> Vec<Node> {
        let mut nodes = self.blocks(blocks, place);
        if nodes.is_empty() {
            nodes.push(paragraph(&[]));
        }
        nodes
    }

    /// A block as its own node.
    fn block(&mut self, block: Block, place: Place) -> Option<Node> {
        Some(match block {
            Block::Heading { level, content } => {
                Node::holding("heading", inlines(&content)).with(json!({ "level": level }))
            }
            Block::Paragraph { content } => paragraph(&content),
            Block::List { start: None, items } if place != Place::Quote && items.iter().all(is_task) => {
                self.tasks(items)
            }
            Block::List { start, items } => self.list(start, items),
            Block::Code { language, text } => code(language.as_deref(), &text),
            Block::Quote { blocks } => Node::holding("blockquote", self.filled(blocks, Place::Quote)),
            Block::Panel { kind, blocks } => {
                Node::holding("panel", self.filled(blocks, Place::Panel)).with(json!({ "panelType": panel(kind) }))
            }
            Block::Details { summary, blocks } => {
                let (name, inner) = match place {
                    Place::Root => ("expand", Place::Expand),
                    _ => ("nestedExpand", Place::NestedExpand),
                };
                Node::holding(name, self.filled(blocks, inner)).with(json!({ "title": title(&summary) }))
            }
            Block::Table(from) => table(&from),
            Block::Rule => Node::leaf("rule"),
        })
    }

    /// Appends what stands for a block at a place that does not take it.
    fn degrade(&mut self, block: Block, place: Place, out: &mut Vec<Node>) {
        match block {
            Block::Heading { content, .. } => out.push(paragraph(&[Inline::Strong { content }])),
            Block::Quote { blocks } | Block::Panel { blocks, .. } => self.blocks_into(blocks, place, out),
            Block::Details { summary, blocks } => {
                if !summary.is_empty() {
                    out.push(paragraph(&[Inline::Strong { content: summary }]));
                }
                self.blocks_into(blocks, place, out);
            }
            Block::Table(table) => out.extend(rows_as_lines(table)),
            Block::Paragraph { .. } | Block::Code { .. } | Block::List { .. } | Block::Rule => {}
        }
    }

    /// A list that is no task list; a task in it has its box as text.
    fn list(&mut self, start: Option<u64>, items: Vec<ListItem>) -> Node {
        let content: Vec<Node> = items.into_iter().map(|item| self.item(item)).collect();
        match start {
            None => Node::holding("bulletList", content),
            Some(start) => Node::holding("orderedList", content).with(json!({ "order": start })),
        }
    }

    /// An item of a list. Older versions of the schema want a paragraph or code first.
    fn item(&mut self, item: ListItem) -> Node {
        let mut blocks = item.blocks;
        if let (Some(done), Some(Block::Paragraph { content })) = (item.task, blocks.first_mut()) {
            content.insert(0, Inline::text(box_mark(done)));
        }
        let mut content = self.filled(blocks, Place::Item);
        if !matches!(content[0].kind, "paragraph" | "codeBlock") {
            content.insert(0, paragraph(&[]));
        }
        Node::holding("listItem", content)
    }

    /// A list of tasks, whose items hold running text and then further lists of tasks.
    fn tasks(&mut self, items: Vec<ListItem>) -> Node {
        let list = self.id();
        let mut content = Vec::with_capacity(items.len());
        for item in items {
            let state = if item.task == Some(true) { "DONE" } else { "TODO" };
            for block in item.blocks {
                match block {
                    Block::List { items, .. } => content.push(self.tasks(items)),
                    Block::Paragraph { content: text } => {
                        let attrs = json!({ "localId": self.id(), "state": state });
                        content.push(Node::holding("taskItem", inlines(&text)).with(attrs));
                    }
                    _ => {}
                }
            }
        }
        Node::holding("taskList", content).with(json!({ "localId": list }))
    }

    /// An id of its own for a node; equal documents get equal ids.
    fn id(&mut self) -> String {
        self.ids += 1;
        format!("task-{}", self.ids)
    }
}

/// Is the item a task of one paragraph, with nothing below it but further tasks?
fn is_task(item: &ListItem) -> bool {
    let below = |block: &Block| matches!(block, Block::List { start: None, items } if items.iter().all(is_task));
    item.task.is_some()
        && item
            .blocks
            .split_first()
            .is_some_and(|(first, rest)| matches!(first, Block::Paragraph { .. }) && rest.iter().all(below))
}

/// A paragraph.
fn paragraph(content: &[Inline]) -> Node {
    Node::holding("paragraph", inlines(content))
}

/// A block of code; its text may be empty, a text node may not.
fn code(language: Option<&str>, text: &str) -> Node {
    let content = (!text.is_empty()).then(|| Node::text(text.to_owned(), Vec::new()));
    let block = Node::holding("codeBlock", content.into_iter().collect());
    match language {
        Some(language) => block.with(json!({ "language": language })),
        None => block,
    }
}

/// Atlassian's name of a kind of panel.
fn panel(kind: PanelKind) -> &'static str {
    PANELS.iter().find(|(known, _)| *known == kind).map_or("info", |(_, name)| *name)
}

/// A summary as a title, which is text on one line.
fn title(summary: &[Inline]) -> String {
    plain_inline(summary).replace('\n', " ")
}

/// A table; a head without any text is left out.
fn table(table: &Table) -> Node {
    let row = |cells: &Vec<Vec<Inline>>, kind: &'static str| {
        let cell = |cell: &Vec<Inline>| Node::holding(kind, vec![paragraph(cell)]);
        Node::holding("tableRow", cells.iter().map(cell).collect())
    };
    let head = table.rows.is_empty() || table.head.iter().any(|cell| !cell.is_empty());
    let head = head.then(|| row(&table.head, "tableHeader"));
    let rows: Vec<Node> = head.into_iter().chain(table.rows.iter().map(|cells| row(cells, "tableCell"))).collect();
    Node::holding("table", rows)
}

/// A table as paragraphs, one a row, the head strong.
fn rows_as_lines(table: Table) -> Vec<Node> {
    let head = flat_row(table.head);
    let head = (!head.is_empty()).then(|| vec![Inline::Strong { content: head }]);
    let rows = head.into_iter().chain(table.rows.into_iter().map(flat_row));
    rows.filter(|row| !row.is_empty()).map(|row| paragraph(&row)).collect()
}

/// Running text as nodes.
fn inlines(content: &[Inline]) -> Vec<Node> {
    runs::brief(flatten(content)).into_iter().filter_map(inline).collect()
}

/// A run as a node; nothing when it has no text. Code takes no other style than a link. A medium is a link to it by
/// its name, for what stands in running text must be stored in Jira first.
fn inline(run: Run) -> Option<Node> {
    let Run { styles, leaf } = run;
    let mut url = styles.url.as_deref().and_then(address::safe);
    let (text, code) = match leaf {
        Inline::Break => return Some(Node::leaf("hardBreak")),
        Inline::Code { text } => (text, true),
        Inline::Media { name, url: own } => {
            url = url.or_else(|| own.as_deref().and_then(address::safe));
            (if name.is_empty() { own.unwrap_or_default() } else { name }, false)
        }
        leaf => (plain_inline(&[leaf]), false),
    };
    let mut marks: Vec<Node> = url.map(|url| Node::leaf("link").with(json!({ "href": url }))).into_iter().collect();
    let styled = [("strong", styles.strong), ("em", styles.emphasis), ("strike", styles.strike)];
    let names = styled.into_iter().filter(|(_, on)| *on && !code).map(|(name, _)| name);
    marks.extend(code.then_some("code").into_iter().chain(names).map(Node::leaf));
    (!text.is_empty()).then(|| Node::text(text, marks))
}
