//! The handle on the sandbox's Azure DevOps: what a client needs to know, and how deliveries go out.

use std::sync::Arc;

use super::{
    Azure, AzureDevOps, Flavour, Own, auth,
    comments::Format,
    hooks::{self, Details, Hook},
    json, tell,
};
use crate::sandbox::{
    deliver::Sent,
    page::Render,
    site::{Ground, Site},
    world::TicketKey,
};

/// The Basic user of deliveries.
const HOOK_USER: &str = "azure-devops";
/// How often a delivery is sent again.
const RETRIES: u32 = 8;

/// What a client needs to know.
impl AzureDevOps {
    /// An Azure DevOps on this ground at this host.
    pub(in crate::sandbox) fn at(ground: &Arc<Ground>, host: &str, flavour: Flavour) -> Self {
        let base = format!("{host}/{}", flavour.collection());
        let azure = Self::new(Site::<Azure>::new(ground, base, Own::new(flavour)));
        azure.world(|world| {
            if world.user(auth::BOT).is_none() {
                world.add_person(auth::BOT, "Planwright");
            }
        });
        azure
    }

    /// Whether it is Services or Server.
    pub fn flavour(&self) -> Flavour {
        self.site.with(|state| state.own.flavour)
    }

    /// The login of the bot's account, whose personal access token is [`Handle::token_of`] it.
    pub fn bot_login(&self) -> &'static str {
        auth::BOT
    }

    /// Where Entra gives out tokens.
    pub fn token_url(&self) -> String {
        let host = self.site.base.strip_suffix(self.flavour().collection()).unwrap_or(&self.site.base);
        format!("{host}{}/oauth2/v2.0/token", auth::TENANT)
    }

    /// The Entra tenant, the application's id and its secret.
    pub fn application(&self) -> (&'static str, &'static str, &'static str) {
        (auth::TENANT, auth::CLIENT_ID, auth::CLIENT_SECRET)
    }

    /// Ends all Entra tokens.
    pub fn expire_tokens(&self) {
        self.site.with(|state| state.own.tokens.expire());
    }

    /// How many Entra tokens were given out.
    pub fn tokens_issued(&self) -> u64 {
        self.site.with(|state| state.own.tokens.issued())
    }

    /// The id of a person's identity.
    pub fn person_id(&self, login: &str) -> String {
        json::user_id(login)
    }

    /// The number of a work item.
    pub fn work_item_id(&self, issue: &TicketKey) -> Option<u64> {
        self.site.with(|state| Some(state.world.ticket(issue)?.ordinal()))
    }

    /// The number of a comment that has this id in the world.
    pub fn comment_id(&self, issue: &TicketKey, comment: u64) -> Option<u64> {
        self.site.with(|state| {
            let ticket = state.world.ticket(issue)?;
            Some(ticket.comments.iter().find(|there| there.id == comment)?.ordinal())
        })
    }

    /// What a comment is written in.
    pub fn format_of(&self, issue: &TicketKey, comment: u64) -> Option<Format> {
        self.site.with(|state| {
            let ticket = state.world.ticket(issue)?;
            Some(state.own.format_of(ticket.comments.iter().find(|there| there.id == comment)?))
        })
    }

    /// Makes a work item's description hold Markdown, as its author can choose on Services.
    pub fn describe_in_markdown(&self, issue: &TicketKey) {
        self.site.with(|state| {
            if let Some(ticket) = state.world.ticket(issue) {
                let field = json::body_field(ticket).to_owned();
                state.own.markdown_fields.entry(issue.clone()).or_default().insert(field);
            }
        });
    }

    /// The address of a work item's page.
    pub fn issue_url(&self, issue: &TicketKey) -> String {
        let id = self.work_item_id(issue).unwrap_or_default();
        format!("{}/{}/_workitems/edit/{id}", self.site.base, issue.project)
    }

    /// The address of a comment on a work item's page.
    pub fn comment_url(&self, issue: &TicketKey, comment: u64) -> String {
        let id = self.comment_id(issue, comment).unwrap_or_default();
        format!("{}#comment-{id}", self.issue_url(issue))
    }

    /// The content of a page of a project's wiki.
    pub fn wiki_page(&self, project: &str, path: &str) -> Option<String> {
        let key = (project.to_owned(), path.to_owned());
        self.site.with(|state| state.own.pages.get(&key).map(|page| page.content.clone()))
    }

    /// The addresses that a work item is linked to.
    pub fn hyperlinks(&self, issue: &TicketKey) -> Vec<String> {
        self.site.with(|state| {
            let links = state.own.hyperlinks.get(issue).into_iter().flatten();
            links.filter_map(|link| link["url"].as_str().map(str::to_owned)).collect()
        })
    }

    /// Shows text on the pages by this function, which must give safe HTML.
    pub fn render_pages_by(&self, render: Render) {
        self.site.with(|state| state.own.render = render);
    }
}

/// How deliveries go out.
impl AzureDevOps {
    /// Sends deliveries to this address from now on.
    pub fn set_hook(&self, url: impl Into<String>) {
        let url = url.into();
        self.site.with(|state| {
            let password = state.own.password.clone();
            state.own.hook = Some(Hook { url, user: HOOK_USER.to_owned(), password });
        });
    }

    /// Sends deliveries nowhere from now on: they are kept as failed.
    pub fn clear_hook(&self) {
        self.site.with(|state| state.own.hook = None);
    }

    /// The Basic user and password of deliveries.
    pub fn hook_credentials(&self) -> (String, String) {
        self.site.with(|state| (HOOK_USER.to_owned(), state.own.password.clone()))
    }

    /// Sends deliveries with another password from now on.
    pub fn set_hook_password(&self, password: &str) {
        self.site.with(|state| {
            password.clone_into(&mut state.own.password);
            if let Some(hook) = &mut state.own.hook {
                password.clone_into(&mut hook.password);
            }
        });
    }

    /// Sends so much of a resource from now on.
    pub fn set_details(&self, details: Details) {
        self.site.with(|state| state.own.details = details);
    }

    /// Lets nobody view the subscriptions and their notifications from now on.
    pub fn hide_subscriptions(&self) {
        self.site.with(|state| state.own.hides_subscriptions = true);
    }

    /// The subscription to events of a type: `workitem.created`, `workitem.updated`, `workitem.commented`,
    /// `workitem.deleted`.
    pub fn subscription_id(&self, event: &str) -> String {
        tell::subscription_id(event)
    }

    /// Presses the Test button of the subscription to events of a type.
    pub async fn press_test(&self, event: &str) -> Vec<Sent> {
        self.send(event, &hooks::sample(event).to_string()).await
    }

    /// Sends again what Azure DevOps sends again within minutes: deliveries that last were answered by 408, 502, 503,
    /// 504 or not at all, each at most eight times, with the same ids.
    pub async fn retry_failed(&self) -> Vec<Sent> {
        self.site.perform(|state| state.make_failed_again(RETRIES, tell::is_retried)).await.1
    }
}
