//! GitHub's times: RFC 3339 in UTC with whole seconds.

use jiff::Timestamp;

/// `2019-05-15T15:20:18Z` from milliseconds since 1970.
pub(super) fn iso(ms: i64) -> String {
    Timestamp::from_second(ms.div_euclid(1000)).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Milliseconds since 1970 from a timestamp.
pub(super) fn parse(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}
