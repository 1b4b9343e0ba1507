//! Where a day begins: asked where a ticket goes by calendar days and the repository keeps points in time.

use super::{Survey, line_of, question};
use crate::model::{
    context::{Context, FileClass},
    plan::{Basis, FileRef, Question, Statement},
};
use crate::planner::words::{clean, shorten};

/// How sentences go by calendar days.
const DAYS: &[&str] = &[
    "same day",
    "these days",
    "those days",
    "per day",
    "day by day",
    "date range",
    "calendar day",
    "selben tag",
    "gleichen tag",
    "tag des ",
    "pro tag",
    "même jour",
    "mismo día",
];
/// Names of columns' types that hold a point in time.
const INSTANTS: &[&str] = &["timestamp", "datetime", "timestamptz"];
/// Keys of a setting for the zone.
const ZONES: &[&str] = &["timezone", "time_zone", "timezone_name", "zone", "tz", "default_timezone"];
/// Files that are looked at.
const SEARCHED: usize = 400;

/// In which zone the days of a sentence begin.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let (id, context) = open(survey)?;
    if ruled(context).is_some() {
        return None;
    }
    if let Some((path, line, key)) = zone(context) {
        let file = line_of(survey, context, &path, line);
        let ask = format!("Do the days of {id} begin and end in the zone of `{key}` (`{}`)?", file.label());
        return Some(question(ask, vec![file], "what counts at midnight, and what its test asserts"));
    }
    let (path, line, column) = instant(survey, context)?;
    let file = line_of(survey, context, &path, line);
    let names_utc = survey.reading.told.split(|c: char| !c.is_alphanumeric()).any(|w| w == "UTC");
    let ask = match names_utc {
        true => format!(
            "Do the days of {id} begin and end in UTC, too? The ticket names it for times, and `{column}` is a point in \
             time (`{}`)",
            file.label()
        ),
        false => format!(
            "In which time zone do the days of {id} begin and end? `{column}` is a point in time (`{}`), and the ticket \
             names no zone",
            file.label()
        ),
    };
    Some(question(ask, vec![file], "what counts at midnight, and what its test asserts"))
}

/// The repository's own rule for zones, where a sentence goes by days.
pub fn settled(survey: &Survey<'_, '_>) -> Option<Statement> {
    let (id, context) = open(survey)?;
    let (path, line, rule) = ruled(context)?;
    let file = FileRef::new(&path).lines(line, line);
    let text = format!("The days of {id} go by the rule of `{}`: “{}”", file.label(), shorten(&rule, 160));
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// The repository's own rule for the zone of times, with its place.
pub fn zone_rule(survey: &Survey<'_, '_>) -> Option<(FileRef, String)> {
    let (path, line, rule) = ruled(survey.contexts.first()?)?;
    Some((FileRef::new(&path).lines(line, line), shorten(&rule, 160)))
}

/// What goes by calendar days while the ticket names no zone, and the repository that it is done in.
fn open<'s, 'c>(survey: &Survey<'s, 'c>) -> Option<(&'s str, &'c Context)> {
    let lower = survey.reading.all.to_lowercase();
    if ["time zone", "timezone", "zeitzone", "midnight", "mitternacht"].iter().any(|w| lower.contains(w)) {
        return None;
    }
    let by_days = |text: &str| DAYS.iter().any(|w| text.to_lowercase().contains(w));
    let asks = survey.asked.iter().find(|a| by_days(a.text) && a.served.is_some());
    asks.map(|a| a.id).zip(survey.contexts.first())
}

/// The sentence of the rules for contributors that names the zone of times: path, line, words.
fn ruled(context: &Context) -> Option<(String, u32, String)> {
    const RULES: &[&str] = &["contributing", "agents", "claude", "conventions", "guidelines", "styleguide"];
    let is_rules = |p: &&str| {
        let stem = p.rsplit('/').next().unwrap_or(p).split('.').next().unwrap_or_default().to_lowercase();
        RULES.contains(&stem.as_str()) && context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc)
    };
    let says = |line: &str| {
        let lower = line.to_lowercase();
        let has_zone =
            lower.split(|c: char| !c.is_alphanumeric()).any(|w| ["zone", "timezone", "timezones"].contains(&w));
        has_zone && ["time", "date", "day"].iter().any(|w| lower.contains(w))
    };
    context.tree.paths().filter(is_rules).find_map(|path| {
        let text = context.tree.text(path)?;
        let (line, at) = text.lines().zip(1_u32..).take(2_000).find(|(line, _)| says(line))?;
        Some((path.to_owned(), at, clean(line.trim_start_matches(['-', '*', ' ']))))
    })
}

/// The setting for the zone, with its line.
pub fn zone(context: &Context) -> Option<(String, u32, String)> {
    let is_settings = |p: &&str| {
        let lower = p.to_lowercase();
        let is_read = context.tree.file(p).is_some_and(|f| matches!(f.class, FileClass::Source | FileClass::Config));
        is_read && ["config", "settings", ".env", "application"].iter().any(|w| lower.contains(w))
    };
    context.tree.paths().filter(is_settings).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        text.lines().zip(1_u32..).take(2_000).find_map(|(line, at)| {
            let key = line.split([':', '=']).next()?.trim().trim_matches(['"', '\'', ' ']);
            let is_set = line.len() > key.len() + 2 && line.contains(['=', ':']) && line.contains(['"', '\'', '/']);
            let is_key = ZONES.contains(&key.to_lowercase().as_str()) && is_set;
            is_key.then(|| (path.to_owned(), at, key.to_owned()))
        })
    })
}

/// The declaration of a point in time that the ticket names in code marks.
fn instant(survey: &Survey<'_, '_>, context: &Context) -> Option<(String, u32, String)> {
    let codes = survey.reading.codes.iter().flat_map(|c| c.rsplit('.').next());
    let names: Vec<&str> = codes.filter(|c| c.len() >= 4 && c.contains(['_', 'A'])).collect();
    let is_schema = |p: &&str| {
        let is_read = context.tree.file(p).is_some_and(|f| {
            matches!(f.class, FileClass::Migration | FileClass::Source | FileClass::Other | FileClass::Config)
        });
        is_read && ["migration", "schema", "model", "entit"].iter().any(|w| p.to_lowercase().contains(w))
    };
    context.tree.paths().filter(is_schema).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        text.lines().zip(1_u32..).find_map(|(line, at)| {
            let lower = line.to_lowercase();
            let name = names.iter().find(|name| super::edges::names(line, name))?;
            INSTANTS.iter().any(|t| lower.contains(t)).then(|| (path.to_owned(), at, (*name).to_owned()))
        })
    })
}
