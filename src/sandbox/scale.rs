//! Repositories of any size, for measuring.
//!
//! In: a directory and a number of files. Out: a bare git repository of that many Rust files that differ, name each
//! other and have some history; the same hashes every time.

use std::{fmt::Write, io, path::Path};

use super::fast_import::{self, Commit};

const SUBJECTS: [&str; 16] = [
    "account",
    "address",
    "billing",
    "catalog",
    "coupon",
    "delivery",
    "discount",
    "gift_card",
    "inventory",
    "invoice",
    "loyalty",
    "order",
    "payment",
    "refund",
    "search",
    "shipment",
];
const VERBS: [&str; 12] = [
    "archive", "audit", "cancel", "collect", "export", "import", "merge", "notify", "price", "reserve", "settle",
    "validate",
];
const LAYERS: [&str; 5] = ["api", "jobs", "model", "rules", "store"];

/// How far the words of a file's parts lie from each other.
const PART: usize = 37;
/// Files in a commit.
const PER_COMMIT: usize = 50;
/// 2025-01-06T09:00:00Z, in seconds since 1970; a commit a day follows.
const BEGIN: i64 = 1_736_154_000;

/// Makes the repository in a directory that does not exist yet and gives the hash of its last commit.
pub fn repository_of(dir: &Path, files: usize) -> io::Result<String> {
    repository_with(dir, files, 1)
}

/// The same with files of so many parts, each of about a kilobyte.
pub fn repository_with(dir: &Path, files: usize, parts: usize) -> io::Result<String> {
    let paths: Vec<String> = (0..files).map(path).collect();
    let commits = paths.chunks(PER_COMMIT).enumerate().map(|(n, paths)| commit(n, paths, parts));
    fast_import::create(dir, commits)
}

fn commit(n: usize, paths: &[String], parts: usize) -> Commit {
    let first = n * PER_COMMIT;
    let text = |n: usize| (0..parts).map(|part| source(n + part * PART)).collect::<String>();
    let file = |(i, path): (usize, &String)| (path.clone(), Some(text(first + i).into_bytes()));
    let day = i64::try_from(n).unwrap_or(i64::MAX);
    Commit {
        by: format!("Developer {} <dev{}@acme.example>", n % 5, n % 5),
        at: BEGIN.saturating_add(day.saturating_mul(86_400)),
        zone: "+0000".to_owned(),
        message: format!("Add {} to {}\n", VERBS[n % VERBS.len()], SUBJECTS[n % SUBJECTS.len()]),
        changes: paths.iter().enumerate().map(file).collect(),
    }
}

/// Subject, verb and layer of a file: all combinations before any comes again.
fn words(n: usize) -> (&'static str, &'static str, &'static str) {
    let rest = n / SUBJECTS.len();
    (SUBJECTS[n % SUBJECTS.len()], VERBS[rest % VERBS.len()], LAYERS[rest / VERBS.len() % LAYERS.len()])
}

/// `src/coupon/rules/export.rs`; a number follows once the words are used up.
fn path(n: usize) -> String {
    let (subject, verb, layer) = words(n);
    match n / (SUBJECTS.len() * VERBS.len() * LAYERS.len()) {
        0 => format!("src/{subject}/{layer}/{verb}.rs"),
        round => format!("src/{subject}/{layer}/{verb}_{round}.rs"),
    }
}

/// A type, a function, and a test, which name those of the file before.
fn source(n: usize) -> String {
    let (subject, verb, layer) = words(n);
    let (before, its_verb, its_layer) = words(n.checked_sub(1).unwrap_or(1));
    let name = format!("{}{}{n}", title(subject), title(verb));
    let mut text = format!("//! How to {verb} a {subject}: the {layer} part.\n\n");
    let _ = write!(
        text,
        "use crate::{before}::{its_layer}::{its_verb}::{its_verb}_{before};\n\n\
         /// What it takes to {verb} a {subject}.\n\
         #[derive(Clone, Debug, Default)]\n\
         pub struct {name} {{\n    pub {subject}_id: u64,\n    pub amount_cents: i64,\n    pub limit: usize,\n}}\n\n\
         /// Refuses to {verb} more than the limit.\n\
         pub fn {verb}_{subject}(input: &{name}) -> Result<i64, String> {{\n\
         \x20   if input.amount_cents < 0 {{\n\
         \x20       return Err(format!(\"cannot {verb} {subject} {{}}: negative amount\", input.{subject}_id));\n\
         \x20   }}\n\
         \x20   let share = input.amount_cents * {factor} / 100;\n\
         \x20   Ok(share.min(i64::try_from(input.limit).unwrap_or(i64::MAX)))\n}}\n\n\
         #[cfg(test)]\nmod tests {{\n    use super::*;\n\n    #[test]\n    fn {verb}_of_nothing_is_nothing() {{\n\
         \x20       assert_eq!({verb}_{subject}(&{name}::default()), Ok(0));\n    }}\n}}\n",
        factor = n % 97 + 1,
    );
    text
}

/// `gift_card` as `GiftCard`.
fn title(word: &str) -> String {
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    word.split('_').map(capital).collect()
}
