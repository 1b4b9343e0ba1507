//! Reads a work item with everything around it.
//!
//! In: a work item's number. Out: its parts. Comments are paged to the end, up to a cap that keeps a flooded item from
//! filling the memory; titles of related items come in one call.

use std::collections::HashMap;

use ::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    address::{WorkItem, segment},
    client::Client,
    convert::{Comment, Parts, RawItem},
    paging::{List, Order},
    relations::RELATED,
};
use crate::trackers::{TrackerError, rest::Request};

/// The most comments that are read.
const COMMENTS: usize = 1_000;
/// The most bytes of comments that are read.
const COMMENT_BYTES: usize = 8 << 20;

impl Client {
    /// Reads all parts of a work item.
    pub(super) async fn parts(&self, item: WorkItem) -> Result<Parts, TrackerError> {
        let read = self.api.item("work_item", item, "$expand=all").await?;
        let project = self.checked(&read)?.project;
        let (comments, titles, is_closed) =
            tokio::try_join!(self.comments(&project, item), self.titles(&read), self.is_closed(&read))?;
        Ok(Parts { item: read, comments, titles, is_closed })
    }

    /// Reads the comments, oldest first.
    async fn comments(&self, project: &str, item: WorkItem) -> Result<Vec<Comment>, TrackerError> {
        let (mut comments, mut bytes, mut token) = (Vec::<Comment>::new(), 0, None);
        while comments.len() < COMMENTS && bytes < COMMENT_BYTES {
            let page = self.api.comment_page("comments", (project, item), Order::OldestFirst, token.as_deref()).await?;
            bytes += page.comments.iter().map(|comment| comment.text.len()).sum::<usize>();
            comments.extend(page.comments);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        Ok(within_caps(comments))
    }

    /// Titles of related items, in one call. Those that may not be seen stay without.
    async fn titles(&self, item: &RawItem) -> Result<HashMap<u64, String>, TrackerError> {
        #[derive(Deserialize)]
        struct Titled {
            id: u64,
            #[serde(default)]
            fields: HashMap<String, String>,
        }
        let ids: Vec<u64> = item.relations.iter().filter_map(|relation| relation.item()).take(RELATED).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let path = format!("/_apis/wit/workitemsbatch?api-version={}", self.api.version.stable());
        let body = json!({ "ids": ids, "fields": ["System.Title"], "errorPolicy": "omit" });
        let answer = optional(self.api.call("titles", Request::ask(Method::POST, path).json(&body)).await)?;
        let Some(answer) = answer else { return Ok(HashMap::new()) };
        // What is left out comes as null.
        let list: List<Option<Titled>> = answer.json()?;
        let titled = list.value.into_iter().flatten();
        Ok(titled.filter_map(|mut item| Some((item.id, item.fields.remove("System.Title")?))).collect())
    }

    /// Is the work item's state of a category that ends work? Names of states are each process' own.
    pub(super) async fn is_closed(&self, item: &RawItem) -> Result<bool, TrackerError> {
        #[derive(Deserialize)]
        struct State {
            name: String,
            #[serde(default)]
            category: String,
        }
        let (Some(kind), Some(state)) = (item.text("System.WorkItemType"), item.text("System.State")) else {
            return Ok(false);
        };
        let (project, kind) = (segment(item.project()?), segment(kind));
        let version = self.api.version.preview();
        let path = format!("/{project}/_apis/wit/workitemtypes/{kind}/states?api-version={version}");
        let Some(answer) = optional(self.api.call("states", Request::get(path)).await)? else { return Ok(false) };
        let states = answer.json::<List<State>>()?.value;
        let now = states.iter().find(|known| known.name.eq_ignore_ascii_case(state));
        Ok(now.is_some_and(|state| matches!(state.category.as_str(), "Completed" | "Removed")))
    }
}

/// The comments from the oldest on, up to both caps.
fn within_caps(mut comments: Vec<Comment>) -> Vec<Comment> {
    let mut bytes = 0;
    let fitting = comments.iter().take(COMMENTS).take_while(|comment| {
        bytes += comment.text.len();
        bytes <= COMMENT_BYTES
    });
    let keep = fitting.count();
    if keep < comments.len() {
        tracing::warn!(comments.kept = keep, "the work item has more comments than are read");
    }
    comments.truncate(keep);
    comments
}

/// What only some servers know, or only with more permission, may be missing.
fn optional<T>(read: Result<T, TrackerError>) -> Result<Option<T>, TrackerError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(TrackerError::Gone(_) | TrackerError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
