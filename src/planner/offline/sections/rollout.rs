//! Rollout: flags, migrations, compatibility, what is checked before, how it is taken back, what shows trouble.

use super::{
    super::{
        Survey,
        code::{layer::Layer, logs, path::stem},
        places::{
            companions,
            site::Site,
            states,
            todo::{Act, Todo},
        },
        work::listed::Listed,
    },
    aftermath, owners,
};
use crate::model::{
    context::{FactKind, FileClass},
    plan::{Action, Basis, FileRef, Rollout, Statement},
};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// The rollout section.
pub fn of(survey: &Survey<'_, '_>, listed: &Listed<'_>) -> Rollout {
    let rollout = Rollout {
        flags: flags(survey),
        migration: migration(survey),
        compatibility: compatibility(survey),
        before: owners::of(survey).into_iter().chain(companions::fragment(survey)).collect(),
        production: deployment(survey),
        rollback: rollback(survey),
        monitoring: logs::of(survey, listed),
        figures: aftermath::figures(survey),
        support: aftermath::support(survey),
        ..Rollout::default()
    };
    let is_empty =
        [&rollout.flags, &rollout.migration, &rollout.compatibility, &rollout.production, &rollout.monitoring]
            .iter()
            .all(|list| list.is_empty());
    let absent = is_empty.then(|| match survey.contexts.is_empty() {
        true => "Nothing can be said of deployment, flags or monitoring without a repository.".to_owned(),
        false => {
            "Looked in the files that change for feature flags, new migrations and lines that write a log or a metric \
                  of what the ticket speaks of; found none."
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
        if is_near {
            let file = survey.fact_file(context, fact);
            let text = format!("Flag `{}` (`{}`) guards code near this change", clean(&fact.name), file.label());
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out.extend(survey.sites.iter().filter(|s| s.layer == Layer::Settings).filter_map(removed));
    out.extend(survey.sites.iter().find_map(declared));
    out.extend(survey.sites.iter().find_map(|site| set_first(survey, site)));
    out.truncate(3);
    out
}

/// A flag that this change declares: the release begins without it.
fn declared(site: &Site<'_>) -> Option<Statement> {
    let name = site.todo.iter().find_map(|t| if let Act::DeclareFlag(name) = &t.act { Some(name) } else { None })?;
    let text = format!("Flag `{name}` is declared in `{}`: release with it off, then switch it on", site.path);
    Some(Statement::new(Basis::Repository, text).at(site.file()))
}

/// A setting that is new: whoever runs the program gives it first.
fn set_first(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Statement> {
    site.todo.iter().find(|t| matches!(t.act, Act::DeclareSetting(_)))?;
    let example = survey.sites.iter().find(|s| s.layer == Layer::Settings).map(Site::file);
    let where_to = example.as_ref().map_or(String::new(), |file| format!(", as `{}` shows it", file.path));
    let text = format!(
        "The new value that `{}` reads is set where the program runs{where_to}, before the new code starts: \
         try it without, too",
        site.path
    );
    Some(example.into_iter().fold(Statement::new(Basis::Repository, text), Statement::at))
}

/// A setting that goes: it is read until the code that reads it is gone.
fn removed(site: &Site<'_>) -> Option<Statement> {
    let name = site.todo.iter().find_map(Todo::removes)?;
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

/// How this repository is deployed, and where its new migrations run by themselves.
fn deployment(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let facts = survey.facts(FactKind::Deployment).filter(|(_, fact)| is_of_change(survey, &fact.path)).take(2);
    let told = facts.map(|(context, fact)| {
        let file = survey.fact_file(context, fact);
        let value = clean(&fact.value);
        let is_shown = !value.is_empty() && value.chars().count() <= 100;
        let value = if is_shown { format!(": {value}") } else { String::new() };
        Statement::new(Basis::Repository, format!("Deployed by {} (`{}`){value}", clean(&fact.name), file.label()))
            .at(file)
    });
    told.chain(started(survey)).collect()
}

/// Does a deployment file stand for all of the repository, or for a folder in which something changes?
fn is_of_change(survey: &Survey<'_, '_>, path: &str) -> bool {
    const OWN: &[&str] =
        &["deploy", "deployment", "docker", "infra", "k8s", "kubernetes", "helm", "charts", "ops", "docs"];
    let top = path.split_once('/').map(|(top, _)| top);
    top.is_none_or(|top| {
        let below = format!("{top}/");
        top.starts_with('.') || OWN.contains(&top) || survey.code().any(|site| site.path.starts_with(&below))
    })
}

/// The line of a container file that runs migrations, for a plan with one.
fn started(survey: &Survey<'_, '_>) -> Option<Statement> {
    let has_migration = survey.touches(Layer::Migration);
    let files = survey.facts(FactKind::Container).take(4);
    files.filter(|_| has_migration).find_map(|(context, fact)| {
        let text = context.tree.text(&fact.path)?;
        let is_run = |line: &str| {
            let lower = line.to_lowercase();
            lower.contains("migrat") && ["cmd", "entrypoint", "command"].iter().any(|w| lower.contains(w))
        };
        let (at, line) = (1_u32..).zip(text.lines()).find(|(_, line)| is_run(line))?;
        let file = FileRef { lines: None, ..survey.fact_file(context, fact) }.lines(at, at);
        let said = format!("`{}` runs migrations when the container starts: {}", file.label(), code_span(&clean(line)));
        Some(Statement::new(Basis::Repository, said).at(file))
    })
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
    let stored = text.map(|text| match stored.and_then(kept_file) {
        Some((own, file)) => Statement::new(Basis::Repository, format!("{text}. {own}")).at(file),
        None => Statement::new(Basis::Repository, text),
    });
    let settings = survey.sites.iter().filter(|s| s.layer == Layer::Settings);
    let asked_again = settings.filter_map(|site| {
        let name = site.todo.iter().find_map(Todo::removes)?;
        let text = format!("A revert brings back code that reads `{name}`: set it in the environment first");
        Some(Statement::new(Basis::Repository, text).at(site.file()))
    });
    let coined = survey.contexts.first().and_then(|c| states::left_behind(c, survey.reading, &None));
    let open = super::questions::stored_by(survey).filter(|_| stored.is_none()).map(|decides| {
        let text = format!(
            "Revert the merge; an open question decides {decides}, and what it keeps needs a way back of its own"
        );
        Statement::new(Basis::Repository, text)
    });
    stored.into_iter().chain(open).chain(asked_again.take(1)).chain(coined).collect()
}

/// The line at which the program runs its migrations by a library that refuses to start where one that was applied has no
/// file: sqlx (`MigrateError::VersionMissing`, unless `set_ignore_missing`), Flyway (`validateOnMigrate`).
fn kept_file(site: &Site<'_>) -> Option<(String, FileRef)> {
    const RUNS: &[&str] = &["migrate!(", "Migrator::new(", "Flyway.configure"];
    const MOST: usize = 400;
    let tree = &site.context.tree;
    let is_source = |p: &&str| tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let runs = |path: &str| {
        let text = tree.text(path).filter(|text| !text.contains("set_ignore_missing"))?;
        let found = (1_u32..).zip(text.lines()).find(|(_, line)| RUNS.iter().any(|run| line.contains(run)));
        found.map(|(at, _)| site.sibling(path).lines(at, at))
    };
    let homes = ["main", "Main", "lib", "Application", "app", "App", "db", "mod", "database"];
    let named = |p: &&str| homes.contains(&stem(p));
    let file = tree.paths().filter(is_source).filter(named).take(MOST).find_map(runs)?;
    let text = format!(
        "Keep its file in a revert: `{}` runs the migrations, and refuses to start where one that was applied has no file",
        file.label()
    );
    Some((text, file))
}

/// Documents of the repository that speak of what changes.
pub fn handover(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let documents = survey.sites.iter().filter(|s| s.layer == Layer::Document).take(4);
    documents
        .map(|s| Statement::new(Basis::Repository, format!("Bring `{}` up to date", s.path)).at(s.file()))
        .collect()
}
