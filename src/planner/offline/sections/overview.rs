//! The overview: what is asked in a sentence, what is settled, how large it is, what it weighs most.

use std::collections::BTreeSet;

use super::super::{
    Survey,
    code::{
        layer::Layer,
        path::{ending, folder},
    },
    places::{refs::commit_ref, site::Site},
    reading::{Found, is_to_contributor},
    work::{
        cited,
        listed::Listed,
        size,
        steps::{counted, quote},
        why::is_change,
    },
};
use crate::model::{
    context::{Evidence, PastChange},
    job::Focus,
    plan::{Action, Basis, Citation, Decision, Kind, Overview, Requirement, RequirementKind, Statement, Step},
};
use crate::planner::words::{is_deed, shorten, terms, unscoped};

/// How alike a past change must be for its size to say something, 0 to 1.
const LEAST_ALIKE: f64 = 0.12;

/// The overview.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Overview {
    let summary = summary(survey);
    Overview {
        given: super::given::of(survey, &summary),
        summary,
        decisions: decisions(survey),
        complexity: size::of(survey, listed),
        effort: effort(survey),
    }
}

/// What is asked, from the ticket's own parts.
fn summary(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let reading = survey.reading;
    let mut out = super::super::wish::answer(survey);
    out.extend(super::super::overruled::led(survey));
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
    let title = terms(unscoped(&reading.title));
    let says_more = |f: &&Found| {
        let is_expected = reading.expected.as_ref().is_some_and(|e| e.text == f.text);
        f.text.split(' ').count() > 3 && !is_expected && !terms(&f.text).is_subset(&title)
    };
    let is_listed = |f: &&Found| survey.asked.iter().any(|a| a.text == f.text);
    let leads_in = |f: &&Found| !reading.findings.is_empty() && tells_source(&f.text);
    let may_lead = |f: &&Found| says_more(f) && !is_listed(f) && !leads_in(f);
    let told = reading.sentences.iter().filter(may_lead);
    let first = told.clone().find(|f| !is_talk(&f.text) && !leads_on(survey, &f.text)).or_else(|| told.clone().next());
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
    // A second case of the fault decides whether the first one's cause is all of it.
    let adds = |f: &&Found| reading.kind == Kind::Bug && says_more(f) && !is_listed(f) && tells_more(&f.text);
    for found in reading.sentences.iter().filter(adds).take(2) {
        if !is_said(&out, found) {
            let text = format!("Also: “{}”", shorten(&found.text, 240));
            out.push(Statement::new(Basis::Ticket, text).citing(quote(found)));
        }
    }
    let deed =
        reading.sentences.iter().find(|f| may_lead(f) && !is_talk(&f.text) && tells_deed(&f.text) && !keeps(&f.text));
    if out.len() == wished
        && let Some(first) = deed.or(first)
    {
        out.push(Statement::new(Basis::Ticket, format!("“{}”", shorten(&first.text, 240))).citing(quote(first)));
    }
    if out.len() == wished
        && let Some(first) = reading.background.iter().find(says_more)
    {
        let text = format!("Why: “{}”", shorten(&first.text, 240));
        out.push(Statement::new(Basis::Ticket, text).citing(quote(first)));
    }
    if !reading.log.is_empty() {
        let told: Vec<String> = reading.log.iter().take(4).map(|f| format!("“{}”", shorten(&f.text, 100))).collect();
        let more = if reading.log.len() > told.len() { " and more" } else { "" };
        let text =
            format!("The ticket's list is a log of how it was done, not of what is asked: {}{more}", told.join(", "));
        out.push(Statement::new(Basis::Ticket, text).citing(quote(&reading.log[0])));
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

/// Does the sentence speak of the ticket and of people, not of the software: “Fixes #12”, “@ann pointed out …”?
fn is_talk(text: &str) -> bool {
    const BEGINS: &[&str] = &[
        "@",
        "actually",
        "as discussed",
        "author",
        "closes ",
        "edit:",
        "fixes ",
        "following up",
        "hello",
        "hi ",
        "i.e.",
        "note that ",
        "note:",
        "refs ",
        "resolves ",
        "see ",
        "sorry",
        "thanks",
        "this closes ",
        "this fixes #",
        "this reverts commit",
    ];
    let lower = text.to_lowercase();
    // Who quotes something tells what it is about.
    let is_wish = ["i want", "we want", "we need", "we should", "we must"].iter().any(|w| lower.starts_with(w));
    let is_own = ["i ", "i'm ", "we "].iter().any(|w| lower.starts_with(w));
    let tells_own = is_own && !is_wish && !text.contains(['"', '`', '“']);
    tells_own || BEGINS.iter().any(|begin| lower.starts_with(begin)) || is_to_contributor(text)
}

/// Does the ticket end the sentence with a colon, so that what it says stands below it?
fn leads_on(survey: &Survey<'_, '_>, text: &str) -> bool {
    survey.reading.all.contains(&format!("{text}:"))
}

/// Does the sentence only say who found what stands below it: “Found by the external test”?
fn tells_source(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["found by", "found in", "reported by", "seen by", "raised by"].iter().any(|w| lower.starts_with(w))
}

/// Does the sentence tell of one more case: “… in winter too”?
fn tells_more(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches(['.', '!', ' ']);
    [" too", " as well", " also"].iter().any(|w| bare.ends_with(w))
        || bare.starts_with("also ")
        || bare.contains(" also ")
}

/// Does the sentence say what is done or wanted, and not why: “This change adds …”, “We need …”, “Make it …”?
fn tells_deed(text: &str) -> bool {
    const CHANGES: &[&str] = &["change", "commit", "patch", "pr", "mr", "pull", "merge"];
    let lower = unscoped(text).to_lowercase();
    let words: Vec<&str> = lower.split(' ').take(6).collect();
    let is_change =
        matches!(words.first(), Some(&"this" | &"the")) && words.get(1).is_some_and(|w| CHANGES.contains(w));
    let is_wish = ["we need", "we should", "we want", "we must", "please "].iter().any(|w| lower.starts_with(w));
    is_wish || is_change && words[2..].iter().any(|w| is_deed(w)) || words.first().is_some_and(|w| is_deed(w))
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
    out.extend(super::super::unsaid::settled(survey).into_iter().map(|what| Decision { what, ..Decision::default() }));
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

/// Past changes of these files that resemble the ticket most, with their size and day.
fn effort(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out: Vec<(&PastChange, Statement)> = Vec::new();
    for site in survey.sites.iter().filter(|s| is_sized(s)) {
        for past in site.past.iter().copied().filter(|p| resembles(site, p)) {
            if out.iter().any(|(known, _)| known.commit == past.commit) {
                continue;
            }
            let commit = commit_ref(&site.repository, past);
            let text = format!(
                "`{}` “{}” ({}), which changed `{}` too: {}{}",
                past.commit.short(),
                shorten(&commit.subject, 80),
                past.date,
                site.path,
                counted(past.files.len(), "file"),
                past.size()
            );
            out.push((past, Statement::new(Basis::History, text).at(site.file()).citing(Citation::Commit(commit))));
        }
    }
    out.sort_by(|a, b| b.0.similarity.total_cmp(&a.0.similarity));
    let mut all: Vec<Statement> = siblings(survey).into_iter().map(|(_, statement)| statement).collect();
    all.extend(out.into_iter().filter(|(past, _)| !is_sibling(survey, past)).map(|(_, statement)| statement));
    all.truncate(2);
    all
}

/// Does the past change stand among those that added siblings?
fn is_sibling(survey: &Survey<'_, '_>, past: &PastChange) -> bool {
    siblings(survey).iter().any(|(known, _)| known.commit == past.commit)
}

/// Past changes that added what a new file is made like, or another one of its kind: the newest two.
pub fn siblings<'c>(survey: &Survey<'_, 'c>) -> Vec<(&'c PastChange, Statement)> {
    let mut out: Vec<(&'c PastChange, Statement)> = Vec::new();
    for site in survey.code().filter(|s| s.action == Action::Create && s.layer != Layer::Migration) {
        let Some(like) = site.convention.as_ref().and_then(|(_, like)| like.as_ref()) else { continue };
        // One more of a kind is made like any of them, another file only like the one that it follows.
        let is_beside = |path: &str| site.is_beside && folder(path) == folder(like) && ending(path) == ending(like);
        let is_kin = |path: &&String| *path == like || is_beside(path);
        for past in site.context.added.iter().filter(|p| !p.is_revert && !p.is_taken_back) {
            let exact = past.made.iter().find(|path| *path == like);
            let Some(made) = exact.or_else(|| past.made.iter().find(is_kin)) else { continue };
            if out.iter().any(|(known, _)| known.commit == past.commit) {
                continue;
            }
            let commit = commit_ref(&site.repository, past);
            let text = format!(
                "`{}` “{}” ({}), which added `{made}`: {}{}",
                past.commit.short(),
                shorten(&commit.subject, 80),
                past.date,
                counted(past.files.len(), "file"),
                past.size()
            );
            let said = Statement::new(Basis::History, text).at(site.sibling(made)).citing(Citation::Commit(commit));
            out.push((past, said));
        }
    }
    out.truncate(2);
    out
}

/// The size of the past change of a step's files that resembles the ticket most.
pub fn size_of(survey: &Survey<'_, '_>, step: &Step) -> Option<Statement> {
    let is_here = |s: &&Site<'_>| is_sized(s) && step.files.iter().any(|f| f.file.path == s.path);
    let sites = survey.sites.iter().filter(is_here);
    let past = sites.flat_map(|site| site.past.iter().filter(|p| resembles(site, p)).map(move |past| (site, *past)));
    let (site, past) = past.reduce(|a, b| if b.1.similarity > a.1.similarity { b } else { a })?;
    let text = format!(
        "no hours are known; `{}`, which changed `{}` too, took {}{}",
        past.commit.short(),
        site.path,
        counted(past.files.len(), "file"),
        past.size()
    );
    let commit = commit_ref(&site.repository, past);
    Some(Statement::new(Basis::History, text).at(site.file()).citing(Citation::Commit(commit)))
}

/// Does the size of past changes of this file tell of its step: code, a manifest, settings, but no test and no document?
fn is_sized(site: &Site<'_>) -> bool {
    !matches!(site.layer, Layer::Document | Layer::Test)
}

/// Is the past change enough like the ticket to say something of its size, and did it last? What the ranking goes by is.
fn resembles(site: &Site<'_>, past: &PastChange) -> bool {
    let is_evidence =
        site.evidence.iter().any(|e| matches!(e, Evidence::PastChange { commit, .. } if *commit == past.commit));
    (is_evidence || past.similarity >= LEAST_ALIKE) && is_change(past, &site.path)
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
    let requirements = survey.requirements();
    let standing: Vec<&Requirement> = requirements.iter().filter(|r| !r.overruled).collect();
    let kinds = [
        (RequirementKind::Security, Focus::Security),
        (RequirementKind::Performance, Focus::Performance),
        (RequirementKind::Reliability, Focus::Reliability),
    ];
    for (kind, focus) in kinds {
        let of: Vec<&str> = standing.iter().filter(|r| r.kind == kind).map(|r| r.id.as_str()).collect();
        // A fault is no weight of its own, and one of many requirements is not what the plan weighs most.
        let is_fault = focus == Focus::Reliability && survey.reading.kind == Kind::Bug;
        if let Some(first) = of.first().filter(|_| 2 * of.len() > standing.len() && !is_fault) {
            return (Some(focus), format!("{first} asks for it"));
        }
    }
    (None, String::new())
}

/// What the ticket itself puts off.
pub fn left_out(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let found = survey.reading.out_of_scope.iter();
    found.map(|f| Statement::new(Basis::Ticket, shorten(&f.text, 200)).citing(quote(f))).collect()
}
