//! Names and numbers of Azure DevOps, checked before they become part of a path or a URL.
//!
//! In: text from payloads, answers, configuration and the store. Out: numbers and path segments that hold nothing else.

use crate::{
    model::{CommentId, TicketId},
    trackers::TrackerError,
};

/// The longest project name, in characters.
/// <https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions>
const PROJECT_LIMIT: usize = 64;

/// A work item's number, from 1. Unique in an organization or collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct WorkItem(pub(super) u64);

impl WorkItem {
    /// Reads a ticket's id.
    pub(super) fn parse(id: &TicketId) -> Result<Self, TrackerError> {
        number(id.as_str()).map(Self).ok_or_else(|| TrackerError::Gone("not a work item number".to_owned()))
    }

    /// The ticket's id.
    pub(super) fn id(self) -> TicketId {
        TicketId::new(self.0.to_string())
    }

    /// How people name it.
    pub(super) fn reference(self, project: &str) -> String {
        format!("{project}#{}", self.0)
    }
}

/// How a comment is known: by its number, or (where a delivery names none) by the revision that it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommentRef {
    Number(u64),
    Revision(u64),
}

impl CommentRef {
    /// Reads a comment's id.
    pub(super) fn parse(id: &CommentId) -> Option<Self> {
        match id.as_str().strip_prefix('r') {
            Some(revision) => number(revision).map(Self::Revision),
            None => number(id.as_str()).map(Self::Number),
        }
    }

    /// The comment's id: `41`, or `r7` for the comment that revision 7 made.
    pub(super) fn id(self) -> CommentId {
        CommentId::new(match self {
            Self::Number(number) => number.to_string(),
            Self::Revision(revision) => format!("r{revision}"),
        })
    }
}

/// A number from 1, written as numbers are.
fn number(text: &str) -> Option<u64> {
    let plain = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Can this be a project's name?
pub(super) fn is_project(name: &str) -> bool {
    let forbidden = |c: char| c.is_control() || r#"\/:*?"<>|;#$&%{},+=[]@~"#.contains(c);
    !name.is_empty()
        && name.chars().count() <= PROJECT_LIMIT
        && !name.starts_with(['.', '_'])
        && !name.ends_with('.')
        && !name.contains(forbidden)
        && name.trim() == name
}

/// The segments of an area path below its project: `Shop\Web\Cart` → `Web`, `Cart`.
pub(super) fn area_below<'a>(path: &'a str, project: &str) -> Option<Vec<&'a str>> {
    let mut segments = path.split('\\').filter(|segment| !segment.is_empty());
    let root = segments.next()?;
    root.eq_ignore_ascii_case(project).then(|| segments.collect())
}

/// Text as one segment of a path, byte by byte (RFC 3986, section 3.3).
pub(super) fn segment(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// Is this a GUID in its usual form: 8-4-4-4-12 hex digits?
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_become_paths() {
        let check = |id: &str, expected: Option<u64>| {
            assert_eq!(WorkItem::parse(&TicketId::new(id)).ok().map(|item| item.0), expected, "{id:?}");
        };
        check("7", Some(7));
        check("18446744073709551615", Some(u64::MAX));
        check("18446744073709551616", None);
        check("0", None);
        check("07", None);
        check("+7", None);
        check("-7", None);
        check("7/../8", None);
        check("acme/shop#7", None);
        check("", None);
    }

    #[test]
    fn comments_are_numbers_or_revisions() {
        let check = |id: &str, expected: Option<CommentRef>| {
            let read = CommentRef::parse(&CommentId::new(id));
            assert_eq!(read, expected, "{id:?}");
            if let Some(read) = read {
                assert_eq!(read.id().as_str(), id);
            }
        };
        check("41", Some(CommentRef::Number(41)));
        check("r7", Some(CommentRef::Revision(7)));
        check("r0", None);
        check("rr7", None);
        check("r", None);
        check("41?x", None);
        check("é", None);
    }

    #[test]
    fn project_names_are_those_that_azure_devops_gives() {
        let check = |name: &str, expected: bool| assert_eq!(is_project(name), expected, "{name:?}");
        check("Shop", true);
        check("Acme Shop (2026)", true);
        check("Läden", true);
        check("be9b3917-87e6-42a4-a549-2bc06a7a878f", true);
        check("", false);
        check("a/b", false);
        check("..", false);
        check("_apis", false);
        check("a?b", false);
        check("a#b", false);
        check("a%2fb", false);
        check(" a", false);
        check("a\n", false);
        check(&"a".repeat(65), false);
    }

    #[test]
    fn areas_lie_below_their_project() {
        let check = |path: &str, expected: Option<&[&str]>| {
            assert_eq!(area_below(path, "Shop").as_deref(), expected, "{path:?}");
        };
        check("Shop", Some(&[]));
        check(r"\Shop\", Some(&[]));
        check(r"shop\Web\Cart & Co", Some(&["Web", "Cart & Co"]));
        check(r"Other\Web", None);
        check("", None);
    }

    #[test]
    fn segments_hold_no_syntax() {
        assert_eq!(segment("Acme Shop/..?ä"), "Acme%20Shop%2F..%3F%C3%A4");
    }
}
