//! Who is calling: on Cloud by e-mail address and API token, on Data Center by a personal access token.
//!
//! Sources: "Basic auth for REST APIs" at developer.atlassian.com, "Using personal access tokens" at
//! confluence.atlassian.com.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};

use super::Flavour;
use crate::sandbox::world::{Project, Role, World};

/// The bot's account: an ordinary user, as on every Jira, who administers the site.
pub const BOT: &str = "planwright";

/// The address of a person's account.
pub fn email(login: &str) -> String {
    format!("{login}@acme.example")
}

/// The login that acts; none where the credentials are missing or wrong.
pub fn caller(headers: &HeaderMap, world: &World, flavour: Flavour, by_oauth: bool) -> Option<String> {
    let (scheme, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if flavour == Flavour::DataCenter || by_oauth {
        let bearer = scheme.eq_ignore_ascii_case("bearer").then_some(credentials)?;
        return Some(world.user_of_token(bearer)?.login.clone());
    }
    let basic = scheme.eq_ignore_ascii_case("basic").then_some(credentials)?;
    let decoded = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    let (address, token) = decoded.split_once(':')?;
    let user = world.user_of_token(token)?;
    (email(&user.login) == address).then(|| user.login.clone())
}

/// What someone may do in a project; the bot administers the site.
pub fn role(world: &World, project: &Project, login: &str) -> Role {
    if login == BOT { Role::Admin } else { world.role(project, login) }
}
