//! `planwright demo`: the whole bot on loopback, with sandbox trackers and a small real repository.

mod play;
mod show;

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use self::{
    play::{Scene, Stage},
    show::Show,
};
use crate::{
    app::{self, Roles},
    clock::SystemClock,
    config::{Config, Sources, load},
    richtext::{
        adf,
        html::{self, to_html},
        markdown, wiki,
    },
    sandbox::{NewTicket, Sandbox, Source, demo, settings::write_private},
    telemetry::{self, Redactor},
};

/// The address that the demo's bot takes when it is free.
const USUAL: &str = "127.0.0.1:8080";

/// Play the whole bot on this machine: three sandbox trackers, a small real repository, three ways in on each.
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
    sandbox.jira_cloud.render_pages_by(rendered);
    sandbox.azure.render_pages_by(rendered);
    let listener = listen().await?;
    let config = configure(folder.path(), &sandbox, listener.local_addr()?.port())?;
    let metrics = telemetry::init(&config.log, Redactor::new(config.secrets()))?;
    let bot = app::start(&config, Roles::ALL, listener, clock, metrics).await?;
    sandbox.point_hooks_at(bot.address);

    let show = Show::new();
    show.opening(bot.address);
    let stage = Stage { scenes: scenes(&sandbox), store: Arc::clone(&bot.store), show: &show };
    let (wanted, stand) = stage.play().await;
    show.closing(bot.address, (wanted, stand), args.once);
    if !args.once {
        tokio::signal::ctrl_c().await.context("cannot wait for an interrupt")?;
    }
    bot.stop().await;
    sandbox.shutdown().await.context("the sandbox did not end well")?;
    Ok(if wanted == stand { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The trackers that the demo plays on, each with the three tickets in its own language.
fn scenes(sandbox: &Sandbox) -> Vec<Scene<'_>> {
    use demo::{azure_devops, jira};
    let scene = |title, tracker, [bug, feature, story]: [NewTicket; 3]| Scene { title, tracker, bug, feature, story };
    vec![
        scene("GitHub", &sandbox.github as _, [demo::bug(), demo::feature(), demo::story()]),
        scene("Jira", &sandbox.jira_cloud as _, [jira::bug(), jira::feature(), jira::story()]),
        scene(
            "Azure DevOps",
            &sandbox.azure as _,
            [azure_devops::bug(), azure_devops::feature(), azure_devops::story()],
        ),
    ]
}

/// Text in any tracker's dialect as safe HTML, for the sandbox's pages.
fn rendered(text: Source<'_>) -> String {
    to_html(&match text {
        Source::Markdown(text) => markdown::parse(text),
        Source::Wiki(text) => wiki::read(text),
        Source::Adf(document) => adf::read(document),
        Source::Html(text) => html::read(text),
    })
}

/// The usual address, or a free one.
async fn listen() -> anyhow::Result<TcpListener> {
    match TcpListener::bind(USUAL).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind("127.0.0.1:0").await.context("cannot listen on 127.0.0.1"),
    }
}

/// Writes and reads a configuration such as a team would write.
fn configure(folder: &Path, sandbox: &Sandbox, port: u16) -> anyhow::Result<Config> {
    let connections = sandbox.connections(folder).context("cannot write the app's key")?;
    let file = folder.join("planwright.toml");
    let text = format!("{}{connections}{}", general(folder, port), repository(folder, sandbox));
    write_private(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(load(&Sources { files: vec![file], env: Default::default(), read_secrets: true })?)
}

/// Everything that concerns no tracker.
fn general(folder: &Path, port: u16) -> String {
    let folder = folder.display();
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

"#
    )
}

/// The shop's repository, which all tickets belong to.
fn repository(folder: &Path, sandbox: &Sandbox) -> String {
    let (folder, repository) = (folder.display(), demo::REPOSITORY);
    let (base, tickets) = (sandbox.github.base_url(), sandbox.tickets());
    format!(
        r#"
[[repositories]]
name = "shop"
url = "{folder}/{repository}.git"
tickets = {tickets}
web = {{ style = "github", base = "{base}/{repository}" }}
"#
    )
}
