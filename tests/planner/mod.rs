//! Tests of `planner`.

mod false_drafts;
mod plans;
mod verify;
pub mod world;
