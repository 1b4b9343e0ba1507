//! The receiving half of a Jira connection: proof first, then the JSON of a delivery.
//!
//! In: a request, whole and untrusted. Out: a [`Delivery`] or a refusal. Never parses JSON before the proof, never
//! inflates a body, never takes the connection or a secret from the request, never falls back from one kind of proof to
//! another.
//!
//! A signature covers the body. The tokens of OAuth and Connect apps cover who sends (Connect also where to), not what:
//! as with an address alone, what work rests on is read again before it counts (see `confirm`).
//! <https://developer.atlassian.com/cloud/jira/platform/webhooks/>

use std::{net::IpAddr, sync::Arc};

use http::{
    HeaderMap, Uri,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{
    decode::{self, Reading},
    jwt::{Expected, proves},
    network::Network,
    request_hash,
};
use crate::{
    clock::Clock,
    model::{ConnectionName, delivery::Delivery, event::Decoded},
    trackers::{
        Inbound, RawDelivery, Refusal,
        auth::{self, Method, Secrets, Signature},
    },
};

/// The longest delivery id that is taken from a header, in bytes.
const HEADER_LIMIT: usize = 100;

/// How deliveries of a connection are proven: one way, chosen by the operator.
pub enum Proof {
    /// `X-Hub-Signature: sha256=…` over the body: webhooks of administrators with a secret, Cloud and Data Center 10.
    Signature(Secrets),
    /// `Authorization: Bearer …`: a token signed with an OAuth app's client secret.
    OAuth { secrets: Secrets, claims: Claims },
    /// `Authorization: JWT …`: a token signed with a Connect app's shared secret, which names the request.
    Connect {
        secrets: Secrets,
        claims: Claims,
        /// The path of the app's base address, empty for none.
        base_path: String,
    },
    /// `?token=…` alone, from these networks: Data Centers that sign nothing. The weakest: whoever sees the address in a
    /// log may deliver from those networks.
    Address { tokens: Vec<SecretString>, networks: Vec<Network> },
}

/// What the claims of a token must be, where an operator knows.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    pub issuer: Option<String>,
    pub audience: Option<String>,
}

/// Receives the deliveries of one connection.
pub(super) struct Receiver {
    pub(super) connection: ConnectionName,
    pub(super) proof: Proof,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) reading: Reading,
}

impl Inbound for Receiver {
    fn verify(&self, raw: RawDelivery) -> Result<Delivery, Refusal> {
        media_type(&raw.headers)?;
        if !self.is_proven(&raw) {
            return Err(Refusal::BadProof);
        }
        let id = header_word(&raw.headers, "x-atlassian-webhook-identifier").map(str::to_owned);
        Ok(Delivery {
            connection: self.connection.clone(),
            guid: id.unwrap_or_else(|| body_id(&raw.body)),
            event: String::new(),
            json: raw.body,
        })
    }

    fn decode(&self, delivery: &Delivery) -> Decoded {
        decode::decode(delivery, &self.reading)
    }
}

impl Receiver {
    /// Does the request carry the proof that the connection asks for?
    fn is_proven(&self, raw: &RawDelivery) -> bool {
        match &self.proof {
            Proof::Signature(secrets) => Signature::from_header(&raw.headers, "x-hub-signature", &[Method::Sha256])
                .is_some_and(|signature| secrets.prove(&signature, &raw.body)),
            Proof::OAuth { secrets, claims } => self.token_holds(raw, "Bearer", secrets, claims, None),
            Proof::Connect { secrets, claims, base_path } => {
                self.token_holds(raw, "JWT", secrets, claims, Some(base_path))
            }
            Proof::Address { tokens, networks } => {
                raw.peer.is_some_and(|peer| is_allowed(peer, networks)) && is_token(&raw.target, tokens)
            }
        }
    }

    /// Does the one `Authorization` header of this scheme hold a token that proves the request? With a `base`, the token
    /// must name the request; without one, it may.
    fn token_holds(
        &self,
        raw: &RawDelivery,
        scheme: &str,
        secrets: &Secrets,
        claims: &Claims,
        base: Option<&String>,
    ) -> bool {
        let Some((given, token)) =
            auth::single(&raw.headers, AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '))
        else {
            return false;
        };
        let request = request_hash::of_post(&raw.target, base.map_or("", String::as_str));
        let expected = Expected {
            issuer: claims.issuer.as_deref(),
            audience: claims.audience.as_deref(),
            request: &request,
            names_request: base.is_some(),
            now: self.clock.now_ms().div_euclid(1_000),
        };
        given.eq_ignore_ascii_case(scheme) && proves(token.trim(), secrets, &expected)
    }
}

/// May this address deliver?
fn is_allowed(peer: IpAddr, networks: &[Network]) -> bool {
    networks.iter().any(|network| network.contains(peer))
}

/// Does the address hold one `token` that is one of ours? Hashes are compared, in constant time: neither content nor
/// length of a secret shows.
fn is_token(target: &Uri, tokens: &[SecretString]) -> bool {
    let fields = url::form_urlencoded::parse(target.query().unwrap_or_default().as_bytes());
    let mut given = fields.filter(|(name, _)| name == "token").map(|(_, value)| value);
    let (Some(given), None) = (given.next(), given.next()) else { return false };
    let given = Sha256::digest(given.as_bytes());
    let same = |token: &SecretString| given.ct_eq(&Sha256::digest(token.expose_secret().as_bytes()));
    tokens.iter().fold(subtle::Choice::from(0), |found, token| found | same(token)).into()
}

/// Refuses all content types but JSON, doubled headers, and every encoding.
fn media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let coded =
        headers.get_all(CONTENT_ENCODING).iter().any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    let value = auth::single(headers, CONTENT_TYPE.as_str()).filter(|_| !coded).ok_or(Refusal::MediaType)?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json").then_some(()).ok_or(Refusal::MediaType)
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
