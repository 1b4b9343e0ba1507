//! Proofs of origin: HMAC over raw bytes, compared in constant time.
//!
//! In: headers, the body as it came, the connection's secrets. Out: proven or not. Never parses a body, never tells
//! which part of a proof was wrong, and cannot be built without a real secret.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// A hash method that a signature header may name. What is not listed here is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// HMAC-SHA256 (RFC 2104, FIPS 180-4), written `sha256=` and 64 lower-case hex digits.
    Sha256,
}

impl Method {
    /// What stands before the digits.
    fn prefix(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256=",
        }
    }
}

/// A signature as its header gives it: well formed, not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature([u8; 32]);

impl Signature {
    /// Reads the one header `name`. `None` when it is absent, doubled, of a method that is not in `accepted`, or not
    /// exactly the method's number of lower-case digits (upper case is not what any tracker sends).
    pub fn from_header(headers: &HeaderMap, name: &str, accepted: &[Method]) -> Option<Self> {
        let text = single(headers, name)?;
        accepted.iter().find_map(|method| Self::parse(text.strip_prefix(method.prefix())?))
    }

    /// A signature whose bytes were read elsewhere (a JSON Web Token's).
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 lower-case hex digits.
    fn parse(digits: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let lower = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (lower && hex::decode_to_slice(digits, &mut bytes).is_ok()).then_some(Self(bytes))
    }
}

/// The value of a header that stands exactly once and is visible ASCII.
pub fn single<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Why a list of secrets is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    #[error("no secret is set")]
    Missing,
    #[error("a secret is empty or blank")]
    Blank,
    #[error("a secret starts or ends with white space")]
    Padded,
    #[error("a secret looks like a list with an empty entry: give each secret its own entry")]
    EmptyEntry,
}

/// The secrets of a connection: one, or several while rotating.
///
/// Holds keyed hash states only, so a request costs no key schedule and the secrets themselves are not kept.
#[derive(Clone)]
pub struct Secrets(Vec<Hmac<Sha256>>);

impl Secrets {
    /// Keys the hash with each secret. Fails closed: an empty key would accept what anyone can sign.
    pub fn new(secrets: &[SecretString]) -> Result<Self, SecretsError> {
        if secrets.is_empty() {
            return Err(SecretsError::Missing);
        }
        secrets.iter().map(|secret| keyed(secret.expose_secret())).collect::<Result<_, _>>().map(Self)
    }

    /// Did one of the secrets sign exactly these bytes?
    pub fn prove(&self, signature: &Signature, bytes: &[u8]) -> bool {
        self.0.iter().any(|keyed| keyed.clone().chain_update(bytes).verify_slice(&signature.0).is_ok())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} hidden)", self.0.len())
    }
}

/// Checks one secret and makes its keyed state.
fn keyed(secret: &str) -> Result<Hmac<Sha256>, SecretsError> {
    if secret.trim().is_empty() {
        return Err(SecretsError::Blank);
    }
    if secret.trim() != secret {
        return Err(SecretsError::Padded);
    }
    if secret.contains(',') && secret.split(',').any(|part| part.trim().is_empty()) {
        return Err(SecretsError::EmptyEntry);
    }
    Ok(Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length (RFC 2104)"))
}
