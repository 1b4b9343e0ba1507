//! The checks by which a plan is good enough to start from, whatever pack shows it.
//!
//! In: verified sections. Out: findings, one for each weakness: a decision without its reason, a file that belongs to no
//! component, a step that nobody could start or finish, a risk without an answer, a requirement that nothing meets, a
//! criterion or a sign of success that nobody could check. Changes nothing.

use std::collections::BTreeSet;

use super::ground::Ground;
use crate::model::{
    context::FileClass,
    plan::{Action, Basis, Finding, FindingKind, Place, Remedy, RequirementKind, Sections, Statement, Step},
};

/// Files that one step can change and still be one step.
const MOST_FILES: usize = 12;
/// Words by which a wish is no measure.
const VAGUE: &[&str] = &[
    "appropriate",
    "as expected",
    "as needed",
    "better",
    "correctly",
    "easy",
    "etc",
    "fast",
    "good",
    "improved",
    "intuitive",
    "nice",
    "properly",
    "robust",
    "seamless",
    "user-friendly",
    "well",
];

/// All checks.
pub fn check(ground: &mut Ground<'_>, sections: &Sections) {
    let mut found: Vec<(FindingKind, String)> = Vec::new();
    found.extend(decisions(sections));
    found.extend(components(ground, sections));
    found.extend(sections.steps().filter_map(|step| vague_step(ground, step)));
    found.extend(risks(sections));
    found.extend(requirements(ground, sections));
    found.extend(criteria(sections));
    found.extend(success(sections));
    let findings = found.into_iter().map(|(kind, said)| Finding { kind, said, nearest: None, done: Remedy::Listed });
    ground.findings.extend(findings);
}

/// Decisions say why, or quote who decided.
fn decisions(sections: &Sections) -> impl Iterator<Item = (FindingKind, String)> {
    let bare = sections.overview.decisions.iter().filter(|decision| {
        decision.why.is_none() && decision.what.citations.is_empty() && decision.what.basis == Basis::Model
    });
    bare.map(|decision| (FindingKind::UnreasonedDecision, short(&decision.what)))
}

/// Every code file of the steps belongs to a component of the architecture.
fn components(ground: &Ground<'_>, sections: &Sections) -> Option<(FindingKind, String)> {
    if sections.architecture.components.is_empty() {
        return None;
    }
    let placed: BTreeSet<&str> =
        sections.architecture.components.iter().flat_map(|c| &c.files).map(|f| f.path.as_str()).collect();
    let folders: BTreeSet<&str> = placed.iter().filter_map(|path| path.rsplit_once('/')).map(|(dir, _)| dir).collect();
    let is_code = |step: &&crate::model::plan::FileChange| {
        step.doubt.is_none()
            && match ground.tree_file(&step.file) {
                Some(file) => file.class == FileClass::Source,
                None => false,
            }
    };
    let lost = sections.steps().flat_map(|step| &step.files).filter(is_code).find(|change| {
        let path = change.file.path.as_str();
        let is_near = path.rsplit_once('/').is_some_and(|(dir, _)| folders.contains(dir));
        !placed.contains(path) && !is_near
    })?;
    Some((FindingKind::UnplacedFile, format!("`{}`", lost.file.path)))
}

/// A step names its files, not too many of them, and how to see that it is done.
fn vague_step(ground: &Ground<'_>, step: &Step) -> Option<(FindingKind, String)> {
    let has_commands = ground.contexts.iter().flat_map(|c| &c.facts).any(crate::planner::command::is_command);
    let is_code = step.files.iter().any(|change| {
        change.action == Action::Create || ground.tree_file(&change.file).is_some_and(|f| f.class == FileClass::Source)
    });
    // What is only read leaves nothing to see.
    let is_code = is_code && step.files.iter().any(|change| change.action != Action::Read);
    let is_shown = !step.validate.is_empty() || !step.acceptance.is_empty() || !step.serves.is_empty();
    let problem = match step.files.len() {
        0 => "names no file",
        n if n > MOST_FILES => "changes more files than one step should",
        _ if !is_shown && is_code && has_commands => "does not say how to see that it is done",
        _ => return None,
    };
    Some((FindingKind::VagueStep, format!("step {} {problem}", step.id)))
}

/// Every risk says what to do about it; stored data that changes is never without one.
fn risks(sections: &Sections) -> Vec<(FindingKind, String)> {
    let open = sections.risks.iter().filter(|risk| risk.mitigation.text.trim().is_empty());
    let mut out: Vec<(FindingKind, String)> =
        open.map(|risk| (FindingKind::UnansweredRisk, short(&risk.risk))).collect();
    let stored = !sections.data.changes.is_empty();
    if stored && sections.risks.is_empty() && sections.rollout.rollback.is_empty() {
        out.push((
            FindingKind::UnansweredRisk,
            "stored data changes, and neither a risk nor a way back is named".to_owned(),
        ));
    }
    out
}

/// What the ticket asks of security, speed and reliability is served by a step or a test, or repeated by a criterion.
fn requirements(ground: &Ground<'_>, sections: &Sections) -> Vec<(FindingKind, String)> {
    if ground.contexts.is_empty() {
        return Vec::new();
    }
    let steps = sections.steps().flat_map(|step| &step.serves);
    let served: BTreeSet<&String> = steps.chain(sections.testing.cases.iter().flat_map(|case| &case.serves)).collect();
    let open = sections.requirements.iter().filter(|r| {
        r.kind != RequirementKind::Functional
            && !served.contains(&r.id)
            && !matches!(r.place, Place::Comment { .. })
            && !sections.criteria.iter().any(|c| c.text == r.text)
    });
    open.map(|r| (FindingKind::OpenRequirement, r.id.clone())).collect()
}

/// Criteria that nobody could check: a word or two, or only words without a measure.
fn criteria(sections: &Sections) -> impl Iterator<Item = (FindingKind, String)> {
    let vague = sections.criteria.iter().filter(|criterion| !criterion.done && is_vague(&criterion.text));
    vague.map(|criterion| (FindingKind::VagueCriterion, criterion.id.clone()))
}

/// Is it a wish without a measure?
fn is_vague(text: &str) -> bool {
    let has_measure = text.chars().any(|c| c.is_numeric() || "`\"“”=<>/".contains(c));
    let is_latin = text.chars().filter(|c| c.is_alphabetic()).all(|c| (c as u32) < 0x250);
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    let vague = VAGUE.iter().any(|v| format!(" {} ", words.join(" ")).contains(&format!(" {v} ")));
    is_latin && !has_measure && (words.len() < 3 || (vague && words.len() < 8))
}

/// A sign of success is a criterion, a command, a figure or a quote.
fn success(sections: &Sections) -> impl Iterator<Item = (FindingKind, String)> {
    let is_known = |statement: &&Statement| {
        statement.basis != Basis::Model
            || !statement.citations.is_empty()
            || statement.text.chars().any(|c| c.is_numeric() || c == '`')
    };
    let vague = sections.success.iter().filter(move |statement| !is_known(statement));
    vague.map(|statement| (FindingKind::VagueSuccess, short(statement)))
}

/// The head of a statement.
fn short(statement: &Statement) -> String {
    crate::planner::words::shorten(&statement.text, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_told_from_a_wish() {
        let check = |text: &str, expected: bool| assert_eq!(is_vague(text), expected, "{text}");
        check("Works", true);
        check("It works properly", true);
        check("The page is fast", true);
        check("The page answers in 200 ms", false);
        check("`total` is right", false);
        check("A wish list is empty at first", false);
        check("合計は正しい", false);
        check("A customer who signs in again sees the list as well as the cart", false);
    }
}
