//! Thousands of broken copies of the recorded payloads: none may panic, and none may turn into another ticket's event.

use planwright::model::event::Decoded;
use serde_json::{Value, json};

use super::{decode::decode, payload};

/// Every pointer into a value, deepest last.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => {
            map.iter().map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        _ => return,
    };
    for (key, child) in children {
        let pointer = format!("{at}/{key}");
        out.push(pointer.clone());
        pointers(child, &pointer, out);
    }
}

/// The JSON without what the pointer names.
fn without(value: &mut Value, pointer: &str) -> String {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            let key = key.replace("~1", "/").replace("~0", "~");
            let child = map.remove(&key).expect("a pointer");
            let json = value.to_string();
            value.pointer_mut(parent).expect("a pointer")[&key] = child;
            json
        }
        _ => with(value, pointer, Value::Null),
    }
}

/// The JSON with something else at the pointer.
fn with(value: &mut Value, pointer: &str, other: Value) -> String {
    let place = |value: &mut Value, other| std::mem::replace(value.pointer_mut(pointer).expect("a pointer"), other);
    let child = place(value, other);
    let json = value.to_string();
    place(value, child);
    json
}

/// Decodes a mutant; an event must still be about a ticket with a sound name.
fn survive(event: &str, json: &[u8]) {
    match decode(event, json) {
        Decoded::Event(event) => {
            let (project, number) = event.reference.rsplit_once('#').expect("a reference");
            assert_eq!(project, event.project);
            assert!(number.parse::<u64>().is_ok_and(|number| number > 0));
            assert_eq!(event.ticket.id.as_str(), event.reference);
        }
        Decoded::Irrelevant { reason } => assert!(!reason.is_empty() && reason.len() < 200),
        Decoded::Ping => panic!("not a ping"),
    }
}

/// The copy with the field of the pointer doubled, in text: a `Value` cannot hold that.
fn doubled(value: &mut Value, pointer: &str) -> Option<String> {
    let (parent, key) = pointer.rsplit_once('/')?;
    let object = value.pointer(parent).filter(|parent| parent.is_object())?.to_string();
    let twice = format!("{{{}:{},{}", json!(key), value.pointer(pointer)?, &object[1..]);
    Some(with(value, parent, json!("@@parent@@")).replacen("\"@@parent@@\"", &twice, 1))
}

#[test]
fn mutants_of_recorded_payloads_do_no_harm() {
    let mut mutants = 0_usize;
    let mut try_one = |event: &str, json: &[u8]| {
        survive(event, json);
        mutants += 1;
    };
    for (event, name) in [
        ("issues", "issues_labeled"),
        ("issues", "issues_opened"),
        ("issue_comment", "issue_comment_created_with_installation"),
        ("issue_comment", "issue_comment_edited"),
        ("issue_comment", "issue_comment_slash_command_on_pull_request"),
    ] {
        let bytes = payload(name);
        let mut value: Value = serde_json::from_slice(&bytes).expect("JSON");
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        for pointer in &all {
            try_one(event, without(&mut value, pointer).as_bytes());
            for other in [json!(null), json!(-1), json!("x")] {
                try_one(event, with(&mut value, pointer, other).as_bytes());
            }
            if let Some(twice) = doubled(&mut value, pointer) {
                try_one(event, twice.as_bytes());
            }
        }
        for end in (0..bytes.len()).step_by(37) {
            try_one(event, &bytes[..end]);
        }
    }
    assert!(mutants > 5_000, "{mutants}");
}
