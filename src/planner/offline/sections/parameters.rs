//! Parameters of the query that the ticket names, `?format=`, and where the repository reads them.
//!
//! In: the [`Survey`] and the routes of its repositories. Out: routes whose handler reads such a parameter, with the line.

use super::super::{Survey, places::called};
use crate::model::{
    context::{Context, Fact, Symbol},
    plan::{Basis, FileRef, Statement},
};

/// How code that reads the query of a request looks, in lower case.
const QUERIES: [&str; 6] = ["query", "params", "args", "param(", "get(", "request."];

/// The names of the parameters that the ticket writes.
pub fn named(survey: &Survey<'_, '_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for piece in survey.reading.all.split('?').skip(1) {
        let name: String = piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let is_set = piece[name.len()..].starts_with('=') && name.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_set && !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// Where the handler of a route reads one of the parameters, as the route's part in the change.
pub fn read_by(
    context: &Context,
    fact: &Fact,
    names: &[String],
    at: impl Fn(&str, u32) -> FileRef,
) -> Option<Statement> {
    if names.is_empty() {
        return None;
    }
    let (path, symbol) = called::answers(context, fact)?;
    let text = context.tree.text(&path)?;
    let (line, name) = names.iter().find_map(|name| Some((line_of(&text, &symbol, name)?, name)))?;
    let file = at(&path, line);
    let said = format!("`?{name}=` is read at `{}`", file.label());
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// The line of a symbol that reads the parameter.
fn line_of(text: &str, symbol: &Symbol, name: &str) -> Option<u32> {
    let reads = |line: &str| {
        let lower = line.to_lowercase();
        let quoted = line.contains(&format!("\"{name}\"")) || line.contains(&format!("'{name}'"));
        let is_code = !["//", "#", "*"].iter().any(|mark| lower.trim_start().starts_with(mark));
        is_code && QUERIES.iter().any(|mark| lower.contains(mark)) && (quoted || line.contains(&format!(".{name}")))
    };
    let lines = text.lines().zip(1_u32..).skip(symbol.line as usize - 1);
    let mut inside = lines.take_while(|(_, at)| *at <= symbol.end_line);
    inside.find(|(line, _)| reads(line)).map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::context::SymbolKind;

    #[test]
    fn a_parameter_is_read_where_code_asks_the_query_for_it() {
        let symbol = Symbol {
            name: "events".to_owned(),
            kind: SymbolKind::Function,
            parent: None,
            line: 2,
            end_line: 5,
            signature: String::new(),
            is_public: true,
        };
        let check = |line: &str, expected: Option<u32>| {
            let text = format!("query.format\nfunc events() {{\n\t// r.Query().Get(\"format\")\n\t{line}\n}}\n");
            assert_eq!(line_of(&text, &symbol, "format"), expected, "{line}");
        };
        check("name := r.URL.Query().Get(\"format\")", Some(4));
        check("const { format } = request.query.format;", Some(4));
        check("log(\"format\")", None);
        check("name := r.URL.Query().Get(\"size\")", None);
    }
}
