//! The database by its own name, with the line that says so: the image that is started, the address that is connected to,
//! the provider of a schema. A client library is no database.
//!
//! In: the [`Survey`] and the technology that is known. Out: the same, with the server in front of its clients.

use super::super::{Survey, unsaid::line_of};
use crate::model::{
    context::{Context, FileClass},
    plan::Technology,
};

/// Files that are looked at, and lines of each.
const SEARCHED: usize = 400;
const LINES: usize = 600;
/// Names of servers, and how images, addresses and providers write them.
const SERVERS: &[(&str, &[&str])] = &[
    ("PostgreSQL", &["postgres", "postgresql", "postgis/postgis"]),
    ("MySQL", &["mysql"]),
    ("MariaDB", &["mariadb"]),
    ("SQLite", &["sqlite", "sqlite3"]),
    ("MongoDB", &["mongodb", "mongo", "mongodb+srv"]),
    ("SQL Server", &["sqlserver", "mssql"]),
];

/// Names the server; its client libraries stand as such below it.
pub fn named(survey: &Survey<'_, '_>, technology: &mut Vec<Technology>) {
    let Some(at) = technology.iter().position(|t| t.role == "Database") else { return };
    let found = survey.contexts.iter().find_map(|context| Some((context, find(context)?)));
    let Some((context, (name, version, path, line))) = found else { return };
    for client in technology.iter_mut().filter(|t| t.role == "Database") {
        "Database client".clone_into(&mut client.role);
    }
    let server = Technology {
        role: "Database".to_owned(),
        name: name.to_owned(),
        version,
        file: Some(line_of(survey, context, &path, line)),
        rationale: None,
    };
    technology.insert(at, server);
}

/// A server's name, its version where an image tells it, and the line.
type Server = (&'static str, Option<String>, String, u32);

/// What is started with a version comes before what is only connected to.
fn find(context: &Context) -> Option<Server> {
    let is_read = |p: &&str| {
        let lower = p.to_lowercase();
        let is_class =
            context.tree.file(p).is_some_and(|f| !matches!(f.class, FileClass::Generated | FileClass::Vendored));
        let is_telling = ["compose", ".env", "schema.prisma", "settings", "config", ".github/workflows", ".gitlab-ci"];
        let is_sample = ["test", "example/", "examples/", "fixture"].iter().any(|w| lower.contains(w));
        is_class && is_telling.iter().any(|w| lower.contains(w)) && !is_sample
    };
    let paths: Vec<&str> = context.tree.paths().filter(is_read).take(SEARCHED).collect();
    let all = paths.iter().flat_map(|path| {
        let text = context.tree.text(path).unwrap_or_default();
        let found = text.lines().zip(1_u32..).take(LINES).filter_map(|(line, at)| server(line).map(|s| (s, at)));
        found.map(|((name, version), at)| (name, version, (*path).to_owned(), at)).collect::<Vec<Server>>()
    });
    let all: Vec<Server> = all.collect();
    // Where several are named, none is the one.
    let first = all.first()?;
    if all.iter().any(|s| s.0 != first.0) {
        return None;
    }
    all.iter().find(|s| s.1.is_some()).or(Some(first)).cloned()
}

/// The server that a line starts, connects to or declares.
fn server(line: &str) -> Option<(&'static str, Option<String>)> {
    let bare = line.trim().trim_start_matches("- ");
    let is_comment = ["#", "//", "*", "/*"].iter().any(|mark| bare.starts_with(mark));
    let of = |word: &str| {
        let word = word.split('+').next().unwrap_or(word);
        SERVERS.iter().find(|(_, names)| names.contains(&word)).map(|(name, _)| *name)
    };
    if is_comment {
        return None;
    }
    let key = bare.split_once([':', '=']).map(|(key, rest)| (key.trim(), rest.trim().trim_matches(['"', '\''])));
    if let Some((key, rest)) = key {
        if key == "image" {
            let (image, version) = rest.split_once(':').map_or((rest, None), |(i, v)| (i, Some(v)));
            let version = version.map(|v| v.split('-').next().unwrap_or(v).to_owned());
            let version = version.filter(|v| v.starts_with(|c: char| c.is_ascii_digit()));
            let image = image.rsplit("library/").next().unwrap_or(image);
            return of(image).map(|name| (name, version));
        }
        if key == "provider" {
            return of(rest).map(|name| (name, None));
        }
    }
    let at = bare.find("://")?;
    let scheme = bare[..at].rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '+')).next()?;
    of(scheme).map(|name| (name, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_name_servers() {
        let check = |line: &str, expected: Option<(&str, Option<&str>)>| {
            let found = server(line);
            assert_eq!(found.as_ref().map(|(n, v)| (*n, v.as_deref())), expected, "{line}");
        };
        check("        image: postgres:17-alpine", Some(("PostgreSQL", Some("17"))));
        check("DATABASE_URL=postgres://shop@localhost/shop", Some(("PostgreSQL", None)));
        check("    database_url: str = \"postgresql+psycopg://clinic@localhost/clinic\"", Some(("PostgreSQL", None)));
        check("  provider = \"mysql\"", Some(("MySQL", None)));
        check("# postgres://old@host/db", None);
        check("SMTP_URL=smtp://localhost:1025", None);
        check("image: acme/shop:3", None);
    }
}
