//! `/plans/{id}/changes`: what is different from the version before, or from `?from=VERSION`.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::{
    difference::{Hunk, difference},
    plan,
    rows::PlanRow,
};
use crate::web::{WebState, render};

/// What the address says.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    /// The version to compare with; the one before when absent.
    from: Option<u32>,
}

/// Two versions side by side.
#[derive(Serialize)]
struct Shown {
    old: PlanRow,
    new: PlanRow,
    hunks: Vec<Hunk>,
    added: usize,
    removed: usize,
}

/// Shows what changed.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, render::NoPage> {
    let now = state.clock.now_ms();
    let new = plan::find(&state, &id).await?;
    let versions = state.store.versions(&new.ticket).await?;
    let old = match wanted.from {
        Some(version) => versions.into_iter().find(|other| other.version == version),
        None => versions.into_iter().find(|other| other.version < new.version),
    };
    let old = old.ok_or(render::NoPage::Missing("earlier version"))?;
    let hunks = difference(&old.document, &new.document);
    let count = |sign| hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.sign == sign).count();
    let (added, removed) = (count("+"), count("−"));
    let title = format!("{}: version {} to {}", new.reference, old.version, new.version);
    let shown = Shown { old: PlanRow::new(&old, now), new: PlanRow::new(&new, now), hunks, added, removed };
    Ok(render::page("changes", &title, 0, &shown))
}
