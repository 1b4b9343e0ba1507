//! Plans and their versions.
//!
//! In: a plan that a job made. Out: plan records, newest first. Never changes a stored plan.

use async_trait::async_trait;

use super::{
    PlanLog, StoreError,
    claims::{guard, read_ticket},
    engine::{Engine, Write},
    session::{Row, Session, args, broken},
    sql_store::SqlStore,
};
use crate::model::{
    CommitId, JobId, PlanId, RepoName, TicketKey,
    plan_record::{NewPlanRecord, PlanRecord},
};

pub(super) const SELECT: &str = "SELECT id, job, connection, ticket, version, reference, ticket_url, title, repository, \
                      commit_id, template, planner, plan_json, document, ticket_hash, took_ms, created_at FROM plans";

#[async_trait]
impl<E: Engine> PlanLog for SqlStore<E> {
    async fn save_plan(&self, plan: NewPlanRecord, fence: i64) -> Result<PlanRecord, StoreError> {
        self.write(SavePlan { plan, fence }).await
    }

    async fn plan(&self, id: PlanId) -> Result<Option<PlanRecord>, StoreError> {
        self.read_one(format!("{SELECT} WHERE id = $1"), args![id.to_string().as_str()], read).await
    }

    async fn plan_of(&self, job: JobId) -> Result<Option<PlanRecord>, StoreError> {
        self.read_one(of_job(), args![job.0], read).await
    }

    async fn versions(&self, ticket: &TicketKey) -> Result<Vec<PlanRecord>, StoreError> {
        let sql = format!("{SELECT} WHERE connection = $1 AND ticket = $2 ORDER BY version DESC");
        self.read_all(sql, args![ticket.connection.as_str(), ticket.id.as_str()], read).await
    }

    async fn plans(&self, limit: u32) -> Result<Vec<PlanRecord>, StoreError> {
        self.read_all(format!("{SELECT} ORDER BY created_at DESC, id DESC LIMIT $1"), args![limit], read).await
    }
}

fn of_job() -> String {
    format!("{SELECT} WHERE job = $1")
}

/// Reads the columns of [`SELECT`].
pub(super) fn read(mut row: Row) -> Result<PlanRecord, StoreError> {
    Ok(PlanRecord {
        id: PlanId(row.uuid()?),
        job: JobId(row.int()?),
        ticket: read_ticket(&mut row)?,
        version: row.count()?,
        reference: row.text()?,
        ticket_url: row.text_or_null()?,
        title: row.text()?,
        repository: read_repository(&mut row)?,
        template: row.text()?,
        planner: row.text()?,
        plan_json: row.text()?,
        document: row.text()?,
        ticket_hash: row.text()?,
        took_ms: row.count()?,
        created_at: row.int()?,
    })
}

fn read_repository(row: &mut Row) -> Result<Option<(RepoName, CommitId)>, StoreError> {
    match (row.text_or_null()?, row.text_or_null()?) {
        (Some(name), Some(commit)) => {
            let commit = CommitId::parse(&commit).map_err(|error| broken(error.to_string()))?;
            Ok(Some((RepoName::new(name), commit)))
        }
        _ => Ok(None),
    }
}

/// Stores a plan as its ticket's next version, or returns the one that the job stored before.
struct SavePlan {
    plan: NewPlanRecord,
    fence: i64,
}

#[async_trait]
impl Write for SavePlan {
    type Out = PlanRecord;

    async fn run(&self, db: &mut dyn Session) -> Result<PlanRecord, StoreError> {
        const INSERT: &str = "INSERT INTO plans (id, job, connection, ticket, version, reference, ticket_url, title, \
                              repository, commit_id, template, planner, plan_json, document, ticket_hash, took_ms, \
                              created_at) \
                              SELECT $1, $2, $3, $4, \
                              (SELECT coalesce(max(version), 0) + 1 FROM plans WHERE connection = $3 AND ticket = $4), \
                              $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, ms FROM clock WHERE true \
                              ON CONFLICT (job) DO NOTHING";
        let plan = &self.plan;
        guard(db, plan.job, self.fence).await?;
        let repository = plan.repository.as_ref();
        let args = args![
            plan.id.to_string().as_str(),
            plan.job.0,
            plan.ticket.connection.as_str(),
            plan.ticket.id.as_str(),
            plan.reference.as_str(),
            plan.ticket_url.as_deref(),
            plan.title.as_str(),
            repository.map(|(name, _)| name.as_str()),
            repository.map(|(_, commit)| commit.as_str()),
            plan.template.as_str(),
            plan.planner.as_str(),
            plan.plan_json.as_str(),
            plan.document.as_str(),
            plan.ticket_hash.as_str(),
            i64::try_from(plan.took_ms).unwrap_or(i64::MAX),
        ];
        db.query(INSERT.into(), args).await?;
        let stored = db.query(of_job().into(), args![plan.job.0]).await?;
        read(stored.into_iter().next().ok_or_else(|| broken("the plan was not stored"))?)
    }
}
