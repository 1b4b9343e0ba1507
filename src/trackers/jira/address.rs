//! Numbers and keys of Jira, checked before they become part of a path or a URL.
//!
//! In: text from payloads, answers and the store. Out: numbers, keys and names that hold only what Jira allows in them.

use std::fmt;

use crate::model::{CommentId, TicketId};

/// The longest key or name that is taken, in bytes (Jira: 10 letters by default, 255 at most).
const NAME_LIMIT: usize = 255;

/// An issue's number: it stays the same when the issue moves and its key changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct IssueId(u64);

impl IssueId {
    /// Reads a number from 1, without leading zeros.
    pub(super) fn parse(text: &str) -> Option<Self> {
        number(text).map(Self)
    }

    /// The number itself.
    pub(super) fn number(self) -> u64 {
        self.0
    }

    /// A ticket's number.
    pub(super) fn of(id: &TicketId) -> Option<Self> {
        Self::parse(id.as_str())
    }
}

impl fmt::Display for IssueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// `SHOP-7`: how people name an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssueKey(String);

impl IssueKey {
    /// Takes a project's key, a hyphen and a number from 1.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (project, issue) = text.rsplit_once('-')?;
        (is_project(project) && number(issue).is_some()).then(|| Self(text.to_owned()))
    }

    /// `SHOP-7`.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// `SHOP`.
    pub(super) fn project(&self) -> &str {
        self.0.rsplit_once('-').map_or("", |(project, _)| project)
    }
}

/// Can this be a project's key? A letter, then letters, digits and `_`; administrators may allow small letters.
pub(super) fn is_project(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    starts && text.len() <= NAME_LIMIT && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A number from 1, without sign or leading zeros.
pub(super) fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    plain.then(|| text.parse().ok()).flatten()
}

/// A comment's number.
pub(super) fn comment_number(id: &CommentId) -> Option<u64> {
    number(id.as_str())
}

/// Text as one part of a path or one value of a query: all but unreserved characters percent-encoded (RFC 3986).
pub(super) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, b| {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

/// Could an account have this id? Account ids hold letters, digits, `:` and `-`; names of a Data Center nearly anything.
pub(super) fn is_account(id: &str) -> bool {
    !id.trim().is_empty() && id.len() <= NAME_LIMIT && !id.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_keys_are_taken() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(IssueKey::parse(text).as_ref().map(IssueKey::project), expected, "{text:?}");
        };
        check("SHOP-7", Some("SHOP"));
        check("S_2-18446744073709551615", Some("S_2"));
        check("shop-7", Some("shop"));
        check("SHOP-0", None);
        check("SHOP-07", None);
        check("SHOP-", None);
        check("SHOP", None);
        check("-7", None);
        check("2SHOP-7", None);
        check("SH OP-7", None);
        check("SH/../OP-7", None);
        check("SHOP-18446744073709551616", None);
    }

    #[test]
    fn only_plain_numbers_are_issues() {
        let check = |text: &str, expected: bool| assert_eq!(IssueId::parse(text).is_some(), expected, "{text:?}");
        check("10040", true);
        check("9007199254740993", true);
        check("0", false);
        check("-1", false);
        check("+1", false);
        check("1.5", false);
        check("010", false);
        check("", false);
        check("10040/../1", false);
        check("SHOP-7", false);
    }

    #[test]
    fn text_is_encoded_as_one_value() {
        assert_eq!(encoded("a b&c=/d~é*"), "a%20b%26c%3D%2Fd~%C3%A9%2A");
    }
}
