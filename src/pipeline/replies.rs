//! Short answers to commands: help, status, cancel, and what was wrong.

use super::{JobError, Pipeline, Run};
use crate::{
    model::{
        job::{JobRecord, JobState, Reply},
        plan_record::PlanRecord,
    },
    richtext::{Doc, markdown},
    trigger,
};

/// How many jobs a status looks back on.
const STATUS_JOBS: u32 = 20;

impl Pipeline {
    /// The document that answers a command.
    pub(super) async fn reply(&self, run: &Run<'_>, reply: &Reply) -> Result<Doc, JobError> {
        let text = match reply {
            Reply::Help => return Ok(trigger::help(&run.lane.rules)),
            Reply::Wrong { problem, nearest } => {
                return Ok(trigger::wrong_text(problem, nearest.as_deref(), &run.lane.rules));
            }
            Reply::Cancel => cancelled(self.store.cancel(&run.job.ticket).await?),
            Reply::Status => {
                let jobs = self.store.jobs(Some(&run.job.ticket), STATUS_JOBS).await?;
                let versions = self.store.versions(&run.job.ticket).await?;
                self.status(&jobs, &versions)
            }
        };
        Ok(markdown::parse(&text))
    }

    /// Where the ticket's plan stands.
    fn status(&self, jobs: &[JobRecord], versions: &[PlanRecord]) -> String {
        let mut lines = vec![match versions.first() {
            None => "There is no plan for this ticket yet.".to_owned(),
            Some(newest) => self.describe(newest),
        }];
        let plan_jobs = || jobs.iter().filter(|job| job.work.kind() == "plan");
        let waiting = plan_jobs().filter(|job| job.state == JobState::Queued).count();
        if waiting > 0 {
            lines.push("A new plan waits for its turn; `/plan cancel` takes it back.".to_owned());
        }
        if let Some(dead) = plan_jobs().next().filter(|job| job.state == JobState::Dead) {
            lines.push(format!(
                "The last request ended without an answer (job {}). Whoever runs Planwright can read why on its page.",
                dead.id
            ));
        }
        lines.join("\n\n")
    }

    /// The newest plan in a sentence.
    fn describe(&self, record: &PlanRecord) -> String {
        let made_for = match &record.repository {
            Some((name, commit)) => {
                format!(" for {} at {}", markdown::code_span(name.as_str()), markdown::code_span(commit.short()))
            }
            None => String::new(),
        };
        let page = self.plan_url(record.id).map_or(String::new(), |url| format!(" ([its page]({url}))"));
        format!(
            "Version {} of the plan stands{made_for}, from the template `{}`{page}.",
            record.version, record.template
        )
    }
}

/// What cancelling did.
fn cancelled(count: u64) -> String {
    match count {
        0 => "No request was waiting, so there was nothing to cancel.".to_owned(),
        1 => "Cancelled: one request was waiting.".to_owned(),
        n => format!("Cancelled: {n} requests were waiting."),
    }
}
