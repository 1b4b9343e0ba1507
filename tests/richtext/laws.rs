//! Markdown → dialect → Markdown keeps the meaning, but for the losses listed.

use planwright::richtext::{Doc, adf, html, markdown, wiki};
use proptest::prelude::*;

use super::{
    any,
    meaning::{Becomes, Kind, Loss, Place, filled, lose, meaning},
};

/// Does the address lead to a page or a mailbox, and say where that is?
fn is_absolute(url: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
}

/// Is it one of those, or relative?
fn cannot_act(url: &str) -> bool {
    is_absolute(url) || !url.contains(':')
}

const ADF: &[Loss] = &[
    Loss::Links(cannot_act),
    Loss::Alignment,
    Loss::StyledCode,
    Loss::StyledSummary,
    Loss::Images,
    Loss::Block(Kind::Heading, &[Place::Item, Place::Quote], Becomes::Bold),
    Loss::Block(Kind::Rule, &[Place::Item, Place::Quote], Becomes::Nothing),
    Loss::Block(Kind::Quote, &[Place::Item, Place::Quote, Place::Panel], Becomes::Contents),
    Loss::Block(Kind::Panel, &[Place::Item, Place::Quote, Place::Panel], Becomes::Contents),
    Loss::Block(Kind::Details, &[Place::Item, Place::Quote, Place::Panel, Place::InnerDetails], Becomes::Bold),
    Loss::Block(
        Kind::Table,
        &[Place::Item, Place::Quote, Place::Panel, Place::InnerDetails],
        Becomes::Rows { bold_head: true },
    ),
];

const WIKI: &[Loss] = &[
    Loss::Links(is_absolute),
    Loss::Alignment,
    Loss::Start,
    Loss::Images,
    Loss::Language(&["java", "rust"]),
    Loss::ItemParagraphs,
    Loss::Block(Kind::Heading, &[Place::Item], Becomes::Bold),
    Loss::Block(Kind::Rule, &[Place::Item], Becomes::Nothing),
    // A macro ends at the next end of its name.
    Loss::Nested(Kind::Quote),
    Loss::Nested(Kind::Panel),
    Loss::Block(Kind::Quote, &[Place::Item], Becomes::Contents),
    Loss::Block(Kind::Panel, &[Place::Item], Becomes::Contents),
    Loss::Block(
        Kind::Details,
        &[Place::Root, Place::Item, Place::Quote, Place::Panel, Place::Details, Place::InnerDetails],
        Becomes::Bold,
    ),
    Loss::Block(Kind::Table, &[Place::Item], Becomes::Rows { bold_head: false }),
];

const HTML: &[Loss] = &[
    Loss::Links(is_absolute),
    Loss::Images,
    Loss::NoBreakSpaces,
    Loss::Block(
        Kind::Panel,
        &[Place::Root, Place::Item, Place::Quote, Place::Details, Place::InnerDetails, Place::Panel],
        Becomes::HeadedQuote,
    ),
];

/// The meaning of a document before, and after it was written, read, and written as Markdown again.
fn both(doc: &Doc, again: impl Fn(&Doc) -> Doc, losses: &[Loss]) -> (String, String) {
    let doc = markdown::parse(&markdown::write(doc));
    let doc = markdown::normal(&Doc { blocks: filled(doc.blocks) });
    let after = markdown::parse(&markdown::write(&again(&doc)));
    (meaning(&lose(&doc, losses)), meaning(&lose(&after, losses)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adf_keeps_the_meaning(doc in any::doc()) {
        let (before, after) = both(&doc, |doc| adf::read(&adf::write(doc)), ADF);
        prop_assert_eq!(before, after, "{:#}", adf::write(&doc));
    }

    #[test]
    fn wiki_markup_keeps_the_meaning(doc in any::doc()) {
        let (before, after) = both(&doc, |doc| wiki::read(&wiki::write(doc)), WIKI);
        prop_assert_eq!(before, after, "{}", wiki::write(&doc));
    }

    #[test]
    fn html_keeps_the_meaning(doc in any::doc()) {
        let (before, after) = both(&doc, |doc| html::read(&html::write(doc)), HTML);
        prop_assert_eq!(before, after, "{}", html::write(&doc));
    }

    #[test]
    fn no_word_is_lost_or_moved(doc in any::doc()) {
        let letters = |doc: &Doc| doc.plain().chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let doc = markdown::normal(&doc);
        let before = letters(&doc);
        for again in [adf::read(&adf::write(&doc)), wiki::read(&wiki::write(&doc)), html::read(&html::write(&doc))] {
            let after = letters(&again);
            // Bars between cells that became lines, boxes and the addresses of nameless images are added.
            let mut rest = after.chars();
            prop_assert!(before.chars().all(|c| rest.any(|other| other == c)), "{}\n{}", before, after);
        }
    }
}
