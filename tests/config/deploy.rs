//! What `deploy/` promises: the fewest permissions, and settings, secrets and units that fit together.

use std::{collections::BTreeSet, path::Path};

use regex::Regex;

use super::Case;

/// A file of `deploy/`.
fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)).unwrap()
}

/// Every first group of a pattern.
fn all<'t>(pattern: &str, text: &'t str) -> BTreeSet<&'t str> {
    Regex::new(pattern).unwrap().captures_iter(text).map(|found| found.get(1).unwrap().as_str()).collect()
}

#[test]
fn the_app_asks_for_no_more_than_it_needs() {
    let manifest: serde_json::Value = serde_json::from_str(&read("github-app-manifest.json")).unwrap();
    let permissions = serde_json::json!({ "contents": "read", "issues": "write", "metadata": "read" });
    assert_eq!(manifest["default_permissions"], permissions);
    assert_eq!(manifest["default_events"], serde_json::json!(["issues", "issue_comment"]));
    assert_eq!(manifest["public"], false);
    for settings in ["compose.toml", "systemd.toml"] {
        let settings: toml::Table = read(settings).parse().unwrap();
        let name = settings["connections"][0]["name"].as_str().unwrap();
        let hook = manifest["hook_attributes"]["url"].as_str().unwrap();
        assert_eq!(hook, format!("{}/hooks/{name}", settings["server"]["public_url"].as_str().unwrap()));
    }
}

#[test]
fn the_container_starts_with_its_own_environment() {
    let dockerfile = read("Dockerfile");
    let variables = Regex::new(r"(?m)^ENV (PLANWRIGHT__\w+)=(\S+)$").unwrap();
    let case = Case::new().env("PLANWRIGHT__PAGES__PASSWORD", "made-up");
    let case = variables.captures_iter(&dockerfile).fold(case, |case, found| case.env(&found[1], &found[2]));
    let config = case.load().unwrap();
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:8080");
    assert!(dockerfile.contains("\nEXPOSE 8080\n") && dockerfile.contains("\nUSER 10001:10001\n"));
    // Relative paths start in the working directory, and the volume has to hold them.
    assert!(dockerfile.contains("\nWORKDIR /\n") && dockerfile.contains("\nVOLUME /data\n"));
    assert_eq!(config.store.url.expose(), "sqlite://data/planwright.db");
    assert!(config.cache.dir.starts_with("data"));
}

#[test]
fn compose_hands_over_every_secret_that_the_settings_name() {
    let (compose, settings) = (read("compose.yaml"), read("compose.toml"));
    let named = all(r#"file = "/run/secrets/([^"]+)""#, &settings);
    let given = all(r"(?m)^    secrets: \[database-url, (.*)\]$", &compose);
    let given: BTreeSet<&str> = given.iter().flat_map(|list| list.split(", ")).chain(["database-url"]).collect();
    assert_eq!(named, given);
    let declared = all(r"(?m)^    file: \./secrets/(\S+)$", &compose);
    assert!(declared.is_superset(&named), "{declared:?} lacks some of {named:?}");
}

#[test]
fn systemd_hands_over_every_secret_that_the_settings_name() {
    let (unit, settings) = (read("planwright.service"), read("systemd.toml"));
    let named = all(r#"file = "/run/credentials/planwright.service/([^"]+)""#, &settings);
    let mut given = all(r"(?m)^LoadCredential=([^:]+):/etc/planwright/", &unit);
    assert!(given.remove("planwright.toml"));
    assert_eq!(named, given);
    let settings: toml::Table = settings.parse().unwrap();
    assert_eq!(settings["store"]["url"].as_str(), Some("sqlite:///var/lib/planwright/planwright.db"));
    assert!(unit.contains("\nStateDirectory=planwright\n") && unit.contains("\nCacheDirectory=planwright\n"));
}
