//! In which form a new field is given: asked where the ticket names a unit and the fields beside it have a type of their own.

use super::{Survey, question};
use crate::{
    model::plan::Question,
    planner::{offline::places::todo::Act, words::clean},
};

/// How a sentence names the unit of a value.
const UNITS: &[&str] = &["in cents", "in seconds", "in minutes", "in bytes", "in percent", "in euros", "in dollars"];
/// Types that say nothing of a unit.
const PLAIN: &[&str] = &["number", "string", "boolean", "int", "float", "str", "bool", "any", "Date"];

/// Whether the field has the type of its siblings, or the plain unit.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let fields = survey.sites.iter().flat_map(|s| s.todo.iter().map(move |todo| (s, &todo.act)));
    let fields = fields.filter_map(|(site, act)| if let Act::Field(name) = act { Some((site, name)) } else { None });
    fields.into_iter().find_map(|(site, name)| {
        let marked = format!("`{name}`");
        let asked = survey.asked.iter().find(|a| a.text.contains(&marked))?;
        let unit = UNITS.iter().find(|unit| asked.text.to_lowercase().contains(**unit))?;
        let home = site.symbols.first()?;
        let lines = site.text.as_deref()?.lines().zip(1_u32..);
        let typed: Vec<(u32, String)> = lines
            .filter(|(_, at)| home.line < *at && *at <= home.end_line)
            .filter_map(|(line, at)| Some((at, kind(line)?.to_owned())))
            .collect();
        let (line, own) = typed.first()?;
        let is_one = typed.len() >= 2 && typed.iter().all(|(_, kind)| kind == own) && !PLAIN.contains(&own.as_str());
        let file = site.file().lines(*line, *line);
        let ask = format!(
            "Is `{}` a `{own}` as the fields beside it (`{}`), or a plain number {unit}, as {} has it?",
            clean(name),
            file.label(),
            asked.id
        );
        is_one.then(|| question(ask, vec![file], "its type, and what clients read"))
    })
}

/// The type of a field's line: `goods: Money;`, `pub goods: Money,`.
fn kind(line: &str) -> Option<&str> {
    let (_, kind) = line.split_once(": ")?;
    let kind = kind.trim().trim_end_matches([';', ',']);
    (!kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(kind)
}
