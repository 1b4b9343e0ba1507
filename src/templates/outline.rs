//! The outline of a plan: short JSON for tools, in the form that the pack `architecture` attaches.
//!
//! In: a verified plan. Out: an [`Outline`]. Says nothing that the plan does not; what nobody estimated is `null`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    job::Focus,
    plan::{RequirementKind, Statement, Step, TestKind, Verified},
};

/// A plan in outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    pub overview: String,
    /// Pattern, components and technology, each under its role.
    pub architecture: BTreeMap<String, String>,
    pub steps: Vec<OutlineStep>,
    pub testing: OutlineTests,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub security_requirements: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub performance_optimizations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reliability_requirements: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deployment_considerations: BTreeMap<String, String>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutlineStep {
    /// From 1.
    pub order: usize,
    pub description: String,
    /// Repository-relative paths.
    pub code_files: Vec<String>,
    pub rationale: String,
    /// Only from counted evidence.
    pub time_estimate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_focus: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance_focus: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability_focus: Option<String>,
}

/// The tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutlineTests {
    /// Files that hold unit tests of the plan.
    pub unit_tests: Vec<String>,
    pub integration_tests: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_tests: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub performance_tests: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reliability_tests: Vec<String>,
    pub edge_cases: Vec<String>,
}

/// The JSON Schema (2020-12) of an [`Outline`].
pub fn outline_schema() -> serde_json::Value {
    schemars::schema_for!(Outline).to_value()
}

/// Outlines a plan.
pub fn outline(plan: &Verified) -> Outline {
    let sections = &plan.sections;
    let requirements = |kind: RequirementKind| {
        sections.requirements.iter().filter(move |r| r.kind == kind).map(|r| (r.id.clone(), r.text.clone()))
    };
    let security = &sections.security;
    let mut security_requirements = named(&[
        ("access", &security.access),
        ("input_validation", &security.input),
        ("secrets", &security.secrets),
        ("data_protection", &security.data),
    ]);
    security_requirements.extend(requirements(RequirementKind::Security));
    let performance = &sections.performance;
    let mut performance_optimizations =
        named(&[("targets", &performance.targets), ("strategies", &performance.strategies)]);
    performance_optimizations.extend(named(&[("monitoring", &performance.monitoring)]));
    let quick = [RequirementKind::Performance, RequirementKind::Scalability];
    performance_optimizations.extend(quick.into_iter().flat_map(requirements));
    let rollout = &sections.rollout;
    let mut reliability_requirements: BTreeMap<String, String> = requirements(RequirementKind::Reliability).collect();
    if plan.head.focus == Some(Focus::Reliability) {
        let lists =
            [("migration", &rollout.migration), ("rollback", &rollout.rollback), ("monitoring", &rollout.monitoring)];
        reliability_requirements.extend(named(&lists));
    }
    let deployment_considerations = named(&[
        ("configuration", &sections.dependencies.configuration),
        ("feature_flags", &rollout.flags),
        ("migration", &rollout.migration),
        ("compatibility", &rollout.compatibility),
        ("review", &rollout.before),
        ("staging", &rollout.staging),
        ("deployment", &rollout.production),
        ("rollback", &rollout.rollback),
        ("monitoring", &rollout.monitoring),
    ]);
    let summary = joined(&sections.overview.summary);
    let title = &plan.head.ticket.title;
    Outline {
        overview: if summary.is_empty() { title.clone() } else { format!("{title}: {summary}") },
        architecture: architecture(plan),
        steps: sections.steps().enumerate().map(|(at, step)| outline_step(at + 1, step, plan.head.focus)).collect(),
        testing: tests(plan),
        security_requirements,
        performance_optimizations,
        reliability_requirements,
        deployment_considerations,
    }
}

/// Pattern, components by kind, technology by role.
fn architecture(plan: &Verified) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let architecture = &plan.sections.architecture;
    if let Some(pattern) = &architecture.pattern {
        out.insert("pattern".to_owned(), vec![bare(&pattern.text)]);
    }
    for component in &architecture.components {
        let kind = format!("{:?}", component.kind).to_lowercase();
        out.entry(kind).or_default().push(component.name.clone());
    }
    for technology in &plan.sections.technology {
        let version = technology.version.as_ref().map_or(String::new(), |v| format!(" {v}"));
        let role = technology.role.to_lowercase();
        out.entry(role).or_default().push(format!("{}{version}", technology.name));
    }
    out.into_iter().map(|(key, values)| (key, values.join(", "))).collect()
}

/// One step; its part in the plan's focus stands under that focus.
fn outline_step(order: usize, step: &Step, focus: Option<Focus>) -> OutlineStep {
    let sure = step.files.iter().filter(|f| f.doubt.is_none());
    let why: Vec<&Statement> = step.why.iter().chain(step.files.iter().flat_map(|f| f.why.iter().take(1))).collect();
    let rationale = why.iter().take(3).map(|s| bare(&s.text)).collect::<Vec<_>>().join("; ");
    let own = step.focus.as_ref().map(|f| (f.focus, bare(&f.note.text)));
    let asked = focus.filter(|_| !step.serves.is_empty()).map(|f| (f, step.serves.join(", ")));
    let notes: Vec<(Focus, String)> = own.into_iter().chain(asked).collect();
    let under = |wanted: Focus| notes.iter().find(|(focus, _)| *focus == wanted).map(|(_, text)| text.clone());
    OutlineStep {
        order,
        description: bare(&step.title),
        code_files: sure.map(|f| f.file.path.clone()).collect(),
        rationale,
        time_estimate: step.time.as_ref().map(|t| bare(&t.text)),
        security_focus: under(Focus::Security),
        performance_focus: under(Focus::Performance),
        reliability_focus: under(Focus::Reliability),
    }
}

/// Test files by kind, and the edges.
fn tests(plan: &Verified) -> OutlineTests {
    let testing = &plan.sections.testing;
    let files = |wanted: &[TestKind]| -> Vec<String> {
        let cases = testing.cases.iter().filter(|c| wanted.contains(&c.kind));
        let paths: BTreeSet<&str> = cases.filter_map(|c| c.file.as_ref()).map(|f| f.path.as_str()).collect();
        paths.into_iter().map(str::to_owned).collect()
    };
    let shown = |wanted: TestKind| -> Vec<String> {
        testing.cases.iter().filter(|c| c.kind == wanted).map(|c| bare(&c.what.text)).collect()
    };
    OutlineTests {
        unit_tests: files(&[TestKind::Unit]),
        integration_tests: files(&[TestKind::Integration, TestKind::EndToEnd]),
        security_tests: shown(TestKind::Security),
        performance_tests: shown(TestKind::Performance),
        reliability_tests: Vec::new(),
        edge_cases: testing.edges.iter().map(|s| bare(&s.text)).collect(),
    }
}

/// Lists under their names, empty ones left out.
fn named(lists: &[(&str, &Vec<Statement>)]) -> BTreeMap<String, String> {
    let full = lists.iter().filter(|(_, list)| !list.is_empty());
    full.map(|(name, list)| ((*name).to_owned(), joined(list))).collect()
}

/// Statements in one text.
fn joined(list: &[Statement]) -> String {
    list.iter().map(|s| bare(&s.text)).collect::<Vec<_>>().join("; ")
}

/// Prose without its code marks.
fn bare(prose: &str) -> String {
    prose.replace('`', "")
}
