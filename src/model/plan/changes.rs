//! What differs between two versions of a plan: steps, files and criteria.
//!
//! In: the sections of both. Out: names to print. Lines and links do not count: they move with every commit.

use std::collections::BTreeSet;

use super::{FileChange, Sections, Statement, Step};

/// What a newer version has and has not, in the order of its plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// `2 (Title)`, by the newer version's numbers.
    pub steps_added: Vec<String>,
    /// By the older version's numbers.
    pub steps_dropped: Vec<String>,
    pub steps_changed: Vec<String>,
    pub files_added: Vec<String>,
    pub files_dropped: Vec<String>,
    /// `AC2 (words)`.
    pub criteria_added: Vec<String>,
    pub criteria_dropped: Vec<String>,
    /// The tests to write differ.
    pub has_other_tests: bool,
}

impl Changes {
    /// From an older version to a newer one.
    pub fn between(old: &Sections, new: &Sections) -> Self {
        let (before, after): (Vec<&Step>, Vec<&Step>) = (old.steps().collect(), new.steps().collect());
        let mut left = before.clone();
        let (mut added, mut changed) = (Vec::new(), Vec::new());
        for step in &after {
            match take_same(&mut left, step) {
                None => added.push(step.named()),
                Some(was) if was.gist() != step.gist() => changed.push(step.named()),
                Some(_) => {}
            }
        }
        let (files_before, files_after) = (paths(&before), paths(&after));
        let (criteria_before, criteria_after) = (criteria(old), criteria(new));
        let tests = |sections: &Sections| -> Vec<String> {
            sections.testing.cases.iter().map(|case| case.what.text.clone()).collect()
        };
        Self {
            steps_added: added,
            steps_dropped: left.into_iter().map(Step::named).collect(),
            steps_changed: changed,
            files_added: without(&files_after, &files_before),
            files_dropped: without(&files_before, &files_after),
            criteria_added: new_words(&criteria_after, &criteria_before),
            criteria_dropped: new_words(&criteria_before, &criteria_after),
            has_other_tests: tests(old) != tests(new),
        }
    }

    /// Is there nothing to tell?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Step {
    /// Its number and title, for people.
    pub fn named(&self) -> String {
        format!("{} ({})", self.id, self.title)
    }

    /// What the step says, without what moves with every commit: lines and links.
    fn gist(&self) -> impl PartialEq + use<'_> {
        let texts = |statements: &'_ [Statement]| statements.iter().map(|s| s.text.clone()).collect::<Vec<_>>();
        let file = |change: &FileChange| {
            let symbols: Vec<String> =
                change.symbols.iter().chain(&change.beside).map(|symbol| symbol.name.clone()).collect();
            (change.action, change.file.path.clone(), change.to.clone(), symbols)
        };
        let validate: Vec<&str> = self.validate.iter().map(|command| command.line.as_str()).collect();
        (
            texts(&self.why),
            texts(&self.how),
            self.files.iter().map(file).collect::<Vec<_>>(),
            validate,
            &self.serves,
            texts(&self.acceptance),
        )
    }
}

/// Takes the step that this one was out of those that are left: of the same title, else with the same first file.
fn take_same<'p>(left: &mut Vec<&'p Step>, step: &Step) -> Option<&'p Step> {
    let first = |step: &Step| step.files.first().map(|change| change.file.path.clone());
    let title = left.iter().position(|was| was.title == step.title);
    let at = title.or_else(|| left.iter().position(|was| first(was).is_some() && first(was) == first(step)))?;
    Some(left.remove(at))
}

/// The files that the steps touch, in their order.
fn paths(steps: &[&Step]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let files = steps.iter().flat_map(|step| &step.files);
    files.map(|change| change.file.path.clone()).filter(|path| seen.insert(path.clone())).collect()
}

/// Those of `these` that are not among `others`.
fn without(these: &[String], others: &[String]) -> Vec<String> {
    these.iter().filter(|path| !others.contains(path)).cloned().collect()
}

/// Ids and words of the criteria.
fn criteria(sections: &Sections) -> Vec<(&str, &str)> {
    sections.criteria.iter().map(|criterion| (criterion.id.as_str(), criterion.text.as_str())).collect()
}

/// Those of `these` whose words are not among `others`.
fn new_words(these: &[(&str, &str)], others: &[(&str, &str)]) -> Vec<String> {
    let known = |words: &str| others.iter().any(|(_, text)| *text == words);
    these.iter().filter(|(_, words)| !known(words)).map(|(id, words)| format!("{id} ({words})")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::{Basis, Criterion, FileRef, Phase};

    /// A step of this title that does this to this file.
    fn step(id: &str, title: &str, path: &str, how: &str) -> Step {
        Step {
            id: id.to_owned(),
            title: title.to_owned(),
            how: vec![Statement::new(Basis::Repository, how)],
            files: vec![FileChange { file: FileRef::new(path).lines(1, 2), ..FileChange::default() }],
            ..Step::default()
        }
    }

    fn plan(steps: Vec<Step>, criteria: &[(&str, &str)]) -> Sections {
        let criterion = |(id, text): &(&str, &str)| Criterion {
            id: (*id).to_owned(),
            text: (*text).to_owned(),
            ..Criterion::default()
        };
        Sections {
            phases: vec![Phase { steps, ..Phase::default() }],
            criteria: criteria.iter().map(criterion).collect(),
            ..Sections::default()
        }
    }

    #[test]
    fn steps_files_and_criteria_are_told_apart_by_what_they_say() {
        let old = plan(
            vec![step("1", "Fix the total", "a.rs", "round"), step("2", "Tell the buyer", "b.rs", "mail")],
            &[("AC1", "once"), ("AC2", "never")],
        );
        let new = plan(
            vec![
                step("1", "Store it", "c.rs", "write"),
                step("2", "Fix the total", "a.rs", "floor"),
                step("3", "Ask the buyer", "b.rs", "mail"),
            ],
            &[("AC1", "never"), ("AC2", "twice")],
        );
        let changes = Changes::between(&old, &new);
        assert_eq!(changes.steps_added, ["1 (Store it)"]);
        assert_eq!(changes.steps_changed, ["2 (Fix the total)"]);
        assert_eq!(changes.steps_dropped, [""; 0]);
        assert_eq!((changes.files_added, changes.files_dropped), (vec!["c.rs".to_owned()], vec![]));
        assert_eq!(changes.criteria_added, ["AC2 (twice)"]);
        assert_eq!(changes.criteria_dropped, ["AC1 (once)"]);
    }

    #[test]
    fn other_lines_are_no_change() {
        let old = plan(vec![step("1", "Fix the total", "a.rs", "round")], &[]);
        let mut new = old.clone();
        new.phases[0].steps[0].files[0].file = FileRef::new("a.rs").lines(40, 50);
        assert!(Changes::between(&old, &new).is_empty());
        new.phases[0].steps.clear();
        assert_eq!(Changes::between(&old, &new).steps_dropped, ["1 (Fix the total)"]);
    }
}
