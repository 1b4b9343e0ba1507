//! Walks over everything that a plan says, so that verification misses nothing.

use super::*;

impl Sections {
    /// Calls `f` with every statement, in the order of the sections.
    pub fn statements_mut(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.overview.each(f);
        self.architecture.each(f);
        self.technology.iter_mut().filter_map(|t| t.rationale.as_mut()).for_each(&mut *f);
        self.follow.iter_mut().for_each(&mut *f);
        for phase in &mut self.phases {
            phase.each(f);
        }
        self.data.each(f);
        self.interfaces.each(f);
        self.testing.each(f);
        let (security, performance, rollout) = (&mut self.security, &mut self.performance, &mut self.rollout);
        let lists = [
            &mut security.access,
            &mut security.input,
            &mut security.secrets,
            &mut security.data,
            &mut security.checklist,
            &mut performance.targets,
            &mut performance.strategies,
            &mut performance.monitoring,
            &mut rollout.flags,
            &mut rollout.migration,
            &mut rollout.compatibility,
            &mut rollout.before,
            &mut rollout.staging,
            &mut rollout.production,
            &mut rollout.rollback,
            &mut rollout.monitoring,
            &mut self.success,
            &mut self.handover,
            &mut self.future,
            &mut self.references,
            &mut self.considered,
        ];
        lists.into_iter().flatten().for_each(&mut *f);
        self.dependencies.each(f);
        for risk in &mut self.risks {
            f(&mut risk.risk);
            f(&mut risk.mitigation);
        }
        self.questions.iter_mut().for_each(|q| f(&mut q.ask));
        self.extra.iter_mut().flat_map(|section| &mut section.statements).for_each(&mut *f);
    }

    /// Calls `f` with every file that is referred to, apart from the steps' lists of changes and from citations.
    pub fn loose_files_mut(&mut self, f: &mut dyn FnMut(&mut Option<FileRef>)) {
        self.technology.iter_mut().for_each(|t| f(&mut t.file));
        for component in &mut self.architecture.components {
            keep_files(&mut component.files, f);
        }
        for command in self.phases.iter_mut().flat_map(|p| &mut p.steps).flat_map(|s| &mut s.validate) {
            f(&mut command.source);
        }
        self.data.changes.iter_mut().for_each(|c| f(&mut c.file));
        self.data.entities.iter_mut().for_each(|e| f(&mut e.file));
        self.interfaces.endpoints.iter_mut().for_each(|e| f(&mut e.file));
        self.testing.cases.iter_mut().for_each(|case| f(&mut case.like));
        self.testing.commands.iter_mut().for_each(|c| f(&mut c.source));
        self.dependencies.packages.iter_mut().for_each(|p| f(&mut p.file));
    }
}

/// Passes each file as an option and keeps those that are left.
fn keep_files(files: &mut Vec<FileRef>, f: &mut dyn FnMut(&mut Option<FileRef>)) {
    let taken = std::mem::take(files);
    files.extend(taken.into_iter().filter_map(|file| {
        let mut slot = Some(file);
        f(&mut slot);
        slot
    }));
}

impl Overview {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.summary.iter_mut().for_each(&mut *f);
        for decision in &mut self.decisions {
            f(&mut decision.what);
            decision.why.iter_mut().chain(&mut decision.alternatives).for_each(&mut *f);
        }
        self.complexity.counted.iter_mut().chain(&mut self.effort).for_each(&mut *f);
    }
}

impl Architecture {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.pattern.iter_mut().chain(&mut self.rationale).chain(&mut self.integration).for_each(&mut *f);
        self.components.iter_mut().filter_map(|c| c.note.as_mut()).for_each(f);
    }
}

impl Phase {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.deliverables.iter_mut().chain(&mut self.duration).for_each(&mut *f);
        for step in &mut self.steps {
            step.why.iter_mut().chain(&mut step.how).chain(&mut step.watch).for_each(&mut *f);
            step.acceptance.iter_mut().chain(&mut step.time).for_each(&mut *f);
            step.focus.iter_mut().for_each(|focus| f(&mut focus.note));
            step.files.iter_mut().flat_map(|change| &mut change.why).for_each(&mut *f);
        }
    }
}

impl Data {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.changes.iter_mut().for_each(|change| f(&mut change.what));
        let lists = [&mut self.relations, &mut self.indexes, &mut self.migration, &mut self.notes];
        lists.into_iter().flatten().for_each(f);
    }
}

impl Interfaces {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        for endpoint in &mut self.endpoints {
            endpoint.change.iter_mut().chain(&mut endpoint.validation).for_each(&mut *f);
            endpoint.authentication.iter_mut().for_each(&mut *f);
        }
        self.notes.iter_mut().for_each(f);
    }
}

impl Testing {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.cases.iter_mut().for_each(|case| f(&mut case.what));
        let lists = [&mut self.edges, &mut self.performance, &mut self.manual, &mut self.gaps];
        lists.into_iter().flatten().for_each(&mut *f);
        self.coverage_goal.iter_mut().for_each(f);
    }
}

impl Dependencies {
    fn each(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.manager.iter_mut().for_each(&mut *f);
        self.packages.iter_mut().filter_map(|p| p.note.as_mut()).for_each(&mut *f);
        let lists = [
            &mut self.services,
            &mut self.configuration,
            &mut self.upstream,
            &mut self.downstream,
            &mut self.infrastructure,
        ];
        lists.into_iter().flatten().for_each(f);
    }
}
