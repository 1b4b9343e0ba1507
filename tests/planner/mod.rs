//! Tests of `planner`.

mod claims;
mod counted;
mod decided;
mod ends;
mod exact;
mod false_drafts;
mod habits;
mod honest;
mod kin;
mod merged;
mod named;
mod names;
mod neighbours;
mod places;
mod plans;
mod proof;
mod searched;
mod shown;
mod stays;
mod stored;
mod suspect;
mod technology;
mod told;
mod tried;
mod unsaid;
mod verify;
pub mod world;
