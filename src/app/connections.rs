//! How connections to trackers are made of their configuration.
//!
//! In: a checked configuration. Out: for each connection what receives and what acts, with its rules, permissions,
//! marker keys and encoder. Touches no network.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use anyhow::Context as _;

use crate::{
    clock::SystemClock,
    config::{
        AskPermission, Auth, AzureApi, AzureFlavor, Config, Connection, Jira, JiraDeployment, JiraProof, PublishMode,
        TicketSet, TrackerKind,
    },
    intake::Gate,
    model::{
        ConnectionName, RepoName,
        context::WebLinks,
        publication::DocumentPlace,
        ticket::{FieldRole, Place},
    },
    pipeline::{self, Lane, Needs, Publishing},
    publish::{Encoder, Hosts, LinkKey, Links, MarkerKey, marker},
    repo::mapping::{self, CodeMap, MappedRepository},
    templates::Packs,
    trackers::{CodeSource, Inbound, Permission, Profile, Tracker, auth::Secrets, azure_devops, github, jira},
    trigger::{ProjectRule, Rules, Switches},
    web::ConnectionInfo,
};

/// Everything that serves one connection.
pub(super) struct Wired {
    pub(super) name: ConnectionName,
    pub(super) gate: Gate,
    pub(super) lane: Lane,
}

/// What receives and what acts.
type Halves = (Arc<dyn Inbound>, Arc<dyn Tracker>);

/// Makes one connection.
pub(super) fn wire_one(config: &Config, connection: &Connection, packs: &Packs) -> anyhow::Result<Wired> {
    let name = ConnectionName::new(connection.name.clone());
    let (inbound, tracker) = halves(config, connection).with_context(|| format!("connection {name}"))?;
    let rules = rules(config, connection, packs, tracker.profile())?;
    let marker_keys = marker_keys(connection)?;
    let newest = marker_keys.first().context("a connection has at least one secret")?.clone();
    let publishing = publishing(config, connection, tracker.profile())?;
    let encoder = Encoder::new(tracker.profile().clone(), newest, Hosts::Only(link_hosts(config)))?;
    let lane = Lane {
        tracker,
        rules: rules.clone(),
        encoder: Arc::new(encoder),
        marker_keys,
        needs: needs(config, connection),
        publishing,
    };
    Ok(Wired { name, gate: Gate { inbound, rules }, lane })
}

/// Both halves of a connection, by its tracker.
fn halves(config: &Config, connection: &Connection) -> anyhow::Result<Halves> {
    Ok(match connection.tracker {
        TrackerKind::GitHub => github::connect(github_settings(config, connection)?)?,
        TrackerKind::Jira => jira::connect(jira_settings(config, connection)?)?,
        TrackerKind::AzureDevOps => azure_devops::connect(azure_settings(config, connection)?)?,
    })
}

/// What the GitHub adapter needs of a connection.
fn github_settings(config: &Config, connection: &Connection) -> anyhow::Result<github::Settings> {
    let secrets: Vec<_> = connection.webhook_secrets.iter().map(|secret| secret.to_secret_string()).collect();
    Ok(github::Settings {
        connection: ConnectionName::new(connection.name.clone()),
        api_base: connection.base_url().to_owned(),
        web_base: connection.web_url.clone(),
        clone_base: connection.clone_url.clone(),
        auth: match &connection.auth {
            Auth::App { app_id, private_key } => {
                github::Auth::App { app_id: *app_id, private_key_pem: private_key.to_secret_string() }
            }
            Auth::Token(token) => github::Auth::Token(token.to_secret_string()),
            other => anyhow::bail!("auth: GitHub does not take {}", other.keys()),
        },
        secrets: Secrets::new(&secrets).context("webhook_secrets")?,
        write_gap: Duration::from_millis(connection.write_gap_ms),
        writes_at_once: connection.writes_at_once,
        request_deadline: Duration::from_secs(config.worker.write_timeout_secs),
        sweep_repositories: connection.sweep_repositories.clone(),
        sweep_organisations: connection.sweep_organisations.clone(),
    })
}

/// What the Jira adapter needs of a connection.
fn jira_settings(config: &Config, connection: &Connection) -> anyhow::Result<jira::Settings> {
    let own = connection.jira.clone().unwrap_or_default();
    let sets = config.repositories.iter().flat_map(|repository| &repository.tickets);
    let mapped = sets.filter(|set| set.connection == connection.name).filter_map(|set| set.field.as_ref());
    Ok(jira::Settings {
        connection: ConnectionName::new(connection.name.clone()),
        deployment: match own.deployment(connection.base_url()) {
            JiraDeployment::Cloud => jira::Deployment::Cloud,
            JiraDeployment::DataCenter => jira::Deployment::DataCenter,
        },
        base: connection.base_url().to_owned(),
        web_base: connection.web_url.clone(),
        auth: match &connection.auth {
            Auth::Login { email, token } => jira::Auth::Login { email: email.clone(), token: token.to_secret_string() },
            Auth::Token(token) => jira::Auth::Token(token.to_secret_string()),
            Auth::Client { token_url, client_id, client_secret } => jira::Auth::Program {
                token_url: token_url.clone(),
                client_id: client_id.clone(),
                client_secret: client_secret.to_secret_string(),
            },
            other => anyhow::bail!("auth: Jira does not take {}", other.keys()),
        },
        proof: jira_proof(config, connection, &own)?,
        clock: Arc::new(SystemClock),
        types: own.types,
        wanted: jira::Wanted {
            acceptance_criteria: own.acceptance_criteria,
            reproduction_steps: own.reproduction_steps,
            others: own.fields,
            places: mapped.map(|field| field.name.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        },
        roles: own.roles,
        is_public: own.public_answers,
        write_gap: Duration::from_millis(connection.write_gap_ms),
        writes_at_once: connection.writes_at_once,
        request_deadline: Duration::from_secs(config.worker.write_timeout_secs),
    })
}

/// How a Jira's deliveries are proven.
fn jira_proof(config: &Config, connection: &Connection, own: &Jira) -> anyhow::Result<jira::Proof> {
    let words: Vec<_> = connection.webhook_secrets.iter().map(|secret| secret.to_secret_string()).collect();
    let secrets = Secrets::new(&words).context("webhook_secrets")?;
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let claims = jira::Claims { issuer: named(&own.issuer), audience: named(&own.audience) };
    Ok(match own.proof {
        JiraProof::Signature => jira::Proof::Signature(secrets),
        JiraProof::OAuth => jira::Proof::OAuth { secrets, claims },
        JiraProof::Connect => {
            let public = url::Url::parse(&config.server.public_url).context("server.public_url")?;
            jira::Proof::Connect { secrets, claims, base_path: public.path().to_owned() }
        }
        JiraProof::Address => {
            tracing::warn!(
                connection = %connection.name,
                "deliveries of this Jira are proven by their address alone: prefer a signature where Jira has one"
            );
            let networks = own.networks.iter().map(|text| jira::Network::parse(text).context("jira.networks"));
            jira::Proof::Address { tokens: words, networks: networks.collect::<anyhow::Result<_>>()? }
        }
    })
}

/// What the Azure DevOps adapter needs of a connection.
fn azure_settings(config: &Config, connection: &Connection) -> anyhow::Result<azure_devops::Settings> {
    let own = connection.azure_devops.clone().unwrap_or_default();
    let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let sets = config.repositories.iter().flat_map(|repository| &repository.tickets);
    let mapped = sets.filter(|set| set.connection == connection.name).filter_map(|set| set.field.as_ref());
    let field = |role: FieldRole| move |name: &String| azure_devops::CustomField { name: name.clone(), role };
    let criteria = own.acceptance_criteria.iter().map(field(FieldRole::AcceptanceCriteria));
    let steps = own.reproduction_steps.iter().map(field(FieldRole::ReproductionSteps));
    Ok(azure_devops::Settings {
        connection: ConnectionName::new(connection.name.clone()),
        base: connection.base_url().to_owned(),
        web_base: connection.web_url.clone(),
        clone_base: connection.clone_url.clone(),
        flavor: match own.flavor(connection.base_url()) {
            AzureFlavor::Services => azure_devops::Flavor::Services,
            AzureFlavor::Server => azure_devops::Flavor::Server,
        },
        api: match own.api_version(connection.base_url()) {
            AzureApi::V6_0 => azure_devops::ApiVersion::V6_0,
            AzureApi::V7_0 => azure_devops::ApiVersion::V7_0,
            AzureApi::V7_1 => azure_devops::ApiVersion::V7_1,
        },
        auth: match &connection.auth {
            Auth::Token(token) => azure_devops::Auth::Pat(token.to_secret_string()),
            Auth::Client { token_url, client_id, client_secret } => azure_devops::Auth::Program {
                token_url: token_url.clone(),
                client_id: client_id.clone(),
                client_secret: client_secret.to_secret_string(),
            },
            other => anyhow::bail!("auth: Azure DevOps does not take {}", other.keys()),
        },
        webhook_user: named(&own.webhook_user),
        passwords: connection.webhook_secrets.iter().map(|secret| secret.to_secret_string()).collect(),
        subscriptions: own.subscriptions.clone(),
        confirm_notifications: own.confirm_notifications,
        project: named(&own.project),
        repository: named(&own.repository),
        fields: criteria.chain(steps).chain(own.fields.iter().map(field(FieldRole::Other))).collect(),
        places: mapped.map(|field| field.name.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        write_gap: Duration::from_millis(connection.write_gap_ms),
        writes_at_once: connection.writes_at_once,
        request_deadline: Duration::from_secs(config.worker.write_timeout_secs),
    })
}

/// The rules of a connection, with those of its projects.
fn rules(config: &Config, connection: &Connection, packs: &Packs, profile: &Profile) -> anyhow::Result<Rules> {
    let triggers = &config.triggers;
    let own = triggers.projects.iter().filter(|project| project.connection == connection.name);
    let projects = own.map(|project| {
        ProjectRule::new(&project.project, project.label.clone(), project.stories.clone())
            .with_context(|| format!("triggers.projects: {:?} is not a name or glob", project.project))
    });
    Ok(Rules {
        label: triggers.label.clone(),
        command: triggers.command.clone(),
        stories: triggers.stories.clone(),
        projects: projects.collect::<anyhow::Result<_>>()?,
        switches: Switches { label: !triggers.label.is_empty(), command: true, story: !triggers.stories.is_empty() },
        identity: None,
        marker: marker::PREFIX.to_owned(),
        labels_on_open: profile.labels_on_open,
        bots_may_ask: triggers.label_by_bots,
        templates: packs.names().into_iter().map(str::to_owned).collect(),
    })
}

/// What people must be allowed to do to ask, by project.
fn needs(config: &Config, connection: &Connection) -> Needs {
    let own = config.triggers.projects.iter().filter(|project| project.connection == connection.name);
    Needs {
        usually: permission(config.triggers.permission),
        projects: own.filter_map(|p| Some((p.project.clone(), permission(p.permission?)))).collect(),
    }
}

/// The permission behind a word of the configuration; `None` lets anyone ask.
fn permission(ask: AskPermission) -> Option<Permission> {
    match ask {
        AskPermission::Anyone => None,
        AskPermission::Read => Some(Permission::Read),
        AskPermission::Triage => Some(Permission::Triage),
        AskPermission::Write => Some(Permission::Write),
    }
}

/// Where the plans of a connection go.
fn publishing(config: &Config, connection: &Connection, profile: &Profile) -> anyhow::Result<Publishing> {
    let place = connection.document.unwrap_or(config.publish.document).to_place();
    anyhow::ensure!(
        place == DocumentPlace::Hosted || place == profile.documents,
        "publish.document: {} keeps no documents of this kind",
        connection.tracker.title()
    );
    Ok(Publishing {
        mode: match config.publish.mode {
            PublishMode::Auto => pipeline::PublishMode::Auto,
            PublishMode::Comment => pipeline::PublishMode::Comment,
            PublishMode::Document => pipeline::PublishMode::Document,
        },
        place,
        links: Links {
            key: link_keys(connection)?.into_iter().next().context("a connection has at least one secret")?,
            base: config.server.public_url.trim_end_matches('/').to_owned(),
            valid: Duration::from_secs(u64::from(config.publish.link_days) * 24 * 3600),
        },
    })
}

/// Links outlive a rotation as markers do.
pub(super) fn link_keys(connection: &Connection) -> anyhow::Result<Vec<LinkKey>> {
    let keys = connection.webhook_secrets.iter().map(|secret| LinkKey::derive(secret.expose().as_bytes()));
    keys.collect::<Result<_, _>>().with_context(|| format!("connection {}: webhook_secrets", connection.name))
}

/// Markers outlive a rotation: each webhook secret has its key, and the first one's is used for new ones.
fn marker_keys(connection: &Connection) -> anyhow::Result<Vec<MarkerKey>> {
    let keys = connection.webhook_secrets.iter().map(|secret| MarkerKey::derive(secret.expose().as_bytes()));
    keys.collect::<Result<_, _>>().with_context(|| format!("connection {}: webhook_secrets", connection.name))
}

/// Hosts that plans may link to, beside the tracker's own.
fn link_hosts(config: &Config) -> Vec<String> {
    let own = config.connections.iter().map(Connection::web_url);
    let code = config.repositories.iter().filter_map(|repository| repository.web.as_ref().map(|web| web.base.clone()));
    let pages = std::iter::once(config.server.public_url.clone());
    let addresses = own
        .chain(code)
        .chain(pages)
        .filter_map(|address| url::Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned)));
    let mut hosts: Vec<String> = addresses.chain(config.publish.link_hosts.iter().cloned()).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// The user that a token goes with where none is configured: bitbucket.org wants its own, others take any.
/// <https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/>
fn token_user(url: &str) -> &'static str {
    if url.starts_with("https://bitbucket.org/") { "x-token-auth" } else { "x-access-token" }
}

/// Which code belongs to which tickets.
pub(super) fn code_map(config: &Config) -> CodeMap {
    let mapped = config.repositories.iter().map(|repository| MappedRepository {
        source: CodeSource {
            name: RepoName::new(repository.name.clone()),
            url: repository.url.clone(),
            credentials: repository.token.as_ref().map(|token| {
                let user = repository.user.as_deref().unwrap_or_else(|| token_user(&repository.url));
                (user.to_owned(), token.to_secret_string())
            }),
            web: match &repository.web {
                Some(web) => Some(web.to_links()),
                None => WebLinks::of_known_host(&repository.url),
            },
        },
        branch: repository.branch.clone(),
        tickets: repository
            .tickets
            .iter()
            .map(|set| mapping::TicketSet {
                connection: ConnectionName::new(set.connection.clone()),
                project: set.project.clone(),
                conditions: conditions(set),
            })
            .collect(),
    });
    CodeMap::new(mapped.collect())
}

/// What a set's tickets must have.
fn conditions(set: &TicketSet) -> Vec<mapping::Condition> {
    let place =
        |kind: &str, name: &str| mapping::Condition::Place(Place { kind: kind.to_owned(), name: name.to_owned() });
    let label = set.label.clone().map(mapping::Condition::Label);
    let component = set.component.as_deref().map(|name| place("component", name));
    let area = set.area.as_deref().map(|name| place("area", name.trim_matches('\\')));
    let field = set.field.as_ref().map(|field| place(&field.name, &field.value));
    [label, component, area, field].into_iter().flatten().collect()
}

/// The connections as the dashboard shows them.
pub(super) fn connection_infos(config: &Config) -> Arc<[ConnectionInfo]> {
    let info = |connection: &Connection| ConnectionInfo {
        name: ConnectionName::new(connection.name.clone()),
        tracker: connection.tracker.title(),
        web_url: connection.web_url(),
    };
    config.connections.iter().map(info).collect()
}

#[cfg(test)]
mod tests {
    use super::token_user;

    #[test]
    fn a_token_goes_with_the_user_that_its_host_wants() {
        for (url, user) in [
            ("https://bitbucket.org/acme/shop.git", "x-token-auth"),
            ("https://gitlab.com/acme/shop.git", "x-access-token"),
            ("https://github.com/acme/shop", "x-access-token"),
            ("https://bitbucket.org.evil.test/acme/shop", "x-access-token"),
        ] {
            assert_eq!(token_user(url), user, "{url}");
        }
    }
}
