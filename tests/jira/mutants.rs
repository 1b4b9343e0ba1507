//! Thousands of broken copies of the recorded payloads: none may panic, and none may turn into an event about what Jira
//! could not name.

use planwright::model::event::{Change, Decoded};
use serde_json::{Value, json};

use super::{decode::decode, payload};

/// Every pointer into a value, deepest last; parts without meaning for us (icons, avatars) left out.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => {
            map.iter().map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        _ => return,
    };
    for (key, child) in children.into_iter().filter(|(key, _)| key != "avatarUrls") {
        let pointer = format!("{at}/{key}");
        out.push(pointer.clone());
        pointers(child, &pointer, out);
    }
}

/// The JSON with something else at the pointer; with nothing, without it.
fn with(value: &Value, pointer: &str, other: Option<Value>) -> String {
    let mut mutant = value.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match (mutant.pointer_mut(parent), other) {
        (Some(Value::Object(map)), None) => drop(map.remove(&key.replace("~1", "/").replace("~0", "~"))),
        (_, other) => *mutant.pointer_mut(pointer).expect("a pointer") = other.unwrap_or_default(),
    }
    mutant.to_string()
}

/// The copy with the field of the pointer doubled, in text: a `Value` cannot hold that.
fn doubled(value: &Value, pointer: &str) -> Option<String> {
    let (parent, key) = pointer.rsplit_once('/')?;
    let object = value.pointer(parent).filter(|parent| parent.is_object())?.to_string();
    let twice = format!("{{{}:{},{}", json!(key), value.pointer(pointer)?, &object[1..]);
    match parent {
        "" => Some(twice),
        parent => Some(with(value, parent, Some(json!("@@parent@@"))).replacen("\"@@parent@@\"", &twice, 1)),
    }
}

/// Is it a number from 1, as Jira prints it?
fn is_number(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|number| number > 0 && number.to_string() == text)
}

/// Decodes a mutant; an event must still be about a ticket with a sound name, by somebody.
fn survive(json: &[u8]) {
    match decode(json) {
        Decoded::Event(event) => {
            assert!(is_number(event.ticket.id.as_str()));
            match event.reference.rsplit_once('-') {
                Some((project, number)) => {
                    assert!(is_number(number) && project == event.project && !project.is_empty())
                }
                None => assert!(event.reference == event.ticket.id.as_str() && event.project.is_empty()),
            }
            assert!(!event.actor.id.trim().is_empty());
            if let Change::Commented { comment, author, .. } = &event.change {
                assert!(is_number(comment.as_str()) && !author.id.trim().is_empty());
            }
        }
        Decoded::Irrelevant { reason } => assert!(!reason.is_empty() && reason.len() < 200),
        Decoded::Ping => panic!("not a ping"),
    }
}

#[test]
fn mutants_of_recorded_payloads_do_no_harm() {
    let mut mutants = 0_usize;
    let mut try_one = |json: &[u8]| {
        survive(json);
        mutants += 1;
    };
    for name in [
        "cloud_issue_created",
        "cloud_issue_updated_labels",
        "cloud_issue_updated_issuetype",
        "cloud_comment_created",
        "cloud_comment_updated",
        "dc_comment_created",
        "dc_comment_updated",
    ] {
        let bytes = payload(name);
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        for pointer in &all {
            try_one(with(&value, pointer, None).as_bytes());
            for other in [json!(null), json!(-1), json!("x"), json!([[]]), json!({ "id": {} }), json!(1e300)] {
                try_one(with(&value, pointer, Some(other)).as_bytes());
            }
            if let Some(twice) = doubled(&value, pointer) {
                try_one(twice.as_bytes());
            }
        }
        for end in (0..bytes.len()).step_by(37) {
            try_one(&bytes[..end]);
        }
    }
    assert!(mutants > 5_000, "{mutants}");
}
