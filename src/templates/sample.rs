//! Two plans that every pack is proved on: one with something in every list, one with nothing in any.
//!
//! Out: the data that a template sees. Nobody reads the result; a template that names what no plan has fails on it.

use serde_json::{Value, json};

use crate::model::{
    ids::{CommitId, RepoName},
    job::Focus,
    plan::*,
};

/// A plan with something everywhere.
pub fn full() -> Value {
    data(
        sections(),
        vec![Finding {
            kind: FindingKind::MissingPath,
            said: "src/a.rs".to_owned(),
            nearest: Some("src/b.rs".to_owned()),
            done: Remedy::Dropped,
        }],
    )
}

/// A plan with nothing anywhere.
pub fn empty() -> Value {
    let absent = || Some("looked for it".to_owned());
    let mut sections = Sections::default();
    sections.data.absent = absent();
    sections.interfaces.absent = absent();
    sections.testing.absent = absent();
    sections.security.absent = absent();
    sections.performance.absent = absent();
    sections.reliability.absent = absent();
    sections.dependencies.absent = absent();
    sections.rollout.absent = absent();
    data(sections, Vec::new())
}

/// What a template sees.
fn data(sections: Sections, findings: Vec<Finding>) -> Value {
    let is_full = !findings.is_empty();
    let coverage = Coverage {
        criterion: "AC1".to_owned(),
        steps: vec!["1".to_owned()],
        tests: vec!["T1".to_owned()],
        status: CoverageStatus::Covered,
    };
    let coverage = if is_full { vec![coverage] } else { Vec::new() };
    let plan = Verified { head: head(is_full), sections, coverage, findings };
    json!({
        "plan": plan,
        "pack": { "name": "sample", "title": "Sample", "sections": [{ "title": "A", "question": "b?" }] },
        "ticket": { "reference": "A-1", "project": "A", "milestone": null },
    })
}

/// A head.
fn head(is_full: bool) -> Head {
    let repository = PlannedRepository {
        name: RepoName::new("acme/shop"),
        commit: commit_id(),
        branch: Some("main".to_owned()),
        url: Some("https://example.org/acme/shop".to_owned()),
        commit_url: None,
    };
    Head {
        format: 1,
        ticket: PlannedTicket {
            reference: "A-1".to_owned(),
            title: "A title".to_owned(),
            url: None,
            type_name: Some("Bug".to_owned()),
            labels: vec!["a".to_owned()],
            priority: None,
        },
        repositories: if is_full { vec![repository] } else { Vec::new() },
        planner: "offline".to_owned(),
        date: "2026-01-01".to_owned(),
        kind: Kind::Bug,
        kind_reason: "it says so".to_owned(),
        focus: is_full.then_some(Focus::Security),
        focus_reason: "asked for".to_owned(),
        depth: Default::default(),
        confidence: Confidence { level: Level::High, reasons: if is_full { vec![said()] } else { Vec::new() } },
        model: is_full.then(|| ModelUse { cost: Some("0.0432".to_owned()), ..ModelUse::default() }),
    }
}

/// A commit hash.
fn commit_id() -> CommitId {
    CommitId::parse(&"a".repeat(40)).expect("forty hex digits are a hash")
}

/// A statement with a citation of each kind.
fn said() -> Statement {
    let commit = CommitRef {
        repository: None,
        id: commit_id(),
        subject: "s".to_owned(),
        date: "2026-01-01".to_owned(),
        url: None,
    };
    Statement::new(Basis::Repository, "a `b` c")
        .at(file())
        .citing(Citation::Commit(commit))
        .citing(Citation::Ticket { quote: "q".to_owned(), place: Place::Body })
}

/// Some statements.
fn list() -> Vec<Statement> {
    vec![said(), said()]
}

/// A file with lines.
fn file() -> FileRef {
    FileRef::new("src/a.rs").lines(1, 2).symbol("b")
}

/// Some code.
fn code() -> Option<Code> {
    Some(Code { language: Some("sql".to_owned()), text: "select 1".to_owned() })
}

/// A name and a text.
fn named() -> Vec<NamedText> {
    vec![NamedText { name: "a".to_owned(), text: "b".to_owned() }]
}

/// A command.
fn command() -> Command {
    Command { line: "cargo test".to_owned(), shows: "it passes".to_owned(), source: Some(file()), narrows: None }
}

/// All sections, filled.
fn sections() -> Sections {
    let ids = || vec!["AC1".to_owned()];
    let criterion =
        Criterion { id: "AC1".to_owned(), text: "a".to_owned(), place: Place::Title, done: false, overruled: false };
    Sections {
        overview: Overview {
            summary: list(),
            given: list(),
            decisions: vec![Decision { what: said(), why: Some(said()), alternatives: list() }],
            complexity: Complexity { level: Size::Medium, counted: list() },
            effort: list(),
        },
        requirements: vec![Requirement { id: "R1".to_owned(), text: "a".to_owned(), ..Requirement::default() }],
        criteria: vec![criterion],
        architecture: Architecture {
            pattern: Some(said()),
            rationale: list(),
            integration: list(),
            components: vec![Component {
                name: "a".to_owned(),
                files: vec![file()],
                note: Some(said()),
                ..Component::default()
            }],
            diagram: Some("flowchart LR\n  a --> b".to_owned()),
        },
        technology: vec![Technology {
            role: "Language".to_owned(),
            name: "a".to_owned(),
            version: Some("1".to_owned()),
            file: Some(file()),
            rationale: Some(said()),
        }],
        follow: list(),
        phases: vec![Phase {
            title: "Logic".to_owned(),
            deliverables: list(),
            duration: Some(said()),
            steps: vec![step()],
        }],
        data: Data {
            changes: vec![SchemaChange { what: said(), file: Some(file()), forward: code(), rollback: code() }],
            entities: vec![Entity { name: "a".to_owned(), file: Some(file()), fields: named() }],
            relations: list(),
            indexes: list(),
            migration: list(),
            notes: list(),
            absent: None,
        },
        interfaces: Interfaces { endpoints: vec![endpoint()], notes: list(), absent: None },
        testing: testing(ids()),
        security: Security {
            access: list(),
            input: list(),
            secrets: list(),
            data: list(),
            checklist: list(),
            absent: None,
        },
        performance: Performance { targets: list(), strategies: list(), monitoring: list(), absent: None },
        reliability: Reliability { requirements: list(), absent: None },
        dependencies: dependencies(),
        rollout: rollout(),
        risks: vec![Risk { risk: said(), mitigation: said(), ..Risk::default() }],
        questions: vec![Question { ask: said(), decides: "much".to_owned() }],
        success: list(),
        handover: list(),
        future: list(),
        references: list(),
        considered: list(),
        extra: vec![ExtraSection { title: "a".to_owned(), statements: list() }],
    }
}

/// A step with everything.
fn step() -> Step {
    let symbol = SymbolRef {
        name: "b".to_owned(),
        what: "function".to_owned(),
        signature: Some("fn b()".to_owned()),
        file: file(),
    };
    let change = FileChange {
        action: Action::Rename,
        file: file(),
        to: Some("src/c.rs".to_owned()),
        symbols: vec![symbol.clone()],
        beside: vec![symbol.clone()],
        reads: vec![symbol],
        adds: vec!["T1".to_owned()],
        why: list(),
        like: Some(file()),
        doubt: Some("not found".to_owned()),
    };
    Step {
        id: "1".to_owned(),
        title: "a `b`".to_owned(),
        why: list(),
        how: list(),
        files: vec![change],
        watch: list(),
        sketch: code(),
        validate: vec![command()],
        acceptance: list(),
        serves: vec!["AC1".to_owned()],
        focus: Some(StepFocus { focus: Focus::Security, note: said() }),
        time: Some(said()),
    }
}

/// An endpoint with everything.
fn endpoint() -> Endpoint {
    Endpoint {
        method: "GET".to_owned(),
        path: "/a".to_owned(),
        existing: true,
        file: Some(file()),
        handler: Some("b".to_owned()),
        change: list(),
        request: code(),
        response: code(),
        errors: named(),
        authentication: Some(said()),
        validation: list(),
    }
}

/// Tests with everything.
fn testing(serves: Vec<String>) -> Testing {
    let case = TestCase {
        id: "T1".to_owned(),
        kind: TestKind::Integration,
        what: said(),
        file: Some(file()),
        action: Action::Modify,
        name: Some("a_name".to_owned()),
        like: Some(file()),
        serves,
        tries: list(),
    };
    Testing {
        cases: vec![case],
        edges: list(),
        commands: vec![command()],
        coverage_goal: Some(said()),
        performance: list(),
        manual: list(),
        gaps: list(),
        absent: None,
    }
}

/// Dependencies with everything.
fn dependencies() -> Dependencies {
    Dependencies {
        manager: Some(said()),
        packages: vec![Package {
            name: "a".to_owned(),
            version: Some("1".to_owned()),
            change: PackageChange::Upgrade,
            file: Some(file()),
            note: Some(said()),
        }],
        services: list(),
        configuration: list(),
        upstream: list(),
        downstream: list(),
        infrastructure: list(),
        absent: None,
    }
}

/// A rollout with everything.
fn rollout() -> Rollout {
    Rollout {
        flags: list(),
        migration: list(),
        compatibility: list(),
        before: list(),
        staging: list(),
        production: list(),
        rollback: list(),
        monitoring: list(),
        figures: list(),
        support: list(),
        absent: None,
    }
}
