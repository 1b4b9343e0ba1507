//! Technologies by use: the database by its own name, one library of a purpose, versions from the manifest.

use planwright::model::context::*;

use super::world::*;

fn dependency(name: &str, version: &str, line: u32) -> Fact {
    Fact { version: Some(version.to_owned()), ..fact(FactKind::Dependency, name, "", "Cargo.toml", line) }
}

fn desk(compose: &str) -> Context {
    let tree = MemoryTree::default()
        .file("src/loans.rs", FileClass::Source, "use sqlx::query;\n\npub fn loans() -> u32 {\n    1\n}\n")
        .file("compose.yaml", FileClass::Config, compose);
    let mut context = context("acme/desk", tree);
    let words = Evidence::Words { words: vec!["loans".to_owned()] };
    likely(&mut context, "src/loans.rs", 0.8, vec![words], &["loans"]);
    context.facts = vec![
        dependency("sqlx", "0.8", 3),
        dependency("diesel", "2.2", 4),
        fact(FactKind::TestCommand, "test", "cargo test", ".github/workflows/ci.yml", 9),
    ];
    context
}

fn technologies(compose: &str) -> Vec<String> {
    let plan = plan(&ticket("Show loans", "- [ ] `loans` shows all loans\n"), &[desk(compose)]);
    plan.sections
        .technology
        .iter()
        .map(|t| format!("{} {} {}", t.role, t.name, t.version.as_deref().unwrap_or("-")))
        .collect()
}

#[test]
fn the_database_has_its_own_name_and_its_used_client_stands_below() {
    let found = technologies("services:\n  db:\n    image: mariadb:11.4\n");
    assert!(found.contains(&"Database MariaDB 11.4".to_owned()), "{found:?}");
    assert!(found.contains(&"Database client sqlx 0.8".to_owned()), "{found:?}");
    assert!(!found.iter().any(|t| t.contains("diesel")), "{found:?}");
}

#[test]
fn without_a_line_that_names_the_server_the_client_is_all_that_is_known() {
    let found = technologies("services:\n  web:\n    image: acme/desk:1\n");
    assert!(found.contains(&"Database sqlx 0.8".to_owned()), "{found:?}");
}

#[test]
fn cargo_test_is_not_go_test() {
    let found = technologies("services: {}\n");
    assert!(found.contains(&"Testing cargo test -".to_owned()), "{found:?}");
}
