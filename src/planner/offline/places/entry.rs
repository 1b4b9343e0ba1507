//! The type that the settings of a kind are read into: where a new value of one of them is declared.
//!
//! In: a settings file, the line of a sibling's entry in it, and the [`Reading`]. Out: a call, where something asked says
//! that a value comes from the settings and one type names all that the sibling's entry gives. Bounded.

use super::{
    super::{code::edges, reading::Reading},
    called::Call,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};

/// Files that are looked at, and keys of an entry.
const SEARCHED: usize = 400;
const MOST_KEYS: usize = 12;
/// What a sentence says of a value that the settings give.
const SAYS: &[&str] = &["from the config", "in the config", "from the settings", "in the settings", "configurable"];
/// Types that a settings entry is read into.
const TYPES: &[SymbolKind] = &[SymbolKind::Struct, SymbolKind::Class, SymbolKind::Interface, SymbolKind::Type];

/// The type that declares what the entry gives.
pub fn call(
    context: &Context,
    reading: &Reading,
    repository: &Option<RepoName>,
    (settings, line): (&str, u32),
) -> Option<Call> {
    let asks = |text: &str| SAYS.iter().any(|say| text.to_lowercase().contains(say));
    let (id, _) = reading.asked().find(|(_, text)| asks(text))?;
    let keys = keys(&context.tree.text(settings)?, line);
    let (path, symbol) = declares(context, &keys)?;
    let entry = FileRef::new(settings).of(repository.clone()).lines(line, line);
    let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.end_line);
    let shown: Vec<String> = keys.iter().take(4).map(|key| format!("`{key}`")).collect();
    let why = format!("`{}` declares what the entry `{}` gives: {}", symbol.name, entry.label(), shown.join(", "));
    let todo = format!("{id}: declare the value in `{}` ({}) beside {}", symbol.name, code(&file), shown.join(" and "));
    let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
    let (why, todo) = (statement(why).at(entry), statement(todo));
    // It is changed for what is new, and nothing else there is.
    let todo = Todo::new(Act::DeclareSetting(symbol.name.clone()), todo);
    Some(Call { path, symbol: Some(symbol), why, todo: Some(todo), leads: false })
}

fn code(file: &FileRef) -> String {
    format!("`{}`", file.label())
}

/// The keys right below an entry: deeper lines (YAML, JSON), or those up to the next table (TOML).
fn keys(text: &str, line: u32) -> Vec<String> {
    let indent = |l: &str| l.len() - l.trim_start().len();
    let mut lines = text.lines().skip(line as usize - 1);
    let Some(entry) = lines.next() else { return Vec::new() };
    let is_table = entry.trim_start().starts_with('[');
    let below = lines.filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with(['#', '/']));
    let below: Vec<&str> = below
        .take_while(|l| if is_table { !l.trim_start().starts_with('[') } else { indent(l) > indent(entry) })
        .take(MOST_KEYS)
        .collect();
    let depth = below.first().map_or(0, |l| indent(l));
    let key = |l: &&str| {
        let bare = l.trim().trim_start_matches(['"', '\'']);
        let end = bare.find([':', '=', '"', '\'', ' '])?;
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        Some(bare[..end].to_owned()).filter(|k| k.len() >= 2 && k.chars().all(is_key))
    };
    below.iter().filter(|l| indent(l) == depth).filter_map(key).collect()
}

/// The smallest type whose lines name all of the keys, two at least, in the spelling of code.
fn declares(context: &Context, keys: &[String]) -> Option<(String, Symbol)> {
    if keys.len() < 2 {
        return None;
    }
    let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
    let wanted: Vec<String> = keys.iter().map(|key| plain(key)).collect();
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let is_telling = |p: &&str| ["config", "setting", "option"].iter().any(|w| p.to_lowercase().contains(w));
    let paths = context.tree.paths().filter(is_telling).filter(is_source).take(SEARCHED);
    let found = paths.flat_map(|path| {
        let text = context.tree.text(path).unwrap_or_default();
        let types = context.tree.symbols(path).into_iter().filter(|s| TYPES.contains(&s.kind));
        let is_its = |s: &Symbol| {
            let lines = text.lines().skip(s.line as usize).take(s.end_line.saturating_sub(s.line) as usize);
            let body: Vec<String> = lines.map(plain).collect();
            wanted.iter().all(|key| body.iter().any(|l| edges::names(l, key)))
        };
        types.filter(is_its).map(|s| (path.to_owned(), s)).collect::<Vec<_>>()
    });
    found.min_by_key(|(_, s)| s.end_line - s.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_ends_where_the_next_begins() {
        let check = |text: &str, line: u32, expected: &[&str]| assert_eq!(keys(text, line), expected, "{text}");
        let yaml = "carriers:\n  north:\n    url: https://n\n    time-out: 5s\n  south:\n    url: x\n";
        check(yaml, 2, &["url", "time-out"]);
        check("[a.north]\nurl = \"n\"\nlimit = 3\n\n[a.south]\nurl = \"s\"\n", 1, &["url", "limit"]);
        check(
            "{\n  \"north\": {\n    \"url\": \"n\",\n    \"tls\": {\n      \"ca\": 1\n    }\n  }\n}\n",
            2,
            &["url", "tls"],
        );
    }
}
