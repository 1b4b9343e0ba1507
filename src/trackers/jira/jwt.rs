//! JSON Web Tokens that Jira puts on deliveries of OAuth and Connect apps: HMAC-SHA256 and nothing else.
//!
//! In: a token, the app's secrets, what its claims must say, the time. Out: proven or not. The signature is checked
//! first, always by HMAC-SHA256 with the app's secret, whatever the token's own header says; so no other method can be
//! asked for, and nothing unproven is parsed.
//! RFC 7515, RFC 7519; <https://developer.atlassian.com/cloud/bitbucket/understanding-jwt-for-apps/>

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::IgnoredAny};

use crate::trackers::auth::{Secrets, Signature};

/// The longest token that is looked at, in bytes.
const TOKEN_LIMIT: usize = 8 * 1024;
/// How far the clocks may be apart, in seconds.
const LEEWAY: i64 = 30;

/// What a token's claims must say.
pub(super) struct Expected<'e> {
    /// Who issued it, where that is known.
    pub(super) issuer: Option<&'e str>,
    /// For whom it is, where that is known.
    pub(super) audience: Option<&'e str>,
    /// The hash of the request that it is for.
    pub(super) request: &'e str,
    /// It must name a request.
    pub(super) names_request: bool,
    /// Seconds since 1970.
    pub(super) now: i64,
}

/// Does the token prove what is expected?
pub(super) fn proves(token: &str, secrets: &Secrets, expected: &Expected<'_>) -> bool {
    claims(token, secrets).is_some_and(|claims| claims.hold(expected))
}

/// The claims of a token that one of the secrets signed.
fn claims(token: &str, secrets: &Secrets) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.').filter(|_| token.len() <= TOKEN_LIMIT)?;
    let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
    let signature: [u8; 32] = URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
    if !secrets.prove(&Signature::from_bytes(signature), signed.as_bytes()) {
        return None;
    }
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let plain = header.alg == "HS256" && header.crit.is_none();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok().filter(|_| plain)
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that must be understood: none is.
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<Audience>,
    /// Seconds since 1970.
    exp: i64,
    nbf: Option<i64>,
    /// The hash of the request.
    qsh: Option<String>,
}

/// One audience or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Claims {
    /// Do they say what is expected?
    fn hold(&self, expected: &Expected<'_>) -> bool {
        let in_time = expected.now < self.exp.saturating_add(LEEWAY)
            && self.nbf.is_none_or(|start| start.saturating_sub(LEEWAY) <= expected.now);
        let issued = expected.issuer.is_none_or(|issuer| self.iss.as_deref() == Some(issuer));
        let meant = expected.audience.is_none_or(|audience| match &self.aud {
            Some(Audience::One(one)) => one == audience,
            Some(Audience::Several(several)) => several.iter().any(|one| one == audience),
            None => false,
        });
        let request = match &self.qsh {
            Some(hash) => hash == expected.request,
            None => !expected.names_request,
        };
        in_time && issued && meant && request
    }
}
