//! Where the test of a file goes that has none: as the tests of its neighbours stand to what they test.
//!
//! In: a source file of a [`Context`]. Out: the test file to create, by the example of the neighbour that is nearest.

use std::collections::BTreeMap;

use super::super::{
    code::{
        path::{ending, folder, stem},
        through,
    },
    places::site::New,
    survey::tested,
};
use crate::model::context::{Context, FileClass};

/// Test files that are looked at.
const MOST: usize = 2_000;
/// Names that many files have: a test of that name is of any of them.
const PLAIN: &[&str] = &["index", "mod", "main", "lib", "__init__", "types", "utils", "util", "helpers", "base"];

/// The test file of a source file, after the nearest pair of a file and its test; none where nothing shows it, or where it
/// is there already.
pub fn of(context: &Context, subject: &str) -> Option<New> {
    by_pair(context, subject, |_| true)
}

/// The same after a file of the same folder alone.
pub fn of_sibling(context: &Context, subject: &str) -> Option<New> {
    by_pair(context, subject, |source| folder(source) == folder(subject))
}

fn by_pair(context: &Context, subject: &str, is_shown_by: impl Fn(&str) -> bool) -> Option<New> {
    let is_class = |p: &&str, class: FileClass| {
        ending(p) == ending(subject) && context.tree.file(p).is_some_and(|f| f.class == class)
    };
    let tests = context.tree.paths().filter(|p| is_class(p, FileClass::Test)).take(MOST);
    let mut sources: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let all = context.tree.paths().filter(|p| is_class(p, FileClass::Source) && *p != subject && is_shown_by(p));
    all.for_each(|p| sources.entry(called(p).1.to_lowercase()).or_default().push(p));
    let mut best: Option<(usize, String, &str, &str)> = None;
    for test in tests {
        let named = tested(test).into_iter().filter(|stem| !PLAIN.contains(&stem.as_str()));
        for source in named.filter_map(|stem| sources.get(&stem)).flatten().filter(|source| is_pair(source, test)) {
            let Some(made) = filled(source, test, subject).filter(|made| context.tree.file(made).is_none()) else {
                continue;
            };
            let near = shared(folder(source), folder(subject));
            if best.as_ref().is_none_or(|(known, ..)| near > *known) {
                best = Some((near, made, source, test));
            }
        }
    }
    let (_, path, source, test) = best?;
    let why = format!("`{source}` has such a test, `{subject}` needs its own");
    let pattern = asking(context, subject).filter(|found| ending(found) == ending(test));
    Some(New { is_kin: false, why, ..New::kin(path, pattern.as_deref().unwrap_or(test)) })
}

/// The test that reaches the file by what it asks the whole service for: it knows how to set up what the file needs.
fn asking(context: &Context, subject: &str) -> Option<String> {
    match through::reach(context, &[subject]).pop().flatten()? {
        through::Reached::Asked { test, .. } => Some(test),
        through::Reached::Imported => None,
    }
}

/// The folder and the name of a file; a module that fills a folder bears the folder's name: `src/pricing/mod.rs`.
fn called(path: &str) -> (&str, &str) {
    let home = folder(path);
    match stem(path) {
        "mod" if !home.is_empty() => (folder(home), home.rsplit('/').next().unwrap_or(home)),
        name => (home, name),
    }
}

/// Does the test stand with the file, or in folders that mirror the file's?
fn is_pair(source: &str, test: &str) -> bool {
    const HOMES: &[&str] = &["test", "tests", "spec", "specs", "__tests__"];
    let (of_source, of_test) = (called(source).0, folder(test));
    let below = ending_shared(of_source, of_test);
    let root = of_test[..of_test.len() - below].trim_end_matches('/');
    let is_home = root.split('/').any(|part| HOMES.contains(&part)) && !root.is_empty();
    // Below that folder, a test of Rust is a module that another file has to declare.
    if ending(test) == "rs" && !of_test.ends_with("tests") {
        return false;
    }
    of_source == of_test || is_home && (below > 0 || shared(of_source, root) + 1 >= root.split('/').count())
}

/// The path that `subject` gives where `source` gives `test`: the folders that only one of the two has, and what the name
/// has more.
fn filled(source: &str, test: &str, subject: &str) -> Option<String> {
    let (of_source, own_name) = called(source);
    let (own, subject_name) = called(subject);
    let (before, after) = affixes(own_name, test.rsplit('/').next()?)?;
    let name = format!("{before}{subject_name}{after}");
    let of_test = folder(test);
    let below = ending_shared(of_source, of_test);
    let root = |path: &str| path[..path.len() - below].trim_end_matches('/').to_owned();
    let (source_root, test_root) = (root(of_source), root(of_test));
    let rest = if source_root.is_empty() {
        Some(own)
    } else {
        own.strip_prefix(source_root.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // What stands below the folder of tests is no test of its own in Rust.
    let rest = rest.filter(|rest| !subject.ends_with(".rs") || own == of_source || rest.is_empty());
    let home = [test_root.as_str(), rest?.trim_start_matches('/')]
        .iter()
        .filter(|p| !p.is_empty())
        .copied()
        .collect::<Vec<_>>();
    Some(if home.is_empty() { name } else { format!("{}/{name}", home.join("/")) })
}

/// What the name of a test has before and behind the name of what it tests: `test_` and `.py`.
fn affixes<'t>(stem: &str, name: &'t str) -> Option<(&'t str, &'t str)> {
    let at = name.find(stem)?;
    Some((&name[..at], &name[at + stem.len()..]))
}

/// How many bytes of whole folders two paths share at their end.
fn ending_shared(a: &str, b: &str) -> usize {
    let parts = a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b && !a.is_empty());
    let bytes: usize = parts.map(|(part, _)| part.len() + 1).sum();
    bytes.min(a.len()).min(b.len())
}

/// How many folders two paths share at their beginning.
fn shared(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_stands_to_its_file_as_its_neighbours_do() {
        let check = |source: &str, test: &str, subject: &str, made: Option<&str>| {
            assert_eq!(filled(source, test, subject).as_deref(), made, "{source} {test} {subject}");
        };
        check("pki/ca.go", "pki/ca_test.go", "pki/maintain.go", Some("pki/maintain_test.go"));
        check("src/pricing/mod.rs", "tests/pricing.rs", "src/inventory.rs", Some("tests/inventory.rs"));
        check("src/pricing/mod.rs", "tests/pricing.rs", "src/routes/orders.rs", None);
        check("lib/cop/style/a.rb", "spec/cop/style/a_spec.rb", "lib/cop/lint/b.rb", Some("spec/cop/lint/b_spec.rb"));
        check(
            "clinic/services/scheduling.py",
            "tests/services/test_scheduling.py",
            "clinic/services/billing.py",
            Some("tests/services/test_billing.py"),
        );
        check(
            "src/main/java/a/Cart.java",
            "src/test/java/a/CartTest.java",
            "src/main/java/b/Order.java",
            Some("src/test/java/b/OrderTest.java"),
        );
        check("src/cart.ts", "test/cart.test.ts", "src/orders.ts", Some("test/orders.test.ts"));
        check("src/cart.ts", "test/cart.test.ts", "lib/orders.ts", None);
        check("cart.ts", "cart.test.ts", "orders.ts", Some("orders.test.ts"));
    }

    #[test]
    fn a_test_of_the_same_name_far_away_shows_nothing() {
        assert!(
            is_pair("clinic/services/a.py", "tests/services/test_a.py") && is_pair("src/cart.ts", "test/cart.test.ts")
        );
        assert!(is_pair("pkg/a/src/x.ts", "pkg/a/test/x_spec.ts") && is_pair("pkg/a/x.go", "pkg/a/x_test.go"));
        assert!(!is_pair("packages/build/dev/vite.ts", "packages/cli/update/vite_spec.ts"));
        assert!(!is_pair("pkg/a/src/x.ts", "pkg/b/test/x_spec.ts"));
        assert!(is_pair("a/src/du.rs", "a/tests/du.rs") && !is_pair("a/src/fs/du.rs", "a/tests/fs/du.rs"));
    }
}
