//! The approach as a model writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{Architecture, Decision, Overview, Sections, Statement};

/// What is done, and how it joins what is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Approach {
    /// Two or three sentences: what changes, where, and what decides that it is done.
    pub summary: Vec<Said>,
    #[serde(default)]
    pub decisions: Vec<DecisionShape>,
    /// The pattern that the touched code follows; empty text for none.
    #[serde(default)]
    pub pattern: Said,
    #[serde(default)]
    pub rationale: Vec<Said>,
    /// How the change joins what is there.
    #[serde(default)]
    pub integration: Vec<Said>,
    /// Existing code and past changes that show how it is done here.
    #[serde(default)]
    pub follow: Vec<Said>,
}

/// Something settled, by the ticket or by the code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DecisionShape {
    pub what: Said,
    /// Empty text for none.
    pub why: Said,
    pub alternatives: Vec<Said>,
}

impl Approach {
    /// A draft's approach as a start.
    pub fn of(sections: &Sections) -> Self {
        let (overview, architecture) = (&sections.overview, &sections.architecture);
        let one = |statement: &Option<Statement>| statement.as_ref().map(Said::of).unwrap_or_default();
        let decision = |decision: &Decision| DecisionShape {
            what: Said::of(&decision.what),
            why: one(&decision.why),
            alternatives: Said::all(&decision.alternatives),
        };
        Self {
            summary: Said::all(&overview.summary),
            decisions: overview.decisions.iter().map(decision).collect(),
            pattern: one(&architecture.pattern),
            rationale: Said::all(&architecture.rationale),
            integration: Said::all(&architecture.integration),
            follow: Said::all(&sections.follow),
        }
    }

    /// Overview, architecture and examples; counted size, components and diagram stay the draft's.
    pub fn parts(&self, draft: &Sections, guard: &mut Guard<'_>) -> (Overview, Architecture, Vec<Statement>) {
        let decisions = self.decisions.iter().take(20).filter_map(|shape| {
            Some(Decision {
                what: shape.what.statement(guard)?,
                why: shape.why.statement(guard),
                alternatives: statements(&shape.alternatives, guard),
            })
        });
        let decisions = decisions.collect();
        let summary = statements(&self.summary, guard);
        let overview = Overview { summary, decisions, ..draft.overview.clone() };
        let architecture = Architecture {
            pattern: self.pattern.statement(guard),
            rationale: statements(&self.rationale, guard),
            integration: statements(&self.integration, guard),
            ..draft.architecture.clone()
        };
        (overview, architecture, statements(&self.follow, guard))
    }
}
