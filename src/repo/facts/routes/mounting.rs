//! Puts mounted routers below each other.

use std::collections::HashMap;

use super::{
    Mount, Place, Route, Routing, constants, joined,
    modules::{Modules, Site, folder},
    target::is_web,
};
use crate::{
    model::context::{Fact, FactKind},
    repo::facts::fact,
};

/// How many routers may hang below each other.
const MAX_DEPTH: usize = 8;
/// How many folders above a route are looked at.
const MAX_FOLDERS: usize = 64;
/// A text that is mounted more often than this could be anywhere.
const MAX_MOUNTED: usize = 32;

/// The routes of all texts (path, language, what it says), under the prefixes that are certain.
pub fn facts<'a>(texts: impl Iterator<Item = (&'a str, &'a str, &'a Routing)>) -> Vec<Fact> {
    let texts = texts.filter(|(.., routing)| !routing.is_empty());
    let sites: Vec<Site<'a>> = texts.map(|(path, language, routing)| Site { path, language, routing }).collect();
    let tree = Tree::of(&sites);
    let routes =
        sites.iter().enumerate().flat_map(|(number, site)| site.routing.routes.iter().map(move |r| (number, r)));
    routes
        .filter_map(|(number, route)| {
            let name = tree.name(number, route)?;
            Some(fact(FactKind::Route, name, "", sites[number].path, route.line))
        })
        .collect()
}

/// Who mounts what.
struct Tree<'a> {
    sites: &'a [Site<'a>],
    /// By the text that is mounted: the text that mounts it, how, and under which name.
    mounted: Vec<Vec<(usize, &'a Mount, Option<&'a str>)>>,
    /// By folder, the prefix of all routes that classes declare in it or below it, where it is certain.
    wholes: HashMap<&'a str, Option<&'a str>>,
    /// Constants by class and name; nothing where texts differ.
    constants: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Tree<'a> {
    fn of(sites: &'a [Site<'a>]) -> Self {
        let modules = Modules::of(sites);
        let mut mounted: Vec<Vec<_>> = sites.iter().map(|_| Vec::new()).collect();
        for (number, site) in sites.iter().enumerate() {
            for mount in &site.routing.mounts {
                if let Some((target, name)) = modules.find(number, &mount.target)
                    && mounted[target].len() <= MAX_MOUNTED
                {
                    mounted[target].push((number, mount, name));
                }
            }
        }
        let mut constants: HashMap<&str, Option<&str>> = HashMap::new();
        for (name, value) in sites.iter().flat_map(|site| &site.routing.constants) {
            constants.entry(name).and_modify(|known| *known = known.filter(|k| k == value)).or_insert(Some(value));
        }
        Self { sites, mounted, wholes: wholes(sites), constants }
    }

    /// `GET /carts/{id}`; the path alone where every method is meant. Nothing where its own path is not told.
    fn name(&self, site: usize, route: &Route) -> Option<String> {
        let prefix =
            route.place.as_ref().map(|place| self.prefix(site, place, 0).unwrap_or_else(|| place.prefix.clone()));
        let prefix = prefix.and_then(|prefix| constants::resolved(&prefix, &self.constants));
        let path = joined(&prefix.unwrap_or_default(), &constants::resolved(&route.path, &self.constants)?);
        let path = self.whole(site, route).map_or(path.clone(), |whole| joined(whole, &path));
        Some(if route.method.is_empty() { path } else { format!("{} {path}", route.method) })
    }

    /// The prefix of the application that a class's route belongs to: the one of the nearest folder.
    fn whole(&self, site: usize, route: &Route) -> Option<&'a str> {
        let Site { path, language, .. } = self.sites[site];
        let is_of_class = is_web(language) && route.place.as_ref().is_some_and(|place| place.on.is_empty());
        if !is_of_class || self.wholes.is_empty() {
            return None;
        }
        let folders = std::iter::successors(Some(folder(path)), |at| (!at.is_empty()).then(|| folder(at)));
        *folders.take(MAX_FOLDERS).find_map(|folder| self.wholes.get(folder))?
    }

    /// The prefix of a place from the root; `None` where it is not certain.
    fn prefix(&self, site: usize, place: &Place, depth: usize) -> Option<String> {
        let mounted = &self.mounted[site];
        if depth > MAX_DEPTH || mounted.len() > MAX_MOUNTED {
            return None;
        }
        let mut fitting = mounted.iter().filter(|(.., name)| is_meant(*name, place, self.sites[site].routing));
        let Some((from, mount, _)) = fitting.next() else { return Some(place.prefix.clone()) };
        if fitting.next().is_some() {
            return None;
        }
        let above = joined(&self.prefix(*from, &mount.place, depth + 1)?, mount.prefix.as_ref()?);
        Some(if mount.replaces { above } else { joined(&above, &place.prefix) })
    }
}

/// The prefixes of applications, by the folder of their sources; several that differ are none.
fn wholes<'a>(sites: &'a [Site<'a>]) -> HashMap<&'a str, Option<&'a str>> {
    let mut found: HashMap<&str, Option<&str>> = HashMap::new();
    for site in sites {
        // What starts an application stands among its sources, at times deeper.
        let of_sources = site.path.rfind("src/").filter(|at| *at == 0 || site.path[..*at].ends_with('/'));
        let folder = of_sources.map_or_else(|| folder(site.path), |at| &site.path[..at + 3]);
        for whole in site.routing.wholes.iter().map(Option::as_deref) {
            found
                .entry(folder)
                .and_modify(|known| *known = known.filter(|known| whole == Some(*known)))
                .or_insert(whole);
        }
    }
    found
}

/// Does a mount of this name, or of the whole module, mean what hangs here?
fn is_meant(name: Option<&str>, place: &Place, routing: &Routing) -> bool {
    match name.or(routing.default.as_deref()) {
        Some(name) => place.on == name || place.within == name,
        None => routing.routes.iter().filter_map(|route| route.place.as_ref()).all(|other| other.on == place.on),
    }
}
