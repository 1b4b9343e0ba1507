//! The site, issues and errors over REST.

use planwright::sandbox::{NewTicket, jira::Flavour};
use reqwest::Method;
use serde_json::json;

use crate::sandbox::{
    shape::check,
    trackers::{SHOP, Trackers, basic, reply},
};

#[tokio::test]
async fn a_site_says_what_it_is_to_everyone() {
    let trackers = Trackers::start().await;
    for (jira, kind) in [(&trackers.sandbox.jira_cloud, "Cloud"), (&trackers.sandbox.jira_dc, "Server")] {
        let info = reply(trackers.http.get(format!("{}/rest/api/2/serverInfo", jira.base_url()))).await;
        assert_eq!((info.status, &info.body["deploymentType"]), (200, &json!(kind)));
        assert_eq!(info.body["baseUrl"], jira.base_url());
    }
    assert!(trackers.sandbox.jira_dc.base_url().ends_with("/jira"));
}

#[tokio::test]
async fn credentials_are_those_of_the_flavour() {
    let trackers = Trackers::start().await;
    let (cloud, dc) = (&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc);
    let token = cloud.token_of("ben").unwrap();
    let (by_basic, by_bearer) = (basic("ben@acme.example", &token), format!("Bearer {token}"));
    for (jira, credentials, status) in [
        (cloud, by_basic.as_str(), 200),
        (cloud, by_bearer.as_str(), 401),
        (cloud, &basic("ana@acme.example", &token), 401),
        (cloud, &basic("ben@acme.example", "wrong"), 401),
        (dc, by_bearer.as_str(), 200),
        (dc, by_basic.as_str(), 401),
        (dc, "Bearer wrong", 401),
    ] {
        let url = format!("{}/rest/api/2/myself", jira.base_url());
        let answer = reply(trackers.http.get(url).header("authorization", credentials)).await;
        assert_eq!(answer.status, status, "{:?} {credentials}", jira.flavour());
        let failed = answer.header("x-seraph-loginreason");
        assert_eq!(failed, (status == 401).then_some("AUTHENTICATED_FAILED"));
    }
    // OAuth's clients come by another address, with a bearer token.
    let url = format!("{}/ex/jira/1111/rest/api/3/myself", cloud.base_url());
    assert_eq!(reply(trackers.http.get(url).bearer_auth(token)).await.body["displayName"], "Ben Okafor");
}

#[tokio::test]
async fn an_issue_is_found_by_key_and_by_id_in_the_form_of_the_version() {
    let trackers = Trackers::start().await;
    let (cloud, dc) = (&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc);
    let by_key = trackers.jira_get(cloud, "ben", "3/issue/SHOP-1").await;
    let id = by_key.body["id"].as_str().unwrap();
    assert_eq!(trackers.jira_get(cloud, "ben", &format!("3/issue/{id}")).await.body["key"], "SHOP-1");
    let description = json!({ "type": "doc", "version": 1, "content": [
        { "type": "paragraph", "content": [{ "type": "text", "text": "Carts hold stock." }] }
    ] });
    assert_eq!(by_key.body["fields"]["description"], description);
    for jira in [cloud, dc] {
        let issue = trackers.jira_get(jira, "ben", "2/issue/shop-1?expand=names").await.body;
        let fields = &issue["fields"];
        assert_eq!(fields["description"], "Carts hold stock.");
        assert_eq!((&fields["issuetype"]["name"], &fields["project"]["key"]), (&json!("Story"), &json!(SHOP)));
        assert_eq!(fields["created"], "2026-03-02T10:00:00.000+0000");
        let custom = issue["names"].as_object().unwrap().iter().find(|(_, name)| *name == "Acceptance Criteria");
        assert_eq!(fields[custom.unwrap().0], "Stock is held for ten minutes.");
    }
}

#[tokio::test]
async fn an_issue_shows_its_family_its_links_and_only_the_fields_asked_for() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    let child = NewTicket { title: "Part".into(), parent: Some(trackers.issue.clone()), ..NewTicket::default() };
    let child = cloud.open_issue(SHOP, child, "ben").await.issue;
    cloud.world(|world| world.link(&child, "Blocks", &trackers.issue));
    let child = trackers.jira_get(cloud, "ben", "2/issue/SHOP-2").await.body;
    assert_eq!(child["fields"]["parent"]["fields"]["summary"], "Hold stock at checkout");
    assert_eq!(child["fields"]["issuelinks"][0]["outwardIssue"]["key"], "SHOP-1");
    let parent = trackers.jira_get(cloud, "ben", "2/issue/SHOP-1?fields=subtasks,issuelinks").await.body;
    assert_eq!(parent["fields"]["subtasks"][0]["key"], "SHOP-2");
    assert_eq!(parent["fields"]["issuelinks"][0]["inwardIssue"]["key"], "SHOP-2");
    assert_eq!(parent["fields"].as_object().unwrap().len(), 2);
    let rest = trackers.jira_get(cloud, "ben", "2/issue/SHOP-1?fields=*all,-comment").await.body;
    assert!(rest["fields"]["comment"].is_null() && rest["fields"]["labels"].is_array());
}

#[tokio::test]
async fn an_issue_that_moved_is_found_by_its_old_key() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    cloud.world(|world| {
        world.add_project("WEB").roles.insert("ben".to_owned(), planwright::sandbox::Role::Write);
        world.transfer(&trackers.issue, "WEB")
    });
    assert_eq!(trackers.jira_get(cloud, "ben", "3/issue/SHOP-1").await.body["key"], "WEB-1");
}

#[tokio::test]
async fn errors_have_jiras_bodies() {
    let trackers = Trackers::start().await;
    for jira in [&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc] {
        let none = if jira.flavour() == Flavour::Cloud {
            "Issue does not exist or you do not have permission to see it."
        } else {
            "Issue Does Not Exist"
        };
        for (login, path, status, message) in [
            ("ben", "2/issue/SHOP-9", 404, none),
            ("ben", "2/issue/nonsense", 404, none),
            ("sam", "2/issue/SHOP-1", 404, none),
            ("ben", "2/issue/SHOP-1/comment/77", 404, "Can not find a comment for the id: 77."),
            ("ben", "2/project/NONE", 404, "No project could be found with key 'NONE'."),
            ("ben", "2/project/Store/none", 404, "null for uri"),
        ] {
            let answer = trackers.jira_get(jira, login, path).await;
            let expected = json!({ "errorMessages": [message], "errors": {} });
            assert_eq!((answer.status, &answer.body), (status, &expected), "{path}");
        }
    }
}

#[tokio::test]
async fn every_answer_says_how_much_of_the_budget_is_left() {
    let trackers = Trackers::start().await;
    let cloud = trackers.jira_get(&trackers.sandbox.jira_cloud, "ben", "3/myself").await;
    assert_eq!(cloud.header("x-ratelimit-reset"), Some("2026-03-02T10:01Z"));
    assert!(cloud.header("x-ratelimit-remaining").is_some() && cloud.header("retry-after").is_none());
    let dc = trackers.jira_get(&trackers.sandbox.jira_dc, "ben", "2/myself").await;
    assert_eq!((dc.header("retry-after"), dc.header("x-ratelimit-interval-seconds")), (Some("0"), Some("60")));
}

#[tokio::test]
async fn an_issue_has_the_fields_that_were_recorded() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    let issue = trackers.jira_get(cloud, "ben", "2/issue/SHOP-1").await.body;
    let wrapped = json!({ "issue": issue });
    check(
        "jira/cloud_issue_created",
        &wrapped,
        &[
            "timestamp",
            "webhookEvent",
            "issue_event_type_name",
            "user*",
            "changelog*",
            "*/key",
            "*/name",
            "issue/fields/components*",
        ],
        &["issue/expand", "issue/fields/comment*", "*/accountType"],
    );
    let _ = reply(trackers.jira(cloud, "ben", Method::GET, "2/myself")).await;
}
