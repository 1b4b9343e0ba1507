//! Sections on the outside world: `[[connections]]` to trackers and `[[repositories]]` that belong to tickets.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    azure_devops::AzureDevOps,
    jira::Jira,
    words::{Secret, words},
    work::DocumentKind,
};
use crate::model::context::{WebLinks, WebStyle};

words! {
    /// Whose interface a connection speaks.
    TrackerKind {
        /// GitHub, github.com or an Enterprise Server.
        GitHub = "github",
        /// Jira, Cloud or Data Center.
        Jira = "jira",
        /// Azure DevOps, Services or Server.
        AzureDevOps = "azure_devops",
    }
}

impl TrackerKind {
    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::Jira => "Jira",
            Self::AzureDevOps => "Azure DevOps",
        }
    }

    /// The kind of documents that it keeps itself.
    pub fn documents(self) -> DocumentKind {
        match self {
            Self::GitHub => DocumentKind::Repository,
            Self::Jira => DocumentKind::Attachment,
            Self::AzureDevOps => DocumentKind::Wiki,
        }
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
    /// Where the API is. GitHub: `https://api.github.com` when absent; an Enterprise Server's ends with `/api/v3`. Jira:
    /// the site, or `https://api.atlassian.com/ex/jira/{cloud id}` (then `web_url` is the site). Azure DevOps:
    /// `https://dev.azure.com/{organization}`, or a server's collection.
    #[serde(default)]
    pub base_url: Option<String>,
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
    /// Organisations with a webhook of their own, likewise.
    #[serde(default)]
    pub sweep_organisations: Vec<String>,
    /// Where documents are kept for this connection; as in `[publish]` when absent.
    #[serde(default)]
    pub document: Option<DocumentKind>,
    /// What only Jira needs.
    #[serde(default)]
    pub jira: Option<Jira>,
    /// What only Azure DevOps needs.
    #[serde(default)]
    pub azure_devops: Option<AzureDevOps>,
}

fn one() -> usize {
    1
}

fn a_second() -> u64 {
    1_000
}

impl Connection {
    /// Where the API is, as configured or the tracker's own public address; empty where it has none.
    pub fn base_url(&self) -> &str {
        let public = match self.tracker {
            TrackerKind::GitHub => "https://api.github.com",
            TrackerKind::Jira | TrackerKind::AzureDevOps => "",
        };
        self.base_url.as_deref().unwrap_or(public)
    }

    /// Where people read issues, without a slash at the end.
    pub fn web_url(&self) -> String {
        let derived = || match self.base_url().trim_end_matches('/') {
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

/// The ways to be somebody on a tracker.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "AuthFields")]
pub enum Auth {
    /// A GitHub App: its id and its private key (PEM).
    App { app_id: u64, private_key: Secret },
    /// A personal access token.
    Token(Secret),
    /// An account's e-mail address with its API token (Jira Cloud).
    Login { email: String, token: Secret },
    /// A program registered with an identity provider, by OAuth's client credentials grant (RFC 6749, 4.4).
    Client { token_url: String, client_id: String, client_secret: Secret },
}

impl Auth {
    /// What a configuration writes for it.
    pub fn keys(&self) -> &'static str {
        match self {
            Self::App { .. } => "app_id and private_key",
            Self::Token(_) => "token",
            Self::Login { .. } => "email and token",
            Self::Client { .. } => "token_url, client_id and client_secret",
        }
    }
}

/// An App (`app_id`, `private_key`), a token (`token`), a login (`email`, `token`), or a client of an identity provider
/// (`token_url`, `client_id`, `client_secret`).
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AuthFields {
    /// The App's id.
    #[serde(default)]
    app_id: Option<u64>,
    /// The App's private key, PEM.
    #[serde(default)]
    private_key: Option<Secret>,
    /// A personal access token, or the API token of `email`.
    #[serde(default)]
    token: Option<Secret>,
    /// The account's e-mail address.
    #[serde(default)]
    email: Option<String>,
    /// Where the identity provider gives out tokens.
    #[serde(default)]
    token_url: Option<String>,
    /// The program's id there.
    #[serde(default)]
    client_id: Option<String>,
    /// The program's secret there.
    #[serde(default)]
    client_secret: Option<Secret>,
}

impl TryFrom<AuthFields> for Auth {
    type Error = &'static str;

    fn try_from(fields: AuthFields) -> Result<Self, Self::Error> {
        let AuthFields { app_id, private_key, token, email, token_url, client_id, client_secret } = fields;
        let app = (app_id, private_key);
        let login = (email, token);
        let client = (token_url, client_id, client_secret);
        match (app, login, client) {
            ((Some(app_id), Some(private_key)), (None, None), (None, None, None)) => {
                Ok(Self::App { app_id, private_key })
            }
            ((None, None), (None, Some(token)), (None, None, None)) => Ok(Self::Token(token)),
            ((None, None), (Some(email), Some(token)), (None, None, None)) => Ok(Self::Login { email, token }),
            ((None, None), (None, None), (Some(token_url), Some(client_id), Some(client_secret))) => {
                Ok(Self::Client { token_url, client_id, client_secret })
            }
            _ => Err("needs one of: app_id together with private_key; token; email together with token; \
                      token_url together with client_id and client_secret"),
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

/// The tickets of one project of one connection: all, or those for which everything given here holds. Tickets for which
/// that is so are served by these repositories alone, the project's others by the repositories that ask for nothing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketSet {
    /// The connection's name.
    pub connection: String,
    /// `owner/repo` on GitHub, the project's key on Jira, its name on Azure DevOps.
    pub project: String,
    /// Only tickets with this label.
    #[serde(default)]
    pub label: Option<String>,
    /// Only tickets of this component (Jira).
    #[serde(default)]
    pub component: Option<String>,
    /// Only tickets in this area or below it (Azure DevOps): `Shop\Web`.
    #[serde(default)]
    pub area: Option<String>,
    /// Only tickets whose field of this name or id has this value (custom fields).
    #[serde(default)]
    pub field: Option<FieldValue>,
}

/// A field and the value that it must have.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldValue {
    /// The field's name or id.
    pub name: String,
    /// The value, as people see it.
    pub value: String,
}

words! {
    /// Whose address scheme links into the code follow.
    BrowseStyle {
        /// GitHub.
        GitHub = "github",
        /// GitLab.
        GitLab = "gitlab",
        /// bitbucket.org.
        Bitbucket = "bitbucket",
        /// Bitbucket Server and Data Center.
        BitbucketServer = "bitbucket_server",
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
            BrowseStyle::BitbucketServer => WebStyle::BitbucketServer,
            BrowseStyle::AzureRepos => WebStyle::AzureRepos,
        };
        WebLinks { style, base: self.base.trim_end_matches('/').to_owned() }
    }
}
