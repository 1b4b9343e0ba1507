//! What deliveries mean: recorded payloads with snapshots, and the odd shapes of guarantees 7, 20 to 24.

use planwright::model::{ConnectionName, delivery::Delivery, event::Decoded};
use serde_json::{Value, json};

use super::{inbound, payload};

/// Decodes JSON under an event name.
pub fn decode(event: &str, json: &[u8]) -> Decoded {
    inbound().decode(&Delivery {
        connection: ConnectionName::new("acme"),
        guid: "1".to_owned(),
        event: event.to_owned(),
        json: bytes::Bytes::copy_from_slice(json),
    })
}

/// The recorded payload with one field replaced (a JSON pointer; `Null` under a missing key adds it).
fn changed(name: &str, pointer: &str, value: Value) -> Vec<u8> {
    let mut json: Value = serde_json::from_slice(&payload(name)).expect("JSON");
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    json.pointer_mut(parent).expect("a parent")[key] = value;
    serde_json::to_vec(&json).expect("JSON")
}

/// The change of an event, or the reason why there is none.
fn change(event: &str, json: &[u8]) -> Value {
    match decode(event, json) {
        Decoded::Event(event) => json!(event.change),
        Decoded::Ping => json!("ping"),
        Decoded::Irrelevant { reason } => json!(reason),
    }
}

#[test]
fn recorded_payloads_decode() {
    let folder = format!("{}/tests/payloads/github", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the payloads").map(|file| file.expect("a file").path());
    let mut seen = 0;
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let event = ["issue_comment", "installation", "issues", "label", "ping"];
        let event = event.into_iter().find(|event| name.starts_with(event)).expect("a known event");
        insta::assert_json_snapshot!(name.clone(), decode(event, &payload(&name)));
        seen += 1;
    }
    assert_eq!(seen, 15);
}

#[test]
fn the_header_must_fit_the_body() {
    let check = |event: &str, name: &str, expected: &str| assert_eq!(change(event, &payload(name)), json!(expected));
    check("issues", "issue_comment_created", "a comment in an issues event");
    check("issues", "issue_comment_edited", "a comment in an issues event");
    check("issue_comment", "issues_edited", "no comment in a comment event");
    check("issues", "label_created", "no issue in the payload");
    check("issues", "ping", "unreadable: a field missing, doubled or of another type (line 142, column 1)");
    check("sub_issues", "issues_opened", "the event sub_issues");
    check("", "issues_opened", "no event name in the header X-GitHub-Event");
}

#[test]
fn types_labels_and_edits_are_read_where_they_stand() {
    let issue = |pointer, value| change("issues", &changed("issues_opened", pointer, value));
    assert_eq!(issue("/issue/type", json!({"name": "Story", "id": 1}))["opened"]["type_name"], "Story");
    assert_eq!(issue("/issue/type", Value::Null)["opened"]["type_name"], Value::Null);
    assert_eq!(
        issue("/issue/labels", json!([{"name": "a, \"b\""}, {"name": "é"}]))["opened"]["labels"],
        json!(["a, \"b\"", "é"])
    );
    assert_eq!(issue("/issue/labels", Value::Null)["opened"]["labels"], json!([]));

    let typed = |value: Value| {
        let json: Value = serde_json::from_slice(&changed("issues_opened", "/type", value)).expect("JSON");
        let mut json = json;
        json["action"] = json!("typed");
        change("issues", &serde_json::to_vec(&json).expect("JSON"))
    };
    assert_eq!(typed(json!({"name": "Feature"})), json!({"typed": {"type_name": "Feature"}}));
    assert_eq!(typed(Value::Null), json!("no type in the payload"));

    let labelled = |value| change("issues", &changed("issues_labeled", "/label", value));
    assert_eq!(labelled(json!({"name": "needs-plan"})), json!({"labelled": {"labels": ["needs-plan"]}}));
    assert_eq!(labelled(Value::Null), json!("no label in the payload"));

    let edited = |value| change("issue_comment", &changed("issue_comment_edited", "/changes", value));
    assert_eq!(edited(json!({}))["comment_edited"]["previous"], Value::Null);
    assert_eq!(edited(json!({"body": {"from": "/plan"}}))["comment_edited"]["previous"], "/plan");
}

#[test]
fn a_comment_through_our_own_app_is_ours() {
    let author = |app: Value| {
        let json = changed("issue_comment_created", "/comment/performed_via_github_app", app);
        change("issue_comment", &json)["commented"]["author"].clone()
    };
    let ours = json!({"id": "planwright[bot]", "name": "planwright[bot]", "is_bot": true});
    let person = json!({"id": "mira-lund", "name": "mira-lund", "is_bot": false});
    assert_eq!(author(json!({"id": 7, "slug": "planwright"})), ours);
    assert_eq!(author(json!({"id": 8, "slug": "planwright"})), person);
    assert_eq!(author(json!({"slug": "planwright"})), person);
    assert_eq!(author(Value::Null), person);
}

#[test]
fn programs_are_told_from_people() {
    let Decoded::Event(event) = decode("issues", &changed("issues_labeled", "/sender/type", json!("Bot"))) else {
        panic!("not an event")
    };
    assert!(event.actor.is_bot);
}

#[test]
fn odd_values_are_exact_or_ignored() {
    let unreadable = "unreadable: a field missing, doubled or of another type (line 1, column ";
    let issues = |pointer, value| change("issues", &changed("issues_labeled", pointer, value));
    let comments = |pointer, value| change("issue_comment", &changed("issue_comment_created", pointer, value));
    let is_unreadable = |change: Value| assert!(change.as_str().is_some_and(|c| c.starts_with(unreadable)), "{change}");

    assert_eq!(comments("/comment/id", json!(9_007_199_254_740_993_u64))["commented"]["comment"], "9007199254740993");
    assert_eq!(comments("/comment/id", json!(u64::MAX))["commented"]["comment"], "18446744073709551615");
    is_unreadable(comments("/comment/id", json!(-1)));
    is_unreadable(comments("/comment/id", json!("1")));
    is_unreadable(comments("/comment/id", json!(1.5)));
    assert_eq!(comments("/comment/body", Value::Null)["commented"]["text"], "");
    assert_eq!(comments("/comment/body", json!("a\u{0}\u{1f600}\"\\"))["commented"]["text"], "a\u{0}\u{1f600}\"\\");
    assert_eq!(comments("/comment/user", Value::Null), json!("the comment's author is gone"));
    assert_eq!(comments("/sender", Value::Null), json!("nobody is named as the sender"));
    assert!(comments("/issue/user", Value::Null)["commented"].is_object(), "a ghost's issue counts");

    is_unreadable(issues("/issue/number", json!(-1)));
    is_unreadable(issues("/issue/number", json!("1")));
    assert_eq!(issues("/issue/number", json!(0)), json!("no issue in the payload"));
    assert_eq!(issues("/issue", Value::Null), json!("no issue in the payload"));
    assert_eq!(issues("/repository", Value::Null), json!("no repository in the payload"));
    assert_eq!(issues("/action", json!("blessed\n")), json!("the action \"blessed\\n\""));
    for name in ["a/../b", "a", "a/b/c", "a/b c", "../b", "a/b#1", "", "a/b\u{0}"] {
        let expected = json!("not a repository name that GitHub gives");
        assert_eq!(issues("/repository/full_name", json!(name)), expected, "{name:?}");
    }
}

#[test]
fn what_is_not_json_is_ignored_with_a_reason() {
    let recorded = payload("issues_labeled");
    let text = String::from_utf8(recorded.clone()).expect("text");
    let check = |json: &[u8], expected: &str| {
        let change = change("issues", json);
        assert!(change.as_str().is_some_and(|reason| reason.starts_with(expected)), "{expected}: {change}");
    };
    check(b"", "unreadable: cut short");
    check(&recorded[..recorded.len() / 2], "unreadable: cut short");
    check(&[b"\xef\xbb\xbf", &recorded[..]].concat(), "unreadable: not JSON");
    check(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), "unreadable: not JSON");
    check("[".repeat(25 << 20).as_bytes(), "unreadable: ");
    check(b"null", "unreadable: ");
    check(text.replacen("{", "{\"action\":\"opened\",", 1).as_bytes(), "unreadable: a field missing, doubled");
    check(text.replacen("\"labeled\"", "\"\\ud800\"", 1).as_bytes(), "unreadable: ");
    check(text.replacen("\"labeled\"", "\"\u{fffd}\"", 1).replace('\u{fffd}', "\u{7}").as_bytes(), "unreadable: ");
}

#[test]
fn depth_and_size_in_unread_fields_do_no_harm() {
    let text = String::from_utf8(payload("issues_labeled")).expect("text");
    let deep = format!("{{\"x\":{}1e999{},", "[".repeat(100_000), "]".repeat(100_000));
    let expected = change("issues", text.as_bytes());
    assert_eq!(change("issues", text.replacen('{', &deep, 1).as_bytes()), expected);
    let twice = format!("{{\"x\":1,\"x\":\"{}\",", "y".repeat(1 << 20));
    assert_eq!(change("issues", text.replacen('{', &twice, 1).as_bytes()), expected);
}
