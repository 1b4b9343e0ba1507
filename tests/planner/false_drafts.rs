//! Drafts that are wrong in one place each: the place is found, told with its kind, and made harmless.

use planwright::{
    model::{context::*, plan::*},
    planner::verify::verify,
};

use super::{
    verify::{change, checked, draft, kinds, repository},
    world::*,
};

/// A draft of one sound step.
fn sound() -> Draft {
    let mut draft = draft(change(Action::Modify, "src/cart.rs"), &["cargo test"]);
    draft.sections.architecture.components =
        vec![Component { name: "src".to_owned(), files: vec![FileRef::new("src/cart.rs")], ..Component::default() }];
    draft
}

/// What a model says.
fn said(text: &str) -> Statement {
    Statement::new(Basis::Model, text)
}

/// The first statement of the summary after verification, and the findings.
fn summary(text: &str) -> (Option<String>, Vec<Finding>) {
    let mut draft = sound();
    draft.sections.overview.summary = vec![said(text)];
    let plan = checked(draft);
    (plan.sections.overview.summary.first().map(|s| s.text.clone()), plan.findings.clone())
}

#[test]
fn a_sound_draft_has_no_findings() {
    assert_eq!(kinds(&checked(sound())), []);
}

#[test]
fn names_in_prose_are_looked_up_and_marked() {
    let check = |text: &str, expected: &str, kind: FindingKind| {
        let (text, findings) = summary(text);
        assert_eq!(text.as_deref(), Some(expected));
        assert_eq!(findings.iter().map(|f| f.kind).collect::<Vec<_>>(), [kind], "{expected}");
    };
    check("see `src/lost.rs`", "see `src/lost.rs` (not found)", FindingKind::MissingPath);
    check("at `src/cart.rs:90`", "at `src/cart.rs:90` (no such lines)", FindingKind::LinesOutside);
    check("at `src/cart.rs:4-900`.", "at `src/cart.rs:4-900` (no such lines).", FindingKind::LinesOutside);
    check("call `Cart::sum`", "call `Cart::sum` (not in the repository today)", FindingKind::MissingSymbol);
    check("as in `abc1234de`", "as in `abc1234de` (no such commit)", FindingKind::UnknownCommit);
    check("run `npm test`", "run `npm test` (not a command of this repository)", FindingKind::UnknownCommand);
    check("as in acme/shop#99 said", "as in (unknown ticket) said", FindingKind::UnknownReference);
    check("see #404", "see (unknown ticket)", FindingKind::UnknownReference);
    check("see https://evil.example/?q=https://github.com/acme/shop", "see (link removed)", FindingKind::ForeignLink);
    check("see www.evil.example", "see (link removed)", FindingKind::ForeignLink);
    check("see https://github.com/acme/shop.evil/x", "see (link removed)", FindingKind::ForeignLink);
}

#[test]
fn true_names_in_prose_stay_as_they_are() {
    for text in [
        "`src/cart.rs:4-6` and `Cart::total` and `total()`",
        "run `cargo test` and `cargo test cart`",
        "the commit `cccccccccccc` and acme/shop#7 and #7",
        "UTF-8, SHA-256, `GET /carts/{id}`, `items[0]`",
        "see https://github.com/acme/shop/issues",
    ] {
        assert_eq!(summary(text), (Some(text.to_owned()), Vec::new()));
    }
}

#[test]
fn near_misses_name_what_is_nearest() {
    let (_, findings) = summary("call `Cart::totals()`");
    assert_eq!(findings[0].nearest.as_deref(), Some("total in src/cart.rs"));
    assert_eq!(
        findings[0].to_string(),
        "`Cart::totals()` is not defined there; nearest is `total in src/cart.rs`; marked"
    );
    let (_, findings) = summary("see `lib/generated.rs`");
    assert_eq!(findings[0].nearest.as_deref(), Some("src/generated.rs"));
    let mut draft = sound();
    draft.sections.dependencies.packages = vec![Package { name: "serde_jsn".to_owned(), ..Package::default() }];
    let mut repository = repository();
    repository.facts.push(fact(FactKind::Dependency, "serde_json", "", "Cargo.toml", 3));
    let plan = verify(draft, &[repository], &ticket("Total", ""));
    assert_eq!(plan.findings[0].nearest.as_deref(), Some("serde_json"));
}

#[test]
fn no_placeholder_survives_anywhere() {
    let mut draft = sound();
    let sections = &mut draft.sections;
    sections.phases[0].steps[0].title = "[STEP NAME]".to_owned();
    sections.phases[0].steps[0].how = vec![said("[Say how]"), said("Add `total`")];
    sections.phases[0].steps[0].sketch =
        Some(Code { language: None, text: "fn a() {}\nfn [function_name]() {}".to_owned() });
    sections.phases[0].duration = Some(said("[N days]"));
    sections.technology = vec![Technology {
        role: "Language".to_owned(),
        name: "[Rust/Go]".to_owned(),
        file: Some(FileRef::new("src/cart.rs")),
        ..Technology::default()
    }];
    sections.interfaces.endpoints =
        vec![Endpoint { method: "GET".to_owned(), path: "/api/[resource]".to_owned(), ..Endpoint::default() }];
    sections.data.entities = vec![Entity { name: "[ENTITY]".to_owned(), ..Entity::default() }];
    sections.data.absent = Some("[What was looked for]".to_owned());
    sections.questions = vec![Question { ask: said("Who [does what]?"), decides: String::new() }];
    sections.risks = vec![Risk { risk: said("[Risk]"), ..Risk::default() }];
    sections.rollout.production = vec![said("Requirement 1"), said("{{deploy}}")];
    sections.extra = vec![ExtraSection { title: "Legal".to_owned(), statements: vec![said("[Name]")] }];
    let plan = checked(draft);
    let json = serde_json::to_string(&plan.sections).expect("sections are JSON");
    assert!(!json.replace("[]", "").contains("\"["), "{json}");
    for left in [
        "[STEP",
        "[Say",
        "[function_name]",
        "[N ",
        "[Rust",
        "[resource]",
        "[ENTITY]",
        "[What",
        "[does",
        "[Risk]",
        "{{",
        "[Name]",
    ] {
        assert!(!json.contains(left), "{left} survives in {json}");
    }
    let step = &plan.sections.phases[0].steps[0];
    assert_eq!((step.title.as_str(), step.how.len()), ("`src/cart.rs`", 1));
    assert_eq!(step.sketch.as_ref().map(|code| code.text.as_str()), Some("fn a() {}"));
    assert!(kinds(&plan).iter().filter(|kind| **kind == FindingKind::Placeholder).count() >= 10, "{:?}", plan.findings);
}

#[test]
fn what_the_ticket_writes_is_no_placeholder() {
    let mut draft = sound();
    draft.sections.overview.summary = vec![said("The label [TOTAL SUM] is wrong")];
    let plan = verify(draft, &[repository()], &ticket("Label", "It shows [TOTAL SUM] to customers"));
    assert_eq!(plan.sections.overview.summary.len(), 1);
}

#[test]
fn new_files_and_new_places_are_free() {
    let rename = |to: &str| FileChange { to: Some(to.to_owned()), ..change(Action::Rename, "src/cart.rs") };
    let plan = checked(draft(rename("tests/cart.rs"), &["cargo test"]));
    assert_eq!(kinds(&plan), [FindingKind::AlreadyExists]);
    assert_eq!(plan.sections.phases[0].steps[0].files[0].to, None);
    assert!(kinds(&checked(draft(rename("../cart.rs"), &["cargo test"]))).contains(&FindingKind::MissingPath));
    assert_eq!(kinds(&checked(draft(rename("src/basket.rs"), &["cargo test"]))), []);
    let plan = checked(draft(change(Action::Create, "src/cart.rs/total.rs"), &["cargo test"]));
    assert_eq!(plan.findings[0].nearest.as_deref(), Some("src/cart.rs"), "a file is no folder");
    let plan = checked(draft(change(Action::Create, "src/pricing/total.rs"), &["cargo test"]));
    assert_eq!(kinds(&plan), [FindingKind::NewFolder], "a new folder is told");
    assert_eq!(plan.sections.phases[0].steps[0].files[0].doubt, None);
}

#[test]
fn addresses_that_a_draft_brings_along_are_not_believed() {
    let evil = |path: &str| FileRef { url: Some("https://evil.example/".to_owned()), ..FileRef::new(path) };
    let mut draft = sound();
    draft.sections.phases[0].steps[0].files.push(FileChange {
        action: Action::Create,
        file: evil("src/new.rs"),
        like: Some(evil("src/cart.rs")),
        ..FileChange::default()
    });
    draft.sections.testing.cases = vec![TestCase {
        id: "T1".to_owned(),
        what: said("it holds"),
        file: Some(evil("tests/new.rs")),
        action: Action::Create,
        like: Some(evil("tests/cart.rs")),
        ..TestCase::default()
    }];
    draft.sections.technology = vec![Technology {
        role: "Language".to_owned(),
        name: "Rust".to_owned(),
        file: Some(evil("src/cart.rs")),
        ..Technology::default()
    }];
    draft.sections.overview.summary = vec![said("a").at(evil("src/cart.rs"))];
    let json = serde_json::to_string(&checked(draft)).expect("a plan is JSON");
    assert!(!json.contains("evil.example"), "{json}");
}

#[test]
fn packages_stand_as_the_manifests_say() {
    let mut repository = repository();
    repository
        .facts
        .push(Fact { version: Some("1.2".to_owned()), ..fact(FactKind::Dependency, "serde", "", "Cargo.toml", 3) });
    let package = |name: &str, version: &str, change| Package {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        change,
        ..Package::default()
    };
    let mut draft = sound();
    draft.sections.dependencies.packages = vec![
        package("serde", "9.9", PackageChange::Used),
        package("serde", "1.2", PackageChange::Add),
        package("left-pad", "1.0", PackageChange::Used),
        package("csv", "1.3", PackageChange::Add),
    ];
    draft.sections.technology =
        vec![Technology { role: "Cache".to_owned(), name: "redis".to_owned(), ..Technology::default() }];
    let plan = verify(draft, &[repository], &ticket("Total", ""));
    let shown: Vec<_> =
        plan.sections.dependencies.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref(), p.change)).collect();
    assert_eq!(
        shown,
        [
            ("serde", Some("1.2"), PackageChange::Used),
            ("serde", Some("1.2"), PackageChange::Used),
            ("csv", Some("1.3"), PackageChange::Add)
        ]
    );
    assert!(plan.sections.technology.is_empty());
    let expected = [
        FindingKind::AlreadyExists,
        FindingKind::UnknownPackage,
        FindingKind::UnknownPackage,
        FindingKind::UnknownVersion,
    ];
    assert_eq!(kinds(&plan), expected);
}

/// The findings of a sound draft after this change, with the words for people.
fn weaknesses(spoil: impl Fn(&mut Sections)) -> Vec<(FindingKind, String)> {
    let mut draft = sound();
    spoil(&mut draft.sections);
    checked(draft).findings.iter().map(|f| (f.kind, f.to_string())).collect()
}

#[test]
fn weak_plans_are_found_weak() {
    let check = |spoil: fn(&mut Sections), kind: FindingKind, words: &str| {
        assert_eq!(weaknesses(spoil), [(kind, words.to_owned())]);
    };
    check(
        |s| s.overview.decisions = vec![Decision { what: said("Use a queue"), ..Decision::default() }],
        FindingKind::UnreasonedDecision,
        "no reason is given for “Use a queue”",
    );
    check(
        |s| s.architecture.components[0].files = vec![FileRef::new("tests/cart.rs")],
        FindingKind::UnplacedFile,
        "`src/cart.rs` belongs to no component of the architecture",
    );
    check(|s| s.phases[0].steps[0].files.clear(), FindingKind::VagueStep, "step 1 names no file");
    check(
        |s| s.phases[0].steps[0].validate.clear(),
        FindingKind::VagueStep,
        "step 1 does not say how to see that it is done",
    );
    check(
        |s| s.risks = vec![Risk { risk: said("It may be slow"), ..Risk::default() }],
        FindingKind::UnansweredRisk,
        "nothing is said against “It may be slow”",
    );
    check(
        |s| {
            s.requirements =
                vec![Requirement { id: "R1".to_owned(), kind: RequirementKind::Security, ..Requirement::default() }]
        },
        FindingKind::OpenRequirement,
        "R1 is served by no step and no test",
    );
    check(
        |s| s.success = vec![said("Everybody likes it"), said("`cargo test` passes"), said("under 200 ms")],
        FindingKind::VagueSuccess,
        "nobody could measure “Everybody likes it”",
    );
    check(
        |s| {
            s.criteria = vec![Criterion { id: "AC1".to_owned(), text: "Works".to_owned(), ..Criterion::default() }];
            s.phases[0].steps[0].serves = vec!["AC1".to_owned()];
        },
        FindingKind::VagueCriterion,
        "AC1 can hardly be checked as it is worded",
    );
}
