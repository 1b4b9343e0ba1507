//! The adapter against the sandbox's Jiras, which were written from Atlassian's pages without knowledge of it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    routing::post,
};
use planwright::{
    clock::SystemClock,
    model::{
        self, CommentId, ConnectionName, OperationId, TicketId,
        event::{Change, Decoded},
        publication::Rendered,
        ticket::FieldRole,
    },
    publish::{Encoder, Hosts, MarkerKey, marker},
    richtext::markdown,
    sandbox::{
        JiraSite, NewTicket, Role, Sandbox, TicketKey, World,
        jira::{Endpoint, Fault, Flavour},
    },
    trackers::{
        Inbound, Permission, RawDelivery, Tracker, TrackerError,
        jira::{Auth, Deployment, Proof, Settings, Wanted, connect},
    },
};
use tokio::net::TcpListener;

use super::{actor, secrets, settings};

const PROJECT: &str = "SHOP";

/// A sandbox, a connection to one of its Jiras as the bot's account, and what the connection's hook received.
struct Bench {
    jira: JiraSite,
    tracker: Arc<dyn Tracker>,
    received: Arc<Mutex<Vec<Decoded>>>,
    issue: TicketKey,
    _sandbox: Sandbox,
}

/// What the hook needs.
#[derive(Clone)]
struct Hook {
    inbound: Arc<dyn Inbound>,
    received: Arc<Mutex<Vec<Decoded>>>,
}

/// Verifies and decodes; 401 for what is not a delivery.
async fn receive(State(hook): State<Hook>, target: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    match hook.inbound.verify(RawDelivery { headers, target, peer: None, body }) {
        Ok(delivery) => {
            hook.received.lock().expect("the log").push(hook.inbound.decode(&delivery));
            StatusCode::ACCEPTED
        }
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}

/// Serves the hook and returns its address.
async fn serve(hook: Hook) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/hooks/acme", listener.local_addr().expect("an address"));
    let app = Router::new().route("/hooks/acme", post(receive)).with_state(hook);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// Settings for this Jira as its bot.
fn settings_for(jira: &JiraSite) -> Settings {
    let token = jira.token_of(jira.bot_login()).expect("a token").into();
    let (deployment, auth) = match jira.flavour() {
        Flavour::Cloud => (Deployment::Cloud, Auth::Login { email: jira.email_of(jira.bot_login()), token }),
        Flavour::DataCenter => (Deployment::DataCenter, Auth::Token(token)),
    };
    let wanted = Wanted { acceptance_criteria: vec!["Acceptance Criteria".to_owned()], ..Wanted::default() };
    let proof = Proof::Signature(secrets(&[&jira.webhook_secret().expect("a secret")]));
    Settings { deployment, auth, proof, wanted, web_base: None, ..settings(jira.base_url()) }
}

impl Bench {
    /// A project with one story by ben, who writes; ana administers, tri may label, sam is a stranger.
    async fn start(flavour: Flavour) -> Self {
        let mut world = World::new(Arc::new(SystemClock));
        for login in ["ana", "ben", "tri", "sam"] {
            world.add_person(login, login);
        }
        let project = world.add_project(PROJECT);
        for (login, role) in [("ana", Role::Admin), ("ben", Role::Write), ("tri", Role::Triage)] {
            project.roles.insert(login.to_owned(), role);
        }
        let story = NewTicket {
            title: "Cart total is wrong".into(),
            body: "The total is wrong.".into(),
            kind: Some("Story".into()),
            acceptance: Some("A voucher counts once.".into()),
            labels: vec!["checkout".into()],
            ..NewTicket::default()
        };
        let issue = world.open(PROJECT, story, "ben");
        let sandbox = Sandbox::start(world).await.expect("a sandbox");
        let jira = match flavour {
            Flavour::Cloud => sandbox.jira_cloud.clone(),
            Flavour::DataCenter => sandbox.jira_dc.clone(),
        };
        let (inbound, tracker) = connect(settings_for(&jira)).expect("fit settings");
        let received = Arc::new(Mutex::new(Vec::new()));
        jira.set_hook(serve(Hook { inbound, received: received.clone() }).await);
        Self { jira, tracker, received, issue, _sandbox: sandbox }
    }

    /// The changes received so far, in short.
    fn changes(&self) -> Vec<String> {
        let shown = |decoded: &Decoded| match decoded {
            Decoded::Event(event) => match &event.change {
                Change::Opened { type_name, labels } => format!("opened {type_name:?} {labels:?}"),
                Change::Edited => "edited".to_owned(),
                Change::Typed { type_name } => format!("typed {type_name}"),
                Change::Labelled { labels } => format!("labelled {labels:?} by {}", event.actor.name),
                Change::Unlabelled { labels } => format!("unlabelled {labels:?}"),
                Change::Commented { author, text, .. } => format!("{} said {}", author.name, text.trim()),
                Change::CommentEdited { text, previous, .. } => format!("{previous:?} became {}", text.trim()),
                Change::Other { what } => what.clone(),
            },
            other => format!("{other:?}"),
        };
        self.received.lock().expect("the log").iter().map(shown).collect()
    }

    /// The ticket's id.
    fn id(&self) -> TicketId {
        TicketId::new(self.jira.issue(&self.issue).expect("an issue").id.to_string())
    }

    /// The ticket's key.
    fn key(&self) -> model::TicketKey {
        model::TicketKey::new(ConnectionName::new("acme"), self.id())
    }

    /// A comment ready to be written.
    fn rendered(&self, text: &str) -> Rendered {
        let encoder = Encoder::new(self.tracker.profile().clone(), marker_key(), Hosts::Any).expect("a dialect");
        encoder.encode(&markdown::parse(text), &self.key(), operation(), None)
    }
}

/// The key of the markers.
fn marker_key() -> MarkerKey {
    MarkerKey::derive(b"a secret of the tests").expect("a secret")
}

/// The operation of all bodies.
fn operation() -> OperationId {
    OperationId(uuid::Uuid::from_u128(7))
}

/// Both Jiras.
const BOTH: [Flavour; 2] = [Flavour::Cloud, Flavour::DataCenter];

#[tokio::test]
async fn its_deliveries_are_proven_and_read() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        let (jira, issue) = (&bench.jira, &bench.issue);
        jira.add_label(issue, "needs-plan", "tri").await;
        jira.remove_label(issue, "needs-plan", "tri").await;
        jira.set_type(issue, "Bug", "ben").await;
        jira.edit_issue(issue, Some("Total"), None, "ben").await;
        let new = NewTicket { title: "A story".into(), kind: Some("Story".into()), ..NewTicket::default() };
        jira.open_issue(PROJECT, new, "ana").await;
        let said = jira.comment(issue, "/plan", "ben").await;
        jira.settled().await;
        let mut changes = bench.changes();
        assert_eq!(
            changes.drain(..5).collect::<Vec<_>>(),
            [
                "labelled [\"needs-plan\"] by tri",
                "unlabelled [\"needs-plan\"]",
                "typed Bug",
                "edited",
                "opened Some(\"Story\") []",
            ]
        );
        let times = if flavour == Flavour::Cloud { 1 } else { 2 };
        assert_eq!(changes, vec!["ben said /plan"; times], "{flavour:?}");
        jira.edit_comment(issue, said.comment, "/plan help", "ben").await;
        assert_eq!(bench.changes().split_off(5 + times), vec!["None became /plan help"; times]);
        jira.set_webhook_secret(Some("another secret"));
        let refused = jira.add_label(issue, "needs-plan", "tri").await;
        assert_eq!(refused[0].status, Some(401));
    }
}

#[tokio::test]
async fn its_issues_and_permissions_are_read() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        let said = bench.jira.comment(&bench.issue, "Happens *twice*.", "tri").await;
        let child = NewTicket { title: "Rounding".into(), parent: Some(bench.issue.clone()), ..NewTicket::default() };
        let child = bench.jira.open_issue(PROJECT, child, "ben").await.issue;
        let ticket = bench.tracker.ticket(&bench.id()).await.expect("a ticket");
        assert_eq!((ticket.title.as_str(), ticket.body.plain().trim()), ("Cart total is wrong", "The total is wrong."));
        assert_eq!((ticket.type_name.as_deref(), ticket.labels), (Some("Story"), vec!["checkout".to_owned()]));
        assert_eq!((ticket.reference, ticket.project), (bench.jira.issue_key(&bench.issue), PROJECT.to_owned()));
        assert_eq!(ticket.url, Some(bench.jira.issue_url(&bench.issue)));
        assert_eq!(ticket.fields[0].role, FieldRole::AcceptanceCriteria);
        assert_eq!(ticket.fields[0].content.plain().trim(), "A voucher counts once.");
        assert_eq!(ticket.comments[0].id.as_str(), said.comment.to_string());
        assert_eq!(ticket.comments[0].content.plain().trim(), "Happens twice.");
        let children: Vec<_> = ticket.children.into_iter().map(|child| child.reference).collect();
        assert_eq!(children, [bench.jira.issue_key(&child)]);

        for (login, expected) in [("ana", Permission::Admin), ("ben", Permission::Write), ("tri", Permission::Triage)] {
            let id = bench.jira.person_id(login).expect("an account");
            let held = bench.tracker.permission(&bench.id(), &actor(&id)).await.expect(login);
            assert_eq!(held, expected, "{flavour:?} {login}");
        }
        for stranger in [bench.jira.person_id("sam").expect("an account"), "nobody-known".to_owned()] {
            let held = bench.tracker.permission(&bench.id(), &actor(&stranger)).await.expect("an answer");
            assert!(held < Permission::Triage, "{flavour:?} {stranger}");
        }
        let me = bench.tracker.identity().await.expect("an identity");
        assert_eq!(Some(me.id), bench.jira.person_id(bench.jira.bot_login()));
    }
}

#[tokio::test]
async fn its_roles_decide_where_they_are_configured() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        let roles = vec!["Developers".to_owned()];
        let tracker = connect(Settings { roles, ..settings_for(&bench.jira) }).expect("fit settings").1;
        for (login, expected) in [("ben", Permission::Write), ("tri", Permission::None), ("sam", Permission::None)] {
            let id = bench.jira.person_id(login).expect("an account");
            let held = tracker.permission(&bench.id(), &actor(&id)).await.expect(login);
            assert_eq!(held, expected, "{flavour:?} {login}");
        }
        bench.jira.comment(&bench.issue, "Yes.", "ben").await;
        bench.jira.comment(&bench.issue, "No.", "tri").await;
        let comments = tracker.ticket(&bench.id()).await.expect("a ticket").comments;
        assert_eq!(comments.iter().map(|comment| comment.by_maintainer).collect::<Vec<_>>(), [true, false]);
    }
}

#[tokio::test]
async fn comments_are_written_changed_found_and_removed() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        let (id, tracker) = (bench.id(), &bench.tracker);
        bench.jira.comment(&bench.issue, "A person's word.", "ben").await;
        let body = bench.rendered("The **plan**.");
        let posted = tracker.post(&id, &body).await.expect("a comment");
        let written = bench.jira.next_comment(&bench.issue).await;
        assert!(written.text.contains("plan") && !written.text.contains("planwright:"), "{}", written.text);
        let number: u64 = posted.id.as_str().parse().expect("a number");
        assert!(posted.url.as_deref().is_some_and(|url| url.ends_with(&format!("#comment-{number}"))));
        assert_eq!(bench.jira.properties(number)["sd.public.comment"]["internal"], true);
        let own = tracker.own_comments(&id, 0).await.expect("comments");
        assert_eq!(own, vec![posted.clone()]);
        assert_eq!(marker::find(&own[0].body, &bench.key(), &marker_key()), Some(operation()));
        assert_eq!(tracker.ticket(&id).await.expect("a ticket").comments.len(), 1, "the bot's own is left out");

        let better = bench.rendered("The better plan.");
        let updated = tracker.update(&id, &posted.id, &better).await.expect("a comment");
        assert_eq!(updated.id, posted.id);
        assert!(bench.jira.next_comment(&bench.issue).await.text.contains("better"));
        assert_eq!(tracker.own_comments(&id, 0).await.expect("comments"), vec![updated]);

        for _ in 0..2 {
            tracker.remove(&id, &posted.id).await.expect("no comment");
        }
        assert_eq!(tracker.own_comments(&id, 0).await.expect("comments"), []);
        let gone = tracker.update(&id, &CommentId::new("1"), &body).await;
        assert!(matches!(gone, Err(TrackerError::Gone(_))), "{gone:?}");
    }
}

#[tokio::test]
async fn a_comment_applied_without_a_clear_answer_is_unknown_and_can_be_found() {
    for flavour in BOTH {
        for fault in [
            Fault::AppliedThenStatus(500),
            Fault::AppliedThenStatus(503),
            Fault::AppliedThenStatus(504),
            Fault::AppliedThenReset,
        ] {
            let bench = Bench::start(flavour).await;
            bench.jira.fail_next(Endpoint::CreateComment, fault.clone());
            let outcome = bench.tracker.post(&bench.id(), &bench.rendered("The plan.")).await;
            assert!(matches!(outcome, Err(TrackerError::Unknown(_))), "{flavour:?} {fault:?}: {outcome:?}");
            let own = bench.tracker.own_comments(&bench.id(), 0).await.expect("comments");
            assert_eq!(own.len(), 1, "{fault:?}: sent once");
            assert_eq!(marker::find(&own[0].body, &bench.key(), &marker_key()), Some(operation()));
        }
    }
}

#[tokio::test]
async fn a_comment_that_was_refused_is_not_there() {
    type Expected = fn(&TrackerError) -> bool;
    let faults: [(Fault, Expected); 5] = [
        (
            Fault::SecondaryLimit { retry_after: Some(30) },
            |e| matches!(e, TrackerError::RateLimited(w) if w.as_secs() == 30),
        ),
        (Fault::RateLimited { retry_after: 9 }, |e| matches!(e, TrackerError::RateLimited(w) if w.as_secs() == 9)),
        (Fault::Status(400), |e| matches!(e, TrackerError::Refused(_))),
        (Fault::Status(404), |e| matches!(e, TrackerError::Gone(_))),
        // whose session has ended is sent to the login page
        (Fault::Redirect { to: "http://127.0.0.1:1".to_owned() }, |e| matches!(e, TrackerError::Unauthorized(_))),
    ];
    for flavour in BOTH {
        for (fault, is_expected) in &faults {
            let bench = Bench::start(flavour).await;
            bench.jira.fail_next(Endpoint::CreateComment, fault.clone());
            let error = bench.tracker.post(&bench.id(), &bench.rendered("The plan.")).await.expect_err("an error");
            assert!(is_expected(&error), "{flavour:?} {fault:?}: {error}");
            assert!(bench.jira.comments(&bench.issue).is_empty(), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn issues_that_went_away_are_gone() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        let (id, body) = (bench.id(), bench.rendered("The plan."));
        bench.jira.delete_issue(&bench.issue, "ana").await;
        for outcome in [bench.tracker.ticket(&id).await.map(drop), bench.tracker.post(&id, &body).await.map(drop)] {
            assert!(matches!(outcome, Err(TrackerError::Gone(_))), "{flavour:?} {outcome:?}");
        }
    }
}
