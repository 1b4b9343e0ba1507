//! What the repository decides is an instruction, and what it leaves open is asked.

use planwright::model::context::*;

use super::world::*;

fn word(word: &str) -> Vec<Evidence> {
    vec![Evidence::Words { words: vec![word.to_owned()] }]
}

#[test]
fn a_value_is_decided_where_the_criterion_is_met_and_asked_for_elsewhere() {
    let bills = "def bills(month):\n    return select(Visit).where(Visit.status.in_([\"booked\", \"missed\"]))\n\ndef net(visit):\n    return MISSED if visit.status == \"missed\" else VISIT\n";
    let counts = "def missed(month):\n    return select(Visit).where(Visit.status == \"missed\")\n";
    let open = "def left(month):\n    return [v for v in all() if v.status != \"booked\"]\n";
    let tree = MemoryTree::default()
        .file("clinic/bills.py", FileClass::Source, bills)
        .file("clinic/reports.py", FileClass::Source, counts)
        .file("clinic/slots.py", FileClass::Source, open);
    let mut context = context("acme/clinic", tree);
    context.grounded = vec![Grounded { text: "late".to_owned(), found: Grounding::NotFound { nearest: None } }];
    likely(&mut context, "clinic/bills.py", 0.8, word("bill"), &["bills"]);
    let body = "- [ ] A visit with status `late` is on the bills of the month\n";
    let text = document(&ticket("Bill visits that are cancelled late", body), &[context]);
    let how = text.split("decide at each").next().unwrap_or_default();
    let line = how.lines().last().unwrap_or_default();
    assert!(line.contains("clinic/bills.py:2") && line.contains("clinic/bills.py:5"), "{text}");
    assert!(!line.contains("reports.py") && !line.contains("slots.py"), "{text}");
    let asked = text.lines().find(|l| l.contains("- [ ]") && l.contains("clinic/reports.py:2")).unwrap_or_default();
    assert!(asked.contains("`late`") && asked.contains('?'), "{text}");
    assert!(!text.contains("clinic/slots.py:2"), "{text}");
}

const FLAGS: &str =
    "const KNOWN = [\"reviews\"] as const;\nexport function isOn(flag) {\n  return KNOWN.includes(flag);\n}\n";

#[test]
fn a_document_loses_the_clause_that_names_the_flag_and_the_condition() {
    let api = "# API\n\n| `GET /products` | lists them |\n| `POST /reviews` | writes a review (signed in, flag `reviews`) |\n\nA product comes with reviews where they are on.\n";
    let tree = MemoryTree::default()
        .file("src/flags.ts", FileClass::Source, FLAGS)
        .file(
            "src/routes/reviews.ts",
            FileClass::Source,
            "function post() {\n  if (isOn(\"reviews\")) {\n    add();\n  }\n}\n",
        )
        .file("docs/api.md", FileClass::Doc, api);
    let mut context = context("acme/shop", tree);
    context.grounded = vec![];
    likely(&mut context, "src/routes/reviews.ts", 0.8, word("reviews"), &["post"]);
    let body = "`reviews` has been on in production for weeks. Remove the flag.\n";
    let text = document(&ticket("Remove the flag of reviews", body), &[context]);
    assert!(text.contains("“flag reviews”"), "{text}");
    assert!(text.contains("“where they are on”"), "{text}");
    assert!(!text.contains("names `reviews` in line 4: take that part out"), "{text}");
}

#[test]
fn a_document_that_calls_the_sibling_the_only_one_becomes_false() {
    let tree = MemoryTree::default()
        .file("src/flags.ts", FileClass::Source, FLAGS)
        .file("src/carts.ts", FileClass::Source, "function gift() {\n  return 1;\n}\n")
        .file("docs/runbook.md", FileClass::Doc, "# Runbook\n\nSet `FLAG_NAME=on`. `reviews` is the only flag.\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/carts.ts", 0.8, word("gift"), &["gift"]);
    let body = "- [ ] Gifts of a cart are behind a flag `gifts`\n- [ ] A gift is wrapped\n";
    let text = document(&ticket("Wrap gifts", body), &[context]);
    assert!(text.contains("“reviews is the only flag.”"), "{text}");
}

#[test]
fn an_error_is_told_with_its_text_and_its_other_users_and_its_home_is_listed() {
    let tree = MemoryTree::default()
        .file(
            "src/errors.ts",
            FileClass::Source,
            "export function unauthorized() {\n  return new ShopError(401, \"unauthorized\", \"sign in first\");\n}\n",
        )
        .file(
            "src/accounts.ts",
            FileClass::Source,
            "export function signIn(email) {\n  if (!email) throw invalid();\n}\n",
        )
        .file("src/orders.ts", FileClass::Source, "export function place(cart) {\n  throw unauthorized();\n}\n")
        .import("src/orders.ts", "src/errors.ts");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/accounts.ts", 0.8, word("signIn"), &["signIn"]);
    let body = "- [ ] `signIn` answers 401 for an unknown address\n- [ ] `signIn` answers 429 after five attempts\n";
    let text = document(&ticket("Limit signing in", body), &[context]);
    assert!(!text.contains("see whether its text fits"), "{text}");
    assert!(text.contains("“sign in first”") && text.contains("`src/orders.ts:2`"), "{text}");
    assert!(text.contains("- Modify [`src/errors.ts`]"), "{text}");
}
