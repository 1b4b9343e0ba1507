//! Jira's wiki markup ↔ [`Doc`](super::Doc).
//!
//! In: wiki markup of a stranger, or a [`Doc`](super::Doc). Out: the other. Text is written so that none of it can
//! become markup, a mention or a macro. Reading never fails: a macro that is unknown is its text.
//!
//! Notation: <https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all>

mod escape;
mod inline;
mod line;
mod list;
mod pieces;
mod read;
mod row;
mod write;

pub use read::read;
pub use write::write;

use super::PanelKind;

/// What heads a panel of each kind.
const PANELS: [(PanelKind, &str); 5] = [
    (PanelKind::Note, "Note"),
    (PanelKind::Tip, "Tip"),
    (PanelKind::Important, "Important"),
    (PanelKind::Warning, "Warning"),
    (PanelKind::Caution, "Caution"),
];

/// The languages that Jira's `{code}` knows.
const LANGUAGES: [&str; 34] = [
    "actionscript",
    "actionscript3",
    "ada",
    "applescript",
    "bash",
    "c",
    "c#",
    "c++",
    "cpp",
    "css",
    "erlang",
    "go",
    "groovy",
    "haskell",
    "html",
    "java",
    "javascript",
    "js",
    "json",
    "lua",
    "none",
    "objc",
    "perl",
    "php",
    "python",
    "r",
    "ruby",
    "scala",
    "sh",
    "sql",
    "swift",
    "visualbasic",
    "xml",
    "yaml",
];
