//! Plays the three ways in on each tracker, and waits for each plan.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::show::Show;
use crate::{
    model::delivery::{Decision, DeliveryRecord},
    sandbox::{NewTicket, SandboxTracker, Sent, TicketKey, demo, settings},
    store::Store,
};

/// The longest that a plan may take before the demo calls it missing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tracker, and the demo's three tickets as people write them there.
pub(super) struct Scene<'a> {
    /// For people.
    pub title: &'static str,
    pub tracker: &'a dyn SandboxTracker,
    pub bug: NewTicket,
    pub feature: NewTicket,
    pub story: NewTicket,
}

/// Where the demo plays.
pub(super) struct Stage<'a> {
    pub scenes: Vec<Scene<'a>>,
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
    /// Plays everything; how many plans there should be, and how many stand.
    pub async fn play(&self) -> (usize, usize) {
        let (mut wanted, mut stand) = (0, 0);
        for scene in &self.scenes {
            self.show.scene(scene.title, scene.tracker.base_url());
            for way in [Way::Label, Way::Command, Way::Story] {
                let seen = self.way(scene, way).await;
                wanted += 1;
                stand += usize::from(seen.comment.is_some());
                self.show.seen(&seen);
            }
        }
        (wanted, stand)
    }

    /// Plays one way in.
    async fn way(&self, scene: &Scene<'_>, way: Way) -> Seen {
        let tracker = scene.tracker;
        let ticket = match way {
            Way::Label => Some(tracker.open(tracker.project(), scene.bug.clone(), demo::SUPPORT).await.issue),
            Way::Command => Some(tracker.open(tracker.project(), scene.feature.clone(), demo::PRODUCT).await.issue),
            Way::Story => None,
        };
        self.show.acting(way.words());
        let started = Instant::now();
        let (ticket, sent) = act(scene, way, ticket).await;
        let comment = tokio::time::timeout(PATIENCE, tracker.next_comment(&ticket)).await.ok();
        let comment = comment.map(|written| (tracker.comment_url(&ticket, written.comment), started.elapsed()));
        let (told, record) = self.deciding(&settings::connection(tracker), sent).await;
        Seen {
            act: format!("{} on {}", way.words(), reference(&record, &ticket)),
            status: told.as_ref().and_then(|sent| sent.status),
            answered_in: told.map(|sent| sent.elapsed).unwrap_or_default(),
            decision: record.map_or_else(|| "not stored".to_owned(), |record| decision(&record)),
            comment,
        }
    }

    /// Of the deliveries that an act sent, the one that asks for the plan (else the first), and how it was stored.
    async fn deciding(&self, connection: &str, sent: Vec<Sent>) -> (Option<Sent>, Option<DeliveryRecord>) {
        let stored = self.store.deliveries(100).await.unwrap_or_default();
        let find = |sent: &Sent| {
            stored.iter().find(|record| record.connection.as_str() == connection && record.guid == sent.guid).cloned()
        };
        let mut told: Vec<_> = sent.into_iter().map(|sent| (find(&sent), sent)).collect();
        let runs = |record: &Option<DeliveryRecord>| {
            record.as_ref().is_some_and(|record| matches!(record.decision, Decision::Run(_)))
        };
        let at = told.iter().position(|(record, _)| runs(record)).unwrap_or(0);
        match told.is_empty() {
            true => (None, None),
            false => {
                let (record, sent) = told.swap_remove(at);
                (Some(sent), record)
            }
        }
    }
}

/// Does what starts the bot; returns the ticket and the deliveries that this sent.
async fn act(scene: &Scene<'_>, way: Way, ticket: Option<TicketKey>) -> (TicketKey, Vec<Sent>) {
    let tracker = scene.tracker;
    match (way, ticket) {
        (Way::Label, Some(ticket)) => {
            let sent = tracker.label(&ticket, "needs-plan", demo::SUPPORT).await;
            (ticket, sent)
        }
        (Way::Command, Some(ticket)) => {
            let sent = tracker.comment(&ticket, "Let us do this next week.\n\n/plan", demo::DEVELOPER).await.sent;
            (ticket, sent)
        }
        (_, _) => {
            let opened = tracker.open(tracker.project(), scene.story.clone(), demo::PRODUCT).await;
            (opened.issue, opened.sent)
        }
    }
}

/// How people name the ticket.
fn reference(record: &Option<DeliveryRecord>, ticket: &TicketKey) -> String {
    match record.as_ref().map(|record| &record.decision) {
        Some(Decision::Run(request)) => request.reference.clone(),
        _ => format!("{}#{}", ticket.project, ticket.number),
    }
}

/// What the bot decided about a delivery.
fn decision(record: &DeliveryRecord) -> String {
    match &record.decision {
        Decision::Run(request) => format!("run: {} for {}", request.work.kind(), request.reference),
        Decision::Skip(reason) => format!("skip: {reason}"),
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
