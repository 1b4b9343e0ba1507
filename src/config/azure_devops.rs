//! `[connections.azure_devops]`: what only Azure DevOps needs of a connection.

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::words;

words! {
    /// Which Azure DevOps.
    AzureFlavor {
        /// Microsoft's own.
        Services = "services",
        /// On a company's own machines.
        Server = "server",
    }
}

words! {
    /// The version of the REST interface.
    AzureApi {
        /// Azure DevOps Server 2020.
        V6_0 = "6.0",
        /// Azure DevOps Server 2022.
        V7_0 = "7.0",
        /// Azure DevOps Server from 2022.1 on, and Services.
        V7_1 = "7.1",
    }
}

/// What only Azure DevOps needs.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AzureDevOps {
    /// `services` or `server`; by `base_url` when absent: `dev.azure.com` and `*.visualstudio.com` are Services.
    pub flavor: Option<AzureFlavor>,
    /// A server's REST interface: `6.0`, `7.0` (when absent) or `7.1`, from which on comments are Markdown.
    pub api_version: Option<AzureApi>,
    /// The name that service hooks log in with; empty for any.
    pub webhook_user: String,
    /// The service hook subscriptions that are listened to, by id; empty for all that know the password.
    pub subscriptions: Vec<String>,
    /// Asks Azure DevOps whether it sent a notification before acting on it; the account must be allowed to view the
    /// subscriptions, which `subscriptions` names.
    pub confirm_notifications: bool,
    /// The one project that is served; empty for all that the account sees.
    pub project: String,
    /// The repository of a project's tickets, where it has several and `repositories` says nothing.
    pub repository: String,
    /// Fields with acceptance criteria, by reference name, beside `Microsoft.VSTS.Common.AcceptanceCriteria`.
    pub acceptance_criteria: Vec<String>,
    /// Fields with the steps to reproduce a bug, beside `Microsoft.VSTS.TCM.ReproSteps`.
    pub reproduction_steps: Vec<String>,
    /// Other fields that a plan should know.
    pub fields: Vec<String>,
}

impl AzureDevOps {
    /// Which Azure DevOps it is.
    pub fn flavor(&self, base_url: &str) -> AzureFlavor {
        let host = url::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let derived = if host == "dev.azure.com" || host.ends_with(".visualstudio.com") {
            AzureFlavor::Services
        } else {
            AzureFlavor::Server
        };
        self.flavor.unwrap_or(derived)
    }

    /// The version of the REST interface.
    pub fn api_version(&self, base_url: &str) -> AzureApi {
        let usual = match self.flavor(base_url) {
            AzureFlavor::Services => AzureApi::V7_1,
            AzureFlavor::Server => AzureApi::V7_0,
        };
        self.api_version.unwrap_or(usual)
    }
}
