//! Makes drafts from the ticket and the repository alone: no model, no network, no clock, no disk.
//!
//! In: a [`Brief`]. Out: a [`Draft`] in which every statement rests on words of the ticket or on lines of the repository.
//! Equal briefs give equal drafts. Never a sentence that would be as true of another ticket.

mod code;
mod overruled;
mod places;
mod reading;
mod sections;
mod survey;
mod testing;
mod unsaid;
mod wish;
mod work;

use async_trait::async_trait;

use self::{reading::Reading, survey::Survey};
use super::{Brief, Planner, PlannerError};
use crate::model::{
    plan::{Action, Basis, Draft, DraftHead, Sections, Statement, Step},
    ticket::Ticket,
};

/// The planner that needs nothing but the repository.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

#[async_trait]
impl Planner for Offline {
    async fn draft(&self, brief: Brief<'_>) -> Result<Draft, PlannerError> {
        Ok(draft(brief))
    }
}

/// What a ticket asks for, as a draft reads it: the words of its criteria, then of its requirements.
pub fn asked(ticket: &Ticket) -> Vec<String> {
    Reading::of(ticket).asked().map(|(_, words)| words.to_owned()).collect()
}

/// Drafts a plan. Pure: equal briefs give equal drafts.
pub fn draft(brief: Brief<'_>) -> Draft {
    let reading = Reading::with_wish(brief.ticket, brief.options.revise.as_deref());
    let sites = survey::all_sites(brief.contexts, &reading, brief.date);
    let sites = survey::wanted(brief, &reading, sites);
    let groups = work::group::groups(&sites);
    let survey = Survey::new(brief, &reading, &sites, &groups);
    let (focus, focus_reason) = sections::overview::focus(&survey);
    let mut phases = work::phases::of(&survey);
    let mut testing = testing::of(&survey);
    work::settle::late(&survey, &mut phases, &testing);
    work::settle::named(&survey, &mut phases);
    testing::fill(&survey, &phases, &mut testing);
    work::settle::added(&survey, &mut phases, &testing);
    work::answers::homes(&survey, &mut phases);
    let listed = work::listed::Listed::of(&phases);
    let mut draft = Draft {
        head: DraftHead {
            planner: "offline".to_owned(),
            date: brief.date.to_owned(),
            kind: reading.kind,
            kind_reason: reading.kind_reason.clone(),
            focus,
            focus_reason,
            depth: brief.options.depth.unwrap_or_default(),
            confidence: sections::confidence::of(&survey),
            model: None,
            left_out: Vec::new(),
        },
        sections: Sections {
            overview: sections::overview::of(&survey, &listed),
            requirements: survey.requirements(),
            criteria: survey.criteria(),
            architecture: sections::design::architecture(&survey, &listed),
            technology: sections::design::technology(&survey),
            follow: sections::design::follow(&survey, &listed),
            data: sections::data::of(&survey),
            interfaces: sections::interface::of(&survey),
            security: sections::security::of(&survey),
            performance: sections::speed::of(&survey),
            reliability: sections::reliability::of(&survey),
            dependencies: sections::dependencies::of(&survey, &listed),
            rollout: sections::rollout::of(&survey, &listed),
            risks: sections::risks::of(&survey, &listed),
            questions: sections::questions::of(&survey),
            success: testing::success(&survey),
            handover: sections::rollout::handover(&survey),
            future: sections::overview::left_out(&survey),
            references: sections::design::references(&survey),
            considered: sections::confidence::considered(&survey, &listed),
            extra: Vec::new(),
            phases,
            testing,
        },
    };
    sections::fields::fill(&survey, &mut draft.sections);
    if !draft.sections.phases.iter().flat_map(|p| &p.steps).any(changes) && !draft.sections.questions.is_empty() {
        // Nothing is built before it is known what: no command shows that it is done.
        draft.sections.testing.commands.clear();
        draft.sections.success.clear();
        let before = &mut draft.sections.rollout.before;
        before.insert(0, Statement::new(Basis::Ticket, "Nothing is merged yet: the open questions come first"));
    }
    draft
}

/// Does the step change a file?
fn changes(step: &Step) -> bool {
    step.files.iter().any(|file| file.action != Action::Read)
}
