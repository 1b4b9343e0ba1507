//! Plans and their versions.

use planwright::model::{CommitId, PlanId, RepoName, job::ClaimedJob, plan_record::NewPlanRecord};
use uuid::Uuid;

/// A plan that a job makes; its id follows from the job.
pub fn a_plan(job: &ClaimedJob, title: &str) -> NewPlanRecord {
    NewPlanRecord {
        id: PlanId(Uuid::from_u128(0x7000 + job.id.0.unsigned_abs() as u128)),
        job: job.id,
        ticket: job.ticket.clone(),
        reference: job.reference.clone(),
        ticket_url: Some("https://github.example/acme/shop/issues/7".into()),
        title: title.into(),
        repository: Some((RepoName::new("acme/shop"), CommitId::parse(&"ab".repeat(20)).expect("a hash"))),
        template: "ticket".into(),
        planner: "offline".into(),
        plan_json: r#"{"title":"x"}"#.into(),
        document: format!("# {title}"),
        ticket_hash: "c0ffee".into(),
        took_ms: 41,
    }
}
