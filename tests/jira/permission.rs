//! Who may ask: by permissions where the account may read them, by project roles where it may not.

use planwright::trackers::{Permission, TrackerError, jira::Settings};
use serde_json::{Value, json};

use super::{
    Fake, Reply, actor, data_center,
    reads::{local, user},
    settings, ticket, tracker,
};

/// A Cloud that grants `WORD-…` accounts the permission behind the word.
fn cloud(line: &str, body: &Value) -> Reply {
    if let Some(id) = line.strip_prefix("GET /rest/api/3/user?accountId=") {
        return match id.split_once('-') {
            Some((_, "customer")) => Reply::json(200, json!({ "accountId": id, "accountType": "customer" })),
            Some((_, "gone")) => Reply::json(200, json!({ "accountId": id, "active": false })),
            Some((_, "unknown")) => Reply::json(404, json!({ "errorMessages": ["no such user"] })),
            Some((_, "hidden")) => Reply::json(403, json!({ "errorMessages": ["no"] })),
            _ => Reply::json(200, user(id)),
        };
    }
    assert_eq!(line, "POST /rest/api/3/permissions/check");
    assert_eq!(body["projectPermissions"][0]["issues"], json!([10_040]));
    let word = body["accountId"].as_str().and_then(|id| id.split('-').next()).expect("an account");
    let held: &[&str] = match word {
        "admin" => &["BROWSE_PROJECTS", "EDIT_ISSUES", "ADMINISTER_PROJECTS"],
        "write" => &["TRANSITION_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS"],
        "triage" => &["BROWSE_PROJECTS", "EDIT_ISSUES"],
        "assign" => &["BROWSE_PROJECTS", "ASSIGN_ISSUES"],
        "move" => &["BROWSE_PROJECTS", "TRANSITION_ISSUES"],
        "read" => &["BROWSE_PROJECTS"],
        "elsewhere" => {
            return Reply::json(
                200,
                json!({ "projectPermissions": [{ "permission": "EDIT_ISSUES", "issues": [7], "projects": [1] }] }),
            );
        }
        "broken" => return Reply::json(400, json!({ "errorMessages": ["no such account"] })),
        _ => &[],
    };
    let granted: Vec<_> =
        held.iter().map(|key| json!({ "permission": key, "issues": [10_040], "projects": [] })).collect();
    Reply::json(200, json!({ "projectPermissions": granted, "globalPermissions": [] }))
}

#[tokio::test]
async fn a_cloud_account_may_what_its_permissions_on_the_issue_say() {
    let fake = Fake::start(|seen| cloud(&seen.line, &seen.body)).await;
    let tracker = tracker(settings(&fake.base));
    for (account, expected) in [
        ("admin-1", Permission::Admin),
        ("write-1", Permission::Write),
        ("triage-1", Permission::Triage),
        ("assign-1", Permission::Triage),
        ("read-1", Permission::Read),
        ("move-1", Permission::Read),
        ("stranger", Permission::None),
        ("elsewhere-1", Permission::None),
        ("broken-1", Permission::None),
        ("write-customer", Permission::None),
        ("write-gone", Permission::None),
        ("write-unknown", Permission::None),
        ("write-hidden", Permission::Write),
    ] {
        assert_eq!(tracker.permission(&ticket(), &actor(account)).await.expect(account), expected, "{account}");
    }
    let asked = fake.lines().len();
    for account in ["", " ", "a\nb"] {
        assert_eq!(tracker.permission(&ticket(), &actor(account)).await.expect("an answer"), Permission::None);
    }
    assert_eq!(fake.lines().len(), asked, "names that nobody can have are not asked for");
}

#[tokio::test]
async fn an_account_id_stays_one_value() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /rest/api/3/user?accountId=5b10%3Aa%26b%2F..%2Fx" => Reply::json(200, user("x")),
        _ => Reply::json(200, json!({ "projectPermissions": [] })),
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    assert_eq!(tracker.permission(&ticket(), &actor("5b10:a&b/../x")).await.expect("an answer"), Permission::None);
    let body = fake.seen().into_iter().find(|seen| seen.line.starts_with("POST")).expect("a check").body;
    assert_eq!(body["accountId"], "5b10:a&b/../x");
}

#[tokio::test]
async fn without_the_right_to_know_an_operator_is_told_what_to_do() {
    let fake = Fake::start(|seen| match seen.line.starts_with("GET") {
        true => Reply::json(200, user("mira")),
        false => Reply::json(403, json!({ "errorMessages": ["You are not authorized."] })),
    })
    .await;
    let error = tracker(settings(&fake.base)).permission(&ticket(), &actor("mira")).await.expect_err("an error");
    assert!(matches!(error, TrackerError::Unauthorized(_)));
    assert!(error.to_string().contains("configure jira.roles"), "{error}");
}

/// A Data Center's account by its key `KEY-…`, or by its name.
fn account(path: &str) -> Option<Reply> {
    let (by, name) = path.strip_prefix("/user?")?.strip_suffix("&expand=groups")?.split_once('=')?;
    let name = name.replace("%20", " ");
    let group = if name.ends_with("tove") { "devs" } else { "users" };
    let groups = json!({ "size": 1, "items": [{ "name": group }] });
    Some(match (by, name.strip_prefix("KEY-")) {
        (_, Some("gone")) => Reply::json(200, json!({ "name": "gone", "active": false })),
        ("key", Some(name)) => Reply::json(200, json!({ "name": name, "key": name, "active": true, "groups": groups })),
        ("username", None) => Reply::json(200, json!({ "name": name, "active": true, "groups": groups })),
        _ => Reply::json(404, json!({ "errorMessages": ["no such user"] })),
    })
}

/// Who has which permissions, by the names that a search takes.
fn holders(permissions: &str) -> Option<&'static [&'static str]> {
    match permissions {
        "ADMINISTER_PROJECTS" | "PROJECT_ADMIN" => Some(&["admin", "gone"]),
        "EDIT_ISSUES,TRANSITION_ISSUES" | "EDIT_ISSUE,TRANSITION_ISSUE" => Some(&["admin", "write", "mi ra", "writer"]),
        "EDIT_ISSUES" | "EDIT_ISSUE" => Some(&["admin", "write", "triage"]),
        "ASSIGN_ISSUES" | "ASSIGN_ISSUE" => Some(&["admin", "assign"]),
        "BROWSE_PROJECTS" | "BROWSE" => Some(&["admin", "write", "writer", "triage", "read"]),
        _ => None,
    }
}

/// A Data Center that knows the permissions by the names of today, or by the older ones.
fn searched(path: &str, is_old: bool) -> Reply {
    if path == "/issue/10040?fields=project" {
        return Reply::json(200, json!({ "key": "SHOP-7" }));
    }
    if let Some(reply) = account(path) {
        return reply;
    }
    let query = path.strip_prefix("/user/permission/search?username=").expect("a search");
    let (name, rest) = query.split_once("&issueKey=SHOP-7&permissions=").expect("an issue");
    let permissions = rest.split('&').next().expect("permissions");
    let is_of_today = permissions.contains("ISSUES") || permissions.contains("PROJECTS");
    match holders(permissions).filter(|_| is_of_today != is_old) {
        None => Reply::json(400, json!({ "errorMessages": ["Unrecognized permission"] })),
        Some(held) => {
            // The search matches the start of names.
            let name = name.replace("%20", " ").to_lowercase();
            Reply::json(200, held.iter().filter(|held| held.starts_with(&name)).map(|name| local(name)).collect())
        }
    }
}

#[tokio::test]
async fn a_data_center_is_searched_for_the_very_account() {
    for is_old in [false, true] {
        let fake =
            Fake::start(move |seen| searched(seen.line.trim_start_matches("GET /jira/rest/api/2"), is_old)).await;
        let tracker = tracker(data_center(&fake.base));
        for (account, expected) in [
            ("KEY-admin", Permission::Admin),
            ("KEY-write", Permission::Write),
            ("write", Permission::Write),
            ("KEY-mi ra", Permission::Write),
            ("KEY-triage", Permission::Triage),
            ("KEY-assign", Permission::Triage),
            ("KEY-read", Permission::Read),
            ("KEY-rea", Permission::None),
            ("KEY-gone", Permission::None),
            ("stranger", Permission::None),
        ] {
            let held = tracker.permission(&ticket(), &actor(account)).await.expect(account);
            assert_eq!(held, expected, "{account}, old names: {is_old}");
        }
    }
}

/// The roles of a project: one that counts, with a person and a group, and one that does not.
fn roles(path: &str, person: Value, group: Value) -> Option<Reply> {
    match path {
        "/issue/10040?fields=project" => Some(Reply::json(200, json!({ "key": "SHOP-7" }))),
        "/project/SHOP/role" => Some(Reply::json(
            200,
            json!({ "Developers": "https://evil.test/role/10002", "Users": "https://evil.test/role/10003", "Odd": "x" }),
        )),
        "/project/SHOP/role/10002" => Some(Reply::json(200, json!({ "id": 10_002, "actors": [person, group] }))),
        _ => None,
    }
}

#[tokio::test]
async fn members_of_a_configured_role_may_write_and_nobody_else_may_anything() {
    let fake = Fake::start(|seen| {
        let path = seen.line.trim_start_matches("GET /rest/api/3");
        let person = json!({ "type": "atlassian-user-role-actor", "displayName": "Mira", "actorUser": { "accountId": "mira" } });
        let group = json!({ "type": "atlassian-group-role-actor", "name": "devs", "actorGroup": { "name": "devs", "groupId": "1" } });
        roles(path, person, group).unwrap_or_else(|| match path {
            "/user/groups?accountId=tove" => Reply::json(200, json!([{ "name": "devs", "groupId": "1" }])),
            "/user/groups?accountId=stranger" => Reply::json(200, json!([{ "name": "users" }])),
            _ => Reply::json(404, json!({})),
        })
    })
    .await;
    let tracker = tracker(Settings { roles: vec!["developers".to_owned()], ..settings(&fake.base) });
    for (account, expected) in [
        ("mira", Permission::Write),
        ("tove", Permission::Write),
        ("stranger", Permission::None),
        ("customer", Permission::None),
        ("devs", Permission::None),
    ] {
        assert_eq!(tracker.permission(&ticket(), &actor(account)).await.expect(account), expected, "{account}");
    }
    assert!(fake.lines().iter().all(|line| !line.contains("10003") && !line.contains("permissions")));
}

#[tokio::test]
async fn a_data_centers_role_names_people_and_groups() {
    let fake = Fake::start(|seen| {
        let path = seen.line.trim_start_matches("GET /jira/rest/api/2");
        let person = json!({ "type": "atlassian-user-role-actor", "name": "mira" });
        let group = json!({ "type": "atlassian-group-role-actor", "name": "devs" });
        roles(path, person, group).or_else(|| account(path)).unwrap_or_else(|| Reply::json(404, json!({})))
    })
    .await;
    let tracker = tracker(Settings { roles: vec!["Developers".to_owned()], ..data_center(&fake.base) });
    for (name, expected) in [
        ("KEY-mira", Permission::Write),
        ("mira", Permission::Write),
        ("KEY-tove", Permission::Write),
        ("KEY-x", Permission::None),
        ("KEY-gone", Permission::None),
    ] {
        assert_eq!(tracker.permission(&ticket(), &actor(name)).await.expect(name), expected, "{name}");
    }
}
