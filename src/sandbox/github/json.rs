//! The JSON of GitHub's REST interface and webhooks, derived from the world.
//!
//! In: the world and what to show of it. Out: values with the fields of GitHub's recorded payloads. Reads only.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{app, time::iso};
use crate::sandbox::world::{Comment, Label, Project, Reactions, Role, Ticket, TicketKey, User, World};

/// The contents of reactions, in GitHub's order.
pub(super) const REACTIONS: [&str; 8] = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

/// Shows parts of a world as GitHub would.
#[derive(Clone, Copy)]
pub(super) struct Show<'a> {
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

    /// The organization or account that owns a project.
    fn owner(&self, project: &Project) -> Value {
        let owner = owner_of(project);
        if let Some(user) = self.world.user(owner) {
            return self.account(user);
        }
        let id = project.id ^ 0x0fff_ffff;
        let organization = User { id, login: owner.to_owned(), name: owner.to_owned(), is_bot: false, token: None };
        let mut account = self.account(&organization);
        account["type"] = "Organization".into();
        account["node_id"] = node_id("Organization", id).into();
        account
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

    /// A repository in full.
    pub fn repository(&self, project: &Project) -> Value {
        let mut repository = self.repository_links(project);
        let issues = self.world.tickets().filter(|t| t.key.project == project.name && t.closed_at.is_none()).count();
        let fields = json!({
            "id": project.id,
            "node_id": node_id("Repository", project.id),
            "name": name_of(project),
            "full_name": project.name,
            "private": project.private,
            "owner": self.owner(project),
            "description": project.description,
            "fork": false,
            "created_at": iso(project.created_at),
            "updated_at": iso(project.created_at),
            "pushed_at": iso(project.created_at),
            "homepage": null,
            "size": 0,
            "stargazers_count": 0,
            "watchers_count": 0,
            "language": "Rust",
            "has_issues": true,
            "has_projects": true,
            "has_downloads": true,
            "has_wiki": true,
            "has_pages": false,
            "forks_count": 0,
            "mirror_url": null,
            "archived": false,
            "disabled": false,
            "open_issues_count": issues,
            "license": null,
            "forks": 0,
            "open_issues": issues,
            "watchers": 0,
            "default_branch": project.default_branch,
            "is_template": false,
            "topics": [],
            "visibility": if project.private { "private" } else { "public" },
            "web_commit_signoff_required": false,
            "custom_properties": {}
        });
        merge(&mut repository, fields);
        repository
    }

    fn repository_links(&self, project: &Project) -> Value {
        const PARTS: [(&str, &str); 36] = [
            ("forks", "forks"),
            ("keys", "keys{/key_id}"),
            ("collaborators", "collaborators{/collaborator}"),
            ("teams", "teams"),
            ("hooks", "hooks"),
            ("issue_events", "issues/events{/number}"),
            ("events", "events"),
            ("assignees", "assignees{/user}"),
            ("branches", "branches{/branch}"),
            ("tags", "tags"),
            ("blobs", "git/blobs{/sha}"),
            ("git_tags", "git/tags{/sha}"),
            ("git_refs", "git/refs{/sha}"),
            ("trees", "git/trees{/sha}"),
            ("statuses", "statuses/{sha}"),
            ("languages", "languages"),
            ("stargazers", "stargazers"),
            ("contributors", "contributors"),
            ("subscribers", "subscribers"),
            ("subscription", "subscription"),
            ("commits", "commits{/sha}"),
            ("git_commits", "git/commits{/sha}"),
            ("comments", "comments{/number}"),
            ("issue_comment", "issues/comments{/number}"),
            ("contents", "contents/{+path}"),
            ("compare", "compare/{base}...{head}"),
            ("merges", "merges"),
            ("archive", "{archive_format}{/ref}"),
            ("downloads", "downloads"),
            ("issues", "issues{/number}"),
            ("pulls", "pulls{/number}"),
            ("milestones", "milestones{/number}"),
            ("notifications", "notifications{?since,all,participating}"),
            ("labels", "labels{/name}"),
            ("releases", "releases{/id}"),
            ("deployments", "deployments"),
        ];
        let (page, url) = (format!("{}/{}", self.base, project.name), format!("{}/repos/{}", self.base, project.name));
        let mut links = Map::new();
        for (name, path) in PARTS {
            links.insert(format!("{name}_url"), format!("{url}/{path}").into());
        }
        links.insert("html_url".to_owned(), page.clone().into());
        links.insert("clone_url".to_owned(), format!("{page}.git").into());
        links.insert("git_url".to_owned(), format!("{}.git", page.replacen("http", "git", 1)).into());
        links.insert("ssh_url".to_owned(), format!("git@localhost:{}.git", project.name).into());
        links.insert("svn_url".to_owned(), page.into());
        links.insert("url".to_owned(), url.into());
        Value::Object(links)
    }

    /// The sandbox's app.
    pub fn app(&self) -> Value {
        json!({
            "id": app::ID,
            "slug": app::SLUG,
            "node_id": node_id("App", app::ID),
            "client_id": app::CLIENT_ID,
            "owner": self.user(app::BOT),
            "name": "Planwright in the sandbox",
            "description": "Answers issues with implementation plans",
            "external_url": self.base,
            "html_url": format!("{}/apps/{}", self.base, app::SLUG),
            "created_at": iso(app::CREATED_MS),
            "updated_at": iso(app::CREATED_MS),
            "permissions": app::permissions(),
            "events": app::EVENTS
        })
    }

    /// The installation of the app, on all repositories of its owner.
    pub fn installation(&self, project: Option<&Project>) -> Value {
        json!({
            "id": app::INSTALLATION,
            "account": project.or_else(|| self.world.projects().next()).map(|project| self.owner(project)),
            "repository_selection": "all",
            "access_tokens_url": format!("{}/app/installations/{}/access_tokens", self.base, app::INSTALLATION),
            "repositories_url": format!("{}/installation/repositories", self.base),
            "html_url": format!("{}/settings/installations/{}", self.base, app::INSTALLATION),
            "app_id": app::ID,
            "app_slug": app::SLUG,
            "target_type": "Organization",
            "permissions": app::permissions(),
            "events": app::EVENTS,
            "created_at": iso(app::CREATED_MS),
            "updated_at": iso(app::CREATED_MS),
            "single_file_name": null,
            "suspended_by": null,
            "suspended_at": null
        })
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

/// The part of `owner/repo` before the slash.
fn owner_of(project: &Project) -> &str {
    project.name.split('/').next().unwrap_or_default()
}

/// The part of `owner/repo` after the slash.
fn name_of(project: &Project) -> &str {
    project.name.split('/').nth(1).unwrap_or_default()
}

/// GitHub's older form of node ids: base64 of the type's length, the type and the id.
pub(super) fn node_id(kind: &str, id: u64) -> String {
    STANDARD.encode(format!("{:02}:{kind}{id}", kind.len()))
}

fn merge(into: &mut Value, fields: Value) {
    if let (Value::Object(into), Value::Object(fields)) = (into, fields) {
        into.extend(fields);
    }
}
