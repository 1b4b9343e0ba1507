//! Tables behind the models that code queries: `select(Appointment)`, `Account.find_by(…)`, `db.order.findMany(…)`.
//!
//! In: the text of a site. Out: names of tables, lower case, as they may be called; who asks keeps those that exist. Follows
//! one call into the data layer. Nothing is parsed. Bounded: the lines of a file, a few definitions.

use std::collections::BTreeSet;

use super::{
    super::places::{site::Site, traced::called_names},
    layer::Layer,
};
use crate::model::context::{Context, FileClass};
use crate::planner::words::split_case;

/// What stands before a model.
const BEFORE: &[&str] =
    &["select(", "query(", "insert(", "update(", "delete(", "exists(", ".get(", ".from(", "get_or_404(", "find("];
/// What stands behind a model.
const BEHIND: &[&str] = &[
    ".objects", ".query", ".where(", ".find", ".all", ".create(", ".first", ".exists", "::find", "::where", "::query",
];
/// What Prisma and its like offer on a table.
const ASKS: &[&str] = &[".find", ".create", ".update", ".upsert", ".delete", ".count(", ".aggregate(", ".groupBy("];
/// How such clients are called.
const CLIENTS: &[&str] = &["db.", "prisma.", "tx.", "client."];
/// Lines that are read, and the longest of a definition.
const MOST_LINES: usize = 4_000;
/// Shorter names are called for anything; more definitions than these say too little.
const SHORTEST: usize = 4;
const MOST_HOMES: usize = 3;

/// The tables that a file queries, and those that the lines to change reach by one call.
pub fn tables(site: &Site<'_>) -> BTreeSet<String> {
    let text = site.text.as_deref().unwrap_or_default();
    let mut found: BTreeSet<String> = text.lines().take(MOST_LINES).flat_map(queried).collect();
    let calls: BTreeSet<String> = site.touched().flat_map(called_names).map(|(_, name)| name).collect();
    found.extend(calls.iter().filter(|name| name.len() >= SHORTEST).flat_map(|name| behind(site, name)));
    let exact: Vec<String> = found.iter().filter_map(|model| named(site.context, model)).collect();
    let guessed: Vec<String> = found.iter().flat_map(|model| called(model)).collect();
    exact.into_iter().chain(guessed).collect()
}

/// What a table of this model would be called: `waiting_lists` for `WaitingList`.
pub fn called(model: &str) -> [String; 3] {
    let table = split_case(model).join("_").to_lowercase();
    [format!("{table}s"), format!("{table}es"), table]
}

/// The models that a line queries.
fn queried(line: &str) -> Vec<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let before = |text: &str| -> String {
        let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        text.get(start..).unwrap_or_default().to_owned()
    };
    let is_model = |w: &String| w.starts_with(char::is_uppercase) && w.chars().any(char::is_lowercase);
    let mut out: Vec<String> = Vec::new();
    for call in BEFORE {
        out.extend(line.match_indices(call).map(|(at, _)| word(&line[at + call.len()..])).filter(is_model));
    }
    for call in BEHIND {
        out.extend(line.match_indices(call).map(|(at, _)| before(&line[..at])).filter(is_model));
    }
    for client in CLIENTS {
        let whole = |at: &usize| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        for at in line.match_indices(client).map(|(at, _)| at).filter(whole) {
            let table = word(&line[at + client.len()..]);
            let rest = &line[at + client.len() + table.len()..];
            if !table.is_empty() && ASKS.iter().any(|ask| rest.starts_with(ask)) {
                out.push(table);
            }
        }
    }
    out
}

/// The models that a function of the data layer queries.
fn behind(site: &Site<'_>, name: &str) -> Vec<String> {
    let tree = &site.context.tree;
    let is_data = |path: &str| {
        path != site.path
            && tree.file(path).is_some_and(|f| f.class == FileClass::Source)
            && Layer::of(path, FileClass::Source) == Layer::Data
    };
    let found = tree.definitions(name, MOST_HOMES + 1);
    if found.len() > MOST_HOMES {
        return Vec::new();
    }
    let bodies = found.into_iter().filter(|(path, _)| is_data(path)).filter_map(|(path, symbol)| {
        let (text, skipped) = (tree.text(&path)?, symbol.line.saturating_sub(1) as usize);
        let lines = symbol.end_line as usize - skipped.min(symbol.end_line as usize);
        Some(text.lines().skip(skipped).take(lines).flat_map(queried).collect::<Vec<_>>())
    });
    bodies.flatten().collect()
}

/// The name of the table that the model itself declares: `__tablename__ = "appointments"`.
fn named(context: &Context, model: &str) -> Option<String> {
    const NAMES: &[&str] = &["__tablename__", "table_name", "tableName", "db_table"];
    let (path, symbol) = context.tree.definitions(model, 1).pop()?;
    let text = context.tree.text(&path)?;
    let body = text.lines().skip(symbol.line.saturating_sub(1) as usize);
    let mut body = body.take((symbol.end_line + 1 - symbol.line.min(symbol.end_line)) as usize);
    let line = body.find(|line| NAMES.iter().any(|name| line.contains(name)))?;
    line.split(['"', '\'']).nth(1).map(str::to_lowercase)
}

/// The tables that a migration makes, with their lines: in SQL, or by a call (`op.create_table("orders", …)`).
pub fn made_tables(text: &str) -> Vec<(u32, String)> {
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    // As the line writes it: a quoted name keeps its capitals.
    let written = |(at, table): (u32, String)| {
        let line = lines.get(at as usize - 1).copied().unwrap_or_default();
        let start = line.to_ascii_lowercase().find(&table).filter(|_| line.is_ascii());
        let name = start.and_then(|start| line.get(start..start + table.len())).map(str::to_owned);
        (at, name.unwrap_or(table))
    };
    let mut out: Vec<(u32, String)> =
        super::super::sections::data::created_tables(text).into_iter().map(written).collect();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, rest)) = ["create_table(", "create_table ", "createTable(", "CreateTable(", "Schema::create("]
            .iter()
            .find_map(|call| line.split_once(call))
        else {
            continue;
        };
        // The name may stand on the next line.
        let (at, rest) =
            if rest.trim().is_empty() { (at + 1, lines.get(at + 1).copied().unwrap_or_default()) } else { (at, rest) };
        let rest = rest.trim_start().trim_start_matches("name:").trim_start();
        let Some(quoted) = rest.strip_prefix(['"', '\'', ':']) else { continue };
        let name: String = quoted.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !name.is_empty() {
            out.push((at as u32 + 1, name));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_read_off_queries() {
        let check = |line: &str, expected: &[&str]| assert_eq!(queried(line), expected, "{line}");
        check("found = session.scalars(select(Appointment).where(Appointment.status == \"x\"))", &["Appointment"]);
        check("return session.get(Patient, patient_id)", &["Patient"]);
        check("Account.find_by(email: email)", &["Account"]);
        check("return db.account.findUnique({ where: { email } });", &["account"]);
        check("orders.get(Some(id))", &["Some"]);
        check("const order = map.get(id);", &[]);
    }

    #[test]
    fn tables_are_read_off_migrations() {
        let check = |text: &str, expected: &[(u32, &str)]| {
            let found = made_tables(text);
            let found: Vec<(u32, &str)> = found.iter().map(|(at, name)| (*at, name.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("def upgrade():\n    op.create_table(\n        \"appointments\",\n", &[(3, "appointments")]);
        check("create_table :orders do |t|", &[(1, "orders")]);
        check("CREATE TABLE orders (\n", &[(1, "orders")]);
        check("CREATE TABLE \"OrderLine\" (\n", &[(1, "OrderLine")]);
    }

    #[test]
    fn a_model_is_called_as_its_table_may_be() {
        assert_eq!(called("WaitingList"), ["waiting_lists", "waiting_listes", "waiting_list"]);
    }
}
