//! Documents as HTML.

use std::sync::LazyLock;

use planwright::richtext::{Doc, html::to_html, markdown::parse};
use proptest::prelude::*;
use regex::Regex;

use super::any as docs;

#[test]
fn every_element_reads_like_this() {
    let markdown = r#"# One & *two*

## One two

## One two

a **b** _c_ ~~d~~ `<e>`\
[ok](https://a.b/?c="d"&e) [mail](mailto:a@b.c) [no](javascript:alert(1)) ![img](https://a.b/c.png)

- [x] done
- [ ] open

3. c
4. d

   more

```rust
fn a() -> &'static str { "<b>" }
```

> quote

> [!WARNING]
> hot

| a | b | c |
| :-- | :-: | --: |
| 1 | <b>2</b> | |

___

<details>
<summary>more <b>bold</b></summary>

inside

</details>
"#;
    insta::assert_snapshot!(to_html(&parse(markdown)));
}

/// Every tag that may stand on a page, with its attributes.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    let plain = "p|ul|ol|li|pre|code|blockquote|details|summary|table|thead|tbody|tr|th|td|strong|em|del";
    let link = r#"a href="(?:https?:|mailto:)[^"<>]*" rel="nofollow noopener noreferrer""#;
    let with =
        r#"ol start="[0-9]+"|li class="task"|input type="checkbox"(?: checked)? disabled|br|hr|h[1-6] id="[^"<>]+""#;
    let class =
        r#"code class="language-[^"<>]+"|(?:th|td) class="(?:left|center|right)"|div class="panel panel-[a-z]+""#;
    let other = r#"p class="panel-title"|span class="media""#;
    let close = format!(r"/(?:{plain}|a|div|span|h[1-6])");
    Regex::new(&format!(r"^(?:{plain}|{link}|{with}|{class}|{other}|{close})$")).expect("a pattern")
});

/// The first tag that may not stand there.
fn foreign(html: &str) -> Option<&str> {
    html.split('<').skip(1).map(|from| from.split_once('>').map_or(from, |(tag, _)| tag)).find(|tag| !TAG.is_match(tag))
}

#[test]
fn the_check_knows_foreign_tags() {
    for html in
        ["<script>", "<p onclick=\"x\">", "<a href=\"javascript:x\" rel=\"nofollow noopener noreferrer\">", "a < b"]
    {
        assert!(foreign(html).is_some(), "{html}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_our_own_tags_stand_on_a_page(doc in docs::doc()) {
        let html = to_html(&doc);
        prop_assert_eq!(foreign(&html), None, "{}", html);
    }

    #[test]
    fn any_text_becomes_a_page(text in any::<String>()) {
        let html = to_html(&parse(&text));
        prop_assert_eq!(foreign(&html), None, "{}", html);
    }
}

#[test]
fn an_empty_document_is_an_empty_page() {
    assert_eq!(to_html(&Doc::default()), "");
}
