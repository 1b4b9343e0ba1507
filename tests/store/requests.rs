//! Short ways to say receipts and jobs.

use std::time::Duration;

use planwright::{
    model::{
        CommentId, ConnectionName, DeliveryId, JobId, TicketId, TicketKey,
        delivery::{Body, Decision, Receipt, Received, Request, SkipReason},
        event::Actor,
        job::{ClaimedJob, NewJob, PlanOptions, PlanRequest, Reply, ReplyRequest, Trigger, Work},
    },
    store::Store,
};

/// Long enough that no lease ends while a test runs.
pub const LONG: Duration = Duration::from_secs(600);

pub fn ticket(id: &str) -> TicketKey {
    TicketKey::new(ConnectionName::new("acme-github"), TicketId::new(id))
}

pub fn actor(id: &str) -> Actor {
    Actor { id: id.into(), name: id.into(), is_bot: false }
}

/// A plan asked for by a label.
pub fn plan_work(template: &str) -> Work {
    Work::Plan(PlanRequest {
        project: String::new(),
        asked_by: actor("mira"),
        trigger: Trigger::Label { label: "needs-plan".into() },
        options: PlanOptions { template: Some(template.into()), ..PlanOptions::default() },
        notice: None,
    })
}

pub fn reply_work() -> Work {
    Work::Reply(ReplyRequest {
        project: String::new(),
        asked_by: actor("mira"),
        comment: CommentId::new("81"),
        reply: Reply::Help,
        notice: None,
    })
}

pub fn request(id: &str, key: &str, work: Work) -> Request {
    Request {
        ticket: ticket(id),
        reference: format!("acme/shop#{id}"),
        semantic_key: key.into(),
        asked_by: "mira".into(),
        work,
    }
}

pub fn receipt(guid: &str, request: Request) -> Receipt {
    Receipt {
        connection: request.ticket.connection.clone(),
        guid: guid.into(),
        event: "issues".into(),
        body: Some(Body::Plain(format!("body of {guid}").into())),
        decision: Decision::Run(Box::new(request)),
    }
}

/// A delivery that asks for a plan.
pub fn asks(guid: &str, id: &str, key: &str) -> Receipt {
    receipt(guid, request(id, key, plan_work(key)))
}

pub fn skips(guid: &str, reason: SkipReason) -> Receipt {
    Receipt {
        connection: ConnectionName::new("acme-github"),
        guid: guid.into(),
        event: "ping".into(),
        body: None,
        decision: Decision::Skip(reason),
    }
}

pub fn new_job(id: &str, key: &str, work: Work) -> NewJob {
    let request = request(id, key, work);
    NewJob {
        ticket: request.ticket,
        reference: request.reference,
        semantic_key: request.semantic_key,
        asked_by: request.asked_by,
        work: request.work,
    }
}

/// Receives and expects a new delivery with a new job.
pub async fn stored(store: &dyn Store, receipt: Receipt) -> (DeliveryId, JobId) {
    match store.receive(receipt).await.expect("the receipt is stored") {
        Received::Stored { delivery, job: Some(job) } => (delivery, job),
        other => panic!("expected a new job, got {other:?}"),
    }
}

/// Queues a plan job for a ticket.
pub async fn queued(store: &dyn Store, id: &str, key: &str) -> JobId {
    let job = store.enqueue(new_job(id, key, plan_work(key))).await.expect("the job is stored");
    job.expect("the key is new")
}

/// Claims and expects a job.
pub async fn claimed(store: &dyn Store) -> ClaimedJob {
    store.claim("worker-1", LONG).await.expect("the claim works").expect("a job is due")
}
