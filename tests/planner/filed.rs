//! Tickets as people file them: forms with boxes to tick, headings without marks, orders that later sentences go on from.

use planwright::model::{
    context::*,
    plan::{Kind, Plan},
};

use super::world::*;

fn shop() -> Context {
    let tree = MemoryTree::default().file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.8, vec![words(&["total", "cart"])], &["total"]);
    context
}

fn planned(title: &str, body: &str) -> Plan {
    plan(&ticket(title, body), &[shop()])
}

fn asked(plan: &Plan) -> Vec<&str> {
    plan.sections.requirements.iter().map(|r| r.text.as_str()).collect()
}

fn criteria(plan: &Plan) -> Vec<&str> {
    plan.sections.criteria.iter().map(|c| c.text.as_str()).collect()
}

#[test]
fn boxes_of_a_form_are_no_criteria() {
    let body = "### Feature Summary\n\nFilter carts by their total.\n\n### Proposed Solution\n\nThe list should take a \
                smallest total.\n\n### Checklist\n\n- [x] I have searched existing issues.\n- [x] This is not a question.\n\
                - [ ] The filter is kept between visits\n";
    let plan = planned("[Feature]: Filter carts by total", body);
    assert_eq!(criteria(&plan), ["The filter is kept between visits"]);
    assert_eq!(asked(&plan), ["The list should take a smallest total."]);
    assert_eq!(plan.head.kind, Kind::Feature);
    let form = "### Steps to Reproduce\n\n1. Fill a cart\n2. Empty it\n\nExpected: the total is zero.\n\n### Shop version\n\n2.4\n";
    assert_eq!(planned("The total of an emptied cart", form).head.kind, Kind::Bug);
    let summary = "### Feature Summary\n\nTotals with a currency.\n";
    assert_eq!(planned("Currency of totals", summary).head.kind, Kind::Feature);
}

#[test]
fn a_line_above_a_list_is_its_heading() {
    let body = "Carts grow old.\n\nAcceptance criteria\n\n1. Given an old cart, when it is opened, then a notice is shown\n\
                2. An old cart stays in the database with the time of its closing\n";
    let plan = planned("Close old carts", body);
    assert_eq!(criteria(&plan).len(), 2, "{:?}", criteria(&plan));
    assert!(asked(&plan).is_empty(), "{:?}", asked(&plan));
}

#[test]
fn what_goes_on_from_an_order_is_asked_for_too() {
    let body = "`GET /carts` tells the total but not when a cart was closed.\n\nAdd `closed_at` to the answer. Opening a cart \
                again clears it. Carts that were closed before have `null`.\n";
    let plan = planned("Tell when a cart was closed", body);
    let expected = [
        "Add `closed_at` to the answer.",
        "Opening a cart again clears it.",
        "Carts that were closed before have `null`.",
    ];
    assert_eq!(asked(&plan), expected);
    let body = "It should be a setting of the site, off by default. Admins still see the names. I can help with that.\n\nIf it is on, the \
                log would show the role only.\n";
    let plan = planned("Hide names in the log", body);
    let expected = [
        "Hide names in the log",
        "It should be a setting of the site, off by default.",
        "Admins still see the names.",
        "If it is on, the log would show the role only.",
    ];
    assert_eq!(asked(&plan), expected);
}

#[test]
fn a_colon_in_code_makes_no_pair_of_an_item() {
    let body =
        "- `POST /carts/:id/pin` pins a cart\n- A cart in any answer has `pinned: true|false`\n- Shop: nordlys\n";
    let plan = planned("Pin carts", body);
    assert_eq!(asked(&plan), ["`POST /carts/:id/pin` pins a cart", "A cart in any answer has `pinned: true|false`"]);
}
