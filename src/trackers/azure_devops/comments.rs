//! Writes, edits, removes and finds the bot's own comments, and likes what was seen.
//!
//! In: a work item and a rendered body. Out: the comment as Azure DevOps holds it. A new comment is a compare-and-set on
//! the work item's revision: of two attempts that start from the same revision at most one is applied, however late. A
//! write is sent once a revision; whether it had an effect is in the error. Everything together ends within the deadline
//! of one request, because a lease is measured by it.

use ::http::Method;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::{
    address::{CommentRef, WorkItem, segment},
    carrier,
    classify::CHANGED_MEANWHILE,
    client::{Client, Place},
    convert::{Comment, CommentVersion},
    paging::Order,
    text::Format,
};
use crate::{
    model::{
        CommentId,
        publication::{PostedComment, Rendered},
    },
    trackers::{Identity, TrackerError, rest::Request, verdict::Kind},
};

/// The most pages of comments that a search reads before it counts as failed.
const PAGES: usize = 100;
/// How often a comment is sent when the work item changes in between.
const ATTEMPTS: usize = 3;

impl Client {
    /// Writes a comment, unless one with its marker stands already.
    pub(super) async fn post_comment(&self, item: WorkItem, body: &Rendered) -> Result<PostedComment, TrackerError> {
        let deadline = Instant::now() + self.api.rest.deadline;
        let mut lost = None;
        for _ in 0..ATTEMPTS {
            // The revision first: a comment that is applied after it makes the write below fail.
            let (place, standing) = within(deadline, Kind::Read, async {
                let place = self.place(item).await?;
                let standing = self.standing(&place, item, body).await?;
                Ok((place, standing))
            })
            .await?;
            if let Some(standing) = standing {
                return Ok(standing);
            }
            match within(deadline, Kind::Write, self.add_comment(&place, item, body)).await {
                Err(TrackerError::Unavailable(why)) if why.starts_with(CHANGED_MEANWHILE) => lost = Some(why),
                outcome => return outcome,
            }
        }
        Err(TrackerError::Unavailable(lost.unwrap_or_default()))
    }

    /// The bot's comment with this body's marker, among the newest.
    async fn standing(
        &self,
        place: &Place,
        item: WorkItem,
        body: &Rendered,
    ) -> Result<Option<PostedComment>, TrackerError> {
        let me = self.me().await?;
        let page = self.api.comment_page("newest", (&place.project, item), Order::NewestFirst, None).await?;
        let own = page.comments.iter().filter(|comment| comment.is_by(me));
        let mut own = own.filter(|comment| carrier::unload(&comment.text).lines().any(|line| line == body.marker()));
        Ok(own
            .next_back()
            .and_then(|comment| Some(self.posted(&place.project, item, comment.number()?, &comment.text))))
    }

    /// Sends the comment as a change of the work item that holds only for this revision.
    async fn add_comment(&self, place: &Place, item: WorkItem, body: &Rendered) -> Result<PostedComment, TrackerError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Changed {
            #[serde(default)]
            comment_version_ref: Option<CommentVersion>,
        }
        let text = self.text(place, item, body);
        let value = match self.api.version.format() {
            Format::Markdown => json!({ "format": "Markdown", "text": text }),
            Format::Html => Value::String(text.clone()),
        };
        let patch = json!([
            { "op": "test", "path": "/rev", "value": place.rev },
            { "op": "add", "path": "/fields/System.History", "value": value },
        ]);
        let path = format!("/_apis/wit/workitems/{}?api-version={}", item.0, self.api.version.patch());
        let request =
            Request::change(Method::PATCH, path).body("application/json-patch+json", Bytes::from(patch.to_string()));
        let changed: Changed = self.api.call("post", request).await?.json()?;
        if let Some(comment) = changed.comment_version_ref {
            return Ok(self.posted(&place.project, item, comment.comment_id, &text));
        }
        // A server that does not say which comment it made has it among the newest.
        match self.standing(place, item, body).await {
            Ok(Some(standing)) => Ok(standing),
            Ok(None) | Err(_) => Err(TrackerError::Unknown("the answer names no comment".to_owned())),
        }
    }

    /// Replaces a comment's body.
    pub(super) async fn update_comment(
        &self,
        item: WorkItem,
        comment: &CommentId,
        body: &Rendered,
    ) -> Result<PostedComment, TrackerError> {
        let deadline = Instant::now() + self.api.rest.deadline;
        let number = number(comment)?;
        let place = within(deadline, Kind::Read, self.place(item)).await?;
        let text = self.text(&place, item, body);
        let mut path = format!("{}?api-version={}", comment_at(&place, item, number), self.api.version.comments());
        if self.api.version.format() == Format::Markdown {
            path += "&format=markdown";
        }
        let request = Request::change(Method::PATCH, path).json(&json!({ "text": text }));
        within(deadline, Kind::Write, async {
            let written: Comment = self.api.call("update", request).await?.json()?;
            if written.is_deleted {
                return Err(TrackerError::Gone("the comment was deleted".to_owned()));
            }
            Ok(self.posted(&place.project, item, number, &text))
        })
        .await
    }

    /// Removes a comment; one already gone is no error.
    pub(super) async fn remove_comment(&self, item: WorkItem, comment: &CommentId) -> Result<(), TrackerError> {
        let deadline = Instant::now() + self.api.rest.deadline;
        let number = number(comment)?;
        let place = within(deadline, Kind::Read, self.place(item)).await?;
        let path = format!("{}?api-version={}", comment_at(&place, item, number), self.api.version.comments());
        match within(deadline, Kind::Write, self.api.call("remove", Request::change(Method::DELETE, path))).await {
            Ok(_) | Err(TrackerError::Gone(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Likes a comment: there are no eyes among the reactions.
    pub(super) async fn react(&self, item: WorkItem, comment: &CommentId) -> Result<(), TrackerError> {
        let place = self.place(item).await?;
        let number = match CommentRef::parse(comment) {
            Some(CommentRef::Number(number)) => Some(number),
            Some(CommentRef::Revision(revision)) => self.comment_of(item, revision).await?,
            None => None,
        };
        let Some(number) = number else { return Ok(()) };
        let at = comment_at(&place, item, number);
        let path = format!("{at}/reactions/like?api-version={}", self.api.version.preview());
        self.api.call("acknowledge", Request::change(Method::PUT, path)).await.map(drop)
    }

    /// All comments of the bot's own that changed since then (milliseconds since 1970), every page. They come by the
    /// time of their making, and an old one may have been edited: an early stop would miss it. Incomplete is an error.
    pub(super) async fn comments_by_me(&self, item: WorkItem, since: i64) -> Result<Vec<PostedComment>, TrackerError> {
        let me = self.me().await?;
        let place = self.place(item).await?;
        let (mut own, mut token) = (Vec::new(), None);
        for _ in 0..PAGES {
            let at = (place.project.as_str(), item);
            let page = self.api.comment_page("own_comments", at, Order::NewestFirst, token.as_deref()).await?;
            let found = page.comments.iter().filter(|comment| is_own(comment, me, since));
            own.extend(found.filter_map(|c| Some(self.posted(&place.project, item, c.number()?, &c.text))));
            token = page.next;
            if token.is_none() {
                return Ok(own);
            }
        }
        Err(TrackerError::Unavailable(format!("more than {PAGES} pages of comments")))
    }

    /// The number of the comment that a revision made, where it made one.
    pub(super) async fn comment_of(&self, item: WorkItem, revision: u64) -> Result<Option<u64>, TrackerError> {
        Ok(self.revision(item, revision).await?.comment_version_ref.map(|comment| comment.comment_id))
    }

    /// The text that is sent: the body with its marker.
    fn text(&self, place: &Place, item: WorkItem, body: &Rendered) -> String {
        let page = self.item_url(&place.project, item);
        carrier::load(body.body(), body.marker(), self.api.version.format(), &page)
    }
}

/// Is it the bot's, and newer than that? What has no readable time counts as new.
fn is_own(comment: &Comment, me: &Identity, since: i64) -> bool {
    let changed = comment.modified_date.as_deref().unwrap_or(&comment.created_date);
    let time = changed.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
    comment.is_by(me) && time.map_or(true, |time| time >= since)
}

/// The API's path of a comment.
pub(super) fn comment_at(place: &Place, item: WorkItem, number: u64) -> String {
    format!("/{}/_apis/wit/workItems/{}/comments/{number}", segment(&place.project), item.0)
}

/// The number of a comment of the bot's.
fn number(comment: &CommentId) -> Result<u64, TrackerError> {
    match CommentRef::parse(comment) {
        Some(CommentRef::Number(number)) => Ok(number),
        _ => Err(TrackerError::Gone("not a comment number of Azure DevOps".to_owned())),
    }
}

/// Cut at the deadline; what that leaves of a write is unknown.
pub(super) async fn within<T>(
    deadline: Instant,
    kind: Kind,
    call: impl Future<Output = Result<T, TrackerError>>,
) -> Result<T, TrackerError> {
    timeout_at(deadline, call).await.unwrap_or_else(|_| Err(kind.unclear("no answer in time".to_owned())))
}
