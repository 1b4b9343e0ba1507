//! How the repository's tests set the clock.
//!
//! In: the [`Survey`]. Out: the first line of a test file that does, or that none does. Bounded: some test files, near ones
//! first.

use super::super::super::Survey;
use crate::{
    model::{
        context::{Context, FileClass, Symbol, SymbolKind},
        plan::{Basis, FileRef, Statement},
    },
    planner::words::clean,
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
/// Test files that are looked at, and ranked files.
const SEARCHED: usize = 200;
const RANKED: usize = 40;

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
    let said = match taken(context) {
        Some((file, name)) => {
            let text = format!("{text}, as `{}` (`{}`) takes `now`", clean(&name), file.label());
            Statement::new(Basis::Repository, text).at(file)
        }
        None => Statement::new(Basis::Repository, text),
    };
    (all.len() <= SEARCHED && !all.is_empty()).then_some(said)
}

/// The function of a ranked file that takes the time as `now`.
fn taken(context: &Context) -> Option<(FileRef, String)> {
    let is_source = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let ranked = context.ranked.iter().map(|r| r.path.as_str()).filter(is_source).take(RANKED);
    ranked.into_iter().find_map(|path| {
        let takes = |s: &Symbol| {
            let given = s.signature.split_once('(').map_or("", |(_, given)| given);
            let mut names = given.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            matches!(s.kind, SymbolKind::Function | SymbolKind::Method) && names.any(|name| name == "now")
        };
        let symbol = context.tree.symbols(path).into_iter().find(takes)?;
        Some((FileRef::new(path).lines(symbol.line, symbol.line), symbol.name))
    })
}
