//! Wiki markup → [`Doc`].
//!
//! In: any text. Out: a document in normal form, mentions as nodes. Jira reads line by line, and so does this: a line
//! is a heading, an item, a row, a rule or text; text goes on until a line is empty. Containers nest as far as
//! [`MAX_DEPTH`]; a tag with nothing to open or close is left out.

use super::{
    PANELS, inline,
    list::Lists,
    pieces::{Piece, parameter, pieces},
    row,
};
use crate::richtext::{
    Block, Doc, Inline, PanelKind,
    cells::{self, Cell},
    normal::{self, MAX_DEPTH},
};

/// Reads wiki markup. Never fails.
pub fn read(wiki: &str) -> Doc {
    let wiki = wiki.strip_prefix('\u{feff}').unwrap_or(wiki).replace("\r\n", "\n").replace('\r', "\n");
    let pieces = pieces(&wiki);
    let mut reader = Reader { stack: vec![Frame::default()] };
    for (nth, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => reader.text(text, nth > 0, nth + 1 < pieces.len()),
            Piece::Code { language, text } => reader.code(*language, text),
            Piece::Tag { name, params } => reader.tag(name, params),
        }
    }
    normal::with_mentions(&Doc { blocks: reader.finish() })
}

/// A container being read.
#[derive(Default)]
struct Frame<'a> {
    /// The macro's name; empty for the document.
    name: &'a str,
    params: &'a str,
    blocks: Vec<Block>,
    open: Open,
}

/// The block that lines are still added to.
#[derive(Default)]
enum Open {
    #[default]
    None,
    Paragraph(Vec<Inline>),
    List(Lists),
    /// The rows that are whole, and the text of one that is not.
    Table(Vec<Vec<Cell>>, String),
}

/// Reads pieces.
struct Reader<'a> {
    stack: Vec<Frame<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads text; `joins` when its first line goes on where another piece ended, `goes_on` when its last one will.
    fn text(&mut self, text: &str, joins: bool, goes_on: bool) {
        let last = text.split('\n').count() - 1;
        for (nth, line) in text.split('\n').enumerate() {
            let part = (nth == 0 && joins) || (nth == last && goes_on);
            let line = line.trim_start_matches([' ', '\t']);
            // The marker of an item may stand right before code.
            let line = if nth == last && goes_on { line } else { line.trim_end_matches([' ', '\t']) };
            match line.is_empty() {
                false => self.line(line),
                true if part => {}
                true => self.frame().close(),
            }
        }
    }

    /// The innermost container.
    fn frame(&mut self) -> &mut Frame<'a> {
        if self.stack.is_empty() {
            self.stack.push(Frame::default());
        }
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    /// Reads a line that is not empty.
    fn line(&mut self, line: &str) {
        let frame = self.frame();
        if let Some((level, text)) = heading(line) {
            frame.close();
            frame.blocks.push(Block::Heading { level, content: inline::read(text) });
        } else if let Some(text) = line.strip_prefix("bq.").filter(|text| text.starts_with([' ', '\t'])) {
            frame.close();
            let blocks = vec![Block::Paragraph { content: inline::read(text) }];
            frame.blocks.push(Block::Quote { blocks });
        } else if line.len() >= 4 && line.bytes().all(|b| b == b'-') {
            frame.close();
            frame.blocks.push(Block::Rule);
        } else if line.starts_with('|') {
            frame.row(line);
        } else if let Some((markers, text)) = item(line) {
            frame.item(markers, text);
        } else {
            frame.words(line);
        }
    }

    /// Reads a block of code.
    fn code(&mut self, language: Option<&str>, text: &str) {
        let frame = self.frame();
        match &mut frame.open {
            Open::List(lists) => lists.block(code(language, text)),
            Open::Table(_, row) if !row.is_empty() => {
                row.push_str(&text.replace('|', "&#124;").replace('\n', "\\\\ "));
            }
            _ => {
                frame.close();
                frame.blocks.push(code(language, text));
            }
        }
    }

    /// Reads the tag of a container: it closes the one of its name, or opens one.
    fn tag(&mut self, name: &'a str, params: &'a str) {
        let is_open = params.is_empty().then(|| self.stack.iter().rposition(|frame| frame.name == name)).flatten();
        match is_open {
            Some(at) => {
                while self.stack.len() > at {
                    self.leave();
                }
            }
            None if self.stack.len() < MAX_DEPTH => {
                self.frame().close();
                self.stack.push(Frame { name, params, ..Frame::default() });
            }
            None => {}
        }
    }

    /// Puts the innermost container into the one around it.
    fn leave(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        frame.close();
        let blocks = container(frame);
        self.frame().blocks.extend(blocks);
    }

    /// All blocks read.
    fn finish(mut self) -> Vec<Block> {
        while self.stack.len() > 1 {
            self.leave();
        }
        let frame = self.frame();
        frame.close();
        std::mem::take(&mut frame.blocks)
    }
}

impl Frame<'_> {
    /// Ends the block that lines were added to.
    fn close(&mut self) {
        match std::mem::take(&mut self.open) {
            Open::None => {}
            Open::Paragraph(content) => self.blocks.push(Block::Paragraph { content }),
            Open::List(lists) => self.blocks.extend(lists.finish()),
            Open::Table(mut rows, row) => {
                if !row.is_empty() {
                    rows.push(row::cells(&row));
                }
                self.blocks.extend(cells::table(rows).map(Block::Table));
            }
        }
    }

    /// Reads a line that begins a row.
    fn row(&mut self, line: &str) {
        if !matches!(self.open, Open::Table(..)) {
            self.close();
            self.open = Open::Table(Vec::new(), String::new());
        }
        if let Open::Table(rows, row) = &mut self.open {
            if !row.is_empty() {
                rows.push(row::cells(row));
                row.clear();
            }
            if is_whole(line) {
                rows.push(row::cells(line));
            } else {
                row.push_str(line);
            }
        }
    }

    /// Reads an item of a list.
    fn item(&mut self, markers: &str, text: &str) {
        if !matches!(self.open, Open::List(_)) {
            self.close();
            self.open = Open::List(Lists::default());
        }
        if let Open::List(lists) = &mut self.open {
            lists.item(markers, inline::read(text));
        }
    }

    /// Reads a line of text, which goes on with what is open.
    fn words(&mut self, line: &str) {
        match &mut self.open {
            Open::Paragraph(content) => {
                content.push(Inline::Break);
                content.extend(inline::read(line));
            }
            Open::List(lists) => lists.line(inline::read(line)),
            Open::Table(rows, row) if !row.is_empty() => {
                row.push('\n');
                row.push_str(line);
                if is_whole(line) {
                    rows.push(row::cells(row));
                    row.clear();
                }
            }
            Open::None | Open::Table(..) => {
                self.close();
                self.open = Open::Paragraph(inline::read(line));
            }
        }
    }
}

/// Does the line end a row?
fn is_whole(line: &str) -> bool {
    line.len() > 1 && line.ends_with('|') && !line.ends_with("\\|")
}

/// The level and the text of a heading: `h1. text`.
fn heading(line: &str) -> Option<(u8, &str)> {
    let rest = line.strip_prefix('h')?;
    let level = rest.bytes().next().filter(|b| (b'1'..=b'6').contains(b))?;
    let text = rest[1..].strip_prefix('.')?;
    (text.is_empty() || text.starts_with([' ', '\t'])).then_some((level - b'0', text))
}

/// The markers and the text of an item. Two or three dashes are a dash, not a list in a list.
fn item(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|c| !matches!(c, '*' | '#' | '-'))?;
    let (markers, text) = line.split_at(end);
    (!markers.is_empty() && !markers.starts_with("--") && text.starts_with([' ', '\t'])).then_some((markers, text))
}

/// A block of code.
fn code(language: Option<&str>, text: &str) -> Block {
    Block::Code { language: language.map(str::to_owned), text: text.to_owned() }
}

/// The blocks that a macro makes of what it holds.
fn container(frame: Frame<'_>) -> Vec<Block> {
    let mut blocks = frame.blocks;
    let titled = parameter(frame.params, "title");
    let kind = match frame.name {
        "quote" => return vec![Block::Quote { blocks }],
        "expand" => {
            let summary = inline::read(titled.unwrap_or(frame.params));
            return vec![Block::Details { summary, blocks }];
        }
        "tip" => PanelKind::Tip,
        "note" => PanelKind::Important,
        "warning" => PanelKind::Warning,
        "info" => PanelKind::Note,
        "panel" => match PANELS.iter().find(|(_, title)| titled == Some(title)) {
            Some((kind, _)) => return vec![Block::Panel { kind: *kind, blocks }],
            None => PanelKind::Note,
        },
        _ => return blocks,
    };
    if let Some(title) = titled {
        blocks.insert(0, Block::Paragraph { content: vec![Inline::Strong { content: inline::read(title) }] });
    }
    vec![Block::Panel { kind, blocks }]
}
