//! The demo's tickets as people write them on Jira: wiki markup, with the acceptance criteria in their own field.
//!
//! In: nothing. Out: the same three tickets as on GitHub.

use crate::sandbox::world::NewTicket;

/// A bug, to be labelled `needs-plan`.
pub fn bug() -> NewTicket {
    NewTicket { body: include_str!("jira/bug.wiki").to_owned(), ..super::bug() }
}

/// A feature with acceptance criteria, on which somebody comments `/plan`.
pub fn feature() -> NewTicket {
    NewTicket {
        body: include_str!("jira/feature.wiki").to_owned(),
        acceptance: Some(include_str!("jira/feature-acceptance.wiki").to_owned()),
        ..super::feature()
    }
}

/// A story, which asks for a plan by being one.
pub fn story() -> NewTicket {
    NewTicket {
        kind: Some("Story".to_owned()),
        body: include_str!("jira/story.wiki").to_owned(),
        acceptance: Some(include_str!("jira/story-acceptance.wiki").to_owned()),
        ..super::story()
    }
}
