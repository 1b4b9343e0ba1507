//! Turns a draft into a plan: what names the repository is looked up there, and is linked, corrected, marked or dropped.
//!
//! In: a [`Draft`] by any planner, the [`Context`]s it was made from, the [`Ticket`]. Out: a [`Plan`] with typed findings.
//! Pure: reads the trees that the contexts hold, nothing else. Never adds a statement of its own.

mod commands;
mod coverage;
mod ground;
mod links;
mod placeholder;
mod prose;
mod quality;
mod spans;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use self::ground::Ground;
use crate::model::{
    context::{Context, FactKind},
    plan::{
        Action, Citation, Draft, FileRef, Finding, FindingKind, Head, Plan, PlannedRepository, PlannedTicket, Remedy,
        Sections, Verified,
    },
    ticket::Ticket,
};

/// The version of the plan's JSON.
const FORMAT: u32 = 1;

/// Verifies a draft.
pub fn verify(draft: Draft, contexts: &[Context], ticket: &Ticket) -> Plan {
    let mut sections = draft.sections;
    let mut ground = Ground::new(contexts, ticket, &sections);
    steps::check(&mut ground, &mut sections);
    check_tests(&mut ground, &mut sections);
    check_packages(&mut ground, &mut sections);
    sections.loose_files_mut(&mut |slot| *slot = slot.take().and_then(|file| ground.existing_or_made(file)));
    commands::check(&mut ground, &mut sections);
    check_ids(&mut ground, &mut sections);
    sections.statements_mut(&mut |statement| {
        let citations = std::mem::take(&mut statement.citations);
        statement.citations = citations.into_iter().filter_map(|c| check_citation(&mut ground, c)).collect();
        prose::check(&mut ground, statement);
    });
    prose::check_lines(&mut ground, &mut sections);
    steps::check_tests(&mut sections);
    prose::drop_empty(&mut sections);
    quality::check(&mut ground, &sections);
    let coverage = coverage::of(&sections, &mut ground);
    for words in &draft.head.left_out {
        ground.find(FindingKind::LeftOut, words.clone(), None, Remedy::Dropped);
    }
    let mut findings = std::mem::take(&mut ground.findings);
    findings.sort();
    findings.dedup();
    let head = head(draft.head, contexts, ticket);
    Plan::seal(Verified { head, sections, coverage, findings })
}

/// The head: what the planner said of itself, and what is known of ticket and repositories.
fn head(draft: crate::model::plan::DraftHead, contexts: &[Context], ticket: &Ticket) -> Head {
    let repositories = contexts.iter().map(|context| PlannedRepository {
        name: context.repository.name.clone(),
        commit: context.commit.clone(),
        branch: context.branch.clone(),
        url: context.repository.web.as_ref().map(|web| web.base.clone()),
        commit_url: context.repository.web.as_ref().map(|web| web.commit(&context.commit)),
    });
    let mut confidence = draft.confidence;
    let mut ground = Ground::new(contexts, ticket, &Sections::default());
    for reason in &mut confidence.reasons {
        let citations = std::mem::take(&mut reason.citations);
        reason.citations = citations.into_iter().filter_map(|c| check_citation(&mut ground, c)).collect();
    }
    Head {
        format: FORMAT,
        ticket: PlannedTicket {
            reference: ticket.reference.clone(),
            title: crate::planner::words::clean(&ticket.title),
            url: ticket.url.clone(),
            type_name: ticket.type_name.clone(),
            labels: ticket.labels.clone(),
            priority: ticket.priority.clone(),
        },
        repositories: repositories.collect(),
        planner: draft.planner,
        date: draft.date,
        kind: draft.kind,
        kind_reason: draft.kind_reason,
        focus: draft.focus,
        focus_reason: draft.focus_reason,
        depth: draft.depth,
        confidence,
        model: draft.model,
    }
}

/// A citation that resolves, linked; `None` for one that does not.
fn check_citation(ground: &mut Ground<'_>, citation: Citation) -> Option<Citation> {
    match citation {
        Citation::File(file) => ground.existing(file).map(Citation::File),
        Citation::Commit(commit) => ground.commit(commit).map(Citation::Commit),
        Citation::Ticket { quote, place } => {
            if ground.in_ticket(&quote) {
                return Some(Citation::Ticket { quote, place });
            }
            ground.find(FindingKind::MissingQuote, quote.chars().take(120).collect(), None, Remedy::Dropped);
            None
        }
    }
}

/// Test files exist, or are new and do not.
fn check_tests(ground: &mut Ground<'_>, sections: &mut Sections) {
    for case in &mut sections.testing.cases {
        let Some(mut file) = case.file.take() else { continue };
        file.url = None;
        let exists = ground.tree_file(&file).is_some();
        case.file = match (case.action, exists) {
            (Action::Create, false) => ground.is_new_path(&file).then_some(file),
            (Action::Create, true) => {
                ground.find(FindingKind::AlreadyExists, file.path.clone(), None, Remedy::Corrected);
                case.action = Action::Modify;
                ground.existing(file)
            }
            _ => ground.existing(file),
        };
    }
}

/// Packages in use are declared, in the version that the manifest says; those to add are not there yet.
fn check_packages(ground: &mut Ground<'_>, sections: &mut Sections) {
    use crate::model::plan::PackageChange::{Add, Used};
    let kinds = [FactKind::Dependency, FactKind::Framework, FactKind::TestFramework];
    let facts = ground.contexts.iter().flat_map(|c| &c.facts).filter(|f| kinds.contains(&f.kind));
    let clean = crate::planner::words::clean;
    let declared: BTreeMap<String, Option<String>> =
        facts.map(|f| (clean(&f.name), f.version.as_deref().map(clean))).collect();
    sections.dependencies.packages.retain_mut(|package| {
        let Some(version) = declared.get(&package.name) else {
            if package.change != Add {
                let nearest = nearest_name(&package.name, declared.keys());
                ground.find(FindingKind::UnknownPackage, package.name.clone(), nearest, Remedy::Dropped);
            }
            return package.change == Add;
        };
        if package.change == Add {
            ground.find(FindingKind::AlreadyExists, package.name.clone(), None, Remedy::Corrected);
            package.change = Used;
        }
        if package.change == Used && version.is_some() && package.version.is_some() && package.version != *version {
            let said = format!("{} {}", package.name, package.version.as_deref().unwrap_or_default());
            ground.find(FindingKind::UnknownVersion, said, version.clone(), Remedy::Corrected);
            package.version.clone_from(version);
        }
        true
    });
    sections.technology.retain(|technology| {
        let is_declared = technology.file.is_some() || declared.contains_key(&technology.name);
        let is_known = ground.contexts.is_empty() || is_declared;
        if !is_known {
            let nearest = nearest_name(&technology.name, declared.keys());
            ground.find(FindingKind::UnknownPackage, technology.name.clone(), nearest, Remedy::Dropped);
        }
        is_known
    });
}

/// The name that begins most alike, if any begins alike at all.
fn nearest_name<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> Option<String> {
    let alike = |other: &str| name.chars().zip(other.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    known.max_by_key(|other| alike(other)).filter(|other| alike(other) >= 3).cloned()
}

/// Ids that steps and tests refer to are those of criteria and requirements.
fn check_ids(ground: &mut Ground<'_>, sections: &mut Sections) {
    let criteria = sections.criteria.iter().map(|c| c.id.clone());
    let known: BTreeSet<String> = criteria.chain(sections.requirements.iter().map(|r| r.id.clone())).collect();
    let steps = sections.phases.iter_mut().flat_map(|p| &mut p.steps).map(|s| &mut s.serves);
    for ids in steps.chain(sections.testing.cases.iter_mut().map(|c| &mut c.serves)) {
        ids.retain(|id| {
            let is_known = known.contains(id);
            if !is_known {
                ground.find(FindingKind::UnknownId, id.clone(), None, Remedy::Dropped);
            }
            is_known
        });
    }
}

/// Shortens the way to a finding.
impl Ground<'_> {
    fn find(&mut self, kind: FindingKind, said: String, nearest: Option<String>, done: Remedy) {
        self.findings.push(Finding { kind, said, nearest, done });
    }

    /// May a file be created under this path?
    fn is_new_path(&self, file: &FileRef) -> bool {
        ground::is_plain_path(&file.path) && self.context(file).is_some()
    }
}
