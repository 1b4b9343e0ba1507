//! Checks JSON against a JSON Schema, with the keywords that Atlassian's schema of ADF (draft 4) and our own (2020-12) use.

use regex::Regex;
use serde_json::Value;

/// A schema.
pub struct Schema {
    root: Value,
}

impl Schema {
    /// The published one.
    pub fn adf() -> Self {
        let text = include_str!("samples/adf_schema_full.json");
        Self { root: serde_json::from_str(text).expect("a schema") }
    }

    /// One of our own.
    pub fn of(root: Value) -> Self {
        Self { root }
    }

    /// What is wrong with a document; the path to it and the rule.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.at(&self.root, value, "$")
    }

    fn at(&self, rules: &Value, value: &Value, path: &str) -> Result<(), String> {
        if let Some(all) = rules.as_bool() {
            return if all { Ok(()) } else { Err(format!("{path}: nothing may stand here")) };
        }
        let rules = rules.as_object().expect("rules");
        rules.iter().try_for_each(|(keyword, rule)| {
            let fine = self.keyword(keyword, rule, rules, value, path)?;
            if fine { Ok(()) } else { Err(format!("{path}: {keyword} {rule}")) }
        })
    }

    /// Does the value follow one keyword? A fault deeper in it is an error of its own.
    fn keyword(
        &self,
        keyword: &str,
        rule: &Value,
        rules: &serde_json::Map<String, Value>,
        value: &Value,
        path: &str,
    ) -> Result<bool, String> {
        let length = |of: fn(&Value) -> Option<usize>, fits: fn(usize, usize) -> bool| {
            of(value).is_none_or(|length| fits(length, rule.as_u64().expect("a number") as usize))
        };
        let items = |value: &Value| value.as_array().map(Vec::len);
        let number =
            |fits: fn(f64, f64) -> bool| value.as_f64().is_none_or(|n| fits(n, rule.as_f64().expect("a number")));
        let list = || rule.as_array().expect("a list");
        Ok(match keyword {
            "$schema" | "$defs" | "default" | "definitions" | "description" | "format" | "title" => true,
            "$ref" => {
                let pointer = rule.as_str().and_then(|name| name.strip_prefix('#')).expect("a reference");
                self.at(self.root.pointer(pointer).expect("a definition"), value, path)?;
                true
            }
            "type" => match rule.as_array() {
                Some(types) => types.iter().any(|name| is_of(name, value)),
                None => is_of(rule, value),
            },
            "const" => rule == value,
            "oneOf" => list().iter().filter(|rules| self.at(rules, value, path).is_ok()).count() == 1,
            "enum" => list().contains(value),
            "anyOf" => list().iter().any(|rules| self.at(rules, value, path).is_ok()),
            "allOf" => {
                list().iter().try_for_each(|rules| self.at(rules, value, path))?;
                true
            }
            "required" => list().iter().all(|name| value.get(name.as_str().expect("a name")).is_some()),
            "properties" => {
                for (name, rules) in rule.as_object().expect("properties") {
                    if let Some(inner) = value.get(name) {
                        self.at(rules, inner, &format!("{path}.{name}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Value::as_object);
                let is_known = |name: &String| known.is_some_and(|known| known.contains_key(name));
                let others = value.as_object().into_iter().flatten().filter(|(name, _)| !is_known(name));
                others.into_iter().try_for_each(|(name, inner)| self.at(rule, inner, &format!("{path}.{name}")))?;
                true
            }
            "items" => {
                for (nth, inner) in value.as_array().into_iter().flatten().enumerate() {
                    // A list of rules is one for each place; what stands beyond is free.
                    let rules = if rule.is_array() { rule.get(nth) } else { Some(rule) };
                    if let Some(rules) = rules {
                        self.at(rules, inner, &format!("{path}[{nth}]"))?;
                    }
                }
                true
            }
            "minItems" => length(items, |length, least| length >= least),
            "maxItems" => length(items, |length, most| length <= most),
            "minLength" => {
                length(|value| value.as_str().map(|text| text.chars().count()), |length, least| length >= least)
            }
            "minimum" => number(|n, least| n >= least),
            "maximum" => number(|n, most| n <= most),
            "pattern" => {
                let pattern = Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            other => panic!("unknown keyword {other}"),
        })
    }
}

/// Is the value of the named type?
fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    }
}
