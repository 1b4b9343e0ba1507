//! Tests of `planner`.

mod plans;
mod verify;
mod world;
