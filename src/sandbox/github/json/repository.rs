//! The JSON of repositories, of the app and of its installation.

use serde_json::{Map, Value, json};

use super::{Show, merge, node_id};
use crate::sandbox::{
    github::app,
    time::iso,
    world::{Project, User},
};

impl Show<'_> {
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

    /// The organization or account that owns a project.
    fn owner(&self, project: &Project) -> Value {
        let owner = owner_of(project);
        if let Some(user) = self.world.user(owner) {
            return self.account(user);
        }
        let id = organization_id(project);
        let organization = User { id, login: owner.to_owned(), name: owner.to_owned(), is_bot: false, token: None };
        let mut account = self.account(&organization);
        account["type"] = "Organization".into();
        account["node_id"] = node_id("Organization", id).into();
        account
    }

    /// The organization that owns a project; none where a person does.
    pub fn organization(&self, project: &Project) -> Option<Value> {
        let login = owner_of(project);
        if self.world.user(login).is_some() {
            return None;
        }
        let (id, url) = (organization_id(project), format!("{}/orgs/{login}", self.base));
        Some(json!({
            "login": login,
            "id": id,
            "node_id": node_id("Organization", id),
            "url": url,
            "repos_url": format!("{url}/repos"),
            "events_url": format!("{url}/events"),
            "hooks_url": format!("{url}/hooks"),
            "issues_url": format!("{url}/issues"),
            "members_url": format!("{url}/members{{/member}}"),
            "public_members_url": format!("{url}/public_members{{/member}}"),
            "avatar_url": format!("{}/avatars/u/{id}?v=4", self.base),
            "description": ""
        }))
    }
}

/// An id that all projects of an owner share.
fn organization_id(project: &Project) -> u64 {
    owner_of(project).bytes().fold(61_000_000, |id, byte| id + u64::from(byte))
}

/// The part of `owner/repo` before the slash.
pub(super) fn owner_of(project: &Project) -> &str {
    project.name.split('/').next().unwrap_or_default()
}

/// The part of `owner/repo` after the slash.
fn name_of(project: &Project) -> &str {
    project.name.split('/').nth(1).unwrap_or_default()
}
