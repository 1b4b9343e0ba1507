//! `/`: what arrived, what was decided, what runs and what was posted.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::{
    rows::{DeliveryRow, JobRow, PlanRow, PublicationRow},
    words::{self, Moment},
};
use crate::{
    model::{
        delivery::DeliveryRecord,
        job::{JobRecord, JobState},
        publication::{Publication, PublicationState},
    },
    store::JobCounts,
    web::{WebState, render},
};

/// Rows of each list, and the most that `?show=` can ask for.
const ROWS: u32 = 25;
const MOST_ROWS: u32 = 400;

/// Plans and publications come with their whole texts: of them a part of the rows is shown.
const TEXT_SHARE: u32 = 4;

/// What the address says.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    /// Rows of each list.
    show: Option<u32>,
    /// Seconds between reloads, for browsers without scripts.
    refresh: Option<u32>,
}

/// The dashboard.
#[derive(Serialize)]
struct Dashboard {
    counts: Vec<Count>,
    connections: Vec<ConnectionRow>,
    attention: Vec<Attention>,
    jobs: Vec<JobRow>,
    deliveries: Vec<DeliveryRow>,
    plans: Vec<PlanRow>,
    publications: Vec<PublicationRow>,
    /// Seconds between reloads; 0 for none.
    refresh: u32,
    /// How many rows the link to more asks for; 0 when there is no more.
    more: u32,
    now: Moment,
}

/// A number at the top.
#[derive(Serialize)]
struct Count {
    name: &'static str,
    value: String,
    tone: &'static str,
}

/// A connection with its health.
#[derive(Serialize)]
struct ConnectionRow {
    name: String,
    tracker: &'static str,
    web_url: Option<String>,
    tone: &'static str,
    health: String,
    checked: Option<Moment>,
    last_delivery: Option<Moment>,
}

/// Something that an operator has to look at.
#[derive(Serialize)]
struct Attention {
    job: i64,
    ticket: String,
    what: &'static str,
    reason: String,
}

/// Shows the dashboard.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, render::NoPage> {
    let limit = wanted.show.unwrap_or(ROWS).clamp(TEXT_SHARE, MOST_ROWS);
    let (now, store) = (state.clock.now_ms(), &state.store);
    let deliveries = store.deliveries(limit).await?;
    let jobs = store.jobs(None, limit).await?;
    let texts = limit.div_ceil(TEXT_SHARE);
    let plans = store.plans(texts).await?;
    let publications = store.publications(texts).await?;
    let full = [deliveries.len(), jobs.len()].contains(&(limit as usize))
        || [plans.len(), publications.len()].contains(&(texts as usize));
    let refresh = wanted.refresh.map_or(0, |seconds| seconds.clamp(5, 300));
    let page = Dashboard {
        counts: counts(&store.job_counts().await?),
        connections: connections(&state, &deliveries, now),
        attention: attention(&jobs, &publications),
        jobs: jobs.iter().map(|job| JobRow::new(job, now)).collect(),
        deliveries: deliveries.iter().map(|delivery| DeliveryRow::new(delivery, now)).collect(),
        plans: plans.iter().map(|plan| PlanRow::new(plan, now)).collect(),
        publications: publications.iter().map(|publication| PublicationRow::new(publication, now)).collect(),
        refresh,
        more: if full && limit < MOST_ROWS { (limit * 4).min(MOST_ROWS) } else { 0 },
        now: Moment::new(now, now),
    };
    Ok(render::page("dashboard", "Overview", refresh, &page))
}

/// The numbers at the top.
fn counts(counts: &JobCounts) -> Vec<Count> {
    let of = |state: JobState| counts.by_state.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count);
    let count = |name, state, tone_when_some| {
        let value = of(state);
        Count { name, value: value.to_string(), tone: if value > 0 { tone_when_some } else { "quiet" } }
    };
    let mut shown = vec![
        count("waiting", JobState::Queued, "busy"),
        count("running", JobState::Running, "busy"),
        count("done", JobState::Done, "good"),
        count("dead", JobState::Dead, "bad"),
        count("cancelled", JobState::Cancelled, "quiet"),
    ];
    let oldest = counts.oldest_due_ms;
    if oldest > 0 {
        shown.push(Count {
            name: "oldest waits",
            value: words::span(oldest),
            tone: if oldest > 60_000 { "bad" } else { "busy" },
        });
    }
    shown
}

/// Each connection with what is known of it.
fn connections(state: &WebState, deliveries: &[DeliveryRecord], now: i64) -> Vec<ConnectionRow> {
    let row = |info: &crate::web::ConnectionInfo| {
        let check = state.board.check(&info.name);
        let (tone, health) = match check.as_ref().map(|check| &check.outcome) {
            Some(Ok(identity)) => ("good", format!("signed in as {identity}")),
            Some(Err(error)) => ("bad", error.clone()),
            None => ("quiet", "not called yet".to_owned()),
        };
        let newest = deliveries.iter().find(|delivery| delivery.connection == info.name);
        ConnectionRow {
            name: info.name.to_string(),
            tracker: info.tracker,
            web_url: words::web_address(Some(&info.web_url)),
            tone,
            health,
            checked: check.map(|check| Moment::new(check.at, now)),
            last_delivery: newest.map(|delivery| Moment::new(delivery.received_at, now)),
        }
    };
    state.connections.iter().map(row).collect()
}

/// Jobs and writes that ended without an answer.
fn attention(jobs: &[JobRecord], publications: &[Publication]) -> Vec<Attention> {
    let dead = jobs.iter().filter(|job| job.state == JobState::Dead).map(|job| Attention {
        job: job.id.0,
        ticket: job.reference.clone(),
        what: "gave up",
        reason: job.reason.clone().unwrap_or_default(),
    });
    let parked = publications.iter().filter(|publication| publication.state == PublicationState::Parked);
    let parked = parked.map(|publication| Attention {
        job: publication.job.0,
        ticket: publication.ticket.id.to_string(),
        what: "effect unknown",
        reason: publication.reason.clone().unwrap_or_default(),
    });
    parked.chain(dead).collect()
}
