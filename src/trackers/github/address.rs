//! Names of repositories and issues on GitHub, checked before they become part of a path or a URL.
//!
//! In: text from payloads, configuration and the store. Out: names that hold only what GitHub allows in them.

use std::fmt;

use crate::model::TicketId;

/// The longest owner or repository name that is taken, in bytes (GitHub: 39 and 100).
const NAME_LIMIT: usize = 100;

/// `owner/repo`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RepoPath(String);

impl RepoPath {
    /// Takes letters, digits, `.`, `_` and `-` on both sides of one slash; `..` nowhere.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        (is_name(owner) && is_name(name)).then(|| Self(text.to_owned()))
    }

    /// `owner/repo`.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An organisation's login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnerName(String);

impl OwnerName {
    /// Takes letters, digits, `.`, `_` and `-`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        is_name(text).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for OwnerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Can this be one segment of a repository's path?
fn is_name(text: &str) -> bool {
    let allowed = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    allowed && !text.is_empty() && text.len() <= NAME_LIMIT && text != "." && !text.contains("..")
}

/// `owner/repo#7`: a ticket's id and its reference alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuePath {
    pub(super) repository: RepoPath,
    /// From 1.
    pub(super) number: u64,
}

impl IssuePath {
    /// Reads a ticket's id.
    pub(super) fn parse(id: &TicketId) -> Option<Self> {
        let (repository, number) = id.as_str().split_once('#')?;
        let plain = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
        let number = plain.then(|| number.parse().ok()).flatten()?;
        Some(Self { repository: RepoPath::parse(repository)?, number })
    }
}

impl fmt::Display for IssuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.repository, self.number)
    }
}

/// A login as one path segment, or `None` when no GitHub account can have it. Apps end in `[bot]`.
pub(super) fn login_segment(login: &str) -> Option<String> {
    let (name, suffix) = match login.strip_suffix("[bot]") {
        Some(name) => (name, "%5Bbot%5D"),
        None => (login, ""),
    };
    let allowed = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (allowed && !name.is_empty() && name.len() <= NAME_LIMIT).then(|| format!("{name}{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_names_become_paths() {
        let check = |id: &str, expected: bool| {
            let read = IssuePath::parse(&TicketId::new(id));
            assert_eq!(read.is_some(), expected, "{id:?}");
            if let Some(path) = read {
                assert_eq!(path.to_string(), id);
            }
        };
        check("acme/shop#7", true);
        check("acme/sh.op_2-x#18446744073709551615", true);
        check("acme/.github#1", true);
        check("acme/shop#18446744073709551616", false);
        check("acme/shop#0", false);
        check("acme/shop#07", false);
        check("acme/shop#+7", false);
        check("acme/shop#-7", false);
        check("acme/shop#", false);
        check("acme/shop", false);
        check("acme/../etc#7", false);
        check("acme/..#7", false);
        check("../shop#7", false);
        check("acme/.#7", false);
        check("acme/shop/x#7", false);
        check("acme/sh op#7", false);
        check("acme/sh%2fop#7", false);
        check("acmé/shop#7", false);
        check("/shop#7", false);
        check("acme/#7", false);
    }

    #[test]
    fn logins_are_encoded_or_refused() {
        let check = |login: &str, expected: Option<&str>| assert_eq!(login_segment(login).as_deref(), expected);
        check("mira-lund", Some("mira-lund"));
        check("mira_corp", Some("mira_corp"));
        check("planwright[bot]", Some("planwright%5Bbot%5D"));
        check("[bot]", None);
        check("", None);
        check("mira/../x", None);
        check("mira?x", None);
    }
}
