//! Blocks and running text as they come out of HTML tags, gathered by the element they stand in.
//!
//! In: elements opened and closed, runs of text. Out: blocks. Missing end tags are added, stray ones left out. No
//! more than [`MAX_FRAMES`] elements nest; deeper ones only end paragraphs.

use crate::richtext::{
    Block, Inline, ListItem,
    cells::{self, Cell},
    runs::{Run, nest},
};

/// How many elements that hold blocks are kept inside each other.
const MAX_FRAMES: usize = 64;

/// An element that holds blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Body,
    Quote,
    /// The number it starts with, `None` for bullets.
    List(Option<u64>),
    Item,
    Table,
    Row,
    Cell,
    Details,
    Summary,
}

impl Element {
    /// Are both closed by one tag?
    fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// An open element.
struct Frame {
    element: Element,
    blocks: Vec<Block>,
    runs: Vec<Run>,
    /// The level of the heading that the runs are.
    heading: Option<u8>,
    items: Vec<ListItem>,
    /// Of an item: a task, and is it done?
    task: Option<bool>,
    rows: Vec<Vec<Cell>>,
    cell: Cell,
    summary: Vec<Inline>,
}

impl Frame {
    /// An element with nothing in it.
    fn new(element: Element) -> Self {
        Self {
            element,
            blocks: Vec::new(),
            runs: Vec::new(),
            heading: None,
            items: Vec::new(),
            task: None,
            rows: Vec::new(),
            cell: Cell::default(),
            summary: Vec::new(),
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        let content = nest(std::mem::take(&mut self.runs));
        let blank = |inline: &Inline| matches!(inline, Inline::Text { text } if text.trim().is_empty());
        if content.iter().all(blank) {
            return;
        }
        self.blocks.push(match self.heading {
            Some(level) => Block::Heading { level, content },
            None => Block::Paragraph { content },
        });
    }
}

/// Blocks as they grow.
pub(super) struct Builder {
    body: Frame,
    open: Vec<Frame>,
    /// Elements opened too deep, to be closed before others.
    beyond: Vec<Element>,
}

impl Builder {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { body: Frame::new(Element::Body), open: Vec::new(), beyond: Vec::new() }
    }

    /// The innermost element.
    fn top(&mut self) -> &mut Frame {
        self.open.last_mut().unwrap_or(&mut self.body)
    }

    /// The runs of the paragraph that text goes to.
    pub(super) fn runs(&mut self) -> &mut Vec<Run> {
        &mut self.top().runs
    }

    /// Ends the paragraph.
    pub(super) fn flush(&mut self) {
        self.top().flush();
    }

    /// Begins or ends a heading.
    pub(super) fn heading(&mut self, level: Option<u8>) {
        self.flush();
        self.top().heading = level;
    }

    /// Appends a block.
    pub(super) fn block(&mut self, block: Block) {
        self.flush();
        self.top().blocks.push(block);
    }

    /// Opens an element, with those around it that HTML implies.
    pub(super) fn open(&mut self, element: Element) {
        self.flush();
        if !self.beyond.is_empty() || self.open.len() >= MAX_FRAMES {
            self.beyond.push(element);
            return;
        }
        match element {
            Element::Item => {
                self.close_within(Element::Item, &[Element::List(None), Element::Cell, Element::Quote]);
                if !matches!(self.top().element, Element::List(_)) {
                    self.open.push(Frame::new(Element::List(None)));
                }
            }
            Element::Row => self.close_within(Element::Row, &[Element::Table]),
            Element::Cell => {
                self.close_within(Element::Cell, &[Element::Row, Element::Table]);
                if self.top().element == Element::Table {
                    self.open.push(Frame::new(Element::Row));
                }
            }
            _ => {}
        }
        self.open.push(Frame::new(element));
    }

    /// Sets what is known of the cell that was opened.
    pub(super) fn cell(&mut self, cell: Cell) {
        if self.top().element == Element::Cell {
            self.top().cell = cell;
        }
    }

    /// Makes the item a task; did an item begin, with nothing in it yet?
    pub(super) fn task(&mut self, done: bool) -> bool {
        let top = self.top();
        let begins = top.element == Element::Item && top.blocks.is_empty() && top.runs.is_empty();
        if begins {
            top.task = Some(done);
        }
        begins
    }

    /// Closes the innermost element of a kind with all inside it, unless there is none.
    pub(super) fn close(&mut self, element: Element) {
        self.flush();
        if let Some(last) = self.beyond.last() {
            if last.is_like(element) {
                self.beyond.pop();
            }
            return;
        }
        let barrier: &[Element] = match element {
            Element::Table | Element::Row | Element::Cell => &[Element::Table],
            _ => &[Element::Cell],
        };
        self.close_within(element, barrier);
    }

    /// Closes the innermost element of a kind that stands in none of the others.
    fn close_within(&mut self, element: Element, barriers: &[Element]) {
        for at in (0..self.open.len()).rev() {
            let here = self.open[at].element;
            if here.is_like(element) {
                while self.open.len() > at {
                    self.leave();
                }
                return;
            }
            if barriers.iter().any(|barrier| here.is_like(*barrier)) {
                return;
            }
        }
    }

    /// Puts the innermost element into the one around it.
    fn leave(&mut self) {
        let Some(mut frame) = self.open.pop() else { return };
        frame.flush();
        let around = self.top();
        match frame.element {
            Element::Body => {}
            Element::Quote => around.blocks.push(Block::Quote { blocks: frame.blocks }),
            Element::Details => {
                around.blocks.push(Block::Details { summary: frame.summary, blocks: frame.blocks });
            }
            Element::Summary if around.element == Element::Details => around.summary = cells::flat(frame.blocks),
            Element::Summary => around.blocks.extend(frame.blocks),
            Element::Item => {
                let task = cells::take_box(&mut frame.blocks).or(frame.task);
                around.items.push(ListItem { task, blocks: frame.blocks });
            }
            Element::List(start) => {
                let list = list(start, frame);
                // A list may stand in a list without an item between.
                match (around.element, around.items.last_mut()) {
                    (Element::List(_), Some(item)) => item.blocks.push(list),
                    _ => around.blocks.push(list),
                }
            }
            Element::Cell => {
                let content = cells::flat(frame.blocks);
                around.rows.resize_with(1, Vec::new);
                around.rows[0].push(Cell { content, ..frame.cell });
            }
            Element::Row => {
                around.blocks.append(&mut frame.blocks);
                around.rows.append(&mut frame.rows);
            }
            Element::Table => {
                around.blocks.append(&mut frame.blocks);
                around.blocks.extend(cells::table(frame.rows).map(Block::Table));
            }
        }
    }

    /// All blocks, with what is still open closed.
    pub(super) fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.leave();
        }
        self.body.flush();
        self.body.blocks
    }
}

/// A list; text that stands in no item is one.
fn list(start: Option<u64>, mut frame: Frame) -> Block {
    if !frame.blocks.is_empty() {
        frame.items.push(ListItem { task: None, blocks: frame.blocks });
    }
    Block::List { start, items: frame.items }
}
