//! Which step and which test serve each acceptance criterion.

use super::ground::Ground;
use crate::model::plan::{Coverage, CoverageStatus, FindingKind, Remedy, Sections, TestCase, TestKind};

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
            let status = match (criterion.done, steps.is_empty(), tests.is_empty()) {
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
