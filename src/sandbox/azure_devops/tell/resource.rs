//! The resource of a service hook's event: a work item, an update of it, or what is left of it.

use serde_json::{Map, Value, json};

use crate::sandbox::{
    azure_devops::json::{Show, iso},
    world::{Project, Ticket},
};

/// What an update is beside its fields.
pub struct Update<'a> {
    pub number: u64,
    pub by: &'a str,
    /// The comment that made it.
    pub history: Option<&'a str>,
    /// The relations that are new.
    pub added: &'a [Value],
}

/// How an identity is shown.
type Person = fn(&Show<'_>, &str) -> Value;

/// The work item as it stands.
pub fn whole(show: Show<'_>, project: &Project, ticket: &Ticket) -> Value {
    let id = ticket.ordinal();
    json!({
        "id": id,
        "rev": ticket.revision,
        "fields": fields(show, project, ticket, signed),
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

fn signed(show: &Show<'_>, login: &str) -> Value {
    show.signature(login).into()
}

/// The difference between two states, or from nothing; the whole work item stands in its revision.
pub fn update(
    show: Show<'_>,
    project: &Project,
    before: Option<&Ticket>,
    after: &Ticket,
    update: &Update<'_>,
    person: Person,
) -> Value {
    let id = after.ordinal();
    let url = show.api(&format!("wit/workItems/{id}/updates/{}", update.number));
    let mut revised_by = show.identity(update.by);
    revised_by["name"] = show.signature(update.by).into();
    let mut shown = json!({
        "id": update.number,
        "workItemId": id,
        "rev": after.revision,
        "revisedBy": revised_by,
        "revisedDate": "9999-01-01T00:00:00Z",
        "_links": {
            "self": { "href": url },
            "parent": { "href": show.api(&format!("wit/workItems/{id}")) },
            "workItemUpdates": { "href": show.api(&format!("wit/workItems/{id}/updates")) }
        },
        "url": url,
        "revision": {
            "id": id,
            "rev": after.revision,
            "fields": fields(show, project, after, person),
            "url": show.api(&format!("wit/workItems/{id}/revisions/{}", after.revision))
        }
    });
    // A change of relations alone makes no revision and has no fields.
    if before.is_none_or(|before| before.revision != after.revision) {
        shown["fields"] = difference(show, project, before, after, update, person);
    }
    if !update.added.is_empty() {
        shown["relations"] = json!({ "added": update.added });
    }
    shown
}

fn fields(show: Show<'_>, project: &Project, ticket: &Ticket, person: Person) -> Map<String, Value> {
    show.fields(project, ticket, person)
}

/// What changed, with the old value where there was one.
fn difference(
    show: Show<'_>,
    project: &Project,
    before: Option<&Ticket>,
    after: &Ticket,
    update: &Update<'_>,
    person: Person,
) -> Value {
    let old = before.map(|before| fields(show, project, before, person)).unwrap_or_default();
    let new = fields(show, project, after, person);
    let mut changed = Map::new();
    let mut put = |name: &str, from: Option<Value>, to: Option<Value>| {
        let mut pair = Map::new();
        pair.extend(from.map(|value| ("oldValue".to_owned(), value)));
        pair.extend(to.map(|value| ("newValue".to_owned(), value)));
        changed.insert(name.to_owned(), pair.into());
    };
    let at = |ticket: &Ticket| Value::from(iso(ticket.updated_at));
    put("System.Rev", before.map(|before| before.revision.into()), Some(after.revision.into()));
    put("System.AuthorizedDate", before.map(at), Some(at(after)));
    put("System.RevisedDate", before.map(|_| at(after)), Some("9999-01-01T00:00:00Z".into()));
    put("System.ChangedDate", before.map(at), Some(at(after)));
    put("System.Watermark", before.map(|before| before.revision.into()), Some((after.revision + 3).into()));
    let dates = ["System.ChangedDate", "System.ChangedBy"];
    for (name, value) in new.iter().filter(|(name, _)| !dates.contains(&name.as_str())) {
        if old.get(name) != Some(value) {
            put(name, old.get(name).cloned(), Some(value.clone()));
        }
    }
    for (name, value) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
        put(name, Some(value.clone()), None);
    }
    if let Some(history) = update.history {
        put("System.History", None, Some(history.into()));
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
