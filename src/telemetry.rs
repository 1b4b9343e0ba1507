//! Logs and metrics.

use tracing_subscriber::EnvFilter;

/// Reads the levels of the configuration.
pub fn filter(levels: &str) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
    EnvFilter::builder().parse(levels)
}
