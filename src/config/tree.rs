//! Finding and changing values of a merged configuration by key: `connections[0].auth.token`.

use config::{Map, Value, ValueKind};

/// One step of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Splits a key into its steps.
fn steps(key: &str) -> Vec<Step<'_>> {
    key.split('.')
        .flat_map(|part| {
            let (name, indexes) = part.split_once('[').map_or((part, ""), |(name, rest)| (name, rest));
            let name = (!name.is_empty()).then_some(Step::Key(name));
            let indexes = indexes.split('[').filter_map(|i| i.trim_end_matches(']').parse().ok().map(Step::Index));
            name.into_iter().chain(indexes)
        })
        .collect()
}

/// One step down.
fn child<'v>(value: &'v Value, step: &Step<'_>) -> Option<&'v Value> {
    match (&value.kind, step) {
        (ValueKind::Table(table), Step::Key(name)) => table.get(*name),
        (ValueKind::Array(items), Step::Index(index)) => items.get(*index),
        _ => None,
    }
}

/// The value at a key.
pub(super) fn get<'v>(root: &'v Value, key: &str) -> Option<&'v Value> {
    steps(key).iter().try_fold(root, child)
}

/// Where the value at a key was written; empty when nothing was. A table is where the first of its values is, and what
/// is missing in an element of a list is where the element is.
pub(super) fn origin(root: &Value, key: &str) -> String {
    let element = || key.rfind(']').and_then(|end| get(root, &key[..=end]));
    let mut next = get(root, key).or_else(element);
    while let Some(value) = next {
        if let Some(origin) = value.origin() {
            return origin.to_owned();
        }
        next = match &value.kind {
            ValueKind::Table(table) => table.values().next(),
            ValueKind::Array(items) => items.first(),
            _ => None,
        };
    }
    String::new()
}

/// Puts a value at a key whose parent exists, or takes the key away; false when there is no such place.
pub(super) fn replace(root: &mut Value, key: &str, new: Option<Value>) -> bool {
    let steps = steps(key);
    let Some((last, way)) = steps.split_last() else { return false };
    let mut value = root;
    for step in way {
        let next = match (&mut value.kind, step) {
            (ValueKind::Table(table), Step::Key(name)) => table.get_mut(*name),
            (ValueKind::Array(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return false,
        }
    }
    match (&mut value.kind, last, new) {
        (ValueKind::Table(table), Step::Key(name), Some(new)) => {
            table.insert((*name).to_owned(), new);
            true
        }
        (ValueKind::Table(table), Step::Key(name), None) => table.remove(*name).is_some(),
        (ValueKind::Array(items), Step::Index(index), Some(new)) if *index < items.len() => {
            items[*index] = new;
            true
        }
        _ => false,
    }
}

/// Calls `visit` with every value below a table, parents first, with its key.
pub(super) fn walk(table: &Map<String, Value>, visit: &mut impl FnMut(&str, &Value)) {
    fn descend(key: &str, value: &Value, visit: &mut impl FnMut(&str, &Value)) {
        visit(key, value);
        match &value.kind {
            ValueKind::Table(table) => {
                table.iter().for_each(|(name, value)| descend(&format!("{key}.{name}"), value, visit));
            }
            ValueKind::Array(items) => {
                items.iter().enumerate().for_each(|(i, value)| descend(&format!("{key}[{i}]"), value, visit));
            }
            _ => {}
        }
    }
    table.iter().for_each(|(name, value)| descend(name, value, visit));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_split_at_dots_and_brackets() {
        let expected = vec![Step::Key("connections"), Step::Index(1), Step::Key("auth"), Step::Key("token")];
        assert_eq!(steps("connections[1].auth.token"), expected);
        assert_eq!(steps("[2]"), vec![Step::Index(2)]);
    }
}
