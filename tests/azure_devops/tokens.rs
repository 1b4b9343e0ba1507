//! A program of Entra ID: its token is fetched when needed, kept, and made anew once refused (guarantee 42).

use std::sync::atomic::{AtomicUsize, Ordering};

use planwright::trackers::{
    Tracker, TrackerError,
    azure_devops::{Auth, Settings},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{script::answer, settings, ticket, tracker};
use crate::github::fake::{Fake, Reply};

/// An identity provider that gives out `token-1`, `token-2` … with this life.
async fn provider(expires_in: u64) -> Fake {
    let count = AtomicUsize::new(0);
    Fake::start(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(
            200,
            json!({ "token_type": "Bearer", "expires_in": expires_in, "access_token": format!("token-{number}") }),
        )
    })
    .await
}

/// A connection as a program.
fn program(base: &str, provider: &str) -> std::sync::Arc<dyn Tracker> {
    tracker(Settings {
        auth: Auth::Program {
            token_url: format!("{provider}/tenant/oauth2/v2.0/token"),
            client_id: "planwright".to_owned(),
            client_secret: "s&cret".into(),
        },
        ..settings(base)
    })
}

#[tokio::test]
async fn one_token_serves_many_requests() {
    let (provider, fake) = (provider(3_600).await, Fake::start(answer).await);
    let tracker = program(&fake.base, &provider.base);
    tracker.ticket(&ticket()).await.expect("a ticket");
    tracker.ticket(&ticket()).await.expect("a ticket");
    assert_eq!(provider.lines(), ["POST /tenant/oauth2/v2.0/token"]);
    assert!(fake.seen().iter().all(|seen| seen.authorization == "Bearer token-1"));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let (provider, fake) = (provider(0).await, Fake::start(answer).await);
    let tracker = program(&fake.base, &provider.base);
    tracker.own_comments(&ticket(), 0).await.ok();
    assert_eq!(provider.lines().len(), fake.lines().len(), "a token without life serves one request");
    assert!(fake.lines().len() > 1);
}

#[tokio::test]
async fn a_refused_token_is_made_anew_once() {
    let check = async |refused: &'static [&'static str], asked: usize| {
        let (provider, fake) = (
            provider(3_600).await,
            Fake::start(move |seen| match refused.contains(&seen.authorization.as_str()) {
                true => Reply::error(401, "TF400813"),
                false => answer(seen),
            })
            .await,
        );
        let outcome = program(&fake.base, &provider.base).identity().await;
        assert_eq!(fake.lines().len(), asked);
        assert_eq!(provider.lines().len(), asked);
        outcome
    };
    check(&["Bearer token-1"], 2).await.expect("an identity");
    let outcome = check(&["Bearer token-1", "Bearer token-2"], 2).await;
    assert!(matches!(outcome, Err(TrackerError::Unauthorized(_))));
}

#[tokio::test]
async fn missing_rights_are_not_a_matter_of_tokens() {
    let (provider, fake) = (provider(3_600).await, Fake::start(|_| Reply::error(403, "TF401027")).await);
    let outcome = program(&fake.base, &provider.base).identity().await;
    assert!(matches!(outcome, Err(TrackerError::Unauthorized(_))));
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn a_provider_that_refuses_says_why_and_keeps_the_secret() {
    let check = async |status: u16, body: Value, expected: &str| {
        let provider = Fake::start(move |_| Reply::json(status, body.clone())).await;
        let fake = Fake::start(answer).await;
        let error = program(&fake.base, &provider.base).identity().await.expect_err("no token");
        assert_eq!(error.to_string(), expected);
        assert!(fake.lines().is_empty());
    };
    let invalid = json!({ "error": "invalid_client", "error_description": "AADSTS7000215: s&cret" });
    check(401, invalid, "credentials refused: no token: 401 invalid_client").await;
    let down = "tracker unavailable: no token: the identity provider answers 503";
    check(503, json!({}), down).await;
    let odd = "tracker unavailable: no token: the identity provider's answer does not read";
    check(200, json!({ "access_token": 7 }), odd).await;
    check(429, json!({}), "rate limited for 60s").await;
}

#[tokio::test]
async fn git_gets_the_token_as_a_password() {
    let (provider, fake) = (
        provider(3_600).await,
        Fake::start(|seen| match seen.line.contains("/_apis/git/repositories") {
            true => Reply::json(200, json!({ "value": [{ "name": "web", "defaultBranch": "refs/heads/main" }] })),
            false => answer(seen),
        })
        .await,
    );
    let source =
        program(&fake.base, &provider.base).code_source(&ticket()).await.expect("an answer").expect("a source");
    assert_eq!(source.credentials.expect("credentials").1.expose_secret(), "token-1");
    assert_eq!(provider.lines().len(), 1);
}
