//! Packs what a repository says about a ticket into a budget of tokens, best first.
//!
//! In: a [`Context`] and a budget. Out: a text, and the names of what found no room. Facts and signatures of all likely
//! files come first, then the bodies of the symbols that the ticket most likely concerns, then tests, then past changes.
//! Equal contexts give equal texts.

use std::fmt::Write as _;

use super::prompt::tokens;
use crate::{
    model::context::{Context, FactKind, Likely, Symbol},
    planner::words::shorten,
};

/// How many ranked files show their signatures.
const FILES: usize = 24;
/// How many signatures of one file.
const SIGNATURES: usize = 40;
/// How many lines of one body.
const BODY_LINES: u32 = 80;
/// The longest line, in characters.
const LINE: usize = 240;
/// How many left-out things are named.
const NAMED: usize = 30;

/// A text within a budget.
pub struct Excerpts {
    pub text: String,
    /// What found no room, best first.
    pub left_out: Vec<String>,
}

/// Packs one repository.
pub fn pack(context: &Context, budget: u64) -> Excerpts {
    let mut packing = Packing { room: budget, text: String::new(), left_out: Vec::new() };
    let branch = context.branch.as_ref().map_or(String::new(), |branch| format!(", branch {branch}"));
    packing
        .add("head", format!("Repository {} at commit {}{branch}\n", context.repository.name, context.commit.short()));
    facts(context, &mut packing);
    signatures(context, &mut packing);
    bodies(context, &mut packing);
    tests(context, &mut packing);
    past(context, &mut packing);
    let Packing { mut text, left_out, .. } = packing;
    if !left_out.is_empty() {
        let named: Vec<&str> = left_out.iter().take(NAMED).map(String::as_str).collect();
        let more = left_out.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(text, "\nLeft out for want of room: {}{more}", named.join(", "));
    }
    Excerpts { text, left_out }
}

/// A text that grows within its room.
struct Packing {
    /// Tokens.
    room: u64,
    text: String,
    left_out: Vec<String>,
}

impl Packing {
    /// Adds a block if it fits, else its name to what was left out.
    fn add(&mut self, name: &str, block: String) {
        let cost = tokens(block.len());
        if cost > self.room {
            self.left_out.push(name.to_owned());
            return;
        }
        self.room -= cost;
        self.text.push_str(&block);
    }
}

/// What the repository says about itself.
fn facts(context: &Context, packing: &mut Packing) {
    let shown = |kind: FactKind| !matches!(kind, FactKind::Licence | FactKind::Owner | FactKind::Observability);
    let mut block = String::from("\n## Facts\n");
    for fact in context.facts.iter().filter(|fact| shown(fact.kind)).take(80) {
        let version = fact.version.as_ref().map_or(String::new(), |version| format!(" {version}"));
        let line = format!("{:?}: {}{version} {} ({}:{})", fact.kind, fact.name, fact.value, fact.path, fact.line);
        let _ = writeln!(block, "- {}", shorten(&line, LINE));
    }
    for doubt in &context.doubts {
        let _ = writeln!(block, "- Doubt: {}", shorten(doubt, LINE));
    }
    packing.add("facts", block);
}

/// The likely files with why they were brought up and what they define.
fn signatures(context: &Context, packing: &mut Packing) {
    packing.add("", "\n## Likely files, best first, with what they define\n".to_owned());
    let likely = |path: &str| context.modify.iter().find(|likely| likely.path == path);
    for ranked in context.ranked.iter().take(FILES) {
        let evidence: Vec<String> = ranked.evidence.iter().take(3).map(|e| shorten(&e.to_string(), 120)).collect();
        let percent = (ranked.probability * 100.0).round();
        let mut block = format!("\n{} ({percent}%): {}\n", ranked.path, evidence.join("; "));
        let best = likely(&ranked.path).map(|likely| likely.symbols.as_slice()).unwrap_or_default();
        let symbols = context.tree.symbols(&ranked.path);
        for symbol in symbols.iter().take(SIGNATURES) {
            let mark = if best.contains(symbol) { "*" } else { " " };
            let _ = writeln!(block, " {mark}{}-{}: {}", symbol.line, symbol.end_line, shorten(&symbol.signature, LINE));
        }
        if symbols.len() > SIGNATURES {
            let _ = writeln!(block, "  and {} more", symbols.len() - SIGNATURES);
        }
        packing.add(&format!("signatures of {}", ranked.path), block);
    }
    for new in &context.create {
        let like = new.like.as_ref().map_or(String::new(), |like| format!(", like {like}"));
        packing.add(&new.path, format!("\n{} (probably new{like}): {}\n", new.path, shorten(&new.why, LINE)));
    }
}

/// The bodies of the best symbols, in turn: the first of each file, then the second of each.
fn bodies(context: &Context, packing: &mut Packing) {
    packing.add("", "\n## Bodies\n".to_owned());
    let most = context.modify.iter().map(|likely| likely.symbols.len()).max().unwrap_or_default();
    for turn in 0..most.min(4) {
        for (likely, symbol) in context.modify.iter().filter_map(|l: &Likely| Some((l, l.symbols.get(turn)?))) {
            if let Some(block) = body(context, &likely.path, symbol) {
                packing.add(&format!("body of {} in {}", symbol.name, likely.path), block);
            }
        }
    }
    let bare = context.modify.iter().filter(|likely| likely.symbols.is_empty()).take(6);
    for likely in bare {
        let whole = Symbol { name: String::new(), end_line: BODY_LINES, line: 1, ..nowhere() };
        if let Some(block) = body(context, &likely.path, &whole) {
            packing.add(&format!("first lines of {}", likely.path), block);
        }
    }
}

/// A symbol to be filled in.
fn nowhere() -> Symbol {
    Symbol {
        name: String::new(),
        kind: crate::model::context::SymbolKind::Module,
        parent: None,
        line: 1,
        end_line: 1,
        signature: String::new(),
        is_public: false,
    }
}

/// The lines of a symbol, numbered.
fn body(context: &Context, path: &str, symbol: &Symbol) -> Option<String> {
    let text = context.tree.text(path)?;
    let last = symbol.end_line.min(symbol.line.saturating_add(BODY_LINES));
    let skipped = symbol.line.saturating_sub(1) as usize;
    let count = last.saturating_add(1).saturating_sub(symbol.line) as usize;
    let mut block = format!("\n{path}\n");
    for (at, line) in text.lines().enumerate().skip(skipped).take(count) {
        let _ = writeln!(block, "{:>5} {}", at + 1, shorten(line, LINE));
    }
    if symbol.end_line > last && !symbol.name.is_empty() {
        let _ = writeln!(block, "      … to line {}", symbol.end_line);
    }
    Some(block)
}

/// Tests near the change, the nearest case of each in full.
fn tests(context: &Context, packing: &mut Packing) {
    packing.add("", "\n## Tests near the change\n".to_owned());
    for test in context.tests.iter().take(10) {
        let covers = test.covers.as_ref().map_or(String::new(), |covers| format!(" tests {covers};"));
        let mut block = format!("\n{}:{covers} {}\n", test.path, shorten(&test.why, LINE));
        for case in test.cases.iter().take(8) {
            let _ = writeln!(block, "  {}-{}: {}", case.line, case.end_line, shorten(&case.signature, LINE));
        }
        packing.add(&test.path, block);
        if let Some(block) = test.cases.first().and_then(|case| body(context, &test.path, case)) {
            packing.add(&format!("nearest case of {}", test.path), block);
        }
    }
}

/// Past changes worth reading.
fn past(context: &Context, packing: &mut Packing) {
    packing.add("", "\n## Past changes\n".to_owned());
    for change in context.past.iter().take(12) {
        let files: Vec<&str> = change.files.iter().take(8).map(String::as_str).collect();
        let block = format!(
            "{} {} “{}”{}: {}; {}\n",
            change.commit.short(),
            change.date,
            shorten(&change.subject, 120),
            change.size(),
            shorten(&change.why, LINE),
            files.join(", "),
        );
        packing.add(&format!("commit {}", change.commit.short()), block);
    }
}
