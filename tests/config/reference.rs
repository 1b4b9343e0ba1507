//! `config/default.toml` is the reference: complete, true and the same as the schema.

use planwright::config::{self, DEFAULTS};
use serde_json::Value;

use super::{CONNECTION, Case};

/// The reference with everything that it shows as a comment switched on.
fn uncommented() -> String {
    DEFAULTS.lines().map(|line| line.strip_prefix("#~ ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The same form with all names sorted and secrets left out.
fn shown(config: &impl std::fmt::Debug) -> String {
    format!("{config:#?}")
}

#[test]
fn what_the_reference_shows_as_comments_is_accepted() {
    let text = uncommented().replace("{ file = \"secrets/app.pem\" }", "\"-----BEGIN PRIVATE KEY-----\"");
    let names = [
        "PLANWRIGHT_PASSWORD",
        "GITHUB_WEBHOOK_SECRET",
        "JIRA_WEBHOOK_SECRET",
        "JIRA_TOKEN",
        "AZURE_WEBHOOK_PASSWORD",
        "AZURE_TOKEN",
        "GIT_TOKEN",
        "ANTHROPIC_API_KEY",
    ];
    let case = names.iter().fold(Case::new().file(&text), |case, name| case.env(name, "made-up"));
    assert_eq!(case.problems(), Vec::<String>::new());
}

#[test]
fn the_defaults_that_the_reference_shows_for_a_connection_are_its_defaults() {
    let written = r#"
base_url = "https://api.github.com"
web_url = "https://github.com"
clone_url = "https://github.com"
write_gap_ms = 1000
writes_at_once = 1
sweep_repositories = []
sweep_organisations = []
"#;
    for line in written.lines().filter(|line| !line.is_empty()) {
        assert!(DEFAULTS.contains(&format!("#~ {line}\n")), "the reference does not show {line}");
    }
    let bare = Case::new().file(CONNECTION).load().unwrap();
    let full = Case::new().file(&format!("{CONNECTION}{written}")).load().unwrap();
    let (bare, full) = (&bare.connections[0], &full.connections[0]);
    assert_eq!(
        (bare.base_url(), bare.web_url(), bare.clone_url()),
        (full.base_url(), full.web_url(), full.clone_url())
    );
    let plain = |mut connection: config::Connection| {
        (connection.base_url, connection.web_url, connection.clone_url) = (None, None, None);
        shown(&connection)
    };
    assert_eq!(plain(bare.clone()), plain(full.clone()));
}

/// Every key of the schema, `section.key` or `list[].key`.
fn keys(schema: &Value, node: &Value, prefix: &str, found: &mut Vec<String>) {
    if let Some(name) = node["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return keys(schema, &schema["$defs"][name], prefix, found);
    }
    for alternative in node["anyOf"].as_array().into_iter().flatten() {
        let secret = alternative["properties"]["env"].is_object() || alternative["properties"]["file"].is_object();
        if !secret {
            keys(schema, alternative, prefix, found);
        }
    }
    if node["items"].is_object() {
        keys(schema, &node["items"], prefix, found);
    }
    for (name, property) in node["properties"].as_object().into_iter().flatten() {
        found.push(format!("{prefix}{name}"));
        keys(schema, property, &format!("{prefix}{name}."), found);
    }
}

/// Is there a value at this path? Of a list, any entry may have it.
fn shows(value: &Value, path: &[&str]) -> bool {
    match (value, path) {
        (Value::Array(entries), [_, ..]) => entries.iter().any(|entry| shows(entry, path)),
        (_, [name, rest @ ..]) => value.get(name).is_some_and(|value| shows(value, rest)),
        (_, []) => true,
    }
}

#[test]
fn the_reference_shows_every_key_of_the_schema() {
    let (schema, mut keys_found) = (config::schema(), Vec::new());
    keys(&schema, &schema, "", &mut keys_found);
    assert!(keys_found.len() > 60, "{keys_found:?}");
    let reference: Value = serde_json::to_value(uncommented().parse::<toml::Table>().unwrap()).unwrap();
    // Alternatives that cannot stand beside what the reference shows.
    let alternatives = ["token", "email", "token_url", "client_id", "client_secret"];
    let alternatives = alternatives.map(|key| format!("connections.auth.{key}"));
    for key in keys_found.iter().filter(|key| !alternatives.contains(key)) {
        let path: Vec<&str> = key.split('.').collect();
        assert!(shows(&reference, &path), "config/default.toml does not show {key}");
    }
}

#[test]
fn every_key_of_the_schema_is_described() {
    fn check(node: &Value, at: &str) {
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            let described = property["description"].is_string();
            assert!(described, "{at}.{name} has no description");
        }
    }
    let schema = config::schema();
    check(&schema, "");
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        check(definition, name);
    }
}

#[test]
fn the_schema_carries_the_defaults() {
    let schema = config::schema();
    assert_eq!(schema["$defs"]["Triggers"]["properties"]["label"]["default"], "needs-plan");
    assert_eq!(schema["$defs"]["HourlyCaps"]["properties"]["per_ticket"]["default"], 6);
    assert!(schema["$defs"]["Triggers"].get("required").is_none());
    assert_eq!(
        schema["$defs"]["Connection"]["required"],
        serde_json::json!(["name", "tracker", "webhook_secrets", "auth"])
    );
    assert_eq!(schema["additionalProperties"], false);
}
