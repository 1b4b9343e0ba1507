//! The task that commits receipts.
//!
//! In: receipts and who waits for them. Out: answers, each after the commit that holds its receipt. While a group is
//! being committed the next one gathers, so that many receipts share one sync to disk.
//!
//! What comes alone is stored at once: deliveries, jobs, keys. In a burst the rows and their indexes cost more than all
//! the rest, so a group goes to the inbox as one row, and is stored when the burst is over, when a worker or a page asks
//! for more, or when too much lies there. The order of receipts stays that of their commits: while something
//! lies in the inbox, nothing is stored before it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use metrics::gauge;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    super::{Caps, StoreError, engine::Engine, wake::Wake},
    Receive,
    gather::{gather, size},
    inbox::Keep,
    queue::{Answer, Pending, Want},
    rush::Rush,
    told::told,
};
use crate::model::delivery::{Accepted, Body, Receipt, Received};

/// So many receipts in two groups that follow each other are a burst.
const BURST: usize = 8;
/// Groups with more bytes of bodies than this are stored at once.
const KEPT_BYTES: usize = 2 << 20;
/// When so many receipts lie in the inbox, some are stored before more are kept.
const MOST_KEPT: u64 = 100_000;
/// How long no receipt comes when a burst is over.
const LULL: Duration = Duration::from_millis(5);

/// The grouping task's own state.
pub(super) struct Task<E> {
    pub(super) engine: Arc<E>,
    pub(super) caps: Caps,
    wake: Arc<Wake>,
    /// How many receipts lie in the inbox.
    kept: Arc<AtomicU64>,
    pub(super) rush: Arc<Rush>,
    /// Until when the inbox rests.
    pub(super) rests: Option<Instant>,
}

/// How many receipts come together. In a burst, one half is received while the other is synced to disk.
#[derive(Default)]
struct Pace {
    /// The sizes of the last two groups.
    groups: [usize; 2],
    at: Option<Instant>,
}

impl Pace {
    /// The size of the last group; 0 when that was a while ago.
    fn last(&self) -> usize {
        if self.at.is_some_and(|at| at.elapsed() < LULL) { self.groups[1] } else { 0 }
    }

    /// A group was gathered.
    fn note(&mut self, size: usize) {
        self.groups = [self.last(), size];
        self.at = Some(Instant::now());
    }

    fn is_burst(&self) -> bool {
        self.groups.iter().sum::<usize>() >= BURST
    }
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
    pub fn new(engine: Arc<E>, caps: Caps, wake: Arc<Wake>, kept: Arc<AtomicU64>, rush: Arc<Rush>) -> Self {
        // not counted yet: something may lie there
        kept.store(u64::from(E::HAS_INBOX), Ordering::Release);
        Self { engine, caps, wake, kept, rush, rests: None }
    }

    /// Answers receipts until there will be no more.
    pub async fn run(
        mut self,
        mut waiting: mpsc::Receiver<Pending>,
        mut wanted: mpsc::Receiver<Want>,
        closing: CancellationToken,
    ) {
        let (mut held, mut pace) = (None, Pace::default());
        loop {
            let next = match held.take() {
                Some(first) => Next::Receipt(first),
                None => self.next(&mut waiting, &mut wanted, &closing).await,
            };
            match next {
                Next::Receipt(first) => {
                    let patient = if E::HAS_INBOX && pace.is_burst() { 0 } else { pace.last() };
                    let group = gather(first, &mut waiting, &mut held, patient).await;
                    pace.note(group.len());
                    if pace.is_burst() {
                        self.rush.note();
                    }
                    self.take(group, pace.is_burst()).await;
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

    pub(super) fn kept(&self) -> u64 {
        self.kept.load(Ordering::Acquire)
    }

    /// Only this task changes the number.
    pub(super) fn note_kept(&self, count: u64) {
        self.kept.store(count, Ordering::Release);
        gauge!("planwright_deliveries_kept").set(count as f64);
    }

    /// How long the inbox still rests.
    pub(super) fn rest(&self) -> Duration {
        self.rests.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Makes a group durable, in the inbox or with its rows, and answers everyone in it.
    async fn take(&mut self, group: Vec<Pending>, is_burst: bool) {
        let is_burst = is_burst && self.kept() < MOST_KEPT;
        if !E::HAS_INBOX || !is_kept(&group) {
            return match self.empty().await {
                true => self.store(group).await,
                false => refuse(group),
            };
        }
        if !is_burst {
            self.unpack().await;
        }
        match is_burst || self.kept() > 0 {
            true => self.keep(group).await,
            false => self.store(group).await,
        }
    }

    /// Stores all that lies in the inbox; `false` when it cannot be stored for now.
    async fn empty(&mut self) -> bool {
        self.rests = None;
        while self.unpack().await {}
        self.kept() == 0
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
    pub(super) fn came_of(&self, receipt: &Receipt, received: &Received) {
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
}

/// Answers a group whose turn does not come for now.
fn refuse(group: Vec<Pending>) {
    let before = || StoreError::Unavailable("the deliveries before it cannot be stored for now".into());
    group.into_iter().for_each(|pending| drop(pending.answer.send(Err(before()))));
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
