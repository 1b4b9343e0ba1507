//! What a new file reads of an answer that the ticket shows: the names in its JSON.
//!
//! In: the group of a file that is made beside others. Out: an instruction with the names, and the type of the pattern that
//! reads such an answer there.

use super::super::{Survey, places::site::Site, testing};
use crate::model::{
    context::{Symbol, SymbolKind},
    plan::{Action, Basis, Statement},
};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// Names that are told.
const MOST: usize = 8;

/// Which names the new file reads.
pub fn here(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Statement> {
    if !site.is_beside || site.action != Action::Create {
        return None;
    }
    let example: serde_json::Value =
        testing::examples(survey).iter().find_map(|code| serde_json::from_str(code).ok())?;
    let names = names(&example);
    let shown: Vec<String> = names.iter().take(MOST).map(|name| code_span(&clean(name))).collect();
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
    let said = format!("Read {} of the answer that the ticket shows{beside}", shown.join(", "));
    let said = Statement::new(Basis::Ticket, said);
    let said = match pattern {
        Some(symbol) => said.at(site.sibling(&like).lines(symbol.line, symbol.line)),
        None => said,
    };
    (names.len() >= 2).then_some(said)
}

/// The names of an answer, outer ones first, each once.
fn names(value: &serde_json::Value) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut now = vec![value];
    while let Some(next) = now.pop() {
        match next {
            serde_json::Value::Object(fields) => {
                for (name, inner) in fields {
                    if !out.contains(name) {
                        out.push(name.clone());
                    }
                    now.push(inner);
                }
            }
            serde_json::Value::Array(all) => now.extend(all.first()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_an_answer_are_read_from_outside() {
        let value = serde_json::json!({"history": [{"ts": "x", "depot": "y"}], "next": null});
        let found = names(&value);
        assert_eq!(found[0], "history");
        assert!(
            found.contains(&"ts".to_owned())
                && found.contains(&"depot".to_owned())
                && found.contains(&"next".to_owned())
        );
    }
}
