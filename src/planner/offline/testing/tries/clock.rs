//! How the repository's tests set the clock.
//!
//! In: the [`Survey`]. Out: the first line of a test file that does, or that none does. Bounded: some test files, near ones
//! first.

use super::super::super::Survey;
use crate::model::{
    context::FileClass,
    plan::{Basis, FileRef, Statement},
};

/// What sets the clock in tests.
const TOOLS: &[&str] = &[
    "time_machine.",
    "freeze_time",
    "useFakeTimers",
    "setSystemTime",
    "Timecop.",
    "travel_to",
    "tokio::time::pause",
    "time::advance",
    "FakeTimeProvider",
    "Clock.fixed",
    "clockwork.NewFakeClock",
    "clock.NewMock",
    "synctest.",
    "MockClock",
];
/// Test files that are looked at.
const SEARCHED: usize = 200;

/// The line to follow; `None` where more test files are there than are looked at.
pub fn of(survey: &Survey<'_, '_>) -> Option<Statement> {
    let context = survey.contexts.first()?;
    let is_test = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Test);
    let near = context.tests.iter().map(|t| t.path.as_str());
    let all: Vec<&str> = near.chain(context.tree.paths().filter(is_test)).take(SEARCHED + 1).collect();
    let found = all.iter().take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| TOOLS.iter().any(|tool| line.contains(tool)))?;
        Some(FileRef::new(*path).lines(at, at))
    });
    if let Some(file) = found {
        let text = format!("Set the clock as `{}` does", file.label());
        return Some(Statement::new(Basis::Repository, text).at(file));
    }
    let text = "No test file here sets the clock: give the new code the time";
    (all.len() <= SEARCHED && !all.is_empty()).then(|| Statement::new(Basis::Repository, text))
}
