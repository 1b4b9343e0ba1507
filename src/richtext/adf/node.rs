//! A node of ADF on its way to text.
//!
//! In: what the writer makes. Out: JSON. A node is a few fields and no map of them: a table of a megabyte has a million.

use serde::Serialize;
use serde_json::Value;

/// A whole document. Fields stand in the order of their names, here and in [`Node`], so that text and tree are alike.
#[derive(Serialize)]
pub(super) struct Root {
    pub content: Vec<Node>,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub version: u8,
}

/// A node or a mark.
#[derive(Serialize)]
pub(super) struct Node {
    #[serde(skip_serializing_if = "Option::is_none")]
    attrs: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Vec<Node>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

impl Node {
    /// A node that holds nothing.
    pub fn leaf(kind: &'static str) -> Self {
        Self { attrs: None, content: None, marks: Vec::new(), text: None, kind }
    }

    /// A node that holds others, or none.
    pub fn holding(kind: &'static str, content: Vec<Self>) -> Self {
        Self { content: Some(content), ..Self::leaf(kind) }
    }

    /// Running text in its styles; the schema wants it not empty.
    pub fn text(text: String, marks: Vec<Self>) -> Self {
        Self { text: Some(text), marks, ..Self::leaf("text") }
    }

    /// The same node with attributes.
    pub fn with(self, attrs: Value) -> Self {
        Self { attrs: Some(attrs), ..self }
    }
}
