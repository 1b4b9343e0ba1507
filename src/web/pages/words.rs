//! What records are called on a page: times, decisions, triggers, addresses.

use serde::Serialize;

use crate::model::{
    delivery::Decision,
    job::{JobState, PlanOptions, Reply, ReviewCause, Trigger, Work},
};

/// A moment as people read it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Moment {
    /// RFC 3339, for machines.
    pub iso: String,
    /// `2026-11-20 23:50:07 UTC`
    pub exact: String,
    /// `3 min ago`
    pub ago: String,
}

impl Moment {
    /// A time in milliseconds since 1970, seen from `now`.
    pub fn new(at: i64, now: i64) -> Self {
        let time = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Self {
            iso: time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            exact: time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            ago: match now.saturating_sub(at) {
                past @ 1_000.. => format!("{} ago", span(past)),
                future @ ..=-1_000 => format!("in {}", span(future.saturating_neg())),
                _ => "now".to_owned(),
            },
        }
    }
}

/// A length of time in milliseconds, in its largest whole unit.
pub(super) fn span(ms: i64) -> String {
    match ms {
        ..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{} s", ms / 1_000),
        60_000..3_600_000 => format!("{} min", ms / 60_000),
        3_600_000..172_800_000 => format!("{} h", ms / 3_600_000),
        _ => format!("{} days", ms / 86_400_000),
    }
}

/// What a job does and why it was asked for: `plan, label needs-plan`.
pub(super) fn work(work: &Work) -> String {
    match work {
        Work::Plan(request) => match &request.trigger {
            Trigger::Label { label } => format!("plan, label {label}"),
            Trigger::Command { .. } if request.options.revise.is_some() => "plan revised, command".to_owned(),
            Trigger::Command { .. } => "plan, command".to_owned(),
            Trigger::Story { type_name } => format!("plan, new {type_name}"),
            Trigger::Manual => "plan, command line".to_owned(),
        },
        Work::Reply(request) => match &request.reply {
            Reply::Help => "reply, help".to_owned(),
            Reply::Status => "reply, status".to_owned(),
            Reply::Cancel => "reply, cancel".to_owned(),
            Reply::Wrong { .. } => "reply, wrong command".to_owned(),
        },
        Work::Review(request) => match request.cause {
            ReviewCause::Edited => "review, the ticket was edited".to_owned(),
            ReviewCause::Moved => "review, the branch moved".to_owned(),
        },
    }
}

/// The options that a person chose, `name value` each.
pub(super) fn options(options: &PlanOptions) -> Vec<String> {
    let word = |value: serde_json::Result<serde_json::Value>| value.ok()?.as_str().map(str::to_owned);
    let chosen = [
        ("template", options.template.clone()),
        ("focus", options.focus.and_then(|focus| word(serde_json::to_value(focus)))),
        ("depth", options.depth.and_then(|depth| word(serde_json::to_value(depth)))),
        ("repository", options.repository.clone()),
        ("revise", options.revise.clone()),
    ];
    chosen.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?))).collect()
}

/// The word of a decision and its reason.
pub(super) fn decision(decision: &Decision) -> (&'static str, String) {
    match decision {
        Decision::Run(request) => ("run", work(&request.work)),
        Decision::Skip(reason) => ("skip", reason.to_string()),
    }
}

/// How a state is coloured: `good`, `busy`, `bad` or `quiet`.
pub(super) fn tone(state: JobState) -> &'static str {
    match state {
        JobState::Queued | JobState::Running => "busy",
        JobState::Done => "good",
        JobState::Dead => "bad",
        JobState::Cancelled => "quiet",
    }
}

/// The address, if it is one that a link may lead to.
pub(super) fn web_address(url: Option<&str>) -> Option<String> {
    let url = url?;
    let web = url.starts_with("https://") || url.starts_with("http://");
    web.then(|| url.to_owned())
}

/// Parts a text from an address that is its last word.
pub(super) fn link_at_end(text: &str) -> (&str, Option<String>) {
    match text.rsplit_once(' ') {
        Some((words, last)) if web_address(Some(last)).is_some() => (words, Some(last.to_owned())),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_last_word_is_taken_for_a_link() {
        let url = "https://github.com/acme/shop/issues/7#issuecomment-81";
        assert_eq!(link_at_end(&format!("published {url}")), ("published", Some(url.to_owned())));
        for text in ["", "done", "javascript: javascript:alert(1)", "see https://example.com for more"] {
            assert_eq!(link_at_end(text), (text, None));
        }
    }

    #[test]
    fn spans_are_told_in_their_largest_unit() {
        let check = |ms, expected| assert_eq!(span(ms), expected);
        check(0, "0 ms");
        check(999, "999 ms");
        check(59_999, "59 s");
        check(3_599_999, "59 min");
        check(172_799_999, "47 h");
        check(172_800_000, "2 days");
        assert_eq!(Moment::new(5_000, 4_500).ago, "now");
        assert_eq!(Moment::new(65_000, 0).ago, "in 1 min");
        assert_eq!(Moment::new(i64::MIN, i64::MAX).iso, "1970-01-01T00:00:00Z");
    }
}
