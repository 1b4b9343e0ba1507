//! The symbols of a file to look at.
//!
//! In: a file that the ranking likes, with its evidence. Out: up to three symbols, best first.

use super::{
    super::{
        code::figures,
        reading::{Reading, sentences},
        work::why::{is_telling, weakness},
    },
    flags,
    site::around,
};
use crate::model::context::{Context, Evidence, Likely, Symbol, SymbolKind};
use crate::planner::words::terms;

/// Points of the symbols by their rank: learned from past changes, they say more than any single piece of evidence.
const RANKED: [i32; 5] = [12, 8, 5, 3, 2];
/// Points of what the stack trace passes, the innermost frame first, and of what declares an option of the ticket.
const FRAMES: [i32; 2] = [30, 14];
const FLAG: i32 = 30;
/// Lines from which on a class is too long to be a place.
const LONG: u32 = 40;

/// The symbols to change, best first: where the trace stops, then what the ticket names as code, then what the ranking
/// and weaker evidence say.
pub fn best(context: &Context, reading: &Reading, likely: &Likely, evidence: &[Evidence]) -> Vec<Symbol> {
    let all = context.tree.symbols(&likely.path);
    let mut scored: Vec<(i32, Symbol)> = Vec::new();
    let mut add = |points: i32, symbol: Symbol| match scored
        .iter_mut()
        .find(|(_, s)| s.line == symbol.line && s.name == symbol.name)
    {
        Some((known, _)) => *known += points,
        None => scored.push((points, symbol)),
    };
    for (at, symbol) in likely.symbols.iter().enumerate() {
        add(RANKED[at.min(RANKED.len() - 1)], symbol.clone());
    }
    let mut frames = FRAMES.iter().copied();
    for item in evidence {
        let (line, points) = match item {
            Evidence::StackFrame { line: Some(line), .. } => (*line, frames.next().unwrap_or(0)),
            Evidence::Symbol { line, .. } => (*line, if weakness(reading, item) <= 3 { 3 } else { 0 }),
            Evidence::Quote { line, .. } => (*line, if weakness(reading, item) <= 3 { 4 } else { 1 }),
            Evidence::Passage { first, last, .. } => (first.midpoint(*last), 3),
            _ => continue,
        };
        if let Some(symbol) = around(&all, line) {
            let member = matches!(item, Evidence::Passage { .. }).then(|| titled(&all, &symbol, reading)).flatten();
            add(points, member.unwrap_or(symbol));
        }
    }
    if evidence.iter().all(|e| weakness(reading, e) > 3) {
        subject_of(&all, reading, &likely.path).into_iter().for_each(|symbol| add(8, symbol));
    }
    let flags = flags::of(reading);
    flags::declared(context, &likely.path, &flags).into_iter().for_each(|(_, symbol)| add(FLAG, symbol));
    let is_named = |s: &Symbol| {
        reading.codes.iter().any(|c| c.trim_end_matches("()").rsplit(['.', ':', '#']).next() == Some(s.name.as_str()))
    };
    for (points, symbol) in &mut scored {
        // A member is rarely where a change begins, and a common word of an example says little.
        let is_member = symbol.kind == SymbolKind::Field
            || symbol.kind == SymbolKind::Constant && symbol.parent.is_some() && !reading.tells(&symbol.name);
        let is_example = !is_telling(&symbol.name) && reading.is_example(&symbol.name);
        *points += 6 * i32::from(is_named(symbol)) - 12 * i32::from(is_member) - 12 * i32::from(is_example);
    }
    let text = context.tree.text(&likely.path);
    scored.retain(|(points, s)| {
        let is_test = s.kind == SymbolKind::Test || s.parent.as_deref() == Some("tests");
        let is_used = text.as_deref().is_some_and(|text| is_only_used(s, text, reading));
        !is_test && !is_used && (*points >= 10 || !is_constructor(s))
    });
    scored.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    member_first(&mut scored);
    let classes: Vec<String> =
        scored.iter().filter(|(_, s)| s.kind == SymbolKind::Class).map(|(_, s)| s.name.clone()).collect();
    // Whoever changes a class sees how it is made.
    scored.retain(|(_, s)| !is_constructor(s) || s.parent.as_ref().is_none_or(|class| !classes.contains(class)));
    // Where something points at a symbol, those that only the ranking likes are left out.
    let best = scored.first().map_or(0, |(points, _)| *points);
    let least = (best / 2).max(1);
    scored.into_iter().filter(|(points, _)| *points >= least).map(|(_, symbol)| symbol).take(3).collect()
}

/// Of a long class, the member that stands out most is where the change begins.
fn member_first(scored: &mut [(i32, Symbol)]) {
    let Some((points, first)) = scored.first().map(|(points, first)| (*points, first.clone())) else { return };
    let is_long = !is_callable(&first) && first.end_line.saturating_sub(first.line) >= LONG;
    let is_inside = |s: &Symbol| is_callable(s) && first.line <= s.line && s.end_line <= first.end_line;
    let is_strong = |(own, s): &(i32, Symbol)| 2 * own >= points && is_inside(s) && !is_constructor(s);
    if let Some(at) = scored.iter().position(is_strong).filter(|_| is_long) {
        scored[at].0 = points;
        scored[..=at].rotate_right(1);
    }
}

/// Does the symbol hold code that runs?
fn is_callable(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro)
}

/// The method of a class whose name says most of what the title says, two words at least: a class's own text speaks of
/// all its methods.
fn titled(all: &[Symbol], class: &Symbol, reading: &Reading) -> Option<Symbol> {
    let title = terms(&reading.title);
    let shared = |s: &Symbol| terms(&s.name).intersection(&title).count();
    let is_member = |s: &&Symbol| s.kind == SymbolKind::Method && s.parent.as_deref() == Some(class.name.as_str());
    let best = all.iter().filter(is_member).reduce(|a, b| if shared(b) > shared(a) { b } else { a })?;
    (class.kind == SymbolKind::Class && shared(best) >= 2).then(|| best.clone())
}

/// The only function of a file whose name says what the title begins with, where the file's path does not: `text_for` of
/// `reminders.py` for “Reminder texts are …”.
fn subject_of(all: &[Symbol], reading: &Reading, path: &str) -> Option<Symbol> {
    let first = reading.title.split(' ').take(3).collect::<Vec<_>>().join(" ");
    let (first, home) = (terms(&first), terms(path));
    first.intersection(&home).next()?;
    let says = |s: &&Symbol| is_callable(s) && terms(&s.name).iter().any(|t| first.contains(t) && !home.contains(t));
    let mut found = all.iter().filter(says);
    found.next().filter(|_| found.next().is_none()).cloned()
}

/// Does the ticket name the constant with the value that it has, and with no other: “(`MISSED`, 25.00)”? It is used.
pub fn is_only_used(symbol: &Symbol, text: &str, reading: &Reading) -> bool {
    if symbol.kind != SymbolKind::Constant || !reading.codes.contains(&symbol.name) {
        return false;
    }
    let Some(line) = text.lines().nth(symbol.line.saturating_sub(1) as usize) else { return false };
    let value = figures::of(line);
    let mark = format!("`{}`", symbol.name);
    let said: Vec<String> = sentences(&reading.all).filter(|s| s.contains(&mark)).flat_map(figures::of).collect();
    !said.is_empty() && said.iter().all(|figure| value.contains(figure))
}

/// Does the symbol only make its class?
fn is_constructor(symbol: &Symbol) -> bool {
    let is_named_so = matches!(symbol.name.as_str(), "__init__" | "constructor" | "__construct" | "initialize");
    symbol.parent.is_some() && (is_named_so || symbol.parent.as_deref() == Some(symbol.name.as_str()))
}
