//! API specifications: routes that the change touches, routes that the ticket names, public functions that change.

use super::{
    super::{
        Survey,
        code::{
            conditions, declared, guards,
            layer::Layer,
            path::{ending, stem},
            routed, uses,
        },
        places::{
            neighbours,
            refs::{full_name, signature},
            site::Site,
            todo::Todo,
            toggles,
        },
        reading::Reading,
        unsaid,
        work::steps::stays,
    },
    parameters, security,
};
use crate::model::{
    context::{Context, Fact, FactKind, Symbol, SymbolKind},
    plan::{Action, Basis, Endpoint, FileRef, Interfaces, Statement},
};
use crate::planner::words::{clean, listed, terms};

/// The most routes that are told because they go through what changes.
const MOST_REACHED: usize = 5;

/// The interface section.
pub fn of(survey: &Survey<'_, '_>) -> Interfaces {
    let mut endpoints = existing(survey);
    endpoints.extend(named_new(survey, &endpoints));
    super::contract::fill(survey, &mut endpoints);
    reached(survey, &mut endpoints);
    let notes = public(survey);
    let absent = (endpoints.is_empty() && notes.is_empty()).then(|| {
        let count = survey.facts(FactKind::Route).count();
        match (survey.contexts.is_empty(), count) {
            (true, _) => "Looked for routes in the ticket; it names none.".to_owned(),
            (false, 0) => format!("Looked for routes and for public symbols among those to change; the repository declares no routes, and {}.", unused(survey)),
            (false, n) => format!("Looked among the repository's {}; none is declared in or handled by a file of the steps.", super::super::work::steps::counted(n, "route")),
        }
    });
    Interfaces { endpoints, notes, absent }
}

/// Declared routes that the change touches: named by the ticket, handled by a symbol to change, or declared in its file.
fn existing(survey: &Survey<'_, '_>) -> Vec<Endpoint> {
    let mut scored: Vec<(usize, Endpoint)> = Vec::new();
    let most = if survey.reading.routes.is_empty() { usize::MAX } else { 1 };
    let parameters = parameters::named(survey);
    for (context, fact) in survey.facts(FactKind::Route) {
        let (method, path) = declared::split(&fact.name);
        let is_it = |(m, p): &&(String, String)| declared::find(context, m, p).is_some_and(|f| std::ptr::eq(f, fact));
        let named = survey.reading.routes.iter().find(is_it);
        let is_named = named.is_some();
        let is_handled = survey.sites.iter().any(|s| {
            s.symbols.iter().take(most).any(|sym| fact.value.split([':', '.', '/']).any(|part| part == sym.name))
        });
        let shared = terms(&path).intersection(survey.terms).count();
        let in_site = survey.sites.iter().any(|s| std::ptr::eq(s.context, context) && s.path == fact.path);
        // Where the ticket names routes, others of the same file are not its subject.
        let shared = if survey.reading.routes.is_empty() && in_site { shared } else { 0 };
        let at = |path: &str, line: u32| unsaid::line_of(survey, context, path, line);
        let read = parameters::read_by(context, fact, &parameters, at);
        let is_close = usize::from(is_handled) * 4 + usize::from(read.is_some()) * 2;
        let score = usize::from(is_named) * 8 + is_close + shared;
        if score > 0 {
            // A router that is mounted knows the end of its routes only.
            let mounted = named.map(|(_, p)| clean(p.split('?').next().unwrap_or(p)));
            let shown = mounted
                .filter(|p| declared::parts(p).len() > declared::parts(&path).len() || path == "/")
                .unwrap_or(path);
            // One that answers every method is told by the one that the ticket names.
            let method = named.map_or(method, |(m, _)| m.clone());
            let mut endpoint = endpoint(survey, context, fact, method, shown);
            endpoint.change.extend(read);
            scored.push((score, endpoint));
        }
    }
    scored.sort_by_key(|s| std::cmp::Reverse(s.0));
    scored.into_iter().take(6).map(|(_, e)| e).collect()
}

/// Adds the declared routes whose answers go through a symbol to change.
fn reached(survey: &Survey<'_, '_>, endpoints: &mut Vec<Endpoint>) {
    if super::super::work::steps::is_only_text(survey) {
        return;
    }
    let is_changed = |s: &&Site<'_>| s.action == Action::Modify && !s.is_on_the_way;
    let mut found: Vec<Endpoint> = Vec::new();
    for site in survey.sure_code().filter(is_changed) {
        let is_callable = |s: &&Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
        let (changed, _) = neighbours::told_apart(site);
        let is_added_to = site.todo.iter().any(Todo::is_beside);
        let stays = survey.groups.iter().any(|g| std::ptr::eq(g.lead(), site) && stays(survey, g).is_some());
        for symbol in changed.into_iter().filter(is_callable).filter(|_| !is_added_to && !stays) {
            for way in routed::ways(site.context, &site.path, symbol) {
                let (method, path) = declared::split(&way.route.name);
                let is_known = |e: &Endpoint| e.method == method && declared::is_same(&e.path, &path);
                let is_listed = endpoints.iter().chain(&found).any(is_known);
                let at = site.sibling(&way.path).lines(way.line, way.line);
                if is_listed
                    || endpoints.iter().any(|e| e.file.as_ref() == Some(&survey.fact_file(site.context, way.route)))
                {
                    continue;
                }
                let text = format!("goes through `{}` (`{}`)", full_name(&site.path, symbol), at.label());
                let through = Statement::new(Basis::Repository, text).at(at);
                let shown = endpoint(survey, site.context, way.route, method, path);
                found.push(Endpoint { change: vec![through], ..shown });
            }
        }
    }
    // What most of a service asks for tells nothing of one route.
    if found.len() <= MOST_REACHED {
        endpoints.extend(found);
    }
}

/// A declared route.
fn endpoint(survey: &Survey<'_, '_>, context: &Context, fact: &Fact, method: String, path: String) -> Endpoint {
    let auth = auth_of(survey, context, fact);
    Endpoint {
        method,
        path,
        existing: true,
        file: Some(survey.fact_file(context, fact)),
        handler: Some(clean(&fact.value)).filter(|v| !v.is_empty()),
        authentication: auth.map(|(name, file)| {
            Statement::new(Basis::Repository, format!("guarded by `{name}` at `{}`", file.label())).at(file)
        }),
        ..Endpoint::default()
    }
}

/// What guards a route.
fn auth_of(survey: &Survey<'_, '_>, context: &Context, fact: &Fact) -> Option<(String, FileRef)> {
    let guard = guards::of(context, fact)?;
    Some((guard.name, unsaid::line_of(survey, context, &guard.path, guard.line)))
}

/// What guards the route beside a new one.
fn guard_of(survey: &Survey<'_, '_>, context: &Context, fact: &Fact) -> Option<Statement> {
    let guard = guards::of(context, fact)?;
    let file = unsaid::line_of(survey, context, &guard.path, guard.line);
    let own = match guard.is_argument {
        true => "guard the new one the same way, by its first argument",
        false => "guard the new one the same way",
    };
    let text = format!("that one is guarded by `{}` (`{}`), {own}", guard.name, file.label());
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// The parameters that the ticket writes into a new route's query.
fn query_check(query: &str) -> Vec<Statement> {
    let names = query.split('&').filter_map(|pair| pair.split('=').next()).map(clean).filter(|n| !n.is_empty());
    let names: Vec<String> = names.take(6).map(|n| format!("`{n}`")).collect();
    let text = format!("refuse a missing or malformed {}", names.join(" or "));
    (!names.is_empty()).then(|| Statement::new(Basis::Ticket, text)).into_iter().collect()
}

/// Routes that the ticket names and nothing declares.
fn named_new(survey: &Survey<'_, '_>, known: &[Endpoint]) -> Vec<Endpoint> {
    let is_known = |m: &str, p: &str| {
        known.iter().any(|e| e.method == m && declared::is_same(p, &e.path))
            || survey.contexts.iter().any(|c| declared::find(c, m, p).is_some())
    };
    let new = asked_for(survey.reading).filter(|(m, p)| !is_known(m, p));
    new.map(|(method, path)| {
        let sibling = survey.contexts.iter().find_map(|c| Some((c, sibling(c, survey.reading, method, path)?)));
        let (bare, query) = path.split_once('?').unwrap_or((path.as_str(), ""));
        let near = sibling.into_iter().flat_map(|(c, f)| [Some(beside(survey, c, f)), guard_of(survey, c, f)]);
        Endpoint {
            method: method.clone(),
            path: clean(bare),
            existing: false,
            file: sibling.map(|(c, f)| survey.fact_file(c, f)),
            change: near.flatten().chain(shadow(survey, method, path)).collect(),
            validation: query_check(query),
            ..Endpoint::default()
        }
    })
    .take(6)
    .collect()
}

/// The routes of the ticket that it does not only tell of as they are today, each path once whatever its query.
fn asked_for(reading: &Reading) -> impl Iterator<Item = &(String, String)> {
    let bare = |path: &str| path.split('?').next().unwrap_or_default().trim_end_matches('/').to_owned();
    let mut seen = std::collections::BTreeSet::new();
    let all = reading.routes.iter().filter(|(m, p)| !is_told_as_there(reading, m, p));
    all.filter(move |(m, p)| seen.insert((m.clone(), bare(p))))
}

/// Does the ticket only tell how the route is today: “`GET /carts` lists carts”, “Currently `GET /carts` returns”?
fn is_told_as_there(reading: &Reading, method: &str, path: &str) -> bool {
    const TELLS: &[&str] =
        &[" answers", " currently", " gives", " has ", " is ", " lists", " returns", " shows", " tells", " today"];
    let bare = path.split('?').next().unwrap_or_default();
    let names = |text: &str| text.contains(&format!("{method} {bare}"));
    if reading.asked().any(|(_, text)| names(text)) || names(&reading.title) {
        return false;
    }
    let mut told = reading.sentences.iter().map(|s| format!(" {}", s.text.to_lowercase()));
    let lower = format!("{method} {bare}").to_lowercase();
    told.any(|sentence| sentence.contains(&lower) && TELLS.iter().any(|word| sentence.contains(word)))
}

/// The routes that the ticket tells of as they are today, and that nothing declares.
pub fn untold<'r>(context: &Context, reading: &'r Reading) -> Vec<(&'r str, &'r str)> {
    let has_routes = context.facts.iter().any(|f| f.kind == FactKind::Route);
    let is_known = |m: &str, p: &str| declared::find(context, m, p).is_some();
    let told = reading.routes.iter().filter(|(m, p)| is_told_as_there(reading, m, p) && !is_known(m, p));
    told.filter(|_| has_routes).map(|(m, p)| (m.as_str(), p.as_str())).collect()
}

/// The routes of the ticket that nothing declares. A path whose values fit a declared parameter is declared.
pub fn new_routes<'r>(context: &Context, reading: &'r Reading) -> Vec<(&'r str, &'r str)> {
    let has_routes = context.facts.iter().any(|f| f.kind == FactKind::Route);
    let is_known = |m: &str, p: &str| declared::find(context, m, p).is_some();
    let new = asked_for(reading).filter(|(m, p)| has_routes && !is_known(m, p));
    new.map(|(m, p)| (m.as_str(), p.as_str())).collect()
}

/// The declared routes that the ticket names, in the ticket's order.
pub fn named<'c>(context: &'c Context, reading: &Reading) -> Vec<(&'c Fact, String)> {
    let shown = |m: &str, p: &str| format!("{m} {}", clean(p.split('?').next().unwrap_or(p)));
    let found = |m: &str, p: &str| Some((declared::find(context, m, p)?, shown(m, p)));
    let mut out: Vec<(&Fact, String)> = Vec::new();
    for (fact, route) in reading.routes.iter().filter_map(|(m, p)| found(m, p)) {
        if out.iter().all(|(_, known)| *known != route) {
            out.push((fact, route));
        }
    }
    out
}

/// The declared route that shares most with a new one: of its path, or of the file that is mounted under it; one with the
/// same parameters, and one with a guard where what is asked of the route says who may. Where none shares a word, the
/// first route of the file that declares most of them.
pub fn sibling<'c>(context: &'c Context, reading: &Reading, method: &str, path: &str) -> Option<&'c Fact> {
    let wanted = terms(&fixed_parts(path));
    let first = terms(declared::parts(path).first().map_or("", String::as_str));
    let shared = |f: &Fact| {
        let own = terms(&fixed_parts(&declared::split(&f.name).1));
        let is_mount = !terms(stem(&f.path)).is_disjoint(&first);
        2 * own.intersection(&wanted).count() + if is_mount { 3 } else { 0 }
    };
    let routes: Vec<&Fact> = context.facts.iter().filter(|f| f.kind == FactKind::Route).collect();
    let is_asked_of = |text: &str| text.contains(path.split('?').next().unwrap_or(path));
    let wants_guard = reading.asked().any(|(_, text)| is_asked_of(text) && security::names_people(text));
    let parameters = |path: &str| declared::parts(path).iter().filter(|p| *p == "*").count();
    let begins_alike = |own: &str| {
        let (a, b) = (declared::parts(own), declared::parts(path));
        a.iter().zip(&b).take_while(|(a, b)| a == b).count()
    };
    let depth = |path: &str| declared::parts(path).len();
    let alike = |f: &Fact| {
        let (own_method, own) = declared::split(&f.name);
        let is_same_form = parameters(&own) == parameters(path) && depth(&own) == depth(path);
        (is_same_form, parameters(&own) == parameters(path), own_method == method, std::cmp::Reverse(f.line))
    };
    // “beside saving a post”: what the ticket itself puts it beside.
    let told: std::collections::BTreeSet<String> = reading
        .asked()
        .filter(|(_, text)| is_asked_of(text))
        .flat_map(|(_, text)| [" beside ", " just like ", " similar to "].iter().filter_map(|by| text.split_once(by)))
        .flat_map(|(_, rest)| terms(rest.split([',', ':', ';']).next().unwrap_or(rest)))
        .collect();
    let is_told = |f: &Fact| {
        let own = terms(stem(&declared::split(&f.name).1));
        own.iter()
            .any(|word| told.iter().any(|told| word.starts_with(told.as_str()) || told.starts_with(word.as_str())))
    };
    // A new path with several methods is like a path that has them too.
    let of_path = |p: &str| p.split('?').next() == path.split('?').next();
    let methods: Vec<&str> = reading.routes.iter().filter(|(_, p)| of_path(p)).map(|(m, _)| m.as_str()).collect();
    let alike_methods = |f: &Fact| {
        let own = declared::split(&f.name).1;
        let is_own =
            |o: &&Fact, method: &str| o.path == f.path && declared::split(&o.name) == (method.to_owned(), own.clone());
        methods.iter().filter(|method| routes.iter().any(|o| is_own(o, method))).count()
    };
    let guarded = |f: &Fact| if wants_guard && guards::of(context, f).is_some() { 3 } else { 0 };
    let nearest = routes.iter().filter(|f| shared(f) > 0).max_by_key(|f| {
        let begins = begins_alike(&declared::split(&f.name).1);
        (is_told(f), shared(f) + guarded(f) + 2 * begins, alike_methods(f), alike(f))
    });
    let count = |f: &Fact| routes.iter().filter(|o| o.path == f.path).count();
    nearest.copied().or_else(|| routes.iter().copied().max_by_key(|f| (count(f), alike(f))))
}

/// A route's parts that are no parameters.
fn fixed_parts(path: &str) -> String {
    declared::parts(path).into_iter().filter(|p| p != "*").collect::<Vec<_>>().join("/")
}

/// Where a new route is declared.
fn beside(survey: &Survey<'_, '_>, context: &Context, fact: &Fact) -> Statement {
    let file = survey.fact_file(context, fact);
    let flag = survey.asked.iter().find_map(|a| toggles::asked(a.text));
    let apart = context.tree.text(&fact.path).and_then(|text| conditions::outside(&text, fact.line, flag));
    let apart = apart.map_or(String::new(), |apart| format!(", {apart}"));
    let text = format!("declare it beside `{}` (`{}`){apart}", clean(&fact.name), file.label());
    Statement::new(Basis::Repository, text).at(file)
}

/// A declared route whose parameter also takes the new path.
fn shadow(survey: &Survey<'_, '_>, method: &str, path: &str) -> Option<Statement> {
    let wanted = declared::parts(path);
    let takes = |known: &str| {
        let known = declared::parts(known);
        let fits = |(k, w): (&String, &String)| k == "*" || k == w;
        known.len() == wanted.len() && known != wanted && known.iter().zip(&wanted).all(fits)
    };
    let (context, fact) = survey.facts(FactKind::Route).find(|(_, f)| {
        let (m, p) = declared::split(&f.name);
        m == method && takes(&p)
    })?;
    let file = survey.fact_file(context, fact);
    let text = format!(
        "`{}` (`{}`) takes this path too: make sure that the new route is tried first",
        clean(&fact.name),
        file.label()
    );
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// Public symbols to change that other files use.
fn public(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    if super::super::work::steps::is_only_text(survey) {
        return out;
    }
    for site in of_code(survey).filter(|s| !s.dependents.is_empty()) {
        let mut used = site.symbols.iter().filter(|s| is_open(s)).map(|s| (s, uses::files(site, [s])));
        let Some((symbol, files)) = used.find(|(_, files)| !files.is_empty()) else { continue };
        let reference = site.symbol(symbol);
        let first: Vec<String> = files.iter().take(2).map(|path| format!("`{path}`")).collect();
        let users = match files.len() - first.len() {
            0 => listed(&first),
            more => format!("{} and {more} more", first.join(", ")),
        };
        // These languages export from a file or package; who outside of the repository may use it, they do not say.
        let is_exported = matches!(ending(&site.path), "go" | "js" | "jsx" | "mjs" | "ts" | "tsx");
        let word = if is_exported { "exported" } else { "public" };
        let text = format!("`{}` is {word}, and used in {users}: `{}`", reference.name, signature(symbol));
        out.push(Statement::new(Basis::Repository, text).at(reference.file));
    }
    out.truncate(4);
    out
}

/// The code whose symbols may be an interface.
fn of_code<'s, 'c>(survey: &Survey<'s, 'c>) -> impl Iterator<Item = &'s Site<'c>> {
    survey.sure_code().filter(|s| s.layer != Layer::Migration)
}

/// Is the symbol public, with a head to show?
fn is_open(symbol: &Symbol) -> bool {
    symbol.is_public && !symbol.signature.is_empty()
}

/// Why no public symbol is told: none is to change, or none of them is known to be imported.
fn unused(survey: &Survey<'_, '_>) -> &'static str {
    let mut all = of_code(survey).flat_map(|site| &site.symbols).peekable();
    match (all.peek().is_some(), all.any(is_open)) {
        _ if super::super::work::steps::is_only_text(survey) => "only texts are replaced",
        (false, _) => "the plan names no symbol to change",
        (true, true) => "no use of a public symbol to change was found in the files that import its own",
        (true, false) => "no symbol to change is public",
    }
}
