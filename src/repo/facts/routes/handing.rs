//! Routers of Go that are handed to functions: `users.Register(api)`, `handler.Routes(r.Group("/v1"))`.
//!
//! In: callees and arguments as their lines write them. Out: the function or method that is meant, and the router that it
//! is given. A method's type is told by its receiver or by what made it; otherwise its name alone must tell it.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{
    Target,
    target::{Imports, SOMEWHERE},
};

/// The variables of a function that hold a value with methods: the package of its type as it is imported, and the type.
#[derive(Default)]
pub struct Values(HashMap<String, (Option<String>, String)>);

/// The most variables of one function.
const MAX_VALUES: usize = 200;

impl Values {
    /// Begins a function: nothing of the last one is there any more, only the receiver.
    pub fn begin(&mut self, receiver: &str, kind: &str) {
        self.0.clear();
        if !kind.is_empty() {
            self.0.insert(receiver.to_owned(), (None, kind.to_owned()));
        }
    }

    /// Reads `users := handlers.NewUsers(db)` and `users := &Users{}`.
    pub fn read(&mut self, line: &str) {
        static MADE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"^\s*(?:var\s+)?(\w+)(?:,\s*\w+)?\s*:?=\s*(.+)").expect("a constant pattern"));
        if let Some(groups) = MADE.captures(line)
            && let Some(made) = made(&groups[2])
            && self.0.len() < MAX_VALUES
        {
            self.0.insert(groups[1].to_owned(), made);
        }
    }

    /// What a callee names: a function here or in a package, or a method.
    pub fn callee(&self, callee: &str, imports: &Imports) -> Target {
        let Some((owner, name)) = callee.rsplit_once('.') else {
            return Target { module: None, names: vec![callee.to_owned()] };
        };
        if let Some(module) = imports.module(owner) {
            return Target { module: Some(module.to_owned()), names: vec![name.to_owned()] };
        }
        let (package, kind) = match self.0.get(owner).cloned().or_else(|| made(owner)) {
            Some((package, kind)) => (package.map(|p| imports.module(&p).unwrap_or(SOMEWHERE).to_owned()), kind),
            None => (Some(SOMEWHERE.to_owned()), String::new()),
        };
        Target { module: package, names: vec![kind, name.to_owned()] }
    }

    /// What an argument names: `users.Routes()`, `users.Routes`, `api`.
    pub fn argument(&self, argument: &str, imports: &Imports) -> Option<Target> {
        static CALLEE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(&?\w+(?:(?:\([^()]*\)|\{[^{}]*\})?\.\w+)*)(?:$|\()").expect("a constant pattern")
        });
        let callee = CALLEE.captures(argument)?.get(1)?.as_str();
        let is_name = callee != "func" && !callee.starts_with(|c: char| c.is_ascii_digit());
        is_name.then(|| self.callee(callee, imports))
    }
}

/// The package and the type of what makes a value, by the custom that `NewUsers` makes a `Users`; the type is empty where
/// only the package is told.
fn made(value: &str) -> Option<(Option<String>, String)> {
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\(?&?(?:(?<package>\w+)\.)?(?:New(?<made>\w*)\(|(?<kind>\w+)\{)").expect("a constant pattern")
    });
    let groups = MADE.captures(value)?;
    let kind = groups.name("made").or(groups.name("kind"))?.as_str();
    Some((groups.name("package").map(|package| package.as_str().to_owned()), kind.to_owned()))
}

/// The router that an argument is: a variable, or a group of it that is made on the spot, with the group's prefix.
pub fn router(argument: &str) -> Option<(&str, Option<&str>)> {
    static ROUTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^(?:\w+\.)*(?<on>\w+)(?<group>\.(?:Group|PathPrefix)\((?:\s*"(?<path>[^"]*)")?[^"]*)?$"#)
            .expect("a constant pattern")
    });
    let groups = ROUTER.captures(argument)?;
    let path = groups.name("path").map(|path| path.as_str());
    let prefix = if groups.name("group").is_some() { path } else { Some("") };
    groups.name("on").map(|on| (on.as_str(), prefix))
}
