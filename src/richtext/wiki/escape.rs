//! Text → wiki markup that means exactly this text.
//!
//! In: text without newlines. Out: markup in which none of it acts: no phrase, list, heading, table, link, mention,
//! image, macro, smiley or bare address. Jira takes a backslash before some characters only
//! (`-#*_+?^~|%{}[]()!@`); others, and the backslash itself, become entities, which it passes on.

/// The smileys in brackets, without the first.
const SMILEYS: [&str; 18] = [
    "y)", "n)", "i)", "/)", "x)", "!)", "+)", "-)", "?)", "on)", "off)", "*)", "*r)", "*g)", "*b)", "*y)", "flag)",
    "flagoff)",
];

/// Appends text; `line_start` when only blanks stand before it on its line.
pub(super) fn escape_text(text: &str, line_start: bool, out: &mut String) {
    let dot = line_start.then(|| block_dot(text)).flatten();
    let mut before: Option<char> = None;
    // Only what could be the markers of an item so far; a mark of a style may stand before the text.
    let mut leading = true;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        match c {
            '\\' => out.push_str("&#92;"),
            '&' if after.starts_with(|n: char| n == '#' || n.is_ascii_alphanumeric()) => out.push_str("&amp;"),
            ':' if colon_acts(&text[..at], after) => out.push_str("&#58;"),
            ';' if after.starts_with(')') => out.push_str("&#59;"),
            '.' if dot == Some(at) => out.push_str("&#46;"),
            '#' if leading => out.push_str("\\#"),
            c if acts(c, before, after, leading) => out.extend(['\\', c]),
            c => out.push(c),
        }
        before = Some(c);
        leading &= matches!(c, ' ' | '\t' | '#' | '*' | '-');
    }
}

/// Text in the words of a link or the title of a macro, where a bar, a bracket or a brace would end them.
pub(super) fn escape_words(text: &str, out: &mut String) {
    let mut escaped = String::new();
    escape_text(text, false, &mut escaped);
    for (from, to) in [("\\|", "&#124;"), ("\\[", "&#91;"), ("\\]", "&#93;"), ("\\{", "&#123;"), ("\\}", "&#125;")] {
        escaped = escaped.replace(from, to);
    }
    out.push_str(&escaped);
}

/// Where the dot stands that makes a heading or a quote of a line: `h1.`, `bq.`.
fn block_dot(text: &str) -> Option<usize> {
    let trimmed = text.trim_start_matches([' ', '\t']);
    let bytes = trimmed.as_bytes();
    let block = matches!(bytes, [b'h', b'1'..=b'6', b'.', ..] | [b'b', b'q', b'.', ..]);
    block.then(|| text.len() - trimmed.len() + 2)
}

/// The schemes that Jira links without slashes after the colon.
const SCHEMES: [&str; 7] = ["mailto", "news", "nntp", "irc", "file", "callto", "skype"];

/// Would the colon make a link or a smiley?
fn colon_acts(before: &str, after: &str) -> bool {
    let address = after.starts_with("//") || SCHEMES.iter().any(|scheme| before.ends_with(scheme));
    address || after.starts_with([')', '(', 'D', 'P', 'p', '|'])
}

/// Does the character act between its neighbours? What stands beyond the text may be anything.
fn acts(c: char, before: Option<char>, after: &str, leading: bool) -> bool {
    let next = after.chars().next();
    let blank = |c: Option<char>| c.is_some_and(|c| c == ' ');
    match c {
        '{' | '}' | '[' | ']' | '|' => true,
        '*' | '_' | '-' | '+' | '^' | '~' => {
            let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let harmless = (word(before) && word(next)) || (blank(before) && blank(next) && !leading);
            !harmless
        }
        '?' => before.is_none_or(|c| c == '?') || next.is_none_or(|c| c == '?'),
        '!' => !blank(next),
        '(' => SMILEYS.iter().any(|smiley| after.starts_with(smiley)),
        _ => false,
    }
}
