//! The outline of a plan: short JSON for tools, in the form that the pack `architecture` attaches.
//!
//! In: a verified plan. Out: an [`Outline`]. Says nothing that the plan does not, and nothing twice; what nobody estimated is
//! `null`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domains;
use crate::model::{
    job::Focus,
    plan::{Citation, Sections, Statement, Step, TestCase, TestKind, Verified},
};

/// What stands for a pattern that nothing shows.
const NO_PATTERN: &str = "Looked for imports between the layers of the steps' files and for a registry; found none.";
/// What stands for an effort that nothing shows.
const NO_EFFORT: &str =
    "Looked for past changes of these files that resemble the ticket; found none, so no time is named.";

/// A plan in outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    pub overview: String,
    pub architecture: OutlineArchitecture,
    pub steps: Vec<OutlineStep>,
    /// What was counted, and past changes that resemble this one with their size; or what was looked for.
    pub effort: String,
    pub testing: OutlineTests,
    /// What the ticket asks, by id, and what the code adds, by what it is about.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub security_requirements: BTreeMap<String, String>,
    /// Figures that the ticket sets, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub performance_requirements: BTreeMap<String, String>,
    /// How they are met.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub performance_optimizations: BTreeMap<String, String>,
    /// What the ticket asks of failures, repeats, restarts and limits, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reliability_requirements: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deployment_considerations: BTreeMap<String, String>,
}

/// How the parts fit together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutlineArchitecture {
    /// With what shows it; or what was looked for.
    pub pattern: String,
    /// Components by kind, technology by role.
    #[serde(flatten)]
    pub parts: BTreeMap<String, String>,
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
    /// Only from counted evidence: the size of a past change of these files.
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
    /// Tests that show what is asked in this domain.
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
    let requirements = |domain| -> BTreeMap<String, String> {
        let asked = domains::asked(sections, domain).into_iter();
        asked.map(|(id, text)| (id.to_owned(), bare(text))).collect()
    };
    let summary = joined(&sections.overview.summary);
    let title = bare(&plan.head.ticket.title);
    Outline {
        overview: if summary.is_empty() { title } else { format!("{title}: {summary}") },
        architecture: architecture(sections),
        steps: sections.steps().enumerate().map(|(at, step)| outline_step(at + 1, step, sections)).collect(),
        effort: effort(sections),
        testing: tests(sections),
        security_requirements: security(sections, requirements(Focus::Security)),
        performance_requirements: requirements(Focus::Performance),
        performance_optimizations: named(&[
            ("strategies", &sections.performance.strategies),
            ("monitoring", &sections.performance.monitoring),
        ]),
        reliability_requirements: requirements(Focus::Reliability),
        deployment_considerations: deployment(sections),
    }
}

/// What the ticket asks, and below it what the code adds: what only points at the ticket's words stands there already.
fn security(sections: &Sections, mut asked: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let security = &sections.security;
    let is_added = |s: &&Statement| !s.citations.iter().any(|c| matches!(c, Citation::Ticket { .. }));
    let lists = [
        ("access", &security.access),
        ("input_validation", &security.input),
        ("secrets", &security.secrets),
        ("data_protection", &security.data),
    ];
    for (name, list) in lists {
        let added: Vec<Statement> = list.iter().filter(is_added).cloned().collect();
        asked.extend(named(&[(name, &added)]));
    }
    asked
}

/// What a release needs.
fn deployment(sections: &Sections) -> BTreeMap<String, String> {
    let rollout = &sections.rollout;
    named(&[
        ("configuration", &sections.dependencies.configuration),
        ("feature_flags", &rollout.flags),
        ("migration", &rollout.migration),
        ("compatibility", &rollout.compatibility),
        ("review", &rollout.before),
        ("staging", &rollout.staging),
        ("deployment", &rollout.production),
        ("rollback", &rollout.rollback),
        ("monitoring", &rollout.monitoring),
    ])
}

/// Pattern, components by kind, technology by role.
fn architecture(sections: &Sections) -> OutlineArchitecture {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for component in &sections.architecture.components {
        let kind = format!("{:?}", component.kind).to_lowercase();
        parts.entry(kind).or_default().push(component.name.clone());
    }
    for technology in &sections.technology {
        let version = technology.version.as_ref().map_or(String::new(), |v| format!(" {v}"));
        let role = technology.role.to_lowercase();
        parts.entry(role).or_default().push(format!("{}{version}", technology.name));
    }
    let pattern = sections.architecture.pattern.as_ref().map(|p| bare(&p.text));
    OutlineArchitecture {
        pattern: pattern.unwrap_or_else(|| NO_PATTERN.to_owned()),
        parts: parts.into_iter().map(|(key, values)| (key, values.join(", "))).collect(),
    }
}

/// What was counted and what similar changes took.
fn effort(sections: &Sections) -> String {
    let overview = &sections.overview;
    let past = if overview.effort.is_empty() { NO_EFFORT.to_owned() } else { joined(&overview.effort) };
    match joined(&overview.complexity.counted) {
        counted if counted.is_empty() => past,
        counted => format!("{counted}; {past}"),
    }
}

/// One step, with its part in each domain.
fn outline_step(order: usize, step: &Step, sections: &Sections) -> OutlineStep {
    let under = |domain: Focus| {
        let own = step.focus.as_ref().filter(|f| f.focus == domain).map(|f| bare(&f.note.text));
        let said = domains::said_of(sections, domain, step);
        let said: Vec<String> = said
            .into_iter()
            .map(|(statement, id, text)| statement.map_or_else(|| bare(&format!("{id}: {text}")), |s| bare(&s.text)))
            .collect();
        own.filter(|_| said.is_empty()).or_else(|| (!said.is_empty()).then(|| said.join("; ")))
    };
    OutlineStep {
        order,
        description: bare(&step.title),
        code_files: step.files.iter().filter(|f| f.doubt.is_none()).map(|f| f.file.path.clone()).collect(),
        rationale: rationale(step),
        time_estimate: step.time.as_ref().map(|t| bare(&t.text)),
        security_focus: under(Focus::Security),
        performance_focus: under(Focus::Performance),
        reliability_focus: under(Focus::Reliability),
    }
}

/// Why the step is there: one reason, its own, else that of its first file, else its first instruction.
fn rationale(step: &Step) -> String {
    let of_file = step.files.first().and_then(|f| f.why.first());
    let named = step.files.first().map_or(String::new(), |f| format!("{}: ", f.file.path));
    let of_new = step.how.iter().map(|s| bare(&s.text)).find(|text| !named.is_empty() && text.starts_with(&named));
    let reason = step.why.first().or(of_file).map(|s| bare(&s.text));
    let first = |text: &str| text.split("; take ").next().unwrap_or_default().to_owned();
    let reason = reason.or_else(|| of_new.map(|text| first(&text[named.len()..])));
    let reason = reason.or_else(|| step.how.first().map(|s| bare(&s.text)));
    reason.unwrap_or_else(|| match step.serves.is_empty() {
        true => bare(&step.title),
        false => format!("serves {}", step.serves.join(", ")),
    })
}

/// Test files by kind, the tests of each domain, and the edges.
fn tests(sections: &Sections) -> OutlineTests {
    let testing = &sections.testing;
    let files = |wanted: &[TestKind]| -> Vec<String> {
        let cases = testing.cases.iter().filter(|c| wanted.contains(&c.kind));
        let paths: BTreeSet<&str> = cases.filter_map(|c| c.file.as_ref()).map(|f| f.path.as_str()).collect();
        paths.into_iter().map(str::to_owned).collect()
    };
    let shown = |wanted: Option<TestKind>, domain: Focus| -> Vec<String> {
        let asked = domains::asked(sections, domain);
        let shows =
            |c: &&TestCase| Some(c.kind) == wanted || c.serves.iter().any(|s| asked.iter().any(|(id, _)| s == id));
        testing.cases.iter().filter(shows).map(told).collect()
    };
    let tries = |case: &TestCase| -> Vec<String> {
        case.tries.iter().map(|s| format!("{}: {}", case.id, bare(&s.text))).collect()
    };
    let tried = testing.cases.iter().flat_map(tries);
    OutlineTests {
        unit_tests: files(&[TestKind::Unit]),
        integration_tests: files(&[TestKind::Integration, TestKind::EndToEnd]),
        security_tests: shown(Some(TestKind::Security), Focus::Security),
        performance_tests: shown(Some(TestKind::Performance), Focus::Performance),
        reliability_tests: shown(None, Focus::Reliability),
        edge_cases: testing.edges.iter().map(|s| bare(&s.text)).chain(tried).collect(),
    }
}

/// A test by its id, what it shows and its name; by its words where it shows nothing that has an id.
fn told(case: &TestCase) -> String {
    if case.serves.is_empty() {
        return bare(&case.what.text);
    }
    let name = case.name.as_ref().map_or(String::new(), |name| format!(": {name}"));
    bare(&format!("{} shows {}{name}", case.id, case.serves.join(", ")))
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
