//! A ticket's documents as a flat list of lines, each with its shape, its role and its place.

use super::{
    Found, form,
    headings::{self, Role},
};
use crate::{
    model::{
        plan::Place,
        ticket::{FieldRole, Ticket},
    },
    planner::words::clean,
    richtext::{Block, Doc, Inline, ListItem, Table},
};

/// The deepest nesting that is walked.
const DEEPEST: usize = 24;

/// What a line was in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Prose,
    Item,
    /// A checkbox: ticked or not.
    Task(bool),
    Code,
    /// Someone else's words, quoted.
    Quote,
}

/// A line of the ticket.
#[derive(Clone, Debug)]
pub struct Line {
    /// Clean and in one line; code keeps its leading spaces.
    pub text: String,
    pub shape: Shape,
    pub role: Role,
    pub place: Place,
    /// Written by a maintainer in a comment.
    pub by_maintainer: bool,
    /// Texts in code marks.
    pub codes: Vec<String>,
}

impl Line {
    /// The line with its place; a colon that only led over to the next block is gone.
    pub fn found(&self) -> Found {
        Found { text: self.text.trim_end_matches([':', '：', ' ']).to_owned(), place: self.place.clone() }
    }

    /// Written in a comment.
    pub fn in_comment(&self) -> bool {
        matches!(self.place, Place::Comment { .. })
    }
}

/// All lines of body, fields and comments, in that order.
pub fn of(ticket: &Ticket) -> Vec<Line> {
    let mut out = Vec::new();
    Walk::new(&mut out, Place::Body, Role::Free).doc(&ticket.body);
    for field in &ticket.fields {
        let role = match field.role {
            FieldRole::AcceptanceCriteria => Role::Criteria,
            // Bugs of Azure DevOps have this field in place of a description.
            FieldRole::ReproductionSteps if ticket.body.blocks.is_empty() => Role::Free,
            FieldRole::ReproductionSteps => Role::Reproduce,
            FieldRole::Other => headings::role(&field.name).unwrap_or_default(),
        };
        Walk::new(&mut out, Place::Field { name: clean(&field.name) }, role).doc(&field.content);
    }
    for comment in &ticket.comments {
        let date = comment.created_at.chars().take(10).collect();
        let mut walk = Walk::new(&mut out, Place::Comment { author: clean(&comment.author.name), date }, Role::Free);
        walk.by_maintainer = comment.by_maintainer;
        walk.doc(&comment.content);
    }
    out
}

/// Walks one document.
struct Walk<'a> {
    out: &'a mut Vec<Line>,
    place: Place,
    /// The role where no heading says another.
    base: Role,
    role: Role,
    /// The level of the heading that set the role; `None` for a label in bold or with a colon.
    level: Option<u8>,
    by_maintainer: bool,
    /// The document tells under a label what was changed.
    tells_change: bool,
    /// The last line goes on in the next paragraph.
    is_open: bool,
}

impl<'a> Walk<'a> {
    fn new(out: &'a mut Vec<Line>, place: Place, base: Role) -> Self {
        Self { out, place, base, role: base, level: None, by_maintainer: false, tells_change: false, is_open: false }
    }

    fn doc(&mut self, doc: &Doc) {
        self.blocks(&doc.blocks, 0, None);
    }

    fn blocks(&mut self, blocks: &[Block], depth: usize, quoted: Option<Shape>) {
        if depth > DEEPEST {
            return;
        }
        for (at, block) in blocks.iter().enumerate() {
            match block {
                Block::Code { text, .. } if self.goes_on(text, blocks.get(at + 1)) => self.insert(text),
                Block::Heading { level, content } => self.heading(*level, &prose(content)),
                Block::Paragraph { content } => {
                    let leads = matches!(blocks.get(at + 1), Some(Block::List { .. }));
                    self.paragraph(content, quoted.unwrap_or(Shape::Prose), leads);
                }
                Block::List { items, .. } => items.iter().for_each(|item| self.item(item, depth, quoted)),
                Block::Code { text, .. } => text.lines().for_each(|l| self.push(code_line(l), Shape::Code, Vec::new())),
                Block::Quote { blocks } => self.blocks(blocks, depth + 1, Some(Shape::Quote)),
                Block::Panel { blocks, .. } => self.blocks(blocks, depth + 1, quoted),
                Block::Details { summary, blocks } => {
                    self.paragraph(summary, quoted.unwrap_or(Shape::Prose), false);
                    self.blocks(blocks, depth + 1, quoted);
                }
                Block::Table(table) => self.table(table, quoted.unwrap_or(Shape::Item)),
                Block::Rule => {}
            }
        }
    }

    /// The rows, a line each. A table of one row below a colon belongs to the sentence above it: `name value` pairs.
    fn table(&mut self, table: &Table, shape: Shape) {
        let cells = |row: &[Vec<Inline>]| -> Vec<String> { row.iter().map(|cell| clean(&prose(cell))).collect() };
        let leads = self.out.last().is_some_and(|l| l.shape == Shape::Prose && l.text.ends_with([':', '：']));
        if let ([row], true) = (table.rows.as_slice(), leads) {
            let pairs = cells(&table.head).into_iter().zip(cells(row)).map(|(name, value)| format!("{name} {value}"));
            let text = pairs.map(|pair| pair.trim().to_owned()).collect::<Vec<_>>().join(", ");
            return self.push(text, shape, Vec::new());
        }
        for row in &table.rows {
            self.push(cells(row).join(" · "), shape, Vec::new());
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        let text = clean(text);
        match headings::role(&text) {
            Some(role) => (self.role, self.level) = (role, Some(level)),
            // A deeper heading stays inside the section above it.
            None if self.level.is_some_and(|above| level > above) => {}
            None => (self.role, self.level) = (self.base, None),
        }
        if matches!(self.place, Place::Body | Place::Section { .. }) {
            self.place = Place::Section { heading: crate::planner::words::shorten(&text, 60) };
        }
    }

    /// Is the code part of a sentence that the next paragraph ends: “When run like / `code` / the output is …”?
    fn goes_on(&self, code: &str, next: Option<&Block>) -> bool {
        let Some(Block::Paragraph { content }) = next else { return false };
        let is_one_line = code.trim().lines().count() == 1 && code.trim().chars().count() <= 100;
        let is_led = self.out.last().is_some_and(|l| {
            l.shape == Shape::Prose && l.place == self.place && !l.text.ends_with(['.', '!', '?', ';'])
        });
        is_one_line && is_led && !code.contains('`') && prose(content).starts_with(|c: char| c.is_lowercase())
    }

    /// Puts a line of code into the sentence that led to it.
    fn insert(&mut self, code: &str) {
        if let Some(last) = self.out.last_mut() {
            let code = clean(code.trim().trim_start_matches("$ "));
            last.text = format!("{} `{code}`", last.text.trim_end_matches([':', '：', ' ']));
            last.codes.push(code);
            self.is_open = true;
        }
    }

    /// A paragraph; one that leads to a list may be nothing but the list's label.
    fn paragraph(&mut self, content: &[Inline], shape: Shape, leads: bool) {
        let mut pieces = pieces(content).into_iter();
        if std::mem::take(&mut self.is_open)
            && let Some(last) = self.out.last_mut()
            && let Some((text, codes, _)) = pieces.next()
        {
            last.text = format!("{} {text}", last.text);
            last.codes.extend(codes);
        }
        let is_alone = pieces.len() == 1 && leads;
        for (text, codes, is_bold) in pieces {
            if (is_bold || is_alone)
                && let Some(role) = headings::role(&text)
            {
                (self.role, self.level) = (role, None);
                continue;
            }
            let parts = headings::labelled(&text);
            let of = |part: &str| codes.iter().filter(|c| parts.len() == 1 || part.contains(*c)).cloned().collect();
            parts.iter().for_each(|part| self.part(part, of(part), shape));
        }
    }

    /// A part of a paragraph: a label, a label with its text, or text.
    fn part(&mut self, text: &str, codes: Vec<String>, shape: Shape) {
        if self.tells_change && text.ends_with(':') && headings::is_result(text) {
            (self.role, self.level) = (Role::Expected, None);
            return;
        }
        self.tells_change |= text.ends_with(':') && headings::is_modification(text);
        match headings::label(text) {
            Some((role, "")) => (self.role, self.level) = (role, None),
            Some((role, rest)) => {
                let before = std::mem::replace(&mut self.role, role);
                self.push(rest.to_owned(), shape, codes);
                self.role = before;
            }
            None => {
                // A label's list has ended when prose follows it.
                if shape == Shape::Prose && self.level.is_none() && self.label_is_over() {
                    self.role = self.base;
                }
                self.push(text.to_owned(), shape, codes);
            }
        }
    }

    /// Did items already follow the label that set the role?
    fn label_is_over(&self) -> bool {
        self.role != self.base
            && self.out.last().is_some_and(|l| l.role == self.role && matches!(l.shape, Shape::Item | Shape::Task(_)))
    }

    fn item(&mut self, item: &ListItem, depth: usize, quoted: Option<Shape>) {
        let shape = item.task.map_or(Shape::Item, Shape::Task);
        let mut blocks = item.blocks.iter().peekable();
        if let Some(Block::Paragraph { content }) = blocks.peek() {
            let text = clean(&prose(content));
            let role = self.role;
            if item.task.is_some() && form::is_of_reporter(&text) {
                self.role = Role::Environment;
            }
            match headings::label(&text) {
                Some((role, rest)) if !rest.is_empty() && role != Role::Criteria => {
                    let before = std::mem::replace(&mut self.role, role);
                    self.push(rest.to_owned(), quoted.unwrap_or(shape), codes(content));
                    self.role = before;
                }
                _ => self.push(text, quoted.unwrap_or(shape), codes(content)),
            }
            self.role = role;
            blocks.next();
        }
        for block in blocks {
            self.blocks(std::slice::from_ref(block), depth + 1, quoted);
        }
    }

    fn push(&mut self, text: String, shape: Shape, codes: Vec<String>) {
        if !text.trim().is_empty() {
            let (role, place, by_maintainer) = (self.role, self.place.clone(), self.by_maintainer);
            self.out.push(Line { text, shape, role, place, by_maintainer, codes });
        }
    }
}

/// The lines of a paragraph, each with its codes and whether it is all bold; lines that were only wrapped are joined.
fn pieces(content: &[Inline]) -> Vec<(String, Vec<String>, bool)> {
    let mut out: Vec<(String, Vec<String>, bool)> = Vec::new();
    let lines: Vec<(&[Inline], String)> =
        content.split(|inline| matches!(inline, Inline::Break)).map(|piece| (piece, clean(&prose(piece)))).collect();
    let widest = lines.iter().map(|(_, text)| text.chars().count()).max().unwrap_or_default();
    let mut before = "";
    for (piece, text) in &lines {
        match out.last_mut() {
            Some((last, known, _)) if last.len() < 2_000 && is_wrapped(before, text, widest) => {
                last.push(' ');
                last.push_str(text);
                known.extend(codes(piece));
            }
            _ => {
                let is_bold = matches!(piece, [Inline::Strong { .. }]) && text.chars().count() <= 60;
                out.push((text.clone(), codes(piece), is_bold));
            }
        }
        before = text;
    }
    out
}

/// Does a line go on in the next one? It is long, ends in the middle of a sentence, and the next begins in small letters,
/// or with a word that the line had no room for.
fn is_wrapped(line: &str, next: &str, widest: usize) -> bool {
    let is_open = !line.ends_with(['.', '!', '?', ':', ';', '。', '！', '？']) && !next.is_empty();
    let width = line.chars().count();
    let is_small = next.starts_with(|c: char| c.is_lowercase() || c == '`');
    // Nobody ends a line with such a word.
    let is_cut =
        [" a", " an", " and", " by", " for", " from", " in", " of", " on", " or", " that", " the", " to", " with"]
            .iter()
            .any(|word| line.ends_with(word));
    let first = next.split(' ').next().unwrap_or_default().chars().count();
    let is_full = width >= 60 && width + 1 + first > widest;
    let goes_on = (is_small || is_cut) && width >= 30 || is_full && !starts_gherkin(next);
    is_open && headings::label(next).is_none() && goes_on
}

/// Does the line begin with a word of Gherkin?
fn starts_gherkin(line: &str) -> bool {
    ["Given ", "When ", "Then ", "And ", "But ", "Scenario"].iter().any(|word| line.starts_with(word))
}

/// A line of code: hidden characters gone, indentation kept, at most 400 characters.
fn code_line(line: &str) -> String {
    line.chars().filter(|c| *c == '\t' || !crate::planner::words::is_hidden(*c)).take(400).collect()
}

/// Texts in code marks, at any depth that people write.
fn codes(content: &[Inline]) -> Vec<String> {
    let mut out = Vec::new();
    let mut stack: Vec<&Inline> = content.iter().rev().collect();
    while let Some(inline) = stack.pop() {
        match inline {
            Inline::Code { text } => out.push(clean(text)),
            Inline::Strong { content }
            | Inline::Emphasis { content }
            | Inline::Strike { content }
            | Inline::Link { content, .. } => stack.extend(content.iter().rev()),
            _ => {}
        }
    }
    out
}

/// Running text as prose: code in backticks, all other formatting gone.
fn prose(content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        match inline {
            Inline::Code { text } if !text.contains('`') && !text.trim().is_empty() => {
                out.push('`');
                out.push_str(text);
                out.push('`');
            }
            // What the author struck out is no longer said.
            Inline::Strike { .. } => {}
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                out.push_str(&prose(content));
            }
            other => out.push_str(&crate::richtext::plain_inline(std::slice::from_ref(other))),
        }
    }
    out
}
