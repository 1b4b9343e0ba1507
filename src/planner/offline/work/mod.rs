//! The work: sites in groups, groups in order, and of each a step with what to do, what to watch and what shows that it is
//! done.
//!
//! In: the survey. Out: phases and steps. What a module says of a step it says by a line of the repository or of the ticket.

pub mod amounts;
pub mod answers;
pub mod asserted;
pub mod cited;
pub mod commands;
pub mod commits;
pub mod crates;
pub mod demanded;
pub mod doubts;
pub mod ends;
pub mod example;
pub mod expected;
pub mod extractors;
pub mod fields;
pub mod followers;
pub mod group;
pub mod holds;
pub mod kept;
pub mod listed;
pub mod migrations;
pub mod once;
pub mod options;
pub mod phases;
pub mod reported;
pub mod serve;
pub mod settle;
pub mod size;
pub mod steps;
pub mod variants;
pub mod why;
