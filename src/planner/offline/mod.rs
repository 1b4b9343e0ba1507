//! Makes drafts from the ticket and the repository alone: no model, no network, no clock, no disk.
//!
//! In: a [`Brief`]. Out: a [`Draft`] in which every statement rests on words of the ticket or on lines of the repository.
//! Equal briefs give equal drafts. Never a sentence that would be as true of another ticket.

mod adopted;
mod aftermath;
mod amounts;
mod answers;
mod asserted;
mod attribute;
mod beside;
mod called;
mod cited;
mod coined;
mod commands;
mod commits;
mod companions;
mod conditions;
mod confidence;
mod contract;
mod crates;
mod data;
mod demanded;
mod dependencies;
mod design;
mod documents;
mod edges;
mod ends;
mod entry;
mod expected;
mod family;
mod far;
mod fields;
mod figures;
mod flags;
mod followers;
mod forms;
mod frames;
mod given;
mod group;
mod guards;
mod interface;
mod layer;
mod lifted;
mod listed;
mod literals;
mod logs;
mod loops;
mod migrations;
mod models;
mod near;
mod neighbours;
mod noun;
mod once;
mod overruled;
mod overview;
mod owners;
mod path;
mod pattern;
mod phases;
mod picked;
mod ports;
mod questions;
mod raised;
mod reach;
mod reading;
mod related;
mod reliability;
mod removed;
mod replaced;
mod reported;
mod returned;
mod risks;
mod rollout;
mod security;
mod serve;
mod server;
mod settings;
mod settle;
mod site;
mod size;
mod speed;
mod states;
mod steps;
mod stored;
mod survey;
mod suspect;
mod testing;
mod through;
mod thrown;
mod timed;
mod todo;
mod toggles;
mod touched;
mod traced;
mod unsaid;
mod uses;
mod why;
mod widen;
mod wish;

use async_trait::async_trait;

use self::{reading::Reading, survey::Survey};
use super::{Brief, Planner, PlannerError};
use crate::model::{
    plan::{Draft, DraftHead, Sections},
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
    let groups = group::groups(&sites);
    let survey = Survey::new(brief, &reading, &sites, &groups);
    let (focus, focus_reason) = overview::focus(&survey);
    let mut phases = phases::of(&survey);
    let mut testing = testing::of(&survey);
    settle::late(&survey, &mut phases, &testing);
    testing::fill(&survey, &phases, &mut testing);
    settle::added(&survey, &mut phases, &testing);
    answers::homes(&survey, &mut phases);
    let listed = listed::Listed::of(&phases);
    let mut draft = Draft {
        head: DraftHead {
            planner: "offline".to_owned(),
            date: brief.date.to_owned(),
            kind: reading.kind,
            kind_reason: reading.kind_reason.clone(),
            focus,
            focus_reason,
            depth: brief.options.depth.unwrap_or_default(),
            confidence: confidence::of(&survey),
            model: None,
            left_out: Vec::new(),
        },
        sections: Sections {
            overview: overview::of(&survey, &listed),
            requirements: survey.requirements(),
            criteria: survey.criteria(),
            architecture: design::architecture(&survey, &listed),
            technology: design::technology(&survey),
            follow: design::follow(&survey, &listed),
            data: data::of(&survey),
            interfaces: interface::of(&survey),
            security: security::of(&survey),
            performance: speed::of(&survey),
            reliability: reliability::of(&survey),
            dependencies: dependencies::of(&survey, &listed),
            rollout: rollout::of(&survey, &listed),
            risks: risks::of(&survey, &listed),
            questions: questions::of(&survey),
            success: testing::success(&survey),
            handover: rollout::handover(&survey),
            future: overview::left_out(&survey),
            references: design::references(&survey),
            considered: confidence::considered(&survey, &listed),
            extra: Vec::new(),
            phases,
            testing,
        },
    };
    fields::fill(&survey, &mut draft.sections);
    draft
}
