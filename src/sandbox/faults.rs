//! Scripted faults: exactly the next request to an endpoint goes wrong, in exactly this way.
//!
//! In: a fault for an endpoint. Out: a [`Gate`] that tells when a request met it and, where the fault waits for that,
//! ends it. Never random.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use tokio::sync::watch;

use super::world::World;

/// How a request goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is applied; the answer has this status.
    Status(u16),
    /// Nothing is applied; the connection is reset.
    Reset,
    /// Applied; the answer has this status.
    AppliedThenStatus(u16),
    /// Applied; the connection is reset in place of an answer.
    AppliedThenReset,
    /// Applied; no answer ever comes.
    AppliedThenHang,
    /// A comment is applied and hidden from reading until revealed; the answer has this status.
    AppearsLater { status: u16, reveal: Reveal },
    /// The listing shows comments as they were when the fault was scripted.
    StaleListing,
    /// 429 with `retry-after`, in seconds.
    RateLimited { retry_after: u32 },
    /// 403 by the secondary limit, with or without `retry-after` in seconds.
    SecondaryLimit { retry_after: Option<u32> },
    /// 403 by the primary limit, which ends at this time in seconds since 1970.
    PrimaryExhausted { reset: i64 },
    /// 401, though the credentials are good.
    Unauthorized,
    /// 302 to another address, with the request's path and query behind it.
    Redirect { to: String },
    /// 200 with this many bytes of JSON.
    HugeBody { bytes: usize },
    /// 200 with a page that is no JSON.
    Garbage,
    /// Applied; the answer is good, and says that the caller goes too fast and waits this many seconds.
    Slowed { retry_after: u32 },
    /// The request waits for the gate before it is applied.
    Hold,
    /// Applied; the answer waits for the gate.
    AppliedThenHold,
}

/// When a hidden comment shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// After it was absent from this many listings.
    AfterListings(u32),
    /// When the gate is released.
    OnRelease,
}

/// Tells when a fault met its request, and ends faults that wait.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Flags>);

#[derive(Debug)]
struct Flags {
    reached: watch::Sender<bool>,
    released: watch::Sender<bool>,
}

impl Gate {
    fn new() -> Self {
        Self(Arc::new(Flags { reached: watch::Sender::new(false), released: watch::Sender::new(false) }))
    }

    /// Waits until a request meets the fault.
    pub async fn reached(&self) {
        wait(&self.0.reached).await;
    }

    /// Lets the held request go on, or the hidden comment show.
    pub fn release(&self) {
        self.0.released.send_replace(true);
    }

    pub fn reach(&self) {
        self.0.reached.send_replace(true);
    }

    pub async fn released(&self) {
        wait(&self.0.released).await;
    }

    fn is_released(&self) -> bool {
        *self.0.released.borrow()
    }
}

async fn wait(flag: &watch::Sender<bool>) {
    // Cannot fail: the sender is borrowed for as long as this waits.
    let _ = flag.subscribe().wait_for(|set| *set).await;
}

/// A fault that met its request.
#[derive(Debug)]
pub struct Scripted<E> {
    endpoint: E,
    pub fault: Fault,
    pub gate: Gate,
    /// The world as it was when the fault was scripted, for listings that are stale.
    pub before: Option<Box<World>>,
}

#[derive(Debug)]
struct Veil {
    reveal: Reveal,
    seen: u32,
    gate: Gate,
}

impl Veil {
    fn hides(&self) -> bool {
        match self.reveal {
            Reveal::AfterListings(times) => self.seen < times,
            Reveal::OnRelease => !self.gate.is_released(),
        }
    }
}

/// The faults to come, and the comments that do not show yet.
#[derive(Debug)]
pub struct Faults<E> {
    scripted: VecDeque<Scripted<E>>,
    veils: BTreeMap<u64, Veil>,
}

impl<E> Default for Faults<E> {
    fn default() -> Self {
        Self { scripted: VecDeque::new(), veils: BTreeMap::new() }
    }
}

impl<E: PartialEq> Faults<E> {
    /// Scripts a fault behind those already scripted for the endpoint.
    pub fn script(&mut self, endpoint: E, fault: Fault, world: &World) -> Gate {
        let gate = Gate::new();
        let before = (fault == Fault::StaleListing).then(|| Box::new(world.clone()));
        self.scripted.push_back(Scripted { endpoint, fault, gate: gate.clone(), before });
        gate
    }

    /// The fault for a request to this endpoint, which thereby meets it.
    pub fn take(&mut self, endpoint: E) -> Option<Scripted<E>> {
        let at = self.scripted.iter().position(|scripted| scripted.endpoint == endpoint)?;
        self.scripted.remove(at)
    }

    /// How many faults no request has met.
    pub fn left(&self) -> usize {
        self.scripted.len()
    }

    /// Hides a comment.
    pub fn veil(&mut self, comment: u64, reveal: Reveal, gate: Gate) {
        self.veils.insert(comment, Veil { reveal, seen: 0, gate });
    }

    /// Whether a comment does not show.
    pub fn hides(&self, comment: u64) -> bool {
        self.veils.get(&comment).is_some_and(Veil::hides)
    }

    /// Counts a listing that these comments would have stood in.
    pub fn count_listing(&mut self, comments: impl Iterator<Item = u64>) {
        for comment in comments {
            if let Some(veil) = self.veils.get_mut(&comment) {
                veil.seen += 1;
            }
        }
    }
}
