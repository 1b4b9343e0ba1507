//! What the client reads, and what it never does while reading.

use planwright::{
    model::{TicketId, event::Actor},
    trackers::{
        Permission, TrackerError,
        github::{ConnectError, Settings, connect},
    },
};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    fake::{Fake, Reply, nobody, rude},
    settings, ticket, tracker,
};

/// Someone.
fn actor(login: &str) -> Actor {
    Actor { id: login.to_owned(), name: login.to_owned(), is_bot: false }
}

/// An account as the API shows it.
fn user(login: &str, kind: &str) -> serde_json::Value {
    json!({ "login": login, "type": kind, "id": 1 })
}

/// A full issue with two pages of comments, a parent in another repository and a sub-issue.
fn issue_script(line: &str) -> Reply {
    let comment = |id: u64, who, body, association| {
        json!({ "id": id, "user": who, "body": body, "author_association": association,
            "created_at": "2026-11-20T10:00:00Z", "html_url": "https://evil.test/" })
    };
    match line {
        "GET /user" => Reply::json(200, user("Plan-Bot", "User")),
        "GET /repos/acme/shop/issues/7" => Reply::json(
            200,
            json!({
                "number": 7, "title": "Cart total is wrong", "body": "The **total** is wrong.", "state": "open",
                "locked": false, "user": user("mira-lund", "User"), "assignees": [user("tove-berg", "User")],
                "labels": [{ "name": "needs-plan" }, "plain"], "milestone": { "title": "v2" },
                "type": { "name": "Bug", "id": 9 }, "html_url": "https://evil.test/", "comments_url": "https://evil.test/",
                "comments": 4, "sub_issues_summary": { "total": 1 }, "parent_issue_url": "https://evil.test/"
            }),
        ),
        "GET /repos/acme/shop/issues/7/comments?per_page=100" => Reply::json(
            200,
            json!([
                comment(1, user("tove-berg", "User"), json!("Happens with **two** vouchers."), "MEMBER"),
                comment(2, json!(null), json!(null), "NONE"),
                comment(3, user("plan-bot", "User"), json!("A plan."), "COLLABORATOR"),
            ]),
        )
        .with("link", r#"<https://evil.test/elsewhere?per_page=100&page=2>; rel="next""#),
        "GET /repos/acme/shop/issues/7/comments?per_page=100&page=2" => {
            Reply::json(200, json!([comment(4, user("other[bot]", "Bot"), json!("Coverage fell."), "CONTRIBUTOR")]))
                .with("link", r#"<https://evil.test/?page=1>; rel="prev""#)
        }
        "GET /repos/acme/shop/issues/7/parent" => Reply::json(
            200,
            json!({ "number": 3, "title": "Checkout", "state": "open",
                "repository_url": "https://api.github.com/repos/acme/planning" }),
        ),
        "GET /repos/acme/shop/issues/7/sub_issues?per_page=100" => {
            Reply::json(200, json!([{ "number": 8, "title": "Rounding", "state": "closed" }]))
        }
        _ => Reply::error(404, "Not Found"),
    }
}

#[tokio::test]
async fn a_ticket_holds_the_issue_with_everything_around_it() {
    let fake = Fake::start(|seen| issue_script(&seen.line)).await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    let comments: Vec<_> =
        read.comments.iter().map(|c| (c.id.as_str(), c.author.id.as_str(), c.by_maintainer)).collect();
    assert_eq!(comments, [("1", "tove-berg", true), ("2", "ghost", false), ("4", "other[bot]", false)]);
    assert!(read.comments[2].author.is_bot);
    assert_eq!(read.url.as_deref(), Some("https://git.acme.test/acme/shop/issues/7"));
    assert_eq!(read.labels, ["needs-plan", "plain"]);
    assert!(read.body.plain().contains("total"));
    let mut shown = serde_json::to_value(&read).expect("JSON");
    for hidden in ["body", "comments", "key"] {
        shown.as_object_mut().expect("an object").remove(hidden);
    }
    insta::assert_json_snapshot!(shown);
    assert_eq!(fake.lines().len(), 6);
    assert!(fake.seen().iter().all(|seen| seen.authorization == "Bearer token-1"));
}

#[tokio::test]
async fn what_the_issue_says_is_not_there_is_not_asked_for() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /repos/acme/shop/issues/7" => Reply::json(
            200,
            json!({ "number": 7, "title": "Cart total is wrong", "state": "open", "comments": 0,
                "sub_issues_summary": { "total": 0 } }),
        ),
        line => issue_script(line),
    })
    .await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    assert!(read.comments.is_empty() && read.parent.is_none() && read.children.is_empty());
    let mut lines = fake.lines();
    lines.sort();
    assert_eq!(lines, ["GET /repos/acme/shop/issues/7", "GET /user"]);
}

#[tokio::test]
async fn parents_and_sub_issues_may_be_hidden() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        line if line.ends_with("/parent") => Reply::error(404, "Not Found"),
        line if line.contains("/sub_issues") => Reply::error(410, "Gone"),
        line => issue_script(line),
    })
    .await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    assert_eq!((read.parent, read.children), (None, Vec::new()));
}

#[tokio::test]
async fn an_enterprise_server_is_asked_below_its_own_path() {
    let fake = Fake::start(|seen| issue_script(&seen.line.replace("/git/api/v3", ""))).await;
    let base = format!("{}/git/api/v3/", fake.base);
    let tracker = tracker(Settings { web_base: None, ..settings(&base) });
    let read = tracker.ticket(&ticket()).await.expect("a ticket");
    assert_eq!(read.url, Some(format!("{}/git/acme/shop/issues/7", fake.base)));
    assert!(fake.lines().iter().all(|line| line.starts_with("GET /git/api/v3/")), "{:?}", fake.lines());
}

#[tokio::test]
async fn roles_decide_the_permission() {
    let fake = Fake::start(|seen| {
        let login = seen.line.trim_start_matches("GET /repos/acme/shop/collaborators/").trim_end_matches("/permission");
        match login.split_once('-') {
            Some((role, permission)) => Reply::json(200, json!({ "permission": permission, "role_name": role })),
            None if login == "old" => Reply::json(200, json!({ "permission": "write" })),
            None if login == "app%5Bbot%5D" => Reply::json(200, json!({ "permission": "read", "role_name": "read" })),
            None => Reply::error(404, "not a user"),
        }
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    for (login, expected) in [
        ("admin-admin", Permission::Admin),
        ("maintain-write", Permission::Write),
        ("write-write", Permission::Write),
        ("triage-read", Permission::Triage),
        ("read-read", Permission::Read),
        ("none-none", Permission::None),
        ("reviewers-write", Permission::Write),
        ("reviewers-surprise", Permission::None),
        ("old", Permission::Write),
        ("app[bot]", Permission::Read),
        ("stranger", Permission::None),
    ] {
        assert_eq!(tracker.permission(&ticket(), &actor(login)).await.expect(login), expected, "{login}");
    }
    let asked = fake.lines().len();
    for login in ["", "../../../user", "a/permission?x=", "é"] {
        assert_eq!(tracker.permission(&ticket(), &actor(login)).await.expect(login), Permission::None);
    }
    assert_eq!(fake.lines().len(), asked, "names that nobody can have are not asked for");
}

#[tokio::test]
async fn code_comes_from_the_clone_base() {
    let source = |clone_base: Option<&str>| {
        let settings =
            Settings { clone_base: clone_base.map(str::to_owned), ..settings("https://git.acme.test/api/v3") };
        async { tracker(settings).code_source(&ticket()).await.expect("a source").expect("a source") }
    };
    let https = source(None).await;
    assert_eq!((https.name.as_str(), https.url.as_str()), ("acme/shop", "https://git.acme.test/acme/shop.git"));
    assert_eq!(https.web.expect("links").base, "https://git.acme.test/acme/shop");
    let (name, word) = https.credentials.expect("credentials");
    assert_eq!((name.as_str(), word.expose_secret()), ("x-access-token", "token-1"));

    let folder = source(Some("/srv/repositories/")).await;
    assert_eq!(folder.url, "/srv/repositories/acme/shop.git");
    assert!(folder.credentials.is_none(), "a folder needs no credentials");
}

#[tokio::test]
async fn a_permission_is_looked_up_where_a_renamed_repository_is_now() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /repos/acme/shop/collaborators/mira/permission" => {
            Reply::json(301, json!({})).with("location", "/repositories/7/collaborators/mira/permission")
        }
        "GET /repositories/7/collaborators/mira/permission" => Reply::json(200, json!({ "permission": "write" })),
        "GET /repos/acme/shop/collaborators/ring/permission" => {
            Reply::json(302, json!({})).with("location", "/repos/acme/shop/collaborators/ring/permission")
        }
        other => panic!("{other}"),
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    assert_eq!(tracker.permission(&ticket(), &actor("mira")).await.expect("a permission"), Permission::Write);
    let ring = tracker.permission(&ticket(), &actor("ring")).await;
    assert!(matches!(ring, Err(TrackerError::Refused(_))), "{ring:?}");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed_and_carries_no_credentials() {
    let other = Fake::start(|_| Reply::json(200, json!({}))).await;
    let there = other.base.clone();
    let fake = Fake::start(move |seen| {
        let status = if seen.line.starts_with("GET") { 301 } else { 307 };
        Reply::json(status, json!({})).with("location", format!("{there}/repos/acme/shop/issues/7"))
    })
    .await;
    let tracker = tracker(settings(&fake.base));
    let permission = tracker.permission(&ticket(), &actor("mira")).await;
    assert!(matches!(permission, Err(TrackerError::Refused(_))), "a fault, and not “may not ask”: {permission:?}");
    assert!(matches!(tracker.ticket(&ticket()).await, Err(TrackerError::Gone(_))));
    assert!(matches!(tracker.acknowledge(&ticket(), None).await, Err(TrackerError::Gone(_))));
    assert_eq!(other.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let fake = Fake::start(|_| Reply::endless()).await;
    let error = tracker(settings(&fake.base)).identity().await.expect_err("no identity");
    assert_eq!(error.to_string(), "tracker unavailable: the response is longer than 33554432 bytes");
}

#[tokio::test]
async fn reads_that_fail_may_be_tried_again() {
    let check = |base: String| async move {
        let error = tracker(settings(&base)).identity().await.expect_err("no identity");
        assert!(matches!(error, TrackerError::Unavailable(_)), "{error}");
    };
    check(nobody().await).await;
    check(rude(b"").await).await;
    check(rude(b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{").await).await;
    check(rude(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n{").await).await;
    check(rude(b"\x16\x03\x01").await).await;
    check(Fake::start(|_| Reply::error(502, "Bad Gateway")).await.base).await;
    check(Fake::start(|_| Reply::json(200, json!([]))).await.base).await;
}

#[tokio::test]
async fn refused_credentials_are_an_operators_matter() {
    let fake = Fake::start(|_| Reply::error(401, "Bad credentials")).await;
    let error = tracker(settings(&fake.base)).identity().await.expect_err("no identity");
    assert_eq!(error.to_string(), "credentials refused: 401 Bad credentials");
    assert_eq!(fake.lines(), ["GET /user"], "a token cannot be refreshed");
}

#[tokio::test]
async fn the_identity_is_read_once() {
    let fake = Fake::start(|seen| issue_script(&seen.line)).await;
    let tracker = tracker(settings(&fake.base));
    for _ in 0..3 {
        let me = tracker.identity().await.expect("an identity");
        assert_eq!((me.id.as_str(), me.name.as_str()), ("Plan-Bot", "Plan-Bot"));
    }
    assert_eq!(fake.lines(), ["GET /user"]);
}

#[tokio::test]
async fn ids_of_other_trackers_are_not_asked_for() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(settings(&fake.base));
    for id in ["SHOP-7", "acme/shop", "acme/../x#7", "acme/shop#7/../../../user", ""] {
        assert!(matches!(tracker.ticket(&TicketId::new(id)).await, Err(TrackerError::Gone(_))), "{id}");
    }
    assert_eq!(fake.lines(), Vec::<String>::new());
}

#[test]
fn unfit_settings_are_refused_without_a_network() {
    let check = |settings: Settings, expected: &str| {
        assert_eq!(connect(settings).err().map(|error| error.to_string()).as_deref(), Some(expected));
    };
    let fit = || settings("https://api.github.com");
    let base = "not a base address (https, or http on loopback; no user, query or fragment): ";
    check(settings("http://git.acme.test/api/v3"), &format!("{base}\"http://git.acme.test/api/v3\""));
    check(Settings { web_base: Some("acme".to_owned()), ..fit() }, &format!("{base}\"acme\""));
    check(Settings { clone_base: Some("ext::sh://x".to_owned()), ..fit() }, &format!("{base}\"ext::sh://x\""));
    let auth = |auth| Settings { auth, ..fit() };
    use planwright::trackers::github::Auth;
    check(auth(Auth::Token("".into())), &ConnectError::Token.to_string());
    check(auth(Auth::Token("a\nb".into())), &ConnectError::Token.to_string());
    let app = Auth::App { app_id: 7, private_key_pem: "no key".into() };
    check(auth(app), &ConnectError::PrivateKey.to_string());
    check(Settings { sweep_repositories: vec!["shop".to_owned()], ..fit() }, "not owner/repo: \"shop\"");
}
