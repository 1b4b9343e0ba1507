//! `planwright plan` on the address of a ticket: read with the connection that it belongs to, printed or posted.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::Arc,
};

use planwright::{
    clock::SystemClock,
    sandbox::{Fault, NewTicket, Sandbox, SandboxTracker, TicketKey, Writing, demo, settings::write_private},
};
use tempfile::TempDir;

use super::{harness::PATIENCE, parity::configuration};

/// A sandbox with a configuration for it, and no running bot.
struct Place {
    sandbox: Sandbox,
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (world, _) = demo::world(folder.path(), Arc::new(SystemClock)).expect("the demo's repository");
        let sandbox = Sandbox::start(world).await.expect("the sandbox starts");
        let file = folder.path().join("planwright.toml");
        write_private(&file, &configuration(&folder, &sandbox)).expect("the file can be written");
        Self { sandbox, folder, file }
    }

    /// Runs `planwright plan` with these arguments.
    async fn plan(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_planwright"));
        command.arg("plan").args(arguments).arg("--config").arg(&self.file).current_dir(self.folder.path());
        command.stdin(Stdio::null()).env("XDG_CACHE_HOME", self.folder.path().join("home"));
        let ran = tokio::task::spawn_blocking(move || command.output().expect("the program runs"));
        tokio::time::timeout(PATIENCE, ran).await.expect("it ends").expect("it does not panic")
    }
}

/// Opens a ticket that asks for nothing by itself.
async fn open(tracker: &dyn SandboxTracker) -> TicketKey {
    let new = NewTicket {
        title: "Cart total ignores the coupon".to_owned(),
        body: "The total of a cart with a coupon is wrong.".to_owned(),
        kind: Some("Bug".to_owned()),
        ..NewTicket::default()
    };
    tracker.open(tracker.project(), new, demo::DEVELOPER).await.issue
}

fn by_bot(tracker: &dyn SandboxTracker, ticket: &TicketKey) -> usize {
    tracker.comments(ticket).iter().filter(|comment| comment.author == tracker.bot_login()).count()
}

fn out(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_ticket_named_by_its_address_is_printed_and_posted_on_every_tracker() {
    let place = Place::start().await;
    for tracker in place.sandbox.trackers() {
        let (ticket, name) = (open(tracker).await, tracker.name());
        let address = tracker.ticket_url(&ticket);
        let printed = out(&place.plan(&[&address]).await);
        assert!(printed.contains("src/pricing/totals.rs"), "{name}:\n{printed}");
        assert_eq!(by_bot(tracker, &ticket), 0, "{name}: printing posts nothing");

        let posted = out(&place.plan(&[&address, "--post"]).await);
        let first = tracker.next_comment(&ticket).await;
        assert_eq!(first.author, tracker.bot_login());
        assert!(first.text.contains("Plan version 1"), "{name}:\n{}", first.text);
        assert!(posted.trim().starts_with("http"), "{name}: {posted}");
        out(&place.plan(&[&address, "--post", "--depth", "brief"]).await);
        let second = tracker.next_comment(&ticket).await;
        assert_eq!((second.comment, second.writing), (first.comment, Writing::Edited), "{name}");
        assert_eq!(by_bot(tracker, &ticket), 1, "{name}");
    }
    place.sandbox.shutdown().await.expect("the sandbox ends");
}

#[tokio::test]
async fn a_posted_comment_whose_answer_is_lost_stands_once() {
    let place = Place::start().await;
    let trackers = place.sandbox.trackers();
    let github = trackers.into_iter().find(|tracker| tracker.name() == "github").expect("a GitHub");
    let ticket = open(github).await;
    github.fail_next(planwright::sandbox::Step::CreateComment, Fault::AppliedThenReset);
    out(&place.plan(&[&github.ticket_url(&ticket), "--post"]).await);
    assert_eq!(github.faults_left(), 0);
    github.next_comment(&ticket).await;
    assert_eq!(by_bot(github, &ticket), 1);
    place.sandbox.shutdown().await.expect("the sandbox ends");
}

#[tokio::test]
async fn addresses_of_anywhere_else_are_refused_and_not_fetched() {
    let place = Place::start().await;
    // whoever fetched it would have to connect
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener");
    let elsewhere = format!("http://{}/acme/shop/issues/1", listener.local_addr().expect("bound"));
    for more in [&["--post"][..], &[]] {
        let arguments: Vec<&str> = [elsewhere.as_str()].into_iter().chain(more.iter().copied()).collect();
        let told = error(&place.plan(&arguments).await);
        assert!(told.contains("no ticket of a configured connection"), "{told}");
    }
    assert!(listener.accept().is_err(), "nobody connected");
    let told = error(&place.plan(&["ticket.md", "--post"]).await);
    assert!(told.contains("--post needs the address of a ticket"), "{told}");
    place.sandbox.shutdown().await.expect("the sandbox ends");
}

#[tokio::test]
async fn a_ticket_that_is_not_there_ends_with_a_reason() {
    let place = Place::start().await;
    let trackers = place.sandbox.trackers();
    let github = trackers.into_iter().find(|tracker| tracker.name() == "github").expect("a GitHub");
    let ticket = open(github).await;
    let address = github.ticket_url(&ticket);
    let missing = format!("{}/9999", address.rsplit_once('/').expect("an address").0);
    let told = error(&place.plan(&[&missing, "--post"]).await);
    assert!(told.contains("cannot read the ticket"), "{told}");
    let told = error(&place.plan(&[&address, "--repo", "nowhere"]).await);
    assert!(told.contains("--repo"), "{told}");
    let told = error(&place.plan(&[&address, "--planner", "llm"]).await);
    assert!(told.contains("[planner.llm]"), "{told}");
    place.sandbox.shutdown().await.expect("the sandbox ends");
}
