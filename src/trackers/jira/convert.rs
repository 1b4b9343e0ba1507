//! Jira's REST shapes, and what they are in the common model.
//!
//! In: issues and comments as the API gives them, version 3 (Cloud, rich text as ADF) or 2 (Data Center, wiki markup).
//! Out: a [`Ticket`]. Fields are taken as they come: one that is missing or of another type says nothing. Never takes an
//! address from Jira's answers.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    address::{IssueId, IssueKey},
    classify::timestamp,
    decode::{TypeNames, type_name},
    fields::{Fields, Wanted},
};
use crate::{
    model::{
        CommentId, ConnectionName, TicketId, TicketKey,
        event::Actor,
        ticket::{self, Attachment, Ticket, TicketLink, TicketState},
    },
    richtext::{Doc, adf, wiki},
    trackers::Identity,
};

/// An issue of `/issue/{id}?expand=names,schema`.
#[derive(Deserialize)]
pub(super) struct Issue {
    pub(super) key: String,
    pub(super) fields: Map<String, Value>,
    /// The fields' names, by id.
    #[serde(default)]
    pub(super) names: Map<String, Value>,
    /// The fields' types, by id.
    #[serde(default)]
    pub(super) schema: Map<String, Value>,
}

/// Everything that was read about one issue.
pub(super) struct Parts {
    pub(super) id: IssueId,
    pub(super) key: IssueKey,
    pub(super) issue: Issue,
    pub(super) comments: Vec<Comment>,
    /// Ids or names of the accounts that count as maintainers.
    pub(super) maintainers: Vec<String>,
}

/// What a conversion needs beside the parts.
pub(super) struct Frame<'f> {
    pub(super) connection: &'f ConnectionName,
    pub(super) types: &'f TypeNames,
    pub(super) wanted: &'f Wanted,
    /// Its comments are left out.
    pub(super) me: &'f Identity,
    /// Customers of a service desk read the answers: comments that they cannot read are left out.
    pub(super) is_public: bool,
}

/// The ticket that the parts make, read by people at `url`.
pub(super) fn ticket(parts: Parts, url: String, frame: &Frame<'_>) -> Ticket {
    let Parts { id, key, issue, comments, maintainers } = parts;
    let fields = Fields { values: &issue.fields, names: &issue.names, schema: &issue.schema };
    let kind = &fields.values.get("issuetype").unwrap_or(&Value::Null);
    let (epic, sprint) = (fields.epic(), fields.sprint());
    let comments = comments.into_iter().filter(|comment| !comment.is_by(frame.me) && comment.is_open(frame.is_public));
    Ticket {
        key: TicketKey::new(frame.connection.clone(), TicketId::new(id.to_string())),
        reference: key.as_str().to_owned(),
        url: Some(url),
        project: key.project().to_owned(),
        title: fields.text("summary"),
        body: rich(fields.values.get("description")),
        fields: fields.wanted(frame.wanted),
        type_name: type_name(frame.types, kind["id"].as_str(), kind["name"].as_str()),
        labels: fields.list("labels").filter_map(Value::as_str).map(str::to_owned).collect(),
        places: fields.places(frame.wanted),
        priority: fields.named("priority"),
        milestone: sprint.or_else(|| fields.list("fixVersions").find_map(|version| text(&version["name"]))),
        state: state(fields.values.get("status")),
        author: fields.actor("reporter").or_else(|| fields.actor("creator")),
        assignees: fields.actor("assignee").into_iter().collect(),
        parent: fields.values.get("parent").and_then(|parent| link(parent, "parent")).or(epic),
        children: fields.list("subtasks").filter_map(|child| link(child, "child")).collect(),
        links: fields.list("issuelinks").filter_map(related).collect(),
        comments: comments.map(|comment| comment.convert(&maintainers)).collect(),
        attachments: fields.list("attachment").filter_map(attachment).collect(),
    }
}

/// Rich text: an ADF document, or wiki markup.
pub(super) fn rich(value: Option<&Value>) -> Doc {
    match value {
        Some(Value::String(text)) => wiki::read(text),
        Some(document @ Value::Object(_)) => adf::read(document),
        _ => Doc::default(),
    }
}

/// Text with something in it.
pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// Is the work done? The category's key is the same in every language and workflow.
pub(super) fn is_done(status: Option<&Value>) -> bool {
    status.and_then(|status| status["statusCategory"]["key"].as_str()) == Some("done")
}

/// Done is closed. Jira has no locks: who may comment is a matter of permission.
fn state(status: Option<&Value>) -> TicketState {
    if is_done(status) { TicketState::Closed } else { TicketState::Open }
}

/// Another issue, as this one names it.
fn link(issue: &Value, relation: &str) -> Option<TicketLink> {
    let key = IssueKey::parse(issue["key"].as_str()?)?;
    let title = text(&issue["fields"]["summary"]);
    Some(TicketLink { reference: key.as_str().to_owned(), title, relation: relation.to_owned() })
}

/// A linked issue: `blocks` one way, `is blocked by` the other.
fn related(entry: &Value) -> Option<TicketLink> {
    let kind = &entry["type"];
    let word = |direction: &str| kind[direction].as_str().or(kind["name"].as_str()).unwrap_or("relates to");
    link(&entry["outwardIssue"], word("outward")).or_else(|| link(&entry["inwardIssue"], word("inward")))
}

/// An attachment's name, type and size.
fn attachment(entry: &Value) -> Option<Attachment> {
    let name = text(&entry["filename"])?;
    Some(Attachment { name, media_type: text(&entry["mimeType"]), size: entry["size"].as_u64() })
}

/// An account: Cloud names it by `accountId`, Data Center by `key`, which stays, and by `name`, which requests take.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct User {
    account_id: Option<String>,
    name: Option<String>,
    key: Option<String>,
    display_name: Option<String>,
    pub(super) account_type: Option<String>,
    pub(super) active: Option<bool>,
}

impl User {
    /// Its id.
    pub(super) fn id(&self) -> Option<&str> {
        [&self.account_id, &self.key, &self.name].into_iter().find_map(|id| id.as_deref().filter(|id| !id.is_empty()))
    }

    /// Is it this very account?
    pub(super) fn is(&self, id: &str) -> bool {
        let own = [&self.account_id, &self.key, &self.name];
        own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(id))
    }

    /// The name people see.
    pub(super) fn shown(&self) -> Option<&str> {
        self.display_name.as_deref().filter(|name| !name.is_empty()).or(self.id())
    }

    /// The account in the common vocabulary; `None` when it has no id.
    pub(super) fn actor(&self) -> Option<Actor> {
        let (id, name) = (self.id()?.to_owned(), self.shown()?.to_owned());
        Some(Actor { id, name, is_bot: self.account_type.as_deref() == Some("app") })
    }
}

/// A comment of `/issue/{id}/comment`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Comment {
    pub(super) id: String,
    #[serde(default)]
    pub(super) body: Value,
    pub(super) author: Option<User>,
    /// Who changed it last.
    #[serde(rename = "updateAuthor")]
    pub(super) editor: Option<User>,
    created: Option<String>,
    updated: Option<String>,
    /// A role or group that alone may read it.
    visibility: Option<Value>,
    /// On a service desk: customers may read it. May be true elsewhere too.
    #[serde(rename = "jsdPublic")]
    is_public: Option<bool>,
    /// With `expand=properties`, where the server knows it.
    pub(super) properties: Option<Vec<Property>>,
}

/// A value that a program keeps with a comment.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Property {
    pub(super) key: String,
    #[serde(default)]
    pub(super) value: Value,
}

impl Comment {
    /// Did this account write it?
    pub(super) fn is_by(&self, who: &Identity) -> bool {
        self.author.as_ref().and_then(User::id).is_some_and(|id| id.eq_ignore_ascii_case(&who.id))
    }

    /// Did it change since then (milliseconds since 1970)? One whose time does not read counts.
    pub(super) fn changed_since(&self, since: i64) -> bool {
        let time = self.updated.as_deref().or(self.created.as_deref()).and_then(timestamp);
        time.is_none_or(|time| time.as_millisecond() >= since)
    }

    /// Its length in bytes, about.
    pub(super) fn len(&self) -> usize {
        match &self.body {
            Value::String(text) => text.len(),
            other => other.to_string().len(),
        }
    }

    /// May everybody who reads the answer read it? A plan must not tell what a role or a group keeps to itself, nor to
    /// customers what is internal.
    fn is_open(&self, to_customers: bool) -> bool {
        self.visibility.as_ref().is_none_or(Value::is_null) && !(to_customers && self.is_public == Some(false))
    }

    /// The comment in the common model.
    fn convert(self, maintainers: &[String]) -> ticket::Comment {
        let by_maintainer = self.author.as_ref().is_some_and(|author| maintainers.iter().any(|id| author.is(id)));
        let author = self.author.as_ref().and_then(User::actor);
        let author = author.unwrap_or_else(|| Actor { id: String::new(), name: "deleted".to_owned(), is_bot: false });
        let created = self.created.unwrap_or_default();
        ticket::Comment {
            id: CommentId::new(self.id),
            by_maintainer,
            author,
            created_at: timestamp(&created).map_or(created, |time| time.to_string()),
            content: rich(Some(&self.body)),
        }
    }
}
