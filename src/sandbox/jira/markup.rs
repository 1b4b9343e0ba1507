//! Wiki markup as a document: what REST v3 shows of text that was typed as markup.
//!
//! In: headings, lists, tables, quotes, code blocks and paragraphs with links, strong words and monospaced ones. Out: a document
//! of Atlassian's format. Everything else stays text.

use serde_json::{Value, json};

/// The document of a text in wiki markup.
pub fn document(text: &str) -> Value {
    let mut blocks: Vec<Value> = Vec::new();
    let mut lines = text.lines().peekable();
    let mut paragraph: Vec<&str> = Vec::new();
    while let Some(line) = lines.next() {
        if let Some((kind, language)) = fence(line) {
            flush(&mut paragraph, &mut blocks);
            let code: Vec<&str> =
                lines.by_ref().take_while(|line| fence(line).is_none_or(|(k, _)| k != kind)).collect();
            blocks.push(code_block(&code.join("\n"), language));
        } else if let Some((level, title)) = heading(line) {
            flush(&mut paragraph, &mut blocks);
            blocks.push(json!({ "type": "heading", "attrs": { "level": level }, "content": inline(title) }));
        } else if let Some(text) = line.strip_prefix("bq. ") {
            flush(&mut paragraph, &mut blocks);
            blocks.push(json!({ "type": "blockquote", "content": [{ "type": "paragraph", "content": inline(text) }] }));
        } else if line.starts_with('|') {
            flush(&mut paragraph, &mut blocks);
            let mut rows = vec![table_row(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(table_row(line));
            }
            blocks.push(json!({ "type": "table", "content": rows }));
        } else if bullets(line).is_some() {
            flush(&mut paragraph, &mut blocks);
            let mut items: Vec<(&str, &str)> = bullets(line).into_iter().collect();
            while let Some(item) = lines.peek().and_then(|line| bullets(line)) {
                items.push(item);
                lines.next();
            }
            blocks.extend(lists(&items, 1));
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut blocks);
        } else {
            paragraph.push(line);
        }
    }
    flush(&mut paragraph, &mut blocks);
    json!({ "type": "doc", "version": 1, "content": blocks })
}

/// `||head||head||` or `|cell|cell|`.
fn table_row(line: &str) -> Value {
    let (bar, kind) = if line.starts_with("||") { ("||", "tableHeader") } else { ("|", "tableCell") };
    let inner = line.trim().trim_start_matches(bar).trim_end_matches(bar);
    let cells = inner.split(bar).map(|cell| {
        json!({ "type": kind, "attrs": {}, "content": [{ "type": "paragraph", "content": inline(cell.trim()) }] })
    });
    json!({ "type": "tableRow", "content": cells.collect::<Vec<_>>() })
}

/// `{code}`, `{code:rust}`, `{noformat}`: the macro's name and the language.
fn fence(line: &str) -> Option<(&str, Option<&str>)> {
    let inner = line.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (name, language) = inner.split_once(':').map_or((inner, None), |(name, language)| (name, Some(language)));
    matches!(name, "code" | "noformat").then_some((name, language))
}

fn code_block(code: &str, language: Option<&str>) -> Value {
    let mut block = json!({ "type": "codeBlock", "attrs": {}, "content": [] });
    if let Some(language) = language {
        block["attrs"]["language"] = language.into();
    }
    if !code.is_empty() {
        block["content"] = json!([{ "type": "text", "text": code }]);
    }
    block
}

/// `h2. Title`: the level and the title.
fn heading(line: &str) -> Option<(u32, &str)> {
    let (level, title) = line.strip_prefix('h')?.split_once(". ")?;
    let level = level.parse().ok().filter(|level| (1..=6).contains(level))?;
    Some((level, title))
}

/// `** item`: the bullets and the item. Nesting ends at eight.
fn bullets(line: &str) -> Option<(&str, &str)> {
    let (marks, item) = line.split_once(' ')?;
    let all = !marks.is_empty() && marks.len() <= 8 && marks.chars().all(|c| matches!(c, '*' | '#' | '-'));
    all.then_some((marks, item))
}

/// The lists that these items make at a depth.
fn lists(items: &[(&str, &str)], depth: usize) -> Vec<Value> {
    let mut made: Vec<Value> = Vec::new();
    let mut rest = items;
    while let Some(((marks, item), after)) = rest.split_first() {
        let nested = after.iter().take_while(|(marks, _)| marks.len() > depth).count();
        let mut content = vec![json!({ "type": "paragraph", "content": inline(item) })];
        content.extend(lists(&after[..nested], depth + 1));
        let entry = json!({ "type": "listItem", "content": content });
        let kind = if marks.chars().nth(depth - 1) == Some('#') { "orderedList" } else { "bulletList" };
        match made.last_mut() {
            Some(list) if list["type"] == kind => push(list, entry),
            _ => made.push(json!({ "type": kind, "content": [entry] })),
        }
        rest = &after[nested..];
    }
    made
}

fn push(list: &mut Value, entry: Value) {
    if let Some(content) = list["content"].as_array_mut() {
        content.push(entry);
    }
}

fn flush(paragraph: &mut Vec<&str>, blocks: &mut Vec<Value>) {
    if paragraph.is_empty() {
        return;
    }
    let mut content = Vec::new();
    for (n, line) in paragraph.drain(..).enumerate() {
        if n > 0 {
            content.push(json!({ "type": "hardBreak" }));
        }
        content.extend(inline(line));
    }
    blocks.push(json!({ "type": "paragraph", "content": content }));
}

/// Text with `{{code}}`, `*strong*` and `[links|https://…]`.
fn inline(line: &str) -> Vec<Value> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        match marked(rest, plain.chars().next_back()) {
            Some((span, after)) => {
                spans.extend(text(std::mem::take(&mut plain)));
                spans.push(span);
                rest = after;
            }
            None => {
                plain.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    spans.extend(text(plain));
    spans
}

/// A marked span at the beginning of the text, and what follows it.
fn marked(text: &str, before: Option<char>) -> Option<(Value, &str)> {
    if let Some(rest) = text.strip_prefix("{{") {
        let end = rest.find("}}")?;
        // A brace of the code's own stands in front of the two that close it.
        let end = if rest[end + 2..].starts_with('}') { end + 1 } else { end };
        return (end > 0).then(|| (with_mark(&rest[..end], &json!({ "type": "code" })), &rest[end + 2..]));
    }
    if let Some((strong, after)) = text.strip_prefix('*').and_then(|rest| rest.split_once('*')) {
        let closed = !strong.is_empty() && strong.trim() == strong && !before.is_some_and(char::is_alphanumeric);
        return closed.then(|| (with_mark(strong, &json!({ "type": "strong" })), after));
    }
    let (link, after) = text.strip_prefix('[')?.split_once(']')?;
    let (words, href) = link.split_once('|')?;
    let link = json!({ "type": "link", "attrs": { "href": href } });
    (!words.is_empty()).then(|| (with_mark(words, &link), after))
}

fn with_mark(words: &str, mark: &Value) -> Value {
    json!({ "type": "text", "text": words, "marks": [mark] })
}

fn text(text: String) -> Option<Value> {
    (!text.is_empty()).then(|| json!({ "type": "text", "text": text }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::jira::adf;

    #[test]
    fn what_is_typed_reads_back_from_the_document() {
        for markup in [
            "h2. Plan",
            "One\ntwo",
            "* a\n** b\n** c\n* d",
            "# one\n# two",
            "{code:rust}\nlet a = \"{code\";\n{code}",
            "||file||lines||\n|cart.rs|40|",
            "By {{cart_totals}}, *at once*, see [the rule|https://acme.example/].",
            "Ask {{GET /carts/{id}}} first.",
            "2 * 3 * 4 and [no link] and {{",
        ] {
            let document = document(markup);
            assert!(adf::is_document(&document), "{document:#}");
            assert_eq!(adf::wiki(&document), markup);
        }
    }
}
