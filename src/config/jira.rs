//! `[connections.jira]`: what only Jira needs of a connection.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::words;

words! {
    /// Which Jira.
    JiraDeployment {
        /// Atlassian's own.
        Cloud = "cloud",
        /// On a company's own machines.
        DataCenter = "data_center",
    }
}

words! {
    /// How deliveries are proven.
    JiraProof {
        /// A signature over the body: webhooks of administrators with a secret (Cloud, Data Center from 10).
        Signature = "signature",
        /// A token that an OAuth app's client secret signed.
        OAuth = "oauth",
        /// A token that a Connect app's shared secret signed.
        Connect = "connect",
        /// A secret in the address alone, from known networks: Data Centers that sign nothing.
        Address = "address",
    }
}

/// What only Jira needs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Jira {
    /// `cloud` or `data_center`; by `base_url` when absent: `*.atlassian.net` and `api.atlassian.com` are Cloud.
    pub deployment: Option<JiraDeployment>,
    /// How deliveries are proven: `signature`, `oauth`, `connect`, or `address` (the weakest).
    pub proof: JiraProof,
    /// Who must have issued tokens; empty for anyone. Needed for `connect`: the client key.
    pub issuer: String,
    /// For whom tokens must be; empty for anyone.
    pub audience: String,
    /// From where deliveries may come with `address`, as CIDR; behind a proxy, the proxy's address.
    pub networks: Vec<String>,
    /// Fields with acceptance criteria, by name or id (`customfield_10042`).
    pub acceptance_criteria: Vec<String>,
    /// Fields with the steps to reproduce a bug, likewise.
    pub reproduction_steps: Vec<String>,
    /// Other fields that a plan should know, likewise.
    pub fields: Vec<String>,
    /// What issue types are called in `triggers.stories`, by number or translated name.
    pub types: BTreeMap<String, String>,
    /// Project roles whose members may ask; empty: Jira's permissions decide, which needs an administrator's account.
    pub roles: Vec<String>,
    /// Customers of a service desk may read the answers; otherwise they are internal comments.
    pub public_answers: bool,
}

impl Default for Jira {
    fn default() -> Self {
        Self {
            deployment: None,
            proof: JiraProof::Signature,
            issuer: String::new(),
            audience: String::new(),
            networks: Vec::new(),
            acceptance_criteria: vec!["Acceptance Criteria".to_owned()],
            reproduction_steps: vec!["Steps to Reproduce".to_owned()],
            fields: Vec::new(),
            types: BTreeMap::new(),
            roles: Vec::new(),
            public_answers: false,
        }
    }
}

impl Jira {
    /// Which Jira is at this address.
    pub fn deployment(&self, base_url: &str) -> JiraDeployment {
        let host = url::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let is_cloud = host.ends_with(".atlassian.net") || host == "api.atlassian.com";
        self.deployment.unwrap_or(if is_cloud { JiraDeployment::Cloud } else { JiraDeployment::DataCenter })
    }
}
