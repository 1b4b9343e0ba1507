//! Tickets that say little, too much, or nothing that can be read: the plan is there, and it is honest.

use std::{fs, time::Instant};

use planwright::sandbox::shop;
use serde_json::Value;
use tempfile::TempDir;

use super::run::planwright;

/// A folder with the demo's repository and a ticket.
fn folder(ticket: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("ticket.md"), ticket).expect("the ticket can be written");
    shop::create(&folder.path().join("shop.git")).expect("the repository can be made");
    folder
}

/// The plan of a ticket as data, and its document in every pack.
fn planned(ticket: &str) -> (Value, Vec<String>) {
    let folder = folder(ticket);
    let run = |more: &[&str]| {
        let arguments: Vec<&str> = ["plan", "ticket.md", "--repo", "shop.git"].iter().chain(more).copied().collect();
        let ran = planwright(folder.path(), &arguments, "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let plan = serde_json::from_str(&run(&["--format", "json"])).expect("JSON");
    let packs = ["ticket", "implementation", "story", "spec", "architecture"];
    (plan, packs.iter().map(|pack| run(&["--template", pack])).collect())
}

fn count(plan: &Value, list: &str) -> usize {
    plan[list].as_array().map_or(0, Vec::len)
}

/// All steps of a plan.
fn steps(plan: &Value) -> Vec<&Value> {
    let phases = plan["phases"].as_array().expect("a list");
    phases.iter().flat_map(|phase| phase["steps"].as_array().expect("a list")).collect()
}

/// Nothing to go by: it asks, it is not sure, and it does not pretend.
fn check_asks(ticket: &str) {
    let (plan, documents) = planned(ticket);
    assert!(count(&plan, "questions") > 0, "{ticket:?} raises no question: {plan:#}");
    assert_ne!(plan["head"]["confidence"]["level"], "high", "{ticket:?}");
    for document in documents {
        assert!(!document.contains("!["), "an image in the plan of {ticket:?}:\n{document}");
        assert!(document.contains('?'), "the question is shown:\n{document}");
    }
}

#[test]
fn a_title_alone_is_asked_about() {
    check_asks("# It does not work\n");
}

#[test]
fn an_image_alone_is_asked_about() {
    check_asks("# See screenshot\n\n![screenshot](https://images.acme.test/42.png)\n");
}

#[test]
fn a_link_alone_is_asked_about() {
    check_asks("# Problem\n\nhttps://tracing.acme.test/issues/4711\n");
}

#[test]
fn a_ticket_in_another_language_is_not_pretended_to_be_understood() {
    check_asks("# 在庫の表示が間違っている\n\n注文した後、在庫の数が正しく表示されません。\n");
    check_asks("# Die Anzeige hinkt hinterher\n\nNach dem Bestellen stimmt die angezeigte Menge nicht mehr.\n");
}

#[test]
fn a_stack_trace_alone_leads_to_where_it_happened() {
    let trace = "# Crash\n\n```\nthread 'main' panicked at src/pricing/totals.rs:30:9:\nattempt to subtract with overflow\n\
                 stack backtrace:\n   3: shop::pricing::totals::cart_totals\n             at ./src/pricing/totals.rs:30:9\n```\n";
    let (plan, documents) = planned(trace);
    let steps = steps(&plan);
    let first = steps.first().unwrap_or_else(|| panic!("no step: {plan:#}"));
    assert_eq!(first["files"][0]["file"]["path"], "src/pricing/totals.rs", "{first:#}");
    assert_eq!(plan["head"]["kind"], "bug");
    assert!(documents.iter().all(|document| document.contains("src/pricing/totals.rs")));
}

#[test]
fn a_ticket_of_200_kilobytes_gets_a_plan_of_a_readable_size() {
    let criteria: String = (1..=2_500)
        .map(|at| format!("- [ ] the total of cart {at} counts its coupon exactly once, whatever\n"))
        .collect();
    let ticket = format!(
        "# Cart total ignores the coupon\n\n`cart_totals` is wrong.\n\n{}\n\n## Acceptance criteria\n\n{criteria}",
        "The total of a cart with a coupon is wrong. ".repeat(1_000)
    );
    assert!(ticket.len() > 200_000);
    let started = Instant::now();
    let (plan, documents) = planned(&ticket);
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
    assert!((1..=60).contains(&count(&plan, "criteria")));
    for document in documents {
        assert!(document.len() < 120_000, "{} bytes", document.len());
        assert!(document.contains("src/pricing/totals.rs"));
        assert!(document.contains(&(2_500 - count(&plan, "criteria")).to_string()), "what is left out is counted");
    }
}
