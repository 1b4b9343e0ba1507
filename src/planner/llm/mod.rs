//! Drafts plans with a language model that starts from the offline draft.
//!
//! In: a [`Brief`]. Out: a [`Draft`], always: whatever fails, the offline draft is there and says why it stands alone. The
//! model gets no tools and no secrets; it sees texts between marks that nobody could know before, and answers section by
//! section in shapes that hold only what a model may say ([`shape`]). Its words pass a guard and then verification, whose
//! findings are put to it once. Replies are kept under the hash of their request: a repeated run asks nobody.
//!
//! Never reads a clock for the plan, never posts, never runs a command.

pub mod budget;
mod drafting;
pub mod excerpts;
pub mod fence;
pub mod model;
pub mod prompt;
pub mod protocol;
pub mod replies;
mod section;
mod shape;
mod ticket;
pub mod usage;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tracing::warn;

use self::{
    budget::Budget,
    drafting::{Drafting, Stop},
    fence::Fence,
    model::Model,
    replies::Replies,
    usage::Prices,
};
use super::{Brief, Planner, PlannerError, offline, verify::verify};
use crate::{
    clock::Clock,
    model::plan::{Draft, Plan},
};

/// What the chosen pack tells a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Instructions; no outside text.
    pub instructions: String,
    /// Sections that the pack adds: titles with their questions.
    pub extra: Vec<(String, String)>,
}

/// Finds what the pack of a brief tells a model.
pub trait Instructions: Send + Sync {
    /// The instructions for a ticket; `plan` is the offline plan, verified.
    fn of(&self, brief: Brief<'_>, plan: &Plan) -> Result<Told, String>;
}

/// Limits of one plan.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Tokens of repository text in each question.
    pub context_tokens: u32,
    /// The longest answer, in tokens.
    pub output_tokens: u32,
    /// All tokens of one plan, questions and answers.
    pub tokens_per_plan: u64,
    /// From the first question to the last answer.
    pub deadline: Duration,
    pub prices: Option<Prices>,
    /// Only stored replies are used; the model is never asked.
    pub replay_only: bool,
}

/// The planner that asks a model.
pub struct Llm {
    pub model: Arc<dyn Model>,
    pub replies: Arc<dyn Replies>,
    pub budget: Arc<dyn Budget>,
    pub instructions: Arc<dyn Instructions>,
    /// Makes the ids of fences.
    pub clock: Arc<dyn Clock>,
    pub settings: Settings,
}

#[async_trait]
impl Planner for Llm {
    async fn draft(&self, brief: Brief<'_>) -> Result<Draft, PlannerError> {
        let start = offline::draft(brief);
        let plan = verify(start.clone(), brief.contexts, brief.ticket);
        let told = match self.instructions.of(brief, &plan) {
            Ok(told) => told,
            Err(problem) => return Ok(alone(start, &problem)),
        };
        let fence = Fence::new(self.clock.new_id());
        let mut drafting = Drafting::new(self, brief, &told, fence, start.clone());
        let stop = match tokio::time::timeout(self.settings.deadline, drafting.write()).await {
            Ok(stop) => stop,
            Err(_) => Some(Stop::Failed("no whole answer in time".to_owned())),
        };
        Ok(self.finish(drafting, start, stop))
    }

    async fn forget(&self, then: i64) -> u64 {
        let replies = Arc::clone(&self.replies);
        tokio::task::spawn_blocking(move || replies.purge(then)).await.unwrap_or(0)
    }
}

impl Llm {
    /// The model's draft, or the offline one when the model failed; labelled either way.
    fn finish(&self, drafting: Drafting<'_>, start: Draft, stop: Option<Stop>) -> Draft {
        let (written, mut used) = drafting.done();
        let (outcome, mut draft) = match &stop {
            None => ("drafted", written),
            Some(Stop::Budget(_)) if !used.sections.is_empty() => ("partly", written),
            Some(Stop::Budget(reason) | Stop::Failed(reason)) => {
                warn!(reason, "the model drafted no plan: the offline plan stands in");
                used.sections.clear();
                ("offline", alone(start, reason))
            }
        };
        metrics::counter!("planwright_model_plans_total", "outcome" => outcome).increment(1);
        if outcome != "offline" {
            draft.head.planner = match &stop {
                None => used.name.clone(),
                Some(_) => format!("{} for {}, offline for the rest", used.name, used.sections.join(", ")),
            };
        }
        used.stopped = stop.map(|stop| match stop {
            Stop::Budget(reason) | Stop::Failed(reason) => reason,
        });
        used.left_out = u32::try_from(draft.head.left_out.len()).unwrap_or(u32::MAX);
        draft.head.model = Some(used);
        draft
    }
}

/// The offline draft, which says why it stands alone.
fn alone(mut draft: Draft, reason: &str) -> Draft {
    draft.head.planner = format!("offline (model unavailable: {reason})");
    draft
}
