//! [`Doc`] → the HTML that Azure DevOps shows in comments.
//!
//! In: any document. Out: HTML of elements that its editors write themselves: no classes of ours, no ids, no inputs.
//! Tasks have their box as text, a panel is a quote headed by its kind, a medium is a link to it by its name.

use super::page::{is_safe, panel};
use crate::richtext::{Align, Block, Doc, Inline, ListItem, Table, cells::box_mark, normal, tags::escape};

/// A document as HTML for Azure DevOps.
pub fn write(doc: &Doc) -> String {
    let mut out = String::new();
    blocks(&normal::normal(doc).blocks, &mut out);
    out
}

/// Appends blocks.
fn blocks(from: &[Block], out: &mut String) {
    for from in from {
        block(from, out);
    }
}

/// Appends a block.
fn block(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, content } => out.push_str(&format!("<h{level}>{}</h{level}>", inlines(content))),
        Block::Paragraph { content } => out.push_str(&format!("<p>{}</p>", inlines(content))),
        Block::List { start, items } => list(*start, items, out),
        Block::Code { language, text } => {
            let class = language.as_deref().map(|l| format!(" class=\"language-{}\"", escape(l)));
            // The first newline after the tag is none of the text (WHATWG HTML, 13.1.2.5).
            out.push_str(&format!("<pre>\n<code{}>{}\n</code></pre>", class.unwrap_or_default(), escape(text)));
        }
        Block::Quote { blocks: inner } => around("<blockquote>", inner, "</blockquote>", out),
        Block::Panel { kind, blocks: inner } => {
            let (_, title) = panel(*kind);
            around(&format!("<blockquote><p><b>{title}</b></p>"), inner, "</blockquote>", out);
        }
        Block::Details { summary, blocks: inner } => {
            around(&format!("<details><summary>{}</summary>", inlines(summary)), inner, "</details>", out);
        }
        Block::Table(from) => table(from, out),
        Block::Rule => out.push_str("<hr>"),
    }
}

/// Appends blocks between two tags.
fn around(open: &str, inner: &[Block], close: &str, out: &mut String) {
    out.push_str(open);
    blocks(inner, out);
    out.push_str(close);
}

/// Appends a list.
fn list(start: Option<u64>, items: &[ListItem], out: &mut String) {
    let (open, close) = match start {
        None => ("<ul>".to_owned(), "</ul>"),
        Some(1) => ("<ol>".to_owned(), "</ol>"),
        Some(start) => (format!("<ol start=\"{start}\">"), "</ol>"),
    };
    out.push_str(&open);
    for item in items {
        out.push_str("<li>");
        out.push_str(item.task.map(box_mark).unwrap_or_default());
        match &item.blocks[..] {
            [Block::Paragraph { content }, rest @ ..] => {
                out.push_str(&inlines(content));
                blocks(rest, out);
            }
            inner => blocks(inner, out),
        }
        out.push_str("</li>");
    }
    out.push_str(close);
}

/// Appends a table; its lines are drawn only when it says so.
fn table(table: &Table, out: &mut String) {
    out.push_str("<table border=\"1\" cellpadding=\"4\" style=\"border-collapse:collapse\">");
    if table.rows.is_empty() || table.head.iter().any(|cell| !cell.is_empty()) {
        out.push_str("<thead>");
        row(&table.head, &table.align, "th", out);
        out.push_str("</thead>");
    }
    out.push_str("<tbody>");
    for cells in &table.rows {
        row(cells, &table.align, "td", out);
    }
    out.push_str("</tbody></table>");
}

/// Appends a row of a table.
fn row(cells: &[Vec<Inline>], align: &[Align], tag: &str, out: &mut String) {
    out.push_str("<tr>");
    for (cell, align) in cells.iter().zip(align) {
        let style = match align {
            Align::None => "",
            Align::Left => " style=\"text-align:left\"",
            Align::Center => " style=\"text-align:center\"",
            Align::Right => " style=\"text-align:right\"",
        };
        out.push_str(&format!("<{tag}{style}>{}</{tag}>", inlines(cell)));
    }
    out.push_str("</tr>");
}

/// Running text.
fn inlines(content: &[Inline]) -> String {
    content.iter().map(|from| inline(from, false)).collect()
}

/// One inline; a link holds no other.
fn inline(from: &Inline, in_link: bool) -> String {
    let inner = |content: &[Inline]| content.iter().map(|from| inline(from, in_link)).collect::<String>();
    match from {
        Inline::Text { text } => escape(text),
        Inline::Code { text } => format!("<code>{}</code>", escape(text)),
        Inline::Strong { content } => format!("<b>{}</b>", inner(content)),
        Inline::Emphasis { content } => format!("<i>{}</i>", inner(content)),
        Inline::Strike { content } => format!("<s>{}</s>", inner(content)),
        Inline::Link { url, content } if is_safe(url) && !in_link => {
            let words: String = content.iter().map(|from| inline(from, true)).collect();
            format!("<a href=\"{}\">{words}</a>", escape(url))
        }
        Inline::Link { content, .. } => inner(content),
        Inline::Mention { name, .. } => escape(&format!("@{name}")),
        Inline::Media { name, url } => {
            let url = url.clone().unwrap_or_default();
            let content = vec![Inline::text(if name.is_empty() { &url } else { name })];
            inline(&Inline::Link { url, content }, in_link)
        }
        Inline::Break => "<br>".to_owned(),
    }
}
