//! The only home of the wall clock and of random ids: everything else receives them.

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

/// Tells the time and makes ids. Tests pass their own.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
    /// A new unique id, ordered by time (UUID version 7).
    fn new_id(&self) -> Uuid;
    /// Today's date in UTC, `YYYY-MM-DD`.
    fn today(&self) -> String {
        jiff::Timestamp::from_millisecond(self.now_ms())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .strftime("%Y-%m-%d")
            .to_string()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock's home")]
    fn now_ms(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }

    #[allow(clippy::disallowed_methods, reason = "this is the home of random ids")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
