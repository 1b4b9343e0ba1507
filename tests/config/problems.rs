//! Every problem is named, all at once, each with its key and where it stands.

use super::{CONNECTION, Case};

/// A single wrong file gives exactly these problems.
fn check(text: &str, expected: &[&str]) {
    assert_eq!(Case::new().file(text).problems(), expected, "in {text}");
}

#[test]
fn unknown_keys_are_refused() {
    check(
        "[serve]\nport = 1",
        &[
            "serve: unknown section; there are server, pages, store, retention, log, triggers, planner, publish, cache, worker, sweep, review, connections, repositories (in 0.toml)",
        ],
    );
    check(
        "[pages]\npasword = \"x\"",
        &["pages.pasword: unknown key, expected `user` or `password` (in 0.toml)".replace('`', "").as_str()],
    );
    let problems = Case::new().env("PLANWRIGHT__TRIGGERS__LABLE", "x").problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("triggers.lable: unknown key, expected one of label, command"), "{problems:?}");
    assert!(problems[0].ends_with("(in PLANWRIGHT__TRIGGERS__LABLE)"), "{problems:?}");
}

#[test]
fn all_problems_are_named_at_once() {
    let text = r#"
[server]
listen = "here"
public_url = "ftp://example.com"
max_body_bytes = 25
extra = 1

[store]
url = "mysql://db"

[triggers]
permission = "owner"
command = "plan"

[[connections]]
name = "Acme"
tracker = "gitea"
webhook_secrets = []
auth = { app_id = 1 }

[[connections]]
tracker = "github"
base_url = "http://github.corp.example/api/v3"
webhook_secrets = ["s"]
auth = { token = "t", tokn = "u" }

[[repositories]]
name = "shop"
url = "git@github.com:acme/shop.git"
tickets = [{ connection = "nowhere", project = "" }]
"#;
    insta::assert_snapshot!(Case::new().file(text).problems().join("\n"));
}

#[test]
fn pages_that_others_can_reach_need_a_login() {
    let missing = "pages.password: is missing: pages that others can reach need a login";
    check("[server]\nlisten = \"0.0.0.0:80\"", &[missing]);
    check("[server]\npublic_url = \"https://plans.example.com\"", &[missing]);
    check("[server]\nlisten = \"[::1]:80\"\npublic_url = \"http://localhost:80\"", &[]);
    check("[server]\nlisten = \"0.0.0.0:80\"\n[pages]\npassword = \"a long one\"", &[]);
}

#[test]
fn sqlite_refuses_replicas() {
    check(
        "[store]\nreplicas = true",
        &["store.replicas: SQLite serves one process: use postgres:// for several (in 0.toml)"],
    );
    check("[store]\nurl = \"postgres://db/planwright\"\nreplicas = true", &[]);
}

#[test]
fn trackers_are_reached_over_tls() {
    let with = |url: &str| CONNECTION.replace("auth =", &format!("base_url = \"{url}\"\nauth ="));
    let refused = "connections[0].base_url: http:// is allowed on this machine only: use https:// (in 0.toml)";
    check(&with("http://github.corp.example/api/v3"), &[refused]);
    check(&with("http://127.0.0.1.example.com"), &[refused]);
    check(&with("http://127.0.0.1:9000"), &[]);
    check(&with("http://[::1]:9000"), &[]);
    check(
        &with("https://user:pass@example.com"),
        &["connections[0].base_url: must hold no user, password, query or fragment (in 0.toml)"],
    );
}

#[test]
fn names_stand_once() {
    check(&CONNECTION.repeat(2), &["connections[1].name: \"acme\" is used twice (in 0.toml)"]);
}

#[test]
fn local_repositories_stay_under_their_roots() {
    let with = |path: &str| {
        format!("[cache]\nlocal_roots = [\"/srv/git\"]\n[[repositories]]\nname = \"shop\"\nurl = \"{path}\"")
    };
    let refused =
        "repositories[0].url: must be https://… or an absolute path under one of cache.local_roots (in 0.toml)";
    check(&with("/srv/git/shop.git"), &[]);
    check(&with("/srv/git/../../etc"), &[refused]);
    check(&with("/srv/github/shop.git"), &[refused]);
    check(&with("ext::sh -c id"), &[refused]);
    check(
        &with("file:///etc"),
        &["repositories[0].url: must be an address that starts with https:// or http:// (in 0.toml)"],
    );
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    let problems = Case::new().file("[pages]\npassword = \"hunter2\" hunter3\n").problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("line 2 is not TOML: "), "{problems:?}");
    assert!(problems[0].ends_with("(in 0.toml)"), "{problems:?}");
    assert!(!problems[0].contains("hunter"), "{problems:?}");
    let mut case = Case::new();
    case.files.push(case.folder.path().join("absent.toml"));
    assert!(case.problems()[0].starts_with("cannot be read: "), "{:?}", case.problems());
}

#[test]
fn a_section_of_the_wrong_shape_hides_nothing_else() {
    let problems = Case::new().file("server = 5\nconnections = 7\n[store]\nurl = \"x\"").problems();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn what_only_azure_devops_needs_is_checked() {
    let with = |auth: &str, own: &str, base: &str| {
        format!(
            "[[connections]]\nname = \"acme\"\ntracker = \"azure_devops\"\nbase_url = \"{base}\"\n\
             webhook_secrets = [\"a password\"]\nauth = {auth}\n[connections.azure_devops]\n{own}"
        )
    };
    let (services, server) = ("https://dev.azure.com/acme", "https://devops.corp.example/tfs/DefaultCollection");
    let token = "{ token = \"pat\" }";
    let program = "{ token_url = \"https://login.example.com/t\", client_id = \"1\", client_secret = \"s\" }";
    check(&with(token, "", services), &[]);
    check(&with(program, "", services), &[]);
    check(&with(token, "api_version = \"6.0\"", server), &[]);
    check(&with(program, "", server), &["connections[0].auth: a server takes a token only (in 0.toml)"]);
    check(
        &with(token, "api_version = \"7.0\"", services),
        &["connections[0].azure_devops.api_version: is for a server only: Services have the newest (in 0.toml)"],
    );
    let id = "connections[0].azure_devops.subscriptions[0]: must be the id of a subscription, a GUID (in 0.toml)";
    check(&with(token, "subscriptions = [\"all\"]", server), &[id]);
    check(&with(token, "subscriptions = [\"00000000-0000-0000-0000-000000000000\"]", server), &[id]);
    let named = "subscriptions = [\"bea5b36f-976e-40e5-a7e4-6b72ceb1dff0\"]\nconfirm_notifications = true";
    check(&with(token, named, services), &[]);
    check(
        &with(token, "confirm_notifications = true", services),
        &["connections[0].azure_devops.subscriptions: must name the subscriptions whose notifications \
           confirm_notifications asks about (in 0.toml)"],
    );
    check(
        &with("{ email = \"a@b\", token = \"t\" }", "webhook_user = \"a:b\"\nfields = [\" \"]", services),
        &[
            "connections[0].auth: Azure DevOps does not take email and token (in 0.toml)",
            "connections[0].azure_devops.fields[0]: is blank (in 0.toml)",
            "connections[0].azure_devops.webhook_user: must hold no colon (in 0.toml)",
        ],
    );
    check(
        &format!("{CONNECTION}[connections.azure_devops]\nproject = \"Shop\""),
        &["connections[0].azure_devops: is for tracker = \"azure_devops\" only (in 0.toml)"],
    );
}

#[test]
fn a_kind_of_document_that_a_tracker_does_not_keep_is_refused() {
    let refused = "publish.document: GitHub keeps no documents of the kind \"wiki\" (connection \"acme\"): \
                   use \"repository\" or \"hosted\" (in 0.toml)";
    check(&format!("[publish]\ndocument = \"wiki\"\n{CONNECTION}"), &[refused]);
    check(&format!("[publish]\ndocument = \"repository\"\n{CONNECTION}"), &[]);
    check(&format!("[publish]\ndocument = \"wiki\"\n{CONNECTION}document = \"hosted\""), &[]);
    let own = "connections[0].document: GitHub keeps no documents of the kind \"attachment\" (connection \"acme\"): \
               use \"repository\" or \"hosted\" (in 0.toml)";
    check(&format!("{CONNECTION}document = \"attachment\""), &[own]);
    check("[publish]\nlink_days = 0", &["publish.link_days: must be at least 1 (in 0.toml)"]);
}
