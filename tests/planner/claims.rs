//! What a plan claims of evidence: uses that are uses, tests that ask for a route, tables behind models, sizes of changes.

use planwright::model::context::*;

use super::world::*;

fn word(word: &str) -> Vec<Evidence> {
    vec![Evidence::Words { words: vec![word.to_owned()] }]
}

#[test]
fn a_module_of_the_same_name_is_no_use_of_a_function() {
    let tree = MemoryTree::default()
        .file("src/routes/admin.rs", FileClass::Source, "pub fn orders() {\n    list();\n}\n")
        .file(
            "src/routes/mod.rs",
            FileClass::Source,
            "use super::{admin, orders};\nget(orders::show);\nget(admin::orders);\n",
        )
        .import("src/routes/mod.rs", "src/routes/admin.rs");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/routes/admin.rs", 0.8, word("orders"), &["orders"]);
    let text = document(&ticket("The list of orders is cut off", "It should hold all orders.\n"), &[context]);
    assert!(text.contains("`orders`](https://github.com/acme/shop/blob/cccccccccccccccccccccccccccccccccccccccc/src/routes/admin.rs#L1-L3) is used in [`src/routes/mod.rs:3`]"), "{text}");
    assert!(!text.contains("src/routes/mod.rs:2"), "{text}");
}

/// A cart that only a test of the whole service reaches, through its route; a mailer that none reaches.
fn cart(asks: &str) -> Context {
    let tree = MemoryTree::default()
        .file("src/services/cart.py", FileClass::Source, "def price(cart):\n    return cart.sum\n")
        .file("src/routes/orders.py", FileClass::Source, "from services import cart\nrouter.post(\"/orders\")\n")
        .file("tests/test_health.py", FileClass::Test, &format!("def test_health():\n    client.post(\"{asks}\")\n"))
        .import("src/routes/orders.py", "src/services/cart.py");
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Route, "POST /orders", "place", "src/routes/orders.py", 2)];
    likely(&mut context, "src/services/cart.py", 0.8, word("price"), &["price"]);
    context
}

#[test]
fn a_test_that_asks_for_a_route_shows_what_its_file_leads_to() {
    let wanted = ticket("The price of a cart is wrong", "The price should be rounded.\n");
    let text = document(&wanted, &[cart("/orders")]);
    assert!(!text.contains("no test near") && !text.contains("No test was found near"), "{text}");
    assert!(text.contains("is reached by requests alone") && text.contains("`tests/test_health.py:2`"), "{text}");
    let text = document(&wanted, &[cart("/health")]);
    assert!(text.contains("no test near"), "{text}");
}

#[test]
fn tables_are_named_by_the_models_that_a_file_queries() {
    let migration = "def upgrade():\n    op.create_table(\n        \"appointments\",\n    )\n";
    let source = "def total(month):\n    return cents(rows(month))\n\ndef rows(month):\n    return session.scalars(select(Appointment))\n";
    let tree = MemoryTree::default().file("clinic/billing.py", FileClass::Source, source).file(
        "alembic/versions/1_appointments.py",
        FileClass::Migration,
        migration,
    );
    let mut context = context("acme/clinic", tree);
    context.facts = vec![fact(FactKind::Migration, "1", "", "alembic/versions/1_appointments.py", 1)];
    likely(&mut context, "clinic/billing.py", 0.8, word("total"), &["total"]);
    let text = document(&ticket("The total is wrong", "The total should be rounded.\n"), &[context]);
    assert!(!text.contains("no table is queried"), "{text}");
    assert!(text.contains("Near: [`appointments`]"), "{text}");
}

fn past(digit: char, subject: &str, made: &[&str], is_first: bool) -> PastChange {
    PastChange {
        commit: commit(digit),
        subject: subject.to_owned(),
        date: "2026-08-02".to_owned(),
        files: vec!["src/cart.py".to_owned(), "src/gift.py".to_owned()],
        added: 3,
        deleted: 1,
        references: Vec::new(),
        is_revert: false,
        is_taken_back: false,
        reason: None,
        why: "its message resembles the ticket".to_owned(),
        similarity: 0.6,
        made: made.iter().map(|path| (*path).to_owned()).collect(),
        is_first,
    }
}

#[test]
fn what_made_a_file_tells_nothing_of_the_size_of_a_change() {
    let sized = |made: &[&str], is_first: bool| {
        let tree = MemoryTree::default().file("src/cart.py", FileClass::Source, "def total(cart):\n    return 1\n");
        let mut context = context("acme/shop", tree);
        likely(&mut context, "src/cart.py", 0.8, word("cart"), &["total"]);
        context.past = vec![past('a', "Total of the cart", made, is_first)];
        let text = document_in("story", &ticket("The total of a cart is wrong", "It should be rounded.\n"), &[context]);
        text.contains("similar past changes")
    };
    assert!(sized(&[], false));
    assert!(!sized(&["src/cart.py"], false));
    assert!(!sized(&[], true));
}

#[test]
fn a_frame_of_another_version_names_the_line_that_calls_here() {
    let source = "export function price(cart) {\n  const goods = sum(cart);\n  return best(goods);\n}\n";
    let tree = MemoryTree::default().file("src/cart.ts", FileClass::Source, source);
    let mut context = context("acme/shop", tree);
    let frame = Evidence::StackFrame { frame: "/app/src/cart.ts:2:20".to_owned(), line: Some(2) };
    likely(&mut context, "src/cart.ts", 0.8, vec![frame], &["price"]);
    let body = "```\nTypeError: x\n    at best (/app/src/discount.ts:4:1)\n    at price (/app/src/cart.ts:2:20)\n```\n";
    let text = document(&ticket("The price fails", body), &[context]);
    assert!(text.contains("of another version: it says line 2, and `best` is called here"), "{text}");
    assert!(!text.contains("The trace passes"), "{text}");
}

#[test]
fn settings_are_read_off_an_object_of_settings() {
    let tree = MemoryTree::default()
        .file(
            "clinic/settings.py",
            FileClass::Source,
            "class Settings:\n    cancel_days: int = 1\n    sms_key: str = \"\"\n",
        )
        .file("clinic/slots.py", FileClass::Source, "def cancel(slot):\n    return slot.day > settings.cancel_days\n");
    let mut context = context("acme/clinic", tree);
    context.facts = vec![fact(FactKind::Dependency, "fastapi", "", "pyproject.toml", 1)];
    likely(&mut context, "clinic/slots.py", 0.8, word("slot"), &["cancel"]);
    let text = document(&ticket("A slot is lost when it is cancelled", "The slot should be free.\n"), &[context]);
    assert!(!text.contains("read no setting"), "{text}");
    assert!(text.contains("`clinic/slots.py:2`"), "{text}");
}
