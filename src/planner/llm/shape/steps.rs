//! The steps as a model writes them.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{Action, Command, FileChange, FileRef, Phase, Step, SymbolRef};

/// The work in its order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Work {
    /// One phase without a title for a small change.
    pub phases: Vec<PhaseShape>,
}

/// Steps that belong together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PhaseShape {
    pub title: String,
    pub deliverables: Vec<Said>,
    pub steps: Vec<StepShape>,
}

/// One step; afterwards the build is green again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StepShape {
    /// One line.
    pub title: String,
    /// Why this step, and why here.
    pub why: Vec<Said>,
    /// What to do, in order: which function, following which example.
    pub how: Vec<Said>,
    pub files: Vec<ChangeShape>,
    /// What is there and must keep working.
    pub watch: Vec<Said>,
    /// The language of the sketch.
    pub sketch_language: String,
    /// The few lines of code that matter; empty when words are enough.
    pub sketch: String,
    /// Commands of the repository that show the step is done.
    pub validate: Vec<String>,
    pub acceptance: Vec<Said>,
    /// Ids of the criteria and requirements that the step serves.
    pub serves: Vec<String>,
}

/// What happens to one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ChangeShape {
    pub action: Action,
    pub path: String,
    /// The new path of a rename, else empty.
    pub rename_to: String,
    /// Symbols of this file to change, as the excerpts name them, best first.
    pub symbols: Vec<String>,
    pub why: Vec<Said>,
    /// An existing file that shows how, or empty.
    pub like: String,
}

impl Work {
    /// A draft's phases as a start.
    pub fn of(phases: &[Phase]) -> Self {
        let phase = |phase: &Phase| PhaseShape {
            title: phase.title.clone(),
            deliverables: Said::all(&phase.deliverables),
            steps: phase.steps.iter().map(step_shape).collect(),
        };
        Self { phases: phases.iter().map(phase).collect() }
    }

    /// The paths that the steps create.
    pub fn created(&self) -> BTreeSet<String> {
        let changes = self.phases.iter().flat_map(|phase| &phase.steps).flat_map(|step| &step.files);
        let paths = changes.flat_map(|change| match change.action {
            Action::Create => Some(change.path.clone()),
            Action::Rename => Some(change.rename_to.clone()),
            _ => None,
        });
        paths.filter(|path| !path.is_empty()).collect()
    }

    /// The phases, with what the draft knew of the same files. Empty when no step is left.
    pub fn phases(&self, draft: &[Phase], guard: &mut Guard<'_>) -> Vec<Phase> {
        let before: BTreeMap<&str, &FileChange> = draft
            .iter()
            .flat_map(|phase| &phase.steps)
            .flat_map(|step| &step.files)
            .map(|change| (change.file.path.as_str(), change))
            .collect();
        let mut phases = Vec::new();
        for shape in self.phases.iter().take(12) {
            let steps = shape.steps.iter().take(30).filter_map(|shape| step(shape, &before, guard));
            let steps = steps.map(|step| counted(step, draft)).collect::<Vec<_>>();
            if !steps.is_empty() {
                let deliverables = statements(&shape.deliverables, guard);
                phases.push(Phase { title: guard.line(&shape.title), deliverables, duration: None, steps });
            }
        }
        phases
    }
}

/// A draft's step as a start.
fn step_shape(step: &Step) -> StepShape {
    let change = |change: &FileChange| ChangeShape {
        action: change.action,
        path: change.file.path.clone(),
        rename_to: change.to.clone().unwrap_or_default(),
        symbols: change.symbols.iter().map(|symbol| symbol.name.clone()).collect(),
        why: Said::all(&change.why),
        like: change.like.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
    };
    StepShape {
        title: step.title.clone(),
        why: Said::all(&step.why),
        how: Said::all(&step.how),
        files: step.files.iter().map(change).collect(),
        watch: Said::all(&step.watch),
        sketch_language: step.sketch.as_ref().and_then(|code| code.language.clone()).unwrap_or_default(),
        sketch: step.sketch.as_ref().map(|code| code.text.clone()).unwrap_or_default(),
        validate: step.validate.iter().map(|command| command.line.clone()).collect(),
        acceptance: Said::all(&step.acceptance),
        serves: step.serves.clone(),
    }
}

/// A step; `None` when nothing is left to do in it.
fn step(shape: &StepShape, before: &BTreeMap<&str, &FileChange>, guard: &mut Guard<'_>) -> Option<Step> {
    let files: Vec<FileChange> = shape.files.iter().take(30).filter_map(|c| change(c, before, guard)).collect();
    let how = statements(&shape.how, guard);
    let title = guard.line(&shape.title);
    if title.is_empty() || (files.is_empty() && how.is_empty()) {
        return None;
    }
    let validate: Vec<Command> = shape.validate.iter().take(8).filter_map(|line| guard.command(line)).collect();
    Some(Step {
        id: String::new(),
        title,
        why: statements(&shape.why, guard),
        how,
        files,
        watch: statements(&shape.watch, guard),
        sketch: guard.code(&shape.sketch_language, &shape.sketch),
        validate,
        acceptance: statements(&shape.acceptance, guard),
        serves: shape.serves.iter().take(40).cloned().collect(),
        focus: None,
        time: None,
    })
}

/// The step with what the draft's step of the same first file has and a model does not write: its part in a focus, and the
/// size of a past change.
fn counted(step: Step, draft: &[Phase]) -> Step {
    let first = |step: &Step| step.files.first().map(|change| change.file.path.clone());
    let mut known = draft.iter().flat_map(|phase| &phase.steps);
    match known.find(|known| first(known).is_some() && first(known) == first(&step)) {
        Some(known) => Step { focus: known.focus.clone(), time: known.time.clone(), ..step },
        None => step,
    }
}

/// A change of a file that exists, or of one to create; `None` for any other.
fn change(shape: &ChangeShape, before: &BTreeMap<&str, &FileChange>, guard: &mut Guard<'_>) -> Option<FileChange> {
    let file = guard.file(&shape.path)?;
    let known = before.get(file.path.as_str());
    let symbols = shape.symbols.iter().take(20).map(|name| symbol(name, &file, known.copied(), guard));
    let symbols: Vec<SymbolRef> = symbols.collect();
    let mut why = statements(&shape.why, guard);
    if why.is_empty() {
        why = known.map(|change| change.why.clone()).unwrap_or_default();
    }
    let to = guard.line(&shape.rename_to);
    let kept = known.and_then(|change| change.like.clone()).filter(|like| like.path == shape.like);
    let like = kept.or_else(|| guard.file(&shape.like));
    let to = (shape.action == Action::Rename && !to.is_empty()).then_some(to);
    let is_left = |s: &&SymbolRef| symbols.iter().all(|changed| changed.name != s.name);
    let beside = known.into_iter().flat_map(|change| &change.beside).filter(is_left).cloned().collect();
    let reads = known.into_iter().flat_map(|change| &change.reads).filter(is_left).cloned().collect();
    let adds = known.map(|change| change.adds.clone()).unwrap_or_default();
    Some(FileChange { action: shape.action, file, to, symbols, beside, reads, adds, why, like, doubt: None })
}

/// A symbol, with what the draft knew of it. Verification finds its lines, or drops it.
fn symbol(name: &str, file: &FileRef, known: Option<&FileChange>, guard: &mut Guard<'_>) -> SymbolRef {
    let name = guard.line(name);
    let before = known.and_then(|change| change.symbols.iter().find(|symbol| symbol.name == name));
    before.cloned().unwrap_or_else(|| SymbolRef { name, file: file.clone(), ..SymbolRef::default() })
}
