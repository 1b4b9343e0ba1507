//! Nothing in a comment acts.

use std::sync::LazyLock;

use planwright::{
    publish::{Hosts, inert::inert},
    richtext::{Block, Doc, Inline, markdown},
    trigger::comment::commands,
};
use proptest::prelude::*;
use regex::Regex;

use super::{encoder, github, operation, ticket};
use crate::{richtext::any, trigger::rules};

/// The document's only paragraph of text after being made inert, written.
fn written(text: &str) -> String {
    let doc = Doc { blocks: vec![Block::Paragraph { content: vec![Inline::text(text)] }] };
    markdown::write(&inert(&doc, &Hosts::Any)).trim_end().replace('\u{2060}', "·")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(written(text), expected, "{text:?}");
}

#[test]
fn names_references_and_commands_are_broken() {
    check("@ada and @acme/team", "@·ada and @·acme/team");
    check("(@ada)", "(@·ada)");
    check("é@ada", "é@·ada");
    check("mail ada@example.org", "mail ada@example.org");
    check("@ ada", "@ ada");
    check("fixes #12, acme/shop#3, AB#4", "fixes #·12, acme/shop#·3, AB#·4");
    check("C# and #anchor", "C# and #anchor");
    check("GH-12 gh-3 high-5", "GH·-12 gh·-3 high-5");
    check("see !7", "see !·7");
    check("[~accountid:5]", r"\[·~accountid:5\]".replace("·~", r"·\~").as_str());
    check("@<0000-1>", r"@·\<0000-1>");
    check("/plan story", "/·plan story");
    check("/close", "/·close");
    check("\u{200b}/plan", "\u{200b}/·plan");
    check("／plan", "／·plan");
    check("/etc/passwd is read", "/etc/passwd is read");
    check("a\n/plan", "a\\\n/·plan");
}

#[test]
fn hidden_characters_vanish() {
    check("a\u{202e}b\u{2066}c\u{e0041}d\u{feff}e", "abcde");
    check("\u{1b}[31;1mred\u{1b}[0m", "red");
    check("@\u{202e}ada", "@·ada");
}

#[test]
fn links_lead_to_allowed_hosts_alone() {
    let link = |url: &str| {
        let content = vec![Inline::text("here")];
        Doc { blocks: vec![Block::Paragraph { content: vec![Inline::Link { url: url.to_owned(), content }] }] }
    };
    let write = |url: &str, hosts: &Hosts| markdown::write(&inert(&link(url), hosts)).trim_end().to_owned();
    let only = Hosts::Only(vec!["github.com".to_owned()]);
    assert_eq!(write("https://github.com/a", &only), "[here](https://github.com/a)");
    assert_eq!(write("https://evil.org/a", &only), "here (`https://evil.org/a`)");
    assert_eq!(write("https://github.com@evil.org/", &Hosts::Any), "here (`https://github.com@evil.org/`)");
    assert_eq!(write("javascript:alert(1)", &Hosts::Any), "here (`javascript:alert(1)`)");
    assert_eq!(write("/relative", &Hosts::Any), "here (`/relative`)");
    assert!(write(&format!("data:{}", "x".repeat(9_000)), &Hosts::Any).len() < 200);
}

#[test]
fn a_closing_keyword_before_a_link_is_broken() {
    let content = vec![
        Inline::text("Closes: "),
        Inline::Link { url: "https://github.com/a/b/issues/1".to_owned(), content: vec![Inline::text("it")] },
    ];
    let doc = Doc { blocks: vec![Block::Paragraph { content }] };
    let text = markdown::write(&inert(&doc, &Hosts::Any)).replace('\u{2060}', "·");
    assert_eq!(text, "C·loses: [it](https://github.com/a/b/issues/1)\n");
}

#[test]
fn images_are_names_and_viewers_are_code() {
    let doc =
        markdown::parse("![a *cat*](https://a.b/c.png) ![](d)\n\n```geojson\n{}\n```\n\n```mermaid\ngraph TD\n```");
    let text = markdown::write(&inert(&doc, &Hosts::Any));
    assert_eq!(text, "a cat image\n\n```\n{}\n```\n\n```mermaid\ngraph TD\n```\n");
}

/// What a reader of GFM sees: the HTML with nothing held back.
pub fn html(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.alerts = true;
    options.extension.footnotes = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// A pattern, compiled once.
macro_rules! pattern {
    ($pattern:expr) => {{
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("a pattern"));
        &*PATTERN
    }};
}

/// What stands in HTML that acts; the first thing found.
pub fn live(html: &str) -> Option<String> {
    let tags = pattern!(r"<(?i:img|script|iframe|style|svg|object|embed|form|video|audio|link|meta|base)\b");
    if let Some(found) = tags.find(html) {
        return Some(found.as_str().to_owned());
    }
    let bad = |to: &&str| !["http://", "https://", "mailto:"].iter().any(|scheme| to.starts_with(scheme));
    let mut addresses = pattern!(r#"(?:href|src)="([^"]*)""#).captures_iter(html).filter_map(|c| c.get(1));
    if let Some(to) = addresses.by_ref().map(|m| m.as_str()).find(bad) {
        return Some(to.to_owned());
    }
    let text = pattern!(r"(?s)<pre.*?</pre>|<code.*?</code>").replace_all(html, "<code/>");
    let text = pattern!(r#"<a href="mailto:[^>]*>[^<]*</a>"#).replace_all(&text, "<mail/>");
    let closing = pattern!(r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s*<a ");
    if let Some(found) = closing.find(&text) {
        return Some(found.as_str().to_owned());
    }
    let names = pattern!(r"(?i)(?:^|[^a-z0-9])@[a-z0-9]|[#!][0-9]|\bgh-[0-9]|\[~");
    pattern!(r"<[^>]*>").split(&text).find_map(|part| {
        let part = part.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        names.find(&part.replace("&amp;", "&")).map(|found| found.as_str().to_owned())
    })
}

#[test]
fn the_oracle_sees_what_acts() {
    for text in [
        "@ada",
        "see @org/team",
        "fixes #1",
        "GH-1",
        "\\@ada",
        "&#64;ada",
        "![a](b)",
        "<img src=x>",
        "[a](javascript:b)",
        "closes [it](https://a.b)",
        "\\[~x]",
    ] {
        assert!(live(&html(text)).is_some(), "{text}");
    }
    assert_eq!(live(&html("plain *text* by ada@example.org at <https://a.b> `@ada #1`")), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_comment_acts(doc in any::doc()) {
        let comment = encoder(github(65_536)).encode(&doc, &ticket("acme/shop#7"), operation(7), None);
        let page = html(comment.body());
        prop_assert_eq!(live(&page), None, "{}\n{}", comment.body(), page);
        prop_assert_eq!(page.matches("<!--").count(), 1, "{}", comment.body());
        let free = comment.body().replace(comment.marker(), "");
        prop_assert_eq!(commands(&free, &rules()), vec![], "{}", comment.body());
    }

    #[test]
    fn what_is_inert_stays_as_it_is(doc in any::doc()) {
        let once = inert(&doc, &Hosts::Any);
        prop_assert_eq!(inert(&once, &Hosts::Any), once);
    }
}
