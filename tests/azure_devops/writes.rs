//! Writes: a compare-and-set, sent once a revision, with a clear word on whether they can have had an effect
//! (guarantees 38 to 43).

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use planwright::{
    model::{CommentId, ConnectionName, OperationId, TicketKey, publication::Rendered},
    publish::{Encoder, Hosts, MarkerKey, marker},
    richtext::markdown,
    trackers::{
        Tracker, TrackerError,
        azure_devops::{ApiVersion, Flavor, Settings},
    },
};
use serde_json::{Value, json};

use super::{
    script::{answer, bot, comment, item, mira},
    settings, ticket, tracker,
};
use crate::github::fake::{Fake, Reply, Seen};

/// The key of the connection's markers.
fn key() -> MarkerKey {
    MarkerKey::derive(b"a secret").expect("a key")
}

/// The ticket's key.
fn ticket_key() -> TicketKey {
    TicketKey::new(ConnectionName::new("acme"), ticket())
}

/// A body for a tracker, under the first operation.
fn rendered(tracker: &dyn Tracker, text: &str) -> Rendered {
    let encoder = Encoder::new(tracker.profile().clone(), key(), Hosts::Any).expect("a writer");
    encoder.encode(&markdown::parse(text), &ticket_key(), OperationId(uuid::Uuid::from_u128(1)), None)
}

/// Newest comments; none by default.
fn is_newest(seen: &Seen) -> bool {
    seen.line.starts_with("GET /Acme%20Shop/_apis/wit/workItems/7/comments?") && seen.line.contains("order=desc")
}

/// The script of writes that go well; the new comment is 41.
fn writes(seen: &Seen) -> Reply {
    let line = seen.line.as_str();
    if is_newest(seen) {
        Reply::json(200, json!({ "comments": [] }))
    } else if line.starts_with("PATCH /_apis/wit/workitems/7?") {
        let mut item = item();
        item["rev"] = json!(5);
        item["commentVersionRef"] = json!({ "commentId": 41, "version": 1 });
        Reply::json(200, item)
    } else if line.starts_with("PATCH /Acme%20Shop/_apis/wit/workItems/7/comments/41?") {
        Reply::json(200, comment(41, bot(), "New."))
    } else {
        answer(seen)
    }
}

/// The changes that were sent.
fn patches(fake: &Fake) -> Vec<Value> {
    let seen = fake.seen().into_iter().filter(|seen| seen.line.starts_with("PATCH /_apis/wit/workitems/7?"));
    seen.map(|seen| seen.body).collect()
}

#[tokio::test]
async fn a_comment_is_a_change_that_holds_for_one_revision_only() {
    let fake = Fake::start(writes).await;
    let tracker = tracker(settings(&fake.base));
    let posted = tracker.post(&ticket(), &rendered(&*tracker, "A **plan**.")).await.expect("a comment");
    assert_eq!(posted.id.as_str(), "41");
    assert_eq!(posted.url.as_deref(), Some("https://dev.azure.com/acme/Acme%20Shop/_workitems/edit/7#41"));
    let operation = marker::find(&posted.body, &ticket_key(), &key());
    assert_eq!(operation, Some(OperationId(uuid::Uuid::from_u128(1))), "{}", posted.body);
    let patch = patches(&fake).remove(0);
    assert_eq!(patch[0], json!({ "op": "test", "path": "/rev", "value": 4 }));
    assert_eq!((&patch[1]["op"], &patch[1]["path"]), (&json!("add"), &json!("/fields/System.History")));
    assert_eq!(patch[1]["value"]["format"], "Markdown");
    let text = patch[1]["value"]["text"].as_str().expect("text");
    assert!(text.starts_with("A **plan**.\n"), "{text}");
    assert!(!text.contains("<!--"), "no comment of HTML is kept: {text}");
}

#[tokio::test]
async fn an_older_server_gets_html() {
    let fake = Fake::start(|seen| {
        let line = seen.line.replace("7.0-preview", "7.1-preview");
        writes(&Seen { line, ..seen.clone() })
    })
    .await;
    let server = Settings { flavor: Flavor::Server, api: ApiVersion::V7_0, ..settings(&fake.base) };
    let tracker = tracker(server);
    let posted = tracker.post(&ticket(), &rendered(&*tracker, "A **plan**.")).await.expect("a comment");
    assert!(marker::find(&posted.body, &ticket_key(), &key()).is_some());
    let patch = patches(&fake).remove(0);
    let html = patch[1]["value"].as_str().expect("a string");
    assert!(html.starts_with("<p>A <b>plan</b>.</p>"), "{html}");
    tracker.update(&ticket(), &posted.id, &rendered(&*tracker, "New.")).await.expect("a comment");
    assert!(fake.lines().iter().all(|line| !line.contains("format=")), "an older server knows no formats");
}

#[tokio::test]
async fn a_comment_that_stands_already_is_not_written_again() {
    let fake = Fake::start(writes).await;
    let tracker = tracker(settings(&fake.base));
    let body = rendered(&*tracker, "A plan.");
    tracker.post(&ticket(), &body).await.expect("a comment");
    let sent = patches(&fake)[0][1]["value"]["text"].as_str().expect("text").to_owned();

    let check = async |by: Value, writes_expected: usize| {
        let text = sent.clone();
        let fake = Fake::start(move |seen| match is_newest(seen) {
            true => Reply::json(200, json!({ "comments": [comment(40, by.clone(), &text)] })),
            false => writes(seen),
        })
        .await;
        let tracker = super::tracker(settings(&fake.base));
        let posted = tracker.post(&ticket(), &body).await.expect("a comment");
        assert_eq!(patches(&fake).len(), writes_expected);
        posted.id.as_str().to_owned()
    };
    assert_eq!(check(bot(), 0).await, "40");
    assert_eq!(check(mira(), 1).await, "41", "a marker that somebody copied proves nothing");
}

#[tokio::test]
async fn a_lost_compare_and_set_is_tried_from_the_new_revision() {
    let check = async |losses: usize| {
        let (tries, revision) = (AtomicUsize::new(0), AtomicUsize::new(4));
        let fake = Fake::start(move |seen| {
            if seen.line.starts_with("GET /_apis/wit/workitems/7?") {
                let mut item = item();
                item["rev"] = json!(revision.fetch_add(1, Ordering::SeqCst));
                return Reply::json(200, item);
            }
            if seen.line.starts_with("PATCH /_apis/wit/workitems/7?") && tries.fetch_add(1, Ordering::SeqCst) < losses {
                return Reply::error(412, "VS402321: The revision does not match");
            }
            writes(seen)
        })
        .await;
        let tracker = tracker(settings(&fake.base));
        let outcome = tracker.post(&ticket(), &rendered(&*tracker, "A plan.")).await;
        let tested: Vec<_> = patches(&fake).iter().map(|patch| patch[0]["value"].as_u64()).collect();
        (outcome.map(|posted| posted.id.as_str().to_owned()), tested)
    };
    let (outcome, tested) = check(2).await;
    assert_eq!(outcome.expect("a comment"), "41");
    assert_eq!(tested, [Some(4), Some(5), Some(6)]);
    let (outcome, tested) = check(9).await;
    assert!(matches!(outcome, Err(TrackerError::Unavailable(_))), "certainly without effect");
    assert_eq!(tested.len(), 3);
}

#[tokio::test]
async fn once_a_change_was_sent_its_effect_is_unknown() {
    for status in [500, 502, 503, 504] {
        let fake = Fake::start(move |seen| match seen.line.starts_with("PATCH") {
            true => Reply::error(status, "applied all the same"),
            false => writes(seen),
        })
        .await;
        let tracker = tracker(settings(&fake.base));
        let error = tracker.post(&ticket(), &rendered(&*tracker, "A plan.")).await.expect_err("an error");
        assert!(matches!(error, TrackerError::Unknown(_)), "{error}");
        assert_eq!(patches(&fake).len(), 1, "sent once");
    }
}

#[tokio::test]
async fn everything_together_ends_within_the_deadline_of_one_request() {
    let check = async |silent: &'static str, expected: &str| {
        let fake = Fake::start(move |seen| match seen.line.contains(silent) {
            true => Reply::never(),
            false => writes(seen),
        })
        .await;
        let settings = Settings { request_deadline: Duration::from_millis(500), ..settings(&fake.base) };
        let tracker = tracker(settings);
        let started = std::time::Instant::now();
        let error = tracker.post(&ticket(), &rendered(&*tracker, "A plan.")).await.expect_err("an error");
        assert_eq!(error.to_string(), expected);
        assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
    };
    check("order=desc", "tracker unavailable: no answer in time").await;
    check("PATCH", "effect unknown: no answer in time").await;
}

#[tokio::test]
async fn a_server_that_names_no_comment_is_asked_for_it() {
    let sent = std::sync::Arc::new(std::sync::Mutex::new(None::<String>));
    let kept = sent.clone();
    let fake = Fake::start(move |seen| {
        if seen.line.starts_with("PATCH") {
            *kept.lock().expect("the text") = seen.body[1]["value"]["text"].as_str().map(str::to_owned);
            return Reply::json(200, item());
        }
        let text = kept.lock().expect("the text").clone();
        match (is_newest(seen), text) {
            (true, Some(text)) => Reply::json(200, json!({ "comments": [comment(52, bot(), &text)] })),
            _ => writes(seen),
        }
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    let posted = tracker.post(&ticket(), &rendered(&*tracker, "A plan.")).await.expect("a comment");
    assert_eq!(posted.id.as_str(), "52");
}

#[tokio::test]
async fn an_update_replaces_the_text_in_its_format() {
    let fake = Fake::start(writes).await;
    let tracker = tracker(settings(&fake.base));
    let written = tracker.update(&ticket(), &CommentId::new("41"), &rendered(&*tracker, "New.")).await;
    assert_eq!(written.expect("a comment").id.as_str(), "41");
    let last = fake.seen().pop().expect("a request");
    let path = "PATCH /Acme%20Shop/_apis/wit/workItems/7/comments/41?api-version=7.2-preview.4&format=markdown";
    assert_eq!(last.line, path);
    assert!(last.body["text"].as_str().expect("text").starts_with("New.\n"));

    let deleted = tracker.update(&ticket(), &CommentId::new("42"), &rendered(&*tracker, "New.")).await;
    assert!(matches!(deleted, Err(TrackerError::Gone(_))), "{deleted:?}");
    let odd = tracker.update(&ticket(), &CommentId::new("1/../41"), &rendered(&*tracker, "New.")).await;
    assert!(matches!(odd, Err(TrackerError::Gone(_))));
}

#[tokio::test]
async fn removing_what_is_gone_is_no_error() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "DELETE /Acme%20Shop/_apis/wit/workItems/7/comments/41?api-version=7.2-preview.4" => {
            Reply::json(204, Value::Null)
        }
        _ => answer(seen),
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    for id in ["41", "42"] {
        tracker.remove(&ticket(), &CommentId::new(id)).await.expect("no comment");
    }
}

#[tokio::test]
async fn a_like_shows_that_a_comment_was_seen() {
    let like = "PUT /Acme%20Shop/_apis/wit/workItems/7/comments/41/reactions/like?api-version=7.1-preview.1";
    let fake = Fake::start(move |seen| match seen.line.as_str() {
        line if line == like => Reply::json(200, json!({ "type": "like" })),
        "GET /_apis/wit/workItems/7/revisions/3?api-version=7.1" => {
            let mut revision = item();
            revision["commentVersionRef"] = json!({ "commentId": 41, "version": 1 });
            Reply::json(200, revision)
        }
        _ => answer(seen),
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    for id in ["41", "r3"] {
        tracker.acknowledge(&ticket(), Some(&CommentId::new(id))).await.expect("a like");
    }
    assert_eq!(fake.lines().iter().filter(|line| *line == like).count(), 2);
    let asked = fake.lines().len();
    tracker.acknowledge(&ticket(), None).await.expect("nothing to like");
    assert_eq!(fake.lines().len(), asked);
}

#[tokio::test]
async fn own_comments_are_found_on_every_page_by_author_alone() {
    let fake = Fake::start(|seen| {
        let mut edited = comment(2, bot(), "b2");
        edited["createdDate"] = json!("2026-01-01T00:00:00Z");
        edited["modifiedDate"] = json!("2026-11-20T23:30:00Z");
        let mut old = comment(1, bot(), "b1");
        old["modifiedDate"] = json!("2026-11-20T22:00:00.123Z");
        match (is_newest(seen), seen.line.contains("continuationToken=next")) {
            (true, false) => {
                Reply::json(200, json!({ "comments": [comment(9, mira(), "b9")], "continuationToken": "next" }))
            }
            (true, true) => Reply::json(200, json!({ "comments": [edited, old] })),
            _ => answer(seen),
        }
    })
    .await;
    let own = tracker(settings(&fake.base)).own_comments(&ticket(), 1_795_215_600_000).await.expect("comments");
    let own: Vec<_> = own.into_iter().map(|c| (c.id.as_str().to_owned(), c.body)).collect();
    assert_eq!(own, [("2".to_owned(), "b2".to_owned())], "an old comment that was edited lately counts");
}

#[tokio::test]
async fn a_list_of_own_comments_that_never_ends_is_an_error() {
    let fake = Fake::start(|seen| match is_newest(seen) {
        true => Reply::json(200, json!({ "comments": [], "continuationToken": "again" })),
        false => answer(seen),
    })
    .await;
    let error = tracker(settings(&fake.base)).own_comments(&ticket(), 0).await.expect_err("an error");
    assert!(matches!(error, TrackerError::Unavailable(_)), "an incomplete list proves nothing: {error}");
}
