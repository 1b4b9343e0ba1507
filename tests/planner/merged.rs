//! Tickets that are written like commits, in repositories with many files and a long history.

use planwright::model::{
    context::*,
    plan::{Action, Kind, Plan, Step},
};

use super::world::*;

fn named(text: &str) -> Vec<Evidence> {
    vec![Evidence::PathNamed { text: text.to_owned() }]
}

fn spoken(words: &[&str]) -> Vec<Evidence> {
    vec![Evidence::Passage { first: 1, last: 2, words: words.iter().map(|w| (*w).to_owned()).collect() }]
}

/// As many files beside as the ranking's probabilities take.
fn many(mut tree: MemoryTree) -> MemoryTree {
    for number in 0..310 {
        tree = tree.file(&format!("lib/part{number}.py"), FileClass::Source, "def part():\n    return 1\n");
    }
    tree
}

fn steps(plan: &Plan) -> Vec<&Step> {
    plan.sections.phases.iter().flat_map(|phase| &phase.steps).collect()
}

fn shop() -> Context {
    let tree = MemoryTree::default()
        .file("src/cart.py", FileClass::Source, "def total(cart):\n    return cart.sum\n")
        .file("src/gift.py", FileClass::Source, "class Gift:\n    def wrap(self):\n        return 1\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cart.py", 0.8, spoken(&["total", "cart"]), &["total"]);
    context
}

#[test]
fn a_log_of_commits_asks_for_nothing() {
    let body = "* Round the total of the cart\n\n* Keep cents in the cart\n\n* Fix clippy lints in Gift\n";
    let mut context = shop();
    likely(&mut context, "src/gift.py", 0.2, named("Gift"), &["Gift"]);
    let told = plan(&ticket("fix(cart): round the total of the cart", body), &[context.clone()]);
    assert!(told.sections.requirements.is_empty(), "{:?}", told.sections.requirements);
    let summary: Vec<&str> = told.sections.overview.summary.iter().map(|s| s.text.as_str()).collect();
    assert!(summary.iter().any(|s| s.contains("log") && s.contains("“Keep cents in the cart”")), "{summary:?}");
    assert!(!summary.iter().any(|s| s.contains("clippy")), "{summary:?}");
    // What only a chore names is on no step.
    let paths: Vec<&str> = steps(&told).iter().flat_map(|s| &s.files).map(|f| f.file.path.as_str()).collect();
    assert_eq!(paths, ["src/cart.py"]);
    let asked = "* Totals of the cart have two decimals\n* The cart keeps cents of every line\n";
    let told = plan(&ticket("fix(cart): round the total of the cart", asked), &[context]);
    assert_eq!(told.sections.requirements.len(), 2);
}

#[test]
fn labels_of_commit_messages_are_read() {
    let body = "Motivation:\nIf the cart is empty, the total fails.\n\nModification:\nAdded a check for empty carts\n\n\
                Result:\nAn empty cart has a total of zero\n\nSigned-off-by: Ann <ann@shop.example>\n";
    let told = plan(&ticket("Give a total to empty carts", body), &[shop()]);
    let asked: Vec<&str> = told.sections.requirements.iter().map(|r| r.text.as_str()).collect();
    assert_eq!(asked, ["Added a check for empty carts"]);
    let summary: Vec<&str> = told.sections.overview.summary.iter().map(|s| s.text.as_str()).collect();
    assert!(summary.iter().any(|s| s.contains("An empty cart has a total of zero")), "{summary:?}");
    let text = document(&ticket("Give a total to empty carts", "Summary: Add a total for empty carts.\n"), &[shop()]);
    assert!(!text.contains("Summary: Add"), "{text}");
}

#[test]
fn an_error_that_is_wanted_is_no_bug() {
    let told = plan(&ticket("A more helpful error message for empty carts", "It says nothing now.\n"), &[shop()]);
    assert_eq!(told.head.kind, Kind::Change);
}

#[test]
fn what_a_past_change_brought_shows_each_place_of_something_new() {
    let options = "def parse(args):\n    if args.no_check_all:\n        return 1\n    return args.no_check_all\n";
    let tree = MemoryTree::default().file("src/validate.py", FileClass::Source, options).file(
        "doc/cli.md",
        FileClass::Doc,
        "# Options\n\n* `no_check_all` checks less\n",
    );
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/validate.py", 0.8, spoken(&["check", "option"]), &["parse"]);
    context.past = vec![past('a', "Add no_check_all option", &["src/validate.py", "doc/cli.md"])];
    let wanted = ticket("Add no_check_publish option", "Publishing is not checked then.\n");
    let told = plan(&wanted, std::slice::from_ref(&context));
    let steps = steps(&told);
    let how: Vec<&str> = steps[0].how.iter().map(|s| s.text.as_str()).collect();
    let example = how.iter().find(|s| s.starts_with("An example to follow")).expect("an example");
    assert!(example.contains("its `no_check_all` stands at `src/validate.py:2`, `src/validate.py:4`"), "{example}");
    assert!(how.iter().any(|s| s.starts_with("Bring `doc/cli.md:3` in line")), "{how:?}");
    let changes = |path: &str| steps[0].files.iter().any(|f| f.file.path == path && f.action == Action::Modify);
    assert!(changes("doc/cli.md"));
    // What takes nothing in follows no option.
    let told = document(&ticket("Validation is slow", "It takes long.\n"), &[context]);
    assert!(!told.contains("stands at"), "{told}");
}

#[test]
fn in_a_large_repository_the_likeliest_file_comes_before_what_it_imports() {
    let build = |tree: MemoryTree| {
        let tree = tree
            .file("src/cart.py", FileClass::Source, "def total(cart):\n    return price(cart)\n")
            .file("src/price.py", FileClass::Source, "def price(cart):\n    return 1\n")
            .import("src/cart.py", "src/price.py");
        let mut context = context("acme/shop", tree);
        likely(&mut context, "src/cart.py", 0.8, spoken(&["total", "cart"]), &["total"]);
        likely(&mut context, "src/price.py", 0.5, spoken(&["cart"]), &["price"]);
        let told = plan(&ticket("Round the total of the cart once", "Totals are off.\n"), &[context]);
        steps(&told).iter().map(|s| (s.files[0].file.path.clone(), s.files[0].action)).collect::<Vec<_>>()
    };
    let (cart, price) = ("src/cart.py".to_owned(), "src/price.py".to_owned());
    // What only the ranking points at, beside a file that it is sure of, is looked at.
    let large = build(many(MemoryTree::default()));
    assert_eq!(large, [(cart.clone(), Action::Modify), (price.clone(), Action::Read)]);
    assert_eq!(build(MemoryTree::default()), [(price, Action::Modify), (cart, Action::Modify)]);
}

#[test]
fn what_the_ticket_only_mentions_is_looked_at() {
    let tree = many(MemoryTree::default())
        .file("src/cart.py", FileClass::Source, "def total_of_cart(cart):\n    return 1\n")
        .file("src/till.py", FileClass::Source, "def open_the_till(cart):\n    return 1\n");
    let mut context = context("acme/shop", tree);
    let defines = |name: &str| vec![Evidence::Symbol { name: name.to_owned(), line: 1 }];
    likely(&mut context, "src/cart.py", 0.8, defines("total_of_cart"), &["total_of_cart"]);
    likely(&mut context, "src/till.py", 0.06, defines("open_the_till"), &["open_the_till"]);
    let body = "`total_of_cart` should round once. I saw it while looking at `open_the_till`.\n";
    let told = plan(&ticket("`total_of_cart` is off", body), &[context]);
    let last = *steps(&told).last().expect("steps");
    assert!(last.title.starts_with("Check whether `src/till.py`"), "{}", last.title);
    assert!(last.files.iter().all(|f| f.action == Action::Read), "{last:?}");
    assert!(last.how.iter().any(|s| s.text.contains("the ranking gives it 6 %")), "{:?}", last.how);
}

#[test]
fn every_one_of_a_kind_is_changed() {
    let command = "def run(args):\n    return 1\n";
    let tree = MemoryTree::default()
        .file("src/http/get.py", FileClass::Source, command)
        .file("src/http/post.py", FileClass::Source, command)
        .file("src/http/client.py", FileClass::Source, "def send(args):\n    return 1\n")
        .file("src/sort/up.py", FileClass::Source, command);
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/http/get.py", 0.8, spoken(&["http", "commands"]), &["run"]);
    let told = |body: &str| {
        let told = plan(&ticket("Options for http", body), std::slice::from_ref(&context));
        let changed = |f: &&planwright::model::plan::FileChange| f.action == Action::Modify;
        let paths = steps(&told).into_iter().flat_map(|s| &s.files).filter(changed).map(|f| f.file.path.clone());
        paths.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(told("- Adds `-f` to all `http` commands\n"), ["src/http/get.py", "src/http/post.py"]);
    assert_eq!(told("- Adds `-f` to the `get` command\n"), ["src/http/get.py"]);
}

#[test]
fn a_declared_test_framework_runs_one_file() {
    let tree = MemoryTree::default()
        .file("lib/cart.js", FileClass::Source, "export function total(cart) {\n    return 1;\n}\n")
        .file("tests/cart.js", FileClass::Test, "function rounds_total() {\n    total(1);\n}\n")
        .import("tests/cart.js", "lib/cart.js");
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::TestCommand, "test", "node Makefile.js test", "package.json", 3),
        fact(FactKind::TestFramework, "mocha", "", "package.json", 9),
    ];
    likely(&mut context, "lib/cart.js", 0.8, named("cart.js"), &["total"]);
    near(&mut context, "tests/cart.js", "lib/cart.js", "its name says so", &["rounds_total"]);
    let told = plan(&ticket("The total of a cart is wrong", "It should be rounded once.\n"), &[context]);
    let lines: Vec<&str> = steps(&told)[0].validate.iter().map(|c| c.line.as_str()).collect();
    assert_eq!(lines, ["npx mocha tests/cart.js"]);
}

#[test]
fn an_option_that_is_there_is_followed_to_where_it_decides() {
    let text = "def parse(args):\n    if args[0] == \"--big-keys\":\n        config.big_keys = 1\n    return config\n\n\n\
                def run(config):\n    if config.big_keys:\n        return find_big_keys()\n    return 0\n";
    let tree = MemoryTree::default().file("src/cli.py", FileClass::Source, text);
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/cli.py", 0.8, named("cli.py"), &["parse", "run"]);
    let told = document(&ticket("Stop cli.py --big-keys on a signal", "It ends at once.\n"), &[context]);
    assert!(told.contains("`--big-keys` is read at [`src/cli.py:2`]"), "{told}");
    assert!(told.contains("decides at [`src/cli.py:8`]") && told.contains("`if config.big_keys`"), "{told}");
}

#[test]
fn a_function_that_other_files_define_too_is_a_risk() {
    let function = "def interface_addresses(all):\n    return all\n";
    let tree = |second: &str| {
        MemoryTree::default()
            .file("src/linux.py", FileClass::Source, function)
            .file("src/sunos.py", FileClass::Source, second)
            .file("test/sunos.py", FileClass::Test, function)
    };
    let risks = |second: &str| {
        let mut context = context("acme/net", tree(second));
        likely(&mut context, "src/linux.py", 0.8, named("linux.py"), &["interface_addresses"]);
        let told = plan(&ticket("linux.py: skip what is down", "Names of what is down are listed.\n"), &[context]);
        told.sections.risks.iter().map(|r| r.risk.text.clone()).collect::<Vec<_>>()
    };
    let said = "`interface_addresses` is defined in `src/sunos.py:1` too, and no step changes it";
    assert!(risks(function).iter().any(|text| text == said), "{:?}", risks(function));
    assert!(!risks("def others(all):\n    return all\n").iter().any(|text| text.contains("too, and no step")));
}

#[test]
fn the_function_around_what_a_past_change_brought_changes() {
    let text = "def is_allowed(name):\n    return name in allowed\n\n\ndef check_member(node):\n    if options.allow_after_this:\n        return 1\n    return 0\n\n\n\
                def check_name(node):\n    return is_allowed(node)\n\n\ndef report(node):\n    return node\n";
    let tree = MemoryTree::default().file("lib/dangle.py", FileClass::Source, text);
    let mut context = context("acme/lint", tree);
    likely(&mut context, "lib/dangle.py", 0.8, spoken(&["option", "rule"]), &["is_allowed", "check_name"]);
    context.past = vec![past('a', "Add allow_after_this option", &["lib/dangle.py"])];
    let told = plan(&ticket("Add allow_super option", "Members of the parent are fine then.\n"), &[context]);
    let change = &steps(&told)[0].files[0];
    let changed: Vec<&str> = change.symbols.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(changed, ["check_member"], "{change:?}");
    assert!(change.reads.iter().any(|s| s.name == "is_allowed"), "{change:?}");
}

#[test]
fn a_word_of_code_that_one_function_alone_holds_leads_there() {
    let tree = MemoryTree::default()
        .file("src/sass.py", FileClass::Source, "def load(url):\n    return importer.canonicalize(url)\n")
        .file("src/worker.py", FileClass::Source, "def start(url):\n    return url\n");
    let mut context = context("acme/build", tree);
    likely(&mut context, "src/worker.py", 0.6, spoken(&["worker", "urls"]), &["start"]);
    likely(&mut context, "src/sass.py", 0.1, vec![words(&["urls"])], &[]);
    let body = "- Urls given to `canonicalize` should be absolute in the worker\n- Nothing else should change here\n";
    let told = plan(&ticket("Absolute urls in the worker", body), &[context]);
    let why =
        |s: &&&Step| s.files.iter().any(|f| f.why.iter().any(|w| w.text.contains("holds the ticket's `canonicalize`")));
    assert!(steps(&told).iter().any(|s| why(&s)), "{:?}", steps(&told));
}

#[test]
fn a_template_of_pull_requests_asks_for_nothing() {
    let body = "# Description\n\nRounding comes last in receipts.\n\n# Tests + Formatting\n\nDon't forget to add tests that cover \
                your changes.\n\nMake sure you've run these commands:\n\n- `cargo fmt --all` to check the format\n\n\
                # After Submitting\n\nIf needed, the documentation must be updated with it.\n";
    let told = plan(&ticket("Keep cents in the total of the cart", body), &[shop()]);
    assert!(told.sections.requirements.is_empty(), "{:?}", told.sections.requirements);
    let summary: Vec<&str> = told.sections.overview.summary.iter().map(|s| s.text.as_str()).collect();
    assert!(summary.iter().any(|s| s.contains("Rounding comes last in receipts")), "{summary:?}");
}

#[test]
fn a_test_in_another_language_is_near_and_data_of_the_name_is_not() {
    let tree = |path: &str, text: &str| {
        MemoryTree::default()
            .file("src/shop-cli.c", FileClass::Source, "int total_of_cart() {\n    return 1;\n}\n")
            .file(path, FileClass::Test, text)
    };
    let extends = |path: &str, text: &str| {
        let mut context = context("acme/shop", tree(path, text));
        likely(&mut context, "src/shop-cli.c", 0.8, named("shop-cli.c"), &[]);
        let told = plan(&ticket("Add a flag to shop-cli.c", "Totals are shown with it.\n"), &[context]);
        steps(&told).into_iter().flat_map(|s| &s.files).any(|f| f.file.path == path)
    };
    assert!(extends("tests/integration/shop-cli.tcl", "test {total} { assert 1 }\n"));
    assert!(!extends("tests/fixtures/shop-cli.json", "{}\n"));
}
