//! A sandbox with one project on Jira and one on Azure DevOps, and clients of both.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderMap;
use planwright::sandbox::{AzureDevOps, JiraSite, NewTicket, Role, Sandbox, TicketKey, World, jira::Flavour};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::Value;

use super::fixture::{HandClock, START_MS};

pub const SHOP: &str = "SHOP";
pub const STORE: &str = "Store";

/// An answer, taken apart.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub async fn reply(request: RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Reply { status, headers, body: serde_json::from_str(&text).unwrap_or_default(), text }
}

pub struct Trackers {
    pub sandbox: Sandbox,
    pub http: Client,
    /// A story of `SHOP`, which is on both Jiras.
    pub issue: TicketKey,
    /// A bug of `Store`, which is on both of Azure DevOps.
    pub item: TicketKey,
}

impl Trackers {
    /// In both projects ana administers, ben writes, tri reads and labels; sam is a stranger.
    pub async fn start() -> Self {
        let mut world = World::new(Arc::new(HandClock::at(START_MS)));
        for (login, name) in [("ana", "Ana Duarte"), ("ben", "Ben Okafor"), ("tri", "Tri Nguyen"), ("sam", "Sam Roe")] {
            world.add_person(login, name);
        }
        for project in [SHOP, STORE] {
            let project = world.add_project(project);
            for (login, role) in [("ana", Role::Admin), ("ben", Role::Write), ("tri", Role::Triage)] {
                project.roles.insert(login.to_owned(), role);
            }
        }
        let ticket = |kind: &str| NewTicket {
            title: "Hold stock at checkout".into(),
            body: "Carts hold stock.".into(),
            kind: Some(kind.into()),
            acceptance: Some("Stock is held for ten minutes.".into()),
            ..NewTicket::default()
        };
        let issue = world.open(SHOP, ticket("Story"), "ben");
        let item = world.open(STORE, ticket("Bug"), "ben");
        let sandbox = Sandbox::start(world).await.unwrap();
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { sandbox, http, issue, item }
    }

    /// A request to a Jira as a person.
    pub fn jira(&self, jira: &JiraSite, login: &str, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/rest/api/{path}", jira.base_url()));
        let token = jira.token_of(login).unwrap();
        match jira.flavour() {
            Flavour::Cloud => request.basic_auth(jira.email_of(login), Some(token)),
            Flavour::DataCenter => request.bearer_auth(token),
        }
    }

    pub async fn jira_get(&self, jira: &JiraSite, login: &str, path: &str) -> Reply {
        reply(self.jira(jira, login, Method::GET, path)).await
    }

    /// A request to an Azure DevOps as a person, with a path behind the collection.
    pub fn azure(&self, azure: &AzureDevOps, login: &str, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/{path}", azure.base_url()));
        request.basic_auth("", azure.token_of(login))
    }

    pub async fn azure_get(&self, azure: &AzureDevOps, login: &str, path: &str) -> Reply {
        reply(self.azure(azure, login, Method::GET, path)).await
    }

    /// The path of the work item below its project.
    pub fn item_path(&self, rest: &str) -> String {
        let id = self.sandbox.azure.work_item_id(&self.item).unwrap();
        format!("{STORE}/_apis/wit/workItems/{id}{rest}")
    }
}

/// `Basic` with these credentials.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// The payload of the last delivery that a receiver got.
pub fn last(got: &[(HeaderMap, bytes::Bytes)]) -> Value {
    serde_json::from_slice(&got.last().unwrap().1).unwrap()
}
