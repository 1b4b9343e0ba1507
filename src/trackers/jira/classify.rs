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
    verdict::{Kind, Verdict, number},
};

/// Passes successes and judges the rest.
pub(super) fn judge(kind: Kind, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<(), Verdict> {
    if status.is_success() {
        return Ok(());
    }
    if is_rate_limit(status, headers) {
        return Err(Verdict::RateLimited(named_wait(headers)));
    }
    let (code, text) = (status.as_u16(), format!("{} {}", status.as_u16(), message(body)));
    Err(Verdict::Error(match code {
        500.. => kind.unclear(text),
        // A Data Center that has locked an account after failed logins answers 403 with this header.
        401 | 403 => TrackerError::Unauthorized(text),
        301 | 302 | 303 | 307 | 308 => TrackerError::Gone(format!("{code} moved to another address")),
        // Jira answers 404 for what is hidden from the account as for what is gone.
        404 | 410 => TrackerError::Gone(text),
        408 => TrackerError::Unavailable(text),
        400..=499 => TrackerError::Refused(text),
        _ => kind.unclear(text),
    }))
}

/// Cloud's and Data Center's limits come as 429; Cloud's also as 503 that says when to come back. A 503 without a word on
/// limits is an outage, in which a write may have been applied.
fn is_rate_limit(status: StatusCode, headers: &HeaderMap) -> bool {
    let told = || headers.contains_key("retry-after") || headers.contains_key("ratelimit-reason");
    status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE && told()
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
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
