//! Who may see the pages, and what every answer says to browsers.

use axum::{
    body::Body,
    http::{
        Request, StatusCode,
        header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use planwright::web::Access;

use super::bed::Bed;

/// Every address that needs the login.
const CLOSED: [&str; 7] = [
    "/",
    "/?x=/hooks/github",
    "/?x=/healthz",
    "/metrics",
    "/deliveries/1",
    "/jobs/1",
    "/plans/00000000-0000-0000-0000-000000000000",
];

fn basic(text: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(text))
}

#[tokio::test]
async fn pages_ask_for_the_login() {
    let bed = Bed::new().await;
    for path in CLOSED {
        let answer = bed.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.headers[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic realm="));
        assert!(!answer.body.contains("acme"), "{path}");
    }
}

#[tokio::test]
async fn only_the_whole_login_is_right() {
    let bed = Bed::new().await;
    let status = async |values: &[String]| {
        let request = values.iter().fold(Request::get("/"), |request, value| request.header(AUTHORIZATION, value));
        bed.send(request.body(Body::empty()).unwrap()).await.status
    };
    let right = basic("acme:open sesame");
    assert_eq!(status(std::slice::from_ref(&right)).await, StatusCode::OK);
    assert_eq!(status(&[right.replace("Basic", "basic")]).await, StatusCode::OK);
    let wrong = [
        basic("acme:open sesam"),
        basic("acme:open sesame "),
        basic("acmeopen sesame:"),
        basic(":"),
        basic(""),
        right.replace("Basic", "Bearer"),
        right.replace("Basic ", "Basic"),
        "Basic %%%".to_owned(),
    ];
    for value in wrong {
        assert_eq!(status(std::slice::from_ref(&value)).await, StatusCode::UNAUTHORIZED, "{value}");
    }
    assert_eq!(status(&[right.clone(), right]).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_password_may_hold_colons() {
    let mut bed = Bed::new().await;
    bed.state.access = Access::login("acme", "a:b:c");
    let request = Request::get("/").header(AUTHORIZATION, basic("acme:a:b:c")).body(Body::empty()).unwrap();
    assert_eq!(bed.send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_login_only_this_machine_is_answered() {
    let mut bed = Bed::new().await;
    bed.state.access = Access::ThisMachine;
    let status =
        async |host: &str| bed.send(Request::get("/").header(HOST, host).body(Body::empty()).unwrap()).await.status;
    assert_eq!(status("localhost:8080").await, StatusCode::OK);
    assert_eq!(status("127.0.0.1:8080").await, StatusCode::OK);
    assert_eq!(status("rebound.example.com").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_answer_forbids_what_pages_do_not_need() {
    let bed = Bed::new().await;
    for path in ["/", "/healthz", "/plans/x", "/metrics"] {
        let headers = bed.get(path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
    }
}
