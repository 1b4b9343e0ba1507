//! Markdown ↔ document.

use planwright::richtext::{
    Block, Doc, Inline,
    markdown::{escape, normal, parse, write},
};
use proptest::prelude::*;

use super::any;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(doc in any::doc()) {
        let markdown = write(&doc);
        prop_assert_eq!(parse(&markdown), normal(&doc), "{}", markdown);
    }

    #[test]
    fn a_normal_form_is_final(doc in any::doc()) {
        let once = normal(&doc);
        prop_assert_eq!(normal(&once), once);
    }

    #[test]
    fn escaped_text_is_only_text(text in any::text()) {
        let words: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = normal(&Doc { blocks: vec![Block::Paragraph { content: vec![Inline::text(words)] }] });
        prop_assert_eq!(parse(&escape(&text)), expected);
    }
}
