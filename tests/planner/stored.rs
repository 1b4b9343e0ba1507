//! Migrations to write, and interfaces that are implemented more than once.

use planwright::model::{
    context::*,
    plan::{Plan, Step},
};

use super::world::*;

fn step<'p>(plan: &'p Plan, path: &str) -> &'p Step {
    let holds = |s: &&Step| s.files.iter().any(|f| f.file.path.contains(path));
    plan.sections.steps().find(holds).unwrap_or_else(|| panic!("a step with {path}"))
}

fn said(step: &Step) -> String {
    step.how.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// A shop with three migrations, the newest of which makes a table of another kind.
fn shop(index: bool) -> Context {
    let tree = MemoryTree::default()
        .file("migrations/0001_orders.sql", FileClass::Migration, "CREATE TABLE orders (\n    id bigint\n);\n")
        .file("migrations/0002_reviews.sql", FileClass::Migration, "CREATE TABLE reviews (\n    id bigint\n);\n")
        .file("migrations/0004_gifts.sql", FileClass::Migration, "CREATE TABLE gifts (\n    id bigint\n);\n")
        .file("Makefile", FileClass::Config, "migrate:\n\tdbtool up\n")
        .file("src/orders.py", FileClass::Source, "def all():\n    return []\n")
        .file(
            "CONTRIBUTING.md",
            FileClass::Doc,
            "- Migrations are add-only.\n- An index on a large table is built concurrently.\n",
        );
    let tree = match index {
        true => tree.file("migrations/0003_i.sql", FileClass::Migration, "CREATE INDEX reviews_by ON reviews (id);\n"),
        false => tree,
    };
    let mut context = context("acme/shop", tree);
    let migrations: Vec<String> =
        context.tree.paths().filter(|p| p.starts_with("migrations/")).map(str::to_owned).collect();
    context.facts = migrations.iter().map(|path| fact(FactKind::Migration, path, "sql", path, 1)).collect();
    context.facts.push(fact(FactKind::OtherCommand, "make migrate", "make migrate", "Makefile", 1));
    context.facts.push(fact(FactKind::TestCommand, "pytest", "pytest -q", "Makefile", 1));
    context.facts.push(fact(FactKind::Guideline, "CONTRIBUTING.md", "how to contribute", "CONTRIBUTING.md", 1));
    let word = Evidence::Words { words: vec!["orders".into()] };
    likely(&mut context, "src/orders.py", 0.8, vec![word], &["all"]);
    context
}

#[test]
fn a_migration_for_an_index_follows_the_rule_for_indexes_and_no_table() {
    let wanted = ticket("Orders are slow", "There is no index on `orders.placed_at` yet. `all` should be fast.\n");
    let bare = plan(&wanted, &[shop(false)]);
    let migration = step(&bare, "migrations/0005");
    let told = said(migration);
    assert!(told.contains("It makes an index on `orders.placed_at`, and nothing else"), "{told}");
    assert!(told.contains("“An index on a large table is built concurrently.”"), "{told}");
    assert!(!told.contains("as the pattern"), "{told}");
    assert_eq!(migration.validate.iter().map(|c| c.line.as_str()).collect::<Vec<_>>(), ["make migrate"]);
    let risks: Vec<&str> = bare.sections.risks.iter().map(|r| r.risk.text.as_str()).collect();
    assert!(risks.iter().any(|text| text.contains("leaves an invalid index on `orders` behind")), "{risks:?}");
    assert!(risks.iter().all(|text| !text.contains("changes stored data")), "{risks:?}");
    let told = said(step(&plan(&wanted, &[shop(true)]), "migrations/0005"));
    assert!(told.contains("take `migrations/0003_i.sql` as the pattern"), "{told}");
}

#[test]
fn a_migration_for_a_table_is_made_like_that_of_its_sibling() {
    let tree = |revision: &str| {
        let table = |name: &str, id: &str, of: &str| {
            format!(
                "revision = \"{id}\"\ndown_revision = \"{of}\"\n\n\ndef upgrade():\n    op.create_table(\n        \"{name}\",\n    )\n"
            )
        };
        let sources = ["shop/api/orders.py", "shop/api/carts.py", "shop/models/order.py", "shop/models/cart.py"];
        let code = "def all():\n    return []\n";
        let tree =
            sources.into_iter().fold(MemoryTree::default(), |tree, path| tree.file(path, FileClass::Source, code));
        tree.file("alembic/versions/20250101_0000_o.py", FileClass::Migration, &table("orders", "a1", "a0"))
            .file("alembic/versions/20250102_0000_c.py", FileClass::Migration, &table("carts", "b2", "a1"))
            .file("alembic/versions/20250103_0000_x.py", FileClass::Migration, &table("logs", revision, "b2"))
    };
    let mut context = context("acme/shop", tree("c3"));
    let migrations: Vec<String> =
        context.tree.paths().filter(|p| p.starts_with("alembic/")).map(str::to_owned).collect();
    context.facts = migrations.iter().map(|path| fact(FactKind::Migration, path, "Alembic", path, 1)).collect();
    context.facts.push(fact(FactKind::Route, "POST /orders", "all", "shop/api/orders.py", 1));
    let wanted = ticket("Sell gift cards", "- [ ] `POST /gift_cards` answers 201 and the card is stored\n");
    let told = said(step(&plan(&wanted, &[context]), "gift_cards.py"));
    let migration = told.lines().find(|l| l.contains("as the pattern") && l.contains("alembic")).unwrap_or_default();
    assert!(!migration.contains("20250103"), "{told}");
    assert!(told.contains("Its `down_revision` is `c3`"), "{told}");
}

#[test]
fn a_method_that_is_called_through_an_interface_is_declared_there_and_given_to_its_fakes() {
    let service = "class Store(Protocol):\n    def events_of(self, number): ...\n\n\nclass Service:\n    def list(self):\n        found = self.store.all()\n        for one in found:\n            self.store.events_of(one)\n        return found\n";
    let store = "class Database:\n    def events_of(self, number):\n        return select(number)\n";
    let fake = "class Memory:\n    def events_of(self, number):\n        return []\n\n\ndef test_all_are_listed():\n    assert True\n";
    let tree = MemoryTree::default()
        .file("parcels/service.py", FileClass::Source, service)
        .file("parcels/store/events.py", FileClass::Source, store)
        .file("tests/test_service.py", FileClass::Test, fake)
        .import("tests/test_service.py", "parcels/service.py");
    let mut context = context("acme/parcels", tree);
    let word = |word: &str| Evidence::Words { words: vec![word.to_owned()] };
    likely(&mut context, "parcels/service.py", 0.8, vec![word("list")], &["list"]);
    likely(&mut context, "parcels/store/events.py", 0.6, vec![word("events")], &["events_of"]);
    let mut wanted = ticket("The list of parcels is slow", "`list` should take under 150 ms.\n");
    wanted.labels = vec!["performance".to_owned()];
    let plan = plan(&wanted, &[context]);
    let service = step(&plan, "parcels/service.py");
    let told = said(service);
    assert!(told.contains("It is called through `Store` (`parcels/service.py:1`)"), "{told}");
    assert!(told.contains("give it to `Memory` (`tests/test_service.py:1`)"), "{told}");
    assert!(service.files.iter().any(|f| f.file.path == "tests/test_service.py"), "{service:?}");
}

#[test]
fn a_new_field_of_what_a_function_gives_back_leads_to_its_type() {
    let tree = MemoryTree::default()
        .file(
            "src/cart.ts",
            FileClass::Source,
            "export async function priceCart(id: string): Promise<Priced> {\n  return price(id);\n}\n",
        )
        .file("src/discount.ts", FileClass::Source, "export class Priced {\n  total: number;\n}\n");
    let mut context = context("acme/shop", tree);
    let word = Evidence::Words { words: vec!["cart".into()] };
    likely(&mut context, "src/cart.ts", 0.8, vec![word], &["priceCart"]);
    let with = |body: &str| document(&ticket("Show what is missing", body), std::slice::from_ref(&context));
    let field = with("- [ ] the priced cart says how much is missing, as `missingAmount`\n");
    assert!(field.contains("Add `missingAmount` to `Priced` ([`src/discount.ts:1`]"), "{field}");
    let parameter = with("- [ ] the priced cart takes the option `missingAmount`\n");
    assert!(!parameter.contains("to `Priced`"), "{parameter}");
}

#[test]
fn a_constraint_of_the_database_goes_by_the_values_that_a_new_one_stands_beside() {
    let bill = "def bill(visit):\n    if visit.status == \"missed\":\n        return 1\n    return visit.status == \"booked\"\n";
    let sql = "CREATE UNIQUE INDEX slots ON visits (day)\n  WHERE (status = 'booked');\n";
    let tree = MemoryTree::default().file("clinic/bill.py", FileClass::Source, bill).file(
        "migrations/0001_slots.sql",
        FileClass::Migration,
        sql,
    );
    let mut context = context("acme/clinic", tree);
    likely(&mut context, "clinic/bill.py", 0.8, vec![words(&["bill", "visit"])], &["bill"]);
    let body = "A visit with status `called_off` is billed as one that was missed.\n";
    let plan = plan(&ticket("Bill visits that are called off", body), &[context]);
    let risks: Vec<&str> = plan.sections.risks.iter().map(|r| r.risk.text.as_str()).collect();
    let expected = "The database goes by `status` “booked” as well: `migrations/0001_slots.sql:2`";
    assert!(risks.contains(&expected), "{risks:?}");
}
