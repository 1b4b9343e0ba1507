//! The JSON of work items: fields, relations and links.

use serde_json::{Map, Value, json};

use super::{Show, iso};
use crate::sandbox::world::{Project, Ticket};

/// The field that holds acceptance criteria.
pub const ACCEPTANCE: &str = "Microsoft.VSTS.Common.AcceptanceCriteria";
/// The field that holds the description of all types but bugs.
pub const DESCRIPTION: &str = "System.Description";
/// The field that holds the description of bugs.
pub const REPRO_STEPS: &str = "Microsoft.VSTS.TCM.ReproSteps";

/// The field that people see a ticket's text in.
pub fn body_field(ticket: &Ticket) -> &'static str {
    if ticket.kind.as_deref() == Some("Bug") { REPRO_STEPS } else { DESCRIPTION }
}

impl Show<'_> {
    /// A work item; relations and links as `expand` asks.
    pub fn work_item(&self, project: &Project, ticket: &Ticket, expand: &str) -> Value {
        let id = ticket.ordinal();
        let mut shown = json!({
            "id": id,
            "rev": ticket.revision,
            "fields": self.fields(project, ticket, |show, login| show.identity(login)),
            "url": self.api(&format!("wit/workItems/{id}"))
        });
        let formats = self.own.markdown_fields.get(&ticket.key).into_iter().flatten();
        let formats: Map<String, Value> = formats.map(|field| (field.clone(), "markdown".into())).collect();
        if !formats.is_empty() {
            shown["multilineFieldsFormat"] = formats.into();
        }
        let expand = expand.to_ascii_lowercase();
        if matches!(expand.as_str(), "all" | "relations") {
            let relations = self.relations(ticket);
            if !relations.is_empty() {
                shown["relations"] = relations.into();
            }
        }
        if matches!(expand.as_str(), "all" | "links") {
            shown["_links"] = self.item_links(project, ticket);
        }
        shown
    }

    /// The fields; `person` shows identities.
    pub fn fields(
        &self,
        project: &Project,
        ticket: &Ticket,
        person: impl Fn(&Self, &str) -> Value,
    ) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("System.AreaPath", project.name.as_str().into());
        put("System.TeamProject", project.name.as_str().into());
        put("System.IterationPath", format!("{}\\Sprint 1", project.name).into());
        put("System.WorkItemType", ticket.kind.as_deref().unwrap_or("Task").into());
        put("System.State", if ticket.closed_at.is_some() { "Closed" } else { "New" }.into());
        put("System.Reason", "New".into());
        if let Some(assignee) = ticket.assignees.first() {
            put("System.AssignedTo", person(self, assignee));
        }
        put("System.CreatedDate", iso(ticket.created_at).into());
        put("System.CreatedBy", person(self, &ticket.author));
        put("System.ChangedDate", iso(ticket.updated_at).into());
        put("System.ChangedBy", person(self, self.own.changed_by.get(&ticket.key).unwrap_or(&ticket.author)));
        put("System.CommentCount", ticket.comments.len().into());
        put("System.Title", ticket.title.as_str().into());
        put("Microsoft.VSTS.Common.StateChangeDate", iso(ticket.created_at).into());
        put("Microsoft.VSTS.Common.Priority", 2.into());
        if let Some(body) = &ticket.body {
            put(body_field(ticket), body.as_str().into());
        }
        if let Some(acceptance) = &ticket.acceptance {
            put(ACCEPTANCE, acceptance.as_str().into());
        }
        if !ticket.labels.is_empty() {
            put("System.Tags", ticket.labels.join("; ").into());
        }
        fields
    }

    /// Parent, children, linked items, files, then what clients linked.
    pub fn relations(&self, ticket: &Ticket) -> Vec<Value> {
        let item = |rel: &str, name: &str, other: &Ticket| {
            json!({
                "rel": rel,
                "url": self.api(&format!("wit/workItems/{}", other.ordinal())),
                "attributes": { "isLocked": false, "name": name }
            })
        };
        let parent = ticket.parent.as_ref().and_then(|key| self.world.ticket(key));
        let mut all: Vec<Value> =
            parent.map(|parent| item("System.LinkTypes.Hierarchy-Reverse", "Parent", parent)).into_iter().collect();
        all.extend(
            self.world.children(&ticket.key).map(|child| item("System.LinkTypes.Hierarchy-Forward", "Child", child)),
        );
        let linked = ticket.links.iter().filter_map(|link| self.world.ticket(&link.to));
        all.extend(linked.map(|other| item("System.LinkTypes.Related", "Related", other)));
        all.extend(ticket.attachments.iter().map(|file| {
            json!({
                "rel": "AttachedFile",
                "url": self.api(&format!("wit/attachments/{}", self.own.file_id(file.id))),
                "attributes": {
                    "authorizedDate": iso(file.created_at),
                    "id": file.id,
                    "resourceCreatedDate": iso(file.created_at),
                    "resourceSize": file.bytes.len(),
                    "name": file.name
                }
            })
        }));
        all.extend(self.own.hyperlinks.get(&ticket.key).into_iter().flatten().cloned());
        all
    }

    fn item_links(&self, project: &Project, ticket: &Ticket) -> Value {
        let (id, kind) = (ticket.ordinal(), ticket.kind.as_deref().unwrap_or("Task").replace(' ', "%20"));
        let at = |path: &str| json!({ "href": self.project_api(project, path) });
        json!({
            "self": at(&format!("wit/workItems/{id}")),
            "workItemUpdates": at(&format!("wit/workItems/{id}/updates")),
            "workItemRevisions": at(&format!("wit/workItems/{id}/revisions")),
            "workItemComments": at(&format!("wit/workItems/{id}/comments")),
            "html": { "href": format!("{}/{}/_workitems/edit/{id}", self.base, super::project_id(project)) },
            "workItemType": at(&format!("wit/workItemTypes/{kind}")),
            "fields": { "href": self.api("wit/fields") }
        })
    }
}
