//! Items of wiki lists, marked by the lists they stand in (`*`, `#`, `##`, `#*`), → nested lists.
//!
//! In: items in order. Out: one list, or several where the outermost markers differ. An item may stand deeper than
//! the one before by more than one list.

use crate::richtext::{Block, Inline, ListItem, cells};

/// The deepest list.
const MAX_MARKERS: usize = 24;

/// Lists as they grow.
#[derive(Default)]
pub(super) struct Lists {
    done: Vec<Block>,
    /// The open lists from the outermost in: is it numbered, and its items so far.
    open: Vec<(bool, Vec<ListItem>)>,
}

impl Lists {
    /// Starts an item.
    pub(super) fn item(&mut self, markers: &str, content: Vec<Inline>) {
        let wanted: Vec<bool> = markers.chars().take(MAX_MARKERS).map(|c| c == '#').collect();
        let shared = self.open.iter().zip(&wanted).take_while(|((numbered, _), wanted)| numbered == *wanted).count();
        while self.open.len() > shared {
            self.close();
        }
        for numbered in &wanted[shared..] {
            if let Some((_, items)) = self.open.last_mut()
                && items.is_empty()
            {
                items.push(ListItem::default());
            }
            self.open.push((*numbered, Vec::new()));
        }
        // What the writer puts where an item has no text of its own.
        let empty = matches!(&content[..], [Inline::Text { text }] if text == "\u{a0}");
        let content = if empty { Vec::new() } else { content };
        if let Some((_, items)) = self.open.last_mut() {
            items.push(ListItem { task: None, blocks: vec![Block::Paragraph { content }] });
        }
    }

    /// Appends a line to the item's last paragraph.
    pub(super) fn line(&mut self, content: Vec<Inline>) {
        let Some(item) = self.last() else { return };
        match item.blocks.last_mut() {
            Some(Block::Paragraph { content: before }) => {
                before.push(Inline::Break);
                before.extend(content);
            }
            _ => item.blocks.push(Block::Paragraph { content }),
        }
    }

    /// Appends a block to the item.
    pub(super) fn block(&mut self, block: Block) {
        if let Some(item) = self.last() {
            item.blocks.push(block);
        }
    }

    /// The lists made.
    pub(super) fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }

    /// The item that lines belong to.
    fn last(&mut self) -> Option<&mut ListItem> {
        self.open.last_mut()?.1.last_mut()
    }

    /// Closes the innermost list.
    fn close(&mut self) {
        let Some((numbered, mut items)) = self.open.pop() else { return };
        for item in &mut items {
            item.task = cells::take_box(&mut item.blocks);
        }
        let list = Block::List { start: numbered.then_some(1), items };
        match self.last() {
            Some(item) => item.blocks.push(list),
            None => self.done.push(list),
        }
    }
}
