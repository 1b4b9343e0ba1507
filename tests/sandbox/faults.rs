//! Scripted faults: exact, one request each.

use planwright::sandbox::github::{Endpoint, Fault, Reveal};
use serde_json::Value;

use super::fixture::{Fixture, soon};

async fn listed(fixture: &Fixture) -> Vec<String> {
    let (status, body) = fixture.get("ben", &fixture.path("/comments")).await;
    assert_eq!(status, 200, "{body}");
    body.as_array().unwrap().iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
}

fn kept(fixture: &Fixture) -> usize {
    fixture.github.comments(&fixture.issue).len()
}

#[tokio::test]
async fn a_fault_meets_one_request_to_its_endpoint() {
    let fixture = Fixture::start().await;
    fixture.github.fail_next(Endpoint::CreateComment, Fault::Status(503));
    assert_eq!(fixture.get("ben", &fixture.path("")).await.0, 200);
    assert_eq!(fixture.post_comment("ben", "lost").await.unwrap().status(), 503);
    assert_eq!((kept(&fixture), fixture.github.faults_left()), (0, 0));
    assert_eq!(fixture.post_comment("ben", "kept").await.unwrap().status(), 201);
    assert_eq!(listed(&fixture).await, ["kept"]);
}

#[tokio::test]
async fn an_answer_can_be_lost_before_or_after_the_effect() {
    for (fault, status, comments) in [
        (Fault::Reset, None, 0),
        (Fault::AppliedThenReset, None, 1),
        (Fault::AppliedThenStatus(502), Some(502), 1),
        (Fault::Unauthorized, Some(401), 0),
        (Fault::Garbage, Some(200), 0),
    ] {
        let fixture = Fixture::start().await;
        fixture.github.fail_next(Endpoint::CreateComment, fault.clone());
        let answer = fixture.post_comment("ben", "a").await;
        assert_eq!(answer.ok().map(|answer| answer.status().as_u16()), status, "{fault:?}");
        assert_eq!(kept(&fixture), comments, "{fault:?}");
    }
}

#[tokio::test]
async fn limits_say_when_to_come_back_or_do_not() {
    for (fault, status, after, remaining) in [
        (Fault::RateLimited { retry_after: 7 }, 429, Some("7"), None),
        (Fault::SecondaryLimit { retry_after: Some(9) }, 403, Some("9"), None),
        (Fault::SecondaryLimit { retry_after: None }, 403, None, None),
        (Fault::PrimaryExhausted { reset: 1_772_449_200 }, 403, None, Some("0")),
    ] {
        let fixture = Fixture::start().await;
        fixture.github.fail_next(Endpoint::CreateComment, fault.clone());
        let answer = fixture.post_comment("ben", "a").await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!((answer.status().as_u16(), header("retry-after").as_deref()), (status, after), "{fault:?}");
        assert_eq!(header("x-ratelimit-remaining").filter(|left| left == "0").as_deref(), remaining, "{fault:?}");
        if remaining.is_some() {
            assert_eq!(header("x-ratelimit-reset").as_deref(), Some("1772449200"));
        }
        assert_eq!(kept(&fixture), 0);
    }
}

#[tokio::test]
async fn a_comment_can_appear_later() {
    let fixture = Fixture::start().await;
    let later = Fault::AppearsLater { status: 504, reveal: Reveal::AfterListings(2) };
    fixture.github.fail_next(Endpoint::CreateComment, later);
    let gate = fixture
        .github
        .fail_next(Endpoint::CreateComment, Fault::AppearsLater { status: 502, reveal: Reveal::OnRelease });
    assert_eq!(fixture.post_comment("ben", "counted").await.unwrap().status(), 504);
    assert_eq!(fixture.post_comment("ben", "released").await.unwrap().status(), 502);
    assert_eq!(kept(&fixture), 2);
    assert!(listed(&fixture).await.is_empty());
    assert!(listed(&fixture).await.is_empty());
    assert_eq!(listed(&fixture).await, ["counted"]);
    gate.release();
    assert_eq!(listed(&fixture).await, ["counted", "released"]);
}

#[tokio::test]
async fn a_listing_can_be_stale() {
    let fixture = Fixture::start().await;
    fixture.post_comment("ben", "old").await.unwrap();
    fixture.github.fail_times(Endpoint::ListComments, 2, &Fault::StaleListing);
    fixture.post_comment("ben", "new").await.unwrap();
    assert_eq!(listed(&fixture).await, ["old"]);
    assert_eq!(listed(&fixture).await, ["old"]);
    assert_eq!(listed(&fixture).await, ["old", "new"]);
}

#[tokio::test]
async fn a_held_request_waits_and_is_applied_though_its_caller_hung_up() {
    let fixture = Fixture::start().await;
    let gate = fixture.github.fail_next(Endpoint::CreateComment, Fault::Hold);
    tokio::select! {
        _ = fixture.post_comment("ben", "late") => panic!("the request is held"),
        () = soon(gate.reached()) => {}
    }
    assert_eq!(kept(&fixture), 0);
    gate.release();
    let late = soon(fixture.github.next_comment(&fixture.issue)).await;
    assert_eq!((late.text.as_str(), kept(&fixture)), ("late", 1));
}

#[tokio::test]
async fn an_applied_request_can_wait_for_its_answer() {
    let fixture = Fixture::start().await;
    let gate = fixture.github.fail_next(Endpoint::CreateComment, Fault::AppliedThenHold);
    let (answer, ()) = tokio::join!(fixture.post_comment("ben", "now"), async {
        soon(gate.reached()).await;
        assert_eq!(kept(&fixture), 1);
        gate.release();
    });
    assert_eq!(answer.unwrap().json::<Value>().await.unwrap()["body"], "now");
}

#[tokio::test]
async fn shutting_down_cuts_what_hangs() {
    let fixture = Fixture::start().await;
    let gate = fixture.github.fail_next(Endpoint::CreateComment, Fault::AppliedThenHang);
    let path = fixture.path("/comments");
    let request = fixture.as_person("ben", reqwest::Method::POST, &path).body(r#"{"body":"a"}"#).send();
    let shutdown = async {
        soon(gate.reached()).await;
        fixture.sandbox.shutdown().await
    };
    let (answer, ended) = soon(async { tokio::join!(request, shutdown) }).await;
    assert!(answer.is_err());
    ended.unwrap();
}

#[tokio::test]
async fn a_redirect_leads_to_another_host_with_the_same_path() {
    let fixture = Fixture::start().await;
    fixture.github.fail_next(Endpoint::Issue, Fault::Redirect { to: "http://192.0.2.1".into() });
    let answer = fixture.as_person("ben", reqwest::Method::GET, &fixture.path("")).send().await.unwrap();
    let target = format!("http://192.0.2.1{}", fixture.path(""));
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (302, target.as_str()));
}

#[tokio::test]
async fn a_body_can_be_huge() {
    let fixture = Fixture::start().await;
    fixture.github.fail_next(Endpoint::Issue, Fault::HugeBody { bytes: 3 << 20 });
    let answer = fixture.as_person("ben", reqwest::Method::GET, &fixture.path("")).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap().len(), (3 << 20) + 2);
}
