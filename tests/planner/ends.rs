//! Where steps end: what runs by then, what is met by then, and what stands before what.

use planwright::model::{
    context::*,
    plan::{Action, Plan, Step},
};

use super::world::*;

const CODE: &str = "def all():\n    return []\n";
const ASKS: &str =
    "from fastapi.testclient import TestClient\n\n\ndef test_orders_are_listed(client):\n    assert client\n";

/// A shop with layers, whose tests of routes send requests; `mypy` checks its types.
fn shop() -> Context {
    let sources = ["shop/api/orders.py", "shop/api/carts.py", "shop/models/order.py", "shop/models/cart.py"];
    let tree = sources.into_iter().fold(MemoryTree::default(), |tree, path| tree.file(path, FileClass::Source, CODE));
    let tree = tree
        .file("shop/services/checkout.py", FileClass::Source, CODE)
        .file("shop/services/pricing.py", FileClass::Source, CODE)
        .file("shop/tasks/report.py", FileClass::Source, CODE)
        .file("shop/app.py", FileClass::Source, "from shop.api import orders, carts\n")
        .file("tests/api/test_orders.py", FileClass::Test, ASKS)
        .file("tests/api/test_carts.py", FileClass::Test, ASKS)
        .import("shop/api/orders.py", "shop/services/checkout.py")
        .import("shop/api/carts.py", "shop/services/pricing.py")
        .import("shop/app.py", "shop/api/orders.py")
        .import("shop/app.py", "shop/api/carts.py")
        .import("tests/api/test_orders.py", "shop/app.py")
        .import("tests/api/test_carts.py", "shop/app.py");
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::Route, "POST /orders", "all", "shop/api/orders.py", 1),
        fact(FactKind::LintCommand, "ruff", "uv run ruff check .", ".github/workflows/ci.yml", 6),
        fact(FactKind::LintCommand, "mypy", "uv run mypy shop", ".github/workflows/ci.yml", 7),
        fact(FactKind::TestCommand, "pytest", "uv run pytest -q", ".github/workflows/ci.yml", 8),
    ];
    context
}

fn step<'p>(plan: &'p Plan, path: &str) -> &'p Step {
    let holds = |s: &&Step| s.files.iter().any(|f| f.file.path == path);
    plan.sections.steps().find(holds).unwrap_or_else(|| panic!("a step with {path}"))
}

fn ends(step: &Step) -> Vec<&str> {
    step.validate.iter().map(|command| command.line.as_str()).collect()
}

/// No step runs a file that a later one makes.
fn assert_made_before(plan: &Plan) {
    let mut made: Vec<&str> = Vec::new();
    let created = |s: &'_ Step| -> Vec<String> {
        s.files.iter().filter(|f| f.action == Action::Create).map(|f| f.file.path.clone()).collect()
    };
    let all: Vec<String> = plan.sections.steps().flat_map(created).collect();
    for step in plan.sections.steps() {
        made.extend(step.files.iter().map(|f| f.file.path.as_str()));
        for path in all.iter().filter(|path| !made.contains(&path.as_str())) {
            assert!(ends(step).iter().all(|line| !line.contains(path.as_str())), "step {} runs {path}", step.id);
        }
    }
}

#[test]
fn a_test_that_asks_for_a_new_route_runs_once_the_route_is_there() {
    let body = "- [ ] `POST /gift_cards` keeps a gift card and answers 201\n- [ ] a gift card is counted once\n";
    let wanted = ticket("Sell gift cards", body);
    let plan = plan(&wanted, &[shop()]);
    assert_made_before(&plan);
    let rules = step(&plan, "shop/services/gift_card.py");
    assert_eq!(ends(rules), ["uv run mypy shop"]);
    assert!(rules.serves.contains(&"AC2".to_owned()) && rules.acceptance.is_empty(), "{rules:?}");
    let routes = step(&plan, "tests/api/test_gift_cards.py");
    assert!(routes.files.iter().any(|f| f.file.path == "shop/api/gift_cards.py"), "{routes:?}");
    assert_eq!(ends(routes), ["uv run pytest -q tests/api/test_gift_cards.py"]);
    assert_eq!(routes.serves, ["AC1", "AC2"]);
}

#[test]
fn a_step_ends_with_a_test_only_where_the_test_runs_its_file() {
    let mut context = shop();
    likely(&mut context, "shop/tasks/report.py", 0.8, vec![Evidence::PathNamed { text: "report.py".into() }], &["all"]);
    let case = |s: Symbol| Symbol { kind: SymbolKind::Test, ..s };
    let cases: Vec<Symbol> = context.tree.symbols("tests/api/test_orders.py").into_iter().map(case).collect();
    let near = NearTest { path: "tests/api/test_orders.py".into(), covers: None, why: "it is near".into(), cases };
    context.tests.push(near);
    let wanted = ticket("Orders are listed twice in the report", "`all` of `report.py` should list orders once.");
    let told = plan(&wanted, std::slice::from_ref(&context));
    assert_eq!(ends(step(&told, "shop/tasks/report.py")), ["uv run pytest -q tests/tasks/test_report.py"]);

    likely(
        &mut context,
        "shop/services/pricing.py",
        0.9,
        vec![Evidence::PathNamed { text: "pricing.py".into() }],
        &["all"],
    );
    let told = plan(&ticket("`pricing.py` is wrong", "`pricing.py` should round each price once."), &[context]);
    let last = ends(step(&told, "shop/services/pricing.py"));
    assert!(last.iter().all(|line| line.starts_with("uv run pytest -q")), "{last:?}");
}

#[test]
fn what_answers_a_route_and_what_declares_it_are_one_step_where_unused_code_is_refused() {
    let routes = "mod admin;\n\npub fn router() -> Router {\n    route(\"/admin/orders\", get(admin::orders))\n}\n";
    let tree = MemoryTree::default()
        .file("src/routes/mod.rs", FileClass::Source, routes)
        .file("src/routes/admin.rs", FileClass::Source, "pub async fn orders() -> Page {\n    page()\n}\n")
        .import("src/routes/mod.rs", "src/routes/admin.rs");
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Route, "GET /admin/orders", "admin::orders", "src/routes/mod.rs", 4)];
    let wanted = ticket("Export orders", "- [ ] `GET /admin/orders/export` answers with all orders\n");
    let told = plan(&wanted, &[context]);
    let both = step(&told, "src/routes/admin.rs");
    assert!(both.files.iter().any(|f| f.file.path == "src/routes/mod.rs"), "{both:?}");
    let said: Vec<&str> = both.how.iter().map(|s| s.text.as_str()).collect();
    let handler = "Add what answers `GET /admin/orders/export` beside `orders` (`src/routes/admin.rs:1`)";
    assert!(said.contains(&handler), "{said:?}");
    assert!(both.title.starts_with("Extend"), "{}", both.title);
}

#[test]
fn what_is_expected_of_another_file_is_shown_by_a_case_of_its_own() {
    let tree = MemoryTree::default()
        .file("src/discount.py", FileClass::Source, "def bundle(lines):\n    return lines[0]\n")
        .file("src/shipping.py", FileClass::Source, "def cost(goods):\n    return 590\n")
        .file("tests/test_discount.py", FileClass::Test, "def test_bundle():\n    assert True\n")
        .file("tests/test_shipping.py", FileClass::Test, "def test_cost():\n    assert True\n")
        .import("tests/test_discount.py", "src/discount.py")
        .import("tests/test_shipping.py", "src/shipping.py");
    let mut context = context("acme/shop", tree);
    let frame = "File \"src/discount.py\", line 2, in bundle".to_owned();
    likely(&mut context, "src/discount.py", 0.9, vec![Evidence::StackFrame { frame, line: Some(2) }], &["bundle"]);
    let word = Evidence::Words { words: vec!["shipping".into()] };
    context.ranked.push(RankedFile {
        path: "src/shipping.py".into(),
        score: 1.0,
        probability: 0.1,
        evidence: vec![word],
    });
    for (test, of) in [("tests/test_discount.py", "src/discount.py"), ("tests/test_shipping.py", "src/shipping.py")] {
        let case = |s: Symbol| Symbol { kind: SymbolKind::Test, ..s };
        let cases = context.tree.symbols(test).into_iter().map(case).collect();
        context.tests.push(NearTest { path: test.into(), covers: Some(of.into()), why: "by name".into(), cases });
    }
    let body = "The cart fails.\n\n## Expected\n\nThe total is 0.00. Shipping too: there is nothing to ship.\n\n## Actual\n\n```\n  File \"src/discount.py\", line 2, in bundle\nIndexError: list index out of range\n```\n";
    let mut wanted = ticket("An empty cart fails", body);
    wanted.labels = vec!["bug".to_owned()];
    let told = plan(&wanted, &[context]);
    let cases: Vec<(String, Option<String>)> = told
        .sections
        .testing
        .cases
        .iter()
        .map(|c| (c.what.text.clone(), c.file.as_ref().map(|f| f.path.clone())))
        .collect();
    let of = |file: &str| cases.iter().find(|(_, path)| path.as_deref() == Some(file)).map_or("", |(text, _)| text);
    assert!(of("tests/test_shipping.py").contains("Shipping too"), "{cases:?}");
    assert!(
        of("tests/test_discount.py").contains("The total is 0.00")
            && !of("tests/test_discount.py").contains("Shipping"),
        "{cases:?}"
    );
}
