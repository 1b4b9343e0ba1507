//! Database changes: where the schema lives, what the ticket asks of it, how a migration is named here.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Survey,
    code::{layer::Layer, models},
    places::{
        site::Site,
        stored,
        todo::{Act, Todo},
        wanted,
    },
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass},
    plan::{Action, Basis, Data, FileRef, Kind, SchemaChange, Statement},
};
use crate::{
    planner::words::{clean, shorten},
    richtext::markdown::code_span,
};

/// Words by which a ticket asks for stored data.
const STORED: &[&str] = &["database", "column", "migration", "schema", "sql", "persisted"];
/// The most migrations whose text is searched.
const MOST_SEARCHED: usize = 60;

/// The data section.
pub fn of(survey: &Survey<'_, '_>) -> Data {
    if survey.contexts.is_empty() {
        return Data { absent: Some(without_repository(survey)), ..Data::default() };
    }
    let has_schema =
        survey.facts(FactKind::Migration).next().is_some() || survey.facts(FactKind::Schema).next().is_some();
    let asked = survey.speaks_of(STORED);
    let is_feature = survey.reading.kind == Kind::Feature;
    let (changes, near) = (changes(survey), tables(survey));
    let open = if changes.is_empty() { super::questions::stored_by(survey) } else { None };
    let mut data = Data { changes, ..Data::default() };
    if let Some(unmade) = unmade(survey).filter(|_| data.changes.is_empty()) {
        data.notes.push(unmade);
        data.notes.extend(near_tables(false, &open, is_feature, near));
        return data;
    }
    if has_schema && (!data.changes.is_empty() || asked.is_some()) {
        let homes: BTreeSet<String> =
            near.iter().filter_map(|(f, _)| f.path.rsplit_once('/')).map(|(f, _)| f.to_owned()).collect();
        data.notes.extend(near_tables(data.changes.is_empty(), &open, is_feature, near));
        if data.changes.is_empty() {
            data.notes.extend(newest(survey, &homes, is_feature || open.is_some()));
        }
    } else if data.changes.is_empty() && !near.is_empty() {
        data.notes.extend(near_tables(true, &open, is_feature, near));
    }
    if data.changes.is_empty() && data.notes.is_empty() {
        let kept = survey.asked.iter().find(|a| a.served.is_some() && keeps(a.text)).map(|a| unplaced(a.id));
        let open = open.map(|decides| undecided(&decides)).or(kept);
        data.absent = Some(open.unwrap_or_else(|| absent(survey, has_schema, asked)));
    }
    data
}

/// Does the sentence want something kept with something else, or set for a whole?
fn keeps(text: &str) -> bool {
    const KEEPS: &[&str] = &["keep it with", "kept with", "stored with", "saved with", "remember", "a setting of the"];
    let lower = text.to_lowercase();
    KEEPS.iter().any(|word| lower.contains(word))
}

/// A field goes beside its sibling, and the migration for it has a name that only a tool can give.
fn unmade(survey: &Survey<'_, '_>) -> Option<Statement> {
    let context = survey.contexts.first()?;
    let name = survey.sites.iter().flat_map(|s| &s.todo).find_map(Todo::follows)?;
    wanted::of(context, survey.reading)?;
    let newest = stored::newest(context)?;
    let text = format!(
        "{} needs a migration, and no step makes it: as that of `{}`, the newest, its name is given by the tool that makes it",
        code_span(&clean(name)),
        newest.path
    );
    Some(Statement::new(Basis::Repository, text).at(FileRef::new(&newest.path)))
}

/// The ticket wants something kept, and no step makes a place for it.
fn unplaced(id: &str) -> String {
    format!(
        "{id} wants something kept, and no step makes a place for it: find where its record keeps the rest, and add it there first."
    )
}

/// No step touches a migration, and a question is open that may ask for one.
fn undecided(decides: &str) -> String {
    format!("No step touches a migration; an open question decides {decides}.")
}

/// Without a repository, only what the ticket's words say.
fn without_repository(survey: &Survey<'_, '_>) -> String {
    match survey.speaks_of(STORED) {
        Some(word) => format!("The ticket speaks of “{word}”; without a repository the schema could not be read."),
        None => {
            "Looked for words of stored data in the ticket (column, schema, migration, SQL); found none.".to_owned()
        }
    }
}

/// One line for an empty section.
fn absent(survey: &Survey<'_, '_>, has_schema: bool, asked: Option<String>) -> String {
    let looked = match (has_schema, survey.code().find_map(statement)) {
        (true, _) => "No schema change: the steps touch no migration.".to_owned(),
        (false, Some(file)) => {
            format!("The repository has no migrations and no schema files; `{}` holds SQL of its own.", file.label())
        }
        (false, None) => {
            "Looked for migrations and schema files in the repository, and for SQL in the files of the steps; found none."
                .to_owned()
        }
    };
    match asked {
        Some(word) => format!("{looked} The ticket does speak of “{word}”."),
        None => looked,
    }
}

/// The first line of a file that makes a table or works on its rows.
fn statement(site: &Site<'_>) -> Option<FileRef> {
    let is_sql = |line: &str| {
        let has = |words: &str| line.contains(words);
        has("CREATE TABLE") || has("INSERT INTO") || has("DELETE FROM") || has("SELECT ") && has(" FROM ")
    };
    let (at, _) = (1_u32..).zip(site.text.as_deref()?.lines()).find(|(_, line)| is_sql(line))?;
    Some(site.file().lines(at, at))
}

/// New and changed migrations among the sites, and schema files in which something is to be written.
fn changes(survey: &Survey<'_, '_>) -> Vec<SchemaChange> {
    let adds_column = |s: &Site<'_>| s.todo.first().is_some_and(|t| matches!(t.act, Act::AddColumn(_)));
    let is_sql = |s: &Site<'_>| s.layer != Layer::Migration && s.path.ends_with(".sql") && !s.todo.is_empty();
    let is_schema = |s: &&Site<'_>| is_sql(s) || adds_column(s);
    let schemas = survey.sites.iter().filter(is_schema).map(|site| SchemaChange {
        what: site.todo[0].said.clone(),
        file: Some(site.file()),
        ..SchemaChange::default()
    });
    let migrations = survey.sites.iter().filter(|s| s.layer == Layer::Migration).map(|site| {
        let text = match (site.action, &site.convention) {
            (Action::Create, Some((why, _))) => format!("New migration `{}`: {why}", site.path),
            _ => format!(
                "`{}` is on the list; what has run in production is never edited, so write a new one",
                site.path
            ),
        };
        let file = Some(site.file()).filter(|_| site.action == Action::Modify);
        SchemaChange { what: Statement::new(Basis::Repository, text), file, ..SchemaChange::default() }
    });
    schemas.chain(migrations).collect()
}

/// The tables that the steps' files use or that the ticket names in code marks, each where it is made, in one line.
fn near_tables(
    unchanged: bool,
    open: &Option<String>,
    is_feature: bool,
    tables: Vec<(FileRef, String)>,
) -> Option<Statement> {
    let names: Vec<String> = tables.iter().map(|(_, name)| format!("`{name}`")).collect();
    let text = match (unchanged, names.is_empty()) {
        (true, false) if open.is_some() => {
            format!("{} Tables near: {}", undecided(open.as_deref().unwrap_or_default()), names.join(", "))
        }
        (true, false) if is_feature => {
            format!("The steps touch no migration. Tables near, should it need stored state: {}", names.join(", "))
        }
        (true, true) => "No schema change: the steps touch no migration".to_owned(),
        (true, false) => format!("No schema change: the steps touch no migration. Near: {}", names.join(", ")),
        (false, true) => return None,
        (false, false) => format!("Tables near: {}", names.join(", ")),
    };
    let cite = |statement: Statement, (file, name): (FileRef, String)| statement.at(file.symbol(name));
    Some(tables.into_iter().fold(Statement::new(Basis::Repository, text), cite))
}

/// Tables that code of the steps uses in a query, or that the ticket names in code marks.
fn tables(survey: &Survey<'_, '_>) -> Vec<(FileRef, String)> {
    let mut out: Vec<(FileRef, String)> = Vec::new();
    for context in survey.contexts {
        let mut used = queried(survey, context);
        // A new table is made like that of its pattern.
        let patterns = survey.sites.iter().filter(|s| s.layer == Layer::Migration && s.action == Action::Create);
        let patterns = patterns.filter_map(|s| s.convention.as_ref()?.1.as_deref());
        let texts = patterns.filter_map(|path| context.tree.text(path));
        used.extend(texts.flat_map(|text| models::made_tables(&text)).map(|(_, table)| table.to_lowercase()));
        let is_schema =
            |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Migration) || p.ends_with(".sql");
        let paths: Vec<&str> = context.tree.paths().filter(is_schema).collect();
        for path in paths.iter().rev().take(MOST_SEARCHED) {
            let Some(text) = context.tree.text(path) else { continue };
            for (at, table) in models::made_tables(&text) {
                let is_named = survey.reading.codes.iter().any(|c| c.split('.').next() == Some(table.as_str()));
                let is_known = out.iter().any(|(_, known)| *known == table);
                if (is_named || used.contains(&table.to_lowercase())) && !is_known && out.len() < 6 {
                    out.push((survey.fact_file(context, &place(path, at)), shorten(&table, 60)));
                }
            }
        }
    }
    out
}

/// The words behind `from`, `join`, `into` and `update` in the code of the steps, lower case: tables, if it is SQL. And
/// what names of types on the lines to change would be called as tables: `reminders` for `Reminder`.
fn queried(survey: &Survey<'_, '_>, context: &Context) -> BTreeSet<String> {
    // Beside what stays something is added: the tables of that are others'.
    let changes = |s: &&Site<'_>| {
        std::ptr::eq(s.context, context) && (s.layer == Layer::Data || !s.todo.iter().any(Todo::is_beside))
    };
    let mut out = BTreeSet::new();
    for text in survey.sure_code().filter(changes).filter_map(|s| s.text.as_deref()) {
        let words: Vec<&str> =
            text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
        for pair in words.windows(2) {
            if ["from", "join", "into", "update"].iter().any(|w| pair[0].eq_ignore_ascii_case(w)) {
                out.insert(pair[1].to_lowercase());
            }
        }
    }
    let sites = survey.sure_code().filter(changes);
    out.extend(sites.flat_map(models::tables));
    let sites = survey.sure_code().filter(changes);
    let asks = |s: &&Site<'_>| {
        let asks = |text: &str| {
            ["select(", ".query", "prisma.", "session", "db.", ".objects", "Repository"]
                .iter()
                .any(|w| text.contains(w))
        };
        s.text.as_deref().is_some_and(asks)
    };
    for line in sites.filter(asks).flat_map(Site::touched) {
        let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        out.extend(words.filter(|w| w.starts_with(|c: char| c.is_uppercase())).flat_map(models::called));
    }
    out
}

/// A place as a fact, to refer to it.
fn place(path: &str, line: u32) -> Fact {
    Fact {
        kind: FactKind::Schema,
        name: String::new(),
        value: String::new(),
        version: None,
        path: path.to_owned(),
        line,
    }
}

/// `CREATE TABLE` statements with their lines.
pub fn created_tables(sql: &str) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    for (at, line) in sql.lines().enumerate().take(5_000) {
        let lower = line.to_ascii_lowercase();
        let Some(start) = lower.find("create table ") else { continue };
        let rest = lower[start + 13..].trim_start_matches("if not exists ").trim_start();
        let name: String =
            rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '`')).collect();
        let name = name.trim_matches(['"', '`']).to_owned();
        if !name.is_empty() {
            out.push((at as u32 + 1, name));
        }
    }
    out
}

/// The newest migration of each folder (of `homes`, where there are any), which shows how the next one is named.
fn newest(survey: &Survey<'_, '_>, homes: &BTreeSet<String>, may_follow: bool) -> Vec<Statement> {
    let mut newest: BTreeMap<&str, (&Context, &Fact)> = BTreeMap::new();
    for (context, fact) in survey.facts(FactKind::Migration) {
        let folder = fact.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !homes.is_empty() && !homes.contains(folder) {
            continue;
        }
        let known = newest.entry(folder).or_insert((context, fact));
        if fact.path > known.1.path {
            *known = (context, fact);
        }
    }
    let found = newest.into_values().take(4).map(|(context, fact)| {
        let file = FileRef { lines: None, ..survey.fact_file(context, fact) };
        let then = if may_follow { ": a new one comes after it" } else { "" };
        let text = format!("The newest migration there is `{}`{then}", file.path);
        Statement::new(Basis::Repository, text).at(file)
    });
    found.collect()
}
