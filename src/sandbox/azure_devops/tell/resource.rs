//! The resource of a service hook's event: a work item, an update of it, or what is left of it.

use serde_json::{Map, Value, json};

use crate::sandbox::{
    azure_devops::json::{ACCEPTANCE, Show, body_field, iso},
    world::{Project, Ticket},
};

/// What an update is beside its fields.
pub struct Update<'a> {
    pub number: u64,
    pub by: &'a str,
    /// The comment that made it.
    pub history: Option<&'a str>,
}

/// The work item as it stands.
pub fn whole(show: Show<'_>, project: &Project, ticket: &Ticket) -> Value {
    let id = ticket.ordinal();
    json!({
        "id": id,
        "rev": ticket.revision,
        "fields": fields(show, project, ticket),
        "_links": links(show, project, ticket),
        "url": show.api(&format!("wit/workItems/{id}"))
    })
}

/// The work item in the recycle bin.
pub fn deleted(show: Show<'_>, project: &Project, ticket: &Ticket) -> Value {
    let mut resource = whole(show, project, ticket);
    let url = show.api(&format!("wit/recyclebin/{}", ticket.ordinal()));
    resource["_links"] = json!({
        "self": { "href": url },
        "workItemType": links(show, project, ticket)["workItemType"],
        "fields": { "href": show.api("wit/fields") }
    });
    resource["url"] = url.into();
    resource
}

/// The difference between two states; the whole work item stands in its revision.
pub fn update(show: Show<'_>, project: &Project, before: &Ticket, after: &Ticket, update: &Update<'_>) -> Value {
    let id = after.ordinal();
    let url = show.api(&format!("wit/workItems/{id}/updates/{}", update.number));
    let mut revised_by = show.identity(update.by);
    revised_by["name"] = show.signature(update.by).into();
    json!({
        "id": update.number,
        "workItemId": id,
        "rev": after.revision,
        "revisedBy": revised_by,
        "revisedDate": "9999-01-01T00:00:00Z",
        "fields": difference(show, project, before, after, update),
        "_links": {
            "self": { "href": url },
            "parent": { "href": show.api(&format!("wit/workItems/{id}")) },
            "workItemUpdates": { "href": show.api(&format!("wit/workItems/{id}/updates")) }
        },
        "url": url,
        "revision": {
            "id": id,
            "rev": after.revision,
            "fields": fields(show, project, after),
            "url": show.api(&format!("wit/workItems/{id}/revisions/{}", after.revision))
        }
    })
}

fn fields(show: Show<'_>, project: &Project, ticket: &Ticket) -> Map<String, Value> {
    show.fields(project, ticket, |show, login| show.signature(login).into())
}

/// What changed, with the old value where there was one.
fn difference(show: Show<'_>, project: &Project, before: &Ticket, after: &Ticket, update: &Update<'_>) -> Value {
    let (old, new) = (fields(show, project, before), fields(show, project, after));
    let mut changed = Map::new();
    let mut put = |name: &str, from: Option<&Value>, to: Option<&Value>| {
        let mut pair = Map::new();
        pair.extend(from.map(|value| ("oldValue".to_owned(), value.clone())));
        pair.extend(to.map(|value| ("newValue".to_owned(), value.clone())));
        changed.insert(name.to_owned(), pair.into());
    };
    put("System.Rev", Some(&before.revision.into()), Some(&after.revision.into()));
    put("System.AuthorizedDate", Some(&iso(before.updated_at).into()), Some(&iso(after.updated_at).into()));
    put("System.RevisedDate", Some(&iso(after.updated_at).into()), Some(&"9999-01-01T00:00:00Z".into()));
    put("System.ChangedDate", Some(&iso(before.updated_at).into()), Some(&iso(after.updated_at).into()));
    put("System.Watermark", Some(&before.revision.into()), Some(&(after.revision + 3).into()));
    let watched = [
        "System.Title",
        "System.Tags",
        "System.WorkItemType",
        "System.State",
        "System.AssignedTo",
        ACCEPTANCE,
        "System.CommentCount",
        body_field(after),
    ];
    for name in watched {
        if old.get(name) != new.get(name) {
            put(name, old.get(name), new.get(name));
        }
    }
    if let Some(history) = update.history {
        put("System.History", None, Some(&history.into()));
    }
    changed.into()
}

fn links(show: Show<'_>, project: &Project, ticket: &Ticket) -> Value {
    let id = ticket.ordinal();
    let kind = ticket.kind.as_deref().unwrap_or("Task").replace(' ', "%20");
    let at = |path: String| json!({ "href": show.api(&path) });
    json!({
        "self": at(format!("wit/workItems/{id}")),
        "workItemUpdates": at(format!("wit/workItems/{id}/updates")),
        "workItemRevisions": at(format!("wit/workItems/{id}/revisions")),
        "workItemType": { "href": show.project_api(project, &format!("wit/workItemTypes/{kind}")) },
        "fields": at("wit/fields".to_owned())
    })
}
