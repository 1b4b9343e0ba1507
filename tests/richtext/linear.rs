//! Text made to hurt, four times as long, takes about four times as long, in every dialect and direction.

use std::time::{Duration, Instant};

use planwright::richtext::{Block, Doc, Inline, adf, html, markdown, wiki};
use serde_json::{Value, json};

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

fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

#[test]
fn wiki_markup_is_read_in_linear_time() {
    for piece in [
        "[",
        "[a|",
        "[~",
        "{",
        "{{",
        "{{a",
        "{{\\",
        "{code}",
        "{code:a}\n",
        "{noformat}{code}",
        "{quote}",
        "{quote}\n",
        "{panel:title=a}",
        "{expand:a}\n",
        "{color:red}",
        "{*}",
        "!",
        "!a.b",
        "!a.b|",
        "*",
        "*a ",
        "* a\n",
        "** a\n",
        "# a\n* b\n",
        "*#*#*#*#*#*#*#*#*#*#*#*#*#*#*# a\n",
        "|",
        "||",
        "|a",
        "|a\n",
        "||a||\n",
        "|[a|b]",
        "|{{",
        "|!",
        "\\",
        "\\\\",
        "\\\\ ",
        "\\\\a",
        "&",
        "&amp;",
        "h1. ",
        "h1. a\n",
        "bq. a\n",
        "----\n",
        "-a",
        "_a*b-c",
        "http://",
        "http://a ",
        "a\n",
        "\n",
        "\r",
        "??a",
        "^a~b",
        "@[~a]",
        "{tip}\n{info}\n",
        "😀",
    ] {
        check(&format!("read {piece:?}"), |bytes| repeated(piece, bytes), |text| wiki::read(text));
    }
}

#[test]
fn html_is_read_in_linear_time() {
    for piece in [
        "<",
        "<a",
        "<a ",
        "<a b",
        "<a b='",
        "<a b=\"",
        "<div>",
        "</div>",
        "<b>",
        "<b></i>",
        "<ul><li>",
        "<ul>",
        "<li>a",
        "<table>",
        "<table><tr><td>",
        "<tr>",
        "<td>a",
        "<td colspan=200>",
        "<tr><td colspan=200 rowspan=9>a",
        "<blockquote>",
        "<details><summary>",
        "<a href=x>",
        "<a data-vss-mention='1,2'>@a</a>",
        "<a data-vss-mention='1,2'>",
        "<pre>",
        "<pre><code>a</code></pre>",
        "<script>",
        "<style></",
        "<!--",
        "<!-- -->",
        "<!",
        "&",
        "&amp;",
        "&#1;",
        "<br>",
        "<br> ",
        "<p>a",
        "<h1>a",
        "<img src=a alt=b>",
        "<input type=checkbox>",
        " ",
        "\n",
        "<code> ",
        "=\"",
        "</ul>",
        "<ul></ol>",
        "<x ",
        "😀",
    ] {
        check(&format!("read {piece:?}"), |bytes| repeated(piece, bytes), |text| html::read(text));
    }
}

/// ADF of nodes, many beside each other.
fn flat(node: Value, bytes: usize) -> Value {
    let length = node.to_string().len();
    json!({ "type": "doc", "version": 1, "content": vec![node; bytes / length] })
}

#[test]
fn adf_is_read_in_linear_time() {
    let text = json!({ "type": "text", "text": "a", "marks": [{ "type": "strong" }] });
    let cell = json!({ "type": "tableCell", "attrs": { "colspan": 200, "rowspan": 200 }, "content": [] });
    let row = json!({ "type": "tableRow", "content": [cell] });
    for node in [
        text.clone(),
        json!({ "type": "paragraph", "content": [text] }),
        json!({ "type": "hardBreak" }),
        json!({ "type": "table", "content": [row] }),
        json!({ "type": "unknown", "content": [{ "type": "unknown" }] }),
        json!({ "type": "taskList", "content": [{ "type": "taskList" }] }),
        json!({ "text": "a" }),
        json!("a"),
    ] {
        check(&format!("read {node}"), |bytes| flat(node.clone(), bytes), adf::read);
    }
    let table = |bytes| {
        let rows = vec![json!({ "type": "tableRow", "content": [] }); bytes / 32];
        let mut table = json!([{ "type": "table", "content": rows }]);
        table[0]["content"][0] = row.clone();
        table
    };
    check("read rows without cells", table, adf::read);
}

/// Makes a document of about so many bytes.
type Make = fn(usize) -> Doc;

#[test]
fn every_dialect_is_written_in_linear_time() {
    let documents: [(&str, Make); 8] = [
        ("marks", |bytes| paragraph(Inline::text(repeated("*_{[|!\\&<-#h1.", bytes)))),
        ("breaks", |bytes| paragraph(Inline::text(repeated("a\n", bytes)))),
        ("code", |bytes| paragraph(Inline::Code { text: repeated("`}\\{", bytes) })),
        ("blocks of code", |bytes| Doc {
            blocks: vec![Block::Code { language: None, text: repeated("{code}\n{noformat}\n", bytes) }],
        }),
        ("styles", |bytes| markdown::parse(&repeated("**a** _b_ ~~c~~ `d` [e](https://a.b) ", bytes))),
        ("lists", |bytes| markdown::parse(&repeated("- a\n  1. b\n     - [x] c\n", bytes))),
        ("tables", |bytes| markdown::parse(&format!("|a|b|\n|-|-|\n{}", repeated("|c|d|\n", bytes)))),
        ("quotes", |bytes| {
            markdown::parse(&repeated("> a\n\n<details><summary>b</summary>\n\nc\n\n</details>\n\n", bytes))
        }),
    ];
    for (name, document) in documents {
        check(&format!("ADF of {name}"), document, adf::write);
        check(&format!("wiki markup of {name}"), document, wiki::write);
        check(&format!("HTML of {name}"), document, html::write);
    }
}

fn paragraph(inline: Inline) -> Doc {
    Doc { blocks: vec![Block::Paragraph { content: vec![inline] }] }
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
