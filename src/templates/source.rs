//! Reads packs: those inside the binary, then those of folders.
//!
//! In: folders. Out: texts with their names and origins, or every problem at once. The only file of this room that
//! touches a disk, and only when packs are loaded or checked.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;

use super::{
    engine,
    pack::{Manifest, Pack},
};

/// The longest template, in bytes.
const LONGEST: u64 = 256 * 1024;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Builtin;

/// A mistake in a pack. `Display` is one line: `file:line:column: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct PackProblem {
    /// As it was found: a path, or a path inside the binary.
    pub file: String,
    /// From 1; 1 where the whole file is meant.
    pub line: usize,
    /// From 1.
    pub column: usize,
    pub message: String,
}

impl PackProblem {
    /// A problem of a whole file.
    pub(super) fn whole(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, column: 1, message: message.into() }
    }
}

/// A partial.
#[derive(Clone)]
pub(super) struct Partial {
    pub text: String,
    pub origin: String,
}

/// Everything that was read.
#[derive(Clone, Default)]
pub(super) struct Sources {
    pub packs: Vec<Pack>,
    pub partials: BTreeMap<String, Partial>,
}

/// Finds every mistake in a folder of packs, as `templates check` prints them.
pub fn check(dir: &Path) -> Vec<PackProblem> {
    match read(&[dir.to_owned()]).and_then(|sources| engine::Engine::build(&sources)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

/// Reads the built-in packs, then the folders in their order.
pub(super) fn read(dirs: &[PathBuf]) -> Result<Sources, Vec<PackProblem>> {
    let mut problems = Vec::new();
    let mut sources = Sources::default();
    add(&mut sources, &builtin(), &mut problems);
    for dir in dirs {
        let files = folder(dir, &mut problems);
        if !files.keys().any(|path| path.ends_with("/pack.toml")) {
            problems.push(PackProblem::whole(&dir.display().to_string(), "holds no folder with a pack.toml"));
        }
        add(&mut sources, &files, &mut problems);
    }
    problems.sort();
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}

/// Text files by their path inside the folder, with their origin.
pub(super) type Files = BTreeMap<String, (String, String)>;

/// The files inside the binary.
fn builtin() -> Files {
    Builtin::iter()
        .filter_map(|path| {
            let text = String::from_utf8(Builtin::get(&path)?.data.into_owned()).ok()?;
            Some((path.to_string(), (text, format!("templates/{path}"))))
        })
        .collect()
}

/// The files of a folder of packs: two levels, regular files only, links not followed.
fn folder(dir: &Path, problems: &mut Vec<PackProblem>) -> Files {
    let mut files = Files::new();
    for pack in entries(dir, problems) {
        if !pack.is_dir() || pack.is_symlink() {
            continue;
        }
        for file in entries(&pack, problems) {
            let origin = file.display().to_string();
            let (Some(pack), Some(name)) = (name_of(&pack), name_of(&file)) else { continue };
            if !(name.ends_with(".hbs") || name == "pack.toml") || file.is_symlink() {
                continue;
            }
            match fs::metadata(&file).map(|m| m.len()) {
                Ok(size) if size > LONGEST => problems.push(PackProblem::whole(&origin, "is larger than 256 KiB")),
                _ => match fs::read_to_string(&file) {
                    Ok(text) => drop(files.insert(format!("{pack}/{name}"), (text, origin))),
                    Err(error) => problems.push(PackProblem::whole(&origin, error.to_string())),
                },
            }
        }
    }
    files
}

/// The entries of a folder, in order of their names.
fn entries(dir: &Path, problems: &mut Vec<PackProblem>) -> Vec<PathBuf> {
    match fs::read_dir(dir) {
        Ok(entries) => {
            let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
            paths.sort();
            paths
        }
        Err(error) => {
            problems.push(PackProblem::whole(&dir.display().to_string(), error.to_string()));
            Vec::new()
        }
    }
}

/// The last part of a path, when it is text.
fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// Adds files to what was read before.
pub(super) fn add(sources: &mut Sources, files: &Files, problems: &mut Vec<PackProblem>) {
    for (path, (text, origin)) in files {
        if let Some(name) = path.strip_prefix("partials/").and_then(|p| p.strip_suffix(".md.hbs")) {
            sources.partials.insert(name.to_owned(), Partial { text: text.clone(), origin: origin.clone() });
        }
        if let Some(name) = path.strip_suffix("/pack.toml") {
            match pack(name, text, origin, files) {
                Ok(pack) => {
                    sources.packs.retain(|known| known.name != pack.name);
                    sources.packs.push(pack);
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
}

/// One pack from its files.
fn pack(name: &str, toml: &str, origin: &str, files: &Files) -> Result<Pack, PackProblem> {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_word) {
        return Err(PackProblem::whole(origin, "a pack's name is made of a-z, 0-9, - and _, at most 40"));
    }
    let manifest: Manifest = toml::from_str(toml).map_err(|error| {
        let (line, column) = error.span().map_or((1, 1), |span| position(toml, span.start));
        PackProblem { file: origin.to_owned(), line, column, message: error.message().to_owned() }
    })?;
    let (plan, plan_origin) = files
        .get(&format!("{name}/plan.md.hbs"))
        .ok_or_else(|| PackProblem::whole(origin, "the pack has no plan.md.hbs beside it"))?;
    let prompt = files.get(&format!("{name}/prompt.md.hbs")).map(|(text, _)| text.clone()).unwrap_or_default();
    Ok(Pack {
        name: name.to_owned(),
        title: manifest.title,
        description: manifest.description,
        matches: manifest.matches,
        publish: manifest.publish,
        sections: manifest.sections,
        plan: plan.clone(),
        prompt,
        origin: plan_origin.clone(),
        is_own: false,
    })
}

/// Line and column of a byte, from 1.
pub(super) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
