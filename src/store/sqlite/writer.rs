//! The one writer: everything that changes goes through it, many writes to a commit.
//!
//! In: writes from many tasks. Out: their answers, after the commit that holds them all. A write that fails takes its
//! group apart, and every other one is run again alone.

use futures::{FutureExt, future::BoxFuture};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::{
    super::{
        StoreError,
        engine::Write,
        session::{Session, args},
    },
    batch::Batch,
    checkpoint::Bell,
};

/// How many writes may wait; whoever comes later waits outside, up to the store's deadline.
const MOST_WAITING: usize = 1024;
/// How many writes share a commit.
const MOST_GROUPED: usize = 128;

/// The way to the writing task.
pub(super) struct Writer {
    orders: mpsc::Sender<Order>,
}

enum Order {
    Write(Box<dyn Waiting>),
    /// Commit what waits, close the connection, answer.
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the writing task on its connection.
    pub fn start(db: SqliteConnection, bell: Bell) -> Self {
        let (orders, ordered) = mpsc::channel(MOST_WAITING);
        tokio::spawn(run(db, bell, ordered));
        Self { orders }
    }

    /// Runs a write and returns after its commit.
    pub async fn write<W: Write>(&self, write: W) -> Result<W::Out, StoreError> {
        let (answer, answered) = oneshot::channel();
        let order = Order::Write(Box::new(Held { write, out: None, answer }));
        self.orders.send(order).await.map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Commits what waits and closes the connection.
    pub async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.orders.send(Order::Close(answer)).await.is_ok() {
            let _ = answered.await;
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}

/// A write that waits, whatever its type.
trait Waiting: Send {
    /// Runs the write inside the open transaction. A refusal counts as done; an error wants the group rolled back.
    fn attempt<'a>(&'a mut self, db: &'a mut dyn Session) -> BoxFuture<'a, Result<(), StoreError>>;
    /// See [`Write::is_one_statement`].
    fn is_one_statement(&self) -> bool;
    /// Answers whoever waits, with the error if there was one.
    fn settle(self: Box<Self>, error: Option<StoreError>);
}

struct Held<W: Write> {
    write: W,
    out: Option<Result<W::Out, StoreError>>,
    answer: oneshot::Sender<Result<W::Out, StoreError>>,
}

impl<W: Write> Waiting for Held<W> {
    fn attempt<'a>(&'a mut self, db: &'a mut dyn Session) -> BoxFuture<'a, Result<(), StoreError>> {
        async move {
            self.out = Some(match self.write.run(db).await {
                Err(StoreError::Stale(job)) => Err(StoreError::Stale(job)),
                done => Ok(done?),
            });
            Ok(())
        }
        .boxed()
    }

    fn is_one_statement(&self) -> bool {
        self.write.is_one_statement()
    }

    fn settle(self: Box<Self>, error: Option<StoreError>) {
        let out = match error {
            Some(error) => Err(error),
            None => self.out.unwrap_or_else(|| Err(closed())),
        };
        let _ = self.answer.send(out);
    }
}

async fn run(mut db: SqliteConnection, bell: Bell, mut ordered: mpsc::Receiver<Order>) {
    let mut closing = None;
    while closing.is_none() {
        let Some(order) = ordered.recv().await else { break };
        let mut group = Vec::new();
        let mut next = Some(order);
        while let Some(order) = next.take() {
            match order {
                Order::Write(write) => group.push(write),
                Order::Close(answer) => closing = Some(answer),
            }
            if closing.is_none() && group.len() < MOST_GROUPED {
                next = ordered.try_recv().ok();
            }
        }
        commit(&mut db, group).await;
        bell.ring();
    }
    let _ = db.close().await;
    if let Some(answer) = closing {
        let _ = answer.send(());
    }
}

/// Commits a group and answers everyone in it.
async fn commit(db: &mut SqliteConnection, mut group: Vec<Box<dyn Waiting>>) {
    match transaction(db, &mut group).await {
        Ok(()) => group.into_iter().for_each(|write| write.settle(None)),
        Err(error) if group.len() == 1 || matches!(error, StoreError::Unavailable(_)) => {
            group.into_iter().for_each(|write| write.settle(Some(error.clone())));
        }
        Err(_) => {
            for write in group {
                Box::pin(commit(db, vec![write])).await;
            }
        }
    }
}

/// Runs all writes of a group in one transaction; on an error nothing of it remains.
async fn transaction(db: &mut SqliteConnection, group: &mut [Box<dyn Waiting>]) -> Result<(), StoreError> {
    let mut batch = Batch::new(db);
    if let [alone] = group
        && alone.is_one_statement()
    {
        alone.attempt(&mut batch).await?;
        return batch.flush().await;
    }
    let done = statements(&mut batch, group).await;
    if done.is_err() {
        // fails where SQLite has rolled back by itself already
        batch.clear();
        let _ = batch.query("ROLLBACK".into(), args![]).await;
    }
    done
}

async fn statements(db: &mut Batch<'_>, group: &mut [Box<dyn Waiting>]) -> Result<(), StoreError> {
    db.run("BEGIN IMMEDIATE".into(), args![]).await?;
    for write in group {
        write.attempt(db).await?;
    }
    db.query("COMMIT".into(), args![]).await.map(drop)
}
