//! The JSON of every example: valid against its published schema, reasons everywhere, nothing said twice.

use planwright::templates::{Outline, outline, outline_schema};
use serde_json::Value;

use super::examples;
use crate::richtext::schema::Schema;

#[tokio::test]
async fn every_example_s_outline_is_valid_and_says_each_thing_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let schema = Schema::of(outline_schema());
    let mut patterns = 0;
    for example in examples::all(dir.path()).await {
        let outline: Outline = outline(&example.plan());
        let value = serde_json::to_value(&outline).expect("an outline is JSON");
        assert_eq!(schema.check(&value), Ok(()), "{}", example.name);
        for step in &outline.steps {
            assert!(!step.rationale.is_empty(), "{}: {step:#?}", example.name);
            assert!(!step.rationale.contains("; it "), "{}: glued: {}", example.name, step.rationale);
        }
        patterns += usize::from(!outline.architecture.pattern.starts_with("Looked for"));
        let mut texts = Vec::new();
        for group in ["architecture", "effort", "security_requirements", "performance_requirements"]
            .into_iter()
            .chain(["performance_optimizations", "reliability_requirements", "deployment_considerations"])
        {
            collect(&value[group], &mut texts);
        }
        assert!(texts.iter().all(|text| !text.contains('`')), "{}: {texts:#?}", example.name);
        let long: Vec<&&str> = texts.iter().filter(|text| text.len() > 40).collect();
        let twice = long.iter().find(|text| long.iter().filter(|other| other.contains(***text)).count() > 1);
        assert_eq!(twice, None, "{}: {value:#}", example.name);
    }
    assert!(patterns >= 8, "{patterns} of the examples name a pattern");
}

/// Every text below a value.
fn collect<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(list) => list.iter().for_each(|v| collect(v, out)),
        Value::Object(map) => map.values().for_each(|v| collect(v, out)),
        _ => {}
    }
}
