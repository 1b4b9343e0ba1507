//! Risks, questions, what comes after, and what a user's pack adds, as a model writes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{ExtraSection, Level, Question, Risk, RiskKind, Sections};

/// Risks, questions, and what comes after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outlook {
    pub risks: Vec<RiskShape>,
    pub questions: Vec<QuestionShape>,
    /// How to see that it is done.
    #[serde(default)]
    pub success: Vec<Said>,
    /// What others must learn or be told.
    #[serde(default)]
    pub handover: Vec<Said>,
    /// What this change leaves for later.
    #[serde(default)]
    pub future: Vec<Said>,
}

/// A risk of this change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RiskShape {
    pub kind: RiskKind,
    pub risk: Said,
    pub likelihood: Level,
    pub impact: Level,
    pub mitigation: Said,
}

/// Something that only a person can answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct QuestionShape {
    pub ask: Said,
    /// What depends on the answer.
    pub decides: String,
}

impl Outlook {
    /// A draft's outlook as a start.
    pub fn of(sections: &Sections) -> Self {
        let risk = |risk: &Risk| RiskShape {
            kind: risk.kind,
            risk: Said::of(&risk.risk),
            likelihood: risk.likelihood,
            impact: risk.impact,
            mitigation: Said::of(&risk.mitigation),
        };
        let question = |q: &Question| QuestionShape { ask: Said::of(&q.ask), decides: q.decides.clone() };
        Self {
            risks: sections.risks.iter().map(risk).collect(),
            questions: sections.questions.iter().map(question).collect(),
            success: Said::all(&sections.success),
            handover: Said::all(&sections.handover),
            future: Said::all(&sections.future),
        }
    }

    /// Writes the sections.
    pub fn write(&self, sections: &mut Sections, guard: &mut Guard<'_>) {
        let risks = self.risks.iter().take(20).filter_map(|shape| {
            Some(Risk {
                kind: shape.kind,
                risk: shape.risk.statement(guard)?,
                likelihood: shape.likelihood,
                impact: shape.impact,
                mitigation: shape.mitigation.statement(guard)?,
            })
        });
        sections.risks = risks.collect();
        let questions = self.questions.iter().take(20).filter_map(|shape| {
            Some(Question { ask: shape.ask.statement(guard)?, decides: guard.line(&shape.decides) })
        });
        sections.questions = questions.collect();
        sections.success = statements(&self.success, guard);
        sections.handover = statements(&self.handover, guard);
        sections.future = statements(&self.future, guard);
    }
}

/// The sections that a user's pack adds, in the order of their questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Extra {
    pub sections: Vec<ExtraShape>,
}

/// The answer to one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ExtraShape {
    /// The section's title, as it was asked.
    pub title: String,
    pub statements: Vec<Said>,
}

impl Extra {
    /// The sections that were asked for, no others.
    pub fn sections(&self, titles: &[String], guard: &mut Guard<'_>) -> Vec<ExtraSection> {
        let answered = titles.iter().filter_map(|title| {
            let shape = self.sections.iter().find(|shape| shape.title.trim() == title)?;
            Some(ExtraSection { title: title.clone(), statements: statements(&shape.statements, guard) })
        });
        answered.filter(|section| !section.statements.is_empty()).collect()
    }
}
