//! Questions that a line of the repository raises, and files that follow a pattern of the repository.

use planwright::model::context::*;

use super::world::*;

/// A document without its links.
fn unlinked(document: &str) -> String {
    let pieces = document.split("](https://");
    let texts = pieces
        .enumerate()
        .map(|(at, piece)| if at == 0 { piece } else { piece.split_once(')').map_or("", |(_, rest)| rest) });
    texts.collect::<String>().replace("[`", "`")
}

fn grounded(context: &mut Context, path: &str, symbols: &[&str]) {
    likely(context, path, 0.8, vec![words(symbols)], symbols);
}

#[test]
fn what_nothing_raises_is_asked_for() {
    let text = |more: &str| {
        let source = format!("def lend(book):\n    book.free_copies -= 1\n{more}");
        let tree = MemoryTree::default().file("library/books.py", FileClass::Source, &source);
        let mut context = context("acme/library", tree);
        grounded(&mut context, "library/books.py", &["lend"]);
        let body = "- [ ] when `free_copies` rises, the first reader in the queue of `lend` is told\n";
        document(&ticket("Tell who waits", body), &[context])
    };
    let said = text("");
    assert!(said.contains("What makes `free_copies` rise, as AC1 waits for?"), "{said}");
    assert!(said.contains("`library/books.py:2`"), "{said}");
    assert!(!text("\n\ndef take_back(book):\n    book.free_copies += 1\n").contains("What makes"));
}

#[test]
fn days_are_asked_for_in_the_zone_of_the_settings() {
    let text = |zone: &str, body: &str| {
        let settings = format!("host = \"localhost\"\n{zone}");
        let tree = MemoryTree::default().file("library/settings.py", FileClass::Source, &settings).file(
            "library/fees.py",
            FileClass::Source,
            "def fee(loan):\n    return 5\n",
        );
        let mut context = context("acme/library", tree);
        grounded(&mut context, "library/fees.py", &["fee"]);
        document(&ticket("No fee", body), &[context])
    };
    let zone = "timezone = \"Europe/Rome\"\n";
    let said = text(zone, "- [ ] `fee` is 0 for books that come back on the same day\n");
    assert!(
        said.contains("Do the days of AC1 begin and end in the zone of `timezone` (`library/settings.py:2`)?")
            || said.contains("Do the days of AC1 begin and end in the zone of `timezone` ([`library/settings.py:2`]"),
        "{said}"
    );
    assert!(!text("", "- [ ] `fee` is 0 for books that come back on the same day\n").contains("Do the days"));
    assert!(!text(zone, "- [ ] `fee` is 5 after 30 days\n").contains("Do the days"));
}

#[test]
fn days_follow_the_rule_of_the_contributors() {
    let rules = "# Rules\n\n- Times are kept in UTC and shown in the zone of the library.\n";
    let tree = MemoryTree::default()
        .file("library/settings.py", FileClass::Source, "timezone = \"Europe/Rome\"\n")
        .file("CONTRIBUTING.md", FileClass::Doc, rules)
        .file("library/fees.py", FileClass::Source, "def fee(loan):\n    return 5\n");
    let mut context = context("acme/library", tree);
    grounded(&mut context, "library/fees.py", &["fee"]);
    let body = "- [ ] `fee` is 0 for books that come back on the same day\n";
    let said = unlinked(&document(&ticket("No fee", body), &[context]));
    assert!(!said.contains("Do the days of AC1"), "{said}");
    assert!(said.contains("The days of AC1 go by the rule of `CONTRIBUTING.md:3`: “Times are kept in UTC"), "{said}");
}

#[test]
fn a_new_value_is_decided_wherever_its_field_is_compared() {
    let lending = "def open_loans(db):\n    return db.where(Loan.status.in_([\"lent\", \"late\"]))\n\n\n\
                   def fee(loan):\n    return 5 if loan.status == \"late\" else 0\n";
    let text = |value: &str| {
        let tree = MemoryTree::default().file("library/loans.py", FileClass::Source, lending).file(
            "library/stats.py",
            FileClass::Source,
            "def late(db):\n    return db.where(status == \"late\")\n",
        );
        let mut context = context("acme/library", tree);
        grounded(&mut context, "library/loans.py", &["fee"]);
        let body = format!("- [ ] a loan with the status `{value}` costs a `fee` of 5\n");
        unlinked(&document(&ticket("A fee for lost books", &body), &[context]))
    };
    let said = text("lost");
    assert!(said.contains("is compared with “lent” and “late” at `library/loans.py:2`, with “late” at"), "{said}");
    assert!(said.contains("decide at each by AC1 whether `lost` belongs"), "{said}");
    assert!(
        said.contains("Does `status` `lost` count at `library/stats.py:2`"),
        "other readers are asked for:\n{said}"
    );
    assert!(said.contains("A revert leaves what has the `status` `lost` by then"), "{said}");
    let known = text("late");
    assert!(!known.contains("whether `late` belongs"), "{known}");
}

#[test]
fn limits_are_asked_for_where_one_process_counts() {
    let text = |counter: &str| {
        let tree = MemoryTree::default()
            .file("desk/login.py", FileClass::Source, "def login(card):\n    return card\n")
            .file("desk/throttle.py", FileClass::Source, counter);
        let mut context = context("acme/desk", tree);
        grounded(&mut context, "desk/login.py", &["login"]);
        let body = "- [ ] after 3 wrong attempts within an hour `login` is refused\n";
        document(&ticket("Refuse guesses", body), &[context])
    };
    let said = text("from collections import defaultdict\n\nseen = defaultdict(int)\n");
    assert!(said.contains("Where is the count for AC1 kept?"), "{said}");
    assert!(
        said.contains(
            "AC1 counts what failed: does a success in between begin the count anew, and when does the refusal end?"
        ),
        "{said}"
    );
    assert!(!text("def allow(store):\n    return store.incr(1)\n").contains("Where is the count"));
}

#[test]
fn a_list_is_held_against_the_rule_for_pages() {
    let text = |criterion: &str| {
        let tree = MemoryTree::default()
            .file("CONTRIBUTING.md", FileClass::Doc, "# Rules\n\n- Small commits. Every list is paged.\n")
            .file("desk/api/loans.py", FileClass::Source, "@get(\"/loans/{id}\")\ndef loan(id):\n    return id\n");
        let mut context = context("acme/desk", tree);
        context.facts = vec![
            fact(FactKind::Guideline, "guide", "CONTRIBUTING.md", "CONTRIBUTING.md", 1),
            fact(FactKind::Route, "GET /loans/{id}", "loan", "desk/api/loans.py", 1),
        ];
        grounded(&mut context, "desk/api/loans.py", &["loan"]);
        document(&ticket("Show all loans", &format!("- [ ] {criterion}\n")), &[context])
    };
    let said = text("`GET /loans` answers with the loans of a reader");
    assert!(said.contains("says “Every list is paged”: does it hold for `GET /loans`"), "{said}");
    assert!(!text("`GET /loans` answers with the last 20 loans").contains("does it hold for"));
}

#[test]
fn a_new_value_is_declared_where_those_of_its_siblings_are() {
    let shelf = |name: &str| format!("class {name}Scanner:\n    def read(self):\n        return 1\n");
    let text = |body: &str| {
        let tree = MemoryTree::default()
            .file("desk/scanners/aztec_scanner.py", FileClass::Source, &shelf("Aztec"))
            .file("desk/scanners/ean_scanner.py", FileClass::Source, &shelf("Ean"))
            .file("desk/config.py", FileClass::Source, "class ScannerConfig:\n    port: str\n    baud_rate: int\n")
            .file(
                "config/default.yaml",
                FileClass::Config,
                "scanners:\n  aztec:\n    port: a\n    baud_rate: 5\n  ean:\n    port: b\n    baud_rate: 5\n",
            );
        document(&ticket("Support the scanner Maxicode", body), &[context("acme/desk", tree)])
    };
    let said = text("The key comes from the configuration and must not be logged.\n");
    assert!(said.contains("declare the value in `ScannerConfig`"), "{said}");
    assert!(said.contains("is kept in the repository: from where does the value of R2 come"), "{said}");
    assert!(!text("It must read a code in one go.\n").contains("declare the value in"));
}

#[test]
fn what_runs_beside_a_worker_is_started_beside_it() {
    let tree = MemoryTree::default()
        .file("desk/workers/reminder.py", FileClass::Source, "def run_reminders(clock):\n    schedule(clock)\n")
        .file("desk/main.py", FileClass::Source, "def main(clock):\n    run_reminders(clock)\n")
        .import("desk/main.py", "desk/workers/reminder.py");
    let mut context = context("acme/desk", tree);
    grounded(&mut context, "desk/workers/reminder.py", &["run_reminders"]);
    let text = document(&ticket("Remind readers", "- [ ] every hour readers are reminded of late books\n"), &[context]);
    assert!(text.contains("What runs on its own beside `run_reminders` is started where that is, at "), "{text}");
    assert!(text.contains("- Modify [`desk/main.py`]"), "{text}");
}

#[test]
fn a_package_that_is_raised_along_needs_a_version() {
    let text = |body: &str| {
        let tree = MemoryTree::default().file("pyproject.toml", FileClass::Config, "alembic==1.13\nmako==1.2\n");
        let mut context = context("acme/desk", tree);
        context.facts = vec![
            fact(FactKind::Dependency, "alembic", "", "pyproject.toml", 1),
            fact(FactKind::Dependency, "mako", "", "pyproject.toml", 2),
        ];
        document(&ticket("Upgrade alembic to 1.14", body), &[context])
    };
    let said = text("Take `mako` along.\n");
    assert!(said.contains("To which version does `mako` go ("), "{said}");
    assert!(!said.contains("To which version does `alembic`"), "{said}");
    assert!(!text("Take `mako` along, to 1.3.5.\n").contains("To which version"));
}

#[test]
fn who_may_call_a_new_route_is_asked_where_neither_ticket_nor_guard_says() {
    let text = |route: &str, body: &str| {
        let source = format!("{route}\ndef shelves():\n    return []\n");
        let tree = MemoryTree::default().file("library/api.py", FileClass::Source, &source);
        let mut context = context("acme/library", tree);
        context.facts = vec![fact(FactKind::Route, "GET /shelves", "shelves", "library/api.py", 1)];
        grounded(&mut context, "library/api.py", &["shelves"]);
        unlinked(&document(&ticket("Count the books", body), &[context]))
    };
    let (open, closed) = ("@router.get(\"/shelves\")", "@router.get(\"/shelves\", dependencies=[Depends(staff)])");
    let body = "- [ ] `GET /shelves/count` answers with the number of books\n";
    let asked = "Who may call `GET /shelves/count`? The ticket does not say, and no guard stands in front of `library/api.py:1`";
    assert!(text(open, body).contains(asked), "{}", text(open, body));
    assert!(!text(closed, body).contains("Who may call"), "{}", text(closed, body));
    let told = "- [ ] Only staff may call `GET /shelves/count`; everybody else gets 401\n";
    assert!(!text(open, told).contains("Who may call"), "{}", text(open, told));
}

#[test]
fn how_somebody_answers_is_asked_where_a_ticket_waits_for_it() {
    let text = |more: &str| {
        let tree =
            MemoryTree::default().file("library/books.py", FileClass::Source, "def lend(book):\n    return book\n");
        let mut context = context("acme/library", tree);
        grounded(&mut context, "library/books.py", &["lend"]);
        let body = format!("- [ ] when two days pass without an answer, `lend` gives the book to the next\n{more}");
        document(&ticket("Offer books to the next", &body), &[context])
    };
    let asked = "How is the answer given that AC1 waits for?";
    assert!(text("").contains(asked), "{}", text(""));
    assert!(!text("- [ ] readers accept with `lend`\n").contains(asked));
}

#[test]
fn a_bug_that_shows_nothing_has_no_test_before_it_is_reproduced() {
    let tree = MemoryTree::default()
        .file("shop/track.py", FileClass::Source, "def track(parcel):\n    return parcel\n")
        .file(
            "tests/test_track.py",
            FileClass::Test,
            "from shop.track import track\n\n\ndef test_track():\n    assert track(1)\n",
        )
        .import("tests/test_track.py", "shop/track.py");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/track.py", 0.4, vec![words(&["track"])], &["track"]);
    let bug = |body: &str| {
        let mut bug = ticket("Tracking sometimes wrong", body);
        bug.labels = vec!["bug".to_owned()];
        plan(&bug, std::slice::from_ref(&context))
    };
    let vague = bug("See title, customers complain.\n");
    assert!(vague.sections.testing.cases.is_empty(), "{:?}", vague.sections.testing.cases);
    assert!(vague.sections.testing.gaps.iter().any(|g| g.text.starts_with("No test before the fault is reproduced")));
    let told = bug("Expected: the newest place.\n\nActual: the oldest place.\n");
    assert_eq!(told.sections.testing.cases.len(), 1);
}
