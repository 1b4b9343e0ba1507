//! What single values cannot show: addresses, names, and how sections fit together.

use std::{collections::HashSet, net::IpAddr, path::Component, path::Path};

use url::{Host, Url};

use super::{
    Auth, AzureDevOps, AzureFlavor, Config, Connection, DocumentKind, Jira, JiraProof, Problem, Repository, StoreKind,
    TrackerKind, layers::STAND_IN, secrets,
};
use crate::trackers::jira::Network;

/// Reports everything that is wrong in a configuration whose values are all of the right type.
pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    server(config, problems);
    store(config, problems);
    triggers(config, problems);
    work(config, problems);
    for (index, connection) in config.connections.iter().enumerate() {
        let key = format!("connections[{index}]");
        check_connection(&key, connection, problems);
        check_documents(&key, connection, config, problems);
    }
    for (index, repository) in config.repositories.iter().enumerate() {
        check_repository(&format!("repositories[{index}]"), repository, config, problems);
    }
    duplicates("connections", config.connections.iter().map(|connection| &connection.name), problems);
    duplicates("repositories", config.repositories.iter().map(|repository| &repository.name), problems);
}

/// Adds a problem when something does not hold.
pub(super) fn require(holds: bool, key: &str, message: impl Into<String>, problems: &mut Vec<Problem>) {
    if !holds {
        problems.push(Problem::new(key, message));
    }
}

/// Is this host this machine alone?
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Reads a web address and refuses what must not stand in one; `secure` refuses plain HTTP to other machines.
pub(super) fn web_address(key: &str, text: &str, secure: bool, problems: &mut Vec<Problem>) -> Option<Url> {
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
        _ => {
            problems.push(Problem::new(key, "must be an address that starts with https:// or http://"));
            return None;
        }
    };
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    require(bare, key, "must hold no user, password, query or fragment", problems);
    let plain = url.scheme() == "http" && !is_loopback(&url);
    require(!(secure && plain), key, "http:// is allowed on this machine only: use https://", problems);
    Some(url)
}

/// `[server]`, `[pages]` and `[log]`.
fn server(config: &Config, problems: &mut Vec<Problem>) {
    let public = web_address("server.public_url", &config.server.public_url, false, problems);
    let listen: IpAddr = config.server.listen.ip();
    let open_to_others = !listen.is_loopback() || public.is_some_and(|url| !is_loopback(&url));
    require(
        config.pages.password.is_some() || !open_to_others,
        "pages.password",
        "is missing: pages that others can reach need a login",
        problems,
    );
    require(
        !config.pages.user.trim().is_empty() && !config.pages.user.contains(':'),
        "pages.user",
        "must be a name without a colon",
        problems,
    );
    let body = config.server.max_body_bytes;
    require(body >= 1024, "server.max_body_bytes", "must be at least 1024", problems);
    require(
        config.server.body_budget_bytes >= body,
        "server.body_budget_bytes",
        "must be at least max_body_bytes",
        problems,
    );
    require(config.server.request_timeout_secs > 0, "server.request_timeout_secs", "must be at least 1", problems);
    require(config.server.max_connections > 0, "server.max_connections", "must be at least 1", problems);
    require(config.retention.days > 0, "retention.days", "must be at least 1", problems);
    if let Err(error) = crate::telemetry::filter(&config.log.level) {
        problems.push(Problem::new("log.level", format!("is not a level or a list of levels: {error}")));
    }
}

/// `[store]`.
fn store(config: &Config, problems: &mut Vec<Problem>) {
    if secrets::is_unread(config.store.url.expose()) {
        return;
    }
    let kind = config.store.kind();
    require(kind.is_some(), "store.url", "must start with sqlite:// or postgres://", problems);
    let alone = kind != Some(StoreKind::Sqlite) || !config.store.replicas;
    require(alone, "store.replicas", "SQLite serves one process: use postgres:// for several", problems);
}

/// `[triggers]`.
fn triggers(config: &Config, problems: &mut Vec<Problem>) {
    let triggers = &config.triggers;
    label("triggers.label", &triggers.label, problems);
    let word = triggers.command.strip_prefix('/').unwrap_or_default();
    let plain = word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    require(
        (1..=32).contains(&word.len()) && plain,
        "triggers.command",
        "must be a slash and 1 to 32 small letters, digits or hyphens",
        problems,
    );
    not_blank("triggers.stories", &triggers.stories, problems);
    for (index, project) in triggers.projects.iter().enumerate() {
        let key = format!("triggers.projects[{index}]");
        known_connection(&format!("{key}.connection"), &project.connection, config, problems);
        require(!project.project.trim().is_empty(), &format!("{key}.project"), "is blank", problems);
        label(&format!("{key}.label"), project.label.as_deref().unwrap_or_default(), problems);
        not_blank(&format!("{key}.stories"), project.stories.as_deref().unwrap_or_default(), problems);
    }
}

/// A label is empty (none) or what a tracker allows.
fn label(key: &str, label: &str, problems: &mut Vec<Problem>) {
    let sound = label.trim() == label && label.chars().count() <= 50 && !label.chars().any(char::is_control);
    require(sound, key, "must be at most 50 characters, without control characters and spaces at its ends", problems);
}

/// Names are not blank.
fn not_blank(key: &str, names: &[String], problems: &mut Vec<Problem>) {
    for (index, name) in names.iter().enumerate() {
        require(!name.trim().is_empty(), &format!("{key}[{index}]"), "is blank", problems);
    }
}

/// `[planner]`, `[publish]`, `[cache]` and `[worker]`.
fn work(config: &Config, problems: &mut Vec<Problem>) {
    let worker = &config.worker;
    let template = &config.planner.default_template;
    require(is_name(template), "planner.default_template", "must be the name of a template pack", problems);
    super::llm::check(&config.planner, problems);
    for (index, host) in config.publish.link_hosts.iter().enumerate() {
        let sound = Host::parse(host).is_ok() && !host.contains(['/', ':']);
        require(sound, &format!("publish.link_hosts[{index}]"), "must be a host name alone", problems);
    }
    require(config.publish.link_days > 0, "publish.link_days", "must be at least 1", problems);
    for (index, root) in config.cache.local_roots.iter().enumerate() {
        require(root.is_absolute(), &format!("cache.local_roots[{index}]"), "must be an absolute path", problems);
    }
    require(!config.cache.dir.as_os_str().is_empty(), "cache.dir", "is empty", problems);
    require(config.cache.git_timeout_secs > 0, "cache.git_timeout_secs", "must be at least 1", problems);
    require(config.cache.max_repository_mb > 0, "cache.max_repository_mb", "must be at least 1", problems);
    require(worker.concurrency > 0, "worker.concurrency", "must be at least 1", problems);
    require(worker.max_attempts > 0, "worker.max_attempts", "must be at least 1", problems);
    require(worker.poll_ms >= 10, "worker.poll_ms", "must be at least 10", problems);
    require(worker.write_timeout_secs > 0, "worker.write_timeout_secs", "must be at least 1", problems);
    require(
        worker.lease_secs >= worker.write_timeout_secs.saturating_mul(2),
        "worker.lease_secs",
        "must be at least twice write_timeout_secs",
        problems,
    );
    require(
        worker.backoff_max_ms >= worker.backoff_ms,
        "worker.backoff_max_ms",
        "must be at least backoff_ms",
        problems,
    );
}

/// The kind of documents that is asked for is one that the connection's tracker keeps.
fn check_documents(key: &str, connection: &Connection, config: &Config, problems: &mut Vec<Problem>) {
    let (key, asked) = match connection.document {
        Some(own) => (format!("{key}.document"), own),
        None => ("publish.document".to_owned(), config.publish.document),
    };
    let native = connection.tracker.documents();
    let holds = asked == DocumentKind::Hosted || asked == native;
    let message = format!(
        "{} keeps no documents of the kind {:?} (connection {:?}): use {:?} or \"hosted\"",
        connection.tracker.title(),
        asked.as_str(),
        connection.name,
        native.as_str(),
    );
    require(holds, &key, message, problems);
}

/// Small letters, digits, `-` and `_`, at most 64: safe as a part of a path.
fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}

/// One of `[[connections]]`.
fn check_connection(key: &str, connection: &Connection, problems: &mut Vec<Problem>) {
    let at = |name: &str| format!("{key}.{name}");
    let named = is_name(&connection.name);
    require(named, &at("name"), "must be 1 to 64 small letters, digits, hyphens or underscores", problems);
    require(!connection.base_url().is_empty(), &at("base_url"), "is missing: where is the API?", problems);
    let addresses =
        [("base_url", &connection.base_url), ("web_url", &connection.web_url), ("clone_url", &connection.clone_url)];
    for (name, address) in addresses {
        if let Some(address) = address {
            web_address(&at(name), address, true, problems);
        }
    }
    require(connection.writes_at_once > 0, &at("writes_at_once"), "must be at least 1", problems);
    let secrets = &connection.webhook_secrets;
    require(!secrets.is_empty(), &at("webhook_secrets"), "needs at least one secret", problems);
    check_auth(&at("auth"), connection, problems);
    let (jira, azure) = (connection.jira.as_ref(), connection.azure_devops.as_ref());
    let jira_is_wrong = jira.is_some() && connection.tracker != TrackerKind::Jira;
    require(!jira_is_wrong, &at("jira"), "is for tracker = \"jira\" only", problems);
    let azure_is_wrong = azure.is_some() && connection.tracker != TrackerKind::AzureDevOps;
    require(!azure_is_wrong, &at("azure_devops"), "is for tracker = \"azure_devops\" only", problems);
    match connection.tracker {
        TrackerKind::GitHub => {}
        TrackerKind::Jira => check_jira(&at("jira"), connection, &jira.cloned().unwrap_or_default(), problems),
        TrackerKind::AzureDevOps => {
            check_azure(&at("azure_devops"), connection, &azure.cloned().unwrap_or_default(), problems);
        }
    }
    for (index, repository) in connection.sweep_repositories.iter().enumerate() {
        let sound = repository.split('/').count() == 2 && repository.split('/').all(|part| !part.trim().is_empty());
        require(sound, &at(&format!("sweep_repositories[{index}]")), "must be owner/repo", problems);
    }
    for (index, organisation) in connection.sweep_organisations.iter().enumerate() {
        let sound = !organisation.trim().is_empty() && !organisation.contains('/');
        require(sound, &at(&format!("sweep_organisations[{index}]")), "must be an organisation's login", problems);
    }
}

/// What only Jira needs.
fn check_jira(key: &str, connection: &Connection, jira: &Jira, problems: &mut Vec<Problem>) {
    let at = |name: &str| format!("{key}.{name}");
    let through_api = connection.base_url().starts_with("https://api.atlassian.com/");
    let web = key.replace(".jira", ".web_url");
    require(!through_api || connection.web_url.is_some(), &web, "is missing: where is the site?", problems);
    let by_address = jira.proof == JiraProof::Address;
    for (index, network) in jira.networks.iter().enumerate() {
        let sound = Network::parse(network).is_some();
        require(sound, &at(&format!("networks[{index}]")), "must be a network like 10.1.0.0/16", problems);
    }
    require(
        !by_address || !jira.networks.is_empty(),
        &at("networks"),
        "is empty: from where may deliveries come?",
        problems,
    );
    require(by_address || jira.networks.is_empty(), &at("networks"), "is for proof = \"address\" only", problems);
    for (index, secret) in connection.webhook_secrets.iter().enumerate().filter(|_| by_address) {
        let long = secrets::is_unread(secret.expose()) || secret.expose().len() >= 24;
        let secret = key.replace(".jira", &format!(".webhook_secrets[{index}]"));
        require(long, &secret, "must have at least 24 characters: with proof = \"address\" it stands alone", problems);
    }
    let issued = jira.proof != JiraProof::Connect || !jira.issuer.trim().is_empty();
    require(issued, &at("issuer"), "is missing: the client key of the Connect app's installation", problems);
    let tokens = matches!(jira.proof, JiraProof::OAuth | JiraProof::Connect);
    let claims = jira.issuer.is_empty() && jira.audience.is_empty();
    require(
        tokens || claims,
        &at("issuer"),
        "issuer and audience are for proof = \"oauth\" and \"connect\" only",
        problems,
    );
    let lists = [
        ("acceptance_criteria", &jira.acceptance_criteria),
        ("reproduction_steps", &jira.reproduction_steps),
        ("fields", &jira.fields),
        ("roles", &jira.roles),
    ];
    for (name, entries) in lists {
        not_blank(&at(name), entries, problems);
    }
}

/// What only Azure DevOps needs.
fn check_azure(key: &str, connection: &Connection, azure: &AzureDevOps, problems: &mut Vec<Problem>) {
    let at = |name: &str| format!("{key}.{name}");
    let flavor = azure.flavor(connection.base_url());
    let versioned = flavor == AzureFlavor::Services && azure.api_version.is_some();
    require(!versioned, &at("api_version"), "is for a server only: Services have the newest", problems);
    let program = matches!(connection.auth, Auth::Client { .. });
    require(
        !program || flavor == AzureFlavor::Services,
        &key.replace(".azure_devops", ".auth"),
        "a server takes a token only",
        problems,
    );
    require(!azure.webhook_user.contains(':'), &at("webhook_user"), "must hold no colon", problems);
    for (index, subscription) in azure.subscriptions.iter().enumerate() {
        let sound = uuid::Uuid::try_parse(subscription).is_ok_and(|id| !id.is_nil());
        require(sound, &at(&format!("subscriptions[{index}]")), "must be the id of a subscription, a GUID", problems);
    }
    require(
        !azure.confirm_notifications || !azure.subscriptions.is_empty(),
        &at("subscriptions"),
        "must name the subscriptions whose notifications confirm_notifications asks about",
        problems,
    );
    let lists = [
        ("acceptance_criteria", &azure.acceptance_criteria),
        ("reproduction_steps", &azure.reproduction_steps),
        ("fields", &azure.fields),
    ];
    for (name, entries) in lists {
        not_blank(&at(name), entries, problems);
    }
}

/// The credentials of a connection: of a kind that its tracker takes, and sound.
fn check_auth(key: &str, connection: &Connection, problems: &mut Vec<Problem>) {
    let at = |name: &str| format!("{key}.{name}");
    let taken = match connection.tracker {
        TrackerKind::GitHub => matches!(connection.auth, Auth::App { .. } | Auth::Token(_)),
        TrackerKind::Jira => !matches!(connection.auth, Auth::App { .. }),
        TrackerKind::AzureDevOps => matches!(connection.auth, Auth::Token(_) | Auth::Client { .. }),
    };
    let (tracker, keys) = (connection.tracker.title(), connection.auth.keys());
    require(taken, key, format!("{tracker} does not take {keys}"), problems);
    let printable = |name: &str, text: &str, problems: &mut Vec<Problem>| {
        let sound = text.bytes().all(|b| b.is_ascii_graphic());
        require(sound, &at(name), "must hold printable ASCII characters without spaces only", problems);
    };
    match &connection.auth {
        Auth::App { app_id, private_key } => {
            let unread = secrets::is_unread(private_key.expose());
            require(*app_id > 0, &at("app_id"), "must be the App's number", problems);
            let pem = unread || private_key.expose().trim_start().starts_with("-----BEGIN ");
            require(pem, &at("private_key"), "must be a private key in PEM form", problems);
        }
        Auth::Token(token) => printable("token", token.expose(), problems),
        Auth::Login { email, token } => {
            require(email.contains('@') && !email.contains(':'), &at("email"), "must be an e-mail address", problems);
            printable("token", token.expose(), problems);
        }
        Auth::Client { token_url, client_id, client_secret } => {
            web_address(&at("token_url"), token_url, true, problems);
            printable("client_id", client_id, problems);
            printable("client_secret", client_secret.expose(), problems);
        }
    }
}

/// One of `[[repositories]]`.
fn check_repository(key: &str, repository: &Repository, config: &Config, problems: &mut Vec<Problem>) {
    let at = |name: &str| format!("{key}.{name}");
    require(
        is_name(&repository.name),
        &at("name"),
        "must be 1 to 64 small letters, digits, hyphens or underscores",
        problems,
    );
    if repository.url.contains("://") {
        web_address(&at("url"), &repository.url, true, problems);
    } else {
        let path = Path::new(&repository.url);
        let straight = path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
        let allowed =
            straight && path.is_absolute() && config.cache.local_roots.iter().any(|root| path.starts_with(root));
        require(allowed, &at("url"), "must be https://… or an absolute path under one of cache.local_roots", problems);
    }
    for (index, tickets) in repository.tickets.iter().enumerate() {
        known_connection(&at(&format!("tickets[{index}].connection")), &tickets.connection, config, problems);
        let field = tickets.field.iter().flat_map(|field| [("field.name", &field.name), ("field.value", &field.value)]);
        let named = [("label", &tickets.label), ("component", &tickets.component), ("area", &tickets.area)];
        let named = named.into_iter().filter_map(|(name, text)| text.as_ref().map(|text| (name, text)));
        for (name, text) in std::iter::once(("project", &tickets.project)).chain(named).chain(field) {
            require(!text.trim().is_empty(), &at(&format!("tickets[{index}].{name}")), "is blank", problems);
        }
    }
    if let Some(web) = &repository.web {
        web_address(&at("web.base"), &web.base, false, problems);
    }
    let branch = repository.branch.as_deref().unwrap_or("main");
    let sound =
        !branch.is_empty() && !branch.starts_with('-') && !branch.chars().any(|c| c.is_whitespace() || c.is_control());
    require(sound, &at("branch"), "must be the name of a branch", problems);
}

/// A name that one of the connections has.
fn known_connection(key: &str, name: &str, config: &Config, problems: &mut Vec<Problem>) {
    let known = config.connections.iter().any(|connection| connection.name == name);
    require(known, key, format!("there is no connection named {name:?}"), problems);
}

/// Names stand once.
fn duplicates<'n>(list: &str, names: impl Iterator<Item = &'n String>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for (index, name) in names.enumerate().filter(|(_, name)| *name != STAND_IN) {
        require(seen.insert(name), &format!("{list}[{index}].name"), format!("{name:?} is used twice"), problems);
    }
}
