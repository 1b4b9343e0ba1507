//! Amounts of time that a bug's ticket tells, where a line to change works with the same: “an hour off” and
//! `timedelta(hours=1)`.
//!
//! In: the sentences of a ticket and the symbols of a [`Group`]. Out: the line, quoted. One line that has both figure and
//! unit is evidence; several say nothing.

use super::{
    super::{Survey, code::path::stem, places::site::Site, unsaid},
    group::Group,
};
use crate::model::{
    context::Symbol,
    plan::{Basis, Kind, Statement},
};
use crate::{
    planner::words::{clean, shorten},
    richtext::markdown::code_span,
};

/// Definitions of a name that are looked at.
const MOST_HOMES: usize = 12;
/// Units, in the singular.
const UNITS: &[&str] = &["second", "minute", "hour", "day", "week"];
/// Numbers in words.
const NUMBERS: &[(&str, u32)] =
    &[("a", 1), ("an", 1), ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("twelve", 12), ("ein", 1)];

/// The line of a group's symbols that works with an amount of the ticket.
pub fn here(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    if survey.reading.kind != Kind::Bug {
        return None;
    }
    let amounts = of(&survey.reading.told);
    let sites = group.sites.iter().filter(|s| s.is_code());
    let found = sites.flat_map(|site| lines(site, &amounts));
    let [(site, line, (number, unit))] = found.collect::<Vec<_>>().try_into().ok()?;
    let text = site.text.as_deref()?.lines().nth(line as usize - 1)?;
    let file = site.file().lines(line, line);
    let ending = if number == 1 { "" } else { "s" };
    let text = format!(
        "Look at `{}` first: it works with {number} {unit}{ending}, as the ticket tells: {}",
        file.label(),
        code_span(&shorten(&clean(text), 120))
    );
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// What the repository's own rule has in place of such an amount, with where it is declared.
pub fn ruled(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    here(survey, group)?;
    let (rule, said) = unsaid::zone_rule(survey)?;
    let code = said.split('`').nth(1)?;
    let (owner, name) = code.rsplit_once('.')?;
    // The rule is one of the plan's first repository.
    let context = survey.contexts.first().filter(|_| group.lead().repository.is_none())?;
    let is_owners = |path: &str, symbol: &Symbol| {
        let parent = symbol.parent.as_deref().unwrap_or_default();
        stem(path) == owner || parent.eq_ignore_ascii_case(owner)
    };
    let found = context.tree.definitions(name, MOST_HOMES);
    let (path, symbol) = found.iter().find(|(path, symbol)| is_owners(path, symbol))?;
    let file = group.lead().sibling(path).lines(symbol.line, symbol.line);
    let text = format!("`{}` has `{code}` (`{}`) in its place, and no fixed amount", rule.label(), file.label());
    Some(Statement::new(Basis::Repository, text).at(rule).at(file))
}

/// The amounts of a text: number and unit.
fn of(text: &str) -> Vec<(u32, &'static str)> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let number = |w: &str| w.parse().ok().or(NUMBERS.iter().find(|(name, _)| *name == w).map(|(_, n)| *n));
    let unit = |w: &str| UNITS.iter().find(|u| w.strip_suffix('s').unwrap_or(w) == **u).copied();
    let mut out: Vec<(u32, &'static str)> =
        words.windows(2).filter_map(|pair| Some((number(pair[0])?, unit(pair[1])?))).filter(|(n, _)| *n > 0).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The lines of the symbols to change that hold number and unit.
fn lines<'s, 'c>(site: &'s Site<'c>, amounts: &[(u32, &'static str)]) -> Vec<(&'s Site<'c>, u32, (u32, &'static str))> {
    let Some(text) = site.text.as_deref() else { return Vec::new() };
    let is_inside = |at: u32| site.symbols.iter().any(|s| s.line <= at && at <= s.end_line);
    let told = text.lines().zip(1_u32..).filter(|(_, at)| is_inside(*at));
    told.filter_map(|(line, at)| Some((site, at, *amounts.iter().find(|amount| works_with(line, **amount))?))).collect()
}

/// Does the line hold the unit with the number right behind it or before it: `hours=1`, `addHours(1)`, `1 * HOUR`?
fn works_with(line: &str, (number, unit): (u32, &str)) -> bool {
    let trimmed = line.trim_start();
    if ["//", "#", "*", "\"\"\""].iter().any(|mark| trimmed.starts_with(mark)) {
        return false;
    }
    let lower = line.to_lowercase();
    let figure = number.to_string();
    lower.match_indices(unit).any(|(at, _)| {
        let behind = lower[at + unit.len()..].trim_start_matches('s').trim_start_matches([' ', '=', '(', ':', '*']);
        let is_behind =
            behind.strip_prefix(&figure).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        let before = lower[..at].trim_end_matches([' ', '*', '.', '_']);
        let is_before =
            before.strip_suffix(&figure).is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()));
        is_behind || is_before
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_off_sentences() {
        assert_eq!(of("Texts are an hour off; two days pass, 15 minutes"), [(1, "hour"), (2, "day"), (15, "minute")]);
        assert!(of("the hour of day").is_empty());
    }

    #[test]
    fn a_line_works_with_number_and_unit() {
        let check = |line: &str, expected: bool| assert_eq!(works_with(line, (1, "hour")), expected, "{line}");
        check("local = starts_at + timedelta(hours=1)", true);
        check("return at.addHours(1);", true);
        check("const OFFSET = 1 * HOUR;", true);
        check("let t = at + 12 * HOUR;", false);
        check("hours = 10", false);
        check("# hours=1", false);
    }
}
