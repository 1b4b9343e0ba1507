//! Wiki pages over REST, and the pages that people open.

use planwright::sandbox::Source;
use reqwest::Method;
use serde_json::json;

use crate::sandbox::{
    shape::check,
    trackers::{Reply, STORE, Trackers, reply},
};

#[tokio::test]
async fn a_wiki_page_is_changed_by_whoever_knows_its_latest_version() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let wikis = trackers.azure_get(azure, "ben", &format!("{STORE}/_apis/wiki/wikis?api-version=7.1")).await.body;
    let wiki = wikis["value"][0]["id"].as_str().unwrap().to_owned();
    let put = async |path: &str, content: &str, tag: Option<&str>| -> Reply {
        let path = format!("{STORE}/_apis/wiki/wikis/{wiki}/pages?path={path}&api-version=7.1");
        let request = trackers.azure(azure, "ben", Method::PUT, &path).json(&json!({ "content": content }));
        reply(match tag {
            Some(tag) => request.header("if-match", tag),
            None => request,
        })
        .await
    };
    let made = put("/Plan", "# One", None).await;
    assert_eq!(made.status, 201);
    check("azure_devops/rest_wiki_page_put", &made.body, &[], &[]);
    let first = made.header("etag").unwrap();
    for (path, tag, status, key) in [
        ("/Plan", None, 409, "WikiPageAlreadyExistsException"),
        ("/Plan", Some("\"wrong\""), 412, "WikiPageHasConflictsException"),
        ("/New", Some(first), 404, "WikiPageNotFoundException"),
        ("/No/Where", None, 404, "WikiAncestorPageNotFoundException"),
    ] {
        let refused = put(path, "x", tag).await;
        assert_eq!((refused.status, &refused.body["typeKey"]), (status, &json!(key)), "{path}");
    }
    let changed = put("/Plan", "# Two", Some(first)).await;
    assert_eq!((changed.status, changed.header("etag") != Some(first)), (200, true));
    assert_eq!(put("/Plan", "# Three", Some(first)).await.status, 412);
    assert_eq!(azure.wiki_page(STORE, "/Plan").as_deref(), Some("# Two"));
    let path = format!("{STORE}/_apis/wiki/wikis/{STORE}.wiki/pages?path=/Plan&includeContent=true&api-version=7.1");
    let read = trackers.azure_get(azure, "ben", &path).await;
    assert_eq!((&read.body["content"], read.header("etag")), (&json!("# Two"), changed.header("etag")));
    let page = reply(trackers.http.get(read.body["remoteUrl"].as_str().unwrap())).await;
    assert!(page.status == 200 && page.text.contains("# Two"), "{}", page.text);
}

#[tokio::test]
async fn the_page_of_a_work_item_shows_each_text_in_its_format() {
    fn shown(text: Source<'_>) -> String {
        match text {
            Source::Markdown(text) => format!("<p>markdown {text}</p>"),
            Source::Html(text) => format!("<p>html {text}</p>"),
            _ => String::new(),
        }
    }
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    azure.render_pages_by(shown);
    let path = trackers.item_path("/comments?format=markdown&api-version=7.2-preview.4");
    reply(trackers.azure(azure, azure.bot_login(), Method::POST, &path).json(&json!({ "text": "plan" }))).await;
    azure.comment(&trackers.item, "thanks", "ben").await;
    let page = reply(trackers.http.get(azure.issue_url(&trackers.item))).await.text;
    for part in
        ["<p>html Carts hold stock.</p>", "<p>markdown plan</p>", "<p>html thanks</p>", "Hold stock at checkout"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}
