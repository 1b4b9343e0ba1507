//! Updates and revisions, which are not numbered alike.

use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::trackers::{Trackers, reply};

#[tokio::test]
async fn every_change_is_an_update_and_those_of_fields_are_revisions() {
    let trackers = Trackers::start().await;
    let (azure, item) = (&trackers.sandbox.azure, &trackers.item);
    azure.add_label(item, "needs-plan", "tri").await;
    let path = trackers.item_path("?api-version=7.1");
    let link =
        json!([{ "op": "add", "path": "/relations/-", "value": { "rel": "Hyperlink", "url": "https://a.example/" } }]);
    let request = trackers.azure(azure, azure.bot_login(), Method::PATCH, &path);
    reply(request.header("content-type", "application/json-patch+json").body(link.to_string())).await;
    let comment = azure.comment(item, "/plan", "ben").await.comment;
    let list = trackers.azure_get(azure, "ben", &trackers.item_path("/updates")).await.body;
    let updates: Vec<(u64, u64, &str)> = list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["id"].as_u64().unwrap(),
                one["rev"].as_u64().unwrap(),
                one["revisedBy"]["displayName"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(updates, [(1, 1, "Ben Okafor"), (2, 2, "Tri Nguyen"), (3, 2, "Planwright"), (4, 3, "Ben Okafor")]);
    let tags = &list["value"][1]["fields"]["System.Tags"];
    assert_eq!((&tags["oldValue"], &tags["newValue"]), (&Value::Null, &json!("needs-plan")));
    assert_eq!(list["value"][2]["relations"]["added"][0]["url"], "https://a.example/");
    assert!(list["value"][2]["fields"].is_null());
    assert_eq!(list["value"][3]["fields"]["System.History"]["newValue"], "/plan");
    let page = trackers.azure_get(azure, "ben", &trackers.item_path("/updates?$top=1&$skip=2")).await.body;
    assert_eq!((&page["count"], &page["value"][0]["id"]), (&json!(1), &json!(3)));
    let third = trackers.azure_get(azure, "ben", &trackers.item_path("/revisions/3")).await.body;
    assert_eq!(third["fields"]["System.History"], "/plan");
    assert_eq!(third["commentVersionRef"]["commentId"], json!(azure.comment_id(item, comment)));
    let first = trackers.azure_get(azure, "ben", &trackers.item_path("/revisions/1")).await.body;
    assert!(first["fields"]["System.Tags"].is_null());
    assert_eq!(trackers.azure_get(azure, "ben", &trackers.item_path("/revisions/9")).await.status, 404);
}
