//! Comments and reactions over REST.

use planwright::sandbox::{
    AzureDevOps,
    azure_devops::{Endpoint, Fault, Format, Reveal},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::{
    shape::check,
    trackers::{Reply, Trackers, reply},
};

const NEW: &str = "api-version=7.2-preview.4";
const OLD: &str = "api-version=7.0-preview.3";

async fn post(trackers: &Trackers, azure: &AzureDevOps, query: &str, text: &str) -> Reply {
    let path = trackers.item_path(&format!("/comments?{query}"));
    reply(trackers.azure(azure, azure.bot_login(), Method::POST, &path).json(&json!({ "text": text }))).await
}

#[tokio::test]
async fn a_comment_has_the_fields_that_were_recorded() {
    let trackers = Trackers::start().await;
    let server = &trackers.sandbox.azure_server;
    let made = post(&trackers, server, OLD, "<p>Plan</p>").await;
    check("azure_devops/rest_comment_created", &made.body, &[], &[]);
    let id = &made.body["commentId"];
    let path = trackers.item_path(&format!("/comments/{id}?{OLD}"));
    let request = trackers.azure(server, server.bot_login(), Method::PATCH, &path);
    let changed = reply(request.json(&json!({ "text": "<p>New</p>" }))).await.body;
    check("azure_devops/rest_comment_updated", &changed, &[], &[]);
    assert_eq!((&changed["version"], &changed["text"]), (&json!(2), &json!("<p>New</p>")));
    for n in 0..2 {
        post(&trackers, server, OLD, &format!("{n}")).await;
    }
    let page = trackers.azure_get(server, "ben", &trackers.item_path(&format!("/comments?$top=2&{OLD}"))).await.body;
    check("azure_devops/rest_comments_page", &page, &[], &[]);
    // Services number it by another name, and say the format.
    let made = post(&trackers, &trackers.sandbox.azure, NEW, "x").await.body;
    assert!(made["id"].is_u64() && made["commentId"].is_null());
    assert_eq!(made["format"], "html");
}

#[tokio::test]
async fn the_format_is_kept_with_the_text_where_the_version_has_formats() {
    let trackers = Trackers::start().await;
    let (azure, server) = (&trackers.sandbox.azure, &trackers.sandbox.azure_server);
    let made = post(&trackers, azure, &format!("format=markdown&{NEW}"), "# Plan").await.body;
    assert_eq!((&made["format"], &made["text"]), (&json!("markdown"), &json!("# Plan")));
    let written = azure.unread().pop().unwrap();
    assert_eq!(azure.format_of(&trackers.item, written.comment), Some(Format::Markdown));
    azure.edit_comment(&trackers.item, written.comment, "<p>typed</p>", "ben").await;
    assert_eq!(azure.format_of(&trackers.item, written.comment), Some(Format::Html));
    for (azure, query) in [
        (server, format!("format=markdown&{OLD}")),
        (azure, format!("format=markdown&{OLD}")),
        (azure, "format=markdown&api-version=7.1-preview.3".to_owned()),
        (azure, format!("format=wiki&{NEW}")),
    ] {
        let refused = post(&trackers, azure, &query, "x").await;
        assert_eq!(
            (refused.status, &refused.body["typeKey"]),
            (400, &json!("VssPropertyValidationException")),
            "{query}"
        );
    }
    assert_eq!(post(&trackers, azure, NEW, " ").await.status, 400);
}

#[tokio::test]
async fn comments_come_in_pages_newest_first_unless_asked() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    azure.world(|world| {
        for n in 0..7 {
            world.comment_on(&trackers.item, &n.to_string(), "ben", false);
        }
    });
    for (order, expected) in [("", "6 5 4 3 2 1 0"), ("&order=asc", "0 1 2 3 4 5 6")] {
        let mut path = trackers.item_path(&format!("/comments?$top=3{order}&{NEW}"));
        let mut texts = Vec::new();
        loop {
            let page = trackers.azure_get(azure, "ben", &path).await.body;
            assert_eq!(page["totalCount"], 7);
            assert_eq!(page["count"], json!(page["comments"].as_array().unwrap().len()));
            texts.extend(
                page["comments"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()),
            );
            let Some(token) = page["continuationToken"].as_str() else { break };
            assert!(page["nextPage"].as_str().unwrap().contains(token));
            path = trackers.item_path(&format!("/comments?$top=3{order}&continuationToken={token}&{NEW}"));
        }
        assert_eq!(texts.join(" "), expected);
    }
    let wrong = trackers.item_path(&format!("/comments?continuationToken=zz&{NEW}"));
    assert_eq!(trackers.azure_get(azure, "ben", &wrong).await.status, 400);
}

#[tokio::test]
async fn a_comment_is_its_authors() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let comment = azure.comment(&trackers.item, "mine", "ben").await.comment;
    let id = azure.comment_id(&trackers.item, comment).unwrap();
    let path = trackers.item_path(&format!("/comments/{id}?{NEW}"));
    for (login, method, status) in [
        ("ana", Method::PATCH, 403),
        ("ben", Method::PATCH, 200),
        ("tri", Method::DELETE, 403),
        ("ana", Method::DELETE, 204),
        ("ben", Method::GET, 404),
    ] {
        let request = trackers.azure(azure, login, method.clone(), &path).json(&json!({ "text": "new" }));
        assert_eq!(reply(request).await.status, status, "{login} {method}");
    }
    assert!(azure.comments(&trackers.item).is_empty());
}

#[tokio::test]
async fn reactions_stand_once_for_each_person() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let comment = azure.comment(&trackers.item, "/plan", "ben").await.comment;
    let id = azure.comment_id(&trackers.item, comment).unwrap();
    let path = |rest: &str| trackers.item_path(&format!("/comments/{id}/reactions{rest}?api-version=7.1-preview.1"));
    let react = async |login: &str, method: Method, kind: &str| {
        reply(trackers.azure(azure, login, method, &path(&format!("/{kind}")))).await
    };
    for _ in 0..2 {
        let answer = react("ben", Method::PUT, "like").await;
        assert_eq!((&answer.body["count"], &answer.body["isCurrentUserEngaged"]), (&json!(1), &json!(true)));
    }
    assert_eq!(react("ana", Method::PUT, "like").await.body["count"], 2);
    assert_eq!(react("ana", Method::PUT, "eyes").await.status, 400);
    let all: Value = trackers.azure_get(azure, "tri", &path("")).await.body;
    assert_eq!((&all["count"], &all["value"][0]["isCurrentUserEngaged"]), (&json!(1), &json!(false)));
    assert_eq!(react("ben", Method::DELETE, "like").await.body["count"], 1);
}

#[tokio::test]
async fn faults_meet_azures_endpoints() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let gate = azure.fail_next(Endpoint::CreateComment, Fault::AppearsLater { status: 504, reveal: Reveal::OnRelease });
    assert_eq!(post(&trackers, azure, NEW, "later").await.status, 504);
    let total = async || {
        trackers.azure_get(azure, "ben", &trackers.item_path(&format!("/comments?{NEW}"))).await.body["totalCount"]
            .clone()
    };
    assert_eq!(total().await, 0);
    gate.release();
    assert_eq!(total().await, 1);
    azure.fail_next(Endpoint::ListComments, Fault::StaleListing);
    assert_eq!(post(&trackers, azure, NEW, "second").await.status, 200);
    assert_eq!(total().await, 1);
    assert_eq!(total().await, 2);
    azure.fail_next(Endpoint::PatchWorkItem, Fault::AppliedThenReset);
    let path = trackers.item_path("?api-version=7.1");
    let body = json!([{ "op": "add", "path": "/fields/System.History", "value": "third" }]).to_string();
    let request = trackers.azure(azure, azure.bot_login(), Method::PATCH, &path);
    let lost = request.header("content-type", "application/json-patch+json").body(body).send().await;
    assert!(lost.is_err());
    assert_eq!((total().await, azure.faults_left()), (json!(3), 0));
}
