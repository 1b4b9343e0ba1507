//! Rollout: flags, migrations, compatibility, what is checked before, how it is taken back, what shows trouble.

use super::{Survey, layer::Layer, site::Site};
use crate::model::{
    context::FactKind,
    plan::{Action, Basis, Rollout, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// The rollout section.
pub fn of(survey: &Survey<'_, '_>) -> Rollout {
    let rollout = Rollout {
        flags: flags(survey),
        migration: migration(survey),
        compatibility: compatibility(survey),
        before: owners(survey).into_iter().collect(),
        production: deployment(survey),
        rollback: rollback(survey),
        monitoring: monitoring(survey),
        ..Rollout::default()
    };
    let is_empty =
        [&rollout.flags, &rollout.migration, &rollout.compatibility, &rollout.production, &rollout.monitoring]
            .iter()
            .all(|list| list.is_empty());
    let absent = is_empty.then(|| match survey.contexts.is_empty() {
        true => "Nothing can be said of deployment, flags or monitoring without a repository.".to_owned(),
        false => {
            "Looked for feature flags, migrations, deployment files and monitoring that this change meets; found none, so a revert takes it back whole."
                .to_owned()
        }
    });
    Rollout { absent, ..rollout }
}

/// Flags of the repository that share words with the ticket, or that guard code to change.
fn flags(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for (context, fact) in survey.facts(FactKind::FeatureFlag) {
        let is_near = survey.code().any(|s| std::ptr::eq(s.context, context) && s.path == fact.path);
        let shares = !terms(&fact.name).is_disjoint(survey.terms);
        if is_near || shares {
            let file = survey.fact_file(context, fact);
            let text = format!("Flag `{}` (`{}`) guards code near this change", clean(&fact.name), file.label());
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out.extend(survey.sites.iter().filter(|s| s.layer == Layer::Settings).filter_map(removed));
    out.truncate(3);
    out
}

/// A setting that goes: it is read until the code that reads it is gone.
fn removed(site: &Site<'_>) -> Option<Statement> {
    let todo = site.todo.iter().find(|t| t.text.ends_with("take it out there"))?;
    let name = todo.text.split('`').nth(3)?;
    let text =
        format!("`{name}` is read until the new code runs: take it out of the environment after that, not before");
    Some(Statement::new(Basis::Repository, text).at(site.file()))
}

/// Migrations run before the code that needs them.
fn migration(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let new = survey.sites.iter().filter(|s| s.layer == Layer::Migration && s.action == Action::Create);
    new.map(|s| Statement::new(Basis::Repository, format!("`{}` runs before the new code starts", s.path))).collect()
}

/// Public signatures and routes whose users are outside this change.
fn compatibility(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for (context, fact) in survey.facts(FactKind::Route) {
        let site = survey.code().find(|s| {
            std::ptr::eq(s.context, context)
                && s.symbols.iter().any(|x| fact.value.split([':', '.', '/']).any(|p| p == x.name))
        });
        if site.is_some() && out.len() < 2 {
            let file = survey.fact_file(context, fact);
            let text = format!(
                "If what `{}` (`{}`) answers changes, its clients see it: add fields, remove none",
                clean(&fact.name),
                file.label()
            );
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out
}

/// Who owns the files of the steps, by the repository's own list.
fn owners(survey: &Survey<'_, '_>) -> Option<Statement> {
    let matches = |pattern: &str, path: &str| {
        let bare = pattern.trim_start_matches('/').trim_end_matches(['*', '/']);
        pattern == "*"
            || (!bare.is_empty() && (path == bare || path.starts_with(&format!("{bare}/"))))
            || pattern.strip_prefix('*').is_some_and(|end| path.ends_with(end) && !end.is_empty())
    };
    let site = survey.code().next()?;
    // The last matching line wins (docs.github.com, "About code owners").
    let counts =
        |path: &str| path.rsplit_once('/').is_none_or(|(dir, _)| matches!(dir, ".github" | ".gitlab" | "docs"));
    let (context, fact) = survey
        .facts(FactKind::Owner)
        .filter(|(c, f)| counts(&f.path) && std::ptr::eq(*c, site.context) && matches(&f.name, &site.path))
        .last()?;
    let file = survey.fact_file(context, fact);
    let text = format!(
        "`{}` is owned by `{}` (`{}`): ask for review there",
        site.path,
        shorten(&clean(&fact.value), 80),
        file.label()
    );
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// How this repository is deployed.
fn deployment(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let facts = survey.facts(FactKind::Deployment).take(2);
    facts
        .map(|(context, fact)| {
            let file = survey.fact_file(context, fact);
            let value =
                if fact.value.is_empty() { String::new() } else { format!(": {}", shorten(&clean(&fact.value), 100)) };
            Statement::new(Basis::Repository, format!("Deployed by {} (`{}`){value}", clean(&fact.name), file.label()))
                .at(file)
        })
        .collect()
}

/// How the change is taken back.
fn rollback(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let stored = survey.sites.iter().find(|s| s.layer == Layer::Migration);
    let text = stored.map(|s| {
        format!(
            "A revert of the code leaves what `{}` did: write its way back, or make sure the old code runs with it",
            s.path
        )
    });
    text.map(|text| Statement::new(Basis::Repository, text)).into_iter().collect()
}

/// Metrics and logs that the files to change already write.
fn monitoring(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for (context, fact) in survey.facts(FactKind::Observability) {
        let user = survey.code().find(|s| {
            std::ptr::eq(s.context, context)
                && (s.path == fact.path
                    || s.text.as_deref().is_some_and(|t| fact.name.len() >= 4 && t.contains(fact.name.as_str())))
        });
        if let Some(site) = user {
            let text =
                format!("`{}` is used in `{}`: watch what it reports after the release", clean(&fact.name), site.path);
            out.push(Statement::new(Basis::Repository, text).at(survey.fact_file(context, fact)));
        }
    }
    out.truncate(3);
    out
}

/// Documents of the repository that speak of what changes.
pub fn handover(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let documents = survey.sites.iter().filter(|s| s.layer == Layer::Document).take(4);
    documents
        .map(|s| Statement::new(Basis::Repository, format!("`{}` tells people about it", s.path)).at(s.file()))
        .collect()
}
