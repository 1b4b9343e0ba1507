//! The demo's world on every tracker.

use std::sync::Arc;

use planwright::sandbox::{Sandbox, demo};
use reqwest::Client;

use super::{
    fixture::{HandClock, START_MS},
    trackers::reply,
};

#[tokio::test]
async fn the_demos_tickets_are_native_on_each_tracker() {
    let folder = tempfile::tempdir().unwrap();
    let (world, repo) = demo::world(folder.path(), Arc::new(HandClock::at(START_MS))).unwrap();
    let sandbox = Sandbox::start(world).await.unwrap();
    let (cloud, azure) = (&sandbox.jira_cloud, &sandbox.azure);
    cloud.open_issue(demo::JIRA_PROJECT, demo::jira::bug(), demo::SUPPORT).await;
    cloud.open_issue(demo::JIRA_PROJECT, demo::jira::story(), demo::PRODUCT).await;
    let http = Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/rest/api/3/issue/SHOP-1", cloud.base_url());
    let bug = http.get(url).basic_auth(cloud.email_of(demo::SUPPORT), cloud.token_of(demo::SUPPORT));
    let bug = reply(bug).await.body;
    let kinds: Vec<&str> = bug["fields"]["description"]["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|block| block["type"].as_str().unwrap())
        .collect();
    for kind in ["heading", "orderedList", "table", "codeBlock", "paragraph"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    let feature = azure.open_issue(demo::AZURE_PROJECT, demo::azure_devops::feature(), demo::PRODUCT).await.issue;
    let page = reply(http.get(azure.issue_url(&feature))).await.text;
    assert!(page.contains("Acceptance criteria") && page.contains("&lt;li&gt;"), "{page}");
    for project in [demo::REPOSITORY, demo::JIRA_PROJECT, demo::AZURE_PROJECT] {
        assert_eq!(azure.world(|world| world.project(project).unwrap().code.clone()), Some(repo.path.clone()));
    }
}
