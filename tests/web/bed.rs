//! Pages over a real store: SQLite in a folder of its own, filled through the store's own methods.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header::AUTHORIZATION},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use planwright::{
    clock::{Clock, SystemClock},
    model::{
        CommentId, CommitId, ConnectionName, DeliveryId, JobId, OperationId, PlanId, RepoName, TicketId, TicketKey,
        delivery::{self, Decision, Receipt, Received, Request as Asked, SkipReason},
        event::Actor,
        job::{ClaimedJob, JobState, PlanOptions, PlanRequest, Trigger, Work},
        plan_record::NewPlanRecord,
        publication::{NewPublication, PostedComment, Slot},
    },
    publish::{LinkKey, Links},
    store::{Caps, Store, open},
    telemetry::Metrics,
    web::{Access, Board, ConnectionInfo, WebState, router},
};
use tempfile::TempDir;
use tower::ServiceExt;

/// A document with everything that documents hold.
pub const DOCUMENT: &str = include_str!("plan.md");

/// What a stored plan holds beside its document, as far as pages read it.
pub const PLAN_JSON: &str = r#"{"head":{"repositories":[{"name":"acme/shop","commit":"3f2a91c0de3f2a91c0de3f2a91c0de3f2a91c0de",
"branch":"main","url":null,"commit_url":"https://github.com/acme/shop/commit/3f2a91c0de3f2a91c0de3f2a91c0de3f2a91c0de"}]},
"findings":[{"kind":"missing_path","said":"src/basket.rs","nearest":"src/cart/mod.rs","done":"dropped"}]}"#;

/// A stranger's text.
pub const HOSTILE: &str = "<img src=x onerror=alert(1)> \"'&lt; {{secrets}} </script><script>alert(2)</script>";

/// A store with the pages in front of it.
pub struct Bed {
    pub store: Arc<dyn Store>,
    pub state: WebState,
    pub beat: Arc<AtomicI64>,
    _folder: TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Bed {
    /// An empty store behind the login `acme`, `open sesame`.
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("planwright.db").display());
        let store = open(&url, Caps { per_ticket: 0, per_person: 0 }).await.unwrap();
        let beat = Arc::new(AtomicI64::new(SystemClock.now_ms()));
        let connection =
            ConnectionInfo { name: connection(), tracker: "GitHub", web_url: "https://github.com".to_owned() };
        let state = WebState {
            store: Arc::clone(&store),
            clock: Arc::new(SystemClock),
            metrics: Metrics::local().1,
            access: Access::login("acme", "open sesame"),
            links: Arc::new([links().key]),
            connections: Arc::new([connection]),
            board: Arc::new(Board::default()),
            worker_beat: Some(Arc::clone(&beat)),
        };
        Self { store, state, beat, _folder: folder }
    }

    pub fn router(&self) -> Router {
        router(self.state.clone())
    }

    /// Asks with the login.
    pub async fn get(&self, path: &str) -> Answer {
        let login = format!("Basic {}", BASE64_STANDARD.encode("acme:open sesame"));
        self.send(Request::get(path).header(AUTHORIZATION, login).body(Body::empty()).unwrap()).await
    }

    /// Asks as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 * 1024 * 1024).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// A delivery that asks for a plan by label; returns it and its job.
    pub async fn asks(&self, guid: &str, ticket: &str, label: &str) -> (DeliveryId, JobId) {
        let work = Work::Plan(PlanRequest {
            project: String::new(),
            asked_by: Actor { id: "mira".to_owned(), name: "Mira".to_owned(), is_bot: false },
            trigger: Trigger::Label { label: label.to_owned() },
            options: PlanOptions { template: Some("ticket".to_owned()), ..PlanOptions::default() },
            notice: None,
        });
        let asked = Asked {
            ticket: key(ticket),
            reference: ticket.to_owned(),
            semantic_key: guid.to_owned(),
            asked_by: "mira".to_owned(),
            work,
        };
        match self.receive(guid, Decision::Run(Box::new(asked))).await {
            Received::Stored { delivery, job: Some(job) } => (delivery, job),
            other => panic!("expected a job, got {other:?}"),
        }
    }

    /// A delivery that leads to nothing.
    pub async fn skips(&self, guid: &str, reason: SkipReason) -> DeliveryId {
        match self.receive(guid, Decision::Skip(reason)).await {
            Received::Stored { delivery, .. } => delivery,
            other => panic!("expected a stored delivery, got {other:?}"),
        }
    }

    async fn receive(&self, guid: &str, decision: Decision) -> Received {
        let json = format!("{{\"action\":\"labeled\",\"issue\":{{\"title\":\"</code>{guid}\"}}}}");
        let body = Some(delivery::Body::Plain(json.to_owned().into()));
        let (guid, event) = (guid.to_owned(), "issues".to_owned());
        self.store.receive(Receipt { connection: connection(), guid, event, body, decision }).await.unwrap()
    }

    /// The next job, claimed.
    pub async fn claim(&self) -> ClaimedJob {
        self.store.claim("test", Duration::from_secs(60)).await.unwrap().expect("a job waits")
    }

    /// Takes the next job to its end with a plan and a comment.
    pub async fn answers(&self, title: &str, document: &str) -> PlanId {
        let job = self.claim().await;
        let plan = NewPlanRecord {
            id: PlanId(SystemClock.new_id()),
            job: job.id,
            ticket: job.ticket.clone(),
            reference: job.reference.clone(),
            ticket_url: Some("https://github.com/acme/shop/issues/7".to_owned()),
            title: title.to_owned(),
            repository: Some((RepoName::new("acme/shop"), CommitId::parse(&"3f2a91c0de".repeat(4)).unwrap())),
            template: "ticket".to_owned(),
            planner: "offline".to_owned(),
            plan_json: PLAN_JSON.to_owned(),
            document: document.to_owned(),
            ticket_hash: String::new(),
            took_ms: 184,
        };
        let plan = self.store.save_plan(plan, job.fence).await.unwrap();
        let operation = self.prepares(&job, Some(plan.id)).await;
        let url = Some("https://github.com/acme/shop/issues/7#issuecomment-81".to_owned());
        let comment = PostedComment { id: CommentId::new("81"), url, body: String::new() };
        self.store.confirm(operation, job.fence, &comment).await.unwrap();
        self.store.finish(job.id, job.fence, JobState::Done, "posted").await.unwrap();
        plan.id
    }

    /// Sends a publication of a job, without an answer yet.
    pub async fn prepares(&self, job: &ClaimedJob, plan: Option<PlanId>) -> OperationId {
        let operation = OperationId(SystemClock.new_id());
        let publication = NewPublication {
            operation,
            job: job.id,
            ticket: job.ticket.clone(),
            slot: Slot::Plan,
            plan,
            body: "body".to_owned(),
            marker: "marker".to_owned(),
            comment: None,
        };
        self.store.prepare(publication, job.fence).await.unwrap();
        self.store.intend(operation, job.fence).await.unwrap();
        operation
    }
}

/// Makes links to plans that the pages open.
pub fn links() -> Links {
    let key = LinkKey::derive(b"a webhook's secret").expect("a secret");
    Links { key, base: String::new(), valid: Duration::from_secs(3600) }
}

pub fn connection() -> ConnectionName {
    ConnectionName::new("acme-github")
}

fn key(ticket: &str) -> TicketKey {
    TicketKey::new(connection(), TicketId::new(ticket))
}
