//! Checks the files and symbols of the steps.

use super::ground::{self, Ground};
use crate::model::{
    context::FileClass,
    plan::{Action, FileChange, FindingKind, Remedy, Sections, SymbolRef},
};

/// Checks every file change of every step.
pub fn check(ground: &mut Ground<'_>, sections: &mut Sections) {
    for step in sections.phases.iter_mut().flat_map(|p| &mut p.steps) {
        for change in &mut step.files {
            match change.action {
                Action::Create => created(ground, change),
                Action::Modify | Action::Delete | Action::Rename => existing(ground, change),
            }
            if let Some(like) = change.like.take() {
                change.like = ground.existing(like);
            }
        }
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
    change.symbols.clear();
    (change.file.lines, change.file.url) = (None, None);
    if !ground::is_plain_path(&change.file.path) {
        ground.find(FindingKind::MissingPath, change.file.path.clone(), None, Remedy::Marked);
        change.doubt = Some("not a path inside the repository".to_owned());
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
        change.symbols.clear();
        (change.file.lines, change.file.url) = (None, None);
        return;
    };
    if matches!(known.class, FileClass::Generated | FileClass::Vendored) {
        ground.find(FindingKind::GeneratedFile, change.file.path.clone(), None, Remedy::Marked);
        change.doubt = Some("made by a tool: change its source instead".to_owned());
    }
    if let Some(file) = ground.existing(change.file.clone()) {
        change.file = file;
    }
    let symbols = std::mem::take(&mut change.symbols);
    change.symbols = symbols.into_iter().filter_map(|symbol| check_symbol(ground, symbol)).collect();
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
