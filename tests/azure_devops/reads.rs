//! What the client reads, and what it never does while reading.

use planwright::{
    model::{
        TicketId,
        ticket::{FieldRole, TicketState},
    },
    trackers::{
        TrackerError,
        azure_devops::{ApiVersion, Auth, ConnectError, CustomField, Flavor, Settings, connect},
    },
};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    script::{answer, item},
    settings, ticket, tracker,
};
use crate::github::fake::{Fake, Reply, nobody, rude};

#[tokio::test]
async fn a_ticket_holds_the_work_item_with_everything_around_it() {
    let fake = Fake::start(answer).await;
    let fields = vec![CustomField { name: "custom.background".to_owned(), role: FieldRole::Other }];
    let places = vec!["Custom.Team".to_owned()];
    let read = tracker(Settings { fields, places, ..settings(&fake.base) }).ticket(&ticket()).await.expect("a ticket");
    let comments: Vec<_> = read.comments.iter().map(|c| (c.id.as_str(), c.author.name.as_str())).collect();
    assert_eq!(comments, [("1", "Mira Lund"), ("4", "Build")], "without the bot's own and those deleted");
    assert_eq!((read.comments[0].author.is_bot, read.comments[1].author.is_bot), (false, true));
    assert_eq!(read.url.as_deref(), Some("https://dev.azure.com/acme/Acme%20Shop/_workitems/edit/7"));
    assert_eq!(read.body.plain().trim(), "The total is wrong: a < b.");
    let shown: Vec<_> = read.fields.iter().map(|f| (f.role, f.name.as_str(), f.content.plain())).collect();
    assert_eq!(
        shown.iter().map(|(role, name, text)| (*role, *name, text.trim())).collect::<Vec<_>>(),
        [
            (FieldRole::AcceptanceCriteria, "Acceptance Criteria", "The total is right"),
            (FieldRole::Other, "background", "Since May")
        ]
    );
    let mut shown = serde_json::to_value(&read).expect("JSON");
    for hidden in ["body", "comments", "key", "fields"] {
        shown.as_object_mut().expect("an object").remove(hidden);
    }
    insta::assert_json_snapshot!(shown);
    assert_eq!(fake.lines().len(), 6);
    let batch = fake.seen().into_iter().find(|seen| seen.line.starts_with("POST")).expect("one call for titles");
    assert_eq!(batch.body["ids"], json!([3, 8, 9]));
    let basic = "Basic OnRva2VuLTE=";
    assert!(fake.seen().iter().all(|seen| seen.authorization == basic), "the token is the password");
}

#[tokio::test]
async fn the_category_of_a_state_closes_a_ticket() {
    let check = async |state: &'static str, expected: TicketState| {
        let fake = Fake::start(move |seen| match seen.line.as_str() {
            line if line.starts_with("GET /_apis/wit/workitems/7?") => {
                let mut item = item();
                item["fields"]["System.State"] = json!(state);
                Reply::json(200, item)
            }
            _ => answer(seen),
        })
        .await;
        assert_eq!(tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket").state, expected, "{state}");
    };
    check("Active", TicketState::Open).await;
    check("done", TicketState::Closed).await;
    check("Cut", TicketState::Closed).await;
    check("Unheard of", TicketState::Open).await;
}

#[tokio::test]
async fn a_server_is_asked_below_its_collection_in_its_own_version() {
    let fake = Fake::start(|seen| {
        let line = seen.line.replace("/tfs/DefaultCollection", "").replace("7.0-preview.3", "7.2-preview.4");
        let line = line.replace("=7.0", "=7.1");
        answer(&crate::github::fake::Seen { line, ..seen.clone() })
    })
    .await;
    let base = format!("{}/tfs/DefaultCollection/", fake.base);
    let server = Settings { flavor: Flavor::Server, api: ApiVersion::V7_0, web_base: None, ..settings(&base) };
    let read = tracker(server).ticket(&ticket()).await.expect("a ticket");
    let expected = format!("{}/tfs/DefaultCollection/Acme%20Shop/_workitems/edit/7", fake.base);
    assert_eq!(read.url, Some(expected));
    let lines = fake.lines();
    assert!(lines.iter().all(|line| line.contains(" /tfs/DefaultCollection/") && line.contains("=7.0")), "{lines:?}");
}

#[tokio::test]
async fn a_ticket_of_another_project_is_not_there() {
    let fake = Fake::start(answer).await;
    let elsewhere = tracker(Settings { project: Some("Finance".to_owned()), ..settings(&fake.base) });
    assert!(matches!(elsewhere.ticket(&ticket()).await, Err(TrackerError::Gone(_))));
    let here = tracker(Settings { project: Some("acme shop".to_owned()), ..settings(&fake.base) });
    here.ticket(&ticket()).await.expect("a ticket");
}

/// The code source where the project has these repositories.
async fn source(
    repositories: serde_json::Value,
    wanted: Option<&str>,
    clone_base: Option<&str>,
) -> Option<planwright::trackers::CodeSource> {
    let fake = Fake::start(move |seen| match seen.line.as_str() {
        "GET /Acme%20Shop/_apis/git/repositories?api-version=7.1" => Reply::json(200, json!({ "value": repositories })),
        _ => answer(seen),
    })
    .await;
    let (repository, clone_base) = (wanted.map(str::to_owned), clone_base.map(str::to_owned));
    let tracker = tracker(Settings { repository, clone_base, ..settings(&fake.base) });
    tracker.code_source(&ticket()).await.expect("an answer")
}

#[tokio::test]
async fn code_is_the_projects_only_repository_or_the_one_configured() {
    let repository = |name: &str| json!({ "id": "1", "name": name, "defaultBranch": "refs/heads/main" });
    let one = source(json!([repository("web shop")]), None, None).await.expect("a source");
    assert_eq!(
        (one.name.as_str(), one.url.as_str()),
        ("Acme Shop/web shop", "https://dev.azure.com/acme/Acme%20Shop/_git/web%20shop")
    );
    let (_, password) = one.credentials.expect("credentials");
    assert_eq!(password.expose_secret(), "token-1");
    assert_eq!(one.web.expect("links").base, "https://dev.azure.com/acme/Acme%20Shop/_git/web%20shop");

    let two = json!([repository("web"), repository("ledger")]);
    assert!(source(two.clone(), None, None).await.is_none(), "no guess among several");
    let named = source(two.clone(), Some("Ledger"), None).await.expect("a source");
    assert_eq!(named.name.as_str(), "Acme Shop/ledger");
    assert!(source(two, Some("other"), None).await.is_none());
    let empty_and_disabled = json!([{ "name": "empty" }, { "name": "old", "defaultBranch": "refs/heads/main",
        "isDisabled": true }, repository("web")]);
    assert_eq!(source(empty_and_disabled, None, None).await.expect("a source").name.as_str(), "Acme Shop/web");
    let folder = source(json!([repository("web")]), None, Some("/srv/git/")).await.expect("a source");
    assert_eq!(folder.url, "/srv/git/Acme%20Shop/_git/web");
    assert!(folder.credentials.is_none(), "a folder needs no credentials");
}

#[tokio::test]
async fn a_page_to_sign_in_means_that_the_credentials_are_refused() {
    let check = async |reply: fn() -> Reply| {
        let fake = Fake::start(move |_| reply()).await;
        let error = tracker(settings(&fake.base)).identity().await.expect_err("no identity");
        assert!(matches!(error, TrackerError::Unauthorized(_)), "{error}");
        assert_eq!(fake.lines().len(), 1, "a token cannot be renewed");
    };
    check(|| Reply::error(401, "TF400813")).await;
    check(|| Reply::json(203, json!(null))).await;
    check(|| Reply::json(302, json!(null)).with("location", "https://app.vssps.visualstudio.com/_signin?x")).await;
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let fake = Fake::start(|_| Reply::endless()).await;
    let error = tracker(settings(&fake.base)).identity().await.expect_err("no identity");
    assert_eq!(error.to_string(), "tracker unavailable: the response is longer than 33554432 bytes");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_carries_no_credentials() {
    let other = Fake::start(|_| Reply::json(200, json!({}))).await;
    let there = other.base.clone();
    let fake = Fake::start(move |_| Reply::json(302, json!({})).with("location", format!("{there}/acme"))).await;
    let error = tracker(settings(&fake.base)).ticket(&ticket()).await.expect_err("no ticket");
    assert_eq!(error.to_string(), "credentials refused: 302 moved to another address");
    assert_eq!(other.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn a_success_that_asks_to_slow_down_is_obeyed() {
    let fake = Fake::start(|seen| answer(seen).with("retry-after", "90").with("x-ratelimit-delay", "2.1")).await;
    let tracker = tracker(settings(&fake.base));
    tracker.identity().await.expect("the answer itself counts");
    let next = tracker.ticket(&ticket()).await.expect_err("a pause");
    assert!(matches!(next, TrackerError::RateLimited(wait) if (80..=90).contains(&wait.as_secs())), "{next}");
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn reads_that_fail_may_be_tried_again() {
    let check = |base: String| async move {
        let error = tracker(settings(&base)).identity().await.expect_err("no identity");
        assert!(matches!(error, TrackerError::Unavailable(_)), "{error}");
    };
    check(nobody().await).await;
    check(rude(b"").await).await;
    check(Fake::start(|_| Reply::error(502, "Bad Gateway")).await.base).await;
    check(Fake::start(|_| Reply::json(200, json!([]))).await.base).await;
}

#[tokio::test]
async fn the_identity_is_read_once() {
    let fake = Fake::start(answer).await;
    let tracker = tracker(settings(&fake.base));
    for _ in 0..3 {
        let me = tracker.identity().await.expect("an identity");
        assert_eq!((me.id.as_str(), me.name.as_str()), (super::ME, "Planwright"));
    }
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn ids_of_other_trackers_are_not_asked_for() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(settings(&fake.base));
    for id in ["SHOP-7", "acme/shop#7", "7/../8", "07", ""] {
        assert!(matches!(tracker.ticket(&TicketId::new(id)).await, Err(TrackerError::Gone(_))), "{id}");
    }
    assert_eq!(fake.lines(), Vec::<String>::new());
}

#[test]
fn unfit_settings_are_refused_without_a_network() {
    let check = |settings: Settings, expected: &str| {
        assert_eq!(connect(settings).err().map(|error| error.to_string()).as_deref(), Some(expected));
    };
    let fit = || settings("https://dev.azure.com/acme");
    let base = "not a base address (https, or http on loopback; no user, query or fragment): ";
    check(settings("http://dev.azure.com/acme"), &format!("{base}\"http://dev.azure.com/acme\""));
    check(Settings { clone_base: Some("ext::sh://x".to_owned()), ..fit() }, &format!("{base}\"ext::sh://x\""));
    check(Settings { auth: Auth::Pat("".into()), ..fit() }, &ConnectError::Token.to_string());
    let program = |token_url: &str| Auth::Program {
        token_url: token_url.to_owned(),
        client_id: "1".to_owned(),
        client_secret: "s".into(),
    };
    check(
        Settings { auth: program("http://login.test/token"), ..fit() },
        &format!("{base}\"http://login.test/token\""),
    );
    let server = Settings { flavor: Flavor::Server, auth: program("https://login.test/token"), ..fit() };
    check(server, &ConnectError::ProgramOnServer.to_string());
}
