//! Where secrets come from, which are refused, and that none is ever shown.

use std::os::unix::fs::PermissionsExt;

use planwright::config::{Auth, Problems};
use proptest::prelude::*;

use super::{CONNECTION, Case};

/// What loading says about a webhook secret.
fn secret(secret: &str) -> Vec<String> {
    let text = CONNECTION.replace("\"a webhook secret\"", secret);
    Case::new().file(&text).env("EMPTY", "").env("SET", "from the environment").problems()
}

#[test]
fn empty_blank_and_missing_secrets_are_refused() {
    let at = |message: &str| vec![format!("connections[0].webhook_secrets[0]: {message} (in 0.toml)")];
    let blank = at("is empty or blank");
    assert_eq!(secret("\"\""), blank);
    assert_eq!(secret("\"  \\t\""), blank);
    assert_eq!(secret("{ env = \"EMPTY\" }"), blank);
    assert_eq!(secret("{ env = \"UNSET\" }"), at("the environment variable UNSET is not set"));
    assert_eq!(secret("\"a,\""), at("looks like a list with an empty part: give each secret its own entry"));
    assert_eq!(secret("{ env = \"A\", file = \"B\" }"), at("needs exactly one of env and file, with a name"));
    assert_eq!(
        secret("{ vault = \"A\" }"),
        at("unknown key \"vault\"; a secret is a string, { env = … } or { file = … }")
    );
    assert_eq!(secret("7"), at("a secret is a string, { env = \"NAME\" } or { file = \"PATH\" }"));
    assert_eq!(secret("{ env = \"SET\" }"), Vec::<String>::new());
}

#[test]
fn a_secret_file_must_not_be_open_to_everybody() {
    let case = Case::new();
    let path = case.folder.path().join("key");
    std::fs::write(&path, "from a file\r\n").unwrap();
    let text = CONNECTION.replace("\"ghp_0123\"", &format!("{{ file = \"{}\" }}", path.display()));
    let case = case.file(&text);
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    for open in [0o644, 0o604, 0o606] {
        mode(open);
        let problems = case.problems();
        assert!(problems[0].contains("connections[0].auth.token: the file"), "{problems:?}");
        assert!(problems[0].contains("is open to everybody"), "{problems:?}");
    }
    mode(0o640);
    let problems = case.problems();
    assert_eq!(
        problems,
        ["connections[0].auth.token: must hold printable ASCII characters without spaces only (in 0.toml)"]
    );
    std::fs::write(&path, "ghp_file\r\n").unwrap();
    match &case.load().unwrap().connections[0].auth {
        Auth::Token(token) => assert_eq!(token.expose(), "ghp_file"),
        other => panic!("a token was configured, not {other:?}"),
    }
}

#[test]
fn no_message_shows_a_secret() {
    let canary = "c4n4ry";
    let wrong = [
        CONNECTION.replace("[\"a webhook secret\"]", "\"c4n4ry\""),
        CONNECTION.replace("{ token = \"ghp_0123\" }", "\"c4n4ry\""),
        CONNECTION.replace("{ token = \"ghp_0123\" }", "{ token = [\"c4n4ry\"] }"),
        CONNECTION.replace("{ token = \"ghp_0123\" }", "{ app_id = \"c4n4ry\", token = \"c4n4ry\" }"),
        CONNECTION.replace("{ token = \"ghp_0123\" }", "{ app_id = 1, private_key = \"c4n4ry\" }"),
        CONNECTION.replace("{ token = \"ghp_0123\" }", "{ token = \"c4n4ry with space\" }"),
        "[pages]\npassword = { text = \"c4n4ry\" }".to_owned(),
        "pages = \"c4n4ry\"".to_owned(),
        "[store]\nurl = \"mysql://u:c4n4ry@h/d\"".to_owned(),
    ];
    for text in wrong {
        let Err(Problems(problems)) = Case::new().file(&text).load() else { panic!("accepted: {text}") };
        assert!(!problems.is_empty() && !format!("{problems:?}").contains(canary), "{problems:?}");
    }
    let config = Case::new().file(&CONNECTION.replace("ghp_0123", canary)).load().unwrap();
    assert!(!format!("{config:?}").contains(canary));
}

/// Any TOML value, with the canary for every text. Names of variables and files are not among them: they are shown.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("\"c4n4ry\"".to_owned()),
        Just("\"https://c4n4ry:c4n4ry@example.com\"".to_owned()),
        Just("7".to_owned()),
        Just("1.5".to_owned()),
        Just("true".to_owned()),
        Just("2026-11-20".to_owned()),
    ];
    let keys = ["tracker", "base_url", "webhook_secrets", "auth", "app_id", "private_key", "token", "x"];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", ")));
        let table = prop::collection::btree_map(prop::sample::select(keys.to_vec()), inner, 0..5).prop_map(|table| {
            let entries: Vec<String> = table.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", entries.join(", "))
        });
        prop_oneof![list, table]
    })
}

proptest! {
    #[test]
    fn no_shape_of_a_wrong_value_panics_or_shows_a_secret(
        key in prop::sample::select(vec!["pages", "pages.password", "store.url", "connections", "repositories", "server"]),
        value in value(),
    ) {
        if let Err(Problems(problems)) = Case::new().file(&format!("{key} = {value}")).load() {
            prop_assert!(!problems.is_empty());
            prop_assert!(!format!("{problems:?}").contains("c4n4ry"), "{key} = {value}: {problems:?}");
        }
    }
}
