//! The whole bot beside the sandbox's Azure DevOps: its words are hints, so that nothing it does not hold is answered.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use planwright::{
    app::{self, Roles, Running},
    clock::SystemClock,
    config::{Sources, load},
    sandbox::{AzureDevOps, NewTicket, Role, Sandbox, TicketKey, World, Written, azure_devops::Flavour, shop},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::bot::harness::{MAINTAINER, STRANGER, idle, metrics};

/// The longest that a comment may take before a test fails.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
/// The project.
const STORE: &str = "Store";

/// A sandbox, and the bot in this process.
struct Bench {
    azure: AzureDevOps,
    running: Running,
    sandbox: Sandbox,
    _folder: TempDir,
}

/// The bot's configuration.
fn configuration(azure: &AzureDevOps, folder: &TempDir, own: &str) -> String {
    let (user, password) = azure.hook_credentials();
    let (flavor, api) = match azure.flavour() {
        Flavour::Services => ("services", ""),
        Flavour::Server => ("server", "api_version = \"7.0\""),
    };
    let subscriptions =
        ["created", "updated", "commented"].map(|what| azure.subscription_id(&format!("workitem.{what}")));
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
[store]
url = "sqlite://{folder}/planwright.db"
[cache]
dir = "{folder}/cache"
local_roots = ["{folder}"]
[triggers]
caps = {{ per_ticket = 0, per_person = 0 }}
[worker]
backoff_ms = 20
backoff_max_ms = 100
poll_ms = 50
[[connections]]
name = "acme-azure"
tracker = "azure_devops"
base_url = "{base}"
webhook_secrets = ["{password}"]
auth = {{ token = "{token}" }}
write_gap_ms = 0
[connections.azure_devops]
flavor = "{flavor}"
{api}
webhook_user = "{user}"
subscriptions = {subscriptions:?}
project = "{STORE}"
{own}
[[repositories]]
name = "shop"
url = "{folder}/shop.git"
tickets = [{{ connection = "acme-azure", project = "{STORE}", area = '{STORE}' }}]
"#,
        folder = folder.path().display(),
        base = azure.base_url(),
        token = azure.token_of(azure.bot_login()).expect("a token"),
    )
}

impl Bench {
    /// A project where the maintainer may write and the stranger nothing.
    async fn start(pick: fn(&Sandbox) -> AzureDevOps) -> Self {
        Self::start_with(pick, "").await
    }

    /// The same, with more under `[connections.azure_devops]`.
    async fn start_with(pick: fn(&Sandbox) -> AzureDevOps, own: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        shop::create(&folder.path().join("shop.git")).expect("the demo repository can be created");
        let mut world = World::new(Arc::new(SystemClock));
        world.add_person(MAINTAINER, "Mara Maintainer");
        world.add_person(STRANGER, "Sten Stranger");
        world.add_project(STORE).roles.insert(MAINTAINER.to_owned(), Role::Write);
        let sandbox = Sandbox::start(world).await.expect("the sandbox starts");
        let azure = pick(&sandbox);
        let file = folder.path().join("planwright.toml");
        std::fs::write(&file, configuration(&azure, &folder, own)).expect("the file can be written");
        let sources = Sources { files: vec![file], env: Default::default(), read_secrets: true };
        let config = load(&sources).unwrap_or_else(|problems| panic!("{problems}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let running = app::start(&config, Roles::ALL, listener, Arc::new(SystemClock), metrics()).await;
        let running = running.expect("the bot starts");
        azure.set_hook(format!("http://{}/hooks/acme-azure", running.address));
        Self { azure, running, sandbox, _folder: folder }
    }

    /// Opens a task, which nobody wants a plan for yet.
    async fn open_task(&self) -> TicketKey {
        let title = "Cart total ignores the coupon".to_owned();
        let new = NewTicket { title, body: "<p>The total is wrong.</p>".to_owned(), ..NewTicket::default() };
        self.azure.open_issue(STORE, new, MAINTAINER).await.issue
    }

    /// Sends what looks like a delivery of Azure DevOps, with the right password; returns the status.
    async fn forge(&self, event: &str, id: &str, resource: Value) -> u16 {
        let (user, password) = self.azure.hook_credentials();
        let body = json!({
            "subscriptionId": self.azure.subscription_id(event), "notificationId": 1, "id": id, "eventType": event,
            "publisherId": "tfs", "resource": resource, "resourceVersion": "1.0"
        });
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = client
            .post(format!("http://{}/hooks/acme-azure", self.running.address))
            .header("authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
            .json(&body);
        request.send().await.expect("an answer").status().as_u16()
    }

    /// The next unread comment of the bot on a ticket.
    async fn next_comment(&self, issue: &TicketKey) -> Written {
        let next = tokio::time::timeout(PATIENCE, self.azure.next_comment(issue)).await;
        let jobs = self.running.store.jobs(None, 9).await.expect("jobs");
        next.unwrap_or_else(|_| panic!("no comment came on {issue:?}: {jobs:#?}"))
    }

    /// Why the newest job ended.
    async fn reason(&self) -> String {
        idle(self.running.store.as_ref()).await;
        let jobs = self.running.store.jobs(None, 9).await.expect("jobs");
        let newest = jobs.into_iter().max_by_key(|job| job.id.0).expect("a job");
        newest.reason.unwrap_or_default()
    }

    /// How many comments by the bot stand on a ticket.
    fn comments_by_bot(&self, issue: &TicketKey) -> usize {
        self.azure.comments(issue).iter().filter(|comment| comment.author == self.azure.bot_login()).count()
    }

    /// Ends everything.
    async fn finish(self) {
        idle(self.running.store.as_ref()).await;
        assert_eq!(self.azure.unread().len(), 0, "comments that no test read");
        self.running.stop().await;
        self.sandbox.shutdown().await.expect("the sandbox ends");
    }
}

/// Plays the three ways in, with one comment kept up to date.
async fn plays_the_three_ways_in(pick: fn(&Sandbox) -> AzureDevOps) {
    let bench = Bench::start(pick).await;
    let issue = bench.open_task().await;
    bench.azure.add_label(&issue, "needs-plan", MAINTAINER).await;
    let first = bench.next_comment(&issue).await;
    assert!(first.text.contains("Cart total ignores the coupon"), "{}", first.text);
    idle(bench.running.store.as_ref()).await;

    bench.azure.comment(&issue, "<div>/plan</div>", MAINTAINER).await;
    let second = bench.next_comment(&issue).await;
    assert_eq!(second.comment, first.comment, "one comment, kept up to date");
    idle(bench.running.store.as_ref()).await;
    assert_eq!(bench.comments_by_bot(&issue), 1);

    let kind = Some("User Story".to_owned());
    let new = NewTicket { title: "Gift cards expire".to_owned(), kind, ..NewTicket::default() };
    let story = bench.azure.open_issue(STORE, new, MAINTAINER).await.issue;
    bench.next_comment(&story).await;
    idle(bench.running.store.as_ref()).await;
    assert_eq!(bench.running.store.plans(9).await.expect("plans").len(), 3, "a comment's update asks for nothing more");
    bench.finish().await;
}

#[tokio::test]
async fn services_answer_a_label_a_command_and_a_story() {
    plays_the_three_ways_in(|sandbox| sandbox.azure.clone()).await;
}

#[tokio::test]
async fn a_server_answers_a_label_a_command_and_a_story() {
    plays_the_three_ways_in(|sandbox| sandbox.azure_server.clone()).await;
}

#[tokio::test]
async fn what_azure_devops_does_not_hold_is_not_answered() {
    let bench = Bench::start(|sandbox| sandbox.azure.clone()).await;
    let issue = bench.open_task().await;
    let number = bench.azure.work_item_id(&issue).expect("a work item");
    let said = bench.azure.comment(&issue, "I like it.", STRANGER).await;
    let said = bench.azure.comment_id(&issue, said.comment).expect("a comment");
    let fields = |more: Value| {
        let mut fields = json!({
            "System.TeamProject": STORE, "System.WorkItemType": "Task",
            "System.ChangedBy": format!("Mara Maintainer <{}>", bench.azure.person_id(MAINTAINER)),
        });
        fields.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        fields
    };
    let commented = |comment: u64| {
        json!({ "id": number, "rev": 9, "fields": fields(json!({ "System.History": "/plan" })),
            "commentVersionRef": { "commentId": comment } })
    };
    let said_by =
        |id: u64| bench.forge("workitem.commented", if id == said { "forged-1" } else { "forged-2" }, commented(id));
    let unconfirmed = "the tracker does not confirm what the delivery says: ";

    assert_eq!(said_by(said).await, 202);
    assert_eq!(bench.reason().await, format!("{unconfirmed}the comment was written by somebody else"));
    assert_eq!(said_by(999).await, 202);
    assert_eq!(bench.reason().await, format!("{unconfirmed}the comment is not on the work item"));

    let tagged = json!({ "id": 2, "workItemId": number, "rev": 2, "fields": { "System.Tags": { "newValue": "needs-plan" } },
        "revision": { "id": number, "rev": 2, "fields": fields(json!({})) } });
    assert_eq!(bench.forge("workitem.updated", "forged-3", tagged).await, 202);
    assert_eq!(bench.reason().await, format!("{unconfirmed}the tag is not on the work item"));

    let story = json!({ "id": number, "rev": 1, "fields": fields(json!({ "System.WorkItemType": "User Story" })) });
    assert_eq!(bench.forge("workitem.created", "forged-4", story).await, 202);
    assert_eq!(bench.reason().await, format!("{unconfirmed}the work item is of another type"));

    let mine = bench.azure.comment(&issue, "Later.", MAINTAINER).await;
    let mine = bench.azure.comment_id(&issue, mine.comment).expect("a comment");
    assert_eq!(bench.forge("workitem.commented", "forged-5", commented(mine)).await, 202);
    assert!(bench.reason().await.starts_with(&format!("{unconfirmed}the comment holds no command")));

    assert_eq!(bench.comments_by_bot(&issue), 0);
    bench.finish().await;
}

/// Fields of a work item of the store, as the maintainer leaves them.
fn task_fields(azure: &AzureDevOps) -> Value {
    json!({ "System.TeamProject": STORE, "System.WorkItemType": "Task",
        "System.ChangedBy": format!("Mara Maintainer <{}>", azure.person_id(MAINTAINER)) })
}

/// Plays a notification that was sent and one that was not, where the connection asks about them.
async fn only_what_was_sent_is_answered(pick: fn(&Sandbox) -> AzureDevOps) {
    let bench = Bench::start_with(pick, "confirm_notifications = true").await;
    let issue = bench.open_task().await;
    bench.azure.add_label(&issue, "needs-plan", MAINTAINER).await;
    bench.next_comment(&issue).await;
    idle(bench.running.store.as_ref()).await;

    // all that it says is true, but Azure DevOps sent the first notification of this subscription for something else
    let said = bench.azure.comment(&issue, "<div>/plan status</div>", MAINTAINER).await;
    bench.next_comment(&issue).await;
    let mut fields = task_fields(&bench.azure);
    fields["System.History"] = json!("/plan help");
    let forged = json!({ "id": bench.azure.work_item_id(&issue), "rev": 9, "fields": fields,
        "commentVersionRef": { "commentId": bench.azure.comment_id(&issue, said.comment) } });
    let id = "0f0f0f0f-1111-4222-8333-444444444444";
    assert_eq!(bench.forge("workitem.commented", id, forged).await, 202);
    let unconfirmed = "the tracker does not confirm what the delivery says: ";
    assert_eq!(bench.reason().await, format!("{unconfirmed}the notification was about another event"));
    assert_eq!(bench.comments_by_bot(&issue), 2);
    bench.finish().await;
}

#[tokio::test]
async fn where_services_are_asked_about_notifications_only_what_was_sent_is_answered() {
    only_what_was_sent_is_answered(|sandbox| sandbox.azure.clone()).await;
}

#[tokio::test]
async fn where_a_server_is_asked_about_notifications_only_what_was_sent_is_answered() {
    only_what_was_sent_is_answered(|sandbox| sandbox.azure_server.clone()).await;
}

#[tokio::test]
async fn an_account_that_may_not_view_subscriptions_is_told_what_it_lacks() {
    let bench = Bench::start_with(|sandbox| sandbox.azure.clone(), "confirm_notifications = true").await;
    let issue = bench.open_task().await;
    bench.azure.hide_subscriptions();
    bench.azure.add_label(&issue, "needs-plan", MAINTAINER).await;
    let reason = bench.reason().await;
    let lacks = "azure_devops.confirm_notifications needs an account that may view the service hook subscriptions";
    assert!(reason.contains(lacks), "{reason}");
    assert_eq!(bench.comments_by_bot(&issue), 0);
    bench.finish().await;
}

#[tokio::test]
async fn a_stranger_is_not_answered() {
    let bench = Bench::start(|sandbox| sandbox.azure.clone()).await;
    let issue = bench.open_task().await;
    bench.azure.comment(&issue, "/plan", STRANGER).await;
    assert!(bench.reason().await.contains("may not ask here: has None, needs Write"), "{}", bench.reason().await);
    assert_eq!(bench.comments_by_bot(&issue), 0);
    bench.finish().await;
}

#[tokio::test]
async fn the_test_button_is_answered_and_does_nothing() {
    let bench = Bench::start(|sandbox| sandbox.azure.clone()).await;
    for event in ["workitem.created", "workitem.updated", "workitem.commented", "workitem.deleted"] {
        let sent = bench.azure.press_test(event).await;
        assert!(sent.iter().all(|sent| sent.status.is_some_and(|status| (200..300).contains(&status))), "{sent:?}");
    }
    bench.azure.set_hook_password("another");
    let refused = bench.azure.press_test("workitem.created").await;
    assert!(refused.iter().all(|sent| sent.status == Some(401)), "{refused:?}");
    assert!(bench.running.store.jobs(None, 9).await.expect("jobs").is_empty());
    bench.finish().await;
}
