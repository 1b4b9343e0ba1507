//! Where deliveries are hints: what a job rests on is read again before it counts.
//!
//! In: a job. Out: who really asked, or the reason why the tracker itself knows nothing of it. Never believes a word of
//! a delivery that nothing signs: the rules decide once more, over what the tracker holds now.

use super::{JobError, Run, is_manual};
use crate::{
    model::{
        delivery::Decision,
        event::{Actor, Decoded, Event},
        job::{PlanRequest, ReplyRequest, Work},
    },
    trackers::Claim,
    trigger,
};

impl Run<'_> {
    /// Who asked: as the delivery says where it is signed, else as the tracker says.
    pub(super) async fn confirmed(&self) -> Result<Actor, JobError> {
        let work = &self.job.work;
        if !self.lane.tracker.profile().hints || is_manual(work) {
            return Ok(work.asked_by().clone());
        }
        match self.lane.tracker.confirm(&self.job.ticket.id, work).await? {
            Claim::Held(event) => self.decided_alike(*event),
            Claim::Refuted(why) => Err(unconfirmed(&why)),
        }
    }

    /// The rules, over what the tracker holds, must ask for the same work.
    fn decided_alike(&self, event: Event) -> Result<Actor, JobError> {
        let actor = event.actor.clone();
        match trigger::decide(&Decoded::Event(Box::new(event)), &self.lane.rules) {
            Decision::Run(request) if is_same(&request.work, &self.job.work) => Ok(actor),
            Decision::Run(_) => Err(unconfirmed("it asks for something else")),
            Decision::Skip(reason) => Err(unconfirmed(&reason.to_string())),
        }
    }
}

/// Nothing to do, and why.
fn unconfirmed(why: &str) -> JobError {
    JobError::Nothing(format!("the tracker does not confirm what the delivery says: {why}"))
}

/// The same work, whoever asks: one person may be named in two ways.
fn is_same(now: &Work, claimed: &Work) -> bool {
    match (now, claimed) {
        (Work::Plan(now), Work::Plan(claimed)) => {
            let PlanRequest { trigger, options, project, asked_by: _, notice: _ } = now;
            (trigger, options) == (&claimed.trigger, &claimed.options) && project.eq_ignore_ascii_case(&claimed.project)
        }
        (Work::Reply(now), Work::Reply(claimed)) => {
            let ReplyRequest { comment, reply, project, asked_by: _, notice: _ } = now;
            (comment, reply) == (&claimed.comment, &claimed.reply) && project.eq_ignore_ascii_case(&claimed.project)
        }
        _ => false,
    }
}
