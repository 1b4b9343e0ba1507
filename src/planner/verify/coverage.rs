//! Which step and which test serve each acceptance criterion.

use super::ground::Ground;
use crate::model::{
    context::FileClass,
    plan::{Coverage, CoverageStatus, FindingKind, Remedy, Sections, Step, TestCase, TestKind},
};

/// One row for each criterion; what is not covered is also a finding.
pub fn of(sections: &Sections, ground: &mut Ground<'_>) -> Vec<Coverage> {
    sections
        .criteria
        .iter()
        .map(|criterion| {
            let serves = |ids: &[String]| ids.contains(&criterion.id);
            let steps: Vec<String> = sections.steps().filter(|s| serves(&s.serves)).map(|s| s.id.clone()).collect();
            // What is measured or tried by hand needs no test file.
            let is_placed =
                |c: &&TestCase| c.file.is_some() || matches!(c.kind, TestKind::Performance | TestKind::Manual);
            let tests = sections.testing.cases.iter().filter(|c| serves(&c.serves)).filter(is_placed);
            let tests: Vec<String> = tests.map(|c| c.id.clone()).collect();
            // What only documents serve is read, not tested.
            let mut serving = sections.steps().filter(|s| serves(&s.serves));
            let is_read = !steps.is_empty() && serving.all(|step| is_of_documents(step, ground));
            let status = match (criterion.done, steps.is_empty(), tests.is_empty() && !is_read) {
                _ if criterion.overruled => CoverageStatus::Overruled,
                (true, ..) => CoverageStatus::Done,
                (_, false, false) => CoverageStatus::Covered,
                (_, true, true) => CoverageStatus::NotCovered,
                _ => CoverageStatus::Partly,
            };
            if status == CoverageStatus::NotCovered && !ground.contexts.is_empty() {
                ground.find(FindingKind::NotCovered, criterion.id.clone(), None, Remedy::Listed);
            }
            Coverage { criterion: criterion.id.clone(), steps, tests, status }
        })
        .collect()
}

/// Does the step change documents, and nothing else?
fn is_of_documents(step: &Step, ground: &Ground<'_>) -> bool {
    let class = |path: &str| ground.contexts.iter().find_map(|c| c.tree.file(path)).map(|f| f.class);
    !step.files.is_empty() && step.files.iter().all(|f| class(&f.file.path) == Some(FileClass::Doc))
}
