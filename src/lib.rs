//! Planwright answers tickets with implementation plans that are checked against the repository.
//!
//! A **delivery** becomes an **event**, an event a **trigger**, a trigger a **job**; a job reads a **ticket**, gathers
//! **context**, makes a **draft** that verification turns into a **plan**, renders a **document** and leaves a
//! **publication**. These nouns name the types, the modules, the tables, the log fields and the words of the command
//! line.
//!
//! ```text
//! delivery → event → trigger → job                                 intake    (one transaction, then 202)
//! job → ticket → context → draft → plan → document → publication   pipeline
//! ```
//!
//! # One walkthrough
//!
//! Maya labels issue 7 of `acme/shop` with `needs-plan`. GitHub posts a signed request to `/hooks/acme-github`.
//!
//! 1. [`web::hooks`] reads the body under its limits and hands it to [`intake::Intake::receive`]. The path names the
//!    connection; its [`trackers::Inbound`] checks the HMAC over the raw bytes, which alone makes a
//!    [`model::delivery::Delivery`], and decodes it to a [`model::event::Event`].
//! 2. [`trigger::decide`] is a pure function of event and rules: run, or skip with a reason. Delivery, decision and job
//!    go into one transaction of the [`store`]; many deliveries waiting at once share its sync. Then, and only then, 202.
//! 3. A [`worker`] claims the job under a lease with a fencing token. [`pipeline::Pipeline::run`] reads Maya's permission,
//!    shows that the request was seen, and fetches the ticket.
//! 4. [`repo`] brings the mirror up to date, reads the index at the commit and ranks files for the ticket: a
//!    [`model::context::Context`], every item with its evidence.
//! 5. A [`planner::Planner`] drafts; [`planner::verify::verify`] checks each path, symbol, line, command and commit against
//!    the context's tree and alone makes a [`model::plan::Plan`]. [`templates`] renders it; the plan and its document are
//!    stored as the ticket's next version.
//! 6. [`publish::Encoder`] makes the document inert, fits it and marks it; the bytes are stored once. The
//!    [`publish::upsert::Publisher`] commits its intent, sends, and confirms; what stays unknown is reconciled before
//!    anything is sent again.
//!
//! # What always holds
//!
//! - No acknowledgement before a durable commit, and no outward write before a durable intent.
//! - A plan is made once for a job, and its body rendered once: attempts repeat bytes, not work.
//! - Imports run downwards only, trackers never import each other, and each library has one home
//!   (`tests/layers` reads the sources and holds this).
//! - Wall clock and random ids come from [`clock`]; equal inputs give equal plans.
//! - Text from tickets, repositories and models is data: it is never a template, a command, a URL to fetch, an argument
//!   that looks like an option, or live markup.

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
