//! Stored data and interfaces as a model writes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{Code, Data, Endpoint, Interfaces, NamedText, SchemaChange, Sections};

/// Stored data and what other programs call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contracts {
    /// Changes of the database schema.
    pub schema_changes: Vec<SchemaShape>,
    #[serde(default)]
    pub relations: Vec<Said>,
    #[serde(default)]
    pub indexes: Vec<Said>,
    /// What happens to rows that exist.
    #[serde(default)]
    pub data_migration: Vec<Said>,
    #[serde(default)]
    pub data_notes: Vec<Said>,
    pub endpoints: Vec<EndpointShape>,
    /// Public functions, command line options, messages.
    #[serde(default)]
    pub interface_notes: Vec<Said>,
}

/// A change of the database schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SchemaShape {
    pub what: Said,
    /// The migration: an existing file, or one that a step creates.
    pub path: String,
    pub forward_sql: String,
    pub rollback_sql: String,
}

/// One route, topic or command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EndpointShape {
    /// `GET`, `POST` …; empty where there is none.
    pub method: String,
    pub route: String,
    /// It is there already.
    pub existing: bool,
    /// The file that declares it, or where a new one belongs.
    pub path: String,
    pub handler: String,
    pub change: Vec<Said>,
    /// JSON or text of the request, with fields that the ticket or the code gives; else empty.
    pub request: String,
    pub response: String,
    pub errors: Vec<NamedText>,
    /// Empty text for none.
    pub authentication: Said,
    pub validation: Vec<Said>,
}

impl Contracts {
    /// A draft's contracts as a start.
    pub fn of(sections: &Sections) -> Self {
        let (data, interfaces) = (&sections.data, &sections.interfaces);
        let text = |code: &Option<Code>| code.as_ref().map(|code| code.text.clone()).unwrap_or_default();
        let change = |change: &SchemaChange| SchemaShape {
            what: Said::of(&change.what),
            path: change.file.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            forward_sql: text(&change.forward),
            rollback_sql: text(&change.rollback),
        };
        let endpoint = |endpoint: &Endpoint| EndpointShape {
            method: endpoint.method.clone(),
            route: endpoint.path.clone(),
            existing: endpoint.existing,
            path: endpoint.file.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            handler: endpoint.handler.clone().unwrap_or_default(),
            change: Said::all(&endpoint.change),
            request: text(&endpoint.request),
            response: text(&endpoint.response),
            errors: endpoint.errors.clone(),
            authentication: endpoint.authentication.as_ref().map(Said::of).unwrap_or_default(),
            validation: Said::all(&endpoint.validation),
        };
        Self {
            schema_changes: data.changes.iter().map(change).collect(),
            relations: Said::all(&data.relations),
            indexes: Said::all(&data.indexes),
            data_migration: Said::all(&data.migration),
            data_notes: Said::all(&data.notes),
            endpoints: interfaces.endpoints.iter().map(endpoint).collect(),
            interface_notes: Said::all(&interfaces.notes),
        }
    }

    /// The sections; entities, and what was looked for, stay the draft's.
    pub fn parts(&self, draft: &Sections, guard: &mut Guard<'_>) -> (Data, Interfaces) {
        let changes = self.schema_changes.iter().take(20).filter_map(|shape| {
            Some(SchemaChange {
                what: shape.what.statement(guard)?,
                file: guard.file(&shape.path),
                forward: guard.code("sql", &shape.forward_sql),
                rollback: guard.code("sql", &shape.rollback_sql),
            })
        });
        let changes = changes.collect();
        let data = Data {
            changes,
            relations: statements(&self.relations, guard),
            indexes: statements(&self.indexes, guard),
            migration: statements(&self.data_migration, guard),
            notes: statements(&self.data_notes, guard),
            ..draft.data.clone()
        };
        let endpoints = self.endpoints.iter().take(30).filter_map(|shape| endpoint(shape, draft, guard)).collect();
        let notes = statements(&self.interface_notes, guard);
        (data, Interfaces { endpoints, notes, ..draft.interfaces.clone() })
    }
}

/// A route. One that is said to exist must be one that the draft found.
fn endpoint(shape: &EndpointShape, draft: &Sections, guard: &mut Guard<'_>) -> Option<Endpoint> {
    let (method, path) = (guard.line(&shape.method), guard.line(&shape.route));
    if path.is_empty() {
        return None;
    }
    let known = draft.interfaces.endpoints.iter().find(|e| e.existing && e.method == method && e.path == path);
    if shape.existing && known.is_none() {
        guard.mistakes.push(format!("the route `{method} {path}` is not among the routes that were found"));
        return None;
    }
    let handler = guard.line(&shape.handler);
    let errors = shape.errors.iter().take(20);
    let errors = errors.map(|e| NamedText { name: guard.line(&e.name), text: guard.line(&e.text) }).collect();
    Some(Endpoint {
        existing: shape.existing,
        file: guard.file(&shape.path).or_else(|| known.and_then(|known| known.file.clone())),
        handler: match known {
            Some(known) => known.handler.clone(),
            None => (!handler.is_empty()).then_some(handler),
        },
        change: statements(&shape.change, guard),
        request: guard.code("json", &shape.request),
        response: guard.code("json", &shape.response),
        errors,
        authentication: shape.authentication.statement(guard),
        validation: statements(&shape.validation, guard),
        method,
        path,
    })
}
