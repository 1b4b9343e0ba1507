//! The whole bot beside a sandbox GitHub, both over real HTTP.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use planwright::{
    app::{self, Roles, Running},
    clock::SystemClock,
    config::{Sources, load},
    http,
    model::job::JobState,
    sandbox::{
        NewTicket, Role, Sandbox, TicketKey, World,
        github::{GitHub, Sent, Written, signature},
        shop,
    },
    store::{self, Store},
    telemetry::Metrics,
};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The longest that anything may take before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// How far apart [`until`] asks.
const GLANCE: Duration = Duration::from_millis(5);

/// The project of most tests, and a maintainer and a stranger in it.
pub const SHOP: &str = "acme/shop";
pub const MAINTAINER: &str = "mara";
pub const STRANGER: &str = "sten";

/// What a test may choose.
#[derive(Clone, Debug)]
pub struct Options {
    /// Lines of TOML behind the usual configuration.
    pub more: String,
    /// Lines of TOML that say where the code is; the demo's repository when `None`.
    pub repository: Option<String>,
    /// More lines of TOML about the cache.
    pub cache: String,
    pub lease_secs: u64,
    pub write_timeout_secs: u64,
    pub listing_gap_ms: u64,
    /// The store; a file in the bot's folder when `None`.
    pub store_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            more: String::new(),
            repository: None,
            cache: String::new(),
            lease_secs: 10,
            write_timeout_secs: 3,
            listing_gap_ms: 50,
            store_url: None,
        }
    }
}

/// A world with the demo's repository, a sandbox that serves it, and the bot in this process.
pub struct TestBot {
    pub sandbox: Sandbox,
    pub folder: TempDir,
    running: Option<Running>,
}

/// The metrics recorder is one for the whole process.
pub fn metrics() -> Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(|| Metrics::install().expect("nothing else installs a recorder")).clone()
}

/// A world with a shop, a maintainer and a stranger, its repository in `folder`.
pub fn world(folder: &Path) -> World {
    let repository = shop::create(&folder.join("shop.git")).expect("the demo repository can be created");
    let mut world = World::new(Arc::new(SystemClock));
    world.add_person(MAINTAINER, "Mara Maintainer");
    world.add_person(STRANGER, "Sten Stranger");
    let project = world.add_project(SHOP);
    project.private = false;
    project.code = Some(repository.path);
    project.roles.insert(MAINTAINER.to_owned(), Role::Write);
    world
}

/// Runs git in a folder, with the name and the address that commits carry, and nothing of this machine's settings.
pub fn git(folder: &Path, [name, email]: [&str; 2], arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", &format!("user.name={name}"), "-c", &format!("user.email={email}")])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A bug that the shop's repository has something to say about.
pub fn bug() -> NewTicket {
    NewTicket {
        title: "Cart total ignores the coupon".to_owned(),
        body: "The total of a cart with a coupon is wrong.\n\n- [ ] the coupon counts once".to_owned(),
        ..NewTicket::default()
    }
}

impl TestBot {
    /// Starts with the usual options.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts sandbox and bot.
    pub async fn start_with(options: Options) -> Self {
        let mut bot = Self::start_idle().await;
        bot.run(options).await;
        bot
    }

    /// Starts the sandbox alone.
    pub async fn start_idle() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sandbox = Sandbox::start(world(folder.path())).await.expect("the sandbox starts");
        Self { sandbox, folder, running: None }
    }

    /// Starts the bot in this process and points the webhook at it.
    pub async fn run(&mut self, options: Options) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let file = self.configure(&options, listener.local_addr().expect("bound").port());
        let sources = Sources { files: vec![file], env: Default::default(), read_secrets: true };
        let config = load(&sources).unwrap_or_else(|problems| panic!("{problems}"));
        let running = app::start(&config, Roles::ALL, listener, Arc::new(SystemClock), metrics()).await;
        let running = running.expect("the bot starts");
        self.github().set_hook(format!("http://{}/hooks/acme-github", running.address));
        self.running = Some(running);
    }

    /// The bot as a process of its own, which can be killed; returns once it answers.
    pub async fn spawn(&self, options: &Options) -> Process {
        let port = free_port();
        let file = self.configure(options, port);
        let log = fs::File::options().create(true).append(true).open(self.folder.path().join("bot.log"));
        let log = log.expect("the log can be written");
        let child = Command::new(env!("CARGO_BIN_EXE_planwright"))
            .args(["serve", "--config"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the bot's process starts");
        let process = Process { child };
        self.github().set_hook(format!("http://127.0.0.1:{port}/hooks/acme-github"));
        until_healthy(port).await;
        process
    }

    /// Writes the configuration.
    pub fn configure(&self, options: &Options, port: u16) -> PathBuf {
        let folder = self.folder.path().display();
        let github = self.github();
        let key = self.folder.path().join("app.pem");
        write_private(&key, github.private_key_pem());
        let store = options.store_url.clone().unwrap_or_else(|| self.store_url());
        let text = format!(
            r#"
[server]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
drain_secs = 5
[store]
url = "{store}"
[cache]
dir = "{folder}/cache"
local_roots = ["{folder}"]
{cache}
[triggers]
caps = {{ per_ticket = 0, per_person = 0 }}
[worker]
lease_secs = {lease}
write_timeout_secs = {deadline}
backoff_ms = 20
backoff_max_ms = 100
poll_ms = 50
settle_ms = 10
listing_gap_ms = {gap}
second_look_secs = 0
[review]
settle_secs = 0
gap_secs = 0
branches_every_secs = 0
[[connections]]
name = "acme-github"
tracker = "github"
base_url = "{base}"
webhook_secrets = ["{secret}"]
auth = {{ app_id = {app}, private_key = {{ file = "{key}" }} }}
write_gap_ms = 0
[[repositories]]
name = "shop"
{repository}
tickets = [{{ connection = "acme-github", project = "{SHOP}" }}]
web = {{ style = "github", base = "{base}/{SHOP}" }}
{more}
"#,
            lease = options.lease_secs,
            deadline = options.write_timeout_secs,
            gap = options.listing_gap_ms,
            base = github.base_url(),
            secret = github.webhook_secret(),
            app = github.app_id(),
            key = key.display(),
            cache = options.cache,
            repository = options.repository.clone().unwrap_or_else(|| format!("url = \"{folder}/shop.git\"")),
            more = options.more,
        );
        let file = self.folder.path().join("planwright.toml");
        write_private(&file, &text);
        file
    }

    /// The sandbox's GitHub.
    pub fn github(&self) -> GitHub {
        self.sandbox.github.clone()
    }

    /// Where the bot listens.
    pub fn address(&self) -> String {
        format!("http://{}", self.running.as_ref().expect("the bot runs in this process").address)
    }

    /// What the bot keeps.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.running.as_ref().expect("the bot runs in this process").store)
    }

    /// The address of the usual store.
    pub fn store_url(&self) -> String {
        format!("sqlite://{}/planwright.db", self.folder.path().display())
    }

    /// The store of a bot that is a process of its own, opened beside it.
    pub async fn open_store(&self) -> Arc<dyn Store> {
        store::open_reading(&self.store_url()).await.expect("the store can be read")
    }

    /// Opens the usual bug.
    pub async fn open_bug(&self) -> TicketKey {
        self.github().open_issue(SHOP, bug(), MAINTAINER).await.issue
    }

    /// Labels a ticket `needs-plan`.
    pub async fn ask(&self, issue: &TicketKey) -> Sent {
        let sent = self.github().add_label(issue, "needs-plan", MAINTAINER).await;
        assert_eq!(sent.status, Some(202), "{}", sent.answer);
        sent
    }

    /// Sends a body of one's own making, signed as the sandbox's GitHub signs; returns the status.
    pub async fn deliver(&self, event: &str, body: &str) -> u16 {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = client
            .post(format!("{}/hooks/acme-github", self.address()))
            .header("content-type", "application/json")
            .header("x-github-event", event)
            .header("x-github-delivery", "99999999-2222-3333-4444-555555555555")
            .header("x-hub-signature-256", signature(&self.github().webhook_secret(), body.as_bytes()))
            .body(body.to_owned());
        request.send().await.expect("an answer").status().as_u16()
    }

    /// The next unread comment of the bot on a ticket.
    pub async fn next_comment(&self, issue: &TicketKey) -> Written {
        let github = self.github();
        let next = tokio::time::timeout(PATIENCE, github.next_comment(issue)).await;
        next.unwrap_or_else(|_| panic!("no comment came on {issue:?}; log:\n{}", self.log()))
    }

    /// How many comments by the bot stand on a ticket.
    pub fn comments_by_bot(&self, issue: &TicketKey) -> usize {
        let github = self.github();
        github.comments(issue).iter().filter(|comment| comment.author == github.bot_login()).count()
    }

    /// Waits until no job waits or runs.
    pub async fn idle(&self) {
        let store = self.store();
        idle(store.as_ref()).await;
    }

    /// What a bot of its own process has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("bot.log")).unwrap_or_default()
    }

    /// Ends everything. Fails when a comment was not read, a job has not ended or a scripted fault was not met.
    pub async fn finish(mut self) {
        if let Some(running) = self.running.take() {
            idle(running.store.as_ref()).await;
            running.stop().await;
        }
        let unread = self.github().unread();
        assert!(unread.is_empty(), "comments that no test read: {unread:#?}");
        assert_eq!(self.github().faults_left(), 0, "faults that no request met");
        self.sandbox.shutdown().await.expect("the sandbox ends");
    }
}

/// Waits until no job of a store waits or runs.
pub async fn idle(store: &dyn Store) {
    until("all jobs end", || async {
        // what a burst brought has its jobs before it is listed
        store.deliveries(1).await.expect("the store lists");
        let counts = store.job_counts().await.expect("the store counts");
        let open = [JobState::Queued, JobState::Running];
        counts.by_state.iter().filter(|(state, _)| open.contains(state)).map(|(_, count)| count).sum::<u64>() == 0
    })
    .await;
}

/// Asks again and again until something holds; fails after [`PATIENCE`].
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let started = Instant::now();
    let mut glances = tokio::time::interval(GLANCE);
    while !holds().await {
        assert!(started.elapsed() < PATIENCE, "waited too long until {what}");
        glances.tick().await;
    }
}

/// Waits until the bot on this port answers. Connecting alone would not do: the port takes connections before the
/// store is open, and only a bot that holds its store answers.
pub async fn until_healthy(port: u16) {
    let address = format!("http://127.0.0.1:{port}/healthz");
    let options = http::Options { connect_timeout: GLANCE * 200, deadline: PATIENCE, is_direct: true };
    let client = http::Client::new(options);
    let healthy = || async {
        let request = reqwest::Request::new(reqwest::Method::GET, address.parse().expect("an address"));
        client.send(request).await.is_ok_and(|answer| answer.status().is_success())
    };
    until("the bot answers", healthy).await;
}

/// A bot in a process of its own, killed when dropped.
pub struct Process {
    pub child: Child,
}

impl Process {
    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process can be waited for");
    }

    /// `kill -TERM`; returns whether it ended well.
    pub fn terminate(&mut self) -> bool {
        let told = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(told.expect("kill runs").success());
        self.child.wait().expect("the process can be waited for").success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nothing listens on.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").port()
}

fn write_private(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text).expect("the file can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
}
