//! Where something new comes from that a sentence waits for: “every new event”.
//!
//! In: sentences, and the source of a [`Context`]. Out: the function that keeps it, and who calls that: the work that follows
//! it begins there. Told by names (`AddEvent`, `insert_event`); bounded.

use super::super::{
    Survey,
    code::{edges, path::folder, uses},
    places::{
        noun,
        refs::full_name,
        site::{Site, around},
    },
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, FileChange, FileRef, Statement, SymbolRef},
};
use crate::planner::words::clean;

/// How a function is called that keeps something new.
const KEEPS: &[&str] = &["add", "insert", "create", "save", "record", "store", "append"];
/// How a sentence waits for something new.
const WAITS: &[&str] =
    &["every new ", "each new ", "whenever a new ", "when a new ", "for every new ", "as soon as a new "];
/// Definitions of one name that are looked at, and users of a file.
const MOST: usize = 4;
const MOST_USERS: usize = 80;

/// The function in which something new is kept, with the line that does it.
struct Kept {
    path: String,
    symbol: Symbol,
    line: u32,
    /// What is called there.
    by: String,
    what: String,
}

/// What a step that follows something new is told, and the file that it begins in.
pub fn here(survey: &Survey<'_, '_>, lead: &Site<'_>, texts: &[&str]) -> Option<(FileChange, Statement)> {
    let context = survey.contexts.first()?;
    let found = texts.iter().find_map(|text| kept(context, &awaited(text)?))?;
    let file = FileRef::new(&found.path);
    let line = file.clone().lines(found.line, found.line);
    let name = full_name(&found.path, &found.symbol);
    // Who imports the other cannot be called by it: what is stored lies between them.
    let is_above = folder(&lead.path) != folder(&found.path) && takes(context, &lead.path, &found.path);
    let on = match is_above {
        true => format!(
            "keep there, with it, what is still to be done; `{}`, which it cannot call, reads that from the store",
            lead.path
        ),
        false => "hand it on from there".to_owned(),
    };
    let said = format!(
        "A new {} is kept in `{name}`, by `{}` (`{}`): {on}",
        clean(&found.what),
        clean(&found.by),
        line.label()
    );
    let why = format!("`{name}` keeps what is new (`{}`)", line.label());
    let symbol = SymbolRef {
        name: name.clone(),
        what: "function".to_owned(),
        signature: None,
        file: file.clone().lines(found.symbol.line, found.symbol.end_line).symbol(&name),
    };
    let change = FileChange {
        action: Action::Modify,
        file,
        symbols: vec![symbol],
        why: vec![Statement::new(Basis::Repository, why).at(line.clone())],
        ..FileChange::default()
    };
    Some((change, Statement::new(Basis::Repository, said).at(line)))
}

/// Does the file bring in the other, or a package of Go that holds it?
fn takes(context: &Context, path: &str, other: &str) -> bool {
    context.tree.dependents(other, MOST_USERS).iter().any(|user| user == path)
}

/// The noun that a sentence waits for: `event` of “every new event of a parcel”.
fn awaited(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let rest = WAITS.iter().find_map(|wait| lower.split_once(wait)).map(|(_, rest)| rest)?;
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    (word.len() >= 3 && word.is_ascii()).then(|| noun::singular(&word))
}

/// The function that keeps a noun, and the only one that calls it; it alone where nobody does.
fn kept(context: &Context, what: &str) -> Option<Kept> {
    let capital = format!("{}{}", what[..1].to_uppercase(), &what[1..]);
    let names = KEEPS.iter().flat_map(|verb| {
        let pascal = format!("{}{}{capital}", verb[..1].to_uppercase(), &verb[1..]);
        [format!("{verb}_{what}"), format!("{verb}{capital}"), pascal]
    });
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let is_callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let has_body = |s: &Symbol| s.end_line > s.line;
    names.into_iter().find_map(|name| {
        let all = context.tree.definitions(&name, MOST);
        let (home, symbol) = all.into_iter().find(|(path, s)| is_source(path) && is_callable(s) && has_body(s))?;
        let called = callers(context, &home, &symbol);
        let (path, caller, line) = match <[(String, Symbol, u32); 1]>::try_from(called) {
            Ok([only]) => only,
            Err(all) if all.is_empty() => (home, symbol.clone(), symbol.line),
            Err(_) => return None,
        };
        Some(Kept { path, symbol: caller, line, by: name, what: what.to_owned() })
    })
}

/// The functions that call another one. An interface stands between them often: calls are told by the name.
fn callers(context: &Context, home: &str, symbol: &Symbol) -> Vec<(String, Symbol, u32)> {
    let is_callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let call = format!(".{}(", symbol.name);
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let mut paths = uses::users(context, home);
    paths.extend(context.ranked.iter().map(|r| r.path.clone()).filter(|path| is_source(path)));
    paths.sort();
    paths.dedup();
    let mut out: Vec<(String, Symbol, u32)> = Vec::new();
    for path in paths.into_iter().filter(|path| path != home && is_source(path)) {
        let Some(text) = context.tree.text(&path) else { continue };
        let symbols = context.tree.symbols(&path);
        for (line, at) in text.lines().zip(1_u32..) {
            let calls = edges::names(line, &symbol.name) && (line.contains(&call) || line.contains(&call[1..]));
            let Some(around) = calls.then(|| around(&symbols, at)).flatten().filter(is_callable) else { continue };
            let is_known = out.iter().any(|(known, s, _)| *known == path && s.line == around.line);
            if around.line != at && around.name != symbol.name && !is_known {
                out.push((path.clone(), around, at));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_waits_for_is_a_noun() {
        assert_eq!(awaited("Every new event of a shop's parcels is sent").as_deref(), Some("event"));
        assert_eq!(awaited("each new delivery is logged").as_deref(), Some("delivery"));
        assert_eq!(awaited("when a parcel is registered"), None);
    }
}
