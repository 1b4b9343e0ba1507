//! One request to GitHub, from leave to answer: limits, credentials, deadline, verdict, metrics.
//!
//! In: a request for a path below the API's base. Out: a successful answer or a [`TrackerError`]. Nothing is sent
//! twice here; the deadline spans everything from the first wait on, so that a caller's lease can be measured by it.

use std::time::Duration;

use ::http::{HeaderMap, Method, StatusCode, header::LOCATION};
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
    /// Redirects below this base are followed; without one, none is.
    follows: Option<String>,
}

/// The most redirects of one request that are followed.
const MOST_HOPS: usize = 3;

impl Request {
    /// Reads.
    pub(super) fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None, follows: None }
    }

    /// Changes something.
    pub(super) fn change(method: Method, path: String, body: Option<serde_json::Value>) -> Self {
        Self { method, path, body, follows: None }
    }

    /// The same read, which goes where GitHub says that a renamed repository is now: below this base and nowhere else.
    pub(super) fn following(self, base: &str) -> Self {
        Self { follows: Some(base.to_owned()), ..self }
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
    let mut path = request.path.clone();
    for _ in 0..=MOST_HOPS {
        match exchange_once(octocrab, request, &path).await? {
            Exchanged::Answer(answer) => return Ok(answer),
            Exchanged::Moved(to) => path = to,
        }
    }
    Err(TrackerError::Refused("redirected again and again".to_owned()).into())
}

/// What one exchange gave.
enum Exchanged {
    Answer(Answer),
    /// It is at this path now.
    Moved(String),
}

/// Sends a request to a path and judges the answer.
async fn exchange_once(octocrab: &Octocrab, request: &Request, path: &str) -> Result<Exchanged, Verdict> {
    let kind = request.kind();
    let builder = ::http::request::Builder::new().method(request.method.clone()).uri(path);
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
    if let (Some(base), true) = (&request.follows, status.is_redirection() && status != StatusCode::NOT_MODIFIED) {
        let elsewhere = || TrackerError::Refused(format!("{} to another address", status.as_u16()));
        return Ok(Exchanged::Moved(moved_to(base, &headers).ok_or_else(elsewhere)?));
    }
    judge(kind, status, &headers, &body)?;
    Ok(Exchanged::Answer(Answer { headers, body }))
}

/// The path that a redirect names, if it is below the base.
fn moved_to(base: &str, headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let path = location.strip_prefix(base).unwrap_or(location);
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'#' | b'\\' | b'@'));
    (path.starts_with('/') && !path.starts_with("//") && !path.contains("..") && plain).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_below_the_base() {
        let check = |location: &str, expected: Option<&str>| {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().expect("a header value"))]);
            assert_eq!(moved_to("https://git.acme.test/api/v3", &headers).as_deref(), expected, "{location}");
        };
        check("https://git.acme.test/api/v3/repositories/7/x", Some("/repositories/7/x"));
        check("/repositories/7/x?page=2", Some("/repositories/7/x?page=2"));
        check("https://git.acme.test/repositories/7", None);
        check("https://git.acme.test.evil.test/api/v3/x", None);
        check("https://git.acme.test/api/v3.evil.test/x", None);
        check("https://git.acme.test/api/v3@evil.test/x", None);
        check("https://evil.test/api/v3/x", None);
        check("//evil.test/x", None);
        check("/../x", None);
        check("", None);
    }
}
