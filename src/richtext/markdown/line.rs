//! Running text under the styles that nodes and tags open and close.
//!
//! In: inline nodes as they begin and end, or tags and text. Out: inlines. Never holds more than [`MAX_STYLES`] open
//! styles, nor one inside itself.

use comrak::nodes::NodeValue;

use crate::richtext::{
    Inline,
    tags::{self, Style, Token},
};

/// How many styles may be open at once; more are left out, their text stays.
const MAX_STYLES: usize = 12;

/// Collects running text under the styles that nodes and tags open and close.
#[derive(Default)]
pub(super) struct Line {
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
    pub(super) fn start(&mut self, value: &NodeValue) {
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
    pub(super) fn end(&mut self, value: &NodeValue) {
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
    pub(super) fn text(&mut self, text: &str) {
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
    pub(super) fn open_tag(&mut self, name: &str, rest: &str) {
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
    pub(super) fn close_tag(&mut self, name: &str) {
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
    pub(super) fn finish(mut self) -> Vec<Inline> {
        self.close_to(0);
        self.content
    }
}
