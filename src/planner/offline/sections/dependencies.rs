//! Dependencies: the packages that the files to change use, settings they read, tickets before and people after.

use std::collections::BTreeSet;

use super::super::{
    Survey,
    code::path::ending,
    places::{settings, site::Site, todo::Act},
    work::{amounts, listed::Listed, steps::counted},
};
use crate::model::{
    context::{FactKind, FileClass},
    plan::{Basis, Dependencies, FileRef, Package, PackageChange, Statement},
};
use crate::planner::words::{clean, split_case};

/// The dependency section.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Dependencies {
    let packages = packages(survey);
    let configuration = configuration(survey);
    let upstream = upstream(survey);
    let downstream = downstream(survey, listed);
    let manager = manager(survey, &packages);
    let is_empty = packages.is_empty() && configuration.is_empty() && upstream.is_empty();
    let absent = is_empty.then(|| match survey.contexts.is_empty() {
        true => "Looked for packages, settings and linked tickets in the ticket; it names none.".to_owned(),
        false => {
            let count = survey.facts(FactKind::Dependency).count();
            if count == 0 {
                return "Looked for manifests that declare packages; found none.".to_owned();
            }
            format!(
                "No new package: the ticket names none, nor one of the repository's {}; {}, and no ticket is waited for.",
                counted(count, "declared package"),
                unread(survey)
            )
        }
    });
    Dependencies { manager, packages, configuration, upstream, downstream, absent, ..Dependencies::default() }
}

/// The repository's own package manager.
fn manager(survey: &Survey<'_, '_>, packages: &[Package]) -> Option<Statement> {
    let (context, fact) = survey.facts(FactKind::PackageManager).find(|(_, fact)| serves_change(survey, &fact.name))?;
    let changes = packages.iter().any(|p| p.change != PackageChange::Used);
    let text = changes.then(|| format!("`{}` is the package manager here", clean(&fact.name)))?;
    Some(Statement::new(Basis::Repository, text).at(survey.fact_file(context, fact)))
}

/// Does the package manager serve the language of a file that changes, as far as it is known?
fn serves_change(survey: &Survey<'_, '_>, manager: &str) -> bool {
    const LANGUAGES: &[(&[&str], &[&str])] = &[
        (&["pip", "poetry", "uv", "pipenv", "conda"], &["py", "pyi"]),
        (&["npm", "yarn", "pnpm", "bun"], &["js", "jsx", "ts", "tsx", "mjs", "cjs", "vue", "svelte"]),
        (&["cargo"], &["rs"]),
        (&["go"], &["go"]),
        (&["bundler"], &["rb", "erb"]),
        (&["composer"], &["php"]),
        (&["gradle", "maven"], &["java", "kt", "kts", "groovy", "scala"]),
        (&["nuget", "dotnet"], &["cs", "fs", "vb"]),
    ];
    let Some((_, extensions)) = LANGUAGES.iter().find(|(names, _)| names.contains(&manager)) else { return true };
    let mut code = survey.code().peekable();
    code.peek().is_none() || code.any(|site| extensions.contains(&super::super::code::path::ending(&site.path)))
}

/// Declared packages that the ticket names, or that the symbols to change use.
fn packages(survey: &Survey<'_, '_>) -> Vec<Package> {
    let title = survey.reading.title.to_lowercase();
    let title = without_scope(&title);
    let mut out: Vec<Package> = Vec::new();
    for (context, fact) in survey.facts(FactKind::Dependency) {
        let lower = fact.name.to_lowercase();
        let words =
            |text: &str| text.split(|c: char| !(c.is_alphanumeric() || "-_@/.".contains(c))).any(|w| w == lower);
        let in_title = words(title);
        let in_code = survey.reading.codes.iter().any(|c| c.to_lowercase() == lower);
        let user = survey.code().find(|s| std::ptr::eq(s.context, context) && uses(s, &fact.name));
        if !(in_title || in_code) {
            continue;
        }
        let is_upgrade = in_title && ["upgrade", "bump", "update"].iter().any(|w| title.contains(w));
        let change =
            if is_upgrade || is_raised(survey, &fact.name) { PackageChange::Upgrade } else { PackageChange::Used };
        let note = user.map(|s| Statement::new(Basis::Repository, format!("imported by `{}`", s.path)).at(s.file()));
        out.push(Package {
            name: clean(&fact.name),
            version: fact.version.as_deref().map(clean),
            change,
            file: Some(survey.fact_file(context, fact)),
            note,
        });
    }
    let new = super::super::places::adopted::names(survey).into_iter().filter(|_| !survey.contexts.is_empty());
    out.extend(new.map(|name| Package {
        name,
        version: None,
        change: PackageChange::Add,
        file: None,
        note: Some(Statement::new(Basis::Ticket, "the ticket asks for it, and no manifest declares it")),
    }));
    out.sort_by_key(|p| p.change == PackageChange::Used);
    out.truncate(6);
    out
}

/// Does a step raise the package's version along?
fn is_raised(survey: &Survey<'_, '_>, package: &str) -> bool {
    let raises = survey.sites.iter().flat_map(|site| &site.todo).filter(|todo| todo.act == Act::Raise);
    let marked = format!("`{package}`");
    raises.into_iter().any(|todo| todo.said.text.contains(&marked))
}

/// A title behind the type and scope of a conventional commit (conventionalcommits.org): a scope says where, not with what.
fn without_scope(title: &str) -> &str {
    let is_type = |head: &str| !head.is_empty() && head.chars().all(|c| c.is_ascii_alphabetic());
    match title.split_once("):") {
        Some((head, rest))
            if head.split_once('(').is_some_and(|(kind, scope)| is_type(kind) && !scope.contains(' ')) =>
        {
            rest
        }
        _ => title,
    }
}

/// Do the symbols to change use what their file imports from the package?
fn uses(site: &Site<'_>, package: &str) -> bool {
    let Some(text) = site.text.as_deref() else { return false };
    let names: BTreeSet<&str> = imports(text, package).flat_map(imported).collect();
    !names.is_empty() && site.touched().any(|line| words(line).any(|word| names.contains(word)))
}

/// The names that a line brings in: all but the words of importing itself.
fn imported(line: &str) -> impl Iterator<Item = &str> {
    const IDLE: &[&str] =
        &["use", "import", "from", "require", "const", "let", "var", "using", "include", "as", "type", "self", "crate"];
    // What stands in quotes is the package, not a name of it.
    let unquoted = line.split(['"', '\'']).step_by(2).flat_map(words);
    unquoted.filter(|word| word.len() >= 2 && !IDLE.contains(word))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The lines at the head of a file that import the package.
fn imports<'t>(text: &'t str, package: &str) -> impl Iterator<Item = &'t str> {
    let module = package.rsplit('/').next().unwrap_or(package).replace('-', "_");
    let starts = ["use ", "import ", "from ", "require", "const ", "#include", "using "];
    let quoted = [format!("'{package}'"), format!("\"{package}\""), format!("\"{package}/"), format!("'{package}/")];
    let heads = text.lines().take(80).map(str::trim_start).filter(move |l| starts.iter().any(|s| l.starts_with(s)));
    heads.filter(move |line| {
        let first = line.split_whitespace().nth(1).unwrap_or_default();
        let root = first.split([':', '.', ';', ',']).next().unwrap_or_default();
        quoted.iter().any(|q| line.contains(q)) || (root == module && !line.contains(['"', '\'']))
    })
}

/// Settings that the symbols to change read, or that the ticket names.
fn configuration(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    let keys = survey.facts(FactKind::EnvironmentKey).chain(survey.facts(FactKind::ConfigKey));
    for (context, fact) in keys.filter(|(_, f)| f.name.len() >= 4) {
        let reader = survey.code().filter(|s| std::ptr::eq(s.context, context)).find_map(|s| read_at(s, &fact.name));
        let is_named = survey.reading.codes.contains(&fact.name);
        let name = clean(&fact.name);
        let (said, file) = match (reader, is_named) {
            (_, true) => (format!("`{name}`, named by the ticket"), survey.fact_file(context, fact)),
            (Some(file), _) => (format!("`{name}`, read at `{}`", file.label()), file),
            _ => continue,
        };
        if out.iter().all(|known| known.text != said) {
            out.push(Statement::new(Basis::Repository, said).at(file));
        }
    }
    for site in survey.code() {
        let fields = settings::fields(site.context);
        for (field, file) in settings::read(site, &fields) {
            let at = site.sibling(&field.path).lines(field.line, field.line);
            let said = format!("`{}` (`{}`), read at `{}`", clean(&field.name), at.label(), file.label());
            if out.iter().all(|known| !known.text.contains(&format!("`{}`", field.name))) {
                out.push(Statement::new(Basis::Repository, said).at(at).at(file));
            }
        }
    }
    out.truncate(5);
    out
}

/// What is known of settings where none is told.
fn unread(survey: &Survey<'_, '_>) -> &'static str {
    if survey.groups.iter().any(|group| amounts::ruled(survey, group).is_some()) {
        return "the setting that is to be read stands in its step";
    }
    let mut lines = survey.code().flat_map(Site::touched).peekable();
    match (lines.peek().is_some(), lines.any(may_read)) {
        (false, _) => "no symbol to change was found that could read a setting",
        (true, true) => "no declared setting is named in the symbols to change",
        (true, false) => "the symbols to change read no setting",
    }
}

/// Does the line hold a word that code reads settings by?
fn may_read(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "config",
        "configs",
        "configuration",
        "conf",
        "cfg",
        "setting",
        "settings",
        "option",
        "options",
        "opts",
        "env",
        "environ",
        "environment",
        "getenv",
        "preference",
        "preferences",
        "prefs",
        "flag",
        "flags",
        "parameters",
    ];
    words(line)
        .flat_map(|word| word.split('_'))
        .flat_map(split_case)
        .any(|w| WORDS.contains(&w.to_lowercase().as_str()))
}

/// The line of the symbols to change that reads the setting: in quotes, or as a name.
fn read_at(site: &Site<'_>, name: &str) -> Option<FileRef> {
    let text = site.text.as_deref()?;
    let is_touched = |at: u32| site.symbols.iter().any(|s| s.line <= at && at <= s.end_line);
    // Written in capitals, a word may as well stand for an argument in a text for people: `--path <PATH>`.
    const SOURCES: &[&str] = &["env", "conf", "setting", "option", "opts", "vars"];
    let is_loud = name.chars().all(|c| c.is_ascii_uppercase());
    let is_read = |line: &str| !is_loud || SOURCES.iter().any(|word| line.to_lowercase().contains(word));
    let reads = |line: &str| super::super::code::edges::names(line, name) && is_read(line);
    let (at, _) = (1_u32..).zip(text.lines()).find(|(at, line)| is_touched(*at) && reads(line))?;
    Some(site.file().lines(at, at))
}

/// Tickets that the ticket hangs on.
fn upstream(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let links = survey.ticket.links.iter().filter(|l| {
        let relation = l.relation.to_lowercase();
        relation.contains("blocked") || relation.contains("depends") || relation.contains("predecessor")
    });
    links
        .take(8)
        .map(|link| {
            let title = link.title.as_deref().map_or(String::new(), |t| format!(" “{}”", clean(t)));
            let said = format!("`{}`{title} ({})", clean(&link.reference), clean(&link.relation));
            Statement::new(Basis::Ticket, said)
        })
        .collect()
}

/// Files that import what changes and are not changed themselves.
fn downstream(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for site in survey.code().filter(|s| s.dependents.len() >= 2 && listed.changes(&s.file())).take(4) {
        let is_source = |p: &&String| site.context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
        let is_other = |p: &&String| !listed.changes(&site.sibling(p));
        let others: Vec<&String> = site.dependents.iter().filter(is_source).filter(is_other).collect();
        if others.is_empty() {
            continue;
        }
        let shown: Vec<String> = others.iter().take(3).map(|p| format!("`{p}`")).collect();
        let more = if others.len() > 3 { format!(" and {} more", others.len() - 3) } else { String::new() };
        let imported = if ending(&site.path) == "go" { "used" } else { "imported" };
        let said = format!("`{}` is {imported} by {}{more}, unchanged by this plan", site.path, shown.join(", "));
        let statement = Statement::new(Basis::Repository, said).at(site.file());
        out.push(others.iter().take(3).fold(statement, |s, p| s.at(site.sibling(p))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_no_package_that_is_used() {
        assert_eq!(without_scope("fix(@acme/shop): use axum"), " use axum");
        assert_eq!(without_scope("use axum (in the cart): it is faster"), "use axum (in the cart): it is faster");
    }

    #[test]
    fn code_may_read_settings_by_many_words() {
        for (line, expected) in [
            ("let x = self.get_config(a);", true),
            ("if cfg.debug {", true),
            ("process.env.SMS_KEY", true),
            ("total(cart)", false),
            ("envelope.seal()", false),
        ] {
            assert_eq!(may_read(line), expected, "{line}");
        }
    }
}
