//! Planwright answers tickets with implementation plans that are checked against the repository.
//!
//! A **delivery** becomes an **event**, an event a **trigger**, a trigger a **job**; a job reads a **ticket**, gathers
//! **context**, makes a **draft** that verification turns into a **plan**, renders a **document** and leaves a
//! **publication**. These nouns name the types, the modules, the tables, the log fields and the words of the command
//! line.
//!
//! ```text
//! delivery → event → trigger → job                          intake (one transaction, then 202)
//! job → ticket → context → draft → plan → document → publication   pipeline
//! ```

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod http;
pub mod intake;
pub mod model;
pub mod pipeline;
pub mod planner;
pub mod publish;
pub mod repo;
pub mod richtext;
pub mod sandbox;
pub mod store;
pub mod sweep;
pub mod telemetry;
pub mod templates;
pub mod trackers;
pub mod trigger;
pub mod web;
pub mod worker;
