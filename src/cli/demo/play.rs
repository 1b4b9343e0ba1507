//! Plays the three ways in, and waits for each plan.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::show::Show;
use crate::{
    model::delivery::Decision,
    sandbox::{
        TicketKey, demo,
        github::{GitHub, Sent},
    },
    store::Store,
};

/// The longest that a plan may take before the demo calls it missing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the demo plays.
pub(super) struct Stage<'a> {
    pub github: GitHub,
    pub store: Arc<dyn Store>,
    pub show: &'a Show,
}

/// What was seen of one way in.
pub(super) struct Seen {
    /// What a person did.
    pub act: String,
    /// The tracker's answer to the delivery, and how long it took.
    pub status: Option<u16>,
    pub answered_in: Duration,
    pub decision: String,
    /// The comment's address and the time from the delivery to it; `None` when none came.
    pub comment: Option<(String, Duration)>,
}

impl Stage<'_> {
    /// Plays all three; true when all plans stand.
    pub async fn play(&self) -> bool {
        let mut all = true;
        for way in [Way::Label, Way::Command, Way::Story] {
            let seen = self.way(way).await;
            all &= seen.comment.is_some();
            self.show.seen(&seen);
        }
        all
    }

    /// Plays one way in.
    async fn way(&self, way: Way) -> Seen {
        let issue = match way {
            Way::Label => Some(self.github.open_issue(demo::REPOSITORY, demo::bug(), demo::SUPPORT).await.issue),
            Way::Command => Some(self.github.open_issue(demo::REPOSITORY, demo::feature(), demo::PRODUCT).await.issue),
            Way::Story => None,
        };
        self.show.acting(way.words());
        let started = Instant::now();
        let (issue, sent) = self.act(way, issue).await;
        let comment = tokio::time::timeout(PATIENCE, self.github.next_comment(&issue)).await.ok();
        let comment = comment.map(|written| (self.github.comment_url(&issue, written.comment), started.elapsed()));
        Seen {
            act: format!("{} on {}#{}", way.words(), issue.project, issue.number),
            status: sent.status,
            answered_in: sent.elapsed,
            decision: self.decision(&sent).await,
            comment,
        }
    }

    /// Does what starts the bot; returns the issue and the delivery that counts.
    async fn act(&self, way: Way, issue: Option<TicketKey>) -> (TicketKey, Sent) {
        match (way, issue) {
            (Way::Label, Some(issue)) => {
                let sent = self.github.add_label(&issue, "needs-plan", demo::SUPPORT).await;
                (issue, sent)
            }
            (Way::Command, Some(issue)) => {
                let sent =
                    self.github.comment(&issue, "Let us do this next week.\n\n/plan", demo::DEVELOPER).await.sent;
                (issue, sent)
            }
            (_, _) => {
                let opened = self.github.open_issue(demo::REPOSITORY, demo::story(), demo::PRODUCT).await;
                let sent = opened.sent.into_iter().next().expect("opening an issue sends a delivery");
                (opened.issue, sent)
            }
        }
    }

    /// What the bot decided about a delivery.
    async fn decision(&self, sent: &Sent) -> String {
        let deliveries = self.store.deliveries(100).await.unwrap_or_default();
        match deliveries.into_iter().find(|delivery| delivery.guid == sent.guid).map(|delivery| delivery.decision) {
            Some(Decision::Run(request)) => format!("run: {} for {}", request.work.kind(), request.reference),
            Some(Decision::Skip(reason)) => format!("skip: {reason}"),
            None => "not stored".to_owned(),
        }
    }
}

/// The three ways in.
#[derive(Clone, Copy)]
enum Way {
    Label,
    Command,
    Story,
}

impl Way {
    fn words(self) -> &'static str {
        match self {
            Self::Label => "Maya labels a bug `needs-plan`",
            Self::Command => "Jonas comments `/plan`",
            Self::Story => "Priya opens a story",
        }
    }
}
