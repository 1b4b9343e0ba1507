//! A question as the model server reads it: refused where the real servers refuse.

use http::HeaderMap;
use serde_json::Value;

/// Whose protocol a question speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Anthropic,
    OpenAi,
}

/// A question that was asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub protocol: Protocol,
    pub model: String,
    pub system: String,
    pub user: String,
    /// The properties of the schema.
    pub properties: Vec<String>,
    /// The key that came with it, as the protocol carries it.
    pub key: Option<String>,
    /// The whole body.
    pub body: Value,
}

impl Question {
    /// Reads a request; an error is what the server would complain about.
    pub(super) fn read(protocol: Protocol, headers: &HeaderMap, body: &[u8]) -> Result<Self, String> {
        let body: Value = serde_json::from_slice(body).map_err(|_| "the body is not JSON".to_owned())?;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| "a text is missing".to_owned());
        let (system, user, schema, key) = match protocol {
            Protocol::Anthropic => {
                header("anthropic-version").ok_or("anthropic-version: header is required")?;
                body["max_tokens"].as_u64().filter(|most| *most > 0).ok_or("max_tokens: field required")?;
                let format = &body["output_config"]["format"];
                (text(&body["system"])?, text(&body["messages"][0]["content"])?, &format["schema"], header("x-api-key"))
            }
            Protocol::OpenAi => {
                let format = &body["response_format"]["json_schema"];
                let name = format["name"].as_str().unwrap_or_default();
                let plain =
                    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                plain.then_some(()).ok_or("Invalid 'response_format.json_schema.name'")?;
                let messages = &body["messages"];
                let (system, user) = (text(&messages[0]["content"])?, text(&messages[1]["content"])?);
                (system, user, &format["schema"], header("api-key").or_else(|| header("authorization")))
            }
        };
        check_strict(schema)?;
        let properties = schema["properties"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
        Ok(Self { protocol, model: text(&body["model"])?, system, user, properties, key, body: body.clone() })
    }

    /// The draft that the question holds; an empty object where it holds none.
    pub fn draft(&self) -> String {
        let mut lines = self.user.lines();
        let found = lines.by_ref().any(|line| line.starts_with("<data-") && line.ends_with(" draft>"));
        found.then(|| lines.next()).flatten().unwrap_or("{}").to_owned()
    }
}

/// Refuses a schema that the strict modes refuse: an object that leaves properties optional or open, a reference with
/// neighbours, a bound.
fn check_strict(schema: &Value) -> Result<(), String> {
    let Some(object) = schema.as_object() else { return Err("a schema is missing".to_owned()) };
    if object.contains_key("$ref") && object.len() > 1 {
        return Err("$ref cannot have keywords beside it".to_owned());
    }
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let required = object.get("required").and_then(Value::as_array).map_or(0, Vec::len);
        if required != properties.len() || object.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err("every property must be required and no other allowed".to_owned());
        }
        properties.values().try_for_each(check_strict)?;
    }
    for keyword in ["minimum", "maximum", "oneOf", "default", "format"] {
        if object.contains_key(keyword) {
            return Err(format!("the keyword {keyword} is not permitted"));
        }
    }
    object.get("items").map_or(Ok(()), check_strict)?;
    let definitions = object.get("$defs").and_then(Value::as_object);
    definitions.into_iter().flat_map(|all| all.values()).try_for_each(check_strict)
}
