//! The receiving half of a GitHub connection: proof first, then the JSON of a delivery.
//!
//! In: a request, whole and untrusted. Out: a [`Delivery`] or a refusal. Never parses JSON before the proof, never
//! inflates a body, never takes the connection or a secret from the request.
//! <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>

use bytes::Bytes;
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use sha2::{Digest, Sha256};

use super::decode;
use crate::{
    model::{ConnectionName, delivery::Delivery, event::Decoded},
    trackers::{
        Inbound, RawDelivery, Refusal,
        auth::{self, Method, Secrets, Signature},
    },
};

/// The longest delivery id and event name that are taken from headers, in bytes.
const HEADER_LIMIT: usize = 100;

/// Receives the deliveries of one connection.
pub(super) struct Receiver {
    pub(super) connection: ConnectionName,
    pub(super) secrets: Secrets,
    /// The App's own number, to know its comments.
    pub(super) app_id: Option<u64>,
}

impl Inbound for Receiver {
    fn verify(&self, raw: RawDelivery) -> Result<Delivery, Refusal> {
        let form = media_type(&raw.headers)?;
        let signature =
            Signature::from_header(&raw.headers, "x-hub-signature-256", &[Method::Sha256]).ok_or(Refusal::BadProof)?;
        if !self.secrets.prove(&signature, &raw.body) {
            return Err(Refusal::BadProof);
        }
        Ok(Delivery {
            connection: self.connection.clone(),
            guid: header_word(&raw.headers, "x-github-delivery").map_or_else(|| body_id(&raw.body), str::to_owned),
            event: header_word(&raw.headers, "x-github-event").unwrap_or_default().to_owned(),
            json: match form {
                Form::Json => raw.body,
                Form::UrlEncoded => payload_field(&raw.body)?,
            },
        })
    }

    fn decode(&self, delivery: &Delivery) -> Decoded {
        decode::decode(delivery, self.app_id)
    }
}

/// How the JSON lies in the body (`content_type` of the webhook; the API's default is `form`).
enum Form {
    Json,
    UrlEncoded,
}

/// Reads the content type; refuses others, doubled headers, and every encoding.
fn media_type(headers: &HeaderMap) -> Result<Form, Refusal> {
    let coded =
        headers.get_all(CONTENT_ENCODING).iter().any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    let value = auth::single(headers, CONTENT_TYPE.as_str()).filter(|_| !coded).ok_or(Refusal::MediaType)?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(Form::Json)
    } else if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Ok(Form::UrlEncoded)
    } else {
        Err(Refusal::MediaType)
    }
}

/// The one `payload` field of a form body, percent-decoded in one pass.
fn payload_field(body: &[u8]) -> Result<Bytes, Refusal> {
    let mut payloads = url::form_urlencoded::parse(body).filter(|(name, _)| name == "payload");
    match (payloads.next(), payloads.next()) {
        (Some((_, value)), None) => Ok(Bytes::from(value.into_owned())),
        _ => Err(Refusal::BadForm),
    }
}

/// A header that stands once and is short and printable; headers are not signed, so nothing else is believed.
fn header_word<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    auth::single(headers, name)
        .filter(|word| (1..=HEADER_LIMIT).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_graphic()))
}

/// Stands in for a delivery id that is missing or unfit: equal bodies share it.
fn body_id(body: &[u8]) -> String {
    format!("sha256-{}", hex::encode(Sha256::digest(body)))
}
