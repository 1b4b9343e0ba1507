//! Text made to hurt, four times as long, takes about four times as long, in every dialect and direction.

use std::time::{Duration, Instant};

use planwright::richtext::{Inline, adf, html, markdown, wiki};
use serde_json::{Value, json};

use super::pieces::{DOCUMENTS, HTML, MARKDOWN, WIKI, flat, nodes, paragraph, repeated, row};

/// How long a run takes.
fn time<T>(run: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    let made = run();
    let took = start.elapsed();
    drop(made);
    took
}

/// Is the work on 128 KiB quick, or no more than proportionally slower than on a quarter of that?
#[track_caller]
fn check<I, T>(what: &str, input: impl Fn(usize) -> I, run: impl Fn(&I) -> T) {
    let (small, large) = (input(1 << 15), input(1 << 17));
    let took = time(|| run(&large));
    // Quadratic work would take sixteen times as long; a busy machine gets a second try.
    let fair = || (0..3).any(|_| time(|| run(&large)) < time(|| run(&small)) * 9);
    assert!(took < Duration::from_millis(250) || fair(), "{what}: {took:?}");
}

#[test]
fn markdown_is_read_in_linear_time() {
    for piece in MARKDOWN {
        check(&format!("read {piece:?}"), |bytes| repeated(piece, bytes), |text| markdown::parse(text));
    }
}

#[test]
fn wiki_markup_is_read_in_linear_time() {
    for piece in WIKI {
        check(&format!("read {piece:?}"), |bytes| repeated(piece, bytes), |text| wiki::read(text));
    }
}

#[test]
fn html_is_read_in_linear_time() {
    for piece in HTML {
        check(&format!("read {piece:?}"), |bytes| repeated(piece, bytes), |text| html::read(text));
    }
}

#[test]
fn adf_is_read_in_linear_time() {
    for node in nodes() {
        check(&format!("read {node}"), |bytes| flat(&node, bytes), adf::read);
    }
    let row = row();
    let table = |bytes| {
        let rows = vec![json!({ "type": "tableRow", "content": [] }); bytes / 32];
        let mut table = json!([{ "type": "table", "content": rows }]);
        table[0]["content"][0] = row.clone();
        table
    };
    check("read rows without cells", table, adf::read);
}

#[test]
fn every_dialect_is_written_in_linear_time() {
    for (name, document) in DOCUMENTS {
        check(&format!("Markdown of {name}"), document, markdown::write);
        check(&format!("ADF of {name}"), document, adf::write);
        check(&format!("wiki markup of {name}"), document, wiki::write);
        check(&format!("HTML of {name}"), document, html::write);
    }
}

#[test]
fn a_link_with_a_long_address_does_not_multiply() {
    let content = (0..2_000).map(|nth| match nth % 2 {
        0 => Inline::text("a"),
        _ => Inline::Strong { content: vec![Inline::text("b")] },
    });
    let url = format!("https://a.b/{}", "c".repeat(100_000));
    let doc = paragraph(Inline::Link { url, content: content.collect() });
    for length in [adf::write_text(&doc).len(), wiki::write(&doc).len(), html::write(&doc).len()] {
        assert!(length < 1_000_000, "{length}");
    }
}

#[test]
fn nodes_fifty_thousand_deep_are_their_text() {
    for kind in ["blockquote", "bulletList", "unknown", "layoutSection", "text", "paragraph", "table", "taskList"] {
        let mut node = json!({ "type": "text", "text": "deep" });
        for _ in 0..50_000 {
            let mut around = json!({ "type": kind, "content": [] });
            around["content"] = Value::Array(vec![node]);
            node = around;
        }
        let doc = adf::read(&node);
        // A value this deep cannot be dropped without recursion.
        std::mem::forget(node);
        assert_eq!(doc.plain().trim(), "deep", "{kind}");
    }
    for (open, close) in [("<div>", "</div>"), ("<ul><li>", ""), ("<blockquote>", ""), ("<table><tr><td>", "")] {
        let doc = html::read(&format!("{}deep{}", open.repeat(50_000), close.repeat(50_000)));
        assert_eq!(doc.plain().trim(), "deep", "{open}");
    }
    for open in ["{quote}\n{panel}\n", "{panel:title=a}\n", "*"] {
        assert!(wiki::read(&format!("{} deep", open.repeat(50_000))).plain().contains("deep"), "{open}");
    }
}
