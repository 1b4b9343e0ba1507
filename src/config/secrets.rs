//! Reads secrets into the merged tree: `{ env = … }` and `{ file = … }` become the text they stand for.
//!
//! In: the tree with references. Out: the tree with texts, and a problem for each secret that is missing, blank or
//! readable by everybody. Texts are taken raw: `0123` stays `0123`. Never puts a secret into a message.

use std::path::Path;

use config::{Map, Value, ValueKind};

use super::{layers::Sources, problems::Problem, tree};

/// The names of the keys that hold secrets.
const SECRETS: [&str; 7] = ["webhook_secrets", "private_key", "token", "client_secret", "password", "api_key", "url"];

/// Stands for a secret that was not read.
const UNREAD: &str = "unread://";

/// Does this key hold a secret?
pub(super) fn is_secret(key: &str) -> bool {
    let (parent, name) = key.rsplit_once('.').unwrap_or(("", key));
    let name = name.split('[').next().unwrap_or(name);
    SECRETS.contains(&name) && (name != "url" || parent == "store")
}

/// Replaces every reference below the root by the secret it stands for.
pub(super) fn resolve(root: &mut Value, sources: &Sources, problems: &mut Vec<Problem>) {
    let ValueKind::Table(table) = &root.kind else { return };
    let mut found = Vec::new();
    tree::walk(table, &mut |key, value| {
        let leaf = !matches!(value.kind, ValueKind::Array(_));
        if leaf && is_secret(key) {
            found.push((key.to_owned(), value.clone()));
        }
    });
    for (key, value) in found {
        let origin = value.origin().map(str::to_owned);
        match read(&value.kind, sources).and_then(|text| check(&key, text)) {
            Ok(text) => {
                tree::replace(root, &key, Some(Value::new(origin.as_ref(), text)));
            }
            Err(message) => {
                problems.push(Problem { key: key.clone(), origin: origin.unwrap_or_default(), message });
                tree::replace(root, &key, Some(Value::new(None, UNREAD)));
            }
        }
    }
}

/// Was this text put in place of a secret that could not be, or should not be read?
pub(super) fn is_unread(text: &str) -> bool {
    text == UNREAD
}

/// The text that a value stands for.
fn read(kind: &ValueKind, sources: &Sources) -> Result<String, String> {
    match kind {
        ValueKind::String(text) => Ok(text.clone()),
        ValueKind::Table(table) => match reference(table)? {
            Reference::Env(name) if sources.read_secrets => {
                sources.env.get(name).cloned().ok_or_else(|| format!("the environment variable {name} is not set"))
            }
            Reference::File(path) if sources.read_secrets => file(Path::new(path)),
            _ => Ok(UNREAD.to_owned()),
        },
        _ => Err("a secret is a string, { env = \"NAME\" } or { file = \"PATH\" }".to_owned()),
    }
}

/// Where a secret is kept.
enum Reference<'a> {
    Env(&'a str),
    File(&'a str),
}

/// Reads `{ env = … }` or `{ file = … }`.
fn reference(table: &Map<String, Value>) -> Result<Reference<'_>, String> {
    let mut entries = table.iter();
    match (entries.next(), entries.next()) {
        (Some((name, Value { kind: ValueKind::String(text), .. })), None) if !text.trim().is_empty() => {
            match name.as_str() {
                "env" => Ok(Reference::Env(text)),
                "file" => Ok(Reference::File(text)),
                _ => Err(format!("unknown key {name:?}; a secret is a string, {{ env = … }} or {{ file = … }}")),
            }
        }
        _ => Err("needs exactly one of env and file, with a name".to_owned()),
    }
}

/// Reads a secret's file, without the line ends at its end.
fn file(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let cannot = |error: std::io::Error| format!("the file {shown} cannot be read: {error}");
    let meta = std::fs::metadata(path).map_err(cannot)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = meta.permissions().mode() & 0o7777;
        if mode & 0o007 != 0 {
            return Err(format!("the file {shown} is open to everybody (mode {mode:04o}): chmod o= {shown}"));
        }
    }
    if !meta.is_file() || meta.len() > 64 * 1024 {
        return Err(format!("{shown} is not a file of at most 64 KB"));
    }
    let text = std::fs::read_to_string(path).map_err(cannot)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Refuses what cannot be a secret.
fn check(key: &str, text: String) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("is empty or blank".to_owned());
    }
    let parts = text.split(',').map(str::trim);
    if key.contains("webhook_secrets") && text.contains(',') && parts.clone().any(str::is_empty) {
        return Err("looks like a list with an empty part: give each secret its own entry".to_owned());
    }
    Ok(text)
}
