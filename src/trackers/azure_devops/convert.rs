//! The REST shapes of Azure DevOps, and what they are in the common model.
//!
//! In: work items, comments and updates as the API gives them. Out: a [`Ticket`]. Field values have no type of their
//! own: what is of another type than expected is left out. Never takes an address from the answers.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    address::{WorkItem, is_project},
    fields::tags,
    person::Person,
    relations::Relation,
    text::{self, Format},
};
use crate::{
    model::{
        CommentId, ConnectionName, TicketKey,
        event::Actor,
        ticket::{self, Field, FieldRole, Place, Ticket, TicketState},
    },
    trackers::{Identity, TrackerError},
};

/// A field of one's own, by its reference name, with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    pub name: String,
    pub role: FieldRole,
}

/// What is read of a work item beside what every process has.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) fields: Vec<CustomField>,
    /// Fields that say where a ticket belongs.
    pub(super) places: Vec<String>,
}

/// Fields that every process may have. A Bug has steps instead of a description.
const KNOWN_FIELDS: [(&str, &str, FieldRole); 3] = [
    ("Microsoft.VSTS.Common.AcceptanceCriteria", "Acceptance Criteria", FieldRole::AcceptanceCriteria),
    ("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps", FieldRole::ReproductionSteps),
    ("Microsoft.VSTS.TCM.SystemInfo", "System Info", FieldRole::Other),
];

/// A work item.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawItem {
    pub(super) id: u64,
    pub(super) rev: u64,
    #[serde(default)]
    pub(super) fields: HashMap<String, Value>,
    #[serde(default)]
    pub(super) relations: Vec<Relation>,
    /// Fields that hold Markdown; the others hold HTML.
    #[serde(default)]
    multiline_fields_format: HashMap<String, String>,
    #[serde(default)]
    pub(super) comment_version_ref: Option<CommentVersion>,
}

/// Which comment a revision holds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CommentVersion {
    pub(super) comment_id: u64,
}

impl RawItem {
    /// A field's text.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    /// The project that it lies in.
    pub(super) fn project(&self) -> Result<&str, TrackerError> {
        let name = self.text("System.TeamProject").filter(|name| is_project(name));
        name.ok_or_else(|| TrackerError::Refused("the work item names no project".to_owned()))
    }

    /// The person in a field.
    pub(super) fn person(&self, field: &str) -> Option<Person<'_>> {
        person(self.fields.get(field)?)
    }

    /// Its tags.
    pub(super) fn tags(&self) -> Vec<String> {
        tags(self.text("System.Tags").unwrap_or_default())
    }

    /// The format of a field.
    fn format(&self, field: &str) -> Format {
        self.multiline_fields_format.get(field).and_then(|name| Format::named(name)).unwrap_or(Format::Html)
    }

    /// A field's value of any type, as text; names of fields are compared without case.
    fn plain(&self, field: &str) -> Option<String> {
        let same = |name: &str| name.eq_ignore_ascii_case(field);
        match self.fields.get(field).or_else(|| Some(self.fields.iter().find(|(name, _)| same(name))?.1))? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            other => person(other)?.actor().map(|actor| actor.name),
        }
    }

    /// A field of rich text; empty fields are `None`.
    fn rich(&self, field: &str, name: &str, role: FieldRole) -> Option<Field> {
        let content = text::read(&self.plain(field)?, self.format(field));
        (!content.is_empty()).then(|| Field { role, name: name.to_owned(), content })
    }
}

/// A person in a field of either form.
pub(super) fn person(value: &Value) -> Option<Person<'_>> {
    match value {
        Value::String(text) => Some(Person::from_text(text.as_str().into())),
        Value::Object(_) => Person::deserialize(value).ok(),
        _ => None,
    }
}

/// A comment of `/_apis/wit/workItems/{id}/comments`. The schema calls its number `id`, the samples `commentId`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Comment {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    comment_id: Option<u64>,
    #[serde(default)]
    pub(super) text: String,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    created_by: Value,
    #[serde(default)]
    pub(super) created_date: String,
    #[serde(default)]
    pub(super) modified_date: Option<String>,
    #[serde(default)]
    pub(super) is_deleted: bool,
}

impl Comment {
    /// Its number.
    pub(super) fn number(&self) -> Option<u64> {
        self.id.or(self.comment_id).filter(|number| *number > 0)
    }

    /// Its format, where the interface tells.
    pub(super) fn format(&self) -> Option<Format> {
        self.format.as_deref().and_then(Format::named)
    }

    /// Who wrote it.
    pub(super) fn author(&self) -> Option<Person<'_>> {
        person(&self.created_by)
    }

    /// Did this account write it?
    pub(super) fn is_by(&self, who: &Identity) -> bool {
        let id = self.author().and_then(|person| person.id.map(|id| id.into_owned()));
        id.is_some_and(|id| id.eq_ignore_ascii_case(&who.id))
    }

    /// The comment in the common model.
    fn convert(self) -> Option<ticket::Comment> {
        let number = self.number()?;
        let nobody = || Actor { id: String::new(), name: "unknown".to_owned(), is_bot: false };
        let format = self.format().unwrap_or_else(|| Format::guess(&self.text));
        Some(ticket::Comment {
            id: CommentId::new(number.to_string()),
            author: self.author().as_ref().and_then(Person::actor).unwrap_or_else(nobody),
            // Comments do not say what their authors may do.
            by_maintainer: false,
            content: text::read(&self.text, format),
            created_at: self.created_date,
        })
    }
}

/// One update of `/_apis/wit/workItems/{id}/updates`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Update {
    #[serde(default)]
    revised_by: Value,
    #[serde(default)]
    fields: HashMap<String, Changed>,
}

/// A field's change.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    #[serde(default)]
    old_value: Value,
    #[serde(default)]
    new_value: Value,
}

impl Update {
    /// Who made it.
    pub(super) fn person(&self) -> Option<Person<'_>> {
        person(&self.revised_by)
    }

    /// A field's text before and after, where it changed.
    pub(super) fn change(&self, field: &str) -> Option<(&str, &str)> {
        let changed = self.fields.get(field)?;
        Some((changed.old_value.as_str().unwrap_or_default(), changed.new_value.as_str().unwrap_or_default()))
    }
}

/// Everything that was read about one work item.
pub(super) struct Parts {
    pub(super) item: RawItem,
    pub(super) comments: Vec<Comment>,
    /// Titles of the items that it relates to.
    pub(super) titles: HashMap<u64, String>,
    pub(super) is_closed: bool,
}

/// The ticket that the parts make; `me` wrote what is left out.
pub(super) fn ticket(
    connection: &ConnectionName,
    url: String,
    parts: Parts,
    wanted: &Wanted,
    me: &Identity,
) -> Result<Ticket, TrackerError> {
    let Parts { item, comments, titles, is_closed } = parts;
    let (number, project) = (WorkItem(item.id), item.project()?.to_owned());
    let actor = |field: &str| item.person(field).as_ref().and_then(Person::actor);
    let owned = |field: &str| item.text(field).map(str::to_owned);
    let related = super::relations::related(&item.relations, &titles, &project);
    Ok(Ticket {
        key: TicketKey::new(connection.clone(), number.id()),
        reference: number.reference(&project),
        url: Some(url),
        title: owned("System.Title").unwrap_or_default(),
        body: text::read(item.text("System.Description").unwrap_or_default(), item.format("System.Description")),
        fields: fields(&item, &wanted.fields),
        type_name: owned("System.WorkItemType"),
        labels: item.tags(),
        places: places(&item, &wanted.places),
        priority: item.fields.get("Microsoft.VSTS.Common.Priority").map(plain_number),
        milestone: owned("System.IterationPath"),
        state: if is_closed { TicketState::Closed } else { TicketState::Open },
        author: actor("System.CreatedBy"),
        assignees: actor("System.AssignedTo").into_iter().collect(),
        parent: related.parent,
        children: related.children,
        links: related.links,
        comments: comments.into_iter().filter(|comment| !comment.is_by(me)).filter_map(Comment::convert).collect(),
        attachments: related.attachments,
        project,
    })
}

/// Fields beside the description: those of every process, then one's own; a field of one's own may give another role.
fn fields(item: &RawItem, custom: &[CustomField]) -> Vec<Field> {
    let is_own = |name: &str| custom.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    let known = KNOWN_FIELDS.into_iter().filter(|(name, _, _)| !is_own(name));
    let known = known.filter_map(|(name, shown, role)| item.rich(name, shown, role));
    let own = custom.iter().filter_map(|field| {
        let shown = field.name.rsplit('.').next().unwrap_or(&field.name);
        item.rich(&field.name, shown, field.role)
    });
    known.chain(own).collect()
}

/// Where the item belongs: its area, and the fields that say so.
fn places(item: &RawItem, fields: &[String]) -> Vec<Place> {
    let area = item.text("System.AreaPath").map(|path| ("area", path.trim_matches('\\').to_owned()));
    let own = fields.iter().filter_map(|name| Some((name.as_str(), item.plain(name)?)));
    area.into_iter().chain(own).map(|(kind, name)| Place { kind: kind.to_owned(), name }).collect()
}

/// A number or text as text.
fn plain_number(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
