//! The few HTML tags that Markdown comments use for running text: read, and written into summaries.
//!
//! In: HTML as people write it in comments, or inlines. Out: tokens and inlines, or HTML in which all text is escaped.
//! Reads in one pass. Never passes a tag on: what means nothing here is left out, its text stays.

use super::{Inline, plain_inline};

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Text, its entities not yet decoded.
    Text(&'a str),
    /// A start tag: its name in lower case and all that follows the name.
    Open(String, &'a str),
    /// An end tag: its name in lower case.
    Close(String),
}

/// Splits the HTML of a comment in Markdown; comments, declarations, scripts and style sheets are left out. A tag that
/// meets another `<` first is text.
pub(crate) fn tokens(html: &str) -> Vec<Token<'_>> {
    split(html, |body| body.find(['<', '>']).filter(|end| body.as_bytes()[*end] == b'>'))
}

/// Splits HTML as browsers do: what is in quotes ends no tag. From a tag without an end on, all is text.
pub(crate) fn page_tokens(html: &str) -> Vec<Token<'_>> {
    split(html, |body| Some(page_tag_end(body)))
}

/// Where the tag ends that the text stands in; the text's end when it does not.
fn page_tag_end(body: &str) -> usize {
    let mut at = 0;
    while let Some(found) = body[at..].find(['"', '\'', '>']) {
        let here = at + found;
        let mark = &body[here..=here];
        // A quote begins a value only after an equals sign (WHATWG HTML, 13.2.5.37).
        let opens = mark != ">" && body[..here].trim_end().ends_with('=');
        at = match body[here + 1..].find(mark).filter(|_| opens) {
            Some(length) => here + 1 + length + 1,
            None if mark == ">" => return here,
            None => here + 1,
        };
    }
    body.len()
}

/// Splits HTML; `tag_end` finds where the tag ends that its argument stands in.
fn split(html: &str, tag_end: fn(&str) -> Option<usize>) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        push_text(text, &mut out);
        let (token, end) = markup(from, tag_end);
        match token {
            Some(Token::Open(name, _)) if name == "script" || name == "style" => {
                rest = skip_to_close(&from[end..], &name);
                continue;
            }
            Some(token) => out.push(token),
            None if end == 1 => push_text(&from[..1], &mut out),
            None => {}
        }
        rest = &from[end..];
    }
    push_text(rest, &mut out);
    out
}

/// Appends text unless it is empty.
fn push_text<'a>(text: &'a str, out: &mut Vec<Token<'a>>) {
    if !text.is_empty() {
        out.push(Token::Text(text));
    }
}

/// The token at a `<` and how many bytes it takes: one when it is no markup.
fn markup(from: &str, tag_end: fn(&str) -> Option<usize>) -> (Option<Token<'_>>, usize) {
    if let Some(comment) = from.strip_prefix("<!--") {
        return (None, comment.find("-->").map_or(from.len(), |end| 4 + end + 3));
    }
    let inner = &from[1..];
    let is_close = inner.starts_with('/');
    let body = &inner[usize::from(is_close)..];
    let declares = body.starts_with(['!', '?']);
    if !declares && !body.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return (None, 1);
    }
    // No byte is read twice: a tag that meets another `<` ends there or goes on past it.
    let Some(end) = tag_end(body) else { return (None, 1) };
    if end == body.len() {
        return (Some(Token::Text(from)), from.len());
    }
    let length = 1 + usize::from(is_close) + end + 1;
    if declares {
        return (None, length);
    }
    let name_end = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(end).min(end);
    let name = body[..name_end].to_ascii_lowercase();
    let token = if is_close { Token::Close(name) } else { Token::Open(name, &body[name_end..end]) };
    (Some(token), length)
}

/// What follows the end tag of a script or style sheet; nothing when it has none.
fn skip_to_close<'a>(from: &'a str, name: &str) -> &'a str {
    let mut rest = from;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// The value of an attribute of a start tag, decoded.
pub(crate) fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let body = &after[quote.map_or(0, |_| 1)..];
            let end = body.find(|c: char| quote.map_or(c.is_whitespace(), |q| c == q)).unwrap_or(body.len());
            value = &body[..end];
            rest = body[end..].strip_prefix(|c| Some(c) == quote).unwrap_or(&body[end..]);
        }
        if name.is_empty() {
            return None;
        }
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decode(value));
        }
    }
}

/// Text with the entities decoded that writers of comments use; others stay as they stand.
pub(crate) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = entity_at(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The character of the entity that the text starts with, and the entity's length.
pub(crate) fn entity_at(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(9).position(|b| b == b';')?;
    Some((entity(&body[..end])?, end + 2))
}

/// The character that an entity names.
fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |h| u32::from_str_radix(h, 16).ok())?;
            char::from_u32(code).filter(|c| *c != '\0')
        }
    }
}

/// What a tag does to running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Strong,
    Emphasis,
    Strike,
    Code,
    Link(String),
}

impl Style {
    /// The style that a start tag opens.
    pub(crate) fn of(name: &str, rest: &str) -> Option<Self> {
        Some(match name {
            "b" | "strong" => Self::Strong,
            "i" | "em" => Self::Emphasis,
            "s" | "del" | "strike" => Self::Strike,
            "code" | "kbd" | "samp" | "tt" => Self::Code,
            "a" => Self::Link(attribute(rest, "href").unwrap_or_default()),
            _ => return None,
        })
    }

    /// Does the end tag of this name close the style?
    pub(crate) fn closes(&self, name: &str) -> bool {
        Self::of(name, "").is_some_and(|s| std::mem::discriminant(&s) == std::mem::discriminant(self))
    }

    /// The inline that the style makes of its content.
    pub(crate) fn wrap(self, content: Vec<Inline>) -> Inline {
        match self {
            Self::Strong => Inline::Strong { content },
            Self::Emphasis => Inline::Emphasis { content },
            Self::Strike => Inline::Strike { content },
            Self::Code => Inline::Code { text: plain_inline(&content) },
            Self::Link(url) => Inline::Link { url, content },
        }
    }
}

/// The inline that an empty tag stands for.
pub(crate) fn empty(name: &str, rest: &str) -> Option<Inline> {
    match name {
        "br" => Some(Inline::Break),
        "img" => Some(Inline::Media { name: attribute(rest, "alt").unwrap_or_default(), url: attribute(rest, "src") }),
        _ => None,
    }
}

/// Appends running text as HTML of these tags alone, on one line; everything else is escaped.
pub(crate) fn write(content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        let (tag, inner) = match inline {
            Inline::Text { text } => {
                out.push_str(&escape(text));
                continue;
            }
            Inline::Break => {
                out.push_str("<br>");
                continue;
            }
            Inline::Mention { name, .. } => {
                out.push_str(&escape(&format!("@{name}")));
                continue;
            }
            Inline::Media { name, url } => {
                let src = escape(url.as_deref().unwrap_or_default());
                out.push_str(&format!("<img src=\"{src}\" alt=\"{}\">", escape(name)));
                continue;
            }
            Inline::Link { url, content } => {
                out.push_str(&format!("<a href=\"{}\">{}</a>", escape(url), write(content)));
                continue;
            }
            Inline::Code { text } => ("code", escape(text)),
            Inline::Strong { content } => ("b", write(content)),
            Inline::Emphasis { content } => ("i", write(content)),
            Inline::Strike { content } => ("del", write(content)),
        };
        out.push_str(&format!("<{tag}>{inner}</{tag}>"));
    }
    out
}

/// Text as HTML, in an element or in a quoted attribute, on one line.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
