//! Risks of this change, each by a rule from evidence and with what to do about it.

use super::{
    super::{
        Survey,
        code::{layer::Layer, path::ending, uses},
        places::{
            refs::{commit_ref, full_name, signature},
            site::Site,
            stored,
        },
        testing,
        work::{
            listed::{self, Listed},
            migrations,
            steps::counted,
        },
    },
    overview, security,
};
use crate::model::{
    context::{Context, PastChange},
    job::Focus,
    plan::{Action, Basis, Citation, FileRef, Level, Risk, RiskKind, Statement},
};
use crate::planner::words::{clean, is_deed, shorten, terms};

/// Files that import a file, from which on a change of it reaches far.
const MANY_USERS: usize = 5;
/// The most risks of a plan.
const MOST: usize = 7;

/// The risks: those of the plan's focus first, then the gravest.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Risk> {
    let mut out = Vec::new();
    let mut add = |of: Focus, risks: Vec<Risk>| out.extend(risks.into_iter().map(|r| (of, r)));
    add(Focus::Reliability, reverted(survey, listed));
    add(Focus::Reliability, migrated(survey).into_iter().collect());
    add(Focus::Security, sensitive(survey).into_iter().collect());
    add(Focus::Simplicity, many_users(survey));
    add(Focus::Reliability, untested(survey).into_iter().collect());
    add(Focus::Simplicity, companions(survey, listed).into_iter().collect());
    let focus = overview::focus(survey).0;
    let weight = |(of, r): &(Focus, Risk)| (Some(*of) == focus, r.impact, r.likelihood);
    out.sort_by_key(|risk| std::cmp::Reverse(weight(risk)));
    out.into_iter().map(|(_, risk)| risk).take(MOST).collect()
}

/// A technical risk.
fn risk(risk: Statement, likelihood: Level, impact: Level, mitigation: String) -> Risk {
    let mitigation = Statement::new(risk.basis, mitigation);
    Risk { kind: RiskKind::Technical, risk, likelihood, impact, mitigation }
}

/// A past change of the same files was taken back.
fn reverted(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Vec<Risk> {
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
    past.similarity >= 0.3 || said.intersection(survey.terms).count() >= 2 || is_same_place()
}

/// Stored data changes its form.
fn migrated(survey: &Survey<'_, '_>) -> Option<Risk> {
    let is_new_table = |s: &Site<'_>| s.action == Action::Create && stored::noun(s.context, survey.reading).is_some();
    // Code of the version before knows nothing of a table that is new.
    let site = survey.sites.iter().find(|s| s.layer == Layer::Migration && !is_new_table(s))?;
    let said = format!(
        "`{}` changes stored data; code of the version before still runs against it during a deployment",
        site.path
    );
    if let Some(index) = migrations::index(survey.reading).filter(|_| site.action == Action::Create) {
        return Some(indexed(site, &index.of));
    }
    let statement = Statement::new(Basis::Repository, said);
    let statement = if site.action == Action::Modify { statement.at(site.file()) } else { statement };
    Some(risk(
        statement,
        Level::Medium,
        Level::High,
        "add before use, remove a release later; try it up and down on a copy".to_owned(),
    ))
}

/// An index is built over rows that are there: it changes none of them, and takes its time.
fn indexed(site: &Site<'_>, of: &str) -> Risk {
    let table = clean(of.rsplit_once('.').map_or(of, |(table, _)| table));
    let said = format!(
        "`{}` builds an index: writes to `{table}` may wait for it, the longer the more rows there are",
        site.path
    );
    let by_rule = migrations::guideline(site).map_or("time it on a copy as large as production".to_owned(), |rule| {
        format!("keep to {}, and time it on a copy", rule.text)
    });
    risk(Statement::new(Basis::Ticket, said), Level::Medium, Level::Medium, by_rule)
}

/// Code that decides who may do what.
fn sensitive(survey: &Survey<'_, '_>) -> Option<Risk> {
    let site = survey.sure_code().find(|s| security::guards(s))?;
    let said = format!("`{}` guards access: a mistake lets the wrong people in or keeps the right ones out", site.path);
    let statement = Statement::new(Basis::Repository, said).at(site.file());
    Some(risk(statement, Level::Low, Level::High, "test the refused case beside the allowed one".to_owned()))
}

/// Many files import what changes.
fn many_users(survey: &Survey<'_, '_>) -> Vec<Risk> {
    let wide = survey.code().filter(|s| s.action == Action::Modify && s.dependents.len() >= MANY_USERS);
    wide.filter_map(|site| used_widely(survey, site)).take(2).collect()
}

/// That many files use the symbols that change; of a file that names none, that many import it.
fn used_widely(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Risk> {
    let shown = |files: &[String]| files.iter().take(3).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    let Some(symbol) = site.symbols.first() else {
        let count = site.dependents.len();
        let many = if count >= 40 { "40 or more files".to_owned() } else { counted(count, "file") };
        let import = if ending(&site.path) == "go" { "use" } else { "import" };
        let said = format!("{many} {import} `{}` ({} …)", site.path, shown(&site.dependents));
        let keep = "run the whole test suite, not only the narrowed command".to_owned();
        let said = Statement::new(Basis::Repository, said).at(site.file());
        return Some(risk(said, Level::Medium, Level::Medium, keep));
    };
    let files: Vec<String> = uses::files(site, &site.symbols).into_iter().collect();
    if files.len() < MANY_USERS {
        return None;
    }
    let others = if site.symbols.len() > 1 { " or what changes beside it" } else { "" };
    let name = full_name(&site.path, symbol);
    let said = format!("{} use `{name}`{others} ({} …)", counted(files.len(), "file"), shown(&files));
    let public = site.symbols.iter().find(|s| s.is_public && !s.signature.is_empty());
    // Where the ticket itself changes a signature, keeping it is no way.
    let is_asked = survey.reading.told.to_lowercase().contains("signature");
    let keep = match public.filter(|_| !is_asked) {
        Some(s) => {
            format!("keep the signature `{}`, or change its callers in the same step", shorten(&signature(s), 100))
        }
        None if is_asked => "change all of them in the same step".to_owned(),
        None => "run the whole test suite, not only the narrowed command".to_owned(),
    };
    let said = Statement::new(Basis::Repository, said).at(site.symbol(symbol).file);
    Some(risk(said, Level::Medium, Level::Medium, keep))
}

/// Files that change and have no test near.
fn untested(survey: &Survey<'_, '_>) -> Option<Risk> {
    if !survey.reading.swaps.is_empty() {
        return None;
    }
    let bare = testing::untested(survey);
    let names: Vec<String> = bare.iter().take(3).map(|s| format!("`{}`", s.path)).collect();
    let (verb, them) = if bare.len() == 1 { ("has", "it changes") } else { ("have", "they change") };
    let more = if bare.len() > 3 { format!(" and {}", counted(bare.len() - 3, "other file")) } else { String::new() };
    let said = format!("{}{more} {verb} no test near: nothing shows today's behaviour before {them}", names.join(", "));
    let statement = bare.iter().take(3).fold(Statement::new(Basis::Repository, said), |s, site| s.at(site.file()));
    bare.first()?;
    Some(risk(statement, Level::Medium, Level::Medium, "write one that passes today before the change".to_owned()))
}

/// Files that history changes together with the list, and that are not on it. What made a file changes nothing.
fn companions(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Option<Risk> {
    let context: &Context = survey.contexts.first()?;
    let lead = survey.code().next()?;
    let changes =
        |past: &&PastChange, path: &String| !past.is_first && past.files.contains(path) && !past.made.contains(path);
    let touching: Vec<&PastChange> = context.past.iter().filter(|p| changes(p, &lead.path)).collect();
    let is_on_step = |file: &String| survey.sites.iter().any(|s| s.path == *file) || listed.holds(&FileRef::new(file));
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
