//! Jira's wiki markup ↔ document.

use planwright::richtext::{Block, Doc, Inline, PanelKind, markdown, wiki};

/// The markup as Markdown.
#[track_caller]
fn check(markup: &str, expected: &str) {
    assert_eq!(markdown::write(&wiki::read(markup)).trim_end(), expected, "{markup:?}");
}

/// The markup that a text becomes.
#[track_caller]
fn written(text: &str, expected: &str) {
    let doc = Doc { blocks: vec![Block::Paragraph { content: vec![Inline::text(text)] }] };
    assert_eq!(wiki::write(&doc).trim_end(), expected, "{text:?}");
}

#[test]
fn a_recorded_sample_reads_like_this() {
    let doc = wiki::read(include_str!("samples/wiki_markup_sample.jira.txt"));
    insta::assert_snapshot!("wiki_sample_as_markdown", markdown::write(&doc));
    insta::assert_snapshot!("wiki_sample_again", wiki::write(&doc));
}

#[test]
fn phrases_act_where_jira_lets_them() {
    check("*a* _b_ -c- +d+ ^e^ ~f~ {{g}} ??h??", "**a** _b_ ~~c~~ d e f `g` _h_");
    check("_*a*_", "**_a_**");
    check("snake_case_name and 2*3*4", "snake_case_name and 2\\*3\\*4");
    check("{*}a{*}b", "<strong>a</strong>b");
    check("a * b * c", "a \\* b \\* c");
    check("from 1 -- 2 - 3", "from 1 -- 2 - 3");
    check("a\\\\b", "a\\\nb");
    check("\\\\server\\share", "\\\\\\\\server\\\\share");
    check("\\*a\\* C:\\temp", "\\*a\\* C:\\\\temp");
    check("{color:red}a{color} b", "a b");
    check("{unknown} {id}", "{unknown} {id}");
}

#[test]
fn links_mentions_and_images_are_read() {
    check("[https://a.b]", "<https://a.b>");
    check("[A *b*|https://a.b|smart-link]", "[A **b**](https://a.b)");
    check("see https://a.b/c.", "see <https://a.b/c>.");
    check("[x|javascript:alert(1)] [a][0|1]", "x \\[a\\]\\[0|1\\]");
    check("[^log.txt] !screen shot.png|thumbnail!", "log.txt screen shot.png");
    check("wow! great!", "wow! great\\!");
    let doc = wiki::read("[~ada] [~accountid:5a:1]");
    let mention = |id: &str| Inline::Mention { id: id.to_owned(), name: id.to_owned() };
    let content = vec![mention("ada"), Inline::text(" "), mention("5a:1")];
    assert_eq!(doc.blocks, vec![Block::Paragraph { content }]);
}

#[test]
fn blocks_are_read() {
    check("h3. A\nh7. b", "### A\n\nh7. b");
    check("* a\n** b\n**# c\n* d\nmore", "- a\n  - b\n    1. c\n- d\\\n  more");
    check("# a\n{code:java}\nx\n{code}\n# b", "1. a\n\n   ```java\n   x\n   ```\n\n2. b");
    check("{code:title=A.java|java}\nx\n{code}", "```java\nx\n```");
    check("{noformat}*a*{noformat}", "```\n*a*\n```");
    check("{quote}\na\n{quote}\nbq. b", "> a\n\n> b");
    check("{panel:title=Careful|bgColor=red}\na\n{panel}", "> [!NOTE]\n> **Careful**\n>\n> a");
    check("{warning}a{warning}", "> [!WARNING]\n> a");
    check("{expand:More}\na\n{expand}", "<details>\n<summary>More</summary>\n\na\n\n</details>");
    check("a\n----\nb", "a\n\n___\n\nb");
    check("||A||B||\n|a [x|https://a.b]|b\nc|", "| A | B |\n| --- | --- |\n| a [x](https://a.b) | b<br>c |");
    check("|a|b|\n|c|", "|  |  |\n| --- | --- |\n| a | b |\n| c |  |");
    check("* ☐ open\n* ☑ done", "- [ ] open\n- [x] done");
    check("{code}\nnever closed", "{code}\\\nnever closed");
}

#[test]
fn no_text_becomes_markup_a_mention_or_a_macro() {
    written("*a* _b_", "\\*a\\* \\_b\\_");
    written("[~ada] [x|y]", "\\[\\~ada\\] \\[x\\|y\\]");
    written("{code} {panel}", "\\{code\\} \\{panel\\}");
    written("h1. a", "h1&#46; a");
    written("bq. a", "bq&#46; a");
    written("# a", "\\# a");
    written("a # b", "a # b");
    written("- a - b", "\\- a - b");
    written("----", "\\-\\-\\-\\-");
    written("!a.png!", "\\!a.png\\!");
    written("http://a.b", "http&#58;//a.b");
    written("C:\\temp &amp;", "C:&#92;temp &amp;amp;");
    written(":) (x) (a)", "&#58;) \\(x) (a)");
    written("snake_case a-b", "snake_case a-b");
}

#[test]
fn frames_of_one_kind_do_not_nest_however_deep() {
    let words = Block::Paragraph { content: vec![Inline::text("words")] };
    let panel = |blocks| Block::Panel { kind: PanelKind::Note, blocks };
    let quote = |blocks| Block::Quote { blocks };
    let written = |block| wiki::write(&Doc { blocks: vec![block] });
    let framed = "{panel:title=Note}\n{quote}\nwords\n{quote}\n{panel}\n";
    assert_eq!(written(panel(vec![quote(vec![panel(vec![words.clone()])])])), framed);
    let framed = "{quote}\n{panel:title=Note}\nwords\n{panel}\n{quote}\n";
    assert_eq!(written(quote(vec![panel(vec![quote(vec![words])])])), framed);
}
