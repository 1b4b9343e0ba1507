//! `planwright demo`: the whole bot on loopback, with a sandbox GitHub and a small real repository.

mod play;
mod show;

use std::{fs, path::Path, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use self::{play::Stage, show::Show};
use crate::{
    app::{self, Roles},
    clock::SystemClock,
    config::{Config, Sources, load},
    richtext::{html::to_html, markdown},
    sandbox::{Sandbox, demo, github::GitHub},
    telemetry::{self, Redactor},
};

/// The address that the demo's bot takes when it is free.
const USUAL: &str = "127.0.0.1:8080";

/// Play the whole bot on this machine: a sandbox GitHub, a small real repository, three ways in.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// End when the plans stand instead of staying up to be looked at
    #[arg(long)]
    once: bool,
}

/// Runs the command. Exit code 1 when a plan does not stand.
pub async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let clock = Arc::new(SystemClock);
    let (world, _) = demo::world(folder.path(), clock.clone()).context("cannot make the demo's repository")?;
    let sandbox = Sandbox::start(world).await.context("cannot start the sandbox")?;
    sandbox.github.render_pages_by(|text| to_html(&markdown::parse(text)));
    let listener = listen().await?;
    let config = configure(folder.path(), &sandbox.github, listener.local_addr()?.port())?;
    let metrics = telemetry::init(&config.log, Redactor::new(config.secrets()))?;
    let bot = app::start(&config, Roles::ALL, listener, clock, metrics).await?;
    sandbox.github.set_hook(format!("http://{}/hooks/sandbox-github", bot.address));

    let show = Show::new();
    show.opening(bot.address, sandbox.github.base_url());
    let stage = Stage { github: sandbox.github.clone(), store: Arc::clone(&bot.store), show: &show };
    let stands = stage.play().await;
    show.closing(bot.address, sandbox.github.base_url(), stands, args.once);
    if !args.once {
        tokio::signal::ctrl_c().await.context("cannot wait for an interrupt")?;
    }
    bot.stop().await;
    sandbox.shutdown().await.context("the sandbox did not end well")?;
    Ok(if stands { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The usual address, or a free one.
async fn listen() -> anyhow::Result<TcpListener> {
    match TcpListener::bind(USUAL).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind("127.0.0.1:0").await.context("cannot listen on 127.0.0.1"),
    }
}

/// Writes and reads a configuration such as a team would write.
fn configure(folder: &Path, github: &GitHub, port: u16) -> anyhow::Result<Config> {
    let key = folder.join("app.pem");
    write_private(&key, github.private_key_pem())?;
    let file = folder.join("planwright.toml");
    write_private(&file, &text(folder, github, port, &key))?;
    Ok(load(&Sources { files: vec![file], env: Default::default(), read_secrets: true })?)
}

fn text(folder: &Path, github: &GitHub, port: u16, key: &Path) -> String {
    let (folder, key) = (folder.display(), key.display());
    let (base, secret, app, repository) =
        (github.base_url(), github.webhook_secret(), github.app_id(), demo::REPOSITORY);
    format!(
        r#"[server]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"

[store]
url = "sqlite://{folder}/planwright.db"

[log]
level = "warn"

[cache]
dir = "{folder}/cache"
local_roots = ["{folder}"]

[triggers]
permission = "triage"

[[connections]]
name = "sandbox-github"
tracker = "github"
base_url = "{base}"
webhook_secrets = ["{secret}"]
auth = {{ app_id = {app}, private_key = {{ file = "{key}" }} }}
write_gap_ms = 0

[[repositories]]
name = "shop"
url = "{folder}/{repository}.git"
tickets = [{{ connection = "sandbox-github", project = "{repository}" }}]
web = {{ style = "github", base = "{base}/{repository}" }}
"#
    )
}

/// Writes a file that only this user can read.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).context("cannot set a file's mode")
}
