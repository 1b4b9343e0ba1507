//! Remembers the words of identifiers: texts repeat a small vocabulary, and splitting and stemming is the dear part.
//!
//! In: identifiers. Out: the hashes of their words, the same as asking anew, at a fraction of the cost. A fixed number
//! of places, so that no text makes it large or slow: newcomers push others out.

use super::tokens::{self, TermId};

/// Places; a power of two.
const PLACES: usize = 1 << 14;
/// Hashes that are kept before all are forgotten.
const MOST_WORDS: usize = 1 << 16;

/// One identifier, by its hash, and where its words lie.
#[derive(Clone, Copy, Default)]
struct Place {
    hash: u64,
    start: u32,
    len: u32,
}

/// The words of identifiers. Two identifiers with one 64-bit hash would be taken for one.
#[derive(Default)]
pub struct Memo {
    /// Empty until the first identifier comes.
    places: Vec<Place>,
    words: Vec<TermId>,
}

impl Memo {
    /// The hashes of an identifier's words, in their order.
    pub fn words(&mut self, identifier: &str) -> &[TermId] {
        if self.places.is_empty() {
            self.places.resize(PLACES, Place::default());
        }
        let hash = hash(identifier.as_bytes());
        let at = (hash >> 32) as usize % PLACES;
        if self.places[at].hash != hash {
            self.places[at] = self.learn(hash, identifier);
        }
        let place = self.places[at];
        &self.words[place.start as usize..][..place.len as usize]
    }

    /// Splits and stems an identifier.
    fn learn(&mut self, hash: u64, identifier: &str) -> Place {
        if self.words.len() > MOST_WORDS {
            self.words.clear();
            self.places.fill(Place::default());
        }
        let start = self.words.len();
        tokens::words_of(identifier, |word, _| self.words.push(tokens::id(word)));
        let narrow = |n: usize| u32::try_from(n).expect("bounded by the hashes kept");
        Place { hash, start: narrow(start), len: narrow(self.words.len() - start) }
    }
}

/// Eight bytes at a time, multiplied and rotated (as in rustc's FxHash), with a final mix; never 0.
pub fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| step(hash, u64::from_le_bytes(*word)));
    let tail = rest.iter().rev().fold(0, |tail, byte| tail << 8 | u64::from(*byte));
    let hash = step(hash, tail);
    (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembering_gives_what_asking_anew_gives() {
        let mut memo = Memo::default();
        for n in (0..40_000_u32).chain(0..100) {
            let identifier = format!("load_cart{n}Total{}", n % 7);
            let mut anew = Vec::new();
            tokens::words(&identifier, |word, _| anew.push(tokens::id(word)));
            assert_eq!(memo.words(&identifier), anew, "{identifier}");
        }
    }
}
