//! Logs and metrics of the process.
//!
//! In: the `[log]` section and the secrets that must never be shown. Out: log lines on stderr, metrics for `/metrics`.
//! Never logs payloads, tokens or ticket text, never opens a port and never writes to stdout.

mod lines;
mod metrics;
mod redact;

use std::io::{self, IsTerminal};

use tracing::{Dispatch, Subscriber};
use tracing_subscriber::{EnvFilter, Layer, fmt::MakeWriter, layer::SubscriberExt};

pub use metrics::{Kind, METRICS, Metric, Metrics};
pub use redact::Redactor;

use crate::config::{Log, LogFormat};

/// Libraries that would say too much at `debug`: headers, addresses with credentials, SQL. Naming one in the
/// configuration overrides this.
const QUIET: &str = "h2=info,hyper=info,hyper_util=info,octocrab=info,reqwest=info,rustls=info,sqlx=warn,tower=info";

/// Why logs or metrics cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("log.level: {0}")]
    Levels(#[from] tracing_subscriber::filter::ParseError),
    #[error("logs were started before")]
    LogsTwice,
    #[error("metrics were started before")]
    MetricsTwice,
}

/// Starts logs and metrics for the whole process; the handle renders the metrics.
pub fn init(log: &Log, redactor: Redactor) -> Result<Metrics, TelemetryError> {
    let dispatch = subscriber(log, io::stderr().is_terminal(), redactor.around(io::stderr))?;
    tracing::dispatcher::set_global_default(dispatch).map_err(|_| TelemetryError::LogsTwice)?;
    Metrics::install().ok_or(TelemetryError::MetricsTwice)
}

/// Reads the levels of the configuration.
pub fn filter(levels: &str) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
    EnvFilter::builder().parse(levels)
}

/// The log as the configuration wants it, written to `writer`.
pub fn subscriber<W>(log: &Log, terminal: bool, writer: W) -> Result<Dispatch, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = filter(&format!("{QUIET},{}", log.level))?;
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !terminal,
    };
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    let layer: Box<dyn Layer<_> + Send + Sync> = match json {
        true => layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
        false => layer.with_ansi(terminal).with_target(false).fmt_fields(lines::OneLine).boxed(),
    };
    Ok(dispatch(tracing_subscriber::registry().with(filter).with(layer)))
}

/// Any subscriber, of whatever type.
fn dispatch(subscriber: impl Subscriber + Send + Sync) -> Dispatch {
    Dispatch::new(subscriber)
}
