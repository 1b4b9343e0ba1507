//! Files that the ticket names and the ranking left out: by their path, by a name that only they define, by a type that is
//! told with its kind (“the `CA` struct”).
//!
//! In: a context and the [`Reading`], with the sites that are known. Out: sites. Bounded: a few.

use super::{
    super::{reading::Reading, work::why::is_telling},
    picked,
    site::{Site, existing},
};
use crate::model::{
    context::{Context, Evidence, FileClass, Grounded, Grounding, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};

/// Files that the ticket names and the ranking left out.
const MOST_NAMED: usize = 3;

/// Words for kinds of types.
const KINDS: &[(&str, SymbolKind)] = &[
    ("struct", SymbolKind::Struct),
    ("class", SymbolKind::Class),
    ("interface", SymbolKind::Interface),
    ("trait", SymbolKind::Trait),
    ("enum", SymbolKind::Enum),
];

/// Files that the ranking left out although the ticket names them: by their path, or by a name that only they define.
pub fn sites<'c>(
    context: &'c Context,
    reading: &'c Reading,
    repository: &Option<RepoName>,
    known: &[Site<'c>],
) -> Vec<Site<'c>> {
    let mut out: Vec<Site<'c>> = Vec::new();
    let is_free = |path: &str, out: &[Site<'c>]| {
        let is_listed = known.iter().chain(out).any(|s| s.path == path);
        let is_source = context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
        is_source && !is_listed && out.len() < MOST_NAMED
    };
    let is_named = |grounded: &&Grounded| reading.codes.contains(&grounded.text) || is_written(reading, &grounded.text);
    for grounded in context.grounded.iter().filter(is_named).filter(|g| !reading.is_chore(&g.text)) {
        let Grounding::Defined { path, symbol } = &grounded.found else { continue };
        // A word of a sentence that is also a field's name says little.
        let is_place = !matches!(symbol.kind, SymbolKind::Field | SymbolKind::Constant);
        let is_meant = is_telling(&symbol.name) && (is_place || reading.codes.contains(&grounded.text));
        if !is_free(path, &out) || !is_meant || !context.ranked.iter().any(|r| r.path == *path) {
            continue;
        }
        let text = context.tree.text(path);
        let is_used = text.as_deref().is_some_and(|text| picked::is_only_used(symbol, text, reading));
        let symbols = if is_used { Vec::new() } else { vec![symbol.clone()] };
        out.extend(existing(context, reading, repository.clone(), path, symbols));
    }
    for (path, symbol) in kinds_named(context, reading) {
        if is_free(&path, &out) {
            let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.line);
            let (label, name) = (file.label(), symbol.name.clone());
            let text = format!("`{label}` defines `{name}`, which the ticket names by its kind");
            let why = Statement::new(Basis::Repository, text).at(file);
            let site = existing(context, reading, repository.clone(), &path, vec![symbol]);
            out.extend(site.map(|site| Site { called: vec![why], ..site }));
        }
    }
    let is_path = |e: &Evidence| matches!(e, Evidence::PathNamed { text } if text.contains('/') && text.contains('.'));
    for ranked in context.ranked.iter().filter(|r| r.evidence.iter().any(is_path)) {
        if is_free(&ranked.path, &out) {
            out.extend(existing(context, reading, repository.clone(), &ranked.path, Vec::new()));
        }
    }
    out
}

/// Does the ticket write the name in its sentences, and can it be nothing but a name of code: `parseOption`, `max_age`?
fn is_written(reading: &Reading, name: &str) -> bool {
    let humps = name.chars().skip(1).filter(|c| c.is_uppercase()).count();
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let has_case = name.chars().any(char::is_lowercase) && (humps > 0 || name.contains('_'));
    is_name && has_case && name.len() >= 8 && reading.tells(name)
}

/// The names that a text gives with their kind: “the CA struct”, “class `Order`”.
pub fn named_by_kind(text: &str) -> Vec<(String, SymbolKind)> {
    let bare = |word: &str| word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_')).to_owned();
    let words: Vec<String> = text.split_whitespace().take(4_000).map(bare).collect();
    let is_type = |name: &str| name.len() >= 2 && name.starts_with(char::is_uppercase);
    let kind = |word: &String| KINDS.iter().find(|(known, _)| known == word).map(|(_, kind)| *kind);
    let name = |pair: &[String]| {
        let (name, kind) = match (kind(&pair[0]), kind(&pair[1])) {
            (None, Some(kind)) => (&pair[0], kind),
            (Some(kind), None) => (&pair[1], kind),
            _ => return None,
        };
        Some((name.clone(), kind)).filter(|(name, _)| is_type(name))
    };
    words.windows(2).filter_map(name).collect()
}

/// Types that the ticket names by their kind, where one file alone defines them.
fn kinds_named(context: &Context, reading: &Reading) -> Vec<(String, Symbol)> {
    let mut out: Vec<(String, Symbol)> = Vec::new();
    for (name, kind) in named_by_kind(&reading.told) {
        let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
        let found =
            context.tree.definitions(&name, 12).into_iter().filter(|(path, s)| s.kind == kind && is_source(path));
        let found: Vec<(String, Symbol)> = found.collect();
        if let [one] = found.as_slice()
            && out.iter().all(|(_, s)| s.name != name)
        {
            out.push(one.clone());
        }
    }
    out
}
