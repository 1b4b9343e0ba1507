//! What a plan counts, draws and leaves out goes by the files of its finished steps.

use planwright::model::{context::*, plan::Action};

use super::world::*;

fn named() -> Vec<Evidence> {
    vec![Evidence::PathNamed { text: "cart.py".to_owned() }]
}

fn word(word: &str) -> Vec<Evidence> {
    vec![Evidence::Words { words: vec![word.to_owned()] }]
}

fn past(digit: char, subject: &str, files: &[&str], made: &[&str]) -> PastChange {
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    PastChange {
        commit: commit(digit),
        subject: subject.to_owned(),
        date: "2026-08-02".to_owned(),
        files: owned(files),
        added: 3,
        deleted: 1,
        references: Vec::new(),
        is_revert: false,
        is_taken_back: false,
        reason: None,
        why: "its message resembles the ticket".to_owned(),
        similarity: 0.6,
        made: owned(made),
        is_first: false,
    }
}

#[test]
fn a_test_that_is_only_run_and_an_importing_test_that_changes_are_not_counted() {
    let tree = MemoryTree::default()
        .file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n")
        .file("src/till.py", FileClass::Source, "from cart import total\n")
        .file("tests/test_cart.py", FileClass::Test, "def test_total_of_a_cart():\n    assert total(1) == 1\n")
        .file("tests/test_gift.py", FileClass::Test, "def test_gift_of_a_cart_total():\n    assert total(2) == 2\n")
        .import("src/till.py", "src/cart.py")
        .import("tests/test_cart.py", "src/cart.py")
        .import("tests/test_gift.py", "src/cart.py");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.8, named(), &["total"]);
    near(&mut context, "tests/test_cart.py", "src/cart.py", "its name says so", &["test_total_of_a_cart"]);
    near(&mut context, "tests/test_gift.py", "src/cart.py", "it imports the file", &["test_gift_of_a_cart_total"]);
    let wanted = ticket("The total of a cart is wrong", "The total of a cart should be rounded.\n");
    let plan = plan(&wanted, &[context]);
    let counted = &plan.sections.overview.complexity.counted[0].text;
    let files = || plan.sections.phases.iter().flat_map(|p| &p.steps).flat_map(|s| &s.files);
    let tests = files().filter(|f| f.file.path.starts_with("tests/") && f.action != Action::Read).count();
    assert_eq!(tests, 1, "{counted}");
    // Besides the test that changes, `till.py` and the other test import it.
    assert!(counted.starts_with("1 file and 1 test file to change, 2 other files that import it"), "{counted}");
}

#[test]
fn a_file_that_is_only_read_is_none_to_change() {
    let tree = MemoryTree::default().file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.2, word("cart"), &["total"]);
    let plan = plan(&ticket("Carts are slow sometimes", "It takes long.\n"), &[context]);
    let counted = &plan.sections.overview.complexity.counted[0].text;
    assert!(counted.starts_with("1 file to look at"), "{counted}");
}

#[test]
fn what_made_a_file_is_no_similar_change_and_no_common_one() {
    let both = ["src/cart.py", "src/gift.py"];
    let document = |made: &[&str]| {
        let tree = MemoryTree::default()
            .file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n")
            .file("src/gift.py", FileClass::Source, "def gift(cart):\n    return 1\n");
        let mut context = context("acme/shop", tree);
        let evidence = Evidence::PastChange { commit: commit('a'), subject: "Total of carts".to_owned() };
        likely(&mut context, "src/cart.py", 0.8, vec![evidence], &["total"]);
        context.past = vec![past('a', "Total of carts", &both, made), past('b', "Gifts", &both, &[])];
        document_in("story", &ticket("The total of a cart is wrong", "It should be rounded.\n"), &[context])
    };
    let text = document(&[]);
    assert!(text.contains("a similar change, [`aaaaaaaaaa`]"), "{text}");
    assert!(text.contains("must follow"), "{text}");
    let text = document(&["src/cart.py"]);
    assert!(!text.contains("a similar change"), "{text}");
    assert!(!text.contains("must follow") && !text.contains("changed together with"), "{text}");
}

#[test]
fn a_pattern_to_follow_touches_a_file_of_the_steps() {
    let follows = |file: &str| {
        let tree = MemoryTree::default()
            .file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n")
            .file("src/settings.py", FileClass::Source, "LIMIT = 1\n");
        let mut context = context("acme/shop", tree);
        likely(&mut context, "src/cart.py", 0.8, named(), &["total"]);
        context.past = vec![past('a', "Total of carts", &[file], &[])];
        document_in("implementation", &ticket("The total of a cart is wrong", "It should be rounded.\n"), &[context])
            .contains("It changed ")
    };
    assert!(follows("src/cart.py"));
    assert!(!follows("src/settings.py"));
}

#[test]
fn layers_are_shown_by_imports_of_which_each_begins_where_the_last_one_ends() {
    let tree = MemoryTree::default()
        .file("src/routes/carts.ts", FileClass::Source, "import { price } from \"../services/price.js\";\n")
        .file("src/routes/admin.ts", FileClass::Source, "import { audit } from \"../services/audit.js\";\n")
        .file("src/services/audit.ts", FileClass::Source, "export function audit() {\n}\n")
        .file(
            "src/services/price.ts",
            FileClass::Source,
            "import { lines } from \"../repositories/lines.js\";\nexport function price(cart) {\n  return lines(cart);\n}\n",
        )
        .file("src/repositories/lines.ts", FileClass::Source, "export function lines(cart) {\n}\n")
        .import("src/routes/carts.ts", "src/services/price.ts")
        .import("src/routes/admin.ts", "src/services/audit.ts")
        .import("src/services/price.ts", "src/repositories/lines.ts");
    let mut context = context("acme/shop", tree);
    for path in ["src/services/price.ts", "src/services/audit.ts", "src/repositories/lines.ts"] {
        likely(&mut context, path, 0.8, word("price"), &["price", "audit", "lines"]);
    }
    let text = document_in("story", &ticket("The price of a cart is wrong", "It should be rounded.\n"), &[context]);
    let pattern = text.lines().find(|l| l.contains("**Pattern:**")).unwrap_or_default();
    let plain: Vec<&str> = pattern.split('`').skip(1).step_by(2).collect();
    assert_eq!(
        plain,
        ["src/routes/carts.ts", "src/services/price.ts", "src/services/price.ts", "src/repositories/lines.ts"],
        "{pattern}"
    );
}
