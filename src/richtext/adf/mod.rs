//! Atlassian Document Format ↔ [`Doc`].
//!
//! In: ADF as Jira Cloud's REST v3 gives it, or a [`Doc`]. Out: the other. What is written always validates against
//! Atlassian's JSON Schema (`@atlaskit/adf-schema`, `json-schema/v1/full.json`); what the schema cannot hold at its
//! place degrades to what it can, its text kept. Reading never fails: what is unknown is its text. Never writes a
//! mention, and never passes an address on that could act.
//!
//! Structure: <https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/>

mod inline;
mod node;
mod read;
mod write;

pub use read::read;

use serde_json::Value;

use super::{Doc, PanelKind};

/// A document as ADF in JSON text.
pub fn write_text(doc: &Doc) -> String {
    serde_json::to_string(&write::document(doc)).expect("nodes are text and numbers")
}

/// A document as ADF.
pub fn write(doc: &Doc) -> Value {
    serde_json::to_value(write::document(doc)).expect("nodes are text and numbers")
}

/// Atlassian's name of each kind of panel.
const PANELS: [(PanelKind, &str); 5] = [
    (PanelKind::Note, "info"),
    (PanelKind::Tip, "success"),
    (PanelKind::Important, "note"),
    (PanelKind::Warning, "warning"),
    (PanelKind::Caution, "error"),
];
