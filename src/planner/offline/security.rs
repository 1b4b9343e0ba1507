//! Security: what of this change meets authentication, outside input, secrets or people's data, by the code it touches.

use super::{Survey, layer::Layer, site::Site};
use crate::model::{
    context::FactKind,
    plan::{Basis, Security, Statement},
};
use crate::planner::words::clean;

/// Path words of code that decides who may do what.
const ACCESS: &[&str] =
    &["auth", "login", "session", "permission", "permissions", "acl", "token", "oauth", "jwt", "password"];

/// The security section.
pub fn of(survey: &Survey<'_, '_>) -> Security {
    let security =
        Security { access: access(survey), input: input(survey), secrets: secrets(survey), ..Security::default() };
    let is_empty = security.access.is_empty() && security.input.is_empty() && security.secrets.is_empty();
    let absent = is_empty.then(|| match survey.contexts.is_empty() {
        true => "Without a repository neither access code nor input nor secrets could be looked at.".to_owned(),
        false => {
            "Looked for authentication code, routes, secret keys and queries in the files of the steps; found none."
                .to_owned()
        }
    });
    Security { absent, ..security }
}

/// Authentication and authorization in or around the files to change.
fn access(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for site in survey.code().filter(|s| path_words(&s.path).any(|w| ACCESS.contains(&w))) {
        let text = format!("`{}` decides who may do what: have the change reviewed for it", site.path);
        out.push(Statement::new(Basis::Repository, text).at(site.file()));
    }
    for (context, fact) in survey.facts(FactKind::Auth) {
        if survey.sites.iter().any(|s| std::ptr::eq(s.context, context) && s.path == fact.path) {
            let file = survey.fact_file(context, fact);
            let text = format!("`{}` at `{}` guards this code: keep it in front", clean(&fact.name), file.label());
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out.truncate(4);
    out
}

/// Outside input that reaches the files to change.
fn input(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for site in survey.code().take(8) {
        let routes =
            survey.facts(FactKind::Route).filter(|(c, f)| std::ptr::eq(*c, site.context) && f.path == site.path);
        let names: Vec<String> = routes.map(|(_, f)| format!("`{}`", clean(&f.name))).take(3).collect();
        if !names.is_empty() {
            let text = format!(
                "`{}` takes outside input through {}: check what is new in it there",
                site.path,
                names.join(", ")
            );
            out.push(Statement::new(Basis::Repository, text).at(site.file()));
        }
        out.extend(raw_query(site));
    }
    out.truncate(4);
    out
}

/// A query that is put together from pieces, in the symbols to change.
fn raw_query(site: &Site<'_>) -> Option<Statement> {
    let text = site.text.as_deref()?;
    let (line, _) = text.lines().enumerate().find(|(at, line)| {
        let number = *at as u32 + 1;
        let is_inside = site.symbols.iter().any(|s| s.line <= number && number <= s.end_line);
        let lower = line.to_ascii_lowercase();
        let has_query = ["select ", "insert into ", "update ", "delete from "].iter().any(|w| lower.contains(w));
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
    let mut out = Vec::new();
    let keys = survey.facts(FactKind::EnvironmentKey).chain(survey.facts(FactKind::ConfigKey));
    for (context, fact) in keys {
        let is_secret =
            ["SECRET", "TOKEN", "PASSWORD", "KEY", "CREDENTIAL"].iter().any(|w| fact.name.to_uppercase().contains(w));
        let reader = survey.code().find(|s| {
            std::ptr::eq(s.context, context) && s.text.as_deref().is_some_and(|t| t.contains(fact.name.as_str()))
        });
        if let (true, Some(site)) = (is_secret, reader) {
            let text =
                format!("`{}` reads the secret `{}`: keep it out of logs and errors", site.path, clean(&fact.name));
            out.push(Statement::new(Basis::Repository, text).at(survey.fact_file(context, fact)));
        }
    }
    out.truncate(3);
    out
}

/// The words of a path, lower case only.
fn path_words(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '.', '_', '-'])
}

/// Does the change meet code that decides who may do what?
pub fn is_sensitive(survey: &Survey<'_, '_>) -> bool {
    survey.code().any(|s| s.layer != Layer::View && path_words(&s.path).any(|w| ACCESS.contains(&w)))
}
