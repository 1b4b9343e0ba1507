//! Jira's wiki markup ↔ [`Doc`](super::Doc).
//!
//! In: wiki markup of a stranger, or a [`Doc`](super::Doc). Out: the other. Text is written so that none of it can
//! become markup, a mention or a macro. Reading never fails: a macro that is unknown is its text.
//!
//! Notation: <https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all>

mod escape;
mod read;
mod write;

pub use read::read;
pub use write::write;
