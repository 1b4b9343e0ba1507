//! HTML → [`Doc`].
//!
//! In: HTML as the editors of Azure DevOps write it, or any text. Out: a document in normal form, mentions as nodes.
//! No-break spaces are spaces. Reads the tags in one pass and never recurses.

use std::sync::Arc;

use super::build::{Builder, Element};
use crate::richtext::{
    Align, Block, Doc, Inline, address,
    cells::{Cell, box_mark},
    normal, plain_inline,
    runs::{Run, Styles, nest},
    tags::{self, Style, Token, attribute},
};

/// Reads HTML. Never fails.
pub fn read(html: &str) -> Doc {
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let mut reader =
        Reader { builder: Builder::new(), inside: Inside::default(), around: Vec::new(), pre: None, mention: None };
    for token in tags::page_tokens(html) {
        match token {
            Token::Text(text) => reader.text(&tags::decode(text)),
            Token::Open(name, rest) => reader.start(&name, rest),
            Token::Close(name) => reader.end(&name),
        }
    }
    normal::with_mentions(&Doc { blocks: reader.finish() })
}

/// The styles in effect: how many elements of each are open.
#[derive(Clone, Debug, Default)]
struct Inside {
    strong: usize,
    emphasis: usize,
    strike: usize,
    code: usize,
    url: Option<Arc<str>>,
}

/// Preformatted text being read.
struct Pre {
    language: Option<String>,
    text: String,
}

/// A mention being read.
struct Mention {
    id: String,
    /// How many runs stood before it.
    from: usize,
}

/// Reads tags.
struct Reader {
    builder: Builder,
    inside: Inside,
    /// The styles around each open cell and item, which end with it.
    around: Vec<Inside>,
    pre: Option<Pre>,
    mention: Option<Mention>,
}

impl Reader {
    /// Reads text.
    fn text(&mut self, text: &str) {
        if let Some(pre) = &mut self.pre {
            pre.text.push_str(text);
            return;
        }
        let inside = &self.inside;
        let styles = Styles {
            url: inside.url.clone(),
            strong: inside.strong > 0,
            emphasis: inside.emphasis > 0,
            strike: inside.strike > 0,
        };
        let is_code = inside.code > 0;
        let runs = self.builder.runs();
        let text = if is_code { text.replace(['\n', '\r'], " ") } else { collapse(text, ends_blank(runs)) };
        if !text.is_empty() {
            let leaf = if is_code { Inline::Code { text } } else { Inline::Text { text } };
            runs.push(Run { styles, leaf });
        }
    }

    /// Appends a leaf in the styles of a link alone.
    fn leaf(&mut self, leaf: Inline) {
        let styles = Styles { url: self.inside.url.clone(), ..Styles::default() };
        self.builder.runs().push(Run { styles, leaf });
    }

    /// Reads a start tag.
    fn start(&mut self, name: &str, rest: &str) {
        if let Some(pre) = &mut self.pre {
            match name {
                "br" | "div" | "p" if name == "br" || !pre.text.is_empty() => pre.text.push('\n'),
                "code" if pre.language.is_none() => pre.language = language(rest),
                _ => {}
            }
            return;
        }
        if let Some(element) = element(name, rest) {
            self.around.push(self.inside.clone());
            self.builder.open(element);
            if element == Element::Cell {
                self.builder.cell(cell(name, rest));
            }
            return;
        }
        match name {
            "br" => self.leaf(Inline::Break),
            "hr" => self.builder.block(Block::Rule),
            "pre" | "listing" | "xmp" => {
                self.builder.flush();
                self.pre = Some(Pre { language: language(rest), text: String::new() });
            }
            "img" => self.image(rest),
            "input" => self.input(rest),
            "a" => self.anchor(rest),
            _ => match (heading(name), Style::of(name, "")) {
                (Some(level), _) => self.builder.heading(Some(level)),
                (None, Some(style)) => self.style(&style, |open| open + 1),
                (None, None) if is_block(name) => self.builder.flush(),
                (None, None) => {}
            },
        }
    }

    /// Reads an end tag.
    fn end(&mut self, name: &str) {
        if matches!(name, "pre" | "listing" | "xmp") {
            if let Some(pre) = self.pre.take() {
                self.builder.block(code(pre));
            }
            return;
        }
        if self.pre.is_some() {
            return;
        }
        if let Some(element) = element(name, "") {
            self.builder.close(element);
            self.inside = self.around.pop().unwrap_or_default();
            return;
        }
        match name {
            "a" => self.end_anchor(),
            _ => match (heading(name), Style::of(name, "")) {
                (Some(_), _) => self.builder.heading(None),
                (None, Some(style)) => self.style(&style, |open| open.saturating_sub(1)),
                (None, None) if is_block(name) => self.builder.flush(),
                (None, None) => {}
            },
        }
    }

    /// Opens or closes a style.
    fn style(&mut self, style: &Style, change: fn(usize) -> usize) {
        let open = match style {
            Style::Strong => &mut self.inside.strong,
            Style::Emphasis => &mut self.inside.emphasis,
            Style::Strike => &mut self.inside.strike,
            Style::Code => &mut self.inside.code,
            Style::Link(_) => return,
        };
        *open = change(*open);
    }

    /// Reads a link or a mention: `data-vss-mention="version:2.0,{id}"`.
    fn anchor(&mut self, rest: &str) {
        self.end_anchor();
        let mention = attribute(rest, "data-vss-mention");
        if let Some((_, id)) = mention.as_deref().and_then(|mention| mention.split_once(',')) {
            let from = self.builder.runs().len();
            self.mention = Some(Mention { id: id.trim().to_owned(), from });
            return;
        }
        let url = attribute(rest, "href").and_then(|url| address::safe(&url)).filter(|url| !url.starts_with('#'));
        self.inside.url = url.map(Into::into);
    }

    /// Ends a link or a mention, whose text is the name shown.
    fn end_anchor(&mut self) {
        self.inside.url = None;
        let Some(Mention { id, from }) = self.mention.take() else { return };
        let runs = self.builder.runs();
        if from >= runs.len() {
            return;
        }
        let shown = plain_inline(&nest(runs.split_off(from)));
        let name = shown.trim().trim_start_matches('@').to_owned();
        self.leaf(Inline::Mention { id, name });
    }

    /// Reads an image.
    fn image(&mut self, rest: &str) {
        let name = attribute(rest, "alt").filter(|alt| !alt.trim().is_empty()).unwrap_or_else(|| "image".to_owned());
        let url = attribute(rest, "src").and_then(|url| address::safe(&url));
        self.leaf(Inline::Media { name, url });
    }

    /// Reads a checkbox.
    fn input(&mut self, rest: &str) {
        if !attribute(rest, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) {
            return;
        }
        let done = attribute(rest, "checked").is_some();
        if !self.builder.task(done) {
            self.leaf(Inline::text(box_mark(done)));
        }
    }

    /// All blocks read.
    fn finish(mut self) -> Vec<Block> {
        if let Some(pre) = self.pre.take() {
            self.builder.block(code(pre));
        }
        self.end_anchor();
        self.builder.finish()
    }
}

/// The element that a tag opens or closes, where it holds blocks.
fn element(name: &str, rest: &str) -> Option<Element> {
    Some(match name {
        "blockquote" => Element::Quote,
        "ul" | "menu" | "dir" => Element::List(None),
        "ol" => Element::List(Some(attribute(rest, "start").and_then(|start| start.parse().ok()).unwrap_or(1))),
        "li" => Element::Item,
        "table" => Element::Table,
        "tr" => Element::Row,
        "td" | "th" => Element::Cell,
        "details" => Element::Details,
        "summary" => Element::Summary,
        _ => return None,
    })
}

/// The level of a heading.
fn heading(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Does the element stand on lines of its own?
fn is_block(name: &str) -> bool {
    let blocks = [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "address",
        "center",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "dd",
        "form",
        "fieldset",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "body",
        "html",
    ];
    blocks.contains(&name)
}

/// What the tag of a cell says of it.
fn cell(name: &str, rest: &str) -> Cell {
    let span = |name| attribute(rest, name).and_then(|span| span.trim().parse().ok()).unwrap_or(1);
    let wanted = attribute(rest, "align").or_else(|| {
        let style = attribute(rest, "style")?;
        let (_, align) = style.split_once("text-align:")?;
        Some(align.split(';').next().unwrap_or_default().to_owned())
    });
    let align = match wanted.as_deref().map(str::trim) {
        Some("left") => Align::Left,
        Some("center") => Align::Center,
        Some("right") => Align::Right,
        _ => Align::None,
    };
    Cell { content: Vec::new(), header: name == "th", align, span: (span("colspan"), span("rowspan")) }
}

/// The language that a tag's class names.
fn language(rest: &str) -> Option<String> {
    let class = attribute(rest, "class")?;
    let mut words = class.split_whitespace();
    words.find_map(|word| word.strip_prefix("language-").or_else(|| word.strip_prefix("lang-")).map(str::to_owned))
}

/// Preformatted text as a block; a newline beside its tags is none of it.
fn code(pre: Pre) -> Block {
    let text = pre.text.replace("\r\n", "\n");
    let text = text.strip_prefix('\n').unwrap_or(&text);
    Block::Code { language: pre.language, text: text.strip_suffix('\n').unwrap_or(text).to_owned() }
}

/// Text with its blanks collapsed; none at the start when one stands before. No-break spaces become spaces.
fn collapse(text: &str, mut blank: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_blank = matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        match (is_blank, c) {
            (true, _) if !blank => out.push(' '),
            (true, _) => {}
            (false, '\u{a0}') => out.push(' '),
            (false, c) => out.push(c),
        }
        blank = is_blank;
    }
    out
}

/// Does a blank, or nothing, stand at the end?
fn ends_blank(runs: &[Run]) -> bool {
    match runs.last().map(|run| &run.leaf) {
        None | Some(Inline::Break) => true,
        Some(Inline::Text { text }) => text.ends_with(' '),
        Some(_) => false,
    }
}
