//! The task that commits receipts.
//!
//! In: receipts and who waits for them. Out: answers, each after the commit that holds its receipt. While a group is
//! being committed the next one gathers, so that many receipts share one sync to disk.
//!
//! A small group is stored at once: deliveries, jobs, keys. In a burst the rows and their indexes cost more than all
//! the rest, so a large group goes to the inbox as one row, and is stored when the burst is over, when a worker or a
//! page asks for more, or when too much lies there. The order of receipts stays that of their commits: while something
//! lies in the inbox, nothing is stored before it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use metrics::gauge;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::{
    super::{Caps, StoreError, engine::Engine, wake::Wake},
    Receive,
    gather::{gather, size},
    inbox::{Keep, Kept, Oldest, Settle},
    queue::{Answer, Pending, Want},
    told::told,
};
use crate::model::delivery::{Accepted, Body, Receipt, Received};

/// A group of so many receipts is a burst.
const BURST: usize = 8;
/// Groups with more bytes of bodies than this are stored at once.
const KEPT_BYTES: usize = 2 << 20;
/// When so many receipts lie in the inbox, some are stored before more are kept.
const MOST_KEPT: u64 = 100_000;
/// How many rows of the inbox are stored together.
const ROWS: usize = 8;
/// How long no receipt comes when a burst is over.
const LULL: Duration = Duration::from_millis(5);
/// How long the inbox rests after it could not be read or stored.
const REST: Duration = Duration::from_secs(1);

/// The grouping task's own state.
pub(super) struct Task<E> {
    engine: Arc<E>,
    caps: Caps,
    wake: Arc<Wake>,
    /// How many receipts lie in the inbox.
    kept: Arc<AtomicU64>,
    /// Until when the inbox rests.
    rests: Option<tokio::time::Instant>,
}

/// What happens next.
enum Next {
    Receipt(Pending),
    Wanted(Want),
    /// Nothing came for a while.
    Lull,
    Ended,
}

impl<E: Engine> Task<E> {
    /// A task on an engine; what an earlier process left in the inbox is taken up.
    pub fn new(engine: Arc<E>, caps: Caps, wake: Arc<Wake>, kept: Arc<AtomicU64>) -> Self {
        // not counted yet: something may lie there
        kept.store(u64::from(E::HAS_INBOX), Ordering::Release);
        Self { engine, caps, wake, kept, rests: None }
    }

    /// Answers receipts until there will be no more.
    pub async fn run(
        mut self,
        mut waiting: mpsc::Receiver<Pending>,
        mut wanted: mpsc::Receiver<Want>,
        closing: CancellationToken,
    ) {
        let (mut held, mut before) = (None, 0);
        loop {
            let next = match held.take() {
                Some(first) => Next::Receipt(first),
                None => self.next(&mut waiting, &mut wanted, &closing).await,
            };
            match next {
                Next::Receipt(first) => {
                    let group = gather(first, &mut waiting, &mut held, before).await;
                    before = group.len();
                    self.take(group).await;
                }
                Next::Wanted(told) => {
                    let stored = self.unpack().await;
                    let _ = told.send(stored);
                }
                Next::Lull => drop(self.unpack().await),
                Next::Ended => return,
            }
        }
    }

    async fn next(
        &self,
        waiting: &mut mpsc::Receiver<Pending>,
        wanted: &mut mpsc::Receiver<Want>,
        closing: &CancellationToken,
    ) -> Next {
        let lull = async {
            match self.kept() {
                0 => std::future::pending().await,
                _ => tokio::time::sleep(LULL.max(self.rest())).await,
            }
        };
        tokio::select! {
            biased;
            // workers go first: they ask for no more than they can do
            Some(told) = wanted.recv() => Next::Wanted(told),
            first = waiting.recv() => first.map_or(Next::Ended, Next::Receipt),
            () = closing.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                waiting.recv().await.map_or(Next::Ended, Next::Receipt)
            }
            () = lull => Next::Lull,
        }
    }

    fn kept(&self) -> u64 {
        self.kept.load(Ordering::Acquire)
    }

    /// Only this task changes the number.
    fn note_kept(&self, count: u64) {
        self.kept.store(count, Ordering::Release);
        gauge!("planwright_deliveries_kept").set(count as f64);
    }

    /// How long the inbox still rests.
    fn rest(&self) -> Duration {
        self.rests.map_or(Duration::ZERO, |until| until.saturating_duration_since(tokio::time::Instant::now()))
    }

    /// Makes a group durable, in the inbox or with its rows, and answers everyone in it.
    async fn take(&mut self, group: Vec<Pending>) {
        let is_burst = group.len() >= BURST && self.kept() < MOST_KEPT;
        if !is_burst && self.kept() > 0 {
            self.unpack().await;
        }
        if group.iter().any(|pending| pending.at_once) {
            while self.unpack().await {}
        }
        match E::HAS_INBOX && (is_burst || self.kept() > 0) && is_kept(&group) {
            true => self.keep(group).await,
            false => self.store(group).await,
        }
    }

    /// Keeps a group in the inbox.
    async fn keep(&self, group: Vec<Pending>) {
        let count = group.len() as u64;
        let (receipts, answers): (Vec<_>, Vec<_>) = group.into_iter().map(|p| (p.receipt, p.answer)).unzip();
        let kept = match Keep::of(receipts) {
            Ok(keep) => self.engine.write(keep).await,
            Err(error) => Err(error),
        };
        if kept.is_ok() {
            self.note_kept(self.kept() + count);
            self.wake.all();
        }
        answers.into_iter().for_each(|answer| drop(answer.send(kept.clone().map(|()| Accepted::Kept))));
    }

    /// Stores a group with its jobs; one by one when it holds something that cannot be stored.
    async fn store(&self, group: Vec<Pending>) {
        let (receipts, answers): (Vec<_>, Vec<_>) = group.into_iter().map(|p| (p.receipt, p.answer)).unzip();
        let receipts: Arc<[Receipt]> = receipts.into();
        let receive = Receive { receipts: Arc::clone(&receipts), caps: self.caps, kept: None };
        match self.engine.write(receive).await {
            Ok(received) => {
                for ((answer, received), receipt) in answers.into_iter().zip(received).zip(&*receipts) {
                    self.answer(receipt, answer, Ok(received));
                }
            }
            Err(StoreError::Broken(_)) if receipts.len() > 1 => {
                for (receipt, answer) in receipts.iter().zip(answers) {
                    let received = self.store_alone(receipt.clone()).await;
                    self.answer(receipt, answer, received);
                }
            }
            Err(error) => answers.into_iter().for_each(|answer| drop(answer.send(Err(error.clone())))),
        }
    }

    fn answer(&self, receipt: &Receipt, answer: oneshot::Sender<Answer>, received: Result<Received, StoreError>) {
        if let Ok(received) = &received {
            self.came_of(receipt, received);
        }
        let _ = answer.send(received.map(Accepted::Decided));
    }

    /// Tells what came of a receipt, and wakes workers where it brings work.
    fn came_of(&self, receipt: &Receipt, received: &Received) {
        told(receipt.connection.as_str(), received);
        if brings_work(received) {
            self.wake.all();
        }
    }

    async fn store_alone(&self, receipt: Receipt) -> Result<Received, StoreError> {
        let no_answer = StoreError::Broken(format!("delivery {} was not decided", receipt.guid));
        let receive = Receive { receipts: Arc::from([receipt]), caps: self.caps, kept: None };
        self.engine.write(receive).await?.pop().ok_or(no_answer)
    }

    /// Stores the oldest rows of the inbox; `false` when there are none, or when it has to rest.
    async fn unpack(&mut self) -> bool {
        if self.kept() == 0 || !self.rest().is_zero() {
            return false;
        }
        match self.unpack_oldest().await {
            Ok(0) => self.note_kept(0),
            Ok(count) => {
                // at least one, until a look finds none
                self.note_kept(self.kept().saturating_sub(count).max(1));
                return true;
            }
            Err(error) => {
                warn!(%error, "the deliveries of a burst cannot be stored for now");
                self.rests = Some(tokio::time::Instant::now() + REST);
            }
        }
        false
    }

    async fn unpack_oldest(&self) -> Result<u64, StoreError> {
        let rows = self.engine.write(Oldest { rows: ROWS }).await?;
        let mut count = 0;
        // sent together: the writer puts them into one commit, in this order
        for done in join_all(rows.into_iter().map(|row| self.unpack_row(Arc::new(row)))).await {
            count += done?;
        }
        Ok(count)
    }

    /// Stores the receipts of one row and takes it out.
    async fn unpack_row(&self, row: Arc<Kept>) -> Result<u64, StoreError> {
        let stored = match &row.receipts {
            Ok(receipts) => {
                let receive = Receive { receipts: receipts.clone(), caps: self.caps, kept: Some(row.clone()) };
                self.engine.write(receive).await.map(|received| (receipts.clone(), received))
            }
            Err(damaged) => Err(damaged.clone()),
        };
        match stored {
            Ok((receipts, received)) => {
                receipts.iter().zip(&received).for_each(|(receipt, received)| self.came_of(receipt, received));
            }
            Err(StoreError::Broken(reason)) => self.unpack_one_by_one(&row, &reason).await?,
            Err(error) => return Err(error),
        }
        Ok(row.count)
    }

    /// Stores what can be stored of a row; what cannot stays in it, held back.
    async fn unpack_one_by_one(&self, row: &Kept, reason: &str) -> Result<(), StoreError> {
        let mut hold = row.receipts.is_err();
        for (number, receipt) in row.receipts.iter().flat_map(|receipts| receipts.iter()).enumerate() {
            let stored = match row.body(number) {
                Ok(body) => self.store_alone(Receipt { body, ..receipt.clone() }).await,
                Err(damaged) => Err(damaged),
            };
            match stored {
                Ok(received) => self.came_of(receipt, &received),
                Err(StoreError::Broken(_)) => hold = true,
                Err(error) => return Err(error),
            }
        }
        if hold {
            error!(row = row.row, reason, "a delivery of the inbox cannot be stored: its row is held back");
        }
        self.engine.write(Settle { row: row.row, hold }).await
    }
}

/// May a group lie in the inbox?
fn is_kept(group: &[Pending]) -> bool {
    let is_small = |pending: &Pending| !matches!(pending.receipt.body, Some(Body::Packed(_)));
    group.iter().all(|pending| !pending.at_once && is_small(pending))
        && group.iter().map(size).sum::<usize>() <= KEPT_BYTES
}

fn brings_work(received: &Received) -> bool {
    match received {
        Received::Stored { job, .. } => job.is_some(),
        Received::Repeated { revived, .. } => revived.is_some(),
        Received::Coalesced { .. } | Received::Skipped { .. } => false,
    }
}
