//! Writes: sent once, with the marker beside the body, and a clear word on whether they can have had an effect
//! (guarantees 38 to 43).

use std::time::{Duration, Instant};

use planwright::{
    model::{CommentId, ConnectionName, OperationId, TicketKey, publication::Rendered},
    publish::{Encoder, Hosts, MarkerKey, marker},
    richtext::markdown,
    trackers::{Tracker, TrackerError, jira::Settings},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Fake, Reply, data_center,
    reads::{adf, local, user},
    settings, ticket, tracker,
};
use crate::github::fake::{nobody, rude};

/// The key of the markers.
fn key() -> MarkerKey {
    MarkerKey::derive(b"a secret").expect("a key")
}

/// The operation with this number.
fn operation(number: u128) -> OperationId {
    OperationId(Uuid::from_u128(number))
}

/// The ticket's key.
fn ticket_key() -> TicketKey {
    TicketKey::new(ConnectionName::new("acme"), ticket())
}

/// A body for this tracker.
fn body(tracker: &dyn Tracker, text: &str) -> Rendered {
    let encoder = Encoder::new(tracker.profile().clone(), key(), Hosts::Any).expect("a writer");
    encoder.encode(&markdown::parse(text), &ticket_key(), operation(7), None)
}

/// Posts to this base.
async fn post(settings: Settings) -> Result<CommentId, TrackerError> {
    let tracker = tracker(settings);
    let body = body(&*tracker, "A plan.");
    tracker.post(&ticket(), &body).await.map(|posted| posted.id)
}

/// The error of a post to this base.
async fn error(base: &str) -> TrackerError {
    post(settings(base)).await.expect_err("an error")
}

/// A Jira that answers writes like this and knows the key.
async fn answering(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Fake {
    Fake::start(move |seen| match seen.line.starts_with("GET") {
        true => Reply::json(200, json!({ "key": "SHOP-7" })),
        false => reply(),
    })
    .await
}

/// The lines of writes.
fn writes(fake: &Fake) -> Vec<String> {
    fake.lines().into_iter().filter(|line| !line.starts_with("GET")).collect()
}

#[tokio::test]
async fn a_comment_is_a_document_with_its_marker_and_internal_on_service_desks() {
    let fake = answering(|| Reply::json(201, json!({ "id": "41", "self": "https://evil.test/" }))).await;
    let tracker = tracker(settings(&fake.base));
    let body = body(&*tracker, "A **plan**.");
    let posted = tracker.post(&ticket(), &body).await.expect("a comment");
    assert_eq!(posted.id.as_str(), "41");
    assert_eq!(posted.url.as_deref(), Some("https://acme.atlassian.net/browse/SHOP-7?focusedCommentId=41#comment-41"));
    assert_eq!(marker::find(&posted.body, &ticket_key(), &key()), Some(operation(7)));
    let sent = fake.seen().pop().expect("a request");
    assert_eq!(sent.line, "POST /rest/api/3/issue/10040/comment");
    assert_eq!(sent.body["body"]["type"], "doc");
    assert!(!sent.body["body"].to_string().contains("planwright:"), "the marker does not show");
    let properties = json!([
        { "key": "planwright", "value": { "marker": body.marker() } },
        { "key": "sd.public.comment", "value": { "internal": true } },
    ]);
    assert_eq!(sent.body["properties"], properties);
}

#[tokio::test]
async fn customers_may_be_answered() {
    let fake = answering(|| Reply::json(201, json!({ "id": "41" }))).await;
    post(Settings { is_public: true, ..settings(&fake.base) }).await.expect("a comment");
    let properties = fake.seen().pop().expect("a request").body["properties"].clone();
    assert_eq!(properties.as_array().map(Vec::len), Some(1), "{properties}");
}

#[tokio::test]
async fn a_data_center_is_sent_wiki_markup() {
    let fake = answering(|| Reply::json(201, json!({ "id": "41" }))).await;
    let id = post(data_center(&fake.base)).await.expect("a comment");
    let sent = fake.seen().pop().expect("a request");
    assert_eq!((id.as_str(), sent.line.as_str()), ("41", "POST /jira/rest/api/2/issue/10040/comment"));
    assert!(sent.body["body"].as_str().is_some_and(|text| text.contains("A plan")), "{}", sent.body);
    assert_eq!(sent.body["properties"][0]["key"], "planwright");
}

#[tokio::test]
async fn an_update_replaces_body_and_marker() {
    let fake = answering(|| Reply::json(200, json!({ "id": "41" }))).await;
    let tracker = tracker(settings(&fake.base));
    let body = body(&*tracker, "New.");
    let posted = tracker.update(&ticket(), &CommentId::new("41"), &body).await.expect("a comment");
    assert_eq!(marker::find(&posted.body, &ticket_key(), &key()), Some(operation(7)));
    let sent = fake.seen().pop().expect("a request");
    assert_eq!(sent.line, "PUT /rest/api/3/issue/10040/comment/41");
    assert_eq!(sent.body["properties"][0]["value"]["marker"], body.marker());
    let odd = tracker.update(&ticket(), &CommentId::new("1/../../7"), &body).await;
    assert!(matches!(odd, Err(TrackerError::Gone(_))));
    assert_eq!(writes(&fake).len(), 1);
}

#[tokio::test]
async fn a_key_that_is_not_told_does_not_hold_up_a_post() {
    let fake = Fake::start(|seen| match seen.line.starts_with("GET") {
        true => Reply::never(),
        false => Reply::json(201, json!({ "id": "41" })),
    })
    .await;
    let tracker = tracker(Settings { request_deadline: Duration::from_millis(800), ..settings(&fake.base) });
    let start = Instant::now();
    let posted = tracker.post(&ticket(), &body(&*tracker, "A plan.")).await.expect("a comment");
    assert_eq!((posted.id.as_str(), posted.url), ("41", None));
    assert!(start.elapsed() < Duration::from_millis(800), "key and post together stay within the deadline");
}

#[tokio::test]
async fn without_a_connection_a_write_had_no_effect() {
    assert!(matches!(error(&nobody().await).await, TrackerError::Unavailable(_)));
}

#[tokio::test]
async fn once_bytes_were_sent_the_effect_is_unknown() {
    for answer in [&b""[..], b"garbage\r\n\r\n", b"HTTP/1.1 201 Created\r\ncontent-length: 90\r\n\r\n{"] {
        let base = rude(answer).await;
        let error = error(&base).await;
        assert!(matches!(error, TrackerError::Unknown(_)), "{error}");
    }
    for status in [500, 502, 503, 504] {
        let fake = answering(move || Reply::json(status, json!({ "errorMessages": ["applied all the same"] }))).await;
        assert!(matches!(error(&fake.base).await, TrackerError::Unknown(_)));
        assert_eq!(writes(&fake), ["POST /rest/api/3/issue/10040/comment"], "sent once");
    }
    for odd in [json!({}), json!({ "id": 41 }), json!({ "id": "x" }), json!([])] {
        let fake = answering(move || Reply::json(201, odd.clone())).await;
        assert!(matches!(error(&fake.base).await, TrackerError::Unknown(_)), "an answer that does not read");
    }
}

#[tokio::test]
async fn no_answer_before_the_deadline_is_unknown_too() {
    let fake = answering(Reply::never).await;
    let impatient = Settings { request_deadline: Duration::from_millis(400), ..settings(&fake.base) };
    let error = post(impatient).await.expect_err("an error");
    assert_eq!(error.to_string(), "effect unknown: no answer in time");
    assert_eq!(writes(&fake).len(), 1, "sent once");
}

#[tokio::test]
async fn refusals_say_why() {
    let check = async |status: u16, body: Value, expected: &str| {
        let fake = answering(move || Reply::json(status, body.clone())).await;
        assert_eq!(error(&fake.base).await.to_string(), expected);
    };
    let long = json!({ "errorMessages": [], "errors": { "comment": "The entered text is too long." } });
    check(400, long, "refused: 400 comment: The entered text is too long.").await;
    check(
        401,
        json!({ "message": "Client must be authenticated" }),
        "credentials refused: 401 Client must be authenticated",
    )
    .await;
    check(403, json!("no"), "credentials refused: 403 \"no\"").await;
    check(404, json!({ "errorMessages": ["Issue does not exist"] }), "not found: 404 Issue does not exist").await;
    check(413, json!({}), "refused: 413 ").await;
}

#[tokio::test]
async fn a_rate_limit_pauses_this_connection_only() {
    let fake = answering(|| Reply::json(429, json!({})).with("retry-after", "30")).await;
    let limited = tracker(settings(&fake.base));
    let free = tracker(data_center(&fake.base));
    let text = body(&*limited, "A plan.");
    let first = limited.post(&ticket(), &text).await.expect_err("an error");
    assert!(matches!(first, TrackerError::RateLimited(wait) if wait.as_secs() == 30), "{first}");
    assert!(matches!(limited.identity().await, Err(TrackerError::RateLimited(_))));
    let asked = fake.lines().len();
    assert!(matches!(limited.post(&ticket(), &text).await, Err(TrackerError::RateLimited(_))));
    assert_eq!(fake.lines().len(), asked, "a paused connection is silent");
    assert!(matches!(free.ticket(&ticket()).await, Err(error) if !matches!(error, TrackerError::RateLimited(_))));
}

#[tokio::test]
async fn the_wait_is_the_one_that_jira_names() {
    let check = async |reply: fn() -> Reply, seconds: u64| {
        let fake = answering(reply).await;
        let error = error(&fake.base).await;
        assert!(matches!(error, TrackerError::RateLimited(wait) if wait.as_secs() == seconds), "{error}");
    };
    check(|| Reply::json(429, json!({})).with("retry-after", "17"), 17).await;
    check(|| Reply::json(503, json!({})).with("retry-after", "7").with("ratelimit-reason", "jira-burst-based"), 7)
        .await;
    check(|| Reply::json(429, json!({})), 60).await;
    let reset = || {
        Reply::json(429, json!({}))
            .with("ratelimit-reason", "jira-quota-tenant-based")
            .with("x-ratelimit-reset", "2026-11-20T23:01:30Z")
            .with("date", "Fri, 20 Nov 2026 23:00:00 GMT")
    };
    check(reset, 90).await;
}

#[tokio::test]
async fn removing_what_is_gone_is_no_error() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "DELETE /rest/api/3/issue/10040/comment/41" => Reply::json(204, json!(null)),
        _ => Reply::json(404, json!({})),
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    for id in ["41", "42"] {
        tracker.remove(&ticket(), &CommentId::new(id)).await.expect("no comment");
    }
    assert!(matches!(tracker.remove(&ticket(), &CommentId::new("1/../../7")).await, Err(TrackerError::Gone(_))));
    assert_eq!(fake.lines().len(), 2);
}

/// A comment that changed at this minute of the hour before ours.
fn comment(id: u64, author: Value, minute: u64, properties: Option<Value>) -> Value {
    let mut comment = json!({ "id": id.to_string(), "author": author, "body": adf("x"),
        "created": "2026-11-19T10:00:00.000+0000", "updated": format!("2026-11-20T22:{minute:02}:00.000+0000") });
    if let Some(properties) = properties {
        comment["properties"] = properties;
    }
    comment
}

#[tokio::test]
async fn own_comments_are_found_on_every_page_by_author_and_carry_their_markers() {
    let mark =
        |text: &str| Some(json!([{ "key": "x", "value": 1 }, { "key": "planwright", "value": { "marker": text } }]));
    let fake = Fake::start(move |seen| {
        let start = seen.line.split_once("comment?orderBy=created&expand=properties&startAt=");
        let page = |comments: Value| Reply::json(200, json!({ "comments": comments, "total": 6 }));
        match start.map(|(_, start)| start) {
            Some("0&maxResults=100") => page(json!([
                comment(1, user("bot"), 10, mark("too old")),
                comment(2, user("mira"), 40, mark("forged")),
                comment(3, user("BOT"), 40, mark("third")),
            ])),
            Some("3&maxResults=100") => page(json!([
                comment(4, user("bot"), 30, Some(json!([]))),
                comment(5, user("bot"), 50, None),
                comment(6, user("bot"), 50, None),
            ])),
            _ => match seen.line.as_str() {
                "GET /rest/api/3/myself" => Reply::json(200, user("bot")),
                "GET /rest/api/3/issue/10040?fields=project" => Reply::json(200, json!({ "key": "SHOP-7" })),
                "GET /rest/api/3/comment/5/properties/planwright" => {
                    Reply::json(200, json!({ "key": "planwright", "value": { "marker": "fifth" } }))
                }
                _ => Reply::json(404, json!({})),
            },
        }
    })
    .await;
    // 2026-11-20 22:30:00 UTC.
    let own = tracker(settings(&fake.base)).own_comments(&ticket(), 1_795_213_800_000).await.expect("comments");
    let found: Vec<_> = own.iter().map(|c| (c.id.as_str(), c.body.as_str())).collect();
    assert_eq!(found, [("3", "third"), ("4", ""), ("5", "fifth"), ("6", "")]);
    assert_eq!(own[0].url.as_deref(), Some("https://acme.atlassian.net/browse/SHOP-7?focusedCommentId=3#comment-3"));
}

#[tokio::test]
async fn a_list_of_own_comments_that_does_not_end_or_read_is_an_error() {
    let endless = Fake::start(|seen| match seen.line.ends_with("/myself") {
        true => Reply::json(200, local("bot")),
        false => Reply::json(200, json!({ "comments": [comment(1, local("mira"), 0, None)] })),
    })
    .await;
    let error = tracker(data_center(&endless.base)).own_comments(&ticket(), 0).await.expect_err("an error");
    assert!(matches!(error, TrackerError::Unavailable(_)), "an incomplete list proves nothing: {error}");
    let broken = Fake::start(|seen| match seen.line.as_str() {
        line if line.ends_with("/myself") => Reply::json(200, user("bot")),
        line if line.contains("/properties/") => Reply::json(500, json!({})),
        _ => Reply::json(200, json!({ "comments": [comment(1, user("bot"), 0, None)], "total": 1 })),
    })
    .await;
    let error = tracker(settings(&broken.base)).own_comments(&ticket(), 0).await.expect_err("an error");
    assert!(matches!(error, TrackerError::Unavailable(_)), "a marker that does not read proves nothing: {error}");
}
