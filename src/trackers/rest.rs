//! One JSON request to a tracker without a client library of its own: limits, credentials, deadline, verdict, metrics.
//!
//! In: a request for a path below the API's base. Out: a successful answer or a [`TrackerError`]. Nothing is sent twice
//! here, no redirect is followed, no other host is spoken to. The deadline spans everything from the first wait on, so
//! that a caller's lease can be measured by it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::{
    TrackerError,
    limits::Limits,
    verdict::{Kind, Verdict, word},
};
use crate::http::{Client, ReadError, describe, read_capped};

/// The longest response that is read, in bytes.
const RESPONSE_LIMIT: usize = 32 << 20;

/// What stands in `Authorization`.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The header's value, marked as sensitive.
    async fn authorization(&self) -> Result<HeaderValue, Verdict>;
    /// The tracker refused the value: the next one is made anew.
    fn refused(&self) {}
}

/// Credentials that stay the same: a password, an API token.
pub struct Fixed(HeaderValue);

impl Fixed {
    /// `Basic`, from a user (may be empty) and a password (RFC 7617).
    pub fn basic(user: &str, password: &str) -> Option<Self> {
        use base64::Engine as _;
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        Self::of(&format!("Basic {pair}"))
    }

    /// `Bearer`, from a token (RFC 6750).
    pub fn bearer(token: &str) -> Option<Self> {
        Self::of(&format!("Bearer {token}"))
    }

    /// The value as it is; `None` where no header can hold it.
    fn of(value: &str) -> Option<Self> {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

#[async_trait]
impl Credentials for Fixed {
    async fn authorization(&self) -> Result<HeaderValue, Verdict> {
        Ok(self.0.clone())
    }
}

/// A request for a path below the API's base.
#[derive(Clone, Debug)]
pub struct Request {
    kind: Kind,
    method: Method,
    /// Path and query, with a slash at the start.
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Request {
    /// Reads.
    pub fn get(path: impl Into<String>) -> Self {
        Self { kind: Kind::Read, method: Method::GET, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// Changes something.
    pub fn change(method: Method, path: impl Into<String>) -> Self {
        Self { kind: Kind::Write, method, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// Asks by a method that usually changes something, and changes nothing.
    pub fn ask(method: Method, path: impl Into<String>) -> Self {
        Self { kind: Kind::Read, ..Self::change(method, path) }
    }

    /// With a JSON body.
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.body("application/json", body.to_string().into())
    }

    /// With a body of any type.
    pub fn body(mut self, content_type: &'static str, body: Bytes) -> Self {
        self.headers.push((CONTENT_TYPE, HeaderValue::from_static(content_type)));
        self.body = body;
        self
    }

    /// With a body whose type stands in a header of its own.
    pub fn bytes(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }

    /// With one more header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A successful answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    kind: Kind,
}

impl Answer {
    /// Reads the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, TrackerError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            self.kind.unclear(format!("the answer does not read (line {}, column {})", error.line(), error.column()))
        })
    }
}

/// Says what an answer means: `Ok` for success, by the tracker's own rules.
pub type Judge = fn(Kind, StatusCode, &HeaderMap, &[u8]) -> Result<(), Verdict>;

/// The REST interface of one connection.
pub struct Rest {
    /// Whose it is, in metrics.
    pub tracker: &'static str,
    pub client: Client,
    /// Without a slash at the end.
    pub base: String,
    pub credentials: Arc<dyn Credentials>,
    pub limits: Limits,
    pub judge: Judge,
    /// A wait that a successful answer asks for before the next request (Azure DevOps sends `Retry-After` with a 200).
    pub slow_down: fn(&HeaderMap) -> Option<Duration>,
    /// For one request with everything it needs.
    pub deadline: Duration,
}

impl Rest {
    /// Sends one request. `call` names it in metrics.
    pub async fn call(&self, call: &'static str, request: Request) -> Result<Answer, TrackerError> {
        let outcome = match self.within_limits(request).await {
            Ok(answer) => {
                self.limits.answered();
                if let Some(wait) = (self.slow_down)(&answer.headers) {
                    self.limits.refused(Some(wait));
                }
                Ok(answer)
            }
            Err(Verdict::RateLimited(wait)) => Err(TrackerError::RateLimited(self.limits.refused(wait))),
            Err(Verdict::Error(error)) => Err(error),
        };
        if let Err(TrackerError::Unauthorized(_)) = &outcome {
            self.credentials.refused();
        }
        let word = outcome.as_ref().map_or_else(word, |_| "ok");
        metrics::counter!("planwright_tracker_calls_total", "tracker" => self.tracker, "call" => call, "outcome" => word)
            .increment(1);
        outcome
    }

    /// Waits for leave, gets credentials, sends, judges; all before the deadline.
    async fn within_limits(&self, request: Request) -> Result<Answer, Verdict> {
        let start = Instant::now();
        let deadline = start + self.deadline;
        let leave = async {
            match request.kind {
                Kind::Read => self.limits.read().await,
                Kind::Write => self.limits.write().await,
            }
        };
        let leave = timeout_at(deadline, leave).await;
        metrics::histogram!("planwright_tracker_wait_seconds", "tracker" => self.tracker).record(start.elapsed());
        let _leave = leave
            .map_err(|_| TrackerError::Unavailable("no leave in time".to_owned()))?
            .map_err(TrackerError::RateLimited)?;
        let authorization = timeout_at(deadline, self.credentials.authorization()).await;
        let authorization =
            authorization.map_err(|_| TrackerError::Unavailable("no credentials in time".to_owned()))??;
        let (kind, sent) = (request.kind, Instant::now());
        let answered = timeout_at(deadline, self.exchange(request, authorization)).await;
        metrics::histogram!("planwright_tracker_call_seconds", "tracker" => self.tracker).record(sent.elapsed());
        answered.unwrap_or_else(|_| Err(kind.unclear("no answer in time".to_owned()).into()))
    }

    /// Sends one request and judges the answer; no limits, no deadline.
    async fn exchange(&self, request: Request, authorization: HeaderValue) -> Result<Answer, Verdict> {
        let Request { kind, method, path, headers, body } = request;
        let address = format!("{}{path}", self.base).parse();
        let address = address.map_err(|_| TrackerError::Refused("the request cannot be written".to_owned()))?;
        let mut request = reqwest::Request::new(method, address);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.headers_mut().insert(AUTHORIZATION, authorization);
        request.headers_mut().extend(headers);
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        let response = self.client.send(request).await.map_err(|error| failure(kind, error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match read_capped(response, RESPONSE_LIMIT).await {
            Ok(body) => body,
            // What the status says is certain even when the text does not read.
            Err(_) if !status.is_success() => Bytes::new(),
            Err(ReadError::Broken(error)) => return Err(failure(kind, error)),
            Err(too_long @ ReadError::TooLong(_)) => return Err(kind.unclear(too_long.to_string()).into()),
        };
        (self.judge)(kind, status, &headers, &body)?;
        Ok(Answer { status, headers, body, kind })
    }
}

/// Tells "no connection" (name, TCP, TLS), which is certainly without effect, from everything later.
fn failure(kind: Kind, error: reqwest::Error) -> Verdict {
    let not_sent = error.is_connect() || error.is_builder();
    let what = describe(error);
    if not_sent { TrackerError::Unavailable(what).into() } else { kind.unclear(what).into() }
}
