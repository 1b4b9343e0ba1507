//! The bot as processes of its own: killed while a comment is on its way, and several on one PostgreSQL.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Command, Stdio},
};

use futures::{FutureExt, future::LocalBoxFuture};
use planwright::{
    model::job::JobState,
    sandbox::{Fault, settings::write_private},
    store,
};

use super::{DEVELOPER, Scene, configuration};
use crate::{
    bot::harness::{Process, free_port, idle, until_healthy},
    store::bed::{Bed, on_postgres},
};

type Play = for<'s> fn(&'s Scene) -> LocalBoxFuture<'s, ()>;

/// More rows of the table.
pub const SCENARIOS: &[(&str, Play)] = &[
    ("killed between intent and send, the bot writes its comment once", |s| killed(s, Fault::Hold).boxed_local()),
    ("killed between send and answer, the bot finds its comment", |s| killed(s, Fault::AppliedThenHold).boxed_local()),
    ("of two replicas one is killed, and every ticket has one comment", |s| replaced(s).boxed_local()),
];

/// How many tickets ask for a plan while a replica is killed.
const TICKETS: usize = 4;

/// A bot in a process of its own.
struct Bot {
    process: Process,
    port: u16,
}

impl Scene {
    /// The usual configuration over this store, with a lease that does not outlive a test's patience.
    fn configure(&self, url: &str) -> PathBuf {
        let text = configuration(&self.folder, &self.sandbox)
            .replace(&self.store_url(), url)
            .replace("lease_secs = 10\nwrite_timeout_secs = 4", "lease_secs = 5\nwrite_timeout_secs = 2");
        let file = self.folder.path().join("planwright.toml");
        write_private(&file, &text).expect("the file can be written");
        file
    }

    fn store_url(&self) -> String {
        format!("sqlite://{}/planwright.db", self.folder.path().display())
    }

    /// Starts a process and sends deliveries there; returns once it answers.
    async fn spawn(&self, file: &PathBuf) -> Bot {
        let port = free_port();
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("bot.log"));
        let child = Command::new(env!("CARGO_BIN_EXE_planwright"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--config"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.expect("the log can be written"))
            .spawn()
            .expect("the bot's process starts");
        let bot = Bot { process: Process { child }, port };
        until_healthy(port).await;
        self.send_to(&bot);
        bot
    }

    fn send_to(&self, bot: &Bot) {
        self.sandbox.point_hooks_at(SocketAddr::from((Ipv4Addr::LOCALHOST, bot.port)));
    }
}

/// The process is killed while its request waits, and started again; one comment stands.
async fn killed(scene: &Scene, fault: Fault) {
    let file = scene.configure(&scene.store_url());
    let mut bot = scene.spawn(&file).await;
    let ticket = scene.open().await;
    let gate = scene.fail_post(fault);
    scene.say(&ticket, "/plan", DEVELOPER).await;
    gate.reached().await;
    bot.process.kill();
    gate.release();
    let mut bot = scene.spawn(&file).await;
    scene.answer(&ticket).await;
    let store = store::open_reading(&scene.store_url()).await.expect("the store can be read");
    idle(store.as_ref()).await;
    store.close().await;
    assert_eq!(scene.by_bot(&ticket), 1, "{}", scene.name);
    scene.tracker().settled().await;
    assert!(bot.process.terminate());
}

/// One of two replicas is killed in the middle of a post; the other finishes everything.
async fn replaced(scene: &Scene) {
    on_postgres(async |bed: &Bed| one_is_killed(scene, bed).await, &format!("parity_{}", scene.name)).await;
}

async fn one_is_killed(scene: &Scene, bed: &Bed) {
    let file = scene.configure(&bed.url);
    let mut victim = scene.spawn(&file).await;
    let mut tickets = Vec::new();
    for _ in 0..TICKETS {
        tickets.push(scene.open().await);
    }
    let gate = scene.fail_post(Fault::AppliedThenHold);
    scene.say(&tickets[0], "/plan", DEVELOPER).await;
    gate.reached().await;
    let mut other = scene.spawn(&file).await;
    for ticket in &tickets[1..] {
        scene.say(ticket, "/plan", DEVELOPER).await;
    }
    victim.process.kill();
    gate.release();
    for ticket in &tickets {
        scene.answer(ticket).await;
    }
    idle(bed.store.as_ref()).await;
    for ticket in &tickets {
        assert_eq!(scene.by_bot(ticket), 1, "{}", scene.name);
    }
    let jobs = bed.store.jobs(None, 100).await.expect("jobs");
    assert_eq!(jobs.len(), TICKETS, "{}: {jobs:?}", scene.name);
    assert!(jobs.iter().all(|job| job.state == JobState::Done), "{}: {jobs:?}", scene.name);
    scene.tracker().settled().await;
    assert!(other.process.terminate());
}

/// Plays everything on one tracker.
async fn all(name: &'static str) {
    let scene = Scene::start_idle(name).await;
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
