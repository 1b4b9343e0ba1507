//! What the sandbox's trackers differ in, as the parts that they share see it.

use std::{fmt, sync::Arc};

use axum::response::Response;

use super::{
    call::Call,
    deliver::{Draft, Letter},
    faults::Fault,
    site::Site,
};

/// A tracker of the sandbox: its endpoints, what it remembers, how it answers and how it tells of changes.
pub trait Kind: Sized + Send + Sync + 'static {
    /// The endpoints by name.
    type Endpoint: Copy + Ord + fmt::Debug + Send + Sync + 'static;
    /// What it remembers beside what all trackers do.
    type Own: fmt::Debug + Send + 'static;
    /// What goes back to a caller.
    type Answer: Send;

    /// The POST that carries a delivery; none while no hook is set.
    fn letter(own: &Self::Own, draft: &Draft) -> Option<Letter>;

    /// Authenticates and answers, and sends the deliveries that this makes.
    fn answer(site: &Arc<Site<Self>>, call: &Call<Self::Endpoint>) -> impl Future<Output = Self::Answer> + Send;

    /// The answer of a fault that applies nothing; none where the connection is to be reset.
    fn refuse(fault: &Fault, call: &Call<Self::Endpoint>) -> Option<Self::Answer>;

    /// The answer of a server that fails with this status.
    fn failure(status: u16) -> Self::Answer;

    /// The comment that the answer shows, by its id in the world.
    fn comment_of(answer: &Self::Answer) -> Option<u64>;

    /// The answer with word that the caller goes too fast and waits this many seconds.
    fn slowed(answer: Self::Answer, retry_after: u32) -> Self::Answer;

    /// The answer on the wire.
    fn respond(site: &Site<Self>, call: &Call<Self::Endpoint>, answer: Self::Answer) -> Response;
}
