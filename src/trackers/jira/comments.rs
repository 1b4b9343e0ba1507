//! Writes, edits, removes and finds the bot's own comments.
//!
//! In: an issue's number and a rendered body. Out: the comment as Jira holds it. The marker is a property of the comment,
//! set by the same request that writes it. A write is sent once; whether it had an effect is in the error. Never lists a
//! comment of somebody else.
//! <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/>

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Deployment,
    address::{IssueId, comment_number},
    convert::{Comment, Property},
    paging,
};
use crate::{
    model::{CommentId, publication::Rendered},
    trackers::{
        Identity, TrackerError,
        rest::{Request, Rest},
    },
};

/// The property that holds the marker.
const MARKER: &str = "planwright";
/// The most pages of comments that a search reads before it counts as failed.
const PAGES: usize = 100;

/// A comment that was written.
#[derive(Deserialize)]
struct Written {
    id: String,
}

/// The bot's own comments on issues.
pub(super) struct Comments<'c> {
    pub(super) rest: &'c Rest,
    pub(super) deployment: Deployment,
    /// Customers of a service desk may read what is written.
    pub(super) is_public: bool,
}

impl Comments<'_> {
    /// Writes a comment; returns its number.
    pub(super) async fn post(&self, issue: IssueId, body: &Rendered) -> Result<CommentId, TrackerError> {
        let request = Request::change(Method::POST, format!("/issue/{issue}/comment")).json(&self.content(body)?);
        self.written(self.rest.call("post", request).await?.json::<Written>()?)
    }

    /// Replaces a comment's body.
    pub(super) async fn update(
        &self,
        issue: IssueId,
        comment: &CommentId,
        body: &Rendered,
    ) -> Result<CommentId, TrackerError> {
        let request = Request::change(Method::PUT, comment_at(issue, comment)?).json(&self.content(body)?);
        self.written(self.rest.call("update", request).await?.json::<Written>()?)
    }

    /// Removes a comment; one already gone is no error.
    pub(super) async fn remove(&self, issue: IssueId, comment: &CommentId) -> Result<(), TrackerError> {
        match self.rest.call("remove", Request::change(Method::DELETE, comment_at(issue, comment)?)).await {
            Ok(_) | Err(TrackerError::Gone(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// All comments by `me` that changed since then (milliseconds since 1970), every page, each with its marker (empty
    /// where it has none). Incomplete is an error.
    pub(super) async fn own(
        &self,
        issue: IssueId,
        me: &Identity,
        since: i64,
    ) -> Result<Vec<(CommentId, String)>, TrackerError> {
        let path = format!("/issue/{issue}/comment?orderBy=created&expand=properties");
        let (mut own, mut next) = (Vec::new(), Some(0));
        for _ in 0..PAGES {
            let Some(start) = next.take() else { break };
            let page = paging::comments::<Comment>(self.rest, "own_comments", &path, start).await?;
            own.extend(page.items.into_iter().filter(|comment| comment.is_by(me) && comment.changed_since(since)));
            next = page.next;
        }
        if next.is_some() {
            return Err(TrackerError::Unavailable(format!("more than {PAGES} pages of comments")));
        }
        let mut marked = Vec::with_capacity(own.len());
        for comment in own {
            let marker = self.marker(&comment).await?;
            marked.push((CommentId::new(comment.id), marker));
        }
        Ok(marked)
    }

    /// A comment's marker: from the list, or asked for where the server does not expand properties.
    async fn marker(&self, comment: &Comment) -> Result<String, TrackerError> {
        if let Some(properties) = &comment.properties {
            let own = properties.iter().find(|property| property.key == MARKER);
            return Ok(own.map(|property| marker_text(&property.value)).unwrap_or_default());
        }
        let number = comment_number(&CommentId::new(comment.id.clone())).ok_or_else(not_a_comment)?;
        let at = format!("/comment/{number}/properties/{MARKER}");
        match self.rest.call("marker", Request::get(at)).await {
            Ok(answer) => Ok(marker_text(&answer.json::<Property>()?.value)),
            Err(TrackerError::Gone(_)) => Ok(String::new()),
            Err(error) => Err(error),
        }
    }

    /// What is sent: the body, the marker, and that customers of a service desk are not shown it. The last is a property
    /// too, which other projects keep and do not look at.
    fn content(&self, body: &Rendered) -> Result<Value, TrackerError> {
        let text = match self.deployment {
            Deployment::Cloud => serde_json::from_str(body.body())
                .map_err(|_| TrackerError::Refused("the body is not a document in ADF".to_owned()))?,
            Deployment::DataCenter => Value::String(body.body().to_owned()),
        };
        let mut properties = vec![json!({ "key": MARKER, "value": { "marker": body.marker() } })];
        if !self.is_public {
            properties.push(json!({ "key": "sd.public.comment", "value": { "internal": true } }));
        }
        Ok(json!({ "body": text, "properties": properties }))
    }

    /// The number of what was written. One that does not read leaves the effect unknown.
    fn written(&self, written: Written) -> Result<CommentId, TrackerError> {
        let id = CommentId::new(written.id);
        comment_number(&id).map(|_| id).ok_or_else(|| TrackerError::Unknown("the answer names no comment".to_owned()))
    }
}

/// The marker inside the property's value.
fn marker_text(value: &Value) -> String {
    value["marker"].as_str().unwrap_or_default().to_owned()
}

/// The API's path of a comment.
fn comment_at(issue: IssueId, comment: &CommentId) -> Result<String, TrackerError> {
    let number = comment_number(comment).ok_or_else(not_a_comment)?;
    Ok(format!("/issue/{issue}/comment/{number}"))
}

/// Nothing that Jira could know.
fn not_a_comment() -> TrackerError {
    TrackerError::Gone("not a comment number of Jira".to_owned())
}
