//! The adapter against the sandbox's Azure DevOps, which was written from Microsoft's pages without knowledge of it.

use std::sync::Arc;

use planwright::{
    clock::SystemClock,
    model::{
        self, ConnectionName, OperationId, TicketId,
        event::Actor,
        publication::{PostedComment, Rendered},
        ticket::FieldRole,
    },
    publish::{Encoder, Hosts, MarkerKey, marker},
    richtext::markdown,
    sandbox::{
        AzureDevOps, NewTicket, Role, Sandbox, TicketKey, World,
        azure_devops::{Endpoint, Fault, Flavour},
    },
    trackers::{
        Dialect, Permission, Tracker, TrackerError,
        azure_devops::{ApiVersion, Auth, Flavor, Settings},
    },
};

use super::{settings, tracker};

const STORE: &str = "Store";

/// A sandbox with a bug, and the bot's connection to one of its two.
struct Bench {
    azure: AzureDevOps,
    tracker: Arc<dyn Tracker>,
    item: TicketKey,
    id: TicketId,
    _sandbox: Sandbox,
}

/// Settings for one of the sandbox's two.
fn settings_for(azure: &AzureDevOps) -> Settings {
    let (flavor, api) = match azure.flavour() {
        Flavour::Services => (Flavor::Services, ApiVersion::V7_1),
        Flavour::Server => (Flavor::Server, ApiVersion::V7_0),
    };
    let token = azure.token_of(azure.bot_login()).expect("a token");
    Settings { flavor, api, web_base: None, auth: Auth::Pat(token.into()), ..settings(azure.base_url()) }
}

impl Bench {
    /// ana administers, ben writes, rob reads, sam is a stranger.
    async fn start(flavour: Flavour) -> Self {
        let mut world = World::new(Arc::new(SystemClock));
        for login in ["ana", "ben", "rob", "sam"] {
            world.add_person(login, login);
        }
        let project = world.add_project(STORE);
        for (login, role) in [("ana", Role::Admin), ("ben", Role::Write), ("rob", Role::Read)] {
            project.roles.insert(login.to_owned(), role);
        }
        let new = NewTicket {
            title: "Cart total is wrong".into(),
            body: "<p>Put <b>two</b> vouchers in.</p>".into(),
            kind: Some("Bug".into()),
            labels: vec!["needs plan".into(), "web".into()],
            acceptance: Some("<ul><li>The total is right</li></ul>".into()),
            ..NewTicket::default()
        };
        let item = world.open(STORE, new, "ben");
        let sandbox = Sandbox::start(world).await.expect("a sandbox");
        let azure = match flavour {
            Flavour::Services => sandbox.azure.clone(),
            Flavour::Server => sandbox.azure_server.clone(),
        };
        let id = TicketId::new(azure.work_item_id(&item).expect("a work item").to_string());
        Self { tracker: tracker(settings_for(&azure)), azure, item, id, _sandbox: sandbox }
    }

    /// The key of the ticket in the bot's words.
    fn key(&self) -> model::TicketKey {
        model::TicketKey::new(ConnectionName::new("acme"), self.id.clone())
    }

    /// A body under the first operation.
    fn rendered(&self, text: &str) -> Rendered {
        let encoder = Encoder::new(self.tracker.profile().clone(), marker_key(), Hosts::Any).expect("a writer");
        encoder.encode(&markdown::parse(text), &self.key(), operation(), None)
    }

    /// Does the comment carry the operation's marker?
    fn carries(&self, comment: &PostedComment) -> bool {
        marker::find(&comment.body, &self.key(), &marker_key()) == Some(operation())
    }
}

fn marker_key() -> MarkerKey {
    MarkerKey::derive(b"a secret of the tests").expect("a secret")
}

fn operation() -> OperationId {
    OperationId(uuid::Uuid::from_u128(7))
}

/// Somebody.
fn actor(id: &str) -> Actor {
    Actor { id: id.to_owned(), name: id.to_owned(), is_bot: false }
}

const BOTH: [Flavour; 2] = [Flavour::Services, Flavour::Server];

#[tokio::test]
async fn its_work_items_and_rights_are_read() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        for number in 0..230 {
            bench.azure.comment(&bench.item, &format!("<div>Remark {number}</div>"), "rob").await;
        }
        let read = bench.tracker.ticket(&bench.id).await.expect("a ticket");
        assert_eq!(read.title, "Cart total is wrong");
        assert_eq!(read.labels, ["needs plan", "web"]);
        assert_eq!(read.url, Some(bench.azure.issue_url(&bench.item)));
        let fields: Vec<_> = read.fields.iter().map(|f| (f.role, f.content.plain().trim().to_owned())).collect();
        assert_eq!(
            fields,
            [
                (FieldRole::AcceptanceCriteria, "The total is right".to_owned()),
                (FieldRole::ReproductionSteps, "Put two vouchers in.".to_owned())
            ]
        );
        let said: Vec<_> = read.comments.iter().map(|comment| comment.content.plain().trim().to_owned()).collect();
        assert_eq!(said.len(), 230, "two pages");
        assert_eq!((said[0].as_str(), said[229].as_str()), ("Remark 0", "Remark 229"), "oldest first");
        for (login, at_least, at_most) in [
            ("ana", Permission::Write, Permission::Admin),
            ("ben", Permission::Write, Permission::Write),
            ("rob", Permission::Read, Permission::Read),
            ("sam", Permission::None, Permission::None),
        ] {
            let who = actor(&bench.azure.person_id(login));
            let has = bench.tracker.permission(&bench.id, &who).await.expect(login);
            assert!((at_least..=at_most).contains(&has), "{login}: {has:?}");
        }
        assert_eq!(bench.tracker.permission(&bench.id, &actor("nobody@acme.test")).await.ok(), Some(Permission::None));
        let me = bench.tracker.identity().await.expect("an identity");
        assert_eq!(me.id, bench.azure.person_id(bench.azure.bot_login()));
    }
}

#[tokio::test]
async fn comments_are_written_changed_found_and_removed() {
    for (flavour, dialect) in [(Flavour::Services, Dialect::AzureMarkdown), (Flavour::Server, Dialect::Html)] {
        let bench = Bench::start(flavour).await;
        assert_eq!(bench.tracker.profile().dialect, dialect);
        let said = bench.azure.comment(&bench.item, "/plan", "ben").await;
        let posted = bench.tracker.post(&bench.id, &bench.rendered("A **plan**.")).await.expect("a comment");
        assert!(bench.carries(&posted));
        let own = bench.tracker.own_comments(&bench.id, 0).await.expect("comments");
        assert_eq!(
            own.iter().map(|c| (c.id.clone(), bench.carries(c))).collect::<Vec<_>>(),
            [(posted.id.clone(), true)]
        );
        let changed =
            bench.tracker.update(&bench.id, &posted.id, &bench.rendered("Another.")).await.expect("a comment");
        assert_eq!(changed.id, posted.id);
        let standing = bench.azure.comments(&bench.item);
        assert_eq!(standing.len(), 2);
        assert!(standing[1].body.contains("Another.") && !standing[1].body.contains("plan**"), "{}", standing[1].body);
        let heard = bench.azure.comment_id(&bench.item, said.comment).expect("a number");
        bench.tracker.acknowledge(&bench.id, Some(&model::CommentId::new(heard.to_string()))).await.expect("a like");
        bench.azure.reaction(&bench.item, "like").await;
        for _ in 0..2 {
            bench.tracker.remove(&bench.id, &posted.id).await.expect("no comment");
        }
        let gone = bench.tracker.update(&bench.id, &posted.id, &bench.rendered("Late.")).await;
        assert!(matches!(gone, Err(TrackerError::Gone(_))), "{gone:?}");
        assert_eq!(bench.azure.comments(&bench.item).len(), 1);
    }
}

#[tokio::test]
async fn a_comment_applied_without_a_clear_answer_is_not_doubled_by_a_second_try() {
    for flavour in BOTH {
        for fault in [Fault::AppliedThenStatus(500), Fault::AppliedThenReset] {
            let bench = Bench::start(flavour).await;
            bench.azure.fail_next(Endpoint::PatchWorkItem, fault);
            let body = bench.rendered("A plan.");
            let first = bench.tracker.post(&bench.id, &body).await;
            assert!(matches!(first, Err(TrackerError::Unknown(_))), "{first:?}");
            let second = bench.tracker.post(&bench.id, &body).await.expect("the comment that stands");
            assert!(bench.carries(&second));
            assert_eq!(bench.azure.comments(&bench.item).len(), 1);
        }
    }
}

#[tokio::test]
async fn a_change_by_somebody_in_between_does_no_harm() {
    let bench = Bench::start(Flavour::Services).await;
    let gate = bench.azure.fail_next(Endpoint::PatchWorkItem, Fault::Hold);
    let body = bench.rendered("A plan.");
    let change = async {
        bench.azure.requested(Endpoint::PatchWorkItem, 1).await;
        bench.azure.add_label(&bench.item, "urgent", "ben").await;
        gate.release();
    };
    let (posted, ()) = tokio::join!(bench.tracker.post(&bench.id, &body), change);
    posted.expect("a comment, from the new revision");
    assert_eq!(bench.azure.comments(&bench.item).len(), 1);
    assert_eq!(bench.azure.request_count(Endpoint::PatchWorkItem), 2);
}

#[tokio::test]
async fn a_program_of_entra_renews_its_token() {
    let bench = Bench::start(Flavour::Services).await;
    let (_, client_id, secret) = bench.azure.application();
    let (token_url, client_id, client_secret) = (bench.azure.token_url(), client_id.to_owned(), secret.into());
    let auth = Auth::Program { token_url, client_id, client_secret };
    let program = tracker(Settings { auth, ..settings_for(&bench.azure) });
    program.ticket(&bench.id).await.expect("a ticket");
    bench.azure.expire_tokens();
    program.ticket(&bench.id).await.expect("a ticket");
    assert!((2..=4).contains(&bench.azure.tokens_issued()), "{}", bench.azure.tokens_issued());
}

#[tokio::test]
async fn work_items_that_went_away_are_gone() {
    let bench = Bench::start(Flavour::Services).await;
    bench.azure.delete_issue(&bench.item, "ana").await;
    assert!(matches!(bench.tracker.ticket(&bench.id).await, Err(TrackerError::Gone(_))));
    let posted = bench.tracker.post(&bench.id, &bench.rendered("A plan.")).await;
    assert!(matches!(posted, Err(TrackerError::Gone(_))), "{posted:?}");
}

#[tokio::test]
async fn wrong_credentials_are_an_operators_matter() {
    for flavour in BOTH {
        let bench = Bench::start(flavour).await;
        let wrong = tracker(Settings { auth: Auth::Pat("wrong".into()), ..settings_for(&bench.azure) });
        assert!(matches!(wrong.ticket(&bench.id).await, Err(TrackerError::Unauthorized(_))));
    }
}
