//! `planwright serve`: the bot, until it is told to stop.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing::info;

use super::ConfigArgs;
use crate::{
    app::{self, Roles},
    clock::SystemClock,
    telemetry::{self, Redactor},
};

/// Run the bot: receive deliveries, work on jobs, serve the pages.
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Address to listen on, instead of the configured one
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Parts that this process plays
    #[arg(long, value_enum, value_delimiter = ',', default_value = "receive,work,web")]
    role: Vec<Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    Receive,
    Work,
    Web,
}

/// Runs the command.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let config = args.config.load()?;
    let metrics = telemetry::init(&config.log, Redactor::new(config.secrets()))?;
    let address = args.listen.unwrap_or(config.server.listen);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}: choose another with --listen or server.listen"))?;
    let roles = Roles {
        receive: args.role.contains(&Role::Receive),
        work: args.role.contains(&Role::Work),
        web: args.role.contains(&Role::Web),
    };
    let running = app::start(&config, roles, listener, Arc::new(SystemClock), metrics).await?;
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => info!("told to stop"),
        _ = int.recv() => info!("interrupted"),
    }
    running.stop().await;
    info!("stopped");
    Ok(())
}
