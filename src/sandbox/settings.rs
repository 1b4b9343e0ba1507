//! How a bot is told of a sandbox's trackers: the blocks of its configuration.
//!
//! In: a sandbox, and a folder that only this user reads. Out: TOML with one connection for each tracker, in the form
//! that a team would write, and hooks that lead to the bot.

use std::{fs, io, net::SocketAddr, path::Path};

use super::{
    AzureDevOps, GitHub, JiraSite, Sandbox, SandboxTracker, azure_devops::Flavour as AzureFlavour,
    jira::Flavour as JiraFlavour,
};

/// The name of the connection to a tracker.
pub fn connection(tracker: &dyn SandboxTracker) -> String {
    format!("sandbox-{}", tracker.name().replace('_', "-"))
}

impl Sandbox {
    /// `[[connections]]` for every tracker, without a pause between writes. Writes the app's private key to `folder`.
    pub fn connections(&self, folder: &Path) -> io::Result<String> {
        let key = folder.join("app.pem");
        write_private(&key, self.github.private_key_pem())?;
        let jiras = [&self.jira_cloud, &self.jira_dc].map(jira);
        let azures = [&self.azure, &self.azure_server].map(azure);
        Ok([vec![github(&self.github, &key)], jiras.into(), azures.into()].concat().join("\n"))
    }

    /// The `tickets` of a repository that all trackers' tickets of the demo's project belong to.
    pub fn tickets(&self) -> String {
        let set = |tracker: &dyn SandboxTracker| {
            format!("{{ connection = \"{}\", project = \"{}\" }}", connection(tracker), tracker.project())
        };
        format!("[{}]", self.trackers().map(set).join(", "))
    }

    /// Sends every tracker's deliveries to the bot at this address.
    pub fn point_hooks_at(&self, bot: SocketAddr) {
        for tracker in self.trackers() {
            tracker.set_hook(Some(&format!("http://{bot}/hooks/{}", connection(tracker))));
        }
    }
}

fn github(github: &GitHub, key: &Path) -> String {
    format!(
        "[[connections]]\nname = \"{}\"\ntracker = \"github\"\nbase_url = \"{}\"\nwebhook_secrets = [\"{}\"]\n\
         auth = {{ app_id = {}, private_key = {{ file = \"{}\" }} }}\nwrite_gap_ms = 0\n",
        connection(github),
        github.base_url(),
        github.webhook_secret(),
        github.app_id(),
        key.display(),
    )
}

fn jira(jira: &JiraSite) -> String {
    let token = jira.token_of(jira.bot_login()).unwrap_or_default();
    let (deployment, auth) = match jira.flavour() {
        JiraFlavour::Cloud => {
            ("cloud", format!("{{ email = \"{}\", token = \"{token}\" }}", jira.email_of(jira.bot_login())))
        }
        JiraFlavour::DataCenter => ("data_center", format!("{{ token = \"{token}\" }}")),
    };
    format!(
        "[[connections]]\nname = \"{}\"\ntracker = \"jira\"\nbase_url = \"{}\"\nwebhook_secrets = [\"{}\"]\n\
         auth = {auth}\nwrite_gap_ms = 0\n[connections.jira]\ndeployment = \"{deployment}\"\n",
        connection(jira),
        jira.base_url(),
        jira.webhook_secret().unwrap_or_default(),
    )
}

fn azure(azure: &AzureDevOps) -> String {
    let (user, password) = azure.hook_credentials();
    let flavor = match azure.flavour() {
        AzureFlavour::Services => "flavor = \"services\"",
        AzureFlavour::Server => "flavor = \"server\"\napi_version = \"7.0\"",
    };
    let subscriptions =
        ["created", "updated", "commented"].map(|what| azure.subscription_id(&format!("workitem.{what}")));
    format!(
        "[[connections]]\nname = \"{}\"\ntracker = \"azure_devops\"\nbase_url = \"{}\"\nwebhook_secrets = [\"{password}\"]\n\
         auth = {{ token = \"{}\" }}\nwrite_gap_ms = 0\n[connections.azure_devops]\n{flavor}\nwebhook_user = \"{user}\"\n\
         subscriptions = {subscriptions:?}\nproject = \"{}\"\n",
        connection(azure),
        azure.base_url(),
        azure.token_of(azure.bot_login()).unwrap_or_default(),
        azure.project(),
    )
}

/// Writes a file that only this user can read.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}
