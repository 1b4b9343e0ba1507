//! Exactly-once posting: one publication's immutable bytes become one comment, or one document.
//!
//! In: a publication whose body is stored, and the lease of its job. Out: the comment (or the document's address) that
//! holds it, or who waits for what. The order of steps is the guarantee: the intent is committed before the first byte is sent; an answer that
//! leaves the effect unknown is never followed by a second write until two listings, far enough apart, show none.

use std::{sync::Arc, time::Duration};

use metrics::counter;
use tracing::{info, warn};

use super::{
    document,
    marker::{self, MarkerKey},
};
use crate::{
    model::{
        CommentId, OperationId, TicketKey,
        publication::{LinkedDocument, PostedComment, Publication, PublicationState, Rendered, Slot},
    },
    store::{PublicationLog, StoreError, lease::Lease},
    trackers::{Tracker, TrackerError},
};

/// How long posting waits, and for what.
#[derive(Clone, Debug)]
pub struct Timings {
    /// The longest that one request to a tracker may take.
    pub request_deadline: Duration,
    /// A write is sent only while the lease outlives the request's deadline by this much.
    pub send_margin: Duration,
    /// After an unknown effect: how long until the first listing.
    pub settle: Duration,
    /// How far apart two empty listings must be before the write is sent again.
    pub looks_apart: Duration,
    /// After confirmation: how long until the second look that removes a transient double.
    pub second_look: Duration,
    /// An effect that stays unknown this long is parked for an operator.
    pub park_after: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            request_deadline: Duration::from_secs(20),
            send_margin: Duration::from_secs(10),
            settle: Duration::from_secs(5),
            looks_apart: Duration::from_secs(30),
            second_look: Duration::from_secs(60),
            park_after: Duration::from_secs(6 * 3600),
        }
    }
}

/// Why a publication does not stand yet, or never will.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Come back after this long; the attempt does not count against the job.
    #[error("{reason}")]
    Wait { after: Duration, reason: String },
    /// The tracker failed before anything was sent: the worker tries later, counting the attempt.
    #[error("{0}")]
    Retry(String),
    /// It will never stand, because the ticket is gone or locked: nobody needs to act.
    #[error("{0}")]
    Ended(String),
    /// It does not stand until an operator acts: the tracker refuses it, or its effect stays unknown.
    #[error("{0}")]
    Failed(String),
    /// The store failed, or the lease was lost.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes publications to trackers.
#[derive(Clone)]
pub struct Publisher {
    log: Arc<dyn PublicationLog>,
    timings: Timings,
}

/// Where and with what one publication is written.
struct Target<'a> {
    tracker: &'a dyn Tracker,
    keys: &'a [MarkerKey],
    lease: &'a Lease,
    /// A comment that is gone is written anew.
    renews: bool,
}

impl Publisher {
    /// A publisher over an outbox.
    pub fn new(log: Arc<dyn PublicationLog>, timings: Timings) -> Self {
        Self { log, timings }
    }

    /// When the second look at a confirmed publication is due.
    pub fn second_look_after(&self) -> Duration {
        self.timings.second_look
    }

    /// Brings a stored publication to its end: confirmed, or an error that says who acts next.
    pub async fn publish(
        &self,
        tracker: &dyn Tracker,
        keys: &[MarkerKey],
        lease: &Lease,
        publication: Publication,
    ) -> Result<Publication, PublishError> {
        self.bring(&Target { tracker, keys, lease, renews: true }, publication).await
    }

    /// The same for a change that nobody asked for: a comment that a person deleted stays deleted.
    pub async fn amend(
        &self,
        tracker: &dyn Tracker,
        keys: &[MarkerKey],
        lease: &Lease,
        publication: Publication,
    ) -> Result<Publication, PublishError> {
        self.bring(&Target { tracker, keys, lease, renews: false }, publication).await
    }

    /// The next step of a publication, by its state.
    async fn bring(&self, target: &Target<'_>, publication: Publication) -> Result<Publication, PublishError> {
        match publication.state {
            PublicationState::Confirmed => Ok(publication),
            PublicationState::Ready => self.send(target, publication).await,
            PublicationState::Intended => self.reconcile(target, publication).await,
            PublicationState::Failed | PublicationState::Parked => {
                Err(PublishError::Failed(publication.reason.unwrap_or_else(|| "given up earlier".into())))
            }
        }
    }

    /// Commits the intent, sends, and classifies the answer.
    async fn send(&self, target: &Target<'_>, publication: Publication) -> Result<Publication, PublishError> {
        target.lease.ensure(self.timings.request_deadline + self.timings.send_margin).await?;
        let publication = self.log.intend(publication.operation, target.lease.fence()).await?;
        match write(target.tracker, &publication).await {
            Ok(comment) => self.confirm(target, publication, comment).await,
            Err(error) => self.classify(target, publication, error).await,
        }
    }

    /// Decides what an unsuccessful write means.
    async fn classify(
        &self,
        target: &Target<'_>,
        publication: Publication,
        error: TrackerError,
    ) -> Result<Publication, PublishError> {
        let (operation, fence) = (publication.operation, target.lease.fence());
        match error {
            TrackerError::Unknown(reason) => {
                warn!(operation = %operation, reason, "the effect of a write is unknown");
                Err(PublishError::Wait { after: self.timings.settle, reason: format!("effect unknown: {reason}") })
            }
            TrackerError::RateLimited(after) => {
                self.log.unsent(operation, fence).await?;
                Err(PublishError::Wait { after, reason: format!("rate limited for {} s", after.as_secs()) })
            }
            TrackerError::Unavailable(_) => {
                self.log.unsent(operation, fence).await?;
                Err(PublishError::Retry(error.to_string()))
            }
            // A plan has another place to go: nobody waits for the right to write a document.
            _ if publication.slot == Slot::Document => {
                self.log.give_up(operation, fence, false, &error.to_string()).await?;
                ended("failed");
                Err(PublishError::Failed(error.to_string()))
            }
            TrackerError::Unauthorized(_) => {
                self.log.unsent(operation, fence).await?;
                Err(PublishError::Retry(error.to_string()))
            }
            TrackerError::Gone(reason) if publication.comment.is_some() && target.renews => {
                info!(operation = %operation, reason, "the comment to edit is gone, writing a new one");
                self.log.unsent(operation, fence).await?;
                self.log.detach(operation, fence).await?;
                Err(PublishError::Wait { after: Duration::ZERO, reason: "the earlier comment was deleted".into() })
            }
            TrackerError::Gone(_) | TrackerError::Locked => {
                self.log.give_up(operation, fence, false, &error.to_string()).await?;
                ended("failed");
                Err(PublishError::Ended(error.to_string()))
            }
            TrackerError::Refused(_) => {
                self.log.give_up(operation, fence, false, &error.to_string()).await?;
                ended("failed");
                Err(PublishError::Failed(error.to_string()))
            }
        }
    }

    /// Finds out whether a write with an unknown effect was applied.
    async fn reconcile(&self, target: &Target<'_>, publication: Publication) -> Result<Publication, PublishError> {
        if publication.comment.is_some() && publication.slot != Slot::Document {
            // An edit with the same bytes may be repeated without harm.
            return self.send(target, publication).await;
        }
        let (operation, fence) = (publication.operation, target.lease.fence());
        match matching(target.tracker, target.keys, &publication).await {
            Ok(found) => match found.into_iter().next() {
                Some(comment) => self.confirm(target, publication, comment).await,
                None => {
                    let left = self.log.looked_empty(operation, fence, self.timings.looks_apart).await?;
                    if left.is_zero() { self.send(target, publication).await } else { Err(self.look_again(left)) }
                }
            },
            Err(TrackerError::Gone(reason)) => {
                self.log.give_up(operation, fence, false, &reason).await?;
                ended("failed");
                Err(PublishError::Ended(reason))
            }
            Err(error) => self.still_unknown(target, &publication, error).await,
        }
    }

    /// Waits for the next listing.
    fn look_again(&self, left: Duration) -> PublishError {
        PublishError::Wait { after: left, reason: "effect unknown: waiting for a second listing".into() }
    }

    /// A listing failed: stays unknown, and is parked after hours.
    async fn still_unknown(
        &self,
        target: &Target<'_>,
        publication: &Publication,
        error: TrackerError,
    ) -> Result<Publication, PublishError> {
        let age = self.log.intent_age(publication.operation).await?;
        if age >= self.timings.park_after {
            let reason = format!("effect unknown for {} minutes: {error}", age.as_secs() / 60);
            self.log.give_up(publication.operation, target.lease.fence(), true, &reason).await?;
            ended("parked");
            return Err(PublishError::Failed(reason));
        }
        let after = match error {
            TrackerError::RateLimited(after) => after,
            // It showed nothing, so no time between two empty listings starts: for some minutes it is asked again soon. The
            // age counts from the first intent, and a write that was sent again has a listing of its own before it.
            _ if age < self.timings.looks_apart * 10 => self.timings.settle,
            _ => self.timings.looks_apart,
        };
        Err(PublishError::Wait { after, reason: format!("effect unknown, listing failed: {error}") })
    }

    /// Records the comment.
    async fn confirm(
        &self,
        target: &Target<'_>,
        publication: Publication,
        comment: PostedComment,
    ) -> Result<Publication, PublishError> {
        self.log.confirm(publication.operation, target.lease.fence(), &comment).await?;
        ended("confirmed");
        Ok(Publication {
            state: PublicationState::Confirmed,
            comment: Some(comment.id),
            url: comment.url,
            ..publication
        })
    }

    /// Looks again at a confirmed publication: where several comments carry its marker, the oldest stays.
    pub async fn second_look(
        &self,
        tracker: &dyn Tracker,
        keys: &[MarkerKey],
        publication: &Publication,
    ) -> Result<(), PublishError> {
        let found = matching(tracker, keys, publication).await.map_err(|e| PublishError::Retry(e.to_string()))?;
        let mut found = found.into_iter();
        let stays = found.next();
        for double in found {
            warn!(operation = %publication.operation, comment = %double.id, "removing a double");
            tracker
                .remove(&publication.ticket.id, &double.id)
                .await
                .map_err(|error| PublishError::Retry(error.to_string()))?;
            ended("doubled");
        }
        self.log.looked_again(publication.operation, stays.as_ref().map(|comment| &comment.id)).await?;
        Ok(())
    }
}

/// Counts how an outward write ended.
fn ended(outcome: &'static str) {
    counter!("planwright_publications_total", "outcome" => outcome).increment(1);
}

/// Sends the stored bytes once.
async fn write(tracker: &dyn Tracker, publication: &Publication) -> Result<PostedComment, TrackerError> {
    if let Some(document) = document_of(publication) {
        let url = tracker.write_document(&publication.ticket.id, &document).await?;
        return Ok(standing(&document, url));
    }
    let body = Rendered::new(publication.body.clone(), publication.operation, publication.marker.clone());
    match &publication.comment {
        Some(comment) => tracker.update(&publication.ticket.id, comment, &body).await,
        None => tracker.post(&publication.ticket.id, &body).await,
    }
}

/// The document that a publication writes, where it writes one.
fn document_of(publication: &Publication) -> Option<LinkedDocument> {
    let name = publication.comment.as_ref().filter(|_| publication.slot == Slot::Document)?;
    Some(document::stored(name.as_str(), &publication.body, publication.operation))
}

/// A document as it stands on the tracker.
fn standing(document: &LinkedDocument, url: String) -> PostedComment {
    PostedComment { id: CommentId::new(document.name()), url: Some(url), body: String::new() }
}

/// The document where it stands, or the bot's own comments that carry the publication's marker, oldest first.
async fn matching(
    tracker: &dyn Tracker,
    keys: &[MarkerKey],
    publication: &Publication,
) -> Result<Vec<PostedComment>, TrackerError> {
    /// Trackers stamp comments with their own clock and by the second.
    const CLOCK_SLACK_MS: i64 = 10 * 60 * 1000;
    if let Some(document) = document_of(publication) {
        let url = tracker.document(&publication.ticket.id, &document).await?;
        return Ok(url.map(|url| standing(&document, url)).into_iter().collect());
    }
    let since = publication.intended_at.unwrap_or(publication.created_at) - CLOCK_SLACK_MS;
    let comments = tracker.own_comments(&publication.ticket.id, since).await?;
    let mut found: Vec<PostedComment> =
        comments.into_iter().filter(|c| carries(c, &publication.ticket, keys, publication.operation)).collect();
    found.sort_by_key(|comment| age_order(&comment.id));
    Ok(found)
}

/// Does the comment carry the operation's own marker?
fn carries(comment: &PostedComment, ticket: &TicketKey, keys: &[MarkerKey], operation: OperationId) -> bool {
    keys.iter().any(|key| marker::find(&comment.body, ticket, key) == Some(operation))
}

/// Trackers number comments upwards: the lower number is the older comment.
fn age_order(id: &CommentId) -> (u64, String) {
    (id.as_str().parse().unwrap_or(u64::MAX), id.as_str().to_owned())
}
