//! A model server of the sandbox: Anthropic's Messages, OpenAI's chat completions, and Ollama's form of the latter.
//!
//! In: questions over HTTP, and a script of answers. Out: the scripted answer; without one the draft that the question
//! holds, as a model would give it that changes nothing. It can misbehave in every way that a plan has to survive.
//! Written from the vendors' pages; shares no code with `planner::llm`.

mod answer;
mod misdeed;
mod question;

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, State},
    response::Response,
    routing::post,
};
use http::HeaderMap;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use misdeed::Misdeed;
pub use question::{Protocol, Question};

use super::connection::{Cut, Cuttable};

/// A running model server. It closes when dropped.
pub struct ModelServer {
    base: String,
    site: Arc<Site>,
    _closing: DropGuard,
}

/// What the handlers share.
struct Site {
    script: Mutex<Script>,
    closing: CancellationToken,
}

/// What is to be answered, and what was asked.
#[derive(Default)]
struct Script {
    /// Answers by a property that the question's schema has.
    answers: BTreeMap<String, VecDeque<String>>,
    next: VecDeque<Misdeed>,
    always: Option<Misdeed>,
    asked: Vec<Question>,
}

impl ModelServer {
    /// Serves on a free port of 127.0.0.1.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let closing = CancellationToken::new();
        let site = Arc::new(Site { script: Mutex::default(), closing: closing.clone() });
        let app = Router::new()
            .route("/v1/messages", post(messages))
            .route("/v1/chat/completions", post(completions))
            .with_state(Arc::clone(&site));
        let done = closing.clone().cancelled_owned();
        tokio::spawn(async move {
            let service = app.into_make_service_with_connect_info::<Cut>();
            axum::serve(Cuttable(listener), service).with_graceful_shutdown(done).await
        });
        Ok(Self { base, site, _closing: closing.drop_guard() })
    }

    /// The base address in Anthropic's form: without a version.
    pub fn anthropic_url(&self) -> String {
        self.base.clone()
    }

    /// The base address in OpenAI's form: with the version.
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.base)
    }

    /// Answers the next question whose schema has this property with this text. Several are given in their order.
    pub fn answer(&self, property: &str, text: impl Into<String>) {
        self.site.script().answers.entry(property.to_owned()).or_default().push_back(text.into());
    }

    /// The next question goes wrong in this way; several in their order.
    pub fn misbehave_next(&self, misdeed: Misdeed) {
        self.site.script().next.push_back(misdeed);
    }

    /// All questions go wrong in this way from now on, apart from those that go wrong in another.
    pub fn misbehave(&self, misdeed: Misdeed) {
        self.site.script().always = Some(misdeed);
    }

    /// The questions so far, oldest first.
    pub fn asked(&self) -> Vec<Question> {
        self.site.script().asked.clone()
    }
}

impl Site {
    /// The script; a panic elsewhere leaves it usable.
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one question.
    async fn handle(&self, protocol: Protocol, cut: Cut, headers: &HeaderMap, body: &Bytes) -> Response {
        let question = match Question::read(protocol, headers, body) {
            Ok(question) => question,
            Err(problem) => return answer::error(protocol, 400, &problem, None),
        };
        let (misdeed, scripted) = {
            let mut script = self.script();
            script.asked.push(question.clone());
            let misdeed = script.next.pop_front().or_else(|| script.always.clone());
            let of = |property: &String| question.properties.contains(property);
            let scripted = match &misdeed {
                Some(_) => None,
                None => script.answers.iter_mut().find(|(property, _)| of(property)).and_then(|(_, a)| a.pop_front()),
            };
            (misdeed, scripted)
        };
        match misdeed {
            None => answer::good(protocol, &scripted.unwrap_or_else(|| question.draft())),
            Some(misdeed) => misdeed.respond(&question, &cut, &self.closing).await,
        }
    }
}

async fn messages(
    State(site): State<Arc<Site>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    site.handle(Protocol::Anthropic, cut, &headers, &body).await
}

async fn completions(
    State(site): State<Arc<Site>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    site.handle(Protocol::OpenAi, cut, &headers, &body).await
}
