//! The normal form of a document: what Markdown can hold of it, said in one way.
//!
//! In: any [`Doc`]. Out: the same text and meaning with equal neighbours merged, styles not nested in themselves,
//! nothing empty, no control characters, no spaces at line ends, and at most [`MAX_DEPTH`] containers inside each
//! other; what stands deeper is plain text. Normal documents stay as they are.

use super::{Block, Doc, Inline, ListItem, Table, plain_blocks};

/// How many containers may stand inside each other.
pub const MAX_DEPTH: usize = 24;

/// The largest number that may start an ordered list (CommonMark, section 5.2: nine digits).
const MAX_START: u64 = 999_999_999;

/// The widest table kept; columns beyond it are left out.
const MAX_COLUMNS: usize = 200;

/// A document's normal form.
pub fn normal(doc: &Doc) -> Doc {
    Doc { blocks: blocks(&doc.blocks, 0) }
}

/// The normal form but for mentions, which stay nodes: what readers of dialects that know people by id return.
pub(super) fn with_mentions(doc: &Doc) -> Doc {
    Doc { blocks: Form { mentions: true }.blocks(&doc.blocks, 0) }
}

/// Blocks below `depth` containers.
pub(super) fn blocks(from: &[Block], depth: usize) -> Vec<Block> {
    Form { mentions: false }.blocks(from, depth)
}

/// How blocks are brought into their form.
#[derive(Clone, Copy)]
struct Form {
    /// Mentions stay nodes; else they are text.
    mentions: bool,
}

impl Form {
    /// Blocks below `depth` containers.
    fn blocks(self, from: &[Block], depth: usize) -> Vec<Block> {
        from.iter().filter_map(|b| self.block(b, depth)).collect()
    }

    /// A block below `depth` containers, `None` when nothing is in it.
    fn block(self, from: &Block, depth: usize) -> Option<Block> {
        let container =
            !matches!(from, Block::Heading { .. } | Block::Paragraph { .. } | Block::Code { .. } | Block::Rule);
        if container && depth >= MAX_DEPTH {
            let mut text = String::new();
            plain_blocks(std::slice::from_ref(from), &mut text);
            return filled(self.inlines(vec![Inline::text(text)])).map(|content| Block::Paragraph { content });
        }
        match from {
            Block::Heading { level, content } => {
                let level = (*level).clamp(1, 6);
                filled(self.inlines(content.clone())).map(|content| Block::Heading { level, content })
            }
            Block::Paragraph { content } => {
                filled(self.inlines(content.clone())).map(|content| Block::Paragraph { content })
            }
            Block::List { start, items } => {
                let items = items.iter().map(|i| self.item(i, depth + 1)).filter(|i| !i.blocks.is_empty()).collect();
                filled(items).map(|items| Block::List { start: start.map(|s| s.min(MAX_START)), items })
            }
            Block::Code { language, text } => Some(Block::Code {
                language: language.as_deref().map(super::markdown::language).filter(|l| !l.is_empty()),
                text: code_text(text),
            }),
            Block::Quote { blocks: inner } => {
                filled(self.blocks(inner, depth + 1)).map(|blocks| Block::Quote { blocks })
            }
            Block::Table(from) => self.table(from).map(Block::Table),
            Block::Rule => Some(Block::Rule),
            Block::Panel { kind, blocks: inner } => {
                filled(self.blocks(inner, depth + 1)).map(|blocks| Block::Panel { kind: *kind, blocks })
            }
            Block::Details { summary, blocks: inner } => {
                let (summary, blocks) = (self.inlines(summary.clone()), self.blocks(inner, depth + 1));
                (!summary.is_empty() || !blocks.is_empty()).then_some(Block::Details { summary, blocks })
            }
        }
    }

    /// An item; a task needs a paragraph to stand before.
    fn item(self, from: &ListItem, depth: usize) -> ListItem {
        let blocks = self.blocks(&from.blocks, depth);
        let task = from.task.filter(|_| matches!(blocks.first(), Some(Block::Paragraph { .. })));
        ListItem { task, blocks }
    }

    /// A table with rows of one length, `None` when it has no column.
    fn table(self, from: &Table) -> Option<Table> {
        let columns = from.align.len().min(MAX_COLUMNS);
        let row = |cells: &Vec<Vec<Inline>>| {
            let mut cells: Vec<_> = cells.iter().take(columns).map(|c| self.inlines(c.clone())).collect();
            cells.resize(columns, Vec::new());
            cells
        };
        (columns > 0).then(|| Table {
            align: from.align[..columns].to_vec(),
            head: row(&from.head),
            rows: from.rows.iter().map(row).collect(),
        })
    }

    /// Running text in normal form, as it stands on lines of its own.
    fn inlines(self, from: Vec<Inline>) -> Vec<Inline> {
        trim(run(from, Styles { mentions: self.mentions, ..Styles::default() }))
    }
}

/// The list, unless it is empty.
fn filled<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// Code without control characters, lines ended by `\n`.
fn code_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The styles in effect around a piece of running text.
#[derive(Clone, Copy, Default)]
struct Styles {
    strong: bool,
    emphasis: bool,
    strike: bool,
    link: bool,
    /// Mentions stay nodes.
    mentions: bool,
}

/// Running text inside `styles`: flattened, merged, filled.
fn run(from: Vec<Inline>, styles: Styles) -> Vec<Inline> {
    let mut out = Vec::with_capacity(from.len());
    for inline in from {
        piece(inline, styles, &mut out);
    }
    out
}

/// Appends one inline in normal form.
fn piece(inline: Inline, styles: Styles, out: &mut Vec<Inline>) {
    match inline {
        Inline::Text { text } => text_piece(&text, out),
        Inline::Code { text } => {
            let text = code_text(&text).replace('\n', " ");
            if !text.is_empty() {
                push(Inline::Code { text }, out);
            }
        }
        Inline::Strong { content } if styles.strong => content.into_iter().for_each(|i| piece(i, styles, out)),
        Inline::Emphasis { content } if styles.emphasis => content.into_iter().for_each(|i| piece(i, styles, out)),
        Inline::Strike { content } if styles.strike => content.into_iter().for_each(|i| piece(i, styles, out)),
        Inline::Link { content, .. } if styles.link => content.into_iter().for_each(|i| piece(i, styles, out)),
        Inline::Strong { content } => {
            let content = run(content, Styles { strong: true, ..styles });
            push(Inline::Strong { content }, out);
        }
        Inline::Emphasis { content } => {
            let content = run(content, Styles { emphasis: true, ..styles });
            push(Inline::Emphasis { content }, out);
        }
        Inline::Strike { content } => {
            let content = run(content, Styles { strike: true, ..styles });
            push(Inline::Strike { content }, out);
        }
        Inline::Link { url, content } => link(&url, content, styles, out),
        Inline::Mention { id, name } if styles.mentions => mention(&id, &name, out),
        Inline::Mention { name, .. } => text_piece(&format!("@{name}"), out),
        Inline::Media { name, url } => media(&name, url.as_deref(), out),
        Inline::Break => push(Inline::Break, out),
    }
}

/// Appends a mention, its name on one line.
fn mention(id: &str, name: &str, out: &mut Vec<Inline>) {
    let clean = |text: &str| {
        text.split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (id, name) = (clean(id), clean(name));
    if !id.is_empty() || !name.is_empty() {
        push(Inline::Mention { id, name }, out);
    }
}

/// Appends text; its newlines are line breaks.
fn text_piece(text: &str, out: &mut Vec<Inline>) {
    for (nth, line) in text.split('\n').enumerate() {
        if nth > 0 {
            push(Inline::Break, out);
        }
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        if !line.is_empty() {
            push(Inline::Text { text: line }, out);
        }
    }
}

/// Appends a link; without an address only its text, and a bare mail address is text.
fn link(url: &str, content: Vec<Inline>, styles: Styles, out: &mut Vec<Inline>) {
    let url = clean_url(url);
    let mut content = run(content, Styles { link: true, ..styles });
    if content.is_empty() && !url.is_empty() {
        content.push(Inline::text(url.clone()));
    }
    let bare_mail = matches!(&content[..], [Inline::Text { text }]
        if url.strip_prefix("mailto:") == Some(text) || (url == *text && is_mail(&url)));
    if url.is_empty() || bare_mail {
        content.into_iter().for_each(|i| push(i, out));
    } else {
        push(Inline::Link { url, content }, out);
    }
}

/// Does the address itself name a mailbox?
fn is_mail(url: &str) -> bool {
    !url.contains("://") && (url.contains("mailto:") || url.contains("xmpp:"))
}

/// Appends a medium; without an address its name.
fn media(name: &str, url: Option<&str>, out: &mut Vec<Inline>) {
    let name: String = name.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match url.map(clean_url).filter(|u| !u.is_empty()) {
        Some(url) => push(Inline::Media { name, url: Some(url) }, out),
        None => text_piece(&name, out),
    }
}

/// An address in which nothing can end a link: spaces, quotes, brackets, backslashes and pipes percent-encoded.
fn clean_url(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.trim().chars().filter(|c| !c.is_control()) {
        if c.is_whitespace() || matches!(c, '<' | '>' | '`' | '\\' | '|' | '"' | '\u{feff}') {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Appends an inline, merged with its neighbour where both are of one kind; an empty style is left out.
fn push(inline: Inline, out: &mut Vec<Inline>) {
    match (out.last_mut(), inline) {
        (_, Inline::Strong { content } | Inline::Emphasis { content } | Inline::Strike { content })
            if content.is_empty() => {}
        (Some(Inline::Text { text }), Inline::Text { text: more })
        | (Some(Inline::Code { text }), Inline::Code { text: more }) => text.push_str(&more),
        (Some(Inline::Strong { content }), Inline::Strong { content: more })
        | (Some(Inline::Emphasis { content }), Inline::Emphasis { content: more })
        | (Some(Inline::Strike { content }), Inline::Strike { content: more }) => {
            more.into_iter().for_each(|i| push(i, content));
        }
        (_, inline) => out.push(inline),
    }
}

/// Takes spaces away beside line breaks, in all styles, and at the edges, with breaks there.
fn trim(from: Vec<Inline>) -> Vec<Inline> {
    let mut out = beside_breaks(from, true);
    while matches!(out.last(), Some(Inline::Break)) || trim_end(&mut out) {
        out.pop_if(|last| matches!(last, Inline::Break));
    }
    out
}

/// Takes spaces away beside line breaks; with `edge`, breaks and spaces at the start too.
fn beside_breaks(from: Vec<Inline>, edge: bool) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(from.len());
    for mut inline in from {
        if let Inline::Strong { content }
        | Inline::Emphasis { content }
        | Inline::Strike { content }
        | Inline::Link { content, .. } = &mut inline
        {
            *content = beside_breaks(std::mem::take(content), false);
        }
        let fresh = out.last().map_or(edge, |last| matches!(last, Inline::Break));
        match inline {
            Inline::Text { text } if fresh => {
                let text = text.trim_start_matches([' ', '\t']);
                if !text.is_empty() {
                    out.push(Inline::text(text));
                }
            }
            Inline::Break => {
                trim_end(&mut out);
                if !(edge && out.is_empty()) {
                    out.push(Inline::Break);
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// Takes spaces off the end of the last text; did the text vanish?
fn trim_end(out: &mut Vec<Inline>) -> bool {
    let Some(Inline::Text { text }) = out.last_mut() else { return false };
    text.truncate(text.trim_end_matches([' ', '\t']).len());
    let empty = text.is_empty();
    if empty {
        out.pop();
    }
    empty
}
