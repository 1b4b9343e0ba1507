//! Who has which role in a project.
//!
//! In: a project and names of roles. Out: their members, people and groups. Of the addresses that Jira gives for roles
//! only the numbers count.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    address::{IssueKey, number},
    convert::User,
};
use crate::trackers::{
    TrackerError,
    rest::{Request, Rest},
};

/// The numbers of the project's roles with these names. Jira gives addresses; only their last part counts.
pub(super) async fn roles(rest: &Rest, key: &IssueKey, names: &[String]) -> Result<Vec<u64>, TrackerError> {
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
    actor_group: Option<Named>,
}

/// A group by its name.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

impl Member {
    /// Is it this very account?
    pub(super) fn is(&self, account: &str) -> bool {
        self.user().is_some_and(|id| id.eq_ignore_ascii_case(account))
    }

    /// What an account is called, where the member is one: by its id on Cloud, by its name on Data Center.
    fn user(&self) -> Option<&str> {
        let named = || self.name.as_deref();
        (self.kind == "atlassian-user-role-actor")
            .then(|| self.actor_user.as_ref().and_then(User::id).or_else(named))?
    }

    /// The group's name, where the member is one.
    pub(super) fn group(self) -> Option<String> {
        let is_group = self.kind == "atlassian-group-role-actor";
        is_group.then(|| self.actor_group.map(|group| group.name).or(self.name))?
    }
}

/// The members of a role.
pub(super) async fn members(rest: &Rest, key: &IssueKey, role: u64) -> Result<Vec<Member>, TrackerError> {
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
