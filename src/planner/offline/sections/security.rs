//! Security: what of this change meets authentication, outside input, secrets or people's data, by the code it touches.

use super::{
    super::{
        Survey,
        code::{guards, layer::Layer},
        places::{settings, site::Site, todo::Todo},
        unsaid,
    },
    interface,
};
use crate::model::{
    context::{FactKind, Symbol, SymbolKind},
    plan::{Action, Basis, Citation, Endpoint, Question, Security, Statement},
};
use crate::planner::words::{clean, listed, split_case};

/// Path words of code that decides who may do what.
const ACCESS: &[&str] =
    &["auth", "login", "session", "permission", "permissions", "acl", "token", "oauth", "jwt", "password"];

/// Lines before a query in which the call stands that puts it together.
const CALL: usize = 2;

/// What says alone that not everybody may.
const ALONE: &[&str] = &["signed-in", "signed in", "logged-in", "logged in", "permission", "unauthorized", "forbidden"];
/// People who may what others may not.
const PEOPLE: &[&str] = &["staff", "admin", "admins", "role", "users", "members", "owner", "owners", "customers"];

/// Codes of refusal. They say who may only where somebody is refused with them: a status alone tells how an answer looks.
const REFUSED: &[&str] = &["401", "403"];
/// Who is refused.
const REFUSED_ONES: &[&str] = &[
    "anybody",
    "anyone",
    "everybody",
    "everyone",
    "guest",
    "guests",
    "no token",
    "nobody",
    "others",
    "somebody",
    "someone",
    "stranger",
    "strangers",
    "visitor",
    "visitors",
    "who",
    "whoever",
    "without a token",
    "without token",
    "without the token",
    "without one",
    "ohne token",
    "wer",
];

/// The security section.
pub fn of(survey: &Survey<'_, '_>) -> Security {
    let security =
        Security { access: access(survey), input: input(survey), secrets: secrets(survey), ..Security::default() };
    let is_empty = security.access.is_empty() && security.input.is_empty() && security.secrets.is_empty();
    let absent = is_empty.then(|| match survey.contexts.is_empty() {
        true => "Without a repository neither access code nor input nor secrets could be looked at.".to_owned(),
        false => {
            "Looked in the ticket and in the symbols to change for who may and what decides it, new routes, secrets that are read, and queries put together from text; found none."
                .to_owned()
        }
    });
    Security { absent, ..security }
}

/// Authentication and authorization in or around the files to change.
fn access(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = asked(survey, says_who_may, |id| format!("{id} says who may and who is refused"));
    if survey.is_of_security() {
        let asks = survey.asked.iter().filter(|a| !a.is_criterion && !says_who_may(a.text) && !keeps_secret(a.text));
        let standing = asks.filter(|a| survey.overruled.iter().all(|(id, _)| id != a.id)).take(4);
        out.extend(standing.map(|a| {
            let cited = Citation::Ticket { quote: a.text.to_owned(), place: a.place.clone() };
            Statement::new(Basis::Ticket, format!("{} is what this ticket of security asks for", a.id)).citing(cited)
        }));
    }
    for site in survey.code().filter(|s| guards(s)) {
        let text = format!("`{}` decides who may do what: have the change reviewed for it", site.path);
        out.push(Statement::new(Basis::Repository, text).at(site.file()));
    }
    for (context, route) in survey.facts(FactKind::Route) {
        let here = survey.sure_code().find(|s| std::ptr::eq(s.context, context) && s.path == route.path);
        let Some((site, guard)) = here.and_then(|site| Some((site, guards::of(context, route)?))) else {
            continue;
        };
        let file = unsaid::line_of(survey, context, &guard.path, guard.line);
        let guarded = format!("`{}` guards `{}` (`{}`)", guard.name, clean(&route.name), file.label());
        // Where routes are only added, those that are there keep their guards.
        let only_adds = !site.todo.is_empty() && site.todo.iter().all(Todo::adds);
        let text = match (only_adds, guard.is_argument) {
            (true, true) => format!("{guarded}, as an argument of what answers"),
            (true, false) => format!("{guarded}, in the same file"),
            (false, _) => format!("{guarded}: keep it in front"),
        };
        out.push(Statement::new(Basis::Repository, text).at(file));
    }
    out.truncate(4);
    out
}

/// What the ticket asks for that fits, at most four, by id: its words stand in the list of criteria.
fn asked(survey: &Survey<'_, '_>, fits: fn(&str) -> bool, said: fn(&str) -> String) -> Vec<Statement> {
    let wanted = survey.asked.iter().filter(|a| fits(a.text) && survey.overruled.iter().all(|(id, _)| id != a.id));
    let statement = |a: &super::super::survey::Asked<'_, '_>| {
        let cited = Citation::Ticket { quote: a.text.to_owned(), place: a.place.clone() };
        Statement::new(Basis::Ticket, said(a.id)).citing(cited)
    };
    wanted.take(4).map(statement).collect()
}

/// Does the sentence say who may do something?
pub fn says_who_may(text: &str) -> bool {
    has_phrase(text, ALONE) || refuses(text) || (has_phrase(text, &["only"]) && has_phrase(text, PEOPLE))
}

/// Does the sentence refuse somebody with a code?
fn refuses(text: &str) -> bool {
    has_phrase(text, REFUSED) && (has_phrase(text, REFUSED_ONES) || has_phrase(text, PEOPLE))
}

/// Does the sentence name people who may, or say that one has to be signed in?
pub fn names_people(text: &str) -> bool {
    const MORE: &[&str] = &["personal", "mitarbeiter", "angemeldete", "team", "operator", "operators", "support"];
    has_phrase(text, ALONE) || refuses(text) || has_phrase(text, PEOPLE) || has_phrase(text, MORE)
}

/// Does the sentence ask how a secret is kept?
pub fn keeps_secret(text: &str) -> bool {
    has_phrase(
        text,
        &["secret", "password", "api key", "hmac", "hmac-sha256", "signature", "credentials", "private key"],
    ) || (has_phrase(text, &["key", "token"])
        && has_phrase(text, &["logged", "configuration", "environment", "stored"]))
}

/// Does the text hold one of these as whole words?
fn has_phrase(text: &str, phrases: &[&str]) -> bool {
    let text: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let spaced: String =
        text.to_lowercase().chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { ' ' }).collect();
    let padded = format!(" {spaced} ");
    phrases.iter().any(|p| padded.contains(&format!(" {p} ")))
}

/// Outside input that reaches the files to change.
fn input(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = routes(survey);
    out.extend(survey.code().take(8).filter_map(raw_query));
    out.truncate(4);
    out
}

/// New routes of which neither the ticket nor a neighbour's guard says who may call them, and what the ticket lets come in.
fn routes(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let new: Vec<Endpoint> = interface::of(survey).endpoints.into_iter().filter(|e| !e.existing).collect();
    let mut out = Vec::new();
    if let Some((names, first)) = open(&new) {
        let text = format!("Who may call {names} is an open question: no guard stands where it comes");
        let said = Statement::new(Basis::Ticket, text);
        out.push(first.file.iter().fold(said, |s, f| s.at(f.clone())));
    }
    let told = new.iter().filter(|e| e.authentication.is_some() || is_guarded(e)).take(2);
    out.extend(told.map(closed));
    if new.is_empty() {
        out.extend(survey.code().filter_map(|s| router(survey, s)).take(2));
    }
    for endpoint in new.iter().filter(|e| !e.validation.is_empty()).take(2) {
        let checks: Vec<&str> = endpoint.validation.iter().map(|v| v.text.as_str()).collect();
        out.push(Statement::new(Basis::Ticket, format!("{}: {}", name(endpoint), checks.join("; "))));
    }
    out
}

/// A route by method and path.
fn name(endpoint: &Endpoint) -> String {
    format!("`{} {}`", endpoint.method, endpoint.path)
}

/// Does a guard stand in front of the route beside which this one comes?
fn is_guarded(endpoint: &Endpoint) -> bool {
    endpoint.change.iter().any(|s| s.text.contains("guarded by"))
}

/// The new routes that nothing says who may call: their names, and the first of them.
fn open(new: &[Endpoint]) -> Option<(String, &Endpoint)> {
    let open: Vec<&Endpoint> = new.iter().filter(|e| e.authentication.is_none() && !is_guarded(e)).take(3).collect();
    let names: Vec<String> = open.iter().map(|e| name(e)).collect();
    open.first().map(|first| (listed(&names), *first))
}

/// Who may call a new route, where neither the ticket nor a guard beside it says so.
pub fn question(survey: &Survey<'_, '_>) -> Option<Question> {
    let new: Vec<Endpoint> = interface::of(survey).endpoints.into_iter().filter(|e| !e.existing).collect();
    let (names, first) = open(&new)?;
    let beside = first
        .file
        .as_ref()
        .map_or(String::new(), |f| format!(", and no guard stands in front of `{}`, beside which it comes", f.label()));
    let ask = Statement::new(Basis::Ticket, format!("Who may call {names}? The ticket does not say{beside}"));
    Some(Question {
        ask: first.file.iter().fold(ask, |ask, f| ask.at(f.clone())),
        decides: "the guard of the new route, and the answer to everybody else".to_owned(),
    })
}

/// A new route of which the ticket or a neighbour's guard tells who may call it.
fn closed(endpoint: &Endpoint) -> Statement {
    let route = format!("`{} {}` is new", endpoint.method, endpoint.path);
    let guard = endpoint.change.iter().find(|s| s.text.contains("guarded by"));
    match (&endpoint.authentication, guard) {
        (Some(told), _) => Statement { text: format!("{route}: {}", told.text), ..told.clone() },
        (None, Some(guard)) => Statement {
            text: format!(
                "{route}: {}",
                guard.text.replace("that one is", "its neighbour is").replace("the new one", "it")
            ),
            ..guard.clone()
        },
        (None, None) => Statement::new(Basis::Ticket, route),
    }
}

/// A file to create that declares routes, as the one does that it is made like.
fn router(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Statement> {
    let like = site.convention.as_ref()?.1.as_ref().filter(|_| site.action == Action::Create)?;
    let routes = || site.context.facts.iter().filter(|f| f.kind == FactKind::Route && f.path == *like);
    routes().next()?;
    let is_told = survey.asked.iter().any(|a| says_who_may(a.text));
    let guard = routes().find_map(|route| Some((guards::of(site.context, route)?, route)));
    let (shown, file) = match guard {
        Some((guard, _)) => {
            let file = site.sibling(&guard.path).lines(guard.line, guard.line);
            (format!("`{}` guards routes of `{like}` (`{}`)", guard.name, file.label()), file)
        }
        None => (format!("no guard stands at the routes of `{like}`"), site.sibling(like)),
    };
    let said = if is_told { "the ticket says who may" } else { "the ticket does not say who may call them" };
    let text = format!("`{}` declares new routes, and {said}; {shown}", site.path);
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// A query that is put together from pieces, in the symbols to change.
fn raw_query(site: &Site<'_>) -> Option<Statement> {
    let lines: Vec<&str> = site.text.as_deref()?.lines().collect();
    let (line, _) = lines.iter().enumerate().find(|(at, line)| {
        let number = *at as u32 + 1;
        let all = site.symbols.iter().chain(&site.reads);
        let is_inside = all.into_iter().any(|s| s.line <= number && number <= s.end_line);
        let lower = line.to_ascii_lowercase();
        if ["//", "#", "*", "--"].iter().any(|mark| lower.trim_start().starts_with(mark)) {
            return false;
        }
        // A call goes on in the lines behind its name.
        let opens = lines[at.saturating_sub(CALL)..*at].iter().rposition(|above| above.trim_end().ends_with('('));
        let from = opens.map_or(*at, |back| at.saturating_sub(CALL) + back);
        let line = lines[from..=*at].join(" ");
        let is_query = ["select ", "insert into ", "delete from "].iter().any(|w| lower.contains(w));
        let has_query = is_query || lower.contains("update ") && lower.contains(" set ");
        let is_pieced =
            ["format!(", "f\"", "f'", "${", "\" +", "' +", "% (", ".format("].iter().any(|w| line.contains(w));
        is_inside && has_query && is_pieced
    })?;
    let file = site.file().lines(line as u32 + 1, line as u32 + 1);
    let said = format!("`{}` puts a query together from pieces: bind new values as parameters", file.label());
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// Secret keys that the files to change read.
fn secrets(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out =
        asked(survey, keeps_secret, |id| format!("{id} handles a secret: see that no log, error or address holds it"));
    let keys = survey.facts(FactKind::EnvironmentKey).chain(survey.facts(FactKind::ConfigKey));
    for (context, fact) in keys {
        let is_secret =
            ["SECRET", "TOKEN", "PASSWORD", "KEY", "CREDENTIAL"].iter().any(|w| fact.name.to_uppercase().contains(w));
        let reader = survey
            .code()
            .find(|s| std::ptr::eq(s.context, context) && s.text.as_deref().is_some_and(|t| reads(t, &fact.name)));
        if let (true, Some(site)) = (is_secret, reader) {
            let text =
                format!("`{}` reads the secret `{}`: keep it out of logs and errors", site.path, clean(&fact.name));
            out.push(Statement::new(Basis::Repository, text).at(survey.fact_file(context, fact)));
        }
    }
    for site in survey.code() {
        let fields = settings::fields(site.context);
        let own: Vec<_> = fields.iter().filter(|f| f.is_secret() && f.path == site.path).collect();
        for field in own {
            let file = site.file().lines(field.line, field.line);
            let text =
                format!("`{}` holds the secret `{}`: keep it out of logs and errors", file.label(), clean(&field.name));
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
        for (field, file) in settings::read(site, &fields).into_iter().filter(|(f, _)| f.is_secret()) {
            let text =
                format!("`{}` reads the secret `{}`: keep it out of logs and errors", file.label(), clean(&field.name));
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out.truncate(3);
    out
}

/// Does the code read the key: as it is written, or as a field of the settings (`sms_key`, `smsKey` for `SMS_KEY`)?
fn reads(text: &str, key: &str) -> bool {
    let mut parts = key.split('_').map(str::to_lowercase);
    let first = parts.next().unwrap_or_default();
    let capital = |part: String| part[..1].to_uppercase() + &part[1..];
    let camel = parts.filter(|p| p.is_ascii() && !p.is_empty()).map(capital).fold(first, |all, part| all + &part);
    // A name of one word (`TOKEN`) is any variable's: only the key itself counts.
    let fields = if key.contains('_') { vec![key.to_owned(), key.to_lowercase(), camel] } else { vec![key.to_owned()] };
    fields
        .iter()
        .any(|field| field.len() >= 5 && text.lines().any(|line| super::super::code::edges::names(line, field)))
}

/// Is the file called for who may do what? A compiler has tokens too: they count where the code speaks of access.
fn is_access(site: &Site<'_>) -> bool {
    const SPEAKS: &[&str] =
        &["authori", "authenti", "bearer", "credential", "expir", "jwt", "login", "password", "sign in"];
    let text = site.text.as_deref().unwrap_or_default().to_lowercase();
    let speaks = || SPEAKS.iter().any(|word| text.contains(word));
    path_words(&site.path).any(|w| ACCESS.contains(&w) && (w != "token" || speaks()))
}

/// The words of a path, lower case only.
fn path_words(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '.', '_', '-'])
}

/// Does the file, or a symbol to change in it, decide who may do what?
pub fn guards(site: &Site<'_>) -> bool {
    let signs_in = |name: &str| {
        let words: Vec<String> = name.split('_').flat_map(split_case).map(str::to_lowercase).collect();
        let pair = |a: &str, b: &str| words.windows(2).any(|w| w[0] == a && w[1] == b);
        words.iter().any(|w| ACCESS.contains(&w.as_str())) || pair("sign", "in") || pair("log", "in")
    };
    let runs = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro);
    let is_declared_only = {
        let symbols = site.context.tree.symbols(&site.path);
        !symbols.is_empty() && !symbols.iter().any(runs)
    };
    !is_declared_only
        && site.layer != Layer::View
        && (is_access(site) || site.symbols.iter().take(2).any(|s| signs_in(&s.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_who_may_where_somebody_is_refused() {
        let check = |text: &str, expected: bool| assert_eq!(says_who_may(text), expected, "{text}");
        check("Only staff get it; everybody else gets 401 as on the other pages", true);
        check("Without the token the answer is 403", true);
        check("Whoever is not the owner gets 403", true);
        check("Both cases must answer 401 with the same body", false);
        check("A wrong password answers 401", false);
        check("One has to be signed in", true);
    }
}
