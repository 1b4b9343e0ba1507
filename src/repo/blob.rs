//! What is known of one blob, whatever commit and path it stands in.
//!
//! In: bytes and a language. Out: words, symbols, imports, line count and the text, compressed.

use std::sync::{Arc, LazyLock};

use crate::model::context::Symbol;

use super::{
    classify, symbols,
    tokens::{Bag, identifiers},
};

/// An analysed blob.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blob {
    pub lines: u32,
    /// The text looks made by a tool.
    pub generated: bool,
    /// All words of the text.
    pub words: Bag,
    /// The words of the names that it defines.
    pub names: Bag,
    pub symbols: Vec<Symbol>,
    /// As written.
    pub imports: Vec<String>,
    /// LZ4 block with its length in front; empty when the blob is no text.
    packed: Box<[u8]>,
}

/// Blobs over this size are never read, in bytes.
pub const MAX_BLOB: u64 = 1024 * 1024;
/// How a pointer of git-lfs begins (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>).
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Stands for every blob that was not read.
static UNREAD: LazyLock<Arc<Blob>> = LazyLock::new(Arc::default);

impl Blob {
    /// What stands in place of a blob that was not read.
    pub fn unread() -> Arc<Self> {
        UNREAD.clone()
    }

    /// Was it read, whatever came of it?
    pub fn is_read(self: &Arc<Self>) -> bool {
        !Arc::ptr_eq(self, &UNREAD)
    }

    /// Analyses bytes; binary files and LFS pointers stay empty.
    pub fn of(bytes: &[u8], language: Option<&str>) -> Self {
        if classify::is_binary(bytes) || bytes.starts_with(LFS) {
            return Self::default();
        }
        let text = String::from_utf8_lossy(bytes);
        let generated = classify::is_generated_text(&text);
        let outline = match language {
            Some(language) if !generated => symbols::outline(language, &text),
            _ => symbols::Outline::default(),
        };
        Self {
            lines: u32::try_from(text.lines().count()).unwrap_or(u32::MAX),
            generated,
            words: if generated { Bag::default() } else { Bag::of([text.as_ref()]) },
            names: Bag::of(outline.symbols.iter().map(|symbol| symbol.name.as_str())),
            symbols: outline.symbols,
            imports: outline.imports,
            packed: lz4_flex::compress_prepend_size(text.as_bytes()).into(),
        }
    }

    /// Puts a blob together again from its stored parts.
    pub fn from_parts(
        lines: u32,
        generated: bool,
        bags: (Bag, Bag),
        outline: symbols::Outline,
        packed: Vec<u8>,
    ) -> Self {
        let (words, names) = bags;
        let symbols::Outline { symbols, imports } = outline;
        Self { lines, generated, words, names, symbols, imports, packed: packed.into() }
    }

    /// The text; `None` for what is no text.
    pub fn text(&self) -> Option<String> {
        if self.packed.is_empty() {
            return None;
        }
        let length = self.packed.first_chunk::<4>().map_or(0, |head| u32::from_le_bytes(*head));
        if u64::from(length) > 4 * MAX_BLOB {
            return None;
        }
        String::from_utf8(lz4_flex::decompress_size_prepended(&self.packed).ok()?).ok()
    }

    /// The compressed text, as [`Blob::from_parts`] takes it.
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// About how much memory it holds, in bytes.
    pub fn weight(&self) -> usize {
        let symbols: usize = self.symbols.iter().map(|s| 120 + s.name.len() + s.signature.len()).sum();
        self.packed.len() + 8 * (self.words.terms().len() + self.names.terms().len()) + symbols + 200
    }

    /// The first line that holds an identifier, and the line's text.
    pub fn first_line_with(&self, identifier: &str) -> Option<(u32, String)> {
        let text = self.text()?;
        let found = text.lines().zip(1..).find(|(line, _)| {
            line.contains(identifier)
                && (identifiers(line).any(|word| word == identifier) || !is_identifier(identifier))
        });
        found.map(|(line, number)| (number, line.to_owned()))
    }
}

/// Is the text a single identifier?
fn is_identifier(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_packing_and_binary_has_none() {
        let blob = Blob::of("fn total() {}\n// gr\u{fc}n\n".as_bytes(), Some("rust"));
        assert_eq!(blob.text().as_deref(), Some("fn total() {}\n// grün\n"));
        assert_eq!((blob.lines, blob.symbols.len()), (2, 1));
        assert_eq!(blob.first_line_with("total").unwrap().0, 1);
        assert_eq!(Blob::of(b"\0\x01", Some("rust")).text(), None);
        assert_eq!(Blob::of(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", None).text(), None);
    }
}
