//! Lists that tell how a change was made, not what is asked for: the subjects of its commits, as squashed merges leave them.
//!
//! In: the lines of a ticket and its title. Out: the same lines, those of such a list with [`Role::Log`].

use super::{Found, Line, Shape, headings::Role};
use crate::planner::words::{is_deed, terms, unscoped};

/// Words for what every change brings with it, whatever it is about.
const CHORES: &[&str] = &[
    "build",
    "ci",
    "clippy",
    "comment",
    "comments",
    "compilation",
    "compile",
    "conflict",
    "conflicts",
    "feedback",
    "fmt",
    "format",
    "formatting",
    "indentation",
    "lint",
    "lints",
    "linter",
    "nit",
    "nits",
    "review",
    "rubocop",
    "test",
    "tests",
    "trailingwhitespace",
    "typo",
    "typos",
    "whitespace",
];
/// Verbs of such work.
const MENDS: &[&str] = &["address", "addressed", "fix", "fixed", "fixes", "fixing", "resolve", "resolved", "run"];
/// The most subjects that are kept.
const MOST: usize = 12;

/// Marks the list of the body, where it is a log: an item repeats the title, or tells of work that no one asks for.
pub fn mark(lines: &mut [Line], title: &str) {
    let is_item = |l: &Line| l.shape == Shape::Item && l.role == Role::Free && !l.in_comment();
    let items: Vec<&Line> = lines.iter().filter(|l| is_item(l)).collect();
    let repeats = items.iter().any(|l| repeats(title, &l.text));
    let is_worked = |l: &&Line| l.text.split(' ').next().is_some_and(is_deed);
    let is_log = items.iter().any(|l| is_chore(&l.text) || has_scope_of(title, &l.text))
        || repeats && 2 * items.iter().copied().filter(is_worked).count() >= items.len();
    if items.len() >= 2 && is_log {
        lines.iter_mut().filter(|l| is_item(l)).for_each(|l| l.role = Role::Log);
    }
}

/// The subjects that say something of the change itself.
pub fn told(lines: &[Line], title: &str) -> Vec<Found> {
    let says = |l: &&Line| l.role == Role::Log && !is_chore(&l.text) && !repeats(title, &l.text);
    lines.iter().filter(says).filter(|l| l.text.split(' ').count() > 2).take(MOST).map(Line::found).collect()
}

/// The lines of the log that tell of such work, in one text.
pub fn chores(lines: &[Line]) -> String {
    let is_meant = |l: &&Line| l.role == Role::Log && is_chore(&l.text);
    lines.iter().filter(is_meant).map(|l| l.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Does the item begin with the scope of the title, as commits of one change do: `logging: add an encoder`?
fn has_scope_of(title: &str, item: &str) -> bool {
    let scope = |text: &str| {
        let (head, rest) = text.split_once(": ")?;
        (!head.contains(' ') && !rest.is_empty()).then(|| head.to_lowercase())
    };
    scope(title).is_some() && scope(title) == scope(item)
}

/// Does the item say what the title says?
fn repeats(title: &str, item: &str) -> bool {
    let words = |text: &str| terms(unscoped(text.split(" (").next().unwrap_or(text)));
    let (title, item) = (words(title), words(item));
    let shared = title.intersection(&item).count();
    title.len() >= 2 && 4 * shared >= 3 * title.len().max(item.len())
}

/// “Fix clippy lints”, “address review comments”, “Added tests”, “merge branch …”: work that comes with any change.
fn is_chore(item: &str) -> bool {
    let lower = unscoped(item).to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let [first, rest @ ..] = words.as_slice() else { return false };
    let names = |most: usize| rest.iter().take(most).any(|w| CHORES.contains(w));
    let is_mended = MENDS.contains(first) && names(4) && !(rest.len() > 2 && names_typo(rest));
    let pleases = lower.ends_with(" happy") || lower.ends_with(" unhappy");
    is_mended
        || pleases
        || rest.is_empty() && (CHORES.contains(first) || ["wip", "cleanup", "oops"].contains(first))
        || *first == "merge" && rest.first().is_some_and(|w| ["branch", "remote", "pull", "master", "main"].contains(w))
        || *first == "cargo" && rest == ["fmt"]
}

/// A typo somewhere is a fault of its own.
fn names_typo(words: &[&str]) -> bool {
    words.iter().any(|w| w.starts_with("typo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chores_come_with_any_change() {
        let check = |item: &str, expected: bool| assert_eq!(is_chore(item), expected, "{item}");
        check("Fix clippy lints", true);
        check("Fix ChainWrapping formatting issue in rule", true);
        check("Fixed tests for no-underscore-dangle", true);
        check("address review comments", true);
        check("Merge branch 'master' into carts", true);
        check("wip", true);
        check("govulncheck was unhappy", true);
        check("Fix the rounding of totals", false);
        check("Fix typo in the name of the setting", false);
        check("Tests run on every push", false);
        check("Merge both lists into one", false);
    }

    #[test]
    fn commits_of_one_change_have_its_scope() {
        assert!(has_scope_of("logging: Implement `append` encoder", "logging: Implement `add` encoder"));
        assert!(!has_scope_of("logging: Implement an encoder", "Note: it is slow") && !has_scope_of("a b", "c d"));
    }

    #[test]
    fn an_item_repeats_the_title_in_other_dress() {
        let check = |title: &str, item: &str, expected: bool| assert_eq!(repeats(title, item), expected, "{item}");
        check("Update: Added 'allowSuper' option (fixes #6355)", "Update: Added 'allowSuper' option to the rule", true);
        check("fix(cart): round totals up", "round totals up", true);
        check("Fix: Windows paths (fixes #12507)", "Fix: Windows paths (fixes #12507)", true);
        check("Show totals in the cart", "Totals have two decimals", false);
        check("Carts", "Carts", false);
    }
}
