//! Jira: Cloud and Data Center.
//!
//! In: settings of a connection. Out: its receiving half ([`Inbound`]) and its acting half ([`Tracker`]). Making a
//! connection touches no network.

mod address;
mod classify;
mod client;
mod comments;
mod confirm;
mod convert;
mod decode;
mod documents;
mod fields;
mod jwt;
mod loose;
mod network;
mod paging;
mod payload;
mod permission;
mod request_hash;
mod roles;
mod ticket;
mod verify;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use self::{client::Client, decode::Reading, verify::Receiver};
pub use self::{
    fields::Wanted,
    network::Network,
    verify::{Claims, Proof},
};
use super::{
    Dialect, Inbound, LengthUnit, MarkerPlace, Profile, Tracker,
    limits::Limits,
    program::{Program, Purpose},
    rest::{Credentials, Fixed, Rest},
};
use crate::{
    clock::Clock,
    http,
    model::{ConnectionName, publication::DocumentPlace},
};

/// The longest comment: `jira.text.field.character.limit`, which administrators of a Data Center may change.
const COMMENT_LIMIT: usize = 32_767;
/// The longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Which Jira.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deployment {
    /// Atlassian's own: REST version 3, rich text as Atlassian documents.
    Cloud,
    /// On a company's own machines: REST version 2, rich text as wiki markup.
    DataCenter,
}

/// What a connection to Jira needs.
pub struct Settings {
    pub connection: ConnectionName,
    pub deployment: Deployment,
    /// Cloud: `https://SITE.atlassian.net`, or `https://api.atlassian.com/ex/jira/CLOUD-ID`. Data Center: where its pages
    /// are, context path included. `/rest/api/…` is added.
    pub base: String,
    /// Where people read issues (`/browse/SHOP-7` is added); `base` where absent.
    pub web_base: Option<String>,
    pub auth: Auth,
    /// How deliveries are proven.
    pub proof: Proof,
    /// Tells whether tokens are still good.
    pub clock: Arc<dyn Clock>,
    /// What issue types are called here, by number or by Jira's own (perhaps translated) name.
    pub types: BTreeMap<String, String>,
    pub wanted: Wanted,
    /// Names of the project roles whose members may ask and count as maintainers. Empty: permissions decide who may ask.
    pub roles: Vec<String>,
    /// Customers of a service desk may read the answers.
    pub is_public: bool,
    /// Between the starts of two writes.
    pub write_gap: Duration,
    /// How many writes may run at once.
    pub writes_at_once: usize,
    /// For one write or read with everything it needs (waiting, credentials): a lease must last longer.
    pub request_deadline: Duration,
}

/// As whom the bot acts.
pub enum Auth {
    /// Cloud: an account's e-mail address and its API token.
    Login { email: String, token: SecretString },
    /// Data Center: a personal access token. Cloud: an access token of OAuth 2.0.
    Token(SecretString),
    /// A service account's OAuth credential. Cloud's tokens come from `https://auth.atlassian.com/oauth/token` and work at
    /// `https://api.atlassian.com/ex/jira/CLOUD-ID`, a Data Center's from its own `/rest/oauth2/latest/token`.
    Program { token_url: String, client_id: String, client_secret: SecretString },
}

/// Why a connection cannot be made: always the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("not a base address (https, or http on loopback; no user, query or fragment): {0:?}")]
    Base(String),
    #[error("the token is empty or holds characters that no token has")]
    Token,
}

/// What receives and what acts.
pub type Halves = (Arc<dyn Inbound>, Arc<dyn Tracker>);

/// Makes a connection's two halves.
pub fn connect(settings: Settings) -> Result<Halves, ConnectError> {
    let site = base(&settings.base)?;
    let web_base = settings.web_base.as_deref().map_or_else(|| Ok(site.clone()), base)?;
    let deployment = settings.deployment;
    // A write may have to ask for its issue's key first: both together stay within the deadline.
    let key_deadline = settings.request_deadline / 4;
    let deadline = settings.request_deadline - key_deadline;
    let client = http::Client::new(http::Options {
        connect_timeout: CONNECT_TIMEOUT,
        deadline,
        // Without TLS only on loopback, see `base`.
        is_direct: site.starts_with("http://"),
    });
    // Only a signature covers what a delivery says.
    let hints = !matches!(settings.proof, Proof::Signature(_));
    let receiver = Receiver {
        connection: settings.connection.clone(),
        proof: settings.proof,
        clock: settings.clock,
        reading: Reading { types: settings.types.clone(), texts: settings.wanted.texts() },
    };
    let client = Client {
        connection: settings.connection,
        profile: profile(deployment, hints),
        deployment,
        rest: Rest {
            tracker: "jira",
            credentials: credentials(settings.auth, deployment, &client)?,
            client,
            base: format!("{site}{}", api_path(deployment)),
            limits: Limits::new(settings.write_gap, settings.writes_at_once),
            judge: classify::judge,
            slow_down: |_| None,
            deadline,
        },
        web_base,
        types: settings.types,
        wanted: settings.wanted,
        roles: settings.roles,
        is_public: settings.is_public,
        key_deadline,
        identity: OnceCell::new(),
        keys: Mutex::new(HashMap::new()),
    };
    Ok((Arc::new(receiver), Arc::new(client)))
}

/// Jira as data. It has no reactions and keeps markers beside a comment's text.
fn profile(deployment: Deployment, hints: bool) -> Profile {
    let is_cloud = deployment == Deployment::Cloud;
    Profile {
        dialect: if is_cloud { Dialect::Adf } else { Dialect::Wiki },
        comment_limit: COMMENT_LIMIT,
        unit: LengthUnit::Utf16,
        marker: MarkerPlace::Property,
        // Atlassian documents can fold, wiki markup cannot.
        folds: is_cloud,
        mermaid: false,
        labels_on_open: true,
        documents: DocumentPlace::Attachment,
        hints,
    }
}

/// Where the API lies below the base.
fn api_path(deployment: Deployment) -> &'static str {
    match deployment {
        Deployment::Cloud => "/rest/api/3",
        Deployment::DataCenter => "/rest/api/2",
    }
}

/// Reads the credentials.
fn credentials(
    auth: Auth,
    deployment: Deployment,
    client: &http::Client,
) -> Result<Arc<dyn Credentials>, ConnectError> {
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    let fixed = match auth {
        Auth::Login { email, token } => {
            let token = token.expose_secret();
            Fixed::basic(&email, token).filter(|_| is_plain(token) && !email.is_empty() && !email.contains(':'))
        }
        Auth::Token(token) => {
            let token = token.expose_secret();
            Fixed::bearer(token).filter(|_| is_plain(token))
        }
        Auth::Program { token_url, client_id, client_secret } => {
            // A Data Center gives nothing that was not asked for.
            let purpose = match deployment {
                Deployment::Cloud => Purpose::Any,
                Deployment::DataCenter => Purpose::Scope("WRITE".to_owned()),
            };
            let program = Program::new(client.clone(), base(&token_url)?, client_id, client_secret, purpose);
            return Ok(Arc::new(program));
        }
    };
    fixed.map(|fixed| Arc::new(fixed) as Arc<dyn Credentials>).ok_or(ConnectError::Token)
}

/// Checks a base address.
fn base(address: &str) -> Result<String, ConnectError> {
    http::base_address(address).ok_or_else(|| ConnectError::Base(address.chars().take(200).collect()))
}
