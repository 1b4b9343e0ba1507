//! Which symbols of a file change: those at which something points. The others that the ranking names are read.
//!
//! In: the sites of all repositories, and where sentences of the ticket start. Out: the same sites, their symbols told
//! apart. What points: a start, an instruction that cites a line, the failing line of a trace, a name of the ticket, a line
//! of what a past change brought, what a route calls; without any of these the words of the title. Where nothing tells them apart, all may change.

use super::{
    super::{
        code::edges,
        work::{example, why::is_telling},
    },
    neighbours,
    refs::full_name,
    site::Site,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Symbol, SymbolKind},
    ids::RepoName,
    plan::{Action, Citation, Statement},
};
use crate::planner::words::terms;

/// The most symbols of a file that are only read.
const MOST_READ: usize = 3;
/// Terms of the title in a name that make it the title's subject.
const SUBJECT: usize = 2;

/// Where a sentence starts: repository, path, first line of the symbol.
pub type Start = (Option<RepoName>, String, u32);

/// Tells the symbols of each file apart.
pub fn tell_apart(sites: &mut [Site<'_>], starts: &[Start]) {
    for site in sites.iter_mut().filter(|s| s.is_code() && s.action == Action::Modify && !s.is_on_the_way) {
        let cited = cited(site);
        site.symbols.extend(cited);
        let brought = example::lines_of(site);
        site.symbols.extend(around(site, &brought));
        if site.symbols.len() < 2 {
            continue;
        }
        let is_changed = changed(site, starts, &brought);
        if is_changed.iter().all(|is| *is) || is_changed.iter().all(|is| !*is) {
            continue;
        }
        let all = std::mem::take(&mut site.symbols);
        for (symbol, is) in all.into_iter().zip(is_changed) {
            if is {
                site.symbols.push(symbol);
            } else if site.reads.len() < MOST_READ {
                site.reads.push(symbol);
            }
        }
        // Nobody reads a whole type for one of its members.
        let changed = &site.symbols;
        let surrounds = |s: &Symbol| changed.iter().any(|c| s.line < c.line && c.end_line <= s.end_line);
        site.reads.retain(|s| !surrounds(s));
    }
}

/// Functions in which instructions cite a line, and that the ranking does not name.
fn cited(site: &Site<'_>) -> Vec<Symbol> {
    let instructions = site.todo.iter().filter(|todo| todo.act == Act::Other);
    let lines = instructions.flat_map(|todo| lines(&todo.said, &site.path));
    let mut out: Vec<Symbol> = Vec::new();
    for symbol in lines.filter_map(|line| site.around(line)) {
        let is_callable = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method);
        if is_callable && site.symbols.iter().chain(&out).all(|known| known.line != symbol.line) {
            out.push(symbol);
        }
    }
    out
}

/// The functions around some lines that the ranking does not name; one that fills its file says nothing.
fn around(site: &Site<'_>, lines: &[u32]) -> Vec<Symbol> {
    let total = site.text.as_deref().map_or(0, |text| text.lines().count() as u32);
    let mut out: Vec<Symbol> = Vec::new();
    for symbol in lines.iter().filter_map(|line| site.around(*line)) {
        let is_callable = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method);
        let is_part = 2 * (symbol.end_line - symbol.line) < total;
        if is_callable && is_part && site.symbols.iter().chain(&out).all(|known| known.line != symbol.line) {
            out.push(symbol);
        }
    }
    out
}

/// For each symbol, whether it changes; all alike where nothing tells.
fn changed(site: &Site<'_>, starts: &[Start], brought: &[u32]) -> Vec<bool> {
    let (_, beside) = neighbours::told_apart(site);
    let is_beside = |s: &Symbol| beside.iter().any(|b| b.line == s.line);
    let starts_in =
        |s: &Symbol| starts.iter().any(|(r, p, l)| *r == site.repository && *p == site.path && *l == s.line);
    let todo_lines: Vec<u32> =
        site.todo.iter().filter(|t| !t.passes_on()).flat_map(|t| lines(&t.said, &site.path)).collect();
    let failing = edges::failing_at(site);
    let holds = |s: &Symbol, line: u32| innermost(site, line).is_some_and(|found| found.line == s.line);
    let reading = site.reading;
    let title = terms(&reading.title);
    let shared = |s: &Symbol| terms(&s.name).intersection(&title).count();
    // What the path says, all its symbols may say.
    let home = terms(&site.path);
    let apart = |s: &Symbol| terms(&s.name).intersection(&title).filter(|word| !home.contains(*word)).count();
    let tests: [&dyn Fn(&Symbol) -> bool; 4] = [
        &|s| failing.is_some_and(|line| holds(s, line)),
        &|s| {
            let is_named = is_telling(&s.name) && (reading.tells(&s.name) || shared(s) >= SUBJECT);
            starts_in(s)
                || is_beside(s)
                || is_named
                || todo_lines.iter().any(|line| holds(s, *line))
                || is_said(site, s)
                || brought.iter().any(|line| holds(s, *line))
        },
        &|s| site.called.iter().any(|why| names(why, &full_name(&site.path, s))),
        &|s| apart(s) > 0,
    ];
    let all = tests.iter().map(|test| site.symbols.iter().map(test).collect::<Vec<bool>>());
    all.into_iter().find(|found| found.contains(&true)).unwrap_or_else(|| vec![true; site.symbols.len()])
}

/// Does an instruction name the symbol?
fn is_said(site: &Site<'_>, symbol: &Symbol) -> bool {
    let name = full_name(&site.path, symbol);
    site.todo.iter().filter(|t| !Todo::adds(t)).any(|t| names(&t.said, &name) || names(&t.said, &symbol.name))
}

/// Does the statement hold the name in code marks?
fn names(said: &Statement, name: &str) -> bool {
    said.text.split('`').skip(1).step_by(2).any(|code| code == name)
}

/// The smallest of the site's symbols around a line.
fn innermost<'s>(site: &'s Site<'_>, line: u32) -> Option<&'s Symbol> {
    let around = site.symbols.iter().filter(|s| s.line <= line && line <= s.end_line);
    around.min_by_key(|s| s.end_line - s.line)
}

/// The lines of a file that a statement cites.
fn lines<'a>(said: &'a Statement, path: &'a str) -> impl Iterator<Item = u32> + 'a {
    said.citations.iter().filter_map(move |c| match c {
        Citation::File(file) if file.path == path => file.lines.map(|lines| lines.first),
        _ => None,
    })
}
