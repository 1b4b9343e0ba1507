//! Deserialises the merged tree section by section, going on after each problem so that all of them are reported.

use config::{ConfigError, Value, ValueKind};
use serde::de::DeserializeOwned;

use super::{problems::Problem, tree};

/// More problems than this in one section are not looked for.
const MOST_PROBLEMS: usize = 64;

/// Reads sections of a tree.
pub(super) struct Reader<'a> {
    pub tree: Value,
    /// What stands in for a value that cannot be read.
    pub defaults: &'a Value,
    /// The same for what stands in lists: one element of each.
    pub stand_ins: &'a Value,
    pub problems: Vec<Problem>,
}

impl Reader<'_> {
    /// One section.
    pub fn section<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.value(name)
    }

    /// Every element of a list.
    pub fn list<T: DeserializeOwned>(&mut self, name: &str) -> Option<Vec<T>> {
        let length = match tree::get(&self.tree, name).map(|value| &value.kind) {
            None => 0,
            Some(ValueKind::Array(items)) => items.len(),
            Some(_) => {
                self.problems.push(Problem::new(name, format!("must be a list: write [[{name}]]")));
                0
            }
        };
        (0..length).map(|index| self.value(&format!("{name}[{index}]"))).collect()
    }

    /// Reports keys beside the known sections.
    pub fn only(&mut self, sections: &[&str]) {
        let ValueKind::Table(table) = &self.tree.kind else { return };
        let unknown = table.keys().filter(|name| !sections.contains(&name.as_str()));
        let message = format!("unknown section; there are {}", sections.join(", "));
        self.problems.extend(unknown.map(|name| Problem::new(name, &message)));
    }

    /// Deserialises the value at a key; what is wrong in it is reported, put right or left out, and tried again.
    fn value<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let mut value = tree::get(&self.tree, key).cloned()?;
        let mut seen: Vec<String> = Vec::new();
        while seen.len() < MOST_PROBLEMS {
            let (inner, message) = match value.clone().try_deserialize() {
                Ok(read) => return Some(read),
                Err(error) => describe(error),
            };
            let full = join(key, &inner);
            let known = seen.iter().any(|before| inner.starts_with(before.as_str()));
            if known {
                return None;
            }
            self.problems.push(Problem::new(&full, message));
            let stand_in = self.stand_in(&full);
            if inner.is_empty() {
                value = stand_in?;
            } else if !tree::replace(&mut value, &inner, stand_in.clone()) && stand_in.is_none() {
                return None;
            }
            seen.push(inner);
        }
        None
    }

    /// What takes the place of a value that cannot be read, so that the values beside it are still checked.
    fn stand_in(&self, key: &str) -> Option<Value> {
        let element = key.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once(']')?.1)));
        match element {
            Some((list, inner)) => tree::get(self.stand_ins, &format!("{list}[0]{inner}")),
            None => tree::get(self.defaults, key),
        }
        .cloned()
    }
}

/// Joins two parts of a key.
fn join(outer: &str, inner: &str) -> String {
    match inner {
        "" => outer.to_owned(),
        _ if inner.starts_with('[') => format!("{outer}{inner}"),
        _ => format!("{outer}.{inner}"),
    }
}

/// The key and the plain words of an error, without any value: it may be a secret.
fn describe(error: ConfigError) -> (String, String) {
    match error {
        ConfigError::NotFound(key) => (key, "is missing".to_owned()),
        ConfigError::Type { unexpected, expected, key, .. } => {
            let full = unexpected.to_string();
            let kind = full.split(['`', '"']).next().unwrap_or_default().trim();
            (key.unwrap_or_default(), format!("expected {expected}, found a {kind}"))
        }
        ConfigError::At { error, key, .. } => {
            let (inner, message) = describe(*error);
            (join_optional(key.as_deref().unwrap_or_default(), &inner), message)
        }
        ConfigError::Message(message) => words(&message),
        other => (String::new(), other.to_string()),
    }
}

/// Joins two parts of a key of which one may be empty.
fn join_optional(outer: &str, inner: &str) -> String {
    if outer.is_empty() { inner.to_owned() } else { join(outer, inner) }
}

/// Takes the key out of serde's words on unknown keys, and values out of its words on wrong types.
fn words(message: &str) -> (String, String) {
    if let Some((name, rest)) = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        let known = rest.trim_start_matches(", ").replace('`', "");
        return (name.to_owned(), format!("unknown key, {known}"));
    }
    for prefix in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) = message.strip_prefix(prefix).and_then(|rest| rest.rsplit_once(", expected ")) {
            let kind = found.split(['`', '"']).next().unwrap_or_default().trim();
            return (String::new(), format!("expected {expected}, found a {kind}"));
        }
    }
    (String::new(), message.to_owned())
}
