//! What SQL says around a table: which columns point at other tables, and which indexes there are.
//!
//! In: the tables that the data section names. Out: relations and indexes, each with its line. Plain text search in `.sql`
//! files of the table's folder; bounded.

use super::{super::Survey, path::folder};
use crate::model::{
    context::Context,
    plan::{Basis, Data, Entity, FileRef, Statement},
};
use crate::{
    planner::words::{clean, shorten},
    richtext::markdown::code_span,
};

/// Files that are searched, and statements of each kind.
const MOST_FILES: usize = 80;
const MOST: usize = 6;
/// Longer statements are cut, in characters.
const LONGEST: usize = 100;

/// Fills relations and indexes of the entities.
pub fn fill(survey: &Survey<'_, '_>, data: &mut Data) {
    for entity in &data.entities {
        let Some(file) = &entity.file else { continue };
        let is_its = |c: &&Context| file.repository.as_ref().is_none_or(|r| *r == c.repository.name);
        let Some(context) = survey.contexts.iter().find(is_its) else { continue };
        let is_near = |p: &&str| p.ends_with(".sql") && shares_home(p, &file.path);
        for path in context.tree.paths().filter(is_near).take(MOST_FILES) {
            let Some(text) = context.tree.text(path) else { continue };
            let at = |line| FileRef::new(path).of(file.repository.clone()).lines(line, line);
            data.relations.extend(relations(&text, entity).into_iter().map(|(line, said)| told(at(line), said)));
            data.indexes.extend(indexes(&text, entity).into_iter().map(|(line, said)| told(at(line), said)));
        }
    }
    data.relations.truncate(MOST);
    data.indexes.truncate(MOST);
}

/// Do both files lie in the same folder of migrations, each perhaps in a folder of its own?
fn shares_home(path: &str, other: &str) -> bool {
    folder(path) == folder(other) || folder(folder(path)) == folder(folder(other)) && !folder(folder(path)).is_empty()
}

fn told(file: FileRef, said: String) -> Statement {
    Statement::new(Basis::Repository, format!("{said} ({})", code_span(&file.label()))).at(file)
}

/// Columns of the table that point at another one: `customer_id BIGINT REFERENCES customers (id)`.
fn relations(sql: &str, entity: &Entity) -> Vec<(u32, String)> {
    let mut table = String::new();
    let mut out = Vec::new();
    for (at, line) in (1_u32..).zip(sql.lines()) {
        let line = line.split("--").next().unwrap_or_default();
        let lower = line.to_ascii_lowercase();
        let starts = ["create table ", "alter table "].iter().find_map(|w| lower.trim_start().strip_prefix(w));
        if let Some(rest) = starts {
            table = name(
                rest.trim_start_matches("if not exists ").trim_start_matches("if exists ").trim_start_matches("only "),
            );
        }
        if let Some(found) = lower.find("references ").filter(|_| table.eq_ignore_ascii_case(&entity.name)) {
            let target = line[found + "references ".len()..].trim_end_matches([',', ';', ' ']);
            let end = target.find(')').map_or(target.len(), |end| end + 1);
            let column = match lower.find("foreign key") {
                Some(key) => line[key..found].split(['(', ')']).nth(1).unwrap_or_default().to_owned(),
                None => column(&line[..found]).to_owned(),
            };
            let plain = |text: &str| clean(text).replace(['"', '`'], "");
            out.push((
                at,
                format!(
                    "{} points at {}",
                    code_span(&format!("{}.{}", entity.name, plain(&column))),
                    code_span(&plain(&target[..end]))
                ),
            ));
        }
    }
    out
}

/// The column that a line declares or adds.
fn column(head: &str) -> &str {
    let lower = head.to_ascii_lowercase();
    let start = ["if not exists ", "add column ", "add "].iter().find_map(|w| Some(lower.find(w)? + w.len()));
    head[start.unwrap_or_default()..].split_whitespace().next().unwrap_or_default()
}

/// Indexes on the table: `CREATE INDEX parcels_by_shop ON parcels (shop_id)`.
fn indexes(sql: &str, entity: &Entity) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    for (at, line) in (1_u32..).zip(sql.lines()) {
        let lower = line.to_ascii_lowercase();
        let is_index = lower.trim_start().starts_with("create ") && lower.contains(" index ");
        let Some(on) = lower.find(" on ").filter(|_| is_index) else { continue };
        let rest = &lower[on + 4..];
        if name(rest.trim_start_matches("only ")).eq_ignore_ascii_case(&entity.name) {
            out.push((at, code_span(&shorten(&clean(line.trim().trim_end_matches(';')).replace('`', ""), LONGEST))));
        }
    }
    out
}

/// The name at the beginning of a text, without its quotes.
fn name(text: &str) -> String {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '`'))).unwrap_or(text.len());
    text[..end].replace(['"', '`'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_and_indexes_are_read_off_sql() {
        let sql = "CREATE TABLE parcels (\n  number TEXT PRIMARY KEY,\n  shop_id BIGINT REFERENCES shops (id) ON DELETE CASCADE,\n  FOREIGN KEY (owner) REFERENCES people (id)\n);\nCREATE INDEX parcels_by_shop ON parcels (shop_id);\nCREATE INDEX shops_by_name ON shops (name);\nALTER TABLE parcels ADD COLUMN IF NOT EXISTS route_id INT REFERENCES routes;\nALTER TABLE parcels ADD COLUMN box INT REFERENCES boxes;\n";
        let entity = Entity { name: "parcels".to_owned(), ..Entity::default() };
        assert_eq!(
            relations(sql, &entity),
            [
                (3, "`parcels.shop_id` points at `shops (id)`".to_owned()),
                (4, "`parcels.owner` points at `people (id)`".to_owned()),
                (8, "`parcels.route_id` points at `routes`".to_owned()),
                (9, "`parcels.box` points at `boxes`".to_owned())
            ]
        );
        assert_eq!(indexes(sql, &entity), [(6, "`CREATE INDEX parcels_by_shop ON parcels (shop_id)`".to_owned())]);
    }
}
