//! Routes that sources declare, under the prefixes of the routers that they hang on.
//!
//! In: source texts. Out: routes by method and path, each with its line; a route for every method has none. Each text is
//! read by itself ([`read`]), then the mounts of all texts put one below the other ([`facts`]). A prefix is told where
//! the sources leave no doubt about it; a route that may stand in several places stands by itself.

mod constants;
mod folders;
mod handing;
mod lines;
mod modules;
mod mounting;
mod rails;
mod reading;
mod scopes;
mod table;
mod target;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use mounting::facts;
pub use reading::read;

/// What one text says about routes.
#[derive(Debug, Default)]
pub struct Routing {
    routes: Vec<Route>,
    mounts: Vec<Mount>,
    /// Prefixes of all routes that the application's classes declare; `None` is one that nothing here can tell.
    wholes: Vec<Option<String>>,
    /// Paths that constants hold, by class and name.
    constants: HashMap<String, String>,
    /// What the module only passes on.
    passes: Vec<Pass>,
    /// What the module is when it is imported as a whole.
    default: Option<String>,
}

/// A route as its line declares it.
#[derive(Clone, Debug)]
struct Route {
    /// In capitals; empty for all.
    method: String,
    path: String,
    line: u32,
    /// What it hangs on; without, it stands by itself.
    place: Option<Place>,
}

/// Where a route or a router hangs in its text.
#[derive(Clone, Debug, Default)]
struct Place {
    /// The variable of the router.
    on: String,
    /// The function, or the variable, that the line is part of.
    within: String,
    /// The prefix that the text itself gives.
    prefix: String,
}

/// A router that is put below another.
#[derive(Debug)]
struct Mount {
    place: Place,
    /// `None`: nothing here can tell.
    prefix: Option<String>,
    /// Instead of the prefix that the router has by itself?
    replaces: bool,
    target: Target,
}

/// What is mounted: a name of a module.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    /// As the import says it; `None` is the same text.
    module: Option<String>,
    /// `router` of `users`; nothing stands for the whole module.
    names: Vec<String>,
}

/// A name that a module passes on from another.
#[derive(Debug)]
struct Pass {
    /// `default` is what the module is as a whole, `*` every name.
    name: String,
    target: Target,
}

impl Routing {
    /// Does the text say nothing?
    pub fn is_empty(&self) -> bool {
        let says_nothing = self.constants.is_empty() && self.routes.is_empty();
        says_nothing && self.mounts.is_empty() && self.wholes.is_empty() && self.passes.is_empty()
    }
}

/// Two parts of a path with one slash between them and one before.
fn joined(prefix: &str, path: &str) -> String {
    let (prefix, path) = (prefix.trim_matches('/'), path.trim_start_matches('/'));
    let parts: Vec<&str> = [prefix, path].into_iter().filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}
