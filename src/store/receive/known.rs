//! What the database knows of receipts before they are decided: one statement for up to 64 of them.
//!
//! In: receipts, the caps, the time. Out: one [`Known`] for each, in order. Never changes anything.

use super::super::{
    Caps, StoreError,
    rows::{MOST_ROWS, placeholder, placeholders},
    session::{Arg, Row, Session, args},
};
use crate::model::delivery::{Decision, Receipt};

/// An hour, in milliseconds: the window of the caps.
const HOUR: i64 = 3_600_000;

/// What is stored about one receipt.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The delivery with the same `(connection, guid)`.
    pub delivery: Option<i64>,
    /// That delivery's job, if it is dead.
    pub dead_job: Option<i64>,
    /// The delivery that asked for the same before; 0 where the command line did.
    pub asked_in: Option<i64>,
    /// The ticket's plan job that still waits and has stored nothing yet, with its fence.
    pub waiting: Option<(i64, i64)>,
    /// Requests for the ticket within the hour; counted up to the cap.
    pub of_ticket: u32,
    /// Requests by the person within the hour; counted up to the cap.
    pub of_person: u32,
}

/// Looks all receipts up. The last receipt is asked for again until the number of rows is a power of two.
pub(super) async fn look_up(
    db: &mut dyn Session,
    receipts: &[Receipt],
    caps: Caps,
    now: i64,
) -> Result<Vec<Known>, StoreError> {
    let mut all = Vec::with_capacity(receipts.len());
    for group in receipts.chunks(MOST_ROWS) {
        let size = group.len().next_power_of_two();
        let mut args: Vec<Arg> = Vec::with_capacity(size * 6 + 4);
        for index in 0..size {
            let index = index.min(group.len() - 1);
            asked(&group[index], index, &mut args);
        }
        args.extend(args![now - HOUR, caps.per_ticket, now - HOUR, caps.per_person]);
        let mut known = vec![Known::default(); group.len()];
        for row in db.query(statement(db, size).into(), args).await? {
            read(row, &mut known)?;
        }
        all.append(&mut known);
    }
    Ok(all)
}

/// One row of what is asked for.
fn asked(receipt: &Receipt, index: usize, args: &mut Vec<Arg>) {
    let request = match &receipt.decision {
        Decision::Run(request) => Some(request),
        Decision::Skip(_) => None,
    };
    args.extend(args![
        index as i64,
        receipt.connection.as_str(),
        receipt.guid.as_str(),
        request.map(|request| request.ticket.id.as_str()),
        request.map(|request| request.asked_by.as_str()),
        request.map(|request| request.semantic_key.as_str()),
    ]);
}

fn statement(db: &dyn Session, size: usize) -> String {
    let values = placeholders(db.dialect(), size, 6);
    let [since_1, cap_1, since_2, cap_2] = [0, 1, 2, 3].map(|at| placeholder(db.dialect(), size * 6 + at));
    format!(
        "WITH asked (n, connection, guid, ticket, asked_by, semantic_key) AS (VALUES {values}) \
         SELECT asked.n, d.id, dead.id, a.delivery, w.id, w.fence, \
         (SELECT count(*) FROM (SELECT 1 AS one FROM askings t WHERE t.connection = asked.connection \
            AND t.ticket = asked.ticket AND t.asked_at > {since_1} LIMIT {cap_1}) AS of_ticket), \
         (SELECT count(*) FROM (SELECT 1 AS one FROM askings p WHERE p.connection = asked.connection \
            AND p.asked_by = asked.asked_by AND p.asked_at > {since_2} LIMIT {cap_2}) AS of_person) \
         FROM asked \
         LEFT JOIN deliveries d ON d.connection = asked.connection AND d.guid = asked.guid \
         LEFT JOIN jobs dead ON dead.id = d.job AND dead.state = 'dead' \
         LEFT JOIN askings a ON a.connection = asked.connection AND a.ticket = asked.ticket \
            AND a.semantic_key = asked.semantic_key \
         LEFT JOIN jobs w ON w.connection = asked.connection AND w.ticket = asked.ticket \
            AND w.kind = 'plan' AND w.state = 'queued' \
            AND NOT EXISTS (SELECT 1 FROM plans s WHERE s.job = w.id) \
            AND NOT EXISTS (SELECT 1 FROM publications u WHERE u.job = w.id)"
    )
}

fn read(mut row: Row, known: &mut [Known]) -> Result<(), StoreError> {
    let index: usize = row.count()?;
    let known = known.get_mut(index).ok_or_else(|| StoreError::Broken("a receipt nobody asked for".into()))?;
    known.delivery = row.int_or_null()?;
    known.dead_job = row.int_or_null()?;
    known.asked_in = row.int_or_null()?;
    known.waiting = row.int_or_null()?.zip(row.int_or_null()?).or(known.waiting);
    known.of_ticket = row.count()?;
    known.of_person = row.count()?;
    Ok(())
}
