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

use super::super::{
    Align, Block, Doc, Inline, ListItem, PanelKind, Table,
    normal::{self, MAX_DEPTH},
    tags::{self, Style, Token},
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

/// Collects the blocks of a container, into the folds and quotes that its HTML opens and closes.
#[derive(Default)]
struct Folds {
    /// Open folds and quotes, outermost first.
    open: Vec<Fold>,
    /// The blocks of the innermost.
    blocks: Vec<Block>,
}

/// A `<details>` or a `<blockquote>` that is still open.
struct Fold {
    tag: &'static str,
    /// The blocks before it.
    before: Vec<Block>,
    summary: Vec<Inline>,
}

/// The tags that hold blocks.
const FOLDS: [&str; 2] = ["details", "blockquote"];

impl Folds {
    /// Reads an HTML block: folds open and close, styles, breaks and `<pre>` stay, all else is its text.
    fn html(&mut self, html: &str, depth: usize) {
        let mut line = Line::default();
        let mut code: Option<String> = None;
        for token in tags::tokens(html) {
            match (token, &mut code) {
                (Token::Close(name), Some(_)) if name == "pre" => self.code(code.take()),
                (Token::Text(text), Some(code)) => code.push_str(&tags::decode(text)),
                (_, Some(_)) => {}
                (Token::Text(text), None) => line.text(&tags::decode(text).replace(['\r', '\n'], " ")),
                (Token::Open(name, rest), None) => {
                    if is_block_tag(&name) {
                        self.paragraph(&mut line);
                    }
                    self.start_tag(&name, rest, depth, &mut line);
                    code = (name == "pre").then(String::new);
                }
                (Token::Close(name), None) if name == "summary" => self.summary(&mut line),
                (Token::Close(name), None) => {
                    if is_block_tag(&name) {
                        self.paragraph(&mut line);
                    }
                    line.close_tag(&name);
                    self.end_tag(&name);
                }
            }
        }
        self.code(code);
        self.paragraph(&mut line);
    }

    /// A start tag opens a fold, or a style in the line.
    fn start_tag(&mut self, name: &str, rest: &str, depth: usize, line: &mut Line) {
        match FOLDS.into_iter().find(|tag| *tag == name) {
            Some(tag) if depth + self.open.len() < MAX_DEPTH => {
                self.open.push(Fold { tag, before: std::mem::take(&mut self.blocks), summary: Vec::new() });
            }
            Some(_) => {}
            None => line.open_tag(name, rest),
        }
    }

    /// An end tag closes the innermost fold of its name, and those inside it.
    fn end_tag(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|fold| fold.tag == name) {
            while self.open.len() > at {
                self.close();
            }
        }
    }

    /// Ends the line of text and keeps it as a paragraph.
    fn paragraph(&mut self, line: &mut Line) {
        let content = std::mem::take(line).finish();
        if !content.is_empty() {
            self.blocks.push(Block::Paragraph { content });
        }
    }

    /// Ends the line of text and keeps it as the summary of the innermost fold.
    fn summary(&mut self, line: &mut Line) {
        match self.open.last_mut() {
            Some(fold) if fold.summary.is_empty() => fold.summary = std::mem::take(line).finish(),
            _ => self.paragraph(line),
        }
    }

    /// Keeps preformatted text.
    fn code(&mut self, text: Option<String>) {
        if let Some(text) = text {
            let text = text.trim_matches(['\r', '\n']).to_owned();
            self.blocks.push(Block::Code { language: None, text });
        }
    }

    /// Closes the innermost fold, if one is open.
    fn close(&mut self) {
        if let Some(Fold { tag, mut before, summary }) = self.open.pop() {
            let blocks = std::mem::take(&mut self.blocks);
            before.push(match tag {
                "details" => Block::Details { summary, blocks },
                _ => Block::Quote { blocks },
            });
            self.blocks = before;
        }
    }

    /// Closes what is still open.
    fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.blocks
    }
}

/// Does the tag stand between lines of text?
fn is_block_tag(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ];
    NAMES.contains(&name)
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

/// How many styles may be open at once; more are left out, their text stays.
const MAX_STYLES: usize = 12;

/// Collects running text under the styles that nodes and tags open and close.
#[derive(Default)]
struct Line {
    /// Open styles, outermost first, each with what stood before it.
    open: Vec<(Style, Vec<Inline>)>,
    /// For each open node: how many styles were open before it.
    nodes: Vec<usize>,
    /// What the innermost style holds.
    content: Vec<Inline>,
    /// The open image's address and its text; images inside it add to the text.
    image: Option<(String, String)>,
    images: usize,
}

impl Line {
    /// A node begins.
    fn start(&mut self, value: &NodeValue) {
        match value {
            NodeValue::Text(text) => self.text(text),
            NodeValue::SoftBreak | NodeValue::LineBreak => self.push(Inline::Break),
            NodeValue::Code(code) => self.push(Inline::Code { text: code.literal.clone() }),
            NodeValue::HtmlInline(html) => self.html(html),
            NodeValue::FootnoteReference(note) => self.text(&format!("[^{}]", note.name)),
            NodeValue::Strong => self.open_node(Style::Strong),
            NodeValue::Emph => self.open_node(Style::Emphasis),
            NodeValue::Strikethrough => self.open_node(Style::Strike),
            NodeValue::Link(link) => self.open_node(Style::Link(link.url.clone())),
            NodeValue::Image(link) => {
                self.images += 1;
                self.image.get_or_insert_with(|| (link.url.clone(), String::new()));
            }
            _ => {}
        }
    }

    /// A node ends.
    fn end(&mut self, value: &NodeValue) {
        match value {
            NodeValue::Strong | NodeValue::Emph | NodeValue::Strikethrough | NodeValue::Link(_) => {
                let before = self.nodes.pop().unwrap_or_default();
                self.close_to(before);
            }
            NodeValue::Image(_) => {
                self.images = self.images.saturating_sub(1);
                if self.images == 0
                    && let Some((url, name)) = self.image.take()
                {
                    self.content.push(Inline::Media { name, url: Some(url) });
                }
            }
            _ => {}
        }
    }

    /// Appends an inline; inside an image only its text counts.
    fn push(&mut self, inline: Inline) {
        match (&mut self.image, inline) {
            (None, inline) => self.content.push(inline),
            (Some((_, name)), Inline::Text { text } | Inline::Code { text }) => name.push_str(&text),
            (Some((_, name)), _) => name.push(' '),
        }
    }

    /// Appends text.
    fn text(&mut self, text: &str) {
        self.push(Inline::text(text));
    }

    /// Reads a tag inside running text.
    fn html(&mut self, html: &str) {
        for token in tags::tokens(html) {
            match token {
                Token::Text(text) => self.text(&tags::decode(text)),
                Token::Open(name, rest) => self.open_tag(&name, rest),
                Token::Close(name) => self.close_tag(&name),
            }
        }
    }

    /// A styled node begins.
    fn open_node(&mut self, style: Style) {
        self.nodes.push(self.open.len());
        self.open_style(style);
    }

    /// A start tag: a style, or something that stands for itself.
    fn open_tag(&mut self, name: &str, rest: &str) {
        if let Some(inline) = tags::empty(name, rest) {
            self.push(inline);
        } else if let Some(style) = Style::of(name, rest) {
            self.open_style(style);
        }
    }

    /// Opens a style, unless it is in effect already or too many are.
    fn open_style(&mut self, style: Style) {
        let same = |open: &Style| std::mem::discriminant(open) == std::mem::discriminant(&style);
        if self.open.len() < MAX_STYLES && !self.open.iter().any(|(open, _)| same(open)) {
            self.open.push((style, std::mem::take(&mut self.content)));
        }
    }

    /// An end tag closes its style, and those inside it, unless the style began outside the present node.
    fn close_tag(&mut self, name: &str) {
        let floor = self.nodes.last().map_or(0, |before| before + 1).min(self.open.len());
        if let Some(at) = self.open[floor..].iter().rposition(|(style, _)| style.closes(name)) {
            self.close_to(floor + at);
        }
    }

    /// Closes styles until `count` are open.
    fn close_to(&mut self, count: usize) {
        while self.open.len() > count {
            let Some((style, before)) = self.open.pop() else { return };
            let inner = std::mem::replace(&mut self.content, before);
            self.content.push(style.wrap(inner));
        }
    }

    /// Closes everything.
    fn finish(mut self) -> Vec<Inline> {
        self.close_to(0);
        self.content
    }
}
