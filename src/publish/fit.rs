//! Cuts a document to a length.
//!
//! In: blocks in normal form, a budget, and how blocks are measured when written. Out: blocks that fit. What folds
//! hide goes first, from the last fold on; then what stands last. Never cuts inside code, a row, an item's paragraph
//! or a grapheme, but for a single paragraph that is itself too long. Each block is measured a fixed number of times
//! for each container around it.

use unicode_segmentation::UnicodeSegmentation;

use crate::richtext::{Block, Inline, ListItem, Table};

/// What the empty line between two blocks takes, with the prefixes of a quote; an upper bound in every unit.
const GAP: usize = 4;

/// Measures blocks as they are written, in the tracker's unit.
pub type Measure<'a> = &'a dyn Fn(&[Block]) -> usize;

/// Blocks within `budget`; did something have to go?
pub fn fit(blocks: Vec<Block>, budget: usize, measure: Measure<'_>) -> (Vec<Block>, bool) {
    let mut sizes: Vec<usize> = blocks.iter().map(|block| size(block, measure)).collect();
    let mut total: usize = sizes.iter().sum();
    if total <= budget {
        return (blocks, false);
    }
    let mut blocks: Vec<Option<Block>> = blocks.into_iter().map(Some).collect();
    for (slot, size_of) in blocks.iter_mut().zip(&mut sizes).rev() {
        if total <= budget {
            break;
        }
        let Some(fold @ Block::Details { .. }) = slot else { continue };
        let room = size_of.saturating_sub(total - budget);
        let cut = cut_block(fold, room, measure);
        let now = cut.as_ref().map_or(0, |block| size(block, measure));
        total = total - *size_of + now;
        (*slot, *size_of) = (cut, now);
    }
    let mut kept: Vec<Block> = blocks.into_iter().flatten().collect();
    if total > budget {
        kept = prefix(&kept, budget, measure);
    }
    drop_bare_headings(&mut kept);
    (kept, true)
}

/// The size of a block with the gap after it.
fn size(block: &Block, measure: Measure<'_>) -> usize {
    measure(std::slice::from_ref(block)) + GAP
}

/// As many of the first blocks as fit, the last of them cut where it can be.
fn prefix(blocks: &[Block], budget: usize, measure: Measure<'_>) -> Vec<Block> {
    let mut kept = Vec::new();
    let mut room = budget;
    for block in blocks {
        let size = size(block, measure);
        if size > room {
            kept.extend(cut_block(block, room, measure));
            break;
        }
        room -= size;
        kept.push(block.clone());
    }
    if kept.is_empty()
        && let Some(Block::Paragraph { content }) = blocks.first()
    {
        kept.extend(cut_paragraph(content, budget, measure));
    }
    kept
}

/// Takes headings off the end that stand above nothing.
fn drop_bare_headings(blocks: &mut Vec<Block>) {
    while blocks.pop_if(|last| matches!(last, Block::Heading { .. } | Block::Rule)).is_some() {}
}

/// The first parts of a block within `room`; `None` where nothing of it may stand alone.
fn cut_block(block: &Block, room: usize, measure: Measure<'_>) -> Option<Block> {
    match block {
        Block::Details { summary, blocks } => {
            let shell = Block::Details { summary: summary.clone(), blocks: Vec::new() };
            let room = room.checked_sub(size(&shell, measure))?;
            let mut blocks = prefix(blocks, room, measure);
            drop_bare_headings(&mut blocks);
            (!blocks.is_empty()).then(|| Block::Details { summary: summary.clone(), blocks })
        }
        Block::Quote { blocks } => cut_inside(blocks, room, measure, |blocks| Block::Quote { blocks }),
        Block::Panel { kind, blocks } => {
            cut_inside(blocks, room, measure, |blocks| Block::Panel { kind: *kind, blocks })
        }
        Block::List { start, items } => cut_list(*start, items, room, measure),
        Block::Table(table) => cut_table(table, room, measure),
        Block::Heading { .. } | Block::Paragraph { .. } | Block::Code { .. } | Block::Rule => None,
    }
}

/// As many whole blocks of a container as fit, each measured inside it.
fn cut_inside(
    blocks: &[Block],
    room: usize,
    measure: Measure<'_>,
    wrap: impl Fn(Vec<Block>) -> Block,
) -> Option<Block> {
    let kept = leading(blocks, room, |block| size(&wrap(vec![block.clone()]), measure));
    (!kept.is_empty()).then(|| wrap(kept))
}

/// As many of the first parts as fit.
fn leading<T: Clone>(parts: &[T], mut room: usize, size: impl Fn(&T) -> usize) -> Vec<T> {
    let mut kept = Vec::new();
    for part in parts {
        let Some(left) = room.checked_sub(size(part)) else { break };
        room = left;
        kept.push(part.clone());
    }
    kept
}

/// A list's first items.
fn cut_list(start: Option<u64>, items: &[ListItem], room: usize, measure: Measure<'_>) -> Option<Block> {
    // The last number is the longest: each item is measured as if it had it.
    let longest = start.map(|start| start.saturating_add(items.len() as u64));
    let items = leading(items, room, |item| size(&Block::List { start: longest, items: vec![item.clone()] }, measure));
    (!items.is_empty()).then_some(Block::List { start, items })
}

/// A table's first rows.
fn cut_table(table: &Table, room: usize, measure: Measure<'_>) -> Option<Block> {
    let with = |rows: Vec<Vec<Vec<Inline>>>| {
        let (align, head) = (table.align.clone(), table.head.clone());
        Block::Table(Table { align, head, rows })
    };
    let shell = size(&with(Vec::new()), measure);
    let room = room.checked_sub(shell)?;
    // Some dialects leave a head without text out, but where no row stands: this one always stays.
    let head = vec![vec![Inline::text("x")]; table.align.len()];
    let bare = |rows| Block::Table(Table { align: table.align.clone(), head: head.clone(), rows });
    let frame = size(&bare(Vec::new()), measure);
    let rows = leading(&table.rows, room, |row| size(&bare(vec![row.clone()]), measure).saturating_sub(frame));
    (!rows.is_empty()).then(|| with(rows))
}

/// A paragraph's first inlines and of the next text as many graphemes as fit, with an ellipsis.
fn cut_paragraph(content: &[Inline], room: usize, measure: Measure<'_>) -> Option<Block> {
    let with = |content: Vec<Inline>| Block::Paragraph { content };
    let room = room.checked_sub(size(&with(vec![Inline::text("…")]), measure))?;
    let one = |inline: &Inline| size(&with(vec![inline.clone()]), measure);
    let mut kept = leading(content, room, one);
    let left = room.saturating_sub(kept.iter().map(one).sum::<usize>());
    if let Some(Inline::Text { text }) = content.get(kept.len()) {
        let ends: Vec<usize> = text.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len()).collect();
        let count = ends.partition_point(|end| one(&Inline::text(&text[..*end])) <= left);
        kept.push(Inline::text(&text[..count.checked_sub(1).map_or(0, |last| ends[last])]));
    }
    kept.push(Inline::text("…"));
    (kept.len() > 1).then(|| with(kept))
}
