//! New members of records that a ticket names beside others, and routes that are there already.

use planwright::model::{
    context::*,
    plan::{Action, Plan, Step},
};

use super::world::*;

fn field(name: &str, line: u32) -> Vec<Evidence> {
    vec![Evidence::Symbol { name: name.to_owned(), line }]
}

/// A shop whose carts are kept, answered and shown; a page works out a figure of the same name as a new one.
fn shop() -> Context {
    let tree = MemoryTree::default()
        .file(
            "migrations/0001_carts.sql",
            FileClass::Migration,
            "CREATE TABLE carts (\n  id bigint,\n  closed boolean\n);\n",
        )
        .file("migrations/0002_note.sql", FileClass::Migration, "ALTER TABLE carts ADD COLUMN close_note text;\n")
        .file("src/cart.py", FileClass::Source, "class Cart:\n    closed: bool\n    close_note: str\n")
        .file("src/answer.py", FileClass::Source, "FIELDS = [\"id\", \"closed\", \"close_note\"]\n")
        .file(
            "src/page.py",
            FileClass::Source,
            "def page(cart):\n    line_count = len(cart.lines)\n    return line_count\n",
        )
        .file("src/close.py", FileClass::Source, "def close(cart):\n    cart.closed = True\n    return cart\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/close.py", 0.5, vec![words(&["closed", "cart"])], &["close"]);
    likely(&mut context, "src/cart.py", 0.3, field("close_note", 3), &["Cart"]);
    likely(&mut context, "src/answer.py", 0.2, vec![words(&["cart"])], &[]);
    likely(&mut context, "src/page.py", 0.2, vec![words(&["count"])], &["page"]);
    context.facts = [1, 2]
        .map(|n| {
            fact(
                FactKind::Migration,
                "m",
                "SQL",
                if n == 1 { "migrations/0001_carts.sql" } else { "migrations/0002_note.sql" },
                1,
            )
        })
        .into();
    context
}

fn steps(plan: &Plan) -> Vec<&Step> {
    plan.sections.phases.iter().flat_map(|phase| &phase.steps).collect()
}

fn said(plan: &Plan) -> Vec<&str> {
    steps(plan).iter().flat_map(|step| &step.how).map(|s| s.text.as_str()).collect()
}

#[test]
fn a_new_member_goes_where_its_siblings_are_and_into_a_migration() {
    let body = "`GET /carts/{id}` tells `closed` and `close_note`, but not when.\n\nAdd `closed_at` to the cart. Opening it clears \
                it.\n";
    let plan = plan(&ticket("Tell when a cart was closed", body), &[shop()]);
    let said = said(&plan);
    assert!(said.contains(&"Add `closed_at` beside `close_note` (`src/cart.py:3`)"), "{said:?}");
    assert!(said.contains(&"Add `closed_at` beside `close_note` (`src/answer.py:1`)"), "{said:?}");
    let files = || steps(&plan).into_iter().flat_map(|s| &s.files);
    let made = files().find(|f| f.action == Action::Create).map(|f| f.file.path.as_str());
    assert_eq!(made, Some("migrations/0003_carts_closed_at.sql"));
    assert!(!plan.sections.questions.iter().any(|q| q.ask.text.contains("is `closed` meant")));
}

#[test]
fn what_the_second_answer_adds_is_new_there_and_a_count_is_kept_nowhere() {
    let body = "Today:\n\n```json\n{\n  \"id\": 1,\n  \"close_note\": \"x\"\n}\n```\n\nWanted:\n\n```json\n{\n  \"id\": 1,\n  \
                \"close_note\": \"x\",\n  \"line_count\": 3\n}\n```\n";
    let plan = plan(&ticket("Include the number of lines in carts", body), &[shop()]);
    let said = said(&plan);
    assert!(said.contains(&"Add `line_count` beside `close_note` (`src/answer.py:1`)"), "{said:?}");
    assert!(!steps(&plan).iter().any(|s| s.files.iter().any(|f| f.action == Action::Create)), "{said:?}");
}

#[test]
fn a_route_that_the_ticket_tells_of_is_not_declared_anew() {
    let mut context = shop();
    let route = |name: &str, path: &str, line| fact(FactKind::Route, name, "", path, line);
    context.facts.push(route("/carts", "src/close.py", 1));
    context.facts.push(route("/carts/{id}", "src/answer.py", 1));
    let body = "`GET /api/v2/carts/{id}` answers with a cart. `GET /api/v2/gifts` lists gifts.\n\nCarts should carry a note.\n";
    let text = document(&ticket("Notes of carts", body), &[context]);
    assert!(text.contains("**GET /api/v2/carts/{id}** (exists"), "{text}");
    assert!(!text.contains("(new)"), "{text}");
    assert!(text.contains("none of the 2 routes that were found declares it"), "{text}");
}
