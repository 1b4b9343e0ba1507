//! Attachments and remote links over REST, and the page that people open.

use planwright::sandbox::Source;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::sandbox::trackers::{Trackers, reply};

#[tokio::test]
async fn files_are_attached_past_the_check_against_forgery() {
    let trackers = Trackers::start().await;
    let cloud = &trackers.sandbox.jira_cloud;
    let upload = |checked: bool| {
        let part = Part::bytes(b"# Plan\r\n\r\n--not a boundary".to_vec()).file_name("plan.md");
        let form = Form::new().part("file", part.mime_str("text/markdown").unwrap());
        let request = trackers.jira(cloud, "ben", Method::POST, "3/issue/SHOP-1/attachments").multipart(form);
        if checked { request.header("x-atlassian-token", "no-check") } else { request }
    };
    assert_eq!(reply(upload(false)).await.status, 403);
    let made = reply(upload(true)).await.body;
    assert_eq!((&made[0]["filename"], &made[0]["mimeType"]), (&json!("plan.md"), &json!("text/markdown")));
    let id = made[0]["id"].as_str().unwrap();
    let content = trackers.jira_get(cloud, "ben", &format!("3/attachment/content/{id}")).await;
    assert_eq!(content.text, "# Plan\r\n\r\n--not a boundary");
    assert_eq!(content.header("content-type"), Some("text/markdown"));
    let issue = trackers.jira_get(cloud, "ben", "3/issue/SHOP-1").await.body;
    assert_eq!(issue["fields"]["attachment"], made);
    assert_eq!(reply(trackers.jira(cloud, "ben", Method::DELETE, &format!("3/attachment/{id}"))).await.status, 204);
    assert_eq!(trackers.jira_get(cloud, "ben", &format!("3/attachment/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_remote_link_with_a_known_global_id_is_replaced() {
    let trackers = Trackers::start().await;
    let dc = &trackers.sandbox.jira_dc;
    let link = async |body: Value| {
        reply(trackers.jira(dc, "ben", Method::POST, "2/issue/SHOP-1/remotelink").json(&body)).await
    };
    let plan = |title: &str| json!({ "globalId": "plan=1", "object": { "url": "https://a.example/", "title": title } });
    let made = link(plan("One")).await;
    let again = link(plan("Two")).await;
    assert_eq!((made.status, again.status), (201, 200));
    assert_eq!(made.body["id"], again.body["id"]);
    assert_eq!(link(json!({ "object": { "url": "https://b.example/", "title": "B" } })).await.status, 201);
    let one = trackers.jira_get(dc, "ben", "2/issue/SHOP-1/remotelink?globalId=plan%3D1").await.body;
    assert_eq!(one["object"]["title"], "Two");
    let titles: Vec<Value> =
        dc.remote_links(&trackers.issue).iter().map(|link| link["object"]["title"].clone()).collect();
    assert_eq!(titles, ["Two", "B"]);
    assert_eq!(link(json!({ "globalId": "x", "object": { "url": "https://a.example/" } })).await.status, 400);
    assert_eq!(link(json!({ "globalId": "x".repeat(256), "object": { "url": "u", "title": "t" } })).await.status, 400);
}

#[tokio::test]
async fn the_page_shows_what_the_flavour_keeps() {
    let trackers = Trackers::start().await;
    fn shown(text: Source<'_>) -> String {
        match text {
            Source::Adf(document) => format!("<p>document {}</p>", document["content"][0]["content"][0]["text"]),
            Source::Wiki(markup) => format!("<p>markup {markup}</p>"),
            _ => String::new(),
        }
    }
    for (jira, description, comment) in [
        (&trackers.sandbox.jira_cloud, "<p>document \"Carts hold stock.\"</p>", "<p>document \"one\"</p>"),
        (&trackers.sandbox.jira_dc, "<p>markup Carts hold stock.</p>", "<p>markup one</p>"),
    ] {
        jira.render_pages_by(shown);
        let id = jira.comment(&trackers.issue, "one", "ben").await.comment;
        let page = reply(trackers.http.get(jira.issue_url(&trackers.issue))).await;
        assert!(page.text.contains(description) && page.text.contains(comment), "{}", page.text);
        assert!(page.text.contains(&format!("id=\"comment-{id}\"")) && page.text.contains("Hold stock at checkout"));
        assert_eq!(reply(trackers.http.get(format!("{}/browse/SHOP-9", jira.base_url()))).await.status, 404);
    }
}
