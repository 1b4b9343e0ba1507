//! Migrations to write: what the ticket wants kept, and how this repository's next migration is called.
//!
//! In: the sentences of the ticket and the migrations of a [`Context`]. Out: at most one file to create. A migration is
//! proposed when the ticket says that something is kept, or posts to a resource that nothing here keeps yet.

use std::collections::BTreeSet;

use super::{
    super::{
        code::{
            models,
            path::{folder, stem},
        },
        reading::Reading,
        sections::{data::created_tables, interface},
        work::migrations,
    },
    attribute,
    called::Call,
    members,
    siblings::Sibling,
    site::New,
    todo::{Act, Todo},
    wanted::capital,
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{shorten, split_case, terms};

/// Folders of migrations that are compared, and files that are read of each.
const MOST_HOMES: usize = 12;
const MOST_READ: usize = 40;
/// Words by which a sentence wants something kept.
const KEPT: &[&str] = &[
    "in the database",
    "new table",
    "a table",
    "new column",
    "a column",
    "no index on",
    "index on",
    "is stored",
    "are stored",
    "be stored",
    "is kept",
    "are kept",
    "persist",
    "survives a restart",
    "waiting list",
    "wish list",
    "is held for",
    "are held for",
];

/// Does the sentence want something kept?
pub fn is_kept(text: &str) -> bool {
    let lower = text.to_lowercase();
    KEPT.iter().any(|w| lower.contains(w))
}

/// Does the sentence want something to outlive the process?
pub fn outlives(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["survives a restart", "survive a restart", "survives restarts"].iter().any(|w| lower.contains(w))
}

/// Words for something that holds others.
const HOLDERS: &[&str] =
    &["archive", "basket", "calendar", "history", "inbox", "ledger", "list", "queue", "register", "roster", "wallet"];

/// What the ticket wants kept that the repository does not know: the resource of a new route, or the list that its title
/// and its text speak of. Words joined by `_`.
pub fn noun(context: &Context, reading: &Reading) -> Option<String> {
    let routed = resource(context, reading).map(|(noun, _)| noun);
    routed.or_else(|| titled(reading).filter(|_| reading.asked().any(|(_, text)| is_kept(text))))
}

/// `waiting_list` of the title “Waiting list for booked-out days”, where the text speaks of it again.
fn titled(reading: &Reading) -> Option<String> {
    const ENDS: &[&str] = &["for", "of", "per", "with", "when", "on", "in", "to", "by"];
    const STARTS: &[&str] = &["add", "introduce", "create", "implement", "new", "a", "an", "the"];
    let words = reading.title.split(' ').skip_while(|w| STARTS.contains(&w.to_lowercase().as_str()));
    let words: Vec<String> = words.take_while(|w| !ENDS.contains(w)).take(4).map(str::to_lowercase).collect();
    let is_plain = |w: &String| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase());
    let holds = words.len() >= 2 && words.last().is_some_and(|last| HOLDERS.contains(&last.as_str()));
    let body = reading.all.get(reading.title.len()..).unwrap_or_default().to_lowercase();
    let is_told = body.contains(&words.join(" "));
    (holds && words.len() <= 3 && words.iter().all(is_plain) && is_told).then(|| words.join("_"))
}

/// Does the sentence speak of the store itself?
pub fn is_in_store(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["in the database", "table", "column", "index on"].iter().any(|w| lower.contains(w))
}

/// The next migration, where the ticket needs one: made like those of `likes`, or like that of the sibling.
pub fn migration(
    context: &Context,
    reading: &Reading,
    date: &str,
    likes: &[&str],
    sibling: Option<&Sibling>,
) -> Option<New> {
    let (slug, because) = subject(context, reading, sibling)?;
    let beside = sibling.and_then(Sibling::migration).map(|(path, _)| folder(path));
    // Of several databases, that of the sibling.
    let newest = beside
        .and_then(|home| newest_in(context, Some(home)).filter(|f| next(&f.path, "next", "9999-12-31").is_some()))
        .or_else(|| nearest(context, reading))
        .or_else(|| newest(context))?;
    let path = next(&newest.path, &slug, date)?;
    let why = format!("{because}; the newest migration is `{}`", newest.path);
    let model = model(context).map(|(_, _, name)| name);
    let siblings = migrations::siblings(model.as_deref(), likes);
    let follows = sibling.and_then(Sibling::migration).map(|(path, _)| path.to_owned());
    // One that makes everything shows nothing.
    let is_own = |path: &String| {
        let is_first = terms(stem(path)).iter().any(|word| ["init", "initial", "baseline"].contains(&word.as_str()));
        !is_first && context.tree.text(path).is_some_and(|t| created_tables(&t).len() <= 1)
    };
    let follows = follows.filter(is_own);
    let like = follows.or_else(|| migrations::pattern(context, reading, newest, &siblings));
    Some(New { path, why, like, is_beside: false, is_kin: false, like_may_change: false })
}

/// One migration more, for what a nested route shows (`GET /subscriptions/{id}/deliveries`) and the ticket wants to
/// outlive the process.
pub fn nested(context: &Context, reading: &Reading, first: &New, date: &str) -> Option<New> {
    let outliving = reading.asked().find(|(_, text)| outlives(text))?.1;
    let told = terms(outliving);
    let routes = interface::new_routes(context, reading);
    let noun = routes.iter().find_map(|(_, path)| {
        let parts: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').collect();
        let [.., _, key, noun] = parts.as_slice() else { return None };
        let is_nested = key.starts_with([':', '{', '<']) && noun.ends_with('s');
        let is_plain = noun.len() >= 4 && noun.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_');
        (is_nested && is_plain && !terms(noun).is_disjoint(&told)).then(|| noun.replace('-', "_"))
    })?;
    let path = next(&first.path, &noun, date).filter(|path| *path != first.path && !first.path.contains(&noun))?;
    let why = format!("“{}” asks for stored state; it comes after `{}`", shorten(outliving, 90), first.path);
    Some(New { path, why, like: first.like.clone(), is_beside: false, is_kin: false, like_may_change: false })
}

/// The schema from which migrations are made, where this repository keeps one beside them.
pub fn schema(context: &Context, repository: &Option<RepoName>, migration: &str) -> Option<Call> {
    let (path, line, name) = model(context)?;
    let file = FileRef::new(&path).of(repository.clone()).lines(line, line);
    let why = Statement::new(Basis::Repository, format!("`{path}` declares the tables")).at(file.clone());
    let todo = format!("Declare here, beside `{name}` (`{}`), what `{migration}` makes", file.label());
    let todo = Some(Todo::new(Act::DeclareTable, Statement::new(Basis::Repository, todo).at(file)));
    Some(Call { path, symbol: None, why, todo, leads: false })
}

/// The last model of the schema from which migrations are made: its file, its line, its name.
fn model(context: &Context) -> Option<(String, u32, String)> {
    let is_schema = |f: &&Fact| f.kind == FactKind::Schema && f.path.ends_with(".prisma");
    let path = context.facts.iter().find(is_schema).map(|f| f.path.clone())?;
    let text = context.tree.text(&path)?;
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let model =
        |line: &'_ str| line.strip_prefix("model ")?.split([' ', '{']).next().filter(is_name).map(str::to_owned);
    let (line, name) = text.lines().zip(1_u32..).filter_map(|(line, at)| Some((at, model(line)?))).last()?;
    Some((path, line, name))
}

/// The newest migration: the last one that a next can be named after, else the last.
pub fn newest(context: &Context) -> Option<&Fact> {
    newest_in(context, None)
}

/// The newest migration of the one folder, among several, that makes a table which the title names.
fn nearest<'c>(context: &'c Context, reading: &Reading) -> Option<&'c Fact> {
    let all = context.facts.iter().filter(|f| f.kind == FactKind::Migration);
    let homes: BTreeSet<&str> = all.map(|f| folder(&f.path)).collect();
    let title = terms(&reading.title);
    let makes = |text: &str| models::made_tables(text).iter().any(|(_, table)| !terms(table).is_disjoint(&title));
    let holds = |home: &&str| {
        let own = context.facts.iter().filter(|f| f.kind == FactKind::Migration && folder(&f.path) == *home);
        own.take(MOST_READ).any(|f| context.tree.text(&f.path).is_some_and(|text| makes(&text)))
    };
    let mut found = homes.iter().filter(|_| (2..=MOST_HOMES).contains(&homes.len())).filter(|home| holds(home));
    let home = found.next().filter(|_| found.next().is_none())?;
    newest_in(context, Some(home)).filter(|f| next(&f.path, "next", "9999-12-31").is_some())
}

/// The newest migration of one folder, or of all.
fn newest_in<'c>(context: &'c Context, home: Option<&str>) -> Option<&'c Fact> {
    let is_one = |f: &&Fact| context.tree.file(&f.path).is_some_and(|file| file.class == FileClass::Migration);
    let is_home = |f: &&Fact| home.is_none_or(|home| folder(&f.path) == home);
    let all = context.facts.iter().filter(|f| f.kind == FactKind::Migration).filter(is_one).filter(is_home);
    all.max_by_key(|f| (next(&f.path, "next", "9999-12-31").is_some(), by_number(&f.path)))
}

/// A path in parts by which it is sorted as people do: `0.27/` stands behind `0.9/`.
fn by_number(path: &str) -> Vec<(u64, String)> {
    let mut out: Vec<(u64, String)> = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(text);
        let digits = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        out.push((0, word.to_owned()));
        if digits > 0 {
            out.push((behind[..digits].parse().unwrap_or(u64::MAX), String::new()));
        }
        rest = &behind[digits..];
    }
    out
}

/// The same migration for the other databases, where each has a folder of its own: `migration/mysql/0.27/` beside
/// `migration/sqlite/0.27/`.
pub fn drivers(context: &Context, first: &New, date: &str) -> Vec<New> {
    const DRIVERS: &[&str] =
        &["sqlite", "mysql", "postgres", "postgresql", "mariadb", "mssql", "sqlserver", "oracle", "h2"];
    let parts: Vec<&str> = first.path.split('/').collect();
    let Some(at) = parts.iter().position(|part| DRIVERS.contains(part)) else { return Vec::new() };
    // What the first one is called behind its number.
    let name = stem(&first.path).trim_start_matches(|c: char| !c.is_alphabetic());
    let homes: BTreeSet<&str> =
        context.facts.iter().filter(|f| f.kind == FactKind::Migration).map(|f| folder(&f.path)).collect();
    let others = DRIVERS.iter().filter(|driver| **driver != parts[at]).filter_map(|driver| {
        let mut own = parts.clone();
        own[at] = driver;
        let above = format!("{}/", own[..=at].join("/"));
        let all: Vec<&str> = homes.iter().filter(|home| format!("{home}/").starts_with(&above)).copied().collect();
        let newest =
            all.into_iter().filter_map(|home| newest_in(context, Some(home))).max_by_key(|f| by_number(&f.path))?;
        let path = next(&newest.path, name, date)?;
        let why = format!("each database has its own migrations; the newest of this one is `{}`", newest.path);
        Some(New {
            path,
            why,
            like: Some(newest.path.clone()),
            is_beside: false,
            is_kin: false,
            like_may_change: false,
        })
    });
    others.collect()
}

/// What the migration is about, and the words that ask for it.
fn subject(context: &Context, reading: &Reading, sibling: Option<&Sibling>) -> Option<(String, String)> {
    let asked = reading.asked().map(|(_, text)| text);
    let said =
        asked.chain(reading.sentences.iter().map(|f| f.text.as_str())).chain(std::iter::once(reading.title.as_str()));
    let kept = said.filter(|text| is_kept(text));
    let resource = resource(context, reading);
    let because = |text: &str| format!("“{}” asks for stored state", shorten(text, 90));
    if let Some(attribute::Migrated { table, is_table, attribute }) = attribute::migrated(context, reading, sibling) {
        let words = attribute.split(|c: char| !c.is_alphanumeric()).flat_map(split_case).map(str::to_lowercase);
        // Of a phrase, the small words go; of a name, none.
        let is_small = |word: &str| attribute.contains(' ') && ["of", "in", "the", "its", "a"].contains(&word);
        let telling = words.filter(|word| !word.is_empty() && !is_small(word));
        let record = table.replace(|c: char| !c.is_alphanumeric(), "_");
        let slug = format!("{record}_{}", telling.take(4).collect::<Vec<_>>().join("_"));
        let made = if is_table { format!(", and migrations make `{table}`") } else { String::new() };
        return Some((slug, format!("the ticket wants the {attribute} kept{made}")));
    }
    if let Some((table, member)) = members::migrated(context, reading) {
        let because = format!("the ticket wants `{member}` beside what migrations gave `{table}`");
        return Some((format!("{table}_{member}"), because));
    }
    if let Some(sibling) = sibling
        && let Some((made, _)) = sibling.migration()
    {
        let because = format!("a migration as `{made}` made what `{}` is like", sibling.wanted());
        return Some((sibling.wanted().to_owned(), because));
    }
    match (kept.into_iter().next(), resource) {
        (Some(text), Some((noun, _))) => Some((noun, because(text))),
        (Some(text), None) => Some((slug(text, &reading.title), because(text))),
        (None, Some((noun, route))) => {
            Some((noun.clone(), format!("`{route}` is new, and no table here is called `{noun}`")))
        }
        (None, None) => None,
    }
}

/// A resource that a new route posts or puts, and that no schema of the repository names.
fn resource(context: &Context, reading: &Reading) -> Option<(String, String)> {
    let new = interface::new_routes(context, reading);
    new.iter().filter(|(method, _)| matches!(*method, "POST" | "PUT")).find_map(|(method, path)| {
        let bare = path.split('?').next().unwrap_or(path);
        let noun = bare.rsplit('/').find(|p| !p.is_empty() && !p.starts_with([':', '{', '<', '$']))?;
        let is_plural = noun.ends_with('s')
            && noun.len() >= 4
            && noun.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '-');
        let wanted = terms(noun);
        let in_names = |text: &str| !terms(text).is_disjoint(&wanted);
        let facts = [FactKind::Migration, FactKind::Schema];
        let mut schema = context.facts.iter().filter(|f| facts.contains(&f.kind));
        let is_known = schema.any(|f| in_names(&f.name) || in_names(&f.path) || in_names(&f.value));
        (is_plural && !is_known).then(|| (noun.replace('-', "_"), format!("{method} {bare}")))
    })
}

/// `orders_placed_at` of “There is no index on `orders.placed_at` yet”; else the first words of the title.
fn slug(text: &str, title: &str) -> String {
    let marked = text.split('`').nth(1).filter(|m| m.contains('.') && !m.contains(['/', ' ']));
    let words = marked.map_or_else(|| title.to_owned(), |m| m.replace('.', " "));
    let parts = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').map(str::to_ascii_lowercase);
    let is_telling = |w: &String| {
        !w.is_empty() && !["a", "an", "the", "for", "of", "to", "and", "when", "is", "on", "in"].contains(&w.as_str())
    };
    parts.filter(is_telling).take(if marked.is_some() { 4 } else { 2 }).collect::<Vec<_>>().join("_")
}

/// The next migration's path in the manner of the newest: a number, a date or a folder in front of what it does.
pub fn next(newest: &str, slug: &str, date: &str) -> Option<String> {
    let (folder, file) = newest.rsplit_once('/')?;
    // Prisma, Diesel and their like: a folder for each migration.
    let is_nested = matches!(file.split('.').next(), Some("migration" | "up"));
    let (folder, name, rest) = match is_nested {
        true => folder.rsplit_once('/').map(|(above, own)| (above, own, format!("/{file}")))?,
        false => (folder, file.split('.').next()?, file[file.split('.').next()?.len()..].to_owned()),
    };
    let letters = name.len() - name.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let numbered = &name[letters..];
    let end = numbered.find(|c: char| !c.is_ascii_digit() && c != '_' && c != '-').unwrap_or(numbered.len());
    let stamp = numbered[..end].trim_end_matches(['_', '-']);
    let joint = &numbered[stamp.len()..end];
    if stamp.is_empty() || joint.is_empty() {
        return None;
    }
    let next = match stamp.bytes().filter(u8::is_ascii_digit).count() {
        8.. => dated(stamp, date)?,
        _ => {
            let number: u64 = stamp.parse().ok()?;
            format!("{:0width$}", number + 1, width = stamp.len())
        }
    };
    // `20230925222426_AddIndex`, as some tools have it.
    let slug = if numbered[end..].starts_with(|c: char| c.is_ascii_uppercase()) {
        slug.split('_').map(capital).collect()
    } else {
        slug.to_owned()
    };
    (!slug.is_empty()).then(|| format!("{folder}/{}{next}{joint}{slug}{rest}", &name[..letters]))
}

/// The date in the stamp's form, its time all zeros.
fn dated(stamp: &str, date: &str) -> Option<String> {
    let mut digits = date.bytes().filter(u8::is_ascii_digit);
    let out: String =
        stamp.chars().map(|c| if c.is_ascii_digit() { digits.next().map_or('0', char::from) } else { c }).collect();
    // A date that is older than the newest migration would run before it.
    (out.as_str() > stamp).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_paths_are_sorted_as_figures() {
        assert!(by_number("m/sqlite/0.27/00__a.sql") > by_number("m/sqlite/0.9/01__b.sql"));
        assert!(by_number("m/2025-01-01_a.sql") < by_number("m/2025-02-01_a.sql"));
        assert!(by_number("m/0002_b.sql") > by_number("m/0001_z.sql"));
    }

    #[test]
    fn the_next_migration_is_named_like_the_newest() {
        let check = |newest: &str, expected: Option<&str>| {
            assert_eq!(next(newest, "notices", "2025-07-01").as_deref(), expected, "{newest}");
        };
        check("migrations/00002_events.sql", Some("migrations/00003_notices.sql"));
        check("Data/Migrations/20230925222426_Events.cs", Some("Data/Migrations/20250701000000_Notices.cs"));
        check("db/V7__events.sql", Some("db/V8__notices.sql"));
        check("alembic/versions/20250512_0845_reminders.py", Some("alembic/versions/20250701_0000_notices.py"));
        check(
            "prisma/migrations/20250520143000_x/migration.sql",
            Some("prisma/migrations/20250701000000_notices/migration.sql"),
        );
        check("migrations/2025-05-20-143000_x/up.sql", Some("migrations/2025-07-01-000000_notices/up.sql"));
        check("db/migrate/20990101000000_x.rb", None);
        check("alembic/versions/ab12cd_events.py", None);
    }
}
