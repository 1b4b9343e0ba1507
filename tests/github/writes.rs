//! Writes: sent once, paced, and with a clear word on whether they can have had an effect (guarantees 38 to 43).

use std::time::{Duration, Instant};

use planwright::{
    model::{CommentId, event::Actor},
    trackers::{Tracker, TrackerError, github::Settings},
};
use serde_json::json;

use super::{
    fake::{Fake, Reply, nobody, rude},
    settings, ticket, tracker,
};

/// Acknowledges the ticket: the smallest write.
async fn write(tracker: &dyn Tracker) -> Result<(), TrackerError> {
    tracker.acknowledge(&ticket(), None).await
}

/// The error of a write against this base.
async fn error(base: &str) -> TrackerError {
    write(&*tracker(settings(base))).await.expect_err("an error")
}

#[tokio::test]
async fn without_a_connection_a_write_had_no_effect() {
    assert!(matches!(error(&nobody().await).await, TrackerError::Unavailable(_)));
    let unknown_host = error("https://no-such-host.invalid").await;
    assert!(matches!(unknown_host, TrackerError::Unavailable(_)), "{unknown_host}");
}

#[tokio::test]
async fn a_failed_tls_handshake_had_no_effect() {
    let base = rude(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.replace("http://", "https://");
    let error = error(&base).await;
    assert!(matches!(error, TrackerError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn once_bytes_were_sent_the_effect_is_unknown() {
    for answer in [&b""[..], b"garbage\r\n\r\n", b"HTTP/1.1 201 Created\r\ncontent-length: 90\r\n\r\n{"] {
        let base = rude(answer).await;
        let error = error(&base).await;
        assert!(matches!(error, TrackerError::Unknown(_)), "{error}");
    }
    for status in [500, 502, 503, 504] {
        let fake = Fake::start(move |_| Reply::error(status, "applied all the same")).await;
        assert!(matches!(error(&fake.base).await, TrackerError::Unknown(_)));
        assert_eq!(fake.lines(), ["POST /repos/acme/shop/issues/7/reactions"], "sent once");
    }
}

#[tokio::test]
async fn no_answer_before_the_deadline_is_unknown_too() {
    let fake = Fake::start(|_| Reply::never()).await;
    let tracker = tracker(Settings { request_deadline: Duration::from_millis(300), ..settings(&fake.base) });
    let error = write(&*tracker).await.expect_err("an error");
    assert_eq!(error.to_string(), "effect unknown: no answer in time");
    assert_eq!(fake.lines().len(), 1, "sent once");
}

#[tokio::test]
async fn refusals_say_why() {
    let check = async |status: u16, message: &'static str, expected: &str| {
        let fake = Fake::start(move |_| Reply::error(status, message)).await;
        assert_eq!(error(&fake.base).await.to_string(), expected);
    };
    check(403, "Unable to create comment because issue is locked.", "the ticket is locked").await;
    check(404, "Not Found", "not found: 404 Not Found").await;
    check(410, "This issue was deleted", "not found: 410 This issue was deleted").await;
    check(422, "Validation Failed", "refused: 422 Validation Failed").await;
    check(401, "Bad credentials", "credentials refused: 401 Bad credentials").await;
}

#[tokio::test]
async fn a_rate_limit_pauses_this_connection_only() {
    let fake = Fake::start(|seen| match seen.authorization.as_str() {
        "Bearer token-1" => Reply::error(403, "You have exceeded a secondary rate limit."),
        _ => Reply::json(200, json!({ "login": "x" })),
    })
    .await;
    let limited = tracker(settings(&fake.base));
    let free =
        tracker(Settings { auth: planwright::trackers::github::Auth::Token("token-2".into()), ..settings(&fake.base) });
    let first = write(&*limited).await.expect_err("an error");
    assert!(matches!(first, TrackerError::RateLimited(wait) if wait == Duration::from_secs(60)), "{first}");
    for _ in 0..3 {
        let next = write(&*limited).await.expect_err("an error");
        assert!(matches!(next, TrackerError::RateLimited(wait) if wait.as_secs() >= 55), "{next}");
        assert!(matches!(limited.identity().await, Err(TrackerError::RateLimited(_))));
    }
    assert_eq!(fake.lines().len(), 1, "a paused connection is silent");
    write(&*free).await.expect("another connection goes on");
}

#[tokio::test]
async fn the_wait_is_the_one_that_github_names() {
    let check = async |reply: fn() -> Reply, seconds: u64| {
        let fake = Fake::start(move |_| reply()).await;
        let error = error(&fake.base).await;
        assert!(matches!(error, TrackerError::RateLimited(wait) if wait.as_secs() == seconds), "{error}");
    };
    check(|| Reply::error(429, "").with("retry-after", "17"), 17).await;
    check(
        || {
            Reply::error(403, "API rate limit exceeded")
                .with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", "1795215690")
                .with("date", "Fri, 20 Nov 2026 23:00:00 GMT")
        },
        90,
    )
    .await;
}

#[tokio::test]
async fn writes_go_one_after_another_and_a_gap_apart() {
    let gap = Duration::from_millis(120);
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(Settings { write_gap: gap, ..settings(&fake.base) });
    let start = Instant::now();
    let all = (0..4).map(|_| write(&*tracker));
    for outcome in futures::future::join_all(all).await {
        outcome.expect("a write");
    }
    assert!(start.elapsed() >= gap * 3, "{:?}", start.elapsed());
    assert_eq!((fake.lines().len(), fake.most_at_once()), (4, 1));
}

#[tokio::test]
async fn without_a_gap_writes_still_go_one_after_another() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(settings(&fake.base));
    let outcomes = futures::future::join_all((0..20).map(|_| write(&*tracker))).await;
    assert!(outcomes.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!((fake.lines().len(), fake.most_at_once()), (20, 1));
}

#[tokio::test]
async fn reads_go_side_by_side() {
    let fake = Fake::start(|_| Reply::json(200, json!({ "permission": "read" }))).await;
    let tracker = tracker(settings(&fake.base));
    let actor = Actor { id: "mira".to_owned(), name: "mira".to_owned(), is_bot: false };
    let id = ticket();
    let outcomes = futures::future::join_all((0..60).map(|_| tracker.permission(&id, &actor))).await;
    assert!(outcomes.into_iter().all(|outcome| outcome.is_ok()));
    assert!((2..=16).contains(&fake.most_at_once()), "{}", fake.most_at_once());
}

#[tokio::test]
async fn a_queue_longer_than_patience_gives_the_lease_back() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(Settings { write_gap: Duration::from_secs(600), ..settings(&fake.base) });
    write(&*tracker).await.expect("the first write");
    let second = write(&*tracker).await.expect_err("an error");
    assert!(matches!(second, TrackerError::RateLimited(wait) if wait.as_secs() > 590), "{second}");
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn eyes_go_on_the_comment_or_the_issue() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(settings(&fake.base));
    tracker.acknowledge(&ticket(), None).await.expect("eyes");
    tracker.acknowledge(&ticket(), Some(&CommentId::new("41"))).await.expect("eyes");
    assert_eq!(
        fake.lines(),
        ["POST /repos/acme/shop/issues/7/reactions", "POST /repos/acme/shop/issues/comments/41/reactions"]
    );
    assert!(fake.seen().iter().all(|seen| seen.body == json!({ "content": "eyes" })));
}

#[tokio::test]
async fn removing_what_is_gone_is_no_error() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "DELETE /repos/acme/shop/issues/comments/41" => Reply::json(204, json!(null)),
        _ => Reply::error(404, "Not Found"),
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    for id in ["41", "42"] {
        tracker.remove(&ticket(), &CommentId::new(id)).await.expect("no comment");
    }
    let odd = tracker.remove(&ticket(), &CommentId::new("1/../../7")).await;
    assert!(matches!(odd, Err(TrackerError::Gone(_))));
    assert_eq!(fake.lines().len(), 2);
}

#[tokio::test]
async fn own_comments_are_found_on_every_page_by_author_alone() {
    let fake = Fake::start(|seen| {
        let comment = |id: u64, login: &str| json!({ "id": id, "user": { "login": login }, "body": format!("b{id}") });
        match seen.line.trim_start_matches("GET /repos/acme/shop/issues/7/comments?per_page=100&since=") {
            "GET /user" => Reply::json(200, json!({ "login": "plan-bot" })),
            "2026-11-20T23:00:00Z" => Reply::json(200, json!([comment(1, "plan-bot"), comment(2, "mira-lund")]))
                .with("link", r#"<http://x/?per_page=100&since=S&page=2>; rel="next""#),
            "S&page=2" => Reply::json(200, json!([comment(3, "Plan-Bot"), { "id": 4, "user": null, "body": null }])),
            other => Reply::error(500, other),
        }
    })
    .await;
    let own = tracker(settings(&fake.base)).own_comments(&ticket(), 1_795_215_600_999).await.expect("comments");
    let own: Vec<_> = own.into_iter().map(|c| (c.id.as_str().to_owned(), c.url.unwrap_or_default(), c.body)).collect();
    let url = |id| format!("https://git.acme.test/acme/shop/issues/7#issuecomment-{id}");
    assert_eq!(own, [("1".to_owned(), url(1), "b1".to_owned()), ("3".to_owned(), url(3), "b3".to_owned())]);
}

#[tokio::test]
async fn a_list_of_own_comments_that_never_ends_is_an_error() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /user" => Reply::json(200, json!({ "login": "plan-bot" })),
        _ => Reply::json(200, json!([])).with("link", r#"<http://x/?page=2>; rel="next""#),
    })
    .await;
    let error = tracker(settings(&fake.base)).own_comments(&ticket(), 0).await.expect_err("an error");
    assert!(matches!(error, TrackerError::Unavailable(_)), "an incomplete list proves nothing: {error}");
}
