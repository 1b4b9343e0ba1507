//! That pages keep to their own security policy and can be used by everybody.

use std::collections::{BTreeMap, BTreeSet};

use planwright::model::delivery::SkipReason;
use regex::Regex;

use super::bed::{Bed, DOCUMENT};

/// One page of each kind.
async fn pages(bed: &Bed) -> Vec<(String, String)> {
    let (delivery, job) = bed.asks("g1", "acme/shop#7", "needs-plan").await;
    bed.answers("Cart total is wrong", DOCUMENT).await;
    bed.asks("g2", "acme/shop#7", "needs-plan").await;
    let plan = bed.answers("Cart total is wrong", &DOCUMENT.replace("small", "tiny")).await;
    bed.skips("g3", SkipReason::Ping).await;
    let paths = [
        "/".to_owned(),
        "/?refresh=10".to_owned(),
        format!("/deliveries/{delivery}"),
        format!("/jobs/{job}"),
        format!("/plans/{plan}"),
        format!("/plans/{plan}/changes"),
        "/jobs/999".to_owned(),
    ];
    let mut pages = Vec::new();
    for path in paths {
        let page = bed.get(&path).await.body;
        pages.push((path, page));
    }
    pages
}

/// Every first group of a pattern.
fn all<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
    Regex::new(pattern).unwrap().captures_iter(text).map(|found| found.get(1).unwrap().as_str()).collect()
}

#[tokio::test]
async fn pages_load_nothing_but_their_own_files() {
    let bed = Bed::new().await;
    for (path, page) in pages(&bed).await {
        for pattern in [r"(<style)", r"(<script)>", r"<[^>]* (style=)", r"<[^>]* (on[a-z]+=)"] {
            assert_eq!(all(pattern, &page), Vec::<&str>::new(), "{path}");
        }
        let files = [all("src=\"([^\"]*)\"", &page), all("<link [^>]*href=\"([^\"]*)\"", &page)].concat();
        assert!(files.len() >= 4, "{path}: {files:?}");
        for file in files {
            let answer = bed.get(file).await;
            assert!(answer.status.is_success(), "{path} wants {file}");
            assert!(answer.headers["cache-control"].to_str().unwrap().contains("immutable"), "{file}");
        }
    }
}

#[tokio::test]
async fn pages_can_be_read_by_screen_readers_and_keyboards() {
    let bed = Bed::new().await;
    for (path, page) in pages(&bed).await {
        assert_eq!(all("(<h1)", &page).len(), 1, "{path}");
        assert_eq!(all("(<main id=\"main\")", &page).len(), 1, "{path}");
        assert!(page.contains("<html lang=\"en\">") && page.contains("href=\"#main\""), "{path}");
        let ids = all(" id=\"([^\"]*)\"", &page);
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{path}: an id stands twice in {ids:?}");
        for wanted in [all("aria-labelledby=\"([^\"]*)\"", &page), all("href=\"#([^\"]+)\"", &page)].concat() {
            assert!(ids.contains(&wanted), "{path}: nothing has the id {wanted}");
        }
        let levels: Vec<u8> = all("<h([1-6])", &page).iter().map(|level| level.parse().unwrap()).collect();
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{path}: a heading level is left out: {levels:?}"
        );
        assert_eq!(all("(<img )", &page).len(), all("<img [^>]*(alt=)", &page).len(), "{path}: an image without words");
    }
}

#[tokio::test]
async fn the_overview_updates_without_scripts_when_asked_to() {
    let bed = Bed::new().await;
    assert!(!bed.get("/").await.body.contains("http-equiv"));
    assert!(bed.get("/?refresh=10").await.body.contains("<meta http-equiv=\"refresh\" content=\"10\">"));
    assert!(bed.get("/?refresh=1").await.body.contains("content=\"5\""));
}

/// Colours by name.
type Scheme<'t> = BTreeMap<&'t str, &'t str>;

/// Relative luminance (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[test]
fn text_has_enough_contrast_in_both_schemes() {
    let css = include_str!("../../src/web/assets/pages.css");
    let colours = Regex::new(r"--([a-z-]+): (#[0-9a-f]{6})").unwrap();
    let scheme = |part| colours.captures_iter(part).map(|found| <(&str, &str)>::from(found.extract().1)).collect();
    let schemes: Vec<Scheme> = css.split("prefers-color-scheme: dark").map(scheme).collect();
    assert_eq!(schemes.len(), 2);
    for scheme in schemes {
        let paper = ["paper", "sheet", "wash"];
        let mut pairs: Vec<(&str, &str)> = paper
            .iter()
            .flat_map(|paper| ["ink", "muted", "accent", "good", "busy", "bad"].map(|ink| (ink, *paper)))
            .collect();
        pairs.extend([
            ("ink", "bad-wash"),
            ("bad", "bad-wash"),
            ("accent", "bad-wash"),
            ("ink", "added-wash"),
            ("good", "added-wash"),
        ]);
        for (ink, paper) in pairs {
            let (a, b) = (luminance(scheme[ink]), luminance(scheme[paper]));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{ink} {} on {paper} {}: {contrast:.2}", scheme[ink], scheme[paper]);
        }
    }
}
