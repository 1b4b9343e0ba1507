//! [`Doc`] → wiki markup.

use super::escape::escape_text;
use crate::richtext::{Doc, normal};

/// A document as wiki markup.
pub fn write(doc: &Doc) -> String {
    let mut out = String::new();
    for line in normal::normal(doc).plain().lines() {
        escape_text(line, &mut out);
        out.push('\n');
    }
    out
}
