//! Code that a bug's ticket takes for the cause.
//!
//! In: the sites of a repository. Out: those that merely lie on the way, marked: the routes, callers and past changes of a
//! suspected function are where one looks next, not where the change is.

use super::{
    super::{code::edges, reading, sections::confidence, work::why::is_telling},
    site::Site,
};
use crate::model::{
    context::{Evidence, Symbol, SymbolKind},
    plan::{Action, Kind},
};

/// Words by which a sentence suspects the code it names.
const SUSPECTS: &[&str] = &[
    "looks as if",
    "looks like",
    "seems",
    "appears to",
    "suspect",
    "probably",
    "my guess",
    "i think",
    "i believe",
    "culprit",
    "to blame",
    "root cause",
    "caused by",
    "comes from",
    "due to",
    "bug is in",
    "problem is in",
    "fault is in",
    "error is in",
    "happens in",
];
/// Words by which a sentence clears it.
const CLEARS: &[&str] = &[
    "not the cause",
    "not the problem",
    "not to blame",
    "not the culprit",
    "nothing wrong with",
    "right",
    "correct",
    "works",
    "fine",
    "unrelated",
];

/// Marks the sites that merely lie on the way, where the ticket suspects the code of another, and those that only report
/// the error, where another defines what the title names.
pub fn mark(sites: &mut [Site<'_>]) {
    let suspected: Vec<String> = sites.iter().filter(|s| is_suspect(s)).map(|s| s.path.clone()).collect();
    let of_suspect = |e: &Evidence| matches!(e, Evidence::Companion { of, .. } if suspected.contains(of));
    let stops = sites.iter().any(|s| s.is_code() && edges::is_innermost(s));
    let is_known = sites.iter().any(is_titled);
    for site in sites.iter_mut().filter(|s| is_known && is_reporter(s)) {
        site.is_on_the_way = true;
    }
    for site in sites.iter_mut().filter(|s| stops && is_passed(s)) {
        site.is_on_the_way = true;
    }
    for site in sites.iter_mut().filter(|_| !suspected.is_empty()) {
        let is_free = site.is_code() && site.action == Action::Modify && !confidence::is_pointed_at(site);
        site.is_on_the_way |= is_free && !suspected.contains(&site.path) && !site.evidence.iter().any(of_suspect);
    }
}

/// Does the file only report what went wrong, in the line where the trace stops?
fn is_reporter(site: &Site<'_>) -> bool {
    let is_free = site.is_code() && site.action == Action::Modify && site.todo.is_empty();
    let line = edges::failing_at(site).and_then(|at| site.text.as_deref()?.lines().nth(at as usize - 1));
    is_free && edges::is_innermost(site) && line.is_some_and(edges::is_raise) && !is_titled(site)
}

/// Does the file define what the title names?
fn is_titled(site: &Site<'_>) -> bool {
    let words = site.reading.title.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut names = words.filter_map(|word| word.rsplit(['/', '.', ':', '#']).next());
    let symbols = site.context.tree.symbols(&site.path);
    site.is_code() && names.any(|name| is_telling(name) && symbols.iter().any(|s| s.name == name))
}

/// Does the ticket's stack trace merely pass the site on its way to where it stops, with nothing else said of it?
fn is_passed(site: &Site<'_>) -> bool {
    let is_frame = |e: &Evidence| matches!(e, Evidence::StackFrame { line: Some(_), .. });
    let is_named = |s: &Symbol| site.reading.codes.iter().any(|code| edges::names(code, &s.name));
    let is_passed = site.evidence.iter().any(is_frame) && !edges::is_innermost(site);
    let is_free = site.is_code() && site.action == Action::Modify && site.todo.is_empty();
    is_free && is_passed && site.reading.kind == Kind::Bug && !site.symbols.iter().any(is_named)
}

/// Does the ticket suspect something that this site defines and no other file does?
pub fn is_suspect(site: &Site<'_>) -> bool {
    let is_candidate = site.reading.kind == Kind::Bug && site.action == Action::Modify && site.is_code();
    is_candidate && site.reading.codes.iter().any(|code| is_defined_here(site, code) && is_suspected(site, code))
}

/// Does a sentence suspect the code that it names?
fn is_suspected(site: &Site<'_>, code: &str) -> bool {
    let mark = format!("`{code}`");
    let lines = site.reading.all.lines().filter(|l| l.contains(&mark));
    let mut sentences = lines.flat_map(reading::sentences).filter(|s| s.contains(&mark)).take(20);
    sentences.any(|sentence| {
        let said = sentence.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| said.contains(w));
        says(SUSPECTS) && !says(CLEARS)
    })
}

/// Does this site, and no other file, define what the code names: `cart_totals`, `Cart::total`, `cart.total()`?
fn is_defined_here(site: &Site<'_>, code: &str) -> bool {
    let mut parts = code.trim_end_matches("()").rsplit([':', '.', '#']).filter(|p| !p.is_empty());
    let Some(last) = parts.next() else { return false };
    let parent = parts.next();
    let is_meant = |kind: SymbolKind, of: Option<&str>| {
        kind != SymbolKind::Module && parent.is_none_or(|parent| of.is_none_or(|of| of == parent))
    };
    let found = site.context.tree.definitions(last, 20);
    let mut meant = found.iter().filter(|(_, s)| is_meant(s.kind, s.parent.as_deref())).peekable();
    meant.peek().is_some() && meant.all(|(path, _)| *path == site.path)
}
