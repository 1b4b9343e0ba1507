//! The trackers of the demo and of the tests: real HTTP from a world of tickets.
//!
//! In: a [`World`] of people, projects and tickets, and the acts of its people. Out: a tracker's REST interface on
//! loopback whose every answer is derived from the world, and signed deliveries to the configured hook.
//! Never shares code or types with the adapters under `trackers`: what tests them is written from the vendors' pages.

mod acts;
mod answer;
pub mod azure_devops;
mod call;
mod code;
mod connection;
mod deliver;
pub mod demo;
mod exchange;
mod fast_import;
mod faults;
mod form;
pub mod github;
mod handle;
pub mod history;
pub mod jira;
mod kind;
pub mod model;
mod page;
pub mod scale;
pub mod settings;
pub mod shop;
mod site;
mod state;
mod time;
mod tracker;
pub mod world;

use std::io;

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};

pub use acts::{Commented, Opened};
pub use azure_devops::AzureDevOps;
pub use deliver::Sent;
pub use faults::{Fault, Gate, Reveal};
pub use github::GitHub;
pub use jira::JiraSite;
pub use page::{Render, Source};
use site::Ground;
pub use state::{Writing, Written};
pub use tracker::{Deed, SandboxTracker, Step};
pub use world::{NewTicket, Role, TicketKey, World};

/// A running sandbox. It closes when dropped; [`Sandbox::shutdown`] also waits for that.
///
/// All trackers show one world. A project is on every tracker that its name suits: `acme/shop` on GitHub, `SHOP` on both
/// Jiras and, as is `Shop`, on both of Azure DevOps. What is done on a tracker is told by this tracker's deliveries alone.
pub struct Sandbox {
    pub github: GitHub,
    pub jira_cloud: JiraSite,
    pub jira_dc: JiraSite,
    /// Services.
    pub azure: AzureDevOps,
    /// Server 2022, whose interface ends at 7.0.
    pub azure_server: AzureDevOps,
    closing: DropGuard,
    servers: Vec<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Serves the world on free ports of 127.0.0.1, one for each tracker.
    pub async fn start(world: World) -> io::Result<Self> {
        let closing = CancellationToken::new();
        let ground = Ground::new(world, closing.clone());
        let [hub, cloud, dc] = [listen().await?, listen().await?, listen().await?];
        let [services, server] = [listen().await?, listen().await?];
        let github = GitHub::at(&ground, hub.1);
        let jira_cloud = JiraSite::at(&ground, &cloud.1, jira::Flavour::Cloud);
        let jira_dc = JiraSite::at(&ground, &dc.1, jira::Flavour::DataCenter);
        let azure = AzureDevOps::at(&ground, &services.1, azure_devops::Flavour::Services);
        let azure_server = AzureDevOps::at(&ground, &server.1, azure_devops::Flavour::Server);
        let apps = [
            (hub.0, github::router(&github)),
            (cloud.0, jira::router(&jira_cloud)),
            (dc.0, jira::router(&jira_dc)),
            (services.0, azure_devops::router(&azure)),
            (server.0, azure_devops::router(&azure_server)),
        ];
        let servers = apps.map(|(listener, app)| serve(listener, app, closing.clone())).into();
        Ok(Self { github, jira_cloud, jira_dc, azure, azure_server, closing: closing.drop_guard(), servers })
    }

    /// Every tracker, for what is done on all of them.
    pub fn trackers(&self) -> [&dyn SandboxTracker; 5] {
        [&self.github, &self.jira_cloud, &self.jira_dc, &self.azure, &self.azure_server]
    }

    /// Cuts the requests that hang, answers the others and stops listening.
    pub async fn shutdown(self) -> io::Result<()> {
        drop(self.closing);
        for server in self.servers {
            server.await.map_err(io::Error::other)??;
        }
        Ok(())
    }
}

/// A listener on a free port, and its address.
async fn listen() -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    Ok((listener, address))
}

fn serve(listener: TcpListener, app: Router, closing: CancellationToken) -> JoinHandle<io::Result<()>> {
    tokio::spawn(async move {
        let service = app.into_make_service_with_connect_info::<connection::Cut>();
        axum::serve(connection::Cuttable(listener), service).with_graceful_shutdown(closing.cancelled_owned()).await
    })
}
