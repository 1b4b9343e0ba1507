//! Inline nodes of ADF → running text.
//!
//! In: nodes of a paragraph. Out: inlines with their marks nested. Statuses, dates and emoji are text; cards are links.
//! Marks without a counterpart (colour, underline, sub- and superscript) are left off.

use serde_json::Value;

use super::read::{MAX_NESTING, attribute, content, kind, medium, text_attribute};
use crate::richtext::{
    Inline, address,
    runs::{Run, Styles, nest},
};

/// Does the node stand in running text?
pub(super) fn is_inline(node: &Value) -> bool {
    let known = matches!(
        kind(node),
        "text"
            | "hardBreak"
            | "mention"
            | "emoji"
            | "date"
            | "status"
            | "inlineCard"
            | "mediaInline"
            | "placeholder"
            | "inlineExtension"
            | "media"
    );
    known || node.is_string() || (node.get("text").is_some_and(Value::is_string) && content(node).is_empty())
}

/// The running text that nodes make, `depth` nodes deep.
pub(super) fn read(nodes: &[Value], depth: usize) -> Vec<Inline> {
    let mut runs = Vec::new();
    read_into(nodes, depth, &mut runs);
    nest(runs)
}

/// Appends the runs of nodes.
fn read_into(nodes: &[Value], depth: usize, out: &mut Vec<Run>) {
    for node in nodes {
        let styles = styles(node);
        match kind(node) {
            "mention" => out.push(Run { styles, leaf: mention(node) }),
            "hardBreak" => out.push(Run { styles, leaf: Inline::Break }),
            "media" | "mediaInline" => out.push(Run { styles, leaf: medium(node) }),
            "inlineCard" | "blockCard" | "embedCard" => out.extend(card(node)),
            _ if content(node).is_empty() => {
                let text = leaf(node);
                let code = marks(node).iter().any(|mark| kind(mark) == "code");
                let leaf = if code { Inline::Code { text } } else { Inline::Text { text } };
                out.push(Run { styles, leaf });
            }
            _ if depth >= MAX_NESTING => {
                let leaf = Inline::Text { text: text(content(node)) };
                out.push(Run { styles, leaf });
            }
            _ => read_into(content(node), depth + 1, out),
        }
    }
}

/// The marks of a node.
fn marks(node: &Value) -> &[Value] {
    node.get("marks").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The styles that a node's marks mean.
fn styles(node: &Value) -> Styles {
    let mut styles = Styles::default();
    for mark in marks(node) {
        match kind(mark) {
            "strong" => styles.strong = true,
            "em" => styles.emphasis = true,
            "strike" => styles.strike = true,
            "link" => styles.url = text_attribute(mark, "href").and_then(address::safe).map(Into::into),
            _ => {}
        }
    }
    styles
}

/// A mention, by id and the name shown, without its `@`.
fn mention(node: &Value) -> Inline {
    let id = text_attribute(node, "id").unwrap_or_default();
    let name = text_attribute(node, "text").map_or(id, |text| text.strip_prefix('@').unwrap_or(text));
    Inline::Mention { id: id.to_owned(), name: name.to_owned() }
}

/// A card: a link with the name of what it leads to, where it is known.
fn card(node: &Value) -> Option<Run> {
    let data = |name| attribute(node, "data").and_then(|data| data.get(name)).and_then(Value::as_str);
    let url = text_attribute(node, "url").or_else(|| data("url")).and_then(address::safe);
    let name = data("name").map(str::to_owned).or_else(|| url.clone())?;
    let styles = Styles { url: url.map(Into::into), ..Styles::default() };
    Some(Run { styles, leaf: Inline::text(name) })
}

/// The text of a node that holds no other.
fn leaf(node: &Value) -> String {
    match kind(node) {
        "date" => date(node).unwrap_or_default(),
        "emoji" => {
            let name = || text_attribute(node, "shortName");
            text_attribute(node, "text").or_else(name).unwrap_or_default().to_owned()
        }
        "hardBreak" => "\n".to_owned(),
        "inlineCard" | "blockCard" | "embedCard" => card(node).map_or(String::new(), |run| match run.leaf {
            Inline::Text { text } => text,
            _ => String::new(),
        }),
        "mention" => text_attribute(node, "text").unwrap_or_default().to_owned(),
        _ => {
            let text = node.as_str().or_else(|| node.get("text").and_then(Value::as_str));
            text.or_else(|| text_attribute(node, "text")).unwrap_or_default().to_owned()
        }
    }
}

/// A date as `2026-01-31` (UTC), from its milliseconds since 1970.
fn date(node: &Value) -> Option<String> {
    let stamp = attribute(node, "timestamp")?;
    let millis = stamp.as_i64().or_else(|| stamp.as_str()?.trim().parse().ok())?;
    let time = jiff::Timestamp::from_millisecond(millis).ok()?;
    Some(time.strftime("%Y-%m-%d").to_string())
}

/// All text inside nodes, a newline after each block. Does not recurse.
pub(super) fn text(nodes: &[Value]) -> String {
    /// What is left to visit.
    enum Step<'a> {
        Node(&'a Value),
        End,
    }
    let mut out = String::new();
    let mut steps: Vec<Step<'_>> = nodes.iter().rev().map(Step::Node).collect();
    while let Some(step) = steps.pop() {
        match step {
            Step::Node(node) if content(node).is_empty() => out.push_str(&leaf(node)),
            Step::Node(node) => {
                steps.push(Step::End);
                steps.extend(content(node).iter().rev().map(Step::Node));
            }
            Step::End if out.ends_with('\n') => {}
            Step::End => out.push('\n'),
        }
    }
    out
}
