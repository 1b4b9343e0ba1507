//! What the database knows of receipts before they are decided: one statement for up to 64 of them.
//!
//! In: receipts, the caps. Out: one [`Known`] for each, in order. Never changes anything.

use super::super::{
    Caps, StoreError,
    rows::{MOST_ROWS, placeholder, placeholders},
    session::{Arg, Dialect, Row, Session, Statement, args},
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
    /// The plan job of the same person for the ticket that still waits and has stored nothing yet, with its fence.
    pub waiting: Option<(i64, i64)>,
    /// Requests for the ticket within the hour; counted up to the cap.
    pub of_ticket: u32,
    /// Requests by the person within the hour; counted up to the cap.
    pub of_person: u32,
}

/// Looks all receipts up. The last receipt of a statement is asked for again until their number is one of the shapes.
pub(super) async fn look_up(db: &mut dyn Session, receipts: &[Receipt], caps: Caps) -> Result<Vec<Known>, StoreError> {
    let mut all = Vec::with_capacity(receipts.len());
    for group in receipts.chunks(MOST_ROWS) {
        let (sql, args) = question(db.dialect(), group, caps);
        all.append(&mut answer(db.query(sql, args).await?, group.len())?);
    }
    Ok(all)
}

/// The statement that asks about up to [`MOST_ROWS`] receipts.
pub(super) fn question(dialect: Dialect, group: &[Receipt], caps: Caps) -> Statement {
    let size = if group.len() <= 4 { group.len() } else { group.len().next_multiple_of(8) };
    let mut args: Vec<Arg> = Vec::with_capacity(size * 6 + 4);
    for index in 0..size {
        let index = index.min(group.len() - 1);
        asked(&group[index], index, &mut args);
    }
    for cap in [caps.per_ticket, caps.per_person].into_iter().filter(|cap| *cap > 0) {
        args.extend(args![cap, cap]);
    }
    (statement(dialect, size, caps).into(), args)
}

/// Reads what the statement told about so many receipts.
pub(super) fn answer(rows: Vec<Row>, count: usize) -> Result<Vec<Known>, StoreError> {
    let mut known = vec![Known::default(); count];
    for row in rows {
        read(row, &mut known)?;
    }
    Ok(known)
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

/// The statement for so many receipts. Receipts of which nothing is known may give no row.
fn statement(dialect: Dialect, size: usize, caps: Caps) -> String {
    let values = placeholders(dialect, size, 6);
    let mut next = size * 6;
    let of_ticket = counted(dialect, caps.per_ticket, "ticket", &mut next);
    let of_person = counted(dialect, caps.per_person, "asked_by", &mut next);
    // without caps most receipts have nothing to tell; with them nearly all have, and a filter would count twice
    let chosen = match (caps.per_ticket, caps.per_person) {
        (0, 0) => "WHERE delivery IS NOT NULL OR asked_in IS NOT NULL OR waiting IS NOT NULL",
        _ => "",
    };
    // a ticket has few jobs, a person may have very many: an expression keeps the index of persons out of it
    format!(
        "WITH asked (n, connection, guid, ticket, asked_by, semantic_key) AS (VALUES {values}) \
         SELECT * FROM (SELECT asked.n, d.id AS delivery, dead.id AS dead, coalesce(k.asked_in, a.delivery) AS asked_in, \
         w.id AS waiting, w.fence, {of_ticket} AS of_ticket, {of_person} AS of_person \
         FROM asked \
         LEFT JOIN deliveries d ON d.connection = asked.connection AND d.guid = asked.guid \
         LEFT JOIN jobs dead ON dead.id = d.job AND dead.state = 'dead' \
         LEFT JOIN jobs k ON k.connection = asked.connection AND k.ticket = asked.ticket \
            AND k.semantic_key = asked.semantic_key \
         LEFT JOIN askings a ON a.connection = asked.connection AND a.ticket = asked.ticket \
            AND a.semantic_key = asked.semantic_key \
         LEFT JOIN jobs w ON w.connection = asked.connection AND w.ticket = asked.ticket \
            AND w.asked_by || '' = asked.asked_by AND w.kind = 'plan' AND w.state = 'queued' \
            AND NOT EXISTS (SELECT 1 FROM plans s WHERE s.job = w.id) \
            AND NOT EXISTS (SELECT 1 FROM publications u WHERE u.job = w.id)) AS known \
         {chosen}"
    )
}

/// The number of requests within the hour that share `column` with the one asked for, counted no further than the cap.
fn counted(dialect: Dialect, cap: u32, column: &str, next: &mut usize) -> String {
    if cap == 0 {
        return "CAST(0 AS BIGINT)".into();
    }
    let mut part = |table: &str, time: &str, more: &str| {
        let most = placeholder(dialect, *next);
        *next += 1;
        format!(
            "(SELECT count(*) FROM (SELECT 1 AS one FROM {table} t WHERE t.connection = asked.connection \
             AND t.{column} = asked.{column} AND t.{time} > (SELECT ms FROM clock) - {HOUR}{more} LIMIT {most}) AS counted)"
        )
    };
    // nobody asks for a review
    format!("{} + {}", part("jobs", "created_at", " AND t.kind <> 'review'"), part("askings", "asked_at", ""))
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
