//! Brings a JSON Schema into the form that the strict modes of the providers take: every property required, none beside
//! them, no numeric or text bounds, no titles.
//!
//! <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>,
//! <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations>

use serde_json::{Value, json};

/// Keywords that a strict mode refuses, or that say nothing to a model.
const DROPPED: [&str; 7] = ["$schema", "title", "format", "minimum", "maximum", "default", "uniqueItems"];

/// The same schema in the strict form.
pub fn strict(mut schema: Value) -> Value {
    tighten(&mut schema);
    schema
}

/// Tightens a schema and all schemas in it. As deep as our own types, which do not recurse.
fn tighten(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.contains_key("$ref") {
        // OpenAI refuses a reference with anything beside it.
        object.retain(|keyword, _| keyword == "$ref");
    }
    for keyword in DROPPED {
        object.remove(keyword);
    }
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        let names: Vec<String> = properties.keys().cloned().collect();
        properties.values_mut().for_each(tighten);
        object.insert("required".to_owned(), json!(names));
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    for keyword in ["$defs", "definitions"] {
        if let Some(definitions) = object.get_mut(keyword).and_then(Value::as_object_mut) {
            definitions.values_mut().for_each(tighten);
        }
    }
    if let Some(items) = object.get_mut("items") {
        tighten(items);
    }
    for keyword in ["anyOf", "allOf"] {
        if let Some(list) = object.get_mut(keyword).and_then(Value::as_array_mut) {
            list.iter_mut().for_each(tighten);
        }
    }
}
