//! What tables of other dialects hold, brought into a [`Table`]: rows of one length, running text in cells.
//!
//! In: rows as a reader met them, with headers and spans; blocks in a cell. Out: a table whose first row is its head,
//! or whose head is empty; running text with a break where a block ended. Never drops text, and never makes many
//! more cells than were there.

use super::{Align, Block, Inline, ListItem, Table};

/// A cell as it was met.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    pub content: Vec<Inline>,
    pub header: bool,
    pub align: Align,
    /// How many columns and rows it takes.
    pub span: (usize, usize),
}

/// The most cells that are added to make all rows of one length, beyond four for each cell that was met.
const PADDING: usize = 10_000;

/// The widest row.
const MAX_COLUMNS: usize = 200;

/// A table of rows; nothing when there is no cell.
pub(crate) fn table(rows: Vec<Vec<Cell>>) -> Option<Table> {
    let met: usize = rows.iter().map(Vec::len).sum();
    let wide = rows.iter().map(|row| row.iter().map(|cell| cell.span.0.clamp(1, MAX_COLUMNS)).sum::<usize>()).max()?;
    let columns = wide.min(MAX_COLUMNS).min((4 * met + PADDING) / rows.len().max(1)).max(1);
    if met == 0 {
        return None;
    }
    let has_head = rows[0].iter().all(|cell| cell.header);
    let mut grid = Grid { columns, below: vec![0; columns], align: vec![Align::None; columns] };
    let mut rows: Vec<_> = rows.into_iter().enumerate().map(|(nth, row)| grid.row(row, nth == 0 && has_head)).collect();
    let head = if has_head { rows.remove(0) } else { vec![Vec::new(); columns] };
    Some(Table { align: grid.align, head, rows })
}

/// Lays cells out in columns.
struct Grid {
    columns: usize,
    /// How many more rows the cell above takes, by column.
    below: Vec<usize>,
    align: Vec<Align>,
}

impl Grid {
    /// A row with as many cells as there are columns; what stands beyond goes into the last.
    fn row(&mut self, cells: Vec<Cell>, is_head: bool) -> Vec<Vec<Inline>> {
        let mut out: Vec<Vec<Inline>> = vec![Vec::new(); self.columns];
        let mut at = 0;
        for cell in cells {
            while at < self.columns && self.below[at] > 0 {
                self.below[at] -= 1;
                at += 1;
            }
            let (wide, high) = (cell.span.0.clamp(1, MAX_COLUMNS), cell.span.1.max(1));
            let column = at.min(self.columns - 1);
            if at < self.columns && self.align[column] == Align::None {
                self.align[column] = cell.align;
            }
            append(&mut out[column], cell, is_head);
            for below in self.below.iter_mut().skip(at).take(wide) {
                *below = high - 1;
            }
            at = at.saturating_add(wide);
        }
        for below in self.below.iter_mut().skip(at) {
            *below = below.saturating_sub(1);
        }
        out
    }
}

/// Appends a cell's content; the header of a row is strong.
fn append(to: &mut Vec<Inline>, cell: Cell, is_head: bool) {
    if !to.is_empty() {
        to.push(Inline::text(" "));
    }
    if cell.header && !is_head && !cell.content.is_empty() {
        to.push(Inline::Strong { content: cell.content });
    } else {
        to.extend(cell.content);
    }
}

/// Blocks as running text, a break between each two.
pub(crate) fn flat(blocks: Vec<Block>) -> Vec<Inline> {
    let mut out = Vec::new();
    flat_into(blocks, &mut out);
    out
}

/// Appends blocks as running text.
fn flat_into(blocks: Vec<Block>, out: &mut Vec<Inline>) {
    for block in blocks {
        if !out.is_empty() && !matches!(block, Block::Rule) {
            out.push(Inline::Break);
        }
        match block {
            Block::Paragraph { content } => out.extend(content),
            Block::Heading { content, .. } => out.push(Inline::Strong { content }),
            Block::List { start, items } => flat_list(start, items, out),
            Block::Code { text, .. } => {
                for (nth, line) in text.lines().enumerate() {
                    if nth > 0 {
                        out.push(Inline::Break);
                    }
                    out.push(Inline::Code { text: line.to_owned() });
                }
            }
            Block::Quote { blocks } | Block::Panel { blocks, .. } => out.extend(flat(blocks)),
            Block::Details { summary, blocks } => {
                out.push(Inline::Strong { content: summary });
                flat_into(blocks, out);
            }
            Block::Table(table) => {
                for (nth, row) in std::iter::once(table.head).chain(table.rows).enumerate() {
                    if nth > 0 {
                        out.push(Inline::Break);
                    }
                    out.extend(flat_row(row));
                }
            }
            Block::Rule => {}
        }
    }
}

/// Appends a list, an item a line.
fn flat_list(start: Option<u64>, items: Vec<ListItem>, out: &mut Vec<Inline>) {
    for (nth, item) in (0u64..).zip(items) {
        if nth > 0 {
            out.push(Inline::Break);
        }
        out.push(Inline::text(match (item.task, start) {
            (Some(done), _) => box_mark(done).to_owned(),
            (None, Some(start)) => format!("{}. ", start.saturating_add(nth)),
            (None, None) => "• ".to_owned(),
        }));
        out.extend(flat(item.blocks));
    }
}

/// A row as running text, its filled cells set apart.
pub(crate) fn flat_row(cells: Vec<Vec<Inline>>) -> Vec<Inline> {
    let mut out = Vec::new();
    for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
        if !out.is_empty() {
            out.push(Inline::text(" | "));
        }
        out.extend(cell);
    }
    out
}

/// How the box of a task is written where the dialect has none.
pub(crate) fn box_mark(done: bool) -> &'static str {
    if done { "☑ " } else { "☐ " }
}

/// Takes a box off the start of an item's first paragraph: is the task done?
pub(crate) fn take_box(blocks: &mut [Block]) -> Option<bool> {
    let Some(Block::Paragraph { content }) = blocks.first_mut() else { return None };
    let Some(Inline::Text { text }) = content.first_mut() else { return None };
    let (done, rest) = [true, false].into_iter().find_map(|done| Some((done, text.strip_prefix(box_mark(done))?)))?;
    *text = rest.to_owned();
    Some(done)
}
