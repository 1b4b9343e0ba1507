//! The tests as a model writes them.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Guard, Said, said::statements};
use crate::model::plan::{Action, Command, TestCase, TestKind, Testing};

/// The tests to write, and how to run them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tests {
    pub cases: Vec<CaseShape>,
    /// Edges in the code and the ticket that the change can break.
    #[serde(default)]
    pub edges: Vec<Said>,
    /// Commands of the repository that run the tests.
    #[serde(default)]
    pub commands: Vec<String>,
    #[serde(default)]
    pub performance: Vec<Said>,
    #[serde(default)]
    pub manual: Vec<Said>,
    /// What has no test today.
    #[serde(default)]
    pub gaps: Vec<Said>,
}

/// One test to write or extend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CaseShape {
    pub kind: TestKind,
    /// What it shows.
    pub what: Said,
    pub action: Action,
    /// The test file.
    pub path: String,
    /// A name in the style of its neighbours, or empty.
    pub name: String,
    /// An existing test file to start from, or empty.
    pub like: String,
    /// Ids of the criteria and requirements that it shows.
    pub serves: Vec<String>,
    /// The inputs and states that it tries: the edges at which it can break.
    pub tries: Vec<Said>,
}

impl Tests {
    /// A draft's tests as a start.
    pub fn of(testing: &Testing) -> Self {
        let case = |case: &TestCase| CaseShape {
            kind: case.kind,
            what: Said::of(&case.what),
            action: case.action,
            path: case.file.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            name: case.name.clone().unwrap_or_default(),
            like: case.like.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            serves: case.serves.clone(),
            tries: Said::all(&case.tries),
        };
        Self {
            cases: testing.cases.iter().map(case).collect(),
            edges: Said::all(&testing.edges),
            commands: testing.commands.iter().map(|command| command.line.clone()).collect(),
            performance: Said::all(&testing.performance),
            manual: Said::all(&testing.manual),
            gaps: Said::all(&testing.gaps),
        }
    }

    /// The paths that the tests create.
    pub fn created(&self) -> BTreeSet<String> {
        let new = self.cases.iter().filter(|case| case.action == Action::Create && !case.path.is_empty());
        new.map(|case| case.path.clone()).collect()
    }

    /// The section; what only evidence can say stays as the draft has it.
    pub fn testing(&self, draft: &Testing, guard: &mut Guard<'_>) -> Testing {
        let cases: Vec<TestCase> = self.cases.iter().take(60).filter_map(|shape| case(shape, draft, guard)).collect();
        let cases = cases.into_iter().enumerate().map(|(at, case)| TestCase { id: format!("T{}", at + 1), ..case });
        let commands: Vec<Command> = self.commands.iter().take(12).filter_map(|line| guard.command(line)).collect();
        Testing {
            cases: cases.collect(),
            edges: statements(&self.edges, guard),
            commands: if commands.is_empty() { draft.commands.clone() } else { commands },
            coverage_goal: draft.coverage_goal.clone(),
            performance: statements(&self.performance, guard),
            manual: statements(&self.manual, guard),
            gaps: statements(&self.gaps, guard),
            absent: draft.absent.clone(),
        }
    }
}

/// A case; `None` when it says nothing.
fn case(shape: &CaseShape, draft: &Testing, guard: &mut Guard<'_>) -> Option<TestCase> {
    let name = guard.line(&shape.name);
    let known = draft.cases.iter().filter_map(|case| case.like.as_ref()).find(|file| file.path == shape.like);
    Some(TestCase {
        id: String::new(),
        kind: shape.kind,
        what: shape.what.statement(guard)?,
        file: guard.file(&shape.path),
        action: shape.action,
        name: (!name.is_empty()).then_some(name),
        like: known.cloned().or_else(|| guard.file(&shape.like)),
        serves: shape.serves.iter().take(40).cloned().collect(),
        tries: statements(&shape.tries, guard),
    })
}
