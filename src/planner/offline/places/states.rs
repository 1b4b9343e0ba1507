//! A value that the ticket coins for a field whose other values the code compares: “status `refunded`”.
//!
//! In: the ticket's code marks, the word beside each, and the source of a [`Context`]. Out: the comparisons of the field
//! with values of its own: those of the file that tells most values apart are decided by what the ticket asks of the new
//! one; those of other files that let values in are asked for. Bounded: ranked files first.

use std::collections::BTreeMap;

use super::{
    super::{Survey, code::path::folder, reading::Reading},
    called::Call,
    site,
};
use crate::model::{
    context::{Context, FileClass, Grounding},
    ids::RepoName,
    plan::{Basis, FileRef, Question, Statement},
};
use crate::planner::words::{clean, shorten};

/// Files that are searched, and the most comparisons that are told.
const SEARCHED: usize = 400;
const MOST: usize = 6;
/// Longer texts and lines are not searched, in bytes.
const LONGEST: usize = 200_000;
const LONGEST_LINE: usize = 300;
/// How a comparison begins behind the field's name. A single `=` compares in queries alone.
const COMPARES: &[&str] = &["==", "!=", "<>", "in ", "not in ", ".in_(", ".eq(", ".equals(", "is ", ".is_in("];
/// Words before a code mark that name no field with a few values.
const NO_FIELDS: &[&str] =
    &["code", "error", "message", "called", "named", "name", "path", "option", "function", "method", "event", "header"];
/// How a value is set.
const SETS: &[&str] = &["=", ":"];

/// The field, its new value, and where the code compares the field.
pub struct Coined {
    pub field: String,
    pub value: String,
    /// Best ranked file first, in the order of the lines.
    pub places: Vec<Place>,
}

/// A comparison.
pub struct Place {
    pub path: String,
    pub line: u32,
    /// The values it knows.
    pub values: Vec<String>,
    /// It lets these values in, and does not keep them out.
    pub is_positive: bool,
}

/// The value that the ticket coins, where two other values of its field stand in the code at least.
pub fn coined(context: &Context, reading: &Reading) -> Option<Coined> {
    let is_there = |value: &str| {
        context.grounded.iter().any(|g| g.text == value && !matches!(g.found, Grounding::NotFound { .. }))
    };
    candidates(&reading.all).into_iter().filter(|(_, value)| !is_there(value)).take(4).find_map(|(field, value)| {
        let mut known: Vec<String> = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for path in paths(context) {
            let text = context.tree.text(path).filter(|t| t.len() <= LONGEST && t.contains(&field));
            let Some(text) = text else { continue };
            for (line, at) in text.lines().zip(1_u32..).filter(|(l, _)| l.len() <= LONGEST_LINE) {
                let Some((values, compares)) = values_of(line, &field) else { continue };
                known.extend(values.iter().filter(|v| !known.contains(v)).cloned().collect::<Vec<_>>());
                if compares {
                    places.push(Place { path: path.to_owned(), line: at, values, is_positive: !denies(line, &field) });
                }
            }
        }
        // The file that tells most values apart first.
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        places.iter().for_each(|p| *told.entry(p.path.clone()).or_default() += p.values.len());
        places.sort_by_key(|p| std::cmp::Reverse(told[&p.path]));
        let is_new = known.len() >= 2 && !known.contains(&value) && !places.is_empty();
        is_new.then_some(Coined { field, value, places })
    })
}

/// The comparisons of the file that tells most values apart, in one instruction.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    let Coined { field, value, places } = coined(context, reading)?;
    let at = |place: &Place| FileRef::new(&place.path).of(repository.clone()).lines(place.line, place.line);
    let first = places.first()?;
    let here: Vec<&Place> = places.iter().filter(|place| place.path == first.path).take(MOST).collect();
    let told: Vec<String> =
        here.iter().map(|place| format!("with {} at `{}`", listed(&place.values), at(place).label())).collect();
    let marked = format!("`{value}`");
    let ids: Vec<&str> = reading.asked().filter(|(_, text)| text.contains(&marked)).map(|(id, _)| id).take(3).collect();
    let each = match (here.len(), ids.is_empty()) {
        (1, true) => "decide".to_owned(),
        (_, true) => "decide at each".to_owned(),
        (1, false) => format!("{} decides", ids.join(", ")),
        (_, false) => format!("decide at each by {}", ids.join(", ")),
    };
    let why = format!("`{}` compares `{field}`, for which the ticket coins `{value}`", at(first).label());
    let todo = format!("`{field}` is compared {}: {each} whether `{value}` belongs", told.join(", "));
    let todo = here.iter().fold(Statement::new(Basis::Repository, todo), |said, place| said.at(at(place)));
    let symbol = site::around(&context.tree.symbols(&first.path), first.line);
    Some(Call {
        path: first.path.clone(),
        symbol,
        why: Statement::new(Basis::Repository, why).at(at(first)),
        todo: Some(todo.into()),
        leads: false,
    })
}

/// Comparisons of other files that let values in: whether they let the new one in, the ticket does not say.
pub fn question(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let Coined { field, value, places } = coined(context, survey.reading)?;
    let home = places.first()?.path.clone();
    let open: Vec<&Place> = places.iter().filter(|p| p.path != home && p.is_positive).take(3).collect();
    let at = |place: &Place| FileRef::new(&place.path).lines(place.line, place.line);
    let told: Vec<String> = open
        .iter()
        .map(|place| {
            let around = site::around(&context.tree.symbols(&place.path), place.line);
            let inside = around.map_or(String::new(), |s| format!("`{}`, ", clean(&s.name)));
            format!("`{}` ({inside}with {})", at(place).label(), listed(&place.values))
        })
        .collect();
    let first = open.first()?;
    let ask = match told.as_slice() {
        [one] => format!("Does `{field}` `{value}` count at {one}? The ticket does not say"),
        all => format!("At which of these does `{field}` `{value}` count: {}? The ticket does not say", all.join(", ")),
    };
    let ask = open.iter().fold(Statement::new(Basis::Repository, ask), |said, place| said.at(at(place)));
    let decides =
        if open.len() == 1 { format!("whether `{}` changes", first.path) } else { "which of them change".to_owned() };
    Some(Question { ask, decides })
}

/// The comparison of the field that the newest migration with one keeps in the database: a constraint, an index of some rows.
pub fn constrained(context: &Context, reading: &Reading) -> Option<(Coined, Place)> {
    let coined = coined(context, reading)?;
    let is_migration = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Migration);
    let paths: Vec<&str> = context.tree.paths().filter(is_migration).collect();
    let place = paths.into_iter().rev().take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path).filter(|t| t.len() <= LONGEST && t.contains(&coined.field))?;
        text.lines().zip(1_u32..).filter(|(l, _)| l.len() <= LONGEST_LINE).find_map(|(line, at)| {
            let (values, compares) = values_of(line, &coined.field)?;
            let is_positive = !denies(line, &coined.field);
            compares.then(|| Place { path: path.to_owned(), line: at, values, is_positive })
        })
    })?;
    Some((coined, place))
}

/// Does the line keep the field's values out: `!=`, `<>`, `not in`?
fn denies(line: &str, field: &str) -> bool {
    let Some(at) = line.find(field) else { return false };
    let behind = line[at + field.len()..].trim_start_matches([')', '"', '\'', ']', ' ', '?']).to_lowercase();
    ["!=", "<>", "not in", "not_in", ".not_in", "is not", "not like"]
        .iter()
        .any(|op| behind.trim_start_matches('.').starts_with(op))
        || line[..at].trim_end().ends_with(['!', '~'])
}

/// `“a” and “b”`.
fn listed(values: &[String]) -> String {
    values.iter().map(|value| format!("“{value}”")).collect::<Vec<_>>().join(" and ")
}

/// What a revert leaves behind: rows with a value that the code of before does not know.
pub fn left_behind(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Statement> {
    let Coined { field, value, places } = coined(context, reading)?;
    let place = places.first()?;
    let file = FileRef::new(&place.path).of(repository.clone()).lines(place.line, place.line);
    let text = format!(
        "A revert leaves what has the `{field}` `{value}` by then, and the code of before does not know it: `{}` goes by \
         {}",
        file.label(),
        listed(&place.values)
    );
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// Field and value, as the ticket writes them: the word before a code mark, and the mark.
fn candidates(text: &str) -> Vec<(String, String)> {
    let is_value = |v: &str| {
        (3..=40).contains(&v.len())
            && v.starts_with(|c: char| c.is_ascii_alphabetic())
            && v.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    let parts: Vec<&str> = text.split('`').collect();
    let mut out: Vec<(String, String)> = Vec::new();
    for at in (1..parts.len().saturating_sub(1)).step_by(2).filter(|at| is_value(parts[*at])) {
        // “status `refunded`”, “`status` `refunded`”, “`status` is `refunded`”.
        let before = match parts[at - 1].trim() {
            "" | "is" | "=" | ":" | "of" if at >= 2 => parts[at - 2],
            plain => plain,
        };
        let word = before.trim_end_matches([':', '=', ' ']).rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next();
        let field = word.unwrap_or_default().to_lowercase();
        let is_field = field.len() >= 4
            && !NO_FIELDS.contains(&field.as_str())
            && field.is_ascii()
            && field != parts[at].to_lowercase();
        let pair = (field, parts[at].to_owned());
        if is_field && !out.contains(&pair) {
            out.push(pair);
        }
    }
    out
}

/// Source files, the ranked ones first, then those of their folders, then the rest.
fn paths(context: &Context) -> Vec<&str> {
    let is_source = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let ranked: Vec<&str> = context.ranked.iter().map(|r| r.path.as_str()).filter(is_source).take(SEARCHED).collect();
    let near = |path: &&str| ranked.iter().any(|r| folder(r) == folder(path));
    let (mut near, far): (Vec<&str>, Vec<&str>) =
        context.tree.paths().filter(is_source).filter(|p| !ranked.contains(p)).take(SEARCHED).partition(near);
    let mut out = ranked.clone();
    out.append(&mut near);
    out.extend(far);
    out.truncate(SEARCHED);
    out
}

/// The quoted values that a line compares the field with (`true`) or sets it to.
pub fn values_of(line: &str, field: &str) -> Option<(Vec<String>, bool)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let trimmed = line.trim_start();
    if ["//", "#", "*", "--"].iter().any(|mark| trimmed.starts_with(mark)) {
        return None;
    }
    let behind = line.match_indices(field).find_map(|(at, _)| {
        let rest = &line[at + field.len()..];
        (!line[..at].ends_with(is_part) && !rest.starts_with(is_part)).then_some(rest)
    })?;
    let rest = behind.trim_start_matches([')', '"', '\'', ']', ' ', '?', '!']);
    let rest = if behind.trim_start().starts_with("!=") { behind.trim_start() } else { rest };
    let lower = rest.to_lowercase();
    let compares = COMPARES.iter().any(|op| lower.starts_with(op));
    let is_set = SETS.iter().any(|op| rest.starts_with(op));
    // `where status = 'open'` is a comparison, too.
    let in_query = is_set && rest.starts_with('=') && rest[1..].trim_start().starts_with('\'') && {
        let lower = line.to_lowercase();
        ["where ", " and ", "select "].iter().any(|w| lower.contains(w))
    };
    if !(compares || is_set) {
        return None;
    }
    let values = quoted(rest);
    (!values.is_empty()).then_some((values, compares || in_query))
}

/// The quoted words at the head of a text: up to the end of the list, or the first of a comparison.
fn quoted(rest: &str) -> Vec<String> {
    let head = match rest.find(['(', '[', '{']) {
        Some(open) if !rest[..open].contains(['"', '\'']) => {
            let end = rest[open..].find([')', ']', '}']).map_or(rest.len(), |end| open + end);
            &rest[open..end]
        }
        _ => {
            let start = rest.find(['"', '\'']).filter(|at| *at <= 6).unwrap_or(rest.len());
            let mark = rest[start..].chars().next().unwrap_or('"');
            let end = rest[start..]
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == mark)
                .map_or(rest.len(), |(at, _)| start + at + 1);
            &rest[start..end]
        }
    };
    let is_value = |v: &&str| {
        (2..=40).contains(&v.len()) && v.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    let words = head.split(['"', '\'']).skip(1).step_by(2);
    words.filter(is_value).take(6).map(|v| shorten(v, 40)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_and_their_values_are_read() {
        let check = |line: &str, expected: Option<(&[&str], bool)>| {
            let found = values_of(line, "status");
            let expected = expected.map(|(v, c)| (v.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>(), c));
            assert_eq!(found, expected, "{line}");
        };
        check(r#"net = MISSED if visit.status == "missed" else VISIT"#, Some((&["missed"], true)));
        check(r#".where(Visit.status.in_(["booked", "missed"]))"#, Some((&["booked", "missed"], true)));
        check("if (order.status !== 'paid') return;", Some((&["paid"], true)));
        check(r#"order.status = "sent""#, Some((&["sent"], false)));
        check("SELECT 1 FROM orders WHERE status = 'open'", Some((&["open"], true)));
        check(r#"Visit(day=day, status="booked")"#, Some((&["booked"], false)));
        check("status = response.status", None);
        check(r#"substatus == "a""#, None);
        check(r#"// status == "old""#, None);
    }

    #[test]
    fn a_comparison_lets_values_in_or_keeps_them_out() {
        assert!(denies("if visit.status != \"missed\":", "status") && denies("WHERE status <> 'open'", "status"));
        assert!(denies("if visit.status not in (\"a\", \"b\"):", "status"));
        assert!(!denies("if visit.status == \"missed\":", "status") && !denies("status.in_([\"a\"])", "status"));
    }

    #[test]
    fn the_word_before_a_value_is_its_field() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = candidates(text);
            let found: Vec<(&str, &str)> = found.iter().map(|(f, v)| (f.as_str(), v.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("Ein Termin mit Status `cancelled_late` erscheint", &[("status", "cancelled_late")]);
        check("The `state` is `on-hold` then", &[("state", "on-hold")]);
        check("`GET /orders` answers 200", &[]);
        check("it fails with code `ERR_LATE`", &[]);
    }
}
