//! Tests of `planner`.

mod plans;
mod verify;
pub mod world;
