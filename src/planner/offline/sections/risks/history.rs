//! What history tells of a change: what was taken back before, what was settled, what changed together.
//!
//! In: the [`Survey`] with the past changes of its contexts. Out: risks that name their commits.

use super::{
    super::super::{
        Survey,
        places::refs::commit_ref,
        work::{
            listed::{self, Listed},
            steps::counted,
        },
    },
    risk,
};
use crate::model::{
    context::{Context, PastChange},
    plan::{Basis, Citation, FileRef, Level, Risk, Statement},
};
use crate::planner::words::{clean, is_deed, shorten, terms};

/// A change of more files sweeps over the repository.
const WIDE: usize = 10;

/// A past change of the same files was taken back.
pub fn reverted(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Risk> {
    let mut out = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        for past in context.past.iter().filter(|p| p.is_revert && is_about(survey, p)) {
            let commit = commit_ref(&repository, past);
            let file = |f: &String| FileRef::new(f).of(repository.clone());
            // What a trace merely passes is left as it is; documents change with everything.
            let passed = |f: &str| survey.sites.iter().any(|s| s.is_on_the_way && s.path == f);
            let is_here = |f: &&String| listed.holds(&file(f)) && listed::is_code(survey, &file(f)) && !passed(f);
            // What touched no file of the steps says nothing of them, and what came back later stands.
            let Some(file) = past.files.iter().find(is_here).filter(|_| !is_back(context, past)) else { continue };
            let said = format!(
                "An earlier change of `{file}` was taken back: `{}` “{}” ({})",
                past.commit.short(),
                shorten(&commit.subject, 80),
                past.date
            );
            let statement = Statement::new(Basis::History, said).citing(Citation::Commit(commit));
            let settled = settled(survey, past);
            let why = match (settled, &past.reason) {
                (Some(sentence), _) => format!("the ticket settles it: “{}”", shorten(&clean(sentence), 200)),
                (None, Some(reason)) => format!("meet its reason this time: “{}”", shorten(&clean(reason), 200)),
                (None, None) => format!("read why in `{}` before step 1", past.commit.short()),
            };
            out.push(risk(statement, Level::Medium, Level::High, why));
        }
    }
    out.truncate(2);
    out
}

/// Did the change that was taken back come again later, under the same words?
fn is_back(context: &Context, revert: &PastChange) -> bool {
    let bare = |subject: &str| {
        let plain =
            subject.trim_start_matches(['R', 'r']).trim_start_matches("evert").trim_matches([' ', '"', ':', '“', '”']);
        plain.split(" (#").next().unwrap_or(plain).trim_matches(['"', ' ']).to_lowercase()
    };
    let subject = bare(&revert.subject);
    let again =
        |p: &&PastChange| !p.is_revert && !p.is_taken_back && p.date > revert.date && bare(&p.subject) == subject;
    context.past.iter().any(|p| again(&p))
}

/// The sentence of the ticket that rules out what was taken back: it denies the deed that the reverted subject begins with.
fn settled<'s>(survey: &Survey<'s, '_>, past: &PastChange) -> Option<&'s str> {
    const DENIES: &[&str] = &["no", "not", "never", "without", "don't", "doesn't", "kein", "keinen", "keine", "nicht"];
    let subject = past.subject.trim_start_matches("Revert").trim_start_matches([' ', '"', ':', '“']);
    let first = subject.split(' ').next().filter(|word| !is_deed(word)).unwrap_or_default();
    let deed = terms(first);
    let reading = survey.reading;
    let found = reading.out_of_scope.iter().chain(&reading.decisions).chain(&reading.sentences);
    let denies = |text: &str| text.split(' ').any(|w| DENIES.contains(&w.to_lowercase().as_str()));
    let mut texts = found.map(|f| f.text.as_str());
    texts.find(|text| !deed.is_empty() && denies(text) && !terms(text).is_disjoint(&deed))
}

/// Does a past change speak of what the ticket speaks of? Others that took something of the same file back say nothing.
fn is_about(survey: &Survey<'_, '_>, past: &PastChange) -> bool {
    let said = format!("{} {}", past.subject, past.reason.as_deref().unwrap_or_default());
    let plain = said.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !is_deed(word));
    let said = terms(&plain.collect::<Vec<_>>().join(" "));
    let changed = survey.code().filter(|site| past.files.contains(&site.path)).flat_map(|site| &site.symbols);
    let is_same_place = || changed.into_iter().any(|symbol| !terms(&symbol.name).is_disjoint(&said));
    is_named(survey, past) || past.similarity >= 0.3 || said.intersection(survey.terms).count() >= 2 || is_same_place()
}

/// Does the ticket name the change by its number?
fn is_named(survey: &Survey<'_, '_>, past: &PastChange) -> bool {
    let numbers = |text: &'_ str| -> Vec<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '#'));
        let is_number = |w: &&str| {
            w.strip_prefix('#').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        };
        words.filter(is_number).map(str::to_owned).collect()
    };
    let reading = survey.reading;
    let said = reading.out_of_scope.iter().chain(&reading.decisions).chain(&reading.sentences);
    let said: Vec<String> = said.flat_map(|found| numbers(&found.text)).collect();
    numbers(&past.subject).iter().any(|number| said.contains(number))
}

/// Files that history changes together with the list, and that are not on it. What made a file changes nothing.
pub fn companions(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Option<Risk> {
    let context: &Context = survey.contexts.first()?;
    let lead = survey.code().next()?;
    let changes = |past: &&PastChange, path: &String| {
        // What takes something back, is taken back or sweeps over the repository shows no companions.
        let is_sound = !past.is_first && !past.is_revert && !past.is_taken_back && past.files.len() <= WIDE;
        is_sound && past.files.contains(path) && !past.made.contains(path)
    };
    let touching: Vec<&PastChange> = context.past.iter().filter(|p| changes(p, &lead.path)).collect();
    let is_on_step = |file: &String| survey.sites.iter().any(|s| s.path == *file) || listed.names(&FileRef::new(file));
    let mut by_path: std::collections::BTreeMap<&str, Vec<&PastChange>> = std::collections::BTreeMap::new();
    for past in &touching {
        for file in past.files.iter().filter(|f| changes(past, f) && !is_on_step(f)) {
            let is_listed_test = context.tests.iter().any(|t| t.path == *file);
            // What is hidden sets up tools.
            let is_hidden = file.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
            if !is_listed_test && !is_hidden && context.tree.file(file).is_some() {
                by_path.entry(file).or_default().push(past);
            }
        }
    }
    let (path, changes) =
        by_path.into_iter().max_by_key(|(path, changes)| (changes.len(), std::cmp::Reverse(*path)))?;
    if changes.len() < 2 {
        return None;
    }
    let shown: Vec<String> = changes.iter().take(3).map(|past| format!("`{}`", past.commit.short())).collect();
    let more = if changes.len() > 3 { format!(" and {}", counted(changes.len() - 3, "other")) } else { String::new() };
    let said =
        format!("`{path}` changed together with `{}` in {}{more}, and is on no step", lead.path, shown.join(", "));
    let statement = Statement::new(Basis::History, said).at(lead.sibling(path)).at(lead.file());
    let cite = |said: Statement, past: &&PastChange| said.citing(Citation::Commit(commit_ref(&lead.repository, past)));
    let statement = changes.iter().take(3).fold(statement, cite);
    Some(risk(statement, Level::Medium, Level::Low, "look whether it must follow this time too".to_owned()))
}
