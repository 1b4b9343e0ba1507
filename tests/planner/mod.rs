//! Tests of `planner`.

mod claims;
mod false_drafts;
mod honest;
mod kin;
mod names;
mod places;
mod plans;
mod proof;
mod shown;
mod stays;
mod suspect;
mod technology;
mod told;
mod unsaid;
mod verify;
pub mod world;
