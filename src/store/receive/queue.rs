//! Receipts that wait for their commit.
//!
//! In: receipts, one at a time, from many tasks. Out: what each became, after the commit of the group it was in. While
//! a group is being committed the next one gathers, so that many receipts share one sync to disk. Never waits without
//! bound: a full queue and a late answer are `Unavailable`.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    super::{
        Caps, StoreError,
        engine::{DEADLINE, Engine},
        wake::Wake,
    },
    Receive,
};
use crate::model::delivery::{Body, Receipt, Received};

/// How many receipts may wait.
const MOST_WAITING: usize = 4096;
/// How many receipts share a commit.
pub(in super::super) const MOST_GROUPED: usize = 256;
/// How many bytes of bodies share a commit, unless one body alone is larger.
const MOST_BYTES: usize = 8 << 20;

/// How many turns of the event loop without a new receipt end the gathering.
const TURNS: u32 = 2;
/// How long a group waits at most until it is as large as the one before it. Those who sent that one send again as soon
/// as they are answered: with all of them in one group they share its sync to disk.
const PATIENCE: Duration = Duration::from_millis(1);

type Answer = Result<Received, StoreError>;

/// A receipt and whoever waits for it.
struct Pending {
    receipt: Receipt,
    answer: oneshot::Sender<Answer>,
}

/// The way into the grouping task. The task ends when the queue is dropped and everything in it was answered.
pub(in super::super) struct Queue {
    pending: mpsc::Sender<Pending>,
    closing: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    /// Starts the grouping task.
    pub fn start<E: Engine>(engine: Arc<E>, caps: Caps, wake: Arc<Wake>) -> Self {
        let (pending, waiting) = mpsc::channel(MOST_WAITING);
        let closing = CancellationToken::new();
        let task = tokio::spawn(run(engine, caps, wake, waiting, closing.clone()));
        Self { pending, closing, task: Mutex::new(Some(task)) }
    }

    /// Takes no more receipts, and returns when all that wait are answered.
    pub async fn close(&self) {
        self.closing.cancel();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }

    /// Stores a receipt and returns after its commit.
    pub async fn receive(&self, receipt: Receipt) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.pending.try_send(Pending { receipt, answer }).map_err(|error| {
            StoreError::Unavailable(match error {
                mpsc::error::TrySendError::Full(_) => "too many deliveries wait to be stored".into(),
                mpsc::error::TrySendError::Closed(_) => "the store is closed".into(),
            })
        })?;
        match tokio::time::timeout(DEADLINE, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(StoreError::Unavailable("the store is closed".into())),
            Err(_) => Err(StoreError::Unavailable("storing the delivery took too long".into())),
        }
    }
}

async fn run<E: Engine>(
    engine: Arc<E>,
    caps: Caps,
    wake: Arc<Wake>,
    mut waiting: mpsc::Receiver<Pending>,
    closing: CancellationToken,
) {
    let mut held = None;
    let mut before = 0;
    loop {
        let first = match held.take() {
            Some(first) => Some(first),
            None => match closing.run_until_cancelled(waiting.recv()).await {
                Some(first) => first,
                None => {
                    waiting.close();
                    waiting.recv().await
                }
            },
        };
        let Some(first) = first else { return };
        let group = gather(first, &mut waiting, &mut held, before).await;
        before = group.len();
        let (receipts, answers): (Vec<_>, Vec<_>) = group.into_iter().map(|p| (p.receipt, p.answer)).unzip();
        if commit(&*engine, caps, receipts.into(), answers).await {
            wake.all();
        }
    }
}

/// Takes what waits, up to the limits; the first that is too much is held for the next group. What is being received
/// at the moment gets its turn to arrive, and as many as there were `before` get a little time: a group that leaves
/// without the others costs them a sync to disk.
async fn gather(
    first: Pending,
    waiting: &mut mpsc::Receiver<Pending>,
    held: &mut Option<Pending>,
    before: usize,
) -> Vec<Pending> {
    let size = |pending: &Pending| pending.receipt.body.as_ref().map_or(0, Body::len);
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

/// Commits a group and answers everyone in it; one by one when the group holds something that cannot be stored.
/// Returns whether there may be new work.
async fn commit<E: Engine>(
    engine: &E,
    caps: Caps,
    receipts: Arc<[Receipt]>,
    answers: Vec<oneshot::Sender<Answer>>,
) -> bool {
    match engine.write(Receive { receipts: Arc::clone(&receipts), caps }).await {
        Ok(received) => {
            let work = received.iter().any(brings_work);
            for (answer, received) in answers.into_iter().zip(received) {
                let _ = answer.send(Ok(received));
            }
            work
        }
        Err(StoreError::Broken(_)) if receipts.len() > 1 => {
            let mut work = false;
            for (receipt, answer) in receipts.iter().zip(answers) {
                let alone: Arc<[Receipt]> = Arc::from([receipt.clone()]);
                let received = engine.write(Receive { receipts: alone, caps }).await;
                let received = received.and_then(|mut all| all.pop().ok_or_else(|| no_answer(receipt)));
                work |= received.as_ref().is_ok_and(brings_work);
                let _ = answer.send(received);
            }
            work
        }
        Err(error) => {
            for answer in answers {
                let _ = answer.send(Err(error.clone()));
            }
            false
        }
    }
}

fn brings_work(received: &Received) -> bool {
    match received {
        Received::Stored { job, .. } => job.is_some(),
        Received::Repeated { revived, .. } => revived.is_some(),
        Received::Coalesced { .. } | Received::Skipped { .. } => false,
    }
}

fn no_answer(receipt: &Receipt) -> StoreError {
    StoreError::Broken(format!("delivery {} was not decided", receipt.guid))
}
