//! The Markdown of every example in every pack: no heading without a text, no two lists that run together.

use planwright::templates::Packs;

use super::{PACKS, examples, posted};

#[tokio::test]
async fn headings_hold_something_and_lists_stand_apart() {
    let dir = tempfile::tempdir().expect("a folder");
    let packs = Packs::builtin();
    for example in examples::all(dir.path()).await {
        for (pack, page) in PACKS.iter().zip(posted(&packs, &example)) {
            let lines: Vec<&str> = prose(&page);
            for (at, line) in lines.iter().enumerate() {
                let after = lines[at + 1..].iter().find(|l| !l.is_empty()).copied().unwrap_or_default();
                let is_empty = level(line) > 0 && level(after) > 0 && level(after) <= level(line);
                assert!(!is_empty, "{} {pack}: nothing under {line:?}", example.name);
                let runs_on = line.starts_with("- ") && lines.get(at + 1) == Some(&"") && after.starts_with("- ");
                assert!(!runs_on, "{} {pack}: a list goes on behind {line:?}", example.name);
            }
        }
    }
}

#[tokio::test]
async fn an_epic_keeps_its_own_phases_in_the_specification() {
    let dir = tempfile::tempdir().expect("a folder");
    let packs = Packs::builtin();
    let examples = examples::all(dir.path()).await;
    let epic = examples.iter().find(|e| e.name.contains("epic")).expect("an epic");
    let page = packs.render("spec", &epic.plan(), &epic.ticket).expect("a document");
    let phases: Vec<&str> = page.lines().filter(|l| l.starts_with("### Phase ")).collect();
    let expected = [
        "### Phase 0: Before the first change",
        "### Phase 1: subscriptions",
        "### Phase 2: delivery",
        "### Phase 3: operations",
    ];
    assert_eq!(phases, expected);
}

#[tokio::test]
async fn a_story_s_tasks_end_in_boxes_and_its_routes_name_their_codes_by_id() {
    let dir = tempfile::tempdir().expect("a folder");
    let packs = Packs::builtin();
    let examples = examples::all(dir.path()).await;
    let page = |name: &str, pack: &str| {
        let example = examples.iter().find(|e| e.name.contains(name)).expect("an example");
        packs.render(pack, &example.plan(), &example.ticket).expect("a document")
    };
    let story = page("checklist", "story");
    for said in ["- [ ] AC2, shown by T2\n", "; 409: AC3", "200: AC2", "- **Effort:** no hours are known;"] {
        assert!(story.contains(said), "{said}: {story}");
    }
    let how: Vec<&str> = story.split("**How**").skip(1).filter_map(|part| part.split("**Files**").next()).collect();
    assert!(how.iter().all(|part| !part.contains('…')), "an instruction is whole: {how:#?}");
    assert!(page("orders-csv", "spec").contains("errors:"), "a code of the ticket stands in the contract");
}

/// The lines outside blocks of code, and the marks around those.
fn prose(page: &str) -> Vec<&str> {
    let mut is_code = false;
    let lines = page.lines().filter(|line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code || is_fence
    });
    lines.collect()
}

/// How deep a heading is; 0 for what is none.
fn level(line: &str) -> usize {
    let marks = line.len() - line.trim_start_matches('#').len();
    if line[marks..].starts_with(' ') { marks } else { 0 }
}
