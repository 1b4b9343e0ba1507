//! Reads one text's routes, mounts, and the prefixes that stand in it.
//!
//! In: the patterns of a language and a text. Out: its [`Routing`]. Goes by lines, so that the cost is the text's length.

mod mounts;

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::{
    Place, Route, Routing, constants, folders,
    handing::Values,
    joined,
    lines::{Call, Lines},
    rails,
    scopes::{Part, Scopes, Step},
    table::Table,
    target::{self, Imports},
};

/// The most routes, and the most mounts, of one text.
const MAX_FOUND: usize = 100;
/// What routers are usually called in JavaScript and TypeScript.
const WEB_ROUTERS: &[&str] = &["app", "router", "server", "fastify", "api", "route", "routes"];

/// Reads a source text.
pub fn read(path: &str, language: &str, text: &str) -> Routing {
    let mut routing = Routing::default();
    let is_jvm = matches!(language, "java" | "kotlin");
    let constants = if is_jvm { constants::told(text) } else { HashMap::new() };
    let put = is_jvm.then(|| constants::put_into(text));
    let text = put.as_deref().unwrap_or(text);
    if let Some(table) = Table::of(language, text) {
        let mut reading = Reading::of(language, table, text);
        (0..reading.lines.count()).for_each(|at| reading.line(at));
        routing = reading.routing;
    }
    routing.constants = constants;
    if target::is_web(language) {
        routing.routes.extend(folders::route(path, text));
    }
    routing
}

/// What is known at a line.
struct Reading<'a> {
    language: &'a str,
    table: Table,
    lines: Lines<'a>,
    /// What the line is part of.
    scopes: Scopes,
    /// The prefix of the class that is being read, with the class's name.
    class: Option<(String, String)>,
    /// The prefixes of routers, by the function that they are variables of, and their names.
    routers: HashMap<(String, String), String>,
    imports: Imports,
    /// Of Go: the variables whose methods may be given a router.
    values: Values,
    routing: Routing,
}

/// A prefix that a line gives to what follows its match.
struct Block {
    end: usize,
    prefix: Option<String>,
}

impl<'a> Reading<'a> {
    fn of(language: &'a str, table: Table, text: &'a str) -> Self {
        Self {
            language,
            table,
            lines: Lines::of(language, text),
            scopes: Scopes::default(),
            class: None,
            routers: HashMap::new(),
            imports: Imports::default(),
            values: Values::default(),
            routing: Routing::default(),
        }
    }

    /// Reads a line, with those that its call goes on for.
    fn line(&mut self, at: usize) {
        let is_full = self.routing.routes.len() >= MAX_FOUND && self.routing.mounts.len() >= MAX_FOUND;
        let Some(call) = self.lines.call(at).filter(|_| !is_full) else { return };
        let indent = self.lines.indent(at);
        if !call.is_end() {
            self.scopes.leave(indent);
        }
        self.names(&call, indent);
        let block = self.block(&call);
        let mounts = self.mounts(&call, block.as_ref());
        if !self.owner(&call, at) {
            self.routes(&call, at, block.as_ref(), &mounts);
        }
        if let Some(block) = block.filter(|block| call.is_open_after(block.end)) {
            let resources = (self.language == "ruby").then(|| rails::part(&call.text)).flatten();
            self.scopes.enter(self.lines.statement(at), resources.unwrap_or(Part::Below(block.prefix)));
        }
    }

    /// Reads what names things, and what is said of all of them: imports, exports, functions, the application's prefix.
    fn names(&mut self, call: &Call<'_>, indent: usize) {
        if let Some(groups) = call.first(&self.table.wholes) {
            self.routing.wholes.push(groups.name("path").map(|path| path.as_str().to_owned()));
        }
        for pattern in &self.table.imports {
            if let Some(groups) = call.all(pattern).next() {
                self.imports.add(self.language, group(&groups, "module"), group(&groups, "names"));
            }
        }
        if let Some(groups) = call.first(&self.table.passes) {
            let passes = target::passes(group(&groups, "module"), group(&groups, "names"), group(&groups, "name"));
            self.routing.passes.extend(passes);
            self.routing.passes.truncate(MAX_FOUND);
            return;
        }
        if let Some(groups) = call.first(&self.table.defaults) {
            self.routing.default = groups.name("name").map(|name| name.as_str().to_owned());
        }
        if let Some(groups) = call.first(&self.table.holders) {
            let (name, kind) = (group(&groups, "name"), group(&groups, "kind"));
            self.values.begin(group(&groups, "self"), kind);
            let holder = if kind.is_empty() { name.to_owned() } else { format!("{kind}.{name}") };
            self.scopes.enter(indent, Part::Of(holder));
        }
        if !self.table.handed.is_empty() {
            self.values.read(&call.text);
        }
    }

    /// The prefix that begins in a line.
    fn block(&self, call: &Call<'_>) -> Option<Block> {
        let groups = call.first(&self.table.blocks)?;
        let from = self.router(group(&groups, "on")).unwrap_or_default();
        let prefix = groups.name("path").map(|path| joined(from, path.as_str()));
        groups.get(0).map(|all| Block { end: all.end(), prefix })
    }

    /// Reads a line as the prefix of a router or of a class; says whether it is one.
    fn owner(&mut self, call: &Call<'_>, at: usize) -> bool {
        let Some(groups) = call.first(&self.table.owners) else { return false };
        let (path, router) = (group(&groups, "path").to_owned(), group(&groups, "on"));
        if router.is_empty() {
            let Some(class) = self.lines.class_after(at) else { return false };
            self.class = Some((path, class));
        } else {
            let from = self.router(group(&groups, "from")).unwrap_or_default();
            let prefix = joined(from, &path);
            self.routers.insert((self.scopes.holder().to_owned(), router.to_owned()), prefix);
        }
        true
    }

    /// Reads the routes of a line.
    fn routes(&mut self, call: &Call<'_>, at: usize, block: Option<&Block>, mounts: &[Range<usize>]) {
        let mut found = Vec::new();
        for pattern in &self.table.routes {
            for groups in call.all(pattern) {
                let range = groups.get(0).expect("a match has a whole").range();
                let is_mount = mounts.iter().any(|mount| mount.contains(&range.start));
                let is_route = groups.name("member").is_none() || self.scopes.has_items();
                if !is_mount && is_route && self.is_router(group(&groups, "on")) {
                    let route = self.route(&groups, call, at, block);
                    let more = more_methods(&call.text[range.end..]);
                    let mut more: Vec<Route> = more.map(|method| Route { method, ..route.clone() }).collect();
                    if groups.name("items").is_some() {
                        more.push(Route {
                            path: format!("{}/{{id}}", route.path.trim_end_matches('/')),
                            ..route.clone()
                        });
                    }
                    found.extend(named_methods(group(&groups, "method"), &call.text[range.end..], route));
                    found.extend(more);
                }
            }
            if !found.is_empty() {
                break;
            }
        }
        self.routing.routes.extend(found);
        self.routing.routes.truncate(MAX_FOUND);
    }

    fn route(&self, groups: &Captures<'_>, call: &Call<'_>, at: usize, block: Option<&Block>) -> Route {
        let start = groups.get(0).map_or(0, |all| all.start());
        let path = group(groups, "path");
        // A path from the root stands alone in ASP.NET, and "~" says so
        // (https://learn.microsoft.com/aspnet/core/mvc/controllers/routing).
        let is_from_root = self.language == "c#" && self.class.is_some() && path.starts_with(['/', '~']);
        let mut place = self.place(group(groups, "on"), call, start, block).filter(|_| !is_from_root);
        if let Some(place) = &mut place
            && call.text.trim_start().starts_with("#[")
        {
            place.within = self.lines.function_after(at).unwrap_or_default();
        }
        Route {
            method: method(group(groups, "method")),
            path: path.trim_start_matches('~').to_owned(),
            line: u32::try_from(at + 1).unwrap_or(u32::MAX),
            place,
        }
    }

    /// Where something at a position of a line hangs; `None` where a prefix above it is unknown.
    fn place(&self, on: &str, call: &Call<'_>, start: usize, block: Option<&Block>) -> Option<Place> {
        let step = if self.language == "ruby" { rails::step(&call.text) } else { Step::Below };
        let mut prefix = self.scopes.prefix(step)?;
        if let Some(block) = block.filter(|b| b.end <= start && target::is_inside(&call.text[b.end..start])) {
            prefix = joined(&prefix, block.prefix.as_ref()?);
        }
        let own = match (self.router(on), &self.class) {
            (Some(prefix), _) => prefix.to_owned(),
            (None, Some((prefix, class))) => prefix.replace("[controller]", class),
            (None, None) => String::new(),
        };
        Some(Place { on: on.to_owned(), within: self.scopes.holder().to_owned(), prefix: joined(&prefix, &own) })
    }

    /// The prefix of a variable that is known to hold a router.
    fn router(&self, variable: &str) -> Option<&str> {
        let of = |holder: &str| self.routers.get(&(holder.to_owned(), variable.to_owned()));
        of(self.scopes.holder()).or_else(|| of("")).map(String::as_str)
    }

    /// Does this variable hold a router, by its name or by where it is made? Everything has a `get` in JavaScript.
    fn is_router(&self, variable: &str) -> bool {
        !target::is_web(self.language)
            || variable.is_empty()
            || WEB_ROUTERS.contains(&variable)
            || variable.ends_with("Router")
            || self.router(variable).is_some()
    }
}

fn group<'a>(groups: &'a Captures<'_>, name: &str) -> &'a str {
    groups.name(name).map_or("", |found| found.as_str())
}

/// The method in capitals; nothing where every method is meant.
fn method(said: &str) -> String {
    let method = said.to_uppercase();
    let is_all = matches!(method.as_str(), "ANY" | "ALL" | "ROUTE" | "REQUEST");
    if is_all { String::new() } else { method }
}

/// The route once for each method that Flask is told; without any it answers `GET`
/// (<https://flask.palletsprojects.com/en/stable/api/#flask.Flask.route>). What no other decorator tells stays as it is.
fn named_methods(said: &str, rest: &str, route: Route) -> Vec<Route> {
    static METHODS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bmethods\s*=\s*[\[({]([^\])}]*)").expect("a constant pattern"));
    if said != "route" {
        return vec![route];
    }
    let Some(groups) = METHODS.captures(rest) else { return vec![Route { method: "GET".to_owned(), ..route }] };
    let names = groups[1].split(',').map(|name| name.trim().trim_matches(['"', '\'']).to_uppercase());
    let names: Vec<String> = names.filter(|name| name.bytes().all(|b| b.is_ascii_alphabetic())).collect();
    names.into_iter().filter(|name| !name.is_empty()).map(|method| Route { method, ..route.clone() }).collect()
}

/// The methods behind the first one's handler: `(list).post(place)`.
fn more_methods(rest: &str) -> impl Iterator<Item = String> {
    static MORE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\.(get|post|put|patch|delete)\(").expect("a constant pattern"));
    let chain = if rest.starts_with('(') { rest } else { "" };
    let is_next = |before: &str| target::depth(before) == 0 && target::is_inside(before);
    let found = MORE.captures_iter(chain).filter(move |g| g.get(0).is_some_and(|all| is_next(&chain[..all.start()])));
    found.map(|groups| groups[1].to_uppercase())
}
