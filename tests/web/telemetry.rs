//! What log lines and metrics look like, and what they never hold.

use std::{
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use planwright::{
    config::{Log, LogFormat},
    model::job::JobState,
    store::JobCounts,
    telemetry::{METRICS, Metrics, Redactor, subscriber},
};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written while `act` runs.
fn logged(format: LogFormat, secrets: &[&str], level: &str, act: impl FnOnce()) -> String {
    let kept = Kept::default();
    let writer = kept.clone();
    let writer = Redactor::new(secrets.iter().copied()).around(move || writer.clone());
    let dispatch = subscriber(&Log { format, level: level.to_owned() }, false, writer).unwrap();
    tracing::dispatcher::with_default(&dispatch, act);
    String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn a_strangers_text_stays_inside_its_line() {
    let hostile = "a\r\nERROR forged \u{1b}[31mred\u{9b}2J \u{202e}desrever\0";
    for format in [LogFormat::Pretty, LogFormat::Json] {
        let text = logged(format, &[], "info", || {
            let span = tracing::info_span!("job", branch = hostile);
            let _inside = span.enter();
            tracing::info!(title = %hostile, quoted = ?hostile, "fetched {hostile}");
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!text.trim_end().chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
    let text = logged(LogFormat::Pretty, &[], "info", || tracing::info!(title = %hostile, "fetched"));
    assert!(
        text.contains("fetched title=a\\r\\nERROR forged \\u{1b}[31mred\\u{9b}2J \\u{202e}desrever\\u{0}"),
        "{text}"
    );
}

#[test]
fn secrets_and_tokens_are_masked() {
    let key =
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n";
    let secrets = ["hunter2 hunter2", key];
    let leaks = [
        "hunter2 hunter2",
        key,
        "ghp_0123456789abcdefghij",
        "github_pat_0123456789abcdefghij",
        "Authorization: Bearer abcdefghijklmnopqrstuv",
        "https://x-access-token:s3cr3t@github.com/acme/shop",
        "postgres://user:pa55word@db/planwright",
    ];
    for leak in leaks {
        for format in [LogFormat::Pretty, LogFormat::Json] {
            let text = logged(format, &secrets, "info", || tracing::error!(error = %leak, "the call failed"));
            assert!(text.contains("[redacted]") && text.contains("the call failed"), "{text}");
            for part in ["hunter2", "MIIEv", "AQEFA", "0123456789", "abcdefghij", "s3cr3t", "pa55word"] {
                assert!(!text.contains(part), "{part} in {text}");
            }
        }
    }
}

#[test]
fn json_lines_hold_fields_for_queries() {
    let text = logged(LogFormat::Json, &[], "info", || {
        tracing::info!(ticket.key = "acme:acme/shop#7", job.id = 5, "published plan")
    });
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["message"], "published plan");
    assert_eq!(line["ticket.key"], "acme:acme/shop#7");
    assert_eq!(line["job.id"], 5);
}

#[test]
fn levels_follow_the_configuration_and_libraries_stay_quiet() {
    let act = || {
        tracing::debug!(target: "planwright::worker", "ours");
        tracing::debug!(target: "hyper::proto", "theirs");
    };
    assert_eq!(logged(LogFormat::Json, &[], "info", act).lines().count(), 0);
    assert_eq!(logged(LogFormat::Json, &[], "debug", act).lines().count(), 1);
    assert_eq!(logged(LogFormat::Json, &[], "debug,hyper=debug", act).lines().count(), 2);
    assert!(planwright::telemetry::filter("planwright=loud").is_err());
}

#[test]
fn metrics_render_with_their_meaning() {
    let (recorder, metrics) = Metrics::local();
    metrics::with_local_recorder(&recorder, || {
        metrics::counter!("planwright_deliveries_total", "connection" => "acme", "decision" => "run").increment(2);
        metrics::histogram!("planwright_plan_seconds").record(0.3);
        Metrics::record_jobs(&JobCounts { by_state: vec![(JobState::Dead, 3)], oldest_due_ms: 1_500 });
    });
    let text = metrics.render();
    for line in [
        "# HELP planwright_deliveries_total Deliveries taken",
        "# TYPE planwright_deliveries_total counter",
        "planwright_deliveries_total{connection=\"acme\",decision=\"run\"} 2",
        "planwright_plan_seconds_bucket{le=\"0.25\"} 0",
        "planwright_plan_seconds_bucket{le=\"0.5\"} 1",
        "planwright_jobs{state=\"dead\"} 3",
        "planwright_jobs{state=\"queued\"} 0",
        "planwright_jobs_oldest_due_seconds 1.5",
    ] {
        assert!(text.contains(line), "no {line:?} in:\n{text}");
    }
}

/// All Rust sources below a folder, joined.
fn sources(folder: &Path) -> String {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| match path.is_dir() {
            true => sources(&path),
            false if path.extension().is_some_and(|extension| extension == "rs") => {
                std::fs::read_to_string(path).unwrap()
            }
            false => String::new(),
        })
        .collect()
}

#[test]
fn every_recorded_metric_is_described_and_every_described_one_recorded() {
    let recorded = regex::Regex::new(r#"(counter|gauge|histogram)!\(\s*"(\w+)""#).unwrap();
    let source = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let names: Vec<&str> = recorded.captures_iter(&source).map(|found| found.get(2).unwrap().as_str()).collect();
    assert!(names.contains(&"planwright_jobs"));
    for name in &names {
        assert!(METRICS.iter().any(|metric| metric.name == *name), "{name} is not described in telemetry::METRICS");
    }
    for metric in METRICS {
        assert!(names.contains(&metric.name), "{} is described and never recorded", metric.name);
    }
}
