//! Walks over everything that a plan says, so that verification misses nothing.

use super::*;

/// Calls a function with each of some lists.
macro_rules! each {
    ($f:expr; $($list:expr),+ $(,)?) => {{ $( $f($list); )+ }};
}

impl Sections {
    /// Calls `f` with every statement.
    pub fn statements_mut(&mut self, f: &mut dyn FnMut(&mut Statement)) {
        self.lists_mut(&mut |list| list.iter_mut().for_each(&mut *f));
        self.slots_mut(&mut |slot| slot.iter_mut().for_each(&mut *f));
        self.overview.decisions.iter_mut().for_each(|decision| f(&mut decision.what));
        self.data.changes.iter_mut().for_each(|change| f(&mut change.what));
        self.testing.cases.iter_mut().for_each(|case| f(&mut case.what));
        self.questions.iter_mut().for_each(|question| f(&mut question.ask));
        for risk in &mut self.risks {
            f(&mut risk.risk);
            f(&mut risk.mitigation);
        }
        let steps = self.phases.iter_mut().flat_map(|phase| &mut phase.steps);
        steps.filter_map(|step| step.focus.as_mut()).for_each(|focus| f(&mut focus.note));
    }

    /// Calls `f` with every list of statements.
    pub fn lists_mut(&mut self, f: &mut dyn FnMut(&mut Vec<Statement>)) {
        let (overview, architecture) = (&mut self.overview, &mut self.architecture);
        each!(f; &mut overview.summary, &mut overview.given, &mut overview.complexity.counted, &mut overview.effort);
        overview.decisions.iter_mut().for_each(|decision| f(&mut decision.alternatives));
        each!(f; &mut architecture.rationale, &mut architecture.integration, &mut self.follow);
        for phase in &mut self.phases {
            f(&mut phase.deliverables);
            for step in &mut phase.steps {
                each!(f; &mut step.why, &mut step.how, &mut step.watch, &mut step.acceptance);
                step.files.iter_mut().for_each(|change| f(&mut change.why));
            }
        }
        let (data, interfaces, testing) = (&mut self.data, &mut self.interfaces, &mut self.testing);
        each!(f; &mut data.relations, &mut data.indexes, &mut data.migration, &mut data.notes, &mut interfaces.notes);
        for endpoint in &mut interfaces.endpoints {
            each!(f; &mut endpoint.change, &mut endpoint.validation);
        }
        each!(f; &mut testing.edges, &mut testing.performance, &mut testing.manual, &mut testing.gaps);
        testing.cases.iter_mut().for_each(|case| f(&mut case.tries));
        let (security, performance) = (&mut self.security, &mut self.performance);
        each!(f; &mut security.access, &mut security.input, &mut security.secrets, &mut security.data);
        each!(f; &mut security.checklist, &mut performance.targets, &mut performance.strategies);
        each!(f; &mut performance.monitoring, &mut self.reliability.requirements);
        let (needs, rollout) = (&mut self.dependencies, &mut self.rollout);
        each!(f; &mut needs.services, &mut needs.configuration, &mut needs.upstream, &mut needs.downstream);
        each!(f; &mut needs.infrastructure, &mut rollout.flags, &mut rollout.migration, &mut rollout.compatibility);
        each!(f; &mut rollout.before, &mut rollout.staging, &mut rollout.production, &mut rollout.rollback);
        each!(f; &mut rollout.monitoring, &mut rollout.figures, &mut rollout.support, &mut self.success, &mut self.handover, &mut self.future);
        each!(f; &mut self.references, &mut self.considered);
        self.extra.iter_mut().for_each(|section| f(&mut section.statements));
    }

    /// Calls `f` with every statement that may be missing.
    pub fn slots_mut(&mut self, f: &mut dyn FnMut(&mut Option<Statement>)) {
        self.overview.decisions.iter_mut().for_each(|decision| f(&mut decision.why));
        f(&mut self.architecture.pattern);
        self.architecture.components.iter_mut().for_each(|component| f(&mut component.note));
        self.technology.iter_mut().for_each(|technology| f(&mut technology.rationale));
        for phase in &mut self.phases {
            f(&mut phase.duration);
            phase.steps.iter_mut().for_each(|step| f(&mut step.time));
        }
        self.interfaces.endpoints.iter_mut().for_each(|endpoint| f(&mut endpoint.authentication));
        f(&mut self.testing.coverage_goal);
        f(&mut self.dependencies.manager);
        self.dependencies.packages.iter_mut().for_each(|package| f(&mut package.note));
    }

    /// Calls `f` with every name, title and line that is no statement, apart from paths, commands and the ticket's words.
    pub fn lines_mut(&mut self, f: &mut dyn FnMut(&mut String)) {
        self.architecture.components.iter_mut().for_each(|component| f(&mut component.name));
        for technology in &mut self.technology {
            each!(f; &mut technology.role, &mut technology.name);
            technology.version.iter_mut().for_each(&mut *f);
        }
        for phase in &mut self.phases {
            f(&mut phase.title);
            phase.steps.iter_mut().for_each(|step| f(&mut step.title));
        }
        for entity in &mut self.data.entities {
            f(&mut entity.name);
            entity.fields.iter_mut().for_each(|field| each!(f; &mut field.name, &mut field.text));
        }
        for endpoint in &mut self.interfaces.endpoints {
            each!(f; &mut endpoint.method, &mut endpoint.path);
            endpoint.handler.iter_mut().for_each(&mut *f);
            endpoint.errors.iter_mut().for_each(|error| each!(f; &mut error.name, &mut error.text));
        }
        self.testing.cases.iter_mut().filter_map(|case| case.name.as_mut()).for_each(&mut *f);
        for package in &mut self.dependencies.packages {
            f(&mut package.name);
            package.version.iter_mut().for_each(&mut *f);
        }
        self.questions.iter_mut().for_each(|question| f(&mut question.decides));
        self.extra.iter_mut().for_each(|section| f(&mut section.title));
        let absent = [
            &mut self.data.absent,
            &mut self.interfaces.absent,
            &mut self.testing.absent,
            &mut self.security.absent,
            &mut self.performance.absent,
            &mut self.reliability.absent,
            &mut self.dependencies.absent,
            &mut self.rollout.absent,
        ];
        absent.into_iter().flatten().for_each(f);
    }

    /// Calls `f` with every piece of code to show.
    pub fn codes_mut(&mut self, f: &mut dyn FnMut(&mut Option<Code>)) {
        self.phases.iter_mut().flat_map(|phase| &mut phase.steps).for_each(|step| f(&mut step.sketch));
        self.data.changes.iter_mut().for_each(|change| each!(f; &mut change.forward, &mut change.rollback));
        let endpoints = self.interfaces.endpoints.iter_mut();
        endpoints.for_each(|endpoint| each!(f; &mut endpoint.request, &mut endpoint.response));
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
