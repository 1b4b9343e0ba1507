//! Import statements resolved to files.
//!
//! In: files with the modules they name. Out: which file imports which. Resolution is by path components, the same
//! for all languages: the best match of the module's last components, nearest to the importing file on a tie.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use rayon::prelude::*;

use super::{index::IndexedFile, renumber::Renumbering};
use crate::model::context::FileClass;

/// The import graph, by file number.
#[derive(Clone, Debug, Default)]
pub struct Links {
    imports: Vec<Vec<u32>>,
    importers: Vec<Vec<u32>>,
}

/// The most files that one import may mean (a Go package, a header of a common name).
const MAX_MEANT: usize = 12;

impl Links {
    /// Resolves all imports.
    pub fn resolve(files: &[Arc<IndexedFile>]) -> Self {
        let modules = Modules::of(files);
        Self::of((0..files.len()).into_par_iter().map(|number| modules.imported(number)).collect())
    }

    /// The links of the files after `earlier`: a file is resolved anew when its text is new, or when a module that it may
    /// mean came, went or changed its class.
    pub fn after(&self, earlier: &[Arc<IndexedFile>], files: &[Arc<IndexedFile>], moved: &Renumbering) -> Self {
        let modules = Modules::of(files);
        let touched = touched(earlier, files, moved);
        let mut was: Vec<Option<u32>> = vec![None; files.len()];
        moved.kept().for_each(|(old, new)| was[new as usize] = Some(old));
        let imported = |(number, was): (usize, &Option<u32>)| match was {
            Some(old) if !moved.is_fresh(number as u32) && !modules.may_mean(number, &touched) => {
                self.imports(*old as usize).iter().filter_map(|target| moved.to(*target)).collect()
            }
            _ => modules.imported(number),
        };
        Self::of((0..files.len()).into_par_iter().zip(&was).map(imported).collect())
    }

    fn of(imports: Vec<Vec<u32>>) -> Self {
        let mut importers = vec![Vec::new(); imports.len()];
        for (from, targets) in (0_u32..).zip(&imports) {
            targets.iter().for_each(|to| importers[*to as usize].push(from));
        }
        Self { imports, importers }
    }

    /// The files that a file imports.
    pub fn imports(&self, file: usize) -> &[u32] {
        self.imports.get(file).map_or(&[], Vec::as_slice)
    }

    /// The files that import a file.
    pub fn importers(&self, file: usize) -> &[u32] {
        self.importers.get(file).map_or(&[], Vec::as_slice)
    }
}

/// The last names of the modules that came, went or changed their class, and those of their folders.
fn touched<'a>(
    earlier: &'a [Arc<IndexedFile>],
    files: &'a [Arc<IndexedFile>],
    moved: &Renumbering,
) -> HashSet<&'a str> {
    let is_other = |(old, new): &(u32, u32)| earlier[*old as usize].class != files[*new as usize].class;
    let stayed: HashSet<u32> = moved.kept().filter(|pair| !is_other(pair)).map(|(_, new)| new).collect();
    let came = moved.fresh().iter().filter(|new| !stayed.contains(new));
    let gone = moved.gone().map(|old| earlier[old as usize].path.as_str());
    let came = came.map(|new| files[*new as usize].path.as_str());
    gone.chain(came).flat_map(|path| [module_parts(path).pop(), last_folder(path)]).flatten().collect()
}

/// Files by the last component of their module name.
struct Modules<'a> {
    files: &'a [Arc<IndexedFile>],
    /// Components of each file's module path, without extension; an index file stands for its folder.
    parts: Vec<Vec<&'a str>>,
    by_tail: HashMap<&'a str, Vec<u32>>,
    by_folder: HashMap<&'a str, Vec<u32>>,
}

/// The last component of a module's name may be a symbol inside the module, and so may the one before it.
const CUTS: usize = 3;
/// Files that stand for their folder.
const INDEX_NAMES: &[&str] = &["mod", "lib", "index", "__init__"];

impl<'a> Modules<'a> {
    fn of(files: &'a [Arc<IndexedFile>]) -> Self {
        let parts: Vec<Vec<&str>> = files.iter().map(|file| module_parts(&file.path)).collect();
        let mut by_tail: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut by_folder: HashMap<&str, Vec<u32>> = HashMap::new();
        for (number, file) in (0_u32..).zip(files) {
            let is_code = matches!(file.class, FileClass::Source | FileClass::Test | FileClass::Generated);
            if !is_code || file.language.is_none() {
                continue;
            }
            if let Some(tail) = parts[number as usize].last() {
                by_tail.entry(tail).or_default().push(number);
            }
            if file.language == Some("go") && file.class == FileClass::Source {
                by_folder.entry(last_folder(&file.path).unwrap_or_default()).or_default().push(number);
            }
        }
        Self { files, parts, by_tail, by_folder }
    }

    /// The files that one file imports, in order, once each.
    fn imported(&self, number: usize) -> Vec<u32> {
        let file = &self.files[number];
        let mut found: Vec<u32> = file
            .blob
            .imports
            .iter()
            .flat_map(|module| self.meant(number, module))
            .filter(|target| *target as usize != number)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// May an import of this file mean a module, or a folder's package, with one of these last names?
    fn may_mean(&self, number: usize, names: &HashSet<&str>) -> bool {
        let file = &self.files[number];
        let language = file.language.unwrap_or_default();
        !names.is_empty()
            && file.blob.imports.iter().any(|module| {
                if language == "go" {
                    return names.contains(last_name(module));
                }
                let (wanted, _) = self.wanted(number, language, module);
                wanted.iter().rev().take(CUTS).any(|part| names.contains(part))
            })
    }

    /// The files that a module name means when this file writes it.
    fn meant(&self, from: usize, module: &str) -> Vec<u32> {
        let language = self.files[from].language.unwrap_or_default();
        if language == "go" {
            return self.package(module);
        }
        let (wanted, exact) = self.wanted(from, language, module);
        for cut in 0..CUTS.min(wanted.len()) {
            let head = &wanted[..wanted.len() - cut];
            let best = self.best(from, head, exact);
            if !best.is_empty() {
                return best;
            }
            if exact && language != "python" {
                break;
            }
        }
        Vec::new()
    }

    /// Path components of a module name; `true` when they are complete from the root.
    fn wanted<'m>(&self, from: usize, language: &str, module: &'m str) -> (Vec<&'m str>, bool)
    where
        'a: 'm,
    {
        let folder: Vec<&'a str> = {
            let path = self.files[from].path.as_str();
            path.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect())
        };
        let relative = |up: usize, rest: Vec<&'m str>| {
            let kept = folder.len().saturating_sub(up);
            (folder[..kept].iter().copied().chain(rest).collect::<Vec<&'m str>>(), true)
        };
        match language {
            "python" if module.starts_with('.') => {
                let rest = module.trim_start_matches('.');
                relative(module.len() - rest.len() - 1, rest.split('.').filter(|part| !part.is_empty()).collect())
            }
            "python" | "java" | "kotlin" | "c#" => (module.trim_end_matches(".*").split('.').collect(), false),
            "php" => (module.split('\\').filter(|part| !part.is_empty()).collect(), false),
            "rust" if module.starts_with("mod ") => {
                let name = self.files[from].path.rsplit('/').next().unwrap_or_default();
                let own = Some(without_extension(name)).filter(|stem| !["mod", "lib", "main"].contains(stem));
                relative(0, own.into_iter().chain([&module[4..]]).collect())
            }
            "rust" => {
                let skip = |part: &&str| !["crate", "self", "super", "", "*"].contains(part);
                (module.split("::").filter(skip).collect(), false)
            }
            _ if module.starts_with('.') => {
                let ups = module.split('/').filter(|part| *part == "..").count();
                let rest = module.split('/').filter(|part| !matches!(*part, "." | "..")).map(without_extension);
                let mut rest: Vec<&str> = rest.collect();
                // An index file stands for its folder, however it is written.
                if rest.last() == Some(&"index") {
                    rest.pop();
                }
                relative(ups, rest)
            }
            _ => (module.split('/').filter(|part| !part.is_empty()).map(without_extension).collect(), false),
        }
    }

    /// The files whose module path ends best like `wanted`.
    fn best(&self, from: usize, wanted: &[&str], exact: bool) -> Vec<u32> {
        let Some(tail) = wanted.last() else { return Vec::new() };
        let same = |number: &&u32| kin(self.files[from].language, self.files[**number as usize].language);
        let mut scored: Vec<(usize, usize, u32)> = self
            .by_tail
            .get(tail)
            .into_iter()
            .flatten()
            .filter(same)
            .take(2_000)
            .map(|number| {
                let parts = &self.parts[*number as usize];
                let fit = parts.iter().rev().zip(wanted.iter().rev()).take_while(|(a, b)| alike(a, b)).count();
                let near = parts.iter().zip(&self.parts[from]).take_while(|(a, b)| a == b).count();
                (fit, near, *number)
            })
            .filter(|(fit, ..)| !exact || *fit == wanted.len())
            .filter(|(fit, near, _)| *fit >= 2 || wanted.len() == 1 || *near > 0)
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
        let Some((fit, near, _)) = scored.first().copied() else { return Vec::new() };
        scored.iter().take_while(|s| s.0 == fit && s.1 == near).take(MAX_MEANT).map(|s| s.2).collect()
    }

    /// The files of a Go package, by its import path.
    fn package(&self, module: &str) -> Vec<u32> {
        let tail = last_name(module);
        let ends_here = |number: &&u32| {
            let path = &self.files[**number as usize].path;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            module.ends_with(folder) && !folder.is_empty()
        };
        self.by_folder.get(tail).into_iter().flatten().filter(ends_here).take(MAX_MEANT).copied().collect()
    }
}

/// What stands after the last slash.
fn last_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The name of the folder that a path lies in.
fn last_folder(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| last_name(folder))
}

/// The components of a path as a module name.
fn module_parts(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.split('/').collect();
    if let Some(name) = parts.pop() {
        let stem = without_extension(name);
        let stands_for_folder = INDEX_NAMES.contains(&stem) && !parts.is_empty();
        if stands_for_folder && parts.last() == Some(&"src") {
            parts.pop();
        }
        if !stands_for_folder {
            parts.push(stem);
        }
    }
    parts
}

/// A file name without its extension.
fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 4 => stem.trim_end_matches(".d"),
        _ => name,
    }
}

/// Equal, or equal but for dashes: crate `nu-protocol` is imported as `nu_protocol`.
fn alike(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(x, y)| x == y || matches!((x, y), (b'-', b'_') | (b'_', b'-')))
}

/// May files of these languages import each other?
fn kin(a: Option<&str>, b: Option<&str>) -> bool {
    let family = |language: Option<&str>| match language {
        Some("javascript" | "typescript" | "tsx" | "vue" | "svelte") => "web",
        Some("c" | "c++" | "objective-c") => "c",
        Some("java" | "kotlin" | "scala" | "groovy") => "jvm",
        Some("rust") => "rust",
        Some("python") => "python",
        Some("ruby") => "ruby",
        Some("php") => "php",
        Some("c#") => "c#",
        _ => "",
    };
    !family(a).is_empty() && family(a) == family(b)
}
