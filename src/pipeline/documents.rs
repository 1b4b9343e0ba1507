//! Where a plan goes: into a comment, or into a document with a short comment that links it.
//!
//! In: a stored plan, whole. Out: what the comment holds. The document stands before the comment names it. A tracker that
//! refuses a document costs nobody their plan: the bot's own page is linked instead, and the publication keeps the reason.

use tracing::warn;

use super::{JobError, Pipeline, Run, notes};
use crate::{
    model::{
        CommentId, OperationId,
        plan::Plan,
        plan_record::PlanRecord,
        publication::{DocumentPlace, NewPublication, Slot},
    },
    publish::{Links, document, upsert::PublishError},
    richtext::{Block, Doc, Inline, markdown},
    templates,
};

/// Where plans of a connection go.
#[derive(Clone)]
pub struct Publishing {
    pub mode: PublishMode,
    pub place: DocumentPlace,
    /// Links to the bot's own pages.
    pub links: Links,
}

/// When a plan becomes a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishMode {
    /// When it does not fit in a comment; a template pack may ask for another way.
    Auto,
    /// Never: what does not fit is cut.
    Comment,
    /// Always.
    Document,
}

impl Pipeline {
    /// What the comment of a plan holds: the plan, or its head with a link to the document that holds it.
    pub(super) async fn comment_of(&self, run: &Run<'_>, record: &PlanRecord, whole: Doc) -> Result<Doc, JobError> {
        if !self.becomes_document(run, record, &whole) {
            return Ok(whole);
        }
        let url = match run.lane.publishing.place {
            DocumentPlace::Hosted => self.hosted(run, record),
            _ => self.written(run, record, &whole).await?,
        };
        Ok(self.short(record, url))
    }

    /// What the comment of a plan that stands holds with a note above it: a document that it links stays as it is.
    pub(super) async fn comment_again(
        &self,
        run: &Run<'_>,
        record: &PlanRecord,
        versions: &[PlanRecord],
        note: Option<Block>,
    ) -> Result<Doc, JobError> {
        let whole = self.document(run, record, versions, None);
        if !self.becomes_document(run, record, &whole) {
            return Ok(self.document(run, record, versions, note));
        }
        let written = self.store.standing(&run.job.ticket, Slot::Document).await?;
        let url = written.filter(|document| document.plan == Some(record.id)).and_then(|document| document.url);
        let short = self.short(record, url.unwrap_or_else(|| self.hosted(run, record)));
        Ok(match note {
            Some(note) => notes::with_note(short, note),
            None => short,
        })
    }

    /// Where the whole plan is read without a login, where the pages can be reached.
    pub(super) fn whole_plan(&self, run: &Run<'_>, record: &PlanRecord) -> Option<String> {
        self.public_url.is_some().then(|| self.hosted(run, record))
    }

    /// Is it too long for a comment, or does somebody want a document anyway?
    fn becomes_document(&self, run: &Run<'_>, record: &PlanRecord, whole: &Doc) -> bool {
        let asked = self.packs.get(&record.template).map(|pack| pack.publish);
        match (run.lane.publishing.mode, asked) {
            (PublishMode::Comment, _) | (PublishMode::Auto, Some(templates::Publish::Comment)) => false,
            (PublishMode::Document, _) | (PublishMode::Auto, Some(templates::Publish::Document)) => true,
            // A comment that is cut links the plan's own page by itself.
            (PublishMode::Auto, _) if run.lane.publishing.place == DocumentPlace::Hosted => false,
            (PublishMode::Auto, _) => !run.lane.encoder.fits(whole),
        }
    }

    /// The address that opens the plan's own page without a login.
    fn hosted(&self, run: &Run<'_>, record: &PlanRecord) -> String {
        run.lane.publishing.links.page(record.id, record.created_at)
    }

    /// Writes the document on the tracker and returns its address: the bot's own page where the tracker will not have it.
    async fn written(&self, run: &Run<'_>, record: &PlanRecord, whole: &Doc) -> Result<String, JobError> {
        let standing = self.store.standing(&run.job.ticket, Slot::Document).await?.and_then(|earlier| earlier.comment);
        let name = standing.unwrap_or_else(|| CommentId::new(document::name(&record.ticket, &record.title)));
        let new = NewPublication {
            operation: OperationId(self.clock.new_id()),
            job: run.job.id,
            ticket: run.job.ticket.clone(),
            slot: Slot::Document,
            plan: Some(record.id),
            body: run.lane.encoder.document(whole),
            marker: String::new(),
            comment: Some(name),
        };
        let stored = self.store.prepare(new, run.lease.fence()).await?;
        let tracker = run.lane.tracker.as_ref();
        match self.publisher.publish(tracker, &run.lane.marker_keys, run.lease, stored).await {
            Ok(written) => Ok(written.url.unwrap_or_else(|| self.hosted(run, record))),
            Err(error) if is_refused(&error, run.is_last) => {
                warn!(job.id = %run.job.id, %error, "the tracker has no document, linking the plan's own page");
                Ok(self.hosted(run, record))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The plan's head, summary and files to change, with the address of the whole.
    fn short(&self, record: &PlanRecord, url: String) -> Doc {
        let plan = serde_json::from_str::<Plan>(&record.plan_json).ok();
        let text = plan.and_then(|plan| self.packs.short(&plan).ok());
        let mut short = match text {
            Some(text) => markdown::parse(&text),
            // A plan of an earlier format: its title alone.
            None => {
                Doc { blocks: vec![Block::Heading { level: 2, content: vec![Inline::text(record.title.as_str())] }] }
            }
        };
        short.blocks.extend([Block::Rule, last_line(record, url)]);
        short
    }
}

/// Will the document never stand, or not within this job?
fn is_refused(error: &PublishError, is_last: bool) -> bool {
    match error {
        PublishError::Failed(_) | PublishError::Ended(_) => true,
        PublishError::Retry(_) => is_last,
        PublishError::Wait { .. } | PublishError::Store(_) => false,
    }
}

/// Where the whole plan is, and how to go on.
fn last_line(record: &PlanRecord, url: String) -> Block {
    let content = vec![
        Inline::Strong { content: vec![Inline::Link { url, content: vec![Inline::text("Read the whole plan")] }] },
        Inline::text(format!(" · Plan version {} · more with ", record.version)),
        Inline::Code { text: "/plan help".into() },
    ];
    Block::Paragraph { content }
}
