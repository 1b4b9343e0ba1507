//! Makes a document inert: nobody is pinged, nothing is closed, linked, loaded or commanded by it.
//!
//! In: a document made of strangers' words. Out: the same words in normal form. Trackers look for mentions,
//! references and keywords in the text that readers see, so escapes and entities do not stop them; a word joiner
//! (U+2060), which has no width and is no part of any name, does. Images become their names, and links to other than
//! the allowed hosts become code. Never changes code, but for characters that nobody sees. What is inert stays as
//! it is.

use url::Url;

use crate::richtext::{Block, Doc, Inline, ListItem, Table, normal::normal};

/// Breaks a name or reference without being seen.
const JOINER: char = '\u{2060}';

/// Where links may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// To every host, by `http` and `https`.
    Any,
    /// To these hosts alone (in lower case).
    Only(Vec<String>),
}

impl Hosts {
    /// May a document link there? Addresses with a user name in them pretend to be elsewhere.
    fn allow(&self, address: &str) -> bool {
        let Ok(url) = Url::parse(address) else { return false };
        let web = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        let Some(host) = url.host_str().filter(|_| web) else { return false };
        match self {
            Self::Any => true,
            Self::Only(hosts) => hosts.iter().any(|allowed| allowed == host),
        }
    }
}

/// A document that acts on nobody and nothing.
pub fn inert(document: &Doc, hosts: &Hosts) -> Doc {
    let degraded = normal(&document.map(&|content| degrade(content, hosts), &code));
    let mut broken = degraded.map(&|content| break_names(content), &|text| text.to_owned());
    for block in &mut broken.blocks {
        plain_viewers(block);
    }
    broken
}

impl Doc {
    /// The document with its running text and its code replaced.
    fn map(&self, inlines: &dyn Fn(&[Inline]) -> Vec<Inline>, code: &dyn Fn(&str) -> String) -> Self {
        Self { blocks: self.blocks.iter().map(|block| map(block, inlines, code)).collect() }
    }
}

/// A block with its running text and its code replaced.
fn map(block: &Block, inlines: &dyn Fn(&[Inline]) -> Vec<Inline>, code: &dyn Fn(&str) -> String) -> Block {
    let all = |blocks: &[Block]| blocks.iter().map(|b| map(b, inlines, code)).collect::<Vec<_>>();
    let row = |cells: &Vec<Vec<Inline>>| cells.iter().map(|cell| inlines(cell)).collect::<Vec<_>>();
    match block {
        Block::Heading { level, content } => Block::Heading { level: *level, content: inlines(content) },
        Block::Paragraph { content } => Block::Paragraph { content: inlines(content) },
        Block::List { start, items } => {
            let items = items.iter().map(|item| ListItem { task: item.task, blocks: all(&item.blocks) });
            Block::List { start: *start, items: items.collect() }
        }
        Block::Code { language, text } => Block::Code { language: language.clone(), text: code(text) },
        Block::Quote { blocks } => Block::Quote { blocks: all(blocks) },
        Block::Panel { kind, blocks } => Block::Panel { kind: *kind, blocks: all(blocks) },
        Block::Details { summary, blocks } => Block::Details { summary: inlines(summary), blocks: all(blocks) },
        Block::Table(table) => Block::Table(Table {
            align: table.align.clone(),
            head: row(&table.head),
            rows: table.rows.iter().map(row).collect(),
        }),
        Block::Rule => Block::Rule,
    }
}

/// Takes the language off code that trackers would not show but run in a viewer; diagrams are wanted.
fn plain_viewers(block: &mut Block) {
    match block {
        Block::Code { language, .. } => {
            let viewer = |name: &String| ["geojson", "topojson", "stl", "math"].contains(&name.to_lowercase().as_str());
            language.take_if(|name| viewer(name));
        }
        Block::List { items, .. } => items.iter_mut().flat_map(|item| &mut item.blocks).for_each(plain_viewers),
        Block::Quote { blocks } | Block::Panel { blocks, .. } | Block::Details { blocks, .. } => {
            blocks.iter_mut().for_each(plain_viewers);
        }
        _ => {}
    }
}

/// Running text without media, foreign links and hidden characters.
fn degrade(content: &[Inline], hosts: &Hosts) -> Vec<Inline> {
    let mut out = Vec::with_capacity(content.len());
    for inline in content {
        match inline {
            Inline::Text { text } => out.push(Inline::text(visible(text))),
            Inline::Code { text } => out.push(Inline::Code { text: visible(text) }),
            Inline::Strong { content } => out.push(Inline::Strong { content: degrade(content, hosts) }),
            Inline::Emphasis { content } => out.push(Inline::Emphasis { content: degrade(content, hosts) }),
            Inline::Strike { content } => out.push(Inline::Strike { content: degrade(content, hosts) }),
            Inline::Link { url, content } => link(&visible(url), degrade(content, hosts), hosts, &mut out),
            Inline::Mention { name, .. } => out.push(Inline::text(format!("@{}", visible(name)))),
            Inline::Media { name, .. } => {
                let name = visible(name);
                out.push(Inline::text(if name.trim().is_empty() { "image".to_owned() } else { name }));
            }
            Inline::Break => out.push(Inline::Break),
        }
    }
    out
}

/// The longest address that is shown as code, in characters.
const MAX_SHOWN: usize = 120;

/// Appends a link where it may lead there, else its words and its address as code.
fn link(url: &str, content: Vec<Inline>, hosts: &Hosts, out: &mut Vec<Inline>) {
    if hosts.allow(url) {
        out.push(Inline::Link { url: url.to_owned(), content });
        return;
    }
    let mut shown: String = url.chars().take(MAX_SHOWN).collect();
    if url.chars().nth(MAX_SHOWN).is_some() {
        shown.push('…');
    }
    let bare = matches!(&content[..], [Inline::Text { text }] if text == url) || content.is_empty();
    if bare {
        out.push(Inline::Code { text: shown });
        return;
    }
    out.extend(content);
    if !shown.trim().is_empty() {
        out.extend([Inline::text(" ("), Inline::Code { text: shown }, Inline::text(")")]);
    }
}

/// Code as readers see it.
fn code(text: &str) -> String {
    visible(text)
}

/// Text without characters that hide or reorder others: terminal sequences (ECMA-48), controls, marks of direction,
/// tag characters, annotation marks. Newlines and tabs stay.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.next_if_eq(&'[').is_some() {
            while chars.next_if(|c| matches!(c, '0'..='?' | ' '..='/')).is_some() {}
            chars.next_if(|c| matches!(c, '@'..='~'));
        } else if !is_hidden(c) {
            out.push(c);
        }
    }
    out
}

/// Does the character hide or reorder others?
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

/// Running text in which no name, reference or command is whole.
fn break_names(content: &[Inline]) -> Vec<Inline> {
    let mut out = Vec::with_capacity(content.len());
    for (nth, inline) in content.iter().enumerate() {
        out.push(match inline {
            Inline::Text { text } => {
                let text = break_text(text);
                let before_other = nth + 1 < content.len();
                Inline::text(if before_other { break_last_keyword(text) } else { text })
            }
            Inline::Strong { content } => Inline::Strong { content: break_names(content) },
            Inline::Emphasis { content } => Inline::Emphasis { content: break_names(content) },
            Inline::Strike { content } => Inline::Strike { content: break_names(content) },
            Inline::Link { url, content } => Inline::Link { url: url.clone(), content: break_names(content) },
            other => other.clone(),
        });
    }
    out
}

/// Text with a joiner inside everything that trackers act on.
fn break_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let body = text.trim_start_matches(|c: char| c.is_whitespace() || is_thin(c));
    out.push_str(&text[..text.len() - body.len()]);
    let mut rest = body.chars();
    if let Some(slash) = command(body) {
        out.push(slash);
        out.push(JOINER);
        rest.next();
    }
    while let Some(c) = rest.next() {
        let acts = acts(c, &out, rest.as_str());
        out.push(c);
        if acts {
            out.push(JOINER);
        }
    }
    out
}

/// Characters without width that may stay: joiners, soft hyphens, variation selectors.
fn is_thin(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{fe00}'..='\u{fe0f}')
}

/// Does a name or reference run on from `c`, which stands between these?
fn acts(c: char, before: &str, after: &str) -> bool {
    let next = after.chars().next();
    let digit = next.is_some_and(|n| n.is_ascii_digit());
    match c {
        // Mentions: `@name`, `@org/team`, `@<id>`. Inside a mail address there is none.
        '@' | '＠' => {
            let mail = before.ends_with(|b: char| b.is_ascii_alphanumeric());
            next.is_some_and(|n| !n.is_whitespace() && n != JOINER) && !mail
        }
        // References: `#1`, `owner/repo#1`, `AB#1`; pull requests on Azure DevOps: `!1`.
        '#' | '!' => digit,
        // GitHub's other way to write a reference: `GH-1`.
        'h' | 'H' => {
            let dash = after.strip_prefix('-').is_some_and(|n| n.starts_with(|n: char| n.is_ascii_digit()));
            let word = before.strip_suffix(['g', 'G']);
            dash && word.is_some_and(|word| !word.ends_with(char::is_alphanumeric))
        }
        // Jira's mentions in wiki markup: `[~name]`, `[~accountid:…]`.
        '[' => next == Some('~'),
        _ => false,
    }
}

/// The slash of a command that the text begins with: `/word`, alone or before a blank. Paths are none.
fn command(text: &str) -> Option<char> {
    let slash = text.chars().next().filter(|c| matches!(c, '/' | '／'))?;
    let word = &text[slash.len_utf8()..];
    let end = word.find(char::is_whitespace).unwrap_or(word.len());
    let letters = word[..end].chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'));
    (end > 0 && letters).then_some(slash)
}

/// The words by which GitHub closes an issue that is named after them.
const CLOSING: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// Breaks a closing keyword at the end of text: a link to an issue may follow.
fn break_last_keyword(text: String) -> String {
    let trimmed = text.trim_end_matches(|c: char| c.is_whitespace() || c == ':');
    let start = trimmed
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |at| at + trimmed[at..].chars().next().map_or(0, char::len_utf8));
    let word = trimmed[start..].to_ascii_lowercase();
    if !CLOSING.contains(&word.as_str()) {
        return text;
    }
    format!("{}{JOINER}{}", &text[..=start], &text[start + 1..])
}
