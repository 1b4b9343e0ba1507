//! A bug's plan starts at the code that the ticket suspects.

use planwright::model::context::*;

use super::world::*;

/// Titles of the steps of a bug whose ticket ends with this sentence, on a repository with a route, its handler, a loader
/// and a calculation.
fn steps(suspicion: &str) -> Vec<String> {
    let tree = MemoryTree::default()
        .file(
            "src/routes.rs",
            FileClass::Source,
            "use crate::load::load_cart;\n\nfn show_cart(id: u64) -> u64 {\n    load_cart(id).total\n}\n",
        )
        .file(
            "src/load.rs",
            FileClass::Source,
            "use crate::sums::cart_sums;\n\npub fn load_cart(id: u64) -> Cart {\n    cart_sums(id)\n}\n",
        )
        .file("src/sums.rs", FileClass::Source, "pub fn cart_sums(id: u64) -> Cart {\n    Cart { total: id }\n}\n")
        .import("src/routes.rs", "src/load.rs")
        .import("src/load.rs", "src/sums.rs");
    let mut context = context("acme/shop", tree);
    let named = |name: &str, line| vec![Evidence::Symbol { name: name.to_owned(), line }];
    likely(&mut context, "src/load.rs", 0.8, named("load_cart", 3), &["load_cart"]);
    likely(&mut context, "src/routes.rs", 0.7, named("show_cart", 3), &["show_cart"]);
    likely(&mut context, "src/sums.rs", 0.6, named("cart_sums", 1), &["cart_sums"]);
    let body =
        format!("`show_cart` answers with a wrong total.\n\n**Expected:** 13.30\n\n**Actual:** 19.30\n\n{suspicion}\n");
    let plan = plan(&ticket("The cart's total is wrong", &body), &[context]);
    plan.sections.phases.iter().flat_map(|phase| &phase.steps).map(|step| step.title.clone()).collect()
}

#[test]
fn the_suspected_code_comes_first_and_what_lies_on_the_way_is_one_step() {
    let found = steps("It looks as if `cart_sums` adds the shipping twice.");
    assert_eq!(
        found,
        ["Fix `cart_sums` in `src/sums.rs`", "Look at `src/load.rs` and 1 other file only if that is not enough"]
    );
}

#[test]
fn code_that_the_ticket_clears_or_only_names_is_not_suspected() {
    for said in
        ["I think `cart_sums` is right.", "We call `cart_sums` for each line.", "It looks as if `cart_tax` is wrong."]
    {
        let found = steps(said);
        assert_eq!(found.len(), 3, "{said}: {found:?}");
        assert!(found.iter().all(|title| title.starts_with("Fix ")), "{said}: {found:?}");
    }
}

#[test]
fn what_is_expected_of_suspected_code_leads_to_no_other_file() {
    let steps = |suspicion: &str| {
        let tree = MemoryTree::default()
            .file("src/sums.rs", FileClass::Source, "pub fn cart_sums(id: u64) -> Cart {\n    Cart { total: id }\n}\n")
            .file("src/shipping.rs", FileClass::Source, "pub fn rate(id: u64) -> u64 {\n    id\n}\n");
        let mut context = context("acme/shop", tree);
        let named = vec![Evidence::Symbol { name: "cart_sums".to_owned(), line: 1 }];
        likely(&mut context, "src/sums.rs", 0.8, named, &["cart_sums"]);
        let word = vec![Evidence::Words { words: vec!["shipping".to_owned()] }];
        context.ranked.push(RankedFile {
            path: "src/shipping.rs".to_owned(),
            score: 0.1,
            probability: 0.1,
            evidence: word,
        });
        let body =
            format!("**Expected:** 13.30 with 4.90 of shipping\n\n**Actual:** 19.30\n\n{suspicion} `cart_sums`.\n");
        let plan = plan(&ticket("The cart's total is wrong", &body), &[context]);
        let steps = plan.sections.phases.iter().flat_map(|phase| &phase.steps);
        steps.flat_map(|step| &step.files).map(|change| change.file.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(steps("It looks as if it comes from"), ["src/sums.rs"]);
    assert!(steps("The page calls").contains(&"src/shipping.rs".to_owned()), "else the word leads there");
}

/// The first step of a bug whose trace stops in `check_loop`, which raises the error.
fn first_of_raised(title: &str) -> String {
    let tree = MemoryTree::default()
        .file("src/runner.py", FileClass::Source, "def check_loop(file):\n    raise LoopError(file)\n")
        .file(
            "src/indent.py",
            FileClass::Source,
            "class IndentAssignment:\n    def correct(self, node):\n        return node\n",
        );
    let mut context = context("acme/lint", tree);
    let frame = "File \"src/runner.py\", line 2, in check_loop";
    let stops = Evidence::StackFrame { frame: frame.to_owned(), line: Some(2) };
    likely(&mut context, "src/runner.py", 0.9, vec![stops], &["check_loop"]);
    let named = Evidence::Symbol { name: "IndentAssignment".to_owned(), line: 1 };
    likely(&mut context, "src/indent.py", 0.4, vec![named], &["IndentAssignment"]);
    let trace = format!("Traceback (most recent call last):\n  {frame}\n    raise LoopError(file)\nLoopError: endless");
    let plan = plan(&ticket(title, &format!("A run with two rules never ends.\n\n```\n{trace}\n```\n")), &[context]);
    plan.sections.phases[0].steps[0].title.clone()
}

#[test]
fn whoever_raises_the_error_does_not_lead_where_the_title_names_other_code() {
    assert_eq!(first_of_raised("Endless loop of IndentAssignment"), "Fix `IndentAssignment` in `src/indent.py`");
    assert_eq!(first_of_raised("The run never ends"), "Fix `check_loop` in `src/runner.py`");
}

#[test]
fn what_a_change_did_not_touch_is_no_sure_place_of_its_undoing() {
    let tree = MemoryTree::default()
        .file("src/proxy.rs", FileClass::Source, "pub fn ignore_cancel() {\n    stream();\n}\n")
        .file("src/stream.rs", FileClass::Source, "pub fn stream_cancel() {\n    wait();\n}\n");
    let mut context = context("acme/web", tree);
    let shared = || vec![words(&["cancel", "stream"])];
    likely(&mut context, "src/stream.rs", 0.5, shared(), &["stream_cancel"]);
    likely(&mut context, "src/proxy.rs", 0.5, shared(), &["ignore_cancel"]);
    context.past = vec![past('f', "Ignore cancel of a stream", &["src/proxy.rs"])];
    let text = document(&ticket("Streams hang after a cancel", "Revert fffffff, since then they hang.\n"), &[context]);
    assert!(text.contains("**Confidence:** high, because the ticket takes back "), "{text}");
    assert!(text.contains("**1. Change `ignore_cancel` in `src/proxy.rs`**"), "{text}");
    assert!(text.contains("**2. Check whether `src/stream.rs` must follow**"), "{text}");
}

#[test]
fn a_word_of_the_path_tells_no_symbol_of_the_file_from_another() {
    let text = "def main(cache):\n    write(sorted(cache))\n\n\ndef encode_for_diff(text):\n    return text\n";
    let tree = MemoryTree::default().file("misc/diff_cache.py", FileClass::Source, text);
    let mut context = context("acme/tools", tree);
    likely(&mut context, "misc/diff_cache.py", 0.8, vec![words(&["cache", "diff"])], &["main", "encode_for_diff"]);
    let plan = plan(&ticket("The diff of a cache is not sorted", "It differs from run to run.\n"), &[context]);
    let change = &plan.sections.phases[0].steps[0].files[0];
    let names: Vec<&str> = change.symbols.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!((names, change.reads.len()), (vec!["main", "encode_for_diff"], 0));
}
