//! `/jobs/{id}`: one job, what came of it, and what else was done for its ticket.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use super::{
    rows::{JobRow, PlanRow, PublicationRow},
    words::{self, Moment},
};
use crate::{
    model::{
        JobId,
        job::{JobRecord, JobState, Work},
    },
    web::{WebState, render},
};

/// Other jobs of the ticket that are listed.
const OTHERS: u32 = 20;

/// One job.
#[derive(Serialize)]
struct Shown {
    row: JobRow,
    created: Moment,
    /// When it may start, for one that waits.
    starts: Option<Moment>,
    asked_by: String,
    options: Vec<String>,
    plan: Option<PlanRow>,
    publication: Option<PublicationRow>,
    jobs: Vec<JobRow>,
}

/// Shows one job.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Path(id): Path<i64>,
) -> Result<Response, render::NoPage> {
    let (store, now) = (&state.store, state.clock.now_ms());
    let job = store.job(JobId(id)).await?.ok_or(render::NoPage::Missing("job"))?;
    let others = store.jobs(Some(&job.ticket), OTHERS).await?;
    let shown = Shown {
        row: JobRow::new(&job, now),
        created: Moment::new(job.created_at, now),
        starts: (job.state == JobState::Queued).then(|| Moment::new(job.run_at, now)),
        asked_by: job.work.asked_by().name.clone(),
        options: options(&job),
        plan: store.plan_of(job.id).await?.map(|plan| PlanRow::new(&plan, now)),
        publication: store.publication_of(job.id).await?.map(|publication| PublicationRow::new(&publication, now)),
        jobs: others.iter().filter(|other| other.id != job.id).map(|other| JobRow::new(other, now)).collect(),
    };
    Ok(render::page("job", &format!("Job {id}"), 0, &shown))
}

/// What the person who asked chose.
fn options(job: &JobRecord) -> Vec<String> {
    match &job.work {
        Work::Plan(request) => words::options(&request.options),
        Work::Reply(_) | Work::Review(_) => Vec::new(),
    }
}
