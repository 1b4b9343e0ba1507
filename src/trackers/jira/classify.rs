//! Says what an answer of Jira means for the caller: who acts next, and whether a write can have been applied.
//!
//! In: status, headers and body. Out: the tracker's errors. Decides only; waits and retries are others' work.
//! Exactly-once posting rests on this file: what is not certainly without effect is unknown.
//! <https://developer.atlassian.com/cloud/jira/platform/rate-limiting/>

use std::{collections::BTreeMap, time::Duration};

use http::{HeaderMap, StatusCode, header::DATE};
use serde::Deserialize;

use crate::trackers::{
    TrackerError,
    verdict::{Kind, Verdict, number, one_line},
};

/// Passes successes and judges the rest.
pub(super) fn judge(kind: Kind, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<(), Verdict> {
    if status.is_success() {
        return Ok(());
    }
    if is_rate_limit(kind, status, headers) {
        return Err(Verdict::RateLimited(named_wait(headers)));
    }
    let (code, text) = (status.as_u16(), format!("{} {}", status.as_u16(), message(body)));
    Err(Verdict::Error(match code {
        500.. => kind.unclear(text),
        // A Data Center that has locked an account after failed logins answers 403 with this header.
        401 | 403 => TrackerError::Unauthorized(text),
        // a page to log in, or a base address that is not the site's: an operator acts
        301 | 302 | 303 | 307 | 308 => TrackerError::Unauthorized(format!("{code} moved to another address")),
        // Jira answers 404 for what is hidden from the account as for what is gone.
        404 | 410 => TrackerError::Gone(text),
        408 => TrackerError::Unavailable(text),
        400..=499 => TrackerError::Refused(text),
        _ => kind.unclear(text),
    }))
}

/// Limits come as 429. Cloud answers 503 too, with the reason: then nothing was done. A 503 that only says when to come
/// back may be an outage, in which a write was applied all the same; and Data Center puts `Retry-After: 0` on every answer.
fn is_rate_limit(kind: Kind, status: StatusCode, headers: &HeaderMap) -> bool {
    let told = headers.contains_key("ratelimit-reason")
        || kind == Kind::Read && number(headers, "retry-after").is_some_and(|seconds| seconds > 0);
    status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE && told
}

/// The wait that Jira names: `Retry-After` in seconds; else, when nothing remains, until `X-RateLimit-Reset` (ISO 8601,
/// unlike other trackers) by the clock of the same answer, so that a wrong clock here does no harm. At least a second.
fn named_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = number(headers, "retry-after").or_else(|| {
        let reset = timestamp(headers.get("x-ratelimit-reset")?.to_str().ok()?)?;
        let date = headers.get(DATE)?.to_str().ok()?;
        let now = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
        u64::try_from(reset.as_second().saturating_sub(now.as_second())).ok()
    })?;
    Some(Duration::from_secs(seconds.max(1)))
}

/// A time as Jira prints it: `2026-11-20T23:00Z`, `2026-11-20T15:00:00.000-0800`.
pub(super) fn timestamp(text: &str) -> Option<jiff::Timestamp> {
    let plain = || jiff::Timestamp::strptime("%Y-%m-%dT%H:%M%:z", text.replace('Z', "+00:00")).ok();
    text.parse().ok().or_else(plain)
}

/// Jira's own words, shortened and on one line; the first words of the body where it is not Jira's JSON.
fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    #[derive(Default)]
    struct Messages {
        error_messages: Vec<String>,
        errors: BTreeMap<String, String>,
        message: Option<String>,
    }
    let start = || String::from_utf8_lossy(&body[..body.len().min(400)]).into_owned();
    let text = serde_json::from_slice(body).map_or_else(
        |_| start(),
        |Messages { error_messages, errors, message }| {
            let fields = errors.iter().map(|(field, what)| format!("{field}: {what}"));
            error_messages.into_iter().chain(fields).chain(message).collect::<Vec<_>>().join("; ")
        },
    );
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
        match judge(kind, status, &headers.collect(), body.as_bytes()) {
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
        check(204, "", "fine", "fine");
        check(502, "", "tracker unavailable: 502 ", "effect unknown: 502 ");
        check(503, "<h1>Down\n", "tracker unavailable: 503 <h1>Down ", "effect unknown: 503 <h1>Down ");
        let moved = "credentials refused: 302 moved to another address";
        check(302, "", moved, moved);
        check(304, "", "tracker unavailable: 304 ", "effect unknown: 304 ");
        check(408, "", "tracker unavailable: 408 ", "tracker unavailable: 408 ");
        let hidden =
            r#"{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}"#;
        let gone = "not found: 404 Issue does not exist or you do not have permission to see it.";
        check(404, hidden, gone, gone);
        let refused = r#"{"errorMessages":["One"],"errors":{"comment":"Two","body":"Three"}}"#;
        let text = "refused: 400 One; body: Three; comment: Two";
        check(400, refused, text, text);
        check(
            401,
            r#"{"code":401,"message":"Unauthorized"}"#,
            "credentials refused: 401 Unauthorized",
            "credentials refused: 401 Unauthorized",
        );
        check(403, "no", "credentials refused: 403 no", "credentials refused: 403 no");
    }

    #[test]
    fn limits_carry_the_right_wait() {
        let check = |status, headers: &[(&'static str, &str)], expected: &str| {
            assert_eq!(verdict(Kind::Write, status, headers, ""), expected, "{headers:?}");
        };
        let date = ("date", "Fri, 20 Nov 2026 23:00:00 GMT");
        check(429, &[], "limited None");
        check(429, &[("retry-after", "7")], "limited Some(7s)");
        check(429, &[("retry-after", "0")], "limited Some(1s)");
        check(503, &[("ratelimit-reason", "jira-burst-based")], "limited None");
        check(503, &[("ratelimit-reason", "jira-burst-based"), ("retry-after", "5")], "limited Some(5s)");
        check(503, &[("retry-after", "5")], "effect unknown: 503 ");
        assert_eq!(verdict(Kind::Read, 503, &[("retry-after", "5")], ""), "limited Some(5s)");
        assert_eq!(verdict(Kind::Read, 503, &[("retry-after", "0")], ""), "tracker unavailable: 503 ");
        check(429, &[("retry-after", "soon"), date], "limited None");
        check(429, &[("x-ratelimit-reset", "2026-11-20T23:01:30Z"), date], "limited Some(90s)");
        check(429, &[("x-ratelimit-reset", "2026-11-20T23:01Z"), date], "limited Some(60s)");
        check(429, &[("x-ratelimit-reset", "2026-11-21T00:01:30+01:00"), date], "limited Some(90s)");
        check(429, &[("x-ratelimit-reset", "2026-11-20T22:00:00Z"), date], "limited None");
        check(429, &[("x-ratelimit-reset", "2026-11-20T23:01:30Z")], "limited None");
        check(429, &[("x-ratelimit-reset", "1795215690"), date], "limited None");
        check(429, &[("retry-after", "30"), ("x-ratelimit-reset", "2026-11-20T23:01:30Z"), date], "limited Some(30s)");
        check(403, &[("retry-after", "30")], "credentials refused: 403 ");
    }

    #[test]
    fn times_read_as_jira_prints_them() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(timestamp(text).map(|time| time.to_string()).as_deref(), expected, "{text}");
        };
        check("2019-02-15T19:11:18.321-0800", Some("2019-02-16T03:11:18.321Z"));
        check("2019-06-04T00:15:17.234+0000", Some("2019-06-04T00:15:17.234Z"));
        check("2026-11-20T23:00:00Z", Some("2026-11-20T23:00:00Z"));
        check("2026-11-20T23:00Z", Some("2026-11-20T23:00:00Z"));
        check("yesterday", None);
        check("1795215690", None);
        check("", None);
    }
}
