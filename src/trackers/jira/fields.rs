//! An issue's fields by id, by name and by type.
//!
//! In: the fields of an issue with their names and types, and which are wanted. Out: what they say. Custom fields have
//! ids of their own on every site (`customfield_10042`); people know them by name, and Jira Software's by their type.

use serde_json::{Map, Value};

use super::{
    address::IssueKey,
    convert::{User, rich, text},
};
use crate::{
    model::{
        event::Actor,
        ticket::{Field, FieldRole, Place, TicketLink},
    },
    richtext::{Block, Doc, Inline},
};

/// The type of Jira Software's sprints.
const SPRINT: &str = "com.pyxis.greenhopper.jira:gh-sprint";
/// The type of the link to an epic, where it is no parent.
const EPIC: &str = "com.pyxis.greenhopper.jira:gh-epic-link";

/// The fields that a plan needs beside title and body, each by id or name.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub acceptance_criteria: Vec<String>,
    pub reproduction_steps: Vec<String>,
    pub others: Vec<String>,
    /// Whose values say which part of the project a ticket belongs to.
    pub places: Vec<String>,
}

impl Wanted {
    /// The fields that a plan reads, by id or name.
    pub(super) fn texts(&self) -> Vec<String> {
        [&self.acceptance_criteria, &self.reproduction_steps, &self.others].into_iter().flatten().cloned().collect()
    }
}

/// The fields of one issue.
pub(super) struct Fields<'f> {
    pub(super) values: &'f Map<String, Value>,
    pub(super) names: &'f Map<String, Value>,
    pub(super) schema: &'f Map<String, Value>,
}

impl<'f> Fields<'f> {
    /// A field's text; empty where it has none.
    pub(super) fn text(&self, id: &str) -> String {
        self.values.get(id).and_then(text).unwrap_or_default()
    }

    /// The entries of a field that is a list.
    pub(super) fn list(&self, id: &str) -> impl Iterator<Item = &'f Value> + use<'f> {
        self.values.get(id).and_then(Value::as_array).into_iter().flatten()
    }

    /// The name of what a field chooses.
    pub(super) fn named(&self, id: &str) -> Option<String> {
        text(&self.values.get(id)?["name"])
    }

    /// The account in a field.
    pub(super) fn actor(&self, id: &str) -> Option<Actor> {
        let user: User = serde_json::from_value(self.values.get(id)?.clone()).ok()?;
        user.actor()
    }

    /// The wanted fields that say something, in the order they are wanted.
    pub(super) fn wanted(&self, wanted: &Wanted) -> Vec<Field> {
        let by_role = [
            (FieldRole::AcceptanceCriteria, &wanted.acceptance_criteria),
            (FieldRole::ReproductionSteps, &wanted.reproduction_steps),
            (FieldRole::Other, &wanted.others),
        ];
        let named = by_role.into_iter().flat_map(|(role, names)| names.iter().map(move |name| (role, name)));
        let fields = named.flat_map(|(role, name)| self.matching(name).map(move |(id, value)| (role, id, value)));
        let mut seen = std::collections::HashSet::new();
        fields
            .filter(|(_, id, _)| seen.insert(*id))
            .map(|(role, id, value)| Field { role, name: self.name(id), content: content(value) })
            .filter(|field| !field.content.is_empty())
            .collect()
    }

    /// The fields with this id or name. Several can share a name.
    fn matching(&self, wanted: &str) -> impl Iterator<Item = (&'f str, &'f Value)> {
        let wanted = wanted.trim().to_lowercase();
        let names = self.names;
        let fits = move |id: &str| {
            id == wanted
                || names.get(id).and_then(Value::as_str).is_some_and(|name| name.trim().to_lowercase() == wanted)
        };
        self.values.iter().filter(move |(id, _)| fits(id)).map(|(id, value)| (id.as_str(), value))
    }

    /// A field's own name, its id where Jira tells none.
    fn name(&self, id: &str) -> String {
        self.names.get(id).and_then(text).unwrap_or_else(|| id.to_owned())
    }

    /// The value of the first field of a type that has one.
    fn of_type(&self, custom: &str) -> Option<&'f Value> {
        let ids = self.schema.iter().filter(|(_, schema)| schema["custom"].as_str() == Some(custom)).map(|(id, _)| id);
        ids.filter_map(|id| self.values.get(id)).find(|value| !value.is_null())
    }

    /// The newest sprint: an object on Cloud, on Data Center text with fields in brackets.
    pub(super) fn sprint(&self) -> Option<String> {
        let newest = self.of_type(SPRINT)?.as_array()?.last()?;
        match newest {
            Value::String(printed) => {
                let (_, rest) = printed.split_once("name=")?;
                let end = rest.find([',', ']']).unwrap_or(rest.len());
                Some(rest[..end].trim().to_owned()).filter(|name| !name.is_empty())
            }
            sprint => text(&sprint["name"]),
        }
    }

    /// The epic.
    pub(super) fn epic(&self) -> Option<TicketLink> {
        let key = IssueKey::parse(self.of_type(EPIC)?.as_str()?)?;
        Some(TicketLink { reference: key.as_str().to_owned(), title: None, relation: "parent".to_owned() })
    }

    /// The parts of the project that the ticket belongs to: its components, and the values of the wanted fields under the
    /// names they are wanted by.
    pub(super) fn places(&self, wanted: &Wanted) -> Vec<Place> {
        let components = self.list("components").filter_map(|component| text(&component["name"]));
        let components = components.map(|name| Place { kind: "component".to_owned(), name });
        let fields = wanted.places.iter().flat_map(|field| {
            let named = self.matching(field).flat_map(|(_, value)| words(value));
            named.map(|name| Place { kind: field.clone(), name }).collect::<Vec<_>>()
        });
        components.chain(fields).collect()
    }
}

/// What a field says: rich text, or its words.
fn content(value: &Value) -> Doc {
    match value {
        Value::String(_) => rich(Some(value)),
        Value::Object(object) if object.get("type").and_then(Value::as_str) == Some("doc") => rich(Some(value)),
        other => match words(other) {
            words if words.is_empty() => Doc::default(),
            words => Doc { blocks: vec![Block::Paragraph { content: vec![Inline::text(words.join(", "))] }] },
        },
    }
}

/// The words of a value: text, numbers, the names of options, users and versions, lists of these. An option's child
/// follows it.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(_) => text(value).into_iter().collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::Array(entries) => entries.iter().flat_map(words).collect(),
        Value::Object(object) => {
            let keys = ["value", "name", "displayName"];
            let own = keys.into_iter().find_map(|key| object.get(key).and_then(text));
            let child = object.get("child").map(words).unwrap_or_default();
            own.into_iter().chain(child).collect()
        }
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}
