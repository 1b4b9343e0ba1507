//! What has to be streamed: where a ticket speaks of amounts that no memory holds, and code on its way reads all of them
//! at once. Asked where the ticket leaves it open, said where it decides it.

use super::{Survey, line_of, question};
use crate::model::{
    context::{Context, FileClass},
    plan::{Basis, Question, Statement},
};
use crate::planner::offline::places::site::Site;

/// How a ticket says that there is more than memory holds.
const SAYS: &[&str] = &[
    "can stream ",
    "must stream ",
    "should stream ",
    "to stream ",
    "and stream ",
    "be streamed ",
    "is streamed ",
    "are streamed ",
    "millions of ",
    "billions of ",
];
/// How a sentence wants memory to stay as it is.
const BOUNDS: &[&str] =
    &["memory does not grow", "memory must not grow", "memory stays", "without loading everything", "constant memory"];
/// How a line reads all rows at once, and what the same library has for one by one.
const COLLECTS: &[(&str, &str)] = &[
    ("CollectRows(", "pgx.ForEachRow"),
    (".fetch_all(", "fetch"),
    (".fetchall()", "fetchmany"),
    (".findMany(", ""),
    (".findAll(", ""),
    (".ToListAsync(", "AsAsyncEnumerable"),
    (".getResultList()", "getResultStream"),
    (".scalars().all()", "yield_per"),
    ("list(db.scalars(", "yield_per"),
];
/// Ranked files that are read besides those of the steps.
const SEARCHED: usize = 12;

/// Whether all of it may be held in memory.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let lower = format!("{} ", survey.reading.told.to_lowercase().replace(['.', ',', ')', '\n'], " "));
    let said = SAYS.iter().find(|w| lower.contains(*w)).filter(|_| settled(survey).is_none())?;
    let context = survey.contexts.first()?;
    let (path, line) = collected(survey, context)?;
    let file = line_of(survey, context, &path, line);
    let ask = format!(
        "May all of it be held in memory? The ticket says “{}”, and `{}` reads every row before the first is given on",
        said.trim(),
        file.label()
    );
    Some(question(ask, vec![file], "whether rows are passed on one by one, from the query to the answer"))
}

/// What reads all rows at once where the ticket wants memory bounded.
pub fn settled(survey: &Survey<'_, '_>) -> Option<Statement> {
    let bounds = |text: &str| BOUNDS.iter().any(|w| text.to_lowercase().contains(w));
    let asked = survey.asked.iter().find(|a| bounds(a.text))?;
    let context = survey.contexts.first()?;
    let (path, line) = collected(survey, context)?;
    let file = line_of(survey, context, &path, line);
    let text = format!(
        "{} bounds memory, and `{}` reads every row before the first is given on: what is new passes rows on one by one",
        asked.id,
        file.label()
    );
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// What is told of the step in whose file all rows are read at once, where the ticket wants memory bounded.
pub fn here(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Statement> {
    let bounds = |text: &str| BOUNDS.iter().any(|w| text.to_lowercase().contains(w));
    let asked = survey.asked.iter().find(|a| bounds(a.text))?;
    let (path, line) = collected(survey, site.context)?;
    let text = site.text.as_deref().filter(|_| path == site.path)?;
    let code = text.lines().nth(line.checked_sub(1)? as usize)?;
    let (all, one) = COLLECTS.iter().find(|(all, _)| code.contains(all))?;
    let instead = if one.is_empty() { String::new() } else { format!(", as `{one}` of the same library does") };
    let file = site.file().lines(line, line);
    let all = all.trim_matches(['.', '(', ')']);
    let said = format!("{}: give rows on one by one{instead}, and not as `{all}` at `{}` does", asked.id, file.label());
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// The line on the way of the change that reads all rows, in a file that the ticket's words lead to.
fn collected(survey: &Survey<'_, '_>, context: &Context) -> Option<(String, u32)> {
    let is_source = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let sites = survey.code().map(|s| s.path.as_str());
    let ranked = context.ranked.iter().map(|r| r.path.as_str()).take(SEARCHED);
    sites.chain(ranked).filter(is_source).find_map(|path| {
        let text = context.tree.text(path)?;
        let collects = |line: &str| COLLECTS.iter().any(|(w, _)| line.contains(w));
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| collects(line))?;
        Some((path.to_owned(), at))
    })
}
