//! How each kind of tracker does what all of them do.

use async_trait::async_trait;

use super::{Common, Deed, Step};
use crate::sandbox::{
    AzureDevOps, GitHub, JiraSite,
    acts::{Commented, Opened, Telling},
    azure_devops::{self, Azure},
    deliver::Sent,
    github::{self, Hub},
    handle::Handle,
    jira::{self, Jira},
    world::{NewTicket, TicketKey},
};

#[async_trait]
impl Common for Hub {
    fn name(_: &GitHub) -> &'static str {
        "github"
    }

    fn project(_: &GitHub) -> &'static str {
        "acme/shop"
    }

    fn endpoint(_: &GitHub, step: Step) -> Option<github::Endpoint> {
        use github::Endpoint as E;
        Some(match step {
            Step::Identity => E::App,
            Step::GetTicket => E::Issue,
            Step::ListComments => E::ListComments,
            Step::CreateComment => E::CreateComment,
            Step::GetComment => E::GetComment,
            Step::EditComment => E::EditComment,
            Step::DeleteComment => E::DeleteComment,
            Step::Permission => E::Permission,
            Step::Acknowledge => E::ReactToComment,
        })
    }

    fn ticket_id(github: &GitHub, ticket: &TicketKey) -> Option<String> {
        github.issue(ticket).map(|issue| issue.key.to_string())
    }

    fn comment_id(github: &GitHub, ticket: &TicketKey, comment: u64) -> Option<String> {
        github.issue(ticket)?.comments.iter().find(|there| there.id == comment).map(|there| there.id.to_string())
    }

    fn person_id(github: &GitHub, login: &str) -> Option<String> {
        github.world(|world| world.user(login).map(|user| user.login.clone()))
    }

    fn bot_login(github: &GitHub) -> &'static str {
        github.bot_login()
    }

    fn ticket_url(github: &GitHub, ticket: &TicketKey) -> String {
        github.issue_url(ticket)
    }

    fn comment_url(github: &GitHub, ticket: &TicketKey, comment: u64) -> String {
        github.comment_url(ticket, comment)
    }

    fn set_hook(github: &GitHub, url: Option<&str>) {
        match url {
            Some(url) => github.set_hook(url),
            None => github.clear_hook(),
        }
    }

    async fn open(github: &GitHub, project: &str, new: NewTicket, by: &str) -> Opened {
        github.open_issue(project, new, by).await
    }

    async fn comment(github: &GitHub, ticket: &TicketKey, body: &str, by: &str) -> Commented {
        let made = github.comment(ticket, body, by).await;
        Commented { comment: made.comment, sent: vec![made.sent] }
    }

    async fn act(github: &GitHub, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent> {
        vec![match deed {
            Deed::Label(label) => github.add_label(ticket, label, by).await,
            Deed::Unlabel(label) => github.remove_label(ticket, label, by).await,
            Deed::Retype(kind) => github.set_type(ticket, kind, by).await,
            Deed::Retitle(title) => github.edit_issue(ticket, Some(title), None, by).await,
            Deed::Describe(body) | Deed::Accept(body) => github.edit_issue(ticket, None, Some(body), by).await,
            Deed::EditComment(comment, body) => github.edit_comment(ticket, comment, body, by).await,
            Deed::RemoveComment(comment) => github.remove_comment(ticket, comment, by).await,
            Deed::Delete => github.delete_issue(ticket, by).await,
        }]
    }

    /// GitHub never sends again by itself.
    async fn retry_failed(_: &GitHub) -> Vec<Sent> {
        Vec::new()
    }
}

/// Does something to a ticket of a tracker that tells by difference.
async fn act<K: Telling>(tracker: &Handle<K>, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent> {
    match deed {
        Deed::Label(label) => tracker.add_label(ticket, label, by).await,
        Deed::Unlabel(label) => tracker.remove_label(ticket, label, by).await,
        Deed::Retype(kind) => tracker.set_type(ticket, kind, by).await,
        Deed::Retitle(title) => tracker.edit_issue(ticket, Some(title), None, by).await,
        Deed::Describe(body) => tracker.edit_issue(ticket, None, Some(body), by).await,
        Deed::Accept(text) => tracker.change(ticket, by, |ticket| ticket.acceptance = Some(text.to_owned())).await,
        Deed::EditComment(comment, body) => tracker.edit_comment(ticket, comment, body, by).await,
        Deed::RemoveComment(comment) => tracker.remove_comment(ticket, comment, by).await,
        Deed::Delete => tracker.delete_issue(ticket, by).await,
    }
}

#[async_trait]
impl Common for Jira {
    fn name(jira: &JiraSite) -> &'static str {
        match jira.flavour() {
            jira::Flavour::Cloud => "jira_cloud",
            jira::Flavour::DataCenter => "jira_dc",
        }
    }

    fn project(_: &JiraSite) -> &'static str {
        "SHOP"
    }

    fn endpoint(jira: &JiraSite, step: Step) -> Option<jira::Endpoint> {
        use jira::Endpoint as E;
        Some(match step {
            Step::Identity => E::Myself,
            Step::GetTicket => E::Issue,
            Step::ListComments => E::ListComments,
            Step::CreateComment => E::CreateComment,
            Step::GetComment => E::GetComment,
            Step::EditComment => E::EditComment,
            Step::DeleteComment => E::DeleteComment,
            Step::Permission if jira.flavour() == jira::Flavour::Cloud => E::CheckPermissions,
            Step::Permission => E::UsersWithPermissions,
            // Jira has no reactions that its documentation tells of.
            Step::Acknowledge => return None,
        })
    }

    fn ticket_id(jira: &JiraSite, ticket: &TicketKey) -> Option<String> {
        jira.issue(ticket).map(|issue| issue.id.to_string())
    }

    fn comment_id(jira: &JiraSite, ticket: &TicketKey, comment: u64) -> Option<String> {
        jira.issue(ticket)?.comments.iter().find(|there| there.id == comment).map(|there| there.id.to_string())
    }

    fn person_id(jira: &JiraSite, login: &str) -> Option<String> {
        jira.person_id(login)
    }

    fn bot_login(jira: &JiraSite) -> &'static str {
        jira.bot_login()
    }

    fn ticket_url(jira: &JiraSite, ticket: &TicketKey) -> String {
        jira.issue_url(ticket)
    }

    fn comment_url(jira: &JiraSite, ticket: &TicketKey, comment: u64) -> String {
        jira.comment_url(ticket, comment)
    }

    fn set_hook(jira: &JiraSite, url: Option<&str>) {
        match url {
            Some(url) => jira.set_hook(url),
            None => jira.clear_hook(),
        }
    }

    async fn open(jira: &JiraSite, project: &str, new: NewTicket, by: &str) -> Opened {
        jira.open_issue(project, new, by).await
    }

    async fn comment(jira: &JiraSite, ticket: &TicketKey, body: &str, by: &str) -> Commented {
        jira.comment(ticket, body, by).await
    }

    async fn act(jira: &JiraSite, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent> {
        act(jira, ticket, deed, by).await
    }

    async fn retry_failed(jira: &JiraSite) -> Vec<Sent> {
        jira.retry_failed().await
    }
}

#[async_trait]
impl Common for Azure {
    fn name(azure: &AzureDevOps) -> &'static str {
        match azure.flavour() {
            azure_devops::Flavour::Services => "azure_services",
            azure_devops::Flavour::Server => "azure_server",
        }
    }

    fn project(_: &AzureDevOps) -> &'static str {
        "Shop"
    }

    fn endpoint(_: &AzureDevOps, step: Step) -> Option<azure_devops::Endpoint> {
        use azure_devops::Endpoint as E;
        Some(match step {
            Step::Identity => E::ConnectionData,
            Step::GetTicket => E::WorkItem,
            Step::ListComments => E::ListComments,
            Step::CreateComment => E::CreateComment,
            Step::GetComment => E::GetComment,
            Step::EditComment => E::EditComment,
            Step::DeleteComment => E::DeleteComment,
            Step::Permission => E::Identities,
            Step::Acknowledge => E::React,
        })
    }

    fn ticket_id(azure: &AzureDevOps, ticket: &TicketKey) -> Option<String> {
        azure.work_item_id(ticket).map(|id| id.to_string())
    }

    fn comment_id(azure: &AzureDevOps, ticket: &TicketKey, comment: u64) -> Option<String> {
        azure.comment_id(ticket, comment).map(|id| id.to_string())
    }

    fn person_id(azure: &AzureDevOps, login: &str) -> Option<String> {
        Some(azure.person_id(login))
    }

    fn bot_login(azure: &AzureDevOps) -> &'static str {
        azure.bot_login()
    }

    fn ticket_url(azure: &AzureDevOps, ticket: &TicketKey) -> String {
        azure.issue_url(ticket)
    }

    fn comment_url(azure: &AzureDevOps, ticket: &TicketKey, comment: u64) -> String {
        azure.comment_url(ticket, comment)
    }

    fn set_hook(azure: &AzureDevOps, url: Option<&str>) {
        match url {
            Some(url) => azure.set_hook(url),
            None => azure.clear_hook(),
        }
    }

    async fn open(azure: &AzureDevOps, project: &str, new: NewTicket, by: &str) -> Opened {
        azure.open_issue(project, new, by).await
    }

    async fn comment(azure: &AzureDevOps, ticket: &TicketKey, body: &str, by: &str) -> Commented {
        azure.comment(ticket, &typed(body), by).await
    }

    async fn act(azure: &AzureDevOps, ticket: &TicketKey, deed: Deed<'_>, by: &str) -> Vec<Sent> {
        act(azure, ticket, deed, by).await
    }

    async fn retry_failed(azure: &AzureDevOps) -> Vec<Sent> {
        azure.retry_failed().await
    }
}

/// Text as the editor of Azure DevOps makes HTML of it: a block for each line.
fn typed(text: &str) -> String {
    let escape = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let block = |line: &str| match line {
        "" => "<div><br></div>".to_owned(),
        line => format!("<div>{}</div>", escape(line)),
    };
    text.lines().map(block).collect()
}
