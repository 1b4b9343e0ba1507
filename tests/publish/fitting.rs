//! Comments within their limit.

use std::time::Instant;

use planwright::{
    publish::marker::find,
    richtext::{Block, Doc, Inline, ListItem, markdown},
    trackers::{Dialect, LengthUnit, MarkerPlace, Profile},
};
use proptest::prelude::*;

use super::{encoder, github, key, operation, ticket};
use crate::richtext::any;

const URL: &str = "https://plans.example.org/plans/7";

fn encode(doc: &Doc, profile: Profile) -> String {
    encoder(profile).encode(doc, &ticket("acme/shop#7"), operation(7), Some(URL)).body().to_owned()
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph { content: vec![Inline::text(text)] }
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 2, content: vec![Inline::text(text)] }
}

#[test]
fn what_fits_is_whole() {
    let doc = Doc { blocks: vec![heading("Plan"), paragraph("Do it.")] };
    insta::assert_snapshot!(encode(&doc, github(65_536)));
}

#[test]
fn folds_are_emptied_before_anything_else_goes() {
    let fold = Block::Details {
        summary: vec![Inline::text("Evidence")],
        blocks: (0..40).map(|nth| paragraph(format!("line {nth}"))).collect(),
    };
    let doc = Doc { blocks: vec![heading("Plan"), fold, heading("Last"), paragraph("The end.")] };
    insta::assert_snapshot!(encode(&doc, github(450)));
}

#[test]
fn lists_and_tables_lose_their_last_parts_and_code_goes_whole() {
    let item = |nth| ListItem { task: Some(false), blocks: vec![paragraph(format!("step {nth}"))] };
    let list = Block::List { start: Some(1), items: (0..40).map(item).collect() };
    let code = Block::Code { language: None, text: "line\n".repeat(100) };
    insta::assert_snapshot!(encode(&Doc { blocks: vec![heading("Steps"), list, paragraph("gone")] }, github(450)));
    insta::assert_snapshot!(encode(&Doc { blocks: vec![paragraph("kept"), heading("Code"), code] }, github(450)));
}

#[test]
fn a_single_paragraph_is_cut_between_graphemes() {
    let doc = Doc { blocks: vec![paragraph("👩‍💻".repeat(500))] };
    let body = encode(&doc, github(500));
    let text = body.lines().next().unwrap_or_default().strip_suffix('…').expect("an ellipsis");
    assert!(text.len() > "👩‍💻".len() * 50 && text.len().is_multiple_of("👩‍💻".len()), "{body}");
}

#[test]
fn a_megabyte_is_fitted_quickly() {
    let row = |nth: usize| vec![vec![Inline::text(format!("file {nth}"))], vec![Inline::text("why".repeat(20))]];
    let table = planwright::richtext::Table {
        align: vec![planwright::richtext::Align::None; 2],
        head: row(0),
        rows: (0..12_000).map(row).collect(),
    };
    let doc = Doc { blocks: vec![heading("Files"), Block::Table(table), paragraph("x ".repeat(200_000))] };
    let body = encode(&doc, github(65_536));
    assert!(body.chars().count() > 50_000 && body.chars().count() <= 65_536);
}

#[test]
fn four_times_as_much_is_fitted_in_proportion_in_every_dialect() {
    let dialects = [Dialect::Gfm, Dialect::Adf, Dialect::Wiki, Dialect::AzureMarkdown, Dialect::Html];
    let piece =
        "## a\n\n- b `c`\n  1. d\n\n|e|f|\n|-|-|\n|g|h|\n\n<details><summary>i</summary>\n\nj\n\n</details>\n\n";
    let document = |bytes: usize| markdown::parse(&piece.repeat(bytes / piece.len()));
    let (small, large) = (document(1 << 16), document(1 << 18));
    for dialect in dialects {
        let profile = Profile { dialect, marker: MarkerPlace::Property, ..github(32_767) };
        let time = |doc: &Doc| {
            let start = Instant::now();
            let body = encode(doc, profile.clone());
            assert!(body.chars().count() <= 32_767, "{dialect:?}");
            start.elapsed()
        };
        // Quadratic work would take sixteen times as long; a busy machine gets another try.
        assert!((0..3).any(|_| time(&large) < time(&small) * 9), "{dialect:?}");
    }
}

#[test]
fn every_shape_is_fitted() {
    for piece in [
        "- item\n",
        "1. item\n   - inner\n",
        "> a\n> > b\n",
        "> [!NOTE]\n> a\n\n",
        "a\n\n",
        "**a** ",
        "`a` b ",
        "# a\n\n",
        "<details><summary>a</summary>\n\n",
        "<details><summary>a</summary>\n\nb\n\n</details>\n\n",
        "```\na\n```\n\n",
        "@ada fixes #1 ",
        "[a](https://a.b) ",
    ] {
        let doc = markdown::parse(&piece.repeat(12_000 / piece.len()));
        let body = encode(&doc, github(2_000));
        let length = body.chars().count();
        assert!(length <= 2_000 && find(&body, &ticket("acme/shop#7"), &key()).is_some(), "{piece:?}: {length}");
    }
}

/// Are all fences closed? Looks at lines alone.
fn fences_are_closed(markdown: &str) -> bool {
    let mut open: Option<usize> = None;
    for line in markdown.lines() {
        let line =
            line.trim_start_matches([' ', '>', '-', '*', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '.', ')']);
        let ticks = line.bytes().take_while(|b| *b == b'`').count();
        match open {
            None if ticks >= 3 && !line[ticks..].contains('`') => open = Some(ticks),
            Some(length) if ticks >= length && line.len() == ticks => open = None,
            _ => {}
        }
    }
    open.is_none()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_comment_is_within_its_limit_and_marked(
        docs in prop::collection::vec(any::doc(), 1..6),
        limit in 250usize..1_500,
        unit in prop::sample::select(vec![LengthUnit::Chars, LengthUnit::Utf16, LengthUnit::Bytes]),
    ) {
        let doc = Doc { blocks: docs.into_iter().flat_map(|doc| doc.blocks).collect() };
        let body = encode(&doc, Profile { unit, ..github(limit) });
        let length = match unit {
            LengthUnit::Chars => body.chars().count(),
            LengthUnit::Utf16 => body.encode_utf16().count(),
            LengthUnit::Bytes => body.len(),
        };
        prop_assert!(length <= limit, "{} > {}", length, limit);
        prop_assert_eq!(find(&body, &ticket("acme/shop#7"), &key()), Some(operation(7)));
        prop_assert!(fences_are_closed(&body), "{}", body);
        let whole = encode(&doc, Profile { unit, ..github(1 << 20) });
        prop_assert_eq!(body.contains("Shortened to fit"), whole != body);
        prop_assert!(whole == body || body.contains(URL));
        let cut = markdown::parse(&body);
        prop_assert_eq!(markdown::parse(&markdown::write(&cut)), cut);
    }
}
