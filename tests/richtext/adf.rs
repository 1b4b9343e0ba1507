//! Atlassian Document Format ↔ document.

use planwright::richtext::{Block, Doc, Inline, adf, markdown};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{any, schema::Schema};

/// The document as Markdown that ADF content makes.
#[track_caller]
fn check(content: Value, expected: &str) {
    let doc = adf::read(&json!({ "type": "doc", "version": 1, "content": content }));
    assert_eq!(markdown::write(&doc).trim_end(), expected);
}

/// A paragraph of these nodes.
fn paragraph(nodes: Value) -> Value {
    json!([{ "type": "paragraph", "content": nodes }])
}

#[test]
fn recorded_documents_read_like_this() {
    let samples = [
        ("many_nodes", include_str!("samples/adf_many_nodes.json")),
        ("project_documentation", include_str!("samples/adf_project_documentation.json")),
        ("user_story", include_str!("samples/adf_user_story_acceptance_criteria.json")),
        ("layout", include_str!("samples/adf_atlassian_layout_three_columns.json")),
        ("basic", include_str!("samples/adf_atlassian_basic_document.json")),
        ("card_javascript", include_str!("samples/adf_atlassian_card_javascript_url.json")),
    ];
    let schema = Schema::adf();
    for (name, text) in samples {
        let doc = adf::read(&serde_json::from_str(text).expect("json"));
        insta::assert_snapshot!(format!("adf_{name}"), markdown::write(&doc));
        assert_eq!(schema.check(&adf::write(&doc)), Ok(()), "{name}");
    }
}

#[test]
fn the_description_of_an_issue_is_read() {
    let issue: Value = serde_json::from_str(include_str!("samples/rest_v3_issue_adf.json")).expect("json");
    assert_eq!(adf::read(&issue["fields"]["description"]).plain(), "Test description\n");
}

#[test]
fn inline_nodes_are_their_text() {
    check(paragraph(json!([{ "type": "status", "attrs": { "text": "DONE", "color": "green" } }])), "DONE");
    check(paragraph(json!([{ "type": "date", "attrs": { "timestamp": "1767225600000" } }])), "2026-01-01");
    check(paragraph(json!([{ "type": "date", "attrs": { "timestamp": "soon" } }])), "");
    check(paragraph(json!([{ "type": "emoji", "attrs": { "shortName": ":smile:", "text": "😄" } }])), "😄");
    check(paragraph(json!([{ "type": "emoji", "attrs": { "shortName": ":partyparrot:" } }])), "\\:partyparrot:");
    check(paragraph(json!([{ "type": "inlineCard", "attrs": { "url": "https://a.b/c" } }])), "<https://a.b/c>");
    check(
        paragraph(json!([{ "type": "inlineCard", "attrs": { "data": { "url": "https://a.b", "name": "A" } } }])),
        "[A](https://a.b)",
    );
    check(paragraph(json!([{ "type": "placeholder", "attrs": { "text": "type here" } }])), "type here");
    check(
        paragraph(json!([{ "type": "futureNode", "attrs": { "text": "later" } }, { "type": "text", "text": "!" }])),
        "later\\!",
    );
}

#[test]
fn marks_nest_and_unknown_ones_are_left_off() {
    let text = |text: &str, marks: Value| json!({ "type": "text", "text": text, "marks": marks });
    let link = json!({ "type": "link", "attrs": { "href": "https://a.b" } });
    let nodes = json!([
        text("a", json!([link, { "type": "strong" }])),
        text("b", json!([link])),
        text("c", json!([{ "type": "textColor", "attrs": { "color": "#ff0000" } }, { "type": "underline" }])),
        text("d", json!([{ "type": "code" }, { "type": "annotation" }])),
        text("e", json!([{ "type": "link", "attrs": { "href": " java\nscript:alert(1)" } }])),
    ]);
    check(paragraph(nodes), "[<strong>a</strong>b](https://a.b)c`d`e");
}

#[test]
fn blocks_without_a_counterpart_give_what_they_hold() {
    let inner = paragraph(json!([{ "type": "text", "text": "inside" }]));
    check(json!([{ "type": "bodiedExtension", "attrs": { "extensionKey": "x" }, "content": inner }]), "inside");
    check(json!([{ "type": "extension", "attrs": { "extensionKey": "x", "text": "shown" } }]), "shown");
    check(json!([{ "type": "blockCard", "attrs": { "url": "javascript:alert(1)" } }]), "");
    check(json!([{ "type": "embedCard", "attrs": { "url": "https://a.b/c", "layout": "wide" } }]), "<https://a.b/c>");
    check(json!([{ "type": "nextBigThing", "content": inner }]), "inside");
    check(json!([{ "type": "text", "text": "loose" }, { "type": "rule" }]), "loose\n\n___");
    check(
        json!([{ "type": "mediaSingle", "content": [
        { "type": "media", "attrs": { "type": "file", "id": "1", "collection": "", "alt": "screen.png" } },
        { "type": "caption", "content": [{ "type": "text", "text": "The page" }] },
    ] }]),
        "screen.png\n\nThe page",
    );
    check(
        json!([{ "type": "decisionList", "content": [
        { "type": "decisionItem", "attrs": { "state": "DECIDED" }, "content": [{ "type": "text", "text": "Use it" }] },
    ] }]),
        "- Use it",
    );
}

#[test]
fn lists_of_tasks_nest() {
    let task = |state: &str, text: &str| json!({ "type": "taskItem", "attrs": { "localId": "1", "state": state }, "content": [{ "type": "text", "text": text }] });
    let inner = json!({ "type": "taskList", "attrs": { "localId": "2" }, "content": [task("DONE", "inner")] });
    check(json!([{ "type": "taskList", "content": [task("TODO", "outer"), inner] }]), "- [ ] outer\n  - [x] inner");
}

#[test]
fn tables_keep_headers_and_fill_spans() {
    let cell = |kind: &str, text: &str, attrs: Value| json!({ "type": kind, "attrs": attrs, "content": paragraph(json!([{ "type": "text", "text": text }])) });
    let row = |cells: Vec<Value>| json!({ "type": "tableRow", "content": cells });
    let head = row(vec![cell("tableHeader", "A", json!({ "colspan": 2 })), cell("tableHeader", "B", json!({}))]);
    let first = row(vec![
        cell("tableHeader", "x", json!({ "rowspan": 2 })),
        cell("tableCell", "1", json!({})),
        cell("tableCell", "2", json!({})),
    ]);
    let second = row(vec![cell("tableCell", "3", json!({})), cell("tableCell", "4", json!({}))]);
    check(
        json!([{ "type": "table", "content": [head, first, second] }]),
        "| A |  | B |\n| --- | --- | --- |\n| **x** | 1 | 2 |\n|  | 3 | 4 |",
    );
}

#[test]
fn a_span_beyond_all_bounds_is_cut() {
    let cell = json!({ "type": "tableCell", "attrs": { "colspan": 900_000_000_u64, "rowspan": u64::MAX } });
    let row = json!({ "type": "tableRow", "content": [cell] });
    let doc = adf::read(&json!([{ "type": "table", "content": [row, row] }]));
    let [Block::Table(table)] = &doc.blocks[..] else { panic!("no table") };
    assert!(table.align.len() <= 200 && table.rows.len() == 2);
}

#[test]
fn mentions_are_nodes_and_are_written_as_text() {
    let content = paragraph(json!([{ "type": "mention", "attrs": { "id": "5a", "text": "@Ada" } }]));
    let doc = adf::read(&json!({ "type": "doc", "version": 1, "content": content }));
    let mention = Inline::Mention { id: "5a".to_owned(), name: "Ada".to_owned() };
    assert_eq!(doc.blocks, vec![Block::Paragraph { content: vec![mention] }]);
    assert_eq!(adf::write(&doc)["content"][0]["content"], json!([{ "type": "text", "text": "@Ada" }]));
}

#[test]
fn what_is_no_document_is_read_too() {
    assert_eq!(adf::read(&Value::Null), Doc::default());
    assert_eq!(adf::read(&json!(7)), Doc::default());
    assert_eq!(adf::read(&json!("plain")).plain(), "plain\n");
    assert_eq!(adf::read(&json!({ "type": "doc", "content": "none" })), Doc::default());
    let doc = markdown::parse("# a\n\n- b");
    assert_eq!(adf::read(&json!(adf::write_text(&doc))), doc);
}

#[test]
fn the_schema_sees_what_is_wrong() {
    let schema = Schema::adf();
    let doc = |content: Value| json!({ "type": "doc", "version": 1, "content": content });
    let heading = json!({ "type": "heading", "attrs": { "level": 1 }, "content": [] });
    assert_eq!(schema.check(&doc(json!([heading]))), Ok(()));
    for wrong in [
        json!([{ "type": "blockquote", "content": [heading] }]),
        json!([{ "type": "heading", "attrs": { "level": 7 } }]),
        json!([{ "type": "paragraph", "content": [{ "type": "text", "text": "" }] }]),
        json!([{ "type": "paragraph", "content": [{ "type": "text", "text": "a", "marks": [{ "type": "code" }, { "type": "strong" }] }] }]),
        json!([{ "type": "bulletList", "content": [] }]),
        json!([{ "type": "nestedExpand", "attrs": {}, "content": [heading] }]),
        json!([{ "type": "paragraph", "colour": "red" }]),
    ] {
        assert!(schema.check(&doc(wrong.clone())).is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_validates(doc in any::doc()) {
        let written = adf::write(&doc);
        prop_assert_eq!(Schema::adf().check(&written), Ok(()), "{:#}", written);
    }
}
