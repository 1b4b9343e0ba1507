//! A model behind HTTP: one question, one answer, within limits.
//!
//! In: a prompt and a fence. Out: an [`Answer`], or why there is none. Answers are capped, calls have a deadline, 429, 5xx
//! and broken connections are tried again a few times (a question changes nothing, so asking twice is safe). Error texts
//! are our own words: what a provider writes may repeat a key or the ticket.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use secrecy::SecretString;
use tracing::debug;

use super::{
    fence::Fence,
    prompt::Prompt,
    protocol::{Answer, Provider, Question},
};
use crate::http::{Client, describe, read_capped};

/// The longest answer that is read, in bytes.
const ANSWER_LIMIT: usize = 4 << 20;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Out of reach, overloaded or too slow, and it stayed so.
    #[error("{0}")]
    Unavailable(String),
    /// It will not answer this: wrong key, wrong model, wrong request.
    #[error("{0}")]
    Refused(String),
    /// What came back is no answer.
    #[error("{0}")]
    Unreadable(String),
}

/// Something that answers questions.
#[async_trait]
pub trait Model: Send + Sync {
    /// Whose protocol, and which model: part of each request's hash.
    fn name(&self) -> (Provider, &str);
    /// Asks.
    async fn ask(&self, prompt: &Prompt, fence: &Fence) -> Result<Answer, ModelError>;
}

/// How a provider is reached.
pub struct HttpModel {
    pub client: Client,
    pub provider: Provider,
    /// Without a slash at the end.
    pub base: String,
    pub key: Option<SecretString>,
    pub model: String,
    /// How often a call is tried again.
    pub retries: u32,
    /// The wait before the first retry; it doubles.
    pub backoff: Duration,
    /// A longer wait than this is not waited: the job that waits holds its worker, and the offline plan is at hand.
    pub patience: Duration,
}

/// How one call failed.
struct Failure {
    error: ModelError,
    /// Trying again can help; after this long, when the provider said so.
    again: Option<Option<Duration>>,
}

#[async_trait]
impl Model for HttpModel {
    fn name(&self) -> (Provider, &str) {
        (self.provider, &self.model)
    }

    async fn ask(&self, prompt: &Prompt, fence: &Fence) -> Result<Answer, ModelError> {
        let body = self.body(prompt, fence);
        let mut backoff = self.backoff;
        for left in (0..=self.retries).rev() {
            let (started, outcome) = (Instant::now(), self.call(&body).await);
            self.record(started, &outcome);
            let failure = match outcome {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let wait = failure.again.map(|named| named.unwrap_or(backoff));
            match wait {
                Some(wait) if left > 0 && wait <= self.patience => {
                    debug!(error = %failure.error, ?wait, "asking the model again");
                    tokio::time::sleep(wait).await;
                    backoff = backoff.saturating_mul(2).min(self.patience);
                }
                _ => return Err(failure.error),
            }
        }
        Err(ModelError::Unavailable("not asked".to_owned()))
    }
}

impl HttpModel {
    /// The request's bytes.
    fn body(&self, prompt: &Prompt, fence: &Fence) -> Vec<u8> {
        let (system, user) = (prompt.system(fence), prompt.user(fence));
        let question = Question {
            model: &self.model,
            system: &system,
            user: &user,
            name: &prompt.section,
            schema: &prompt.schema,
            output_tokens: prompt.output_tokens,
        };
        self.provider.body(&question).to_string().into_bytes()
    }

    /// Sends one request and reads the answer.
    async fn call(&self, body: &[u8]) -> Result<Answer, Failure> {
        let refused = |what: &str| Failure { error: ModelError::Refused(what.to_owned()), again: None };
        let address = format!("{}{}", self.base, self.provider.path()).parse();
        let mut request = reqwest::Request::new(Method::POST, address.map_err(|_| refused("the address is wrong"))?);
        let headers = self.provider.headers(self.key.as_ref()).ok_or_else(|| refused("the key fits no header"))?;
        request.headers_mut().extend(headers);
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.to_vec().into());
        let response = self.client.send(request).await.map_err(|error| broken(describe(error)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status != StatusCode::OK {
            return Err(judge(status, &headers));
        }
        if !is_json(&headers) {
            return Err(unreadable("the answer is not JSON"));
        }
        let body = read_capped(response, ANSWER_LIMIT).await.map_err(|error| match error {
            crate::http::ReadError::TooLong(_) => unreadable(&error.to_string()),
            crate::http::ReadError::Broken(error) => broken(describe(error)),
        })?;
        self.provider.read(&body).map_err(|error| unreadable(&error.to_string()))
    }

    /// Counts a call.
    fn record(&self, started: Instant, outcome: &Result<Answer, Failure>) {
        let word = match outcome.as_ref().map_err(|failure| &failure.error) {
            Ok(_) => "ok",
            Err(ModelError::Unavailable(_)) => "unavailable",
            Err(ModelError::Refused(_)) => "refused",
            Err(ModelError::Unreadable(_)) => "unreadable",
        };
        let provider = self.provider.word();
        metrics::counter!("planwright_model_calls_total", "provider" => provider, "outcome" => word).increment(1);
        metrics::histogram!("planwright_model_call_seconds", "provider" => provider).record(started.elapsed());
    }
}

/// No answer came, or it broke off.
fn broken(what: String) -> Failure {
    Failure { error: ModelError::Unavailable(what), again: Some(None) }
}

/// Something came that is no answer. The same question may well get one.
fn unreadable(what: &str) -> Failure {
    Failure { error: ModelError::Unreadable(what.to_owned()), again: Some(None) }
}

/// What a status other than 200 means. 529 is Anthropic's word for overload.
fn judge(status: StatusCode, headers: &HeaderMap) -> Failure {
    let code = status.as_u16();
    let named = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let named = named.map(Duration::from_secs);
    let unavailable =
        |what: &str| Failure { error: ModelError::Unavailable(format!("{what} (status {code})")), again: Some(named) };
    let refused = |what: &str| Failure { error: ModelError::Refused(format!("{what} (status {code})")), again: None };
    match code {
        429 => unavailable("over the rate limit"),
        408 | 409 | 425 | 500..=599 => unavailable("the service failed"),
        401 | 403 => refused("the key was refused"),
        404 => refused("no such model or address"),
        413 => refused("the question is too long"),
        300..=399 => refused("the address leads elsewhere"),
        _ => refused("the question was refused"),
    }
}

/// Does the answer call itself JSON?
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
