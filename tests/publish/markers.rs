//! Markers.

use planwright::publish::marker::{EmptySecret, MarkerKey, PREFIX, find, marker};

use super::{key, operation, ticket};

#[test]
fn a_marker_is_found_again() {
    let marker = marker(operation(7), &ticket("acme/shop#7"), &key());
    insta::assert_snapshot!(marker, @"<!-- planwright:00000000-0000-0000-0000-000000000007:260318cc645422d453bb79573dab31af -->");
    let body = format!("# Plan\n\ntext {PREFIX} more\n{marker}\n");
    assert_eq!(find(&body, &ticket("acme/shop#7"), &key()), Some(operation(7)));
}

#[test]
fn a_marker_counts_on_its_ticket_and_under_its_key_alone() {
    let body = marker(operation(7), &ticket("acme/shop#7"), &key());
    assert_eq!(find(&body, &ticket("acme/shop#8"), &key()), None);
    let other = MarkerKey::derive(b"another secret").expect("a secret");
    assert_eq!(find(&body, &ticket("acme/shop#7"), &other), None);
}

#[test]
fn a_changed_marker_does_not_count() {
    let ticket = ticket("acme/shop#7");
    let body = marker(operation(7), &ticket, &key());
    for at in PREFIX.len()..body.len() {
        let mut changed = body.clone().into_bytes();
        changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
        let changed = String::from_utf8(changed).expect("ASCII");
        assert_eq!(find(&changed, &ticket, &key()), None, "{changed}");
        assert_eq!(find(&body[..at], &ticket, &key()), None);
    }
    let forged = format!("{PREFIX}é{}", &body[PREFIX.len()..]);
    assert_eq!(find(&forged, &ticket, &key()), None);
}

#[test]
fn a_forged_marker_hides_no_genuine_one() {
    let ticket = ticket("acme/shop#7");
    let genuine = marker(operation(7), &ticket, &key());
    let forged = genuine.replace("0007:", "0008:");
    for body in [format!("{forged}\n{genuine}"), format!("{genuine}\n{forged}"), format!("{PREFIX}{genuine}")] {
        assert_eq!(find(&body, &ticket, &key()), Some(operation(7)), "{body}");
    }
}

#[test]
fn an_empty_secret_makes_no_key() {
    assert_eq!(MarkerKey::derive(b"").err(), Some(EmptySecret));
    assert_eq!(MarkerKey::derive(b" \n").err(), Some(EmptySecret));
}
