//! job → ticket → context → draft → plan → document → publication.
//!
//! In: a claimed job and its lease. Out: one publication, or the reason why there is none. A plan is made once and its
//! body rendered once: every later attempt of the same job only brings those bytes to the ticket.

mod confirm;
mod documents;
mod notes;
mod outcome;
mod replies;
mod review;
mod stale;
mod telling;

pub use documents::{PublishMode, Publishing};
pub use outcome::{JobError, Outcome, UserError};
use telling::{no_such_repository, no_such_template, unreadable};

use std::{collections::HashMap, sync::Arc, time::Instant};

use metrics::histogram;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tracing::{debug, info, warn};

use crate::{
    clock::Clock,
    model::{
        ConnectionName, OperationId, PlanId,
        context::Context,
        event::Actor,
        job::{ClaimedJob, PlanRequest, Trigger, Work},
        plan::{Changes, Plan},
        plan_record::{NewPlanRecord, PlanRecord},
        publication::{NewPublication, Publication, Slot},
        ticket::{Ticket, TicketState},
    },
    planner::{Brief, Planner, PlannerError, verify::verify},
    publish::{EarlierVersion, Encoder, MarkerKey, upsert::Publisher, with_earlier},
    repo::{
        ContextSource, RepoError,
        mapping::{CodeMap, UnknownRepository},
    },
    richtext::{Block, Doc, Inline, markdown},
    store::{Store, lease::Lease},
    templates::Packs,
    trackers::{CodeSource, Permission, Tracker, TrackerError},
    trigger::Rules,
};

/// How the pipeline serves one connection.
#[derive(Clone)]
pub struct Lane {
    pub tracker: Arc<dyn Tracker>,
    pub rules: Rules,
    /// Makes documents comments of this tracker.
    pub encoder: Arc<Encoder>,
    /// All keys that a marker may have been made with: markers outlive a rotation of secrets.
    pub marker_keys: Vec<MarkerKey>,
    pub needs: Needs,
    pub publishing: Publishing,
}

/// What the person who asks must be allowed to do; `None` lets anyone ask.
#[derive(Clone, Debug)]
pub struct Needs {
    pub usually: Option<Permission>,
    /// Exceptions by project, the first that matches counts.
    pub projects: Vec<(String, Option<Permission>)>,
}

impl Needs {
    /// What is needed in a project; where a delivery does not name it (Jira Data Center's comments), the most that any
    /// project needs.
    fn of(&self, project: &str) -> Option<Permission> {
        if project.is_empty() {
            return self.projects.iter().map(|(_, needed)| *needed).fold(self.usually, Option::max);
        }
        let exception = self.projects.iter().find(|(name, _)| name.eq_ignore_ascii_case(project));
        exception.map_or(self.usually, |(_, needed)| *needed)
    }
}

/// Turns jobs into publications.
pub struct Pipeline {
    pub lanes: HashMap<ConnectionName, Lane>,
    pub store: Arc<dyn Store>,
    pub contexts: Arc<dyn ContextSource>,
    /// How many repositories are read at once: reading takes processor and memory, most of a job is waiting for a tracker.
    pub reading: Semaphore,
    pub code: CodeMap,
    pub planner: Arc<dyn Planner>,
    pub packs: Arc<Packs>,
    pub default_pack: String,
    pub publisher: Publisher,
    pub clock: Arc<dyn Clock>,
    /// Where the bot's own pages are, without a slash at the end; `None` when they are not to be linked.
    pub public_url: Option<String>,
}

/// One job on its way through the pipeline.
struct Run<'a> {
    job: &'a ClaimedJob,
    lane: &'a Lane,
    lease: &'a Lease,
    /// No later attempt will come: what can be told is told now.
    is_last: bool,
}

impl Pipeline {
    /// Turns one job into one publication.
    pub async fn run(&self, job: &ClaimedJob, lease: &Lease, is_last: bool) -> Result<Outcome, JobError> {
        let lane = self.lanes.get(&job.ticket.connection).ok_or_else(|| {
            JobError::Fail(anyhow::anyhow!("connection {} is not configured any more", job.ticket.connection))
        })?;
        let run = Run { job, lane, lease, is_last };
        let publication = match self.store.publication_of(job.id).await? {
            Some(publication) => publication,
            None => self.prepare(&run).await?,
        };
        let (tracker, keys) = (lane.tracker.as_ref(), &lane.marker_keys);
        let published = match &job.work {
            Work::Review(_) => self.publisher.amend(tracker, keys, lease, publication).await?,
            _ => self.publisher.publish(tracker, keys, lease, publication).await?,
        };
        Ok(Outcome::Published(Box::new(published)))
    }

    /// Makes and stores the body of a job's answer.
    async fn prepare(&self, run: &Run<'_>) -> Result<Publication, JobError> {
        if matches!(run.job.work, Work::Review(_)) {
            // nobody asks for it, and it starts no plan
            return self.prepare_answer(run).await;
        }
        let asked_by = run.confirmed().await?;
        check_other(run, &asked_by).await?;
        check_permission(run, &asked_by).await?;
        let (prepared, ()) = tokio::join!(self.prepare_answer(run), acknowledge(run));
        match prepared {
            Err(JobError::Tell(error)) => {
                let document = markdown::parse(&error.0);
                self.store_body(run, document, Slot::Reply, None).await
            }
            other => other,
        }
    }

    /// The body that the job asks for.
    async fn prepare_answer(&self, run: &Run<'_>) -> Result<Publication, JobError> {
        match &run.job.work {
            Work::Plan(request) => self.prepare_plan(run, request).await,
            Work::Reply(request) => {
                let document = self.reply(run, &request.reply).await?;
                self.store_body(run, document, Slot::Reply, None).await
            }
            Work::Review(_) => self.prepare_review(run).await,
        }
    }

    /// Plan → document → stored body.
    async fn prepare_plan(&self, run: &Run<'_>, request: &PlanRequest) -> Result<Publication, JobError> {
        let record = match self.store.plan_of(run.job.id).await? {
            Some(record) => record,
            None => self.plan(run, request).await?,
        };
        let versions = self.store.versions(&run.job.ticket).await?;
        let whole = self.document(run, &record, &versions, None);
        let document = self.comment_of(run, &record, whole).await?;
        self.store_body(run, document, Slot::Plan, Some(&record)).await
    }

    /// A plan as it is posted: what is stale, what differs from the version before, the plan, its versions and its JSON.
    fn document(&self, run: &Run<'_>, record: &PlanRecord, versions: &[PlanRecord], stale: Option<Block>) -> Doc {
        let before: Vec<&PlanRecord> = versions.iter().filter(|other| other.version < record.version).collect();
        let mut document = markdown::parse(&record.document);
        if let Some(note) = before.first().and_then(|before| self.changes(before, record)) {
            document = notes::with_note(document, note);
        }
        if let Some(note) = stale {
            document = notes::with_note(document, note);
        }
        document.blocks.extend(self.footer(record));
        let earlier: Vec<EarlierVersion> = before.into_iter().map(|other| self.earlier(other)).collect();
        with_json(with_earlier(document, &earlier), record, &run.lane.encoder)
    }

    /// What differs from the version before; nothing when that one is of another format.
    fn changes(&self, before: &PlanRecord, record: &PlanRecord) -> Option<Block> {
        let read = |record: &PlanRecord| serde_json::from_str::<Plan>(&record.plan_json).ok();
        let (old, new) = (read(before)?, read(record)?);
        let changes = Changes::between(&old.sections, &new.sections);
        Some(notes::changes_note(&changes, before.version, self.plan_url(record.id).as_deref()))
    }

    /// ticket → context → draft → plan, stored as the next version.
    async fn plan(&self, run: &Run<'_>, request: &PlanRequest) -> Result<PlanRecord, JobError> {
        let started = Instant::now();
        let ticket = self.ticket(run).await?;
        let contexts = self.contexts(run, &ticket, request).await?;
        let packs = self.packs.of(&contexts);
        let pack = packs.choose(&ticket, &request.options, &self.default_pack);
        let pack = pack.map_err(|error| JobError::Tell(no_such_template(&error)))?.name.clone();
        let date = self.clock.today();
        let brief = Brief { ticket: &ticket, contexts: &contexts, options: &request.options, date: &date };
        let draft = self.planner.draft(brief).await.map_err(|PlannerError::Unavailable(reason)| {
            JobError::Retry(anyhow::anyhow!("planner unavailable: {reason}"))
        })?;
        let plan = verify(draft, &contexts, &ticket);
        let document = packs.render(&pack, &plan, &ticket).map_err(|error| JobError::Fail(error.into()))?;
        let took = started.elapsed();
        histogram!("planwright_plan_seconds").record(took.as_secs_f64());
        let new = NewPlanRecord {
            id: PlanId(self.clock.new_id()),
            job: run.job.id,
            ticket: ticket.key.clone(),
            reference: ticket.reference.clone(),
            ticket_url: ticket.url.clone(),
            title: ticket.title.clone(),
            repository: contexts.first().map(|c| (c.repository.name.clone(), c.commit.clone())),
            template: pack,
            planner: plan.head.planner.clone(),
            plan_json: serde_json::to_string(&plan).map_err(|error| JobError::Fail(error.into()))?,
            document,
            ticket_hash: ticket_hash(&ticket),
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        };
        let record = self.store.save_plan(new, run.lease.fence()).await?;
        info!(job.id = %run.job.id, plan.id = %record.id, plan.version = record.version, took_ms = record.took_ms, "made a plan");
        Ok(record)
    }

    /// The ticket as it stands now; a locked one cannot be answered.
    async fn ticket(&self, run: &Run<'_>) -> Result<Ticket, JobError> {
        let ticket = run.lane.tracker.ticket(&run.job.ticket.id).await?;
        if ticket.state == TicketState::Locked {
            return Err(JobError::Nothing("the ticket is locked".into()));
        }
        Ok(ticket)
    }

    /// Context of every repository of the ticket; none where it has none.
    async fn contexts(&self, run: &Run<'_>, ticket: &Ticket, request: &PlanRequest) -> Result<Vec<Context>, JobError> {
        let mut contexts = Vec::new();
        for (source, branch) in self.sources(run, ticket, request).await? {
            let started = Instant::now();
            let gathered = {
                let _turn = self.reading.acquire().await;
                self.contexts.gather(ticket, &source, branch.as_deref()).await
            };
            histogram!("planwright_context_seconds").record(started.elapsed().as_secs_f64());
            match gathered {
                Ok(context) => contexts.push(context),
                Err(error @ RepoError::Unavailable { .. }) if !run.is_last => {
                    return Err(JobError::Retry(error.into()));
                }
                Err(error) => {
                    warn!(job.id = %run.job.id, %error, "could not read a repository");
                    return Err(JobError::Tell(unreadable(&source, &error)));
                }
            }
        }
        Ok(contexts)
    }

    /// Where the ticket's code is, with the branch to read.
    async fn sources(
        &self,
        run: &Run<'_>,
        ticket: &Ticket,
        request: &PlanRequest,
    ) -> Result<Vec<(CodeSource, Option<String>)>, JobError> {
        let wanted = request.options.repository.as_deref();
        code_of(&self.code, run.lane.tracker.as_ref(), ticket, wanted).await.map_err(|error| match error {
            NoCode::Unknown(error) => JobError::Tell(no_such_repository(&error)),
            NoCode::Tracker(error) => error.into(),
        })
    }

    /// Encodes, fits and stores a body: from here on these bytes are sent, and no others.
    async fn store_body(
        &self,
        run: &Run<'_>,
        document: Doc,
        slot: Slot,
        record: Option<&PlanRecord>,
    ) -> Result<Publication, JobError> {
        let operation = OperationId(self.clock.new_id());
        let full_url = record.and_then(|record| self.whole_plan(run, record));
        let rendered = run.lane.encoder.encode(&document, &run.job.ticket, operation, full_url.as_deref());
        let comment = match slot {
            Slot::Plan => self.store.standing(&run.job.ticket, Slot::Plan).await?.and_then(|p| p.comment),
            Slot::Reply | Slot::Document => None,
        };
        let new = NewPublication {
            operation,
            job: run.job.id,
            ticket: run.job.ticket.clone(),
            slot,
            plan: record.map(|record| record.id),
            body: rendered.body().to_owned(),
            marker: rendered.marker().to_owned(),
            comment,
        };
        Ok(self.store.prepare(new, run.lease.fence()).await?)
    }

    /// The page of a plan.
    fn plan_url(&self, plan: PlanId) -> Option<String> {
        self.public_url.as_ref().map(|base| format!("{base}/plans/{plan}"))
    }

    /// An earlier version, as it is named under the fold.
    fn earlier(&self, record: &PlanRecord) -> EarlierVersion {
        let date = jiff::Timestamp::from_millisecond(record.created_at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        EarlierVersion {
            version: record.version,
            date: date.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            commit: record.repository.as_ref().map(|(_, commit)| commit.short().to_owned()),
            url: self.plan_url(record.id),
            note: None,
        }
    }

    /// The last line of a posted plan: its version, its page, how to go on.
    fn footer(&self, record: &PlanRecord) -> Vec<Block> {
        let mut content = vec![Inline::text(format!("Plan version {}", record.version))];
        if let Some(url) = self.plan_url(record.id) {
            content.push(Inline::text(" · "));
            let json = format!("{url}.json");
            content.push(Inline::Link { url, content: vec![Inline::text("evidence, findings and downloads")] });
            content.push(Inline::text(" · "));
            content.push(Inline::Link { url: json, content: vec![Inline::text("JSON")] });
        }
        content.push(Inline::text(" · more with "));
        content.push(Inline::Code { text: "/plan help".into() });
        vec![Block::Rule, Block::Paragraph { content }]
    }
}

/// Why it is not known where a ticket's code is.
#[derive(Debug)]
pub enum NoCode {
    /// The one that was asked for is none of the ticket's.
    Unknown(UnknownRepository),
    Tracker(TrackerError),
}

/// Where a ticket's code is, with the branch to read: as configured, else the ticket's own.
pub async fn code_of(
    code: &CodeMap,
    tracker: &dyn Tracker,
    ticket: &Ticket,
    wanted: Option<&str>,
) -> Result<Vec<(CodeSource, Option<String>)>, NoCode> {
    let mapped = code.of(ticket, wanted).map_err(NoCode::Unknown)?;
    if !mapped.is_empty() {
        return Ok(mapped.into_iter().map(|m| (m.source.clone(), m.branch.clone())).collect());
    }
    let own = tracker.code_source(&ticket.key.id).await.map_err(NoCode::Tracker)?;
    Ok(own.into_iter().map(|source| (source, None)).collect())
}

/// The document with the plan's JSON under a fold behind it, where a comment takes both.
fn with_json(document: Doc, record: &PlanRecord, encoder: &Encoder) -> Doc {
    let json = Block::Code { language: Some("json".into()), text: record.plan_json.clone() };
    let fold = Block::Details { summary: vec![Inline::text("This plan as JSON")], blocks: vec![json] };
    let mut longer = document.clone();
    longer.blocks.push(fold);
    if encoder.takes(&longer) { longer } else { document }
}

/// Is it somebody else who asked? Where the bot is an ordinary account, a delivery does not tell.
async fn check_other(run: &Run<'_>, asked_by: &Actor) -> Result<(), JobError> {
    if is_manual(&run.job.work) {
        return Ok(());
    }
    let own = run.lane.tracker.identity().await?;
    match own.id.eq_ignore_ascii_case(&asked_by.id) {
        true => Err(JobError::Nothing(format!("{} is Planwright's own account", own.name))),
        false => Ok(()),
    }
}

/// May the person who asked ask? Read now, not when the delivery came in.
async fn check_permission(run: &Run<'_>, asked_by: &Actor) -> Result<(), JobError> {
    let needed = run.lane.needs.of(run.job.work.project());
    let (Some(needed), false) = (needed, is_manual(&run.job.work)) else { return Ok(()) };
    let has = run.lane.tracker.permission(&run.job.ticket.id, asked_by).await?;
    if has >= needed {
        return Ok(());
    }
    Err(JobError::Nothing(format!("{} may not ask here: has {has:?}, needs {needed:?}", asked_by.id)))
}

/// The command line needs no permission.
fn is_manual(work: &Work) -> bool {
    matches!(work, Work::Plan(PlanRequest { trigger: Trigger::Manual, .. }))
}

/// Shows on the ticket that the request was seen. A courtesy: its failure changes nothing.
async fn acknowledge(run: &Run<'_>) {
    if run.job.attempt > 1 {
        return;
    }
    let comment = match &run.job.work {
        Work::Plan(PlanRequest { trigger: Trigger::Command { comment }, .. }) => Some(comment),
        Work::Plan(_) | Work::Review(_) => None,
        Work::Reply(request) => Some(&request.comment),
    };
    if let Err(error) = run.lane.tracker.acknowledge(&run.job.ticket.id, comment).await {
        debug!(job.id = %run.job.id, %error, "could not acknowledge");
    }
}

/// Changes whenever the text that a plan answers changes.
fn ticket_hash(ticket: &Ticket) -> String {
    let mut hash = Sha256::new();
    hash.update(ticket.title.as_bytes());
    hash.update([0]);
    hash.update(ticket.body.plain().as_bytes());
    for field in &ticket.fields {
        hash.update([0]);
        hash.update(field.content.plain().as_bytes());
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_without_a_project_needs_the_most_that_any_project_needs() {
        let check = |usually, exception, expected| {
            let needs = Needs { usually, projects: vec![("SHOP".to_owned(), exception)] };
            assert_eq!(needs.of(""), expected);
            assert_eq!((needs.of("shop"), needs.of("OPS")), (exception, usually));
        };
        let (read, write) = (Some(Permission::Read), Some(Permission::Write));
        check(read, write, write);
        check(write, read, write);
        check(None, read, read);
        check(read, None, read);
        check(None, None, None);
    }
}
