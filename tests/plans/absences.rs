//! What a plan says it did not find is found nowhere else in it.

use super::{PACKS, examples};
use planwright::templates::Packs;

/// A sentence of absence, and what no plan with it may hold.
const REFUTED: &[(&str, &[&str])] = &[
    ("limits of speed, load and size; found none", &["sets a figure"]),
    ("limits of speed or size", &["sets a figure"]),
    ("lines that write a log or a metric of what the ticket speaks of; found none", &["` reports "]),
    ("new routes, secrets", &["(new)"]),
    ("who may and what decides it", &["guards access", "says who may"]),
    ("changes to stored data that is there", &["changes stored data;", "builds an index"]),
    ("No schema change", &["New migration", "decides whether a table"]),
    ("No step changes stored data", &["New migration", "decides whether a table"]),
    ("for relations and indexes; found none", &["points at `", "`CREATE INDEX"]),
    ("of success", &["response: |"]),
    ("read no setting", &[", read at `"]),
    ("so no time is named", &["no hours are known; similar"]),
    ("it names none", &[" is about a failure", " is about a restart", " is about a repeat"]),
    (
        "secrets that are read, and queries",
        &["reads the secret", "holds the secret", "declares new routes", "` is new"],
    ),
    ("is named by any step", &["- Modify", "- Create"]),
    ("Looked for past commits that resemble this ticket", &["It changed `"]),
];

#[tokio::test]
async fn no_sentence_of_absence_is_refuted_by_the_same_plan() {
    let dir = tempfile::tempdir().expect("a folder");
    let packs = Packs::builtin();
    for example in examples::all(dir.path()).await {
        let plan = example.plan();
        for pack in PACKS {
            let page = packs.render(pack, &plan, &example.ticket).expect("a document");
            for (absent, found) in REFUTED.iter().filter(|(absent, _)| page.contains(absent)) {
                let refuted = found.iter().find(|text| page.contains(**text));
                assert_eq!(refuted, None, "{} in {pack}: “{absent}”", example.name);
            }
        }
    }
}

#[tokio::test]
async fn a_file_without_a_test_is_not_among_those_that_tests_ask_for() {
    let dir = tempfile::tempdir().expect("a folder");
    for example in examples::all(dir.path()).await {
        let plan = example.plan();
        let gaps: Vec<&str> = plan.sections.testing.gaps.iter().map(|gap| gap.text.as_str()).collect();
        let untested =
            gaps.iter().filter(|gap| gap.starts_with("No test was found near")).flat_map(|gap| gap.split('`'));
        let reached: Vec<&str> = gaps.iter().filter(|gap| gap.contains("is reached by requests")).copied().collect();
        for path in untested.skip(1).step_by(2) {
            assert!(reached.iter().all(|gap| !gap.starts_with(&format!("`{path}`"))), "{}: {gaps:#?}", example.name);
        }
    }
}

#[tokio::test]
async fn every_step_that_changes_code_says_what_is_done() {
    let dir = tempfile::tempdir().expect("a folder");
    for example in examples::all(dir.path()).await {
        let plan = example.plan();
        let steps = plan.sections.phases.iter().flat_map(|phase| &phase.steps);
        let silent: Vec<&str> = steps.filter(|s| s.how.is_empty()).map(|s| s.title.as_str()).collect();
        assert!(silent.is_empty(), "{}: {silent:#?}", example.name);
    }
}
