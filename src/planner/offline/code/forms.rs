//! What a file holds that a new one is made like: the functions of code, the table of a migration.
//!
//! In: a [`Site`] to create and the file that shows its form. Out: a few names, or nothing where the file tells none.

use std::collections::BTreeSet;

use super::{
    super::places::{refs::full_name, site::Site},
    layer::Layer,
    models,
};
use crate::model::context::{Symbol, SymbolKind};
use crate::{
    planner::words::{clean, listed, split_case, terms},
    richtext::markdown::code_span,
};

/// Names of functions, and of columns, that are told.
const MOST_FUNCTIONS: usize = 5;
const MOST_COLUMNS: usize = 8;
/// Lines of a table's declaration that are read.
const MOST_LINES: usize = 40;

/// “it has `create` and `find`”, “it makes `reviews` with `id`, `stars`”.
pub fn told(site: &Site<'_>, like: &str) -> Option<String> {
    match site.layer {
        Layer::Migration => table(site, like),
        Layer::Test | Layer::Document | Layer::Settings => None,
        _ => functions(site, like),
    }
}

/// Its functions, those that other files may call first, and the tables that stand beside them.
fn functions(site: &Site<'_>, like: &str) -> Option<String> {
    let is_told = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constant);
    let mut all: Vec<Symbol> = site.context.tree.symbols(like).into_iter().filter(is_told).collect();
    all.sort_by_key(|s| (!s.is_public, s.kind == SymbolKind::Constant));
    let names: Vec<String> = all.iter().take(MOST_FUNCTIONS).map(|s| code_span(&full_name(like, s))).collect();
    let more = all.len().saturating_sub(names.len());
    let last = if more > 0 { format!("{more} more") } else { String::new() };
    let shown: Vec<String> = names.into_iter().chain(Some(last).filter(|l| !l.is_empty())).collect();
    (!all.is_empty()).then(|| format!("it has {}", listed(&shown)))
}

/// The table that a migration makes, with its columns.
fn table(site: &Site<'_>, like: &str) -> Option<String> {
    let text = site.context.tree.text(like)?;
    let (line, name) = models::made_tables(&text).into_iter().next()?;
    let columns = columns(&text, line as usize);
    let shown = |columns: &[&String]| -> Vec<String> { columns.iter().map(|c| code_span(&clean(c))).collect() };
    let columns: Vec<&String> = columns.iter().take(MOST_COLUMNS).collect();
    let untold: Vec<&String> = columns.iter().copied().filter(|c| is_untold(c, &site.reading.terms)).collect();
    let unsaid = match untold.is_empty() || untold.len() == columns.len() {
        true => String::new(),
        false => format!("; of {} the ticket says nothing", listed(&shown(&untold))),
    };
    let made = || format!("it makes {} with {}{unsaid}", code_span(&clean(&name)), listed(&shown(&columns)));
    (!columns.is_empty()).then(made)
}

/// Is the column neither one that every table has, nor a key of another, nor spoken of?
fn is_untold(column: &str, told: &BTreeSet<String>) -> bool {
    const EVERYWHERE: &[&str] = &["created", "updated", "inserted", "modified", "version"];
    // Whether a moment is kept is seldom said in words.
    const MOMENTS: &[&str] = &["at", "on", "date", "day", "time", "until", "since"];
    let parts: Vec<String> = column.split('_').flat_map(split_case).map(str::to_lowercase).collect();
    let is_key = parts.last().is_some_and(|last| ["id", "uuid", "key"].contains(&last.as_str()));
    let is_common = parts.iter().any(|part| EVERYWHERE.contains(&part.as_str()));
    let is_moment = parts.last().is_some_and(|last| MOMENTS.contains(&last.as_str()));
    !is_key && !is_common && !is_moment && terms(column).is_disjoint(told)
}

/// The columns of the table that the line begins to make: in SQL the first word of each line, elsewhere the first quoted
/// name of a line that declares a column.
fn columns(text: &str, line: usize) -> Vec<String> {
    const RULES: &[&str] =
        &["primary", "unique", "constraint", "foreign", "check", "index", "key", "exclude", "references", "on"];
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let lines: Vec<&str> = text.lines().skip(line.saturating_sub(1)).take(MOST_LINES).collect();
    let is_sql = lines.first().is_some_and(|l| l.to_lowercase().contains("create table"));
    let body = lines.iter().skip(1).take_while(|l| !l.trim_start().starts_with([')', '}', ']']) && l.trim() != "end");
    let column = |line: &&str| {
        let line = line.trim();
        if is_sql {
            let first = line.trim_start_matches(['"', '`', '[']).split([' ', '"', '`', ']']).next()?;
            let is_rule = RULES.contains(&first.to_lowercase().as_str());
            return (is_name(first) && !is_rule && !line.starts_with("--") && line.contains(' '))
                .then(|| first.to_owned());
        }
        let declares = line.contains("Column(") || line.starts_with("t.") || line.starts_with("table.");
        let quoted = line.split(['"', '\'', ':']).nth(1).map(|n| n.split([',', ' ']).next().unwrap_or_default())?;
        (declares && is_name(quoted)).then(|| quoted.to_owned())
    };
    body.filter_map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_in_sql_and_in_calls() {
        let sql = "CREATE TABLE \"Review\" (\n    \"id\" TEXT NOT NULL,\n    stars INTEGER,\n    -- a note\n    CONSTRAINT \"x\" PRIMARY KEY (\"id\")\n);\nCREATE INDEX a ON b(c);";
        assert_eq!(columns(sql, 1), ["id", "stars"]);
        let alembic = "op.create_table(\n    \"reminders\",\n    sa.Column(\"id\", sa.Integer, primary_key=True),\n    sa.Column(\"sent_at\", sa.DateTime),\n)";
        assert_eq!(columns(alembic, 1), ["id", "sent_at"]);
        let rails = "create_table :carts do |t|\n  t.string :name, null: false\n  t.timestamps\nend";
        assert_eq!(columns(rails, 1), ["name"]);
    }

    #[test]
    fn a_column_is_unsaid_that_no_word_asks_for() {
        let told = terms("Signed-in customers can ask for a notice of a product, with its text");
        let columns = ["id", "productId", "account_id", "stars", "text", "createdAt", "updated_at", "held_until"];
        let expected = [false, false, false, true, false, false, false, false];
        assert_eq!(columns.map(|column| is_untold(column, &told)), expected);
    }
}
