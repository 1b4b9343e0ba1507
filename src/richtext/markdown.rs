//! GitHub-flavoured Markdown ↔ [`Doc`](super::Doc).
