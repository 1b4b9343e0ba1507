//! Compares the sandbox's JSON with recorded JSON by the names of the fields.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

/// The fields of a value, as `recorded/SOURCES.md` writes them.
fn paths(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with("customfield_")) {
                let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
                paths(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{at}[]"), found)),
        _ => {}
    }
}

/// Fails unless the value has the fields that were recorded, but for those below the paths that are told.
///
/// A path that ends in `*` stands for all that begin so; one that begins with `*` for all that end so.
pub fn check(recorded: &str, actual: &Value, only_recorded: &[&str], only_here: &[&str]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox/recorded").join(format!("{recorded}.txt"));
    let file = fs::read_to_string(file).unwrap();
    let recorded_paths: BTreeSet<String> = file.lines().map(str::to_owned).collect();
    let mut here = BTreeSet::new();
    paths(actual, "", &mut here);
    for (what, left, told) in [
        ("missing", recorded_paths.difference(&here), only_recorded),
        ("added", here.difference(&recorded_paths), only_here),
    ] {
        let left: Vec<&String> = left.filter(|path| !told.iter().any(|told| covers(told, path))).collect();
        assert!(left.is_empty(), "{recorded}: {what}: {left:#?}");
    }
}

fn covers(told: &str, path: &str) -> bool {
    match (told.strip_suffix('*'), told.strip_prefix('*')) {
        (Some(head), _) => path.starts_with(head),
        (None, Some(tail)) => path.ends_with(tail),
        (None, None) => path == told,
    }
}
