//! [`Doc`] → wiki markup.
//!
//! In: any document. Out: markup that Jira shows as it was meant. What the notation cannot hold degrades: numbers
//! start at one, alignment goes, a fold is its summary in bold and what it holds, tasks have their box as text; in
//! items of lists only paragraphs, code and lists are blocks. A macro ends at the next end of its name, so a quote stands
//! in no quote and a panel in no panel, however deep.

use super::{
    LANGUAGES, PANELS,
    line::{cell, line, lines},
};
use crate::richtext::{
    Block, Doc, Inline, ListItem, PanelKind, Table,
    cells::{box_mark, flat_row},
    normal,
};

/// A document as wiki markup, with a newline at the end unless it is empty.
pub fn write(doc: &Doc) -> String {
    let mut writer = Writer { out: String::new(), fresh: true };
    writer.blocks(normal::normal(doc).blocks, Inside::default());
    writer.out
}

/// The text of an item that begins with a list: without any, its list would belong to the item before.
const EMPTY: &str = "&nbsp;";

/// What a block stands in.
#[derive(Clone, Copy, Default)]
struct Inside {
    quote: bool,
    panel: bool,
}

/// Markup as it grows.
struct Writer {
    out: String,
    /// Nothing stands yet in the container being written.
    fresh: bool,
}

impl Writer {
    /// Appends blocks, an empty line between each two.
    fn blocks(&mut self, blocks: Vec<Block>, inside: Inside) {
        for block in blocks {
            self.block(block, inside);
        }
    }

    /// Appends a block's own lines, after an empty line where something stands before it.
    fn part(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.gap();
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Appends the empty line between two blocks.
    fn gap(&mut self) {
        if !self.fresh {
            self.out.push('\n');
        }
        self.fresh = false;
    }

    /// Appends a block.
    fn block(&mut self, block: Block, inside: Inside) {
        match block {
            Block::Heading { level, content } => self.part(&format!("h{level}. {}", line(&content))),
            Block::Paragraph { content } => self.part(&lines(&content)),
            Block::List { start, items } => {
                self.gap();
                self.list(start, items, String::new());
            }
            Block::Code { language, text } => self.part(&code(language.as_deref(), &text)),
            Block::Rule => self.part("----"),
            Block::Quote { blocks } if !inside.quote => {
                self.around("{quote}", blocks, "{quote}", Inside { quote: true, ..inside });
            }
            Block::Panel { kind, blocks } if !inside.panel => {
                let open = format!("{{panel:title={}}}", title(kind));
                self.around(&open, blocks, "{panel}", Inside { panel: true, ..inside });
            }
            Block::Quote { blocks } | Block::Panel { blocks, .. } => self.blocks(blocks, inside),
            Block::Details { summary, blocks } => {
                if !summary.is_empty() {
                    self.part(&lines(&[Inline::Strong { content: summary }]));
                }
                self.blocks(blocks, inside);
            }
            Block::Table(from) => self.part(&table(&from)),
        }
    }

    /// Appends blocks between two tags.
    fn around(&mut self, open: &str, blocks: Vec<Block>, close: &str, inside: Inside) {
        self.part(open);
        self.fresh = true;
        self.blocks(blocks, inside);
        self.fresh = false;
        self.out.push_str(close);
        self.out.push('\n');
    }

    /// Appends a list below the markers of the lists around it.
    fn list(&mut self, start: Option<u64>, items: Vec<ListItem>, mut markers: String) {
        markers.push(if start.is_some() { '#' } else { '*' });
        for item in items {
            self.item(item, &markers);
        }
    }

    /// Appends an item. What follows a list in it becomes an item of its own, for lines there belong to that list.
    fn item(&mut self, item: ListItem, markers: &str) {
        let mut mark = item.task.map(box_mark);
        let (mut open, mut begun) = (false, false);
        for block in flat_blocks(item.blocks) {
            match block {
                Block::List { start, items } => {
                    if !begun {
                        self.out.push_str(&format!("{markers} {EMPTY}\n"));
                    }
                    begun = true;
                    self.list(start, items, markers.to_owned());
                    open = false;
                }
                block => {
                    let text = match block {
                        Block::Code { language, text } => code(language.as_deref(), &text),
                        Block::Paragraph { content } => lines(&content),
                        _ => continue,
                    };
                    if text.trim().is_empty() {
                        continue;
                    }
                    if !open {
                        self.out.push_str(markers);
                        self.out.push(' ');
                    }
                    (open, begun) = (true, true);
                    self.out.push_str(mark.take().unwrap_or_default());
                    self.out.push_str(&text);
                    self.out.push('\n');
                }
            }
        }
    }
}

/// The blocks of an item as paragraphs, code and lists.
fn flat_blocks(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Heading { content, .. } => out.push(Block::Paragraph { content: vec![Inline::Strong { content }] }),
            Block::Quote { blocks } | Block::Panel { blocks, .. } => out.extend(flat_blocks(blocks)),
            Block::Details { summary, blocks } => {
                if !summary.is_empty() {
                    out.push(Block::Paragraph { content: vec![Inline::Strong { content: summary }] });
                }
                out.extend(flat_blocks(blocks));
            }
            Block::Table(table) => out.extend(rows_as_lines(table)),
            Block::Rule => {}
            block => out.push(block),
        }
    }
    out
}

/// A table as paragraphs, one a row.
fn rows_as_lines(table: Table) -> impl Iterator<Item = Block> {
    let rows = std::iter::once(table.head).chain(table.rows).map(flat_row);
    rows.filter(|row| !row.is_empty()).map(|content| Block::Paragraph { content })
}

/// A block of code. Jira shows an error for a language it does not know, so such code has none. Text that holds the
/// end of each macro is lines of code instead.
fn code(language: Option<&str>, text: &str) -> String {
    let known = language.map(str::to_lowercase).filter(|l| LANGUAGES.contains(&l.as_str()));
    let newline = if text.is_empty() { "" } else { "\n" };
    match known {
        Some(language) if !text.contains("{code") => format!("{{code:{language}}}\n{text}{newline}{{code}}"),
        _ if !text.contains("{noformat") => format!("{{noformat}}\n{text}{newline}{{noformat}}"),
        _ if !text.contains("{code") => format!("{{code:none}}\n{text}{newline}{{code}}"),
        _ => {
            let code = |line: &str| vec![Inline::Code { text: line.to_owned() }, Inline::Break];
            lines(&text.lines().flat_map(code).collect::<Vec<_>>()).trim_end().to_owned()
        }
    }
}

/// What a panel of the kind is headed by.
fn title(kind: PanelKind) -> &'static str {
    PANELS.iter().find(|(known, _)| *known == kind).map_or("Note", |(_, title)| *title)
}

/// A table; a head without any text is left out.
fn table(table: &Table) -> String {
    let row = |cells: &[Vec<Inline>], bar: &str| {
        cells.iter().fold(String::new(), |row, content| format!("{row}{bar}{}", cell(content))) + bar
    };
    let head = table.rows.is_empty() || table.head.iter().any(|cell| !cell.is_empty());
    let head = head.then(|| row(&table.head, "||"));
    let rows: Vec<String> = head.into_iter().chain(table.rows.iter().map(|cells| row(cells, "|"))).collect();
    rows.join("\n")
}
