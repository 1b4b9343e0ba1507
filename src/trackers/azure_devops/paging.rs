//! Comments and updates, page by page.
//!
//! In: a work item. Out: one page and how to ask for the next. Of an answer only the continuation token is taken; the
//! address stays ours.

use serde::Deserialize;

use super::{
    address::{WorkItem, segment},
    client::Api,
    convert::{Comment, Update},
};
use crate::trackers::{TrackerError, rest::Request};

/// The most comments that one page holds.
pub(super) const PAGE: usize = 200;
/// The longest continuation token that is believed, in bytes.
const TOKEN_LIMIT: usize = 2_000;

/// In which order comments come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    OldestFirst,
    NewestFirst,
}

/// One page of comments.
pub(super) struct Page {
    pub(super) comments: Vec<Comment>,
    /// What asks for the next page.
    pub(super) next: Option<String>,
}

/// A page as the API gives it.
#[derive(Deserialize)]
struct RawPage {
    #[serde(default)]
    comments: Vec<Comment>,
    #[serde(default, rename = "continuationToken")]
    token: Option<String>,
}

/// A list as the API gives it.
#[derive(Deserialize)]
pub(super) struct List<T> {
    #[serde(default = "Vec::new")]
    pub(super) value: Vec<T>,
}

impl Api {
    /// Reads a page of comments; deleted ones are left out.
    pub(super) async fn comment_page(
        &self,
        call: &'static str,
        (project, item): (&str, WorkItem),
        order: Order,
        token: Option<&str>,
    ) -> Result<Page, TrackerError> {
        let order = match order {
            Order::OldestFirst => "asc",
            Order::NewestFirst => "desc",
        };
        let mut path = format!(
            "/{}/_apis/wit/workItems/{}/comments?$top={PAGE}&order={order}&api-version={}",
            segment(project),
            item.0,
            self.version.comments()
        );
        if let Some(token) = token {
            path += &format!("&continuationToken={}", segment(token));
        }
        let page: RawPage = self.call(call, Request::get(path)).await?.json()?;
        let comments = page.comments.into_iter().filter(|comment| !comment.is_deleted).collect();
        Ok(Page { comments, next: page.token.filter(|token| !token.is_empty() && token.len() <= TOKEN_LIMIT) })
    }

    /// Reads a page of updates, oldest first, from the `skip`-th on.
    pub(super) async fn update_page(&self, item: WorkItem, skip: u64) -> Result<Vec<Update>, TrackerError> {
        let path = format!(
            "/_apis/wit/workItems/{}/updates?$top={PAGE}&$skip={skip}&api-version={}",
            item.0,
            self.version.stable()
        );
        Ok(self.call("updates", Request::get(path)).await?.json::<List<Update>>()?.value)
    }
}
