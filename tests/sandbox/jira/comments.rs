//! Comments over REST: forms, limits, pages, properties.

use planwright::sandbox::{
    JiraSite,
    jira::{Endpoint, Fault, Reveal, Writing},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::{
    fixture::soon,
    trackers::{Reply, Trackers, reply},
};

const PATH: &str = "issue/SHOP-1/comment";

fn document(text: &str) -> Value {
    json!({ "type": "doc", "version": 1, "content": [
        { "type": "paragraph", "content": [{ "type": "text", "text": text }] }
    ] })
}

async fn post(trackers: &Trackers, jira: &JiraSite, version: u8, body: &Value) -> Reply {
    reply(trackers.jira(jira, "ben", Method::POST, &format!("{version}/{PATH}")).json(body)).await
}

fn field_error(message: &str) -> Value {
    json!({ "errorMessages": [], "errors": { "comment": message } })
}

#[tokio::test]
async fn a_document_reads_back_as_itself_and_as_markup() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    let body = json!({ "type": "doc", "version": 1, "content": [
        { "type": "heading", "attrs": { "level": 2 }, "content": [{ "type": "text", "text": "Plan" }] },
        { "type": "bulletList", "content": [{ "type": "listItem", "content": [{ "type": "paragraph", "content": [
            { "type": "text", "text": "cart", "marks": [{ "type": "code" }] },
            { "type": "text", "text": " by " },
            { "type": "text", "text": "rule", "marks": [{ "type": "link", "attrs": { "href": "https://acme.example/" } }] }
        ] }] }] },
        { "type": "codeBlock", "attrs": { "language": "rust" }, "content": [{ "type": "text", "text": "let a = 1;" }] }
    ] });
    let made = post(&trackers, cloud, 3, &json!({ "body": body })).await;
    assert_eq!((made.status, &made.body["body"]), (201, &body));
    let id = made.body["id"].as_str().unwrap();
    let as_markup = trackers.jira_get(cloud, "ben", &format!("2/{PATH}/{id}")).await.body;
    let markup = "h2. Plan\n\n* {{cart}} by [rule|https://acme.example/]\n\n{code:rust}\nlet a = 1;\n{code}";
    assert_eq!(as_markup["body"], markup);
    let written = soon(cloud.next_comment(&trackers.issue)).await;
    assert_eq!((written.text.as_str(), written.writing), (markup, Writing::Created));
    assert_eq!(cloud.document(&trackers.issue, written.comment), Some(body));
    // Typed over as markup, the document is gone.
    cloud.edit_comment(&trackers.issue, written.comment, "h1. New", "ben").await;
    assert_eq!(cloud.document(&trackers.issue, written.comment), None);
    let read = trackers.jira_get(cloud, "ben", &format!("3/{PATH}/{id}")).await.body;
    assert_eq!(read["body"]["content"][0]["attrs"]["level"], 1);
}

#[tokio::test]
async fn a_body_of_the_wrong_form_is_refused() {
    let trackers = Trackers::start().await;
    let (cloud, dc) = (&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc);
    let (invalid, empty) = ("Comment body is not valid!", "Comment body can not be empty!");
    let text =
        |node: Value| json!({ "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": [node] }] });
    let long = "The entered text is too long. It exceeds the allowed limit of 32,767 characters.";
    for (jira, version, body, message) in [
        (cloud, 3, json!("text"), invalid),
        (cloud, 3, json!({ "type": "doc", "content": [] }), invalid),
        (cloud, 3, json!({ "type": "doc", "version": 2, "content": [] }), invalid),
        (cloud, 3, json!({ "type": "paragraph", "version": 1, "content": [] }), invalid),
        (cloud, 3, json!({ "type": "doc", "version": 1 }), invalid),
        (cloud, 3, text(json!({ "type": "text", "text": "" })), invalid),
        (cloud, 3, text(json!({ "type": "blink" })), invalid),
        (cloud, 3, text(json!({ "type": "text", "text": "a", "marks": [{ "type": "blink" }] })), invalid),
        (cloud, 3, text(json!({ "type": "text", "text": "a", "marks": [{ "type": "link" }] })), invalid),
        (cloud, 3, json!({ "type": "doc", "version": 1, "content": [] }), empty),
        (cloud, 3, Value::Null, empty),
        (cloud, 2, document("text"), invalid),
        (dc, 2, document("text"), invalid),
        (dc, 2, json!("  "), empty),
        (dc, 2, json!("a".repeat(32_768)), long),
        (cloud, 3, document(&"a".repeat(32_768)), long),
        // A character beyond the basic plane counts twice.
        (dc, 2, json!("🛒".repeat(16_384)), long),
    ] {
        let answer = post(&trackers, jira, version, &json!({ "body": body })).await;
        assert_eq!((answer.status, &answer.body), (400, &field_error(message)), "{body:.80}");
    }
    assert_eq!(post(&trackers, dc, 2, &json!({ "body": "a".repeat(32_767) })).await.status, 201);
    assert_eq!(trackers.sandbox.jira_dc.comments(&trackers.issue).len(), 1);
}

#[tokio::test]
async fn comments_come_in_pages() {
    let trackers = Trackers::start().await;
    let (cloud, dc) = (&trackers.sandbox.jira_cloud, &trackers.sandbox.jira_dc);
    cloud.world(|world| {
        for n in 0..130 {
            world.comment_on(&trackers.issue, &format!("comment {n}"), "ben", false);
        }
    });
    let first = trackers.jira_get(cloud, "ben", &format!("2/{PATH}?maxResults=500")).await.body;
    assert_eq!((&first["maxResults"], &first["total"], &first["startAt"]), (&json!(100), &json!(130), &json!(0)));
    let next = trackers.jira_get(cloud, "ben", &format!("2/{PATH}?startAt=100")).await.body;
    assert_eq!(next["comments"].as_array().unwrap().len(), 30);
    assert_eq!(next["comments"][0]["body"], "comment 100");
    let newest = trackers.jira_get(cloud, "ben", &format!("2/{PATH}?maxResults=1&orderBy=-created")).await.body;
    assert_eq!(newest["comments"][0]["body"], "comment 129");
    let all = trackers.jira_get(dc, "ben", &format!("2/{PATH}")).await.body;
    assert_eq!(all["comments"].as_array().unwrap().len(), 130);
}

#[tokio::test]
async fn properties_come_with_the_comment_and_are_read_with_it_or_alone() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    let properties = json!([
        { "key": "planwright", "value": { "operation": "7" } },
        { "key": "sd.public.comment", "value": { "internal": true } }
    ]);
    let made = post(&trackers, cloud, 3, &json!({ "body": document("a"), "properties": properties })).await.body;
    assert_eq!(made["jsdPublic"], false);
    let id = made["id"].as_str().unwrap();
    let listed = trackers.jira_get(cloud, "ben", &format!("3/{PATH}?expand=properties")).await.body;
    assert_eq!(listed["comments"][0]["properties"], properties);
    let one = format!("3/comment/{id}/properties/planwright");
    let alone = trackers.jira_get(cloud, "ben", &one).await.body;
    assert_eq!(alone, json!({ "key": "planwright", "value": { "operation": "7" } }));
    let set = |status: u16| {
        let request =
            trackers.jira(cloud, "ben", Method::PUT, &format!("3/comment/{id}/properties/more")).json(&json!(1));
        async move { assert_eq!(reply(request).await.status, status) }
    };
    set(201).await;
    set(200).await;
    assert_eq!(reply(trackers.jira(cloud, "ben", Method::DELETE, &one)).await.status, 204);
    assert_eq!(trackers.jira_get(cloud, "ben", &one).await.status, 404);
    let keys = trackers.jira_get(cloud, "ben", &format!("3/comment/{id}/properties")).await.body;
    let keys: Vec<&str> = keys["keys"].as_array().unwrap().iter().map(|key| key["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["more", "sd.public.comment"]);
}

#[tokio::test]
async fn a_comment_is_changed_and_removed_by_its_author_or_an_administrator() {
    let trackers = Trackers::start().await;
    let dc = &trackers.sandbox.jira_dc;
    let comment = dc.comment(&trackers.issue, "mine", "ben").await.comment;
    let path = format!("2/{PATH}/{comment}");
    for (login, method, status) in [
        ("tri", Method::PUT, 400),
        ("ben", Method::PUT, 200),
        ("tri", Method::DELETE, 400),
        ("ana", Method::DELETE, 204),
    ] {
        let request = trackers.jira(dc, login, method.clone(), &path).json(&json!({ "body": "new" }));
        let answer = reply(request).await;
        assert_eq!(answer.status, status, "{login} {method} {}", answer.text);
    }
    assert!(dc.comments(&trackers.issue).is_empty());
}

#[tokio::test]
async fn faults_meet_jiras_endpoints_with_jiras_answers() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    for (fault, status, header, value, kept) in [
        (Fault::RateLimited { retry_after: 7 }, 429, "retry-after", "7", 0),
        (Fault::RateLimited { retry_after: 7 }, 429, "ratelimit-reason", "jira-burst-based", 0),
        (Fault::SecondaryLimit { retry_after: None }, 429, "ratelimit-reason", "jira-per-issue-on-write", 0),
        (Fault::PrimaryExhausted { reset: 1_772_449_200 }, 429, "x-ratelimit-reset", "2026-03-02T11:00Z", 0),
        (Fault::Status(503), 503, "content-type", "application/json;charset=UTF-8", 0),
        (Fault::Unauthorized, 401, "x-seraph-loginreason", "AUTHENTICATED_FAILED", 0),
        (Fault::AppliedThenStatus(502), 502, "content-type", "application/json;charset=UTF-8", 1),
        (Fault::Slowed { retry_after: 3 }, 201, "retry-after", "3", 2),
    ] {
        cloud.fail_next(Endpoint::CreateComment, fault.clone());
        let answer = post(&trackers, cloud, 3, &json!({ "body": document("a") })).await;
        assert_eq!((answer.status, answer.header(header)), (status, Some(value)), "{fault:?}");
        assert_eq!(cloud.comments(&trackers.issue).len(), kept, "{fault:?}");
    }
    let gate = cloud.fail_next(Endpoint::CreateComment, Fault::AppearsLater { status: 504, reveal: Reveal::OnRelease });
    assert_eq!(post(&trackers, cloud, 3, &json!({ "body": document("later") })).await.status, 504);
    let total = async || trackers.jira_get(cloud, "ben", &format!("3/{PATH}")).await.body["total"].clone();
    assert_eq!(total().await, 2);
    gate.release();
    assert_eq!(total().await, 3);
    assert_eq!(cloud.request_count(Endpoint::ListComments), 2);
    assert_eq!(cloud.faults_left(), 0);
}
