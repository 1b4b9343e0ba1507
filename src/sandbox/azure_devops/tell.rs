//! Service hooks: what happened, as deliveries of resource version 1.0, where people are `Name <address>`.
//!
//! In: what happened and who did it. Out: drafts, with the Basic password that the hook asks for and without any
//! signature. A comment is told twice: `workitem.commented`, and `workitem.updated` for the revision that it makes.
//! Source: "Service hooks events" at learn.microsoft.com, recorded payloads where it is silent.

pub mod resource;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    Own, State,
    history::{self, Made},
    hooks::{Details, Notification},
    json::{Show, iso, project_id},
};
use crate::sandbox::{
    acts::Happening,
    deliver::{Draft, Letter, guid},
    world::{Project, Ticket, TicketKey},
};

/// The POST of a delivery.
pub fn letter(own: &Own, draft: &Draft) -> Option<Letter> {
    let hook = own.hook.as_ref()?;
    let credentials = STANDARD.encode(format!("{}:{}", hook.user, hook.password));
    let headers = vec![
        ("content-type", "application/json; charset=utf-8".to_owned()),
        ("authorization", format!("Basic {credentials}")),
        ("user-agent", "VSServices/19.256.35909.1 (TfsJobAgent.exe)".to_owned()),
    ];
    Some(Letter { url: hook.url.clone(), headers, body: draft.payload.to_string() })
}

/// The statuses after which a delivery is sent again.
pub fn is_retried(status: Option<u16>) -> bool {
    status.is_none_or(|status| matches!(status, 408 | 502 | 503 | 504))
}

/// Makes the deliveries about what happened.
pub fn tell(state: &mut State, base: &str, by: &str, what: &Happening<'_>) {
    match what {
        Happening::Opened(key) => {
            touch(state, key, by);
            history::record(state, base, key, Made { by, before: None, comment: None });
            about(state, base, by, key, "workitem.created", resource::whole);
        }
        Happening::Changed(before) => {
            updated(state, base, &before.key, Made { by, before: Some(before), comment: None })
        }
        Happening::Deleted(ticket) => {
            let show = Show { world: &state.world, own: &state.own, base };
            let Some(project) = state.world.project(&ticket.key.project) else { return };
            let resource = resource::deleted(show, project, ticket);
            let (project, ticket) = (project.clone(), (*ticket).clone());
            send(state, base, by, "workitem.deleted", (&project, &ticket), resource);
        }
        Happening::Commented(key, id) => {
            touch(state, key, by);
            let Some((ticket, comment)) = state.world.comment(&key.project, *id) else { return };
            let (before, comment) = (before_comment(ticket), comment.clone());
            about(state, base, by, key, "workitem.commented", |show, project, ticket| {
                let mut resource = resource::whole(show, project, ticket);
                resource["fields"]["System.History"] = comment.body.as_str().into();
                resource
            });
            updated(state, base, key, Made { by, before: Some(&before), comment: Some(&comment) });
        }
        Happening::CommentEdited(key, _) | Happening::CommentRemoved(key, _) => {
            let Some(before) = state.world.ticket(key).cloned() else { return };
            state.world.change(key, |_| {});
            updated(state, base, key, Made { by, before: Some(&before), comment: None });
        }
    }
}

/// The work item one revision and one comment earlier.
fn before_comment(ticket: &Ticket) -> Ticket {
    let mut before = ticket.clone();
    before.revision = before.revision.saturating_sub(1);
    before.comments.pop();
    before
}

fn touch(state: &mut State, key: &TicketKey, by: &str) {
    state.own.changed_by.insert(key.clone(), by.to_owned());
}

/// A delivery about an update.
fn updated(state: &mut State, base: &str, key: &TicketKey, made: Made<'_>) {
    touch(state, key, made.by);
    let resource = history::record(state, base, key, made);
    about(state, base, made.by, key, "workitem.updated", |_, _, _| resource);
}

fn about(
    state: &mut State,
    base: &str,
    by: &str,
    key: &TicketKey,
    event: &'static str,
    resource: impl FnOnce(Show<'_>, &Project, &Ticket) -> Value,
) {
    let Some(ticket) = state.world.ticket(key).cloned() else { return };
    let Some(project) = state.world.project(&key.project).cloned() else { return };
    let resource = resource(Show { world: &state.world, own: &state.own, base }, &project, &ticket);
    send(state, base, by, event, (&project, &ticket), resource);
}

/// Makes the delivery of an event, in the subscription to such events.
fn send(state: &mut State, base: &str, by: &str, event: &'static str, of: (&Project, &Ticket), resource: Value) {
    let (project, ticket) = of;
    let count = state.own.subscriptions.entry(event).or_insert(0);
    *count += 1;
    let (notification, subscription) = (*count, subscription_id(event));
    let id = guid(&format!("delivery {}", state.drafted + 1));
    let words = words(&Show { world: &state.world, own: &state.own, base }, by, event, ticket);
    let payload = json!({
        "subscriptionId": subscription,
        "notificationId": notification,
        "id": id,
        "eventType": event,
        "publisherId": "tfs",
        "message": words.0,
        "detailedMessage": words.1,
        "resource": state.own.details.of(resource),
        "resourceVersion": "1.0",
        "resourceContainers": {
            "collection": { "id": guid("collection") },
            "account": { "id": guid("account") },
            "project": { "id": project_id(project) }
        },
        "createdDate": iso(state.world.now())
    });
    let kept = Notification { event: payload.clone(), at: state.world.now() };
    state.own.notifications.insert((subscription, notification), kept);
    state.make(event, None, &project.name, payload.to_string().into());
}

/// The subscription to events of a type.
pub fn subscription_id(event: &str) -> String {
    guid(&format!("subscription {event}"))
}

/// The message and the detailed one, each as text, HTML and Markdown.
fn words(show: &Show<'_>, by: &str, event: &str, ticket: &Ticket) -> (Value, Value) {
    let kind = ticket.kind.as_deref().unwrap_or("Task");
    let (id, title) = (ticket.ordinal(), &ticket.title);
    let name = show.world.user(by).map_or(by, |user| user.name.as_str());
    let did = match event.strip_prefix("workitem.").unwrap_or(event) {
        "commented" => "commented on",
        did => did,
    };
    let url = format!("{}/web/wi.aspx?id={id}", show.base);
    let said = format!("({title}) {did} by {name}.");
    let last = ticket.comments.last().map_or("", |comment| comment.body.as_str());
    let more = if did == "commented on" { last } else { "- State: New" };
    let all = |tail: &dyn Fn(&str) -> String| {
        json!({
            "text": format!("{kind} #{id} {said}\r\n({url}){}", tail("\r\n")),
            "html": format!("<a href=\"{url}\">{kind} #{id}</a> {said}{}", tail("<br/>")),
            "markdown": format!("[{kind} #{id}]({url}) {said}{}", tail("\r\n"))
        })
    };
    (all(&|_| String::new()), all(&|gap| format!("{gap}{more}")))
}

impl Details {
    /// As much of the resource as the subscription sends.
    fn of(self, resource: Value) -> Value {
        match self {
            Self::All => resource,
            Self::Minimal => json!({ "id": resource["id"], "url": resource["url"] }),
            Self::Nothing => Value::Null,
        }
    }
}
