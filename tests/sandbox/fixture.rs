//! A sandbox of two repositories, a client of its REST interface and a receiver of its deliveries.

use std::{
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU16, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::State, routing::post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use planwright::{
    clock::{Clock, SystemClock},
    sandbox::{GitHub, NewTicket, Role, Sandbox, TicketKey, World},
};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use uuid::Uuid;

pub const REPO: &str = "acme/shop";

/// 2026-03-02T10:00:00Z, in milliseconds since 1970.
pub const START_MS: i64 = 1_772_445_600_000;

/// Stands still until moved.
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn at(ms: i64) -> Self {
        Self(AtomicI64::new(ms))
    }

    pub fn forward_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn new_id(&self) -> Uuid {
        Uuid::nil()
    }
}

pub struct Fixture {
    pub clock: Arc<HandClock>,
    pub sandbox: Sandbox,
    pub github: GitHub,
    pub issue: TicketKey,
    pub http: Client,
}

impl Fixture {
    /// One open issue in `acme/shop`: ana administers, ben writes, tri may label, sam is a stranger.
    pub async fn start() -> Self {
        let clock = Arc::new(HandClock::at(START_MS));
        let mut world = World::new(clock.clone());
        for (login, name) in [("ana", "Ana Duarte"), ("ben", "Ben Okafor"), ("tri", "Tri Nguyen"), ("sam", "Sam Roe")] {
            world.add_person(login, name);
        }
        let project = world.add_project(REPO);
        for (login, role) in [("ana", Role::Admin), ("ben", Role::Write), ("tri", Role::Triage)] {
            project.roles.insert(login.to_owned(), role);
        }
        world.add_project("acme/site").private = false;
        let new = NewTicket { title: "Cart total is wrong".into(), body: "It is.".into(), ..NewTicket::default() };
        let issue = world.open(REPO, new, "ben");
        let sandbox = Sandbox::start(world).await.unwrap();
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { clock, github: sandbox.github.clone(), sandbox, issue, http }
    }

    /// A request with a person's token.
    pub fn as_person(&self, login: &str, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.github.base_url());
        self.http.request(method, url).bearer_auth(self.github.token_of(login).unwrap())
    }

    pub async fn get(&self, login: &str, path: &str) -> (u16, Value) {
        answer(self.as_person(login, Method::GET, path)).await
    }

    /// Writes a comment over the interface.
    pub async fn post_comment(&self, login: &str, body: &str) -> reqwest::Result<reqwest::Response> {
        self.as_person(login, Method::POST, &self.path("/comments")).json(&json!({ "body": body })).send().await
    }

    /// A path under the issue.
    pub fn path(&self, rest: &str) -> String {
        format!("/repos/{}/issues/{}{rest}", self.issue.project, self.issue.number)
    }

    pub fn jwt(&self, claims: &Value) -> String {
        let key = EncodingKey::from_rsa_pem(self.github.private_key_pem().as_bytes()).unwrap();
        encode(&Header::new(Algorithm::RS256), claims, &key).unwrap()
    }

    /// A token of the app itself, good for nine minutes.
    pub fn app_token(&self) -> String {
        let now = SystemClock.now_ms() / 1000;
        self.jwt(&json!({ "iat": now - 60, "exp": now + 540, "iss": self.github.app_id() }))
    }

    pub async fn installation_token(&self) -> String {
        let id = self.github.installation_id();
        let url = format!("{}/app/installations/{id}/access_tokens", self.github.base_url());
        let (status, body) = answer(self.http.post(url).bearer_auth(self.app_token())).await;
        assert_eq!(status, 201, "{body}");
        body["token"].as_str().unwrap().to_owned()
    }
}

pub async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

/// Fails in place of hanging when what is waited for never comes.
pub async fn soon<T>(wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(180), wait).await.expect("it happens soon")
}

/// A receiver of deliveries that keeps them and answers as told.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    status: AtomicU16,
    got: Mutex<Vec<(HeaderMap, Bytes)>>,
    count: watch::Sender<usize>,
}

impl Receiver {
    pub async fn start() -> Self {
        let shared =
            Arc::new(Shared { status: AtomicU16::new(202), got: Mutex::default(), count: watch::Sender::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/test", listener.local_addr().unwrap());
        let app = Router::new().route("/hooks/test", post(receive)).with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, shared, server }
    }

    pub fn answer_with(&self, status: u16) {
        self.shared.status.store(status, Ordering::SeqCst);
    }

    pub fn got(&self) -> Vec<(HeaderMap, Bytes)> {
        self.shared.got.lock().unwrap().clone()
    }

    pub async fn has(&self, count: usize) {
        let mut counts = self.shared.count.subscribe();
        soon(counts.wait_for(|n| *n >= count)).await.unwrap();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    shared.got.lock().unwrap().push((headers, body));
    shared.count.send_modify(|count| *count += 1);
    StatusCode::from_u16(shared.status.load(Ordering::SeqCst)).unwrap()
}
