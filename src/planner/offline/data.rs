//! Database changes: where the schema lives, what the ticket asks of it, how a migration is named here.

use std::collections::{BTreeMap, BTreeSet};

use super::{Survey, layer::Layer};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass},
    plan::{Action, Basis, Citation, Data, FileRef, SchemaChange, Statement},
};
use crate::planner::words::{shorten, terms};

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
    let mut data = Data { changes: changes(survey), notes: tables(survey, asked.is_some()), ..Data::default() };
    if (!data.changes.is_empty() || asked.is_some()) && has_schema {
        let homes: BTreeSet<String> = cited_folders(&data.notes);
        data.notes.extend(newest(survey, &homes));
    }
    if data.changes.is_empty() && data.notes.is_empty() {
        data.absent = Some(absent(has_schema, asked));
    }
    data
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
fn absent(has_schema: bool, asked: Option<String>) -> String {
    let looked = if has_schema {
        "Looked for migrations and tables that share words with the ticket or its files; found none to change."
    } else {
        "Looked for migrations, schema files and SQL; the repository has none."
    };
    match asked {
        Some(word) => format!("{looked} The ticket does speak of “{word}”."),
        None => looked.to_owned(),
    }
}

/// New and changed schema files among the sites.
fn changes(survey: &Survey<'_, '_>) -> Vec<SchemaChange> {
    survey
        .sites
        .iter()
        .filter(|s| s.layer == Layer::Migration)
        .map(|site| {
            let text = match (site.action, site.convention) {
                (Action::Create, Some((why, _))) => format!("New migration `{}`: {why}", site.path),
                _ => format!(
                    "`{}` is on the list; what has run in production is never edited, so write a new one",
                    site.path
                ),
            };
            let file = Some(site.file()).filter(|_| site.action == Action::Modify);
            SchemaChange { what: Statement::new(Basis::Repository, text), file, ..SchemaChange::default() }
        })
        .collect()
}

/// Tables whose names stand in the ticket or in the names of the files to change.
fn tables(survey: &Survey<'_, '_>, is_asked: bool) -> Vec<Statement> {
    let mut out = Vec::new();
    for context in survey.contexts {
        let is_schema =
            |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Migration) || p.ends_with(".sql");
        let paths: Vec<&str> = context.tree.paths().filter(is_schema).collect();
        for path in paths.iter().rev().take(MOST_SEARCHED) {
            let Some(text) = context.tree.text(path) else { continue };
            for (at, table) in created_tables(&text) {
                let is_spoken = is_asked && terms(&table).iter().any(|t| survey.terms.contains(t));
                let named = is_spoken || survey.reading.codes.contains(&table);
                if named && out.len() < 6 {
                    let file = survey.fact_file(context, &place(path, at));
                    let said = format!("Table `{}` is made at `{}`", shorten(&table, 60), file.label());
                    out.push(Statement::new(Basis::Repository, said).at(file));
                }
            }
        }
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
fn created_tables(sql: &str) -> Vec<(u32, String)> {
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

/// The folders of the files that statements cite.
fn cited_folders(statements: &[Statement]) -> BTreeSet<String> {
    let citations = statements.iter().flat_map(|s| &s.citations);
    let files = citations.filter_map(|c| match c {
        Citation::File(file) => file.path.rsplit_once('/'),
        _ => None,
    });
    files.map(|(folder, _)| folder.to_owned()).collect()
}

/// The newest migration of each folder (of `homes`, where there are any), which shows how the next one is named.
fn newest(survey: &Survey<'_, '_>, homes: &BTreeSet<String>) -> Vec<Statement> {
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
        let text = format!("The newest migration there is `{}`: a new one comes after it", file.path);
        Statement::new(Basis::Repository, text).at(file)
    });
    found.collect()
}
