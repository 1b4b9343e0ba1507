//! HTML as Azure DevOps keeps it ↔ document.

use planwright::richtext::{Block, Inline, html, markdown};

/// The HTML as Markdown.
#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(markdown::write(&html::read(text)).trim_end(), expected, "{text:?}");
}

#[test]
fn what_the_editors_write_is_read() {
    check("<div>a</div><div>b<br>c</div><div>&nbsp;</div>", "a\n\nb\\\nc");
    check("<p>a <b>b</b>&nbsp;<i>c</i> <strike>d</strike> <u>e</u></p>", "a **b** _c_ ~~d~~ e");
    check("<span style=\"color:red\">a</span>  \n b", "a b");
    check("<h2>A</h2>b<hr>", "## A\n\nb\n\n___");
    check(
        "<a href=\"https://a.b?c=d&amp;e\">f</a> <a href=\"javascript:alert(1)\">g</a>",
        "[f](https://a.b?c=d&amp;e) g",
    );
    check(
        "<img src=\"https://a.b/c.png\" alt=\"screen.png\"><img src='data:image/png;base64,AA'>",
        "![screen.png](https://a.b/c.png)image",
    );
    check("a &lt;b&gt; &amp;amp; <unknown>c</unknown> 1 < 2", "a \\<b> &amp;amp; c 1 \\< 2");
    check("<a title=\"x > y\" href=\"https://a.b\">c</a>", "[c](https://a.b)");
    check("unfinished <b", "unfinished \\<b");
    check("<script>alert(1)</script><style>p{}</style><!-- c -->a", "a");
}

#[test]
fn lists_tables_and_code_are_read() {
    check("<ul><li>a<ul><li>b</li></ul></li><li>c</ul>", "- a\n  - b\n- c");
    check("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b");
    check("<ol start=3><li><p>a</p></li><li>b</li></ol>", "3. a\n4. b");
    check("<ul><li><input type=checkbox checked> a</li><li><input type=\"checkbox\">b</li></ul>", "- [x] a\n- [ ] b");
    check(
        "<table><tr><th>A<th align=right>B</tr><tr><td>a<td><p>b</p><p>c</p></table>",
        "| A | B |\n| --- | --: |\n| a | b<br>c |",
    );
    check(
        "<table><tbody><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
        "|  |  |\n| --- | --- |\n| a | b |\n|  | c |",
    );
    check("<pre><code class=\"lang-rust\">fn a() {\n  &lt;b&gt;\n}\n</code></pre>", "```rust\nfn a() {\n  <b>\n}\n```");
    check("<code>a  b</code>", "`a  b`");
    check("<blockquote>a</blockquote>", "> a");
    check("<details><summary>a</summary><p>b</p></details>", "<details>\n<summary>a</summary>\n\nb\n\n</details>");
}

#[test]
fn mentions_are_nodes_and_are_written_as_text() {
    let id = "6b3c0000-0000-0000-0000-000000000001";
    let doc =
        html::read(&format!("<div><a href=\"#\" data-vss-mention=\"version:2.0,{id}\">@Ada Example</a> please</div>"));
    let mention = Inline::Mention { id: id.to_owned(), name: "Ada Example".to_owned() };
    assert_eq!(doc.blocks, vec![Block::Paragraph { content: vec![mention, Inline::text(" please")] }]);
    assert_eq!(html::write(&doc), "<p>@Ada Example please</p>");
}

#[test]
fn only_plain_elements_are_written() {
    let markdown = "# A\n\n> [!TIP]\n> b\n\n- [x] c\n\n| d | e |\n| :-- | --: |\n| `f` | [g](javascript:h) |\n";
    insta::assert_snapshot!(html::write(&markdown::parse(markdown)));
}
