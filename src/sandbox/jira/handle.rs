//! The handle on a Jira of the sandbox: what a client needs to know, and how deliveries go out.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::Value;

use super::{Flavour, Jira, JiraSite, Own, WEBHOOK_SECRET, auth, json, tell};
use crate::sandbox::{
    deliver::Sent,
    page::{Render, unrendered},
    site::{Ground, Site},
    world::TicketKey,
};

/// How often Cloud tries again.
const RETRIES: u32 = 5;

/// What a client needs to know.
impl JiraSite {
    /// A Jira on this ground at this host.
    pub(in crate::sandbox) fn at(ground: &Arc<Ground>, host: &str, flavour: Flavour) -> Self {
        let own = Own {
            flavour,
            hook: None,
            secret: Some(WEBHOOK_SECRET.to_owned()),
            documents: BTreeMap::new(),
            properties: BTreeMap::new(),
            remote_links: BTreeMap::new(),
            desks: BTreeSet::new(),
            customers: BTreeSet::new(),
            render: unrendered,
        };
        let jira = Self::new(Site::<Jira>::new(ground, format!("{host}{}", flavour.context()), own));
        jira.world(tell::settle);
        jira
    }

    /// Whether it is Cloud or Data Center.
    pub fn flavour(&self) -> Flavour {
        self.site.with(|state| state.own.flavour)
    }

    /// The login of the bot's account, whose API token or personal access token is [`Handle::token_of`] it.
    pub fn bot_login(&self) -> &'static str {
        auth::BOT
    }

    /// The e-mail address of a person's account.
    pub fn email_of(&self, login: &str) -> String {
        auth::email(login)
    }

    /// What names a person over the interface: the account id on Cloud, the key on Data Center.
    pub fn person_id(&self, login: &str) -> Option<String> {
        self.site.with(|state| {
            let user = state.world.user(login)?;
            Some(match state.own.flavour {
                Flavour::Cloud => json::account_id(login),
                Flavour::DataCenter => json::user_key(user),
            })
        })
    }

    /// An issue's key: `SHOP-7`.
    pub fn issue_key(&self, issue: &TicketKey) -> String {
        format!("{}-{}", issue.project, issue.number)
    }

    /// The address of an issue's page.
    pub fn issue_url(&self, issue: &TicketKey) -> String {
        format!("{}/browse/{}", self.site.base, self.issue_key(issue))
    }

    /// The address of a comment on an issue's page.
    pub fn comment_url(&self, issue: &TicketKey, comment: u64) -> String {
        format!("{}#comment-{comment}", self.issue_url(issue))
    }

    /// A comment's document, where it came as one and was not changed otherwise since.
    pub fn document(&self, issue: &TicketKey, comment: u64) -> Option<Value> {
        self.site.with(|state| {
            let comment = state.world.ticket(issue)?.comments.iter().find(|there| there.id == comment)?;
            state.own.document_of(comment).cloned()
        })
    }

    /// A comment's properties.
    pub fn properties(&self, comment: u64) -> BTreeMap<String, Value> {
        self.site.with(|state| state.own.properties.get(&comment).cloned().unwrap_or_default())
    }

    /// The remote links of an issue, as clients sent them.
    pub fn remote_links(&self, issue: &TicketKey) -> Vec<Value> {
        self.site.with(|state| {
            let links = state.own.remote_links.get(issue).map_or(&[][..], Vec::as_slice);
            links.iter().map(|link| link.shown.clone()).collect()
        })
    }

    /// Makes a project a service desk.
    pub fn make_service_desk(&self, project: &str) {
        self.site.with(|state| state.own.desks.insert(project.to_owned()));
    }

    /// Makes a person a customer of the service desks.
    pub fn make_customer(&self, login: &str) {
        self.site.with(|state| state.own.customers.insert(login.to_owned()));
    }

    /// Shows text on the pages by this function, which must give safe HTML.
    pub fn render_pages_by(&self, render: Render) {
        self.site.with(|state| state.own.render = render);
    }
}

/// How deliveries go out.
impl JiraSite {
    /// Sends deliveries to this address from now on.
    pub fn set_hook(&self, url: impl Into<String>) {
        let url = url.into();
        self.site.with(|state| state.own.hook = Some(url));
    }

    /// Sends deliveries nowhere from now on: they are kept as failed.
    pub fn clear_hook(&self) {
        self.site.with(|state| state.own.hook = None);
    }

    /// What signs the deliveries; none where they are not signed.
    pub fn webhook_secret(&self) -> Option<String> {
        self.site.with(|state| state.own.secret.clone())
    }

    /// Signs deliveries with another secret from now on, or no more.
    pub fn set_webhook_secret(&self, secret: Option<&str>) {
        self.site.with(|state| state.own.secret = secret.map(str::to_owned));
    }

    /// Sends again what Jira sends again after some minutes: deliveries that last were answered by 408, 409, 425, 429,
    /// 5xx or not at all, each at most five times, under the same identifier.
    pub async fn retry_failed(&self) -> Vec<Sent> {
        self.site.perform(|state| state.make_failed_again(RETRIES, tell::is_retried)).await.1
    }
}
