//! Who is calling: the app by JWT, its installation by an issued token, or a person by a personal token.
//!
//! In: the `Authorization` header. Out: a [`Caller`], or none. Sources: "Generating a JSON Web Token (JWT) for a GitHub
//! App" and "Authenticating as a GitHub App installation" at docs.github.com.

use http::{HeaderMap, header::AUTHORIZATION};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde_json::Value;

use super::app;
use crate::sandbox::world::World;

/// An installation token works for an hour.
const TOKEN_LIFE_MS: i64 = 3_600_000;
/// A JWT works for ten minutes.
const JWT_LIFE_S: i64 = 600;
/// How far ahead a caller's clock may be, in seconds.
const JWT_LEEWAY_S: i64 = 60;

/// Whom a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The app itself, by JWT.
    App,
    /// The app in its installation: the bot.
    Installation,
    /// A person, by login.
    Person(String),
}

impl Caller {
    /// The login that acts.
    pub fn login(&self) -> &str {
        match self {
            Self::App | Self::Installation => app::BOT,
            Self::Person(login) => login,
        }
    }
}

/// The installation tokens given out.
#[derive(Debug, Default)]
pub struct Tokens {
    issued: u64,
    /// Token and the milliseconds since 1970 at which it ends.
    live: Vec<(String, i64)>,
}

impl Tokens {
    /// A new token and when it ends, in milliseconds since 1970.
    pub fn issue(&mut self, now_ms: i64) -> (String, i64) {
        self.issued += 1;
        let token = format!("ghs_sandbox{:025}", self.issued);
        let until = now_ms.saturating_add(TOKEN_LIFE_MS);
        self.live.push((token.clone(), until));
        (token, until)
    }

    /// Ends all tokens now.
    pub fn expire(&mut self) {
        self.live.clear();
    }

    /// How many tokens were given out.
    pub fn issued(&self) -> u64 {
        self.issued
    }

    fn accepts(&self, token: &str, now_ms: i64) -> bool {
        self.live.iter().any(|(live, until)| live == token && now_ms < *until)
    }
}

/// Tells who calls; none where the credentials are missing, wrong or over.
pub fn caller(headers: &HeaderMap, world: &World, tokens: &Tokens, now_ms: i64) -> Option<Caller> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") && !scheme.eq_ignore_ascii_case("token") {
        return None;
    }
    if tokens.accepts(token, now_ms) {
        return Some(Caller::Installation);
    }
    if let Some(user) = world.user_of_token(token) {
        return Some(Caller::Person(user.login.clone()));
    }
    is_app(token, now_ms.div_euclid(1000)).then_some(Caller::App)
}

#[derive(Deserialize)]
struct Claims {
    iat: i64,
    exp: i64,
    iss: Value,
}

/// An RS256 token by the app's key, for the app, that has begun, has not ended and does not last too long.
fn is_app(token: &str, now_s: i64) -> bool {
    let Ok(key) = DecodingKey::from_rsa_pem(app::PUBLIC_KEY.as_bytes()) else { return false };
    let mut rules = Validation::new(Algorithm::RS256);
    // Times are checked below, against the sandbox's clock.
    rules.validate_exp = false;
    rules.required_spec_claims.clear();
    let Ok(token) = decode::<Claims>(token, &key, &rules) else { return false };
    let Claims { iat, exp, iss } = token.claims;
    let issuer = iss.as_str().map_or_else(|| iss.to_string(), str::to_owned);
    let ours = issuer == app::CLIENT_ID || issuer == app::ID.to_string();
    ours && iat <= now_s + JWT_LEEWAY_S && exp > now_s && exp <= now_s + JWT_LIFE_S + JWT_LEEWAY_S
}
