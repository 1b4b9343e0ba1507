//! What a ticket tells of itself: the deed before the reason, the state that is ordered, the type that is named.

use planwright::model::context::*;

use super::world::*;

fn plan(title: &str, labels: &[&str], body: &str, tree: MemoryTree, path: &str, symbols: &[&str]) -> String {
    let mut context = context("acme/shop", tree);
    let word = Evidence::Words { words: vec!["cart".to_owned()] };
    likely(&mut context, path, 0.8, vec![word], symbols);
    let mut wanted = ticket(title, body);
    wanted.labels = labels.iter().map(|label| (*label).to_owned()).collect();
    document(&wanted, &[context])
}

fn cart() -> MemoryTree {
    MemoryTree::default().file("src/cart.py", FileClass::Source, "def total(cart):\n    return round(cart.sum)\n")
}

#[test]
fn the_overview_says_what_is_done_and_not_why() {
    let body = "Closing a cart normally waits for all of its reservations. This change adds a `close_now()` function, \
                which does not wait.\n";
    let text = plan("provide a way to close a cart at once", &[], body, cart(), "src/cart.py", &["total"]);
    let overview = text.split("Overview").nth(1).unwrap_or_default();
    let first = overview.lines().find(|line| line.starts_with("- ")).unwrap_or_default();
    assert!(first.contains("This change adds a `close_now()` function"), "{text}");
    assert!(!text.contains("Closing a cart normally waits"), "{text}");
}

#[test]
fn a_title_that_orders_a_state_is_not_asked_what_should_happen() {
    let body = "The total of a cart is rounded for each line and once more for the sum.\n";
    let asked = |title: &str| {
        plan(title, &["bug"], body, cart(), "src/cart.py", &["total"]).contains("what should happen instead?")
    };
    assert!(!asked("fix(cart): don't round the total twice"));
    assert!(asked("fix(cart): total is rounded twice"));
}

#[test]
fn notes_of_versions_that_are_out_are_no_pattern_for_a_new_note() {
    let noted = |first: &str, second: &str| {
        let tree = cart().file(first, FileClass::Doc, "- one\n").file(second, FileClass::Doc, "- two\n");
        let text = plan("Add a gift wrap to the cart", &[], "Customers want it.\n", tree, "src/cart.py", &["total"]);
        text.contains("The note for the changelog is a file of its own")
    };
    assert!(noted("changelogs/12-rebate.md", "changelogs/14-gift.md"));
    assert!(!noted("changelogs/CHANGELOG-3.4.md", "changelogs/CHANGELOG-3.5.md"));
}

#[test]
fn a_guard_against_nothing_is_no_case() {
    let source = "def wrap(gift):\n    if gift is None: throw ArgumentNullException(gift)\n    if gift.is_large():\n        add(gift)\n";
    let tree = MemoryTree::default().file("src/cart.py", FileClass::Source, source);
    let text = plan("Wrap a large gift of the cart", &[], "A gift is wrapped.\n", tree, "src/cart.py", &["wrap"]);
    assert!(text.contains("gift.is_large()") && !text.contains("ArgumentNullException"), "{text}");
}

#[test]
fn a_story_is_told_once_and_is_a_feature_whatever_its_title_says() {
    let body = "As a guest, I want to set `till_timeout` of `total` so that carts do not wait.\n";
    let text = plan("Timeout of a cart", &[], body, cart(), "src/cart.py", &["total"]);
    assert!(text.contains("**Feature**, because it is told as a story"), "{text}");
    assert_eq!(
        text.matches("to set `till_timeout`").count() + text.matches("set `till_timeout` of").count(),
        1,
        "{text}"
    );
}
