//! The receiving half of a connection to Azure DevOps: proof first, then the JSON of a delivery.
//!
//! In: a request, whole and untrusted. Out: a [`Delivery`] or a refusal. Azure DevOps signs nothing: the proof is a
//! Basic password over HTTPS, and what a delivery says is read again before it counts. Never parses JSON before the
//! proof, never inflates a body, never takes the connection or a password from the request.
//! <https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks>

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{
    HeaderMap,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::decode;
use crate::{
    model::{ConnectionName, delivery::Delivery, event::Decoded},
    trackers::{
        Inbound, RawDelivery, Refusal,
        auth::{self, Secrets, SecretsError},
    },
};

/// The longest event id and event name that are taken, in bytes.
const WORD_LIMIT: usize = 100;

/// The passwords that prove a delivery: one, or several while rotating. Hashes only.
pub(super) struct Passwords {
    /// The user's name, where one is asked for.
    user: Option<String>,
    hashes: Vec<[u8; 32]>,
}

impl Passwords {
    /// Fails closed, as for signatures: a missing or blank password would let anyone in.
    pub(super) fn new(user: Option<String>, passwords: &[SecretString]) -> Result<Self, SecretsError> {
        Secrets::new(passwords)?;
        let hash = |password: &SecretString| Sha256::digest(password.expose_secret().as_bytes()).into();
        Ok(Self { user, hashes: passwords.iter().map(hash).collect() })
    }

    /// Does the one `Authorization` header hold one of the passwords (RFC 7617)? Takes as long for every wrong one.
    fn prove(&self, headers: &HeaderMap) -> bool {
        let Some((user, password)) = credentials(headers) else { return false };
        let given: [u8; 32] = Sha256::digest(&password).into();
        let known = self.hashes.iter().fold(Choice::from(0), |found, hash| found | hash.ct_eq(&given));
        let named = self.user.as_ref().is_none_or(|wanted| wanted.as_bytes() == user);
        bool::from(known) && named
    }
}

/// User and password of a Basic header that stands once. The password may hold colons, the user cannot.
fn credentials(headers: &HeaderMap) -> Option<(Vec<u8>, Vec<u8>)> {
    let (scheme, value) = auth::single(headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    let mut user = scheme.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(value.trim()).ok())??;
    let colon = user.iter().position(|byte| *byte == b':')?;
    let password = user.split_off(colon + 1);
    user.pop();
    Some((user, password))
}

/// Receives the deliveries of one connection.
pub(super) struct Receiver {
    pub(super) connection: ConnectionName,
    pub(super) passwords: Passwords,
    pub(super) rules: decode::Accepted,
}

impl Inbound for Receiver {
    fn verify(&self, raw: RawDelivery) -> Result<Delivery, Refusal> {
        check_media_type(&raw.headers)?;
        if !self.passwords.prove(&raw.headers) {
            return Err(Refusal::BadProof);
        }
        let head: Head<'_> = serde_json::from_slice(&raw.body).unwrap_or_default();
        Ok(Delivery {
            connection: self.connection.clone(),
            guid: word(head.id).unwrap_or_else(|| body_id(&raw.body)),
            event: word(head.event_type).unwrap_or_default(),
            json: raw.body,
        })
    }

    fn decode(&self, delivery: &Delivery) -> Decoded {
        decode::decode(delivery, &self.rules)
    }
}

/// What names a delivery; the rest of the body is left to `decode`.
#[derive(Default, Deserialize)]
struct Head<'a> {
    #[serde(borrow, alias = "Id")]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "eventType", alias = "EventType")]
    event_type: Option<Cow<'a, str>>,
}

/// Deliveries are JSON, uncompressed; doubled headers are refused.
fn check_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let coded =
        headers.get_all(CONTENT_ENCODING).iter().any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    let value = auth::single(headers, CONTENT_TYPE.as_str()).filter(|_| !coded).ok_or(Refusal::MediaType)?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refusal::MediaType) }
}

/// A name that is short and printable.
fn word(text: Option<Cow<'_, str>>) -> Option<String> {
    let fit =
        |word: &Cow<'_, str>| (1..=WORD_LIMIT).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_graphic());
    text.filter(fit).map(Cow::into_owned)
}

/// Stands in for an event's id that is missing or unfit: equal bodies share it.
fn body_id(body: &[u8]) -> String {
    format!("sha256-{}", hex::encode(Sha256::digest(body)))
}
