//! The overview: what is asked in a sentence, what is settled, how large it is, what it weighs most.

use std::collections::BTreeSet;

use super::{
    Survey, cited,
    layer::Layer,
    reading::Found,
    site::{Site, commit_ref},
    steps::{counted, quote},
};
use crate::model::{
    job::Focus,
    plan::{
        Action, Basis, Citation, Complexity, Decision, Kind, Overview, Performance, RequirementKind, Size, Statement,
    },
};
use crate::planner::words::{shorten, terms};

/// The overview.
pub fn of(survey: &Survey<'_, '_>) -> Overview {
    let summary = summary(survey);
    Overview {
        given: super::given::of(survey, &summary),
        summary,
        decisions: decisions(survey),
        complexity: complexity(survey),
        effort: effort(survey),
    }
}

/// What is asked, from the ticket's own parts.
fn summary(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let reading = survey.reading;
    let mut out = super::wish::answer(survey);
    let wished = out.len();
    if let Some(story) = &reading.story {
        let so_that = story.so_that.as_ref().map_or(String::new(), |s| format!(", so that “{s}”"));
        let text = format!("For {}: {}{so_that}.", shorten(&story.who, 80), story.wants);
        let cited = Citation::Ticket { quote: story.wants.clone(), place: story.place.clone() };
        out.push(Statement::new(Basis::Ticket, text).citing(cited));
    }
    if let Some(actual) = &reading.actual {
        let text = format!("Today: {}", with_shown(&actual.text, &reading.actual_shown));
        out.push(Statement::new(Basis::Ticket, text).citing(quote(actual)));
    }
    let says_more =
        |f: &&Found| f.text.split(' ').count() > 3 && reading.expected.as_ref().is_none_or(|e| e.text != f.text);
    let is_listed = |f: &&Found| survey.asked.iter().any(|a| a.text == f.text);
    let first = reading.sentences.iter().find(|f| says_more(f) && !is_listed(f));
    if let (Kind::Bug, None, Some(first)) = (reading.kind, &reading.actual, first) {
        out.push(Statement::new(Basis::Ticket, format!("“{}”", shorten(&first.text, 240))).citing(quote(first)));
    }
    let is_said = |out: &[Statement], f: &Found| out.iter().any(|s| s.text.contains(&shorten(&f.text, 240)));
    for found in reading.findings.iter().take(4) {
        if !is_said(&out, found) {
            out.push(
                Statement::new(Basis::Ticket, format!("Found: “{}”", shorten(&found.text, 240))).citing(quote(found)),
            );
        }
    }
    if let Some(expected) = reading.expected.as_ref().filter(|f| !is_listed(f)) {
        let text = format!("Wanted: {}", with_shown(&expected.text, &reading.expected_shown));
        out.push(Statement::new(Basis::Ticket, text).citing(quote(expected)));
    }
    if let Some(error) = reading.errors.first().filter(|_| reading.kind == Kind::Bug) {
        let text = format!("It fails with `{}`.", error.text.replace('`', "'"));
        out.push(Statement::new(Basis::Ticket, text).citing(quote(error)));
    }
    if out.len() == wished
        && let Some(first) = first
    {
        out.push(Statement::new(Basis::Ticket, format!("“{}”", shorten(&first.text, 240))).citing(quote(first)));
    }
    out.extend(cited::rules(survey));
    if reading.criteria_left_out > 0 {
        let text = format!(
            "{} more acceptance criteria stand in the ticket and not in this plan: split it.",
            reading.criteria_left_out
        );
        out.push(Statement::new(Basis::Ticket, text));
    }
    out
}

/// A sentence with the table or code that it leads to.
pub fn with_shown(text: &str, shown: &Option<String>) -> String {
    let text = shorten(text, 240);
    shown.as_ref().map_or(text.clone(), |shown| format!("{text}: {shown}"))
}

/// What later comments, scope limits and the code settle.
fn decisions(survey: &Survey<'_, '_>) -> Vec<Decision> {
    let reading = survey.reading;
    let mut out = Vec::new();
    for found in &reading.decisions {
        let same = reading.requirements.iter().find(|r| r.text == found.text);
        let id = same.map_or(String::new(), |r| format!("{} ", r.id));
        let what = Statement::new(Basis::Ticket, format!("{id}“{}”", found.text)).citing(quote(found));
        let against = overruled(survey, &found.text);
        let why = (!against.is_empty()).then(|| {
            Statement::new(
                Basis::Ticket,
                format!(
                    "Said by a maintainer after the description: where it differs from {}, it counts.",
                    against.join(", ")
                ),
            )
        });
        out.push(Decision { what, why, alternatives: Vec::new() });
    }
    for found in &reading.out_of_scope {
        let what = Statement::new(Basis::Ticket, format!("Not part of it: “{}”", shorten(&found.text, 200)))
            .citing(quote(found));
        out.push(Decision { what, ..Decision::default() });
    }
    let asks = |f: &Found| survey.asked.iter().any(|a| a.text == f.text);
    for found in reading.sentences.iter().filter(|f| keeps(&f.text) && !asks(f)).take(3) {
        let what = Statement::new(Basis::Ticket, format!("“{}”", shorten(&found.text, 200))).citing(quote(found));
        out.push(Decision { what, ..Decision::default() });
    }
    out.extend(kin(survey));
    for site in survey.code().filter(|s| s.action == Action::Create && !s.is_kin).take(3) {
        let Some((why, _)) = &site.convention else { continue };
        let what = Statement::new(Basis::Repository, format!("A file of its own, `{}`: {why}", site.path));
        out.push(Decision { what, ..Decision::default() });
    }
    out
}

/// Does the sentence want something left as it is: “Keep `src/flags.ts`, the next flag is coming”?
fn keeps(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["keep ", "please keep ", "leave ", "do not touch ", "don't touch "].iter().any(|w| lower.starts_with(w))
}

/// The files of a new noun.
fn kin(survey: &Survey<'_, '_>) -> Option<Decision> {
    let made: Vec<&Site<'_>> = survey.code().filter(|s| s.is_kin).collect();
    let (why, _) = made.first()?.convention.as_ref()?;
    let paths: Vec<String> = made.iter().map(|s| format!("`{}`", s.path)).collect();
    let text = format!("Files of its own, {}: {why}", paths.join(", "));
    Some(Decision { what: Statement::new(Basis::Repository, text), ..Decision::default() })
}

/// The criteria and requirements that a maintainer's sentence speaks of.
fn overruled<'s>(survey: &Survey<'s, '_>, sentence: &str) -> Vec<&'s str> {
    let said: BTreeSet<String> = terms(sentence);
    let about = |text: &str| terms(text).intersection(&said).count() >= 2;
    let in_body = survey.asked.iter().filter(|a| !matches!(a.place, crate::model::plan::Place::Comment { .. }));
    in_body.filter(|a| about(a.text)).map(|a| a.id).take(3).collect()
}

/// The size, by what can be counted.
fn complexity(survey: &Survey<'_, '_>) -> Complexity {
    let files = survey.sites.iter().filter(|s| s.layer != Layer::Test && !s.is_on_the_way).count();
    let changed = || survey.code().filter(|s| !s.is_on_the_way);
    let code = changed().count();
    let layers: BTreeSet<Layer> = changed().map(|s| s.layer).collect();
    let mut phases: Vec<String> = layers.iter().map(|l| l.phase().to_lowercase()).collect();
    phases.dedup();
    let users: BTreeSet<&String> = changed().flat_map(|s| &s.dependents).collect();
    let asks = survey.reading.criteria.len().max(survey.reading.requirements.len());
    let stored = survey.touches(Layer::Migration);
    let level = match (code, files, asks) {
        (0, _, 0..=1) => Size::Trivial,
        (0..=1, 0..=2, 0..=1) if !survey.reading.swaps.is_empty() => Size::Trivial,
        _ if code > 8 || phases.len() > 3 || asks > 10 => Size::Complex,
        _ if stored || code > 3 || phases.len() > 1 || asks > 4 || users.len() > 10 => Size::Medium,
        _ => Size::Simple,
    };
    let mut counted_parts = vec![format!("{} to change", counted(files, "file"))];
    if phases.len() > 1 {
        counted_parts.push(format!("on {} layers ({})", phases.len(), phases.join(", ")));
    }
    if !users.is_empty() {
        let import = if users.len() == 1 { "imports" } else { "import" };
        let them = if code == 1 { "it" } else { "them" };
        counted_parts.push(format!("{} that {import} {them}", counted(users.len(), "file")));
    }
    if asks > 0 {
        let what = if survey.reading.criteria.is_empty() { "requirement" } else { "acceptance criterion" };
        let many = if asks == 1 {
            what.to_owned()
        } else {
            what.replace("criterion", "criteria").replace("requirement", "requirements")
        };
        counted_parts.push(format!("{asks} {many}"));
    }
    if stored {
        counted_parts.push("a schema change".to_owned());
    }
    if survey.contexts.is_empty() || files == 0 {
        let level = if survey.contexts.is_empty() { Size::Medium } else { Size::Trivial };
        return Complexity { level, counted: Vec::new() };
    }
    Complexity { level, counted: vec![Statement::new(Basis::Repository, counted_parts.join(", "))] }
}

/// Similar past changes with their size.
fn effort(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate().filter(|_| !survey.sites.is_empty()) {
        let repository = (at > 0).then(|| context.repository.name.clone());
        for past in context.past.iter().filter(|p| p.similarity >= 0.3 && !p.is_revert).take(3) {
            let commit = commit_ref(&repository, past);
            let text = format!(
                "`{}` “{}”: {}, +{} −{}",
                past.commit.short(),
                shorten(&commit.subject, 80),
                counted(past.files.len(), "file"),
                past.added,
                past.deleted
            );
            out.push(Statement::new(Basis::History, text).citing(Citation::Commit(commit)));
        }
    }
    out.truncate(3);
    out
}

/// What the plan weighs most: as asked, or as the ticket's kind and requirements say.
pub fn focus(survey: &Survey<'_, '_>) -> (Option<Focus>, String) {
    if let Some(focus) = survey.brief.options.focus {
        return (Some(focus), "asked for in the command".to_owned());
    }
    match survey.reading.kind {
        Kind::Performance => return (Some(Focus::Performance), survey.reading.kind_reason.clone()),
        Kind::Security => return (Some(Focus::Security), survey.reading.kind_reason.clone()),
        _ => {}
    }
    for (label, focus) in [("security", Focus::Security), ("performance", Focus::Performance)] {
        if survey.ticket.labels.iter().any(|l| l.eq_ignore_ascii_case(label)) {
            return (Some(focus), format!("it is labelled {label}"));
        }
    }
    let of = |kind: RequirementKind| survey.reading.requirements.iter().find(|r| r.kind == kind);
    let kinds = [
        (RequirementKind::Security, Focus::Security),
        (RequirementKind::Performance, Focus::Performance),
        (RequirementKind::Reliability, Focus::Reliability),
    ];
    for (kind, focus) in kinds {
        if let Some(requirement) = of(kind) {
            return (Some(focus), format!("{} asks for it", requirement.id));
        }
    }
    (None, String::new())
}

/// What the ticket says about speed and load.
pub fn performance(survey: &Survey<'_, '_>) -> Performance {
    let reading = survey.reading;
    let wanted = reading
        .requirements
        .iter()
        .filter(|r| matches!(r.kind, RequirementKind::Performance | RequirementKind::Scalability));
    let mut targets: Vec<Statement> = wanted
        .map(|r| {
            let cited = Citation::Ticket { quote: r.text.clone(), place: r.place.clone() };
            Statement::new(Basis::Ticket, format!("{}: {}", r.id, shorten(&r.text, 200))).citing(cited)
        })
        .collect();
    for criterion in reading.criteria.iter().filter(|c| !c.done && is_figure_of_speed(&c.text)).take(4) {
        let cited = Citation::Ticket { quote: criterion.text.clone(), place: criterion.place.clone() };
        let text = format!("{}: {}", criterion.id, shorten(&criterion.text, 200));
        targets.push(Statement::new(Basis::Ticket, text).citing(cited));
    }
    let absent =
        targets.is_empty().then(|| "Looked for figures of time, load or size in the ticket; found none.".to_owned());
    Performance { targets, absent, ..Performance::default() }
}

/// Does the text set a limit of time, load or size: “under 5 seconds”, “at most 100 MB”, “1,000 requests a second”?
fn is_figure_of_speed(text: &str) -> bool {
    const UNITS: &[&str] =
        &["ms", "s", "millisecond", "milliseconds", "second", "seconds", "kb", "mb", "gb", "mib", "gib", "rps"];
    const LIMITS: &[&str] = &["under", "within", "below", "most", "than", "p50", "p95", "p99"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).collect();
    let is_number = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    let has_unit = |at: usize| {
        let own = words[at].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let next = words.get(at + 1).map_or("", |w| w.trim_end_matches('.'));
        UNITS.contains(&own) || (own.is_empty() && UNITS.contains(&next))
    };
    let limited = words.iter().any(|w| LIMITS.contains(w));
    limited && (0..words.len()).any(|at| is_number(words[at]) && has_unit(at))
}

/// What the ticket itself puts off.
pub fn left_out(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let found = survey.reading.out_of_scope.iter();
    found.map(|f| Statement::new(Basis::Ticket, shorten(&f.text, 200)).citing(quote(f))).collect()
}
