//! What a migration to write has to keep to: the migration that shows its form, the one that it follows, and the
//! repository's own rules.
//!
//! In: the migrations and guidelines of a [`Context`]. Out: a pattern and instructions. Bounded: some files, a few lines.

use super::super::{
    code::path::stem,
    places::{site::Site, stored},
    reading::Reading,
    sections::data::created_tables,
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass},
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten};

/// Migrations that are read, newest first, and guidelines.
const MOST: usize = 200;
const MOST_GUIDES: usize = 6;
/// Words by which a guideline speaks of migrations.
const WORDS: &[&str] = &["migration", "new table", "new column", "schema change"];

/// An index that the ticket asks for.
pub struct Index {
    /// As the ticket writes it: `orders.placed_at`.
    pub of: String,
}

/// The index that the ticket misses or wants, where it names what it is on.
pub fn index(reading: &Reading) -> Option<Index> {
    let sentences = reading.sentences.iter().map(|f| f.text.as_str()).chain(reading.asked().map(|(_, text)| text));
    sentences.filter(|text| text.to_lowercase().contains("index on")).find_map(|text| {
        let behind = text.to_lowercase().find("index on").map(|at| &text[at..])?;
        let name = behind.split('`').nth(1)?;
        let is_name = name.len() >= 3 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
        is_name.then(|| Index { of: name.to_owned() })
    })
}

/// The migration that shows how the new one is written: for an index one that makes nothing else; for a table the one
/// that made the table of a sibling, else the newest that makes one; else the newest.
pub fn pattern(context: &Context, reading: &Reading, newest: &Fact, siblings: &[String]) -> Option<String> {
    let mut all: Vec<&Fact> = context.facts.iter().filter(|f| f.kind == FactKind::Migration).collect();
    all.retain(|f| context.tree.file(&f.path).is_some_and(|file| file.class == FileClass::Migration));
    all.sort_by(|a, b| b.path.cmp(&a.path));
    let text = |fact: &Fact| context.tree.text(&fact.path).map(|t| t.to_lowercase()).unwrap_or_default();
    let texts: Vec<(&str, String)> = all.iter().take(MOST).map(|f| (f.path.as_str(), text(f))).collect();
    let makes_table = |text: &str| text.contains("create table") || text.contains("create_table");
    if index(reading).is_some() {
        let makes_index = |text: &str| ["create index", "create_index", "add_index"].iter().any(|w| text.contains(w));
        let found = texts.iter().find(|(_, text)| makes_index(text) && !makes_table(text));
        return found.map(|(path, _)| (*path).to_owned());
    }
    if stored::noun(context, reading).is_none() {
        return Some(newest.path.clone());
    }
    let of_sibling = siblings.iter().find_map(|name| {
        let is_its = |text: &str| tables(text).iter().any(|table| is_called(table, name));
        texts.iter().find(|(_, text)| is_its(text))
    });
    let found = of_sibling.or_else(|| texts.iter().find(|(_, text)| makes_table(text)));
    Some(found.map_or(newest.path.clone(), |(path, _)| (*path).to_owned()))
}

/// Names of the tables that a migration makes, in SQL or by a call: `op.create_table("orders"`, `create_table :orders`.
fn tables(text: &str) -> Vec<String> {
    let mut out: Vec<String> = created_tables(text).into_iter().map(|(_, name)| name).collect();
    for (at, word) in text.match_indices("create_table") {
        let behind = text[at + word.len()..].trim_start_matches(['(', ' ', ':', '\n', '\t', '"', '\'']);
        out.push(behind.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
    }
    out
}

/// Is the table called after a noun: `orders` after `order`?
fn is_called(table: &str, noun: &str) -> bool {
    let plain = |text: &str| text.rsplit('.').next().unwrap_or(text).replace(['_', '-'], "").to_lowercase();
    let (table, noun) = (plain(table), plain(noun));
    let one = |text: &str| text.strip_suffix("ies").map_or(text.trim_end_matches('s').to_owned(), |t| format!("{t}y"));
    one(&table) == one(&noun)
}

/// The nouns that files are made like, those of the schema first.
pub fn siblings(schema: Option<&str>, likes: &[&str]) -> Vec<String> {
    let plain = |path: &&str| stem(path).replace("Repository", "").replace("_repository", "");
    schema.into_iter().map(str::to_owned).chain(likes.iter().map(plain)).collect()
}

/// What to keep to in a migration that is made.
pub fn rules(site: &Site<'_>) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    if let Some(index) = index(site.reading) {
        out.push(Statement::new(
            Basis::Ticket,
            format!("It makes an index on `{}`, and nothing else", clean(&index.of)),
        ));
    }
    let rule = guideline(site);
    let is_concurrent = rule.as_ref().is_some_and(|rule| rule.text.to_lowercase().contains("concurrently"));
    out.extend(rule);
    out.extend(apart(site).filter(|_| is_concurrent && index(site.reading).is_some()));
    out.extend(follows(site));
    out.extend(undone(site));
    out
}

/// The file that undoes a migration of two: `down.sql` beside `up.sql`.
fn undone(site: &Site<'_>) -> Option<Statement> {
    let folder = stored::newest(site.context)?.path.strip_suffix("up.sql")?;
    let down = format!("{folder}down.sql");
    site.context.tree.file(&down).filter(|_| site.path.ends_with("/up.sql"))?;
    let file = site.sibling(&down);
    let said = format!("A `down.sql` beside it takes it back, as `{}` does", file.label());
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// How a migration is kept out of a transaction, in which PostgreSQL builds no index concurrently.
fn apart(site: &Site<'_>) -> Option<Statement> {
    const MARKS: &[(&str, &str)] = &[
        ("sqlx", "begin the file with `-- no-transaction`"),
        ("Alembic", "put it in `with op.get_context().autocommit_block():`"),
        ("goose", "begin the file with `-- +goose NO TRANSACTION`"),
        ("Rails", "begin the class with `disable_ddl_transaction!`"),
        ("Knex", "export `config = { transaction: false }` beside it"),
    ];
    let tool = stored::newest(site.context)?.value.clone();
    let (name, mark) = MARKS.iter().find(|(name, _)| *name == tool)?;
    let text =
        format!("{name} runs a migration in a transaction, and an index cannot be built concurrently in one: {mark}");
    Some(Statement::new(Basis::Repository, text))
}

/// The line of a guideline on migrations; on indexes where one is made.
pub fn guideline(site: &Site<'_>) -> Option<Statement> {
    let guides = site.context.facts.iter().filter(|f| f.kind == FactKind::Guideline).map(|f| f.path.as_str());
    let is_index = index(site.reading).is_some();
    let speaks = |line: &str| {
        let lower = line.to_lowercase();
        let of_index = is_index && lower.contains("index") && !lower.contains("index.");
        (of_index, WORDS.iter().any(|w| lower.contains(w)))
    };
    let mut found: Option<(bool, &str, u32, String)> = None;
    for guide in guides.take(MOST_GUIDES) {
        let Some(text) = site.context.tree.text(guide) else { continue };
        for (line, number) in text.lines().zip(1_u32..).filter(|(line, _)| !line.starts_with('#')) {
            // A rule for indexes says nothing of a table.
            if !is_index && line.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| w == "index") {
                continue;
            }
            let (of_index, of_migrations) = speaks(line);
            let is_better = found.as_ref().is_none_or(|(known, ..)| of_index && !known);
            if (of_index || of_migrations) && is_better {
                found = Some((of_index, guide, number, line.to_owned()));
            }
        }
    }
    let (_, guide, line, said) = found?;
    let file = site.sibling(guide).lines(line, line);
    let said = shorten(clean(&said).replace('`', "").trim_start_matches(['-', '*', ' ']), 240);
    Some(Statement::new(Basis::Guideline, format!("`{}`: “{said}”", file.label())).at(file))
}

/// The revision that the new one names as the one before it, as Alembic chains them.
fn follows(site: &Site<'_>) -> Option<Statement> {
    let newest = stored::newest(site.context)?;
    let text = site.context.tree.text(&newest.path).filter(|t| t.contains("down_revision"))?;
    let (line, id) = text.lines().zip(1_u32..).find_map(|(line, at)| {
        let rest = line.strip_prefix("revision")?.trim_start_matches([':', ' ']).trim_start_matches("str").trim();
        let id = rest.strip_prefix('=')?.trim().trim_matches(['"', '\'']);
        (!id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || c == '_')).then(|| (at, id.to_owned()))
    })?;
    let file: FileRef = site.sibling(&newest.path).lines(line, line);
    let said = format!("Its `down_revision` is `{id}`, the `revision` of the newest (`{}`)", file.label());
    Some(Statement::new(Basis::Repository, said).at(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_called_after_their_nouns() {
        for (table, noun) in [("orders", "order"), ("waiting_lists", "waitingList"), ("shop.entries", "entry")] {
            assert!(is_called(table, noun), "{table} {noun}");
        }
        assert!(!is_called("orders", "order_line"));
        assert_eq!(tables("op.create_table(\n    \"orders\",\n)"), ["orders"]);
        assert_eq!(tables("create_table :carts do |t|"), ["carts"]);
    }
}
