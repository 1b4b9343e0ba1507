//! Keeps one connection within its tracker's rate limits.
//!
//! In: the wish to read or write, and what the tracker answered. Out: leave to go on, or how long to stay away. Writes
//! go one after another (unless configured otherwise) and a gap apart, reads side by side up to a cap. Never holds a
//! caller longer than its patience: whoever holds a lease should give it back instead.
//! The numbers are GitHub's, the strictest:
//! <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep_until, timeout},
};

/// How many reads run at once (GitHub allows 100 requests at once for all of an account's programs).
const READS: usize = 16;
/// The longest that a caller is held back.
const PATIENCE: Duration = Duration::from_secs(4);
/// The first wait when the tracker names none; it doubles while the tracker goes on refusing.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// The longest wait that is believed: the primary limit's window is one hour.
const LONGEST_WAIT: Duration = Duration::from_secs(3_660);

/// The limits of one connection.
pub struct Limits {
    reads: Semaphore,
    writes: Semaphore,
    write_gap: Duration,
    state: Mutex<State>,
}

/// What the limits remember.
#[derive(Clone, Copy, Default)]
struct State {
    /// When the newest write started.
    last_write: Option<Instant>,
    /// The first start that nobody has booked.
    next_write: Option<Instant>,
    /// Until when the tracker wants to hear nothing.
    paused_until: Option<Instant>,
    /// Refusals in a row that named no wait.
    refusals: u32,
}

/// Leave for one request; its place is free again when it is dropped.
pub struct Leave<'l>(#[expect(dead_code, reason = "held for its drop")] SemaphorePermit<'l>);

impl Limits {
    /// Limits with this gap between the starts of two writes, zero for a sandbox, and so many writes at once.
    pub fn new(write_gap: Duration, writes_at_once: usize) -> Self {
        let writes = Semaphore::new(writes_at_once.max(1));
        Self { reads: Semaphore::new(READS), writes, write_gap, state: Mutex::default() }
    }

    /// Waits for leave to read, or says how long to stay away.
    pub async fn read(&self) -> Result<Leave<'_>, Duration> {
        self.pass(self.paused_until()).await?;
        self.acquire(&self.reads).await
    }

    /// Waits for leave to write, or says how long to stay away.
    pub async fn write(&self) -> Result<Leave<'_>, Duration> {
        let start = self.book_write(Instant::now())?;
        self.pass(Some(start)).await?;
        let leave = self.acquire(&self.writes).await?;
        // The writes ahead may have taken longer than they had booked.
        self.pass(self.earliest_write()).await?;
        self.state().last_write = Some(Instant::now());
        Ok(leave)
    }

    /// The tracker refused for now: stays away as long as it asked, or longer each time when it named no wait. Returns how
    /// long.
    pub fn refused(&self, asked: Option<Duration>) -> Duration {
        let mut state = self.state();
        let wait = asked.unwrap_or_else(|| FIRST_WAIT.saturating_mul(1 << state.refusals.min(6))).min(LONGEST_WAIT);
        if asked.is_none() {
            state.refusals = state.refusals.saturating_add(1);
        }
        state.paused_until = state.paused_until.max(Some(Instant::now() + wait));
        wait
    }

    /// The tracker answered: the next wait without a name starts small again.
    pub fn answered(&self) {
        self.state().refusals = 0;
    }

    /// Books the next start that keeps the gap and the pause, unless it is too far away.
    fn book_write(&self, now: Instant) -> Result<Instant, Duration> {
        let mut state = self.state();
        let start = now.max(state.next_write.unwrap_or(now)).max(state.paused_until.unwrap_or(now));
        if start - now > PATIENCE {
            return Err(start - now);
        }
        state.next_write = Some(start + self.write_gap);
        Ok(start)
    }

    /// Waits for a time, or says how far away it is.
    async fn pass(&self, time: Option<Instant>) -> Result<(), Duration> {
        let wait = time.map_or(Duration::ZERO, |time| time.saturating_duration_since(Instant::now()));
        match time {
            Some(_) if wait > PATIENCE => Err(wait),
            Some(time) if !wait.is_zero() => {
                sleep_until(time).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes a place, or says to come back when the requests ahead take too long.
    async fn acquire<'l>(&self, places: &'l Semaphore) -> Result<Leave<'l>, Duration> {
        match timeout(PATIENCE, places.acquire()).await {
            Ok(permit) => Ok(Leave(permit.expect("the semaphore is never closed"))),
            Err(_) => Err(PATIENCE),
        }
    }

    /// When a write may start that is the next to go.
    fn earliest_write(&self) -> Option<Instant> {
        let state = self.state();
        state.paused_until.max(state.last_write.map(|start| start + self.write_gap))
    }

    /// Until when the tracker wants to hear nothing.
    fn paused_until(&self) -> Option<Instant> {
        self.state().paused_until
    }

    /// The state; a panic elsewhere leaves it usable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Duration = Duration::from_secs(1);

    #[test]
    fn writes_are_booked_a_gap_apart_until_patience_ends() {
        let limits = Limits::new(GAP, 1);
        let now = Instant::now();
        let starts: Vec<_> = (0..5).map(|_| limits.book_write(now).expect("within patience") - now).collect();
        assert_eq!(starts, [0, 1, 2, 3, 4].map(Duration::from_secs));
        assert_eq!(limits.book_write(now), Err(Duration::from_secs(5)));
        assert_eq!(limits.book_write(now + GAP * 2), Ok(now + GAP * 5), "a refused booking takes no place");
    }

    #[test]
    fn without_a_gap_every_write_starts_at_once() {
        let limits = Limits::new(Duration::ZERO, 1);
        let now = Instant::now();
        assert!((0..100).all(|_| limits.book_write(now) == Ok(now)));
    }

    #[tokio::test]
    async fn the_gap_counts_from_the_real_start_of_a_write_that_had_to_wait() {
        let gap = Duration::from_millis(50);
        let limits = Limits::new(gap, 1);
        let (now, booked_long_ago) = (Instant::now(), Instant::now().checked_sub(GAP));
        *limits.state() = State { last_write: Some(now), next_write: booked_long_ago, ..State::default() };
        drop(limits.write().await);
        assert!(Instant::now() - now >= gap);
    }

    #[tokio::test]
    async fn a_pause_turns_reads_and_writes_away() {
        let limits = Limits::new(Duration::ZERO, 1);
        assert_eq!(limits.refused(Some(Duration::from_secs(90))), Duration::from_secs(90));
        let near = |wait: Option<Duration>| wait.is_some_and(|w| w > Duration::from_secs(80) && w.as_secs() <= 90);
        assert!(near(limits.read().await.err()));
        assert!(near(limits.write().await.err()));
    }

    #[test]
    fn unnamed_waits_double_and_start_again_after_an_answer() {
        let limits = Limits::new(GAP, 1);
        let waits: Vec<_> = (0..8).map(|_| limits.refused(None).as_secs()).collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3660, 3660]);
        limits.answered();
        assert_eq!(limits.refused(None), FIRST_WAIT);
        assert_eq!(limits.refused(Some(Duration::from_secs(1_000_000))), LONGEST_WAIT);
    }
}
