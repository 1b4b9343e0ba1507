//! Hears of jobs that other replicas store.
//!
//! In: the database's notifications. Out: the bell. After a lost connection it rings too, because something may have
//! been missed; polling stands behind it anyway.

use std::{sync::Arc, time::Duration};

use sqlx::{PgPool, postgres::PgListener};
use tokio::{sync::Mutex, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::super::wake::Wake;

/// The pause before connecting anew.
const PAUSE: Duration = Duration::from_secs(1);

/// The listening task.
pub(super) struct Listener {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Listener {
    /// Starts to listen.
    pub fn start(pool: PgPool, wake: Arc<Wake>) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            stopped.run_until_cancelled(listen(pool, wake)).await;
        });
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Stops to listen and gives the connection back.
    pub async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn listen(pool: PgPool, wake: Arc<Wake>) {
    loop {
        if let Err(error) = hear(&pool, &wake).await {
            warn!(%error, "lost the database's notifications");
        }
        wake.all();
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear(pool: &PgPool, wake: &Wake) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(super::super::CHANNEL).await?;
    loop {
        listener.recv().await?;
        wake.all();
    }
}
