//! Reads one text's routes, mounts, and the prefixes that stand in it.
//!
//! Goes by lines and their indentation, so that the cost is the text's length: a line that ends with an open bracket is
//! read together with the few that follow.

use std::{borrow::Cow, collections::HashMap, ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::{
    Mount, Place, Route, Routing, Target, joined,
    table::{Pattern, Table},
    target::{self, Imports},
};

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 400;
/// How many lines a call may go on for.
const MAX_CALL: usize = 10;
/// The most routes, and the most mounts, of one text.
const MAX_FOUND: usize = 100;
/// How deep prefixes and functions may stand in each other.
const MAX_SCOPES: usize = 64;
/// How many lines may stand between a class's prefix and the class, or between an attribute and its function.
const OWNER_WITHIN: usize = 8;
/// What routers are usually called in JavaScript and TypeScript.
const WEB_ROUTERS: &[&str] = &["app", "router", "server", "fastify", "api", "route", "routes"];

/// Reads a source text.
pub fn read(path: &str, language: &str, text: &str) -> Routing {
    let table = Table::of(language, text);
    let mut routing = Routing::default();
    if !table.routes.is_empty() || !table.mounts.is_empty() {
        let mut reading = Reading::of(language, table, text);
        (0..reading.lines.len()).for_each(|at| reading.line(at));
        routing = reading.routing;
    }
    if target::is_web(language) {
        routing.routes.extend(by_folder(path, text));
    }
    routing
}

/// What is known at a line.
struct Reading<'a> {
    language: &'a str,
    table: Table,
    lines: Vec<&'a str>,
    /// What the line is part of, outermost first.
    scopes: Vec<Scope>,
    /// The prefix of the class that is being read, with the class's name.
    class: Option<(String, String)>,
    /// The prefixes of routers, by the function that they are variables of, and their names.
    routers: HashMap<(String, String), String>,
    imports: Imports,
    routing: Routing,
}

/// Lines that stand deeper than this belong to it.
struct Scope {
    indent: usize,
    part: Part,
}

enum Part {
    /// A function, or a variable whose value goes on.
    Of(String),
    /// A prefix; `None` is one that nothing here can tell.
    Below(Option<String>),
}

/// A line with those that its call goes on for.
struct Call<'a> {
    text: Cow<'a, str>,
    /// The bytes of the line itself: what begins behind them belongs to another line.
    line: usize,
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
            lines: text.lines().collect(),
            scopes: Vec::new(),
            class: None,
            routers: HashMap::new(),
            imports: Imports::default(),
            routing: Routing::default(),
        }
    }

    /// Reads a line, with those that its call goes on for.
    fn line(&mut self, at: usize) {
        let line = self.lines[at];
        let indent = indent(line);
        let is_full = self.routing.routes.len() >= MAX_FOUND && self.routing.mounts.len() >= MAX_FOUND;
        if is_full || line.len() > MAX_LINE || indent == line.len() || is_comment(self.language, line) {
            return;
        }
        if !line[indent..].starts_with([')', '}', ']', '{']) && !line[indent..].starts_with("where") {
            while self.scopes.last().is_some_and(|scope| scope.indent >= indent) {
                self.scopes.pop();
            }
        }
        let call = self.call(at);
        self.names(&call, indent);
        let block = self.block(&call);
        let mounts = self.mounts(&call, block.as_ref());
        if !self.owner(&call, at) {
            self.routes(&call, at, block.as_ref(), &mounts);
        }
        let is_open = |block: &Block| line.get(block.end..).is_none_or(is_inside);
        if let Some(block) = block.filter(is_open) {
            self.enter(self.statement(at), Part::Below(block.prefix));
        }
    }

    /// Goes into what a line begins; too deep, nothing is certain any more.
    fn enter(&mut self, indent: usize, part: Part) {
        let is_full = self.scopes.len() >= MAX_SCOPES;
        if is_full {
            self.scopes.pop();
        }
        self.scopes.push(Scope { indent, part: if is_full { Part::Below(None) } else { part } });
    }

    /// A line; one that ends with an open bracket goes on until its brackets close.
    fn call(&self, at: usize) -> Call<'a> {
        let line = self.lines[at];
        let mut text = Cow::Borrowed(line);
        if goes_on(line.trim()) {
            for next in self.lines[at + 1..].iter().take(MAX_CALL).filter(|next| next.len() <= MAX_LINE) {
                let text = text.to_mut();
                text.push(' ');
                text.push_str(next.trim());
                if text.len() > 2 * MAX_LINE || target::depth(text) <= 0 {
                    break;
                }
            }
        }
        Call { text, line: line.len() }
    }

    /// Where the statement of a line begins: chains of calls in PHP stand deeper.
    fn statement(&self, at: usize) -> usize {
        let is_part = |line: &&&str| line.trim_start().starts_with("->");
        let above = self.lines[..=at].iter().rev().take(MAX_CALL).take_while(is_part).count();
        indent(self.lines[at.saturating_sub(above)])
    }

    /// Reads what names things: imports, exports, functions.
    fn names(&mut self, call: &Call<'_>, indent: usize) {
        for pattern in &self.table.imports {
            if let Some(groups) = first(&[pattern], call) {
                self.imports.add(self.language, group(&groups, "module"), group(&groups, "names"));
            }
        }
        if let Some(groups) = first(&self.table.defaults, call) {
            self.routing.default = groups.name("name").map(|name| name.as_str().to_owned());
        }
        if let Some(groups) = first(&self.table.holders, call) {
            self.enter(indent, Part::Of(group(&groups, "name").to_owned()));
        }
    }

    /// The prefix that begins in a line.
    fn block(&self, call: &Call<'_>) -> Option<Block> {
        let groups = first(&self.table.blocks, call)?;
        let from = self.router(group(&groups, "on")).unwrap_or_default();
        let prefix = groups.name("path").map(|path| joined(from, path.as_str()));
        groups.get(0).map(|all| Block { end: all.end(), prefix })
    }

    /// Reads the mounts of a line; returns where they stand.
    fn mounts(&mut self, call: &Call<'_>, block: Option<&Block>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for pattern in self.table.mounts.clone() {
            for groups in all(pattern, call) {
                let range = groups.get(0).expect("a match has a whole").range();
                self.mount(&groups, call, range.end, self.place(&groups, call, range.start, block));
                found.push(range);
            }
        }
        self.routing.mounts.truncate(MAX_FOUND);
        found
    }

    /// Reads a mount whose arguments stand behind `end`.
    fn mount(&mut self, groups: &Captures<'_>, call: &Call<'_>, end: usize, place: Option<Place>) {
        let arguments = target::arguments(&call.text[end..]);
        let said = match groups.name("path") {
            Some(path) => Some(path.as_str().to_owned()),
            None => target::prefix(&arguments),
        };
        let targets: Vec<Target> = match groups.name("module") {
            Some(module) => vec![Target { module: Some(module.as_str().to_owned()), names: Vec::new() }],
            None => arguments.iter().filter_map(|a| Target::of(a, self.language, &self.imports)).collect(),
        };
        // https://flask.palletsprojects.com/en/stable/api/#flask.Flask.register_blueprint
        let is_flask = groups[0].contains("register_blueprint");
        let replaces = is_flask && said.as_ref().is_none_or(|said| !said.is_empty());
        let prefix = said.filter(|_| place.is_some());
        let place = place.unwrap_or_default();
        let mounts = targets.into_iter();
        self.routing.mounts.extend(mounts.map(|target| Mount {
            place: place.clone(),
            prefix: prefix.clone(),
            replaces,
            target,
        }));
    }

    /// Reads a line as the prefix of a router or of a class; says whether it is one.
    fn owner(&mut self, call: &Call<'_>, at: usize) -> bool {
        let Some(groups) = first(&self.table.owners, call) else { return false };
        let (path, router) = (group(&groups, "path").to_owned(), group(&groups, "on"));
        if router.is_empty() {
            let Some(class) = class_that_follows(&self.lines[at + 1..]) else { return false };
            self.class = Some((path, class));
        } else {
            let from = self.router(group(&groups, "from")).unwrap_or_default();
            let prefix = joined(from, &path);
            self.routers.insert((self.holder().to_owned(), router.to_owned()), prefix);
        }
        true
    }

    /// Reads the routes of a line.
    fn routes(&mut self, call: &Call<'_>, at: usize, block: Option<&Block>, mounts: &[Range<usize>]) {
        let mut found = Vec::new();
        for pattern in &self.table.routes {
            for groups in all(pattern, call) {
                let range = groups.get(0).expect("a match has a whole").range();
                let is_mount = mounts.iter().any(|mount| mount.contains(&range.start));
                if !is_mount && self.is_router(group(&groups, "on")) {
                    let route = self.route(&groups, call, at, block);
                    let more = more_methods(&call.text[range.end..]);
                    let more: Vec<Route> = more.map(|method| Route { method, ..route.clone() }).collect();
                    found.extend([route].into_iter().chain(more));
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
        let mut place = self.place(groups, call, start, block).filter(|_| !is_from_root);
        if let Some(place) = &mut place
            && call.text.trim_start().starts_with("#[")
        {
            place.within = function_that_follows(&self.lines[at + 1..]).unwrap_or_default();
        }
        Route {
            method: method(group(groups, "method")),
            path: path.trim_start_matches('~').to_owned(),
            line: u32::try_from(at + 1).unwrap_or(u32::MAX),
            place,
        }
    }

    /// Where something at a position of a line hangs; `None` where a prefix above it is unknown.
    fn place(&self, groups: &Captures<'_>, call: &Call<'_>, start: usize, block: Option<&Block>) -> Option<Place> {
        let mut prefix = String::new();
        for scope in &self.scopes {
            if let Part::Below(below) = &scope.part {
                prefix = joined(&prefix, below.as_ref()?);
            }
        }
        if let Some(block) = block.filter(|b| b.end <= start && is_inside(&call.text[b.end..start])) {
            prefix = joined(&prefix, block.prefix.as_ref()?);
        }
        let on = group(groups, "on");
        let own = match (self.router(on), &self.class) {
            (Some(prefix), _) => prefix.to_owned(),
            (None, Some((prefix, class))) => prefix.replace("[controller]", class),
            (None, None) => String::new(),
        };
        Some(Place { on: on.to_owned(), within: self.holder().to_owned(), prefix: joined(&prefix, &own) })
    }

    /// The function or variable that the line is part of.
    fn holder<'s>(&'s self) -> &'s str {
        let of = |scope: &'s Scope| match &scope.part {
            Part::Of(name) => Some(name.as_str()),
            Part::Below(_) => None,
        };
        self.scopes.iter().rev().find_map(of).unwrap_or_default()
    }

    /// The prefix of a variable that is known to hold a router.
    fn router(&self, variable: &str) -> Option<&str> {
        let of = |holder: &str| self.routers.get(&(holder.to_owned(), variable.to_owned()));
        of(self.holder()).or_else(|| of("")).map(String::as_str)
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

/// The first pattern's first match that begins in the line.
fn first<'c>(patterns: &[&'static Pattern], call: &'c Call<'_>) -> Option<Captures<'c>> {
    patterns.iter().find_map(|pattern| all(pattern, call).next())
}

/// A pattern's matches that begin in the line.
fn all<'c>(pattern: &'static Pattern, call: &'c Call<'_>) -> impl Iterator<Item = Captures<'c>> {
    let found = pattern.may_match(&call.text).then(|| pattern.regex.captures_iter(&call.text));
    found.into_iter().flatten().take_while(|groups| groups.get(0).is_some_and(|all| all.start() <= call.line))
}

/// Does a call, or an import of many names, go on in the next line?
fn goes_on(line: &str) -> bool {
    let opens = line.ends_with(['(', '[']) || line.ends_with('{') && target::depth(line) > 1;
    opens || line.ends_with('{') && ["import", "use", "const"].iter().any(|word| line.starts_with(word))
}

/// The method in capitals; nothing where every method is meant.
fn method(said: &str) -> String {
    let method = said.to_uppercase();
    let is_all = matches!(method.as_str(), "ANY" | "ALL" | "ROUTE" | "REQUEST");
    if is_all { String::new() } else { method }
}

/// The methods behind the first one's handler: `(list).post(place)`.
fn more_methods(rest: &str) -> impl Iterator<Item = String> {
    static MORE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\.(get|post|put|patch|delete)\(").expect("a constant pattern"));
    let chain = if rest.starts_with('(') { rest } else { "" };
    let is_next = |before: &str| target::depth(before) == 0 && is_inside(before);
    let found = MORE.captures_iter(chain).filter(move |g| g.get(0).is_some_and(|all| is_next(&chain[..all.start()])));
    found.map(|groups| groups[1].to_uppercase())
}

/// Is what follows this still within the brackets that stand around its beginning?
fn is_inside(between: &str) -> bool {
    target::lowest(between) >= 0
}

/// How deep a line stands, in bytes.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Does the line only tell something? Examples in comments declare nothing.
fn is_comment(language: &str, line: &str) -> bool {
    let marks: &[&str] = if matches!(language, "python" | "ruby") { &["#"] } else { &["//", "* ", "/*"] };
    marks.iter().any(|mark| line.trim_start().starts_with(mark))
}

/// The class that annotations stand before, in the words of its routes: `CartsController` is `carts`.
fn class_that_follows(after: &[&str]) -> Option<String> {
    for line in after.iter().take(OWNER_WITHIN).map(|line| line.trim()) {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        if !line.starts_with(['@', '[', '/', '*']) && words.any(|word| word == "class" || word == "interface") {
            let name = words.next().unwrap_or_default();
            return Some(name.trim_end_matches("Controller").to_lowercase());
        }
        if line.contains('(') && !line.starts_with(['@', '[', '/', '*']) {
            return None;
        }
    }
    None
}

/// The function that attributes stand before.
fn function_that_follows(after: &[&str]) -> Option<String> {
    let line = after.iter().take(OWNER_WITHIN).find(|line| !line.trim_start().starts_with(['#', '/']))?;
    let name = line.split_once("fn ")?.1;
    Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

/// Routes of Next.js by folder: `app/a/route.ts`, `pages/api/a.ts`.
fn by_folder(path: &str, text: &str) -> Option<Route> {
    let path_of = |marker: &str| {
        let at = if path.starts_with(marker) { 0 } else { path.find(&format!("/{marker}"))? + 1 };
        Some(&path[at + marker.len()..])
    };
    let stem = |path: &str| path.rsplit_once('.').map_or(path.to_owned(), |(stem, _)| stem.to_owned());
    let route = match path_of("pages/api/") {
        Some(rest) => format!("/api/{}", stem(rest).trim_end_matches("index").trim_end_matches('/')),
        None => {
            let rest = stem(path_of("app/")?);
            let folder = rest.strip_suffix("/route").or_else(|| rest.strip_suffix("/page"))?;
            format!("/{folder}")
        }
    };
    text.contains("export").then(|| Route { method: String::new(), path: route, line: 1, place: None })
}
