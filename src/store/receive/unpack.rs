//! Stores what lies in the inbox.
//!
//! In: the oldest rows. Out: their deliveries and jobs, each row in one transaction with its end. A row that cannot be
//! stored is held back: it holds nothing up, and it stays.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use tokio::time::Instant;
use tracing::{error, warn};

use super::{
    super::{StoreError, engine::Engine},
    Receive,
    inbox::{HoldBack, Kept, Oldest},
    task::Task,
};

/// How many receipts are stored together.
const TOGETHER: usize = 256;
/// How many while a burst goes on: its receipts wait meanwhile.
const IN_A_BURST: usize = 64;
/// How long the inbox rests after it could not be read or stored.
const REST: Duration = Duration::from_secs(1);

impl<E: Engine> Task<E> {
    /// Stores the oldest rows of the inbox; `false` when there are none, or when it has to rest.
    pub(super) async fn unpack(&mut self) -> bool {
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
                self.rests = Some(Instant::now() + REST);
            }
        }
        false
    }

    async fn unpack_oldest(&self) -> Result<u64, StoreError> {
        let receipts = if self.rush.goes_on() { IN_A_BURST } else { TOGETHER };
        let rows = self.engine.write(Oldest { receipts }).await?;
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
            Err(StoreError::Broken(reason)) => {
                error!(row = row.row, reason, "deliveries of the inbox cannot be stored: their row is held back");
                self.engine.write(HoldBack(row.row)).await?;
            }
            Err(error) => return Err(error),
        }
        Ok(row.count)
    }
}
