//! Webhook deliveries on their way: sent in order, and kept with their answers.
//!
//! In: drafts that a tracker made. Out: one POST each and its record. Never retries by itself.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{kind::Kind, site::Site};

/// A delivery about to be sent.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The attempt's number.
    pub id: u64,
    /// The delivery's id, the same in every attempt.
    pub guid: String,
    pub event: String,
    pub action: Option<String>,
    /// The project it is about; empty for deliveries about none.
    pub project: String,
    /// JSON.
    pub payload: Arc<str>,
    /// How many attempts came before.
    pub attempts: u32,
}

/// A POST, made up.
#[derive(Clone, Debug)]
pub struct Letter {
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// A delivery that was sent, or that found no one.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub draft: Draft,
    pub sent: Sent,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// How a delivery went.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The attempt's number.
    pub id: u64,
    /// The delivery's id, the same in redeliveries.
    pub guid: String,
    pub event: String,
    pub action: Option<String>,
    /// The receiver's answer; none where it gave none.
    pub status: Option<u16>,
    /// The beginning of the answer's body.
    pub answer: String,
    pub elapsed: Duration,
}

impl Sent {
    /// The receiver took it.
    pub fn is_ok(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// `sha256=` and the HMAC of the bytes, in hexadecimal: GitHub and Jira sign so.
///
/// # Panics
/// Never: HMAC takes keys of every length.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// A GUID that follows from what it names.
pub fn guid(of: &str) -> String {
    let digest = Sha256::digest(of);
    let hex = hex::encode(&digest[..16]);
    format!("{}-{}-11f1-{}-{}", &hex[..8], &hex[8..12], &hex[16..20], &hex[20..32])
}

/// Sending deliveries.
impl<K: Kind> Site<K> {
    /// Sends what an act has made, in order, and waits for the answers.
    pub async fn send_all(&self, drafts: Vec<Draft>) -> Vec<Sent> {
        let mut sent = Vec::with_capacity(drafts.len());
        for draft in drafts {
            sent.push(self.send(draft).await);
        }
        sent
    }

    async fn send(&self, draft: Draft) -> Sent {
        let letter = self.with(|state| K::letter(&state.own, &draft));
        let start = Instant::now();
        let (status, answer) = match letter {
            Some(letter) => self.post(letter).await,
            None => (None, String::new()),
        };
        let sent = Sent {
            id: draft.id,
            guid: draft.guid.clone(),
            event: draft.event.clone(),
            action: draft.action.clone(),
            status,
            answer,
            elapsed: start.elapsed(),
        };
        self.with(|state| {
            let at = state.world.now();
            state.sent(Delivery { draft, sent: sent.clone(), at });
        });
        sent
    }

    async fn post(&self, letter: Letter) -> (Option<u16>, String) {
        let mut request = self.http().post(&letter.url);
        for (name, value) in letter.headers {
            request = request.header(name, value);
        }
        match request.body(letter.body).send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let text = response.text().await.unwrap_or_default();
                (Some(status), text.chars().take(2_000).collect())
            }
            Err(_) => (None, String::new()),
        }
    }
}
