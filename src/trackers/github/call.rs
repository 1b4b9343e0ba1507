//! One request to GitHub, from leave to answer: limits, credentials, deadline, verdict, metrics.
//!
//! In: a request for a path below the API's base. Out: a successful answer or a [`TrackerError`]. Nothing is sent
//! twice here; the deadline spans everything from the first wait on, so that a caller's lease can be measured by it.

use std::time::Duration;

use ::http::{HeaderMap, Method, StatusCode};
use octocrab::Octocrab;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::{
    address::RepoPath,
    app_auth::Access,
    classify::{failure, judge},
};
use crate::trackers::{
    TrackerError,
    limits::Limits,
    verdict::{Kind, Verdict, word},
};

/// A request for a path below the API's base.
pub(super) struct Request {
    method: Method,
    path: String,
    body: Option<serde_json::Value>,
}

impl Request {
    /// Reads.
    pub(super) fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None }
    }

    /// Changes something.
    pub(super) fn change(method: Method, path: String, body: Option<serde_json::Value>) -> Self {
        Self { method, path, body }
    }

    /// Can it change something?
    fn kind(&self) -> Kind {
        if self.method == Method::GET { Kind::Read } else { Kind::Write }
    }
}

/// A successful answer.
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    body: String,
}

impl Answer {
    /// Reads the body.
    pub(super) fn json<T: DeserializeOwned>(&self, kind: Kind) -> Result<T, TrackerError> {
        serde_json::from_str(&self.body).map_err(|error| {
            kind.unclear(format!("the answer does not read (line {}, column {})", error.line(), error.column()))
        })
    }
}

/// For whom a request speaks.
#[derive(Clone, Copy)]
pub(super) enum Speaker<'s> {
    /// The App, or the token's account.
    Itself,
    /// A repository's installation.
    For(&'s RepoPath),
}

/// The API of one connection.
pub(super) struct Api {
    pub(super) access: Access,
    pub(super) limits: Limits,
    pub(super) deadline: Duration,
}

impl Api {
    /// Sends one request. `call` names it in metrics.
    pub(super) async fn call(
        &self,
        call: &'static str,
        speaker: Speaker<'_>,
        request: Request,
    ) -> Result<Answer, TrackerError> {
        let outcome = match self.within_limits(speaker, &request).await {
            Ok(answer) => {
                self.limits.answered();
                Ok(answer)
            }
            Err(Verdict::RateLimited(wait)) => Err(TrackerError::RateLimited(self.limits.refused(wait))),
            Err(Verdict::Error(error)) => Err(error),
        };
        let word = outcome.as_ref().map_or_else(word, |_| "ok");
        metrics::counter!("planwright_tracker_calls_total", "tracker" => "github", "call" => call, "outcome" => word)
            .increment(1);
        outcome
    }

    /// A token for git over HTTPS.
    pub(super) async fn git_token(&self, repository: &RepoPath) -> Result<secrecy::SecretString, TrackerError> {
        let deadline = Instant::now() + self.deadline;
        match timeout_at(deadline, self.access.token(repository)).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(Verdict::Error(error))) => Err(error),
            Ok(Err(Verdict::RateLimited(wait))) => Err(TrackerError::RateLimited(self.limits.refused(wait))),
            Err(_) => Err(TrackerError::Unavailable("no token in time".to_owned())),
        }
    }

    /// Waits for leave, gets credentials, sends, judges; all before the deadline.
    async fn within_limits(&self, speaker: Speaker<'_>, request: &Request) -> Result<Answer, Verdict> {
        let start = Instant::now();
        let deadline = start + self.deadline;
        let leave = async {
            match request.kind() {
                Kind::Read => self.limits.read().await,
                Kind::Write => self.limits.write().await,
            }
        };
        let leave = timeout_at(deadline, leave).await;
        metrics::histogram!("planwright_tracker_wait_seconds", "tracker" => "github").record(start.elapsed());
        let _leave = leave
            .map_err(|_| TrackerError::Unavailable("no leave in time".to_owned()))?
            .map_err(TrackerError::RateLimited)?;
        let prepared = timeout_at(deadline, self.speaker(speaker)).await;
        let octocrab = prepared.map_err(|_| TrackerError::Unavailable("no credentials in time".to_owned()))??;
        let sent = Instant::now();
        let answered = timeout_at(deadline, exchange(&octocrab, request)).await;
        metrics::histogram!("planwright_tracker_call_seconds", "tracker" => "github").record(sent.elapsed());
        answered.unwrap_or_else(|_| Err(request.kind().unclear("no answer in time".to_owned()).into()))
    }

    /// The octocrab that speaks.
    async fn speaker(&self, speaker: Speaker<'_>) -> Result<std::sync::Arc<Octocrab>, Verdict> {
        match speaker {
            Speaker::Itself => Ok(self.access.itself().clone()),
            Speaker::For(repository) => self.access.repository(repository).await,
        }
    }
}

/// Sends one request and judges the answer; no limits, no deadline.
pub(super) async fn exchange(octocrab: &Octocrab, request: &Request) -> Result<Answer, Verdict> {
    let kind = request.kind();
    let builder = ::http::request::Builder::new().method(request.method.clone()).uri(&request.path);
    let wire = octocrab
        .build_request(builder, request.body.as_ref())
        .map_err(|_| TrackerError::Refused("the request cannot be written".to_owned()))?;
    let response = octocrab.execute(wire).await.map_err(|error| failure(kind, &error))?;
    let (status, headers): (StatusCode, _) = (response.status(), response.headers().clone());
    let body = match octocrab.body_to_string(response).await {
        Ok(body) => body,
        // What the status says is certain even when the text does not read.
        Err(_) if !status.is_success() => String::new(),
        Err(error) => return Err(failure(kind, &error)),
    };
    judge(kind, status, &headers, &body)?;
    Ok(Answer { headers, body })
}
