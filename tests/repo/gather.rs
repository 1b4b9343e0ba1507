//! The port on a local repository: ranking, evidence, lists around it, and the tree that verification asks.

use super::world::{World, source, ticket};
use planwright::{
    model::context::{Evidence, FactKind, FileClass, Grounding, SymbolKind},
    repo::{ContextSource, RepoError},
};

/// A shop with sources, tests, settings and a past.
fn shop() -> World {
    let world = World::with(&[
        ("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\naxum = \"0.8\"\n"),
        (".github/workflows/ci.yml", "jobs:\n  test:\n    steps:\n      - run: cargo test --workspace\n"),
        ("CODEOWNERS", "# owners\nsrc/cart.rs @acme/cart\n"),
        ("src/main.rs", "mod cart;\nmod order;\nfn main() {}\n"),
        (
            "src/cart.rs",
            "use crate::price::Price;\n/// The cart of a customer.\npub struct Cart;\nimpl Cart {\n    /// Adds the rebate to the total.\n    pub fn total_with_rebate(&self) -> u32 { 0 }\n}\n",
        ),
        ("src/price.rs", "pub struct Price;\npub fn round_price(cents: u32) -> u32 { cents }\n"),
        ("src/order.rs", "pub struct Order;\npub fn ship() { panic!(\"order has no address\") }\n"),
        ("tests/cart_test.rs", "#[test]\nfn total_with_rebate_is_rounded() {}\n"),
        ("vendor/lib/cart.rs", "pub fn cart_total_rebate() {}\n"),
        ("README.md", "# Shop\nThe cart.\n"),
    ]);
    world.commit("Round the rebate of the cart (#12)", &[("src/cart.rs", "use crate::price::Price;\n/// The cart of a customer.\npub struct Cart;\nimpl Cart {\n    /// Adds the rebate to the total.\n    pub fn total_with_rebate(&self) -> u32 { 1 }\n}\n"), ("tests/cart_test.rs", "#[test]\nfn total_with_rebate_is_rounded() { }\n")]);
    world
}

#[tokio::test]
async fn the_file_that_the_ticket_is_about_comes_first_with_its_reasons() {
    let context =
        shop().gather("Cart total ignores the rebate", "`total_with_rebate` returns the wrong sum.").await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert_eq!(context.modify[0].path, "src/cart.rs");
    assert_eq!(context.modify[0].symbols[0].name, "total_with_rebate");
    let evidence = &context.ranked[0].evidence;
    assert!(evidence.contains(&Evidence::Symbol { name: "total_with_rebate".to_owned(), line: 6 }), "{evidence:?}");
    assert!(
        evidence.iter().any(|e| matches!(e, Evidence::PastChange { subject, .. } if subject.contains("#12"))),
        "{evidence:?}"
    );
    assert!(context.ranked.iter().all(|file| file.path.starts_with("src/")), "sources only");
    assert_eq!(context.branch.as_deref(), Some("main"));
}

#[tokio::test]
async fn tests_past_and_facts_stand_around_the_ranking() {
    let context = shop().gather("Cart total ignores the rebate", "").await.unwrap();
    assert_eq!(context.tests[0].path, "tests/cart_test.rs");
    assert_eq!(context.tests[0].covers.as_deref(), Some("src/cart.rs"));
    assert_eq!(context.tests[0].cases[0].name, "total_with_rebate_is_rounded");
    let past = &context.past[0];
    assert_eq!((past.subject.as_str(), past.references[0].as_str()), ("Round the rebate of the cart (#12)", "#12"));
    assert_eq!((past.added, past.deleted), (2, 2));
    assert_eq!(past.date, "2020-09-13");
    let fact = |kind: FactKind, name: &str| {
        let found = context.facts.iter().find(|fact| fact.kind == kind && fact.name == name);
        found.map(|fact| (fact.path.clone(), fact.line, fact.value.clone(), fact.version.clone()))
    };
    assert_eq!(
        fact(FactKind::Framework, "axum").unwrap(),
        ("Cargo.toml".to_owned(), 4, String::new(), Some("0.8".to_owned()))
    );
    let test = fact(FactKind::TestCommand, "cargo test --workspace").unwrap();
    assert_eq!((test.0.as_str(), test.1), (".github/workflows/ci.yml", 4));
    assert_eq!(fact(FactKind::Owner, "src/cart.rs").unwrap().2, "@acme/cart");
}

#[tokio::test]
async fn literals_and_flags_lead_to_the_code_that_holds_them() {
    let world = shop();
    world.commit(
        "Add the command line",
        &[
            ("src/format.rs", "const TOKENS: &[&str] = &[\"{}\", \"{/.}\"];\n"),
            ("src/args.rs", "pub struct Args {\n    pub owner: String,\n    pub max_results: u32,\n}\n"),
            ("src/owner.rs", "pub fn owner() {}\n"),
        ],
    );
    let context =
        world.gather("Wrong output", "With `{/.}` and `--max-results=3 --owner`; `{%}` is new.").await.unwrap();
    let found = |text: &str| context.grounded.iter().find(|g| g.text == text).map(|g| g.found.clone()).unwrap();
    assert_eq!(found("{/.}"), Grounding::Mentioned { path: "src/format.rs".to_owned(), line: 1 });
    assert_eq!(found("{%}"), Grounding::NotFound { nearest: None });
    for (flag, name, line) in [("--max-results", "max_results", 3), ("--owner", "owner", 2)] {
        let Grounding::Defined { path, symbol } = found(flag) else { panic!("{flag} is not defined") };
        assert_eq!((path.as_str(), symbol.name.as_str(), symbol.line), ("src/args.rs", name, line));
    }
    let evidence = |path: &str| context.ranked.iter().find(|file| file.path == path).unwrap().evidence.clone();
    let quote = Evidence::Quote { text: "{/.}".to_owned(), line: 1 };
    assert!(evidence("src/format.rs").contains(&quote), "{:?}", evidence("src/format.rs"));
    assert!(evidence("src/args.rs").contains(&Evidence::Symbol { name: "max_results".to_owned(), line: 3 }));
}

#[tokio::test]
async fn a_rare_identifier_brings_up_the_file_that_mentions_it() {
    let files: Vec<(String, String)> = (0..30)
        .map(|number| {
            let call = if number == 17 { "net.ParseIP(part)" } else { "use(part)" };
            (format!("part{number}.go"), format!("package shop\n\nfunc part{number}(part string) {{ {call} }}\n"))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let context =
        World::with(&files).gather("Addresses with a zone are refused", "`net.ParseIP` says no.").await.unwrap();
    assert_eq!(context.ranked[0].path, "part17.go");
}

#[tokio::test]
async fn expressions_are_grounded() {
    let body = "See `src/cart.rs`, `round_price`, `Customer` and `round_prices`. It says \"order has no address\".";
    let context = shop().gather("Shipping", body).await.unwrap();
    let found = |text: &str| context.grounded.iter().find(|g| g.text == text).map(|g| g.found.clone()).unwrap();
    assert_eq!(found("src/cart.rs"), Grounding::Path { path: "src/cart.rs".to_owned() });
    assert!(
        matches!(found("round_price"), Grounding::Defined { path, symbol } if path == "src/price.rs" && symbol.line == 2)
    );
    assert_eq!(found("round_prices"), Grounding::NotFound { nearest: Some("round_price".to_owned()) });
    assert_eq!(found("order has no address"), Grounding::Mentioned { path: "src/order.rs".to_owned(), line: 2 });
}

#[tokio::test]
async fn an_error_text_leads_to_where_it_is_built() {
    let context = shop().gather("Crash", "It stops with \"order has no address\" after the payment.").await.unwrap();
    assert_eq!(context.ranked[0].path, "src/order.rs");
    let quote = Evidence::Quote { text: "order has no address".to_owned(), line: 2 };
    assert!(context.ranked[0].evidence.contains(&quote), "{:?}", context.ranked[0].evidence);
}

#[tokio::test]
async fn a_stack_frame_leads_to_its_file() {
    let body = "thread 'main' panicked at src/price.rs:2:5:\nattempt to divide by zero";
    let context = shop().gather("Crash", body).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/price.rs");
    assert!(context.ranked[0].evidence.iter().any(|e| matches!(e, Evidence::StackFrame { line: Some(2), .. })));
}

#[tokio::test]
async fn the_tree_is_the_ground_truth() {
    let context = shop().gather("Cart", "").await.unwrap();
    let tree = &context.tree;
    let file = tree.file("src/cart.rs").unwrap();
    assert_eq!((file.class, file.language, file.lines), (FileClass::Source, Some("rust"), 7));
    assert_eq!(tree.file("vendor/lib/cart.rs").unwrap().class, FileClass::Vendored);
    assert_eq!(tree.file("src/none.rs"), None);
    assert!(tree.has_folder("src") && tree.has_folder("vendor/lib/") && !tree.has_folder("lib"));
    assert!(tree.text("src/main.rs").unwrap().starts_with("mod cart;"));
    assert_eq!(tree.definitions("Cart", 5)[0].1.kind, SymbolKind::Struct);
    assert_eq!(tree.dependents("src/cart.rs", 5), ["src/main.rs"]);
    assert_eq!(tree.dependents("src/price.rs", 5), ["src/cart.rs"]);
    assert_eq!(tree.nearest_path("src/carts.rs").as_deref(), Some("src/cart.rs"));
    assert_eq!(tree.nearest_symbol("round_prise").unwrap().1.name, "round_price");
    assert_eq!(tree.nearest_symbol("zzzzzz"), None);
    let paths: Vec<&str> = tree.paths().collect();
    assert!(paths.is_sorted() && paths.contains(&"README.md"));
}

#[tokio::test]
async fn the_same_ticket_gives_the_same_answer_and_a_new_commit_is_seen() {
    let world = shop();
    let repositories = world.repositories();
    let asked = ticket("Cart total ignores the rebate", "");
    let first = repositories.gather(&asked, &world.source(), None).await.unwrap();
    let second = repositories.gather(&asked, &world.source(), None).await.unwrap();
    assert_eq!(first.ranked, second.ranked);
    assert_eq!(first.past, second.past);
    let commit = world.commit("Add returns", &[("src/returns.rs", "pub fn rebate_of_return() {}\n")]);
    let third = repositories.gather(&asked, &world.source(), None).await.unwrap();
    assert_eq!(third.commit.as_str(), commit);
    assert!(third.tree.file("src/returns.rs").is_some());
    let old = repositories.gather(&asked, &world.source(), Some(first.commit.as_str())).await.unwrap();
    assert!(old.tree.file("src/returns.rs").is_none());
    assert_eq!(old.ranked, first.ranked);
}

#[tokio::test]
async fn a_commit_read_after_another_is_as_if_it_were_read_alone() {
    let world = shop();
    let asked = ticket("Cart total ignores the rebate of `round_price`", "See src/price.rs and `ship`.");
    let warm = world.repositories();
    for change in CHANGES {
        change(&world);
        let after = warm.gather(&asked, &world.source(), None).await.unwrap();
        let alone = world.repositories().gather(&asked, &world.source(), None).await.unwrap();
        assert_eq!(after.ranked, alone.ranked);
        assert_eq!(after.past, alone.past);
        assert_eq!(after.facts, alone.facts);
        assert_eq!(after.grounded, alone.grounded);
        assert_eq!(told(&*after.tree), told(&*alone.tree));
    }
}

/// What a tree says of itself, whole.
fn told(tree: &dyn planwright::model::context::Tree) -> String {
    let names = ["Cart", "Price", "round_price", "ship", "Order", "rebate_of_return", "Total"];
    let about = |path: &str| (tree.file(path), tree.symbols(path), tree.dependents(path, 99), tree.text(path));
    let paths: Vec<_> = tree.paths().map(|path| (path, about(path))).collect();
    let names = names.map(|name| (tree.definitions(name, 99), tree.nearest_symbol(name)));
    format!("{paths:#?} {names:#?}")
}

/// Commits of every kind, one after another.
const CHANGES: &[fn(&World)] = &[
    |_| {},
    |world| {
        world.commit("Edit the price", &[("src/price.rs", "pub struct Price;\n\npub fn round_price() {}\n")]);
    },
    |world| {
        world.commit(
            "Add files before, between and after",
            &[
                ("a.rs", "use crate::price::Price;\npub struct Order;\n"),
                ("src/checkout/price.rs", "pub struct Price;\n"),
                ("zz/last.py", "from src.checkout import price\nclass Total: pass\n"),
            ],
        );
    },
    |world| {
        world.git(&["mv", "src/order.rs", "src/orders.rs"]);
        world.git(&["rm", "-q", "src/price.rs"]);
        world.commit("Move and remove", &[]);
    },
    |world| {
        world.commit("A generated file", &[("src/cart.rs", "// Code generated by a tool. DO NOT EDIT.\nuse a::b;\n")]);
    },
    |world| {
        std::fs::remove_file(world.path().join("src/orders.rs")).unwrap();
        std::os::unix::fs::symlink("main.rs", world.path().join("src/orders.rs")).unwrap();
        world.commit("A file becomes a link", &[]);
    },
    |world| {
        world.commit("Say who made what", &[(".gitattributes", "zz/** linguist-vendored\n")]);
    },
    |world| {
        world.git(&["checkout", "-q", "-b", "side", "HEAD~3"]);
        world.commit("On the side (#31)", &[("src/side.rs", "use crate::cart::Cart;\npub fn ship() {}\n")]);
        world.git(&["checkout", "-q", "main"]);
        world.commit("Meanwhile (#32)", &[("README.md", "# Shop\nSells rebates.\n")]);
        world.git(&["merge", "-q", "--no-edit", "side"]);
    },
    |world| {
        world.git(&["reset", "-q", "--hard", "HEAD~4"]);
        world.commit("Another way", &[("src/returns.rs", "pub fn rebate_of_return() {}\n")]);
    },
];

#[tokio::test]
async fn a_bare_repository_is_read_in_place() {
    let world = shop();
    let bare = world.root().join("bare.git");
    world.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
    let asked = ticket("Cart total ignores the rebate", "");
    let context = world.repositories().gather(&asked, &source(&bare.to_string_lossy()), Some("main")).await.unwrap();
    assert_eq!(context.ranked[0].path, "src/cart.rs");
    assert!(!world.root().join("cache/mirrors").exists(), "no copy is made");
}

#[tokio::test]
async fn what_is_not_there_is_said_clearly() {
    let world = shop();
    let repositories = world.repositories();
    let asked = ticket("Cart", "");
    let reason =
        |result: Result<planwright::model::context::Context, RepoError>| result.map(drop).unwrap_err().to_string();
    let at = async |rev: &str| repositories.gather(&asked, &world.source(), Some(rev)).await;
    assert!(reason(at("nowhere").await).contains("no commit, branch or tag `nowhere`"));
    assert!(reason(at(&"0".repeat(40)).await).contains("no commit"));
    assert!(reason(at("--output=/tmp/x").await).contains("not a name"));
    assert!(reason(World::empty().gather("Cart", "").await).contains("the repository is empty"));
}

#[tokio::test]
async fn what_is_known_is_answered_without_git() {
    let world = shop();
    let repositories = world.repositories();
    let ask = ticket("Cart total ignores the rebate", "");
    let first = repositories.gather(&ask, &world.source(), None).await.unwrap();
    let objects = world.path().join(".git/objects");
    std::fs::rename(&objects, world.path().join(".git/gone")).unwrap();
    let second = repositories.gather(&ask, &world.source(), None).await.unwrap();
    assert_eq!((&first.ranked, &first.past, &first.commit), (&second.ranked, &second.past, &second.commit));
}

#[tokio::test]
async fn a_moved_branch_is_seen_at_once() {
    let world = shop();
    let repositories = world.repositories();
    let ask = ticket("Cart total ignores the rebate", "");
    for rev in [None, Some("main")] {
        let before = repositories.gather(&ask, &world.source(), rev).await.unwrap();
        let commit = world.commit("Say more", &[("README.md", &format!("# Shop\n{rev:?}\n"))]);
        let after = repositories.gather(&ask, &world.source(), rev).await.unwrap();
        assert_ne!(before.commit, after.commit);
        assert_eq!(after.commit.as_str(), commit);
        world.git(&["pack-refs", "--all"]);
        let packed = repositories.gather(&ask, &world.source(), rev).await.unwrap();
        assert_eq!(packed.commit.as_str(), commit);
    }
}

#[tokio::test]
async fn a_restart_takes_known_blobs_from_disk() {
    let world = shop();
    let before = world.gather("Cart total ignores the rebate", "").await.unwrap();
    // Git would now give other words of the same length.
    let text = std::fs::read_to_string(world.path().join("src/cart.rs")).unwrap();
    std::fs::write(world.path().join("other"), "x".repeat(text.len())).unwrap();
    let place = |object: String| world.path().join(".git/objects").join(&object[..2]).join(&object[2..]);
    let other = place(world.git(&["hash-object", "-w", "other"]));
    let own = place(world.git(&["rev-parse", "HEAD:src/cart.rs"]));
    std::fs::remove_file(&own).unwrap();
    std::fs::rename(other, own).unwrap();
    let after = world.gather("Cart total ignores the rebate", "").await.unwrap();
    assert_eq!(before.ranked, after.ranked);
    assert_eq!(before.modify, after.modify);
}
