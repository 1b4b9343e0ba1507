//! Thousands of broken copies of the recorded payloads: none may panic, and none may turn into another ticket's event.

use planwright::model::event::Decoded;
use serde_json::{Value, json};

use super::decode::{decode, live};

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

/// The JSON with something else at the pointer.
fn with(value: &mut Value, pointer: &str, other: Value) -> String {
    let place = |value: &mut Value, other| std::mem::replace(value.pointer_mut(pointer).expect("a pointer"), other);
    let child = place(value, other);
    let json = value.to_string();
    place(value, child);
    json
}

/// The JSON without what the pointer names, and with it twice: a `Value` cannot hold that.
fn without_and_doubled(value: &mut Value, pointer: &str) -> Vec<String> {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let Some(object) = value.pointer(parent).and_then(Value::as_object) else { return Vec::new() };
    let key = key.replace("~1", "/").replace("~0", "~");
    let rest: serde_json::Map<_, _> =
        object.iter().filter(|(name, _)| **name != key).map(|(name, child)| (name.clone(), child.clone())).collect();
    let twice = format!("{{{}:{},{}", json!(key), object[&key], &json!(object).to_string()[1..]);
    let place = |value: &mut Value, text: &str| match parent {
        "" => text.to_owned(),
        _ => with(value, parent, json!("@@parent@@")).replacen("\"@@parent@@\"", text, 1),
    };
    vec![place(value, &json!(rest).to_string()), place(value, &twice)]
}

/// Decodes a mutant; an event must still be about a work item with a sound name.
fn survive(json: &[u8]) {
    match decode(json) {
        Decoded::Event(event) => {
            let (project, number) = event.reference.rsplit_once('#').expect("a reference");
            assert_eq!(project, event.project);
            assert!(number.parse::<u64>().is_ok_and(|number| number > 0));
            assert_eq!(event.ticket.id.as_str(), number);
            assert!(!event.actor.id.is_empty());
        }
        Decoded::Irrelevant { reason } => assert!(!reason.is_empty() && reason.len() < 200),
        Decoded::Ping => {}
    }
}

#[test]
fn mutants_of_recorded_payloads_do_no_harm() {
    let mut mutants = 0_usize;
    let mut try_one = |json: &[u8]| {
        survive(json);
        mutants += 1;
    };
    for name in ["workitem_created", "workitem_updated", "workitem_commented", "workitem_deleted", "git_push"] {
        let mut value = live(name);
        let bytes = value.to_string().into_bytes();
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        for pointer in &all {
            without_and_doubled(&mut value, pointer).iter().for_each(|json| try_one(json.as_bytes()));
            let others = [
                json!(null),
                json!(-1),
                json!("x"),
                json!(true),
                json!([1, {"id": 2}]),
                json!({"newValue": {"oldValue": []}}),
                json!(9e300),
                json!({"id": {"id": 1}}),
            ];
            for other in others {
                try_one(with(&mut value, pointer, other).as_bytes());
            }
        }
        for end in (0..bytes.len()).step_by(5) {
            try_one(&bytes[..end]);
        }
    }
    assert!(mutants > 5_000, "{mutants}");
}
