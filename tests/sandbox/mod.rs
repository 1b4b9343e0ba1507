//! Tests of `sandbox`.

mod acts;
mod azure_devops;
mod client;
mod demo;
mod faults;
mod fixture;
mod jira;
mod parity;
mod reading;
mod redelivery;
mod repositories;
mod rest;
mod shape;
mod trackers;
