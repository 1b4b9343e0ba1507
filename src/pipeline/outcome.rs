//! What comes of a job, and who acts next when nothing came of it.

use std::time::Duration;

use crate::{
    model::publication::Publication, publish::upsert::PublishError, store::StoreError, trackers::TrackerError,
};

/// What came of a job.
#[derive(Debug)]
pub enum Outcome {
    /// The answer stands on the ticket.
    Published(Box<Publication>),
    /// Nothing to say, and why.
    Nothing(String),
}

/// Why a job did not end, or not well: who acts next.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The worker, after this long, without counting the attempt.
    #[error("{reason}")]
    Wait { after: Duration, reason: String },
    /// The worker, later.
    #[error("{0:#}")]
    Retry(anyhow::Error),
    /// An operator.
    #[error("{0:#}")]
    Fail(anyhow::Error),
    /// The person who asked, as a comment.
    #[error("{0}")]
    Tell(UserError),
    /// Nobody: there is nothing to say, for this reason.
    #[error("{0}")]
    Nothing(String),
}

/// A polite Markdown sentence that says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UserError(pub String);

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Stale(_) => Self::Retry(error.into()),
            StoreError::Broken(_) => Self::Fail(error.into()),
        }
    }
}

impl From<TrackerError> for JobError {
    fn from(error: TrackerError) -> Self {
        match error {
            TrackerError::RateLimited(after) => Self::Wait { after, reason: error.to_string() },
            TrackerError::Unavailable(_) | TrackerError::Unknown(_) | TrackerError::Unauthorized(_) => {
                Self::Retry(error.into())
            }
            TrackerError::Gone(_) | TrackerError::Locked => Self::Nothing(error.to_string()),
            TrackerError::Refused(_) => Self::Fail(error.into()),
        }
    }
}

impl From<PublishError> for JobError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Wait { after, reason } => Self::Wait { after, reason },
            PublishError::Retry(reason) => Self::Retry(anyhow::anyhow!(reason)),
            PublishError::Ended(reason) => Self::Nothing(reason),
            PublishError::Failed(reason) => Self::Fail(anyhow::anyhow!(reason)),
            PublishError::Store(error) => error.into(),
        }
    }
}
