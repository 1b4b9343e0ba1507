//! delivery → event → trigger → job.
//!
//! In: a request to `/hooks/{connection}`, whole and untrusted. Out: a durable row with the decision, and the job where
//! there is one. Never talks to a tracker, and never answers before the commit.

use std::{collections::HashMap, sync::Arc, time::Instant};

use bytes::Bytes;
use metrics::{counter, histogram};
use tracing::{debug, info};

use crate::{
    model::{
        ConnectionName,
        delivery::{Accepted, Body, Decision, Delivery, Receipt},
        event::Decoded,
        job::NewJob,
    },
    store::{DeliveryLog, Pace, ReviewLog, StoreError},
    trackers::{Inbound, RawDelivery, Refusal},
    trigger::{self, Rules},
};

/// Bodies over this many bytes are hashed, parsed and compressed off the event loop.
const LARGE_BODY: usize = 256 * 1024;
/// Bodies up to this many bytes are packed by the store, many at once.
const SMALL_BODY: usize = 64 * 1024;

/// The receiving side of one connection.
pub struct Gate {
    pub inbound: Arc<dyn Inbound>,
    pub rules: Rules,
}

/// Receives deliveries for all connections.
pub struct Intake {
    gates: HashMap<String, Arc<Gate>>,
    log: Arc<dyn DeliveryLog>,
    reviews: Option<Reviews>,
}

/// Where looks at standing plans are asked for, and how often at most.
#[derive(Clone)]
pub struct Reviews {
    pub log: Arc<dyn ReviewLog>,
    pub pace: Pace,
}

/// Why a request was not received.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// 404.
    #[error("no connection of this name")]
    UnknownConnection,
    /// 401, 400 or 415.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// 503: the tracker may send it again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the tracker is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The tracker's own check of the address.
    Pong,
    /// Durable: what storing it did, if that is known already.
    Accepted(Accepted),
}

/// A verified delivery with its decision, ready to be stored.
struct Decided {
    receipt: Receipt,
    is_ping: bool,
    /// The look at a standing plan that it is worth.
    review: Option<NewJob>,
}

impl Intake {
    /// An intake over a log of deliveries, with a gate for each connection.
    pub fn new(gates: HashMap<ConnectionName, Gate>, log: Arc<dyn DeliveryLog>) -> Self {
        let gates = gates.into_iter().map(|(name, gate)| (name.as_str().to_owned(), Arc::new(gate))).collect();
        Self { gates, log, reviews: None }
    }

    /// The same intake, for which edits of tickets ask to look again at the plans that stand on them.
    pub fn with_reviews(self, reviews: Reviews) -> Self {
        Self { reviews: Some(reviews), ..self }
    }

    /// Verifies, decides and stores one request. Returns only after the commit.
    pub async fn receive(&self, connection: &str, raw: RawDelivery) -> Result<Answer, IntakeError> {
        let started = Instant::now();
        let gate = self.gates.get(connection).ok_or(IntakeError::UnknownConnection)?;
        let decided = decide(gate, raw).await.inspect_err(|refusal| {
            counter!("planwright_deliveries_refused_total", "reason" => reason(refusal)).increment(1);
            debug!(connection, %refusal, "refused a request");
        })?;
        self.ask_review(decided.review).await?;
        let accepted = self.log.accept(decided.receipt).await.inspect_err(|_| {
            counter!("planwright_deliveries_refused_total", "reason" => "store").increment(1);
        })?;
        histogram!("planwright_receipt_seconds").record(started.elapsed().as_secs_f64());
        Ok(if decided.is_ping { Answer::Pong } else { Answer::Accepted(accepted) })
    }

    /// Queues a look at a standing plan. It comes before the delivery is kept: whatever dies in between, the tracker
    /// sends again, and a second look says nothing twice.
    async fn ask_review(&self, review: Option<NewJob>) -> Result<(), StoreError> {
        let Some((review, reviews)) = review.zip(self.reviews.as_ref()) else { return Ok(()) };
        if let Some(job) = reviews.log.review(review, reviews.pace).await? {
            info!(job.id = %job, "a plan will be looked at again");
        }
        Ok(())
    }
}

/// A refusal in one word, for the metrics.
fn reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::BadProof => "proof",
        Refusal::MediaType => "media_type",
        Refusal::BadForm => "form",
    }
}

/// Verifies and decides; large bodies on the blocking pool.
async fn decide(gate: &Arc<Gate>, raw: RawDelivery) -> Result<Decided, Refusal> {
    if raw.body.len() <= LARGE_BODY {
        return verify_and_decide(gate, raw);
    }
    let gate = Arc::clone(gate);
    let task = tokio::task::spawn_blocking(move || verify_and_decide(&gate, raw));
    task.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// raw request → delivery → event → decision.
fn verify_and_decide(gate: &Gate, raw: RawDelivery) -> Result<Decided, Refusal> {
    let delivery = gate.inbound.verify(raw)?;
    let decoded = gate.inbound.decode(&delivery);
    let decision = trigger::decide(&decoded, &gate.rules);
    // trackers tell moments by the second: two edits within one are two deliveries
    let review = trigger::review(&decoded, &gate.rules, &delivery.guid);
    Ok(Decided { receipt: receipt(delivery, decision), is_ping: decoded == Decoded::Ping, review })
}

/// What is stored of a decided delivery.
fn receipt(delivery: Delivery, decision: Decision) -> Receipt {
    Receipt {
        body: Some(body(delivery.json)),
        connection: delivery.connection,
        guid: delivery.guid,
        event: delivery.event,
        decision,
    }
}

/// The body as it is stored; a large one is packed here, where it does not hold up others.
fn body(json: Bytes) -> Body {
    if json.len() <= SMALL_BODY { Body::Plain(json) } else { Body::Packed(lz4_flex::compress_prepend_size(&json)) }
}
