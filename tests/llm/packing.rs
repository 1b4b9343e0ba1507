//! What of a repository reaches the model, within its budget.

use planwright::planner::llm::excerpts::pack;

use super::*;

/// A repository of many likely files, all with bodies, tests and past changes.
fn large() -> Context {
    let body = "    let total = items.iter().sum();\n".repeat(40);
    let mut tree = MemoryTree::default();
    for at in 0..40 {
        let text = format!("pub fn total_{at}() {{\n{body}}}\n");
        tree = tree.file(&format!("src/file_{at:02}.rs"), FileClass::Source, &text);
    }
    tree = tree.file("tests/totals.rs", FileClass::Test, "#[test]\nfn adds_up() {\n    assert!(true);\n}\n");
    let mut context = context("acme/shop", tree);
    for at in 0..20 {
        let evidence = vec![Evidence::Words { words: vec!["total".to_owned()] }];
        let probability = 0.9 - f64::from(at) * 0.02;
        likely(&mut context, &format!("src/file_{at:02}.rs"), probability, evidence, &[&format!("total_{at}")]);
    }
    near(&mut context, "tests/totals.rs", "src/file_00.rs", "it imports it", &["adds_up"]);
    context.past = shop().past;
    context
}

#[test]
fn signatures_come_first_then_bodies_by_rank_then_tests_and_past_changes() {
    let all = pack(&large(), 100_000);
    assert!(all.left_out.is_empty(), "{:?}", all.left_out);
    let at = |words: &str| all.text.find(words).unwrap_or_else(|| panic!("{words} is missing"));
    let order = [
        at("src/file_00.rs (90%)"),
        at("pub fn total_19()"),
        at("## Bodies"),
        at("    2     let total"),
        at("## Tests near the change"),
        at("fn adds_up"),
        at("## Past changes"),
        at("Round totals"),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn a_budget_holds_and_what_found_no_room_is_named() {
    for budget in [0, 100, 1_000, 2_500, 5_000, 10_000] {
        let packed = pack(&large(), budget);
        let note = packed.text.find("\nLeft out for want of room").expect("not everything fits");
        assert!(note as u64 <= budget * 3, "{budget}: {note}");
        assert!(packed.text.len() - note < 2_000, "the note is short");
    }
    let packed = pack(&large(), 2_500);
    assert!(packed.text.contains("src/file_00.rs (90%)"), "the best comes in");
    assert!(packed.left_out.iter().any(|name| name == "body of total_19 in src/file_19.rs"), "{:?}", packed.left_out);
}

#[test]
fn equal_contexts_pack_equally() {
    assert_eq!(pack(&large(), 3_000).text, pack(&large(), 3_000).text);
}
