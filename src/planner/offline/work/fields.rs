//! What a new file reads of an answer that the ticket shows: the names in its JSON.
//!
//! In: the group of a file that is made beside others. Out: an instruction with the names, and the type of the pattern that
//! reads such an answer there.

use super::super::{Survey, places::site::Site, testing};
use crate::model::{
    context::{Symbol, SymbolKind},
    plan::{Action, Basis, Statement},
};
use crate::{
    planner::words::{clean, listed},
    richtext::markdown::code_span,
};

/// Names that are told.
const MOST: usize = 8;

/// Which names the new file reads.
pub fn here(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Statement> {
    if !site.is_beside || site.action != Action::Create {
        return None;
    }
    let example: serde_json::Value =
        testing::examples(survey).iter().find_map(|code| serde_json::from_str(code).ok())?;
    let (home, names) = names(&example);
    let shown: Vec<String> = names.iter().take(MOST).map(|name| code_span(&clean(name))).collect();
    let of = match home {
        Some(home) => format!("{} of each of {}", listed(&shown), code_span(&clean(&home))),
        None => listed(&shown),
    };
    let like = site.convention.as_ref().and_then(|(_, like)| like.clone())?;
    let text = site.context.tree.text(&like)?;
    let symbols = site.context.tree.symbols(&like);
    let reads = |s: &&Symbol| {
        let lines = text.lines().zip(1_u32..).filter(|(_, at)| s.line < *at && *at <= s.end_line);
        let is_read = |line: &str| {
            ["json:\"", "serde(", "JsonProperty", "@SerializedName", "alias="].iter().any(|w| line.contains(w))
        };
        matches!(s.kind, SymbolKind::Struct | SymbolKind::Class | SymbolKind::Interface)
            && lines.into_iter().any(|(l, _)| is_read(l))
    };
    let pattern = symbols.iter().find(reads);
    let beside = pattern.map_or(String::new(), |symbol| {
        let file = site.sibling(&like).lines(symbol.line, symbol.line);
        format!(", as `{}` (`{}`) does for its own", clean(&symbol.name), file.label())
    });
    let said = format!("Read {of} in the answer that the ticket shows{beside}");
    let said = Statement::new(Basis::Ticket, said);
    let said = match pattern {
        Some(symbol) => said.at(site.sibling(&like).lines(symbol.line, symbol.line)),
        None => said,
    };
    (names.len() >= 2).then_some(said)
}

/// The names of an answer's elements, with the name of the list that holds them; those of the answer itself where it holds
/// no list.
fn names(value: &serde_json::Value) -> (Option<String>, Vec<String>) {
    let fields = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let first = |value: &serde_json::Value| value.as_array().and_then(|all| all.first().cloned());
    let list = value.as_object().and_then(|all| all.iter().find_map(|(name, one)| Some((name.clone(), first(one)?))));
    match (list, first(value)) {
        (Some((name, one)), _) if one.is_object() => (Some(name), fields(&one)),
        (_, Some(one)) => (None, fields(&one)),
        _ => (None, fields(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_an_answer_are_those_of_its_elements() {
        let check = |value: serde_json::Value, home: Option<&str>, expected: &[&str]| {
            let (found, names) = names(&value);
            assert_eq!((found.as_deref(), names), (home, expected.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()));
        };
        let history = serde_json::json!({"history": [{"depot": "y", "ts": "x"}], "next": null});
        check(history, Some("history"), &["depot", "ts"]);
        check(serde_json::json!([{"id": 1}]), None, &["id"]);
        check(serde_json::json!({"id": 1, "tags": ["a"]}), None, &["id", "tags"]);
    }
}
