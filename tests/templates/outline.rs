//! The outline of a plan: valid against its published schema, in each of its three domains, and nothing in it twice.

use planwright::{
    model::{
        context::{Context, Evidence, FileClass},
        plan::{Plan, TestKind},
    },
    planner::verify::verify,
    templates::{outline, outline_schema},
};
use serde_json::{Value, json};

use crate::{
    planner::world::{MemoryTree, context, likely, plan, ticket},
    richtext::schema::Schema,
};

/// A repository with one likely file.
fn shop_with_cart() -> Context {
    let tree = MemoryTree::default().file("src/cart.rs", FileClass::Source, "pub fn total() -> u64 {\n    0\n}\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.rs", 0.8, vec![Evidence::PathNamed { text: "cart.rs".to_owned() }], &["total"]);
    context
}

/// The plan for a ticket with a label and a body.
fn labelled(label: &str, body: &str) -> Plan {
    let mut ticket = ticket("Totals of `cart.rs`", body);
    ticket.labels = vec![label.to_owned()];
    plan(&ticket, &[shop_with_cart()])
}

#[test]
fn the_outline_is_valid_and_keeps_its_form_in_each_domain() {
    let schema = Schema::of(outline_schema());
    let check = |label: &str, body: &str, key: &str, said: &str| {
        let plan = labelled(label, body);
        let outline = serde_json::to_value(outline(&plan)).expect("an outline is JSON");
        assert_eq!(schema.check(&outline), Ok(()), "{outline:#}");
        let step = &outline["steps"][0];
        assert_eq!(step["order"], 1);
        assert_eq!(step["code_files"][0], "src/cart.rs");
        assert!(step["time_estimate"].is_null(), "nobody estimated it");
        assert_eq!(step[key], said, "{outline:#}");
        let others = ["security_focus", "performance_focus", "reliability_focus"].into_iter().filter(|k| *k != key);
        others.for_each(|other| assert!(step.get(other).is_none(), "{other}: {outline:#}"));
    };
    check(
        "security",
        "- [ ] `total` answers 403 for strangers",
        "security_focus",
        "AC1 says who may and who is refused",
    );
    check("performance", "- [ ] `total` takes under 20 ms", "performance_focus", "AC1 sets a figure: “under 20 ms”");
    check(
        "bug",
        "- [ ] `total` survives a crash of the process",
        "reliability_focus",
        "AC1 is about a restart: “crash”",
    );
}

#[test]
fn a_focus_stands_on_steps_that_serve_it_only() {
    let outline = outline(&labelled("security", "- [ ] `total` is 0 for an empty cart"));
    assert_eq!(outline.steps[0].security_focus, None);
}

#[test]
fn each_domain_has_its_group_of_requirements_and_its_tests() {
    let body = "## Requirements\n- Passwords must never be logged by `total`\n- `total` must take less than 20 ms\n- After a crash `total` must be recovered";
    let outline = serde_json::to_value(outline(&labelled("security", body))).expect("an outline is JSON");
    for (domain, id, words) in [
        ("security", "R1", "Passwords must never be logged by total"),
        ("performance", "R2", "total must take less than 20 ms"),
        ("reliability", "R3", "After a crash total must be recovered"),
    ] {
        let group = &outline[format!("{domain}_requirements")];
        assert_eq!(group[id].as_str().map(|t| t.trim_end_matches('.')), Some(words), "{outline:#}");
        let tests = &outline["testing"][format!("{domain}_tests")];
        assert!(tests[0].as_str().is_some_and(|t| t.contains(&format!("shows {id}"))), "{domain}: {outline:#}");
    }
}

#[test]
fn what_nothing_shows_says_what_was_looked_for() {
    let outline = outline(&labelled("security", "- [ ] `total` is 0 for an empty cart"));
    assert!(outline.architecture.pattern.starts_with("Looked for imports"), "{outline:#?}");
    assert!(outline.effort.contains("1 file to change") && outline.effort.contains("found none"), "{outline:#?}");
}

#[test]
fn tests_stand_under_their_kind() {
    let ticket = ticket("Totals", "");
    let mut draft = planwright::model::plan::Draft::default();
    let kinds = [TestKind::Unit, TestKind::EndToEnd, TestKind::Security, TestKind::Performance];
    draft.sections.testing.cases = kinds
        .into_iter()
        .map(|kind| planwright::model::plan::TestCase {
            id: "T1".to_owned(),
            kind,
            what: planwright::model::plan::Statement::new(planwright::model::plan::Basis::Ticket, format!("{kind:?}")),
            file: Some(planwright::model::plan::FileRef::new("src/cart.rs")),
            ..Default::default()
        })
        .collect();
    let plan = verify(draft, &[shop_with_cart()], &ticket);
    let tests = serde_json::to_value(outline(&plan)).expect("an outline is JSON")["testing"].clone();
    let file = json!(["src/cart.rs"]);
    for list in ["unit_tests", "integration_tests"] {
        assert_eq!(tests[list], file, "{list}");
    }
    assert_eq!(tests["security_tests"], json!(["Security"]));
    assert_eq!(tests["performance_tests"], json!(["Performance"]));
}

#[test]
fn the_schema_refuses_what_is_no_outline() {
    let schema = Schema::of(outline_schema());
    let good = serde_json::to_value(outline(&labelled("security", "x"))).expect("an outline is JSON");
    let spoilt = |change: fn(&mut Value)| {
        let mut value = good.clone();
        change(&mut value);
        schema.check(&value).is_err()
    };
    assert!(spoilt(|v| v["steps"] = json!("none")));
    assert!(spoilt(|v| v["steps"][0]["order"] = json!("first")));
    assert!(spoilt(|v| drop(v.as_object_mut().expect("an object").remove("testing"))));
    assert!(spoilt(|v| v["colour"] = json!("red")));
}

#[test]
fn a_whole_plan_is_valid_against_its_published_schema() {
    let schema = Schema::of(planwright::model::plan::schema());
    let plan = serde_json::to_value(labelled("security", "- [ ] The total is 0")).expect("a plan is JSON");
    assert_eq!(schema.check(&plan), Ok(()));
}
