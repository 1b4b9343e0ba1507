//! The files of the finished steps, each once: what counts, diagrams and lists of files go by.
//!
//! In: the phases of a draft. Out: their files, told apart by what happens to them. What a step only runs is on none.

use super::super::{
    Survey,
    code::{layer::Layer, path::ending},
};
use crate::model::{
    context::{Context, FileClass},
    plan::{Action, Citation, FileChange, FileRef, Phase},
};

/// The files of the steps.
pub struct Listed<'p> {
    all: Vec<&'p FileChange>,
    /// Files that instructions speak of.
    said: Vec<&'p FileRef>,
}

impl<'p> Listed<'p> {
    /// The files of these phases, in the order of the steps; one that several steps change counts once.
    pub fn of(phases: &'p [Phase]) -> Self {
        let mut all: Vec<&FileChange> = Vec::new();
        for change in phases.iter().flat_map(|phase| &phase.steps).flat_map(|step| &step.files) {
            match all.iter_mut().find(|known| is_same(&known.file, &change.file)) {
                Some(known) if known.action == Action::Read => *known = change,
                Some(_) => {}
                None => all.push(change),
            }
        }
        let steps = phases.iter().flat_map(|phase| &phase.steps);
        let cited = steps.flat_map(|step| &step.how).flat_map(|said| &said.citations);
        let said = cited.filter_map(|c| if let Citation::File(file) = c { Some(file) } else { None }).collect();
        Self { all, said }
    }

    /// Files that change.
    pub fn changed(&self) -> impl Iterator<Item = &'p FileRef> {
        self.all.iter().filter(|change| change.action != Action::Read).map(|change| &change.file)
    }

    /// Files that are looked at, and changed only where it has to be.
    pub fn read(&self) -> impl Iterator<Item = &'p FileRef> {
        self.all.iter().filter(|change| change.action == Action::Read).map(|change| &change.file)
    }

    /// Is the file on a step?
    pub fn holds(&self, file: &FileRef) -> bool {
        self.all.iter().any(|change| is_same(&change.file, file))
    }

    /// Is the file on a step, or does an instruction speak of it?
    pub fn names(&self, file: &FileRef) -> bool {
        self.holds(file) || self.said.iter().any(|known| is_same(known, file))
    }

    /// Does a step change the file?
    pub fn changes(&self, file: &FileRef) -> bool {
        self.changed().any(|known| is_same(known, file))
    }
}

fn is_same(a: &FileRef, b: &FileRef) -> bool {
    a.path == b.path && a.repository == b.repository
}

/// The repository of a file, as the plan knows it.
pub fn context<'c>(survey: &Survey<'_, 'c>, file: &FileRef) -> Option<&'c Context> {
    match &file.repository {
        None => survey.contexts.first(),
        Some(name) => survey.contexts.iter().find(|context| context.repository.name == *name),
    }
}

/// What part of its system a file of the steps is.
pub fn layer(survey: &Survey<'_, '_>, file: &FileRef) -> Layer {
    let site = survey.sites.iter().find(|site| is_same(&site.file(), file));
    let class = || context(survey, file).and_then(|context| context.tree.file(&file.path)).map(|found| found.class);
    // A file that is to be made is told by its name.
    let named = || if is_test_name(&file.path) { FileClass::Test } else { FileClass::Source };
    site.map_or_else(|| Layer::of(&file.path, class().unwrap_or_else(named)), |site| site.layer)
}

/// Is the path that of a test, by what tests are called: `test_x.py`, `x_test.go`, `x.test.ts`, `x_spec.rb`, `XTest.java`?
fn is_test_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_marked = ["_test.", ".test.", ".spec.", "_spec.", "Test.", "Tests."].iter().any(|mark| name.contains(mark));
    is_marked || name.starts_with("test_") || path.starts_with("tests/") && ending(path) == "rs"
}

/// Is the file of the steps code: no test, settings or document?
pub fn is_code(survey: &Survey<'_, '_>, file: &FileRef) -> bool {
    !matches!(layer(survey, file), Layer::Document | Layer::Settings | Layer::Test)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::Step;

    #[test]
    fn a_file_of_two_steps_is_one_that_changes() {
        let change = |action, path: &str| FileChange { action, file: FileRef::new(path), ..FileChange::default() };
        let step = |files| Step { files, ..Step::default() };
        let steps = vec![
            step(vec![change(Action::Read, "a.rs"), change(Action::Read, "b.rs")]),
            step(vec![change(Action::Modify, "a.rs"), change(Action::Create, "c.rs")]),
        ];
        let phases = [Phase { steps, ..Phase::default() }];
        let listed = Listed::of(&phases);
        let paths = |files: Vec<&FileRef>| files.iter().map(|f| f.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(listed.changed().collect()), ["a.rs", "c.rs"]);
        assert_eq!(paths(listed.read().collect()), ["b.rs"]);
        assert!(listed.holds(&FileRef::new("b.rs")) && !listed.changes(&FileRef::new("b.rs")));
    }
}
