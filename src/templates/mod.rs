//! Template packs: plan → document.
//!
//! In: a [`Plan`] and its [`Ticket`]. Out: Markdown. Packs are built in, or read from folders once at start: every mistake
//! is found then, with file, line and column. Rendering is bounded in depth and size, and what the ticket or the
//! repository wrote reaches the document as literal text: it is data, never a template.

mod choose;
mod contracts;
mod domains;
mod each;
mod engine;
mod guard;
mod helpers;
mod inline;
mod literal;
mod outline;
mod pack;
mod repository;
mod sample;
mod source;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex},
};

use serde_json::json;

use crate::model::{
    ids::{CommitId, RepoName},
    plan::Plan,
    ticket::Ticket,
};

pub use choose::UnknownPack;
use engine::Engine;
pub use engine::RenderError;
pub use outline::{Outline, OutlineArchitecture, OutlineStep, OutlineTests, outline, outline_schema};
pub use pack::{ExtraQuestion, Matches, Pack, Publish};
use source::Sources;
pub use source::{PackProblem, check};

/// All packs of a running program, or of a ticket whose repository adds its own.
#[derive(Clone)]
pub struct Packs {
    shared: Arc<Shared>,
    /// The pack that the ticket's repository chooses for its tickets.
    preferred: Option<String>,
    /// What is wrong with the repository's own packs, in a sentence.
    note: Option<String>,
    /// The packs of repositories that have their own, as compiled for their tickets before.
    kept: Arc<Mutex<Vec<Kept>>>,
}

/// Packs of a repository at a commit.
type Kept = ((RepoName, CommitId), Arc<Packs>);

/// Packs, their sources and what renders them.
struct Shared {
    packs: BTreeMap<String, Pack>,
    sources: Arc<Sources>,
    /// Compiled when it is first needed where all packs are built in, which tests have proven; else at once.
    engine: LazyLock<Engine, Box<dyn FnOnce() -> Engine + Send>>,
}

impl Shared {
    /// Packs that are compiled and proven now.
    fn build(sources: Sources) -> Result<Self, Vec<PackProblem>> {
        let engine = Engine::build(&sources)?;
        Ok(Self::with(Arc::new(sources), Box::new(move || engine)))
    }

    /// Packs that are compiled when they are first needed.
    fn later(sources: Sources) -> Self {
        let sources = Arc::new(sources);
        let compiled = Arc::clone(&sources);
        let compile = move || {
            Engine::build(&compiled).unwrap_or_else(|problems| panic!("built-in packs are tested: {problems:?}"))
        };
        Self::with(sources, Box::new(compile))
    }

    fn with(sources: Arc<Sources>, compile: Box<dyn FnOnce() -> Engine + Send>) -> Self {
        let packs = sources.packs.iter().map(|p| (p.name.clone(), p.clone())).collect();
        Self { packs, sources, engine: LazyLock::new(compile) }
    }
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
        let shared = if dirs.is_empty() { Shared::later(sources) } else { Shared::build(sources)? };
        Ok(Self { shared: Arc::new(shared), preferred: None, note: None, kept: Arc::default() })
    }

    /// The names, in byte order.
    pub fn names(&self) -> Vec<&str> {
        self.shared.packs.keys().map(String::as_str).collect()
    }

    /// A pack by its name.
    pub fn get(&self, name: &str) -> Option<&Pack> {
        self.shared.packs.get(name)
    }

    /// Renders a plan through a pack, to Markdown with a newline at the end.
    pub fn render(&self, name: &str, plan: &Plan, ticket: &Ticket) -> Result<String, RenderError> {
        let mut document = self.render_part(name, "plan", plan, ticket)?;
        if let Some(note) = &self.note {
            document.push_str(&format!("\n*{}*\n", literal::prose(note)));
        }
        Ok(document)
    }

    /// Renders the head of a plan, its summary and the files that it changes: what a comment shows beside a link to the
    /// whole, whatever the pack.
    pub fn short(&self, plan: &Plan) -> Result<String, RenderError> {
        self.shared.engine.render("short", &json!({ "plan": &**plan }))
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
            "pack": { "name": pack.name, "title": pack.title, "sections": pack.sections },
            "ticket": { "reference": ticket.reference, "project": ticket.project, "milestone": ticket.milestone },
        });
        self.shared.engine.render(&format!("{name}/{part}"), &data)
    }
}
