//! Tests of `trigger`.

mod commands;
mod decisions;
mod words;

use planwright::trigger::{ProjectRule, Rules, Switches};

/// Rules as a GitHub connection has them.
pub fn rules() -> Rules {
    Rules {
        label: "needs-plan".to_owned(),
        command: "/plan".to_owned(),
        stories: vec!["Story".to_owned(), "User Story".to_owned()],
        projects: vec![
            ProjectRule::new("acme/lab*", Some("think".to_owned()), Some(vec!["Spike".to_owned()])).expect("a glob"),
        ],
        switches: Switches { label: true, command: true, story: true },
        identity: Some("planwright[bot]".to_owned()),
        marker: "<!-- planwright:".to_owned(),
        labels_on_open: false,
        bots_may_ask: false,
        templates: ["ticket", "architecture", "implementation", "story", "spec"].map(str::to_owned).to_vec(),
    }
}
