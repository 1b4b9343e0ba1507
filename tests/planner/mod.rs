//! Tests of `planner`.

mod false_drafts;
mod places;
mod plans;
mod verify;
pub mod world;
