//! GitHub and GitHub Enterprise Server.
//!
//! In: settings of a connection. Out: its receiving half ([`Inbound`]) and its acting half ([`Tracker`]). Making a
//! connection touches no network. The only home of octocrab.

mod address;
mod app_auth;
mod call;
mod classify;
mod client;
mod comments;
mod convert;
mod decode;
mod deliveries;
mod documents;
mod paging;
mod ticket;
mod transport;
mod verify;

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use self::{
    address::{OwnerName, RepoPath},
    app_auth::{Access, Credentials},
    call::Api,
    client::Client,
    verify::Receiver,
};
use super::{Dialect, Inbound, LengthUnit, MarkerPlace, Profile, Tracker, auth::Secrets, limits::Limits};
use crate::{
    http,
    model::{ConnectionName, publication::DocumentPlace},
};

/// The longest comment, in characters (GitHub's error text names this number).
const COMMENT_LIMIT: usize = 65_536;
/// The longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What a connection to GitHub needs.
pub struct Settings {
    pub connection: ConnectionName,
    /// `https://api.github.com`, or `https://HOST/api/v3` for an Enterprise Server.
    pub api_base: String,
    /// Where people read issues; derived from `api_base` where absent.
    pub web_base: Option<String>,
    /// Where repositories are cloned from, an `http(s)` base or a folder; `web_base` where absent. The path
    /// `/owner/repo.git` is added.
    pub clone_base: Option<String>,
    pub auth: Auth,
    /// The webhook's secrets.
    pub secrets: Secrets,
    /// Between the starts of two writes; GitHub asks for a second, a sandbox for none.
    pub write_gap: Duration,
    /// How many writes may run at once; GitHub asks for one.
    pub writes_at_once: usize,
    /// For one request with everything it needs (waiting, tokens): a lease must last longer.
    pub request_deadline: Duration,
    /// With a token: `owner/repo` of the webhooks whose failed deliveries are asked for again.
    pub sweep_repositories: Vec<String>,
    /// With a token: the organisations whose webhooks' failed deliveries are asked for again.
    pub sweep_organisations: Vec<String>,
}

/// As whom the bot acts.
pub enum Auth {
    /// A GitHub App.
    App { app_id: u64, private_key_pem: SecretString },
    /// A personal access token of the bot's account.
    Token(SecretString),
}

/// Why a connection cannot be made: always the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("not a base address (https, or http on loopback; no user, query or fragment): {0:?}")]
    Base(String),
    #[error("the private key is not an RSA key in PEM format")]
    PrivateKey,
    #[error("the token is empty or holds characters that no token has")]
    Token,
    #[error("not owner/repo: {0:?}")]
    Repository(String),
    #[error("not an organisation's login: {0:?}")]
    Organisation(String),
}

/// What receives and what acts.
pub type Halves = (Arc<dyn Inbound>, Arc<dyn Tracker>);

/// Makes a connection's two halves.
pub fn connect(settings: Settings) -> Result<Halves, ConnectError> {
    let api_base = base(&settings.api_base)?;
    let web_base = settings.web_base.as_deref().map_or_else(|| Ok(web_base(&api_base)), base)?;
    let clone_base = match settings.clone_base {
        None => web_base.clone(),
        Some(address) if address.contains("://") => base(&address)?,
        Some(folder) => folder.trim_end_matches('/').to_owned(),
    };
    let (credentials, app_id) = credentials(settings.auth)?;
    let sweep_repositories = settings.sweep_repositories.into_iter();
    let sweep_repositories = sweep_repositories
        .map(|name| RepoPath::parse(&name).ok_or(ConnectError::Repository(name)))
        .collect::<Result<_, _>>()?;
    let sweep_organisations = settings.sweep_organisations.into_iter();
    let sweep_organisations = sweep_organisations
        .map(|name| OwnerName::parse(&name).ok_or(ConnectError::Organisation(name)))
        .collect::<Result<_, _>>()?;
    let client = http::Client::new(http::Options {
        connect_timeout: CONNECT_TIMEOUT,
        deadline: settings.request_deadline,
        // Without TLS only on loopback, see `base`.
        is_direct: api_base.starts_with("http://"),
    });
    let receiver = Receiver { connection: settings.connection.clone(), secrets: settings.secrets, app_id };
    let client = Client {
        connection: settings.connection,
        profile: profile(),
        api: Api {
            access: Access::new(client, api_base, credentials),
            limits: Limits::new(settings.write_gap, settings.writes_at_once),
            deadline: settings.request_deadline,
        },
        web_base,
        clone_base,
        sweep_repositories,
        sweep_organisations,
        identity: OnceCell::new(),
    };
    Ok((Arc::new(receiver), Arc::new(client)))
}

/// GitHub as data.
fn profile() -> Profile {
    Profile {
        dialect: Dialect::Gfm,
        comment_limit: COMMENT_LIMIT,
        unit: LengthUnit::Chars,
        marker: MarkerPlace::BodyComment,
        folds: true,
        mermaid: true,
        labels_on_open: false,
        documents: DocumentPlace::Repository,
        hints: false,
    }
}

/// Reads the credentials; an App's number is also what its comments carry.
fn credentials(auth: Auth) -> Result<(Credentials, Option<u64>), ConnectError> {
    match auth {
        Auth::App { app_id, private_key_pem } => {
            let app = app_auth::app(app_id, private_key_pem.expose_secret()).ok_or(ConnectError::PrivateKey)?;
            Ok((Credentials::App(app), Some(app_id)))
        }
        Auth::Token(token) => {
            let text = token.expose_secret();
            let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
            if plain { Ok((Credentials::Token(token), None)) } else { Err(ConnectError::Token) }
        }
    }
}

/// Checks a base address.
fn base(address: &str) -> Result<String, ConnectError> {
    http::base_address(address).ok_or_else(|| ConnectError::Base(address.chars().take(200).collect()))
}

/// Where people read what this API serves: `api.` off the host of GitHub's own clouds, `/api/v3` off an Enterprise
/// Server's path.
fn web_base(api_base: &str) -> String {
    match api_base.strip_prefix("https://api.") {
        Some(host) if host == "github.com" || host.ends_with(".ghe.com") => format!("https://{host}"),
        _ => api_base.strip_suffix("/api/v3").unwrap_or(api_base).to_owned(),
    }
}

/// The login of an App's account.
fn app_login(slug: &str) -> String {
    format!("{slug}[bot]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_base_follows_from_the_api_base() {
        let check = |api: &str, expected: &str| assert_eq!(web_base(api), expected);
        check("https://api.github.com", "https://github.com");
        check("https://api.acme.ghe.com", "https://acme.ghe.com");
        check("https://git.acme.test/api/v3", "https://git.acme.test");
        check("https://api.acme.test", "https://api.acme.test");
        check("http://127.0.0.1:9000/github", "http://127.0.0.1:9000/github");
    }
}
