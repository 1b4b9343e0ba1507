//! Webhooks: when, in which shape, how signed, how often.

use planwright::sandbox::{JiraSite, NewTicket, jira::signature};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::{
    fixture::{Receiver, soon},
    shape::check,
    trackers::{SHOP, Trackers, last, reply},
};

/// Cloud's accounts have no names and keys any more, and say what kind they are.
const CLOUD_PEOPLE: (&[&str], &[&str]) = (
    &[
        "user/key",
        "user/name",
        "*creator/key",
        "*creator/name",
        "*reporter/key",
        "*reporter/name",
        "*uthor/key",
        "*uthor/name",
        "issue/fields/components*",
    ],
    &["*/accountType", "*uthor/emailAddress"],
);

async fn received(jira: &JiraSite, receiver: &Receiver) {
    jira.set_hook(&receiver.url);
}

fn events(receiver: &Receiver) -> Vec<String> {
    let text = |(_, body): &(_, bytes::Bytes)| {
        let body: Value = serde_json::from_slice(body).unwrap();
        format!("{} {}", body["webhookEvent"].as_str().unwrap(), body["issue_event_type_name"].as_str().unwrap_or("-"))
    };
    receiver.got().iter().map(text).collect()
}

#[tokio::test]
async fn cloud_tells_of_each_change_once_in_the_recorded_shape() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let (cloud, issue) = (&trackers.sandbox.jira_cloud, &trackers.issue);
    let (missing, added) = CLOUD_PEOPLE;
    received(cloud, &receiver).await;
    let payload = || last(&receiver.got());
    let new = NewTicket { title: "New".into(), body: "Text".into(), labels: vec!["a".into()], ..NewTicket::default() };
    cloud.open_issue(SHOP, new, "ben").await;
    check("jira/cloud_issue_created", &payload(), missing, added);
    cloud.add_label(issue, "needs-plan", "tri").await;
    check("jira/cloud_issue_updated_labels", &payload(), missing, added);
    let labels = json!({ "field": "labels", "fieldtype": "jira", "fieldId": "labels",
        "from": null, "fromString": "", "to": null, "toString": "needs-plan" });
    assert_eq!(payload()["changelog"]["items"], json!([labels]));
    assert_eq!(payload()["user"]["displayName"], "Tri Nguyen");
    cloud.edit_issue(issue, None, Some("Other"), "ben").await;
    check("jira/cloud_issue_updated_description", &payload(), missing, added);
    assert_eq!(payload()["changelog"]["items"][0]["fromString"], "Carts hold stock.");
    cloud.set_type(issue, "Bug", "ben").await;
    check("jira/cloud_issue_updated_issuetype", &payload(), missing, added);
    assert_eq!(payload()["changelog"]["items"][0]["toString"], "Bug");
    let comment = cloud.comment(issue, "/plan", "ben").await.comment;
    check("jira/cloud_comment_created", &payload(), missing, added);
    assert_eq!(payload()["comment"]["body"], "/plan");
    cloud.edit_comment(issue, comment, "/plan help", "ben").await;
    check("jira/cloud_comment_updated", &payload(), missing, added);
    cloud.delete_issue(issue, "ana").await;
    let more: Vec<&str> = missing.iter().copied().chain(["issue/fields/comment*", "issue/fields/worklog*"]).collect();
    check(
        "jira/cloud_issue_deleted",
        &payload(),
        &[more.as_slice(), &["issue/fields/statuscategorychangedate", "*/simplified", "*/attachment[]*"]].concat(),
        &[added, &["issue/fields/aggregatetimespent"]].concat(),
    );
    assert_eq!(
        events(&receiver),
        [
            "jira:issue_created issue_created",
            "jira:issue_updated issue_updated",
            "jira:issue_updated issue_updated",
            "jira:issue_updated issue_updated",
            "comment_created -",
            "comment_updated -",
            "jira:issue_deleted -"
        ]
    );
}

#[tokio::test]
async fn data_center_tells_of_a_comment_twice_and_names_no_issue_the_first_time() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let (dc, issue) = (&trackers.sandbox.jira_dc, &trackers.issue);
    received(dc, &receiver).await;
    let comment = dc.comment(issue, "/plan", "ben").await.comment;
    dc.edit_comment(issue, comment, "/plan help", "ben").await;
    assert_eq!(
        events(&receiver),
        [
            "comment_created -",
            "jira:issue_updated issue_commented",
            "comment_updated -",
            "jira:issue_updated issue_comment_edited"
        ]
    );
    let payload = |n: usize| serde_json::from_slice::<Value>(&receiver.got()[n].1).unwrap();
    check("jira/dc_comment_created", &payload(0), &[], &[]);
    check("jira/dc_comment_updated", &payload(2), &[], &[]);
    check(
        "jira/dc_issue_updated_commented",
        &payload(1),
        &[
            "issue/fields/worklog*",
            "issue/fields/assignee/*",
            "*resolution/*",
            "issue/fields/customfield*",
            "*fixVersions[]*",
            "*components[]*",
        ],
        &["issue/fields/security", "*/avatarId", "*/projectTypeKey"],
    );
    let numbered = format!("/comment/{comment}");
    assert!(payload(0)["comment"]["self"].as_str().unwrap().ends_with(&numbered));
    assert_eq!(payload(1)["comment"]["id"], comment.to_string());
    assert!(payload(1)["issue"]["self"].as_str().unwrap().contains("/jira/rest/api/2/issue/"));
}

#[tokio::test]
async fn deliveries_are_signed_as_the_published_vector() {
    let vector = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    assert_eq!(signature("It's a Secret to Everybody", b"Hello World!"), vector);
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    for jira in [&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc] {
        received(jira, &receiver).await;
        jira.set_webhook_secret(Some("s3cret"));
        jira.add_label(&trackers.issue, "one", "tri").await;
        let (headers, body) = receiver.got().pop().unwrap();
        assert_eq!(headers["x-hub-signature"], signature("s3cret", &body));
        jira.set_webhook_secret(None);
        jira.add_label(&trackers.issue, "two", "tri").await;
        assert!(!receiver.got().pop().unwrap().0.contains_key("x-hub-signature"));
    }
}

#[tokio::test]
async fn cloud_tries_again_under_the_same_identifier_and_counts() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let cloud = &trackers.sandbox.jira_cloud;
    received(cloud, &receiver).await;
    receiver.answer_with(503);
    cloud.add_label(&trackers.issue, "one", "tri").await;
    assert_eq!(cloud.retry_failed().await.len(), 1);
    receiver.answer_with(202);
    assert_eq!(cloud.retry_failed().await.len(), 1);
    assert!(cloud.retry_failed().await.is_empty());
    let got = receiver.got();
    let header = |n: usize, name: &str| got[n].0.get(name).map(|value| value.to_str().unwrap().to_owned());
    let id = |n| header(n, "x-atlassian-webhook-identifier");
    assert!(id(0).is_some() && id(0) == id(1) && id(1) == id(2));
    let retry = |n| header(n, "x-atlassian-webhook-retry");
    assert_eq!((retry(0), retry(1).as_deref(), retry(2).as_deref()), (None, Some("1"), Some("2")));
    assert_eq!(header(0, "x-atlassian-webhook-flow").as_deref(), Some("Primary"));
    // What was refused is not tried again, and nothing is tried without end.
    receiver.answer_with(401);
    cloud.add_label(&trackers.issue, "two", "tri").await;
    assert!(cloud.retry_failed().await.is_empty());
    receiver.answer_with(500);
    cloud.add_label(&trackers.issue, "three", "tri").await;
    let mut tries = 0;
    while !cloud.retry_failed().await.is_empty() {
        tries += 1;
    }
    assert_eq!(tries, 5);
}

#[tokio::test]
async fn what_a_client_writes_is_told_too() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let dc = &trackers.sandbox.jira_dc;
    received(dc, &receiver).await;
    let body = json!({ "body": "By the bot" });
    let path = "2/issue/SHOP-1/comment";
    reply(trackers.jira(dc, dc.bot_login(), Method::POST, path).json(&body)).await;
    soon(dc.settled()).await;
    soon(receiver.has(2)).await;
    let payload: Value = serde_json::from_slice(&receiver.got()[0].1).unwrap();
    assert_eq!(payload["comment"]["author"]["key"], dc.person_id(dc.bot_login()).unwrap());
}
