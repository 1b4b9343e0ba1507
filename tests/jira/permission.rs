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
        "admin" => &["BROWSE_PROJECTS", "ASSIGN_ISSUES", "EDIT_ISSUES", "ADMINISTER_PROJECTS"],
        "write" => &["EDIT_ISSUES", "BROWSE_PROJECTS"],
        "triage" => &["BROWSE_PROJECTS", "ASSIGN_ISSUES"],
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
        ("read-1", Permission::Read),
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

#[tokio::test]
async fn a_data_center_is_searched_for_the_very_name() {
    let fake = Fake::start(|seen| {
        let line = seen.line.trim_start_matches("GET /jira/rest/api/2");
        if line == "/issue/10040?fields=project" {
            return Reply::json(200, json!({ "key": "SHOP-7" }));
        }
        let query = line.strip_prefix("/user/permission/search?username=").expect("a search");
        let (name, rest) = query.split_once("&issueKey=SHOP-7&permissions=").expect("an issue");
        let permission = rest.split('&').next().expect("a permission");
        let held: &[&str] = match permission {
            "PROJECT_ADMIN" => &["admin"],
            "EDIT_ISSUE" => &["admin", "write", "Mi%20ra", "writer"],
            "ASSIGN_ISSUE" => &["admin", "triage"],
            "BROWSE" => &["admin", "write", "writer", "triage", "read"],
            other => panic!("{other}"),
        };
        // The search matches the start of names.
        let found = held.iter().filter(|held| held.to_lowercase().starts_with(&name.to_lowercase()));
        Reply::json(200, found.map(|name| local(&name.replace("%20", " "))).collect())
    })
    .await;
    let tracker = tracker(data_center(&fake.base));
    for (name, expected) in [
        ("admin", Permission::Admin),
        ("write", Permission::Write),
        ("WRITE", Permission::Write),
        ("mi ra", Permission::Write),
        ("triage", Permission::Triage),
        ("read", Permission::Read),
        ("rea", Permission::None),
        ("stranger", Permission::None),
    ] {
        assert_eq!(tracker.permission(&ticket(), &actor(name)).await.expect(name), expected, "{name}");
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
        roles(path, person, group).unwrap_or_else(|| match path {
            "/user?username=tove&expand=groups" => {
                Reply::json(200, json!({ "name": "tove", "groups": { "size": 1, "items": [{ "name": "devs" }] } }))
            }
            _ => Reply::json(404, json!({})),
        })
    })
    .await;
    let tracker = tracker(Settings { roles: vec!["Developers".to_owned()], ..data_center(&fake.base) });
    for (name, expected) in
        [("mira", Permission::Write), ("tove", Permission::Write), ("devs", Permission::None), ("x", Permission::None)]
    {
        assert_eq!(tracker.permission(&ticket(), &actor(name)).await.expect(name), expected, "{name}");
    }
}
