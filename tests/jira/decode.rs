//! What deliveries mean: recorded payloads with snapshots, and the odd shapes of guarantees 16, 18 and 20 to 24.

use std::sync::LazyLock;

use planwright::{
    model::{
        ConnectionName,
        delivery::{Decision, Delivery, SkipReason},
        event::{Decoded, Event},
        job::Work,
    },
    trackers::{Inbound, jira::Proof},
    trigger::{Rules, Switches, decide},
};
use serde_json::{Value, json};

use super::{SECRET, inbound, payload, secrets};

/// Decodes JSON.
pub fn decode(json: &[u8]) -> Decoded {
    static INBOUND: LazyLock<std::sync::Arc<dyn Inbound>> =
        LazyLock::new(|| inbound(Proof::Signature(secrets(&[SECRET]))));
    INBOUND.decode(&Delivery {
        connection: ConnectionName::new("acme"),
        guid: "1".to_owned(),
        event: String::new(),
        json: bytes::Bytes::copy_from_slice(json),
    })
}

/// The event of some JSON.
fn event(json: &[u8]) -> Event {
    match decode(json) {
        Decoded::Event(event) => *event,
        other => panic!("no event: {other:?}"),
    }
}

/// The recorded payload with fields replaced (JSON pointers; a missing key is added).
fn changed(name: &str, fields: &[(&str, Value)]) -> Vec<u8> {
    let mut json: Value = serde_json::from_slice(&payload(name)).expect("JSON");
    for (pointer, value) in fields {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        json.pointer_mut(parent).expect("a parent")[key] = value.clone();
    }
    serde_json::to_vec(&json).expect("JSON")
}

/// The change of an event, or the reason why there is none.
fn change(json: &[u8]) -> Value {
    match decode(json) {
        Decoded::Event(event) => json!(event.change),
        Decoded::Ping => json!("ping"),
        Decoded::Irrelevant { reason } => json!(reason),
    }
}

/// Rules as a default configuration has them, for a bot called `bot`.
fn rules() -> Rules {
    Rules {
        label: "needs-plan".to_owned(),
        command: "/plan".to_owned(),
        stories: vec!["Story".to_owned()],
        projects: Vec::new(),
        switches: Switches { label: true, command: true, story: true },
        identity: Some("bot".to_owned()),
        marker: "<!-- planwright:".to_owned(),
        labels_on_open: true,
        bots_may_ask: false,
        templates: vec!["ticket".to_owned()],
    }
}

#[test]
fn recorded_payloads_decode() {
    let folder = format!("{}/tests/payloads/jira", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the payloads").map(|file| file.expect("a file").path());
    let mut seen = 0;
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        insta::assert_json_snapshot!(name.clone(), decode(&payload(&name)));
        seen += 1;
    }
    assert_eq!(seen, 14);
}

#[test]
fn labels_are_the_difference_of_two_lists() {
    let check = |before: Value, after: Value, expected: Value| {
        let item = json!([{ "field": "labels", "fromString": before, "toString": after }]);
        assert_eq!(change(&changed("cloud_issue_updated_labels", &[("/changelog/items", item)])), expected);
    };
    check(json!("bad one"), json!("one needs-plan"), json!({"labelled": {"labels": ["needs-plan"]}}));
    check(json!(""), json!("a b"), json!({"labelled": {"labels": ["a", "b"]}}));
    check(json!(null), json!("a"), json!({"labelled": {"labels": ["a"]}}));
    check(json!("a"), json!(null), json!({"unlabelled": {"labels": ["a"]}}));
    check(json!("a b"), json!("b  a"), json!({"other": {"what": "labels changed"}}));
    check(json!("needs"), json!("needs needs-plan"), json!({"labelled": {"labels": ["needs-plan"]}}));
    check(json!("x"), json!("x \"quoted\""), json!({"labelled": {"labels": ["\"quoted\""]}}));
}

#[test]
fn of_several_changed_fields_the_one_that_can_ask_counts() {
    let check = |items: Value, expected: Value| {
        assert_eq!(change(&changed("cloud_issue_updated_labels", &[("/changelog/items", items)])), expected);
    };
    let labels = json!({ "field": "labels", "fieldId": "labels", "fromString": "", "toString": "x" });
    let fewer = json!({ "field": "labels", "fromString": "x", "toString": "" });
    let kind = json!({ "field": "issuetype", "to": "10001", "toString": "Story" });
    let words = json!({ "field": "description", "toString": "…" });
    let rank = json!({ "field": "Rank", "toString": "Ranked higher" });
    check(json!([rank, words, kind, labels]), json!({"labelled": {"labels": ["x"]}}));
    check(json!([rank, words, fewer, kind]), json!({"typed": {"type_name": "Story"}}));
    check(json!([rank, words, fewer]), json!({"unlabelled": {"labels": ["x"]}}));
    check(json!([rank, words]), json!("edited"));
    check(json!([rank]), json!({"other": {"what": "Rank changed"}}));
    check(json!([]), json!({"other": {"what": "issue_updated"}}));
    check(json!(null), json!({"other": {"what": "issue_updated"}}));
    check(json!(["x", null, 7]), json!({"other": {"what": "issue_updated"}}));
}

#[test]
fn a_change_of_a_field_that_a_plan_reads_edits_the_ticket() {
    let check = |item: Value, expected: Value| {
        assert_eq!(change(&changed("cloud_issue_updated_labels", &[("/changelog/items", json!([item]))])), expected);
    };
    check(json!({ "field": "Acceptance criteria", "fieldtype": "custom", "toString": "b" }), json!("edited"));
    check(json!({ "field": "Schritte", "fieldId": "customfield_10050", "toString": "b" }), json!("edited"));
    check(json!({ "field": "Severity", "fieldId": "customfield_10060", "to": "3" }), json!("edited"));
    let team = json!({ "field": "Team", "fieldId": "customfield_10061", "toString": "b" });
    check(team, json!({"other": {"what": "Team changed"}}));
}

#[test]
fn a_comment_beside_changed_fields_counts_when_it_holds_a_command() {
    let with = |text: &str, field: &str| {
        let item = json!([{ "field": field, "fromString": "", "toString": "needs-plan" }]);
        let fields = [("/comment/body", json!(text)), ("/changelog", json!({ "items": item }))];
        change(&changed("dc_issue_updated_commented", &fields))
    };
    assert!(with("/plan", "labels")["commented"].is_object());
    assert!(with("Please look.\n/plan --brief", "labels")["commented"].is_object());
    assert_eq!(with("See a/b", "labels"), json!({"labelled": {"labels": ["needs-plan"]}}));
    assert!(with("See a/b", "status")["commented"].is_object());
    assert!(with("See a/b", "description")["commented"].is_object());
}

#[test]
fn a_doubled_comment_is_one_asking() {
    let asked = |name: &str, with_issue: bool| {
        let json = changed(name, &[("/comment/body", json!("/plan --focus security"))]);
        let event = event(&json);
        assert_eq!(event.ticket.to_string(), "acme:10013");
        assert_eq!(event.reference, if with_issue { "PRJX-14" } else { "10013" });
        match decide(&Decoded::Event(Box::new(event)), &rules()) {
            Decision::Run(request) => request.semantic_key,
            Decision::Skip(reason) => panic!("{reason}"),
        }
    };
    let key = asked("dc_comment_created", false);
    assert_eq!(key, asked("dc_issue_updated_commented", true));
    assert_eq!(key, asked("dc_old_commented_no_event_type", true));
    assert!(key.starts_with("acme:10013|command:10082:"), "{key}");
}

#[test]
fn an_edited_comment_does_not_ask_because_its_earlier_text_is_unknown() {
    for name in ["cloud_comment_updated", "dc_comment_updated"] {
        let decoded = decode(&changed(name, &[("/comment/body", json!("/plan"))]));
        assert_eq!(decide(&decoded, &rules()), Decision::Skip(SkipReason::PreviousTextUnknown), "{name}");
    }
    let kind = |kind: Value, updated: &str| {
        let fields = [("/issue_event_type_name", kind), ("/comment/updated", json!(updated))];
        change(&changed("dc_issue_updated_commented", &fields))
    };
    let same = "2019-06-04T00:15:17.234+0000";
    assert!(kind(json!("issue_commented"), "later")["commented"].is_object());
    assert!(kind(json!("issue_comment_edited"), same)["comment_edited"].is_object());
    assert_eq!(kind(json!("issue_comment_deleted"), same), json!({"other": {"what": "comment deleted"}}));
    assert!(kind(json!(null), same)["commented"].is_object());
    assert!(kind(json!(null), "later")["comment_edited"].is_object());
}

#[test]
fn own_comments_are_known_by_their_author() {
    let check = |author: Value, expected: Option<SkipReason>| {
        let fields = [("/comment/author", author), ("/comment/body", json!("/plan"))];
        let decision = decide(&decode(&changed("cloud_comment_created", &fields)), &rules());
        let skipped = match decision {
            Decision::Skip(reason) => Some(reason),
            Decision::Run(_) => None,
        };
        assert_eq!(skipped, expected);
    };
    check(json!({ "accountId": "bot" }), Some(SkipReason::OwnComment));
    check(json!({ "accoundId": "bot", "active": "true" }), Some(SkipReason::OwnComment));
    check(json!({ "key": "BOT", "name": "renamed" }), Some(SkipReason::OwnComment));
    check(json!({ "name": "bot" }), Some(SkipReason::OwnComment));
    check(json!({ "key": "mira", "name": "bot" }), None);
    check(json!({ "accountId": "other", "accountType": "app" }), Some(SkipReason::OtherBot));
    check(json!({ "accountId": "mira", "name": "bot" }), None);
}

#[test]
fn a_new_issue_asks_by_its_labels_or_its_type() {
    let asks = |fields: &[(&str, Value)]| match decide(&decode(&changed("cloud_issue_created", fields)), &rules()) {
        Decision::Run(request) => match request.work {
            Work::Plan(plan) => json!(plan.trigger),
            other => json!(other.kind()),
        },
        Decision::Skip(reason) => json!(reason.to_string()),
    };
    let kind = |id: &str, name: &str| ("/issue/fields/issuetype", json!({ "id": id, "name": name }));
    assert_eq!(asks(&[]), json!({"story": {"type_name": "Story"}}));
    assert_eq!(asks(&[kind("10002", "Historia")]), json!({"story": {"type_name": "Story"}}), "a translated name");
    assert_eq!(asks(&[kind("10099", "Récit")]), json!({"story": {"type_name": "Story"}}), "a number");
    let bug = kind("10004", "Bug");
    assert_eq!(asks(std::slice::from_ref(&bug)), "no rule matches: the ticket's type is not among the story types");
    let labels = ("/issue/fields/labels", json!(["x", "needs-plan"]));
    assert_eq!(asks(&[bug.clone(), labels.clone()]), json!({"label": {"label": "needs-plan"}}));
    let done = ("/issue/fields/status", json!({ "name": "Fertig", "statusCategory": { "key": "done" } }));
    assert_eq!(asks(&[bug, labels, done]), "the ticket is closed");
    assert_eq!(asks(&[("/issue/fields", json!({}))]), "no rule matches: a new ticket without a type");
}

#[test]
fn a_label_taken_away_and_added_again_asks_anew() {
    let moment = |fields: &[(&str, Value)]| event(&changed("cloud_issue_updated_labels", fields)).moment;
    assert_eq!(moment(&[]), "10233");
    assert_eq!(moment(&[("/changelog/id", json!(10_234))]), "10234");
    assert_eq!(moment(&[("/changelog/id", json!(null))]), "1550351530065");
    assert_eq!(moment(&[("/changelog/id", json!(null)), ("/timestamp", json!("soon"))]), "soon");
}

#[test]
fn commands_in_quotes_and_code_of_wiki_markup_do_not_count() {
    let asks = |text: &str| {
        let decision = decide(&decode(&changed("cloud_comment_created", &[("/comment/body", json!(text))])), &rules());
        matches!(decision, Decision::Run(_))
    };
    assert!(asks("/plan"));
    assert!(asks("Thanks, [~accountid:5c5f88000000000000000001].\r\n\r\n/plan --focus security"));
    assert!(asks("h2. Please\n\n/plan"));
    assert!(!asks("{quote}\n/plan\n{quote}"));
    assert!(!asks("{code}\n/plan\n{code}"));
    assert!(!asks("{noformat}\n/plan\n{noformat}"));
    assert!(!asks("bq. /plan"));
    assert!(!asks("Do not /plan"));
}

#[test]
fn odd_values_are_exact_or_ignored() {
    let comments = |pointer, value| change(&changed("cloud_comment_created", &[(pointer, value)]));
    assert_eq!(comments("/comment/id", json!(9_007_199_254_740_993_u64))["commented"]["comment"], "9007199254740993");
    assert_eq!(comments("/comment/id", json!("18446744073709551615"))["commented"]["comment"], "18446744073709551615");
    for id in [json!(-1), json!("-1"), json!(1.5), json!("1/../2"), json!("x"), json!(null), json!({}), json!([1])] {
        assert_eq!(comments("/comment/id", id), json!("not a comment number of Jira"));
    }
    assert_eq!(comments("/comment/body", json!(null))["commented"]["text"], "");
    assert_eq!(comments("/comment/body", json!({ "type": "doc" }))["commented"]["text"], "");
    assert_eq!(comments("/comment/author", json!(null)), json!("the comment's author is gone"));
    assert_eq!(comments("/comment/author", json!({ "displayName": "x" })), json!("the comment's author is gone"));
    assert_eq!(comments("/comment", json!("gone")), json!("no comment in a comment event"));

    let issues = |pointer, value| decode(&changed("cloud_issue_updated_labels", &[(pointer, value)]));
    let reason = |decoded: Decoded| match decoded {
        Decoded::Irrelevant { reason } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(issues("/issue", json!(null))), "no issue in the payload");
    assert_eq!(reason(issues("/issue/key", json!("../../x-1"))), "not a key that Jira gives");
    assert_eq!(reason(issues("/user", json!(null))), "nobody is named as the user");
    assert_eq!(reason(issues("/webhookEvent", json!(null))), "no webhookEvent in the payload");
    assert_eq!(reason(issues("/webhookEvent", json!("sprint_started\n"))), "the event \"sprint_started\\n\"");
    assert_eq!(reason(issues("/issue/id", json!(-7))), "no issue in the payload");
    let Decoded::Event(event) = issues("/issue/id", json!(10_040)) else { panic!("no event") };
    assert_eq!((event.ticket.id.as_str(), event.project.as_str()), ("10040", "TES"));
}

#[test]
fn what_is_not_json_is_ignored_with_a_reason() {
    let recorded = payload("cloud_issue_updated_labels");
    let text = String::from_utf8(recorded.clone()).expect("text");
    let check = |json: &[u8], expected: &str| {
        let change = change(json);
        assert!(change.as_str().is_some_and(|reason| reason.starts_with(expected)), "{expected}: {change}");
    };
    check(b"", "unreadable: cut short");
    check(&recorded[..recorded.len() / 2], "unreadable: cut short");
    check(&[b"\xef\xbb\xbf", &recorded[..]].concat(), "unreadable: not JSON");
    check(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), "unreadable: not JSON");
    check("[".repeat(25 << 20).as_bytes(), "unreadable: ");
    check(b"null", "unreadable: ");
    check(b"[]", "unreadable: ");
    check(text.replacen('{', "{\"webhookEvent\":\"comment_created\",", 1).as_bytes(), "unreadable: a field doubled");
    check(text.replacen("\"jira:issue_updated\"", "\"\\ud800\"", 1).as_bytes(), "unreadable: ");
}

#[test]
fn depth_and_size_in_unread_fields_do_no_harm() {
    let text = String::from_utf8(payload("cloud_issue_updated_labels")).expect("text");
    let expected = change(text.as_bytes());
    let deep = format!("{{\"x\":{}1e999{},", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(change(text.replacen('{', &deep, 1).as_bytes()), expected);
    let wrong = format!("{{\"comment\":{}7{},", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(change(text.replacen('{', &wrong, 1).as_bytes()), expected);
    let twice = format!("{{\"x\":1,\"x\":\"{}\",", "y".repeat(1 << 20));
    assert_eq!(change(text.replacen('{', &twice, 1).as_bytes()), expected);
}

#[test]
fn adversarial_comments_are_read_quickly() {
    for piece in ["[", "{", "{code}", "{quote}\n", "*", "!", "h1. ", "||", "* ", "*#*# x\n", "[~", "\\\\", "/plan\n"] {
        let body = json!(piece.repeat((100 << 10) / piece.len()));
        let bytes = changed("cloud_comment_created", &[("/comment/body", body)]);
        let started = std::time::Instant::now();
        assert!(matches!(decode(&bytes), Decoded::Event(_)), "{piece}");
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{piece}: {:?}", started.elapsed());
    }
}

#[test]
fn the_event_must_fit_the_body() {
    let named = |name: &str, event: &str| change(&changed(name, &[("/webhookEvent", json!(event))]));
    assert_eq!(named("cloud_issue_updated_labels", "comment_created"), json!("no comment in a comment event"));
    assert_eq!(named("cloud_comment_created", "jira:issue_updated")["commented"]["comment"], json!("10019"));
    assert_eq!(named("cloud_comment_created", "issue_property_set"), json!("the event \"issue_property_set\""));
    assert_eq!(named("dc_comment_created", "jira:issue_created")["opened"]["labels"], json!([]));
}
