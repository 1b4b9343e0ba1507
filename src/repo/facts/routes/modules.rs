//! Which text a mount means.
//!
//! Exact by path: a module that two files could be is none.

use std::collections::HashMap;

use super::{Routing, Target, target::is_web};

/// A text that says something about routes.
pub struct Site<'a> {
    pub path: &'a str,
    pub language: &'a str,
    pub routing: &'a Routing,
}

/// Texts by path.
pub struct Modules<'a> {
    sites: &'a [Site<'a>],
    by_path: HashMap<&'a str, usize>,
    /// Of Python, by the last part of the module's name.
    by_name: HashMap<&'a str, Vec<usize>>,
}

/// Endings of JavaScript and TypeScript, in the order in which they are looked for.
const WEB_ENDINGS: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
/// The most files that the last part of a Python module's name is compared with.
const MAX_NAMED: usize = 200;

impl<'a> Modules<'a> {
    pub fn of(sites: &'a [Site<'a>]) -> Self {
        let by_path = sites.iter().enumerate().map(|(number, site)| (site.path, number)).collect();
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, site) in sites.iter().enumerate().filter(|(_, site)| site.language == "python") {
            let module = module_path(site.path);
            by_name.entry(module.rsplit('/').next().unwrap_or(module)).or_default().push(number);
        }
        Self { sites, by_path, by_name }
    }

    /// The text, and the name in it; without a name, the whole module is meant.
    pub fn find<'t>(&self, from: usize, target: &'t Target) -> Option<(usize, Option<&'t str>)> {
        let Site { path, language, .. } = self.sites[from];
        let names: Vec<&str> = target.names.iter().map(String::as_str).collect();
        match (language, &target.module) {
            ("rust", module) => self.rust(from, module.as_deref(), &target.names),
            (_, None) => (names.len() == 1).then(|| (from, names.first().copied())),
            ("python", Some(module)) => {
                let inner = names
                    .first()
                    .and_then(|name| self.python(path, &format!("{}.{name}", module.trim_end_matches('.'))));
                match inner {
                    Some(file) => Some((file, names.get(1).copied())),
                    None => Some((self.python(path, module)?, names.first().copied())),
                }
            }
            (language, Some(module)) if is_web(language) => Some((self.web(path, module)?, names.first().copied())),
            _ => None,
        }
    }

    /// `./users`, `../routes/users.js`.
    fn web(&self, from: &str, module: &str) -> Option<usize> {
        let base = below(folder(from), module.split('/'))?;
        let stem = base.rsplit_once('.').filter(|(_, end)| WEB_ENDINGS.contains(end)).map(|(stem, _)| stem);
        let endings = WEB_ENDINGS.iter();
        let paths = endings.flat_map(|end| {
            let stem = stem.map(|stem| format!("{stem}.{end}"));
            [Some(format!("{base}.{end}")), stem, Some(within(&base, &format!("index.{end}")))]
        });
        std::iter::once(base.clone()).chain(paths.flatten()).find_map(|path| self.by_path.get(path.as_str()).copied())
    }

    /// `shop.urls`, `.users`.
    fn python(&self, from: &str, module: &str) -> Option<usize> {
        let name = module.trim_start_matches('.');
        let is_relative = name.len() < module.len();
        let wanted = name.replace('.', "/");
        let wanted = match module.len() - name.len() {
            0 => wanted,
            dots => within((1..dots).fold(folder(from), |at, _| folder(at)), &wanted),
        };
        let named = self.by_name.get(wanted.rsplit('/').next()?)?.iter().take(MAX_NAMED);
        let mut found = named.filter(|number| {
            let path = module_path(self.sites[**number].path);
            path == wanted || !is_relative && path.strip_suffix(wanted.as_str()).is_some_and(|rest| rest.ends_with('/'))
        });
        let only = found.next()?;
        found.next().is_none().then_some(*only)
    }

    /// `users::router`, after the import of `users` or beside a module of that name.
    fn rust<'t>(&self, from: usize, module: Option<&str>, names: &'t [String]) -> Option<(usize, Option<&'t str>)> {
        let (name, modules) = names.split_last()?;
        let imported = module.map(|module| module.split("::").collect::<Vec<_>>()).unwrap_or_default();
        let parts: Vec<&str> = imported.into_iter().chain(modules.iter().map(String::as_str)).collect();
        if parts.is_empty() {
            return Some((from, Some(name)));
        }
        let path = self.sites[from].path;
        // A module's children lie beside `mod.rs`, `lib.rs` and `main.rs`, and in a folder of its name otherwise.
        let own = path.rsplit_once('/').map_or(path, |(_, name)| name).trim_end_matches(".rs");
        let children =
            if ["mod", "lib", "main"].contains(&own) { folder(path).to_owned() } else { within(folder(path), own) };
        let (base, parts) = match parts.split_first()? {
            (&"crate", rest) => (path.rfind("src/").map(|at| &path[..at + 3])?.to_owned(), rest),
            (&"super", rest) => (folder(&children).to_owned(), rest),
            (&"self", rest) => (children, rest),
            _ => (children, parts.as_slice()),
        };
        let base = below(&base, parts.iter().copied())?;
        let paths = [format!("{base}.rs"), format!("{base}/mod.rs")];
        paths.iter().find_map(|path| self.by_path.get(path.as_str())).map(|file| (*file, Some(name.as_str())))
    }
}

/// A Python file's path as that of its module.
fn module_path(path: &str) -> &str {
    let path = path.trim_end_matches(".py");
    path.strip_suffix("/__init__").unwrap_or(path)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A name in a folder; the root's is empty.
fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A path relative to a folder; nothing where it leaves the repository.
fn below<'p>(folder: &str, parts: impl Iterator<Item = &'p str>) -> Option<String> {
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in parts {
        match part {
            "." | "" => {}
            ".." | "super" => drop(path.pop()?),
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}
