//! Tickets as they come from trackers: opened in the sandbox, read back by the adapters.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use planwright::{
    clock::{Clock, SystemClock},
    model::{ConnectionName, TicketId, ticket::Ticket},
    sandbox::{NewTicket, Role, Sandbox, TicketKey, World},
    trackers::{Tracker, auth::Secrets, azure_devops, github, jira},
};
use serde::Deserialize;
use uuid::Uuid;

/// A ticket as people write it on its tracker: Markdown, wiki markup or HTML.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub tracker: On,
    pub repository: String,
    title: String,
    kind: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    body: String,
    acceptance: Option<String>,
    #[serde(default)]
    comments: Vec<Said>,
}

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum On {
    GitHub,
    Jira,
    Azure,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    by: String,
    text: String,
}

/// A clock that stands at 2025-07-01.
pub struct Still;

impl Clock for Still {
    fn now_ms(&self) -> i64 {
        1_751_360_400_000
    }

    fn new_id(&self) -> Uuid {
        Uuid::nil()
    }
}

/// People who write code; everybody else only reads.
const TEAM: &[&str] = &["nils", "leila", "oskar"];

/// The project of a repository's tickets on a tracker.
fn project(on: On, repository: &str) -> String {
    let mut name = repository.to_owned();
    match on {
        On::GitHub => format!("acme/{repository}"),
        On::Jira => repository.chars().take(4).collect::<String>().to_uppercase(),
        On::Azure => {
            name[..1].make_ascii_uppercase();
            name
        }
    }
}

/// Reads all tickets through the adapters of their trackers, in their order.
pub async fn read(all: &[Written]) -> Vec<Ticket> {
    let mut world = World::new(Arc::new(Still));
    for login in TEAM.iter().chain(&["tova", "rune"]) {
        world.add_person(login, login);
    }
    let keys: Vec<TicketKey> = all.iter().map(|written| open(&mut world, written)).collect();
    let sandbox = Sandbox::start(world).await.expect("a sandbox");
    let mut tickets = Vec::new();
    for (written, key) in all.iter().zip(&keys) {
        let (tracker, id) = connect(&sandbox, written.tracker, key);
        tickets.push(tracker.ticket(&TicketId::new(id)).await.expect("a ticket"));
    }
    sandbox.shutdown().await.expect("the sandbox ends");
    tickets
}

/// Opens a ticket in the world, its project with it.
fn open(world: &mut World, written: &Written) -> TicketKey {
    let name = project(written.tracker, &written.repository);
    let roles = &mut world.add_project(&name).roles;
    roles.extend(TEAM.iter().map(|login| ((*login).to_owned(), Role::Maintain)));
    roles.insert("rune".to_owned(), Role::Write);
    let new = NewTicket {
        title: written.title.clone(),
        body: written.body.trim().to_owned(),
        kind: written.kind.clone(),
        labels: written.labels.clone(),
        acceptance: written.acceptance.clone(),
        ..NewTicket::default()
    };
    let key = world.open(&name, new, "rune");
    for said in &written.comments {
        world.comment_on(&key, &said.text, &said.by, false);
    }
    key
}

/// The adapter of a tracker, and the ticket's id there.
fn connect(sandbox: &Sandbox, on: On, key: &TicketKey) -> (Arc<dyn Tracker>, String) {
    match on {
        On::GitHub => (github(sandbox), key.to_string()),
        On::Jira => (jira(sandbox), sandbox.jira_cloud.issue(key).expect("an issue").id.to_string()),
        On::Azure => (azure(sandbox), sandbox.azure.work_item_id(key).expect("a work item").to_string()),
    }
}

fn secrets(word: &str) -> Secrets {
    Secrets::new(&[word.into()]).expect("a fit secret")
}

fn github(sandbox: &Sandbox) -> Arc<dyn Tracker> {
    let hub = &sandbox.github;
    let settings = github::Settings {
        connection: ConnectionName::new("acme"),
        api_base: hub.base_url().to_owned(),
        web_base: Some("https://git.acme.test".to_owned()),
        clone_base: None,
        auth: github::Auth::App { app_id: hub.app_id(), private_key_pem: hub.private_key_pem().into() },
        secrets: secrets(&hub.webhook_secret()),
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
        sweep_repositories: Vec::new(),
        sweep_organisations: Vec::new(),
    };
    github::connect(settings).expect("fit settings").1
}

fn jira(sandbox: &Sandbox) -> Arc<dyn Tracker> {
    let site = &sandbox.jira_cloud;
    let token = site.token_of(site.bot_login()).expect("a token").into();
    let settings = jira::Settings {
        connection: ConnectionName::new("acme"),
        deployment: jira::Deployment::Cloud,
        base: site.base_url().to_owned(),
        web_base: Some("https://acme.atlassian.test".to_owned()),
        auth: jira::Auth::Login { email: site.email_of(site.bot_login()), token },
        proof: jira::Proof::Signature(secrets(&site.webhook_secret().expect("a secret"))),
        clock: Arc::new(SystemClock),
        types: BTreeMap::new(),
        wanted: jira::Wanted { acceptance_criteria: vec!["Acceptance Criteria".to_owned()], ..jira::Wanted::default() },
        roles: Vec::new(),
        is_public: false,
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
    };
    jira::connect(settings).expect("fit settings").1
}

fn azure(sandbox: &Sandbox) -> Arc<dyn Tracker> {
    let services = &sandbox.azure;
    let settings = azure_devops::Settings {
        connection: ConnectionName::new("acme"),
        base: services.base_url().to_owned(),
        web_base: Some("https://azure.acme.test".to_owned()),
        clone_base: None,
        flavor: azure_devops::Flavor::Services,
        api: azure_devops::ApiVersion::V7_1,
        auth: azure_devops::Auth::Pat(services.token_of(services.bot_login()).expect("a token").into()),
        webhook_user: None,
        passwords: vec!["open sesame".into()],
        subscriptions: Vec::new(),
        confirm_notifications: false,
        project: None,
        repository: None,
        fields: Vec::new(),
        places: Vec::new(),
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
    };
    azure_devops::connect(settings).expect("fit settings").1
}
