//! Tells waiting workers that a job may have become claimable.
//!
//! In: a bell after each such commit, and the moments at which claims start and come back empty. Out: the end of a wait.
//! A wait never sleeps through a commit that came after the last empty claim began.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::sync::watch;

/// Counts commits that bring work.
pub(super) struct Wake {
    rung: watch::Sender<u64>,
    /// The count that the latest empty claim had seen when it began.
    empty_at: AtomicU64,
}

impl Wake {
    /// Nothing rung, nothing claimed.
    pub fn new() -> Self {
        Self { rung: watch::Sender::new(0), empty_at: AtomicU64::new(0) }
    }

    /// Wakes everyone who waits, and everyone whose claim began before.
    pub fn all(&self) {
        self.rung.send_modify(|count| *count += 1);
    }

    /// A claim begins: its view of the count.
    pub fn seen(&self) -> u64 {
        *self.rung.borrow()
    }

    /// A claim that began at `seen` found nothing.
    pub fn found_nothing(&self, seen: u64) {
        self.empty_at.fetch_max(seen, Ordering::AcqRel);
    }

    /// Returns when something was rung after the latest empty claim began, or after `at_most`.
    pub async fn wait(&self, at_most: Duration) {
        let empty_at = self.empty_at.load(Ordering::Acquire);
        let mut rung = self.rung.subscribe();
        let _ = tokio::time::timeout(at_most, rung.wait_for(|count| *count > empty_at)).await;
    }
}
