//! Tests of `web` and of `telemetry`.

mod access;
mod bed;
mod health;
mod links;
mod looks;
mod pages;
mod telemetry;
