//! GitHub-flavoured Markdown ↔ [`Doc`](super::Doc).
//!
//! In: Markdown of a stranger, or a [`Doc`](super::Doc). Out: the other. For every document `parse(write(d)) == normal(d)`, and
//! `normal` changes nothing that [`parse`] made. Never lets raw HTML through: tags that mean something become nodes,
//! comments vanish, of all others the text stays.

mod escape;
mod folds;
mod line;
mod read;
mod write;

pub use escape::{code_span, escape, fence};
pub use read::parse;
pub use write::{write, write_blocks};

pub use super::normal::normal;

/// The name of a code block's language: the first word of an info string, without what Markdown would act on.
pub(crate) fn language(info: &str) -> String {
    info.chars().take_while(|c| !c.is_whitespace()).filter(|c| escape::is_language(*c)).take(40).collect()
}
