//! Who may ask: the effective rights in the work item's area decide, and what cannot be told is denied (guarantee 58).

use planwright::{model::event::Actor, trackers::Permission};
use serde_json::{Value, json};

use super::{MIRA, script::answer, settings, ticket, tracker};
use crate::github::fake::{Fake, Reply};

const DESCRIPTOR: &str = "Microsoft.IdentityModel.Claims.ClaimsIdentity;11111111\\mira@acme.test";
const AREAS: &str = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3";
const SHOP: &str = "vstfs:///Classification/Node/a0";
const WEB: &str = "vstfs:///Classification/Node/a0:vstfs:///Classification/Node/a1";

/// Access lists by token.
type Lists = &'static [(&'static str, fn() -> Value)];

/// Somebody.
fn actor(id: &str) -> Actor {
    Actor { id: id.to_owned(), name: id.to_owned(), is_bot: false }
}

/// An access list with these effective rights for Mira.
fn list(allow: i64, deny: i64) -> Value {
    let extended = json!({ "effectiveAllow": allow, "effectiveDeny": deny, "inheritedAllow": allow });
    json!({ "inheritPermissions": true, "token": "x",
        "acesDictionary": { DESCRIPTOR: { "descriptor": DESCRIPTOR, "allow": 0, "deny": 0, "extendedInfo": extended } } })
}

/// The permission where the areas' own lists are these, by token.
async fn permission(who: &Actor, people: Value, lists: Lists) -> (Permission, Vec<String>) {
    let fake = Fake::start(move |seen| {
        let url: axum::http::Uri = seen.line.split_once(' ').expect("a line").1.parse().expect("an address");
        let query: std::collections::HashMap<_, _> =
            url::form_urlencoded::parse(url.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let areas = "/Acme%20Shop/_apis/wit/classificationnodes/Areas";
        match url.path() {
            "/_apis/identities" => Reply::json(200, json!({ "count": 1, "value": people })),
            path if path == areas => Reply::json(200, json!({ "id": 1, "identifier": "a0", "name": "Acme Shop" })),
            path if path == format!("{areas}/Web") => Reply::json(200, json!({ "identifier": "a1" })),
            path if path == format!("{areas}/Web/Cart") => Reply::json(200, json!({ "identifier": "a2" })),
            path if path == format!("/_apis/accesscontrollists/{AREAS}") => {
                assert_eq!(query["includeExtendedInfo"], "true");
                assert_eq!(query["descriptors"], DESCRIPTOR);
                let own = lists.iter().filter(|(token, _)| *token == query["token"]).map(|(_, list)| list());
                Reply::json(200, json!({ "value": own.collect::<Vec<_>>() }))
            }
            _ => answer(seen),
        }
    })
    .await;
    let permission = tracker(settings(&fake.base)).permission(&ticket(), who).await.expect("an answer");
    (permission, fake.lines())
}

/// Mira as the identities show her.
fn mira() -> Value {
    json!([{ "id": MIRA, "descriptor": DESCRIPTOR, "isActive": true, "isContainer": false }])
}

#[tokio::test]
async fn the_rights_in_the_area_decide() {
    let check = async |lists: Lists, expected: Permission| {
        assert_eq!(permission(&actor(MIRA), mira(), lists).await.0, expected);
    };
    check(&[(SHOP, || list(1 + 16 + 32, 0))], Permission::Write).await;
    check(&[(SHOP, || list(1 + 2 + 16 + 32, 0))], Permission::Admin).await;
    check(&[(SHOP, || list(1 + 16 + 512, 0))], Permission::Read).await;
    check(&[(SHOP, || list(1 + 16 + 32, 32))], Permission::Read).await;
    check(&[(SHOP, || list(1, 0))], Permission::None).await;
    check(&[(SHOP, || list(0, 0))], Permission::None).await;
    check(&[(WEB, || list(1 + 16, 0)), (SHOP, || list(1 + 16 + 32, 0))], Permission::Read).await;
    check(&[], Permission::None).await;
    check(&[(SHOP, || json!({ "acesDictionary": {} }))], Permission::None).await;
    check(
        &[(SHOP, || json!({ "acesDictionary": { "other": { "extendedInfo": { "effectiveAllow": 63 } } } }))],
        Permission::None,
    )
    .await;
    check(&[(SHOP, || json!({ "acesDictionary": { DESCRIPTOR: { "allow": 63 } } }))], Permission::None).await;
}

#[tokio::test]
async fn who_is_not_one_known_person_may_nothing() {
    let all: Lists = &[(SHOP, || list(63, 0))];
    let check = async |id: &str, people: Value, expected: Permission| {
        assert_eq!(permission(&actor(id), people, all).await.0, expected, "{id}");
    };
    check(MIRA, mira(), Permission::Admin).await;
    check("mira@acme.test", mira(), Permission::Admin).await;
    check(r"ACME\mira", mira(), Permission::Admin).await;
    check("mira@acme.test", json!([mira()[0], mira()[0]]), Permission::None).await;
    check(MIRA, json!([null]), Permission::None).await;
    check(MIRA, json!([]), Permission::None).await;
    let with = |key: &str, value: Value| {
        let mut people = mira();
        people[0][key] = value;
        people
    };
    check(MIRA, with("isActive", json!(false)), Permission::None).await;
    check(MIRA, with("isContainer", json!(true)), Permission::None).await;
    check(MIRA, with("descriptor", json!("")), Permission::None).await;
}

#[tokio::test]
async fn a_bare_name_is_not_asked_for() {
    let all: Lists = &[(SHOP, || list(63, 0))];
    for id in ["", "Mira Lund", "../connectionData"] {
        let (permission, lines) = permission(&actor(id), mira(), all).await;
        assert_eq!(permission, Permission::None);
        assert!(!lines.iter().any(|line| line.contains("identities")), "{lines:?}");
    }
    let (_, lines) = permission(&actor("a@b&queryMembership=Expanded"), json!([]), all).await;
    assert!(lines.iter().any(|line| line.contains("filterValue=a%40b%26queryMembership%3DExpanded&")), "{lines:?}");
}
