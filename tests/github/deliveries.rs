//! The sweep for deliveries that did not reach us.

use planwright::trackers::{MissedDelivery, TrackerError, github::Settings};
use serde_json::{Value, json};

use super::{
    app,
    fake::{Fake, Reply},
    settings, tracker,
};

/// 2026-11-20 23:00 UTC, in milliseconds.
const SINCE: i64 = 1_795_215_600_000;

/// An attempt at so many minutes past 23:00 (before it, for negative ones).
fn attempt(id: u64, guid: &str, minutes: i64, status: u16, event: &str) -> Value {
    let at = jiff::Timestamp::from_millisecond(SINCE + minutes * 60_000).expect("a time");
    json!({ "id": id, "guid": guid, "delivered_at": at.to_string(), "redelivery": false, "duration": 0.1,
        "status": "x", "status_code": status, "event": event, "action": null })
}

/// `handle guid hook` of each.
fn shown(missed: &[MissedDelivery]) -> Vec<String> {
    let show = |m: &MissedDelivery| format!("{} {} {}", m.handle, m.guid, m.hook.as_deref().unwrap_or("-"));
    missed.iter().map(show).collect()
}

#[tokio::test]
async fn an_app_finds_what_failed_and_was_not_repaired() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /app/hook/deliveries?per_page=100" => Reply::json(
            200,
            json!([
                attempt(90, "repaired", 50, 202, "issues"),
                attempt(80, "twice", 45, 502, "issue_comment"),
                attempt(70, "repaired", 40, 503, "issues"),
                attempt(60, "other event", 35, 500, "push"),
            ]),
        )
        .with("link", r#"<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_60>; rel="next""#),
        "GET /app/hook/deliveries?per_page=100&cursor=v1_60" => Reply::json(
            200,
            json!([
                attempt(50, "twice", 30, 0, "issue_comment"),
                attempt(40, "fine", 20, 200, "issues"),
                attempt(30, "unreached", 10, 0, "issues"),
                attempt(20, "too old", -1, 500, "issues"),
            ]),
        )
        .with("link", r#"<https://api.github.com/app/hook/deliveries?cursor=v1_20>; rel="next""#),
        other => panic!("{other}"),
    })
    .await;
    let tracker = tracker(Settings { auth: app(), ..settings(&fake.base) });
    let missed = tracker.missed_deliveries(SINCE).await.expect("a list");
    assert_eq!(shown(&missed), ["30 unreached -", "80 twice -"]);
}

#[tokio::test]
async fn what_failed_many_times_is_left_to_people() {
    let fake = Fake::start(|_| {
        let attempts = |guid: &'static str, count| (0..count).map(move |n| attempt(n, guid, 9, 500, "issues"));
        Reply::json(200, attempts("poison", 5).chain(attempts("unlucky", 4)).collect())
    })
    .await;
    let tracker = tracker(Settings { auth: app(), ..settings(&fake.base) });
    assert_eq!(shown(&tracker.missed_deliveries(SINCE).await.expect("a list")), ["0 unlucky -"]);
}

#[tokio::test]
async fn a_token_looks_at_our_webhooks_of_the_configured_repositories() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /repos/acme/shop/hooks?per_page=100" => Reply::json(
            200,
            json!([
                { "id": 1, "config": { "url": "https://bot.acme.test/hooks/acme" } },
                { "id": 2, "config": { "url": "https://bot.acme.test/hooks/other" } },
                { "id": 3, "config": { "url": "https://evil.test/?x=/hooks/acme" } },
                { "id": 4, "config": {} },
            ]),
        ),
        "GET /repos/acme/shop/hooks/1/deliveries?per_page=100" => {
            Reply::json(200, json!([attempt(30, "missed", 10, 502, "issues")]))
        }
        other => panic!("{other}"),
    })
    .await;
    let tracker = tracker(Settings { sweep_repositories: vec!["acme/shop".to_owned()], ..settings(&fake.base) });
    let missed = tracker.missed_deliveries(SINCE).await.expect("a list");
    assert_eq!(shown(&missed), ["30 missed /repos/acme/shop/hooks/1"]);
}

#[tokio::test]
async fn a_token_looks_at_our_webhooks_of_the_configured_organisations() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /orgs/acme/hooks?per_page=100" => Reply::json(
            200,
            json!([
                { "id": 5, "config": { "url": "https://bot.acme.test/hooks/acme" } },
                { "id": 6, "config": { "url": "https://bot.acme.test/hooks/other" } },
            ]),
        ),
        "GET /orgs/acme/hooks/5/deliveries?per_page=100" => {
            Reply::json(200, json!([attempt(30, "missed", 10, 502, "issues"), attempt(31, "fine", 9, 200, "issues")]))
        }
        "POST /orgs/acme/hooks/5/deliveries/30/attempts" => Reply::json(202, json!({})),
        other => panic!("{other}"),
    })
    .await;
    let tracker = tracker(Settings { sweep_organisations: vec!["acme".to_owned()], ..settings(&fake.base) });
    let missed = tracker.missed_deliveries(SINCE).await.expect("a list");
    assert_eq!(shown(&missed), ["30 missed /orgs/acme/hooks/5"]);
    tracker.redeliver(&missed[0]).await.expect("accepted");
    let odd = MissedDelivery { hook: Some("/orgs/../user/hooks/5".to_owned()), ..missed[0].clone() };
    assert!(matches!(tracker.redeliver(&odd).await, Err(TrackerError::Refused(_))));
}

#[tokio::test]
async fn a_token_without_repositories_sweeps_nothing() {
    let fake = Fake::start(|seen| panic!("{}", seen.line)).await;
    assert_eq!(tracker(settings(&fake.base)).missed_deliveries(0).await.expect("a list"), Vec::new());
}

#[tokio::test]
async fn redelivery_names_the_attempt() {
    let fake = Fake::start(|_| Reply::json(202, json!({}))).await;
    let missed = |handle: &str, hook: Option<&str>| MissedDelivery {
        handle: handle.to_owned(),
        guid: "g".to_owned(),
        hook: hook.map(str::to_owned),
    };
    let of_app = tracker(Settings { auth: app(), ..settings(&fake.base) });
    of_app.redeliver(&missed("30", None)).await.expect("accepted");
    let of_token = tracker(settings(&fake.base));
    of_token.redeliver(&missed("31", Some("/repos/acme/shop/hooks/1"))).await.expect("accepted");
    for (handle, hook) in
        [("x", None), ("1", Some("/repos/acme/shop")), ("1", Some("/user")), ("1", Some("/repos/a/b/hooks/1/x"))]
    {
        let odd = of_token.redeliver(&missed(handle, hook)).await;
        assert!(matches!(odd, Err(TrackerError::Refused(_))), "{handle} {hook:?}");
    }
    assert_eq!(
        fake.lines(),
        ["POST /app/hook/deliveries/30/attempts", "POST /repos/acme/shop/hooks/1/deliveries/31/attempts"]
    );
}
