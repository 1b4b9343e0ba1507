//! Random documents, rich in what Markdown could trip over.

use planwright::richtext::{Align, Block, Doc, Inline, ListItem, PanelKind, Table};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Text of words, marks and line starts that act in Markdown.
pub fn text() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a",
        "word",
        " ",
        "  ",
        "*",
        "**",
        "_",
        "__",
        "~",
        "~~",
        "`",
        "``",
        "```",
        "#",
        "## ",
        "-",
        "- ",
        "+ ",
        "1. ",
        "2) ",
        "> ",
        "=",
        "===",
        "---",
        "|",
        "| - |",
        ":-",
        "[",
        "]",
        "[ ] ",
        "[x] ",
        "(",
        ")",
        "](",
        "![",
        "!",
        "<",
        ">",
        "<b>",
        "</details>",
        "<!--",
        "-->",
        "&",
        "&amp;",
        "&#35;",
        "\\",
        "\n",
        "\t",
        "\u{a0}",
        "é",
        "粗",
        "“",
        "\u{200d}",
        "👩‍💻",
        "snake_case",
        "http://a.b/c",
        "https://a.b",
        "www.a.b",
        "a@b.co",
        "@name",
        "#12",
        "$x$",
        "[^1]",
        "[a]: b",
        ".",
        ",",
        "\"",
        "'",
        ":",
        "1",
        "9)",
        "~~~",
        "<https://x.y>",
        "@org/team",
        "fixes #1",
        "closes a/b#2",
        "Resolves: ",
        "fix ",
        "GH-1",
        "gh-2",
        "/plan",
        "/plan help",
        "AB#1",
        "[~accountid:1]",
        "@<1-2>",
        "!7",
        "\u{202e}",
        "\u{e0041}",
        "\u{200b}",
        "\u{1b}[31m",
        "<!-- planwright:1:2 -->",
        "<img src=x>",
        "{{x}}",
        "\u{1b}",
        "\u{feff}",
    ]);
    vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

/// Addresses, good and bad.
fn url() -> impl Strategy<Value = String> {
    select(vec![
        "https://example.org/a",
        "https://example.org/a_(b)?c=d&e=f#g",
        "http://a.b",
        "mailto:a@b.co",
        "",
        "/rel",
        "#x",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.b/<x>",
        "https://a.b/ c|d\\e`f",
        "https://a.b/*_*",
    ])
    .prop_map(str::to_owned)
}

/// Running text.
pub fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        6 => text().prop_map(Inline::text),
        2 => text().prop_map(|text| Inline::Code { text }),
        1 => Just(Inline::Break),
        1 => (text(), option::of(url())).prop_map(|(name, url)| Inline::Media { name, url }),
        1 => text().prop_map(|name| Inline::Mention { id: "7".to_owned(), name }),
        1 => url().prop_map(|url| Inline::Link { content: vec![Inline::text(url.clone())], url }),
    ];
    let inline = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|content| Inline::Strong { content }),
            vec(inner.clone(), 0..4).prop_map(|content| Inline::Emphasis { content }),
            vec(inner.clone(), 0..4).prop_map(|content| Inline::Strike { content }),
            (url(), vec(inner, 0..4)).prop_map(|(url, content)| Inline::Link { url, content }),
        ]
    });
    vec(inline, 0..5)
}

/// Tables whose rows need not be of one length.
fn table() -> impl Strategy<Value = Block> {
    let align = select(vec![Align::None, Align::Left, Align::Center, Align::Right]);
    (vec(align, 0..4), vec(inlines(), 0..4), vec(vec(inlines(), 0..4), 0..3))
        .prop_map(|(align, head, rows)| Block::Table(Table { align, head, rows }))
}

/// Blocks, nested.
fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let kinds = vec![PanelKind::Note, PanelKind::Tip, PanelKind::Important, PanelKind::Warning, PanelKind::Caution];
    let leaf = prop_oneof![
        4 => inlines().prop_map(|content| Block::Paragraph { content }),
        1 => (0u8..9, inlines()).prop_map(|(level, content)| Block::Heading { level, content }),
        1 => (option::of(text()), text()).prop_map(|(language, text)| Block::Code { language, text }),
        1 => table(),
        1 => Just(Block::Rule),
    ];
    let block = leaf.prop_recursive(3, 16, 4, move |inner| {
        let item =
            (option::of(any::<bool>()), vec(inner.clone(), 0..3)).prop_map(|(task, blocks)| ListItem { task, blocks });
        let start = option::of(prop_oneof![Just(0), Just(1), Just(9), Just(999_999_999), any::<u64>()]);
        prop_oneof![
            3 => (start, vec(item, 0..4)).prop_map(|(start, items)| Block::List { start, items }),
            1 => vec(inner.clone(), 0..3).prop_map(|blocks| Block::Quote { blocks }),
            1 => (select(kinds.clone()), vec(inner.clone(), 0..3))
                .prop_map(|(kind, blocks)| Block::Panel { kind, blocks }),
            1 => (inlines(), vec(inner, 0..3)).prop_map(|(summary, blocks)| Block::Details { summary, blocks }),
        ]
    });
    vec(block, 0..5)
}

/// Documents.
pub fn doc() -> impl Strategy<Value = Doc> {
    blocks().prop_map(|blocks| Doc { blocks })
}
