//! What guards a declared route: the name in its declaration that says who may.
//!
//! In: a [`Context`] and the fact of a route. Out: the guard and where it stands. Reads the lines of the declaration, up to
//! the next route of the file, and the arguments of the handler; what stands in quotes does not count.

use super::{super::places::called, path::stem};
use crate::model::context::{Context, Fact, FactKind};
use crate::planner::words::clean;

/// Files of types that say who may.
const HOMES: &[&str] =
    &["auth", "authentication", "authorization", "security", "guard", "guards", "session", "permissions"];
/// Lines of a handler's arguments.
const LONGEST_HEAD: usize = 10;
/// Definitions of one type that are looked at.
const MOST_TYPES: usize = 4;
/// Lines of a declaration.
const MOST_LINES: u32 = 4;
/// Parts of names that say who may.
const TELLING: &[&str] = &[
    "auth",
    "require",
    "guard",
    "staff",
    "admin",
    "permission",
    "loginrequired",
    "currentuser",
    "signedin",
    "canactivate",
    "rolesallowed",
    "secured",
];

/// What guards a declared route.
pub struct Guard {
    pub name: String,
    pub path: String,
    pub line: u32,
    /// It is an argument of what answers, and has to be the first.
    pub is_argument: bool,
}

/// The guard of a declared route: on its own lines, or among the arguments of what answers it.
pub fn of(context: &Context, route: &Fact) -> Option<Guard> {
    let declared = declared(context, route);
    let declared = declared.map(|(name, line)| Guard { name, path: route.path.clone(), line, is_argument: false });
    declared.or_else(|| argument(context, route))
}

/// An argument of the handler whose type is declared in a file for who may: `_: Staff` of `auth.rs`, as extractors of Rust's
/// frameworks are.
fn argument(context: &Context, route: &Fact) -> Option<Guard> {
    let (path, handler) = called::answers(context, route).filter(|(path, _)| path.ends_with(".rs"))?;
    let types = handler.signature.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_guard = |name: &&str| {
        name.starts_with(char::is_uppercase)
            && context.tree.definitions(name, MOST_TYPES).iter().any(|(home, _)| HOMES.contains(&stem(home)))
    };
    let name = types.into_iter().find(is_guard)?.to_owned();
    let text = context.tree.text(&path)?;
    let mut head = text.lines().zip(1_u32..).skip((handler.line as usize).saturating_sub(1)).take(LONGEST_HEAD);
    let line = head.find(|(line, _)| line.contains(&name)).map_or(handler.line, |(_, at)| at);
    Some(Guard { name, path, line, is_argument: true })
}

/// The name in a route's declaration that says who may, with its line.
fn declared(context: &Context, route: &Fact) -> Option<(String, u32)> {
    let in_file = |kind| context.facts.iter().filter(move |f| f.kind == kind && f.path == route.path);
    let end = route.line + MOST_LINES;
    let next = in_file(FactKind::Route).map(|f| f.line).filter(|line| *line > route.line).min().unwrap_or(end);
    let range = route.line..next.min(end);
    if let Some(fact) = in_file(FactKind::Auth).find(|f| range.contains(&f.line)) {
        return Some((clean(&fact.name), fact.line));
    }
    let text = context.tree.text(&route.path)?;
    let lines = text.lines().zip(1_u32..).filter(|(_, at)| range.contains(at));
    let mut found = lines.filter_map(|(line, at)| Some((name(line)?.to_owned(), at)));
    found.next()
}

/// The first name of a line that says who may, outside quotes. What a name is looked up in (`admin::orders`) says nothing.
fn name(line: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.split(['"', '\'', '`']).step_by(2).find_map(|outside| {
        let mut end = 0;
        outside.split_inclusive(|c: char| !is_part(c)).find_map(|piece| {
            end += piece.len();
            let name = piece.trim_end_matches(|c: char| !is_part(c));
            let behind = &piece[name.len()..];
            let is_home = behind == "." || behind == ":" && outside[end..].starts_with(':');
            let bare = name.to_lowercase().replace('_', "");
            let is_other = ["require", "author", "authors"].contains(&bare.as_str());
            (!is_home && !is_other && TELLING.iter().any(|t| bare.contains(t))).then_some(name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_says_who_may_is_found() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(name(line), expected, "{line}");
        check("products.post(\"/:id/reviews\", requireAccount, async (request, response) => {", Some("requireAccount"));
        check("@router.post(\"/{id}/missed\", status_code=204, dependencies=[Depends(staff)])", Some("staff"));
        check("@router.post(\"/{id}/cancel\", status_code=204)", None);
        check("app.get(\"/admin\", list)", None);
        check(".route(\"/orders\", get(admin::orders))", None);
        check("get(…, guard…)", Some("guard"));
        check("const author = require('x')", None);
    }
}
