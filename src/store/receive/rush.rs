//! Whether receipts come in a burst: who asks for work lets them go first, for a while.
//!
//! A burst ends by itself; work that waits for it is late by a bounded time, while a receipt that waits for work may be
//! late for the tracker, which gives up after seconds.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::time::Instant;

/// So long after its last group a burst still counts as one.
const ECHO: Duration = Duration::from_millis(20);

/// When the last group of a burst was gathered.
pub(in super::super) struct Rush {
    began: Instant,
    /// Microseconds since `began`, plus one; 0 before the first burst.
    last: AtomicU64,
}

impl Rush {
    /// No burst so far.
    pub fn new() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0) }
    }

    /// A group of a burst was gathered.
    pub fn note(&self) {
        self.note_at(self.began.elapsed());
    }

    /// Does a burst go on?
    pub fn goes_on(&self) -> bool {
        self.left_at(self.began.elapsed()).is_some()
    }

    /// Returns when no burst is going on, after `most` at the latest.
    pub async fn over(&self, most: Duration) {
        let until = Instant::now() + most;
        while let Some(left) = self.left_at(self.began.elapsed()) {
            let now = Instant::now();
            if now >= until {
                return;
            }
            tokio::time::sleep_until(until.min(now + left)).await;
        }
    }

    fn note_at(&self, now: Duration) {
        let at = u64::try_from(now.as_micros()).unwrap_or(u64::MAX - 1);
        self.last.store(at + 1, Ordering::Relaxed);
    }

    /// How long a burst still counts, unless it goes on; `None` when there is none.
    fn left_at(&self, now: Duration) -> Option<Duration> {
        let last = self.last.load(Ordering::Relaxed).checked_sub(1)?;
        let ago = now.saturating_sub(Duration::from_micros(last));
        ECHO.checked_sub(ago).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_counts_until_its_last_group_is_a_while_ago() {
        let rush = Rush::new();
        let second = Duration::from_secs(1);
        assert!(rush.left_at(Duration::ZERO).is_none() && rush.left_at(second).is_none(), "nothing came yet");
        rush.note_at(second);
        assert_eq!(rush.left_at(second), Some(ECHO));
        assert_eq!(rush.left_at(second + ECHO / 4), Some(ECHO - ECHO / 4));
        assert_eq!(rush.left_at(second + ECHO), None);
        rush.note_at(second + ECHO);
        assert_eq!(rush.left_at(second + ECHO), Some(ECHO), "it goes on with each group");
    }
}
