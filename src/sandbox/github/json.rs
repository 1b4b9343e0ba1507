//! The JSON of GitHub's REST interface and webhooks, derived from the world.
//!
//! In: the world and what to show of it. Out: values with the fields of GitHub's recorded payloads. Reads only.

mod repository;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use repository::owner_of;

use crate::sandbox::{
    time::iso,
    world::{Comment, Label, Project, Reactions, Role, Ticket, TicketKey, User, World},
};

/// The contents of reactions, in GitHub's order.
pub const REACTIONS: [&str; 8] = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

/// Shows parts of a world as GitHub would.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    pub world: &'a World,
    /// Where the interface is, without a slash at the end. Pages are on the same host.
    pub base: &'a str,
}

impl Show<'_> {
    /// A user by login; a ghost where the account is gone.
    pub fn user(&self, login: &str) -> Value {
        self.world.user(login).map_or(Value::Null, |user| self.account(user))
    }

    fn account(&self, user: &User) -> Value {
        let (base, login) = (self.base, user.login.as_str());
        let encoded = login.replace('[', "%5B").replace(']', "%5D");
        let api = format!("{base}/users/{encoded}");
        let page = match login.strip_suffix("[bot]") {
            Some(slug) => format!("{base}/apps/{slug}"),
            None => format!("{base}/{login}"),
        };
        json!({
            "login": login,
            "id": user.id,
            "node_id": node_id("User", user.id),
            "avatar_url": format!("{base}/avatars/u/{}?v=4", user.id),
            "gravatar_id": "",
            "url": api,
            "html_url": page,
            "followers_url": format!("{api}/followers"),
            "following_url": format!("{api}/following{{/other_user}}"),
            "gists_url": format!("{api}/gists{{/gist_id}}"),
            "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
            "subscriptions_url": format!("{api}/subscriptions"),
            "organizations_url": format!("{api}/orgs"),
            "repos_url": format!("{api}/repos"),
            "events_url": format!("{api}/events{{/privacy}}"),
            "received_events_url": format!("{api}/received_events"),
            "type": if user.is_bot { "Bot" } else { "User" },
            "user_view_type": "public",
            "site_admin": false
        })
    }

    /// A label as the project defines it.
    pub fn label(&self, project: &Project, label: &Label) -> Value {
        let name = label.name.replace('%', "%25").replace(' ', "%20").replace('/', "%2F");
        json!({
            "id": label.id,
            "node_id": node_id("Label", label.id),
            "url": format!("{}/repos/{}/labels/{name}", self.base, project.name),
            "name": label.name,
            "color": label.color,
            "default": false,
            "description": label.description
        })
    }

    /// A label by name; null where the project does not define it.
    pub fn label_named(&self, project: &Project, name: &str) -> Value {
        let label = project.labels.iter().find(|label| label.name == name);
        label.map_or(Value::Null, |label| self.label(project, label))
    }

    /// An issue in full.
    pub fn issue(&self, project: &Project, ticket: &Ticket) -> Value {
        let mut issue = self.issue_links(&ticket.key);
        let labels = ticket.labels.iter().map(|name| self.label_named(project, name));
        let assignees: Vec<Value> = ticket.assignees.iter().map(|login| self.user(login)).collect();
        let fields = json!({
            "id": ticket.id,
            "node_id": node_id("Issue", ticket.id),
            "number": ticket.key.number,
            "title": ticket.title,
            "user": self.user(&ticket.author),
            "labels": labels.collect::<Vec<_>>(),
            "state": if ticket.closed_at.is_some() { "closed" } else { "open" },
            "state_reason": ticket.closed_at.map(|_| "completed"),
            "locked": ticket.locked,
            "assignee": assignees.first().cloned(),
            "assignees": assignees,
            "milestone": null,
            "comments": ticket.comments.len(),
            "created_at": iso(ticket.created_at),
            "updated_at": iso(ticket.updated_at),
            "closed_at": ticket.closed_at.map(iso),
            "author_association": self.association(project, &ticket.author),
            "type": ticket.kind.as_deref().map(|kind| issue_type(project, kind)),
            "active_lock_reason": null,
            "sub_issues_summary": self.sub_issues_summary(&ticket.key),
            "body": ticket.body,
            "reactions": self.reactions(&ticket.reactions, issue["url"].as_str().unwrap_or_default()),
            "performed_via_github_app": null
        });
        merge(&mut issue, fields);
        if ticket.is_pull_request {
            let url = format!("{}/repos/{}/pulls/{}", self.base, ticket.key.project, ticket.key.number);
            issue["pull_request"] = json!({ "url": url, "merged_at": null });
        }
        if let Some(parent) = &ticket.parent {
            issue["parent_issue_url"] =
                format!("{}/repos/{}/issues/{}", self.base, parent.project, parent.number).into();
        }
        issue
    }

    fn issue_links(&self, key: &TicketKey) -> Value {
        let (base, TicketKey { project, number }) = (self.base, key);
        let url = format!("{base}/repos/{project}/issues/{number}");
        json!({
            "url": url,
            "repository_url": format!("{base}/repos/{project}"),
            "labels_url": format!("{url}/labels{{/name}}"),
            "comments_url": format!("{url}/comments"),
            "events_url": format!("{url}/events"),
            "timeline_url": format!("{url}/timeline"),
            "html_url": self.page(key)
        })
    }

    /// The address of an issue's page.
    pub fn page(&self, key: &TicketKey) -> String {
        format!("{}/{}/issues/{}", self.base, key.project, key.number)
    }

    fn sub_issues_summary(&self, key: &TicketKey) -> Value {
        let total = self.world.children(key).count();
        let completed = self.world.children(key).filter(|child| child.closed_at.is_some()).count();
        let percent = (completed * 100).checked_div(total).unwrap_or(0);
        json!({ "total": total, "completed": completed, "percent_completed": percent })
    }

    /// A comment in full.
    pub fn comment(&self, project: &Project, key: &TicketKey, comment: &Comment) -> Value {
        let url = format!("{}/repos/{}/issues/comments/{}", self.base, project.name, comment.id);
        json!({
            "url": url,
            "html_url": format!("{}#issuecomment-{}", self.page(key), comment.id),
            "issue_url": format!("{}/repos/{}/issues/{}", self.base, key.project, key.number),
            "id": comment.id,
            "node_id": node_id("IssueComment", comment.id),
            "user": self.user(&comment.author),
            "created_at": iso(comment.created_at),
            "updated_at": iso(comment.updated_at),
            "author_association": self.association(project, &comment.author),
            "body": comment.body,
            "reactions": self.reactions(&comment.reactions, &url),
            "performed_via_github_app": comment.via_app.then(|| self.app())
        })
    }

    fn reactions(&self, reactions: &Reactions, url: &str) -> Value {
        let mut counts = Map::new();
        counts.insert("url".to_owned(), format!("{url}/reactions").into());
        counts.insert("total_count".to_owned(), reactions.len().into());
        for content in REACTIONS {
            let count = reactions.keys().filter(|(_, of)| of == content).count();
            counts.insert(content.to_owned(), count.into());
        }
        Value::Object(counts)
    }

    /// What someone may do in a repository. `permission` knows no triage and no maintain.
    pub fn permission(&self, project: &Project, login: &str) -> Value {
        let role = self.world.role(project, login);
        let permission = match role {
            Role::Triage => Role::Read,
            Role::Maintain => Role::Write,
            role => role,
        };
        json!({ "permission": permission.name(), "role_name": role.name(), "user": self.user(login) })
    }

    /// GitHub's word for the author's relation to the repository.
    fn association(&self, project: &Project, login: &str) -> &'static str {
        match project.roles.get(login) {
            _ if login == owner_of(project) => "OWNER",
            Some(Role::Admin) => "MEMBER",
            Some(role) if *role >= Role::Triage => "COLLABORATOR",
            _ => "NONE",
        }
    }
}

fn issue_type(project: &Project, kind: &str) -> Value {
    let place = project.types.iter().position(|known| known == kind).unwrap_or(project.types.len());
    let id = 25_390_101 + u64::try_from(place).unwrap_or_default();
    json!({
        "id": id,
        "node_id": node_id("IssueType", id),
        "name": kind,
        "description": null,
        "color": "blue",
        "is_enabled": true
    })
}

/// GitHub's older form of node ids: base64 of the type's length, the type and the id.
pub fn node_id(kind: &str, id: u64) -> String {
    STANDARD.encode(format!("{:02}:{kind}{id}", kind.len()))
}

fn merge(into: &mut Value, fields: Value) {
    if let (Value::Object(into), Value::Object(fields)) = (into, fields) {
        into.extend(fields);
    }
}
