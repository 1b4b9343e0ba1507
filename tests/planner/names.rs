//! Names of tests: the behaviour that is right, whole, or none.

use planwright::model::context::*;

use super::world::*;

/// A queue of parcels with one test.
fn depot() -> Context {
    let tree = MemoryTree::default()
        .file("depot/queue.py", FileClass::Source, "def enqueue(parcel):\n    return parcel\n")
        .file("tests/test_queue.py", FileClass::Test, "def test_enqueue_keeps_the_parcel():\n    assert enqueue(1)\n");
    let mut context = context("acme/depot", tree);
    let words = Evidence::Words { words: vec!["enqueue".to_owned()] };
    likely(&mut context, "depot/queue.py", 0.8, vec![words], &["enqueue"]);
    near(&mut context, "tests/test_queue.py", "depot/queue.py", "it imports it", &["test_enqueue_keeps_the_parcel"]);
    context
}

fn names(title: &str, body: &str) -> Vec<Option<String>> {
    let plan = plan(&ticket(title, body), &[depot()]);
    plan.sections.testing.cases.iter().map(|case| case.name.clone()).collect()
}

#[test]
fn a_test_is_named_by_the_whole_sentence_it_shows() {
    let body = "- [ ] `enqueue` must keep the order in which the parcels came\n\
                - [ ] when the depot is full, `enqueue` refuses a parcel\n";
    assert_eq!(
        names("Keep the order", body),
        [
            Some("test_enqueue_keeps_the_order_in_which_the_parcels_came".to_owned()),
            Some("test_enqueue_refuses_a_parcel_when_the_depot_is_full".to_owned()),
        ]
    );
}

#[test]
fn a_sentence_that_no_name_can_hold_gives_none() {
    let long = "a parcel that `enqueue` would hand on to a carrier twice in one night is stored in such a way that \
                nobody ever hands it on again";
    let body = format!("- [ ] {long}\n- [ ] `enqueue` gives it only to the night shift\n");
    assert_eq!(names("Parcels go out twice", &body), [None, None]);
}

#[test]
fn the_test_of_a_bug_is_not_named_after_the_bug() {
    let mut wanted = ticket("enqueue loses parcels when the depot is full", "`enqueue` lost three parcels.\n");
    wanted.labels = vec!["bug".to_owned()];
    let plan = plan(&wanted, &[depot()]);
    assert_eq!(plan.sections.testing.cases.iter().map(|c| c.name.as_deref()).collect::<Vec<_>>(), [None]);
}
