//! What a plan must not claim: findings as wishes, constraints as changes, reverted work as an example, steps with
//! nothing to do.

use planwright::model::context::*;

use super::world::*;

/// A cart with its shipping, and a mailer that nothing asks for.
fn shop() -> Context {
    let tree = MemoryTree::default()
        .file("shop/shipping.py", FileClass::Source, "def shipping_for(goods):\n    return 590\n")
        .file("shop/mailer.py", FileClass::Source, "def send(order):\n    return order\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/shipping.py", 0.7, vec![words(&["shipping"])], &["shipping_for"]);
    context.facts = vec![fact(FactKind::TestCommand, "pytest", "pytest -q", ".github/workflows/ci.yml", 4)];
    context
}

#[test]
fn what_was_taken_back_is_no_example_and_says_why() {
    let text = |is_taken_back: bool| {
        let mut context = shop();
        let done =
            PastChange { is_taken_back, ..past('a', "Count shipping after the discount", &["shop/shipping.py"]) };
        let reason = Some("Customers saw shipping appear and left.".to_owned());
        let revert = past('b', "Revert \"Count shipping after the discount\"", &["shop/shipping.py"]);
        context.past = vec![PastChange { reason, ..revert }, done];
        document(&ticket("Shipping after the discount", "- [ ] `shipping_for` gets the discount\n"), &[context])
    };
    assert!(text(false).contains("An example to follow: "));
    let text = text(true);
    assert!(!text.contains("An example to follow: "), "{text}");
    assert!(text.contains("meet its reason this time: “Customers saw shipping appear and left.”"), "{text}");
}

#[test]
fn a_file_that_nothing_asks_for_is_no_step() {
    let mut context = shop();
    likely(&mut context, "shop/mailer.py", 0.5, vec![words(&["order"])], &["send"]);
    let text = document(&ticket("Shipping", "- [ ] `shipping_for` is free from 49.00 on\n"), &[context]);
    assert!(text.contains("`shop/shipping.py`** · AC1"), "{text}");
    assert!(!text.contains("`shop/mailer.py`**") && !text.contains("Modify [`shop/mailer.py`]"), "{text}");
}

#[test]
fn what_a_ticket_reports_is_no_requirement() {
    let body = "Found by the external test:\n\n- There is no limit on shipping.\n- `shipping_for` answers 590 for any goods.\n\n\
                Shipping must be free from 49.00 on.\n";
    let text = document(&ticket("Shipping is never free", body), &[shop()]);
    assert!(text.contains("R1 Shipping must be free from 49.00 on.") && !text.contains("R2 "), "{text}");
    assert!(text.contains("The ticket reports of [`shop/shipping.py:1`]"), "{text}");
    assert!(text.contains("“`shipping_for` answers 590 for any goods.”"), "{text}");
}

#[test]
fn what_must_stay_does_not_lead_to_a_change_of_its_own() {
    let mut context = shop();
    let tree = MemoryTree::default()
        .file("shop/shipping.py", FileClass::Source, "def shipping_for(goods):\n    return 590\n")
        .file("shop/api/answer.py", FileClass::Source, "def answer_json(cart):\n    return cart\n");
    context.tree = std::sync::Arc::new(tree);
    likely(&mut context, "shop/api/answer.py", 0.5, vec![words(&["answer", "json"])], &["answer_json"]);
    let body = "- `shipping_for` is free from 49.00 on\n- The answer's JSON must not change.\n";
    let text = document(&ticket("Free shipping", body), &[context]);
    assert!(text.contains("`shop/shipping.py`** · R1, R2"), "{text}");
}

#[test]
fn a_new_route_stands_beside_one_with_the_guard_that_is_asked_for() {
    let routes = "@router.post(\"/visits/{id}/cancel\")\ndef cancel(id):\n    pass\n\n\n\n@router.post(\"/visits/{id}/missed\", \
                  dependencies=[Depends(staff)])\ndef missed(id):\n    pass\n";
    let text = |who: &str| {
        let tree = MemoryTree::default().file("shop/api/visits.py", FileClass::Source, routes);
        let mut context = context("acme/shop", tree);
        context.facts = vec![
            fact(FactKind::Route, "POST /visits/{id}/cancel", "cancel", "shop/api/visits.py", 1),
            fact(FactKind::Route, "POST /visits/{id}/missed", "missed", "shop/api/visits.py", 7),
        ];
        let body = format!("- [ ] {who} can cancel late with `POST /visits/{{id}}/cancel_late`\n");
        document(&ticket("Late cancellations", &body), &[context])
    };
    let said = text("Staff");
    assert!(said.contains("beside `POST /visits/{id}/missed` ([`shop/api/visits.py:7`]"), "{said}");
    assert!(said.contains("that one is guarded by `staff`"), "{said}");
    let said = text("A patient");
    assert!(said.contains("beside `POST /visits/{id}/cancel` ([`shop/api/visits.py:1`]"), "{said}");
}

#[test]
fn criteria_that_a_comment_takes_back_are_marked_and_not_missing() {
    let mut wanted = ticket("Shipping after the discount", "- [ ] shipping is counted after the discount\n");
    wanted.comments =
        vec![comment("nils", true, "2026-11-19", "Please keep the shipping on the full price, without the discount.")];
    let text = document(&wanted, &[shop()]);
    assert!(text.contains("| taken back | – |") && !text.contains("not covered"), "{text}");
}

#[test]
fn checks_of_ci_stand_beside_each_other_and_a_target_says_what_it_runs() {
    let mut context = shop();
    let make = "lint:\n\truff check .\n\tmypy shop\n";
    let tree = MemoryTree::default()
        .file("shop/shipping.py", FileClass::Source, "def shipping_for(goods):\n    return 590\n")
        .file("Makefile", FileClass::Config, make);
    context.tree = std::sync::Arc::new(tree);
    context.facts = vec![
        fact(FactKind::LintCommand, "ruff", "ruff check .", ".github/workflows/ci.yml", 7),
        fact(FactKind::LintCommand, "mypy", "mypy shop", ".github/workflows/ci.yml", 8),
        fact(FactKind::LintCommand, "lint", "make lint", "Makefile", 1),
    ];
    let text = document(&ticket("Free shipping", "- [ ] `shipping_for` is free from 49.00 on\n"), &[context]);
    assert!(text.contains("- `ruff check .`: no new warnings; `make lint` runs it too"), "{text}");
    assert!(text.contains("- `mypy shop`: no new warnings") && !text.contains("- `make lint`"), "{text}");
}

#[test]
fn a_verb_and_code_in_a_sentence_lead_to_no_file() {
    let tree = MemoryTree::default()
        .file("shop/shipping.py", FileClass::Source, "def shipping_for(goods):\n    return 590\n")
        .file("shop/remover.py", FileClass::Source, "def run(order):\n    return order\n")
        .file("shop/case_comparator.py", FileClass::Source, "def same(a, b):\n    return a == b\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/shipping.py", 0.7, vec![words(&["shipping"])], &["shipping_for"]);
    for path in ["shop/remover.py", "shop/case_comparator.py"] {
        context.ranked.push(RankedFile { path: path.to_owned(), score: 0.1, probability: 0.1, evidence: Vec::new() });
    }
    let body = "- [ ] Remove `'order' != name` from `shipping_for`, in each case\n";
    let text = document(&ticket("Shipping asks for too much", body), &[context]);
    assert!(!text.contains("remover.py") && !text.contains("case_comparator.py"), "{text}");
}

#[test]
fn a_new_name_stands_beside_its_relative() {
    let tree = MemoryTree::default().file(
        "shop/shipping.py",
        FileClass::Source,
        "def rates(goods):\n    return []\n\n\ndef shipping_for_gift(goods):\n    return 0\n",
    );
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/shipping.py", 0.7, vec![words(&["shipping"])], &["rates"]);
    context.grounded =
        vec![Grounded { text: "shipping_for_return".to_owned(), found: Grounding::NotFound { nearest: None } }];
    let text = document(&ticket("Returns cost nothing", "Adds a `shipping_for_return` function.\n"), &[context]);
    assert!(text.contains("Add `shipping_for_return` beside"), "{text}");
    assert!(text.contains("`shipping_for_gift`"), "{text}");
}

#[test]
fn what_the_ticket_gives_is_quoted_and_reverts_of_other_things_are_not() {
    let mut context = shop();
    let revert = past('b', "Revert \"Move the newsletter to another sender\"", &["shop/shipping.py"]);
    context.past = vec![PastChange { similarity: 0.0, ..revert }];
    let body = "Shipping costs must come from the carrier. Its API is `GET /v2/rates` with a header `X-Key`.\n";
    let text = document(&ticket("Ask the carrier for shipping", body), &[context]);
    assert!(text.contains("“Its API is `GET /v2/rates` with a header `X-Key`.”"), "{text}");
    assert!(!text.contains("newsletter"), "{text}");
}

#[test]
fn a_new_member_stands_in_its_type_and_the_readme_where_it_is_asked_for() {
    let tree = MemoryTree::default()
        .file("shop/shipping.py", FileClass::Source, "def shipping_for(goods):\n    return 590\n")
        .file("shop/group.py", FileClass::Source, "class RateGroup:\n    def rates(self):\n        return []\n")
        .file("README.md", FileClass::Doc, "# Shop\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/shipping.py", 0.7, vec![words(&["shipping"])], &["shipping_for"]);
    context.facts = ["cargo test -p other", "pytest -q"]
        .map(|line| fact(FactKind::TestCommand, line, line, ".github/workflows/ci.yml", 4))
        .into();
    let body = "Add a `RateGroup.no_free()` method.\n\n## Acceptance criteria\n\n- [ ] the README says how to use it\n";
    let text = document(&ticket("Shipping without free rates", body), &[context]);
    assert!(text.contains("Add `no_free` beside"), "{text}");
    assert!(text.contains("`README.md`** · AC1"), "{text}");
    assert!(!text.contains("cargo test -p other"), "{text}");
}

#[test]
fn a_line_of_another_version_is_not_said_to_be_where_the_trace_stops() {
    let text = |line: u32| {
        let code = "def shipping_for(goods):\n    return 590\n\n\ndef other(goods):\n    return 1\n";
        let tree = MemoryTree::default().file("shop/shipping.py", FileClass::Source, code);
        let mut context = context("acme/shop", tree);
        let frame = format!("File \"shop/shipping.py\", line {line}");
        let found = Evidence::StackFrame { frame: frame.clone(), line: Some(line) };
        likely(&mut context, "shop/shipping.py", 0.9, vec![found], &["shipping_for"]);
        let body =
            format!("```\nTraceback (most recent call last):\n  {frame}, in shipping_for\nValueError: no goods\n```\n");
        document(&ticket("Shipping fails", &body), &[context])
    };
    assert!(text(2).contains("The trace stops at"), "{}", text(2));
    assert!(!text(6).contains("The trace stops at"), "{}", text(6));
}
