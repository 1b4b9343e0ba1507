//! Text made to hurt, by dialect: what tests and benchmarks read and write.

use planwright::richtext::{Block, Doc, Inline, markdown};
use serde_json::{Value, json};

/// Pieces of Markdown.
pub const MARKDOWN: &[&str] = &[
    "[",
    "<",
    "`",
    "` ",
    "a`b``",
    ">",
    "> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > a\n",
    "- ",
    "- a ",
    "1. ",
    "*",
    "*a ",
    "**a",
    "a**b_c~~d",
    "![",
    "[a](",
    "](",
    "[a]: b\n",
    "[^a]",
    "[^a]: x\n",
    "<!--",
    "x<?",
    "x<![CDATA[",
    "x<a ",
    "<b>",
    "x<b></i>",
    "<div>\n\n",
    "<details>\n\n",
    "<details><summary>a</summary>\n\n",
    "</details>\n\n",
    "<script>",
    "<pre>",
    "&",
    "&#0;",
    "\\",
    "|a|\n|-|\n",
    "www.",
    "http://a",
    "a@",
    "a@b.c ",
    ":",
    "a_",
    "\n",
    "a\n",
    "# a\n",
    "a\n===\n",
    "```\n",
    "~~~\n",
    "    a\n",
    "\t",
    ">- ",
    "> [!NOTE]\n> a\n\n",
    "-\n\n",
    "1) 2. ",
    "👩‍💻",
    "\0",
    "\r",
    "\u{202e}",
];

/// Pieces of wiki markup.
pub const WIKI: &[&str] = &[
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
];

/// Pieces of HTML.
pub const HTML: &[&str] = &[
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
];

/// A piece again and again, of about so many bytes.
pub fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

/// Nodes of ADF.
pub fn nodes() -> Vec<Value> {
    let text = json!({ "type": "text", "text": "a", "marks": [{ "type": "strong" }] });
    vec![
        text.clone(),
        json!({ "type": "paragraph", "content": [text] }),
        json!({ "type": "hardBreak" }),
        json!({ "type": "table", "content": [row()] }),
        json!({ "type": "unknown", "content": [{ "type": "unknown" }] }),
        json!({ "type": "taskList", "content": [{ "type": "taskList" }] }),
        json!({ "text": "a" }),
        json!("a"),
    ]
}

/// A row of a table whose one cell spans whatever it may.
pub fn row() -> Value {
    let cell = json!({ "type": "tableCell", "attrs": { "colspan": 200, "rowspan": 200 }, "content": [] });
    json!({ "type": "tableRow", "content": [cell] })
}

/// ADF of nodes, many beside each other.
pub fn flat(node: &Value, bytes: usize) -> Value {
    let length = node.to_string().len();
    json!({ "type": "doc", "version": 1, "content": vec![node; bytes / length] })
}

/// Makes a document of about so many bytes.
pub type Make = fn(usize) -> Doc;

/// Documents that are hard to write.
pub const DOCUMENTS: [(&str, Make); 8] = [
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

/// A paragraph of one inline.
pub fn paragraph(inline: Inline) -> Doc {
    Doc { blocks: vec![Block::Paragraph { content: vec![inline] }] }
}
