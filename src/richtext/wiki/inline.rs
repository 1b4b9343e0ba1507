//! A line of wiki markup → running text.
//!
//! In: text without newlines. Out: inlines. Marks act where Jira lets them: no letter or digit outside, no blank
//! inside. Reads once; what is looked for and missing is not looked for again.

use std::sync::Arc;

use super::{
    line::JOINER,
    pieces::{is_escaped, tag},
};
use crate::richtext::{
    Inline, address,
    runs::{Run, Styles, nest},
    tags,
};

/// Reads a line; blanks at its ends are none of it.
pub(super) fn read(line: &str) -> Vec<Inline> {
    nest(runs(line.trim_matches([' ', '\t'])))
}

/// The runs of a line.
fn runs(line: &str) -> Vec<Run> {
    let mut scanner = Scanner { line, tokens: Vec::new(), text: String::new(), no_code: false };
    let mut at = 0;
    while at < line.len() {
        at += scanner.step(at);
    }
    scanner.flush();
    resolve(scanner.tokens)
}

/// A mark around text. Underlined, raised, lowered and cited text has no style here, but loses its marks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Strong,
    Emphasis,
    Strike,
    Inserted,
    Raised,
    Lowered,
    Cited,
}

impl Mark {
    /// The mark that the text starts with, and its length.
    fn at(text: &str) -> Option<(Self, usize)> {
        let mark = match text.as_bytes().first()? {
            b'*' => Self::Strong,
            b'_' => Self::Emphasis,
            b'-' => Self::Strike,
            b'+' => Self::Inserted,
            b'^' => Self::Raised,
            b'~' => Self::Lowered,
            b'?' if text.starts_with("??") => return Some((Self::Cited, 2)),
            _ => return None,
        };
        Some((mark, 1))
    }
}

/// A piece of a line.
enum Token<'a> {
    Leaf {
        leaf: Inline,
        url: Option<Arc<str>>,
    },
    Mark {
        mark: Mark,
        text: &'a str,
        opens: bool,
        closes: bool,
    },
    /// The runs of a link's words.
    Words(Vec<Run>),
}

/// Reads a line from left to right.
struct Scanner<'a> {
    line: &'a str,
    tokens: Vec<Token<'a>>,
    /// Text not yet a token.
    text: String,
    /// No `}}` follows.
    no_code: bool,
}

impl<'a> Scanner<'a> {
    /// Reads what stands at a place; gives its length.
    fn step(&mut self, at: usize) -> usize {
        let rest = &self.line[at..];
        let special =
            |c: char| matches!(c, '\\' | '&' | '{' | '[' | '!' | '*' | '_' | '-' | '+' | '^' | '~' | '?' | 'h' | 'm');
        let plain = rest.find(special).unwrap_or(rest.len());
        if plain > 0 {
            self.text.push_str(&rest[..plain]);
            return plain;
        }
        let taken = match rest.as_bytes()[0] {
            b'\\' => return self.backslash(rest),
            b'&' => tags::entity_at(rest).map(|(c, length)| {
                self.text.push(c);
                length
            }),
            b'{' => self.brace(rest, at),
            b'[' => self.bracketed(rest),
            b'!' => image(rest).map(|(leaf, length)| {
                self.leaf(leaf, None);
                length
            }),
            b'h' | b'm' => self.address(rest, at),
            _ => self.mark(rest, at, false),
        };
        taken.unwrap_or_else(|| {
            self.text.push_str(&rest[..1]);
            1
        })
    }

    /// The character before a place.
    fn before(&self, at: usize) -> Option<char> {
        self.line[..at].chars().next_back()
    }

    /// A line break, an escaped character or a backslash.
    fn backslash(&mut self, rest: &str) -> usize {
        if is_break(rest) {
            self.leaf(Inline::Break, None);
            return 2;
        }
        match rest[1..].chars().next().filter(|c| is_escapable(*c)) {
            Some(c) => {
                self.text.push(c);
                2
            }
            None => {
                self.text.push('\\');
                1
            }
        }
    }

    /// Code, a mark in braces, or a tag that means nothing here.
    fn brace(&mut self, rest: &'a str, at: usize) -> Option<usize> {
        if rest.starts_with("{{") {
            if self.no_code {
                return None;
            }
            let Some(end) = code_end(rest) else {
                self.no_code = true;
                return None;
            };
            self.leaf(Inline::Code { text: unescape(&rest[2..end - 2]) }, None);
            return Some(end);
        }
        if let Some((_, length)) = Mark::at(&rest[1..])
            && rest[1 + length..].starts_with('}')
        {
            return self.mark(&rest[1..], at, true).map(|length| length + 2);
        }
        let (name, _, length) = tag(rest)?;
        matches!(name, "color" | "anchor").then_some(length)
    }

    /// A mark; in braces it acts wherever it stands.
    fn mark(&mut self, rest: &'a str, at: usize, forced: bool) -> Option<usize> {
        let (mark, length) = Mark::at(rest)?;
        let (before, after) = (self.before(at), rest[length..].chars().next());
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let beside = before == Some('-') && !is_escaped(&self.line[..at - 1]);
        let dash = mark == Mark::Strike && (beside || after == Some('-'));
        let opens = forced || (!word(before) && !blank(after) && !dash);
        let closes = forced || (!word(after) && !blank(before) && !dash);
        self.flush();
        self.tokens.push(Token::Mark { mark, text: &rest[..length], opens, closes });
        Some(length)
    }

    /// A link, a mention or a file.
    fn bracketed(&mut self, rest: &str) -> Option<usize> {
        let length = bracket(rest)?;
        let inner = rest[1..length - 1].trim();
        let mut parts = inner.split('|');
        let (first, second) = (parts.next().unwrap_or_default(), parts.next());
        let (words, target) = second.map_or((None, first.trim()), |target| (Some(first), target.trim()));
        if let Some(who) = target.strip_prefix('~').filter(|who| !who.is_empty() && !who.contains(char::is_whitespace))
        {
            let id = who.strip_prefix("accountid:").unwrap_or(who);
            let name = words.map_or(id, str::trim);
            self.leaf(Inline::Mention { id: id.to_owned(), name: unescape(name) }, None);
            return Some(length);
        }
        if let Some(file) = target.strip_prefix('^').filter(|file| !file.is_empty()) {
            self.leaf(Inline::Media { name: unescape(file), url: None }, None);
            return Some(length);
        }
        let is_address = target.contains("://") || target.starts_with(['/', '#']) || scheme(target).is_some();
        let url = is_address.then(|| address::safe(target)).flatten().filter(|url| !url.starts_with('#'));
        let words = match (words, &url) {
            (Some(words), _) if is_address => runs(words),
            (None, Some(url)) => vec![Run { styles: Styles::default(), leaf: Inline::text(url.as_str()) }],
            _ => return None,
        };
        let url: Option<Arc<str>> = url.map(Into::into);
        self.flush();
        let linked =
            words.into_iter().map(|run| Run { styles: Styles { url: url.clone(), ..run.styles }, leaf: run.leaf });
        self.tokens.push(Token::Words(linked.collect()));
        Some(length)
    }

    /// A bare address.
    fn address(&mut self, rest: &str, at: usize) -> Option<usize> {
        let known = ["http://", "https://", "mailto:"].into_iter().find(|scheme| rest.starts_with(scheme))?;
        if self.before(at).is_some_and(char::is_alphanumeric) {
            return None;
        }
        let ends =
            |c: char| c.is_whitespace() || matches!(c, '|' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '\\' | '^');
        let end = rest.find(ends).unwrap_or(rest.len());
        let url =
            rest[..end].trim_end_matches(['.', ',', ')', ';', '\'', '!', ':', '?', '*', '_', '-', '+', '~', JOINER]);
        if url.len() <= known.len() {
            return None;
        }
        self.leaf(Inline::text(url), Some(url.into()));
        Some(url.len())
    }

    /// Appends a leaf.
    fn leaf(&mut self, leaf: Inline, url: Option<Arc<str>>) {
        self.flush();
        self.tokens.push(Token::Leaf { leaf, url });
    }

    /// Makes the text so far a token.
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.tokens.push(Token::Leaf { leaf: Inline::Text { text }, url: None });
        }
    }
}

/// May a backslash stand before the character?
fn is_escapable(c: char) -> bool {
    "-#*_+?^~|%{}[]()!@".contains(c)
}

/// Do two backslashes break the line? Not in a path, where another follows without a blank between.
fn is_break(rest: &str) -> bool {
    let Some(after) = rest.strip_prefix("\\\\") else { return false };
    let near = &after[..after.floor_char_boundary(256)];
    near.find(|c: char| c == '\\' || c.is_whitespace()).is_none_or(|end| !near[end..].starts_with('\\'))
}

/// Where the code ends that the text starts with, `{{` and `}}` included.
pub(super) fn code_end(text: &str) -> Option<usize> {
    let mut at = 2;
    loop {
        let found = at + text.get(at..)?.find(['\\', '}'])?;
        if text[found..].starts_with("}}") {
            return Some(found + 2);
        }
        let escape = text[found..].starts_with('\\');
        at = found + 1 + if escape { text[found + 1..].chars().next().map_or(0, char::len_utf8) } else { 0 };
    }
}

/// The length of the brackets that the text starts with, unless others open inside.
pub(super) fn bracket(text: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        let found = at + text[at..].find(['\\', '[', ']'])?;
        match text.as_bytes()[found] {
            b']' => return (found > 1).then_some(found + 1),
            b'[' => return None,
            _ => at = found + 1 + text[found + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
}

/// The longest name of an image, in bytes.
const MAX_IMAGE: usize = 512;

/// The image that the text starts with (`!name.png|thumbnail!`), and its length.
pub(super) fn image(text: &str) -> Option<(Inline, usize)> {
    let near = &text[..text.floor_char_boundary(MAX_IMAGE)];
    let inner = near.get(1..)?.split(['!', '\n']).next()?;
    let length = inner.len() + 2;
    let closed = near.get(inner.len() + 1..)?.starts_with('!');
    let name = inner.split('|').next()?;
    let is_file = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && (1..=5).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let is_address = name.starts_with("http://") || name.starts_with("https://");
    if !closed || name.starts_with(char::is_whitespace) || !(is_file || is_address) {
        return None;
    }
    let url = name.contains("://").then(|| address::safe(name)).flatten();
    Some((Inline::Media { name: unescape(name), url }, length))
}

/// The scheme of an address.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, rest) = target.split_once(':')?;
    let known = ["mailto", "javascript", "data", "vbscript", "file", "tel"];
    (known.contains(&scheme.to_ascii_lowercase().as_str()) && !rest.is_empty()).then_some(scheme)
}

/// Text with its escapes and entities read.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, length)) = tags::entity_at(rest) {
            out.push(c);
            rest = &rest[length..];
            continue;
        }
        let skip = usize::from(rest.starts_with('\\') && rest[1..].starts_with(is_escapable));
        out.push_str(&rest[skip..=skip]);
        rest = &rest[skip + 1..];
    }
    out.push_str(rest);
    out
}

/// Whether a mark acts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Literal,
    Opens,
    Closes,
}

/// What each token does: a mark that closes acts with the first of its kind that opened; marks alone are text.
fn roles(tokens: &[Token<'_>]) -> Vec<Role> {
    let mut roles = vec![Role::Literal; tokens.len()];
    let mut open: [Option<usize>; 7] = [None; 7];
    for (at, token) in tokens.iter().enumerate() {
        let Token::Mark { mark, opens, closes, .. } = token else { continue };
        let slot = &mut open[*mark as usize];
        match *slot {
            Some(from) if *closes && at > from + 1 => {
                (roles[from], roles[at], *slot) = (Role::Opens, Role::Closes, None);
            }
            None if *opens => *slot = Some(at),
            _ => {}
        }
    }
    roles
}

/// Tokens as runs.
fn resolve(tokens: Vec<Token<'_>>) -> Vec<Run> {
    let roles = roles(&tokens);
    let mut styles = Styles::default();
    let mut out: Vec<Run> = Vec::new();
    // A joiner beside what acts was there for Jira alone.
    let mut acted = false;
    for (token, role) in tokens.into_iter().zip(roles) {
        let was = std::mem::take(&mut acted);
        match token {
            Token::Mark { mark, .. } if role != Role::Literal => {
                let on = role == Role::Opens;
                match mark {
                    Mark::Strong => styles.strong = on,
                    Mark::Emphasis | Mark::Cited => styles.emphasis = on,
                    Mark::Strike => styles.strike = on,
                    Mark::Inserted | Mark::Raised | Mark::Lowered => {}
                }
                if on {
                    take_joiner(&mut out);
                }
                acted = !on;
            }
            Token::Mark { text, .. } => out.push(Run { styles: styles.clone(), leaf: Inline::text(text) }),
            Token::Words(words) => out.extend(words.into_iter().map(|run| with(run, &styles))),
            Token::Leaf { leaf: Inline::Text { text }, url } => {
                let text = if was { text.strip_prefix(JOINER).map(str::to_owned).unwrap_or(text) } else { text };
                if !text.is_empty() {
                    out.push(with(
                        Run { styles: Styles { url, ..Styles::default() }, leaf: Inline::Text { text } },
                        &styles,
                    ));
                }
            }
            Token::Leaf { leaf, url } => {
                acted = matches!(leaf, Inline::Code { .. });
                if acted {
                    take_joiner(&mut out);
                }
                out.push(with(Run { styles: Styles { url, ..Styles::default() }, leaf }, &styles));
            }
        }
    }
    out
}

/// The run in further styles.
fn with(run: Run, styles: &Styles) -> Run {
    let Run { styles: own, leaf } = run;
    let styles = Styles {
        url: own.url,
        strong: own.strong || styles.strong,
        emphasis: own.emphasis || styles.emphasis,
        strike: own.strike || styles.strike,
    };
    Run { styles, leaf }
}

/// Takes a joiner off the end of the last text.
fn take_joiner(out: &mut Vec<Run>) {
    if let Some(Run { leaf: Inline::Text { text }, .. }) = out.last_mut()
        && text.ends_with(JOINER)
    {
        text.pop();
        if text.is_empty() {
            out.pop();
        }
    }
}
