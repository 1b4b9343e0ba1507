//! Checks the files and symbols of the steps.

use std::collections::BTreeSet;

use super::ground::{self, Ground};
use crate::model::{
    context::FileClass,
    plan::{Action, FileChange, FileRef, FindingKind, Remedy, Sections, SymbolRef, TestCase},
};

/// Checks every file change of every step.
pub fn check(ground: &mut Ground<'_>, sections: &mut Sections) {
    let mut made: BTreeSet<String> = BTreeSet::new();
    for step in sections.phases.iter_mut().flat_map(|p| &mut p.steps) {
        for change in &mut step.files {
            match change.action {
                // A step goes on with what one before it makes.
                Action::Modify if ground.tree_file(&change.file).is_none() && made.contains(&change.file.path) => {
                    bare(change);
                }
                Action::Create => created(ground, change),
                Action::Modify | Action::Delete | Action::Rename | Action::Read => existing(ground, change),
            }
            if change.action == Action::Create {
                made.insert(change.file.path.clone());
            }
            renamed(ground, change);
            if let Some(like) = change.like.take() {
                change.like = ground.existing(like);
            }
        }
    }
}

/// A file gets the tests that the testing section puts there, and no others.
pub fn check_tests(sections: &mut Sections) {
    let cases = &sections.testing.cases;
    for change in sections.phases.iter_mut().flat_map(|p| &mut p.steps).flat_map(|step| &mut step.files) {
        let path = change.file.path.as_str();
        let is_own = |case: &&TestCase| case.file.as_ref().is_some_and(|file| file.path == path);
        let own: BTreeSet<&str> = cases.iter().filter(is_own).map(|case| case.id.as_str()).collect();
        change.adds.retain(|id| own.contains(id.as_str()));
    }
}

/// A file to create is not there yet and has a plain path.
fn created(ground: &mut Ground<'_>, change: &mut FileChange) {
    if ground.tree_file(&change.file).is_some() {
        ground.find(FindingKind::AlreadyExists, change.file.path.clone(), None, Remedy::Corrected);
        ground.created.remove(&change.file.path);
        change.action = Action::Modify;
        existing(ground, change);
        return;
    }
    bare(change);
    if !ground::is_plain_path(&change.file.path) {
        ground.find(FindingKind::MissingPath, change.file.path.clone(), None, Remedy::Marked);
        change.doubt = Some("not a path inside the repository".to_owned());
    } else if let Some(file) = file_on_the_way(ground, &change.file) {
        change.doubt = Some(format!("`{file}` is a file, not a folder"));
        ground.find(FindingKind::MissingPath, change.file.path.clone(), Some(file), Remedy::Marked);
    } else if let Some(folder) = new_folder(ground, &change.file) {
        // A folder is made with its first file; a typing error in it would go unseen otherwise.
        let nearest = ground.nearest_path(&change.file.path);
        ground.find(FindingKind::NewFolder, folder, nearest, Remedy::Listed);
    }
}

/// What is not there has neither lines nor symbols.
fn bare(change: &mut FileChange) {
    change.symbols.clear();
    change.beside.clear();
    change.reads.clear();
    (change.file.lines, change.file.url) = (None, None);
}

/// A file where the path wants a folder.
fn file_on_the_way(ground: &Ground<'_>, file: &FileRef) -> Option<String> {
    let ends = file.path.match_indices('/').map(|(at, _)| &file.path[..at]);
    let at = |path: &str| FileRef { path: path.to_owned(), ..file.clone() };
    ends.filter(|path| ground.tree_file(&at(path)).is_some()).map(str::to_owned).next()
}

/// The folder of the file when the repository does not have it.
fn new_folder(ground: &Ground<'_>, file: &FileRef) -> Option<String> {
    let (folder, _) = file.path.rsplit_once('/')?;
    let context = ground.context(file)?;
    // Where each file of the name has a folder of its own, as migrations have in some repositories, so has the next.
    let (home, name) = (folder.rsplit_once('/').map_or("", |(home, _)| home), file.path.rsplit('/').next()?);
    let is_sibling = |path: &&str| {
        let parts = path.strip_prefix(home).and_then(|rest| rest.trim_start_matches('/').split_once('/'));
        parts.is_some_and(|(_, rest)| rest == name)
    };
    let is_usual = !home.is_empty() && context.tree.paths().filter(is_sibling).take(2).count() == 2;
    (!context.tree.has_folder(folder) && !is_usual).then(|| folder.to_owned())
}

/// A rename leads to a plain path where nothing is yet; nothing else has a second path.
fn renamed(ground: &mut Ground<'_>, change: &mut FileChange) {
    let Some(to) = change.to.take().filter(|_| change.action == Action::Rename) else { return };
    let target = FileRef { path: to.clone(), lines: None, symbol: None, url: None, ..change.file.clone() };
    if ground.tree_file(&target).is_some() {
        ground.find(FindingKind::AlreadyExists, to, None, Remedy::Marked);
        change.doubt = Some(format!("`{}` exists already", target.path));
    } else if !ground::is_plain_path(&to) {
        ground.find(FindingKind::MissingPath, to, None, Remedy::Marked);
        change.doubt = Some("its new place is not a path inside the repository".to_owned());
    } else {
        change.to = Some(to);
    }
}

/// A file to change is there; what is not there is marked with what comes nearest.
fn existing(ground: &mut Ground<'_>, change: &mut FileChange) {
    let Some(known) = ground.tree_file(&change.file) else {
        let nearest = ground.nearest_path(&change.file.path);
        change.doubt = Some(match &nearest {
            Some(nearest) => format!("not in the repository; the nearest is `{nearest}`"),
            None => "not in the repository".to_owned(),
        });
        ground.find(FindingKind::MissingPath, change.file.path.clone(), nearest, Remedy::Marked);
        bare(change);
        return;
    };
    if matches!(known.class, FileClass::Generated | FileClass::Vendored) {
        ground.find(FindingKind::GeneratedFile, change.file.path.clone(), None, Remedy::Marked);
        change.doubt = Some("made by a tool: change its source instead".to_owned());
    }
    if let Some(file) = ground.existing(change.file.clone()) {
        change.file = file;
    }
    for list in [&mut change.symbols, &mut change.beside, &mut change.reads] {
        let symbols = std::mem::take(list);
        *list = symbols.into_iter().filter_map(|symbol| check_symbol(ground, symbol)).collect();
    }
}

/// A symbol that is defined in its file, with its real lines; `None` for one that is not.
fn check_symbol(ground: &mut Ground<'_>, mut symbol: SymbolRef) -> Option<SymbolRef> {
    let Some(found) = ground.symbol(&symbol.file, &symbol.name) else {
        let context = ground.context(&symbol.file);
        let nearest = context.and_then(|c| c.tree.nearest_symbol(&symbol.name));
        let nearest = nearest.map(|(path, s)| format!("{} in {path}", s.name));
        ground.find(FindingKind::MissingSymbol, symbol.name, nearest, Remedy::Dropped);
        return None;
    };
    symbol.file = symbol.file.lines(found.line, found.end_line);
    if symbol.signature.is_some() && !found.signature.is_empty() {
        symbol.signature = Some(found.signature);
    }
    symbol.file = ground.existing(symbol.file)?;
    Some(symbol)
}
