//! Risks of stored data: it changes its form, or holds values that code does not know.
//!
//! In: the [`Survey`]. Out: risks.

use super::{
    super::super::{
        Survey,
        code::layer::Layer,
        places::{
            site::Site,
            states::{self, Coined},
            stored,
        },
        work::{migrations, steps::counted},
    },
    risk,
};
use crate::model::plan::{Action, Basis, FileRef, Level, Risk, Statement};
use crate::planner::words::clean;

/// Stored data changes its form.
pub fn migrated(survey: &Survey<'_, '_>) -> Option<Risk> {
    let is_new_table = |s: &Site<'_>| s.action == Action::Create && stored::noun(s.context, survey.reading).is_some();
    // Code of the version before knows nothing of a table that is new.
    let site = survey.sites.iter().find(|s| s.layer == Layer::Migration && !is_new_table(s))?;
    let said = format!(
        "`{}` changes stored data; code of the version before still runs against it during a deployment",
        site.path
    );
    if let Some(index) = migrations::index(survey.reading).filter(|_| site.action == Action::Create) {
        return Some(indexed(site, &index.of));
    }
    let statement = Statement::new(Basis::Repository, said);
    let statement = if site.action == Action::Modify { statement.at(site.file()) } else { statement };
    Some(risk(
        statement,
        Level::Medium,
        Level::High,
        "add before use, remove a release later; try it up and down on a copy".to_owned(),
    ))
}

/// The database compares the field of a coined value, too: code alone does not decide for it.
pub fn constrained(survey: &Survey<'_, '_>) -> Option<Risk> {
    let context = survey.contexts.first()?;
    let (coined, place) = states::constrained(context, survey.reading)?;
    let file = FileRef::new(&place.path).lines(place.line, place.line);
    let values: Vec<String> = place.values.iter().map(|value| format!("“{}”", clean(value))).collect();
    let said =
        format!("The database goes by `{}` {} as well: `{}`", clean(&coined.field), values.join(" and "), file.label());
    let what = format!(
        "decide for `{}` there as in the code; where it belongs, a new migration changes it, never this one",
        clean(&coined.value)
    );
    Some(risk(Statement::new(Basis::Repository, said).at(file), Level::Medium, Level::High, what))
}

/// An index is built over rows that are there: it changes none of them, and takes its time.
fn indexed(site: &Site<'_>, of: &str) -> Risk {
    let table = clean(of.rsplit_once('.').map_or(of, |(table, _)| table));
    let rule = migrations::guideline(site);
    // https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    if rule.is_some_and(|rule| rule.text.to_lowercase().contains("concurrently")) {
        let said = format!(
            "`{}` builds an index concurrently: a build that fails leaves an invalid index on `{table}` behind, and the \
             next try finds its name taken",
            site.path
        );
        let what =
            "time it on a copy as large as production; after a failure drop the invalid index before the next try";
        return risk(Statement::new(Basis::Repository, said), Level::Low, Level::Medium, what.to_owned());
    }
    let said = format!(
        "`{}` builds an index: writes to `{table}` may wait for it, the longer the more rows there are",
        site.path
    );
    let by_rule = migrations::guideline(site).map_or("time it on a copy as large as production".to_owned(), |rule| {
        format!("keep to {}, and time it on a copy", rule.text)
    });
    risk(Statement::new(Basis::Ticket, said), Level::Medium, Level::Medium, by_rule)
}

/// Comparisons of a field that do not know a value which the ticket coins for it.
pub fn unknown_value(survey: &Survey<'_, '_>) -> Option<Risk> {
    const MOST: usize = 4;
    let context = survey.contexts.first()?;
    let Coined { field, value, places } = states::coined(context, survey.reading)?;
    let home = places.first()?.path.clone();
    let others: Vec<FileRef> = places
        .iter()
        .filter(|place| place.path != home && place.is_positive)
        .map(|place| FileRef::new(&place.path).lines(place.line, place.line))
        .collect();
    let verb = if others.len() == 1 { "leaves" } else { "leave" };
    let said = format!(
        "`{field}` `{value}` counts nowhere else: {} {verb} it out until the open question on it is settled",
        counted(others.len(), "comparison")
    );
    let said = others.iter().take(MOST).cloned().fold(Statement::new(Basis::Repository, said), Statement::at);
    let todo = format!("settle it before step 1, and let a test of each hold one `{value}`");
    (!others.is_empty()).then(|| risk(said, Level::Medium, Level::High, todo))
}
