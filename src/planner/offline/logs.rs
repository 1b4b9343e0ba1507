//! What the code of the steps reports of itself: lines that write a log or count something.
//!
//! In: the code sites of a [`Survey`] with their texts. Out: statements that quote the lines. Plain text search in the
//! files of the steps; bounded.

use super::{Survey, site::Site};
use crate::model::plan::{Basis, Statement};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// How calls begin that write a log or a metric, in the commonest languages.
const CALLS: &[&str] = &[
    "logging.",
    "logger.",
    "log.",
    "Log.",
    "slog.",
    "tracing::",
    "log::",
    "info!(",
    "warn!(",
    "error!(",
    "Rails.logger",
    "console.error(",
    "console.warn(",
    "_logger.Log",
    "metrics.",
    "counter!(",
    "histogram!(",
    "statsd.",
];
/// What a line says that only brings a logger in or sets it up.
const SETUP: &[&str] = &["import ", "use ", "getLogger(", "from ", "require(", "LoggerFactory", "log.New("];
/// The most lines that are named, one a file.
const MOST: usize = 2;

/// The first such line in the symbols to change of each file of the steps: what others report shows nothing of the change.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Statement> {
    survey.sure_code().filter_map(line).take(MOST).collect()
}

/// The line of one file.
fn line(site: &Site<'_>) -> Option<Statement> {
    let text = site.text.as_deref()?;
    let is_touched = |at: u32| site.symbols.iter().any(|s| s.line <= at && at <= s.end_line);
    // A call that goes on in the next line tells nothing by its first.
    let is_whole = |code: &str| code.chars().count() <= 90 && code.matches('(').count() == code.matches(')').count();
    let mut all = (1_u32..).zip(text.lines()).filter(|(_, line)| writes(line) && is_whole(line));
    let (at, code) = all.find(|(at, _)| is_touched(*at))?;
    let file = site.file().lines(at, at);
    let text =
        format!("`{}` reports {}: see there that it works after the release", file.label(), code_span(&clean(code)));
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// Does the line write a log or a metric?
fn writes(line: &str) -> bool {
    let line = line.trim_start();
    let begins = |call: &&&str| {
        line.match_indices(**call).any(|(at, _)| {
            !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
                || line[..at].ends_with("self.")
                || line[..at].ends_with("this.")
                || line[..at].ends_with("request.")
                || line[..at].ends_with("app.")
        })
    };
    let is_comment = ["//", "#", "*", "/*", "--"].iter().any(|mark| line.starts_with(mark));
    !is_comment && line.contains('(') && !SETUP.iter().any(|w| line.contains(w)) && CALLS.iter().any(|c| begins(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_report_are_told() {
        for line in [
            "logging.info(\"sent %s reminders\", count)",
            "        request.log.warn({ err }, \"refused\");",
            "slog.Error(\"poll\", \"err\", err)",
            "tracing::info!(orders, \"exported\");",
        ] {
            assert!(writes(line), "{line}");
        }
        for line in ["import logging", "logger = logging.getLogger(__name__)", "catalog.find(id)", "# log.info(x)"] {
            assert!(!writes(line), "{line}");
        }
    }
}
