//! Security, performance, dependencies and rollout as a model writes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{Sections, Statement};

/// Security, performance, dependencies and rollout.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Care {
    /// Who the caller is, and what they may do.
    pub access: Vec<Said>,
    /// Input from outside: what is checked, what is cleaned.
    pub input: Vec<Said>,
    #[serde(default)]
    pub secrets: Vec<Said>,
    /// Stored or moved data of people.
    #[serde(default)]
    pub personal_data: Vec<Said>,
    #[serde(default)]
    pub security_checklist: Vec<Said>,
    #[serde(default)]
    pub performance_targets: Vec<Said>,
    #[serde(default)]
    pub performance_strategies: Vec<Said>,
    #[serde(default)]
    pub performance_monitoring: Vec<Said>,
    #[serde(default)]
    pub services: Vec<Said>,
    #[serde(default)]
    pub configuration: Vec<Said>,
    /// Work that must be done before.
    #[serde(default)]
    pub upstream: Vec<Said>,
    /// Who is affected.
    #[serde(default)]
    pub downstream: Vec<Said>,
    #[serde(default)]
    pub flags: Vec<Said>,
    #[serde(default)]
    pub compatibility: Vec<Said>,
    /// Checks and reviews before it is merged.
    #[serde(default)]
    pub before_merge: Vec<Said>,
    #[serde(default)]
    pub staging: Vec<Said>,
    #[serde(default)]
    pub production: Vec<Said>,
    #[serde(default)]
    pub rollback: Vec<Said>,
    /// Logs, metrics, traces and alerts.
    #[serde(default)]
    pub monitoring: Vec<Said>,
}

impl Care {
    /// Every list with its place in a draft.
    fn pairs<'a>(&'a mut self, sections: &'a mut Sections) -> Vec<(&'a mut Vec<Said>, &'a mut Vec<Statement>)> {
        let (security, performance) = (&mut sections.security, &mut sections.performance);
        let (dependencies, rollout) = (&mut sections.dependencies, &mut sections.rollout);
        vec![
            (&mut self.access, &mut security.access),
            (&mut self.input, &mut security.input),
            (&mut self.secrets, &mut security.secrets),
            (&mut self.personal_data, &mut security.data),
            (&mut self.security_checklist, &mut security.checklist),
            (&mut self.performance_targets, &mut performance.targets),
            (&mut self.performance_strategies, &mut performance.strategies),
            (&mut self.performance_monitoring, &mut performance.monitoring),
            (&mut self.services, &mut dependencies.services),
            (&mut self.configuration, &mut dependencies.configuration),
            (&mut self.upstream, &mut dependencies.upstream),
            (&mut self.downstream, &mut dependencies.downstream),
            (&mut self.flags, &mut rollout.flags),
            (&mut self.compatibility, &mut rollout.compatibility),
            (&mut self.before_merge, &mut rollout.before),
            (&mut self.staging, &mut rollout.staging),
            (&mut self.production, &mut rollout.production),
            (&mut self.rollback, &mut rollout.rollback),
            (&mut self.monitoring, &mut rollout.monitoring),
        ]
    }

    /// A draft's sections as a start.
    pub fn of(sections: &Sections) -> Self {
        let (mut care, mut sections) = (Self::default(), sections.clone());
        care.pairs(&mut sections).into_iter().for_each(|(said, statements)| *said = Said::all(statements));
        care
    }

    /// Writes the sections; packages, which manifests declare, stay the draft's.
    pub fn write(mut self, sections: &mut Sections, guard: &mut Guard<'_>) {
        self.pairs(sections).into_iter().for_each(|(said, list)| *list = statements(said, guard));
    }
}
