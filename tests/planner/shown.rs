//! What tests have to follow: those that assert what changes, those that switch a new flag on, criteria that are read.

use planwright::model::{context::*, plan::TestKind};

use super::world::*;

const TESTS: &str = "def test_a_wrong_code_is_refused():\n    assert post(\"/vaults/open\").status == 403\n\n\n\
                     def test_other_doors():\n    assert post(\"/doors/open\").status == 403\n";

/// A vault that opens with a code, and the test of it.
fn vault() -> Context {
    let tree = MemoryTree::default()
        .file("vault/lock.py", FileClass::Source, "def unlock(code):\n    raise Forbidden(code)\n")
        .file("tests/test_lock.py", FileClass::Test, TESTS)
        .file("docs/vault.md", FileClass::Doc, "# The vault\n\n`unlock` opens it.\n");
    let mut context = context("acme/vault", tree);
    likely(&mut context, "vault/lock.py", 0.8, vec![words(&["unlock", "code"])], &["unlock"]);
    let cases = ["test_a_wrong_code_is_refused", "test_other_doors"];
    near(&mut context, "tests/test_lock.py", "vault/lock.py", "it imports it", &cases);
    context
}

#[test]
fn a_test_that_asserts_what_changes_is_named() {
    let text = |criterion: &str| {
        let body = format!("Concerns `POST /vaults/open` and `unlock`.\n\n- [ ] {criterion}\n");
        document(&ticket("Wrong codes", &body), &[vault()])
    };
    let said = text("a wrong code is answered with 401 instead of 403 by `unlock`");
    assert!(said.contains("asserts 403, the answer of today (`test_a_wrong_code_is_refused`): change it"), "{said}");
    // Another route's answer stays.
    assert!(!said.contains("`test_other_doors`): change it"), "{said}");
    let said = text("a missing code is answered with 422 by `unlock`");
    assert!(!said.contains("the answer of today"), "{said}");
}

#[test]
fn a_criterion_that_only_a_document_serves_needs_no_test() {
    let body = "- [ ] `unlock` opens the vault twice a day\n- [ ] The rule is in docs/vault.md\n";
    let mut context = vault();
    context.grounded = vec![Grounded {
        text: "docs/vault.md".to_owned(),
        found: Grounding::Path { path: "docs/vault.md".to_owned() },
    }];
    let text = document(&ticket("Open twice", body), &[context]);
    let row = text.lines().find(|l| l.starts_with("| AC2 ")).expect("a row for the criterion");
    assert!(row.ends_with(" – |"), "{text}");
}

#[test]
fn tests_switch_a_new_flag_on_as_they_do_with_the_others() {
    let tree = MemoryTree::default()
        .file("vault/flags.py", FileClass::Source, "KNOWN = [\"night-mode\"]\n")
        .file("vault/lock.py", FileClass::Source, "def unlock(code):\n    return code\n")
        .file("tests/conftest.py", FileClass::Test, "import os\n\nos.environ[\"VAULT_NIGHT_MODE\"] = \"1\"\n")
        .file("tests/test_lock.py", FileClass::Test, TESTS);
    let mut context = context("acme/vault", tree);
    likely(&mut context, "vault/lock.py", 0.8, vec![words(&["unlock"])], &["unlock"]);
    let body = "- [ ] `unlock` opens twice\n- [ ] this is behind a flag `twice`\n";
    let text = document(&ticket("Open twice", body), &[context]);
    assert!(text.contains("Set `VAULT_TWICE` for the tests beside `VAULT_NIGHT_MODE`"), "{text}");
    assert!(text.contains("- Modify [`tests/conftest.py`]"), "{text}");
}

#[test]
fn tests_that_send_requests_are_integration_tests() {
    let kind = |head: &str| {
        let tests = format!("{head}\n\n\n{TESTS}");
        let tree = MemoryTree::default()
            .file("vault/lock.py", FileClass::Source, "def unlock(code):\n    return code\n")
            .file("tests/test_lock.py", FileClass::Test, &tests);
        let mut context = context("acme/vault", tree);
        likely(&mut context, "vault/lock.py", 0.8, vec![words(&["unlock"])], &["unlock"]);
        near(&mut context, "tests/test_lock.py", "vault/lock.py", "it imports it", &["test_other_doors"]);
        let plan = plan(&ticket("Open twice", "- [ ] `unlock` opens the vault twice\n"), &[context]);
        plan.sections.testing.cases[0].kind
    };
    assert_eq!(kind("from fastapi.testclient import TestClient"), TestKind::Integration);
    assert_eq!(kind("import pytest"), TestKind::Unit);
}
