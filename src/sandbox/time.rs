//! Times on the wire: RFC 3339 in UTC with whole seconds, which is GitHub's form.

use jiff::Timestamp;

/// `2019-05-15T15:20:18Z` from milliseconds since 1970.
pub fn iso(ms: i64) -> String {
    Timestamp::from_second(ms.div_euclid(1000)).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Milliseconds since 1970 from a timestamp.
pub fn parse(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}
