//! The other sections as a model writes them: approach, contracts, care, outlook, and what a user's pack adds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{
    Architecture, Code, Data, Decision, Endpoint, ExtraSection, Interfaces, Level, NamedText, Overview, Question, Risk,
    RiskKind, SchemaChange, Sections, Statement,
};

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

/// Stored data and what other programs call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contracts {
    /// Changes of the database schema.
    pub schema_changes: Vec<SchemaShape>,
    #[serde(default)]
    pub relations: Vec<Said>,
    #[serde(default)]
    pub indexes: Vec<Said>,
    /// What happens to rows that exist.
    #[serde(default)]
    pub data_migration: Vec<Said>,
    #[serde(default)]
    pub data_notes: Vec<Said>,
    pub endpoints: Vec<EndpointShape>,
    /// Public functions, command line options, messages.
    #[serde(default)]
    pub interface_notes: Vec<Said>,
}

/// A change of the database schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SchemaShape {
    pub what: Said,
    /// The migration: an existing file, or one that a step creates.
    pub path: String,
    pub forward_sql: String,
    pub rollback_sql: String,
}

/// One route, topic or command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EndpointShape {
    /// `GET`, `POST` …; empty where there is none.
    pub method: String,
    pub route: String,
    /// It is there already.
    pub existing: bool,
    /// The file that declares it, or where a new one belongs.
    pub path: String,
    pub handler: String,
    pub change: Vec<Said>,
    /// JSON or text of the request, with fields that the ticket or the code gives; else empty.
    pub request: String,
    pub response: String,
    pub errors: Vec<NamedText>,
    /// Empty text for none.
    pub authentication: Said,
    pub validation: Vec<Said>,
}

impl Contracts {
    /// A draft's contracts as a start.
    pub fn of(sections: &Sections) -> Self {
        let (data, interfaces) = (&sections.data, &sections.interfaces);
        let text = |code: &Option<Code>| code.as_ref().map(|code| code.text.clone()).unwrap_or_default();
        let change = |change: &SchemaChange| SchemaShape {
            what: Said::of(&change.what),
            path: change.file.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            forward_sql: text(&change.forward),
            rollback_sql: text(&change.rollback),
        };
        let endpoint = |endpoint: &Endpoint| EndpointShape {
            method: endpoint.method.clone(),
            route: endpoint.path.clone(),
            existing: endpoint.existing,
            path: endpoint.file.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            handler: endpoint.handler.clone().unwrap_or_default(),
            change: Said::all(&endpoint.change),
            request: text(&endpoint.request),
            response: text(&endpoint.response),
            errors: endpoint.errors.clone(),
            authentication: endpoint.authentication.as_ref().map(Said::of).unwrap_or_default(),
            validation: Said::all(&endpoint.validation),
        };
        Self {
            schema_changes: data.changes.iter().map(change).collect(),
            relations: Said::all(&data.relations),
            indexes: Said::all(&data.indexes),
            data_migration: Said::all(&data.migration),
            data_notes: Said::all(&data.notes),
            endpoints: interfaces.endpoints.iter().map(endpoint).collect(),
            interface_notes: Said::all(&interfaces.notes),
        }
    }

    /// The sections; entities, and what was looked for, stay the draft's.
    pub fn parts(&self, draft: &Sections, guard: &mut Guard<'_>) -> (Data, Interfaces) {
        let changes = self.schema_changes.iter().take(20).filter_map(|shape| {
            Some(SchemaChange {
                what: shape.what.statement(guard)?,
                file: guard.file(&shape.path),
                forward: guard.code("sql", &shape.forward_sql),
                rollback: guard.code("sql", &shape.rollback_sql),
            })
        });
        let changes = changes.collect();
        let data = Data {
            changes,
            relations: statements(&self.relations, guard),
            indexes: statements(&self.indexes, guard),
            migration: statements(&self.data_migration, guard),
            notes: statements(&self.data_notes, guard),
            ..draft.data.clone()
        };
        let endpoints = self.endpoints.iter().take(30).filter_map(|shape| endpoint(shape, draft, guard)).collect();
        let notes = statements(&self.interface_notes, guard);
        (data, Interfaces { endpoints, notes, ..draft.interfaces.clone() })
    }
}

/// A route. One that is said to exist must be one that the draft found.
fn endpoint(shape: &EndpointShape, draft: &Sections, guard: &mut Guard<'_>) -> Option<Endpoint> {
    let (method, path) = (guard.line(&shape.method), guard.line(&shape.route));
    if path.is_empty() {
        return None;
    }
    let known = draft.interfaces.endpoints.iter().find(|e| e.existing && e.method == method && e.path == path);
    if shape.existing && known.is_none() {
        guard.mistakes.push(format!("the route `{method} {path}` is not among the routes that were found"));
        return None;
    }
    let handler = guard.line(&shape.handler);
    let errors = shape.errors.iter().take(20);
    let errors = errors.map(|e| NamedText { name: guard.line(&e.name), text: guard.line(&e.text) }).collect();
    Some(Endpoint {
        existing: shape.existing,
        file: guard.file(&shape.path).or_else(|| known.and_then(|known| known.file.clone())),
        handler: match known {
            Some(known) => known.handler.clone(),
            None => (!handler.is_empty()).then_some(handler),
        },
        change: statements(&shape.change, guard),
        request: guard.code("json", &shape.request),
        response: guard.code("json", &shape.response),
        errors,
        authentication: shape.authentication.statement(guard),
        validation: statements(&shape.validation, guard),
        method,
        path,
    })
}

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
