//! Symbols that stay as they are: what is new stands beside them.
//!
//! In: a [`Site`] with its instructions. Out: its symbols, told apart. An instruction that adds something names the line
//! that it is added beside; where nothing but such instructions is said of a file, no other symbol of it changes.

use super::{
    site::Site,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Symbol, SymbolKind},
    plan::Citation,
};

/// Lines between a decorator and what it decorates.
const DECORATED: u32 = 3;

/// The symbols to change, and those that something is added beside.
pub fn told_apart<'s>(site: &'s Site<'_>) -> (Vec<&'s Symbol>, Vec<&'s Symbol>) {
    let neighbours: Vec<&Symbol> = site.todo.iter().filter_map(|todo| neighbour(site, todo)).collect();
    let is_neighbour = |symbol: &Symbol| neighbours.iter().any(|n| n.line == symbol.line);
    let only_adds = !site.todo.is_empty() && site.todo.iter().all(Todo::adds);
    let is_named = |symbol: &Symbol| site.todo.iter().filter(|t| !t.is_beside()).any(|todo| is_around(symbol, todo));
    let changed = site.symbols.iter().filter(|s| !is_neighbour(s) && (!only_adds || is_named(s)));
    let beside = site.symbols.iter().filter(|s| is_neighbour(s));
    (changed.collect(), beside.collect())
}

/// The symbol that an instruction adds something beside.
fn neighbour<'s>(site: &'s Site<'_>, todo: &Todo) -> Option<&'s Symbol> {
    let is_type = |s: &Symbol| {
        use SymbolKind::{Class, Enum, Interface, Struct, Trait};
        matches!(s.kind, Class | Enum | Interface | Struct | Trait)
    };
    let line = line(site, todo)?;
    match todo.act {
        Act::Beside | Act::Answer(_) => site.symbols.iter().find(|s| is_around(s, todo)),
        // A member is added to the type itself.
        Act::Declare(_) => site.symbols.iter().find(|s| is_around(s, todo) && !is_type(s)),
        // The route of a decorator stands above what answers it.
        Act::DeclareRoute(_) => site.symbols.iter().find(|s| line < s.line && s.line <= line + DECORATED),
        _ => None,
    }
}

/// Does an instruction cite a line of the symbol?
fn is_around(symbol: &Symbol, todo: &Todo) -> bool {
    lines(todo).any(|(_, line)| symbol.line <= line && line <= symbol.end_line)
}

/// The line of the site that an instruction cites.
fn line(site: &Site<'_>, todo: &Todo) -> Option<u32> {
    lines(todo).find(|(path, _)| *path == site.path).map(|(_, line)| line)
}

fn lines(todo: &Todo) -> impl Iterator<Item = (&str, u32)> {
    todo.said.citations.iter().filter_map(|c| match c {
        Citation::File(file) => Some((file.path.as_str(), file.lines?.first)),
        _ => None,
    })
}
