//! Files that changed with those of a step before: settings, documents and code that may have to follow again.
//!
//! In: the [`Survey`] and its steps. Out: an instruction of a step for each, with the past changes that show it; a document
//! that is called like what changes, or names what such a change brought, is a file of the step.
//! Only changes that resemble the ticket count, and only files that are still there. Bounded: three a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Survey, code::path::stem, places::refs::commit_ref},
    example,
};
use crate::{
    model::{
        context::{Context, FileClass, PastChange},
        plan::{Action, Basis, Citation, FileChange, FileRef, Phase, Statement, Step},
    },
    planner::words::{clean, shorten, terms, unscoped},
    richtext::markdown::code_span,
};

/// Files that are named.
const MOST: usize = 3;
/// A change of more files shows nothing of one of them.
const SWEEPING: usize = 20;
/// Of a single change, one of more files shows nothing.
const SMALL: usize = 6;
/// From this similarity on, a past change resembles the ticket.
const LIKE: f64 = 0.3;

/// Adds what may have to follow to the step that changes what it followed before, else to the first one of the code.
pub fn add(survey: &Survey<'_, '_>, phases: &mut [Phase]) {
    let Some(context) = survey.contexts.first() else { return };
    let mut found = found(survey, context, phases);
    let known: Vec<String> = phases.iter().flat_map(|p| &p.steps).flat_map(paths).map(str::to_owned).collect();
    found.retain(|(path, _)| !known.contains(path));
    for (path, commits) in found.into_iter().take(MOST) {
        let mut steps: Vec<&mut Step> = phases.iter_mut().flat_map(|p| &mut p.steps).collect();
        let shared =
            |step: &Step| commits.iter().filter(|c| paths(step).any(|p| c.files.iter().any(|f| f == p))).count();
        let best = (0..steps.len()).rev().max_by_key(|at| (is_work(steps[*at]), shared(steps[*at])));
        let Some(step) = best.filter(|at| is_work(steps[*at])).map(|at| &mut *steps[at]) else { continue };
        let is_doc = context.tree.file(&path).is_some_and(|f| f.class == FileClass::Doc);
        let is_namesake = paths(step).any(|changed| stem(changed) == stem(&path));
        let line = commits.iter().find_map(|past| brought_in(survey, context, past, &path));
        if is_doc && (is_namesake || line.is_some()) {
            let said = told(&path, line, &commits);
            let (file, why) = (FileRef::new(&path), vec![said.clone()]);
            step.files.push(FileChange { action: Action::Modify, file, why, ..FileChange::default() });
            step.how.push(said);
        } else {
            step.how.push(instruction(&path, &commits));
        }
    }
}

/// Paths that changed in two changes like the one that is asked for, or in the one that is most alike and changed a file of
/// a step; most often changed first.
fn found<'c>(survey: &Survey<'_, '_>, context: &'c Context, phases: &[Phase]) -> Vec<(String, Vec<&'c PastChange>)> {
    let title = &survey.reading.title;
    let is_like = |p: &&PastChange| {
        let is_told = p.similarity >= LIKE || says_title(title, p);
        is_told && !p.is_revert && !p.is_taken_back && !p.is_first && p.files.len() <= SWEEPING
    };
    let like: Vec<&PastChange> = context.past.iter().filter(is_like).collect();
    let best = like.iter().copied().reduce(|a, b| if b.similarity > a.similarity { b } else { a });
    let best = best.filter(|p| p.files.len() <= SMALL);
    // What made a file did not change it.
    let changes = |p: &PastChange, path: &str| p.files.iter().any(|f| f == path) && p.made.iter().all(|f| f != path);
    let of_step = |p: &PastChange| phases.iter().flat_map(|f| &f.steps).flat_map(paths).any(|path| changes(p, path));
    let mut by_path: BTreeMap<&str, Vec<&'c PastChange>> = BTreeMap::new();
    for past in &like {
        // Code changes for its own reasons where none of the plan's files changed with it.
        let is_apart = |path: &str| is_code(context, path) && !of_step(past);
        let found = past.files.iter().filter(|path| !past.made.contains(path) && may_follow(context, path));
        for path in found.filter(|path| !is_apart(path)) {
            by_path.entry(path).or_default().push(past);
        }
    }
    // One change alone shows something of a file that is called for the same thing, or holds what the change brought.
    let changed = phases.iter().flat_map(|f| &f.steps).flat_map(paths).map(stem);
    let known: BTreeSet<String> = changed.chain([unscoped(title)]).flat_map(terms).collect();
    let is_kin = |path: &str| !terms(stem(path)).is_disjoint(&known);
    let is_best = |path: &str, commits: &[&PastChange]| {
        let best = best.filter(|best| of_step(best) && commits.iter().any(|c| c.commit == best.commit));
        best.is_some_and(|best| is_kin(path) || brought_in(survey, context, best, path).is_some())
    };
    let is_shown = |path: &str, commits: &[&PastChange]| commits.len() >= 2 || is_best(path, commits);
    let mut out: Vec<(String, Vec<&PastChange>)> =
        by_path.into_iter().filter(|(path, commits)| is_shown(path, commits)).map(|(p, c)| (p.to_owned(), c)).collect();
    out.sort_by_key(|(_, commits)| std::cmp::Reverse(commits.len()));
    out
}

/// Is the file one that people change together with code? A manifest changes with its packages, what tools write follows by
/// itself, and tests and changelogs have rules of their own.
fn may_follow(context: &Context, path: &str) -> bool {
    const OTHERS: &[&str] = &[
        "package-lock.json",
        "pnpm-lock.yaml",
        "go.sum",
        "npm-shrinkwrap.json",
        "package.json",
        "cargo.toml",
        "go.mod",
        "pyproject.toml",
        "setup.py",
        "requirements.txt",
        "gemfile",
        "composer.json",
        "pom.xml",
        "build.gradle",
        "build.bazel",
        "build",
    ];
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let is_log = ["changelog", "changes", "history", "news", "release"].iter().any(|start| name.starts_with(start));
    let is_other = is_log || OTHERS.contains(&name.as_str()) || name.ends_with(".lock");
    let is_told = |class: FileClass| matches!(class, FileClass::Source | FileClass::Doc | FileClass::Config);
    !is_other && context.tree.file(path).is_some_and(|f| is_told(f.class))
}

fn is_code(context: &Context, path: &str) -> bool {
    context.tree.file(path).is_some_and(|f| f.class == FileClass::Source)
}

/// The paths of a step's files.
fn paths(step: &Step) -> impl Iterator<Item = &str> {
    step.files.iter().map(|f| f.file.path.as_str())
}

/// Is the step work on a file that is there?
fn is_work(step: &Step) -> bool {
    step.files.first().is_some_and(|f| matches!(f.action, Action::Modify | Action::Read))
}

/// Does the past change say much of what the title says?
fn says_title(title: &str, past: &PastChange) -> bool {
    let (title, subject) = (terms(unscoped(title)), terms(unscoped(&past.subject)));
    let shared = title.intersection(&subject).count();
    past.similarity >= LIKE / 2.0 && shared >= 2 && 2 * shared >= subject.len()
}

/// The first line of a file that holds what a past change brought.
fn brought_in(survey: &Survey<'_, '_>, context: &Context, past: &PastChange, path: &str) -> Option<u32> {
    let (_, places) = example::brought(context, &survey.reading.title, past)?;
    places.into_iter().find(|(known, _)| known == path).map(|(_, line)| line)
}

/// What a document gets, as past changes gave it.
fn told(path: &str, line: Option<u32>, commits: &[&PastChange]) -> Statement {
    let file = line.map_or(FileRef::new(path), |line| FileRef::new(path).lines(line, line));
    let named: Vec<String> = commits.iter().take(2).map(|c| format!("`{}`", c.commit.short())).collect();
    let text = format!("Bring {} in line, as {} did", code_span(&file.label()), named.join(" and "));
    let cited = commits.iter().take(2).map(|c| Citation::Commit(commit_ref(&None, c)));
    cited.fold(Statement::new(Basis::History, text).at(file), Statement::citing)
}

/// What to look at, with the changes that show it.
fn instruction(path: &str, commits: &[&PastChange]) -> Statement {
    let named: Vec<String> = commits
        .iter()
        .take(2)
        .map(|c| format!("`{}` “{}”", c.commit.short(), shorten(&clean(&c.subject), 80)))
        .collect();
    let text = format!("Check whether {} must follow: {} changed it", code_span(path), named.join(" and "));
    let cited = commits.iter().take(2).map(|c| Citation::Commit(commit_ref(&None, c)));
    cited.fold(Statement::new(Basis::History, text).at(FileRef::new(path)), Statement::citing)
}
