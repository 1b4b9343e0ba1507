//! The same scenarios on every tracker: what works on one works on all, and the README's table is made of this list.

mod documents;
mod processes;

use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
    sync::Arc,
};

use futures::{FutureExt, future::BoxFuture};
use planwright::{
    app::{self, Roles, Running},
    clock::SystemClock,
    config::{Sources, load},
    model::job::{JobRecord, JobState},
    sandbox::{
        Deed, Fault, Gate, NewTicket, Sandbox, SandboxTracker, Step, TicketKey, Writing, Written,
        azure_devops::Endpoint, demo, settings::write_private,
    },
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::harness::{idle, metrics};

/// Whoever may ask, and whoever may not.
const DEVELOPER: &str = demo::DEVELOPER;
const STRANGER: &str = "passer-by";

/// The columns of the table, by the sandbox's name of a tracker.
const TRACKERS: [(&str, &str); 5] = [
    ("github", "GitHub"),
    ("jira_cloud", "Jira Cloud"),
    ("jira_dc", "Jira Data Center"),
    ("azure_services", "Azure DevOps Services"),
    ("azure_server", "Azure DevOps Server"),
];

type Play = for<'s> fn(&'s Scene) -> BoxFuture<'s, ()>;

/// The rows of the table: what is played, in words for the README.
const SCENARIOS: &[(&str, Play)] = &[
    ("adding the label posts a plan", |s| label(s).boxed()),
    ("`/plan` in a comment posts a plan", |s| command(s).boxed()),
    ("a new story posts a plan", |s| story(s).boxed()),
    ("`/plan help` is answered with a comment", |s| help(s).boxed()),
    ("`/plan status` is answered with a comment", |s| status(s).boxed()),
    ("a wrong command is told the nearest right one", |s| wrong(s).boxed()),
    ("a command in a quote or in code is none", |s| quoted(s).boxed()),
    ("whoever may not ask is not answered", |s| stranger(s).boxed()),
    ("what the bot's own account writes starts nothing", |s| own(s).boxed()),
    ("a second request edits the same comment", |s| again(s).boxed()),
    ("acceptance criteria of the ticket are numbered and covered", |s| criteria(s).boxed()),
    ("a comment whose answer is lost stands once", |s| lost(s, Fault::AppliedThenReset).boxed()),
    ("a comment answered with an error stands once", |s| lost(s, Fault::AppliedThenStatus(502)).boxed()),
    ("a comment that was not written is written later", |s| lost(s, Fault::Reset).boxed()),
    ("a rate limit is waited for", |s| lost(s, Fault::RateLimited { retry_after: 1 }).boxed()),
    ("a ticket deleted meanwhile ends with a reason", |s| deleted(s).boxed()),
    ("an edited ticket makes the plan's comment say what is stale", |s| edited(s).boxed()),
    ("an edited acceptance criterion makes the plan's comment say what is stale", |s| criterion_edited(s).boxed()),
    ("a moved branch makes the plan's comment say which steps are stale", |s| moved(s).boxed()),
];

/// One tracker of a sandbox with the whole bot beside it.
struct Scene {
    name: &'static str,
    sandbox: Sandbox,
    /// The bot in this process; none where a test runs it as processes of its own.
    running: Option<Running>,
    folder: TempDir,
}

impl Scene {
    /// With the usual configuration.
    async fn start(name: &'static str) -> Self {
        Self::start_with(name, configuration).await
    }

    /// The sandbox alone.
    async fn start_idle(name: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (world, _) = demo::world(folder.path(), Arc::new(SystemClock)).expect("the demo's repository");
        let sandbox = Sandbox::start(world).await.expect("the sandbox starts");
        Self { name, sandbox, running: None, folder }
    }

    async fn start_with(name: &'static str, configuration: fn(&TempDir, &Sandbox) -> String) -> Self {
        let scene = Self::start_idle(name).await;
        let file = scene.folder.path().join("planwright.toml");
        write_private(&file, &configuration(&scene.folder, &scene.sandbox)).expect("the file can be written");
        let sources = Sources { files: vec![file], env: Default::default(), read_secrets: true };
        let config = load(&sources).unwrap_or_else(|problems| panic!("{problems}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let running = app::start(&config, Roles::ALL, listener, Arc::new(SystemClock), metrics()).await;
        let running = running.expect("the bot starts");
        scene.sandbox.point_hooks_at(running.address);
        Self { running: Some(running), ..scene }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the bot runs in this process")
    }

    fn tracker(&self) -> &dyn SandboxTracker {
        let all = self.sandbox.trackers();
        all.into_iter().find(|tracker| tracker.name() == self.name).expect("the sandbox has the tracker")
    }

    /// Opens a ticket that asks for nothing by itself.
    async fn open(&self) -> TicketKey {
        let new = NewTicket {
            title: "Cart total ignores the coupon".to_owned(),
            body: "The total of a cart with a coupon is wrong.".to_owned(),
            kind: Some("Bug".to_owned()),
            ..NewTicket::default()
        };
        self.tracker().open(self.tracker().project(), new, DEVELOPER).await.issue
    }

    /// Makes the next comment that the bot writes go wrong. On Azure DevOps it writes by a patch of the work item.
    fn fail_post(&self, fault: Fault) -> Gate {
        match self.name {
            "azure_services" => self.sandbox.azure.fail_next(Endpoint::PatchWorkItem, fault),
            "azure_server" => self.sandbox.azure_server.fail_next(Endpoint::PatchWorkItem, fault),
            _ => self.tracker().fail_next(Step::CreateComment, fault),
        }
    }

    async fn say(&self, ticket: &TicketKey, text: &str, by: &str) {
        let sent = self.tracker().comment(ticket, text, by).await.sent;
        assert!(sent.iter().all(planwright::sandbox::Sent::is_ok), "{}: {sent:?}", self.name);
    }

    /// The bot's next comment on a ticket.
    async fn answer(&self, ticket: &TicketKey) -> Written {
        let next = tokio::time::timeout(super::harness::PATIENCE, self.tracker().next_comment(ticket)).await;
        match next {
            Ok(written) => written,
            Err(_) if self.running.is_none() => panic!("{}: no comment came", self.name),
            Err(_) => panic!("{}: no comment came: {:#?}", self.name, self.jobs().await),
        }
    }

    /// Commits a file to the shop's default branch.
    fn commit(&self, path: &str, text: &str) {
        let dir = self.folder.path().join("acme/shop.git");
        let index = self.folder.path().join("index");
        let git = |args: &[&str], input: &str| {
            let mut command = Command::new("git");
            command.arg("--git-dir").arg(&dir).args(["-c", "user.name=Mara", "-c", "user.email=mara@acme.test"]);
            command.args(args).env("GIT_INDEX_FILE", &index).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.spawn().expect("git starts");
            child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("git reads");
            let output = child.wait_with_output().expect("git ends");
            assert!(output.status.success(), "git {args:?}");
            String::from_utf8(output.stdout).expect("text").trim().to_owned()
        };
        let blob = git(&["hash-object", "-w", "--stdin"], text);
        git(&["read-tree", "HEAD"], "");
        git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")], "");
        let tree = git(&["write-tree"], "");
        let commit = git(&["commit-tree", &tree, "-p", "HEAD", "-m", &format!("Change {path}")], "");
        git(&["update-ref", "HEAD", &commit], "");
    }

    async fn jobs(&self) -> Vec<JobRecord> {
        self.running().store.jobs(None, 50).await.expect("jobs")
    }

    async fn idle(&self) {
        self.tracker().settled().await;
        idle(self.running().store.as_ref()).await;
    }

    /// How many comments by the bot stand on a ticket.
    fn by_bot(&self, ticket: &TicketKey) -> usize {
        let (tracker, bot) = (self.tracker(), self.tracker().bot_login());
        tracker.comments(ticket).iter().filter(|comment| comment.author == bot).count()
    }

    /// Ends everything. Fails when a comment was not read or a scripted fault was not met.
    async fn finish(mut self) {
        self.tracker().settled().await;
        if let Some(running) = self.running.take() {
            idle(running.store.as_ref()).await;
            running.stop().await;
        }
        assert!(self.tracker().unread().is_empty(), "{}: comments that no scenario read", self.name);
        assert_eq!(self.tracker().faults_left(), 0, "{}: faults that no request met", self.name);
        self.sandbox.shutdown().await.expect("the sandbox ends");
    }
}

/// The bot's configuration beside a sandbox.
pub fn configuration(folder: &TempDir, sandbox: &Sandbox) -> String {
    let (path, tickets) = (folder.path().display(), sandbox.tickets());
    let connections = sandbox.connections(folder.path()).expect("the app's key can be written");
    let base = sandbox.github.base_url();
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
[store]
url = "sqlite://{path}/planwright.db"
[cache]
dir = "{path}/cache"
local_roots = ["{path}"]
[triggers]
caps = {{ per_ticket = 0, per_person = 0 }}
[worker]
lease_secs = 10
write_timeout_secs = 4
backoff_ms = 20
backoff_max_ms = 100
poll_ms = 50
settle_ms = 10
listing_gap_ms = 50
second_look_secs = 0
[review]
settle_secs = 0
gap_secs = 0
branches_every_secs = 1
{connections}
[[repositories]]
name = "shop"
url = "{path}/acme/shop.git"
tickets = {tickets}
web = {{ style = "github", base = "{base}/acme/shop" }}
"#
    )
}

/// The comment is a plan, and it names a file of the shop with a link to it.
fn check_plan(scene: &Scene, written: &Written) {
    assert_eq!(written.author, scene.tracker().bot_login());
    assert!(written.text.contains("Plan version 1"), "{}:\n{}", scene.name, written.text);
    assert!(written.text.contains("/blob/"), "{}: no link into the code:\n{}", scene.name, written.text);
}

async fn label(scene: &Scene) {
    let ticket = scene.open().await;
    scene.tracker().label(&ticket, "needs-plan", DEVELOPER).await;
    check_plan(scene, &scene.answer(&ticket).await);
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1);
}

async fn command(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "Please help.\n\n/plan", DEVELOPER).await;
    check_plan(scene, &scene.answer(&ticket).await);
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1, "{}: {:#?}", scene.name, scene.jobs().await);
}

async fn story(scene: &Scene) {
    let kind = if scene.name.starts_with("azure") { "User Story" } else { "Story" };
    let new = NewTicket { kind: Some(kind.to_owned()), ..demo::story() };
    let ticket = scene.tracker().open(scene.tracker().project(), new, DEVELOPER).await.issue;
    check_plan(scene, &scene.answer(&ticket).await);
}

async fn help(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan help", DEVELOPER).await;
    let answer = scene.answer(&ticket).await;
    assert!(answer.text.contains("revise") && answer.text.contains("cancel"), "{}:\n{}", scene.name, answer.text);
}

async fn status(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan status", DEVELOPER).await;
    let answer = scene.answer(&ticket).await;
    assert!(answer.text.contains("There is no plan for this ticket yet"), "{}:\n{}", scene.name, answer.text);
}

async fn own(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan", scene.tracker().bot_login()).await;
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1, "{}: {:#?}", scene.name, scene.jobs().await);
}

async fn wrong(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan halp", DEVELOPER).await;
    let answer = scene.answer(&ticket).await;
    assert!(answer.text.contains("/plan help"), "{}:\n{}", scene.name, answer.text);
}

async fn quoted(scene: &Scene) {
    let ticket = scene.open().await;
    let text = match scene.name {
        "jira_cloud" | "jira_dc" => "{quote}\n/plan\n{quote}\n{code}\n/plan\n{code}\nsee /plan",
        _ => "> /plan\n\nsee /plan",
    };
    scene.say(&ticket, text, DEVELOPER).await;
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 0);
}

async fn stranger(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan", STRANGER).await;
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 0);
    let reason = scene.jobs().await.into_iter().max_by_key(|job| job.id.0).and_then(|job| job.reason);
    assert!(reason.as_deref().is_some_and(|reason| reason.contains("may not ask")), "{}: {reason:?}", scene.name);
}

async fn again(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan", DEVELOPER).await;
    let first = scene.answer(&ticket).await;
    scene.idle().await;
    scene.say(&ticket, "/plan --depth brief", DEVELOPER).await;
    let second = scene.answer(&ticket).await;
    assert_eq!((second.comment, second.writing), (first.comment, Writing::Edited), "{}", scene.name);
    assert!(second.text.contains("Plan version 2"), "{}:\n{}", scene.name, second.text);
    assert!(second.text.contains("Changed since version 1"), "{}:\n{}", scene.name, second.text);
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1);
}

async fn criteria(scene: &Scene) {
    let new = match scene.name {
        "github" => demo::feature(),
        "jira_cloud" | "jira_dc" => demo::jira::feature(),
        _ => demo::azure_devops::feature(),
    };
    let ticket = scene.tracker().open(scene.tracker().project(), new, DEVELOPER).await.issue;
    scene.say(&ticket, "/plan", DEVELOPER).await;
    let plan = scene.answer(&ticket).await;
    assert!(plan.text.contains("AC1") && plan.text.contains("AC2"), "{}:\n{}", scene.name, plan.text);
}

/// A comment meets a fault; one comment stands in the end.
async fn lost(scene: &Scene, fault: Fault) {
    let ticket = scene.open().await;
    scene.fail_post(fault);
    scene.say(&ticket, "/plan", DEVELOPER).await;
    scene.answer(&ticket).await;
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1, "{}: {:#?}", scene.name, scene.jobs().await);
}

async fn deleted(scene: &Scene) {
    let ticket = scene.open().await;
    let gate = scene.fail_post(Fault::Hold);
    scene.say(&ticket, "/plan", DEVELOPER).await;
    gate.reached().await;
    scene.tracker().act(&ticket, Deed::Delete, DEVELOPER).await;
    gate.release();
    scene.idle().await;
    let job = scene.jobs().await.into_iter().max_by_key(|job| job.id.0).expect("a job");
    assert!(job.state == JobState::Done && job.reason.is_some(), "{}: {job:?}", scene.name);
}

/// An edit is told in the plan's own comment, and taken back with the edit.
async fn edited(scene: &Scene) {
    let ticket = scene.open().await;
    scene.say(&ticket, "/plan", DEVELOPER).await;
    let first = scene.answer(&ticket).await;
    scene.idle().await;
    let tracker = scene.tracker();
    tracker.act(&ticket, Deed::Describe("The total of a cart with a gift card is wrong."), DEVELOPER).await;
    let stale = scene.answer(&ticket).await;
    assert_eq!((stale.comment, stale.writing), (first.comment, Writing::Edited), "{}", scene.name);
    assert!(stale.text.contains("Parts of this plan are stale"), "{}:\n{}", scene.name, stale.text);
    assert!(stale.text.contains("The ticket was edited"), "{}:\n{}", scene.name, stale.text);
    scene.idle().await;
    tracker.act(&ticket, Deed::Describe("The total of a cart with a coupon is wrong."), DEVELOPER).await;
    let fresh = scene.answer(&ticket).await;
    assert!(!fresh.text.contains("are stale"), "{}:\n{}", scene.name, fresh.text);
    scene.idle().await;
    assert_eq!(scene.by_bot(&ticket), 1);
}

/// Criteria as people write them on this tracker.
fn written(scene: &Scene, criterion: &str) -> String {
    match scene.name {
        "github" => format!("## Acceptance criteria\n\n- {criterion}"),
        "jira_cloud" | "jira_dc" => format!("* {criterion}"),
        _ => format!("<ul><li>{criterion}</li></ul>"),
    }
}

/// Criteria stand in a field of their own, where the tracker has one.
async fn criterion_edited(scene: &Scene) {
    let tracker = scene.tracker();
    let ticket = scene.open().await;
    tracker.act(&ticket, Deed::Accept(&written(scene, "The coupon counts once.")), DEVELOPER).await;
    scene.say(&ticket, "/plan", DEVELOPER).await;
    let first = scene.answer(&ticket).await;
    assert!(first.text.contains("The coupon counts once"), "{}:\n{}", scene.name, first.text);
    scene.idle().await;
    tracker.act(&ticket, Deed::Accept(&written(scene, "The coupon counts twice.")), DEVELOPER).await;
    let stale = scene.answer(&ticket).await;
    assert_eq!((stale.comment, stale.writing), (first.comment, Writing::Edited), "{}", scene.name);
    assert!(stale.text.contains("Parts of this plan are stale"), "{}:\n{}", scene.name, stale.text);
    assert!(stale.text.contains("The coupon counts twice"), "{}:\n{}", scene.name, stale.text);
}

/// A commit under a file that a plan cites is told in the plan's comment; plans that do not cite it keep silent.
async fn moved(scene: &Scene) {
    const FILE: &str = "src/loyalty.rs";
    let points = |days: u32| {
        format!(
            "//! Loyalty points.\n\npub struct LoyaltyPoints {{\n    pub days: u32,\n}}\n\nimpl LoyaltyPoints {{\n    \
             /// Have the points expired?\n    pub fn are_expired(&self) -> bool {{\n        self.days > {days}\n    \
             }}\n}}\n"
        )
    };
    scene.commit(FILE, &points(364));
    let new = NewTicket {
        title: "LoyaltyPoints::are_expired is a day early".to_owned(),
        body: "`LoyaltyPoints::are_expired` in `src/loyalty.rs` lets points go a day early.".to_owned(),
        kind: Some("Bug".to_owned()),
        ..NewTicket::default()
    };
    let ticket = scene.tracker().open(scene.tracker().project(), new, DEVELOPER).await.issue;
    scene.say(&ticket, "/plan", DEVELOPER).await;
    let first = scene.answer(&ticket).await;
    assert!(first.text.contains(FILE), "{}:\n{}", scene.name, first.text);
    scene.idle().await;
    scene.commit(FILE, &points(365));
    let stale = scene.answer(&ticket).await;
    assert_eq!((stale.comment, stale.writing), (first.comment, Writing::Edited), "{}", scene.name);
    assert!(stale.text.contains("Parts of this plan are stale"), "{}:\n{}", scene.name, stale.text);
    assert!(stale.text.contains("changed since"), "{}:\n{}", scene.name, stale.text);
}

/// Plays everything on one tracker.
async fn all(name: &'static str) {
    let scene = Scene::start(name).await;
    for (words, play) in SCENARIOS {
        println!("{name}: {words}");
        play(&scene).await;
    }
    scene.finish().await;
}

#[tokio::test]
async fn github() {
    all("github").await;
}

#[tokio::test]
async fn jira_cloud() {
    all("jira_cloud").await;
}

#[tokio::test]
async fn jira_data_center() {
    all("jira_dc").await;
}

#[tokio::test]
async fn azure_devops_services() {
    all("azure_services").await;
}

#[tokio::test]
async fn azure_devops_server() {
    all("azure_server").await;
}

/// The table as the README shows it. Every cell is a scenario that the tests here play; a dash stands where a tracker has
/// no such thing.
fn table() -> String {
    let heads: Vec<&str> = TRACKERS.iter().map(|(_, title)| *title).collect();
    let mut lines = vec![format!("| | {} |", heads.join(" | ")), format!("|---|{}", "---|".repeat(heads.len()))];
    let row = |words: &str, has: &dyn Fn(&str) -> bool| {
        let cells = TRACKERS.iter().map(|(name, _)| if has(name) { " yes |" } else { " – |" });
        format!("| {words} |{}", cells.collect::<String>())
    };
    let everywhere = SCENARIOS.iter().chain(documents::SCENARIOS).map(|(words, _)| *words);
    lines.extend(
        everywhere.chain(processes::SCENARIOS.iter().map(|(words, _)| *words)).map(|words| row(words, &|_| true)),
    );
    lines.push(row(documents::DESK, &|name| documents::DESKS.contains(&name)));
    lines.join("\n")
}

#[test]
fn the_readme_shows_what_is_played() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let shown = readme.split("<!-- parity:begin -->").nth(1).and_then(|rest| rest.split("<!-- parity:end -->").next());
    assert_eq!(shown.map(str::trim), Some(table().as_str()), "the README's table is not the list of scenarios");
}
