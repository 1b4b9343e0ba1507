//! What a person may do in an issue's project.
//!
//! In: an issue and an account. Out: a [`Permission`]; what is not known to be allowed is not. Jira has no "push": who
//! may edit an issue may also label it, and counts as who may write.
//!
//! Cloud tells about other accounts only to who has the permission *Administer Jira*, Data Center to administrators of
//! the project. For bots with less there are project roles: with roles configured, membership alone counts.
//! Cloud: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/>

use std::collections::BTreeMap;

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    Deployment,
    address::{IssueId, IssueKey, encoded, is_account, number},
    convert::User,
    ticket::optional,
};
use crate::trackers::{
    Permission, TrackerError,
    rest::{Request, Rest},
};

/// Jira's permissions by their keys, from most to least, and what they are here.
const CLOUD: [(&str, Permission); 4] = [
    ("ADMINISTER_PROJECTS", Permission::Admin),
    ("EDIT_ISSUES", Permission::Write),
    ("ASSIGN_ISSUES", Permission::Triage),
    ("BROWSE_PROJECTS", Permission::Read),
];
/// The same by the older names that Data Center's search takes.
const DATA_CENTER: [(&str, Permission); 4] = [
    ("PROJECT_ADMIN", Permission::Admin),
    ("EDIT_ISSUE", Permission::Write),
    ("ASSIGN_ISSUE", Permission::Triage),
    ("BROWSE", Permission::Read),
];

/// Who asks and where.
pub(super) struct Asker<'a> {
    pub(super) rest: &'a Rest,
    pub(super) deployment: Deployment,
    /// The account's id.
    pub(super) account: &'a str,
    pub(super) issue: IssueId,
}

impl Asker<'_> {
    /// What the account may do, by its permissions.
    pub(super) async fn by_permissions(&self) -> Result<Permission, TrackerError> {
        if !is_account(self.account) {
            return Ok(Permission::None);
        }
        match self.deployment {
            Deployment::Cloud => {
                let (permission, is_member) = tokio::try_join!(self.cloud(), self.is_member())?;
                Ok(if is_member { permission } else { Permission::None })
            }
            Deployment::DataCenter => self.data_center().await,
        }
    }

    /// What Cloud grants on this issue.
    async fn cloud(&self) -> Result<Permission, TrackerError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Granted {
            project_permissions: Vec<Grant>,
        }
        #[derive(Deserialize)]
        struct Grant {
            permission: String,
            #[serde(default)]
            issues: Vec<u64>,
        }
        let number: u64 = self.issue.number();
        let asked: Vec<_> = CLOUD.iter().map(|(key, _)| *key).collect();
        let body = json!({
            "accountId": self.account,
            "projectPermissions": [{ "permissions": asked, "issues": [number] }],
        });
        let request = Request::ask(Method::POST, "/permissions/check").json(&body);
        let granted = match self.rest.call("permission", request).await {
            Ok(answer) => answer.json::<Granted>()?.project_permissions,
            // An account or an issue that Jira does not know.
            Err(TrackerError::Refused(_) | TrackerError::Gone(_)) => return Ok(Permission::None),
            Err(TrackerError::Unauthorized(why)) => return Err(TrackerError::Unauthorized(no_right(&why))),
            Err(error) => return Err(error),
        };
        let holds = |key: &str| granted.iter().any(|grant| grant.permission == key && grant.issues.contains(&number));
        Ok(CLOUD.iter().find(|(key, _)| holds(key)).map_or(Permission::None, |(_, permission)| *permission))
    }

    /// Is the account neither a service desk's customer nor switched off? Who may not look at accounts goes by
    /// permissions alone.
    async fn is_member(&self) -> Result<bool, TrackerError> {
        let at = format!("/user?accountId={}", encoded(self.account));
        match self.rest.call("user", Request::get(at)).await {
            Ok(answer) => {
                let user: User = answer.json()?;
                Ok(user.active != Some(false) && user.account_type.as_deref() != Some("customer"))
            }
            Err(TrackerError::Gone(_)) => Ok(false),
            Err(TrackerError::Unauthorized(_) | TrackerError::Refused(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// What Data Center grants: its search finds active users that have a permission on the issue. It matches the start
    /// of names too, so only the very name counts.
    async fn data_center(&self) -> Result<Permission, TrackerError> {
        let key = self.key().await?;
        for (name, permission) in DATA_CENTER {
            let at = format!(
                "/user/permission/search?username={}&issueKey={}&permissions={name}&maxResults=1000",
                encoded(self.account),
                key.as_str()
            );
            let found = match self.rest.call("permission", Request::get(at)).await {
                Ok(answer) => answer.json::<Vec<User>>()?,
                Err(TrackerError::Unauthorized(why)) => return Err(TrackerError::Unauthorized(no_right(&why))),
                Err(error) => return Err(error),
            };
            if found.iter().filter_map(User::id).any(|id| id.eq_ignore_ascii_case(self.account)) {
                return Ok(permission);
            }
        }
        Ok(Permission::None)
    }

    /// What the account may do, by its membership in one of these project roles (by name): write, or nothing.
    pub(super) async fn by_roles(&self, names: &[String]) -> Result<Permission, TrackerError> {
        if !is_account(self.account) {
            return Ok(Permission::None);
        }
        let key = self.key().await?;
        let mut groups = Vec::new();
        for role in roles(self.rest, &key, names).await? {
            let actors = members(self.rest, &key, role).await?;
            if actors.iter().any(|actor| actor.is(self.account)) {
                return Ok(Permission::Write);
            }
            groups.extend(actors.into_iter().filter_map(Member::group));
        }
        let inside = !groups.is_empty() && self.groups().await?.iter().any(|group| groups.contains(group));
        Ok(if inside { Permission::Write } else { Permission::None })
    }

    /// The names of the groups that the account is in.
    async fn groups(&self) -> Result<Vec<String>, TrackerError> {
        #[derive(Deserialize)]
        struct Group {
            name: String,
        }
        #[derive(Deserialize)]
        struct Inside {
            groups: Items,
        }
        #[derive(Deserialize)]
        struct Items {
            items: Vec<Group>,
        }
        let account = encoded(self.account);
        let groups = match self.deployment {
            Deployment::Cloud => {
                let at = format!("/user/groups?accountId={account}");
                optional(
                    self.rest.call("groups", Request::get(at)).await.and_then(|answer| answer.json::<Vec<Group>>()),
                )?
            }
            Deployment::DataCenter => {
                let at = format!("/user?username={account}&expand=groups");
                let inside = self.rest.call("groups", Request::get(at)).await.and_then(|a| a.json::<Inside>());
                optional(inside)?.map(|inside| inside.groups.items)
            }
        };
        Ok(groups.unwrap_or_default().into_iter().map(|group| group.name).collect())
    }

    /// The issue's key.
    async fn key(&self) -> Result<IssueKey, TrackerError> {
        super::ticket::key(self.rest, self.issue).await
    }
}

/// The refusal, and what an operator can do about it.
fn no_right(why: &str) -> String {
    format!("{why} (permissions of others are told to administrators only: grant that, or configure jira.roles)")
}

/// The numbers of the project's roles with these names. Jira gives addresses; only their last part counts.
async fn roles(rest: &Rest, key: &IssueKey, names: &[String]) -> Result<Vec<u64>, TrackerError> {
    let at = format!("/project/{}/role", key.project());
    let all: BTreeMap<String, String> = rest.call("roles", Request::get(at)).await?.json()?;
    let wanted = all.iter().filter(|(role, _)| names.iter().any(|name| name.eq_ignore_ascii_case(role)));
    Ok(wanted.filter_map(|(_, address)| number(address.rsplit('/').next()?)).collect())
}

/// A member of a project role: a user or a group.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Member {
    #[serde(rename = "type")]
    kind: String,
    name: Option<String>,
    actor_user: Option<User>,
    actor_group: Option<GroupName>,
}

#[derive(Deserialize)]
struct GroupName {
    name: String,
}

impl Member {
    /// Is it this very account?
    fn is(&self, account: &str) -> bool {
        self.user().is_some_and(|id| id.eq_ignore_ascii_case(account))
    }

    /// The account's id, where the member is one: Cloud's in `actorUser`, Data Center's in `name`.
    fn user(&self) -> Option<&str> {
        let named = || self.name.as_deref();
        (self.kind == "atlassian-user-role-actor")
            .then(|| self.actor_user.as_ref().and_then(User::id).or_else(named))?
    }

    /// The group's name, where the member is one.
    fn group(self) -> Option<String> {
        let is_group = self.kind == "atlassian-group-role-actor";
        is_group.then(|| self.actor_group.map(|group| group.name).or(self.name))?
    }
}

/// The members of a role.
async fn members(rest: &Rest, key: &IssueKey, role: u64) -> Result<Vec<Member>, TrackerError> {
    #[derive(Deserialize)]
    struct Role {
        #[serde(default)]
        actors: Vec<Member>,
    }
    let at = format!("/project/{}/role/{role}", key.project());
    Ok(rest.call("role", Request::get(at)).await?.json::<Role>()?.actors)
}

/// The ids of the accounts that are in these roles by name, groups left out: who counts as a maintainer.
pub(super) async fn accounts(rest: &Rest, key: &IssueKey, names: &[String]) -> Result<Vec<String>, TrackerError> {
    let mut accounts = Vec::new();
    for role in roles(rest, key, names).await? {
        accounts.extend(members(rest, key, role).await?.iter().filter_map(Member::user).map(str::to_owned));
    }
    Ok(accounts)
}
