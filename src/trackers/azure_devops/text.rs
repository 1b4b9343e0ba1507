//! Which of its two formats a text of Azure DevOps is in, and what it says.
//!
//! In: a field's or a comment's text, with its format where one is given. Out: a document, or Markdown for the command
//! grammar. Never fails.

use crate::richtext::{Doc, html, markdown, tags};

/// How much of a comment is looked at for commands, in bytes; the grammar reads no more than 64 KiB.
const COMMENT_LIMIT: usize = 256 * 1024;

/// The format of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Markdown,
    Html,
}

impl Format {
    /// The format by its name in the API.
    pub(super) fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("markdown") {
            Some(Self::Markdown)
        } else {
            name.eq_ignore_ascii_case("html").then_some(Self::Html)
        }
    }

    /// The format that a text without a named one is in: deliveries carry both kinds and do not say which.
    pub(super) fn guess(text: &str) -> Self {
        if text.match_indices('<').any(|(at, _)| is_tag(&text[at + 1..])) { Self::Html } else { Self::Markdown }
    }
}

/// Does this, after a `<`, read as a tag of HTML? `<8c8c7d32-…>` is a mention in Markdown.
fn is_tag(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest[name..].starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace())
}

/// What a text says. Azure DevOps keeps Markdown with `<`, `>`, `"` and `&` as entities, also inside code.
pub(super) fn read(text: &str, format: Format) -> Doc {
    match format {
        Format::Markdown => markdown::parse(&tags::decode(text)),
        Format::Html => html::read(text),
    }
}

/// A comment as the command grammar reads it: Markdown.
pub(super) fn for_commands(text: &str, format: Option<Format>) -> String {
    let text = &text[..text.floor_char_boundary(COMMENT_LIMIT)];
    match format.unwrap_or_else(|| Format::guess(text)) {
        Format::Markdown => tags::decode(text).to_string(),
        // The editor ends and joins words with spaces that do not break; the grammar knows the plain ones.
        Format::Html => {
            let spaced = text.replace("&nbsp;", " ").replace("&#160;", " ").replace('\u{a0}', " ");
            markdown::write(&html::read(&spaced))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_shows_in_tags() {
        let check = |text: &str, expected| assert_eq!(Format::guess(text), expected, "{text:?}");
        check("<div>/plan</div>", Format::Html);
        check("a<br>b", Format::Html);
        check("a<BR/>b", Format::Html);
        check("<a href=\"#\" data-vss-mention=\"version:2.0,x\">@Mira</a>", Format::Html);
        check("/plan", Format::Markdown);
        check("a < b and c > d", Format::Markdown);
        check("a<", Format::Markdown);
        check("@<8C8C7D32-6B1B-47F4-B2E9-30B477B5AB3D> /plan", Format::Markdown);
        check("@<ac8c7d32-6b1b-47f4-b2e9-30b477b5ab3d>", Format::Markdown);
        check("<é>", Format::Markdown);
    }

    #[test]
    fn commands_are_read_in_both_formats() {
        let check = |text: &str, expected: &str| assert_eq!(for_commands(text, None).trim(), expected, "{text:?}");
        check("<div>/plan&nbsp;status</div>", "/plan status");
        check("/plan revise use &lt;T&gt;\n\nmore", "/plan revise use <T>\n\nmore");
    }
}
