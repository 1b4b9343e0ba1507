//! From a label to a posted comment, on a warm repository of 1,000 files, the tracker answering at once.

use std::{sync::Arc, time::Instant};

use planwright::{
    app::{self, Roles},
    clock::SystemClock,
    config::{Sources, load},
    sandbox::{NewTicket, Role, Sandbox, World, scale},
    telemetry::Metrics,
};
use tokio::net::TcpListener;

use super::{median, percentile};

const FILES: usize = 1000;
const ROUNDS: usize = 60;

pub async fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    scale::repository_of(&at.join("large.git"), FILES).expect("the repository can be made");
    let mut world = World::new(Arc::new(SystemClock));
    world.add_person("mara", "Mara");
    let project = world.add_project("acme/large");
    project.roles.insert("mara".into(), Role::Write);
    let sandbox = Sandbox::start(world).await.expect("the sandbox starts");
    let github = sandbox.github.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let text = format!(
        r#"
[server]
listen = "127.0.0.1:{port}"
[store]
url = "sqlite://{folder}/bench.db"
[cache]
dir = "{folder}/cache"
local_roots = ["{folder}"]
[triggers]
caps = {{ per_ticket = 0, per_person = 0 }}
[[connections]]
name = "bench"
tracker = "github"
base_url = "{base}"
webhook_secrets = ["{secret}"]
auth = {{ app_id = {app}, private_key = {{ file = "{folder}/app.pem" }} }}
write_gap_ms = 0
[[repositories]]
name = "large"
url = "{folder}/large.git"
tickets = [{{ connection = "bench", project = "acme/large" }}]
"#,
        folder = at.display(),
        app = github.app_id(),
        base = github.base_url(),
        secret = github.webhook_secret(),
    );
    std::fs::write(at.join("app.pem"), github.private_key_pem()).expect("the key can be written");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(at.join("app.pem"), private).expect("its mode can be set");
    let file = at.join("planwright.toml");
    std::fs::write(&file, text).expect("the configuration can be written");
    let config =
        load(&Sources { files: vec![file], env: Default::default(), read_secrets: true }).expect("it is right");
    let metrics = Metrics::install().expect("nothing else installs a recorder");
    let bot = app::start(&config, Roles::ALL, listener, Arc::new(SystemClock), metrics).await.expect("the bot starts");
    github.set_hook(format!("http://{}/hooks/bench", bot.address));

    let mut all = Vec::new();
    for round in 0..=ROUNDS {
        let new = NewTicket {
            title: format!("Module {round} loses its settings on restart"),
            body: "After a restart the settings are gone.\n\n- [ ] settings survive a restart".into(),
            ..NewTicket::default()
        };
        let issue = github.open_issue("acme/large", new, "mara").await.issue;
        let started = Instant::now();
        github.add_label(&issue, "needs-plan", "mara").await;
        github.next_comment(&issue).await;
        if round > 0 {
            all.push(started.elapsed());
        }
    }
    println!("answer: label to comment, {FILES} files, {ROUNDS} tickets one after another");
    println!("  half within                {:>10.1?}", median(all.clone()));
    println!("  99 of 100 within           {:>10.1?}", percentile(all, 0.99));
    bot.stop().await;
    sandbox.shutdown().await.expect("the sandbox ends");
}
