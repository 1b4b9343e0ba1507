//! What a plan says it did not find is what it looked for, in the words of the search.

use planwright::model::context::*;

use super::world::*;

fn word(word: &str) -> Vec<Evidence> {
    vec![Evidence::PathNamed { text: format!("{word}.py") }]
}

const TWO: &str = "- [ ] A cart without lines costs 0.00\n- [ ] A cart of one line costs its price\n";

fn story(body: &str, context: Context) -> String {
    document_in("story", &ticket("The total of a cart is wrong", body), &[context])
}

fn cart(source: &str, symbols: &[&str]) -> Context {
    let tree = MemoryTree::default().file("src/cart.py", FileClass::Source, source);
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.8, word("cart"), symbols);
    context
}

#[test]
fn a_log_of_the_same_file_is_found() {
    let silent = "def total(cart):\n    return cart.sum\n\ndef close(cart):\n    return 1\n";
    let logging = "def total(cart):\n    return cart.sum\n\ndef close(cart):\n    logger.info(\"cart closed\")\n";
    let text = story(TWO, cart(silent, &["total"]));
    assert!(
        text.contains("Looked in the files that change for lines that write a log or a metric of what the ticket speaks of; found none."),
        "{text}"
    );
    let text = story(TWO, cart(logging, &["total"]));
    assert!(!text.contains("what the ticket speaks of; found none"), "{text}");
    assert!(text.contains("`src/cart.py:5`"), "{text}");
}

#[test]
fn code_that_signs_in_is_access_control_in_both_sections() {
    let source = "def sign_in(cart):\n    return cart.sum\n";
    let text = story(TWO, cart(source, &["sign_in"]));
    assert!(text.contains("guards access"), "{text}");
    assert!(!text.contains("access control") && !text.contains("who may and what decides it"), "{text}");
}

#[test]
fn a_guarded_new_route_is_a_new_route() {
    let routes = "from auth import staff\n\n@router.post(\"/carts/{id}/gift\", dependencies=[Depends(staff)])\ndef gift(id):\n    return wrap(id)\n";
    let tree = MemoryTree::default().file("src/api/carts.py", FileClass::Source, routes);
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Route, "POST /carts/{id}/gift", "gift", "src/api/carts.py", 3)];
    likely(&mut context, "src/api/carts.py", 0.8, word("cart"), &["gift"]);
    let body = "- [ ] Staff wrap a cart with `POST /carts/{id}/wrap`\n- [ ] A wrapped cart says so\n";
    let text = story(body, context);
    assert!(!text.contains("new routes"), "{text}");
    assert!(text.contains("`POST /carts/{id}/wrap` is new"), "{text}");
}

#[test]
fn how_long_something_holds_is_named_where_no_speed_is_limited() {
    let body = "- [ ] The cart is held for two hours\n- [ ] After 5 attempts within 15 minutes it is refused\n";
    let text = story(body, cart("def total(cart):\n    return cart.sum\n", &["total"]));
    assert!(text.contains("“two hours” (AC1) and “15 minutes” (AC2) say how long something holds"), "{text}");
}

#[test]
fn a_status_that_is_expected_is_a_code_of_success() {
    let routes = "@router.get(\"/carts/{id}\")\ndef cart(id):\n    return total(id)\n";
    let tree = MemoryTree::default().file("src/api/carts.py", FileClass::Source, routes);
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Route, "GET /carts/{id}", "cart", "src/api/carts.py", 2)];
    likely(&mut context, "src/api/carts.py", 0.8, word("cart"), &["cart"]);
    let body = "**Steps**\n\n1. `GET /carts/{id}`\n\n**Expected:** 200 with `total` of 0.00.\n\n**Actual:** 500.\n";
    let mut wanted = ticket("500 on GET /carts/{id}", body);
    wanted.labels = vec!["bug".to_owned()];
    let text = document_in("spec", &wanted, &[context]);
    assert!(!text.contains("codes of success"), "{text}");
}

#[test]
fn a_new_table_is_no_reason_to_say_that_there_is_no_migration() {
    let tree = MemoryTree::default()
        .file("migrations/0001_carts.sql", FileClass::Migration, "CREATE TABLE carts (\n  id BIGINT\n);\n")
        .file("src/routes/carts.py", FileClass::Source, "router.post(\"/carts\")\ndef carts():\n    return 1\n")
        .file("src/services/carts.py", FileClass::Source, "def carts():\n    return 1\n")
        .file("tests/test_carts.py", FileClass::Test, "def test_carts():\n    client.post(\"/carts\")\n");
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::Route, "POST /carts", "carts", "src/routes/carts.py", 1),
        fact(FactKind::Migration, "1", "", "migrations/0001_carts.sql", 1),
    ];
    likely(&mut context, "src/services/carts.py", 0.8, word("cart"), &["carts"]);
    let body = "- [ ] Guests leave a wish with `POST /wishes`\n- [ ] A wish of the same guest changes nothing\n";
    let text = story(body, context);
    assert!(text.contains("migrations/"), "{text}");
    assert!(!text.contains("missing tests, migrations"), "{text}");
}
