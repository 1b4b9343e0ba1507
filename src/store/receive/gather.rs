//! Which receipts share a commit.
//!
//! In: the first receipt of a group, and those that wait. Out: the group. Never waits longer than a millisecond.

use std::time::Duration;

use tokio::{sync::mpsc, time::Instant};

use super::queue::Pending;
use crate::model::delivery::Body;

/// How many receipts share a commit.
pub(in super::super) const MOST_GROUPED: usize = 256;
/// How many bytes of bodies share a commit, unless one body alone is larger.
const MOST_BYTES: usize = 8 << 20;
/// How many turns of the event loop without a new receipt end the gathering.
const TURNS: u32 = 2;
/// How long a group waits at most until it is as large as the one before it. Those who sent that one send again as soon
/// as they are answered: with all of them in one group they share its sync to disk.
const PATIENCE: Duration = Duration::from_millis(1);

/// Takes what waits, up to the limits; the first that is too much is held for the next group. What is being received
/// at the moment gets its turn to arrive, and as many as there were `before` get a little time: a group that leaves
/// without the others costs them a sync to disk.
pub(super) async fn gather(
    first: Pending,
    waiting: &mut mpsc::Receiver<Pending>,
    held: &mut Option<Pending>,
    before: usize,
) -> Vec<Pending> {
    let patience = Instant::now() + PATIENCE;
    let mut bytes = size(&first);
    let mut group = vec![first];
    let mut turns = 0;
    while group.len() < MOST_GROUPED {
        let next = match waiting.try_recv() {
            Ok(next) => next,
            Err(_) if turns < TURNS => {
                turns += 1;
                tokio::task::yield_now().await;
                continue;
            }
            Err(_) if group.len() < before => match tokio::time::timeout_at(patience, waiting.recv()).await {
                Ok(Some(next)) => next,
                Ok(None) | Err(_) => break,
            },
            Err(_) => break,
        };
        turns = 0;
        bytes += size(&next);
        if bytes > MOST_BYTES {
            *held = Some(next);
            break;
        }
        group.push(next);
    }
    group
}

/// The bytes of a receipt's body.
pub(super) fn size(pending: &Pending) -> usize {
    pending.receipt.body.as_ref().map_or(0, Body::len)
}
