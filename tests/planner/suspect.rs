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
