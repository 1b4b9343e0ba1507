//! The section `[planner.llm]`.

use std::collections::BTreeMap;

use planwright::config::{Config, PlannerKind, Problems, Sources, load};

use super::*;

/// Loads a configuration of one file.
fn loaded(text: &str) -> Result<Config, Vec<String>> {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("planwright.toml");
    std::fs::write(&path, text).expect("a file of ours");
    let env = BTreeMap::from([("MODEL_KEY".to_owned(), KEY.to_owned())]);
    load(&Sources { files: vec![path], env, read_secrets: true })
        .map_err(|Problems(problems)| problems.iter().map(|p| format!("{}: {}", p.key, p.message)).collect())
}

const RIGHT: &str = "[planner]\nkind = \"llm\"\n[planner.llm]\nprovider = \"anthropic\"\nmodel = \"m\"\n\
                     api_key = { env = \"MODEL_KEY\" }\n";

#[test]
fn a_right_section_is_read_and_its_key_is_not_shown() {
    let config = loaded(RIGHT).expect("it is right");
    assert_eq!(config.planner.kind, PlannerKind::Llm);
    let llm = config.planner.llm.as_ref().expect("it is there");
    assert_eq!(llm.budget.plans_per_day, 200);
    assert_eq!(llm.api_key.as_ref().map(|key| key.expose()), Some(KEY));
    assert!(config.secrets().contains(&KEY), "the redactor knows it");
    assert!(!format!("{config:?}").contains(KEY));
    assert!(loaded("").expect("the defaults are right").planner.llm.is_none());
}

#[test]
fn what_is_wrong_is_named() {
    let check = |text: &str, expected: &str| {
        let problems = loaded(text).expect_err(text);
        assert_eq!(problems, [expected], "{text}");
    };
    check("[planner]\nkind = \"llm\"\n", "planner.llm: is missing: the kind \"llm\" needs a provider and a model");
    let with = |from: &str, to: &str| RIGHT.replace(from, to);
    check(&with("\"m\"", "\" \""), "planner.llm.model: is blank");
    check(&with("api_key = { env = \"MODEL_KEY\" }", ""), "planner.llm.api_key: is missing");
    check(
        &with("{ env = \"MODEL_KEY\" }", "{ env = \"UNSET\" }"),
        "planner.llm.api_key: the environment variable UNSET is not set",
    );
    check(&with("\"anthropic\"", "\"azure_openai\""), "planner.llm.base_url: is missing: where is the server?");
    check(
        &format!("{RIGHT}base_url = \"http://models.example.com/v1\"\n"),
        "planner.llm.base_url: http:// is allowed on this machine only: use https://",
    );
    check(
        &format!("{RIGHT}budget = {{ tokens_per_plan = 9000 }}\n"),
        "planner.llm.budget.tokens_per_plan: must be 0 or more than context_tokens and output_tokens together",
    );
    check(
        &format!("{RIGHT}plan_timeout_secs = 900\n"),
        "planner.llm.plan_timeout_secs: must be at least timeout_secs and at most 540",
    );
    check(
        &format!("{RIGHT}prices = {{ input = -1.0, output = 1.0 }}\n"),
        "planner.llm.prices.input: must be a number that is not negative",
    );
    let unknown = loaded(&format!("{RIGHT}colour = 1\n")).expect_err("unknown");
    assert!(unknown[0].starts_with("planner.llm.colour: unknown key"), "{unknown:?}");
}
