//! What a document means, and what each dialect is known to lose of it.
//!
//! The meaning is a text: a line for each block, indented by the blocks around it; running text as words with their
//! styles, whichever way the styles nest. Blanks and breaks have no style, and several are one.

use planwright::richtext::{Align, Block, Doc, Inline, ListItem, Table, markdown::normal, plain_inline};

/// The kinds of blocks that losses speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Heading,
    Rule,
    Quote,
    Panel,
    Details,
    Table,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Root,
    Item,
    Quote,
    Panel,
    Details,
    /// In a fold that stands in a fold.
    InnerDetails,
}

/// What becomes of a block where it cannot stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// A paragraph in bold (of a fold: its summary, then what it holds).
    Bold,
    /// What it holds.
    Contents,
    /// A paragraph for each row; with the head in bold, or not.
    Rows {
        bold_head: bool,
    },
    Nothing,
    /// A quote headed by its kind in bold.
    HeadedQuote,
}

/// What a dialect does not keep.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// A block of a kind at these places.
    Block(Kind, &'static [Place], Becomes),
    /// The frame of a quote or a panel inside another of its kind, however deep: what it holds stays.
    Nested(Kind),
    /// The alignment of columns.
    Alignment,
    /// The first number of lists.
    Start,
    /// Styles around code.
    StyledCode,
    /// Styles in summaries, and their breaks.
    StyledSummary,
    /// The language of code, but these.
    Language(&'static [&'static str]),
    /// Images: each is a link to it by its name.
    Images,
    /// The difference of no-break spaces.
    NoBreakSpaces,
    /// Where one paragraph or code of an item ends and the next begins; what follows a list is an item of its own.
    ItemParagraphs,
    /// Links to other addresses than these: their words stay.
    Links(fn(&str) -> bool),
}

/// The losses applied.
pub fn lose(doc: &Doc, losses: &[Loss]) -> Doc {
    let blocks = filled(normal(doc).blocks);
    let nested = losses.iter().filter_map(|loss| if let Loss::Nested(kind) = loss { Some(*kind) } else { None });
    let blocks = nested.fold(blocks, |blocks, kind| unnested(blocks, kind, false));
    let doc = Doc { blocks: Losing { losses }.blocks(blocks, Place::Root) };
    normal(&Doc { blocks: filled(normal(&doc).blocks) })
}

/// Blocks in which no frame of the kind stands inside another; `inside` says that one stands around them.
fn unnested(blocks: Vec<Block>, kind: Kind, inside: bool) -> Vec<Block> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Quote { blocks } if kind == Kind::Quote && inside => out.extend(unnested(blocks, kind, true)),
            Block::Panel { blocks, .. } if kind == Kind::Panel && inside => out.extend(unnested(blocks, kind, true)),
            Block::Quote { blocks } => {
                out.push(Block::Quote { blocks: unnested(blocks, kind, inside || kind == Kind::Quote) });
            }
            Block::Panel { kind: of, blocks } => {
                let blocks = unnested(blocks, kind, inside || kind == Kind::Panel);
                out.push(Block::Panel { kind: of, blocks });
            }
            Block::Details { summary, blocks } => {
                out.push(Block::Details { summary, blocks: unnested(blocks, kind, inside) });
            }
            Block::List { start, mut items } => {
                for item in &mut items {
                    item.blocks = unnested(std::mem::take(&mut item.blocks), kind, inside);
                }
                out.push(Block::List { start, items });
            }
            other => out.push(other),
        }
    }
    out
}

/// Blocks without those that hold nothing but blanks and breaks.
pub fn filled(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::new();
    for mut block in blocks {
        let keep = match &mut block {
            Block::Heading { content, .. } | Block::Paragraph { content } => !words(content).is_empty(),
            Block::List { items, .. } => {
                items.iter_mut().for_each(|item| item.blocks = filled(std::mem::take(&mut item.blocks)));
                items.retain(|item| !item.blocks.is_empty());
                !items.is_empty()
            }
            Block::Quote { blocks } | Block::Panel { blocks, .. } => {
                *blocks = filled(std::mem::take(blocks));
                !blocks.is_empty()
            }
            Block::Details { summary, blocks } => {
                *blocks = filled(std::mem::take(blocks));
                !blocks.is_empty() || !words(summary).is_empty()
            }
            Block::Code { .. } | Block::Table(_) | Block::Rule => true,
        };
        if keep {
            out.push(block);
        }
    }
    out
}

struct Losing<'a> {
    losses: &'a [Loss],
}

impl Losing<'_> {
    fn has(&self, wanted: fn(&Loss) -> bool) -> bool {
        self.losses.iter().any(wanted)
    }

    fn blocks(&self, blocks: Vec<Block>, place: Place) -> Vec<Block> {
        blocks.into_iter().flat_map(|block| self.block(block, place)).collect()
    }

    fn becomes(&self, block: &Block, place: Place) -> Option<Becomes> {
        let kind = match block {
            Block::Heading { .. } => Kind::Heading,
            Block::Rule => Kind::Rule,
            Block::Quote { .. } => Kind::Quote,
            Block::Panel { .. } => Kind::Panel,
            Block::Details { .. } => Kind::Details,
            Block::Table(_) => Kind::Table,
            _ => return None,
        };
        self.losses.iter().find_map(|loss| match loss {
            Loss::Block(of, at, becomes) if *of == kind && at.contains(&place) => Some(*becomes),
            _ => None,
        })
    }

    fn block(&self, block: Block, place: Place) -> Vec<Block> {
        if let Some(becomes) = self.becomes(&block, place) {
            return self.degraded(block, place, becomes);
        }
        vec![match block {
            Block::Heading { level, content } => Block::Heading { level, content: self.inlines(content) },
            Block::Paragraph { content } => Block::Paragraph { content: self.inlines(content) },
            Block::List { start, items } => self.list(start, items),
            Block::Code { language, text } => {
                let known = |name: &String| {
                    !self
                        .losses
                        .iter()
                        .any(|loss| matches!(loss, Loss::Language(kept) if !kept.contains(&name.as_str())))
                };
                Block::Code { language: language.filter(known), text }
            }
            Block::Quote { blocks } => Block::Quote { blocks: self.blocks(blocks, Place::Quote) },
            Block::Panel { kind, blocks } => Block::Panel { kind, blocks: self.blocks(blocks, Place::Panel) },
            Block::Details { summary, blocks } => {
                let inner = if place == Place::Root { Place::Details } else { Place::InnerDetails };
                let summary = match self.has(|loss| matches!(loss, Loss::StyledSummary)) {
                    true => vec![Inline::text(plain_inline(&summary).replace('\n', " "))],
                    false => self.inlines(summary),
                };
                Block::Details { summary, blocks: self.blocks(blocks, inner) }
            }
            Block::Table(table) => Block::Table(self.table(table)),
            Block::Rule => Block::Rule,
        }]
    }

    fn degraded(&self, block: Block, place: Place, becomes: Becomes) -> Vec<Block> {
        let bold = |content| Block::Paragraph { content: self.inlines(vec![Inline::Strong { content }]) };
        match (block, becomes) {
            (_, Becomes::Nothing) => Vec::new(),
            (Block::Heading { content, .. }, _) => vec![bold(content)],
            (Block::Panel { kind, blocks }, Becomes::HeadedQuote) => {
                let mut inner = vec![bold(vec![Inline::text(format!("{kind:?}"))])];
                inner.extend(self.blocks(blocks, Place::Quote));
                vec![Block::Quote { blocks: inner }]
            }
            (Block::Quote { blocks } | Block::Panel { blocks, .. }, _) => self.blocks(blocks, place),
            (Block::Details { summary, blocks }, _) => {
                let mut out = vec![bold(summary)];
                out.extend(self.blocks(blocks, place));
                out
            }
            (Block::Table(table), Becomes::Rows { bold_head }) => {
                let mut rows = vec![table.head];
                rows.extend(table.rows);
                let mut out = Vec::new();
                for (nth, row) in rows.into_iter().enumerate() {
                    let mut content = Vec::new();
                    for cell in row.into_iter().filter(|cell| !cell.is_empty()) {
                        if !content.is_empty() {
                            content.push(Inline::text(" | "));
                        }
                        content.extend(cell);
                    }
                    let content = if nth == 0 && bold_head { vec![Inline::Strong { content }] } else { content };
                    out.push(Block::Paragraph { content: self.inlines(content) });
                }
                out
            }
            (block, _) => vec![block],
        }
    }

    fn list(&self, start: Option<u64>, items: Vec<ListItem>) -> Block {
        let start = start.map(|start| if self.has(|loss| matches!(loss, Loss::Start)) { 1 } else { start });
        let mut out = Vec::new();
        for item in items {
            let item = ListItem { task: item.task, blocks: self.blocks(item.blocks, Place::Item) };
            // An item can lose all that it held.
            let item = Doc { blocks: vec![Block::List { start, items: vec![item] }] };
            let Some(Block::List { items, .. }) = normal(&item).blocks.pop() else { continue };
            for item in items {
                match self.has(|loss| matches!(loss, Loss::ItemParagraphs)) {
                    true => out.extend(apart(item)),
                    false => out.push(item),
                }
            }
        }
        Block::List { start, items: out }
    }

    fn table(&self, table: Table) -> Table {
        let row = |cells: Vec<Vec<Inline>>| cells.into_iter().map(|cell| self.inlines(cell)).collect();
        let keeps = !self.has(|loss| matches!(loss, Loss::Alignment));
        Table {
            align: table.align.into_iter().map(|align| if keeps { align } else { Align::None }).collect(),
            head: row(table.head),
            rows: table.rows.into_iter().map(row).collect(),
        }
    }

    fn inlines(&self, content: Vec<Inline>) -> Vec<Inline> {
        let content = content.into_iter().flat_map(|inline| match inline {
            Inline::Link { url, content } if !self.keeps(&url) => self.inlines(content),
            inline => vec![self.inline(inline)],
        });
        match self.has(|loss| matches!(loss, Loss::StyledCode)) {
            true => content.flat_map(bare_code).collect(),
            false => content.collect(),
        }
    }

    fn keeps(&self, url: &str) -> bool {
        !self.losses.iter().any(|loss| matches!(loss, Loss::Links(kept) if !kept(url)))
    }

    fn inline(&self, inline: Inline) -> Inline {
        match inline {
            Inline::Text { text } if self.has(|loss| matches!(loss, Loss::NoBreakSpaces)) => {
                Inline::text(text.replace('\u{a0}', " "))
            }
            Inline::Strong { content } => Inline::Strong { content: self.inlines(content) },
            Inline::Emphasis { content } => Inline::Emphasis { content: self.inlines(content) },
            Inline::Strike { content } => Inline::Strike { content: self.inlines(content) },
            Inline::Link { url, content } => {
                let content = if self.has(|loss| matches!(loss, Loss::Images)) { named(content) } else { content };
                Inline::Link { url, content: self.inlines(content) }
            }
            Inline::Media { name, url } if self.has(|loss| matches!(loss, Loss::Images)) => {
                let name = if name.is_empty() { url.clone().unwrap_or_default() } else { name };
                let url = url.filter(|url| self.keeps(url)).unwrap_or_default();
                Inline::Link { url, content: vec![Inline::text(name)] }
            }
            inline => inline,
        }
    }
}

/// Running text with images replaced by their names.
fn named(content: Vec<Inline>) -> Vec<Inline> {
    let one = |inline| match inline {
        Inline::Media { name, url } => Inline::text(if name.is_empty() { url.unwrap_or_default() } else { name }),
        Inline::Strong { content } => Inline::Strong { content: named(content) },
        Inline::Emphasis { content } => Inline::Emphasis { content: named(content) },
        Inline::Strike { content } => Inline::Strike { content: named(content) },
        inline => inline,
    };
    content.into_iter().map(one).collect()
}

/// The inline with code taken out of bold, emphasis and strike.
fn bare_code(inline: Inline) -> Vec<Inline> {
    type Make = Box<dyn Fn(Vec<Inline>) -> Inline>;
    let (content, make): (Vec<Inline>, Make) = match inline {
        Inline::Strong { content } => (content, Box::new(|content| Inline::Strong { content })),
        Inline::Emphasis { content } => (content, Box::new(|content| Inline::Emphasis { content })),
        Inline::Strike { content } => (content, Box::new(|content| Inline::Strike { content })),
        Inline::Link { url, content } => {
            let link = move |inline: Inline| Inline::Link { url: url.clone(), content: vec![inline] };
            return content.into_iter().flat_map(bare_code).map(link).collect();
        }
        inline => return vec![inline],
    };
    let is_code = |inline: &Inline| match inline {
        Inline::Code { .. } => true,
        Inline::Link { content, .. } => matches!(&content[..], [Inline::Code { .. }]),
        _ => false,
    };
    let wrap = |inline: Inline| if is_code(&inline) { inline } else { make(vec![inline]) };
    content.into_iter().flat_map(bare_code).map(wrap).collect()
}

/// An item as the items it becomes where lines after a list belong to that list.
fn apart(item: ListItem) -> Vec<ListItem> {
    let mut out: Vec<ListItem> = Vec::new();
    let mut after_list = true;
    for block in item.blocks {
        let is_list = matches!(block, Block::List { .. });
        if out.is_empty() || (after_list && !is_list) {
            out.push(ListItem { task: if out.is_empty() { item.task } else { None }, blocks: Vec::new() });
        }
        let Some(last) = out.last_mut() else { continue };
        match (last.blocks.last_mut(), block) {
            (Some(Block::Paragraph { content }), Block::Paragraph { content: more }) => {
                content.push(Inline::Break);
                content.extend(more);
            }
            (Some(Block::List { start, items }), Block::List { start: other, items: more })
                if start.is_some() == other.is_some() =>
            {
                items.extend(more);
            }
            (_, block) => last.blocks.push(block),
        }
        after_list = is_list;
    }
    out
}

/// The meaning of a document.
pub fn meaning(doc: &Doc) -> String {
    let mut out = String::new();
    blocks(&normal(doc).blocks, 0, &mut out);
    out
}

fn put(indent: usize, text: &str, out: &mut String) {
    out.push_str(&"  ".repeat(indent));
    out.push_str(text);
    out.push('\n');
}

fn blocks(from: &[Block], indent: usize, out: &mut String) {
    for block in from {
        match block {
            Block::Heading { level, content } => put(indent, &format!("h{level} {}", words(content)), out),
            Block::Paragraph { content } => put(indent, &format!("p {}", words(content)), out),
            Block::List { start, items } => {
                put(indent, &format!("list {start:?}"), out);
                for item in items {
                    put(indent + 1, &format!("item {:?}", item.task), out);
                    blocks(&item.blocks, indent + 2, out);
                }
            }
            Block::Code { language, text } => put(indent, &format!("code {language:?} {text:?}"), out),
            Block::Quote { blocks: inner } => {
                put(indent, "quote", out);
                blocks(inner, indent + 1, out);
            }
            Block::Panel { kind, blocks: inner } => {
                put(indent, &format!("panel {kind:?}"), out);
                blocks(inner, indent + 1, out);
            }
            Block::Details { summary, blocks: inner } => {
                put(indent, &format!("fold {}", words(summary)), out);
                blocks(inner, indent + 1, out);
            }
            Block::Table(table) => {
                put(indent, &format!("table {:?}", table.align), out);
                for row in std::iter::once(&table.head).chain(&table.rows) {
                    let cells: Vec<String> = row.iter().map(|cell| words(cell)).collect();
                    put(indent + 1, &cells.join(" ¦ "), out);
                }
            }
            Block::Rule => put(indent, "rule", out),
        }
    }
}

/// The styles of a piece of text: bold, emphasis, strike, code, and where it links to.
#[derive(Clone, Default, PartialEq, Eq)]
struct Styles {
    marks: Vec<char>,
    url: String,
}

/// Running text, its pieces with their styles.
fn words(content: &[Inline]) -> String {
    let mut pieces: Vec<(String, Styles)> = Vec::new();
    gather(content, &Styles::default(), &mut pieces);
    let mut out = String::new();
    let mut last = Styles::default();
    let mut blank = true;
    for (text, styles) in pieces {
        for c in text.chars() {
            let is_blank = c.is_whitespace() && c != '\n' && !styles.marks.contains(&'`');
            if is_blank {
                if !blank {
                    out.push(' ');
                }
            } else if c == '\n' {
                out.truncate(out.trim_end_matches([' ', '⏎']).len());
                out.push('⏎');
            } else {
                if styles != last {
                    let marks: String = styles.marks.iter().collect();
                    out.push_str(&format!("⟨{marks}{}⟩", styles.url));
                    last = styles.clone();
                }
                out.push(c);
            }
            blank = is_blank || c == '\n';
        }
    }
    out.trim_matches([' ', '⏎']).to_owned()
}

fn gather(content: &[Inline], styles: &Styles, out: &mut Vec<(String, Styles)>) {
    let with = |mark: char| {
        let mut styles = styles.clone();
        if !styles.marks.contains(&mark) {
            styles.marks.push(mark);
            styles.marks.sort_unstable();
        }
        styles
    };
    for inline in content {
        match inline {
            Inline::Text { text } => out.push((text.clone(), styles.clone())),
            Inline::Code { text } => out.push((text.clone(), with('`'))),
            Inline::Strong { content } => gather(content, &with('*'), out),
            Inline::Emphasis { content } => gather(content, &with('_'), out),
            Inline::Strike { content } => gather(content, &with('~'), out),
            Inline::Link { url, content } => {
                // A mail address is linked wherever it stands.
                let shown = plain_inline(content);
                let bare = url.starts_with("mailto:") && (shown == *url || url.ends_with(&format!(":{shown}")));
                let url = if bare { String::new() } else { url.clone() };
                gather(content, &Styles { url, ..styles.clone() }, out);
            }
            Inline::Mention { name, .. } => out.push((format!("@{name}"), styles.clone())),
            Inline::Media { name, url } => {
                let url = format!("image {}", url.as_deref().unwrap_or_default());
                out.push((name.clone(), Styles { url, ..styles.clone() }));
            }
            Inline::Break => out.push(("\n".to_owned(), styles.clone())),
        }
    }
}
