//! HTML ↔ [`Doc`](super::Doc): as Azure DevOps keeps it in fields and comments, and for the bot's own pages.
//!
//! In: HTML of a stranger, or a [`Doc`](super::Doc). Out: the other. Reading keeps what a [`Doc`](super::Doc) can
//! hold, and the text of all else; it follows the tags as they come and never builds a deeper tree than a document
//! may have. What is written is made of a fixed set of elements, every text escaped.

mod build;
mod page;
mod read;
mod write;

pub use page::to_html;
pub use read::read;
pub use write::write;
