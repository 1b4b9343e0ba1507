//! Encoding for each dialect, and earlier versions.

use planwright::{
    publish::{EarlierVersion, Encoder, Hosts, NoMarkerPlace, with_earlier},
    richtext::{Doc, adf, html, markdown, wiki},
    trackers::{Dialect, MarkerPlace, Profile},
};

use proptest::prelude::*;

use super::{encoder, github, key, operation, ticket};
use crate::richtext::any;

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

/// A profile whose marker stands beside the body.
fn beside(dialect: Dialect, comment_limit: usize) -> Profile {
    let folds = !matches!(dialect, Dialect::Wiki | Dialect::Html);
    Profile { dialect, folds, marker: MarkerPlace::Property, ..github(comment_limit) }
}

/// All dialects but GitHub's.
const OTHERS: [Dialect; 4] = [Dialect::Adf, Dialect::Wiki, Dialect::AzureMarkdown, Dialect::Html];

/// A plan with what dialects differ in.
const RICH: &str = "## Steps

> [!WARNING]
> Back up first, @ada and @<00000000-0000-0000-0000-000000000001> and [~ada].

1. Change [`src/cart.rs:10`](https://github.com/acme/shop/blob/0123456/src/cart.rs#L10), see #12, AB#3 and !7.
2. Test:

   ```sh
   cargo test cart
   ```

| File | Why |
| --- | --- |
| `src/cart.rs` | total *is* wrong |

- [ ] done

```mermaid
graph TD; A-->B
```

<details><summary>Evidence</summary>

{code}not a macro{code}

</details>
";

#[test]
fn a_plan_reads_like_this_in_every_other_dialect() {
    for dialect in OTHERS {
        let comment = encoder(beside(dialect, 32_767)).encode(&markdown::parse(RICH), &ticket("7"), operation(7), None);
        let body = comment.body().replace('\u{2060}', "·");
        insta::assert_snapshot!(format!("rich_{dialect:?}"), body);
    }
}

#[test]
fn a_marker_in_the_body_needs_a_dialect_that_hides_it() {
    for dialect in [Dialect::Adf, Dialect::Wiki] {
        let made = Encoder::new(Profile { dialect, ..github(9_000) }, key(), Hosts::Any);
        assert_eq!(made.err(), Some(NoMarkerPlace(dialect)));
    }
}

/// What a tracker reads in a comment.
fn read(dialect: Dialect, body: &str) -> Doc {
    match dialect {
        Dialect::Adf => adf::read(&serde_json::from_str(body).expect("json")),
        Dialect::Wiki => wiki::read(body),
        Dialect::Html => html::read(body),
        Dialect::Gfm | Dialect::AzureMarkdown => markdown::parse(body),
    }
}

#[test]
fn a_large_document_is_shortened_in_every_dialect() {
    for dialect in OTHERS {
        let doc = markdown::parse(&format!("{}\n\n---\n\nPlan version 3 · more\n", RICH.repeat(200)));
        let encoder = encoder(beside(dialect, 32_767));
        let comment = encoder.encode(&doc, &ticket("7"), operation(7), Some("https://plans.example.org/7"));
        let length = comment.body().chars().count();
        assert!((25_000..=32_767).contains(&length), "{dialect:?}: {length}");
        let told = read(dialect, comment.body()).plain();
        assert!(told.contains("Shortened to fit in a comment."), "{dialect:?}");
        assert!(told.trim_end().ends_with("Plan version 3 · more"), "{dialect:?}: the foot is gone");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_comment_mentions_anybody_in_any_dialect(doc in any::doc(), limit in 700usize..3_000) {
        for dialect in OTHERS {
            let comment = encoder(beside(dialect, limit)).encode(&doc, &ticket("7"), operation(7), None);
            prop_assert!(comment.body().chars().count() <= limit, "{:?}", dialect);
            if comment.body().is_empty() {
                continue;
            }
            let seen = read(dialect, comment.body());
            prop_assert!(!format!("{seen:?}").contains("Mention {"), "{:?}: {}", dialect, comment.body());
            let text = seen.plain();
            for name in ["@name", "@org/team", "[~accountid", "@<1-2>"] {
                // In code nothing acts, nor in the title of a fold that was code; the generator's code holds such words.
                let in_code = format!("{doc:?}").contains("Code {");
                // After a letter or a digit it is a mail address.
                let mut found = text.match_indices(name).map(|(at, _)| text[..at].chars().next_back());
                let live = found.any(|before| !before.is_some_and(|c| c.is_ascii_alphanumeric()));
                prop_assert!(in_code || !live, "{:?}: {}", dialect, comment.body());
            }
        }
    }
}
