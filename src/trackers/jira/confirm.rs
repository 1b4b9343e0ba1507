//! Reads again what a delivery claimed: a token or an address proves who sends, not what is said.
//!
//! In: an issue and the work that a delivery asked for. Out: the same as an event, made of what Jira holds now, or why it
//! does not hold it. Who did it is read too, from the comment or the issue's history.

use serde::Deserialize;
use serde_json::Value;

use super::{
    address::{IssueId, IssueKey, comment_number},
    convert::{Comment, User, is_done, rich},
    decode::{TypeNames, missing, type_name},
};
use crate::{
    model::{
        CommentId, ConnectionName, TicketId, TicketKey,
        event::{Actor, Change, Event},
        job::{PlanRequest, Trigger, Work},
    },
    richtext::markdown,
    trackers::{
        Claim, TrackerError,
        rest::{Request, Rest},
    },
};

/// Reads again for one connection.
pub(super) struct Reader<'r> {
    pub(super) rest: &'r Rest,
    pub(super) connection: &'r ConnectionName,
    pub(super) types: &'r TypeNames,
}

/// What was found, and who did it; or why nothing was.
type Found = Result<(Actor, Change), &'static str>;

/// An issue with its history.
#[derive(Deserialize)]
struct Issue {
    key: String,
    #[serde(default)]
    fields: Value,
    #[serde(default)]
    changelog: History,
}

#[derive(Default, Deserialize)]
struct History {
    #[serde(default)]
    total: usize,
    #[serde(default)]
    histories: Vec<Entry>,
}

/// One change of an issue.
#[derive(Deserialize)]
struct Entry {
    /// Counts upwards over the whole site.
    id: String,
    author: Option<User>,
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    field: String,
    #[serde(rename = "fromString")]
    before: Option<String>,
    to: Option<String>,
    #[serde(rename = "toString")]
    after: Option<String>,
}

impl Item {
    /// The text before and after.
    fn texts(&self) -> (&str, &str) {
        (self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default())
    }
}

impl Reader<'_> {
    /// Reads again what the work rests on.
    pub(super) async fn reread(&self, id: IssueId, work: &Work) -> Result<Claim, TrackerError> {
        let at = format!("/issue/{id}?fields=labels,issuetype,status,creator&expand=changelog");
        let issue: Issue = self.rest.call("confirm", Request::get(at)).await?.json()?;
        let asked_by = &work.asked_by().id;
        let found = match work {
            Work::Reply(request) => self.comment(id, &request.comment, asked_by).await?,
            Work::Review(_) => Err("a review rests on no delivery"),
            Work::Plan(PlanRequest { trigger, .. }) => match trigger {
                Trigger::Command { comment } => self.comment(id, comment, asked_by).await?,
                Trigger::Label { label } => issue.label(label, asked_by),
                Trigger::Story { type_name } => issue.story(type_name, asked_by, self.types),
                Trigger::Manual => Err("no delivery asks in this way"),
            },
        };
        let Some(key) = IssueKey::parse(&issue.key) else {
            return Ok(Claim::Refuted("the issue has no key".to_owned()));
        };
        Ok(match found {
            Err(why) => Claim::Refuted(why.to_owned()),
            Ok((actor, change)) => Claim::Held(Box::new(Event {
                ticket: TicketKey::new(self.connection.clone(), TicketId::new(id.to_string())),
                reference: key.as_str().to_owned(),
                // Some deliveries name no project: nothing was claimed about it.
                project: if work.project().is_empty() { String::new() } else { key.project().to_owned() },
                actor,
                change,
                moment: String::new(),
                is_pull_request: false,
                is_closed: is_done(issue.fields.get("status")),
                notice: None,
            })),
        })
    }

    /// A comment: it stands, and the claimed person wrote it, with nobody else's changes.
    async fn comment(&self, id: IssueId, comment: &CommentId, asked_by: &str) -> Result<Found, TrackerError> {
        let nowhere = "the comment is not on the issue";
        let Some(number) = comment_number(comment) else { return Ok(Err(nowhere)) };
        let read: Comment = match self.rest.call("comment", Request::get(format!("/issue/{id}/comment/{number}"))).await
        {
            Err(TrackerError::Gone(_)) => return Ok(Err(nowhere)),
            outcome => outcome?.json()?,
        };
        let Some(author) = by(read.author.as_ref(), asked_by) else {
            return Ok(Err("the comment was written by somebody else"));
        };
        if read.editor.as_ref().is_some_and(|editor| !editor.is(asked_by)) {
            return Ok(Err("the comment was changed by somebody else"));
        }
        let text = markdown::write(&rich(Some(&read.body)));
        Ok(Ok((author.clone(), Change::Commented { comment: comment.clone(), author, text })))
    }
}

impl Issue {
    /// A label: it stands, and the claimed person added it last, or made the issue with it.
    fn label(&self, label: &str, asked_by: &str) -> Found {
        let is_it = |other: &str| other.to_lowercase() == label.to_lowercase();
        let now: Vec<_> = self.fields["labels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !now.iter().any(|label| is_it(label)) {
            return Err("the label is not on the issue");
        }
        let added = |item: &Item| {
            let (before, after) = item.texts();
            let labels: Vec<String> = missing(before, after).collect();
            (item.field == "labels" && labels.iter().any(|label| is_it(label))).then_some(labels)
        };
        let opened =
            || Change::Opened { type_name: None, labels: now.iter().map(|label| (*label).to_owned()).collect() };
        match self.last(added) {
            Some((author, labels)) => {
                let actor = by(author, asked_by).ok_or("the label was added by somebody else")?;
                Ok((actor, Change::Labelled { labels }))
            }
            None => self.made_by(asked_by).map(|creator| (creator, opened())),
        }
    }

    /// A type: the issue has it, and the claimed person gave it last, or made the issue with it.
    fn story(&self, wanted: &str, asked_by: &str, types: &TypeNames) -> Found {
        let kind = &self.fields["issuetype"];
        let now = type_name(types, kind["id"].as_str(), kind["name"].as_str());
        let Some(type_now) = now.filter(|name| name.to_lowercase() == wanted.to_lowercase()) else {
            return Err("the issue is of another type");
        };
        let given = |item: &Item| {
            let name = type_name(types, item.to.as_deref(), item.after.as_deref());
            (item.field == "issuetype" && name.as_ref() == Some(&type_now)).then_some(())
        };
        match self.last(given) {
            Some((author, ())) => {
                let actor = by(author, asked_by).ok_or("the type was given by somebody else")?;
                Ok((actor, Change::Typed { type_name: type_now }))
            }
            None => {
                let creator = self.made_by(asked_by)?;
                Ok((creator, Change::Opened { type_name: Some(type_now), labels: Vec::new() }))
            }
        }
    }

    /// The newest change that fits, and who made it.
    fn last<T>(&self, fits: impl Fn(&Item) -> Option<T>) -> Option<(Option<&User>, T)> {
        let fitting = self.changelog.histories.iter().filter_map(|entry| {
            let found = entry.items.iter().find_map(&fits)?;
            Some((entry.id.parse::<u64>().ok()?, entry.author.as_ref(), found))
        });
        fitting.max_by_key(|(id, ..)| *id).map(|(_, author, found)| (author, found))
    }

    /// Who made the issue, where that is the claimed person and no change is left untold.
    fn made_by(&self, asked_by: &str) -> Result<Actor, &'static str> {
        if self.changelog.total > self.changelog.histories.len() {
            return Err("the issue's history is longer than Jira tells at once");
        }
        let creator: Option<User> = serde_json::from_value(self.fields["creator"].clone()).ok();
        by(creator.as_ref(), asked_by).ok_or("the issue was made by somebody else")
    }
}

/// The person, who must be the one that was claimed.
fn by(person: Option<&User>, claimed: &str) -> Option<Actor> {
    person.filter(|person| person.is(claimed))?.actor()
}
