//! What stays as it is beside what is new, what changes with it, and what is only looked at.

use planwright::model::{
    context::*,
    plan::{FileChange, Plan, Step},
};

use super::world::*;

fn step<'p>(plan: &'p Plan, path: &str) -> &'p Step {
    let holds = |s: &&Step| s.files.iter().any(|f| f.file.path == path);
    plan.sections.steps().find(holds).unwrap_or_else(|| panic!("a step with {path}"))
}

fn change<'p>(plan: &'p Plan, path: &str) -> &'p FileChange {
    step(plan, path).files.iter().find(|f| f.file.path == path).expect("the file")
}

fn said(step: &Step) -> Vec<&str> {
    step.how.iter().map(|s| s.text.as_str()).collect()
}

fn names(symbols: &[planwright::model::plan::SymbolRef]) -> Vec<&str> {
    symbols.iter().map(|s| s.name.as_str()).collect()
}

/// A route with its handler in the same file, and the rule that it calls.
fn clinic() -> Context {
    let routes = "@router.post(\"/visits/{id}/missed\")\ndef missed(id):\n    mark_missed(id)\n\n\ndef other(id):\n    return id\n";
    let rules = "def mark_missed(id):\n    save(id, \"missed\")\n\n\ndef visits():\n    return []\n";
    let tests =
        "def test_missing_needs_the_token():\n    assert True\n\n\ndef test_visits_are_listed():\n    assert True\n";
    let tree = MemoryTree::default()
        .file("clinic/api/visits.py", FileClass::Source, routes)
        .file("clinic/services/scheduling.py", FileClass::Source, rules)
        .file("tests/api/test_visits.py", FileClass::Test, tests)
        .import("clinic/api/visits.py", "clinic/services/scheduling.py")
        .import("tests/api/test_visits.py", "clinic/api/visits.py");
    let mut context = context("acme/clinic", tree);
    context.facts = vec![
        fact(FactKind::Route, "POST /visits/{id}/missed", "missed", "clinic/api/visits.py", 1),
        fact(FactKind::TestCommand, "pytest", "pytest -q", ".github/workflows/ci.yml", 4),
    ];
    likely(&mut context, "clinic/api/visits.py", 0.8, vec![words(&["visit"])], &["other"]);
    let case = |s: Symbol| Symbol { kind: SymbolKind::Test, ..s };
    let cases = context.tree.symbols("tests/api/test_visits.py").into_iter().map(case).collect();
    context.tests.push(NearTest {
        path: "tests/api/test_visits.py".into(),
        covers: Some("clinic/api/visits.py".into()),
        why: "its name says so".into(),
        cases,
    });
    context
}

#[test]
fn what_is_added_beside_leaves_its_neighbour_out_of_the_symbols_to_change() {
    let wanted = ticket("Late visits", "- [ ] `POST /visits/{id}/late` marks a visit as late\n");
    let plan = plan(&wanted, &[clinic()]);
    let rules = change(&plan, "clinic/services/scheduling.py");
    assert_eq!((names(&rules.symbols), names(&rules.beside)), (vec![], vec!["mark_missed"]));
    let routes = change(&plan, "clinic/api/visits.py");
    assert_eq!((names(&routes.symbols), names(&routes.beside)), (vec![], vec!["missed"]));
    assert!(step(&plan, "clinic/api/visits.py").title.starts_with("Extend"), "{plan:?}");
    let tests = change(&plan, "tests/api/test_visits.py");
    assert!(tests.symbols.is_empty() && tests.adds == ["T1"], "{tests:?}");
    let text = document(&wanted, &[clinic()]);
    assert!(
        text.contains("Modify [`clinic/services/scheduling.py`]") && text.contains(": beside [`mark_missed`]"),
        "{text}"
    );
    assert!(text.contains(": add T1 beside [`test_"), "{text}");
    assert!(text.contains("modify `clinic/services/scheduling.py`: beside `mark_missed`"), "{text}");
}

#[test]
fn a_route_beside_one_in_a_condition_stands_outside_of_it() {
    let routes =
        "shop.get(\"/plants\", list);\n\nif (isOn(\"reviews\")) {\n  shop.post(\"/plants/:id/reviews\", add);\n}\n";
    let tree = MemoryTree::default().file("src/routes/plants.ts", FileClass::Source, routes);
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::Route, "GET /plants", "list", "src/routes/plants.ts", 1),
        fact(FactKind::Route, "POST /plants/:id/reviews", "add", "src/routes/plants.ts", 4),
    ];
    let body = "- [ ] `POST /plants/:id/photos` keeps a photo\n- [ ] the route is behind a flag `photos`\n";
    let plan = plan(&ticket("Photos of plants", body), &[context]);
    let told = said(step(&plan, "src/routes/plants.ts"));
    let outside = "outside the condition `if (isOn(\"reviews\"))` in line 3, in one of its own for `photos`";
    assert!(told.iter().any(|text| text.ends_with(outside)), "{told:?}");
}

#[test]
fn a_flag_that_is_on_goes_by_the_form_of_each_line() {
    let routes = "import { isOn } from \"../flags.js\";\n\nexport function show(id) {\n  return find(id, isOn(\"reviews\"));\n}\n\nif (isOn(\"reviews\")) {\n  post(add);\n}\n";
    let rules =
        "export function find(id: string, withReviews: boolean) {\n  return withReviews ? all(id) : some(id);\n}\n";
    let tree = MemoryTree::default()
        .file("src/routes/plants.ts", FileClass::Source, routes)
        .file("src/services/catalog.ts", FileClass::Source, rules)
        .file("src/flags.ts", FileClass::Source, "const KNOWN = [\"reviews\"] as const;\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/routes/plants.ts", 0.8, vec![words(&["reviews"])], &["show"]);
    let body = "`reviews` has been on for everyone since May. Remove the flag and its checks.\n";
    let on = plan(&ticket("Remove the flag `reviews`", body), std::slice::from_ref(&context));
    let told = said(step(&on, "src/routes/plants.ts")).join("\n");
    assert!(told.contains("line 4: drop the argument, with the parameter `withReviews` of `find`"), "{told}");
    assert!(told.contains("line 7: drop the condition and keep its body"), "{told}");
    assert!(told.contains("line 1: the import of `isOn`, which nothing uses then"), "{told}");
    assert!(told.contains("Drop the parameter `withReviews` of `find`"), "{told}");
    assert!(step(&on, "src/routes/plants.ts").files.iter().any(|f| f.file.path == "src/services/catalog.ts"));
    let off = plan(&ticket("Remove the flag `reviews`", "Remove the flag `reviews`: it was never on.\n"), &[context]);
    let told = said(step(&off, "src/routes/plants.ts")).join("\n");
    assert!(!told.contains("keep its body") && told.contains("take that part out"), "{told}");
}

#[test]
fn what_must_stay_is_seen_to_where_the_change_is() {
    let tree = MemoryTree::default()
        .file("shop/api/carts.py", FileClass::Source, "def show(id):\n    return total_of(id)\n")
        .file("shop/services/pricing.py", FileClass::Source, "def total_of(id):\n    return sum(id)\n")
        .import("shop/api/carts.py", "shop/services/pricing.py");
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Route, "GET /carts/{id}", "show", "shop/api/carts.py", 1)];
    likely(&mut context, "shop/services/pricing.py", 0.8, vec![words(&["total"])], &["total_of"]);
    likely(&mut context, "shop/api/carts.py", 0.6, vec![words(&["cart"])], &["show"]);
    let body = "`GET /carts/{id}` is slow.\n\n## Requirements\n\n- `total_of` should ask once\n- the answer's JSON must not change\n";
    let plan = plan(&ticket("`GET /carts/{id}` is slow", body), &[context]);
    let rules = step(&plan, "shop/services/pricing.py");
    assert!(said(rules).contains(&"R2: keep to this") || rules.serves == ["R1", "R2"], "{rules:?}");
    assert!(plan.sections.steps().all(|s| s.files.iter().all(|f| f.file.path != "shop/api/carts.py")), "{plan:?}");
}

#[test]
fn users_of_a_package_that_goes_up_are_looked_through() {
    let tree = MemoryTree::default()
        .file("pyproject.toml", FileClass::Config, "dependencies = [\n    \"pydantic==2.10.6\",\n]\n")
        .file(
            "clinic/schemas.py",
            FileClass::Source,
            "from pydantic import BaseModel\n\n\nclass Visit(BaseModel):\n    pass\n",
        )
        .file(".github/workflows/ci.yml", FileClass::Config, "steps:\n  - run: uv sync --locked\n");
    let mut context = context("acme/clinic", tree);
    context.facts = vec![Fact {
        version: Some("2.10.6".into()),
        ..fact(FactKind::Dependency, "pydantic", "", "pyproject.toml", 2)
    }];
    likely(&mut context, "clinic/schemas.py", 0.5, vec![words(&["pydantic"])], &["Visit"]);
    let body = "2.11 deprecates reading `model_fields` on instances.\n";
    let plan = plan(&ticket("Upgrade pydantic to 2.11", body), &[context]);
    let raise = step(&plan, "pyproject.toml");
    let told = said(raise).join("\n");
    assert!(told.contains("Raise `pydantic` from 2.10.6 to 2.11"), "{told}");
    assert!(told.contains("`model_fields` stands in none of the 1 source file of the repository"), "{told}");
    assert!(told.contains("of `pydantic` is still there and does the same: `clinic/schemas.py:1`"), "{told}");
    assert!(told.contains("`.github/workflows/ci.yml:2` installs with `uv sync --locked`"), "{told}");
    assert_eq!(plan.sections.steps().count(), 1, "{plan:?}");
}

#[test]
fn a_means_is_used_and_not_changed() {
    let tree = MemoryTree::default()
        .file("clinic/notify/sms.py", FileClass::Source, "def send(to):\n    post(to)\n")
        .file("clinic/offers.py", FileClass::Source, "def offer(visit):\n    notify(visit)\n");
    let mut context = context("acme/clinic", tree);
    likely(&mut context, "clinic/offers.py", 0.8, vec![words(&["offer"])], &["offer"]);
    likely(&mut context, "clinic/notify/sms.py", 0.1, vec![words(&["sms"])], &[]);
    let with =
        |criterion: &str| document(&ticket("Offers", &format!("- [ ] {criterion}\n")), std::slice::from_ref(&context));
    assert!(!with("an offer is sent by e-mail or SMS").contains("belongs here"));
    assert!(with("an SMS of an offer has no link").contains("The part on “SMS” of AC1 belongs here"));
}

#[test]
fn a_file_that_nothing_certain_points_at_is_read_before_it_is_changed() {
    let tree = MemoryTree::default().file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.3, vec![words(&["wrong"])], &["total"]);
    let text = document(&ticket("Something is wrong", "It is wrong since yesterday.\n"), &[context]);
    assert!(text.contains("- Read [`src/cart.py`]") && !text.contains("- Modify"), "{text}");
}
