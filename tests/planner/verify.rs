//! Drafts that say what is not so.
