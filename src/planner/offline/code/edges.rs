//! Reads the code around a change: who calls it, where it branches, where a text to replace stands.
//!
//! In: a [`Site`] with its text. Out: statements that name lines. Plain text search inside known ranges; bounded.

use std::collections::BTreeSet;

use super::{
    super::{
        places::{
            refs::full_name,
            site::{Site, around},
        },
        reading::Reading,
        work::group::Group,
    },
    frames, uses,
};
use crate::model::{
    context::{Evidence, Symbol, SymbolKind},
    plan::{Basis, Statement},
};
use crate::{
    planner::words::{clean, is_keyword, shorten, terms},
    richtext::markdown::code_span,
};

/// Longer lines of code are named by their place alone, in characters.
const LONGEST: usize = 100;
/// Longer lines are no frames, in bytes.
const LONGEST_FRAME: usize = 300;
/// Places of calls that are named for one symbol, and those of its own file.
const MOST_CALLS: usize = 4;
const MOST_OWN: usize = 2;

/// Where the site's first symbol is called from other files.
pub fn callers(site: &Site<'_>) -> Option<Statement> {
    let symbol = site.symbols.first()?;
    let mut places = own_calls(site, symbol);
    places.extend(uses::calls(site, symbol));
    if places.is_empty() {
        return None;
    }
    let name = full_name(&site.path, symbol);
    let more = places.len().saturating_sub(MOST_CALLS);
    let shown: Vec<String> =
        places.iter().take(MOST_CALLS).map(|(p, n)| format!("`{}`", site.sibling(p).lines(*n, *n).label())).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let them = if places.len() == 1 { "it" } else { "these" };
    let statement = Statement::new(
        Basis::Repository,
        format!("`{name}` is used in {}{more}: keep {them} working", shown.join(", ")),
    );
    let statement = statement.at(site.symbol(symbol).file);
    Some(places.iter().take(MOST_CALLS).fold(statement, |s, (p, n)| s.at(site.sibling(p).lines(*n, *n))))
}

/// The lines of the site's other functions that call the symbol, a few.
fn own_calls(site: &Site<'_>, symbol: &Symbol) -> Vec<(String, u32)> {
    let text = site.text.as_deref().unwrap_or_default();
    let all = calls_within(text, &site.context.tree.symbols(&site.path), symbol);
    all.into_iter().take(MOST_OWN).map(|at| (site.path.clone(), at)).collect()
}

/// The lines of a file's text outside of a symbol that call it, inside of others.
pub fn calls_within(text: &str, symbols: &[Symbol], symbol: &Symbol) -> Vec<u32> {
    if !matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method) || symbol.name.len() < 4 {
        return Vec::new();
    }
    let call = format!("{}(", symbol.name);
    let is_other =
        |at: u32| around(symbols, at).is_some_and(|around| around.line != symbol.line && around.name != symbol.name);
    let is_comment = |line: &str| ["//", "#", "*", "\"\"\""].iter().any(|mark| line.trim_start().starts_with(mark));
    let calls = |(line, at): &(&str, u32)| {
        let is_outside = *at < symbol.line || symbol.end_line < *at;
        is_outside && line.contains(&call) && names(line, &symbol.name) && !is_comment(line) && is_other(*at)
    };
    text.lines().zip(1_u32..).filter(calls).map(|(_, at)| at).collect()
}

/// Does the line hold the name as a whole word?
pub fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_word(line[..at].chars().next_back()) && !is_word(line[at + name.len()..].chars().next())
    })
}

/// The branches of the site's first symbol: each a case that a test can take.
pub fn branches(site: &Site<'_>) -> Option<Statement> {
    let symbol = site.symbols.iter().find(|s| matches!(s.kind, SymbolKind::Function | SymbolKind::Method))?;
    let mut found = branch_lines(site, symbol);
    found.retain(|(_, line)| !is_return(line));
    if found.is_empty() {
        return None;
    }
    let name = full_name(&site.path, symbol);
    let text = site.text.as_deref().unwrap_or_default();
    let line = |at: u32| clean(text.lines().nth(at as usize - 1).unwrap_or_default());
    let code = |at: u32| whole(line(at).trim_end_matches([' ', '{']));
    let shown: Vec<String> = found.iter().take(4).map(|(at, _)| format!("line {at}{}", code(*at))).collect();
    let text = format!("`{name}` decides at {}", shown.join(", "));
    Some(Statement::new(Basis::Repository, text).at(site.symbol(symbol).file))
}

/// A line of code in marks; nothing where it is long: a cut line is no line.
fn whole(line: &str) -> String {
    if line.chars().count() <= LONGEST { format!(" {}", code_span(line)) } else { String::new() }
}

/// Lines of a symbol's body where it branches or fails over something that the ticket speaks of. What the symbol and its
/// file are named after stands in most of their lines: it tells none of them apart.
pub fn branch_lines(site: &Site<'_>, symbol: &Symbol) -> Vec<(u32, String)> {
    if site.is_registry() {
        return Vec::new();
    }
    let Some(text) = &site.text else { return Vec::new() };
    let own: BTreeSet<String> = terms(&symbol.name).into_iter().chain(terms(&site.path)).collect();
    let first = symbol.line.saturating_sub(1) as usize;
    let count = (symbol.end_line.saturating_sub(symbol.line) as usize + 1).min(200);
    text.lines()
        .enumerate()
        .skip(first)
        .take(count)
        .filter(|(_, line)| {
            let needed = if is_return(line.trim()) { 2 } else { 1 };
            is_branch(line.trim())
                && !is_passed_on(line.trim())
                && !is_null_guard(line)
                && telling(site.reading, line, &own) >= needed
        })
        .map(|(at, line)| {
            (at as u32 + 1, shorten(&clean(line).replace('`', "'"), 70).trim_end_matches([' ', '{']).to_owned())
        })
        .take(8)
        .collect()
}

/// How many words of the line the ticket speaks of. Keywords and what any code says do not count.
fn telling(reading: &Reading, line: &str, own: &BTreeSet<String>) -> usize {
    const IDLE: &[&str] =
        &["option", "empty", "string", "error", "err", "valu", "length", "len", "size", "data", "result", "name"];
    let is_telling =
        |t: &String| !is_keyword(t) && !IDLE.contains(&t.as_str()) && !own.contains(t) && reading.terms.contains(t);
    terms(line).iter().filter(|t| is_telling(t)).count()
}

/// Does the line give something back? It has no sides: what leads to it can be tried, where enough of it tells of the ticket.
pub fn is_return(line: &str) -> bool {
    line.starts_with("return ")
}

/// Does the line decide or fail? The commonest words of the commonest languages.
fn is_branch(line: &str) -> bool {
    let starts = [
        "if ",
        "if(",
        "} else if",
        "else if ",
        "elif ",
        "match ",
        "switch",
        "case ",
        "raise ",
        "throw ",
        "unless ",
        "|| ",
        "&& ",
        "or ",
        "and ",
    ];
    let holds = ["return Err(", "bail!(", "panic!(", ".unwrap()", ".expect(", "return nil, "];
    starts.iter().any(|w| line.starts_with(w)) || holds.iter().any(|w| line.contains(w))
}

/// A guard against an argument that is missing altogether: what every function of its kind begins with.
fn is_null_guard(line: &str) -> bool {
    ["ArgumentNullException", "NullPointerException", "requireNonNull", "ThrowIfNull"].iter().any(|w| line.contains(w))
}

/// An error that is only handed on: no case of its own.
fn is_passed_on(line: &str) -> bool {
    line.starts_with("if err != nil")
        || line.starts_with("return nil, err")
        || line.starts_with("return nil, fmt.Errorf")
        || (line.starts_with("if err := ") && line.contains("err != nil"))
}

/// The line where the ticket's stack trace enters the site, as it stands in the code.
pub fn failing_line(site: &Site<'_>) -> Option<Statement> {
    let line = failing_at(site)?;
    let code = clean(site.text.as_deref()?.lines().nth(line.checked_sub(1)? as usize)?);
    let file = site.file().lines(line, line);
    let verb = if is_innermost(site) { "stops at" } else { "passes" };
    // Where nothing but the end of a block stands, the trace is of another version.
    let says = |word: &str| word.chars().any(char::is_alphanumeric) && !matches!(word, "end" | "else" | "fi" | "done");
    code.split(' ').any(says).then(|| {
        let errors = site.reading.errors.iter().filter(|_| is_innermost(site));
        let missing = errors.filter_map(|error| super::thrown::missing(&error.text, &code)).next();
        let missing = missing.map_or(String::new(), |what| format!("; {what}"));
        let shown = whole(&code);
        let colon = if shown.is_empty() { "" } else { ":" };
        let seen = if is_raise(&code) { ", which reports what went wrong before it" } else { "" };
        let text = format!("The trace {verb} `{}`{seen}{colon}{shown}{missing}", file.label());
        Statement::new(Basis::Repository, text).at(file)
    })
}

/// Does the line raise an error of its own, so that what it reports went wrong elsewhere?
pub fn is_raise(line: &str) -> bool {
    const RAISES: &[&str] = &["raise ", "throw ", "panic!(", "bail!(", "fail ", "abort("];
    RAISES.iter().any(|word| line.trim_start().starts_with(word))
}

/// The number of that line.
pub fn failing_at(site: &Site<'_>) -> Option<u32> {
    let (frame, line) = site.evidence.iter().find_map(|e| match e {
        Evidence::StackFrame { frame, line: Some(line) } => Some((frame, *line)),
        _ => None,
    })?;
    let is_moved = is_moved(site, frame, line) || frames::moved(site, frame, line).is_some();
    (!is_moved).then_some(line)
}

/// Does the frame name a function of the file that does not hold its line? The trace is of another version then.
fn is_moved(site: &Site<'_>, frame: &str, line: u32) -> bool {
    // The function stands beside the frame's place, on its line of the trace.
    let whole = site.reading.all.lines().find(|l| l.contains(frame.trim()) && l.len() <= LONGEST_FRAME);
    let frame = whole.unwrap_or(frame);
    let symbols = site.context.tree.symbols(&site.path);
    let is_callable = |s: &&Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let named: Vec<&Symbol> = symbols.iter().filter(is_callable).filter(|s| names(frame, &s.name)).collect();
    !named.is_empty() && named.iter().all(|s| line < s.line || s.end_line < line)
}

/// Does the ticket's stack trace end in this site?
pub fn is_innermost(site: &Site<'_>) -> bool {
    let place = |e: &Evidence| match e {
        Evidence::StackFrame { frame, .. } => site.reading.all.find(frame.trim()),
        _ => None,
    };
    let own: Vec<usize> = site.evidence.iter().filter_map(place).collect();
    let others = site.context.ranked.iter().filter(|r| r.path != site.path);
    let others = others.flat_map(|r| &r.evidence).filter_map(place);
    // Python prints the innermost call last.
    match site.reading.all.contains("most recent call last") {
        true => own.iter().max().copied() >= others.max() && !own.is_empty(),
        false => own.iter().min().is_some_and(|own| others.min().is_none_or(|other| *own <= other)),
    }
}

/// Where the texts that the ticket wants replaced stand in the group's files.
pub fn replacements(reading: &Reading, group: &Group<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for swap in reading.swaps.iter().filter(|s| s.from.chars().count() >= 3) {
        for site in &group.sites {
            let Some(text) = &site.text else { continue };
            let hits: Vec<u32> =
                text.lines().enumerate().filter(|(_, l)| l.contains(&swap.from)).map(|(at, _)| at as u32 + 1).collect();
            let Some(first) = hits.first() else { continue };
            let lines: Vec<String> = hits.iter().take(8).map(u32::to_string).collect();
            let more = if hits.len() > 8 { format!(" and {} more", hits.len() - 8) } else { String::new() };
            let plural = if hits.len() == 1 { "line" } else { "lines" };
            let (from, to) = (clean(&swap.from).replace('`', "'"), clean(&swap.to).replace('`', "'"));
            let places = format!("In `{}`, {plural} {}{more}", site.path, lines.join(", "));
            let text = match swap.is_text {
                true => format!("{places}: write `{to}` for `{from}`"),
                false => format!("{places}: `{from}` stands here, which the ticket replaces"),
            };
            out.push(
                Statement::new(Basis::Ticket, text)
                    .at(site.file().lines(*first, *first))
                    .citing(super::super::work::steps::quote(&swap.found)),
            );
        }
    }
    out
}
