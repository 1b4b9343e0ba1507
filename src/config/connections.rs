//! Sections on the outside world: `[[connections]]` to trackers and `[[repositories]]` that belong to tickets.

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::{Secret, words};
use crate::model::context::{WebLinks, WebStyle};

words! {
    /// Whose interface a connection speaks.
    TrackerKind {
        /// GitHub, github.com or an Enterprise Server.
        GitHub = "github",
    }
}

/// One tracker, reached with one set of credentials. Deliveries arrive at `/hooks/{name}`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Small letters, digits, `-` and `_`.
    pub name: String,
    /// Whose interface it speaks.
    pub tracker: TrackerKind,
    /// Where the API is; on GitHub Enterprise Server it ends with `/api/v3`.
    #[serde(default = "github_api")]
    pub base_url: String,
    /// Where people read issues; derived from `base_url` when absent.
    #[serde(default)]
    pub web_url: Option<String>,
    /// Where git fetches from; the same as `web_url` when absent.
    #[serde(default)]
    pub clone_url: Option<String>,
    /// The secrets that prove deliveries: one, or the old and the new one while rotating.
    pub webhook_secrets: Vec<Secret>,
    /// Who Planwright is on the tracker.
    pub auth: Auth,
    /// The least time between two writes, in milliseconds. GitHub asks for a second.
    #[serde(default = "a_second")]
    pub write_gap_ms: u64,
    /// How many writes may run at once. GitHub asks for one; more only for a sandbox.
    #[serde(default = "one")]
    pub writes_at_once: usize,
    /// `owner/repo` of each repository with its own webhook whose failed deliveries are asked for again. With an App
    /// this stays empty: the App's own list is read.
    #[serde(default)]
    pub sweep_repositories: Vec<String>,
}

fn github_api() -> String {
    "https://api.github.com".to_owned()
}

fn one() -> usize {
    1
}

fn a_second() -> u64 {
    1_000
}

impl Connection {
    /// Where people read issues, without a slash at the end.
    pub fn web_url(&self) -> String {
        let derived = || match self.base_url.trim_end_matches('/') {
            "https://api.github.com" => "https://github.com".to_owned(),
            base => base.trim_end_matches("/api/v3").to_owned(),
        };
        self.web_url.as_deref().map_or_else(derived, |url| url.trim_end_matches('/').to_owned())
    }

    /// Where git fetches from, without a slash at the end.
    pub fn clone_url(&self) -> String {
        self.clone_url.as_deref().map_or_else(|| self.web_url(), |url| url.trim_end_matches('/').to_owned())
    }
}

/// The two ways to be somebody on GitHub.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "AuthFields")]
pub enum Auth {
    /// A GitHub App: its id and its private key (PEM).
    App { app_id: u64, private_key: Secret },
    /// A personal access token.
    Token(Secret),
}

/// An App (`app_id` and `private_key`), or a token (`token`).
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AuthFields {
    /// The App's id.
    #[serde(default)]
    app_id: Option<u64>,
    /// The App's private key, PEM.
    #[serde(default)]
    private_key: Option<Secret>,
    /// A personal access token.
    #[serde(default)]
    token: Option<Secret>,
}

impl TryFrom<AuthFields> for Auth {
    type Error = &'static str;

    fn try_from(fields: AuthFields) -> Result<Self, Self::Error> {
        match (fields.app_id, fields.private_key, fields.token) {
            (Some(app_id), Some(private_key), None) => Ok(Self::App { app_id, private_key }),
            (None, None, Some(token)) => Ok(Self::Token(token)),
            _ => Err("needs either app_id together with private_key, or token"),
        }
    }
}

/// Code that belongs to tickets. A GitHub issue's own repository needs no entry.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// How commands name it: `/plan --repo NAME`.
    pub name: String,
    /// `https://…`, or an absolute path under one of `cache.local_roots`.
    pub url: String,
    /// The tickets that it belongs to.
    #[serde(default)]
    pub tickets: Vec<TicketSet>,
    /// The branch to plan for; the default branch when absent.
    #[serde(default)]
    pub branch: Option<String>,
    /// The user for HTTPS.
    #[serde(default)]
    pub user: Option<String>,
    /// The password or token for HTTPS.
    #[serde(default)]
    pub token: Option<Secret>,
    /// Where people browse it, for links into the code.
    #[serde(default)]
    pub web: Option<Browse>,
}

/// The tickets of one project of one connection.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketSet {
    /// The connection's name.
    pub connection: String,
    /// `owner/repo` on GitHub.
    pub project: String,
}

words! {
    /// Whose address scheme links into the code follow.
    BrowseStyle {
        /// GitHub.
        GitHub = "github",
        /// GitLab.
        GitLab = "gitlab",
        /// Bitbucket.
        Bitbucket = "bitbucket",
        /// Azure Repos.
        AzureRepos = "azure_repos",
    }
}

/// Where people browse a repository.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Browse {
    /// Whose address scheme.
    pub style: BrowseStyle,
    /// The repository's page.
    pub base: String,
}

impl Browse {
    /// The same in the form that the model takes.
    pub fn to_links(&self) -> WebLinks {
        let style = match self.style {
            BrowseStyle::GitHub => WebStyle::GitHub,
            BrowseStyle::GitLab => WebStyle::GitLab,
            BrowseStyle::Bitbucket => WebStyle::Bitbucket,
            BrowseStyle::AzureRepos => WebStyle::AzureRepos,
        };
        WebLinks { style, base: self.base.trim_end_matches('/').to_owned() }
    }
}
