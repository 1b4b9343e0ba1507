//! Reads Jira's webhook payloads as events.
//!
//! In: a verified delivery. Out: an event, or a reason why it is nothing for us. One borrowed parse: what the event does
//! not need is skipped unread. Comments come as wiki markup on Cloud too, and leave as Markdown, the language of commands:
//! what stands in a quote or in code there does here. Never panics, never fails, never looks at an address of the payload.
//!
//! One delivery can hold a comment and field changes (a transition with a comment). An event has one change: a comment
//! that holds a line with a command counts first, then an added label, a new type, the comment, and other changes last.
//! A Data Center sends a comment twice, in different bodies (`comment_created` and `jira:issue_updated`): both name the
//! comment's number, by which equal askings are known.

use std::collections::BTreeMap;

use super::{
    address::{IssueId, IssueKey},
    loose::{Part, Word},
    payload::{Changelog, Comment, Issue, Item, Named, Payload},
};
use crate::{
    model::{
        CommentId, TicketId, TicketKey,
        delivery::Delivery,
        event::{Actor, Change, Decoded, Event},
    },
    richtext::{markdown, wiki},
};

/// The longest foreign word that stands in a reason, in characters.
const WORD_LIMIT: usize = 40;

/// What issue types are called here: by number or by Jira's own (perhaps translated) name, to the name that rules use.
pub(super) type TypeNames = BTreeMap<String, String>;

/// What the connection says of this Jira, where an event depends on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) types: TypeNames,
    /// The fields beside title and body that a plan reads, by id or name: who changes them edits the ticket.
    pub(super) texts: Vec<String>,
}

/// The name of a type.
pub(super) fn type_name(types: &TypeNames, id: Option<&str>, name: Option<&str>) -> Option<String> {
    let known = |key: Option<&str>| types.get(key?).map(String::as_str);
    known(id).or_else(|| known(name)).or(name).map(str::to_owned)
}

/// Reads a delivery.
pub(super) fn decode(delivery: &Delivery, reading: &Reading) -> Decoded {
    read(delivery, reading)
        .map_or_else(|reason| Decoded::Irrelevant { reason }, |event| Decoded::Event(Box::new(event)))
}

/// Reads an event about an issue or its comments, or says why there is none.
fn read(delivery: &Delivery, reading: &Reading) -> Result<Event, String> {
    let payload: Part<Payload<'_>> = serde_json::from_slice(&delivery.json).map_err(|error| unreadable(&error))?;
    let payload = payload.get().ok_or("unreadable: not an object")?;
    let change = change(payload, reading)?;
    let issue = payload.issue.get();
    let id = issue_id(payload).ok_or("no issue in the payload")?;
    let key =
        issue.and_then(|issue| issue.key.get()).map(|key| IssueKey::parse(key).ok_or("not a key that Jira gives"));
    let key = key.transpose()?;
    let status = issue.and_then(|issue| issue.fields.get()).and_then(|fields| fields.status.get());
    Ok(Event {
        ticket: TicketKey::new(delivery.connection.clone(), TicketId::new(id.to_string())),
        reference: key.as_ref().map_or_else(|| id.to_string(), |key| key.as_str().to_owned()),
        project: key.as_ref().map(|key| key.project().to_owned()).unwrap_or_default(),
        actor: actor(payload, &change)?,
        change,
        moment: moment(payload),
        is_pull_request: false,
        is_closed: status.is_some_and(|status| status.is_done()),
        notice: None,
    })
}

/// The issue's number, or the one that the comment's address names.
fn issue_id(payload: &Payload<'_>) -> Option<IssueId> {
    payload.issue.get().and_then(Issue::id).or_else(|| payload.comment.get().and_then(Comment::issue))
}

/// What happened.
fn change(payload: &Payload<'_>, reading: &Reading) -> Result<Change, String> {
    match payload.event.get().ok_or("no webhookEvent in the payload")? {
        "jira:issue_created" => Ok(opened(payload, &reading.types)),
        "jira:issue_updated" => Ok(updated(payload, reading)),
        "jira:issue_deleted" => Ok(Change::Other { what: "deleted".to_owned() }),
        "comment_created" => said(payload, Spoken::New),
        "comment_updated" => said(payload, Spoken::Edited),
        "comment_deleted" => said(payload, Spoken::Removed),
        other => Err(format!("the event {:?}", short(other))),
    }
}

/// A new issue, with the labels it was made with: its changelog, where there is one, does not name them.
fn opened(payload: &Payload<'_>, types: &TypeNames) -> Change {
    let fields = payload.issue.get().and_then(|issue| issue.fields.get());
    let kind = fields.and_then(|fields| fields.kind.get());
    let labels = fields.map(|fields| fields.labels.items()).unwrap_or_default();
    Change::Opened {
        type_name: kind.and_then(|Named { id, name }| type_name(types, id.get(), name.get())),
        labels: labels.iter().filter_map(Word::get).map(str::to_owned).collect(),
    }
}

/// A changed issue: fields, a comment or both.
fn updated(payload: &Payload<'_>, reading: &Reading) -> Change {
    let items = payload.changelog.get().map(|changelog| changelog.items.items()).unwrap_or_default();
    let fields = changed_fields(items.iter().filter_map(Part::get), reading);
    let comment = payload.comment.get().and_then(|comment| said(payload, spoken(payload, comment)).ok());
    match (comment, fields) {
        (Some(comment), Some(fields)) if may_ask(&fields) && !holds_command(&comment) => fields,
        (Some(comment), _) => comment,
        (None, Some(fields)) => fields,
        (None, None) => Change::Other { what: short(payload.kind.get().unwrap_or("updated")) },
    }
}

/// Can a change of fields start work?
fn may_ask(change: &Change) -> bool {
    matches!(change, Change::Labelled { .. } | Change::Typed { .. })
}

/// Does a line of the comment begin like a command?
fn holds_command(change: &Change) -> bool {
    matches!(change, Change::Commented { text, .. } if text.lines().any(|line| line.trim_start().starts_with('/')))
}

/// What changed fields say, the one that can start work first.
fn changed_fields<'p>(items: impl Iterator<Item = &'p Item<'p>> + Clone, reading: &Reading) -> Option<Change> {
    let of = |field: &'static str| items.clone().filter(move |item| item.is(field));
    let labels = |from: fn(&'p Item<'p>) -> (&'p str, &'p str)| -> Vec<String> {
        of("labels").map(from).flat_map(|(few, many)| missing(few, many)).collect()
    };
    let (added, removed) = (
        labels(|item| (item.before.text(), item.after.text())),
        labels(|item| (item.after.text(), item.before.text())),
    );
    let kind = of("issuetype").find_map(|item| type_name(&reading.types, item.after_id.get(), item.after.get()));
    let texts = || ["summary", "description"].into_iter().chain(reading.texts.iter().map(|name| name.trim()));
    let edited = items.clone().any(|item| texts().any(|field| item.is(field)));
    match kind {
        _ if !added.is_empty() => Some(Change::Labelled { labels: added }),
        Some(type_name) => Some(Change::Typed { type_name }),
        None if !removed.is_empty() => Some(Change::Unlabelled { labels: removed }),
        None if edited => Some(Change::Edited),
        None => items.clone().find_map(|item| item.field.get()).map(|field| Change::Other { what: changed(field) }),
    }
}

/// The labels of `many` that are not among `few`: names hold no spaces, so spaces part them.
pub(super) fn missing<'p>(few: &'p str, many: &'p str) -> impl Iterator<Item = String> {
    let few: std::collections::HashSet<&str> = few.split_whitespace().collect();
    many.split_whitespace().filter(move |label| !few.contains(label)).map(str::to_owned)
}

/// A change of a field that no rule looks at.
fn changed(field: &str) -> String {
    format!("{} changed", short(field))
}

/// What became of a comment.
#[derive(Clone, Copy)]
enum Spoken {
    New,
    Edited,
    Removed,
}

/// What became of the comment of a `jira:issue_updated`. Without a word on it, as from older Data Centers, its times
/// tell.
fn spoken(payload: &Payload<'_>, comment: &Comment<'_>) -> Spoken {
    match payload.kind.get() {
        Some("issue_comment_edited") => Spoken::Edited,
        Some("issue_comment_deleted") => Spoken::Removed,
        Some("issue_commented") => Spoken::New,
        _ if comment.created.text() == comment.updated.text() => Spoken::New,
        _ => Spoken::Edited,
    }
}

/// What a comment says. Jira never tells the text before an edit.
fn said(payload: &Payload<'_>, spoken: Spoken) -> Result<Change, String> {
    if matches!(spoken, Spoken::Removed) {
        return Ok(Change::Other { what: "comment deleted".to_owned() });
    }
    let comment = payload.comment.get().ok_or("no comment in a comment event")?;
    let id = comment.id().ok_or("not a comment number of Jira")?;
    let author = comment.author.get().and_then(|author| author.actor()).ok_or("the comment's author is gone")?;
    let (comment, text) = (CommentId::new(id.to_string()), markdown::write(&wiki::read(comment.body.text())));
    Ok(match spoken {
        Spoken::New => Change::Commented { comment, author, text },
        Spoken::Edited | Spoken::Removed => Change::CommentEdited { comment, author, text, previous: None },
    })
}

/// Who did it: the author or the editor of a comment, else the user that the payload names.
fn actor(payload: &Payload<'_>, change: &Change) -> Result<Actor, String> {
    let user = || payload.user.get().and_then(|user| user.actor());
    let comment = payload.comment.get();
    let actor = match change {
        Change::Commented { author, .. } => Some(author.clone()),
        Change::CommentEdited { .. } => {
            comment.and_then(|comment| comment.editor.get()).and_then(|editor| editor.actor()).or_else(user)
        }
        _ => user().or_else(|| comment?.editor.get()?.actor()),
    };
    actor.ok_or_else(|| "nobody is named as the user".to_owned())
}

/// The change's own number; else the time of creation, or the time of the event.
fn moment(payload: &Payload<'_>) -> String {
    let change = payload.changelog.get().and_then(|Changelog { id, .. }| id.get());
    let created = || payload.issue.get()?.fields.get()?.created.get();
    let opened = payload.event.get() == Some("jira:issue_created");
    let moment = change.or_else(|| created().filter(|_| opened)).or_else(|| payload.timestamp.get());
    moment.map(short).unwrap_or_default()
}

/// The first characters of a foreign word.
fn short(word: &str) -> String {
    word.chars().take(WORD_LIMIT).collect()
}

/// Where reading stopped, without a word of the payload.
fn unreadable(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Data => "a field doubled",
        serde_json::error::Category::Eof => "cut short",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "not JSON",
    };
    format!("unreadable: {kind} (line {}, column {})", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issue_is_found_in_every_shape() {
        let check = |json: &str, expected: Option<&str>| {
            let payload: Payload<'_> = serde_json::from_str(json).expect("JSON");
            assert_eq!(issue_id(&payload).map(|id| id.to_string()).as_deref(), expected, "{json}");
        };
        check(r#"{"issue":{"id":"10002"}}"#, Some("10002"));
        check(r#"{"issue":{"id":10002}}"#, Some("10002"));
        check(r#"{"issue":{"self":"https://acme.test/jira/rest/api/2/issue/10002"}}"#, Some("10002"));
        check(r#"{"issue":{"self":"https://acme.test/rest/api/2/10002"}}"#, Some("10002"));
        check(r#"{"issue":{"self":"https://acme.test/rest/api/2/issue/SHOP-7"}}"#, None);
        let link = "https://acme.test/jira/rest/api/2/issue/10013/comment/10082";
        check(&format!(r#"{{"comment":{{"id":"10082","self":"{link}"}}}}"#), Some("10013"));
        check(&format!(r#"{{"comment":{{"id":10082,"self":"{link}"}}}}"#), Some("10013"));
        check(&format!(r#"{{"comment":{{"id":"1","self":"{link}"}}}}"#), None);
        check(r#"{"issue":[],"comment":"x"}"#, None);
    }
}
