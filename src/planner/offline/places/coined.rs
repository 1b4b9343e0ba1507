//! Names that the ticket gives to what is new: “adds a `shutdown_blocking()` function”.
//!
//! In: the ticket's sentences, what its names were grounded to, and the likely files. Out: calls: the new name stands
//! beside its nearest relative, the symbol whose name begins with the same words, or beside the type that it is a member of.

use super::{
    super::{reading::Reading, work::why::is_telling},
    called::Call,
    members,
    refs::full_name,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, FileClass, Grounding, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{split_case, terms};

/// The most new names that are placed, and the most files that one is placed in.
const MOST: usize = 2;
const MOST_HOMES: usize = 3;
/// Ranked files whose symbols are compared.
const MOST_FILES: usize = 12;
/// The most definitions of one name that are looked at.
const MOST_DEFINED: usize = 60;
/// How many words before a name may say that it is new.
const NEAR: usize = 5;
/// Words that say so.
const NEW: &[&str] = &[
    "add",
    "adds",
    "added",
    "adding",
    "new",
    "introduce",
    "introduces",
    "provide",
    "provides",
    "expose",
    "exposes",
    "implement",
    "implements",
    "create",
    "creates",
    "called",
    "named",
];

/// The places of new names.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let is_missing = |g: &&crate::model::context::Grounded| matches!(g.found, Grounding::NotFound { .. });
    let placed = members::wanted(context, reading).map(|wanted| wanted.name);
    let new = context.grounded.iter().filter(is_missing).map(|g| bare(&g.text));
    let new = new.filter(|name| placed.as_deref() != Some(*name));
    let new =
        new.filter(|name| is_plain(name) && is_coined(name, reading) && context.tree.definitions(name, 1).is_empty());
    let members = reading.codes.iter().filter_map(|code| member(context, reading, repository, bare(code)));
    let homes = new.take(MOST).flat_map(|name| {
        relatives(context, name).into_iter().take(MOST_HOMES).map(move |(path, symbol)| (name, path, symbol))
    });
    homes.map(|(name, path, symbol)| call(repository, name, path, symbol)).chain(members.take(MOST)).collect()
}

/// `RouterGroup.NoRedirect`: a new member of a type, beside the type.
fn member(context: &Context, reading: &Reading, repository: &Option<RepoName>, text: &str) -> Option<Call> {
    let (owner, name) = text.rsplit_once(['.', '#']).or_else(|| text.rsplit_once("::"))?;
    let is_word = |word: &str| word.len() >= 3 && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_word(owner)
        || !is_word(name)
        || !owner.starts_with(char::is_uppercase)
        || !is_coined(text, reading)
        || context.tree.definitions(name, MOST_DEFINED).iter().any(|(_, s)| is_of(s, owner))
    {
        return None;
    }
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let is_type = |s: &Symbol| {
        matches!(s.kind, SymbolKind::Class | SymbolKind::Struct | SymbolKind::Interface | SymbolKind::Trait)
    };
    let homes = context.tree.definitions(owner, MOST_DEFINED).into_iter();
    let mut homes: Vec<(String, Symbol)> = homes.filter(|(path, s)| is_source(path) && is_type(s)).collect();
    // Of several types of one name, the ranking tells which is meant.
    let rank = |path: &str| context.ranked.iter().take(MOST_FILES).position(|r| r.path == path);
    if homes.len() > 1 {
        homes.retain(|(path, _)| rank(path).is_some());
        homes.sort_by_key(|(path, _)| rank(path));
    }
    let (path, symbol) = homes.into_iter().next()?;
    Some(call(repository, name, path, symbol))
}

/// Is the symbol a member of the type?
fn is_of(symbol: &Symbol, owner: &str) -> bool {
    symbol.parent.as_deref().is_some_and(|parent| parent.rsplit(['.', ':']).next() == Some(owner))
}

/// The name without its brackets.
fn bare(text: &str) -> &str {
    text.trim_end_matches("()")
}

/// A name of code: no path, no option, no type with its module.
fn is_plain(name: &str) -> bool {
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_word && is_telling(name) && split(name).len() >= 2
}

/// Does a sentence say that the name is new?
fn is_coined(name: &str, reading: &Reading) -> bool {
    let said = std::iter::once(reading.title.as_str()).chain(reading.sentences.iter().map(|f| f.text.as_str()));
    let asked = reading.asked().map(|(_, text)| text);
    said.chain(asked).any(|sentence| {
        let words: Vec<&str> =
            sentence.split(|c: char| c.is_whitespace() || c == '`').filter(|w| !w.is_empty()).collect();
        let at = words.iter().position(|word| bare(word.trim_matches(['.', ',', ':', ';', '"'])) == name);
        at.is_some_and(|at| {
            words[at.saturating_sub(NEAR)..at].iter().any(|word| NEW.contains(&word.to_lowercase().as_str()))
        })
    })
}

/// The symbols whose names begin as the new one does: those of the likeliest file that has one, and where else the same
/// name is defined (a header beside its implementation).
fn relatives(context: &Context, name: &str) -> Vec<(String, Symbol)> {
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let likely = context.modify.iter().map(|m| m.path.as_str());
    let ranked = context.ranked.iter().map(|r| r.path.as_str());
    let mut paths: Vec<&str> = Vec::new();
    for path in likely.chain(ranked).filter(|p| is_source(p)) {
        if !paths.contains(&path) && paths.len() < MOST_FILES {
            paths.push(path);
        }
    }
    let is_rule = |s: &Symbol| {
        matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro | SymbolKind::Constant)
    };
    let mut best: Option<(usize, String, Symbol)> = None;
    for path in paths {
        for symbol in context.tree.symbols(path).into_iter().filter(is_rule) {
            let shared = kinship(name, &symbol.name);
            if shared > best.as_ref().map_or(0, |(most, ..)| *most) {
                best = Some((shared, path.to_owned(), symbol));
            }
        }
    }
    let found = best.map(|(_, path, symbol)| (path, symbol)).or_else(|| anywhere(context, name, &is_source));
    let Some((path, symbol)) = found else { return Vec::new() };
    let elsewhere = context.tree.definitions(&symbol.name, 8);
    let elsewhere = elsewhere.into_iter().filter(|(p, s)| is_source(p) && *p != path && s.parent == symbol.parent);
    std::iter::once((path.clone(), symbol.clone())).chain(elsewhere).collect()
}

/// The nearest relative in the whole repository: the longest beginning that a name has too, half of the words at least.
fn anywhere(context: &Context, name: &str, is_source: &dyn Fn(&str) -> bool) -> Option<(String, Symbol)> {
    let count = split(name).len();
    (count.div_ceil(2)..count).rev().filter(|kept| *kept >= 2).find_map(|kept| {
        let known = context.tree.names_beginning(beginning(name, kept), 60);
        let nearest = known.into_iter().max_by_key(|known| (kinship(name, known), std::cmp::Reverse(known.clone())))?;
        let mut homes = context.tree.definitions(&nearest, 8).into_iter().filter(|(path, _)| is_source(path));
        homes.next().filter(|_| kinship(name, &nearest) > 0)
    })
}

/// A name up to the end of some of its words.
fn beginning(name: &str, words: usize) -> &str {
    let parts: Vec<&str> = name.split('_').flat_map(split_case).collect();
    match parts.get(words) {
        Some(next) => &name[..next.as_ptr() as usize - name.as_ptr() as usize],
        None => name,
    }
}

/// How near two names are: words that they begin with, at least half of the new one's; words besides count less.
fn kinship(new: &str, known: &str) -> usize {
    let (new, known) = (split(new), split(known));
    let same = new.iter().zip(&known).take_while(|(a, b)| a == b).count();
    let beside = new[same..].iter().filter(|word| known[same..].contains(word)).count();
    let is_near =
        2 * same >= new.len() && same < new.len() && (same > 2 || new[..same].iter().any(|w| !terms(w).is_empty()));
    if is_near && known.len() >= 2 { 4 * same + 2 * beside } else { 0 }
}

/// The words of a name, in lower case.
fn split(name: &str) -> Vec<String> {
    name.split('_').flat_map(split_case).map(str::to_lowercase).collect()
}

/// The call for one home.
fn call(repository: &Option<RepoName>, name: &str, path: String, symbol: Symbol) -> Call {
    let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.line);
    let relative = full_name(&path, &symbol);
    let why = format!("`{name}` is new, and belongs beside `{relative}` (`{}`)", file.label());
    let todo = format!("Add `{name}` beside `{relative}` (`{}`)", file.label());
    let why = Statement::new(Basis::Repository, why).at(file.clone());
    let todo = Todo::new(Act::Declare(name.to_owned()), Statement::new(Basis::Repository, todo).at(file));
    Call { path, symbol: Some(symbol), why, todo: Some(todo), leads: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relatives_begin_alike() {
        let check =
            |new: &str, known: &str, is_kin: bool| assert_eq!(kinship(new, known) > 0, is_kin, "{new}, {known}");
        check("shutdown_blocking", "shutdown_timeout", true);
        check("uv_fs_get_system_error", "uv_fs_get_type", true);
        check("uv_fs_get_system_error", "uv_udp_send", false);
        check("missingForFreeShipping", "priceCart", false);
        check("getTotal", "getName", false);
        assert_eq!(beginning("uv_fs_get_system_error", 3), "uv_fs_get_");
        assert_eq!(beginning("shutdownNow", 1), "shutdown");
        assert!(kinship("uv_fs_get_system_error", "uv_fs_get_type") > kinship("uv_fs_get_system_error", "uv_fs_open"));
    }
}
