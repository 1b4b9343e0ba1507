//! Routes that a repository declares, compared with those that a ticket writes.
//!
//! In: a method and a path. Out: the declared route that is meant. Parameters are alike whatever they are called.

use super::path::stem;
use crate::{
    model::context::{Context, Fact, FactKind},
    planner::words::{clean, terms},
};

/// The declared route of a method and path: whole, else for every method, else as the end of it when what stands before
/// names the file (routers are mounted: `/carts/:id` is `/:id` of `routes/carts.ts`), else when only the name of the
/// interface stands before: `/api/v2/carts`.
pub fn find<'c>(context: &'c Context, method: &str, path: &str) -> Option<&'c Fact> {
    let routes = context.facts.iter().filter(|f| f.kind == FactKind::Route);
    let found = routes.filter_map(|fact| Some((fit(fact, method, path)?, fact)));
    found.reduce(|a, b| if b.0 < a.0 { b } else { a }).map(|(_, fact)| fact)
}

/// How well a declared route fits, the best first; `None` where it is another one.
fn fit(fact: &Fact, method: &str, path: &str) -> Option<u8> {
    let (known_method, known) = split(&fact.name);
    if known_method != method && !known_method.is_empty() {
        return None;
    }
    let of_all = u8::from(known_method.is_empty());
    let (wanted, own) = (parts(path), parts(&known));
    let own: Vec<String> = own.into_iter().filter(|p| !p.is_empty()).collect();
    let Some(mount) = wanted.len().checked_sub(own.len()).filter(|n| *n > 0) else {
        return is_same(path, &known).then_some(of_all);
    };
    let is_value = |part: &String| part.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    if !wanted[mount..].iter().zip(&own).all(|(w, o)| w == o || (o == "*" && is_value(w))) {
        return None;
    }
    let is_version =
        |part: &str| part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let is_of_interface = |part: &String| ["api", "rest"].contains(&part.as_str()) || is_version(part);
    let names_interface = own.iter().any(|part| part != "*") && wanted[..mount].iter().all(is_of_interface);
    let names_file = !terms(&wanted[mount - 1]).is_disjoint(&terms(stem(&fact.path)));
    match (names_file, names_interface) {
        (true, _) => Some(2 + of_all),
        (false, true) => Some(4 + of_all),
        (false, false) => None,
    }
}

/// `GET /carts` → method and path; a route without a method keeps it empty.
pub fn split(name: &str) -> (String, String) {
    match name.split_once(' ') {
        Some((method, path)) if method.chars().all(|c| c.is_ascii_uppercase()) => (method.to_owned(), clean(path)),
        _ => (String::new(), clean(name)),
    }
}

/// Are two routes the same, whatever their parameters are called? A part with a digit or a capital is an example's value
/// and fits a parameter: `/products/TENT-2P` is `/products/{sku}`.
pub fn is_same(a: &str, b: &str) -> bool {
    let is_value = |part: &String| part.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    let (a, b) = (parts(a), parts(b));
    let fits = |(a, b): (&String, &String)| a == b || (a == "*" && is_value(b)) || (b == "*" && is_value(a));
    a.len() == b.len() && a.iter().zip(&b).all(fits)
}

/// The parts of a route, parameters as `*`, without its query.
pub fn parts(route: &str) -> Vec<String> {
    let path = route.split('?').next().unwrap_or_default();
    let is_parameter = |p: &str| p.starts_with([':', '{', '<', '$']) || p.parse::<u64>().is_ok();
    path.trim_matches('/').split('/').map(|p| if is_parameter(p) { "*".to_owned() } else { p.to_owned() }).collect()
}
