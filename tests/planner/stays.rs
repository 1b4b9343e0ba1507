//! What stays as it is: a function that a comment wants kept, a criterion that today's rule gives too, a type that only
//! declares what the ticket lists.

use planwright::model::context::*;

use super::world::*;

fn named(name: &str, line: u32) -> Evidence {
    Evidence::Symbol { name: name.to_owned(), line }
}

/// Fees for late books, and the slip that shows them.
fn library() -> Context {
    let tree = MemoryTree::default()
        .file("library/late_fee.py", FileClass::Source, "LIMIT = 7\n\n\ndef late_fee(days):\n    return days\n")
        .file("library/slip.py", FileClass::Source, "def print_slip(loan):\n    return late_fee(loan.days)\n")
        .import("library/slip.py", "library/late_fee.py");
    let mut context = context("acme/library", tree);
    likely(&mut context, "library/late_fee.py", 0.9, vec![named("late_fee", 4)], &["late_fee"]);
    likely(&mut context, "library/slip.py", 0.6, vec![words(&["slip", "loan"])], &["print_slip"]);
    context
}

const BODY: &str = "A book of 6 days pays no fee although it is late. `late_fee` should get the days without the limit.\n\n\
                    - [ ] a book of 6 days pays 6 euros\n- [ ] a book of 2 days pays no fee\n";

fn wanted() -> planwright::model::ticket::Ticket {
    let mut wanted = ticket("Fees should count from the first day", BODY);
    let said = "Please keep the limit for fees of the first day. Instead the slip should show the loan's days.";
    wanted.comments = vec![comment("nils", true, "2026-11-19", said)];
    wanted
}

#[test]
fn a_criterion_that_holds_today_is_not_taken_back_by_keeping_things() {
    let text = document(&wanted(), &[library()]);
    let row = |id: &str| text.lines().find(|l| l.starts_with(&format!("| {id} "))).unwrap_or_default().to_owned();
    assert!(row("AC1").contains("taken back"), "{text}");
    assert!(!row("AC2").contains("taken back"), "{text}");
    // What the comment asks for instead has its test all the same.
    assert!(text.contains("shows AC2") && text.contains("shows R"), "{text}");
}

#[test]
fn a_function_that_is_kept_is_not_to_be_changed() {
    let text = document(&wanted(), &[library()]);
    assert!(text.contains("Extend `library/late_fee.py`"), "{text}");
    assert!(text.contains("`late_fee` stays as it is (“Please keep the limit"), "{text}");
}

#[test]
fn a_type_that_only_declares_listed_names_is_no_step() {
    let tree = MemoryTree::default()
        .file("library/loan.py", FileClass::Source, "class Loan:\n    book_id: int\n    reader_id: int\n")
        .file("library/export.py", FileClass::Source, "def export(loans):\n    return loans\n");
    let mut context = context("acme/library", tree);
    likely(&mut context, "library/export.py", 0.8, vec![named("export", 1)], &["export"]);
    likely(&mut context, "library/loan.py", 0.5, vec![named("book_id", 2)], &["Loan"]);
    let body = "- [ ] `export` gives the columns `book_id`, `reader_id`, `lent_at`, `due_at`, `fee_cents`\n";
    let text = document(&ticket("Export loans", body), &[context]);
    assert!(!text.contains("`library/loan.py`**"), "{text}");
    assert!(text.contains("`library/export.py`**"), "{text}");
}

#[test]
fn the_title_tells_which_function_of_a_file_is_meant() {
    let source = "def due(loan):\n    return loan\n\n\ndef label_for(loan):\n    return loan\n";
    let tree = MemoryTree::default().file("library/reminders.py", FileClass::Source, source);
    let mut context = context("acme/library", tree);
    likely(&mut context, "library/reminders.py", 0.8, vec![words(&["reminder"])], &["due", "label_for"]);
    let mut wanted = ticket("Reminder labels are wrong since Monday", "Readers see the wrong book.\n");
    wanted.labels = vec!["bug".to_owned()];
    let text = document(&wanted, &[context]);
    assert!(text.contains("**Start:** [`label_for`]"), "{text}");
}
