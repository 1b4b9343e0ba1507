//! What deliveries mean: recorded payloads with snapshots, and the odd shapes of guarantees 18 to 24.

use planwright::model::{
    ConnectionName,
    delivery::{Decision, Delivery},
    event::{Decoded, Notice},
    ticket::FieldRole,
};
use planwright::trackers::azure_devops::{CustomField, Settings, connect};
use serde_json::{Value, json};

use super::{SUBSCRIPTION, inbound, payload, settings};

/// A delivery with this JSON.
fn delivery(json: &[u8]) -> Delivery {
    Delivery {
        connection: ConnectionName::new("acme"),
        guid: "1".to_owned(),
        event: String::new(),
        json: bytes::Bytes::copy_from_slice(json),
    }
}

/// Decodes JSON.
pub fn decode(json: &[u8]) -> Decoded {
    inbound().decode(&delivery(json))
}

/// A recorded payload as a real subscription sends it: the recorded ones are those of the Test button.
pub fn live(name: &str) -> Value {
    let mut json: Value = serde_json::from_slice(&payload(name)).expect("JSON");
    json["subscriptionId"] = json!(SUBSCRIPTION);
    if json["id"].is_string() {
        json["id"] = json!("86a00bfb-28a6-4e5e-bed7-6069791f1996");
    }
    if json["resource"]["workItemId"] == json!(0) {
        json["resource"]["workItemId"] = json!(5);
        json["resource"]["revisedBy"] = json!({
            "id": "d291b0c4-a05c-4ea6-8df1-4b41d5f39eff", "name": "Mira Lund <mira@acme.test>",
            "displayName": "Mira Lund", "uniqueName": "mira@acme.test", "descriptor": "aad.ZDI5MWIw",
        });
    }
    json
}

/// A live payload with one field replaced (a JSON pointer; a missing key is added).
fn changed(name: &str, changes: &[(&str, Value)]) -> Value {
    let mut json = live(name);
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        json.pointer_mut(parent).expect("a parent")[key] = value.clone();
    }
    json
}

/// The change of an event, or the reason why there is none.
fn change(json: &Value) -> Value {
    match decode(&serde_json::to_vec(json).expect("JSON")) {
        Decoded::Event(event) => json!(event.change),
        Decoded::Ping => json!("ping"),
        Decoded::Irrelevant { reason } => json!(reason),
    }
}

/// The change that an update of these fields makes.
fn update(fields: Value) -> Value {
    change(&changed("workitem_updated", &[("/resource/fields", fields)]))
}

#[test]
fn recorded_payloads_decode() {
    let names = [
        "bad_no_event_type",
        "git_push",
        "workitem_commented",
        "workitem_created",
        "workitem_deleted",
        "workitem_updated",
    ];
    for name in names {
        let json = serde_json::to_vec(&live(name)).expect("JSON");
        insta::assert_json_snapshot!(name, decode(&json));
    }
}

#[test]
fn the_test_button_is_a_ping() {
    for name in ["git_push", "workitem_commented", "workitem_created", "workitem_deleted", "workitem_updated"] {
        assert_eq!(decode(&payload(name)), Decoded::Ping, "{name}");
    }
    let sample = |pointer, value| change(&changed("workitem_created", &[(pointer, value)]));
    assert_eq!(sample("/subscriptionId", Value::Null), json!("ping"));
    assert_eq!(sample("/subscriptionId", json!("00000000-0000-0000-0000-000000000000")), json!("ping"));
    assert_eq!(sample("/id", json!("27646e0e-b520-4d2b-9411-bba7524947cd")), json!("ping"));
    assert_eq!(change(&json!({"subscriptionId": SUBSCRIPTION})), json!("no event type in the payload"));
}

#[test]
fn only_allowed_subscriptions_and_projects_are_listened_to() {
    let stranger = ("/subscriptionId", json!("ea7bd3d2-94e8-4dd7-9703-d7524beea45d"));
    let reason = json!("from a subscription that is not among those allowed");
    assert_eq!(change(&changed("workitem_created", std::slice::from_ref(&stranger))), reason);
    let upper = ("/subscriptionId", json!(SUBSCRIPTION.to_uppercase()));
    assert!(change(&changed("workitem_created", &[upper]))["opened"].is_object());

    let decoded = |subscriptions: &[&str], project: Option<&str>| {
        let subscriptions = subscriptions.iter().map(|id| (*id).to_owned()).collect();
        let project = project.map(str::to_owned);
        let base = "https://dev.azure.com/acme";
        let (inbound, _) = connect(Settings { subscriptions, project, ..settings(base) }).expect("fit settings");
        let json = serde_json::to_vec(&changed("workitem_created", std::slice::from_ref(&stranger))).expect("JSON");
        inbound.decode(&delivery(&json))
    };
    assert!(matches!(decoded(&[], None), Decoded::Event(_)), "an empty list allows all");
    assert!(matches!(decoded(&[], Some("acmecloud")), Decoded::Event(_)));
    assert_eq!(decoded(&[], Some("Shop")), Decoded::Irrelevant { reason: "of another project".to_owned() });
}

#[test]
fn tags_differ_between_old_and_new_and_may_hold_spaces() {
    let tags = |old: Value, new: Value| {
        let mut change = json!({});
        [("oldValue", old), ("newValue", new)].into_iter().filter(|(_, value)| !value.is_null()).for_each(|(k, v)| {
            change[k] = v;
        });
        update(json!({ "System.Tags": change }))
    };
    assert_eq!(tags(Value::Null, json!("needs plan; Web")), json!({"labelled": {"labels": ["needs plan", "Web"]}}));
    assert_eq!(
        tags(json!("beauty"), json!("beauty; Güvenlik açığı")),
        json!({"labelled": {"labels": ["Güvenlik açığı"]}})
    );
    assert_eq!(tags(json!("a; b"), json!("A")), json!({"unlabelled": {"labels": ["b"]}}));
    assert_eq!(tags(json!("a"), Value::Null), json!({"unlabelled": {"labels": ["a"]}}));
    assert_eq!(tags(json!("a"), json!("a")), json!({"other": {"what": "updated"}}));
    let created = changed("workitem_created", &[("/resource/fields/System.Tags", json!("needs-plan; a b"))]);
    assert_eq!(change(&created), json!({"opened": {"type_name": "Bug", "labels": ["needs-plan", "a b"]}}));
}

#[test]
fn updates_say_what_counts() {
    let types = json!({"System.WorkItemType": {"oldValue": "Bug", "newValue": "User Story"}});
    assert_eq!(update(types), json!({"typed": {"type_name": "User Story"}}));
    assert_eq!(update(json!({"System.Title": {"oldValue": "a", "newValue": "b"}})), json!("edited"));
    assert_eq!(update(json!({"System.Description": {"newValue": "b"}})), json!("edited"));
    assert_eq!(update(Value::Null), json!({"other": {"what": "updated"}}));
}

#[test]
fn a_change_of_a_field_that_a_plan_reads_edits_the_ticket() {
    let field = |name: &str, role| CustomField { name: name.to_owned(), role };
    let fields =
        vec![field("custom.Checks", FieldRole::AcceptanceCriteria), field("Custom.Background", FieldRole::Other)];
    let (inbound, _) = connect(Settings { fields, ..settings("https://dev.azure.com/acme") }).expect("fit settings");
    let check = |fields: Value, expected: Value| {
        let json = changed("workitem_updated", &[("/resource/fields", fields)]);
        match inbound.decode(&delivery(&serde_json::to_vec(&json).expect("JSON"))) {
            Decoded::Event(event) => assert_eq!(json!(event.change), expected),
            other => panic!("{other:?}"),
        }
    };
    check(json!({ "Custom.Checks": { "oldValue": "a", "newValue": "b" } }), json!("edited"));
    check(json!({ "Custom.Background": { "newValue": "b" } }), json!("edited"));
    check(json!({ "Custom.Team": { "newValue": "b" } }), json!({"other": {"what": "updated"}}));
    let tags = json!({ "Custom.Checks": { "newValue": "b" }, "System.Tags": { "newValue": "needs-plan" } });
    check(tags, json!({"labelled": {"labels": ["needs-plan"]}}));
}

#[test]
fn an_event_keeps_the_name_of_its_notification_where_azure_devops_is_asked_about_it() {
    let (guid, event) = (SUBSCRIPTION.to_uppercase(), "4CC1F5C4-9BD7-4A9F-B0C1-2F9DD22CB0CF");
    let named = |confirm_notifications: bool, number: Value, id: &str| {
        let settings = Settings { confirm_notifications, ..settings("https://dev.azure.com/acme") };
        let (inbound, _) = connect(settings).expect("fit settings");
        let fields = [("/subscriptionId", json!(guid)), ("/notificationId", number), ("/id", json!(id))];
        let json = serde_json::to_vec(&changed("workitem_created", &fields)).expect("JSON");
        match inbound.decode(&delivery(&json)) {
            Decoded::Event(event) => event.notice,
            other => panic!("{other:?}"),
        }
    };
    let notice = Notice { subscription: SUBSCRIPTION.to_owned(), number: 12, event: event.to_lowercase() };
    assert_eq!(named(true, json!(12), event), Some(notice.clone()));
    assert_eq!(named(true, json!("12"), event), Some(notice));
    for odd in [json!(-1), json!(1.5), json!("1/../2"), json!(null), json!([1])] {
        assert_eq!(named(true, odd, event), None);
    }
    assert_eq!(named(true, json!(12), "../subscriptions"), None);
    assert_eq!(named(false, json!(12), event), None);
}

#[test]
fn a_comment_runs_once_although_it_makes_an_update_too() {
    let update = update(json!({"System.History": {"newValue": "<div>/plan</div>"}}));
    assert_eq!(update, json!({"other": {"what": "a comment, which has an event of its own"}}));
}

#[test]
fn comments_are_read_from_html_and_known_by_number_or_revision() {
    let commented = |changes: &[(&str, Value)]| change(&changed("workitem_commented", changes))["commented"].clone();
    let history = "/resource/fields/System.History";
    assert_eq!(commented(&[])["comment"], "r4");
    let numbered = commented(&[("/resource/commentVersionRef", json!({"commentId": 2_743_814, "version": 1}))]);
    assert_eq!(numbered["comment"], "2743814");
    let check = |html: &str, expected: &str| {
        assert_eq!(commented(&[(history, json!(html))])["text"].as_str().map(str::trim), Some(expected), "{html}");
    };
    check("<div>/plan&nbsp;--focus security</div>", "/plan --focus security");
    check("<div>Please.</div><div>/plan</div>", "Please.\n\n/plan");
    check("/plan status\n\nThank you", "/plan status\n\nThank you");
    check("", "");
    let ours = "done\n\n[planwright-01941f29-7c00-7000-8000-000000000001-0123456789abcdef0123456789abcdef]: #";
    let text = commented(&[(history, json!(ours))])["text"].as_str().expect("text").to_owned();
    assert!(text.contains("<!-- planwright:01941f29-"), "the rules know the bot's own comments: {text}");
}

#[test]
fn identities_are_text_or_objects() {
    let actor = |value: Value| {
        let json = changed("workitem_commented", &[("/resource/fields/System.ChangedBy", value)]);
        match decode(&serde_json::to_vec(&json).expect("JSON")) {
            Decoded::Event(event) => json!(event.actor),
            other => json!(other),
        }
    };
    let mira = json!({"id": "mira@acme.test", "name": "Mira Lund", "is_bot": false});
    assert_eq!(actor(json!("Mira Lund <mira@acme.test>")), mira);
    assert_eq!(actor(json!("Mira Lund")), json!({"id": "Mira Lund", "name": "Mira Lund", "is_bot": false}));
    let object = json!({"id": "d291b0c4-a05c-4ea6-8df1-4b41d5f39eff", "displayName": "Mira Lund", "uniqueName": "x"});
    assert_eq!(actor(object)["id"], "d291b0c4-a05c-4ea6-8df1-4b41d5f39eff");
    let program = json!({"id": "1", "displayName": "Build", "descriptor": "svc.MTEx"});
    assert_eq!(actor(program)["is_bot"], true);
    let nobody = json!({"irrelevant": {"reason": "nobody is named as the one who did it"}});
    assert_eq!(actor(Value::Null), nobody);
    assert_eq!(actor(json!({})), nobody);
}

#[test]
fn a_capitalised_envelope_is_read() {
    let json = changed("workitem_commented", &[]);
    let upper = |key: &str| key[..1].to_uppercase() + &key[1..];
    let object = json.as_object().expect("an object");
    let capitalised: Value =
        object.iter().map(|(key, value)| (upper(key), value.clone())).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(change(&capitalised), change(&json));
    assert!(change(&json)["commented"].is_object());
}

#[test]
fn odd_values_are_exact_or_ignored() {
    let created = |pointer, value| change(&changed("workitem_created", &[(pointer, value)]));
    let updated = |pointer, value| change(&changed("workitem_updated", &[(pointer, value)]));
    let is_unreadable = |change: Value| {
        assert!(change.as_str().is_some_and(|c| c.starts_with("unreadable: a field missing, doubled")), "{change}");
    };
    is_unreadable(created("/resource/id", json!(-1)));
    is_unreadable(created("/resource/id", json!("5")));
    is_unreadable(created("/resource/id", json!(5.5)));
    assert_eq!(created("/resource/id", json!(0)), json!("no work item in the payload"));
    assert_eq!(created("/resource", Value::Null), json!("no resource in the payload"));
    assert_eq!(updated("/resource/workItemId", Value::Null), json!("no work item in the payload"));
    assert_eq!(created("/eventType", json!("build.complete")), json!("the event \"build.complete\""));
    assert_eq!(created("/eventType", json!("workitem.blessed\n")), json!("the event workitem.\"blessed\\n\""));
    for name in ["", "a/b", "..", "a\u{0}", "a?b", "a#7"] {
        let change = created("/resource/fields/System.TeamProject", json!(name));
        assert_eq!(change, json!("no project in the payload"), "{name:?}");
    }
    assert_eq!(created("/resource/fields/System.WorkItemType", json!(7))["opened"]["type_name"], "7");
    let big = changed("workitem_commented", &[("/resource/commentVersionRef", json!({"commentId": u64::MAX}))]);
    assert_eq!(change(&big)["commented"]["comment"], "18446744073709551615");
}

#[test]
fn what_is_not_json_is_ignored_with_a_reason() {
    let recorded = serde_json::to_vec(&live("workitem_created")).expect("JSON");
    let text = String::from_utf8(recorded.clone()).expect("text");
    let check = |json: &[u8], expected: &str| {
        let Decoded::Irrelevant { reason } = decode(json) else { panic!("{expected}") };
        assert!(reason.starts_with(expected), "{expected}: {reason}");
    };
    check(b"", "unreadable: cut short");
    check(&recorded[..recorded.len() / 2], "unreadable: cut short");
    check(&[b"\xef\xbb\xbf", &recorded[..]].concat(), "unreadable: not JSON");
    check(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), "unreadable: not JSON");
    check("[".repeat(2 << 20).as_bytes(), "unreadable: ");
    check(b"null", "unreadable: ");
    check(
        text.replacen('{', "{\"eventType\":\"workitem.deleted\",", 1).as_bytes(),
        "unreadable: a field missing, doubled",
    );
    let nested = format!("{}1{}", "{\"newValue\":".repeat(200), "}".repeat(200));
    check(
        text.replace("\"System.Reason\"", "\"System.Tags\"").replace("\"New defect reported\"", &nested).as_bytes(),
        "unreadable: ",
    );
}

#[test]
fn depth_and_size_in_unread_fields_do_no_harm() {
    let text = live("workitem_created").to_string();
    let expected = decode(text.as_bytes());
    assert!(matches!(expected, Decoded::Event(_)));
    let deep = format!("{{\"x\":{}1e999{},", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(decode(text.replacen('{', &deep, 1).as_bytes()), expected);
    let twice = format!("{{\"x\":1,\"x\":\"{}\",", "y".repeat(1 << 20));
    assert_eq!(decode(text.replacen('{', &twice, 1).as_bytes()), expected);
}

#[test]
fn the_same_event_eight_times_asks_for_the_same() {
    let rules = planwright::trigger::Rules {
        label: "needs plan".to_owned(),
        command: "/plan".to_owned(),
        stories: vec!["Bug".to_owned()],
        projects: Vec::new(),
        switches: planwright::trigger::Switches { label: true, command: true, story: true },
        identity: None,
        marker: "<!-- planwright:".to_owned(),
        labels_on_open: true,
        bots_may_ask: false,
        templates: Vec::new(),
    };
    let key = |json: &Value| {
        let decoded = decode(&serde_json::to_vec(json).expect("JSON"));
        match planwright::trigger::decide(&decoded, &rules) {
            Decision::Run(request) => request.semantic_key,
            Decision::Skip(reason) => panic!("{reason}"),
        }
    };
    let tagged = ("/resource/fields", json!({"System.Tags": {"newValue": "Needs Plan"}}));
    let again = |json: Value| (0..8).map(|_| key(&json)).collect::<std::collections::BTreeSet<_>>();
    let label = again(changed("workitem_updated", std::slice::from_ref(&tagged)));
    assert_eq!(label.into_iter().collect::<Vec<_>>(), ["acme:5|label:needs plan:r2"]);
    let later = changed("workitem_updated", &[tagged, ("/resource/rev", json!(9))]);
    assert_eq!(key(&later), "acme:5|label:needs plan:r9", "the tag taken away and added again asks anew");
    let said = changed("workitem_commented", &[("/resource/fields/System.History", json!("<div>/plan</div>"))]);
    assert_eq!(again(said).len(), 1);
    assert_eq!(key(&live("workitem_created")), "acme:5|story:bug");
}

#[test]
fn adversarial_comments_are_read_quickly() {
    let mut json = live("workitem_commented");
    for piece in ["<", "<div>", "<b", "&nbsp;", "[", "`", "<a href=\"", "planwright-", "</p>", "<li><ul>", "/plan\n"] {
        json["resource"]["fields"]["System.History"] = json!(piece.repeat((2 << 20) / piece.len()));
        let bytes = serde_json::to_vec(&json).expect("JSON");
        let started = std::time::Instant::now();
        assert!(matches!(decode(&bytes), Decoded::Event(_)), "{piece}");
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{piece}: {:?}", started.elapsed());
    }
}

#[test]
fn the_event_must_fit_the_body() {
    let named = |name: &str, event: &str| change(&changed(name, &[("/eventType", json!(event))]));
    assert_eq!(named("workitem_created", "workitem.updated"), json!("no work item in the payload"));
    assert_eq!(named("workitem_created", "workitem.moved"), json!("the event workitem.\"moved\""));
    assert_eq!(named("workitem_commented", "git.push"), json!("the event \"git.push\""));
    let opened = named("workitem_updated", "workitem.created");
    assert!(opened["opened"].is_object(), "an update read as an opening names what the item is: {opened}");
}
