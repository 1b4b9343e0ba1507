//! Reads GitHub's webhook payloads as events.
//!
//! In: a verified delivery. Out: an event, a ping, or a reason why it is nothing for us. One borrowed parse: what the
//! event does not need is skipped unread. Never panics, never fails, never looks at a URL of the payload.
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};

use super::address::{IssuePath, RepoPath};
use crate::model::{
    CommentId, TicketId, TicketKey,
    delivery::Delivery,
    event::{Actor, Change, Decoded, Event},
};

/// Reads a delivery. `app_id` is the bot's own App, whose comments carry its name whoever signed in.
pub(super) fn decode(delivery: &Delivery, app_id: Option<u64>) -> Decoded {
    match delivery.event.as_str() {
        "ping" => Decoded::Ping,
        "issues" | "issue_comment" => read(delivery, app_id)
            .map_or_else(|reason| Decoded::Irrelevant { reason }, |event| Decoded::Event(Box::new(event))),
        "" => irrelevant("no event name in the header X-GitHub-Event"),
        other => irrelevant(&format!("the event {other}")),
    }
}

/// Nothing for us, and why.
fn irrelevant(reason: &str) -> Decoded {
    Decoded::Irrelevant { reason: reason.to_owned() }
}

/// Reads an event about an issue or its comments, or says why there is none.
fn read(delivery: &Delivery, app_id: Option<u64>) -> Result<Event, String> {
    let payload: Payload<'_> = serde_json::from_slice(&delivery.json).map_err(|error| unreadable(&error))?;
    let issue = payload.issue.as_ref().filter(|issue| issue.number > 0).ok_or("no issue in the payload")?;
    let repository = payload.repository.as_ref().ok_or("no repository in the payload")?;
    let repository = RepoPath::parse(&repository.full_name).ok_or("not a repository name that GitHub gives")?;
    let sender = payload.sender.as_ref().ok_or("nobody is named as the sender")?;
    let change = match (delivery.event.as_str(), &payload.comment) {
        ("issues", None) => issue_change(&payload, issue)?,
        ("issues", Some(_)) => return Err("a comment in an issues event".to_owned()),
        (_, Some(comment)) => comment_change(&payload, comment, app_id)?,
        (_, None) => return Err("no comment in a comment event".to_owned()),
    };
    let project = repository.as_str().to_owned();
    let reference = IssuePath { repository, number: issue.number }.to_string();
    Ok(Event {
        ticket: TicketKey::new(delivery.connection.clone(), TicketId::new(reference.clone())),
        reference,
        project,
        actor: sender.actor(),
        change,
        moment: issue.updated_at.as_ref().map(Text::owned).unwrap_or_default(),
        is_pull_request: issue.pull_request.is_some(),
        is_closed: issue.state.as_ref().is_some_and(|state| state.0 == "closed"),
        notice: None,
    })
}

/// What an `issues` event says.
fn issue_change(payload: &Payload<'_>, issue: &Issue<'_>) -> Result<Change, String> {
    let label = || payload.label.as_ref().map(|label| vec![label.name.owned()]).ok_or("no label in the payload");
    match &*payload.action {
        "opened" => Ok(Change::Opened {
            type_name: issue.kind.as_ref().map(|kind| kind.name.owned()),
            labels: issue.labels.iter().flatten().map(|label| label.name.owned()).collect(),
        }),
        "edited" => Ok(Change::Edited),
        "labeled" => Ok(Change::Labelled { labels: label()? }),
        "unlabeled" => Ok(Change::Unlabelled { labels: label()? }),
        "typed" => {
            let kind = payload.kind.as_ref().or(issue.kind.as_ref()).ok_or("no type in the payload")?;
            Ok(Change::Typed { type_name: kind.name.owned() })
        }
        what @ ("assigned" | "closed" | "deleted" | "demilestoned" | "locked" | "milestoned" | "pinned"
        | "reopened" | "transferred" | "unassigned" | "unlocked" | "unpinned" | "untyped") => {
            Ok(Change::Other { what: what.to_owned() })
        }
        other => Err(unknown_action(other)),
    }
}

/// What an `issue_comment` event says.
fn comment_change(payload: &Payload<'_>, comment: &Comment<'_>, app_id: Option<u64>) -> Result<Change, String> {
    if &*payload.action == "deleted" {
        return Ok(Change::Other { what: "comment deleted".to_owned() });
    }
    let author = comment.author(app_id).ok_or("the comment's author is gone")?;
    let id = CommentId::new(comment.id.to_string());
    let text = comment.body.as_ref().map(Text::owned).unwrap_or_default();
    match &*payload.action {
        "created" => Ok(Change::Commented { comment: id, author, text }),
        "edited" => {
            let body = payload.changes.as_ref().and_then(|changes| changes.body.as_ref());
            let previous = body.and_then(|body| body.from.as_ref()).map(Text::owned);
            Ok(Change::CommentEdited { comment: id, author, text, previous })
        }
        other => Err(unknown_action(other)),
    }
}

/// An action that GitHub did not have when this was written.
fn unknown_action(action: &str) -> String {
    let short: String = action.chars().take(40).collect();
    format!("the action {short:?}")
}

/// Where reading stopped, without a word of the payload.
fn unreadable(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Data => "a field missing, doubled or of another type",
        serde_json::error::Category::Eof => "cut short",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "not JSON",
    };
    format!("unreadable: {kind} (line {}, column {})", error.line(), error.column())
}

/// Text that borrows from the payload unless it holds escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    /// A copy to keep.
    fn owned(&self) -> String {
        self.0.to_string()
    }
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    issue: Option<Issue<'a>>,
    #[serde(borrow)]
    comment: Option<Comment<'a>>,
    #[serde(borrow)]
    label: Option<Named<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Named<'a>>,
    #[serde(borrow)]
    changes: Option<Changes<'a>>,
    #[serde(borrow)]
    repository: Option<Repository<'a>>,
    #[serde(borrow)]
    sender: Option<User<'a>>,
}

#[derive(Deserialize)]
struct Issue<'a> {
    number: u64,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    #[serde(borrow)]
    labels: Option<Vec<Named<'a>>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Named<'a>>,
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Comment<'a> {
    id: u64,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<User<'a>>,
    #[serde(borrow)]
    performed_via_github_app: Option<App<'a>>,
}

impl Comment<'_> {
    /// Who wrote it: the account, or the bot itself when its own App wrote for someone.
    fn author(&self, app_id: Option<u64>) -> Option<Actor> {
        let own = self.performed_via_github_app.as_ref().filter(|app| app.id.is_some() && app.id == app_id);
        match own.and_then(|app| app.slug.as_ref()) {
            Some(slug) => {
                let login = super::app_login(&slug.0);
                Some(Actor { id: login.clone(), name: login, is_bot: true })
            }
            None => self.user.as_ref().map(User::actor),
        }
    }
}

#[derive(Deserialize)]
struct App<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    slug: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Changes<'a> {
    #[serde(borrow)]
    body: Option<Previous<'a>>,
}

#[derive(Deserialize)]
struct Previous<'a> {
    #[serde(borrow)]
    from: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Repository<'a> {
    #[serde(borrow)]
    full_name: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow)]
    login: Text<'a>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
}

impl User<'_> {
    /// The account in the common vocabulary.
    fn actor(&self) -> Actor {
        Actor {
            id: self.login.owned(),
            name: self.login.owned(),
            is_bot: self.kind.as_ref().is_some_and(|kind| kind.0 == "Bot"),
        }
    }
}
