//! What the code of the steps reports of itself: lines that write a log or count something.
//!
//! In: the code of the [`Listed`] files. Out: statements that quote the lines: those of the symbols to change first, then
//! others of the same files that speak of the ticket. Plain text search; bounded.

use super::super::{
    Survey,
    work::listed::{self, Listed},
};
use crate::model::plan::{Basis, FileRef, Statement};
use crate::{
    planner::words::{clean, is_keyword, terms},
    richtext::markdown::code_span,
};

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
    ".log(",
    "console.error(",
    "console.warn(",
    "_logger.Log",
    "metrics.",
    "counter!(",
    "histogram!(",
    "statsd.",
];
/// How methods of a logger begin that write something.
const VERBS: &[&str] = &[
    "check(",
    "critical",
    "crit",
    "debug",
    "error",
    "exception",
    "fatal",
    "info",
    "log",
    "notice",
    "panic",
    "print",
    "trace",
    "verbose",
    "warn",
    "write",
];
/// What a line says that only brings a logger in or sets it up.
const SETUP: &[&str] = &[
    "Math.log(",
    "math.log(",
    "np.log(",
    "console.log(",
    "import ",
    "use ",
    "getLogger(",
    "from ",
    "require(",
    "LoggerFactory",
    "log.New(",
];
/// The most lines that are named, one a file.
const MOST: usize = 2;

/// The first such line of each file of the steps, those in symbols to change first.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Statement> {
    let files = listed.changed().filter(|file| listed::is_code(survey, file));
    let mut found: Vec<(bool, Statement)> = files.filter_map(|file| line(survey, file)).collect();
    found.sort_by_key(|(is_touched, _)| !is_touched);
    found.into_iter().map(|(_, said)| said).take(MOST).collect()
}

/// The line of one file, and whether it stands in a symbol to change.
fn line(survey: &Survey<'_, '_>, file: &FileRef) -> Option<(bool, Statement)> {
    let text = listed::context(survey, file)?.tree.text(&file.path)?;
    let site = survey.sites.iter().find(|site| site.file() == *file);
    let is_touched = |at: u32| site.is_some_and(|s| s.symbols.iter().any(|x| x.line <= at && at <= x.end_line));
    let all: Vec<(u32, &str)> = (1_u32..).zip(text.lines()).filter(|(_, line)| writes(line)).collect();
    // Of several in what changes, the one that says most of the ticket.
    let telling = |line: &str| terms(line).iter().filter(|t| !is_keyword(t) && survey.terms.contains(*t)).count();
    let touched = all.iter().filter(|(at, _)| is_touched(*at));
    let nearest = touched.max_by_key(|(at, line)| (telling(line), std::cmp::Reverse(*at)));
    // Others show something of this change only where they speak of it.
    let others = all.iter().filter(|(_, line)| telling(line) > 0);
    let next = others.max_by_key(|(at, line)| (telling(line), std::cmp::Reverse(*at)));
    let (at, code) = nearest.or(next).copied()?;
    // A call that goes on in the next line tells nothing by its first.
    let is_whole = code.chars().count() <= 90 && code.matches('(').count() == code.matches(')').count();
    let place = FileRef { symbol: None, ..file.clone() }.lines(at, at);
    let shown = if is_whole { format!(" {}", code_span(&clean(code))) } else { " what happens".to_owned() };
    let text = match is_touched(at) {
        true => format!("`{}` reports{shown}: see there that it works after the release", place.label()),
        false => format!("`{}` reports{shown}, outside of the symbols to change", place.label()),
    };
    Some((is_touched(at), Statement::new(Basis::Repository, text).at(place)))
}

/// Does the line write a log or a metric?
fn writes(line: &str) -> bool {
    let line = line.trim_start();
    let begins = |call: &&&str| {
        line.match_indices(**call)
            .filter(|(at, _)| is_written(call, &line[at + call.len()..]))
            .any(|(at, _)| !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
    };
    let is_comment = ["//", "#", "*", "/*", "--"].iter().any(|mark| line.starts_with(mark));
    !is_comment && line.contains('(') && !SETUP.iter().any(|w| line.contains(w)) && CALLS.iter().any(|c| begins(&c))
}

/// Does what stands behind a logger write something: `.info(…)`, and not `.Initialize(…)`?
fn is_written(call: &str, behind: &str) -> bool {
    let lower = behind.to_lowercase();
    let is_logger = call.to_lowercase().contains("log") && call.ends_with('.');
    !is_logger || VERBS.iter().any(|verb| lower.starts_with(verb))
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
            "p.logger.Warn(\"refused\", zap.Error(err))",
            "if c := h.logger.Check(zapcore.DebugLevel, \"handled\"); c != nil {",
            "tracing::info!(orders, \"exported\");",
        ] {
            assert!(writes(line), "{line}");
        }
        for line in [
            "import logging",
            "logger = logging.getLogger(__name__)",
            "catalog.find(id)",
            "# log.info(x)",
            "logger.Initialize(this);",
        ] {
            assert!(!writes(line), "{line}");
        }
    }
}
