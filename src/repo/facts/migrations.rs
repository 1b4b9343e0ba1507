//! Schema changes: which tool reads them, and the line that says so.
//!
//! In: a path and its text. Out: at most one fact. The text tells first, then the folder; plain SQL in a folder of
//! migrations says no tool by itself: then the repository's packages tell (see [`name_tools`]).

use super::fact;
use crate::model::context::{
    Fact,
    FactKind::{Migration, Schema},
};

/// A text that only one tool's files hold: ends of the path, the text, the tool.
type Sign = (&'static [&'static str], &'static str, &'static str);

const SIGNS: &[Sign] = &[
    (&[".sql", ".go"], "+goose Up", "goose"),
    (&[".go"], "goose.AddMigration", "goose"),
    (&[".sql"], "migrate:up", "dbmate"),
    (&[".sql"], "--liquibase formatted sql", "Liquibase"),
    (&[".xml", ".yaml", ".yml", ".json"], "databaseChangeLog", "Liquibase"),
    (&[".rs"], "MigrationTrait for", "SeaORM"),
    (&[".ts", ".js"], "MigrationInterface", "TypeORM"),
    (&[".ts", ".js", ".mjs", ".cjs"], "knex.schema", "Knex"),
    (&[".ts", ".js", ".mjs", ".cjs"], "queryInterface", "Sequelize"),
    (&[".py"], "down_revision", "Alembic"),
    (&[".py"], "migrations.Migration", "Django"),
    (&[".rb"], "ActiveRecord::Migration", "Rails"),
    (&[".php"], "extends Migration", "Laravel"),
    (&[".php"], "extends AbstractMigration", "Doctrine"),
    (&[".cs"], "MigrationBuilder migrationBuilder", "EF Core"),
    (&[".java", ".kt"], "extends BaseJavaMigration", "Flyway"),
    (&[".java", ".kt"], ": BaseJavaMigration()", "Flyway"),
];

/// Folders whose files are schema changes, with the tool that reads them.
const FOLDERS: &[(&str, &str)] = &[
    ("prisma/migrations/", "Prisma"),
    ("drizzle/", "Drizzle"),
    ("db/migrate/", "Rails"),
    ("alembic/versions/", "Alembic"),
    ("db/migration/", "Flyway"),
    ("database/migrations/", "Laravel"),
    ("db/changelog/", "Liquibase"),
    ("migrations/", UNKNOWN),
    ("migration/", UNKNOWN),
];

/// Schema changes of a tool that their text does not name.
const UNKNOWN: &str = "migrations";
/// Packages that read plain SQL in a folder of migrations.
const READERS: &[(&str, &str)] = &[
    ("sqlx", "sqlx"),
    ("diesel", "Diesel"),
    ("refinery", "refinery"),
    ("github.com/golang-migrate/migrate", "golang-migrate"),
    ("github.com/pressly/goose", "goose"),
    ("knex", "Knex"),
    ("org.flywaydb", "Flyway"),
    ("flyway", "Flyway"),
];

/// Is the path one whose text may be a schema change?
pub fn reads(path: &str) -> bool {
    let slashed = format!("/{}", path.to_ascii_lowercase());
    !slashed.contains("/test") && (slashed.contains("migrat") || folder(&slashed).is_some() || versioned(path))
}

/// The schema change of a file.
pub fn facts(path: &str, text: Option<&str>) -> Option<Fact> {
    let lower = path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
    if let Some(text) = text {
        let signs = SIGNS.iter().filter(|(endings, ..)| ends(endings));
        for (_, sign, tool) in signs {
            if let Some(line) = (1..).zip(text.lines()).find(|(_, line)| line.contains(sign)).map(|(line, _)| line) {
                return Some(fact(Migration, name, *tool, path, line));
            }
        }
    }
    if lower.ends_with(".sql") && versioned(path) {
        return Some(fact(Migration, name, "Flyway", path, 1));
    }
    let tool = folder(&format!("/{lower}"))?;
    let is_diesel = tool == UNKNOWN && matches!(name, "up.sql" | "down.sql");
    let tool = if is_diesel { "Diesel" } else { tool };
    let script = ends(&[".sql", ".py", ".rb", ".js", ".ts", ".php", ".cs", ".xml", ".yml", ".yaml", ".go"]);
    (script && (lower.ends_with(".sql") || is_numbered(name))).then(|| fact(Migration, name, tool, path, 1))
}

/// Gives schema changes of an unknown tool the one that the repository's packages name.
pub fn name_tools(facts: &mut [Fact]) {
    let named = |fact: &Fact| {
        let reader = READERS.iter().find(|(package, _)| fact.name.starts_with(package))?;
        (fact.kind == Schema).then_some(reader.1)
    };
    let Some(tool) = facts.iter().find_map(named) else { return };
    let unknown = facts.iter_mut().filter(|fact| fact.kind == Migration && fact.value == UNKNOWN);
    unknown.for_each(|fact| fact.value = tool.to_owned());
}

/// The tool of the folder that a path in lower case, with a slash in front, lies in.
fn folder(slashed: &str) -> Option<&'static str> {
    let holds = |folder: &&str| slashed.match_indices(*folder).any(|(at, _)| slashed[..at].ends_with('/'));
    FOLDERS.iter().find(|(folder, _)| holds(folder)).map(|(_, tool)| *tool)
}

/// `V1_2__add_carts.sql`, `R__views.sql`, as Flyway names them.
fn versioned(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((head, _)) = name.split_once("__") else { return false };
    let rest = head.strip_prefix(['V', 'U', 'B', 'R']);
    rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.')))
}

/// A name that begins with a number or holds a time: `0001_initial.py`, `m20240101_carts.rs`, `Carts1700000000.ts`.
pub fn is_numbered(name: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let longest = name.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    digits(name) > 0 || name.strip_prefix(['m', 'v', 'V', 'M']).is_some_and(|rest| digits(rest) > 0) || longest >= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, tool: &str, line: u32) {
        let found = facts(path, Some(text)).map(|fact| (fact.value, fact.line));
        assert_eq!(found, Some((tool.to_owned(), line)), "{path}");
        assert!(reads(path), "{path}");
    }

    #[test]
    fn schema_changes_of_many_tools() {
        check("migrations/2024-01-01-000000_carts/up.sql", "CREATE TABLE carts ();\n", "Diesel", 1);
        check(
            "migration/src/m20240101_000001_carts.rs",
            "use sea_orm_migration::prelude::*;\n\nimpl MigrationTrait for Migration {}\n",
            "SeaORM",
            3,
        );
        check("prisma/migrations/20240101_carts/migration.sql", "CREATE TABLE carts ();\n", "Prisma", 1);
        check(
            "src/migrations/1700000000000-Carts.ts",
            "import { MigrationInterface } from 'typeorm';\nexport class Carts {}\n",
            "TypeORM",
            1,
        );
        check(
            "migrations/20240101_carts.js",
            "exports.up = (knex) =>\n  knex.schema.createTable('carts', (t) => {});\n",
            "Knex",
            2,
        );
        check("migrations/versions/1a2b_carts.py", "revision = '1a2b'\ndown_revision = None\n", "Alembic", 2);
        check("shop/migrations/0001_initial.py", "class Migration(migrations.Migration):\n    pass\n", "Django", 1);
        check("db/migrate/20240101_carts.rb", "class Carts < ActiveRecord::Migration[7.1]\nend\n", "Rails", 1);
        check("src/main/resources/db/migration/V1__carts.sql", "CREATE TABLE carts ();\n", "Flyway", 1);
        check(
            "src/main/resources/db/changelog/001-carts.xml",
            "<?xml version=\"1.0\"?>\n<databaseChangeLog>\n</databaseChangeLog>\n",
            "Liquibase",
            2,
        );
        check(
            "Data/Migrations/20240101_Carts.cs",
            "class Carts {\n  protected override void Up(MigrationBuilder migrationBuilder) {}\n}\n",
            "EF Core",
            2,
        );
        check("migrations/00001_carts.sql", "-- +goose Up\nCREATE TABLE carts ();\n", "goose", 1);
        check("database/migrations/2024_01_01_carts.php", "return new class extends Migration {\n};\n", "Laravel", 1);
    }

    #[test]
    fn packages_name_the_tool_of_plain_sql() {
        for (package, tool) in [("sqlx", "sqlx"), ("github.com/golang-migrate/migrate/v4", "golang-migrate")] {
            let path = "migrations/0001_carts.up.sql";
            let mut found = vec![facts(path, Some("CREATE TABLE carts ();\n")).unwrap()];
            found.push(fact(Schema, package, "", "manifest", 3));
            name_tools(&mut found);
            assert_eq!(found[0].value, tool);
        }
    }

    #[test]
    fn the_code_of_a_migration_tool_is_no_schema_change() {
        for path in ["django/db/migrations/executor.py", "src/migrations/index.ts", "lib/migration/runner.js"] {
            assert_eq!(facts(path, Some("class Executor:\n    pass\n")), None, "{path}");
        }
    }
}
