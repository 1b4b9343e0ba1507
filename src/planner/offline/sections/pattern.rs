//! The architectural pattern that a change follows, as the imports around the files of the steps show it.
//!
//! In: a [`Survey`]. Out: one statement that names the pattern and the lines or imports that show it, or nothing. Reads no
//! pattern off names alone.

use std::cmp::Reverse;

use super::super::{
    Survey,
    code::{
        layer::Layer,
        path::{folder, stem},
    },
    places::{site::Site, todo::Act},
};
use crate::model::{
    context::{Context, FileClass},
    plan::{Basis, FileRef, Statement},
};
use crate::richtext::markdown::code_span;

/// Source files whose users are looked at.
const SEARCHED: usize = 600;
/// Lines of a file in which its imports stand.
const HEAD: usize = 60;
/// Users of one file that are looked at.
const MOST_USERS: usize = 40;

/// The pattern.
pub fn of(survey: &Survey<'_, '_>) -> Option<Statement> {
    registry(survey).or_else(|| layers(survey))
}

/// Something new that joins its siblings where they are registered.
fn registry(survey: &Survey<'_, '_>) -> Option<Statement> {
    let registers = |site: &&Site<'_>| site.todo.iter().any(|t| matches!(t.act, Act::Register(_)));
    let (home, new, like) = survey.code().filter(registers).find_map(|home| {
        let text = home.text.as_deref()?;
        // What is registered is the file whose sibling is named there.
        survey.code().find_map(|new| {
            let like = new.convention.as_ref()?.1.as_ref()?;
            let is_kind = !new.is_kin && !matches!(new.layer, Layer::Migration | Layer::Interface);
            let is_registered = is_kind && home.repository == new.repository && is_named(text, like);
            is_registered.then_some((home, new, like))
        })
    })?;
    let text = format!(
        "Implementations behind a registry: {} becomes one more beside {}, and {} is where they are registered; who asks for one asks there",
        code_span(&new.path),
        code_span(like),
        code_span(&home.path)
    );
    Some(Statement::new(Basis::Repository, text).at(new.sibling(like)).at(home.file()))
}

/// Does the registry name the file?
fn is_named(text: &str, path: &str) -> bool {
    let stem = stem(path);
    stem.len() >= 3 && text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| is_called(word, stem))
}

/// Is the word the name of the file, however its parts are joined: `CsvEncoder`, `csvEncoder`, `csv_encoder`?
fn is_called(word: &str, stem: &str) -> bool {
    let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
    plain(word) == plain(stem)
}

/// Folders on layers, of which one imports the other.
fn layers(survey: &Survey<'_, '_>) -> Option<Statement> {
    let context = survey.contexts.first()?;
    let changed: Vec<&str> = survey.code().filter(|s| s.repository.is_none()).flat_map(standing_for).collect();
    let is_home = |path: &str| changed.iter().any(|c| folder(c) == folder(path));
    // Those in which something changes come first.
    let mut pairs: Vec<Pair> = imports(context, &changed)
        .into_iter()
        .filter(|(user, used)| layer(user) != layer(used) && folder(user) != folder(used))
        .filter(|(user, used)| context.tree.text(user).is_some_and(|text| names(&text, used)))
        .map(|(user, used)| {
            let is_changed = changed.contains(&user.as_str()) && changed.contains(&used.as_str());
            let far = if is_changed { 0 } else { 1 + u8::from(!(is_home(&user) && is_home(&used))) };
            (far, layer(&user), layer(&used), user, used)
        })
        .collect();
    pairs.sort();
    let told = chain(&pairs);
    let first = told.first()?;
    let mut names: Vec<&str> = vec![first.1.phase()];
    names.extend(told.iter().map(|pair| pair.2.phase()));
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let shown: Vec<String> =
        told.iter().map(|(.., user, used)| format!("{} imports {}", code_span(user), code_span(used))).collect();
    let back = pairs
        .iter()
        .find(|(_, above, below, ..)| above < below)
        .map(|(.., user, used)| format!("; the other way {} imports {}", code_span(user), code_span(used)));
    let text = format!("Layers, {}: {}{}", names.join(" over "), shown.join(", "), back.unwrap_or_default());
    let mut files: Vec<&String> = told.iter().flat_map(|(.., user, used)| [user, used]).collect();
    files.dedup();
    Some(files.into_iter().fold(Statement::new(Basis::Repository, text), |said, path| said.at(FileRef::new(path))))
}

/// An import across layers: how far it lies from what changes, the two layers, who imports and what.
type Pair = (u8, Layer, Layer, String, String);

/// The longest way down the layers in which each import begins at the file where the one before ends; of equal ones that
/// which begins highest.
fn chain(pairs: &[Pair]) -> Vec<&Pair> {
    let down: Vec<&Pair> = pairs.iter().filter(|(_, above, below, ..)| above > below).collect();
    // Where a layer lies between, the way past it tells less.
    let is_between = |a: &Layer, b: &Layer| down.iter().any(|(_, x, y, ..)| x == a && y > b);
    let is_told = |pair: &&&Pair| !is_between(&pair.1, &pair.2) && pair.1.phase() != pair.2.phase();
    let told: Vec<&Pair> = down.iter().filter(is_told).copied().collect();
    let mut best: Vec<&Pair> = Vec::new();
    let mut starts = told.clone();
    starts.sort_by_key(|(_, above, below, ..)| (Reverse(*above), Reverse(*below)));
    for start in starts {
        let mut way = vec![start];
        while let Some(next) = way.last().and_then(|last| told.iter().find(|pair| pair.3 == last.4)) {
            way.push(next);
        }
        if way.len() > best.len() {
            best = way;
        }
    }
    best
}

/// The file, or for a new one the file that it is made like.
fn standing_for<'s>(site: &'s Site<'_>) -> Option<&'s str> {
    match &site.convention {
        Some((_, like)) => like.as_deref(),
        None => Some(&site.path),
    }
}

/// Source files of which one imports the other and one is among `changed`, in the order of paths.
fn imports(context: &Context, changed: &[&str]) -> Vec<(String, String)> {
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let mut out = Vec::new();
    for used in context.tree.paths().filter(|p| is_source(p)).take(SEARCHED) {
        let users = context.tree.dependents(used, MOST_USERS).into_iter().filter(|user| is_source(user));
        let near = users.filter(|user| changed.contains(&used) || changed.contains(&user.as_str()));
        out.extend(near.map(|user| (user, used.to_owned())));
    }
    out
}

/// Do the first lines of a file name the folder of the one that it imports; the file itself where it lies at the top?
/// Imports that are resolved by a last word alone say too little for a pattern.
fn names(text: &str, used: &str) -> bool {
    let home = folder(used);
    let stem = used.rsplit('/').next().unwrap_or(used).split('.').next().unwrap_or_default();
    let wanted = home.rsplit_once('/').map_or(stem, |(_, last)| last);
    let mut words = text.lines().take(HEAD).flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    words.any(|word| word == wanted)
}

/// The layer of a source file.
fn layer(path: &str) -> Layer {
    Layer::of(path, FileClass::Source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_names_the_folder_of_what_it_imports() {
        let check = |text: &str, used: &str, expected: bool| assert_eq!(names(text, used), expected, "{text} {used}");
        check("import { cart } from \"../services/cart\";", "src/services/cart.ts", true);
        check("import \"acme/internal/parcel\"", "internal/parcel/service.go", true);
        check("use crate::{cart::Cart, orders::Order};", "src/routes/cart.rs", false);
        check("use crate::auth::Staff;", "src/auth.rs", true);
        check("use crate::author::Name;", "src/auth.rs", false);
    }
}
