//! What the `context` command prints.
//!
//! In: a context. Out: JSON for programs, text for people.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::model::context::Context;

/// How many ranked files the text form shows.
const SHOWN: usize = 10;

/// All of it, with the seconds that it took.
pub fn to_json(context: &Context, seconds: f64) -> Value {
    json!({
        "repository": context.repository,
        "commit": context.commit,
        "branch": context.branch,
        "ranked": context.ranked,
        "modify": context.modify,
        "create": context.create,
        "tests": context.tests,
        "past": context.past,
        "facts": context.facts,
        "grounded": context.grounded,
        "doubts": context.doubts,
        "timings": { "total": seconds },
    })
}

/// The files to modify, those ranked next with their evidence, the tests and the doubts.
pub fn to_text(context: &Context) -> String {
    let mut out = format!("{} at {}\n\nto modify\n", context.repository.name, context.commit.short());
    for file in &context.modify {
        let _ = writeln!(out, "  {:>3.0} %  {}", file.probability * 100.0, file.path);
    }
    out.push_str("\nranked\n");
    for file in context.ranked.iter().take(SHOWN) {
        let _ = writeln!(out, "  {:>3.0} %  {}", file.probability * 100.0, file.path);
        for evidence in file.evidence.iter().take(4) {
            let _ = writeln!(out, "         {evidence}");
        }
    }
    out.push_str("\ntests\n");
    for test in &context.tests {
        let _ = writeln!(out, "  {}  ({})", test.path, test.why);
    }
    for doubt in &context.doubts {
        let _ = writeln!(out, "\ndoubt: {doubt}");
    }
    out
}
