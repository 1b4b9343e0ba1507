//! Template packs: plan → document.
//!
//! In: a [`Plan`] and its [`Ticket`]. Out: Markdown. Packs are built in, or read from folders once at start: every mistake
//! is found then, with file, line and column. Rendering is bounded in depth and size, and what the ticket or the
//! repository wrote reaches the document as literal text: it is data, never a template.

mod choose;
mod engine;
mod guard;
mod helpers;
mod literal;
mod outline;
mod pack;
mod sample;
mod source;

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use serde_json::json;

use crate::model::{plan::Plan, ticket::Ticket};

pub use choose::UnknownPack;
use engine::Engine;
pub use engine::RenderError;
pub use outline::{Outline, OutlineStep, OutlineTests, outline, outline_schema};
pub use pack::{ExtraQuestion, Matches, Pack, Publish};
pub use source::{PackProblem, check};

/// All packs of a running program.
pub struct Packs {
    packs: BTreeMap<String, Pack>,
    /// Compiled when it is first needed where all packs are built in, which tests have proven; else at once.
    engine: LazyLock<Engine, Box<dyn FnOnce() -> Engine + Send>>,
}

impl Packs {
    /// The packs that come with the program.
    pub fn builtin() -> Self {
        Self::load(&[]).unwrap_or_else(|problems| panic!("built-in packs are tested: {problems:?}"))
    }

    /// The built-in packs with those of these folders added; a pack or partial of the same name takes the place of the
    /// earlier one. Reads the folders now and never again.
    pub fn load(dirs: &[PathBuf]) -> Result<Self, Vec<PackProblem>> {
        let sources = source::read(dirs)?;
        let packs: BTreeMap<String, Pack> = sources.packs.iter().map(|p| (p.name.clone(), p.clone())).collect();
        let compile: Box<dyn FnOnce() -> Engine + Send> = if dirs.is_empty() {
            Box::new(move || {
                Engine::build(&sources).unwrap_or_else(|problems| panic!("built-in packs are tested: {problems:?}"))
            })
        } else {
            let engine = Engine::build(&sources)?;
            Box::new(move || engine)
        };
        Ok(Self { packs, engine: LazyLock::new(compile) })
    }

    /// The names, in byte order.
    pub fn names(&self) -> Vec<&str> {
        self.packs.keys().map(String::as_str).collect()
    }

    /// A pack by its name.
    pub fn get(&self, name: &str) -> Option<&Pack> {
        self.packs.get(name)
    }

    /// Renders a plan through a pack, to Markdown with a newline at the end.
    pub fn render(&self, name: &str, plan: &Plan, ticket: &Ticket) -> Result<String, RenderError> {
        self.render_part(name, "plan", plan, ticket)
    }

    /// Renders the head of a plan, its summary and the files that it changes: what a comment shows beside a link to the
    /// whole, whatever the pack.
    pub fn short(&self, plan: &Plan) -> Result<String, RenderError> {
        self.engine.render("short", &json!({ "plan": &**plan }))
    }

    /// Renders what a pack tells a model about a plan to be made from this one.
    pub fn prompt(&self, name: &str, plan: &Plan, ticket: &Ticket) -> Result<String, RenderError> {
        self.render_part(name, "prompt", plan, ticket)
    }

    /// Renders one of a pack's two templates.
    fn render_part(&self, name: &str, part: &str, plan: &Plan, ticket: &Ticket) -> Result<String, RenderError> {
        let pack = self.get(name).ok_or_else(|| RenderError::UnknownPack(name.to_owned()))?;
        let data = json!({
            "plan": &**plan,
            "pack": { "name": pack.name, "title": pack.title },
            "ticket": { "reference": ticket.reference, "project": ticket.project, "milestone": ticket.milestone },
        });
        self.engine.render(&format!("{name}/{part}"), &data)
    }
}
