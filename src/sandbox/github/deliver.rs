//! Webhook deliveries: made from the world, signed, sent, and kept for the list that a sweep reads.
//!
//! In: what happened and who did it. Out: one signed POST and its record. Never retries: GitHub does not. Sources:
//! "Webhook events and payloads" and "Validating webhook deliveries" at docs.github.com.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    app,
    json::{Show, node_id},
    site::Site,
    state::State,
};
use crate::sandbox::world::{Project, Ticket, TicketKey};

/// GitHub waits this long for an answer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// Where deliveries go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hook {
    pub url: String,
    /// As a form field, which is GitHub's default, in place of JSON.
    pub form: bool,
}

/// A delivery about to be sent.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub id: u64,
    pub guid: String,
    pub event: String,
    pub action: Option<String>,
    /// The project it is about; empty for deliveries about none.
    pub project: String,
    /// JSON.
    pub payload: Arc<str>,
    pub redelivery: bool,
}

/// A delivery that was sent, or that found no one.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
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

/// `sha256=` and the HMAC of the bytes, in hexadecimal.
///
/// # Panics
/// Never: HMAC takes keys of every length.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Making deliveries.
impl State {
    /// Makes a delivery about a ticket as it stands; `more` are the fields beside those that every payload has.
    pub fn tell(&mut self, base: &str, about: &About<'_>, key: &TicketKey, more: Value) {
        let Some(ticket) = self.world.ticket(key).cloned() else { return };
        self.tell_of(base, about, &ticket, more);
    }

    /// Makes a delivery about a ticket that need not be there any more.
    pub fn tell_of(&mut self, base: &str, about: &About<'_>, ticket: &Ticket, more: Value) {
        let Some(project) = self.world.project(&ticket.key.project) else { return };
        let show = Show { world: &self.world, base };
        let mut payload = envelope(show, project, about);
        payload["issue"] = show.issue(project, ticket);
        if let (Value::Object(payload), Value::Object(more)) = (&mut payload, more) {
            payload.extend(more);
        }
        self.draft(about.event, Some(about.action), &ticket.key.project, payload.to_string().into());
    }

    /// Makes a delivery from a payload.
    pub fn draft(&mut self, event: &str, action: Option<&str>, project: &str, payload: Arc<str>) {
        self.drafted += 1;
        let draft = Draft {
            id: delivery_id(self.drafted),
            guid: guid(self.drafted),
            event: event.to_owned(),
            action: action.map(str::to_owned),
            project: project.to_owned(),
            payload,
            redelivery: false,
        };
        self.outgoing.push(draft);
    }

    /// Makes a delivery again: a new attempt under the same GUID.
    pub fn draft_again(&mut self, id: u64) -> Option<()> {
        let old = self.deliveries.iter().find(|delivery| delivery.draft.id == id)?.draft.clone();
        self.drafted += 1;
        self.outgoing.push(Draft { id: delivery_id(self.drafted), redelivery: true, ..old });
        Some(())
    }
}

/// What a payload says happened.
pub(super) struct About<'a> {
    pub event: &'a str,
    pub action: &'a str,
    pub sender: &'a str,
}

fn envelope(show: Show<'_>, project: &Project, about: &About<'_>) -> Value {
    let mut envelope = json!({
        "action": about.action,
        "repository": show.repository(project),
        "sender": show.user(about.sender),
        "installation": {
            "id": app::INSTALLATION,
            "node_id": node_id("IntegrationInstallation", app::INSTALLATION)
        }
    });
    if let Some(organization) = show.organization(project) {
        envelope["organization"] = organization;
    }
    envelope
}

/// Attempts are numbered past 2^53 on GitHub: readers that keep numbers as floating point lose digits.
fn delivery_id(n: u64) -> u64 {
    1_810_400_204_030_001_153 + n * 1_000_003
}

/// A GUID that follows from the delivery's number.
fn guid(n: u64) -> String {
    let digest = Sha256::digest(format!("delivery {n}"));
    let hex = hex::encode(&digest[..16]);
    format!("{}-{}-11f1-{}-{}", &hex[..8], &hex[8..12], &hex[16..20], &hex[20..32])
}

/// Sending deliveries.
impl Site {
    /// Sends what the act has made, in order, and waits for the answers.
    pub(super) async fn send_all(&self, drafts: Vec<Draft>) -> Vec<Sent> {
        let mut sent = Vec::with_capacity(drafts.len());
        for draft in drafts {
            sent.push(self.send(draft).await);
        }
        sent
    }

    async fn send(&self, draft: Draft) -> Sent {
        let (hook, secret) = self.with(|state| (state.hook.clone(), state.secret.clone()));
        let start = Instant::now();
        let (status, answer) = match hook {
            Some(hook) => self.post(&hook, &secret, &draft).await,
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

    async fn post(&self, hook: &Hook, secret: &str, draft: &Draft) -> (Option<u16>, String) {
        let (kind, body) = encode(hook.form, &draft.payload);
        let request = self
            .http
            .post(&hook.url)
            .header("accept", "*/*")
            .header("content-type", kind)
            .header("user-agent", "GitHub-Hookshot/5ba4d57")
            .header("x-github-delivery", &draft.guid)
            .header("x-github-event", &draft.event)
            .header("x-github-hook-id", app::HOOK)
            .header("x-github-hook-installation-target-id", app::ID)
            .header("x-github-hook-installation-target-type", "integration")
            .header("x-hub-signature-256", signature(secret, body.as_bytes()))
            .body(body);
        match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let text = response.text().await.unwrap_or_default();
                (Some(status), text.chars().take(2_000).collect())
            }
            Err(_) => (None, String::new()),
        }
    }
}

fn encode(form: bool, payload: &str) -> (&'static str, String) {
    if !form {
        return ("application/json", payload.to_owned());
    }
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", payload).finish();
    ("application/x-www-form-urlencoded", body)
}
