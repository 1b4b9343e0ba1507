//! Tests of `sandbox`.

mod acts;
mod azure_devops;
mod client;
mod faults;
mod fixture;
mod jira;
mod reading;
mod redelivery;
mod repositories;
mod rest;
mod shape;
mod trackers;
