//! How large the change is, by what can be counted: the files of the finished steps, their layers, who else uses them.
//!
//! In: the [`Survey`] and the [`Listed`] files. Out: a level with what was counted to say so.

use std::collections::BTreeSet;

use super::{
    super::{
        Survey,
        code::{layer::Layer, path::ending},
    },
    group::Group,
    listed::{self, Listed},
    steps::counted,
};
use crate::model::plan::{Basis, Complexity, FileRef, Size, Statement};

/// The size.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Complexity {
    let is_test = |file: &&FileRef| listed::layer(survey, file) == Layer::Test;
    let (tests, files): (Vec<&FileRef>, Vec<&FileRef>) = listed.changed().partition(is_test);
    let read = listed.read().filter(|file| !is_test(file)).count();
    if survey.contexts.is_empty() || files.len() + read == 0 {
        let level = if survey.contexts.is_empty() { Size::Medium } else { Size::Trivial };
        return Complexity { level, counted: Vec::new() };
    }
    let code: Vec<&FileRef> = files.iter().copied().filter(|file| listed::is_code(survey, file)).collect();
    let layers: BTreeSet<Layer> = code.iter().map(|file| listed::layer(survey, file)).collect();
    let mut phases: Vec<String> = layers.iter().map(|l| l.phase().to_lowercase()).collect();
    phases.dedup();
    let users = users(survey, listed);
    let asks = survey.reading.criteria.len().max(survey.reading.requirements.len());
    let stored = layers.contains(&Layer::Migration);
    let raises = survey.groups.iter().any(Group::is_raise);
    let looks = if code.is_empty() { read } else { 0 };
    let level = match (code.len() + looks, files.len() + looks, asks) {
        (0, _, 0..=1) if !raises => Size::Trivial,
        (0..=1, 0..=2, 0..=1) if !survey.reading.swaps.is_empty() => Size::Trivial,
        _ if survey.ticket.type_name.as_deref() == Some("Epic") => Size::Complex,
        (code, _, _) if code > 8 || phases.len() > 3 || asks > 10 => Size::Complex,
        (code, _, _) if stored || code > 3 || phases.len() > 1 || asks > 4 || users > 10 => Size::Medium,
        _ => Size::Simple,
    };
    let mut parts = vec![changes(files.len(), tests.len(), read)];
    if files.is_empty() && tests.is_empty() && read > 0 {
        parts.push("what has to change is not known yet".to_owned());
    }
    if phases.len() > 1 {
        parts.push(format!("on {} layers ({})", phases.len(), phases.join(", ")));
    }
    if users > 0 {
        let is_package = code.first().is_some_and(|file| ending(&file.path) == "go");
        let import = match (is_package, users) {
            (true, 1) => "uses",
            (true, _) => "use",
            (false, 1) => "imports",
            (false, _) => "import",
        };
        let them = if code.len() == 1 { "it" } else { "them" };
        parts.push(format!("{} that {import} {them}", counted(users, "other file")));
    }
    parts.extend(asked(survey, asks));
    if stored {
        parts.push("a schema change".to_owned());
    }
    Complexity { level, counted: vec![Statement::new(Basis::Repository, parts.join(", "))] }
}

/// `2 files and 1 test file to change`; what is only read is no change.
fn changes(files: usize, tests: usize, read: usize) -> String {
    let looked = || format!("{} to look at", counted(read, "file"));
    match (files, tests) {
        (0, 0) => looked(),
        (0, _) => format!("{} to change, {}", counted(tests, "test file"), looked()),
        (_, 0) => format!("{} to change", counted(files, "file")),
        (_, _) => format!("{} and {} to change", counted(files, "file"), counted(tests, "test file")),
    }
}

/// Files that use code which changes and are on no step.
fn users(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> usize {
    let changed = survey.code().filter(|site| listed.changes(&site.file()));
    let used = changed.flat_map(|site| site.dependents.iter().map(|path| site.sibling(path)));
    let others = used.filter(|file| !listed.holds(file));
    others.map(|file| (file.repository.map(|name| name.to_string()), file.path)).collect::<BTreeSet<_>>().len()
}

/// How much is asked for.
fn asked(survey: &Survey<'_, '_>, asks: usize) -> Option<String> {
    let what = if survey.reading.criteria.is_empty() { "requirement" } else { "acceptance criterion" };
    let many = match asks {
        0 => return None,
        1 => what.to_owned(),
        _ => what.replace("criterion", "criteria").replace("requirement", "requirements"),
    };
    Some(format!("{asks} {many}"))
}
