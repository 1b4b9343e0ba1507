//! Past changes that the ticket names, and what it says of them: what broke it, what is to be taken back.
//!
//! In: the words before a commit's id or a change's number in the ticket. Out: the part that the change plays, and an
//! instruction.

use super::{
    super::{
        Survey,
        places::{refs::commit_ref, site::Site},
        reading::Reading,
    },
    group::Group,
};
use crate::model::{
    context::{Context, PastChange},
    plan::{Action, Basis, Citation, Statement},
};
use crate::{planner::words::shorten, richtext::markdown::code_span};

/// Letters before the name in which its part is told.
const BEFORE: usize = 60;
/// The fewest letters of a commit's id.
const SHORTEST: usize = 7;

/// Words before a change that is to be taken back.
const UNDONE: &[&str] = &["revert", "reverts", "reverting", "undo", "undoes", "back out", "roll back"];

/// What a past change is to the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It broke what the ticket reports.
    Cause,
    /// It is to be taken back.
    Undo,
}

/// What the ticket says of a past change.
pub fn part(reading: &Reading, past: &PastChange) -> Option<Part> {
    const CAUSES: &[&str] = &[
        "caused by",
        "cause:",
        "regression from",
        "regression in",
        "regression of",
        "regressed in",
        "introduced by",
        "introduced in",
        "broken by",
        "broken in",
        "broken since",
        "bisected to",
    ];
    const STARTS: &[&str] = &[" broke ", " regressed ", " introduced ", " caused ", " began ", " started "];
    let lower = reading.all.to_lowercase();
    let at = named_at(&lower, past)?;
    let from = (0..=at).rev().nth(BEFORE).unwrap_or(0);
    let from = (from..=at).find(|from| lower.is_char_boundary(*from)).unwrap_or(at);
    let before = lower[from..at].rsplit(['\n', '.', ';']).next().unwrap_or_default();
    let behind = &lower[at..];
    let behind = behind.split(['\n', ';']).next().unwrap_or_default().split(". ").next().unwrap_or_default();
    let is_said = |words: &[&str]| words.iter().any(|word| before.contains(word));
    let broke = STARTS.iter().any(|word| behind.contains(word));
    if broke && !is_said(UNDONE) {
        return Some(Part::Cause);
    }
    match (is_said(CAUSES), is_said(UNDONE)) {
        (true, _) => Some(Part::Cause),
        (_, true) => Some(Part::Undo),
        _ => None,
    }
}

/// Where the lower-case text names the change: by its id, or by its number.
fn named_at(text: &str, past: &PastChange) -> Option<usize> {
    let id = past.commit.as_str();
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let by_id = || {
        let start = &id[..SHORTEST.min(id.len())];
        text.match_indices(start).map(|(at, _)| at).find(|at| {
            let word: &str = text[*at..].split(|c: char| !is_part(c)).next().unwrap_or_default();
            !text[..*at].ends_with(is_part) && id.starts_with(word)
        })
    };
    let number = past.subject.rsplit_once("(#").and_then(|(_, rest)| rest.strip_suffix(')'));
    let by_number = || {
        let number = format!("#{}", number?);
        let is_whole = |at: &usize| !text[at + number.len()..].starts_with(is_part);
        text.match_indices(number.as_str()).map(|(at, _)| at).find(is_whole)
    };
    by_id().or_else(by_number)
}

/// Where a change is to be taken back, its files lead, and what it did not touch is no sure place.
pub fn mark(context: &Context, reading: &Reading, sites: &mut [Site<'_>]) {
    let lower = reading.all.to_lowercase();
    if !UNDONE.iter().any(|word| lower.contains(word)) {
        return;
    }
    let Some(undone) = context.past.iter().find(|past| part(reading, past) == Some(Part::Undo)) else { return };
    let touched = |s: &Site<'_>| s.is_code() && undone.files.contains(&s.path);
    sites.sort_by_key(|s| !touched(s));
    if let Some(site) = sites.first_mut().filter(|s| touched(s)) {
        site.leads = true;
    }
    let is_loose = |s: &&mut Site<'_>| s.is_code() && s.action == Action::Modify && s.todo.is_empty();
    for site in sites.iter_mut().filter(is_loose).filter(|s| s.called.is_empty() && !touched(s)) {
        site.is_outdone = true;
    }
}

/// That the ticket takes back a change of the site's file.
pub fn undone(site: &Site<'_>) -> Option<Statement> {
    let is_undone = |past: &&&PastChange| part(site.reading, past) == Some(Part::Undo);
    let past = site.past.iter().find(is_undone).filter(|past| past.files.contains(&site.path))?;
    let text = format!("the ticket takes back `{}`, which changed {}", past.commit.short(), code_span(&site.path));
    Some(Statement::new(Basis::History, text).citing(Citation::Commit(commit_ref(&site.repository, past))))
}

/// What a step does about the changes that the ticket names, where they touched its files.
pub fn here(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    let all = group.sites.iter().filter(|s| s.is_code()).flat_map(|site| site.past.iter().map(move |p| (*site, *p)));
    for (site, past) in all.take(40) {
        let Some(part) = part(survey.reading, past) else { continue };
        let said = said(site, past, part);
        if out.iter().all(|known| known.text != said.text) {
            out.push(said);
        }
    }
    out.truncate(2);
    out
}

/// The instruction.
fn said(site: &Site<'_>, past: &PastChange, part: Part) -> Statement {
    let commit = commit_ref(&site.repository, past);
    let (id, subject, path) = (past.commit.short(), shorten(&commit.subject, 100), code_span(&site.path));
    let text = match part {
        Part::Cause => {
            format!("The ticket names `{id}` “{subject}” as the cause: read first what it changed in {path}")
        }
        Part::Undo => format!("The ticket takes back `{id}` “{subject}”: undo what it changed in {path}"),
    };
    Statement::new(Basis::History, text).citing(Citation::Commit(commit))
}
