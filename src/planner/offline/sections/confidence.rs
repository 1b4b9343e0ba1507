//! How far the place of the change can be trusted, and what nearly made the list.
//!
//! In: the [`Survey`]. Out: a level with its reasons, and near ties. The best evidence for the first file decides.

use super::super::{
    Survey, overruled,
    places::{site::Site, todo::Act},
    work::{
        commits,
        listed::Listed,
        why::{self, weakness},
    },
};
use crate::model::{
    context::{Evidence, FileClass, Grounding},
    job::Depth,
    plan::{Basis, Confidence, FileRef, Level, Statement},
};
use crate::richtext::markdown::code_span;

/// The confidence, with its reasons.
pub fn of(survey: &Survey<'_, '_>) -> Confidence {
    if survey.contexts.is_empty() {
        let text = "no repository is configured for this ticket, so no file could be checked";
        return Confidence { level: Level::Low, reasons: vec![Statement::new(Basis::Ticket, text)] };
    }
    let fails = |s: &&Site<'_>| !s.is_on_the_way && super::super::code::edges::is_innermost(s);
    let leads = || survey.sites.iter().find(|s| !s.is_on_the_way);
    let Some(first) = survey.sites.iter().find(fails).or_else(leads).or_else(|| survey.sites.first()) else {
        let text = "no file of the repository stands out for this ticket";
        return Confidence { level: Level::Low, reasons: vec![Statement::new(Basis::Repository, text)] };
    };
    // What only a sentence names that is taken back shows nothing of what is built.
    let is_back =
        |e: &&Evidence| matches!(e, Evidence::Symbol { name, .. } if overruled::only_names(survey.reading, name));
    let best = first.evidence.iter().filter(|e| !is_back(e)).min_by_key(|e| trust(first, e));
    let doubts = survey.contexts.iter().flat_map(|c| &c.doubts);
    let raised = first.todo.iter().any(|t| t.act == Act::Raise);
    let mut level = match best.map(|e| trust(first, e)) {
        // The manifest that declares a package is where it is raised.
        _ if raised => Level::High,
        Some(0..=3) => Level::High,
        Some(4..=7) if first.probability >= 0.4 => Level::Medium,
        _ if first.probability >= 0.6 => Level::Medium,
        _ => Level::Low,
    };
    let sure = swapped(survey, first).or_else(|| commits::undone(first));
    if sure.is_some() {
        level = Level::High;
    }
    let doubts: Vec<Statement> =
        doubts.map(|d| Statement::new(Basis::Repository, crate::planner::words::clean(d))).collect();
    if !doubts.is_empty() {
        level = level.min(Level::Medium);
    }
    let named = |reason: Statement| {
        let path = code_span(&first.path);
        let text = match reason.text.strip_prefix("its path ").or(reason.text.strip_prefix("it ")) {
            Some(rest) => format!("{path} {rest}"),
            None => reason
                .text
                .replace(", touched it", &format!(", touched {path}"))
                .replace("” touched it", &format!("” touched {path}"))
                .replace("” made it", &format!("” made {path}"))
                .replace("a change of it", &format!("a change of {path}"))
                .replace(" imports it", &format!(" imports {path}")),
        };
        Statement { text, ..reason }
    };
    let best = sure.or_else(|| best.map(|e| named(why::reason(first, e))));
    let mut reasons: Vec<Statement> = best.into_iter().collect();
    if level < Level::High
        && doubts.is_empty()
        && first.called.is_empty()
        && first.evidence.iter().all(|e| weakness(survey.reading, e) > 3)
        && let Some(reason) = reasons.first_mut()
    {
        reason.text.push_str(", and no name, path or quote of the ticket leads there");
    }
    // What the repository itself says of the place is more than words that it shares with the ticket.
    let is_worded = first.evidence.iter().all(|e| weakness(survey.reading, e) > 3);
    let told = first.called.first().filter(|_| is_worded && !first.todo.is_empty() && doubts.is_empty());
    if raised || told.is_some() {
        reasons.splice(.., told.or(first.called.first()).cloned());
    }
    if let Some(registered) = reasons.first_mut().filter(|_| told.is_some())
        && first.todo.iter().any(|t| matches!(t.act, Act::Register(_)))
    {
        level = Level::High;
        registered.text = registered.text.replacen("its siblings are", "the siblings of what is new are", 1);
    }
    reasons.extend(doubts);
    Confidence { level, reasons }
}

/// The order of evidence for the place: that a change of the file was taken back shows nothing of it.
fn trust(site: &Site<'_>, evidence: &Evidence) -> u8 {
    match why::past_of(site, evidence) {
        Some(past) if !why::is_change(past, &site.path) => why::WORDS_ONLY,
        _ => why::weakness_at(site, evidence),
    }
}

/// The line of the file that alone holds a text which the ticket wants replaced.
fn swapped(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Statement> {
    let text = site.text.as_deref()?;
    survey.reading.swaps.iter().filter(|s| s.from.chars().count() >= 4).find_map(|swap| {
        let mut found = (1_u32..).zip(text.lines()).filter(|(_, line)| line.contains(&swap.from));
        let (at, _) = found.next()?;
        let file = site.file().lines(at, at);
        let holds = if found.next().is_none() { "alone holds" } else { "is the first line that holds" };
        let text = format!("{} {holds} what is to be replaced in {}", code_span(&file.label()), code_span(&site.path));
        Some(Statement::new(Basis::Repository, text).at(file))
    })
}

/// Files just below the list, with their best evidence.
pub fn considered(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Statement> {
    let most = if survey.brief.options.depth == Some(Depth::Full) { 10 } else { 3 };
    let mut out = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        let is_listed = |path: &str| {
            let is_site = survey.sites.iter().any(|s| s.repository == repository && s.path == path);
            is_site || listed.holds(&FileRef::new(path).of(repository.clone()))
        };
        let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class != FileClass::Test);
        let next = context.ranked.iter().filter(|r| !is_listed(&r.path) && is_source(&r.path));
        for ranked in next.filter(|r| r.evidence.iter().any(|e| weakness(survey.reading, e) < 11)).take(most) {
            let file = FileRef::new(&ranked.path).of(repository.clone());
            let why = ranked.evidence.iter().min_by_key(|e| weakness(survey.reading, e)).map(|e| plain(survey, e));
            let text = format!("`{}` — {}", ranked.path, why.unwrap_or_default());
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out
}

/// Evidence in words, for a file that is no site.
fn plain(survey: &Survey<'_, '_>, evidence: &Evidence) -> String {
    let said = match evidence {
        Evidence::Passage { first, last, words } => {
            format!("lines {first}–{last} speak of {}", why::listed(survey.reading, words))
        }
        Evidence::PathWords { words } => {
            format!("its path shares {} with the ticket", why::listed(survey.reading, words))
        }
        Evidence::Words { words } => format!("it shares {} with the ticket", why::listed(survey.reading, words)),
        other => other.to_string(),
    };
    crate::planner::words::clean(&said)
}

/// What the ticket names and the repository does not have.
pub fn not_found<'c>(survey: &Survey<'_, 'c>) -> impl Iterator<Item = (&'c str, Option<&'c str>)> {
    let first = survey.contexts.iter().take(1);
    first.flat_map(|c| &c.grounded).filter_map(|g| match &g.found {
        Grounding::NotFound { nearest } => Some((g.text.as_str(), nearest.as_deref())),
        _ => None,
    })
}

/// Does the ticket itself name the site's path, or its stack trace a line of it?
pub fn is_pointed_at(site: &Site<'_>) -> bool {
    site.evidence.iter().any(|e| weakness(site.reading, e) <= 1)
}

/// Does something point at the site by line, path or telling name?
pub fn is_hard(site: &Site<'_>) -> bool {
    if site.is_outdone {
        return false;
    }
    site.leads || site.evidence.iter().any(|e| weakness(site.reading, e) <= 3)
}

/// Is the site's only evidence shared words?
pub fn is_weak(site: &Site<'_>) -> bool {
    site.is_outdone
        || !site.leads
            && site.called.is_empty()
            && site.evidence.iter().all(|e| weakness(site.reading, e) >= why::WORDS_ONLY)
}
