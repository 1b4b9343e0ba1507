//! GitHub-flavoured Markdown → [`Doc`].
//!
//! In: any text. Out: a document in normal form. What Markdown cannot say here degrades to its text: footnotes, tags,
//! containers deeper than [`MAX_DEPTH`](crate::richtext::normal::MAX_DEPTH). A newline in a paragraph is a line
//! break, as it is in comments. Never recurses deeper than that, whatever the input.

use std::borrow::Cow;

use comrak::{
    Arena, Options,
    arena_tree::NodeEdge,
    nodes::{AlertType, AstNode, ListType, NodeValue, TableAlignment},
};

use super::{folds::Folds, line::Line};
use crate::richtext::{
    Align, Block, Doc, Inline, ListItem, PanelKind, Table,
    normal::{self, MAX_DEPTH},
    tags::{self, Token},
};

/// The longest Markdown that is parsed, in bytes; what follows is kept as plain text.
pub const MAX_INPUT: usize = 1 << 20;

/// Reads Markdown. Never fails.
pub fn parse(markdown: &str) -> Doc {
    let markdown = markdown.strip_prefix('\u{feff}').unwrap_or(markdown);
    let (parsed, plain) = markdown.split_at(markdown.floor_char_boundary(MAX_INPUT));
    let parsed = shallow(parsed);
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, &parsed, &options());
    let mut blocks = Reader { lines: parsed.lines().collect() }.blocks(root, 0);
    if !plain.is_empty() {
        blocks.push(Block::Paragraph { content: vec![Inline::text(plain)] });
    }
    Doc { blocks: normal::blocks(&blocks, 0) }
}

/// How many quote marks of a line may nest: the parser takes quadratic time in them.
const MAX_QUOTES: usize = 32;

/// Escapes the first quote mark too many of every line, so that it and the rest of the line are text.
fn shallow(markdown: &str) -> Cow<'_, str> {
    if !markdown.lines().any(|line| too_deep(line).is_some()) {
        return Cow::Borrowed(markdown);
    }
    let mut out = String::with_capacity(markdown.len() + markdown.len() / 16);
    for line in markdown.split_inclusive(['\n', '\r']) {
        let (kept, rest) = line.split_at(too_deep(line).unwrap_or(line.len()));
        out.push_str(kept);
        if !rest.is_empty() {
            out.push('\\');
        }
        out.push_str(rest);
    }
    Cow::Owned(out)
}

/// Where the first quote mark too many stands among the block markers of a line.
fn too_deep(line: &str) -> Option<usize> {
    let markers = line.bytes().take_while(|b| b" \t>-+*.)".contains(b) || b.is_ascii_digit());
    markers.enumerate().filter(|(_, b)| *b == b'>').map(|(at, _)| at).nth(MAX_QUOTES)
}

/// The dialect. Tasks are found by [`Reader::task`], because an escaped box is not one.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.alerts = true;
    options.extension.footnotes = true;
    options.parse.leave_footnote_definitions = true;
    options
}

/// Reads nodes of the syntax tree.
struct Reader<'s> {
    /// The lines of the source.
    lines: Vec<&'s str>,
}

impl Reader<'_> {
    /// The blocks inside a node that stands below `depth` containers.
    fn blocks<'a>(&self, parent: &'a AstNode<'a>, depth: usize) -> Vec<Block> {
        let mut folds = Folds::default();
        for node in parent.children() {
            let below = depth + folds.open.len();
            let data = node.data();
            match &data.value {
                NodeValue::HtmlBlock(html) => folds.html(&html.literal, depth),
                NodeValue::FootnoteDefinition(note) => {
                    let mut blocks = if below < MAX_DEPTH { self.blocks(node, below + 1) } else { plain(node) };
                    label(&format!("[^{}]: ", note.name), &mut blocks);
                    folds.blocks.append(&mut blocks);
                }
                value => folds.blocks.extend(self.block(node, value, below)),
            }
        }
        folds.finish()
    }

    /// One block, or its plain text where it stands too deep.
    fn block<'a>(&self, node: &'a AstNode<'a>, value: &NodeValue, depth: usize) -> Vec<Block> {
        let block = match value {
            NodeValue::Paragraph => Block::Paragraph { content: inlines(node) },
            NodeValue::Heading(heading) => Block::Heading { level: heading.level, content: inlines(node) },
            NodeValue::CodeBlock(code) => Block::Code {
                language: Some(code.info.clone()),
                text: code.literal.strip_suffix('\n').unwrap_or(&code.literal).to_owned(),
            },
            NodeValue::ThematicBreak => Block::Rule,
            _ if depth >= MAX_DEPTH => return plain(node),
            NodeValue::List(list) => Block::List {
                start: (list.list_type == ListType::Ordered).then_some(list.start as u64),
                items: node.children().map(|item| self.item(item, depth + 1)).collect(),
            },
            NodeValue::BlockQuote => Block::Quote { blocks: self.blocks(node, depth + 1) },
            NodeValue::Alert(alert) => {
                let mut blocks = self.blocks(node, depth + 1);
                if let Some(title) = &alert.title {
                    blocks.insert(0, Block::Paragraph { content: vec![Inline::text(title.clone())] });
                }
                Block::Panel { kind: panel(alert.alert_type), blocks }
            }
            NodeValue::Table(table) => Block::Table(read_table(node, &table.alignments)),
            _ => return plain(node),
        };
        vec![block]
    }

    /// An item of a list.
    fn item<'a>(&self, node: &'a AstNode<'a>, depth: usize) -> ListItem {
        let mut item = ListItem { task: None, blocks: self.blocks(node, depth) };
        if let Some(Block::Paragraph { content }) = item.blocks.first_mut()
            && let Some(Inline::Text { text }) = content.first_mut()
            && let Some(done) = self.task(node)
            && let Some(rest) = text.strip_prefix(if done { ["[x] ", "[X] "] } else { ["[ ] "; 2] }[0])
        {
            *text = rest.to_owned();
            item.task = Some(done);
        }
        item
    }

    /// Does the source of an item begin with a box (GFM, section 5.3)?
    fn task<'a>(&self, item: &'a AstNode<'a>) -> Option<bool> {
        let paragraph = item.first_child()?;
        let start = paragraph.data().sourcepos.start;
        let line = self.lines.get(start.line.checked_sub(1)?)?;
        match line.get(start.column.checked_sub(1)?..)?.get(..4)? {
            "[ ] " => Some(false),
            "[x] " | "[X] " => Some(true),
            _ => None,
        }
    }
}

/// Puts a label before the first paragraph.
fn label(text: &str, blocks: &mut Vec<Block>) {
    match blocks.first_mut() {
        Some(Block::Paragraph { content }) => content.insert(0, Inline::text(text)),
        _ => blocks.insert(0, Block::Paragraph { content: vec![Inline::text(text)] }),
    }
}

/// The kind of an alert.
fn panel(alert: AlertType) -> PanelKind {
    match alert {
        AlertType::Note => PanelKind::Note,
        AlertType::Tip => PanelKind::Tip,
        AlertType::Important => PanelKind::Important,
        AlertType::Warning => PanelKind::Warning,
        AlertType::Caution => PanelKind::Caution,
    }
}

/// A table; the first row is its head.
fn read_table<'a>(node: &'a AstNode<'a>, alignments: &[TableAlignment]) -> Table {
    let align = alignments.iter().map(|a| match a {
        TableAlignment::None => Align::None,
        TableAlignment::Left => Align::Left,
        TableAlignment::Center => Align::Center,
        TableAlignment::Right => Align::Right,
    });
    let mut rows = node.children().map(|row| row.children().map(|cell| inlines(cell)).collect());
    Table { align: align.collect(), head: rows.next().unwrap_or_default(), rows: rows.collect() }
}

/// The text of everything inside a node, as one paragraph.
fn plain<'a>(node: &'a AstNode<'a>) -> Vec<Block> {
    let mut text = String::new();
    for edge in node.traverse() {
        match edge {
            NodeEdge::Start(inner) => match &inner.data().value {
                NodeValue::Text(piece) => text.push_str(piece),
                NodeValue::Code(code) => text.push_str(&code.literal),
                NodeValue::CodeBlock(code) => text.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push('\n'),
                NodeValue::HtmlBlock(html) => push_tags_text(&html.literal, &mut text),
                _ => {}
            },
            NodeEdge::End(inner) if inner.data().value.block() && !text.ends_with('\n') => text.push('\n'),
            NodeEdge::End(_) => {}
        }
    }
    vec![Block::Paragraph { content: vec![Inline::text(text)] }]
}

/// Appends the text of HTML.
fn push_tags_text(html: &str, out: &mut String) {
    for token in tags::tokens(html) {
        if let Token::Text(text) = token {
            out.push_str(&tags::decode(text));
        }
    }
}

/// The running text inside a node.
fn inlines<'a>(parent: &'a AstNode<'a>) -> Vec<Inline> {
    let mut line = Line::default();
    for edge in parent.traverse().skip(1) {
        match edge {
            NodeEdge::Start(node) => line.start(&node.data().value),
            NodeEdge::End(node) if !std::ptr::eq(node, parent) => line.end(&node.data().value),
            NodeEdge::End(_) => {}
        }
    }
    line.finish()
}
