//! [`Doc`] → HTML for the bot's own pages.
//!
//! In: any document. Out: HTML made of a fixed set of elements, every text and attribute escaped. Links go to `http`,
//! `https` and `mailto` only; images are their names. Never passes a tag or an address of another scheme on.

use crate::richtext::{Align, Block, Doc, Inline, ListItem, PanelKind, Table, normal, plain_inline, tags::escape};

/// A document as HTML.
pub fn to_html(doc: &Doc) -> String {
    let mut page = Page::default();
    page.blocks(&normal::normal(doc).blocks);
    page.out
}

/// HTML as it grows.
#[derive(Default)]
struct Page {
    out: String,
    /// The ids of headings so far, with how often each was wanted.
    ids: std::collections::HashMap<String, usize>,
}

impl Page {
    /// Appends blocks.
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
            self.out.push('\n');
        }
    }

    /// Appends a block.
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, content } => {
                let id = self.id(&plain_inline(content));
                self.put(&format!("<h{level} id=\"{id}\">{}</h{level}>", inlines(content)));
            }
            Block::Paragraph { content } => self.put(&format!("<p>{}</p>", inlines(content))),
            Block::List { start, items } => self.list(*start, items),
            Block::Code { language, text } => {
                let class = language.as_deref().map(|l| format!(" class=\"language-{}\"", escape(l)));
                self.put(&format!("<pre><code{}>{}</code></pre>", class.unwrap_or_default(), escape(text)));
            }
            Block::Quote { blocks } => self.around("<blockquote>", blocks, "</blockquote>"),
            Block::Panel { kind, blocks } => {
                let (class, title) = panel(*kind);
                let open = format!("<div class=\"panel panel-{class}\"><p class=\"panel-title\">{title}</p>");
                self.around(&open, blocks, "</div>");
            }
            Block::Details { summary, blocks } => {
                let open = format!("<details><summary>{}</summary>", inlines(summary));
                self.around(&open, blocks, "</details>");
            }
            Block::Table(table) => self.table(table),
            Block::Rule => self.put("<hr>"),
        }
    }

    /// Appends finished HTML.
    fn put(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Appends blocks between two tags.
    fn around(&mut self, open: &str, blocks: &[Block], close: &str) {
        self.put(open);
        self.out.push('\n');
        self.blocks(blocks);
        self.put(close);
    }

    /// Appends a list.
    fn list(&mut self, start: Option<u64>, items: &[ListItem]) {
        let (open, close) = match start {
            None => ("<ul>".to_owned(), "</ul>"),
            Some(1) => ("<ol>".to_owned(), "</ol>"),
            Some(start) => (format!("<ol start=\"{start}\">"), "</ol>"),
        };
        self.put(&open);
        for item in items {
            self.put(match item.task {
                None => "<li>",
                Some(false) => "<li class=\"task\"><input type=\"checkbox\" disabled> ",
                Some(true) => "<li class=\"task\"><input type=\"checkbox\" checked disabled> ",
            });
            match &item.blocks[..] {
                [Block::Paragraph { content }, rest @ ..] => {
                    self.put(&inlines(content));
                    self.blocks(rest);
                }
                blocks => self.blocks(blocks),
            }
            self.put("</li>");
        }
        self.put(close);
    }

    /// Appends a table.
    fn table(&mut self, table: &Table) {
        self.put("<table><thead>");
        self.row(&table.head, &table.align, "th");
        self.put("</thead><tbody>");
        for row in &table.rows {
            self.row(row, &table.align, "td");
        }
        self.put("</tbody></table>");
    }

    /// Appends a row of a table.
    fn row(&mut self, cells: &[Vec<Inline>], align: &[Align], tag: &str) {
        self.put("<tr>");
        for (cell, align) in cells.iter().zip(align) {
            let class = match align {
                Align::None => "",
                Align::Left => " class=\"left\"",
                Align::Center => " class=\"center\"",
                Align::Right => " class=\"right\"",
            };
            self.put(&format!("<{tag}{class}>{}</{tag}>", inlines(cell)));
        }
        self.put("</tr>");
    }

    /// An id for a heading: its words joined by dashes, numbered when taken.
    fn id(&mut self, text: &str) -> String {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(12)
            .map(|word| word.chars().take(40).collect::<String>().to_lowercase())
            .collect();
        let id = if words.is_empty() { "section".to_owned() } else { words.join("-") };
        let taken = self.ids.entry(id.clone()).or_default();
        *taken += 1;
        if *taken == 1 { id } else { format!("{id}--{taken}") }
    }
}

/// The class and the title of a panel.
pub(super) fn panel(kind: PanelKind) -> (&'static str, &'static str) {
    match kind {
        PanelKind::Note => ("note", "Note"),
        PanelKind::Tip => ("tip", "Tip"),
        PanelKind::Important => ("important", "Important"),
        PanelKind::Warning => ("warning", "Warning"),
        PanelKind::Caution => ("caution", "Caution"),
    }
}

/// Running text as HTML.
fn inlines(content: &[Inline]) -> String {
    content.iter().map(inline).collect()
}

/// One inline as HTML.
fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text { text } => escape(text),
        Inline::Code { text } => format!("<code>{}</code>", escape(text)),
        Inline::Strong { content } => format!("<strong>{}</strong>", inlines(content)),
        Inline::Emphasis { content } => format!("<em>{}</em>", inlines(content)),
        Inline::Strike { content } => format!("<del>{}</del>", inlines(content)),
        Inline::Link { url, content } if is_safe(url) => {
            format!("<a href=\"{}\" rel=\"nofollow noopener noreferrer\">{}</a>", escape(url), inlines(content))
        }
        Inline::Link { content, .. } => inlines(content),
        Inline::Mention { name, .. } => escape(&format!("@{name}")),
        Inline::Media { name, .. } => format!("<span class=\"media\">{}</span>", escape(name)),
        Inline::Break => "<br>".to_owned(),
    }
}

/// Is the address absolute, and of a scheme that cannot act?
pub(super) fn is_safe(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https" | "mailto"))
}
