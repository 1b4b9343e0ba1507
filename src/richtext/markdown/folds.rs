//! The blocks of a container, into the folds and quotes that its HTML opens and closes.
//!
//! In: blocks and HTML blocks, in order. Out: the container's blocks, with everything closed. Never leaves its
//! container, and never nests deeper than [`MAX_DEPTH`].

use super::line::Line;
use crate::richtext::{
    Block, Inline,
    normal::MAX_DEPTH,
    tags::{self, Token},
};

/// Collects the blocks of a container, into the folds and quotes that its HTML opens and closes.
#[derive(Default)]
pub(super) struct Folds {
    /// Open folds and quotes, outermost first.
    pub(super) open: Vec<Fold>,
    /// The blocks of the innermost.
    pub(super) blocks: Vec<Block>,
}

/// A `<details>` or a `<blockquote>` that is still open.
pub(super) struct Fold {
    tag: &'static str,
    /// The blocks before it.
    before: Vec<Block>,
    summary: Vec<Inline>,
}

/// The tags that hold blocks.
const FOLDS: [&str; 2] = ["details", "blockquote"];

impl Folds {
    /// Reads an HTML block: folds open and close, styles, breaks and `<pre>` stay, all else is its text.
    pub(super) fn html(&mut self, html: &str, depth: usize) {
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
    pub(super) fn finish(mut self) -> Vec<Block> {
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
