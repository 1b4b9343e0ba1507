//! Who is calling: by a personal access token as Basic password, or by an Entra token as Bearer; and Entra itself.
//!
//! Sources: "Use personal access tokens" at learn.microsoft.com; "OAuth 2.0 client credentials flow" there, with the
//! resource of Azure DevOps, 499b84ac-1321-427f-aa17-267ca6975798.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use serde_json::{Value, json};

use super::Flavour;
use crate::sandbox::{
    answer::{Answer, Outcome},
    world::{Project, Role, World},
};

/// The bot's account, which the Entra application acts as too.
pub const BOT: &str = "planwright";
/// The Entra tenant, and the application in it.
pub const TENANT: &str = "7f3a2c10-5b1e-4a6d-9c58-2f0d1b7e6a11";
pub const CLIENT_ID: &str = "c2d94b7e-0f63-4f0e-8a35-91be6d2c7f42";
pub const CLIENT_SECRET: &str = "the-sandbox-application-secret";
/// What a token for Azure DevOps is asked for.
const SCOPE: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";
/// An Entra token works for about an hour.
const LIFE_S: i64 = 3_599;

/// The Entra tokens given out.
#[derive(Debug, Default)]
pub struct Tokens {
    issued: u64,
    /// Token and the milliseconds since 1970 at which it ends.
    live: Vec<(String, i64)>,
}

impl Tokens {
    /// Ends all tokens now.
    pub fn expire(&mut self) {
        self.live.clear();
    }

    /// How many tokens were given out.
    pub fn issued(&self) -> u64 {
        self.issued
    }

    fn issue(&mut self, now_ms: i64) -> String {
        self.issued += 1;
        let token = format!("eyJ0eXAiOiJKV1QifQ.sandbox{:08}.signature", self.issued);
        self.live.push((token.clone(), now_ms.saturating_add(LIFE_S * 1000)));
        token
    }

    fn accepts(&self, token: &str, now_ms: i64) -> bool {
        self.live.iter().any(|(live, until)| live == token && now_ms < *until)
    }
}

/// Whom a request comes from.
pub enum Caller {
    Known(String),
    /// Credentials that nobody has.
    Wrong,
    Missing,
}

/// Tells who calls.
pub fn caller(headers: &HeaderMap, world: &World, flavour: Flavour, tokens: &Tokens, now_ms: i64) -> Caller {
    let Some(header) = headers.get(AUTHORIZATION) else { return Caller::Missing };
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    let known = match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            (flavour == Flavour::Services && tokens.accepts(token, now_ms)).then(|| BOT.to_owned())
        }
        Some((scheme, basic)) if scheme.eq_ignore_ascii_case("basic") => person(basic, world),
        _ => None,
    };
    known.map_or(Caller::Wrong, Caller::Known)
}

/// The password is the token; the name in front of it says nothing.
fn person(basic: &str, world: &World) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    let (_, token) = decoded.split_once(':')?;
    world.user_of_token(token).map(|user| user.login.clone())
}

/// What someone may do in a project; the bot reads and writes work items everywhere.
pub fn role(world: &World, project: &Project, login: &str) -> Role {
    if login == BOT { Role::Admin } else { world.role(project, login) }
}

/// `POST /{tenant}/oauth2/v2.0/token`
pub fn token(tokens: &mut Tokens, tenant: &str, body: &[u8], now_ms: i64) -> Outcome {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    let field = |name: &str| form.get(name).map(String::as_str);
    if tenant != TENANT {
        return Err(refused(400, "invalid_request", 90_002, "Tenant was not found."));
    }
    if field("grant_type") != Some("client_credentials") {
        return Err(refused(400, "unsupported_grant_type", 70_003, "The app requested an unsupported grant type."));
    }
    if field("client_id") != Some(CLIENT_ID) {
        return Err(refused(400, "unauthorized_client", 700_016, "Application was not found in the directory."));
    }
    if field("client_secret") != Some(CLIENT_SECRET) {
        return Err(refused(401, "invalid_client", 7_000_215, "Invalid client secret provided."));
    }
    if field("scope") != Some(SCOPE) {
        return Err(refused(
            400,
            "invalid_scope",
            70_011,
            "The provided value for the input parameter 'scope' is not valid.",
        ));
    }
    let token = tokens.issue(now_ms);
    Ok(Answer::ok(json!({
        "token_type": "Bearer", "expires_in": LIFE_S, "ext_expires_in": LIFE_S, "access_token": token
    })))
}

fn refused(status: u16, error: &str, code: u32, message: &str) -> Answer {
    let body: Value = json!({
        "error": error,
        "error_description": format!("AADSTS{code}: {message}"),
        "error_codes": [code],
        "timestamp": "2026-03-02 10:00:00Z",
        "trace_id": "00000000-0000-0000-0000-000000000000",
        "correlation_id": "00000000-0000-0000-0000-000000000000"
    });
    Answer::json(status, body)
}
