//! Commands that belong to the gate of a merge without being a build, a lint or a test: the one that a guideline demands,
//! and the migrations that CI runs before its tests.
//!
//! In: guidelines and workflows of a [`Context`]. Out: [`Command`]s, each with the line that says it.

use super::commands::migrates;
use crate::model::{
    context::{Context, Fact, FactKind},
    ids::RepoName,
    plan::{Command, FileRef},
};
use crate::planner::{command::command_line, words::clean};

/// Guidelines that are read.
const MOST_GUIDES: usize = 6;
/// Words by which a line demands a command.
const DEMANDS: &[&str] =
    &["must pass", "has to pass", "have to pass", "must succeed", "must be green", "needs to pass"];

/// The command in code marks that a guideline says must pass, where the repository declares it.
pub fn of(context: &Context, repository: &Option<RepoName>) -> Option<Command> {
    let guides = context.facts.iter().filter(|f| f.kind == FactKind::Guideline).map(|f| f.path.as_str());
    guides.take(MOST_GUIDES).find_map(|guide| {
        let text = context.tree.text(guide)?;
        let demands = |line: &str| DEMANDS.iter().any(|w| line.to_lowercase().contains(w));
        text.lines().zip(1_u32..).filter(|(line, _)| demands(line)).find_map(|(line, at)| {
            let marked = line.split('`').skip(1).step_by(2).map(str::trim);
            let is_known = |code: &&str| context.facts.iter().any(|fact| command_line(fact) == *code);
            let code = marked.filter(|code| code.contains(' ')).find(is_known)?;
            Some(Command {
                line: clean(code),
                shows: "the guidelines ask for it".to_owned(),
                source: Some(FileRef::new(guide).of(repository.clone()).lines(at, at)),
                narrows: None,
            })
        })
    })
}

/// The command of a workflow that runs migrations before the tests of the same workflow.
pub fn prepared(context: &Context, repository: &Option<RepoName>, test: &Command) -> Option<Command> {
    let file = test.source.as_ref().filter(|f| f.path.ends_with(".yml") || f.path.ends_with(".yaml"))?;
    let last = file.lines?.first;
    let is_before = |fact: &&Fact| fact.path == file.path && fact.line < last && migrates(command_line(fact));
    let fact = context.facts.iter().filter(|fact| fact.kind == FactKind::OtherCommand).rfind(is_before)?;
    Some(Command {
        line: command_line(fact).to_owned(),
        shows: "the tests find their tables".to_owned(),
        source: Some(FileRef::new(&fact.path).of(repository.clone()).lines(fact.line, fact.line)),
        narrows: None,
    })
}
