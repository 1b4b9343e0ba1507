//! A context as JSON and as text, for the command line.
//!
//! In: a [`Context`] and how long it took. Out: values that read the same in every run.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::{Value, json};

use super::timings::Timings;
use crate::model::context::{Context, FactKind, Grounding, Symbol};

/// The whole context as JSON.
pub fn to_json(context: &Context, timings: &Timings) -> Value {
    let symbols: Vec<Value> = context
        .modify
        .iter()
        .flat_map(|file| file.symbols.iter().map(move |symbol| json!({ "path": file.path, "symbol": symbol })))
        .collect();
    json!({
        "repository": context.repository,
        "commit": context.commit,
        "branch": context.branch,
        "ranked": context.ranked.iter().map(|file| json!({
            "path": file.path,
            "score": round(file.score),
            "probability": round(file.probability),
            "evidence": file.evidence,
            "because": file.evidence.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "modify": context.modify,
        "create": context.create,
        "tests": context.tests,
        "symbols": symbols,
        "past": context.past,
        "grounded": context.grounded,
        "facts": context.facts,
        "doubts": context.doubts,
        "timings": timings,
    })
}

/// Four digits are enough for people and diffs.
fn round(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}

/// The context for people: what to modify and why, tests, past, facts.
pub fn to_text(context: &Context) -> String {
    let mut out = String::new();
    let branch = context.branch.as_deref().map_or(String::new(), |branch| format!(" ({branch})"));
    line(&mut out, 0, &format!("{} at {}{branch}", context.repository.name, context.commit.short()));
    section(
        &mut out,
        "To modify",
        context.modify.iter().map(|file| {
            let names: Vec<String> = file.symbols.iter().map(place).collect();
            let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            format!("{:3.0} %  {}{names}", file.probability * 100.0, file.path)
        }),
    );
    section(&mut out, "Doubts", context.doubts.iter().cloned());
    line(&mut out, 0, "\nRanked");
    for (file, place) in context.ranked.iter().zip(1..).take(10) {
        line(&mut out, 1, &format!("{place:2}. {}", file.path));
        file.evidence.iter().take(5).for_each(|evidence| line(&mut out, 3, &format!("- {evidence}")));
    }
    section(&mut out, "To create", context.create.iter().map(|new| format!("{} ({})", new.path, new.why)));
    section(&mut out, "Tests", context.tests.iter().map(|test| format!("{} ({})", test.path, test.why)));
    section(
        &mut out,
        "Past changes",
        context.past.iter().map(|past| {
            format!(
                "{} {} {} (+{} -{}; {})",
                past.commit.short(),
                past.date,
                past.subject,
                past.added,
                past.deleted,
                past.why
            )
        }),
    );
    section(
        &mut out,
        "The ticket's expressions",
        context.grounded.iter().map(|g| format!("{}: {}", g.text, grounding(&g.found))),
    );
    section(&mut out, "Facts", facts(context).into_iter());
    out
}

/// A heading with its lines; nothing when there are none.
fn section(out: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        line(out, 0, &format!("\n{heading}"));
        lines.for_each(|text| line(out, 1, &text));
    }
}

/// One line without control characters: names in it are strangers'.
fn line(out: &mut String, indent: usize, text: &str) {
    let (newlines, text) = text.strip_prefix('\n').map_or(("", text), |rest| ("\n", rest));
    let clean: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let _ = writeln!(out, "{newlines}{:width$}{clean}", "", width = indent * 2);
}

/// `name (line)`.
fn place(symbol: &Symbol) -> String {
    format!("{} (line {})", symbol.name, symbol.line)
}

/// Where an expression stands.
fn grounding(found: &Grounding) -> String {
    match found {
        Grounding::Path { path } => path.clone(),
        Grounding::Defined { path, symbol } => format!("defined in {path}, line {}", symbol.line),
        Grounding::Mentioned { path, line } => format!("mentioned in {path}, line {line}"),
        Grounding::NotFound { nearest: Some(nearest) } => format!("not found; nearest is {nearest}"),
        Grounding::NotFound { nearest: None } => "not found".to_owned(),
    }
}

/// A few facts of each kind; dependencies by their number.
fn facts(context: &Context) -> Vec<String> {
    let mut by_kind: BTreeMap<FactKind, Vec<String>> = BTreeMap::new();
    for fact in &context.facts {
        let version = fact.version.as_deref().map_or(String::new(), |version| format!(" {version}"));
        by_kind.entry(fact.kind).or_default().push(format!("{}{version} ({}:{})", fact.name, fact.path, fact.line));
    }
    let said = by_kind.into_iter().map(|(kind, facts)| {
        let more = facts.len().saturating_sub(4);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{kind:?}: {}{more}", facts.into_iter().take(4).collect::<Vec<_>>().join(", "))
    });
    said.collect()
}
