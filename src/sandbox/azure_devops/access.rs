//! Rights over REST: access control lists, and the caller's own permissions.
//!
//! Sources: "Security" in the REST reference at learn.microsoft.com and in the published specifications; the bits from
//! "Security namespace and permission reference" there.

use serde_json::{Map, json};

use super::{
    auth,
    call::{Desk, is_project},
    errors,
    json::{area_id, identity_descriptor, project_id},
    list,
};
use crate::sandbox::{
    answer::{Answer, Outcome},
    world::{Project, Role},
};

/// Who may do what in an area: 1 and 2 read and change the area itself, 16 and 32 its work items.
const AREAS: &str = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3";
/// Who may do what in a project: 1 reads, 2 writes.
const PROJECTS: &str = "52d39943-cb85-4d7f-8fa8-c6baac873819";

impl Desk<'_> {
    /// `GET _apis/accesscontrollists/{namespace}?token=…&descriptors=…&includeExtendedInfo=true`: what users are
    /// allowed stands in the extended information, as they have it by their groups.
    pub fn access_control_lists(&self) -> Outcome {
        let query = |name: &str| self.call.query.get(name).map_or("", String::as_str);
        let namespace = self.call.param("namespace");
        let Some(project) = self.project_of_token(namespace, query("token")) else {
            return Ok(Answer::ok(list(std::iter::empty())));
        };
        let wanted: Vec<&str> = query("descriptors").split(',').filter(|one| !one.is_empty()).collect();
        let users = self
            .state
            .world
            .users()
            .filter(|user| wanted.is_empty() || wanted.contains(&identity_descriptor(&user.login).as_str()));
        let extended = query("includeExtendedInfo").eq_ignore_ascii_case("true");
        let mut entries = Map::new();
        for user in users {
            let descriptor = identity_descriptor(&user.login);
            let mut entry = json!({ "descriptor": descriptor, "allow": 0, "deny": 0 });
            if extended {
                let bits = bits(namespace, auth::role(&self.state.world, project, &user.login));
                entry["extendedInfo"] = json!({ "effectiveAllow": bits, "inheritedAllow": bits });
            }
            entries.insert(descriptor, entry);
        }
        Ok(Answer::ok(list(std::iter::once(json!({
            "inheritPermissions": true, "token": query("token"), "acesDictionary": entries
        })))))
    }

    /// `GET _apis/permissions/{namespace}/{bits}?tokens=…`: whether the caller has them.
    pub fn own_permissions(&self) -> Outcome {
        let namespace = self.call.param("namespace");
        let asked: u32 = self.call.param("bits").parse().map_err(|_| errors::invalid("permissions"))?;
        let tokens = self.call.query.get("tokens").or_else(|| self.call.query.get("token"));
        let tokens = tokens.map_or("", String::as_str).split(',');
        Ok(Answer::ok(list(tokens.map(|token| {
            let role = self.project_of_token(namespace, token).map_or(Role::None, |project| self.role(project));
            (bits(namespace, role) & asked == asked).into()
        }))))
    }

    /// The project whose area, or which itself, a token names.
    fn project_of_token(&self, namespace: &str, token: &str) -> Option<&Project> {
        self.state.world.projects().filter(|project| is_project(&project.name)).find(|project| match namespace {
            AREAS => token.ends_with(&area_id(project)),
            PROJECTS => token.ends_with(&project_id(project)),
            _ => false,
        })
    }
}

/// The permission bits of a role.
fn bits(namespace: &str, role: Role) -> u32 {
    let of_areas = namespace == AREAS;
    match role {
        Role::None => 0,
        Role::Read | Role::Triage => {
            if of_areas {
                1 | 16
            } else {
                1
            }
        }
        Role::Write | Role::Maintain => {
            if of_areas {
                1 | 16 | 32
            } else {
                1
            }
        }
        Role::Admin => {
            if of_areas {
                1 | 2 | 16 | 32
            } else {
                1 | 2
            }
        }
    }
}
