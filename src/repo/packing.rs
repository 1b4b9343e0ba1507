//! One analysed blob as bytes.
//!
//! In: a blob, or bytes. Out: the other. Words are differences in as few bytes as they need; symbols are compressed;
//! the text stays as the blob keeps it. Bytes that no blob gave are refused, whatever they hold.

use super::{
    blob::Blob,
    symbols::Outline,
    tokens::{Bag, TermId},
};
use crate::model::context::Symbol;

/// The most bytes that symbols and imports of one blob unpack to.
const MAX_OUTLINE: u32 = 64 * 1024 * 1024;

/// Packs a blob.
pub fn pack(blob: &Blob) -> Vec<u8> {
    let mut out = Vec::with_capacity(blob.packed().len() + 4 * blob.words.terms().len() + 64);
    number(blob.lines, &mut out);
    out.push(u8::from(blob.generated));
    bag(&blob.words, &mut out);
    bag(&blob.names, &mut out);
    let outline = serde_json::to_vec(&(&blob.symbols, &blob.imports)).expect("symbols have no maps");
    let outline = lz4_flex::compress_prepend_size(&outline);
    number(u32::try_from(outline.len()).unwrap_or(u32::MAX), &mut out);
    out.extend(outline);
    out.extend(blob.packed());
    out
}

/// Unpacks a blob.
pub fn unpack(bytes: &[u8]) -> Option<Blob> {
    let mut rest = Rest(bytes);
    let lines = rest.number()?;
    let generated = rest.byte()? != 0;
    let (words, names) = (rest.bag()?, rest.bag()?);
    let length = rest.number()? as usize;
    let (outline, text) = rest.0.split_at_checked(length)?;
    if u32::from_le_bytes(*outline.first_chunk::<4>()?) > MAX_OUTLINE {
        return None;
    }
    let outline = lz4_flex::decompress_size_prepended(outline).ok()?;
    let (symbols, imports): (Vec<Symbol>, Vec<String>) = serde_json::from_slice(&outline).ok()?;
    Some(Blob::from_parts(lines, generated, (words, names), Outline { symbols, imports }, text.to_vec()))
}

/// Writes a number, seven bits a byte, the lowest first (LEB128).
fn number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes words as differences, with their counts.
fn bag(bag: &Bag, out: &mut Vec<u8>) {
    number(bag.total, out);
    number(u32::try_from(bag.terms().len()).unwrap_or(u32::MAX), out);
    let mut last = 0;
    for (id, count) in bag.terms() {
        number(id - last, out);
        number(u32::from(*count), out);
        last = *id;
    }
}

/// The bytes that are not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn bag(&mut self) -> Option<Bag> {
        let (total, count) = (self.number()?, self.number()? as usize);
        // A word takes two bytes at least: no count makes room for more than there is.
        let mut terms: Vec<(TermId, u16)> = Vec::with_capacity(count.min(self.0.len() / 2));
        let mut last = 0_u32;
        for _ in 0..count {
            last = last.checked_add(self.number()?)?;
            terms.push((last, u16::try_from(self.number()?).ok()?));
        }
        Some(Bag::from_terms(terms, total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_survive_packing() {
        for (text, language) in [
            ("", None),
            ("\0", Some("rust")),
            ("gr\u{fc}n\n", None),
            ("use a::b;\nimpl Cart { pub fn total(&self) -> u32 { 300 } }\n", Some("rust")),
        ] {
            let blob = Blob::of(text.repeat(300).as_bytes(), language);
            assert_eq!(unpack(&pack(&blob)), Some(blob), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = unpack(&bytes);
        }
    }
}
