//! What a person may do in an issue's project.
//!
//! In: an issue and an account. Out: a [`Permission`]; what is not known to be allowed is not. Jira has no "push": whoever
//! may edit an issue and move it through its workflow does the work there, and counts as who may write; whoever may only
//! edit or assign it sorts the work.
//!
//! Cloud tells about other accounts only to who has the permission *Administer Jira*, Data Center to administrators of
//! the project. For bots with less there are project roles: with roles configured, membership alone counts.
//! Cloud: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/>

use std::collections::BTreeSet;

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    Deployment,
    address::{IssueId, IssueKey, encoded, is_account},
    convert::User,
    roles::{Member, Named, members, roles},
    ticket::optional,
};
use crate::trackers::{
    Permission, TrackerError,
    rest::{Request, Rest},
};

/// What is held here by whoever holds all of these permissions of Jira, from most to least. Each has the key of today and
/// the older one that Data Center's search took first.
const LEVELS: [(Permission, &[(&str, &str)]); 5] = [
    (Permission::Admin, &[("ADMINISTER_PROJECTS", "PROJECT_ADMIN")]),
    (Permission::Write, &[("EDIT_ISSUES", "EDIT_ISSUE"), ("TRANSITION_ISSUES", "TRANSITION_ISSUE")]),
    (Permission::Triage, &[("EDIT_ISSUES", "EDIT_ISSUE")]),
    (Permission::Triage, &[("ASSIGN_ISSUES", "ASSIGN_ISSUE")]),
    (Permission::Read, &[("BROWSE_PROJECTS", "BROWSE")]),
];

/// Who asks and where.
pub(super) struct Asker<'a> {
    pub(super) rest: &'a Rest,
    pub(super) deployment: Deployment,
    /// The account's id: Cloud's account id, Data Center's key.
    pub(super) account: &'a str,
    pub(super) issue: IssueId,
}

/// An account of a Data Center.
struct Local {
    /// What requests and roles call it.
    name: String,
    groups: Vec<String>,
}

impl Asker<'_> {
    /// What the account may do: by its membership in these project roles where there are any, else by its permissions.
    pub(super) async fn permission(&self, roles: &[String]) -> Result<Permission, TrackerError> {
        match (is_account(self.account), self.deployment, roles) {
            (false, ..) => Ok(Permission::None),
            (_, Deployment::Cloud, []) => {
                let (permission, is_member) = tokio::try_join!(self.cloud(), self.is_member())?;
                Ok(if is_member { permission } else { Permission::None })
            }
            (_, Deployment::DataCenter, []) => self.data_center().await,
            (.., roles) => self.by_roles(roles).await,
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
        let number = self.issue.number();
        let asked: BTreeSet<_> = LEVELS.iter().flat_map(|(_, keys)| *keys).map(|(key, _)| *key).collect();
        let body = json!({
            "accountId": self.account,
            "projectPermissions": [{ "permissions": asked, "issues": [number] }],
        });
        let request = Request::ask(Method::POST, "/permissions/check").json(&body);
        let granted = match self.rest.call("permission", request).await {
            Ok(answer) => answer.json::<Granted>()?.project_permissions,
            // An account or an issue that Jira does not know.
            Err(TrackerError::Refused(_) | TrackerError::Gone(_)) => return Ok(Permission::None),
            Err(error) => return Err(explained(error)),
        };
        let holds = |key: &str| granted.iter().any(|grant| grant.permission == key && grant.issues.contains(&number));
        let level = LEVELS.iter().find(|(_, keys)| keys.iter().all(|(key, _)| holds(key)));
        Ok(level.map_or(Permission::None, |(permission, _)| *permission))
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

    /// What Data Center grants: its search finds active users that have permissions on the issue.
    async fn data_center(&self) -> Result<Permission, TrackerError> {
        let (key, local) = tokio::try_join!(self.key(), self.local())?;
        let Some(local) = local else { return Ok(Permission::None) };
        for (permission, keys) in LEVELS {
            if self.is_found(&local.name, &key, keys).await? {
                return Ok(permission);
            }
        }
        Ok(Permission::None)
    }

    /// Has the user all of these permissions on the issue? The search matches the start of names too, so only the very
    /// account counts.
    async fn is_found(&self, name: &str, key: &IssueKey, keys: &[(&str, &str)]) -> Result<bool, TrackerError> {
        let search = |permissions: Vec<&str>| {
            let (name, permissions) = (encoded(name), permissions.join(","));
            let at = format!("username={name}&issueKey={}&permissions={permissions}&maxResults=1000", key.as_str());
            Request::get(format!("/user/permission/search?{at}"))
        };
        let (today, older) = keys.iter().copied().unzip();
        let found = match self.rest.call("permission", search(today)).await {
            Err(TrackerError::Refused(_)) => self.rest.call("permission", search(older)).await,
            other => other,
        };
        let found: Vec<User> = found.map_err(explained)?.json()?;
        Ok(found.iter().any(|user| user.is(self.account)))
    }

    /// What the account may do by its membership in one of these project roles: write, or nothing.
    async fn by_roles(&self, names: &[String]) -> Result<Permission, TrackerError> {
        let key = self.key().await?;
        let local = match self.deployment {
            Deployment::Cloud => None,
            Deployment::DataCenter => match self.local().await? {
                None => return Ok(Permission::None),
                local => local,
            },
        };
        let called = local.as_ref().map_or(self.account, |local| local.name.as_str());
        let mut groups = Vec::new();
        for role in roles(self.rest, &key, names).await? {
            let members = members(self.rest, &key, role).await?;
            if members.iter().any(|member| member.is(called)) {
                return Ok(Permission::Write);
            }
            groups.extend(members.into_iter().filter_map(Member::group));
        }
        let own = match local {
            _ if groups.is_empty() => Vec::new(),
            Some(local) => local.groups,
            None => self.groups().await?,
        };
        Ok(if own.iter().any(|group| groups.contains(group)) { Permission::Write } else { Permission::None })
    }

    /// The names of the groups that a Cloud account is in.
    async fn groups(&self) -> Result<Vec<String>, TrackerError> {
        let at = format!("/user/groups?accountId={}", encoded(self.account));
        let groups = self.rest.call("groups", Request::get(at)).await.and_then(|answer| answer.json::<Vec<Named>>());
        Ok(optional(groups)?.unwrap_or_default().into_iter().map(|group| group.name).collect())
    }

    /// A Data Center's active account with this key, or with this name where nobody has the key.
    async fn local(&self) -> Result<Option<Local>, TrackerError> {
        #[derive(Deserialize)]
        struct Account {
            name: String,
            #[serde(default)]
            active: Option<bool>,
            #[serde(default)]
            groups: Groups,
        }
        #[derive(Default, Deserialize)]
        struct Groups {
            #[serde(default)]
            items: Vec<Named>,
        }
        for by in ["key", "username"] {
            let at = format!("/user?{by}={}&expand=groups", encoded(self.account));
            match self.rest.call("user", Request::get(at)).await {
                Ok(answer) => {
                    let Account { name, active, groups } = answer.json()?;
                    let groups = groups.items.into_iter().map(|group| group.name).collect();
                    return Ok((active != Some(false)).then_some(Local { name, groups }));
                }
                Err(TrackerError::Gone(_)) => {}
                Err(error) => return Err(explained(error)),
            }
        }
        Ok(None)
    }

    /// The issue's key.
    async fn key(&self) -> Result<IssueKey, TrackerError> {
        super::ticket::key(self.rest, self.issue).await
    }
}

/// A refusal with what an operator can do about it.
fn explained(error: TrackerError) -> TrackerError {
    match error {
        TrackerError::Unauthorized(why) => TrackerError::Unauthorized(format!(
            "{why} (permissions of others are told to administrators only: grant that, or configure jira.roles)"
        )),
        other => other,
    }
}
