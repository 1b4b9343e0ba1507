//! Azure DevOps Services and Azure DevOps Server.
//!
//! In: settings of a connection. Out: its receiving half ([`Inbound`]) and its acting half ([`Tracker`]). Making a
//! connection touches no network. Deliveries are hints here: nothing signs them, so that what counts is read again.

mod address;
mod carrier;
mod classify;
mod client;
mod code;
mod comments;
mod confirm;
mod convert;
mod decode;
mod documents;
mod entra;
mod fields;
mod notification;
mod paging;
mod permission;
mod person;
mod relations;
mod text;
mod ticket;
mod verify;
mod version;

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use self::{
    client::{Api, Client},
    convert::Wanted,
    decode::Accepted,
    entra::{SCOPE, Speaker},
    text::Format,
    verify::{Passwords, Receiver},
    version::Version,
};
pub use self::{
    convert::CustomField,
    version::{ApiVersion, Flavor},
};
use super::{
    Dialect, Inbound, LengthUnit, MarkerPlace, Profile, Tracker,
    auth::SecretsError,
    limits::Limits,
    program::{Program, Purpose},
    rest::Rest,
};
use crate::{
    http,
    model::{ConnectionName, publication::DocumentPlace},
};

/// The longest text of a field, in UTF-16 code units; comments have no limit of their own.
/// <https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits>
const TEXT_LIMIT: usize = 1_000_000;
/// The longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What a connection to Azure DevOps needs.
pub struct Settings {
    pub connection: ConnectionName,
    /// `https://dev.azure.com/{organization}`, or `{host}/{collection}` for a server.
    pub base: String,
    /// Where people read work items; the same as `base` where absent.
    pub web_base: Option<String>,
    /// Where repositories are cloned from, an `http(s)` base or a folder; `web_base` where absent. The path
    /// `/project/_git/repository` is added.
    pub clone_base: Option<String>,
    pub flavor: Flavor,
    pub api: ApiVersion,
    pub auth: Auth,
    /// The name that deliveries log in with; any where absent.
    pub webhook_user: Option<String>,
    /// The passwords that prove deliveries.
    pub passwords: Vec<SecretString>,
    /// Subscriptions that are listened to, by id; empty for all.
    pub subscriptions: Vec<String>,
    /// Azure DevOps is asked whether it sent a notification before a job acts on it.
    pub confirm_notifications: bool,
    /// The one project that is served; all where absent.
    pub project: Option<String>,
    /// The repository of tickets in projects with several.
    pub repository: Option<String>,
    /// Fields beside those of every process.
    pub fields: Vec<CustomField>,
    /// Fields that say where a ticket belongs, by name.
    pub places: Vec<String>,
    /// Between the starts of two writes.
    pub write_gap: Duration,
    /// How many writes may run at once.
    pub writes_at_once: usize,
    /// For one request with everything it needs (waiting, tokens): a lease must last longer.
    pub request_deadline: Duration,
}

/// As whom the bot acts.
pub enum Auth {
    /// A personal access token of the bot's account.
    Pat(SecretString),
    /// A program registered with Microsoft Entra ID, by its own secret (Services only).
    Program { token_url: String, client_id: String, client_secret: SecretString },
}

/// Why a connection cannot be made: always the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("not a base address (https, or http on loopback; no user, query or fragment): {0:?}")]
    Base(String),
    #[error("the token is empty or holds characters that no token has")]
    Token,
    #[error("a server takes no program of Entra ID: give a token")]
    ProgramOnServer,
    #[error("webhook_secrets: {0}")]
    Passwords(#[from] SecretsError),
}

/// What receives and what acts.
pub type Halves = (Arc<dyn Inbound>, Arc<dyn Tracker>);

/// Makes a connection's two halves.
pub fn connect(settings: Settings) -> Result<Halves, ConnectError> {
    let api_base = base(&settings.base)?;
    let web_base = settings.web_base.as_deref().map_or_else(|| Ok(api_base.clone()), base)?;
    let clone_base = match &settings.clone_base {
        None => web_base.clone(),
        Some(address) if address.contains("://") => base(address)?,
        Some(folder) => folder.trim_end_matches('/').to_owned(),
    };
    let client = http::Client::new(http::Options {
        connect_timeout: CONNECT_TIMEOUT,
        deadline: settings.request_deadline,
        // Without TLS only on loopback, see `base`.
        is_direct: api_base.starts_with("http://"),
    });
    let version = Version { flavor: settings.flavor, api: settings.api };
    let speaker = speaker(settings.auth, settings.flavor, &client)?;
    let credentials = speaker.credentials().ok_or(ConnectError::Token)?;
    let rest = |base: String| Rest {
        tracker: "azure_devops",
        client: client.clone(),
        base,
        credentials: Arc::clone(&credentials),
        limits: Limits::new(settings.write_gap, settings.writes_at_once),
        judge: classify::judge,
        slow_down: classify::slow_down,
        deadline: settings.request_deadline,
    };
    let accepted = Accepted {
        subscriptions: settings.subscriptions,
        project: settings.project,
        confirms_notifications: settings.confirm_notifications,
        texts: settings.fields.iter().map(|field| field.name.clone()).collect(),
    };
    let receiver = Receiver {
        connection: settings.connection.clone(),
        passwords: Passwords::new(settings.webhook_user, &settings.passwords)?,
        rules: accepted.clone(),
    };
    let client = Client {
        connection: settings.connection,
        profile: profile(version, &web_base),
        api: Api { people: people_base(&api_base).map(&rest), rest: rest(api_base), version, renews: speaker.renews() },
        speaker,
        accepted,
        web_base,
        clone_base,
        repository: settings.repository,
        wanted: Wanted { fields: settings.fields, places: settings.places },
        identity: OnceCell::new(),
    };
    Ok((Arc::new(receiver), Arc::new(client)))
}

/// Azure DevOps as data.
fn profile(version: Version, web_base: &str) -> Profile {
    let dialect = match version.format() {
        Format::Markdown => Dialect::AzureMarkdown,
        Format::Html => Dialect::Html,
    };
    Profile {
        dialect,
        comment_limit: TEXT_LIMIT - carrier::ROOM - web_base.len(),
        unit: LengthUnit::Utf16,
        marker: MarkerPlace::Property,
        folds: false,
        mermaid: false,
        labels_on_open: true,
        documents: DocumentPlace::Wiki,
        hints: true,
    }
}

/// As whom the bot speaks.
fn speaker(auth: Auth, flavor: Flavor, client: &http::Client) -> Result<Speaker, ConnectError> {
    match auth {
        Auth::Pat(token) => {
            let text = token.expose_secret();
            let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
            if plain { Ok(Speaker::Pat(token)) } else { Err(ConnectError::Token) }
        }
        Auth::Program { .. } if flavor == Flavor::Server => Err(ConnectError::ProgramOnServer),
        Auth::Program { token_url, client_id, client_secret } => {
            let purpose = Purpose::Scope(SCOPE.to_owned());
            let program = Program::new(client.clone(), base(&token_url)?, client_id, client_secret, purpose);
            Ok(Speaker::Program(Arc::new(program)))
        }
    }
}

/// Checks a base address.
fn base(address: &str) -> Result<String, ConnectError> {
    http::base_address(address).ok_or_else(|| ConnectError::Base(address.chars().take(200).collect()))
}

/// Where the cloud service keeps identities; elsewhere they are where everything is.
/// <https://learn.microsoft.com/rest/api/azure/devops/ims/identities>
fn people_base(api_base: &str) -> Option<String> {
    if let Some(organization) = api_base.strip_prefix("https://dev.azure.com/") {
        return Some(format!("https://vssps.dev.azure.com/{organization}"));
    }
    let organization = api_base.strip_prefix("https://")?.strip_suffix(".visualstudio.com")?;
    Some(format!("https://{organization}.vssps.visualstudio.com"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_live_elsewhere_in_the_cloud() {
        let check = |api: &str, expected: Option<&str>| assert_eq!(people_base(api).as_deref(), expected, "{api}");
        check("https://dev.azure.com/acme", Some("https://vssps.dev.azure.com/acme"));
        check("https://acme.visualstudio.com", Some("https://acme.vssps.visualstudio.com"));
        check("https://tfs.acme.test/tfs/DefaultCollection", None);
        check("http://127.0.0.1:9000/acme", None);
    }

    #[test]
    fn the_profile_follows_from_flavor_and_version() {
        let check = |flavor, api, expected| {
            assert_eq!(profile(Version { flavor, api }, "").dialect, expected, "{flavor:?} {api:?}");
        };
        check(Flavor::Services, ApiVersion::V7_1, Dialect::AzureMarkdown);
        check(Flavor::Server, ApiVersion::V7_1, Dialect::AzureMarkdown);
        check(Flavor::Server, ApiVersion::V7_0, Dialect::Html);
        check(Flavor::Server, ApiVersion::V6_0, Dialect::Html);
    }
}
