//! Users, permissions and roles over REST.

use planwright::sandbox::{JiraSite, jira::Flavour};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::trackers::{SHOP, Trackers, reply};

fn names(users: &Value) -> Vec<&str> {
    users.as_array().unwrap().iter().map(|user| user["displayName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn people_have_accounts_on_cloud_and_names_on_data_center() {
    let trackers = Trackers::start().await;
    let (cloud, dc) = (&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc);
    let on_cloud = trackers.jira_get(cloud, "ben", "3/myself").await.body;
    assert_eq!(on_cloud["accountId"], cloud.person_id("ben").unwrap());
    assert!(on_cloud["name"].is_null() && on_cloud["key"].is_null());
    let on_dc = trackers.jira_get(dc, "ben", "2/myself").await.body;
    assert_eq!((&on_dc["name"], &on_dc["key"]), (&json!("ben"), &json!(dc.person_id("ben").unwrap())));
    assert!(on_dc["accountId"].is_null());
    for (jira, path) in [
        (cloud, format!("3/user?accountId={}", cloud.person_id("tri").unwrap())),
        (dc, "2/user?username=tri".to_owned()),
        (dc, format!("2/user?key={}", dc.person_id("tri").unwrap())),
    ] {
        assert_eq!(trackers.jira_get(jira, "ben", &path).await.body["displayName"], "Tri Nguyen");
    }
    assert_eq!(trackers.jira_get(dc, "ben", "2/user?username=nobody").await.status, 404);
}

#[tokio::test]
async fn cloud_checks_the_permissions_of_others_for_administrators() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    let issue = trackers.jira_get(cloud, "ben", "3/issue/SHOP-1").await.body;
    let id: u64 = issue["id"].as_str().unwrap().parse().unwrap();
    let project: u64 = issue["fields"]["project"]["id"].as_str().unwrap().parse().unwrap();
    let ask = async |asker: &str, about: &str| {
        let body = json!({
            "accountId": cloud.person_id(about),
            "projectPermissions": [
                { "permissions": ["BROWSE_PROJECTS", "TRANSITION_ISSUES"], "issues": [id], "projects": [project] }
            ]
        });
        reply(trackers.jira(cloud, asker, Method::POST, "3/permissions/check").json(&body)).await
    };
    let granted = |permission: &str| json!({ "permission": permission, "issues": [id], "projects": [project] });
    for (about, permissions) in [
        ("ben", vec![granted("BROWSE_PROJECTS"), granted("TRANSITION_ISSUES")]),
        ("tri", vec![granted("BROWSE_PROJECTS")]),
        ("sam", vec![]),
    ] {
        let answer = ask(cloud.bot_login(), about).await;
        let expected = json!({ "projectPermissions": permissions, "globalPermissions": [] });
        assert_eq!((answer.status, answer.body), (200, expected), "{about}");
    }
    assert_eq!((ask("ben", "ben").await.status, ask("ben", "tri").await.status), (200, 403));
    let dc = &trackers.sandbox.jira_dc;
    assert_eq!(reply(trackers.jira(dc, "ana", Method::POST, "2/permissions/check").json(&json!({}))).await.status, 404);
}

#[tokio::test]
async fn users_are_searched_by_permission() {
    let trackers = Trackers::start().await;
    let (cloud, dc) = (&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc);
    let search = async |jira: &JiraSite, query: &str| {
        trackers.jira_get(jira, jira.bot_login(), &format!("2/user/permission/search?{query}")).await
    };
    for (query, expected) in [
        ("permissions=TRANSITION_ISSUES&projectKey=SHOP", vec!["Ana Duarte", "Ben Okafor", "Planwright"]),
        ("permissions=TRANSITION_ISSUES&issueKey=SHOP-1&username=be", vec!["Ben Okafor"]),
        ("permissions=ASSIGN_ISSUES,EDIT_ISSUES&issueKey=SHOP-1&username=tri", vec![]),
        ("permissions=ASSIGN_ISSUES&issueKey=SHOP-1&username=tri", vec!["Tri Nguyen"]),
        ("permissions=PROJECT_ADMIN&issueKey=SHOP-1&username=a", vec!["Ana Duarte"]),
        ("permissions=BROWSE_PROJECTS&issueKey=SHOP-1&username=sam", vec![]),
    ] {
        assert_eq!(names(&search(dc, query).await.body), expected, "{query}");
    }
    let account = cloud.person_id("ben").unwrap();
    let by_account = search(cloud, &format!("permissions=EDIT_ISSUES&issueKey=SHOP-1&accountId={account}")).await;
    assert_eq!(names(&by_account.body), ["Ben Okafor"]);
    assert_eq!(search(dc, "permissions=FLY&projectKey=SHOP").await.status, 400);
    assert_eq!(search(dc, "permissions=EDIT_ISSUES&projectKey=NONE").await.status, 404);
}

#[tokio::test]
async fn everyone_may_ask_for_their_own_permissions() {
    let trackers = Trackers::start().await;
    for (login, edits, administers) in
        [("ana", true, true), ("ben", true, false), ("tri", false, false), ("sam", false, false)]
    {
        let path = "2/mypermissions?permissions=EDIT_ISSUES,ADMINISTER_PROJECTS&projectKey=SHOP";
        let all = trackers.jira_get(&trackers.sandbox.jira_dc, login, path).await.body["permissions"].clone();
        let has = |name: &str| all[name]["havePermission"].as_bool();
        assert_eq!((has("EDIT_ISSUES"), has("ADMINISTER_PROJECTS")), (Some(edits), Some(administers)), "{login}");
        assert_eq!(all.as_object().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_service_desk_says_so_and_has_customers() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    for (kind, account) in [("software", "atlassian"), ("service_desk", "customer")] {
        let project = trackers.jira_get(cloud, "ana", "3/project/SHOP").await.body;
        let sam = format!("3/user?accountId={}", cloud.person_id("sam").unwrap());
        let sam = trackers.jira_get(cloud, "ana", &sam).await.body;
        assert_eq!((&project["projectTypeKey"], &sam["accountType"]), (&json!(kind), &json!(account)));
        cloud.make_service_desk(SHOP);
        cloud.make_customer("sam");
    }
}

#[tokio::test]
async fn roles_have_their_members() {
    let trackers = Trackers::start().await;
    for jira in [&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc] {
        let roles = trackers.jira_get(jira, "ana", &format!("2/project/{SHOP}/role")).await.body;
        for (role, name, login) in [
            ("Administrators", "Ana Duarte", "ana"),
            ("Developers", "Ben Okafor", "ben"),
            ("Users", "Tri Nguyen", "tri"),
        ] {
            let url = roles[role].as_str().unwrap();
            let path = url.split("/rest/api/").last().unwrap();
            let actors = trackers.jira_get(jira, "ana", path).await.body["actors"].clone();
            assert_eq!(names(&actors), [name]);
            let id = match jira.flavour() {
                Flavour::Cloud => actors[0]["actorUser"]["accountId"].clone(),
                Flavour::DataCenter => actors[0]["userKey"].clone(),
            };
            assert_eq!(id, jira.person_id(login).unwrap());
        }
    }
}
