//! The outbox.

use planwright::model::{
    CommentId, OperationId,
    job::ClaimedJob,
    publication::{NewPublication, PostedComment, Slot},
};
use uuid::Uuid;

/// A publication of a job; its operation follows from job and slot.
pub fn a_publication(job: &ClaimedJob, slot: Slot, body: &str) -> NewPublication {
    NewPublication {
        operation: OperationId(Uuid::from_u128(
            0x9000 + job.id.0.unsigned_abs() as u128 * 2 + u128::from(slot == Slot::Reply),
        )),
        job: job.id,
        ticket: job.ticket.clone(),
        slot,
        plan: None,
        body: body.into(),
        marker: format!("marker of {body}"),
        comment: None,
    }
}

pub fn posted(id: &str) -> PostedComment {
    PostedComment { id: CommentId::new(id), url: Some(format!("https://github.example/c/{id}")), body: "b".into() }
}
