//! Webhook deliveries: made from the world and signed.
//!
//! In: what happened and who did it. Out: drafts, and the signed POST of each. Never retries: GitHub does not. Sources:
//! "Webhook events and payloads" and "Validating webhook deliveries" at docs.github.com.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Own, State, app,
    json::{Show, node_id},
};
use crate::sandbox::{
    deliver::{Draft, Letter, guid, signature},
    world::{Project, Ticket, TicketKey},
};

/// Where deliveries go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    pub url: String,
    /// As a form field, which is GitHub's default, in place of JSON.
    pub form: bool,
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
            guid: guid(&format!("delivery {}", self.drafted)),
            event: event.to_owned(),
            action: action.map(str::to_owned),
            project: project.to_owned(),
            payload,
            attempts: 0,
        };
        self.outgoing.push(draft);
    }

    /// Makes a delivery again: a new attempt under the same GUID.
    pub fn draft_again(&mut self, id: u64) -> Option<()> {
        let old = self.deliveries.iter().find(|delivery| delivery.draft.id == id)?.draft.clone();
        self.drafted += 1;
        self.outgoing.push(Draft { id: delivery_id(self.drafted), attempts: old.attempts + 1, ..old });
        Some(())
    }
}

/// What a payload says happened.
pub struct About<'a> {
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

/// The POST of a delivery.
pub fn letter(own: &Own, draft: &Draft) -> Option<Letter> {
    let hook = own.hook.as_ref()?;
    let (kind, body) = encode(hook.form, &draft.payload);
    let headers = vec![
        ("accept", "*/*".to_owned()),
        ("content-type", kind.to_owned()),
        ("user-agent", "GitHub-Hookshot/5ba4d57".to_owned()),
        ("x-github-delivery", draft.guid.clone()),
        ("x-github-event", draft.event.clone()),
        ("x-github-hook-id", app::HOOK.to_string()),
        ("x-github-hook-installation-target-id", app::ID.to_string()),
        ("x-github-hook-installation-target-type", "integration".to_owned()),
        ("x-hub-signature-256", signature(&own.secret, body.as_bytes())),
    ];
    Some(Letter { url: hook.url.clone(), headers, body })
}

fn encode(form: bool, payload: &str) -> (&'static str, String) {
    if !form {
        return ("application/json", payload.to_owned());
    }
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", payload).finish();
    ("application/x-www-form-urlencoded", body)
}
