//! The trackers of the demo and of the tests: real HTTP from a world of tickets.
//!
//! In: a [`World`] of people, projects and tickets, and the acts of its people. Out: a tracker's REST interface on
//! loopback whose every answer is derived from the world, and signed deliveries to the configured hook.
//! Never shares code or types with the adapters under `trackers`: what tests them is written from the vendors' pages.

mod connection;
pub mod demo;
mod fast_import;
pub mod github;
pub mod model;
pub mod scale;
pub mod shop;
pub mod world;

use std::{io, sync::Arc};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};

pub use github::GitHub;
pub use world::{NewTicket, Role, TicketKey, World};

/// A running sandbox. It closes when dropped; [`Sandbox::shutdown`] also waits for that.
pub struct Sandbox {
    /// The sandbox's GitHub.
    pub github: GitHub,
    closing: DropGuard,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Serves the world on free ports of 127.0.0.1.
    pub async fn start(world: World) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let closing = CancellationToken::new();
        let github = GitHub::new(Arc::new(github::Site::new(world, base_url, closing.clone())));
        let app = github::router(&github);
        let done = closing.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            let service = app.into_make_service_with_connect_info::<connection::Cut>();
            axum::serve(connection::Cuttable(listener), service).with_graceful_shutdown(done).await
        });
        Ok(Self { github, closing: closing.drop_guard(), server })
    }

    /// Cuts the requests that hang, answers the others and stops listening.
    pub async fn shutdown(self) -> io::Result<()> {
        drop(self.closing);
        self.server.await.map_err(io::Error::other)?
    }
}
