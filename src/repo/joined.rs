//! Neighbouring words of a ticket that code may write as one name: “metadata reader” is `MetadataReader`,
//! `metadata_reader` or `metadata-reader.ts`.
//!
//! In: a text. Out: names, squeezed (lower case, letters and digits alone), with the words behind them. Linear in the
//! text, and capped.

use std::collections::HashSet;

use super::tokens;

/// Words that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// As one name, squeezed: `metadatareader`.
    pub name: String,
    /// As written, in lower case: `metadata reader`.
    pub words: String,
    pub in_title: bool,
}

/// The most names of a ticket.
const MOST: usize = 600;
/// How long a name is, in bytes: shorter ones are found in code by chance.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=60;
/// The most words of a name.
const MOST_WORDS: usize = 3;
/// The most parts of a word with hyphens.
const MOST_PARTS: usize = 4;

/// Neighbouring words of a title and of a body, the title's first.
pub fn joined(title: &str, body: &str) -> Vec<Joined> {
    let mut found = Found::default();
    for (text, in_title) in [(title, true), (body, false)] {
        text.split(|c: char| "\n.,;:()[]|\"`".contains(c)).for_each(|clause| found.clause(clause, in_title));
    }
    found.names
}

/// What was found so far.
#[derive(Default)]
struct Found {
    names: Vec<Joined>,
    seen: HashSet<String>,
}

impl Found {
    /// The names of a clause: words with hyphens, and runs of plain words.
    fn clause(&mut self, clause: &str, in_title: bool) {
        let mut run: Vec<String> = Vec::new();
        for word in clause.split_whitespace() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let parts: Vec<&str> = word.split('-').collect();
            if parts.len() > 1 {
                run.clear();
                let is_part = |part: &&str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphanumeric());
                if parts.len() <= MOST_PARTS && parts.iter().all(is_part) {
                    self.add(parts.concat(), parts.join(" "), in_title);
                }
            } else if tokens::is_stop(&word) || word.len() < 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
                run.clear();
            } else {
                run.push(word);
                for first in (0..run.len().saturating_sub(1)).rev().take(MOST_WORDS - 1) {
                    self.run(&run[first..], in_title);
                }
            }
        }
    }

    /// A run of words, and the one of many things that it names.
    fn run(&mut self, words: &[String], in_title: bool) {
        let (name, words) = (words.concat(), words.join(" "));
        if let (Some(one), Some(words)) = (name.strip_suffix('s'), words.strip_suffix('s')) {
            self.add(one.to_owned(), words.to_owned(), in_title);
        }
        self.add(name, words, in_title);
    }

    fn add(&mut self, name: String, words: String, in_title: bool) {
        if LENGTH.contains(&name.len()) && self.names.len() < MOST && self.seen.insert(name.clone()) {
            self.names.push(Joined { name, words, in_title });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(title: &str, body: &str) -> Vec<String> {
        joined(title, body).into_iter().map(|joined| joined.name).collect()
    }

    #[test]
    fn words_side_by_side_are_a_name_and_its_singular() {
        assert_eq!(
            names("Metadata readers fail", ""),
            ["metadatareader", "metadatareaders", "readersfail", "metadatareadersfail",]
        );
        let found = joined("", "Two metadata readers");
        assert!(found.iter().any(|j| j.words == "metadata reader" && !j.in_title), "{found:?}");
    }

    #[test]
    fn hyphens_join_whatever_stands_between_them() {
        assert_eq!(
            names("Check literals in no-proto, no-iterator", ""),
            ["checkliteral", "checkliterals", "noproto", "noiterator"]
        );
    }

    #[test]
    fn clauses_stop_words_and_code_end_a_run() {
        assert_eq!(names("Cart. Total of the order: max_size rebate", ""), Vec::<String>::new());
        assert_eq!(names("", &"word ".repeat(10)), ["wordword", "wordwordword"]);
    }
}
