//! Receipts that wait for their commit.
//!
//! In: receipts, one at a time, from many tasks. Out: what each became, after the commit of the group it was in. Never
//! waits without bound: a full queue and a late answer are `Unavailable`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    super::{
        Caps, StoreError,
        engine::{DEADLINE, Engine},
        wake::Wake,
    },
    rush::Rush,
    task::Task,
};
use crate::model::delivery::{Accepted, Receipt, Received};

/// How many receipts may wait.
const MOST_WAITING: usize = 4096;
/// How long work waits for a burst of receipts.
const PATIENCE: Duration = Duration::from_millis(100);

pub(super) type Answer = Result<Accepted, StoreError>;

/// A receipt and whoever waits for it.
pub(super) struct Pending {
    pub receipt: Receipt,
    /// It must be stored with its job before the answer, even in a burst.
    pub at_once: bool,
    pub answer: oneshot::Sender<Answer>,
}

/// Whoever wants something of the inbox stored; told whether anything was.
pub(super) type Want = oneshot::Sender<bool>;

/// The way into the grouping task. The task ends when the queue is dropped and everything in it was answered.
pub(in super::super) struct Queue {
    pending: mpsc::Sender<Pending>,
    wants: mpsc::Sender<Want>,
    /// How many receipts lie in the inbox.
    kept: Arc<AtomicU64>,
    rush: Arc<Rush>,
    closing: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    /// Starts the grouping task.
    pub fn start<E: Engine>(engine: Arc<E>, caps: Caps, wake: Arc<Wake>) -> Self {
        let (pending, waiting) = mpsc::channel(MOST_WAITING);
        let (wants, wanted) = mpsc::channel(MOST_WAITING);
        let (closing, kept) = (CancellationToken::new(), Arc::new(AtomicU64::new(0)));
        let rush = Arc::new(Rush::new());
        let task = Task::new(engine, caps, wake, Arc::clone(&kept), Arc::clone(&rush));
        let task = tokio::spawn(task.run(waiting, wanted, closing.clone()));
        Self { pending, wants, kept, rush, closing, task: Mutex::new(Some(task)) }
    }

    /// Lets a burst of receipts go first: returns when none is going on, and after [`PATIENCE`] at the latest.
    pub async fn let_go_first(&self) {
        self.rush.over(PATIENCE).await;
    }

    /// Takes no more receipts, and returns when all that wait are answered.
    pub async fn close(&self) {
        self.closing.cancel();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }

    /// Stores a receipt and returns after its commit.
    pub async fn receive(&self, receipt: Receipt) -> Result<Received, StoreError> {
        match self.send(receipt, true).await? {
            Accepted::Decided(received) => Ok(received),
            Accepted::Kept => Err(StoreError::Broken("a receipt that was to be stored at once was kept".into())),
        }
    }

    /// Stores a receipt, or keeps it in the inbox during a burst; returns after the commit.
    pub async fn accept(&self, receipt: Receipt) -> Answer {
        self.send(receipt, false).await
    }

    async fn send(&self, receipt: Receipt, at_once: bool) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.pending.try_send(Pending { receipt, at_once, answer }).map_err(|error| {
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

    /// Stores the oldest receipts of the inbox with their jobs, if there are any; `false` when there was nothing.
    pub async fn unpack(&self) -> bool {
        if self.kept.load(Ordering::Acquire) == 0 {
            return false;
        }
        let (told, done) = oneshot::channel();
        self.wants.send(told).await.is_ok() && done.await.unwrap_or(false)
    }

    /// Returns when the inbox is empty, or cannot be emptied for now.
    pub async fn settle(&self) {
        while self.unpack().await {}
    }
}
