//! The REST interface: who may, what is there, pages, limits, errors.

use reqwest::Method;
use serde_json::json;

use super::fixture::{Fixture, REPO, answer};

#[tokio::test]
async fn a_request_without_good_credentials_is_refused() {
    let fixture = Fixture::start().await;
    let url = format!("{}{}", fixture.github.base_url(), fixture.path(""));
    for request in [fixture.http.get(&url), fixture.http.get(&url).bearer_auth("ghs_guess")] {
        let (status, body) = answer(request).await;
        assert_eq!((status, &body["message"]), (401, &json!("Bad credentials")));
    }
}

#[tokio::test]
async fn the_app_gets_a_token_and_comments_as_its_bot() {
    let fixture = Fixture::start().await;
    let token = fixture.installation_token().await;
    let url = format!("{}/api/v3{}", fixture.github.base_url(), fixture.path("/comments"));
    let (status, body) = answer(fixture.http.post(url).bearer_auth(&token).json(&json!({ "body": "A plan" }))).await;
    assert_eq!(status, 201);
    assert_eq!(body["user"]["login"], fixture.github.bot_login());
    assert_eq!(body["user"]["type"], "Bot");
    assert_eq!(body["performed_via_github_app"]["id"], fixture.github.app_id());
    let written = fixture.github.next_comment(&fixture.issue).await;
    assert_eq!((written.text.as_str(), Some(written.comment)), ("A plan", body["id"].as_u64()));
    assert!(fixture.github.unread().is_empty());
}

#[tokio::test]
async fn tokens_end_when_they_are_expired() {
    let fixture = Fixture::start().await;
    let token = fixture.installation_token().await;
    let url = format!("{}/repos/{REPO}", fixture.github.base_url());
    assert_eq!(answer(fixture.http.get(&url).bearer_auth(&token)).await.0, 200);
    fixture.github.expire_tokens();
    assert_eq!(answer(fixture.http.get(&url).bearer_auth(&token)).await.0, 401);
}

#[tokio::test]
async fn a_token_of_the_app_must_be_its_own_and_in_time() {
    let fixture = Fixture::start().await;
    let url = format!("{}/app", fixture.github.base_url());
    let now = 1_772_445_600;
    for claims in [
        json!({ "iat": now, "exp": now + 540, "iss": fixture.github.app_id() }),
        json!({ "iat": 0, "exp": 4_102_444_800_i64, "iss": fixture.github.app_id() }),
        json!({ "iat": 0, "exp": 4_102_444_800_i64, "iss": 7 }),
    ] {
        let (status, _) = answer(fixture.http.get(&url).bearer_auth(fixture.jwt(&claims))).await;
        assert_eq!(status, 401, "{claims}");
    }
    let (status, body) = answer(fixture.http.get(&url).bearer_auth(fixture.app_token())).await;
    assert_eq!((status, body["id"].as_u64()), (200, Some(fixture.github.app_id())));
}

#[tokio::test]
async fn permission_knows_no_triage_but_the_role_name_does() {
    let fixture = Fixture::start().await;
    for (repo, login, permission, role) in [
        (REPO, "ana", "admin", "admin"),
        (REPO, "tri", "read", "triage"),
        (REPO, "ben", "write", "write"),
        (REPO, "sam", "none", "none"),
        ("acme/site", "sam", "read", "read"),
    ] {
        let path = format!("/repos/{repo}/collaborators/{login}/permission");
        let (status, body) = answer(
            fixture
                .http
                .get(format!("{}{path}", fixture.github.base_url()))
                .bearer_auth(fixture.installation_token().await),
        )
        .await;
        assert_eq!(
            (status, &body["permission"], &body["role_name"]),
            (200, &json!(permission), &json!(role)),
            "{login}"
        );
    }
}

#[tokio::test]
async fn strangers_do_not_see_a_private_repository() {
    let fixture = Fixture::start().await;
    let (status, body) = fixture.get("sam", &fixture.path("")).await;
    assert_eq!((status, &body["message"]), (404, &json!("Not Found")));
    assert!(body["documentation_url"].is_string());
}

#[tokio::test]
async fn comments_come_in_pages_that_link_to_each_other() {
    let fixture = Fixture::start().await;
    for n in 0..5 {
        fixture.github.world(|world| world.comment_on(&fixture.issue, &format!("{n}"), "ben", false));
    }
    let mut path = fixture.path("/comments?per_page=2");
    let mut bodies = Vec::new();
    let mut links = Vec::new();
    loop {
        let response = fixture.as_person("ben", Method::GET, &path).send().await.unwrap();
        let link = response.headers()["link"].to_str().unwrap().to_owned();
        let page: Vec<serde_json::Value> = response.json().await.unwrap();
        bodies.extend(page.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()));
        links.push(
            link.split("rel=")
                .skip(1)
                .map(|rel| rel.split('"').nth(1).unwrap().to_owned())
                .collect::<Vec<_>>()
                .join(" "),
        );
        let Some((next, _)) = link.split_once(">; rel=\"next\"") else { break };
        let next = next.rsplit('<').next().unwrap();
        path = next.strip_prefix(fixture.github.base_url()).unwrap().to_owned();
    }
    assert_eq!(bodies, ["0", "1", "2", "3", "4"]);
    assert_eq!(links, ["next last", "prev next last first", "prev first"]);
}

#[tokio::test]
async fn since_keeps_what_was_written_or_changed_after() {
    let fixture = Fixture::start().await;
    let write =
        |body: &str| fixture.github.world(|world| world.comment_on(&fixture.issue, body, "ben", false)).unwrap();
    let changed = write("old");
    write("older");
    fixture.clock.forward_s(60);
    write("new");
    fixture.github.world(|world| world.edit_comment(REPO, changed, "changed"));
    let (status, body) = fixture.get("ben", &fixture.path("/comments?since=2026-03-02T10:01:00Z")).await;
    let bodies: Vec<&str> = body.as_array().unwrap().iter().map(|comment| comment["body"].as_str().unwrap()).collect();
    assert_eq!((status, bodies), (200, vec!["changed", "new"]));
    assert_eq!(fixture.get("ben", &fixture.path("/comments?since=yesterday")).await.0, 422);
}

#[tokio::test]
async fn a_comment_has_a_size_and_is_not_blank() {
    let fixture = Fixture::start().await;
    for (body, status) in [("é".repeat(65_536), 201), ("é".repeat(65_537), 422), (" \n".into(), 422)] {
        assert_eq!(fixture.post_comment("ben", &body).await.unwrap().status().as_u16(), status);
    }
    let raw = fixture.as_person("ben", Method::POST, &fixture.path("/comments")).body("{\"body\":");
    assert_eq!(answer(raw).await.0, 400);
    assert_eq!(fixture.github.comments(&fixture.issue).len(), 1);
}

#[tokio::test]
async fn a_ticket_can_be_locked_moved_or_gone() {
    let fixture = Fixture::start().await;
    fixture.github.lock(&fixture.issue, "ana").await;
    assert_eq!(fixture.post_comment("ben", "a").await.unwrap().status(), 403);
    fixture.github.unlock(&fixture.issue, "ana").await;
    let (moved, _) = fixture.github.transfer(&fixture.issue, "acme/site", "ana").await;
    let response = fixture.as_person("ben", Method::GET, &fixture.path("")).send().await.unwrap();
    let target = format!("{}/repos/acme/site/issues/{}", fixture.github.base_url(), moved.number);
    assert_eq!((response.status().as_u16(), response.headers()["location"].to_str().unwrap()), (301, target.as_str()));
    fixture.github.delete_issue(&moved, "ana").await;
    let path = format!("/repos/acme/site/issues/{}", moved.number);
    assert_eq!(fixture.get("ana", &path).await.0, 410);
    assert_eq!(fixture.get("ana", &format!("{path}/comments")).await.0, 410);
    assert_eq!(fixture.get("ana", "/repos/acme/site/issues/99").await.0, 404);
}

#[tokio::test]
async fn only_the_author_or_a_writer_changes_a_comment() {
    let fixture = Fixture::start().await;
    let id = fixture.github.world(|world| world.comment_on(&fixture.issue, "mine", "ben", false)).unwrap();
    let path = format!("/repos/{REPO}/issues/comments/{id}");
    let patch = |login| fixture.as_person(login, Method::PATCH, &path).json(&json!({ "body": "changed" }));
    assert_eq!(answer(patch("tri")).await.0, 403);
    assert_eq!(answer(patch("ben")).await.1["body"], "changed");
    assert_eq!(answer(fixture.as_person("ben", Method::DELETE, &path)).await.0, 204);
    assert_eq!(answer(fixture.as_person("ben", Method::DELETE, &path)).await.0, 404);
}

#[tokio::test]
async fn a_reaction_stands_once() {
    let fixture = Fixture::start().await;
    let react = |content: &str| {
        fixture.as_person("ben", Method::POST, &fixture.path("/reactions")).json(&json!({ "content": content }))
    };
    let (first, one) = answer(react("eyes")).await;
    let (second, two) = answer(react("eyes")).await;
    assert_eq!((first, second, &one["id"]), (201, 200, &two["id"]));
    assert_eq!(answer(react("shrug")).await.0, 422);
    assert_eq!(fixture.get("ben", &fixture.path("")).await.1["reactions"]["eyes"], 1);
}

#[tokio::test]
async fn an_unchanged_read_is_answered_without_a_body_and_is_free() {
    let fixture = Fixture::start().await;
    let read = || fixture.as_person("ben", Method::GET, &fixture.path(""));
    let first = read().send().await.unwrap();
    let (etag, left) = (first.headers()["etag"].clone(), first.headers()["x-ratelimit-remaining"].clone());
    let again = read().header("if-none-match", &etag).send().await.unwrap();
    assert_eq!((again.status().as_u16(), &again.headers()["x-ratelimit-remaining"]), (304, &left));
    assert!(again.bytes().await.unwrap().is_empty());
    fixture.github.world(|world| world.add_label(&fixture.issue, "bug"));
    assert_eq!(read().header("if-none-match", &etag).send().await.unwrap().status(), 200);
}
