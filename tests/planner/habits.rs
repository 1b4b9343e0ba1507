//! What guidelines, workflows and past changes ask for is in the plan: commands, notes in the changelog, documents.

use planwright::model::{context::*, plan::RequirementKind};

use super::world::*;

fn named(text: &str) -> Vec<Evidence> {
    vec![Evidence::PathNamed { text: text.to_owned() }]
}

fn past(digit: char, date: &str, files: &[&str], made: &[&str]) -> PastChange {
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    PastChange {
        commit: commit(digit),
        subject: "One more".to_owned(),
        date: date.to_owned(),
        files: owned(files),
        added: 3,
        deleted: 1,
        references: Vec::new(),
        is_revert: false,
        is_taken_back: false,
        reason: None,
        why: "it added a file beside these".to_owned(),
        similarity: 0.0,
        made: owned(made),
        is_first: false,
    }
}

#[test]
fn what_a_guideline_demands_and_what_ci_prepares_are_run() {
    let tree = MemoryTree::default()
        .file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n")
        .file("CONTRIBUTING.md", FileClass::Doc, "# How we work\n\n- `make check` must pass.\n");
    let mut context = context("acme/shop", tree);
    let ci = ".github/workflows/ci.yml";
    context.facts = vec![
        fact(FactKind::Guideline, "How we work", "", "CONTRIBUTING.md", 1),
        fact(FactKind::OtherCommand, "make check", "make check", "Makefile", 1),
        fact(FactKind::OtherCommand, "uv run alembic upgrade head", "uv run alembic upgrade head", ci, 4),
        fact(FactKind::TestCommand, "uv run pytest -q", "uv run pytest -q", ci, 5),
    ];
    likely(&mut context, "src/cart.py", 0.8, named("cart.py"), &["total"]);
    let plan = plan(&ticket("The total of a cart is wrong", "It should be rounded.\n"), &[context]);
    let lines: Vec<&str> = plan.sections.testing.commands.iter().map(|c| c.line.as_str()).collect();
    assert_eq!(lines, ["make check", "uv run alembic upgrade head", "uv run pytest -q"]);
}

#[test]
fn a_changelog_that_every_sibling_wrote_since_it_is_there_is_written() {
    let written = |later: &[&str]| {
        let tree = MemoryTree::default()
            .file("src/encode/json_encoder.py", FileClass::Source, "class JsonEncoder:\n    name = \"json\"\n")
            .file("src/encode/csv_encoder.py", FileClass::Source, "class CsvEncoder:\n    name = \"csv\"\n")
            .file("CHANGELOG.md", FileClass::Doc, "# Changelog\n");
        let mut context = context("acme/shop", tree);
        likely(&mut context, "src/encode/json_encoder.py", 0.8, named("json_encoder.py"), &["JsonEncoder"]);
        // One sibling is older than the changelog.
        context.added = vec![
            past('a', "2026-01-01", &["src/encode/json_encoder.py"], &["src/encode/json_encoder.py"]),
            past('b', "2026-02-01", &["CHANGELOG.md"], &["CHANGELOG.md"]),
            past('d', "2026-03-01", later, &["src/encode/csv_encoder.py"]),
        ];
        document(&ticket("Implement `ndjson` encoder", "Shops ask for it.\n"), &[context]).contains("Name it in")
    };
    assert!(written(&["src/encode/csv_encoder.py", "CHANGELOG.md"]));
    assert!(!written(&["src/encode/csv_encoder.py"]));
}

#[test]
fn a_flag_that_goes_is_noticed_by_operators() {
    let tree = MemoryTree::default()
        .file("src/flags.ts", FileClass::Source, "const KNOWN = [\"reviews\", \"gifts\"] as const;\n")
        .file("CHANGELOG.md", FileClass::Doc, "# Changelog\n")
        .file("CONTRIBUTING.md", FileClass::Doc, "- What an operator can notice has a line in `CHANGELOG.md`.\n");
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::Guideline, "How we work", "", "CONTRIBUTING.md", 1)];
    likely(&mut context, "src/flags.ts", 0.8, named("flags.ts"), &[]);
    let mut wanted = ticket("Remove the flag", "`reviews` has been on in production for weeks. Remove the flag.\n");
    wanted.labels = vec!["chore".to_owned()];
    let text = document(&wanted, &[context]);
    assert!(text.contains("CHANGELOG.md` asks for it") || text.contains("- Modify [`CHANGELOG.md`]"), "{text}");
}

#[test]
fn the_document_that_tells_when_work_runs_is_told_of_the_new_one() {
    let tree = MemoryTree::default()
        .file("shop/tasks/send_mails.py", FileClass::Source, "def main():\n    schedule(send)\n")
        .file("shop/carts.py", FileClass::Source, "def remove(cart):\n    return cart\n")
        .file("docs/operations.md", FileClass::Doc, "- `python -m shop.tasks.send_mails` runs every 15 minutes.\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/carts.py", 0.8, named("carts.py"), &["remove"]);
    let body = "- [ ] Old carts are removed every 15 minutes\n- [ ] A cart of today stays\n";
    let text = document(&ticket("Remove old carts", body), &[context]);
    assert!(text.contains("tells when `send_mails` runs"), "{text}");
}

#[test]
fn a_new_route_is_functional_and_a_ticket_of_security_asks_for_security() {
    let kinds = |body: &str, label: &str| -> Vec<RequirementKind> {
        let tree = MemoryTree::default().file(
            "src/carts.py",
            FileClass::Source,
            "@get(\"/carts\")\ndef carts():\n    return 1\n",
        );
        let mut context = context("acme/shop", tree);
        context.facts = vec![fact(FactKind::Route, "GET /carts", "carts", "src/carts.py", 1)];
        likely(&mut context, "src/carts.py", 0.8, named("carts.py"), &["carts"]);
        let mut wanted = ticket("Carts for shops", body);
        wanted.labels = vec![label.to_owned()];
        plan(&wanted, &[context]).sections.requirements.iter().map(|r| r.kind).collect()
    };
    let body = "## Requirements\n\n- A shop registers with `POST /shops` and gets a secret back once\n- A delivery survives a restart of the service\n- Every event is sent within a minute\n- `GET /carts` shows the shop\n";
    let (functional, security) = (RequirementKind::Functional, RequirementKind::Security);
    assert_eq!(
        kinds(body, "feature"),
        [functional, RequirementKind::Reliability, RequirementKind::Performance, functional]
    );
    assert_eq!(kinds("## Requirements\n\n- Both cases answer with the same body\n", "security"), [security]);
}

#[test]
fn a_route_that_only_passes_on_is_no_step_without_an_instruction() {
    let api = "@router.get(\"/bills\")\ndef bills(month):\n    return billing.monthly(month)\n";
    let tree = MemoryTree::default()
        .file("shop/api/bills.py", FileClass::Source, api)
        .file(
            "shop/api/carts.py",
            FileClass::Source,
            "@router.post(\"/carts/{id}/close\")\ndef close(id):\n    return shut(id)\n",
        )
        .file("shop/billing.py", FileClass::Source, "def monthly(month):\n    return rows(month)\n")
        .file("shop/carts.py", FileClass::Source, "def shut(id):\n    return id\n")
        .import("shop/api/bills.py", "shop/billing.py")
        .import("shop/api/carts.py", "shop/carts.py");
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::Route, "GET /bills", "bills", "shop/api/bills.py", 1),
        fact(FactKind::Route, "POST /carts/{id}/close", "close", "shop/api/carts.py", 1),
    ];
    likely(&mut context, "shop/billing.py", 0.8, named("billing.py"), &["monthly"]);
    let body = "Today such a cart is not in `GET /bills`.\n\n- [ ] A cart that is given up is on the bill of the month\n- [ ] Staff give a cart up with `POST /carts/{id}/give_up`\n";
    let plan = plan(&ticket("Bill carts that are given up", body), &[context]);
    let steps = plan.sections.phases.iter().flat_map(|p| &p.steps);
    let silent: Vec<&str> = steps.filter(|s| s.how.is_empty()).map(|s| s.title.as_str()).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
