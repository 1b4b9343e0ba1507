//! Settings as fields of a class or a structure, and where code reads them: `settings.cancel_days_before`.
//!
//! In: a [`Context`] and sites. Out: the fields that a file of settings declares, and the lines that read one. Plain text
//! search; a read counts only where a file of settings declares the field.

use super::{
    super::code::path::{ending, stem},
    site::Site,
};
use crate::model::{
    context::{Context, FileClass},
    plan::FileRef,
};
use crate::planner::words::split_case;

/// What files of settings are called, and what their object is called where it is read.
const NAMES: &[&str] = &["settings", "setting", "config", "configuration", "conf"];
const OBJECTS: &[&str] = &["settings", "config", "configuration", "conf", "cfg"];
/// What a secret's name ends with.
const SECRETS: &[&str] = &["secret", "token", "password", "key", "credentials", "credential"];
/// Files and lines that are read.
const MOST_FILES: usize = 8;
const MOST_LINES: usize = 1_000;

/// A field of the settings.
pub struct Field {
    pub name: String,
    pub path: String,
    pub line: u32,
}

impl Field {
    /// Is it called for a secret, with a word that says whose: `sms_key`, not `key`?
    pub fn is_secret(&self) -> bool {
        let words: Vec<String> = self.name.split('_').flat_map(split_case).map(str::to_lowercase).collect();
        words.len() > 1 && words.last().is_some_and(|last| SECRETS.contains(&last.as_str()))
    }
}

/// The fields that files of settings declare.
pub fn fields(context: &Context) -> Vec<Field> {
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let is_home = |p: &&str| NAMES.contains(&stem(p).to_lowercase().as_str());
    let mut out = Vec::new();
    for path in context.tree.paths().filter(|p| is_home(p) && is_source(p)).take(MOST_FILES) {
        let Some(text) = context.tree.text(path) else { continue };
        for (line, code) in (1_u32..).zip(text.lines()).take(MOST_LINES) {
            let name = declared(code, ending(path));
            out.extend(name.map(|name| Field { name: name.to_owned(), path: path.to_owned(), line }));
        }
    }
    out
}

/// The field that an indented line declares: `sms_key: str`, `smsKey: process.env.SMS_KEY,`, `SMSKey string`.
fn declared<'l>(line: &'l str, ending: &str) -> Option<&'l str> {
    let bare = line.trim_start();
    let end = bare.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(bare.len());
    let (name, rest) = bare.split_at(end);
    let is_name = bare.len() < line.len() && name.len() >= 4 && !name.starts_with(|c: char| c.is_ascii_digit());
    let declares = match ending {
        "go" => name.starts_with(char::is_uppercase) && rest.starts_with(' ') && !rest.contains(['(', '=']),
        _ => rest.starts_with(':') && !rest.starts_with("::"),
    };
    (is_name && declares).then_some(name)
}

/// The fields that the lines to change read, each with its first line.
pub fn read<'f>(site: &Site<'_>, fields: &'f [Field]) -> Vec<(&'f Field, FileRef)> {
    let text = site.text.as_deref().unwrap_or_default();
    let is_touched = |at: u32| site.symbols.iter().any(|s| s.line <= at && at <= s.end_line);
    let lines: Vec<(u32, &str)> = (1_u32..).zip(text.lines()).filter(|(at, _)| is_touched(*at)).collect();
    let mut out: Vec<(&Field, FileRef)> = Vec::new();
    for field in fields {
        let line = lines.iter().find(|(_, code)| reads(code, &field.name));
        let is_known = out.iter().any(|(known, _)| known.name == field.name);
        out.extend(line.filter(|_| !is_known).map(|(at, _)| (field, site.file().lines(*at, *at))));
    }
    out
}

/// Does the line read the field off an object of settings?
fn reads(line: &str, field: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(field).any(|(at, _)| {
        let object = line[..at].strip_suffix('.').unwrap_or_default();
        let start = object.rfind(|c: char| !is_part(c)).map_or(0, |at| at + 1);
        let is_whole = !line[at + field.len()..].starts_with(is_part);
        is_whole && OBJECTS.contains(&object[start..].to_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_declared_and_read() {
        assert_eq!(declared("    cancel_days_before: int = 1", "py"), Some("cancel_days_before"));
        assert_eq!(declared("\tPollEvery time.Duration `yaml:\"poll\"`", "go"), Some("PollEvery"));
        assert_eq!(declared("class Settings:", "py"), None);
        assert_eq!(declared("    return value", "py"), None);
        assert_eq!(declared("    crate::settings", "rs"), None);
        assert!(reads("if start < now + settings.cancel_days_before:", "cancel_days_before"));
        assert!(reads("timezone(self.settings.zone)", "zone"));
        assert!(!reads("order.zone", "zone"));
        assert!(!reads("settings.zone_name", "zone"));
    }

    #[test]
    fn a_secret_says_whose_it_is() {
        let field = |name: &str| Field { name: name.to_owned(), path: String::new(), line: 1 };
        assert!(field("sms_key").is_secret() && field("staffToken").is_secret());
        assert!(!field("key").is_secret() && !field("token_days").is_secret());
    }
}
