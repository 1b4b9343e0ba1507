//! Who may do what over REST: bulk checks on Cloud, a search for users on both, project roles on both.
//!
//! Sources: "Permissions", "User search" and "Project roles" in the REST reference at developer.atlassian.com.

use serde_json::{Value, json};

use super::{
    auth::{self, email},
    call::{Desk, find},
    errors,
    flavour::Flavour,
    json::{account_id, user_key},
};
use crate::sandbox::{
    answer::{Answer, Outcome},
    world::{Project, Role, User},
};

/// Project permissions, with the least role that has them.
const PERMISSIONS: [(&str, Role); 14] = [
    ("BROWSE_PROJECTS", Role::Read),
    ("ADD_COMMENTS", Role::Read),
    ("CREATE_ISSUES", Role::Triage),
    ("ASSIGN_ISSUES", Role::Triage),
    ("EDIT_ISSUES", Role::Write),
    ("LINK_ISSUES", Role::Write),
    ("TRANSITION_ISSUES", Role::Write),
    ("WORK_ON_ISSUES", Role::Write),
    ("CREATE_ATTACHMENTS", Role::Write),
    ("RESOLVE_ISSUES", Role::Write),
    ("EDIT_ALL_COMMENTS", Role::Maintain),
    ("DELETE_ALL_COMMENTS", Role::Maintain),
    ("DELETE_ISSUES", Role::Maintain),
    ("ADMINISTER_PROJECTS", Role::Admin),
];

/// Names that permissions had before, which searches still take.
const OLDER: [(&str, &str); 8] = [
    ("BROWSE", "BROWSE_PROJECTS"),
    ("COMMENT_ISSUE", "ADD_COMMENTS"),
    ("CREATE_ISSUE", "CREATE_ISSUES"),
    ("EDIT_ISSUE", "EDIT_ISSUES"),
    ("ASSIGN_ISSUE", "ASSIGN_ISSUES"),
    ("TRANSITION_ISSUE", "TRANSITION_ISSUES"),
    ("DELETE_ISSUE", "DELETE_ISSUES"),
    ("PROJECT_ADMIN", "ADMINISTER_PROJECTS"),
];

/// Project roles: id, name, and the least and the highest role of the world that stands for it.
const ROLES: [(u64, &str, Role, Role); 3] = [
    (10_002, "Administrators", Role::Admin, Role::Admin),
    (10_100, "Developers", Role::Write, Role::Maintain),
    (10_101, "Users", Role::Read, Role::Triage),
];

impl Desk<'_> {
    /// `POST /permissions/check`, Cloud only. Asking about others needs *Administer Jira*.
    pub fn check_permissions(&self) -> Outcome {
        if self.flavour() == Flavour::DataCenter {
            return Err(errors::error(404, "null for uri: permissions/check"));
        }
        let sent = self.call.body_json()?;
        let asked = sent["accountId"].as_str().map_or_else(|| account_id(self.caller), str::to_owned);
        if asked != account_id(self.caller) && self.caller != auth::BOT {
            return Err(errors::error(403, "You do not have permission to check other users' permissions."));
        }
        let user = self.state.world.users().find(|user| account_id(&user.login) == asked);
        let granted =
            sent["projectPermissions"].as_array().into_iter().flatten().flat_map(|want| self.granted(user, want));
        Ok(Answer::ok(json!({ "projectPermissions": granted.collect::<Vec<_>>(), "globalPermissions": [] })))
    }

    /// Where the user has each of the permissions; those had nowhere are left out.
    fn granted(&self, user: Option<&User>, want: &Value) -> Vec<Value> {
        let numbers =
            |list: &Value| list.as_array().into_iter().flatten().filter_map(Value::as_u64).collect::<Vec<_>>();
        let (projects, issues) = (numbers(&want["projects"]), numbers(&want["issues"]));
        let has = |project: Option<&Project>, permission: &str| {
            user.zip(project).is_some_and(|(user, project)| self.has(&user.login, project, permission))
        };
        let mut granted = Vec::new();
        for permission in want["permissions"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let project_of = |id: u64| self.state.world.projects().find(|project| project.id == id);
            let home_of = |id: u64| self.state.world.project(&find(&self.state.world, &id.to_string())?.key.project);
            let projects: Vec<u64> = projects.iter().copied().filter(|id| has(project_of(*id), permission)).collect();
            let issues: Vec<u64> = issues.iter().copied().filter(|id| has(home_of(*id), permission)).collect();
            if !projects.is_empty() || !issues.is_empty() {
                granted.push(json!({ "permission": permission, "projects": projects, "issues": issues }));
            }
        }
        granted
    }

    /// `GET /mypermissions`, for the caller.
    pub fn my_permissions(&self) -> Outcome {
        let project = self.context()?;
        let asked = self.call.query.get("permissions");
        let mut all = serde_json::Map::new();
        for (n, (permission, _)) in PERMISSIONS.into_iter().enumerate() {
            if asked.is_some_and(|asked| asked.split(',').all(|one| one.trim() != permission)) {
                continue;
            }
            let shown = json!({
                "id": (10 + n).to_string(),
                "key": permission,
                "name": permission,
                "type": "PROJECT",
                "description": "",
                "havePermission": project.is_some_and(|project| self.has(self.caller, project, permission))
            });
            all.insert(permission.to_owned(), shown);
        }
        Ok(Answer::ok(json!({ "permissions": all })))
    }

    /// `GET /user/permission/search`: users of this name who have all of the permissions.
    pub fn users_with_permissions(&self) -> Outcome {
        let project = self.context()?.ok_or_else(|| errors::error(400, "No project key or issue key was given."))?;
        let permissions = self.call.query.get("permissions").cloned().unwrap_or_default();
        let wanted: Vec<&str> = permissions.split(',').map(|name| newer(name.trim())).collect();
        if let Some(unknown) = wanted.iter().find(|one| PERMISSIONS.iter().all(|(name, _)| name != *one)) {
            return Err(errors::error(400, &format!("Unrecognized permission: {unknown}")));
        }
        let named = self.state.world.users().filter(|user| self.is_named(user));
        let found = named.filter(|user| wanted.iter().all(|one| self.has(&user.login, project, one)));
        let start = self.call.query_number("startAt").unwrap_or(0);
        let size = self.call.query_number("maxResults").unwrap_or(50).min(1_000);
        let show = self.show();
        Ok(Answer::ok(found.skip(start).take(size).map(|user| show.user(&user.login)).collect()))
    }

    /// Whether the search names the user: by the beginning of the name, of the shown name or of the address, or, on
    /// Cloud, by the account.
    fn is_named(&self, user: &User) -> bool {
        let query = |name: &str| self.call.query.get(name).map(|text| text.to_lowercase());
        if let Some(account) = query("accountId") {
            return account_id(&user.login).to_lowercase() == account;
        }
        let Some(text) = query("username").or_else(|| query("query")) else { return true };
        [user.login.clone(), user.name.clone(), email(&user.login)]
            .iter()
            .any(|name| name.to_lowercase().starts_with(&text))
    }

    /// The project that the query names, itself or by an issue.
    fn context(&self) -> Result<Option<&Project>, Answer> {
        let query = |name: &str| self.call.query.get(name).map(String::as_str);
        let world = &self.state.world;
        if let Some(issue) = query("issueKey").or_else(|| query("issueId")) {
            let ticket = find(world, issue).ok_or_else(|| errors::no_issue(self.flavour()))?;
            return Ok(world.project(&ticket.key.project));
        }
        let Some(name) = query("projectKey").or_else(|| query("projectId")) else { return Ok(None) };
        let found = world.projects().find(|project| project.name == name || project.id.to_string() == name);
        found.map(Some).ok_or_else(|| errors::no_project(name))
    }

    fn has(&self, login: &str, project: &Project, permission: &str) -> bool {
        let least = PERMISSIONS.iter().find(|(name, _)| *name == permission).map(|(_, least)| *least);
        least.is_some_and(|least| auth::role(&self.state.world, project, login) >= least)
    }

    /// `GET /project/{key}/role`: names with addresses.
    pub fn project_roles(&self) -> Outcome {
        Ok(Answer::ok(self.role_urls(self.project()?)))
    }

    /// Each role's address.
    pub fn role_urls(&self, project: &Project) -> Value {
        let url = |id: u64| self.show().rest(&format!("project/{}/role/{id}", project.id));
        ROLES.iter().map(|(id, name, ..)| ((*name).to_owned(), Value::from(url(*id)))).collect()
    }

    /// `GET /project/{key}/role/{id}`: who has the role.
    pub fn project_role(&self) -> Outcome {
        let project = self.project()?;
        let found = ROLES.iter().find(|(id, ..)| id.to_string() == self.call.param("role"));
        let (id, name, least, most) =
            found.ok_or_else(|| errors::error(404, "Can not retrieve a role for this id."))?;
        let members = project.roles.iter().filter(|(_, role)| (least..=most).contains(role));
        let actors = members.filter_map(|(login, _)| self.state.world.user(login)).map(|user| self.actor(user));
        Ok(Answer::ok(json!({
            "self": self.show().rest(&format!("project/{}/role/{id}", project.id)),
            "name": name,
            "id": id,
            "description": "",
            "actors": actors.collect::<Vec<_>>()
        })))
    }

    fn actor(&self, user: &User) -> Value {
        let mut actor = json!({ "id": user.id, "displayName": user.name, "type": "atlassian-user-role-actor" });
        match self.flavour() {
            Flavour::Cloud => actor["actorUser"] = json!({ "accountId": account_id(&user.login) }),
            Flavour::DataCenter => {
                actor["name"] = user.login.as_str().into();
                actor["userKey"] = user_key(user).into();
            }
        }
        actor
    }
}

/// The name that a permission has today.
fn newer(name: &str) -> &str {
    OLDER.iter().find(|(older, _)| *older == name).map_or(name, |(_, newer)| newer)
}
