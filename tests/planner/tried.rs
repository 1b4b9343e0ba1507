//! What a test tries, and what a step changes of a file as against what it reads.

use planwright::model::{context::*, plan::TestCase};

use super::world::*;

const LIST: &str =
    "def join(day):\n    return day\n\ndef leave(day):\n    return day\n\ndef heads(day):\n    return day\n";

/// A list with its tests, of which `clock` is one line.
fn list(clock: &str) -> Context {
    let test = format!("{clock}\ndef test_who_joins_is_last():\n    assert join(1) == 1\n");
    let tree = MemoryTree::default()
        .file("clinic/list.py", FileClass::Source, LIST)
        .file("tests/test_list.py", FileClass::Test, &test)
        .import("tests/test_list.py", "clinic/list.py");
    let mut context = context("acme/clinic", tree);
    context.facts = vec![fact(FactKind::TestCommand, "pytest", "pytest -q", "pyproject.toml", 1)];
    likely(
        &mut context,
        "clinic/list.py",
        0.6,
        vec![Evidence::PathNamed { text: "clinic/list.py".to_owned() }],
        &["join", "leave"],
    );
    near(&mut context, "tests/test_list.py", "clinic/list.py", "by name", &["test_who_joins_is_last"]);
    context
}

fn case(context: Context, body: &str) -> TestCase {
    let found = plan(&ticket("Offer slots to the list", body), &[context]);
    found.sections.testing.cases.first().cloned().expect("a case")
}

fn texts(case: &TestCase) -> Vec<&str> {
    case.tries.iter().map(|s| s.text.as_str()).collect()
}

#[test]
fn a_span_of_time_is_tried_on_both_sides_with_the_clock_that_tests_set() {
    let body =
        "## Acceptance criteria\n\n- [ ] `join` offers the slot to the next when two hours pass without an answer\n";
    let set = case(list("import time_machine  # time_machine.travel"), body);
    let clock = "Set the clock as `tests/test_list.py:1` does";
    assert_eq!(texts(&set)[..2], ["Try just before and just after “two hours”", clock]);
    let unset = case(list("import os"), body);
    assert_eq!(texts(&unset)[1], "No test file here sets the clock: give the new code the time");
}

#[test]
fn a_route_that_is_there_is_not_tried_for_what_nobody_has() {
    let body = "## Acceptance criteria\n\n- [ ] `join` is called by `DELETE /lists/{id}` too\n";
    let new = case(list("import os"), body);
    assert!(texts(&new).is_empty(), "without declared routes nothing is known to be new: {new:?}");
    let mut declared = list("import os");
    declared.facts.push(fact(FactKind::Route, "GET /lists", "heads", "clinic/list.py", 7));
    let found = case(declared, body);
    assert!(texts(&found).contains(&"Try a list that does not exist and `DELETE /lists/{id}` twice"), "{found:?}");
}

#[test]
fn what_the_ticket_names_changes_and_the_rest_is_read() {
    let body = "`leave` should give the slot back.";
    let text = document(&ticket("Give slots back", body), &[list("import os")]);
    let line = text.lines().find(|l| l.contains("; read ")).unwrap_or_else(|| panic!("{text}"));
    let (changes, reads) = line.split_once("; read ").expect("symbols to read");
    assert!(changes.contains("`clinic/list.py`"), "{line}");
    assert!(changes.contains("`leave`") && !changes.contains("`join`"), "{line}");
    assert!(reads.contains("`join`"), "{line}");
}

#[test]
fn where_nothing_tells_symbols_apart_all_may_change() {
    let text = document(&ticket("Be faster on Mondays", "It takes too long."), &[list("import os")]);
    assert!(!text.contains("; read "), "{text}");
}

#[test]
fn a_line_that_takes_the_first_of_nothing_is_called_with_nothing() {
    let source = "def cheapest(lines):\n    ordered = sorted(lines)\n    return ordered[0].price\n";
    let guarded = source.replace("    ordered", "    if not lines:\n        raise Empty()\n    ordered");
    let plan_of = |source: &str, line: u32| {
        let tree = MemoryTree::default()
            .file("shop/price.py", FileClass::Source, source)
            .file("tests/test_price.py", FileClass::Test, "def test_cheapest():\n    assert cheapest([1]) == 1\n")
            .import("tests/test_price.py", "shop/price.py");
        let mut context = context("acme/shop", tree);
        let frame = format!("File \"shop/price.py\", line {line}, in cheapest");
        let evidence = vec![Evidence::StackFrame { frame: frame.clone(), line: Some(line) }];
        likely(&mut context, "shop/price.py", 0.9, evidence, &["cheapest"]);
        near(&mut context, "tests/test_price.py", "shop/price.py", "by name", &["test_cheapest"]);
        let body = format!(
            "```\nTraceback (most recent call last):\n  {frame}\nIndexError: list index out of range\n```\n\n**Expected:** 200 with a total of 0.00\n"
        );
        let mut ticket = ticket("Error page for an empty cart", &body);
        ticket.type_name = Some("Bug".to_owned());
        let cases = plan(&ticket, &[context]).sections.testing.cases.clone();
        cases.into_iter().map(|c| c.what.text).collect::<Vec<_>>().join("\n")
    };
    assert!(plan_of(source, 3).contains("Call `cheapest` with an empty `lines`"), "{}", plan_of(source, 3));
    assert!(!plan_of(&guarded, 5).contains("an empty `lines`"), "{}", plan_of(&guarded, 5));
}

#[test]
fn what_a_ticket_tells_as_done_is_asked_for() {
    let body = "The list will now only offer slots of the same day. Before, it offered all.";
    let found = plan(&ticket("list: only offer slots of the day", body), &[list("import os")]);
    let told: Vec<&str> = found.sections.requirements.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(told, ["The list will now only offer slots of the same day."]);
    let asked = plan(&ticket("list: offers", &format!("{body} It should sort them.")), &[list("import os")]);
    assert_eq!(asked.sections.requirements.len(), 1, "what is asked for goes before");
}

#[test]
fn what_a_framework_refuses_first_is_told() {
    let text = |asked: u16| {
        let source = "async fn list(Query(page): Query<Page>) -> Json<Vec<Book>> {\n    todo()\n}\n";
        let errors =
            "pub enum Fault {\n    Bad,\n}\nmatch self {\n    Self::Bad => StatusCode::UNPROCESSABLE_ENTITY,\n}\n";
        let tree = MemoryTree::default()
            .file("src/list.rs", FileClass::Source, &source.replace("async ", "pub "))
            .file("src/error.rs", FileClass::Source, errors);
        let mut context = context("acme/library", tree);
        context.facts = vec![fact(FactKind::Dependency, "axum", "0.8", "Cargo.toml", 3)];
        let named = vec![Evidence::PathNamed { text: "src/list.rs".to_owned() }];
        likely(&mut context, "src/list.rs", 0.9, named, &["list"]);
        let body = format!("- [ ] `list` answers a malformed `page` with {asked}\n");
        document(&ticket("Refuse bad pages in src/list.rs", &body), &[context])
    };
    let said = text(422);
    assert!(said.contains("`Query` of axum answers what it cannot read with 400"), "{said}");
    assert!(said.contains("`Bad`") && said.contains("answers 422 here"), "{said}");
    assert!(!text(400).contains("`Query` of axum"), "{}", text(400));
}

#[test]
fn a_criterion_that_is_taken_back_must_not_come_true() {
    let body = "## Acceptance criteria\n\n- [ ] who joins stands before the heads of the day\n";
    let mut wanted = ticket("Who joins stands before the heads", body);
    let text = "Please keep who joins behind the heads of the day. Instead `join` should say how many stand before.";
    wanted.comments = vec![comment("ada", true, "2026-11-19", text)];
    let cases = plan(&wanted, &[list("import os")]).sections.testing.cases.clone();
    let guard = "See that AC1, which is taken back, does not come true: “who joins stands before the heads of the day”";
    let guarded: Vec<&TestCase> = cases.iter().filter(|c| texts(c).contains(&guard)).collect();
    assert_eq!(guarded.len(), 1, "{cases:?}");
    assert_eq!(guarded[0].serves, ["R1"], "it stands with what comes in its place");
}

#[test]
fn a_line_that_fails_is_told_of_its_own_function() {
    let source = "def first(lines):\n    return lines[0]\n\ndef total(lines):\n    return first(lines)\n";
    let tree = MemoryTree::default()
        .file("shop/price.py", FileClass::Source, source)
        .file("tests/test_price.py", FileClass::Test, "def test_total():\n    assert total([1]) == 1\n")
        .import("tests/test_price.py", "shop/price.py");
    let mut context = context("acme/shop", tree);
    // The frame is of a module that calls no function by its name.
    let frame = "File \"shop/price.py\", line 2, in <lambda>".to_owned();
    let evidence = vec![Evidence::StackFrame { frame: frame.clone(), line: Some(2) }];
    likely(&mut context, "shop/price.py", 0.9, evidence, &["total"]);
    near(&mut context, "tests/test_price.py", "shop/price.py", "by name", &["test_total"]);
    let body = format!(
        "```\nTraceback (most recent call last):\n  {frame}\nIndexError: list index out of range\n```\n\n**Expected:** 200 with a total of 0.00\n"
    );
    let mut wanted = ticket("Error page for an empty cart", &body);
    wanted.type_name = Some("Bug".to_owned());
    let cases = plan(&wanted, &[context]).sections.testing.cases.clone();
    let told: Vec<&str> = cases.iter().map(|c| c.what.text.as_str()).collect();
    assert!(told.iter().any(|t| t.starts_with("Call `first` with an empty `lines`")), "{told:?}");
    assert!(told.iter().all(|t| !t.contains("`total` with")), "{told:?}");
}
