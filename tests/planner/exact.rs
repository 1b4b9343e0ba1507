//! What is said to be absent was looked for, and what is said to be used is: sentences that state what was searched.

use planwright::model::context::*;

use super::world::*;

/// One source with a function of this text, which the ticket speaks of.
fn shop(code: &str) -> Context {
    let tree = MemoryTree::default()
        .file("src/cart.rs", FileClass::Source, code)
        .file("src/gift.rs", FileClass::Source, "pub fn wrap() {\n    1\n}\n")
        .file("config/default.yml", FileClass::Config, "cart:\n  rebate: 1\n")
        .file("config/rebates.yml", FileClass::Config, "summer: 1\n")
        .file("docs/cart.md", FileClass::Doc, "# Cart\n")
        .file("Cargo.lock", FileClass::Config, "\n");
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Dependency, "axum", "", "Cargo.toml", 4)];
    likely(&mut context, "src/cart.rs", 0.6, vec![words(&["rebate", "total"])], &["total", "rebate"]);
    context
}

const TITLE: &str = "Rebate of the cart total is rounded twice";

#[test]
fn a_public_symbol_that_nothing_imports_is_not_said_to_be_missing() {
    let ticket = ticket(TITLE, "`total` should round the rebate once.");
    let text = document(&ticket, &[shop("pub fn total() {\n    rebate()\n}\n")]);
    assert!(!text.contains("no public symbol") && !text.contains("no symbol to change is public"), "{text}");
    let text = document(&ticket, &[shop("fn total() {\n    rebate()\n}\n")]);
    assert!(!text.contains("who else uses the public symbols"), "{text}");
}

#[test]
fn code_that_asks_its_configuration_is_not_said_to_read_no_setting() {
    let ticket = ticket(TITLE, "`total` should round the rebate once.");
    let text = document_in("implementation", &ticket, &[shop("fn total() {\n    config.for_cart().rebate\n}\n")]);
    assert!(!text.contains("read no setting"), "{text}");
    assert!(text.contains("no declared setting is named in the symbols to change"), "{text}");
    let text = document_in("implementation", &ticket, &[shop("fn total() {\n    rebate\n}\n")]);
    assert!(text.contains("the symbols to change read no setting"), "{text}");
}

#[test]
fn what_changed_with_a_file_before_may_have_to_follow() {
    let ticket = ticket(TITLE, "`total` should round the rebate once.");
    let look = |path: &str| format!("Check whether [`{path}`]");
    let document = |past: Vec<PastChange>| {
        let mut context = shop("fn total() {\n    rebate\n}\n");
        context.past = past;
        document(&ticket, &[context])
    };
    let files = ["src/cart.rs", "config/rebates.yml", "config/default.yml", "Cargo.lock", "docs/lost.md"];
    let text = document(vec![past('a', "Round the rebate of the cart", &files)]);
    assert!(!text.contains("Check whether `Cargo.lock`") && !text.contains("docs/lost.md"), "{text}");
    // Of a single change, a file that is called for what the ticket speaks of; a document that is called like the code.
    assert!(text.contains(&look("config/rebates.yml")) && !text.contains(&look("config/default.yml")), "{text}");
    let text = document(vec![past('a', "Round the rebate of the cart", &["src/cart.rs", "docs/cart.md"])]);
    assert!(text.contains("in line, as") && text.contains("Modify [`docs/cart.md`]"), "{text}");
    // Neither a single change of other files nor one that nothing makes alike shows anything.
    let text = document(vec![past('a', "Round the rebate of gifts", &["src/gift.rs", "config/rebates.yml"])]);
    assert!(!text.contains(&look("config/rebates.yml")), "{text}");
    let other = PastChange { similarity: 0.1, ..past('a', "Sort the shelves", &files) };
    assert!(!document(vec![other]).contains(&look("config/rebates.yml")));
    // Two of them do, but for code that changed without any of the plan's files.
    let two = ["src/gift.rs", "config/default.yml"];
    let text = document(vec![past('a', "Round the rebate of gifts", &two), past('b', "Round the rebate of all", &two)]);
    assert!(text.contains(&look("config/default.yml")) && !text.contains(&look("src/gift.rs")), "{text}");
}

#[test]
fn tests_of_the_package_are_near_a_file_that_holds_its_own() {
    let tree = MemoryTree::default()
        .file(
            "shop/src/cart.rs",
            FileClass::Source,
            "pub fn total() {\n    1\n}\nmod tests {\n    fn sums() {\n    }\n}\n",
        )
        .file("shop/tests/cart.rs", FileClass::Test, "fn rebate_is_rounded_once() {\n}\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/src/cart.rs", 0.6, vec![words(&["rebate", "total"])], &["total"]);
    let text = document(&ticket(TITLE, "`total` should round the rebate once."), &[context]);
    assert!(!text.contains("No test was found near"), "{text}");
}

#[test]
fn a_test_beside_a_file_of_go_is_near_it() {
    let text = |test: &str| {
        let tree = MemoryTree::default().file("pki/maintain.go", FileClass::Source, "fn total() {\n}\n").file(
            test,
            FileClass::Test,
            "fn TestSeal() {\n}\n",
        );
        let mut context = context("acme/shop", tree);
        likely(&mut context, "pki/maintain.go", 0.6, vec![words(&["rebate", "total"])], &["total"]);
        context.tests.push(NearTest {
            path: test.to_owned(),
            covers: None,
            why: "it speaks of the same things".to_owned(),
            cases: Vec::new(),
        });
        document(&ticket(TITLE, "`total` should round the rebate once."), &[context])
    };
    assert!(text("other/crypto_test.go").contains("No test was found near"), "{}", text("other/crypto_test.go"));
    // Also where it is called like the file: it tests another package.
    assert!(text("other/maintain_test.go").contains("No test was found near"), "{}", text("other/maintain_test.go"));
    let beside = text("pki/crypto_test.go");
    assert!(!beside.contains("No test was found near") && !beside.contains("no test near"), "{beside}");
}

#[test]
fn a_case_stands_beside_another_and_not_beside_what_holds_it() {
    let tree =
        MemoryTree::default().file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n").file(
            "tests/test_cart.py",
            FileClass::Test,
            "class TestCart:\n    def test_sum(self):\n        assert total(cart) == 1\n",
        );
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.6, vec![words(&["cart", "total"])], &["total"]);
    near(&mut context, "tests/test_cart.py", "src/cart.py", "its name says so", &["TestCart", "test_sum"]);
    let text = document(&ticket("The total is wrong", "**Expected:** 2\n\n**Actual:** 1\n"), &[context]);
    assert!(text.contains("test_sum`") && !text.contains("`TestCart`"), "{text}");
}
