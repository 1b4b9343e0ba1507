//! Webhooks: payloads of version 2's shape, whatever version clients use.
//!
//! In: what happened and who did it. Out: drafts. Cloud tells of a comment once, with a small issue; Data Center twice:
//! `comment_created` without an issue and `jira:issue_updated` with all of it. Source: "Webhooks" at
//! developer.atlassian.com, recorded payloads where it is silent.

use serde_json::{Map, Value, json};

use super::{
    Own, State, auth,
    flavour::Flavour,
    json::{ACCEPTANCE, ACCEPTANCE_NAME, Show, account_id, issue_type_id},
};
use crate::sandbox::{
    acts::Happening,
    deliver::{Draft, Letter, signature},
    world::{Comment, Project, Ticket, TicketKey, World},
};

/// The POST of a delivery.
pub fn letter(own: &Own, draft: &Draft) -> Option<Letter> {
    let url = own.hook.clone()?;
    let body = draft.payload.to_string();
    let mut headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
    if let Some(secret) = &own.secret {
        headers.push(("x-hub-signature", signature(secret, body.as_bytes())));
    }
    if own.flavour == Flavour::Cloud {
        headers.push(("user-agent", "Atlassian Webhook HTTP Client".to_owned()));
        headers.push(("x-atlassian-webhook-identifier", draft.guid.clone()));
        headers.push(("x-atlassian-webhook-flow", "Primary".to_owned()));
        if draft.attempts > 0 {
            headers.push(("x-atlassian-webhook-retry", draft.attempts.to_string()));
        }
    } else {
        headers.push(("user-agent", "Atlassian HttpClient 4.1.0 / JIRA-10.3.4".to_owned()));
    }
    Some(Letter { url, headers, body })
}

/// Makes the deliveries about what happened.
pub fn tell(state: &mut State, base: &str, by: &str, what: &Happening<'_>) {
    let id = 10_200 + state.drafted;
    let made = Teller { show: Show { world: &state.world, own: &state.own, base, version: 2 }, by, id }.payloads(what);
    for (event, action, project, payload) in made {
        state.make(event, action, &project, payload.to_string().into());
    }
}

type Made = (&'static str, Option<&'static str>, String, Value);

struct Teller<'a> {
    show: Show<'a>,
    by: &'a str,
    /// The changelog's id.
    id: u64,
}

impl Teller<'_> {
    fn world(&self) -> &World {
        self.show.world
    }

    fn payloads(&self, what: &Happening<'_>) -> Vec<Made> {
        match what {
            Happening::Opened(key) => self.about(key, |project, ticket| {
                self.issue_event(
                    "jira:issue_created",
                    "issue_created",
                    project,
                    ticket,
                    Some(opening(&self.show, ticket)),
                )
            }),
            Happening::Changed(before) => self.about(&before.key, |project, ticket| {
                let items = changes(project, before, ticket);
                self.issue_event("jira:issue_updated", "issue_updated", project, ticket, Some(items))
            }),
            Happening::Deleted(ticket) => {
                let Some(project) = self.world().project(&ticket.key.project) else { return Vec::new() };
                vec![self.deleted(project, ticket)]
            }
            Happening::Commented(key, id) => self.about_comment(key, *id, "comment_created", "issue_commented"),
            Happening::CommentEdited(key, id) => {
                self.about_comment(key, *id, "comment_updated", "issue_comment_edited")
            }
            Happening::CommentRemoved(key, comment) => self
                .world()
                .ticket(key)
                .map(|ticket| self.comment_events(ticket, comment, "comment_deleted", "issue_comment_deleted"))
                .unwrap_or_default(),
        }
    }

    fn about(&self, key: &TicketKey, make: impl FnOnce(&Project, &Ticket) -> Made) -> Vec<Made> {
        let ticket = self.world().ticket(key);
        let found = ticket.and_then(|ticket| Some((self.world().project(&ticket.key.project)?, ticket)));
        found.map(|(project, ticket)| make(project, ticket)).into_iter().collect()
    }

    fn about_comment(&self, key: &TicketKey, id: u64, event: &'static str, action: &'static str) -> Vec<Made> {
        let found = self.world().ticket(key).and_then(|ticket| {
            let comment = ticket.comments.iter().find(|comment| comment.id == id)?;
            Some(self.comment_events(ticket, comment, event, action))
        });
        found.unwrap_or_default()
    }

    fn comment_events(
        &self,
        ticket: &Ticket,
        comment: &Comment,
        event: &'static str,
        action: &'static str,
    ) -> Vec<Made> {
        let Some(project) = self.world().project(&ticket.key.project) else { return Vec::new() };
        let mut shown = self.show.comment(ticket, comment, false);
        if comment.author != self.by {
            shown["updateAuthor"] = self.show.user(self.by);
        }
        let mut alone = self.envelope(event);
        alone.insert("comment".to_owned(), shown.clone());
        let home = ticket.key.project.clone();
        if self.show.own.flavour == Flavour::Cloud {
            let heading = Value::Object(self.show.heading(project, ticket));
            alone.insert("issue".to_owned(), self.show.issue_with(ticket, heading));
            return vec![(event, None, home, Value::Object(alone))];
        }
        if event == "comment_updated" {
            alone.insert("user".to_owned(), self.show.user(self.by));
        }
        let mut whole = self.issue_event("jira:issue_updated", action, project, ticket, None);
        whole.3["comment"] = shown;
        vec![(event, None, home, Value::Object(alone)), whole]
    }

    fn issue_event(
        &self,
        event: &'static str,
        action: &'static str,
        project: &Project,
        ticket: &Ticket,
        items: Option<Vec<Value>>,
    ) -> Made {
        let mut payload = self.envelope(event);
        payload.insert("issue_event_type_name".to_owned(), action.into());
        payload.insert("user".to_owned(), self.show.user(self.by));
        payload.insert("issue".to_owned(), self.whole(project, ticket));
        if let Some(items) = items {
            payload.insert("changelog".to_owned(), json!({ "id": self.id.to_string(), "items": items }));
        }
        (event, Some(action), ticket.key.project.clone(), Value::Object(payload))
    }

    fn deleted(&self, project: &Project, ticket: &Ticket) -> Made {
        let mut payload = self.envelope("jira:issue_deleted");
        payload.insert("user".to_owned(), self.show.user(self.by));
        payload.insert("issue".to_owned(), self.whole(project, ticket));
        ("jira:issue_deleted", None, ticket.key.project.clone(), Value::Object(payload))
    }

    /// The issue with all its fields; Data Center shows the comments too.
    fn whole(&self, project: &Project, ticket: &Ticket) -> Value {
        let fields = match self.show.own.flavour {
            Flavour::Cloud => self.show.fields(project, ticket),
            Flavour::DataCenter => self.show.all_fields(project, ticket),
        };
        self.show.issue_with(ticket, Value::Object(fields))
    }

    fn envelope(&self, event: &str) -> Map<String, Value> {
        let mut envelope = Map::new();
        envelope.insert("timestamp".to_owned(), self.world().now().into());
        envelope.insert("webhookEvent".to_owned(), event.into());
        envelope
    }
}

/// What the changelog of an opening lists: labels and types are not among it.
fn opening(show: &Show<'_>, ticket: &Ticket) -> Vec<Value> {
    let name = show.world.user(&ticket.author).map(|user| user.name.as_str());
    let mut items = Vec::new();
    if let Some(body) = &ticket.body {
        items.push(item("description", "description", (None, None), (None, Some(body))));
    }
    items.push(item("priority", "priority", (None, None), (Some("3"), Some("Medium"))));
    let account = account_id(&ticket.author);
    let author = if show.own.flavour == Flavour::Cloud { account.as_str() } else { ticket.author.as_str() };
    items.push(item("reporter", "reporter", (None, None), (Some(author), name)));
    items.push(item("Status", "status", (None, None), (Some("10001"), Some("To Do"))));
    items.push(item("summary", "summary", (None, None), (None, Some(&ticket.title))));
    items
}

/// What the changelog of a change lists.
fn changes(project: &Project, before: &Ticket, after: &Ticket) -> Vec<Value> {
    let mut items = Vec::new();
    if before.title != after.title {
        items.push(item("summary", "summary", (None, Some(&before.title)), (None, Some(&after.title))));
    }
    if before.body != after.body {
        let (old, new) = (before.body.as_deref(), after.body.as_deref());
        items.push(item("description", "description", (None, old), (None, new)));
    }
    if before.acceptance != after.acceptance {
        let (old, new) = (before.acceptance.as_deref(), after.acceptance.as_deref());
        let mut own = item(ACCEPTANCE_NAME, ACCEPTANCE, (None, old), (None, new));
        own["fieldtype"] = "custom".into();
        items.push(own);
    }
    if before.labels != after.labels {
        let (old, new) = (before.labels.join(" "), after.labels.join(" "));
        items.push(item("labels", "labels", (None, Some(&old)), (None, Some(&new))));
    }
    if before.kind != after.kind {
        let of = |ticket: &Ticket| {
            let name = ticket.kind.clone().unwrap_or_else(|| "Task".to_owned());
            (issue_type_id(project, &name).to_string(), name)
        };
        let ((old_id, old), (new_id, new)) = (of(before), of(after));
        items.push(item("issuetype", "issuetype", (Some(&old_id), Some(&old)), (Some(&new_id), Some(&new))));
    }
    for file in after.attachments.iter().filter(|file| before.attachments.iter().all(|old| old.id != file.id)) {
        items.push(item("Attachment", "attachment", (None, None), (Some(&file.id.to_string()), Some(&file.name))));
    }
    items
}

fn item(field: &str, id: &str, from: (Option<&str>, Option<&str>), to: (Option<&str>, Option<&str>)) -> Value {
    json!({
        "field": field,
        "fieldtype": "jira",
        "fieldId": id,
        "from": from.0,
        "fromString": from.1,
        "to": to.0,
        "toString": to.1
    })
}

/// The statuses after which Cloud sends again; no answer is one of them.
pub fn is_retried(status: Option<u16>) -> bool {
    status.is_none_or(|status| matches!(status, 408 | 409 | 425 | 429 | 500..=599))
}

/// The bot's account is an ordinary user of the site.
pub fn settle(world: &mut World) {
    if world.user(auth::BOT).is_none() {
        world.add_person(auth::BOT, "Planwright");
    }
}
