//! Says what an answer of GitHub means for the caller: who acts next, and whether a write can have been applied.
//!
//! In: status, headers and body, or octocrab's error. Out: the tracker's errors. Decides only; waits and retries are
//! others' work. Exactly-once posting rests on this file: what is not certainly without effect is unknown.
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use ::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::transport::Fault;
use crate::trackers::{
    TrackerError,
    verdict::{Kind, Verdict, named_wait, number, one_line},
};

/// Passes successes and judges the rest.
pub(super) fn judge(kind: Kind, status: StatusCode, headers: &HeaderMap, body: &str) -> Result<(), Verdict> {
    if status.is_success() {
        return Ok(());
    }
    let message = message(body);
    if is_rate_limit(status, headers, &message) {
        return Err(Verdict::RateLimited(named_wait(headers)));
    }
    let text = format!("{} {message}", status.as_u16());
    Err(Verdict::Error(match status.as_u16() {
        500.. => kind.unclear(text),
        400..=499 if message.to_ascii_lowercase().contains("is locked") => TrackerError::Locked,
        401 | 403 => TrackerError::Unauthorized(text),
        301 | 302 | 303 | 307 | 308 => TrackerError::Gone(format!("{} moved to another address", status.as_u16())),
        404 | 410 | 451 => TrackerError::Gone(text),
        408 => TrackerError::Unavailable(text),
        400..=499 => TrackerError::Refused(text),
        _ => kind.unclear(text),
    }))
}

/// What octocrab's error means for a request of this kind. An error answer inside it came from asking for an
/// installation token, so the request itself had no effect.
pub(super) fn failure(kind: Kind, error: &octocrab::Error) -> Verdict {
    match error {
        octocrab::Error::GitHub { source, .. } => {
            let no_headers = HeaderMap::new();
            let headers = source.headers.as_ref().unwrap_or(&no_headers);
            let judged = judge(Kind::Read, source.status_code, headers, &source.message);
            judged.err().unwrap_or_else(|| TrackerError::Unavailable("no installation token".to_owned()).into())
        }
        octocrab::Error::Service { source, .. } => match source.downcast_ref::<Fault>() {
            Some(Fault::NotSent(what)) => TrackerError::Unavailable(what.clone()).into(),
            Some(Fault::Broken(what)) => kind.unclear(what.clone()).into(),
            None => kind.unclear("the client broke off".to_owned()).into(),
        },
        octocrab::Error::JWT { .. } => TrackerError::Unauthorized("the private key does not sign".to_owned()).into(),
        octocrab::Error::InvalidUtf8 { .. } => kind.unclear("the answer is not text".to_owned()).into(),
        octocrab::Error::Http { .. } | octocrab::Error::InvalidHeaderValue { .. } => {
            TrackerError::Refused("the request cannot be written".to_owned()).into()
        }
        _ => kind.unclear("the answer does not read".to_owned()).into(),
    }
}

/// Primary and secondary limits come as 429 or 403; a plain 403 means missing permission.
fn is_rate_limit(status: StatusCode, headers: &HeaderMap, message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::FORBIDDEN
            && (headers.contains_key("retry-after")
                || number(headers, "x-ratelimit-remaining") == Some(0)
                || message.contains("rate limit")
                || message.contains("abuse detection"))
}

/// GitHub's own words, shortened and on one line; the first words of the body where it is not GitHub's JSON.
fn message(body: &str) -> String {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    let text = serde_json::from_str(body).map_or_else(|_| body.chars().take(200).collect(), |m: Message| m.message);
    one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line a verdict.
    fn verdict(kind: Kind, status: u16, headers: &[(&'static str, &str)], body: &str) -> String {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("a header name"), value.parse().expect("a header value")));
        let status = StatusCode::from_u16(status).expect("a status");
        match judge(kind, status, &headers.collect(), body) {
            Ok(()) => "fine".to_owned(),
            Err(Verdict::RateLimited(wait)) => format!("limited {wait:?}"),
            Err(Verdict::Error(error)) => error.to_string(),
        }
    }

    #[test]
    fn answers_say_who_acts_next() {
        let check = |status, body: &str, read: &str, write: &str| {
            assert_eq!(verdict(Kind::Read, status, &[], body), read);
            assert_eq!(verdict(Kind::Write, status, &[], body), write);
        };
        check(201, "not even JSON", "fine", "fine");
        check(502, "", "tracker unavailable: 502 ", "effect unknown: 502 ");
        check(500, r#"{"message":"a\nb"}"#, "tracker unavailable: 500 a b", "effect unknown: 500 a b");
        check(404, r#"{"message":"Not Found"}"#, "not found: 404 Not Found", "not found: 404 Not Found");
        check(410, "{}", "not found: 410 {}", "not found: 410 {}");
        check(301, "", "not found: 301 moved to another address", "not found: 301 moved to another address");
        check(401, "", "credentials refused: 401 ", "credentials refused: 401 ");
        check(422, "no", "refused: 422 no", "refused: 422 no");
        check(304, "", "tracker unavailable: 304 ", "effect unknown: 304 ");
        let locked = r#"{"message":"Unable to create comment because issue is locked."}"#;
        check(403, locked, "the ticket is locked", "the ticket is locked");
        let forbidden = r#"{"message":"Resource not accessible by integration"}"#;
        let refused = "credentials refused: 403 Resource not accessible by integration";
        check(403, forbidden, refused, refused);
    }

    #[test]
    fn limits_carry_the_right_wait() {
        let check = |status, headers: &[(&'static str, &str)], body: &str, expected: &str| {
            assert_eq!(verdict(Kind::Write, status, headers, body), expected);
        };
        let date = ("date", "Fri, 20 Nov 2026 23:00:00 GMT");
        let reset = ("x-ratelimit-reset", "1795215690"); // 2026-11-20 23:01:30 UTC
        let none_left = ("x-ratelimit-remaining", "0");
        check(429, &[], "", "limited None");
        check(429, &[("retry-after", "7")], "", "limited Some(7s)");
        check(403, &[("retry-after", "0")], "", "limited Some(1s)");
        check(403, &[none_left, reset, date], "", "limited Some(90s)");
        check(403, &[none_left, ("x-ratelimit-reset", "1"), date], "", "limited Some(1s)");
        check(403, &[none_left, reset], "", "limited None");
        check(403, &[("retry-after", "30"), none_left, reset, date], "", "limited Some(30s)");
        check(403, &[], r#"{"message":"You have exceeded a secondary rate limit."}"#, "limited None");
        check(429, &[("x-ratelimit-remaining", "10"), reset, date], "", "limited None");
        check(429, &[("retry-after", "soon")], "", "limited None");
    }
}
