//! The JSON of identities, and the groups of a project that roles are made of.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Value, json};

use super::Show;
use crate::sandbox::{
    deliver::guid,
    world::{Project, Role, User, World},
};

/// The groups of a project: name, and the least and the highest role of the world that stands for it.
pub const GROUPS: [(&str, Role, Role); 3] = [
    ("Project Administrators", Role::Admin, Role::Admin),
    ("Contributors", Role::Write, Role::Maintain),
    ("Readers", Role::Read, Role::Triage),
];

impl Show<'_> {
    /// A user by login; null where the account is gone.
    pub fn identity(&self, login: &str) -> Value {
        self.world.user(login).map_or(Value::Null, |user| self.account(user))
    }

    fn account(&self, user: &User) -> Value {
        let (id, descriptor) = (user_id(&user.login), subject_descriptor(&user.login));
        json!({
            "displayName": user.name,
            "url": self.api(&format!("Identities/{id}")),
            "_links": {
                "avatar": { "href": self.api(&format!("GraphProfile/MemberAvatars/{descriptor}")) }
            },
            "id": id,
            "uniqueName": address(&user.login),
            "imageUrl": format!("{}/_api/_common/identityImage?id={id}", self.base),
            "descriptor": descriptor
        })
    }

    /// A user as the identity service shows it.
    pub fn full_identity(&self, user: &User) -> Value {
        json!({
            "id": user_id(&user.login),
            "descriptor": identity_descriptor(&user.login),
            "subjectDescriptor": subject_descriptor(&user.login),
            "providerDisplayName": user.name,
            "isActive": true,
            "properties": {
                "Account": { "$type": "System.String", "$value": address(&user.login) },
                "Mail": { "$type": "System.String", "$value": address(&user.login) }
            },
            "resourceVersion": 2,
            "metaTypeId": 0
        })
    }

    /// A group of a project as the graph shows it.
    pub fn group(&self, project: &Project, name: &str) -> Value {
        let descriptor = group_descriptor(project, name);
        json!({
            "subjectKind": "group",
            "domain": format!("vstfs:///Classification/TeamProject/{}", super::project_id(project)),
            "principalName": format!("[{}]\\{name}", project.name),
            "displayName": name,
            "description": "",
            "mailAddress": null,
            "origin": "vsts",
            "originId": guid(&descriptor),
            "url": self.api(&format!("Graph/Groups/{descriptor}")),
            "descriptor": descriptor
        })
    }

    /// The name with the address: identities of service hooks' version 1.0.
    pub fn signature(&self, login: &str) -> String {
        let name = self.world.user(login).map_or(login, |user| user.name.as_str());
        format!("{name} <{}>", address(login))
    }
}

/// The sign-in address of a login.
pub fn address(login: &str) -> String {
    format!("{login}@acme.example")
}

/// The id of a login's identity.
pub fn user_id(login: &str) -> String {
    guid(&format!("identity {login}"))
}

/// Who has this id.
pub fn user_of_id<'a>(world: &'a World, id: &str) -> Option<&'a User> {
    world.users().find(|user| user_id(&user.login).eq_ignore_ascii_case(id))
}

/// A login's descriptor in the graph.
pub fn subject_descriptor(login: &str) -> String {
    format!("aad.{}", STANDARD_NO_PAD.encode(user_id(login)))
}

/// A login's descriptor in access control lists.
pub fn identity_descriptor(login: &str) -> String {
    format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;7f3a2c10-5b1e-4a6d-9c58-2f0d1b7e6a11\\{}", address(login))
}

/// A group's security identifier.
pub fn group_sid(project: &Project, name: &str) -> String {
    let place = GROUPS.iter().position(|(known, ..)| *known == name).unwrap_or(GROUPS.len());
    format!("S-1-9-1551374245-{}-{place}", project.id)
}

/// A group's descriptor in the graph.
pub fn group_descriptor(project: &Project, name: &str) -> String {
    format!("vssgp.{}", STANDARD_NO_PAD.encode(group_sid(project, name)))
}
