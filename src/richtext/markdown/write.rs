//! [`Doc`] → GitHub-flavoured Markdown.
//!
//! In: any document. Out: Markdown that reads back as its normal form. Emphasis is written with `**`, `_` and `~~`
//! where CommonMark's flanking rules (section 6.2) let them act, and with tags where not.

use super::escape::{Place, code_span, escape_pipes, escape_text, fence};
use crate::richtext::{Align, Block, Doc, Inline, ListItem, PanelKind, Table, normal, tags};

/// A document as Markdown, with a newline at the end unless it is empty.
pub fn write(doc: &Doc) -> String {
    let mut out = write_blocks(&doc.blocks);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Blocks as Markdown, without a newline at the end.
pub fn write_blocks(blocks: &[Block]) -> String {
    join(&normal::blocks(blocks, 0))
}

/// Normal blocks, with an empty line between each two.
fn join(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut other_marker = false;
    for (nth, block) in blocks.iter().enumerate() {
        if nth > 0 {
            out.push_str("\n\n");
        }
        // Two lists of a kind beside each other stay two by their markers.
        other_marker = nth > 0 && beside(&blocks[nth - 1], block) && !other_marker;
        out.push_str(&write_block(block, other_marker));
    }
    out
}

/// Are both lists, and of one kind?
fn beside(one: &Block, other: &Block) -> bool {
    matches!((one, other), (Block::List { start: a, .. }, Block::List { start: b, .. }) if a.is_some() == b.is_some())
}

/// One normal block.
fn write_block(block: &Block, other_marker: bool) -> String {
    match block {
        Block::Heading { level, content } => {
            let text = line(content, Place { line_start: false, heading: true, pipes: false });
            format!("{} {text}", "#".repeat(usize::from(*level)))
        }
        Block::Paragraph { content } => paragraph(content),
        Block::List { start, items } => list(*start, items, other_marker),
        Block::Code { language, text } => fence(language.as_deref().unwrap_or_default(), text),
        Block::Quote { blocks } => indent(&join(blocks), "> ", "> "),
        Block::Panel { kind, blocks } => indent(&format!("[!{}]\n{}", panel_word(*kind), join(blocks)), "> ", "> "),
        Block::Table(table) => write_table(table),
        // Neither a list marker nor the underline of a heading can be read into it.
        Block::Rule => "___".to_owned(),
        Block::Details { summary, blocks } => {
            let summary = tags::write(summary);
            let inner = join(blocks);
            let gap = if inner.is_empty() { "" } else { "\n\n" };
            format!("<details>\n<summary>{summary}</summary>{gap}{inner}\n\n</details>")
        }
    }
}

/// GitHub's word for a kind of alert.
fn panel_word(kind: PanelKind) -> &'static str {
    match kind {
        PanelKind::Note => "NOTE",
        PanelKind::Tip => "TIP",
        PanelKind::Important => "IMPORTANT",
        PanelKind::Warning => "WARNING",
        PanelKind::Caution => "CAUTION",
    }
}

/// Puts `first` before the first line and `rest` before the others; blanks do not end a line.
fn indent(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (nth, line) in text.split('\n').enumerate() {
        let prefix = if nth == 0 { first } else { rest };
        if nth > 0 {
            out.push('\n');
        }
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

/// A list; `other_marker` sets it apart from the list before.
fn list(start: Option<u64>, items: &[ListItem], other_marker: bool) -> String {
    let loose = items.iter().any(|item| !is_tight(&item.blocks));
    let mut out = String::new();
    for (nth, item) in (0u64..).zip(items) {
        if nth > 0 {
            out.push_str(if loose { "\n\n" } else { "\n" });
        }
        let marker = match start {
            None => if other_marker { "* " } else { "- " }.to_owned(),
            Some(start) => {
                let number = start.saturating_add(nth).min(999_999_999);
                format!("{number}{} ", if other_marker { ')' } else { '.' })
            }
        };
        let mut text = item_text(&item.blocks);
        if let Some(done) = item.task {
            text.insert_str(0, if done { "[x] " } else { "[ ] " });
        }
        out.push_str(&indent(&text, &marker, &" ".repeat(marker.len())));
    }
    out
}

/// Is the item a single paragraph, or one with a list that may follow it on the next line?
fn is_tight(blocks: &[Block]) -> bool {
    match blocks {
        [Block::Paragraph { .. }] => true,
        [Block::Paragraph { .. }, Block::List { start, items }] => {
            // Only a list that starts with 1 interrupts a paragraph (CommonMark, section 5.2).
            start.is_none_or(|s| s == 1) && items.iter().all(|item| is_tight(&item.blocks))
        }
        _ => false,
    }
}

/// The blocks of an item.
fn item_text(blocks: &[Block]) -> String {
    match blocks {
        [paragraph, list] if is_tight(blocks) => {
            format!("{}\n{}", write_block(paragraph, false), write_block(list, false))
        }
        _ => join(blocks),
    }
}

/// A table, a row a line.
fn write_table(table: &Table) -> String {
    let mut out = row(&table.head);
    out.push_str("\n|");
    for align in &table.align {
        out.push_str(match align {
            Align::None => " --- |",
            Align::Left => " :-- |",
            Align::Center => " :-: |",
            Align::Right => " --: |",
        });
    }
    for cells in &table.rows {
        out.push('\n');
        out.push_str(&row(cells));
    }
    out
}

/// One row of a table.
fn row(cells: &[Vec<Inline>]) -> String {
    let mut out = "|".to_owned();
    for cell in cells {
        let text = Writer { in_table: true, ..Writer::line(Place { line_start: false, heading: false, pipes: false }) }
            .run(cell);
        out.push(' ');
        out.push_str(&escape_pipes(&text));
        out.push_str(" |");
    }
    out
}

/// A paragraph; line breaks are a backslash and a newline.
fn paragraph(content: &[Inline]) -> String {
    let writer = Writer { breaks: "\\\n", ..Writer::line(Place { line_start: true, heading: false, pipes: false }) };
    writer.run(content)
}

/// Running text on one line; line breaks are tags.
fn line(content: &[Inline], place: Place) -> String {
    Writer::line(place).run(content)
}

/// Writes running text.
#[derive(Clone, Copy)]
struct Writer {
    place: Place,
    /// How a line break is written, away from the edges of a style.
    breaks: &'static str,
    in_table: bool,
    /// In a style, whose edges may be neither blank nor a newline.
    styled: bool,
}

/// Where an inline stands in its container.
#[derive(Clone, Copy)]
struct Edge {
    first: bool,
    last: bool,
}

impl Writer {
    /// A writer for a single line.
    fn line(place: Place) -> Self {
        Self { place, breaks: "<br>", in_table: false, styled: false }
    }

    /// Writes the inlines one after the other.
    fn run(self, content: &[Inline]) -> String {
        let mut out = String::new();
        for (nth, inline) in content.iter().enumerate() {
            let edge = Edge { first: nth == 0, last: nth + 1 == content.len() };
            self.piece(inline, content.get(nth + 1), edge, &mut out);
        }
        out
    }

    /// Appends one inline.
    fn piece(self, inline: &Inline, next: Option<&Inline>, edge: Edge, out: &mut String) {
        match inline {
            Inline::Text { text } => self.text(text, edge, out),
            Inline::Code { text } => out.push_str(&self.code(text)),
            Inline::Strong { content } => self.style(content, ["**", "strong"], next, out),
            Inline::Emphasis { content } => self.style(content, ["_", "em"], next, out),
            Inline::Strike { content } => self.style(content, ["~~", "del"], next, out),
            Inline::Link { url, content } => self.link(url, content, out),
            Inline::Media { name, url } => {
                out.push_str("![");
                escape_text(name, Place { line_start: false, ..self.place }, out);
                out.push_str("](");
                out.push_str(&destination(url.as_deref().unwrap_or_default()));
                out.push(')');
            }
            Inline::Mention { name, .. } => self.text(&format!("@{name}"), edge, out),
            Inline::Break => out.push_str(if self.styled && (edge.first || edge.last) { "<br>" } else { self.breaks }),
        }
    }

    /// Appends text; blanks at the edges of a style become entities.
    fn text(self, text: &str, edge: Edge, out: &mut String) {
        let fresh = (out.is_empty() && !self.styled) || out.ends_with('\n');
        let place = Place { line_start: self.place.line_start && fresh, ..self.place };
        let body = if self.styled && edge.first { text.trim_start_matches(' ') } else { text };
        let core = if self.styled && edge.last { body.trim_end_matches(' ') } else { body };
        out.push_str(&"&#32;".repeat(text.len() - body.len()));
        escape_text(core, place, out);
        out.push_str(&"&#32;".repeat(body.len() - core.len()));
    }

    /// A code span, or tags where a span would not hold: a backslash before a pipe in a table (GFM, section 4.10),
    /// and what ends the label of a link reference (CommonMark, section 4.7).
    fn code(self, text: &str) -> String {
        let in_table = self.in_table && text.contains('\\') && text.contains('|');
        let in_label = self.styled && text.contains("]:");
        if !in_table && !in_label {
            return code_span(text);
        }
        let mut out = "<code>".to_owned();
        escape_text(text, Place { line_start: false, heading: false, pipes: false }, &mut out);
        out.push_str("</code>");
        out
    }

    /// Appends styled text, with marks where they act and with tags where they would not.
    fn style(self, content: &[Inline], [mark, tag]: [&str; 2], next: Option<&Inline>, out: &mut String) {
        let inner = Self { styled: true, ..self }.run(content);
        let open = out.chars().next_back().is_none_or(|c| is_flank(c) || c == '\n');
        if open && !inner.starts_with('~') && !inner.ends_with('~') && next.is_none_or(starts_flank) {
            out.push_str(&format!("{mark}{inner}{mark}"));
        } else {
            out.push_str(&format!("<{tag}>{inner}</{tag}>"));
        }
    }

    /// Appends a link.
    fn link(self, url: &str, content: &[Inline], out: &mut String) {
        if matches!(content, [Inline::Text { text }] if text == url) && is_plain_url(url) {
            out.push_str(&format!("<{url}>"));
            return;
        }
        let inner = Self { styled: true, ..self }.run(content);
        out.push_str(&format!("[{inner}]({})", destination(url)));
    }
}

/// May a style begin after or end before this character, whatever it holds? (`~` is skipped by the flanking rules.)
fn is_flank(c: char) -> bool {
    c == ' ' || (c.is_ascii_punctuation() && c != '~')
}

/// Is the first character that the inline is written with one of those?
fn starts_flank(next: &Inline) -> bool {
    match next {
        Inline::Text { text } => text.starts_with(is_flank),
        Inline::Strike { .. } => false,
        Inline::Mention { .. } | Inline::Media { .. } | Inline::Break | Inline::Code { .. } => true,
        Inline::Link { .. } | Inline::Strong { .. } | Inline::Emphasis { .. } => true,
    }
}

/// Can the address stand between angle brackets as it is?
fn is_plain_url(url: &str) -> bool {
    let scheme = url.starts_with("https://") || url.starts_with("http://");
    scheme && url.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#%=+,@!".contains(&b))
}

/// The address of a link between its brackets.
fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '(' | ')' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}
