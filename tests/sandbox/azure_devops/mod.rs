//! Tests of the sandbox's Azure DevOps, Services and Server.

mod access;
mod comments;
mod deliveries;
mod history;
mod items;
mod people;
mod wiki;
