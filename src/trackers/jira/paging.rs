//! Lists that come in pages.
//!
//! In: a path and the place to start at. Out: one page and the place of the next. The server may give fewer than asked
//! for: what came counts, not what was asked.
//! <https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#pagination>

use serde::{Deserialize, de::DeserializeOwned};

use crate::trackers::{
    TrackerError,
    rest::{Request, Rest},
};

/// How many entries are asked for at once; servers cap it themselves.
const PAGE: u64 = 100;

/// One page of a list.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Where the next page starts.
    pub(super) next: Option<u64>,
}

/// A page of comments as Jira gives it.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Comments<T> {
    comments: Vec<T>,
    total: Option<u64>,
}

/// Reads one page of comments that starts at `start`; `path` ends with a query.
pub(super) async fn comments<T: DeserializeOwned>(
    rest: &Rest,
    call: &'static str,
    path: &str,
    start: u64,
) -> Result<Page<T>, TrackerError> {
    let answer = rest.call(call, Request::get(format!("{path}&startAt={start}&maxResults={PAGE}"))).await?;
    let Comments { comments, total } = answer.json()?;
    let end = start.saturating_add(comments.len() as u64);
    let is_last = comments.is_empty() || total.is_some_and(|total| end >= total);
    Ok(Page { items: comments, next: (!is_last).then_some(end) })
}
