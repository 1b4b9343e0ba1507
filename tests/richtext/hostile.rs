//! Text made to hurt: no panic, no deep recursion, no quadratic time, in either direction.

use planwright::richtext::{Block, Doc, html::to_html, markdown::parse, markdown::write};

use super::pieces::MARKDOWN;

/// Large enough that quadratic time shows, small enough for an unoptimized build.
const BYTES: usize = 16_000;

#[test]
fn repeated_marks_are_read_written_and_shown() {
    for piece in MARKDOWN {
        let text = piece.repeat(BYTES / piece.len());
        let doc = parse(&text);
        let written = write(&doc);
        assert_eq!(parse(&written), doc, "{piece:?}");
        assert!(!to_html(&doc).contains("<script"), "{piece:?}");
    }
}

#[test]
fn what_is_too_deep_is_its_text() {
    let doc = parse(&format!("{} deep", ">".repeat(50_000)));
    assert!(doc.plain().ends_with("> deep\n"));
    let list: String = (0..300).map(|nth| format!("{}- item {nth}\n", "  ".repeat(nth))).collect();
    let doc = parse(&list);
    assert!(doc.plain().contains("item 30"), "{}", doc.plain());
    let folds = format!("{}deep", "<details>\n\n".repeat(5_000));
    assert!(parse(&folds).plain().contains("deep"));
}

#[test]
fn what_is_too_long_is_kept_as_text() {
    let doc = parse(&format!("{}\n\n# é **b**", "é".repeat(600_000)));
    let Some(Block::Paragraph { .. }) = doc.blocks.last() else { panic!("no paragraph") };
    assert!(doc.plain().ends_with("# é **b**\n"));
    assert_eq!(parse(""), Doc::default());
}
