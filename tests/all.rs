//! All tests in one binary: one link, quick to build.

mod azure_devops;
mod bot;
mod cli;
mod config;
mod github;
mod guarantees;
mod jira;
mod layers;
mod llm;
mod mermaid;
mod planner;
mod plans;
mod publish;
mod repo;
mod richtext;
mod sandbox;
mod store;
mod templates;
mod trigger;
mod web;
