//! One tree for rich text, read from and written to every dialect.
//!
//! In: Markdown, ADF, Jira's wiki markup, HTML. Out: the same. Unknown things degrade to their text; nothing fails.
//! Never fetches anything and never trusts a URL.

mod address;
pub mod adf;
mod cells;
pub mod html;
pub mod markdown;
pub mod normal;
mod runs;
pub(crate) mod tags;
pub mod wiki;

use serde::{Deserialize, Serialize};

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Doc {
    pub blocks: Vec<Block>,
}

/// A block of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// `level` is 1 to 6.
    Heading {
        level: u8,
        content: Vec<Inline>,
    },
    Paragraph {
        content: Vec<Inline>,
    },
    /// `start` is the first number of an ordered list, `None` for bullets.
    List {
        start: Option<u64>,
        items: Vec<ListItem>,
    },
    /// Preformatted text, without a newline at the end.
    Code {
        language: Option<String>,
        text: String,
    },
    Quote {
        blocks: Vec<Block>,
    },
    Table(Table),
    Rule,
    /// A boxed note (GitHub alert, Jira panel).
    Panel {
        kind: PanelKind,
        blocks: Vec<Block>,
    },
    /// A fold: closed until the reader opens it.
    Details {
        summary: Vec<Inline>,
        blocks: Vec<Block>,
    },
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// `Some(done)` for a task.
    pub task: Option<bool>,
    pub blocks: Vec<Block>,
}

/// A table; every row has as many cells as `align`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub align: Vec<Align>,
    pub head: Vec<Vec<Inline>>,
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// The alignment of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    #[default]
    None,
    Left,
    Center,
    Right,
}

/// What a panel means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelKind {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "inline", rename_all = "snake_case")]
pub enum Inline {
    Text {
        text: String,
    },
    Code {
        text: String,
    },
    Strong {
        content: Vec<Inline>,
    },
    Emphasis {
        content: Vec<Inline>,
    },
    Strike {
        content: Vec<Inline>,
    },
    Link {
        url: String,
        content: Vec<Inline>,
    },
    /// A person, by the name shown.
    Mention {
        id: String,
        name: String,
    },
    /// An image or another medium, by name; `url` only where the dialect had one.
    Media {
        name: String,
        url: Option<String>,
    },
    /// A line break inside a paragraph.
    Break,
}

impl Inline {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }
}

impl Doc {
    /// Is there no text at all?
    pub fn is_empty(&self) -> bool {
        self.plain().trim().is_empty()
    }

    /// All text with one line a block (or line), formatting gone, code included. For words, not for show.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        plain_blocks(&self.blocks, &mut out);
        out
    }
}

/// Appends the text of blocks, a line each.
fn plain_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph { content } => plain_line(content, out),
            Block::List { items, .. } => items.iter().for_each(|item| plain_blocks(&item.blocks, out)),
            Block::Code { text, .. } => {
                out.push_str(text);
                out.push('\n');
            }
            Block::Quote { blocks } | Block::Panel { blocks, .. } => plain_blocks(blocks, out),
            Block::Details { summary, blocks } => {
                plain_line(summary, out);
                plain_blocks(blocks, out);
            }
            Block::Table(table) => {
                for row in std::iter::once(&table.head).chain(&table.rows) {
                    for cell in row {
                        out.push_str(&plain_inline(cell));
                        out.push('\t');
                    }
                    out.push('\n');
                }
            }
            Block::Rule => {}
        }
    }
}

/// Appends running text and a newline.
fn plain_line(content: &[Inline], out: &mut String) {
    out.push_str(&plain_inline(content));
    out.push('\n');
}

/// The text of inlines, formatting gone.
pub fn plain_inline(content: &[Inline]) -> String {
    content.iter().fold(String::new(), |mut out, inline| {
        match inline {
            Inline::Text { text } | Inline::Code { text } => out.push_str(text),
            Inline::Strong { content }
            | Inline::Emphasis { content }
            | Inline::Strike { content }
            | Inline::Link { content, .. } => {
                out.push_str(&plain_inline(content));
            }
            Inline::Mention { name, .. } => {
                out.push('@');
                out.push_str(name);
            }
            Inline::Media { name, .. } => out.push_str(name),
            Inline::Break => out.push('\n'),
        }
        out
    })
}
