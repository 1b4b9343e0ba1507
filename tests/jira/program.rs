//! A service account's OAuth credential: its token is fetched when needed, kept, and made anew once refused (guarantee
//! 42).

use std::sync::atomic::{AtomicUsize, Ordering};

use planwright::trackers::{
    TrackerError,
    jira::{Auth, ConnectError, Settings, connect},
};
use serde_json::{Value, json};

use super::{Fake, Reply, data_center, reads::user, settings, tracker};

/// The credential at this provider.
fn program(provider: &str) -> Auth {
    Auth::Program {
        token_url: format!("{provider}/oauth/token"),
        client_id: "planwright".to_owned(),
        client_secret: "s&cret".into(),
    }
}

/// An identity provider that gives out `token-1`, `token-2` … and keeps the forms that it was sent in its log.
async fn provider() -> Fake {
    let count = AtomicUsize::new(0);
    Fake::start(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(200, json!({ "expires_in": 3_600, "access_token": format!("token-{number}") }))
    })
    .await
}

#[tokio::test]
async fn a_cloud_is_reached_through_the_api_with_a_token_that_is_kept() {
    let (provider, fake) = (provider().await, Fake::start(|_| Reply::json(200, user("bot"))).await);
    let base = format!("{}/ex/jira/11223344-a1b2", fake.base);
    let tracker = tracker(Settings { auth: program(&provider.base), ..settings(&base) });
    tracker.identity().await.expect("an identity");
    let error = tracker.ticket(&super::ticket()).await.expect_err("not an issue");
    assert!(matches!(error, TrackerError::Unavailable(_)), "{error}");
    assert_eq!(provider.lines(), ["POST /oauth/token"]);
    let seen = fake.seen();
    assert_eq!(seen[0].line, "GET /ex/jira/11223344-a1b2/rest/api/3/myself");
    assert!(seen.iter().all(|seen| seen.authorization == "Bearer token-1"));
}

#[tokio::test]
async fn a_refused_token_is_made_anew() {
    let fake = Fake::start(|seen| match seen.authorization.as_str() {
        "Bearer token-1" => Reply::json(401, json!({ "message": "expired" })),
        _ => Reply::json(200, user("bot")),
    })
    .await;
    let provider = provider().await;
    let tracker = tracker(Settings { auth: program(&provider.base), ..data_center(&fake.base) });
    let refused = tracker.identity().await.expect_err("an old token");
    assert!(matches!(refused, TrackerError::Unauthorized(_)), "{refused}");
    tracker.identity().await.expect("the job's next attempt has a new token");
    assert_eq!(provider.lines().len(), 2);
}

#[tokio::test]
async fn a_provider_that_refuses_says_why_and_keeps_the_secret() {
    let check = async |status: u16, body: Value, expected: &str| {
        let provider = Fake::start(move |_| Reply::json(status, body.clone())).await;
        let fake = Fake::start(|_| Reply::json(200, user("bot"))).await;
        let tracker = tracker(Settings { auth: program(&provider.base), ..settings(&fake.base) });
        assert_eq!(tracker.identity().await.expect_err("no token").to_string(), expected);
        assert!(fake.lines().is_empty());
    };
    let denied = json!({ "error": "access_denied", "error_description": "s&cret" });
    check(401, denied, "credentials refused: no token: 401 access_denied").await;
    check(503, json!({}), "tracker unavailable: no token: the identity provider answers 503").await;
}

#[test]
fn tokens_are_not_asked_for_in_the_clear() {
    let auth = program("http://auth.acme.test");
    let error = connect(Settings { auth, ..settings("https://acme.atlassian.net") }).err().expect("an error");
    assert!(matches!(error, ConnectError::Base(_)), "{error}");
}
