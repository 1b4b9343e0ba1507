//! What the ticket names: commits, types by their kind, files, names in plain sentences; and how it speaks of what was and
//! what is to be.

use planwright::model::{
    context::*,
    plan::{Action, Plan},
};

use super::world::*;

/// An authority that renews certificates, its options, and a test of the options.
fn authority() -> Context {
    let ca = "struct CA {\n    name string\n}\n\nfunction renews(ca) {\n    return ca\n}\n";
    let tree = MemoryTree::default()
        .file("pki/ca.go", FileClass::Source, ca)
        .file("pki/maintain.go", FileClass::Source, "function needsRenewal(cert) {\n    return cert\n}\n")
        .file("config/options.go", FileClass::Source, "function parseOption(text) {\n    return text\n}\n")
        .file("config/options_test.go", FileClass::Test, "function TestOption() {\n    parseOption(1)\n}\n");
    let mut context = context("acme/pki", tree);
    let evidence = vec![Evidence::Symbol { name: "parseOption".to_owned(), line: 1 }];
    likely(&mut context, "config/options.go", 0.6, evidence, &["parseOption"]);
    near(&mut context, "config/options_test.go", "config/options.go", "its name says so", &["TestOption"]);
    context
}

fn paths(plan: &Plan) -> Vec<&str> {
    plan.sections.steps().flat_map(|s| &s.files).map(|f| f.file.path.as_str()).collect()
}

#[test]
fn a_type_that_the_ticket_names_by_its_kind_is_a_step() {
    let wanted = ticket("pki: set the renewal ratio per CA", "- Add a `ratio` to the CA struct\n- It is parsed\n");
    let plan = plan(&wanted, &[authority()]);
    let step = plan.sections.steps().find(|s| s.files.iter().any(|f| f.file.path == "pki/ca.go")).expect("a step");
    assert!(step.serves.contains(&"R1".to_owned()), "{step:?}");
}

#[test]
fn a_name_in_a_plain_sentence_is_found_where_it_is_defined() {
    let mut context = authority();
    let symbol = context.tree.symbols("pki/maintain.go").remove(0);
    let found = Grounding::Defined { path: "pki/maintain.go".to_owned(), symbol };
    context.grounded.push(Grounded { text: "needsRenewal".to_owned(), found });
    context.ranked.push(RankedFile {
        path: "pki/maintain.go".to_owned(),
        score: 1.0,
        probability: 0.1,
        evidence: vec![Evidence::Symbol { name: "needsRenewal".to_owned(), line: 1 }],
    });
    let named = plan(&ticket("Renew earlier", "This changes needsRenewal of every renewal ratio."), &[context]);
    assert!(paths(&named).contains(&"pki/maintain.go"), "{:?}", paths(&named));
}

#[test]
fn a_test_goes_beside_its_own_code_and_not_beside_that_of_another_step() {
    let mut context = authority();
    let evidence = vec![Evidence::Symbol { name: "needsRenewal".to_owned(), line: 1 }];
    likely(&mut context, "pki/maintain.go", 0.6, evidence, &["needsRenewal"]);
    let plan = plan(&ticket("Renew earlier", "- `needsRenewal` uses the ratio of its CA\n- It is told\n"), &[context]);
    let case = plan.sections.testing.cases.iter().find(|c| c.serves == ["R1"]).expect("a case");
    assert_eq!(case.file.as_ref().map(|f| f.path.as_str()), Some("pki/maintain_test.go"));
    let made = plan.sections.steps().flat_map(|s| &s.files).find(|f| f.file.path == "pki/maintain_test.go");
    assert!(made.is_some_and(|f| f.action == Action::Create));
}

#[test]
fn a_change_that_broke_something_is_read_and_no_example() {
    let told = |body: &str| {
        let mut context = authority();
        context.past = vec![past('a', "Parse options lazily (#155)", &["config/options.go"])];
        document(&ticket("Renewal ratio is lost", body), &[context])
    };
    let text = told("Since the last release the renewal ratio is lost. Caused by #155.");
    assert!(text.contains("“Parse options lazily (\\#155)” as the cause: read first what it changed in"), "{text}");
    assert!(!text.contains("An example to follow"), "{text}");
    let text = told("The renewal ratio is lost. This reverts aaaaaaaaaa in part.");
    assert!(text.contains("undo what it changed in"), "{text}");
    assert!(told("The renewal ratio is lost. See #1557.").contains("An example to follow"));
}

#[test]
fn what_is_struck_out_or_only_an_example_is_not_asked_for() {
    let body = "~~The renewal ratio must be a whole number.~~ The renewal ratio must be below one. \
                For example, a ratio of two must be refused. However, zero must fall back to a third.";
    let plan = plan(&ticket("Check the renewal ratio", body), &[authority()]);
    let texts: Vec<&str> = plan.sections.requirements.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(texts, ["The renewal ratio must be below one.", "zero must fall back to a third."]);
}

#[test]
fn an_order_in_the_title_is_asked_for_beside_what_the_sentences_demand() {
    let body = "The signature changes. The value before must be remembered when an option appears twice.";
    let plan = plan(&ticket("config: Support repeated use of cert_issuer", body), &[authority()]);
    let texts: Vec<&str> = plan.sections.requirements.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(texts[0], "Support repeated use of cert_issuer");
    assert_eq!(texts.len(), 2);
}

#[test]
fn what_was_and_what_is_now_is_a_replacement() {
    let text = document(
        &ticket("Options are lost", "Previously, options were read with `parseOption` but now `parseAll` is used."),
        &[authority()],
    );
    assert!(text.contains("config/options.go:1"), "{text}");
    let asks = "what should happen instead";
    assert!(!text.contains(asks), "{text}");
    assert!(!document(&ticket("Fix a panic in the renewal ratio", "It stops."), &[authority()]).contains(asks));
    assert!(document(&ticket("Fix the odd renewal ratio", "It is odd."), &[authority()]).contains(asks));
}

#[test]
fn examples_marked_good_and_bad_are_cases() {
    let body = "The parser refuses them.\n\n```ruby\n# bad\nratio two\n```\n\n```ruby\n# good\nratio one\n```\n";
    let text = document(&ticket("Support a renewal ratio", body), &[authority()]);
    let case = "a case for each of the ticket's 1 example marked “good” and 1 example marked “bad”";
    assert!(text.contains(case), "{text}");
    assert!(!text.contains("The ticket has no acceptance criteria"), "{text}");
}

#[test]
fn what_takes_the_place_of_something_does_not_show_where_that_stands() {
    let join = "function urlJoin(a) {\n    return a\n}\n";
    let parts = "function joinUrlParts(a) {\n    return a\n}\n\nfunction addSlash(a) {\n    return a\n}\n\nfunction stripSlash(a) {\n    return a\n}\n";
    let user = "import urlJoin\nfunction addSlash(a) {\n    return urlJoin(a)\n}\n";
    let tree = MemoryTree::default()
        .file("build/url.ts", FileClass::Source, join)
        .file("ssr/url.ts", FileClass::Source, parts)
        .file("build/prerender.ts", FileClass::Source, user)
        .import("build/prerender.ts", "build/url.ts");
    let mut context = context("acme/site", tree);
    let named = |name: &str, line: u32| Evidence::Symbol { name: name.to_owned(), line };
    likely(&mut context, "build/prerender.ts", 0.6, vec![named("addSlash", 2)], &["addSlash"]);
    likely(&mut context, "ssr/url.ts", 0.5, vec![named("joinUrlParts", 1), named("addSlash", 5)], &["joinUrlParts"]);
    let body = "`urlJoin` was replaced with stricter functions (`joinUrlParts`, `addSlash`, `stripSlash`).";
    let plan = plan(&ticket("Fix the joining of addresses", body), &[context]);
    assert_eq!(paths(&plan), ["build/prerender.ts"]);
}
