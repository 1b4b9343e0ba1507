//! Which text a mount means.
//!
//! Exact by path: a module that two files could be is none.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    Routing, Target,
    target::{SOMEWHERE, is_web},
};

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
    /// Of Go, functions and methods that have routes or mounts, by their name without the type.
    functions: HashMap<&'a str, Vec<(usize, &'a str)>>,
    /// By a text that passes all names on: the texts that it has them from.
    all: HashMap<usize, Vec<usize>>,
    /// The names in each of those.
    declared: HashMap<usize, HashSet<&'a str>>,
}

/// How many modules may pass a name on to each other.
const MAX_PASSED: usize = 8;
/// How many modules a module may pass all names on from.
const MAX_ALL: usize = 16;
/// Endings of JavaScript and TypeScript, in the order in which they are looked for.
const WEB_ENDINGS: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
/// The most files that the last part of a Python module's name, or the name of a function of Go, is compared with.
const MAX_NAMED: usize = 200;

impl<'a> Modules<'a> {
    pub fn of(sites: &'a [Site<'a>]) -> Self {
        let by_path = sites.iter().enumerate().map(|(number, site)| (site.path, number)).collect();
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, site) in sites.iter().enumerate().filter(|(_, site)| site.language == "python") {
            let module = module_path(site.path);
            by_name.entry(module.rsplit('/').next().unwrap_or(module)).or_default().push(number);
        }
        let functions = functions(sites);
        let mut found = Self { sites, by_path, by_name, functions, all: HashMap::new(), declared: HashMap::new() };
        for (number, site) in sites.iter().enumerate() {
            let all = site.routing.passes.iter().filter(|pass| pass.name == "*").take(MAX_ALL);
            let all = all.filter_map(|pass| found.web(site.path, pass.target.module.as_deref()?));
            let all: Vec<usize> = all.collect();
            for file in &all {
                found.declared.entry(*file).or_insert_with(|| declared(sites[*file].routing));
            }
            if !all.is_empty() {
                found.all.insert(number, all);
            }
        }
        found
    }

    /// The text, and the name in it; without a name, the whole module is meant.
    pub fn find(&self, from: usize, target: &'a Target) -> Option<(usize, Option<&'a str>)> {
        let Site { path, language, .. } = self.sites[from];
        let names: Vec<&str> = target.names.iter().map(String::as_str).collect();
        match (language, &target.module) {
            ("rust", module) => self.rust(from, module.as_deref(), &target.names),
            ("go", module) => self.go(from, module.as_deref(), &target.names),
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
            (language, Some(module)) if is_web(language) => self.passed(self.web(path, module)?, names.into_iter()),
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

    /// Where the first of some names comes from, that modules may only pass on; the next is a name of it.
    fn passed(&self, mut file: usize, mut names: impl Iterator<Item = &'a str>) -> Option<(usize, Option<&'a str>)> {
        let mut name = names.next();
        for _ in 0..MAX_PASSED {
            let Site { path, routing, .. } = self.sites[file];
            let wanted = name.unwrap_or("default");
            if let Some(pass) = routing.passes.iter().find(|pass| pass.name == wanted) {
                file = self.web(path, pass.target.module.as_deref()?)?;
                name = pass.target.names.first().map(String::as_str).or_else(|| names.next());
                continue;
            }
            let all = self.all.get(&file).map_or(&[][..], Vec::as_slice);
            let mut from = all.iter().filter(|from| self.declared[*from].contains(wanted));
            match (from.next(), from.next()) {
                (None, _) => return Some((file, name)),
                (Some(only), None) => file = *only,
                _ => return None,
            }
        }
        None
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

    /// A function or method in the folder that an import means, in the same one, or anywhere; a variable of the text.
    fn go(&self, from: usize, module: Option<&str>, names: &'a [String]) -> Option<(usize, Option<&'a str>)> {
        let (name, kind) = names.split_last()?;
        let own = folder(self.sites[from].path);
        let is_there = |site: usize| {
            let folder = folder(self.sites[site].path);
            match module {
                None => folder == own,
                Some(SOMEWHERE) => true,
                Some(module) => {
                    module.strip_suffix(folder).is_some_and(|rest| !folder.is_empty() && rest.ends_with('/'))
                }
            }
        };
        let is_it = |holder: &str| match (holder.split_once('.'), kind.first()) {
            (Some((of, _)), Some(kind)) => kind.is_empty() || of == kind,
            (of, kind) => of.is_none() && kind.is_none(),
        };
        let known = self.functions.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        if known.len() > MAX_NAMED {
            return None;
        }
        let mut found = known.iter().filter(|(site, holder)| is_it(holder) && is_there(*site));
        match (found.next(), found.next()) {
            (Some((site, holder)), None) => Some((*site, Some(*holder))),
            (None, _) if module.is_none() && kind.is_empty() => Some((from, Some(name))),
            _ => None,
        }
    }

    /// `users::router`, after the import of `users` or beside a module of that name.
    fn rust(&self, from: usize, module: Option<&str>, names: &'a [String]) -> Option<(usize, Option<&'a str>)> {
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

/// What routes or mounts of a text hang on, and what it passes on.
fn declared(routing: &Routing) -> HashSet<&str> {
    let routes = routing.routes.iter().filter_map(|route| route.place.as_ref());
    let places = routes.chain(routing.mounts.iter().map(|mount| &mount.place));
    let names = places.flat_map(|place| [place.on.as_str(), place.within.as_str()]);
    names.chain(routing.passes.iter().map(|pass| pass.name.as_str())).collect()
}

/// Functions and methods of Go that have routes or mounts, each with its text.
fn functions<'a>(sites: &'a [Site<'a>]) -> HashMap<&'a str, Vec<(usize, &'a str)>> {
    let mut found: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    for (number, site) in sites.iter().enumerate().filter(|(_, site)| site.language == "go") {
        let routes = site.routing.routes.iter().filter_map(|route| route.place.as_ref());
        let places = routes.chain(site.routing.mounts.iter().map(|mount| &mount.place));
        let holders: BTreeSet<&str> = places.map(|place| place.within.as_str()).collect();
        for holder in holders.into_iter().filter(|holder| !holder.is_empty()) {
            found.entry(holder.rsplit('.').next().unwrap_or(holder)).or_default().push((number, holder));
        }
    }
    found
}

/// A Python file's path as that of its module.
fn module_path(path: &str) -> &str {
    let path = path.trim_end_matches(".py");
    path.strip_suffix("/__init__").unwrap_or(path)
}

pub fn folder(path: &str) -> &str {
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
