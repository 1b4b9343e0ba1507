//! The project's own GitHub client, and its receiving half, against the sandbox.

use std::{sync::Arc, time::Duration};

use http::HeaderMap;
use planwright::{
    model::{
        CommentId, ConnectionName, TicketId,
        event::{Actor, Decoded},
    },
    sandbox::{
        NewTicket, TicketKey,
        github::{Endpoint, Fault},
    },
    trackers::{
        Inbound, Permission, RawDelivery, Tracker, TrackerError,
        auth::Secrets,
        github::{Auth, Settings, connect},
    },
};

use super::fixture::{Fixture, REPO, Receiver, soon};

struct Client {
    inbound: Arc<dyn Inbound>,
    tracker: Arc<dyn Tracker>,
}

fn client(fixture: &Fixture, auth: Auth) -> Client {
    let (inbound, tracker) = connect(Settings {
        connection: ConnectionName::new("test"),
        api_base: fixture.github.base_url().to_owned(),
        web_base: None,
        clone_base: None,
        auth,
        secrets: Secrets::new(&[fixture.github.webhook_secret().into()]).unwrap(),
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
        sweep_repositories: vec![REPO.to_owned()],
        sweep_organisations: Vec::new(),
    })
    .unwrap();
    Client { inbound, tracker }
}

fn app(fixture: &Fixture) -> Client {
    let private_key_pem = fixture.github.private_key_pem().into();
    client(fixture, Auth::App { app_id: fixture.github.app_id(), private_key_pem })
}

fn id(issue: &TicketKey) -> TicketId {
    TicketId::new(issue.to_string())
}

fn actor(login: &str) -> Actor {
    Actor { id: login.to_owned(), name: login.to_owned(), is_bot: false }
}

#[tokio::test]
async fn the_client_knows_who_it_is_and_who_may_what() {
    let fixture = Fixture::start().await;
    let (app, issue) = (app(&fixture), id(&fixture.issue));
    assert_eq!(app.tracker.identity().await.unwrap().name, fixture.github.bot_login());
    let person = client(&fixture, Auth::Token(fixture.github.token_of("ana").unwrap().into()));
    assert_eq!(person.tracker.identity().await.unwrap().name, "ana");
    for (login, permission) in
        [("ana", Permission::Admin), ("ben", Permission::Write), ("tri", Permission::Triage), ("sam", Permission::None)]
    {
        assert_eq!(app.tracker.permission(&issue, &actor(login)).await.unwrap(), permission, "{login}");
    }
}

#[tokio::test]
async fn the_client_reads_a_ticket_with_its_comments_and_family() {
    let fixture = Fixture::start().await;
    let app = app(&fixture);
    let new = NewTicket {
        title: "Part".into(),
        kind: Some("Story".into()),
        labels: vec!["orders".into()],
        parent: Some(fixture.issue.clone()),
        ..NewTicket::default()
    };
    let child = fixture.github.open_issue(REPO, new, "ben").await.issue;
    for n in 0..120 {
        fixture.github.world(|world| world.comment_on(&child, &format!("comment {n}"), "ben", false));
    }
    let bot = fixture.github.bot_login();
    let own = fixture.github.world(|world| world.comment_on(&child, "mine", bot, true)).unwrap();
    let ticket = app.tracker.ticket(&id(&child)).await.unwrap();
    assert_eq!((ticket.title.as_str(), ticket.type_name.as_deref()), ("Part", Some("Story")));
    assert_eq!((ticket.labels, ticket.comments.len()), (vec!["orders".to_owned()], 120));
    assert_eq!(ticket.parent.unwrap().title.as_deref(), Some("Cart total is wrong"));
    assert_eq!(ticket.url, Some(fixture.github.issue_url(&child)));
    assert_eq!(app.tracker.ticket(&id(&fixture.issue)).await.unwrap().children.len(), 1);
    let mine = app.tracker.own_comments(&id(&child), 0).await.unwrap();
    assert_eq!(mine.iter().map(|comment| comment.id.as_str()).collect::<Vec<_>>(), [own.to_string()]);
}

#[tokio::test]
async fn the_client_acknowledges_on_the_comment_and_removes_its_own() {
    let fixture = Fixture::start().await;
    let (app, issue) = (app(&fixture), id(&fixture.issue));
    let asked = fixture.github.comment(&fixture.issue, "/plan", "ben").await.comment;
    app.tracker.acknowledge(&issue, Some(&CommentId::new(asked.to_string()))).await.unwrap();
    soon(fixture.github.reaction(&fixture.issue, "eyes")).await;
    let bot = fixture.github.bot_login();
    let own = fixture.github.world(|world| world.comment_on(&fixture.issue, "mine", bot, true)).unwrap();
    app.tracker.remove(&issue, &CommentId::new(own.to_string())).await.unwrap();
    assert_eq!(fixture.github.comments(&fixture.issue).len(), 1);
}

#[tokio::test]
async fn the_client_refreshes_a_token_that_is_refused_once() {
    let fixture = Fixture::start().await;
    let (app, issue) = (app(&fixture), id(&fixture.issue));
    app.tracker.permission(&issue, &actor("ben")).await.unwrap();
    fixture.github.expire_tokens();
    app.tracker.permission(&issue, &actor("ben")).await.unwrap();
    assert_eq!(fixture.github.tokens_issued(), 2);
}

#[tokio::test]
async fn the_client_tells_gone_limited_and_unknown_apart() {
    let fixture = Fixture::start().await;
    let (app, issue) = (app(&fixture), id(&fixture.issue));
    fixture.github.fail_next(Endpoint::ReactToIssue, Fault::SecondaryLimit { retry_after: Some(7) });
    let limited = app.tracker.acknowledge(&issue, None).await.unwrap_err();
    assert!(matches!(limited, TrackerError::RateLimited(wait) if wait.as_secs() == 7), "{limited:?}");
    // A client of its own: the first one now waits as it was told.
    let app = self::app(&fixture);
    fixture.github.fail_next(Endpoint::ReactToIssue, Fault::AppliedThenReset);
    let unknown = app.tracker.acknowledge(&issue, None).await.unwrap_err();
    assert!(matches!(unknown, TrackerError::Unknown(_)), "{unknown:?}");
    fixture.github.delete_issue(&fixture.issue, "ana").await;
    let person = client(&fixture, Auth::Token(fixture.github.token_of("ana").unwrap().into()));
    let gone = person.tracker.ticket(&issue).await.unwrap_err();
    assert!(matches!(gone, TrackerError::Gone(_)), "{gone:?}");
}

#[tokio::test]
async fn what_the_sandbox_sends_is_verified_and_decoded() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    let app = app(&fixture);
    fixture.github.set_hook(&receiver.url);
    fixture.github.add_label(&fixture.issue, "needs-plan", "tri").await;
    fixture.github.set_form_hook(&receiver.url);
    fixture.github.comment(&fixture.issue, "/plan", "ben").await;
    fixture.github.set_type(&fixture.issue, "Story", "ben").await;
    let mut changes = Vec::new();
    for (headers, body) in receiver.got() {
        let delivery = app
            .inbound
            .verify(RawDelivery {
                headers: headers.clone(),
                target: Default::default(),
                peer: None,
                body: body.clone(),
            })
            .unwrap();
        match app.inbound.decode(&delivery) {
            Decoded::Event(event) => {
                assert_eq!(event.ticket.id, id(&fixture.issue));
                changes.push(format!("{}: {:?}", event.actor.id, event.change));
            }
            other => panic!("{other:?}"),
        }
        let mut unsigned = HeaderMap::new();
        unsigned.clone_from(&headers);
        unsigned.remove("x-hub-signature-256");
        assert!(
            app.inbound
                .verify(RawDelivery { headers: unsigned, target: Default::default(), peer: None, body })
                .is_err()
        );
    }
    assert_eq!(changes.len(), 3);
    assert!(changes[0].starts_with("tri: ") && changes[0].contains("needs-plan"), "{}", changes[0]);
    assert!(changes[1].starts_with("ben: ") && changes[1].contains("/plan"), "{}", changes[1]);
}

#[tokio::test]
async fn the_sweep_finds_what_was_lost_and_has_it_sent_again() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    for auth in ["app", "ana"] {
        fixture.github.set_hook("http://127.0.0.1:9/hooks/test");
        let lost = fixture.github.add_label(&fixture.issue, auth, "tri").await;
        let client = match auth {
            "app" => app(&fixture),
            login => client(&fixture, Auth::Token(fixture.github.token_of(login).unwrap().into())),
        };
        let missed = client.tracker.missed_deliveries(0).await.unwrap();
        assert_eq!(missed.iter().map(|missed| missed.guid.as_str()).collect::<Vec<_>>(), [lost.guid.as_str()]);
        fixture.github.set_hook(&receiver.url);
        client.tracker.redeliver(&missed[0]).await.unwrap();
        soon(fixture.github.settled()).await;
        assert_eq!(receiver.got().last().unwrap().0["x-github-delivery"], lost.guid.as_str());
        assert!(client.tracker.missed_deliveries(0).await.unwrap().is_empty());
    }
}
