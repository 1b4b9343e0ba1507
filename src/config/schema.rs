//! The JSON Schema of a configuration file.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{Config, layers::DEFAULTS};

/// The JSON Schema (2020-12) of a file, with the defaults; no section is required, because every one has defaults.
pub fn schema() -> Value {
    let schema = SchemaGenerator::default().into_root_schema_for::<Config>();
    let mut schema = schema.to_value();
    let defaults: toml::Table = DEFAULTS.parse().expect("a test parses the built-in defaults");
    let defaults = serde_json::to_value(defaults).unwrap_or_default();
    schema["title"] = json!("Planwright configuration");
    if let Some(root) = schema.as_object_mut() {
        root.remove("required");
        let mut definitions = root.remove("$defs").unwrap_or_default();
        apply(root, &defaults, &mut definitions);
        root.insert("$defs".to_owned(), definitions);
    }
    schema
}

/// Writes defaults into an object's properties and frees them from being required.
fn apply(object: &mut Map<String, Value>, defaults: &Value, definitions: &mut Value) {
    let (Some(defaults), Some(properties)) = (defaults.as_object(), object.get_mut("properties")) else { return };
    for (name, default) in defaults {
        let Some(property) = properties.get_mut(name).and_then(Value::as_object_mut) else { continue };
        if !default.is_object() {
            property.insert("default".to_owned(), default.clone());
        } else if let Some(section) = definition(property, definitions) {
            let mut section_object = std::mem::take(section);
            section_object.remove("required");
            apply(&mut section_object, default, definitions);
            if let Some(section) = definition(property, definitions) {
                *section = section_object;
            }
        }
    }
}

/// The definition that a property refers to.
fn definition<'d>(property: &Map<String, Value>, definitions: &'d mut Value) -> Option<&'d mut Map<String, Value>> {
    let name = property.get("$ref")?.as_str()?.rsplit('/').next()?;
    definitions.get_mut(name)?.as_object_mut()
}
