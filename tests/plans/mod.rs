//! Plans for tickets of all kinds, from three trackers, against repositories in four languages.
//!
//! Read the snapshots as the engineer who has to follow them.

mod absences;
pub mod examples;
mod forms;
mod outlines;
mod trackers;

use planwright::{model::plan::Plan, templates::Packs};

use examples::Example;

const PACKS: [&str; 5] = ["ticket", "architecture", "implementation", "story", "spec"];

/// Every example in every pack, twice and on two threads: the same bytes, and those of the snapshots.
#[tokio::test]
async fn examples_are_planned_as_read_and_always_alike() {
    let dir = tempfile::tempdir().expect("a folder");
    let examples = examples::all(dir.path()).await;
    let packs = Packs::builtin();
    assert!(examples.len() >= 12, "{} examples", examples.len());
    let pages = |_: ()| examples.iter().map(|example| posted(&packs, example)).collect::<Vec<_>>();
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| pages(()));
        let here = pages(());
        (here, other.join().expect("the other thread"))
    });
    assert!(first == second && first == pages(()), "equal briefs gave unequal plans");
    for (example, pages) in examples.iter().zip(first) {
        for (pack, page) in PACKS.iter().zip(pages) {
            insta::assert_snapshot!(format!("{}-{pack}", example.name), page);
        }
    }
}

/// The example's plan in all packs.
fn posted(packs: &Packs, example: &Example) -> Vec<String> {
    let plan: Plan = example.plan();
    PACKS.iter().map(|pack| packs.render(pack, &plan, &example.ticket).expect("a document")).collect()
}
