//! What the client reads, and what it never does while reading.

use planwright::{
    model::{
        TicketId,
        ticket::{FieldRole, TicketState},
    },
    richtext::Doc,
    trackers::{
        TrackerError,
        jira::{Auth, ConnectError, Settings, connect},
    },
};
use serde_json::{Value, json};

use super::{Fake, Reply, data_center, settings, ticket, tracker};

/// A Cloud account.
pub fn user(id: &str) -> Value {
    json!({ "accountId": id, "displayName": id.to_uppercase(), "accountType": "atlassian", "active": true })
}

/// A Data Center account.
pub fn local(name: &str) -> Value {
    json!({ "name": name, "key": format!("KEY-{name}"), "displayName": name.to_uppercase(), "active": true })
}

/// An ADF document with one paragraph.
pub fn adf(text: &str) -> Value {
    json!({ "type": "doc", "version": 1, "content": [
        { "type": "paragraph", "content": [{ "type": "text", "text": text }] }
    ] })
}

/// The fields of an issue; `rich` writes text in the version's language.
fn fields(rich: fn(&str) -> Value, user: fn(&str) -> Value, sprint: Value) -> Value {
    let other =
        |key: &str, title: &str| json!({ "key": key, "fields": { "summary": title }, "self": "https://evil.test/" });
    json!({
        "summary": "Cart total is wrong", "description": rich("The total is wrong."),
        "issuetype": { "id": "10002", "name": "Historia" }, "labels": ["needs-plan", "checkout"],
        "priority": { "name": "High" }, "status": { "name": "Offen", "statusCategory": { "key": "new" } },
        "reporter": user("mira"), "creator": user("ida"), "assignee": user("tove"),
        "parent": other("SHOP-3", "Checkout"), "subtasks": [other("SHOP-8", "Rounding"), { "key": "../x" }],
        "issuelinks": [
            { "type": { "name": "Blocks", "inward": "is blocked by", "outward": "blocks" }, "outwardIssue": other("SHOP-9", "Release") },
            { "type": { "name": "Blocks", "inward": "is blocked by", "outward": "blocks" }, "inwardIssue": other("OPS-1", "Certificate") },
            { "type": { "name": "Relates" }, "outwardIssue": {} },
        ],
        "components": [{ "name": "Checkout" }, { "id": "1" }],
        "fixVersions": [{ "name": "2.0" }],
        "attachment": [{ "filename": "total.png", "mimeType": "image/png", "size": 2048, "content": "https://evil.test/" }],
        "customfield_10020": sprint,
        "customfield_10042": rich("A voucher counts once."),
        "customfield_10050": rich("Add two vouchers."),
        "customfield_10060": { "value": "Major", "child": { "value": "Money" } },
        "customfield_10061": [{ "value": "Payments" }, { "name": "Shop" }],
        "customfield_10062": null,
    })
}

/// The names and types of the fields.
fn expansions() -> (Value, Value) {
    let names = json!({ "customfield_10020": "Sprint", "customfield_10042": "Acceptance criteria",
        "customfield_10050": "How to see it", "customfield_10060": "Severity", "customfield_10061": "Team",
        "customfield_10062": "Test Notes" });
    (names, json!({ "customfield_10020": { "type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint" } }))
}

/// A comment.
fn comment(id: u64, author: Value, body: Value) -> Value {
    json!({ "id": id.to_string(), "author": author, "body": body, "created": "2026-11-20T10:00:00.000+0100",
        "updated": "2026-11-20T10:00:00.000+0100", "self": "https://evil.test/", "jsdPublic": true })
}

/// An issue with two pages of comments below this path.
fn script(line: &str, api: &str, rich: fn(&str) -> Value, user: fn(&str) -> Value, sprint: Value) -> Reply {
    let Some(path) = line.strip_prefix(&format!("GET {api}")) else { return Reply::json(404, json!({})) };
    let (names, schema) = expansions();
    let page = |start: usize, comments: Value| {
        Reply::json(200, json!({ "startAt": start, "maxResults": 3, "total": 5, "comments": comments }))
    };
    match path {
        "/myself" => Reply::json(200, user("bot")),
        "/issue/10040?fields=*all,-comment,-worklog&expand=names,schema" => {
            let body = json!({ "id": "10040", "key": "SHOP-7", "self": "https://evil.test/",
                "fields": fields(rich, user, sprint), "names": names, "schema": schema });
            Reply::json(200, body)
        }
        "/issue/10040/comment?orderBy=created&startAt=0&maxResults=100" => page(
            0,
            json!([
                comment(1, user("lead"), rich("Happens with two vouchers.")),
                comment(2, json!(null), json!(null)),
                comment(3, user("bot"), rich("A plan.")),
            ]),
        ),
        "/issue/10040/comment?orderBy=created&startAt=3&maxResults=100" => {
            let mut hidden = comment(4, user("lead"), rich("The key is 123."));
            hidden["visibility"] = json!({ "type": "role", "value": "Administrators" });
            let mut internal = comment(5, user("tove"), rich("Known since May."));
            internal["jsdPublic"] = json!(false);
            page(3, json!([hidden, internal]))
        }
        "/project/SHOP" => Reply::json(200, json!({ "key": "SHOP", "lead": user("lead") })),
        _ => Reply::json(404, json!({ "errorMessages": ["no such thing"] })),
    }
}

/// A Cloud that holds the issue.
async fn cloud() -> Fake {
    let sprint = json!([{ "id": 1, "name": "Sprint 4", "state": "closed" }, { "id": 2, "name": "Sprint 5" }]);
    Fake::start(move |seen| script(&seen.line, "/rest/api/3", adf, user, sprint.clone())).await
}

/// Text of a document.
fn plain(doc: &Doc) -> String {
    doc.plain().trim().to_owned()
}

#[tokio::test]
async fn a_ticket_holds_the_issue_with_everything_around_it() {
    let fake = cloud().await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    let comments: Vec<_> =
        read.comments.iter().map(|c| (c.id.as_str(), c.author.name.as_str(), c.by_maintainer)).collect();
    assert_eq!(comments, [("1", "LEAD", true), ("2", "deleted", false), ("5", "TOVE", false)]);
    assert_eq!(read.comments[0].created_at, "2026-11-20T09:00:00Z");
    let said: Vec<_> = read.fields.iter().map(|f| (f.role, f.name.as_str(), plain(&f.content))).collect();
    assert_eq!(
        said,
        [
            (FieldRole::AcceptanceCriteria, "Acceptance criteria", "A voucher counts once.".to_owned()),
            (FieldRole::ReproductionSteps, "How to see it", "Add two vouchers.".to_owned()),
            (FieldRole::Other, "Severity", "Major, Money".to_owned()),
        ]
    );
    assert_eq!(plain(&read.body), "The total is wrong.");
    let mut shown = serde_json::to_value(&read).expect("JSON");
    for hidden in ["body", "comments", "fields"] {
        shown.as_object_mut().expect("an object").remove(hidden);
    }
    insta::assert_json_snapshot!(shown);
    assert!(fake.seen().iter().all(|seen| seen.authorization == "Basic Ym90QGFjbWUuZXhhbXBsZTp0b2tlbi0x"));
}

#[tokio::test]
async fn a_data_center_is_asked_below_its_context_path_in_wiki_markup() {
    let sprint = json!([
        "com.atlassian.greenhopper.service.sprint.Sprint@1f[id=5,rapidViewId=2,state=ACTIVE,name=Sprint 5,goal=]"
    ]);
    let text = |text: &str| json!(text);
    let fake = Fake::start(move |seen| script(&seen.line, "/jira/rest/api/2", text, local, sprint.clone())).await;
    let read = tracker(data_center(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    assert_eq!(read.url, Some(format!("{}/jira/browse/SHOP-7", fake.base)));
    assert_eq!(read.milestone.as_deref(), Some("Sprint 5"));
    assert_eq!(plain(&read.body), "The total is wrong.");
    assert_eq!(read.fields.len(), 3);
    let authors: Vec<_> = read.comments.iter().map(|c| (c.author.id.as_str(), c.by_maintainer)).collect();
    assert_eq!(authors, [("KEY-lead", true), ("", false), ("KEY-tove", false)]);
    assert!(fake.lines().iter().all(|line| line.starts_with("GET /jira/rest/api/2/")), "{:?}", fake.lines());
    assert!(fake.seen().iter().all(|seen| seen.authorization == "Bearer pat-1"));
}

#[tokio::test]
async fn what_customers_cannot_read_stays_out_of_answers_that_they_can() {
    let fake = cloud().await;
    let read = tracker(Settings { is_public: true, ..settings(&fake.base) }).ticket(&ticket()).await.expect("a ticket");
    assert_eq!(read.comments.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}

#[tokio::test]
async fn members_of_a_configured_role_are_maintainers() {
    let fake = Fake::start(|seen| match seen.line.as_str() {
        "GET /rest/api/3/project/SHOP/role" => Reply::json(
            200,
            json!({ "Developers": "https://evil.test/rest/api/3/project/1/role/10002", "Users": "x/10003" }),
        ),
        "GET /rest/api/3/project/SHOP/role/10002" => Reply::json(
            200,
            json!({ "actors": [{ "type": "atlassian-user-role-actor", "actorUser": { "accountId": "tove" } }] }),
        ),
        line => script(line, "/rest/api/3", adf, user, json!(null)),
    })
    .await;
    let with_roles = Settings { roles: vec!["developers".to_owned()], ..settings(&fake.base) };
    let read = tracker(with_roles).ticket(&ticket()).await.expect("a ticket");
    assert_eq!(read.comments.iter().map(|c| c.by_maintainer).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(read.milestone.as_deref(), Some("2.0"), "without a sprint, the version");
}

#[tokio::test]
async fn a_project_that_may_not_be_read_has_no_lead() {
    let fake = Fake::start(|seen| match seen.line.contains("/project/") {
        true => Reply::json(403, json!({ "errorMessages": ["no"] })),
        false => script(&seen.line, "/rest/api/3", adf, user, json!("odd")),
    })
    .await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    assert!(read.comments.iter().all(|comment| !comment.by_maintainer));
}

/// The ticket of an issue with these fields.
async fn with_fields(fields: Value) -> planwright::model::ticket::Ticket {
    let fake = Fake::start(move |seen| match seen.line.as_str() {
        "GET /rest/api/3/myself" => Reply::json(200, user("bot")),
        line if line.contains("/comment?") => Reply::json(200, json!({ "comments": [], "total": 0 })),
        line if line.contains("/issue/") => Reply::json(200, json!({ "key": "SHOP-7", "fields": fields })),
        _ => Reply::json(404, json!({})),
    })
    .await;
    tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket")
}

#[tokio::test]
async fn fields_that_are_missing_or_odd_say_nothing() {
    let bare = with_fields(json!({})).await;
    assert_eq!((bare.title.as_str(), bare.body.is_empty(), bare.state), ("", true, TicketState::Open));
    assert_eq!((bare.type_name, bare.author, bare.parent), (None, None, None));
    let odd = with_fields(json!({
        "summary": 7, "description": [1], "labels": "x", "status": "done", "reporter": "mira", "assignee": [],
        "parent": { "key": 3 }, "subtasks": {}, "issuelinks": [7, null], "components": null, "attachment": [{}],
        "priority": "High", "issuetype": [], "fixVersions": [{}],
    }))
    .await;
    assert_eq!((odd.labels.len(), odd.links.len(), odd.children.len(), odd.attachments.len()), (0, 0, 0, 0));
    let done = with_fields(json!({ "status": { "name": "Fertig", "statusCategory": { "key": "done" } } })).await;
    assert_eq!(done.state, TicketState::Closed);
}

#[tokio::test]
async fn an_epic_is_the_parent_where_there_is_no_other() {
    let schema = json!({ "customfield_1": { "custom": "com.pyxis.greenhopper.jira:gh-epic-link" } });
    let fake = Fake::start(move |seen| match seen.line.as_str() {
        line if line.contains("/issue/10040?") => {
            Reply::json(200, json!({ "key": "SHOP-7", "fields": { "customfield_1": "SHOP-2" }, "schema": schema }))
        }
        line if line.contains("/comment?") => Reply::json(200, json!({ "comments": [] })),
        line => script(line, "/rest/api/3", adf, user, json!(null)),
    })
    .await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    assert_eq!(read.parent.expect("a parent").reference, "SHOP-2");
}

#[tokio::test]
async fn a_flood_of_comments_is_cut() {
    let fake = Fake::start(|seen| match seen.line.split_once("startAt=") {
        Some((_, start)) => {
            let start: u64 = start.split('&').next().and_then(|start| start.parse().ok()).expect("a number");
            let comments: Vec<_> = (start..start + 100).map(|n| comment(n + 1, user("mira"), adf("more"))).collect();
            Reply::json(200, json!({ "comments": comments, "total": 1_000_000 }))
        }
        None => script(&seen.line, "/rest/api/3", adf, user, json!(null)),
    })
    .await;
    let read = tracker(settings(&fake.base)).ticket(&ticket()).await.expect("a ticket");
    assert_eq!(read.comments.len(), 1_000);
    assert_eq!(fake.lines().iter().filter(|line| line.contains("/comment?")).count(), 10);
}

#[tokio::test]
async fn the_identity_is_read_once() {
    let check = async |settings: fn(&str) -> Settings, account: Value, expected: (&str, &str)| {
        let fake = Fake::start(move |_| Reply::json(200, account.clone())).await;
        let tracker = tracker(settings(&fake.base));
        for _ in 0..3 {
            let me = tracker.identity().await.expect("an identity");
            assert_eq!((me.id.as_str(), me.name.as_str()), expected);
        }
        assert_eq!(fake.lines().len(), 1);
    };
    check(settings, user("bot"), ("bot", "BOT")).await;
    check(data_center, local("bot"), ("KEY-bot", "BOT")).await;
    check(data_center, json!({ "name": "bot" }), ("bot", "bot")).await;
    let nobody = Fake::start(|_| Reply::json(200, json!({}))).await;
    let error = tracker(settings(&nobody.base)).identity().await.expect_err("no identity");
    assert!(matches!(error, TrackerError::Unauthorized(_)), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_carries_no_credentials() {
    let other = Fake::start(|_| Reply::json(200, json!({}))).await;
    let there = other.base.clone();
    let fake = Fake::start(move |_| Reply::json(302, json!({})).with("location", format!("{there}/login"))).await;
    let tracker = tracker(settings(&fake.base));
    assert!(matches!(tracker.ticket(&ticket()).await, Err(TrackerError::Unauthorized(_))));
    assert_eq!(other.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let fake = Fake::start(|_| Reply::endless()).await;
    let error = tracker(settings(&fake.base)).identity().await.expect_err("no identity");
    assert_eq!(error.to_string(), "tracker unavailable: the response is longer than 33554432 bytes");
}

#[tokio::test]
async fn hidden_and_deleted_issues_look_the_same() {
    let fake = Fake::start(|_| {
        Reply::json(404, json!({ "errorMessages": ["Issue does not exist or you do not have permission to see it."] }))
    })
    .await;
    let error = tracker(settings(&fake.base)).ticket(&ticket()).await.expect_err("no ticket");
    assert_eq!(error.to_string(), "not found: 404 Issue does not exist or you do not have permission to see it.");
}

#[tokio::test]
async fn ids_of_other_trackers_are_not_asked_for() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(settings(&fake.base));
    for id in ["SHOP-7", "acme/shop#7", "0", "-1", "10040/../1", "10040?x", ""] {
        assert!(matches!(tracker.ticket(&TicketId::new(id)).await, Err(TrackerError::Gone(_))), "{id}");
    }
    assert_eq!(fake.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn jira_has_neither_code_nor_a_list_of_failed_deliveries_nor_reactions() {
    let fake = Fake::start(|_| Reply::json(200, json!({}))).await;
    let tracker = tracker(settings(&fake.base));
    assert!(tracker.code_source(&ticket()).await.expect("an answer").is_none());
    assert_eq!(tracker.missed_deliveries(0).await.expect("an answer"), []);
    tracker.acknowledge(&ticket(), None).await.expect("an answer");
    assert_eq!(fake.lines(), Vec::<String>::new());
}

#[test]
fn unfit_settings_are_refused_without_a_network() {
    let check = |settings: Settings, expected: &str| {
        assert_eq!(connect(settings).err().map(|error| error.to_string()).as_deref(), Some(expected));
    };
    let fit = || settings("https://acme.atlassian.net");
    let base = "not a base address (https, or http on loopback; no user, query or fragment): ";
    check(settings("http://acme.atlassian.net"), &format!("{base}\"http://acme.atlassian.net\""));
    check(Settings { web_base: Some("acme".to_owned()), ..fit() }, &format!("{base}\"acme\""));
    let auth = |auth| Settings { auth, ..fit() };
    let login = |email: &str, token: &str| Auth::Login { email: email.to_owned(), token: token.into() };
    let token = ConnectError::Token.to_string();
    check(auth(Auth::Token("".into())), &token);
    check(auth(Auth::Token("a\nb".into())), &token);
    check(auth(login("a@b", "")), &token);
    check(auth(login("a:b", "token")), &token);
    check(auth(login("", "token")), &token);
}
