//! Text → Markdown that means exactly this text.
//!
//! In: any text. Out: Markdown on one line (a fence: several). Never lets a character act.

/// Escapes text so that it is literal, inline, on a single line, wherever in a paragraph, heading or table it stands.
///
/// ```text
/// *a* | <b>  →  \*a\* \| \<b>
/// ```
pub fn escape(text: &str) -> String {
    let line: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let line: String = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len() + 8);
    escape_text(&line, Place { line_start: true, heading: true, pipes: true }, &mut out);
    out
}

/// Text as a code span, on a single line; empty for empty text. Pipes are not escaped: tables do that to whole cells.
pub fn code_span(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c == '\n' { ' ' } else { c }).filter(|c| !c.is_control() || *c == '\t').collect();
    if text.is_empty() {
        return text;
    }
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    let blank = text.bytes().all(|b| b == b' ');
    let edges = text.starts_with(' ') && text.ends_with(' ');
    let pad = if text.starts_with('`') || text.ends_with('`') || (edges && !blank) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Text as a fenced code block without a newline at the end. Of the language only its first word stays.
pub fn fence(language: &str, text: &str) -> String {
    let ticks = "`".repeat(longest_run(text, '`').max(2) + 1);
    let language = super::language(language);
    let newline = if text.is_empty() { "" } else { "\n" };
    format!("{ticks}{language}\n{text}{newline}{ticks}")
}

/// May the character stand in the name of a code block's language?
pub(super) fn is_language(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '+' | '#' | '.' | '_' | '/')
}

/// The length of the longest run of a character.
fn longest_run(text: &str, wanted: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Where a piece of text stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Nothing but block markers stands before it on its line.
    pub line_start: bool,
    /// In a heading, where a run of `#` at the end would vanish.
    pub heading: bool,
    /// Perhaps in a table, where a pipe ends a cell.
    pub pipes: bool,
}

/// Appends text with everything escaped that could act at this place. The text holds no newline.
pub(super) fn escape_text(text: &str, place: Place, out: &mut String) {
    let body = if place.line_start { escape_line_start(text, out) } else { text };
    for (at, c) in body.char_indices() {
        let (before, after) = (&body[..at], &body[at + c.len_utf8()..]);
        if needs_backslash(c, before, after, place) {
            out.push('\\');
            out.push(c);
        } else if c == '&' && after.starts_with(|n: char| n == '#' || n.is_ascii_alphanumeric()) {
            out.push_str("&amp;");
        } else if (c.is_whitespace() && c != ' ') || c == '\u{feff}' {
            out.push_str(&format!("&#{};", u32::from(c)));
        } else {
            out.push(c);
        }
    }
}

/// Does the character act between its neighbours?
fn needs_backslash(c: char, before: &str, after: &str, place: Place) -> bool {
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '$' => true,
        // Inside a word an underscore is only itself.
        '_' => {
            !(before.ends_with(|c: char| c.is_ascii_alphanumeric())
                && after.starts_with(|c: char| c.is_ascii_alphanumeric()))
        }
        '#' => place.heading,
        '|' => place.pipes || (place.line_start && before.is_empty()),
        // Before a link it would make an image.
        '!' => after.is_empty(),
        // Bare addresses would become links.
        ':' => after.starts_with("//"),
        '.' => before.ends_with("www"),
        _ => false,
    }
}

/// Appends what would start a block, escaped, and returns the rest of the text.
fn escape_line_start<'a>(text: &'a str, out: &mut String) -> &'a str {
    if text.starts_with(['#', '+', '-', '=', ':', '>']) {
        out.push('\\');
        out.push_str(&text[..1]);
        return &text[1..];
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        out.push_str(&text[..digits]);
        out.push('\\');
        out.push_str(&text[digits..=digits]);
        return &text[digits + 1..];
    }
    text
}

/// Escapes every pipe of finished Markdown: what a table cell needs (GFM, section 4.10).
pub(super) fn escape_pipes(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}
