//! What is mounted, as its line names it: arguments of a call, and the imports that give them their meaning.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{Pass, Target};

/// The most imported names of one text.
const MAX_IMPORTS: usize = 500;
/// Instead of a module: the name alone must tell which one is meant.
pub const SOMEWHERE: &str = "";
/// Members that give a router's own routes (Koa) or a module's own value.
const OWN: &[&str] = &["routes", "allowedMethods", "middleware", "default"];

/// Names with the module that they come from, and what they are there; nothing is the whole module.
#[derive(Default)]
pub struct Imports(HashMap<String, (String, Option<String>)>);

impl Imports {
    /// Adds what an import names: `users`, `{ orders as o }`, `* as all`, `a, b as c`.
    pub fn add(&mut self, language: &str, module: &str, names: &str) {
        // A package of Go goes by the last part of its path, a version aside.
        let mut parts = module.rsplit('/').filter(|part| !is_version(part));
        let names = if language == "go" && names.is_empty() { parts.next().unwrap_or_default() } else { names };
        let (whole, named) = match names.split_once('{') {
            Some((whole, named)) => (whole, named.trim_end_matches([' ', '}'])),
            None if is_web(language) || language == "go" => (names, ""),
            None => ("", names),
        };
        for (names, is_whole) in [(whole, true), (named, false)] {
            for name in names.split(',').map(|name| name.trim()).filter(|name| !name.is_empty()) {
                let (there, here) = name.split_once(" as ").or_else(|| name.split_once(':')).unwrap_or((name, name));
                if self.0.len() < MAX_IMPORTS {
                    let there = (!is_whole).then(|| there.trim().to_owned());
                    self.0.insert(here.trim().to_owned(), (module.to_owned(), there));
                }
            }
        }
    }

    /// The module that a name stands for as a whole.
    pub fn module(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|(_, there)| there.is_none()).map(|(module, _)| module.as_str())
    }
}

/// Is this part of an import's path `v2`?
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

impl Target {
    /// What an argument names: `users`, `users.router`, `users::routes()`, `require('./users')`.
    pub fn of(argument: &str, language: &str, imports: &Imports) -> Option<Self> {
        let argument = argument.trim().trim_start_matches("await ").trim_start_matches('&');
        let module = ["require(", "import("].iter().find_map(|call| argument.strip_prefix(call));
        if let Some(module) = module.filter(|_| is_web(language)) {
            let module = module.trim_start_matches(['"', '\'', '`']).split(['"', '\'', '`']).next()?;
            return module.starts_with('.').then(|| Self { module: Some(module.to_owned()), names: Vec::new() });
        }
        let end = argument.find(|c: char| !(c.is_alphanumeric() || "_.:".contains(c))).unwrap_or(argument.len());
        let (path, rest) = argument.split_at(end);
        if path.starts_with(|c: char| !(c.is_alphabetic() || c == '_'))
            || path.is_empty()
            || !rest.is_empty() && !rest.starts_with('(')
        {
            return None;
        }
        let mut names = path.split(['.', ':']).filter(|name| !name.is_empty()).map(str::to_owned);
        let head = names.next()?;
        // `router.urls` are the routes of a router of Django REST framework.
        let is_own = |name: &str| is_web(language) && OWN.contains(&name) || language == "python" && name == "urls";
        let rest = names.filter(|name| !is_own(name));
        Some(match imports.0.get(&head) {
            Some((module, name)) => {
                Self { module: Some(module.clone()), names: name.iter().cloned().chain(rest).collect() }
            }
            None => Self { module: None, names: [head].into_iter().chain(rest).collect() },
        })
    }
}

/// What is passed on from a module: `* as all`, `{ a, b as c }`, one name, or the whole.
pub fn passes(module: &str, names: &str, name: &str) -> Vec<Pass> {
    let pass = |name: &str, there: Option<&str>| Pass {
        name: name.to_owned(),
        target: Target {
            module: Some(module.to_owned()),
            names: there.filter(|there| *there != "default").map(str::to_owned).into_iter().collect(),
        },
    };
    if let Some(all) = names.strip_prefix('*') {
        let name = all.trim().strip_prefix("as ").map_or("*", str::trim);
        return vec![pass(name, None)];
    }
    if names.is_empty() {
        return vec![pass(if name.is_empty() { "default" } else { name }, None)];
    }
    let named = names.trim_matches(['{', '}']).split(',').map(str::trim).filter(|name| !name.is_empty());
    let named = named.map(|name| name.split_once(" as ").unwrap_or((name, name)));
    named.map(|(there, here)| pass(here.trim(), Some(there.trim()))).collect()
}

/// JavaScript and what becomes it.
pub fn is_web(language: &str) -> bool {
    matches!(language, "javascript" | "typescript" | "tsx")
}

/// The arguments of a call whose bracket is open.
pub fn arguments(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        depth += step(c);
        if depth < 0 || (depth == 0 && c == ',') {
            found.push(text[start..at].trim());
            start = at + 1;
        }
        if depth < 0 {
            return found;
        }
    }
    found.push(text[start..].trim());
    found
}

/// The prefix among a mount's arguments: empty where there is none, `None` where it cannot be told.
pub fn prefix(arguments: &[&str]) -> Option<String> {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\b(?:url_)?prefix["']?\s*[:=]\s*["'`]([^"'`$]*)["'`]"#).expect("a constant pattern")
    });
    if let Some(groups) = arguments.iter().find_map(|argument| WRITTEN.captures(argument)) {
        return Some(groups[1].to_owned());
    }
    let is_path = |argument: &&str| {
        let lower = argument.to_ascii_lowercase();
        let is_constant = !argument.is_empty() && !argument.bytes().any(|b| b.is_ascii_lowercase());
        argument.starts_with(['"', '\'', '`', '['])
            || is_constant
            || ["prefix", "path", "opt"].iter().any(|word| lower.contains(word))
    };
    (!arguments.iter().any(is_path)).then(String::new)
}

/// How many brackets are open at the end of a text.
pub fn depth(text: &str) -> i32 {
    text.chars().map(step).sum()
}

/// Is what follows this still within the brackets that stand around its beginning?
pub fn is_inside(between: &str) -> bool {
    let mut depth = 0;
    between.chars().all(|c| {
        depth += step(c);
        depth >= 0
    })
}

/// Brackets in quotes count as well: a path rarely has them in odd number.
fn step(c: char) -> i32 {
    match c {
        '(' | '[' | '{' => 1,
        ')' | ']' | '}' => -1,
        _ => 0,
    }
}
