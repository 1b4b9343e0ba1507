//! Encoding for each dialect, and earlier versions.

use planwright::{
    publish::{EarlierVersion, with_earlier},
    richtext::markdown,
    trackers::{Dialect, MarkerPlace, Profile},
};

use super::{encoder, github, operation, ticket};

const PLAN: &str =
    "# Plan\n\nChange `cart.rs`, says @ada.\n\n<details><summary>Evidence</summary>\n\n- a\n- b\n\n</details>\n";

#[test]
fn a_plan_on_github_reads_like_this() {
    let earlier = [
        EarlierVersion {
            version: 2,
            date: "2026-01-03".to_owned(),
            commit: Some("0123456789".to_owned()),
            url: Some("https://plans.example.org/plans/2".to_owned()),
            note: Some("revised: keep the *old* endpoint, closes #4".to_owned()),
        },
        EarlierVersion { version: 1, date: "2026-01-02".to_owned(), commit: None, url: None, note: None },
    ];
    let doc = with_earlier(markdown::parse(PLAN), &earlier);
    let comment = encoder(github(65_536)).encode(&doc, &ticket("acme/shop#7"), operation(7), None);
    insta::assert_snapshot!(comment.body().replace('\u{2060}', "·"));
    assert!(comment.body().ends_with(&format!("{}\n", comment.marker())));
    assert_eq!(comment.operation(), operation(7));
}

#[test]
fn no_earlier_version_changes_nothing() {
    let doc = markdown::parse(PLAN);
    assert_eq!(with_earlier(doc.clone(), &[]), doc);
}

#[test]
fn a_tracker_without_folds_shows_all() {
    let profile =
        Profile { folds: false, dialect: Dialect::AzureMarkdown, marker: MarkerPlace::Property, ..github(9_000) };
    let comment = encoder(profile).encode(&markdown::parse(PLAN), &ticket("7"), operation(7), None);
    insta::assert_snapshot!(comment.body().replace('\u{2060}', "·"));
}

#[test]
fn html_is_written_where_it_is_the_dialect() {
    let profile = Profile { dialect: Dialect::Html, ..github(9_000) };
    let comment = encoder(profile).encode(&markdown::parse(PLAN), &ticket("7"), operation(7), None);
    insta::assert_snapshot!(comment.body().replace('\u{2060}', "·"));
}

#[test]
fn adf_is_json() {
    let profile = Profile { dialect: Dialect::Adf, marker: MarkerPlace::Property, ..github(9_000) };
    let comment = encoder(profile).encode(&markdown::parse(PLAN), &ticket("7"), operation(7), None);
    let adf: serde_json::Value = serde_json::from_str(comment.body()).expect("json");
    insta::assert_json_snapshot!(adf);
}
