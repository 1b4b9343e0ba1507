//! `/deliveries/{id}`: one delivery, what was decided and why.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use super::{rows::DeliveryRow, words};
use crate::{
    model::{
        DeliveryId,
        delivery::{Decision, DeliveryRecord},
        job::Work,
    },
    web::{WebState, render},
};

/// The most that is shown of a payload, in bytes.
const SHOWN: usize = 64 * 1024;

/// One delivery.
#[derive(Serialize)]
struct Shown {
    row: DeliveryRow,
    guid: String,
    asked_by: String,
    options: Vec<String>,
    /// The JSON, indented where it is short; empty when it was not kept.
    payload: String,
    /// The payload is longer than what is shown.
    cut: bool,
}

/// Shows one delivery.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Path(id): Path<i64>,
) -> Result<Response, render::NoPage> {
    let record = state.store.delivery(DeliveryId(id)).await?.ok_or(render::NoPage::Missing("delivery"))?;
    let row = DeliveryRow::new(&record, state.clock.now_ms());
    let (asked_by, options) = asked(&record);
    let (payload, cut) = payload(&record);
    let shown = Shown { row, guid: record.guid, asked_by, options, payload, cut };
    Ok(render::page("delivery", &format!("Delivery {id}"), 0, &shown))
}

/// Who asked, with which options.
fn asked(record: &DeliveryRecord) -> (String, Vec<String>) {
    match &record.decision {
        Decision::Run(request) => {
            let options = match &request.work {
                Work::Plan(plan) => words::options(&plan.options),
                Work::Reply(_) | Work::Review(_) => Vec::new(),
            };
            (request.work.asked_by().name.clone(), options)
        }
        Decision::Skip(_) => (String::new(), Vec::new()),
    }
}

/// The payload as text, and whether it was cut.
fn payload(record: &DeliveryRecord) -> (String, bool) {
    let json = record.body.as_deref().unwrap_or_default();
    let text = match serde_json::from_slice::<serde_json::Value>(json) {
        Ok(value) if json.len() <= SHOWN => format!("{value:#}"),
        _ => String::from_utf8_lossy(json).into_owned(),
    };
    let end = text.floor_char_boundary(SHOWN * 2);
    (text[..end].to_owned(), end < text.len())
}
