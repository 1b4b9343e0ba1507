//! The JSON of Azure DevOps' REST interface, derived from the world.
//!
//! In: the world and what to show of it. Out: values with the fields of the documented responses. Reads only.

mod item;
mod people;

use serde_json::{Value, json};

use super::{Flavour, Own};
use crate::sandbox::{
    deliver::guid,
    world::{Comment, Project, Ticket, World},
};

pub use item::{ACCEPTANCE, DESCRIPTION, REPRO_STEPS, body_field};
pub use people::{
    GROUPS, address, group_descriptor, group_sid, identity_descriptor, subject_descriptor, user_id, user_of_id,
};

/// Shows parts of a world as Azure DevOps would.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    pub world: &'a World,
    pub own: &'a Own,
    /// Where the collection is, without a slash at the end.
    pub base: &'a str,
}

impl Show<'_> {
    /// The address of something of the collection.
    pub fn api(&self, path: &str) -> String {
        format!("{}/_apis/{path}", self.base)
    }

    /// The address of something of a project, which addresses name by its id.
    pub fn project_api(&self, project: &Project, path: &str) -> String {
        format!("{}/{}/_apis/{path}", self.base, project_id(project))
    }

    /// A comment on a work item. Servers name its id `commentId`, as the samples of their version do.
    pub fn comment(&self, project: &Project, ticket: &Ticket, comment: &Comment, formats: bool) -> Value {
        let (item, id) = (ticket.ordinal(), comment.ordinal());
        let author = self.identity(&comment.author);
        let id_name = if self.own.flavour == Flavour::Server { "commentId" } else { "id" };
        let mut shown = json!({
            "workItemId": item,
            id_name: id,
            "version": comment.version,
            "text": comment.body,
            "createdBy": author,
            "createdDate": iso(comment.created_at),
            "modifiedBy": author,
            "modifiedDate": iso(comment.updated_at),
            "isDeleted": false,
            "url": self.project_api(project, &format!("wit/workItems/{item}/comments/{id}"))
        });
        if formats {
            shown["format"] = self.own.format_of(comment).name().into();
        }
        shown
    }

    /// A project.
    pub fn project(&self, project: &Project) -> Value {
        json!({
            "id": project_id(project),
            "name": project.name,
            "description": project.description,
            "url": self.api(&format!("projects/{}", project_id(project))),
            "state": "wellFormed",
            "revision": 1,
            "visibility": if project.private { "private" } else { "public" },
            "lastUpdateTime": iso(project.created_at)
        })
    }
}

/// The id of a project.
pub fn project_id(project: &Project) -> String {
    guid(&format!("project {}", project.id))
}

/// The id of the area that all work items of a project are in.
pub fn area_id(project: &Project) -> String {
    guid(&format!("area {}", project.id))
}

/// `2019-01-21T20:12:14.683Z` from milliseconds since 1970; milliseconds end at their last digit.
pub fn iso(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}
