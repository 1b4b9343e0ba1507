//! Atlassian's document format: the basic form that Jira asks of it, and its text as wiki markup.
//!
//! In: JSON that a client sent. Out: whether Jira takes it, and what its REST v2 and its webhooks show of it. Source:
//! "Atlassian Document Format" at developer.atlassian.com.

use serde_json::Value;

/// Nodes that may stand in a document.
const NODES: [&str; 41] = [
    "blockCard",
    "blockquote",
    "blockTaskItem",
    "bodiedExtension",
    "bulletList",
    "caption",
    "codeBlock",
    "date",
    "decisionItem",
    "decisionList",
    "doc",
    "embedCard",
    "emoji",
    "expand",
    "extension",
    "hardBreak",
    "heading",
    "inlineCard",
    "inlineExtension",
    "layoutColumn",
    "layoutSection",
    "listItem",
    "media",
    "mediaGroup",
    "mediaInline",
    "mediaSingle",
    "mention",
    "nestedExpand",
    "orderedList",
    "panel",
    "paragraph",
    "placeholder",
    "rule",
    "status",
    "syncBlock",
    "table",
    "tableCell",
    "tableHeader",
    "tableRow",
    "taskItem",
    "taskList",
];
/// Marks that text may have.
const MARKS: [&str; 15] = [
    "alignment",
    "annotation",
    "backgroundColor",
    "border",
    "breakout",
    "code",
    "dataConsumer",
    "em",
    "fragment",
    "indentation",
    "link",
    "strike",
    "strong",
    "subsup",
    "textColor",
];
/// Deeper than Jira's editor nests anything.
const DEEPEST: usize = 64;

/// Whether Jira takes this as a document.
pub fn is_document(value: &Value) -> bool {
    value["type"] == "doc" && value["version"] == 1 && value["content"].is_array() && is_node(value, DEEPEST)
}

fn is_node(node: &Value, depth: usize) -> bool {
    let Some(kind) = node["type"].as_str() else { return false };
    if depth == 0 {
        return false;
    }
    if kind == "text" {
        let marks = node.get("marks").map_or(Some([].as_slice()), |marks| marks.as_array().map(Vec::as_slice));
        let text = node["text"].as_str().is_some_and(|text| !text.is_empty());
        return text && marks.is_some_and(|marks| marks.iter().all(is_mark));
    }
    if !(NODES.contains(&kind)) {
        return false;
    }
    match node.get("content") {
        None => true,
        Some(Value::Array(content)) => content.iter().all(|child| is_node(child, depth - 1)),
        Some(_) => false,
    }
}

fn is_mark(mark: &Value) -> bool {
    match mark["type"].as_str() {
        Some("link") => mark["attrs"]["href"].is_string(),
        Some("underline") => true,
        Some(kind) => MARKS.contains(&kind),
        None => false,
    }
}

/// The document as wiki markup.
pub fn wiki(document: &Value) -> String {
    let mut out = String::new();
    blocks(document, "", &mut out);
    out.trim_end().to_owned()
}

fn children(node: &Value) -> &[Value] {
    node["content"].as_array().map_or(&[], Vec::as_slice)
}

fn blocks(node: &Value, bullets: &str, out: &mut String) {
    for child in children(node) {
        block(child, bullets, out);
    }
}

fn block(node: &Value, bullets: &str, out: &mut String) {
    match node["type"].as_str().unwrap_or_default() {
        "heading" => {
            out.push_str(&format!("h{}. {}\n\n", node["attrs"]["level"].as_u64().unwrap_or(1), inline(node)));
        }
        "paragraph" => out.push_str(&format!("{}\n\n", inline(node))),
        "codeBlock" => {
            let language = node["attrs"]["language"].as_str().map(|name| format!(":{name}")).unwrap_or_default();
            out.push_str(&format!("{{code{language}}}\n{}\n{{code}}\n\n", inline(node)));
        }
        "blockquote" => wrapped("quote", node, out),
        "panel" => wrapped("panel", node, out),
        "rule" => out.push_str("----\n\n"),
        "bulletList" | "taskList" | "decisionList" => list(node, &format!("{bullets}*"), out),
        "orderedList" => list(node, &format!("{bullets}#"), out),
        "expand" | "nestedExpand" => {
            out.push_str(&format!("*{}*\n\n", node["attrs"]["title"].as_str().unwrap_or_default()));
            blocks(node, "", out);
        }
        "table" => {
            children(node).iter().for_each(|row| table_row(row, out));
            out.push('\n');
        }
        "inlineCard" | "blockCard" | "embedCard" => out.push_str(&format!("{}\n\n", span(node))),
        _ => blocks(node, bullets, out),
    }
}

fn wrapped(name: &str, node: &Value, out: &mut String) {
    out.push_str(&format!("{{{name}}}\n"));
    blocks(node, "", out);
    out.truncate(out.trim_end().len());
    out.push_str(&format!("\n{{{name}}}\n\n"));
}

fn list(node: &Value, bullets: &str, out: &mut String) {
    for item in children(node) {
        if item["type"] == "taskItem" || item["type"] == "decisionItem" {
            out.push_str(&format!("{bullets} {}\n", inline(item)));
            continue;
        }
        for (n, child) in children(item).iter().enumerate() {
            match child["type"].as_str() {
                Some("paragraph") if n == 0 => out.push_str(&format!("{bullets} {}\n", inline(child))),
                Some("bulletList") => list(child, &format!("{bullets}*"), out),
                Some("orderedList") => list(child, &format!("{bullets}#"), out),
                _ => block(child, bullets, out),
            }
        }
    }
    if bullets.len() == 1 {
        out.push('\n');
    }
}

fn table_row(row: &Value, out: &mut String) {
    for cell in children(row) {
        let bar = if cell["type"] == "tableHeader" { "||" } else { "|" };
        let text = children(cell).iter().map(inline).collect::<Vec<_>>().join(" ");
        out.push_str(&format!("{bar}{text}"));
    }
    let head = children(row).first().is_some_and(|cell| cell["type"] == "tableHeader");
    out.push_str(if head { "||\n" } else { "|\n" });
}

fn inline(node: &Value) -> String {
    children(node).iter().map(span).collect()
}

fn span(node: &Value) -> String {
    let attrs = &node["attrs"];
    let text = |name: &str| attrs[name].as_str().unwrap_or_default().to_owned();
    match node["type"].as_str().unwrap_or_default() {
        "text" => marked(node),
        "hardBreak" => "\n".to_owned(),
        "mention" => format!("[~accountid:{}]", text("id")),
        "emoji" => [text("text"), text("shortName")].into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        "inlineCard" | "blockCard" | "embedCard" => format!("[{}]", text("url")),
        "status" | "placeholder" => text("text"),
        "date" => text("timestamp"),
        _ => inline(node),
    }
}

fn marked(node: &Value) -> String {
    let mut text = node["text"].as_str().unwrap_or_default().to_owned();
    for mark in node["marks"].as_array().map_or(&[][..], Vec::as_slice) {
        text = match mark["type"].as_str().unwrap_or_default() {
            "strong" => format!("*{text}*"),
            "em" => format!("_{text}_"),
            "strike" => format!("-{text}-"),
            "code" => format!("{{{{{text}}}}}"),
            "link" => format!("[{text}|{}]", mark["attrs"]["href"].as_str().unwrap_or_default()),
            _ => text,
        };
    }
    text
}
