//! Reading beside comments: users, parents, labels, files; and the pages that people open.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use planwright::{
    clock::SystemClock,
    sandbox::{NewTicket, Sandbox, demo, github::Endpoint},
};
use serde_json::json;

use super::fixture::{Fixture, REPO, answer, soon};

#[tokio::test]
async fn people_and_the_bot_have_accounts() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.get("ben", "/user").await.1["login"], "ben");
    let (status, bot) = fixture.get("ben", "/users/planwright-sandbox%5Bbot%5D").await;
    assert_eq!((status, &bot["type"], &bot["login"]), (200, &json!("Bot"), &json!(fixture.github.bot_login())));
    assert_eq!(fixture.get("ben", "/users/nobody").await.0, 404);
    let url = format!("{}/user", fixture.github.base_url());
    assert_eq!(answer(fixture.http.get(url).bearer_auth(fixture.installation_token().await)).await.0, 403);
}

#[tokio::test]
async fn a_child_knows_its_parent_and_the_parent_its_children() {
    let fixture = Fixture::start().await;
    let new = NewTicket { title: "Part".into(), parent: Some(fixture.issue.clone()), ..NewTicket::default() };
    let child = fixture.github.open_issue(REPO, new, "ben").await.issue;
    let parent = fixture.get("ben", &format!("/repos/{REPO}/issues/{}/parent", child.number)).await;
    assert_eq!((parent.0, &parent.1["number"]), (200, &json!(fixture.issue.number)));
    let (_, children) = fixture.get("ben", &fixture.path("/sub_issues")).await;
    assert_eq!((children.as_array().unwrap().len(), &children[0]["number"]), (1, &json!(child.number)));
    assert_eq!(fixture.get("ben", &fixture.path("/parent")).await.0, 404);
}

#[tokio::test]
async fn labels_are_those_of_the_repository() {
    let fixture = Fixture::start().await;
    fixture.github.add_label(&fixture.issue, "needs plan/now", "tri").await;
    let (_, labels) = fixture.get("ben", &format!("/repos/{REPO}/labels")).await;
    assert_eq!(labels[0]["name"], "needs plan/now");
    assert_eq!(labels, fixture.get("ben", &fixture.path("")).await.1["labels"]);
}

#[tokio::test]
async fn requests_are_counted_and_awaited() {
    let fixture = Fixture::start().await;
    tokio::join!(soon(fixture.github.requested(Endpoint::Issue, 2)), async {
        for _ in 0..2 {
            fixture.get("ben", &fixture.path("")).await;
        }
    });
    assert_eq!(fixture.github.request_count(Endpoint::Issue), 2);
    assert_eq!(fixture.github.requests()[0].target, fixture.path(""));
}

#[tokio::test]
async fn files_folders_and_pages_come_from_the_repository() {
    let dir = tempfile::tempdir().unwrap();
    let (mut world, repo) = demo::world(dir.path(), Arc::new(SystemClock)).unwrap();
    let issue = world.open(demo::REPOSITORY, demo::bug(), demo::SUPPORT);
    let comment = world.comment_on(&issue, "Yes, <b>also</b> here", demo::DEVELOPER, false).unwrap();
    let sandbox = Sandbox::start(world).await.unwrap();
    let github = &sandbox.github;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let read = |path: &str| {
        let token = github.token_of(demo::DEVELOPER).unwrap();
        answer(client.get(format!("{}{path}", github.base_url())).bearer_auth(token))
    };
    let path = format!("/repos/{}/contents", demo::REPOSITORY);
    let (_, file) = read(&format!("{path}/src/money.rs?ref={}", repo.head)).await;
    let text = String::from_utf8(STANDARD.decode(file["content"].as_str().unwrap()).unwrap()).unwrap();
    assert!(text.starts_with("//! Amounts of money in cents."), "{text}");
    let (_, folder) = read(&format!("{path}/src/pricing")).await;
    let names: Vec<&str> = folder.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["coupon.rs", "gift_card.rs", "mod.rs", "totals.rs"]);
    for missing in ["/src/none.rs", "/src/money.rs?ref=--help", "/src/money.rs?ref=none"] {
        assert_eq!(read(&format!("{path}{missing}")).await.0, 404, "{missing}");
    }

    let open = async |url: String| {
        let response = client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, page) = open(github.comment_url(&issue, comment)).await;
    assert!(status == 200 && page.contains(&format!("id=\"issuecomment-{comment}\"")), "{page}");
    assert!(page.contains("&lt;b&gt;also"), "{page}");
    github.render_pages_by(|markdown| format!("<p class=\"rendered\">{}</p>", markdown.len()));
    assert!(open(github.issue_url(&issue)).await.1.contains("<p class=\"rendered\">21</p>"));
    let site = format!("{}/{}", github.base_url(), demo::REPOSITORY);
    let (status, page) = open(format!("{site}/blob/{}/src/pricing/totals.rs", repo.head)).await;
    assert!(status == 200 && page.contains("<span id=\"L17\"><a href=\"#L17\">17</a>pub fn cart_totals("), "{page}");
    assert!(open(format!("{site}/commit/{}", repo.head)).await.1.contains("Release 0.9.0"));
    for missing in ["/blob/main/none.rs", "/commit/0000000", "/commit/--help", "/issues/99"] {
        assert_eq!(open(format!("{site}{missing}")).await.0, 404, "{missing}");
    }
    sandbox.shutdown().await.unwrap();
}
