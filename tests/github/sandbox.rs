//! The adapter against the sandbox's GitHub, which was written from GitHub's pages without knowledge of it.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use planwright::{
    clock::SystemClock,
    model::{
        self, CommentId, ConnectionName, OperationId, TicketId,
        event::{Actor, Change, Decoded},
        publication::Rendered,
    },
    publish::{Encoder, Hosts, MarkerKey},
    richtext::markdown,
    sandbox::{
        GitHub, NewTicket, Role, Sandbox, TicketKey, World,
        github::{Endpoint, Fault},
    },
    trackers::{
        Inbound, Permission, RawDelivery, Tracker, TrackerError,
        github::{Auth, Settings, connect},
    },
};
use tokio::net::TcpListener;

use super::{secrets, settings};

const REPO: &str = "acme/shop";

/// A sandbox, a connection to it as its App, and what the connection's hook received.
struct Bench {
    github: GitHub,
    tracker: Arc<dyn Tracker>,
    received: Arc<Mutex<Vec<Decoded>>>,
    hook: String,
    _sandbox: Sandbox,
}

/// What the hook needs.
#[derive(Clone)]
struct Hook {
    inbound: Arc<dyn Inbound>,
    received: Arc<Mutex<Vec<Decoded>>>,
}

/// Verifies and decodes; 401 for what is not a delivery.
async fn receive(State(hook): State<Hook>, headers: HeaderMap, body: Bytes) -> u16 {
    let Ok(delivery) = hook.inbound.verify(RawDelivery { headers, target: Default::default(), peer: None, body })
    else {
        return 401;
    };
    hook.received.lock().expect("the log").push(hook.inbound.decode(&delivery));
    202
}

/// Serves the hook and returns its address.
async fn serve(hook: Hook) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/hooks/acme", listener.local_addr().expect("an address"));
    let answer = async |state: State<Hook>, headers: HeaderMap, body: Bytes| {
        let status = receive(state, headers, body).await;
        axum::http::StatusCode::from_u16(status).expect("a status")
    };
    let app = Router::new().route("/hooks/acme", post(answer)).with_state(hook);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

impl Bench {
    /// `acme/shop` with one issue by ben, who writes; tri may label; sam is a stranger.
    async fn start() -> (Self, TicketKey) {
        let mut world = World::new(Arc::new(SystemClock));
        for login in ["ana", "ben", "tri", "sam"] {
            world.add_person(login, login);
        }
        let project = world.add_project(REPO);
        for (login, role) in [("ana", Role::Admin), ("ben", Role::Maintain), ("tri", Role::Triage)] {
            project.roles.insert(login.to_owned(), role);
        }
        let issue = world.open(REPO, NewTicket { title: "Cart total is wrong".into(), ..NewTicket::default() }, "ben");
        let sandbox = Sandbox::start(world).await.expect("a sandbox");
        let github = sandbox.github.clone();
        let auth = Auth::App { app_id: github.app_id(), private_key_pem: github.private_key_pem().into() };
        let secrets = secrets(&[&github.webhook_secret()]);
        let settings = Settings { auth, secrets, web_base: None, ..settings(github.base_url()) };
        let (inbound, tracker) = connect(settings).expect("fit settings");
        let received = Arc::new(Mutex::new(Vec::new()));
        let hook = serve(Hook { inbound, received: received.clone() }).await;
        github.set_hook(&hook);
        (Self { github, tracker, received, hook, _sandbox: sandbox }, issue)
    }

    /// The changes received so far, in short.
    fn changes(&self) -> Vec<String> {
        let shown = |decoded: &Decoded| match decoded {
            Decoded::Event(event) => match &event.change {
                Change::Opened { type_name, labels } => format!("opened {type_name:?} {labels:?}"),
                Change::Edited => "edited".to_owned(),
                Change::Typed { type_name } => format!("typed {type_name}"),
                Change::Labelled { labels } => format!("labelled {labels:?} by {}", event.actor.id),
                Change::Unlabelled { labels } => format!("unlabelled {labels:?}"),
                Change::Commented { author, text, .. } => format!("{} said {text}", author.id),
                Change::CommentEdited { text, previous, .. } => format!("{previous:?} became {text}"),
                Change::Other { what } => what.clone(),
            },
            other => format!("{other:?}"),
        };
        self.received.lock().expect("the log").iter().map(shown).collect()
    }

    /// A comment ready to be written.
    fn rendered(&self, text: &str, issue: &TicketKey) -> Rendered {
        let key = MarkerKey::derive(b"a secret of the tests").expect("a secret");
        let encoder = Encoder::new(self.tracker.profile().clone(), key, Hosts::Any).expect("a dialect");
        let ticket = model::TicketKey::new(ConnectionName::new("acme"), TicketId::new(issue.to_string()));
        encoder.encode(&markdown::parse(text), &ticket, OperationId(uuid::Uuid::nil()), None)
    }
}

/// Someone.
fn actor(login: &str) -> Actor {
    Actor { id: login.to_owned(), name: login.to_owned(), is_bot: false }
}

#[tokio::test]
async fn its_deliveries_are_proven_and_read() {
    let (bench, issue) = Bench::start().await;
    let github = &bench.github;
    github.ping().await;
    github.add_label(&issue, "needs-plan", "tri").await;
    github.remove_label(&issue, "needs-plan", "tri").await;
    let said = github.comment(&issue, "/plan", "ben").await;
    github.edit_comment(&issue, said.comment, "/plan help", "ben").await;
    github.edit_issue(&issue, Some("Total"), None, "ben").await;
    github.close(&issue, "ben").await;
    github.set_form_hook(&bench.hook);
    let new = NewTicket { title: "Story & more".into(), kind: Some("Story".into()), ..NewTicket::default() };
    github.open_issue(REPO, new, "ana").await;
    assert_eq!(
        bench.changes(),
        [
            "Ping",
            "labelled [\"needs-plan\"] by tri",
            "unlabelled [\"needs-plan\"]",
            "ben said /plan",
            "Some(\"/plan\") became /plan help",
            "edited",
            "closed",
            "opened Some(\"Story\") []",
        ]
    );
    github.set_webhook_secret("another secret");
    let refused = github.add_label(&issue, "needs-plan", "tri").await;
    assert_eq!(refused.status, Some(401));
}

#[tokio::test]
async fn its_issues_and_roles_are_read_as_its_app() {
    let (bench, issue) = Bench::start().await;
    let said = bench.github.comment(&issue, "Happens **twice**.", "tri").await;
    let child = NewTicket { title: "Rounding".into(), parent: Some(issue.clone()), ..NewTicket::default() };
    let child = bench.github.open_issue(REPO, child, "ben").await.issue;
    let id = TicketId::new(issue.to_string());

    let ticket = bench.tracker.ticket(&id).await.expect("a ticket");
    assert_eq!((ticket.title.as_str(), ticket.comments.len()), ("Cart total is wrong", 1));
    assert_eq!(ticket.comments[0].id.as_str(), said.comment.to_string());
    assert_eq!(ticket.url, Some(bench.github.issue_url(&issue)));
    assert_eq!(ticket.children.iter().map(|c| c.reference.clone()).collect::<Vec<_>>(), [child.to_string()]);
    let below = bench.tracker.ticket(&TicketId::new(child.to_string())).await.expect("a ticket");
    assert_eq!(below.parent.map(|parent| parent.reference), Some(issue.to_string()));

    let expected = [
        ("ana", Permission::Admin),
        ("ben", Permission::Write),
        ("tri", Permission::Triage),
        ("nobody-known", Permission::None),
    ];
    for (login, expected) in expected {
        assert_eq!(bench.tracker.permission(&id, &actor(login)).await.expect(login), expected, "{login}");
    }
    assert!(bench.tracker.permission(&id, &actor("sam")).await.expect("sam") < Permission::Triage);
    assert_eq!(bench.tracker.identity().await.expect("an identity").id, bench.github.bot_login());
    bench.tracker.acknowledge(&id, None).await.expect("eyes");
    bench.github.reaction(&issue, "eyes").await;
}

#[tokio::test]
async fn a_token_that_ended_early_is_renewed() {
    let (bench, issue) = Bench::start().await;
    let id = TicketId::new(issue.to_string());
    bench.tracker.acknowledge(&id, None).await.expect("eyes");
    bench.github.expire_tokens();
    bench.tracker.acknowledge(&id, None).await.expect("eyes");
    assert_eq!(bench.github.tokens_issued(), 2);
}

#[tokio::test]
async fn issues_that_went_away_are_gone() {
    let (bench, issue) = Bench::start().await;
    let id = TicketId::new(issue.to_string());
    bench.github.world(|world| world.add_project("acme/site").private = false);
    let (_, sent) = bench.github.transfer(&issue, "acme/site", "ana").await;
    assert!(sent.is_ok());
    for outcome in [bench.tracker.ticket(&id).await.map(drop), bench.tracker.acknowledge(&id, None).await] {
        assert!(matches!(outcome, Err(TrackerError::Gone(_))), "{outcome:?}");
    }
    let missing = TicketId::new(format!("{REPO}#999"));
    assert!(matches!(bench.tracker.ticket(&missing).await, Err(TrackerError::Gone(_))));
}

#[tokio::test]
async fn what_its_list_says_was_missed_comes_again() {
    let (bench, issue) = Bench::start().await;
    bench.github.clear_hook();
    let lost = bench.github.comment(&issue, "/plan", "ben").await.sent;
    bench.github.set_hook(&bench.hook);
    assert_eq!(bench.changes(), Vec::<String>::new());
    let missed = bench.tracker.missed_deliveries(0).await.expect("a list");
    assert_eq!(missed.iter().map(|missed| missed.guid.as_str()).collect::<Vec<_>>(), [lost.guid]);
    bench.tracker.redeliver(&missed[0]).await.expect("accepted");
    bench.github.settled().await;
    assert_eq!(bench.changes(), ["ben said /plan"]);
    assert_eq!(bench.tracker.missed_deliveries(0).await.expect("a list"), Vec::new());
}

#[tokio::test]
async fn comments_are_written_changed_found_and_removed() {
    let (bench, issue) = Bench::start().await;
    let (id, tracker) = (TicketId::new(issue.to_string()), &bench.tracker);
    bench.github.comment(&issue, "A person's word.", "ben").await;
    let body = bench.rendered("The **plan**.", &issue);
    let posted = tracker.post(&id, &body).await.expect("a comment");
    assert_eq!(bench.github.next_comment(&issue).await.text, body.body());
    let number: u64 = posted.id.as_str().parse().expect("a number");
    assert_eq!(posted.url, Some(bench.github.comment_url(&issue, number)));
    assert_eq!(tracker.own_comments(&id, 0).await.expect("comments"), vec![posted.clone()]);
    assert_eq!(tracker.ticket(&id).await.expect("a ticket").comments.len(), 1, "the bot's own is left out");

    let body = bench.rendered("The better plan.", &issue);
    let updated = tracker.update(&id, &posted.id, &body).await.expect("a comment");
    assert_eq!((updated.id, updated.body.as_str()), (posted.id.clone(), body.body()));
    assert_eq!(tracker.own_comments(&id, 0).await.expect("comments")[0].body, body.body());

    for _ in 0..2 {
        tracker.remove(&id, &posted.id).await.expect("no comment");
    }
    assert_eq!(tracker.own_comments(&id, 0).await.expect("comments"), []);
    let gone = tracker.update(&id, &CommentId::new("1"), &body).await;
    assert!(matches!(gone, Err(TrackerError::Gone(_))), "{gone:?}");
}

#[tokio::test]
async fn a_comment_applied_without_a_clear_answer_is_unknown_and_can_be_found() {
    for fault in [Fault::AppliedThenStatus(500), Fault::AppliedThenStatus(504), Fault::AppliedThenReset] {
        let (bench, issue) = Bench::start().await;
        let id = TicketId::new(issue.to_string());
        bench.github.fail_next(Endpoint::CreateComment, fault.clone());
        let outcome = bench.tracker.post(&id, &bench.rendered("The plan.", &issue)).await;
        assert!(matches!(outcome, Err(TrackerError::Unknown(_))), "{fault:?}: {outcome:?}");
        assert_eq!(bench.tracker.own_comments(&id, 0).await.expect("comments").len(), 1, "{fault:?}: sent once");
    }
}

#[tokio::test]
async fn a_comment_that_was_refused_is_not_there() {
    type Expected = fn(&TrackerError) -> bool;
    let faults: [(Fault, Expected); 5] = [
        (
            Fault::SecondaryLimit { retry_after: None },
            |e| matches!(e, TrackerError::RateLimited(w) if w.as_secs() == 60),
        ),
        (Fault::RateLimited { retry_after: 9 }, |e| matches!(e, TrackerError::RateLimited(w) if w.as_secs() == 9)),
        (Fault::Status(422), |e| matches!(e, TrackerError::Refused(_))),
        (Fault::Status(410), |e| matches!(e, TrackerError::Gone(_))),
        (Fault::Redirect { to: "http://127.0.0.1:1".to_owned() }, |e| matches!(e, TrackerError::Gone(_))),
    ];
    for (fault, is_expected) in faults {
        let (bench, issue) = Bench::start().await;
        bench.github.fail_next(Endpoint::CreateComment, fault.clone());
        let id = TicketId::new(issue.to_string());
        let error = bench.tracker.post(&id, &bench.rendered("The plan.", &issue)).await.expect_err("an error");
        assert!(is_expected(&error), "{fault:?}: {error}");
        assert!(bench.github.comments(&issue).is_empty(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_locked_issue_says_so() {
    let (bench, issue) = Bench::start().await;
    bench.github.lock(&issue, "ana").await;
    let id = TicketId::new(issue.to_string());
    let outcome = bench.tracker.post(&id, &bench.rendered("The plan.", &issue)).await;
    assert!(matches!(outcome, Err(TrackerError::Locked)), "{outcome:?}");
    let state = bench.tracker.ticket(&id).await.expect("a ticket").state;
    assert_eq!(state, planwright::model::ticket::TicketState::Locked);
}
