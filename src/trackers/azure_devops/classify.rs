//! Says what an answer of Azure DevOps means for the caller: who acts next, and whether a write can have been applied.
//!
//! In: status, headers and body. Out: nothing for success, else a verdict. Decides only; waits and retries are others'
//! work. Exactly-once posting rests on this file: what is not certainly without effect is unknown.
//! <https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits>

use std::time::Duration;

use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use serde::Deserialize;

use crate::trackers::{
    TrackerError,
    verdict::{Kind, Verdict, named_wait, number, one_line},
};

/// How the refusal begins that a compare-and-set makes when the work item changed meanwhile.
pub(super) const CHANGED_MEANWHILE: &str = "the work item changed meanwhile";
/// How the refusal begins that asks to sign in anew.
pub(super) const SIGN_IN: &str = "asks to sign in";

/// Passes successes and judges the rest.
pub(super) fn judge(kind: Kind, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<(), Verdict> {
    let code = status.as_u16();
    // Without valid credentials a page to sign in comes, not an error: as 203, as 200 or by a redirect.
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if code == 203 || status.is_success() && is_page || is_sign_in(headers) || code == 401 {
        return Err(TrackerError::Unauthorized(format!("{SIGN_IN} ({code})")).into());
    }
    if status.is_success() {
        return Ok(());
    }
    let message = message(body);
    if code == 429 || message.contains("TF400733") {
        return Err(Verdict::RateLimited(named_wait(headers)));
    }
    let text = format!("{code} {message}");
    Err(Verdict::Error(match code {
        412 | 409 => TrackerError::Unavailable(format!("{CHANGED_MEANWHILE}: {text}")),
        500.. => kind.unclear(text),
        403 => TrackerError::Unauthorized(text),
        // a base address that is not the organization's: an operator acts
        300..=399 => TrackerError::Unauthorized(format!("{code} moved to another address")),
        404 | 410 => TrackerError::Gone(text),
        408 => TrackerError::Unavailable(text),
        400..=499 => TrackerError::Refused(text),
        _ => kind.unclear(text),
    }))
}

/// The wait that a successful answer asks for: Azure DevOps slows down first, and says so beside a 200.
pub(super) fn slow_down(headers: &HeaderMap) -> Option<Duration> {
    number(headers, "retry-after").filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Does the answer lead to a page to sign in?
fn is_sign_in(headers: &HeaderMap) -> bool {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    location.contains("/_signin") || location.contains("login.microsoftonline.com")
}

/// Azure DevOps' own words, shortened and on one line; the first words of the body where it is not its JSON.
fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    let text = serde_json::from_slice(body).map_or_else(
        |_| String::from_utf8_lossy(&body[..body.len().min(800)]).into_owned(),
        |message: Message| message.message,
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
        check(200, "not even JSON", "fine", "fine");
        check(204, "", "fine", "fine");
        check(500, r#"{"message":"a\nb"}"#, "tracker unavailable: 500 a b", "effect unknown: 500 a b");
        check(503, "", "tracker unavailable: 503 ", "effect unknown: 503 ");
        let gone = "not found: 404 TF401232: Work item 7 does not exist.";
        check(404, r#"{"message":"TF401232: Work item 7 does not exist."}"#, gone, gone);
        check(400, "no", "refused: 400 no", "refused: 400 no");
        let moved = "credentials refused: 307 moved to another address";
        check(307, "", moved, moved);
        check(408, "", "tracker unavailable: 408 ", "tracker unavailable: 408 ");
        let changed = "tracker unavailable: the work item changed meanwhile: 412 VS402321";
        check(412, r#"{"message":"VS402321"}"#, changed, changed);
        let refused = "credentials refused: 403 TF401027: You need the permission";
        check(403, r#"{"message":"TF401027: You need the permission"}"#, refused, refused);
    }

    #[test]
    fn a_page_to_sign_in_means_that_the_credentials_are_refused() {
        let check = |status, headers: &[(&'static str, &str)]| {
            let expected = format!("credentials refused: asks to sign in ({status})");
            assert_eq!(verdict(Kind::Read, status, headers, "<html>"), expected);
            assert_eq!(verdict(Kind::Write, status, headers, "<html>"), expected);
        };
        check(203, &[]);
        check(401, &[]);
        check(200, &[("content-type", "text/html; charset=utf-8")]);
        check(302, &[("location", "https://spsprodeus27.vssps.visualstudio.com/_signin?realm=dev.azure.com")]);
        check(302, &[("location", "https://login.microsoftonline.com/common/oauth2")]);
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
        check(429, &[none_left, reset, date], "", "limited Some(90s)");
        check(429, &[none_left, reset], "", "limited None");
        check(429, &[("x-ratelimit-remaining", "10"), reset, date], "", "limited None");
        let blocked =
            r#"{"message":"TF400733: The request has been canceled: Request was blocked due to exceeding usage"}"#;
        check(503, &[("retry-after", "30")], blocked, "limited Some(30s)");
        check(429, &[("retry-after", "soon")], "", "limited None");
    }

    #[test]
    fn a_success_may_ask_to_slow_down() {
        let check = |headers: &[(&'static str, &str)], expected: Option<u64>| {
            let headers: HeaderMap =
                headers.iter().map(|(n, v)| (n.parse().expect("a name"), v.parse().expect("a value"))).collect();
            assert_eq!(slow_down(&headers).map(|wait| wait.as_secs()), expected);
        };
        check(&[], None);
        check(&[("x-ratelimit-delay", "0.3")], None);
        check(&[("retry-after", "12")], Some(12));
        check(&[("retry-after", "0")], None);
    }
}
