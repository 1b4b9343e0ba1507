//! A program that an identity provider knows: OAuth's client credentials (RFC 6749, section 4.4).
//!
//! In: the program's id and secret. Out: the `Authorization` header. A token is fetched when first needed, kept until
//! shortly before it ends, and made anew once the tracker refuses it. Never logs or shows token or secret.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use http::{HeaderValue, Method, header::CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};

use super::{
    TrackerError,
    rest::{Credentials, Fixed},
    verdict::{Verdict, number},
};
use crate::http::{Client, describe, read_capped};

/// A token is renewed this long before its end, or at half its life where that is later.
pub const EARLY: Duration = Duration::from_secs(300);
/// The longest answer of the identity provider that is read, in bytes.
const ANSWER_LIMIT: usize = 256 * 1024;

/// What a token is asked for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// Whatever the program may do.
    Any,
    /// A scope (RFC 6749, section 3.3).
    Scope(String),
}

/// A program with its own secret (OAuth's client credentials, RFC 6749, section 4.4).
pub struct Program {
    client: Client,
    token_url: String,
    client_id: String,
    client_secret: SecretString,
    /// What the token is for, in the provider's own terms.
    purpose: Purpose,
    kept: Mutex<Option<Kept>>,
    is_refused: AtomicBool,
}

/// A token and when to renew it.
struct Kept {
    token: SecretString,
    renew_at: Instant,
}

/// The identity provider's answer.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// Seconds.
    expires_in: u64,
}

impl Program {
    /// A program that has no token yet.
    pub fn new(
        client: Client,
        token_url: String,
        client_id: String,
        client_secret: SecretString,
        purpose: Purpose,
    ) -> Self {
        Self {
            client,
            token_url,
            client_id,
            client_secret,
            purpose,
            kept: Mutex::new(None),
            is_refused: AtomicBool::new(false),
        }
    }

    /// A token that still holds; one request at a time asks for a new one.
    pub async fn token(&self) -> Result<SecretString, Verdict> {
        let mut kept = self.kept.lock().await;
        if self.is_refused.swap(false, Ordering::Relaxed) {
            *kept = None;
        }
        if let Some(kept) = kept.as_ref().filter(|kept| Instant::now() < kept.renew_at) {
            return Ok(kept.token.clone());
        }
        let granted = self.ask().await?;
        let life = Duration::from_secs(granted.expires_in.min(86_400));
        let renew_at = Instant::now() + life.saturating_sub(EARLY).max(life / 2);
        let token = SecretString::from(granted.access_token);
        *kept = Some(Kept { token: token.clone(), renew_at });
        Ok(token)
    }

    /// Asks the identity provider. Asking has no effect on the tracker: nothing is unknown afterwards.
    async fn ask(&self) -> Result<Granted, Verdict> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
        ];
        match &self.purpose {
            Purpose::Any => {}
            Purpose::Scope(scope) => form.push(("scope", scope)),
        }
        let unavailable = |what: String| Verdict::from(TrackerError::Unavailable(format!("no token: {what}")));
        let sent = self.client.send(self.request(&form)?).await;
        let response = sent.map_err(|error| unavailable(describe(error)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.as_u16() == 429 {
            return Err(Verdict::RateLimited(number(&headers, "retry-after").map(Duration::from_secs)));
        }
        if status.is_server_error() {
            return Err(unavailable(format!("the identity provider answers {}", status.as_u16())));
        }
        let body = read_capped(response, ANSWER_LIMIT).await.map_err(|error| unavailable(error.to_string()))?;
        if !status.is_success() {
            return Err(TrackerError::Unauthorized(format!("no token: {} {}", status.as_u16(), reason(&body))).into());
        }
        serde_json::from_slice(&body)
            .map_err(|_| unavailable("the identity provider's answer does not read".to_owned()))
    }

    /// The request for a token: a form, as OAuth asks for.
    fn request(&self, form: &[(&str, &str)]) -> Result<reqwest::Request, Verdict> {
        let refused = |_| Verdict::from(TrackerError::Refused("token_url is no address".to_owned()));
        let mut request = reqwest::Request::new(Method::POST, self.token_url.parse().map_err(refused)?);
        let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        *request.body_mut() = Some(body.into());
        Ok(request)
    }
}

/// The provider's word for what is wrong (RFC 6749, section 5.2); its description may name the tenant and is left out.
fn reason(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Error {
        error: String,
    }
    let word = serde_json::from_slice(body).map_or_else(|_| String::new(), |error: Error| error.error);
    word.chars().take(60).filter(char::is_ascii_graphic).collect()
}

#[async_trait]
impl Credentials for Program {
    async fn authorization(&self) -> Result<HeaderValue, Verdict> {
        let token = self.token().await?;
        match Fixed::bearer(token.expose_secret()) {
            Some(fixed) => fixed.authorization().await,
            None => Err(TrackerError::Unauthorized("the token holds characters that no header may".to_owned()).into()),
        }
    }

    fn refused(&self) {
        self.is_refused.store(true, Ordering::Relaxed);
    }
}
