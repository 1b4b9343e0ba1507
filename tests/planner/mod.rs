//! Tests of `planner`.

mod false_drafts;
mod honest;
mod kin;
mod places;
mod plans;
mod proof;
mod suspect;
mod verify;
pub mod world;
