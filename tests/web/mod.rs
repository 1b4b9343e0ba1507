//! Tests of `web` and of `telemetry`.

mod telemetry;
