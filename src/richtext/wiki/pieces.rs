//! Wiki markup → text, code and the tags of macros that hold blocks.
//!
//! In: markup. Out: its pieces in order, in one pass: an end that was looked for and is missing is not looked for
//! again. What is in braces and is no such macro stays in the text.

/// A piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Code {
        language: Option<&'a str>,
        text: &'a str,
    },
    /// The tag of a macro with blocks inside; it opens or closes.
    Tag {
        name: &'a str,
        params: &'a str,
    },
}

/// The macros that hold blocks.
const CONTAINERS: [&str; 8] = ["quote", "panel", "expand", "info", "note", "tip", "warning", "section"];

/// The longest tag, in bytes.
const MAX_TAG: usize = 512;

/// Splits markup.
pub(super) fn pieces(wiki: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = wiki[at..].find('{') {
        let open = at + found;
        at = open + 1;
        if is_escaped(&wiki[..open]) {
            continue;
        }
        let Some((name, params, length)) = tag(&wiki[open..]) else { continue };
        let after = open + length;
        let end = match name {
            "code" | "noformat" if !missing.contains(&name) => {
                let close = if name == "code" { "{code}" } else { "{noformat}" };
                let Some(inner) = wiki[after..].find(close) else {
                    missing.push(name);
                    continue;
                };
                let text = &wiki[after..after + inner];
                let language = (name == "code").then(|| language(params)).flatten();
                push_text(&wiki[start..open], &mut out);
                out.push(Piece::Code { language, text: trimmed(text) });
                after + inner + close.len()
            }
            name if CONTAINERS.contains(&name) => {
                push_text(&wiki[start..open], &mut out);
                out.push(Piece::Tag { name, params });
                after
            }
            _ => continue,
        };
        (start, at) = (end, end);
    }
    push_text(&wiki[start..], &mut out);
    out
}

/// Appends text unless it is empty.
fn push_text<'a>(text: &'a str, out: &mut Vec<Piece<'a>>) {
    if !text.is_empty() {
        out.push(Piece::Text(text));
    }
}

/// Does a single backslash stand at the end? Two are a line break.
pub(super) fn is_escaped(before: &str) -> bool {
    before.bytes().rev().take(8).take_while(|b| *b == b'\\').count() % 2 == 1
}

/// The name, the parameters and the length of the tag that the text starts with.
pub(super) fn tag(text: &str) -> Option<(&str, &str, usize)> {
    let body = text.strip_prefix('{')?;
    let name = &body[..body.find(|c: char| !c.is_ascii_lowercase() && c != '-')?];
    let rest = body[name.len()..].strip_prefix(':').unwrap_or(&body[name.len()..]);
    // Another brace ends the search: so no byte is read twice.
    let end = rest[..rest.floor_char_boundary(MAX_TAG)].find(['{', '}', '\n'])?;
    let params = &rest[..end];
    let has_params = rest.len() < body.len() - name.len();
    let is_tag = !name.is_empty() && rest[end..].starts_with('}') && (has_params || params.is_empty());
    is_tag.then(|| (name, params, text.len() - rest.len() + end + 1))
}

/// The language among the parameters of code: the one without a name, or the one so named.
fn language(params: &str) -> Option<&str> {
    let named = |part: &'_ str| part.split_once('=').is_none() || part.starts_with("language=");
    let part = params.split('|').find(|part| named(part))?;
    let language = part.strip_prefix("language=").unwrap_or(part).trim();
    Some(language).filter(|language| !language.is_empty() && *language != "none")
}

/// A parameter of a tag by its name.
pub(super) fn parameter<'a>(params: &'a str, name: &str) -> Option<&'a str> {
    params
        .split('|')
        .find_map(|part| part.split_once('=').filter(|(key, _)| key.trim() == name))
        .map(|(_, value)| value)
}

/// Code without the newlines that stand beside its tags.
fn trimmed(text: &str) -> &str {
    let text = text.strip_prefix('\n').unwrap_or(text);
    text.strip_suffix('\n').unwrap_or(text)
}
