//! What shows that a change is done: which test files are near, which cases are proposed, and what is said to be missing.

use planwright::model::context::*;

use super::world::*;

/// Two carriers, of which one has a test, and their register.
fn carriers() -> Context {
    let tree = MemoryTree::default()
        .file("carrier/blitz.py", FileClass::Source, "class Blitz:\n    def track(self):\n        return []\n")
        .file(
            "carrier/nordpost.py",
            FileClass::Source,
            "class Nordpost:\n    def track(self):\n        code = 1\n        return [code]\n",
        )
        .file("carrier/carriers.py", FileClass::Source, "def known():\n    return [Blitz(), Nordpost()]\n")
        .file("tests/test_nordpost.py", FileClass::Test, "def test_unknown_codes_are_skipped():\n    assert True\n")
        .file("tests/test_csv.py", FileClass::Test, "def test_csv_has_a_header():\n    assert True\n")
        .import("carrier/carriers.py", "carrier/blitz.py")
        .import("carrier/carriers.py", "carrier/nordpost.py");
    let mut context = context("acme/parcels", tree);
    context.facts = vec![fact(FactKind::TestCommand, "pytest", "pytest -q", "pyproject.toml", 1)];
    likely(&mut context, "carrier/nordpost.py", 0.5, vec![words(&["nordpost", "state"])], &["track"]);
    context.tests.push(NearTest {
        path: "tests/test_csv.py".to_owned(),
        covers: None,
        why: "it speaks of the same things".to_owned(),
        cases: context
            .tree
            .symbols("tests/test_csv.py")
            .into_iter()
            .map(|s| Symbol { kind: SymbolKind::Test, ..s })
            .collect(),
    });
    context
}

#[test]
fn a_test_that_is_called_like_the_file_is_near_though_the_ranking_left_it_out() {
    let text =
        document(&ticket("Nordpost sends a state twice", "`track` should return each state once."), &[carriers()]);
    assert!(text.contains("Modify [`tests/test_nordpost.py`]"), "{text}");
    assert!(!text.contains("tests/test_csv.py") && !text.contains("No test was found near"), "{text}");
}

#[test]
fn one_more_of_a_kind_is_made_like_the_sibling_that_has_a_test_and_serves_what_is_asked() {
    let body = "An unknown state should be skipped like we do for Nordpost. The key must not be logged.";
    let text = document(&ticket("Support the carrier Kattegat", body), &[carriers()]);
    assert!(text.contains("Create `tests/test_kattegat.py`"), "{text}");
    assert!(text.contains("Create `carrier/kattegat.py`** · R1, R2"), "{text}");
    assert!(text.contains("**T2** shows R2, in the new file `tests/test_kattegat.py`"), "{text}");
    assert!(!text.contains("test_csv"), "{text}");
}

#[test]
fn a_feature_that_says_what_should_be_possible_is_no_bug() {
    let body = "Customers write to us to ask when plants are back. They should be able to leave a wish on the page.";
    let text = document(&ticket("Tell customers when a plant is back", body), &[carriers()]);
    assert!(!text.contains("**Bug**") && !text.contains("Today:"), "{text}");
}

#[test]
fn a_bug_that_says_what_must_hold_is_not_asked_what_should() {
    let mut wanted = ticket(
        "Tracking tells which parcels exist",
        "Found by a test:\n\n- `POST /parcels/session` answers 404 for an unknown parcel and 422 for a wrong one.\n- There is no limit.\n\nBoth cases must answer 401 with the same body.",
    );
    wanted.type_name = Some("Bug".to_owned());
    let text = document(&wanted, &[carriers()]);
    assert!(!text.contains("what should happen instead") && !text.contains("reproduced"), "{text}");
}

#[test]
fn what_a_maintainer_puts_in_place_of_the_criteria_has_its_test() {
    let mut wanted = ticket(
        "Count the state of Nordpost after the code",
        "## Acceptance criteria\n\n- [ ] the state of Nordpost counts after the code\n",
    );
    wanted.comments = vec![comment(
        "Mira",
        true,
        "2026-11-04",
        "Please keep the state of Nordpost before the code. Instead `track` should say how many codes are missing.",
    )];
    let text = document(&wanted, &[carriers()]);
    assert!(text.contains("shows R1"), "{text}");
}

#[test]
fn figures_and_access_that_the_criteria_set_are_found() {
    let body = "## Acceptance criteria\n\n- [ ] `track` answers 50,000 states in under 5 seconds\n- [ ] Only staff get it; everybody else gets 401\n- [ ] The key comes from the configuration and must not be logged\n";
    let text = document_in("story", &ticket("Export the states of Nordpost", body), &[carriers()]);
    assert!(
        !text.contains("Looked for figures of time") && text.contains("AC1: `track` answers 50,000 states"),
        "{text}"
    );
    for said in
        ["AC1 sets a figure: “under 5 seconds”\n", "AC2 says who may and who is refused\n", "AC3 handles a secret: "]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn what_is_registered_is_made_first() {
    let text = document(&ticket("Support the carrier Kattegat", "It ships from September on."), &[carriers()]);
    let place = |of: &str| text.find(of).unwrap_or_else(|| panic!("{of} in {text}"));
    assert!(place("Create `carrier/kattegat.py`**") < place("Register `kattegat` beside"), "{text}");
}

#[test]
fn a_condition_over_what_the_function_is_named_after_is_no_edge() {
    let code =
        "def cart_total(cart):\n    if cart.lines:\n        pass\n    if cart.coupon:\n        pass\n    return 0\n";
    let tree = MemoryTree::default().file("shop/cart.py", FileClass::Source, code);
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/cart.py", 0.9, vec![words(&["cart", "coupon"])], &["cart_total"]);
    let asked = ticket("The cart ignores a coupon", "`cart_total` should count the coupon of the cart.");
    let text = document(&asked, &[context]);
    assert!(text.contains("both sides of `if cart.coupon:`"), "{text}");
    assert!(!text.contains("if cart.lines:"), "{text}");
}

#[test]
fn a_request_that_is_refused_runs_nothing_behind_the_guard() {
    let refused =
        "def test_admin(client):\n    answer = client.get(\"/admin/carts\")\n    assert answer.status_code == 401\n";
    let answered = "def test_carts(client):\n    answer = client.get(\"/admin/carts\")\n    assert answer.ok\n\n\n\
                    def test_other(client):\n    assert client.get(\"/x\").status_code == 401\n";
    let told = |test: &'static str| {
        let tree = MemoryTree::default()
            .file("shop/api.py", FileClass::Source, "def carts():\n    return all_carts()\n")
            .file("shop/store.py", FileClass::Source, "def all_carts():\n    return []\n")
            .file("tests/test_api.py", FileClass::Test, test)
            .import("shop/api.py", "shop/store.py");
        let mut context = context("acme/shop", tree);
        likely(&mut context, "shop/store.py", 0.8, vec![words(&["carts"])], &["all_carts"]);
        context.facts = vec![fact(FactKind::Route, "GET /admin/carts", "", "shop/api.py", 1)];
        document(&ticket("Carts are listed twice", "All carts are listed twice.\n"), &[context])
    };
    let text = told(refused);
    assert!(text.contains("No test runs") && text.contains("expects 401, which is answered before it"), "{text}");
    let text = told(answered);
    assert!(text.contains("is reached by requests alone") && !text.contains("expects 401"), "{text}");
}

#[test]
fn the_document_that_a_changed_file_names_in_its_head_follows() {
    let tree = MemoryTree::default()
        .file(
            "shop/booking.py",
            FileClass::Source,
            "\"\"\"Booking. The rules: docs/booking.md.\"\"\"\n\ndef book():\n    return 1\n",
        )
        .file("docs/booking.md", FileClass::Doc, "# Booking\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/booking.py", 0.8, vec![words(&["book"])], &["book"]);
    let text = document(&ticket("Add booking for groups", "Groups should book at once.\n"), &[context.clone()]);
    assert!(text.contains("which changes, names it for its rules"), "{text}");
    let mut bug = ticket("Booking fails", "It should book, but it fails.\n");
    bug.labels = vec!["bug".to_owned()];
    assert!(!document(&bug, &[context]).contains("names it for its rules"));
}
