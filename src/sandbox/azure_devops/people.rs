//! Identities and groups over REST.
//!
//! Sources: "Identities" and "Graph" in the REST reference at learn.microsoft.com and in the published specifications.

use serde_json::{Value, json};

use super::{
    call::{Desk, is_project},
    errors,
    json::{
        GROUPS, address, group_descriptor, group_sid, identity_descriptor, subject_descriptor, user_id, user_of_id,
    },
    list,
};
use crate::sandbox::{
    answer::{Answer, Outcome},
    deliver::guid,
    world::{Project, User},
};

impl Desk<'_> {
    /// `GET _apis/connectionData`: who the caller is.
    pub fn connection_data(&self) -> Outcome {
        let user = self.state.world.user(self.caller).ok_or_else(errors::unauthorized)?;
        let shown = self.show().full_identity(user);
        Ok(Answer::ok(json!({
            "authenticatedUser": shown,
            "authorizedUser": shown,
            "instanceId": guid("collection"),
            "deploymentId": guid("deployment"),
            "deploymentType": if self.state.own.flavour == super::Flavour::Services { "hosted" } else { "onPremises" },
            "locationServiceData": { "serviceOwner": guid("service owner"), "defaultAccessMappingMoniker": "HostGuidAccessMapping" }
        })))
    }

    /// `GET _apis/identities`, by `identityIds`, `subjectDescriptors`, `descriptors`, or `searchFilter` with
    /// `filterValue`; with `queryMembership` the groups too.
    pub fn identities(&self) -> Outcome {
        let query = |name: &str| self.call.query.get(name).map(String::as_str);
        let named = |list: Option<&str>, of: fn(&str) -> String| {
            let list: Vec<String> = list.into_iter().flat_map(|all| all.split(',')).map(str::to_owned).collect();
            move |user: &User| list.iter().any(|one| one.eq_ignore_ascii_case(&of(&user.login)))
        };
        let by_id = named(query("identityIds"), user_id);
        let by_subject = named(query("subjectDescriptors"), subject_descriptor);
        let by_identity = named(query("descriptors"), identity_descriptor);
        let searched = query("filterValue").map(str::to_lowercase);
        let by_name = |user: &User| {
            let names = [user.login.clone(), user.name.clone(), address(&user.login)];
            searched.as_ref().is_some_and(|text| names.iter().any(|name| name.to_lowercase() == *text))
        };
        let found = self.state.world.users().filter(|u| by_id(u) || by_subject(u) || by_identity(u) || by_name(u));
        let with_groups = query("queryMembership").is_some_and(|asked| !asked.eq_ignore_ascii_case("none"));
        Ok(Answer::ok(list(found.map(|user| {
            let mut shown = self.show().full_identity(user);
            if with_groups {
                let sids = self
                    .groups_of(user)
                    .map(|(project, name)| format!("Microsoft.TeamFoundation.Identity;{}", group_sid(project, name)));
                shown["memberOf"] = sids.collect::<Vec<_>>().into();
                shown["members"] = json!([]);
            }
            shown
        }))))
    }

    /// `GET _apis/graph/descriptors/{storageKey}`
    pub fn descriptor(&self) -> Outcome {
        let key = self.call.param("key");
        let user = user_of_id(&self.state.world, key).ok_or_else(|| no_subject(key))?;
        let descriptor = subject_descriptor(&user.login);
        let href = self.show().api(&format!("Graph/Descriptors/{key}"));
        Ok(Answer::ok(json!({ "value": descriptor, "_links": { "self": { "href": href } } })))
    }

    /// `GET _apis/graph/memberships/{subject}`: the groups of a user, or with `direction=down` a group's users.
    pub fn memberships(&self) -> Outcome {
        let subject = self.call.param("subject");
        if self.call.query.get("direction").is_some_and(|way| way.eq_ignore_ascii_case("down")) {
            let (project, name) = self.named_group(subject).ok_or_else(|| no_subject(subject))?;
            let members = self.state.world.users().filter(|user| self.is_in(user, project, name));
            return Ok(Answer::ok(list(members.map(|user| self.pair(&subject_descriptor(&user.login), subject)))));
        }
        let user = self.named_user(subject).ok_or_else(|| no_subject(subject))?;
        let groups = self.groups_of(user).map(|(project, name)| self.pair(subject, &group_descriptor(project, name)));
        Ok(Answer::ok(list(groups)))
    }

    /// `GET _apis/graph/memberships/{subject}/{container}`: 404 where there is none.
    pub fn membership(&self) -> Outcome {
        let (subject, container) = (self.call.param("subject"), self.call.param("container"));
        let user = self.named_user(subject).ok_or_else(|| no_subject(subject))?;
        let (project, name) = self.named_group(container).ok_or_else(|| no_subject(container))?;
        if self.is_in(user, project, name) {
            return Ok(Answer::ok(self.pair(subject, container)));
        }
        Err(errors::error(404, "MembershipNotFoundException", "VS860016: The membership was not found."))
    }

    /// `GET _apis/graph/groups`
    pub fn groups(&self) -> Outcome {
        let projects = self.state.world.projects().filter(|project| is_project(&project.name));
        let all = projects.flat_map(|project| GROUPS.iter().map(move |(name, ..)| self.show().group(project, name)));
        Ok(Answer::ok(list(all)))
    }

    /// `GET _apis/graph/groups/{descriptor}`
    pub fn group(&self) -> Outcome {
        let subject = self.call.param("subject");
        let (project, name) = self.named_group(subject).ok_or_else(|| no_subject(subject))?;
        Ok(Answer::ok(self.show().group(project, name)))
    }

    /// `GET _apis/graph/users/{descriptor}`
    pub fn graph_user(&self) -> Outcome {
        let subject = self.call.param("subject");
        let user = self.named_user(subject).ok_or_else(|| no_subject(subject))?;
        let address = address(&user.login);
        Ok(Answer::ok(json!({
            "subjectKind": "user",
            "domain": super::auth::TENANT,
            "principalName": address,
            "mailAddress": address,
            "origin": "aad",
            "originId": user_id(&user.login),
            "displayName": user.name,
            "url": self.show().api(&format!("Graph/Users/{subject}")),
            "descriptor": subject
        })))
    }

    fn named_user(&self, subject: &str) -> Option<&User> {
        self.state.world.users().find(|user| subject_descriptor(&user.login) == subject)
    }

    fn named_group(&self, subject: &str) -> Option<(&Project, &'static str)> {
        let groups =
            self.state.world.projects().flat_map(|project| GROUPS.iter().map(move |(name, ..)| (project, *name)));
        groups.into_iter().find(|(project, name)| group_descriptor(project, name) == subject)
    }

    fn groups_of<'a>(&'a self, user: &'a User) -> impl Iterator<Item = (&'a Project, &'static str)> {
        let projects = self.state.world.projects().filter(|project| is_project(&project.name));
        let all = projects.flat_map(|project| GROUPS.iter().map(move |(name, ..)| (project, *name)));
        all.filter(move |(project, name)| self.is_in(user, project, name))
    }

    fn is_in(&self, user: &User, project: &Project, group: &str) -> bool {
        let role = super::auth::role(&self.state.world, project, &user.login);
        GROUPS.iter().any(|(name, least, most)| *name == group && (least..=most).contains(&&role))
    }

    fn pair(&self, member: &str, container: &str) -> Value {
        let at = |path: String| json!({ "href": self.show().api(&path) });
        json!({
            "containerDescriptor": container,
            "memberDescriptor": member,
            "_links": {
                "self": at(format!("Graph/Memberships/{member}/{container}")),
                "member": at(format!("Graph/Users/{member}")),
                "container": at(format!("Graph/Groups/{container}"))
            }
        })
    }
}

fn no_subject(name: &str) -> Answer {
    errors::error(404, "GraphSubjectNotFoundException", &format!("VS860019: The subject {name} was not found."))
}
