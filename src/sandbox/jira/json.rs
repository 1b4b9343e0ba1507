//! The JSON of Jira's REST interface, derived from the world; `webhooks` shows the same values as version 2.
//!
//! In: the world and what to show of it. Out: values with the fields of Jira's recorded payloads. Reads only.

mod issue;
mod people;

use serde_json::{Value, json};

use super::{Flavour, Own, adf, markup};
use crate::sandbox::world::{Attachment, Comment, Project, Ticket, World};

pub use issue::{ACCEPTANCE, ACCEPTANCE_NAME, issue_type_id, key_of};
pub use people::{account_id, user_key};

/// Shows parts of a world as Jira would.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    pub world: &'a World,
    pub own: &'a Own,
    /// Where the site is, its context path included, without a slash at the end.
    pub base: &'a str,
    /// 2 shows text as wiki markup, 3 as documents.
    pub version: u8,
}

impl Show<'_> {
    /// The address of something under the REST interface.
    pub fn rest(&self, path: &str) -> String {
        format!("{}/rest/api/{}/{path}", self.base, self.version)
    }

    fn is_cloud(&self) -> bool {
        self.own.flavour == Flavour::Cloud
    }

    /// Text that was typed as markup, in this version's form.
    fn text(&self, markup: &str) -> Value {
        if self.version == 3 { markup::document(markup) } else { markup.into() }
    }

    /// A comment on the issue with this id.
    pub fn comment(&self, ticket: &Ticket, comment: &Comment, properties: bool) -> Value {
        let body = match self.own.document_of(comment) {
            Some(document) if self.version == 3 => document.clone(),
            _ => self.text(&comment.body),
        };
        let author = self.user(&comment.author);
        let mut shown = json!({
            "self": self.rest(&format!("issue/{}/comment/{}", ticket.id, comment.id)),
            "id": comment.id.to_string(),
            "author": author,
            "body": body,
            "updateAuthor": author,
            "created": iso(comment.created_at),
            "updated": iso(comment.updated_at)
        });
        if self.is_cloud() {
            shown["jsdPublic"] = self.own.is_public(comment.id).into();
        }
        if properties {
            let all = self.own.properties.get(&comment.id).into_iter().flatten();
            let all = all.map(|(key, value)| json!({ "key": key, "value": value }));
            shown["properties"] = all.collect::<Vec<_>>().into();
        }
        shown
    }

    /// A project.
    pub fn project(&self, project: &Project) -> Value {
        json!({
            "self": self.rest(&format!("project/{}", project.id)),
            "id": project.id.to_string(),
            "key": project.name,
            "name": project_name(project),
            "projectTypeKey": if self.own.desks.contains(&project.name) { "service_desk" } else { "software" },
            "avatarUrls": self.project_avatars()
        })
    }

    /// A file on an issue.
    pub fn attachment(&self, attachment: &Attachment) -> Value {
        let Attachment { id, name, author, kind, bytes, created_at } = attachment;
        json!({
            "self": self.rest(&format!("attachment/{id}")),
            "id": id.to_string(),
            "filename": name,
            "author": self.user(author),
            "created": iso(*created_at),
            "size": bytes.len(),
            "mimeType": kind,
            "content": self.rest(&format!("attachment/content/{id}"))
        })
    }

    fn project_avatars(&self) -> Value {
        let at = |query: &str| format!("{}/secure/projectavatar?{query}avatarId=10324", self.base);
        json!({
            "48x48": at(""), "24x24": at("size=small&"), "16x16": at("size=xsmall&"), "32x32": at("size=medium&")
        })
    }
}

/// The name that people gave a project.
pub fn project_name(project: &Project) -> &str {
    if project.description.is_empty() { &project.name } else { &project.description }
}

/// `2019-02-15T19:11:18.321+0000` from milliseconds since 1970: Jira's zones have no colon.
pub fn iso(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// A comment's text as markup, whichever way it came.
pub fn markup_of(body: &Value) -> String {
    body.as_str().map_or_else(|| adf::wiki(body), str::to_owned)
}
