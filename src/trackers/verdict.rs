//! What an answer means for the caller, in words that all trackers share.
//!
//! Each tracker's `classify` makes a [`Verdict`] of status, headers and body. Exactly-once posting rests on it: what is
//! not certainly without effect is unknown.

use std::time::Duration;

use http::{HeaderMap, header::DATE};

use super::TrackerError;

/// Whether a request can change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Read,
    Write,
}

impl Kind {
    /// Bytes were sent and no clear answer came.
    pub fn unclear(self, what: String) -> TrackerError {
        match self {
            Self::Read => TrackerError::Unavailable(what),
            Self::Write => TrackerError::Unknown(what),
        }
    }
}

/// What is wrong with an answer.
#[derive(Debug)]
pub enum Verdict {
    /// Refused for now, with the wait that the tracker named.
    RateLimited(Option<Duration>),
    Error(TrackerError),
}

impl From<TrackerError> for Verdict {
    fn from(error: TrackerError) -> Self {
        Self::Error(error)
    }
}

/// A header as a whole number.
pub fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// The outcome in metrics.
pub fn word(error: &TrackerError) -> &'static str {
    match error {
        TrackerError::Unavailable(_) => "unavailable",
        TrackerError::RateLimited(_) => "rate_limited",
        TrackerError::Unknown(_) => "unknown",
        TrackerError::Unauthorized(_) => "unauthorized",
        TrackerError::Gone(_) => "gone",
        TrackerError::Locked => "locked",
        TrackerError::Refused(_) => "refused",
    }
}

/// The wait that GitHub and Azure DevOps name: `retry-after` in seconds; else, when nothing remains, until `x-ratelimit-reset` (epoch
/// seconds) by the clock of the same answer, so that a wrong clock here does no harm. At least one second.
pub fn named_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = number(headers, "retry-after").or_else(|| {
        number(headers, "x-ratelimit-remaining").filter(|remaining| *remaining == 0)?;
        let date = headers.get(DATE)?.to_str().ok()?;
        let now = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?.as_second();
        Some(number(headers, "x-ratelimit-reset")?.saturating_sub(u64::try_from(now).ok()?))
    })?;
    Some(Duration::from_secs(seconds.max(1)))
}

/// A tracker's own words for an error, shortened and on one line.
pub fn one_line(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
