//! Tests near the files to modify, files to create by convention, and past changes worth reading.
//!
//! In: a ranking, an index and a history. Out: short lists, each entry with its reason in plain words.

use std::collections::HashMap;

use super::{
    history::{History, SWEEPING},
    index::Index,
    query::Query,
    rank::{
        Ranking, past,
        paths::{folder, squeezed, stem, test_subject},
    },
    tokens::Bag,
};
use crate::model::context::{FileClass, Likely, LikelyNew, NearTest, PastChange, Symbol, SymbolKind};

/// The most tests that are named.
const MAX_TESTS: usize = 8;
/// The most cases of a test file.
const MAX_CASES: usize = 5;
/// The files of the ranking beside which others were added.
const MAX_RANKED: usize = 12;
/// The most past changes.
const MAX_PAST: usize = 8;
/// The most changes that the ticket names.
const MAX_NAMED: usize = 4;
/// How like the ticket a commit is that does the same to another package, 0 to 1.
const ALIKE: f64 = 0.5;
/// Changes of a file among which one that was taken back is looked for.
const MAX_REVERTED: usize = 400;

/// Tests that cover the files to modify, nearest first.
pub fn tests(ranking: &Ranking, modify: &[Likely], query: &Query, index: &Index, history: &History) -> Vec<NearTest> {
    let mut found: HashMap<usize, (f64, Option<usize>, &'static str)> = HashMap::new();
    let mut raise = |test: usize, score: f64, covers: Option<usize>, why: &'static str| {
        let known = found.entry(test).or_insert((0.0, covers, why));
        if score > known.0 {
            *known = (known.0 * 0.3 + score, covers.or(known.1), why);
        } else {
            known.0 += 0.3 * score;
        }
    };
    let is_test = |file: usize| index.files[file].class == FileClass::Test && index.files[file].language.is_some();
    let tests: Vec<usize> = (0..index.files.len()).filter(|file| is_test(*file)).collect();
    for (likely, place) in modify.iter().take(5).zip(1_i32..) {
        let Some(source) = index.find(&likely.path) else { continue };
        let weight = 1.0 / f64::from(place).sqrt();
        let name = squeezed(stem(&likely.path));
        for test in &tests {
            if squeezed(test_subject(stem(&index.files[*test].path))) == name {
                let near = if folder(&index.files[*test].path) == folder(&likely.path) { 0.2 } else { 0.0 };
                raise(*test, weight * (1.0 + near), Some(source), "its name says so");
            }
        }
        for from in index.links.importers(source).iter().map(|from| *from as usize).filter(|from| is_test(*from)) {
            raise(from, weight * 0.6, Some(source), "it imports the file");
        }
        for (other, (share, times)) in past::companions(&likely.path, history) {
            if let Some(test) = index.find(other).filter(|test| is_test(*test) && times >= 2) {
                raise(test, weight * (0.4 + share).min(0.9), Some(source), "it changed together with the file");
            }
        }
    }
    for (test, score) in &ranking.tests {
        if is_test(*test) {
            raise(*test, 0.5 * score, None, "it speaks of the same things");
        }
    }
    let mut ordered: Vec<_> = found.into_iter().collect();
    ordered.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
    let near = ordered.into_iter().take(MAX_TESTS).filter(|(_, (score, ..))| *score >= 0.3);
    near.map(|(test, (_, covers, why))| NearTest {
        path: index.files[test].path.clone(),
        covers: covers.map(|source| index.files[source].path.clone()),
        why: why.to_owned(),
        cases: cases(query, &index.files[test].blob.symbols),
    })
    .collect()
}

/// The test cases whose names hold the most of the ticket.
fn cases(query: &Query, symbols: &[Symbol]) -> Vec<Symbol> {
    let score = |symbol: &Symbol| {
        let bag = Bag::of([symbol.name.as_str()]);
        query.terms.iter().filter(|term| bag.count(term.id) > 0).map(|term| term.weight).sum::<f64>()
    };
    let tests = symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Test);
    let mut scored: Vec<(f64, &Symbol)> =
        tests.map(|symbol| (score(symbol), symbol)).filter(|(s, _)| *s > 0.0).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.line.cmp(&b.1.line)));
    scored.into_iter().take(MAX_CASES).map(|(_, symbol)| symbol.clone()).collect()
}

/// Files that the repository's habits ask for beside the change: a test where sources of the same folder have one.
pub fn create(modify: &[Likely], tests: &[NearTest], index: &Index) -> Vec<LikelyNew> {
    let mut found: Vec<LikelyNew> = Vec::new();
    for likely in modify.iter().take(2) {
        if tests.iter().any(|test| test.covers.as_deref() == Some(likely.path.as_str()) && test.why.contains("name")) {
            continue;
        }
        if let Some((path, like)) = missing_test(&likely.path, index)
            && index.find(&path).is_none()
            && !found.iter().any(|new| new.path == path)
        {
            let why = format!("files beside it have such a test, `{}` has none", likely.path);
            found.push(LikelyNew { path, why, like: Some(like) });
        }
    }
    found
}

/// The path that a test of `source` would have, by the example of a neighbour; with the neighbour's test.
fn missing_test(source: &str, index: &Index) -> Option<(String, String)> {
    let own = stem_of_name(source)?;
    let siblings = index
        .files
        .iter()
        .filter(|file| file.class == FileClass::Source && folder(&file.path) == folder(source) && file.path != source);
    for sibling in siblings.take(60) {
        let Some(name) = stem_of_name(&sibling.path) else { continue };
        let examples = index.files.iter().filter(|file| {
            file.class == FileClass::Test
                && file.language == sibling.language
                && stem_of_name(&file.path).is_some_and(|test| test != name && test_subject(test) == name)
                && is_mirror(folder(&file.path), folder(source))
                && package(&file.path, index) == package(source, index)
        });
        let shared = |path: &str| path.split('/').zip(source.split('/')).take_while(|(a, b)| a == b).count();
        let example = examples.reduce(|a, b| if shared(&b.path) > shared(&a.path) { b } else { a });
        if let Some(example) = example {
            let (folder, test_name) = example.path.rsplit_once('/').unwrap_or(("", &example.path));
            let new = test_name.replacen(name, own, 1);
            return Some((if folder.is_empty() { new } else { format!("{folder}/{new}") }, example.path.clone()));
        }
    }
    None
}

/// Does a folder of tests belong to a folder of sources: the same one, one inside it, one that mirrors it, or the tests of
/// all that lies below a folder around it?
fn is_mirror(tests: &str, sources: &str) -> bool {
    const PLAIN: &[&str] = &["test", "tests", "__tests__", "spec", "specs", "unit", "src", "lib", "app", "main"];
    let bare = |folder: &str| -> Vec<String> {
        folder.split('/').filter(|part| !part.is_empty() && !PLAIN.contains(part)).map(str::to_owned).collect()
    };
    bare(sources).starts_with(&bare(tests))
}

/// The folder of the manifest around a file; empty for the root.
fn package<'p>(path: &'p str, index: &Index) -> &'p str {
    const MANIFESTS: &[&str] = &[
        "Cargo.toml",
        "package.json",
        "go.mod",
        "pyproject.toml",
        "setup.py",
        "Gemfile",
        "composer.json",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "mix.exs",
    ];
    let mut around = std::iter::successors(Some(folder(path)), |at| (!at.is_empty()).then(|| folder(at)));
    let holds =
        |at: &&str| !at.is_empty() && MANIFESTS.iter().any(|name| index.find(&format!("{at}/{name}")).is_some());
    around.find(holds).unwrap_or_default()
}

/// A file's name up to its first dot, when it is long enough to be telling.
fn stem_of_name(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.split('.').next().filter(|stem| stem.len() >= 3)
}

/// Past commits worth reading: those that the ticket names and what took them back, the last that raised a version where
/// the title raises one, those like the ticket, then the last ones of the files to modify.
pub fn past(
    query: &Query,
    ranking: &Ranking,
    modify: &[Likely],
    title: &str,
    history: &History,
) -> Vec<(usize, PastChange)> {
    let mut found: Vec<(usize, PastChange)> = Vec::new();
    for at in query.changes.iter().take(MAX_NAMED).filter_map(|name| history.named(name)) {
        let revert = history.taken_back_by(at).map(|revert| (revert, "it took back what the ticket names"));
        for (at, why) in [(at, "the ticket names it")].into_iter().chain(revert) {
            if !found.iter().any(|(known, _)| *known == at) {
                found.push((at, change(at, history, 0.0, why.to_owned())));
            }
        }
    }
    found.extend(raised(title, history));
    let similar = ranking.similar.iter().filter(|similar| similar.similarity >= 0.12);
    for similar in similar.take(MAX_PAST - 2) {
        if found.iter().any(|(at, _)| *at == similar.commit) {
            continue;
        }
        found.push((
            similar.commit,
            change(similar.commit, history, similar.similarity, "its message resembles the ticket".to_owned()),
        ));
    }
    for likely in modify.iter().take(3) {
        let Some(last) = history.touching(&likely.path).first().map(|at| *at as usize) else { continue };
        if found.len() < MAX_PAST && !found.iter().any(|(at, _)| *at == last) {
            let why = format!("the last change of `{}`", likely.path);
            found.push((last, change(last, history, 0.0, why)));
        }
    }
    for likely in modify.iter().take(3) {
        let reverts = history.touching(&likely.path).iter().map(|at| *at as usize);
        let newest = reverts.take(MAX_REVERTED).find(|at| history.commits[*at].is_revert);
        if let Some(at) = newest.filter(|at| found.len() < MAX_PAST + 2 && !found.iter().any(|(known, _)| known == at))
        {
            found.push((at, change(at, history, 0.0, format!("it took back a change of `{}`", likely.path))));
        }
    }
    found
}

/// The last commit that raised a version in a manifest, where the title asks for the same: its subject says so, and it
/// touched the manifest.
fn raised(title: &str, history: &History) -> Option<(usize, PastChange)> {
    const MANIFESTS: &[&str] = &[
        "pyproject.toml",
        "requirements.txt",
        "package.json",
        "Cargo.toml",
        "go.mod",
        "Gemfile",
        "composer.json",
        "pom.xml",
    ];
    if !raises(title) {
        return None;
    }
    let touching = MANIFESTS.iter().flat_map(|path| history.touching(path).iter().map(move |at| (*at as usize, *path)));
    let is_raise = |(at, _): &(usize, &str)| {
        let subject = &history.commits[*at].subject;
        raises(subject) && !history.is_first(*at) && !history.is_taken_back(*at)
    };
    let (at, path) = touching.filter(is_raise).min_by_key(|(at, _)| *at)?;
    Some((at, change(at, history, ALIKE, format!("the last change of a version in `{path}`"))))
}

/// Does the text raise something to a version: “Update serde to 1.2.3”?
fn raises(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_version = |w: &str| {
        let w = w.trim_start_matches(['v', '`']).trim_end_matches(['`', '.', ',', ')']);
        w.contains('.') && w.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut words = lower.split([' ', ':', '(']);
    let has_version = lower.split(' ').any(is_version);
    has_version && words.any(|w| ["update", "upgrade", "bump", "updates", "upgrades", "bumps", "raise"].contains(&w))
}

/// Commits that added a file beside one of the first of the ranking, newest first: how one more of its kind was made. Those
/// that began the repository or swept over it show nothing.
pub fn added(ranking: &Ranking, index: &Index, history: &History) -> Vec<PastChange> {
    let mut found: Vec<usize> = Vec::new();
    for likely in ranking.files.iter().take(MAX_RANKED) {
        let ending = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        let is_sibling = |path: &str| folder(path) == folder(&likely.path) && ending(path) == ending(&likely.path);
        let siblings = index.files.iter().filter(|file| file.class == FileClass::Source && is_sibling(&file.path));
        let makers = siblings.take(60).filter_map(|file| history.touching(&file.path).last().map(|at| *at as usize));
        let is_told = |at: &usize| !history.is_first(*at) && history.commits[*at].files.len() <= SWEEPING / 2;
        found.extend(makers.filter(is_told));
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(MAX_PAST);
    found.into_iter().map(|at| change(at, history, 0.0, "it added a file beside these".to_owned())).collect()
}

/// A commit as the model has it; sizes come later.
fn change(at: usize, history: &History, similarity: f64, why: String) -> PastChange {
    let commit = &history.commits[at];
    let date = jiff::Timestamp::from_second(commit.time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    PastChange {
        commit: commit.id.clone(),
        subject: commit.subject.chars().take(200).collect(),
        date: date.strftime("%Y-%m-%d").to_string(),
        files: commit.files.iter().take(40).map(|file| history.path(*file).to_owned()).collect(),
        added: 0,
        deleted: 0,
        references: commit.references.clone(),
        is_revert: commit.is_revert,
        is_taken_back: history.is_taken_back(at),
        reason: commit.reason.as_deref().map(str::to_owned),
        why,
        similarity,
        made: history.made(at).into_iter().take(40).map(str::to_owned).collect(),
        is_first: history.is_first(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_raised_by_a_word_and_a_figure() {
        for text in ["Upgrade pydantic to 2.11", "Update SQLAlchemy to 2.0.38", "build: bump `serde` to v1.2"] {
            assert!(raises(text), "{text}");
        }
        for text in ["Update the cart", "Round to 2.5 %", "Updated totals of 1.5"] {
            assert!(!raises(text), "{text}");
        }
    }

    #[test]
    fn tests_mirror_sources() {
        let check = |tests: &str, sources: &str, expected: bool| {
            assert_eq!(is_mirror(tests, sources), expected, "{tests} {sources}");
        };
        check("cart", "cart", true);
        check("cart/__tests__", "cart", true);
        check("tests/cart", "src/cart", true);
        check("spec/shop/cart", "lib/shop/cart", true);
        check("src/test/java/shop", "src/main/java/shop", true);
        check("tests", "shop/cart", true);
        check("packages/cli/src/update", "packages/build/src/server", false);
        check("tests/gift", "src/cart", false);
    }
}
