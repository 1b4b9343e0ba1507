//! Fields that only some packs show, filled from what the rest of the draft rests on.
//!
//! In: the [`Survey`] and the draft's sections so far. Out: the same with deliverables, each step's part in a focus, stored
//! entities with their columns, people's data, checks by hand, coverage goals, deployment commands, and risks of time and
//! scope; each where the repository or the ticket shows one, and nothing where they do not.

use std::collections::BTreeSet;

use super::super::{
    Survey,
    code::{layer::Layer, path::folder, server},
    places::site::Site,
    work::{settle, steps::counted},
};
use crate::{
    model::{
        context::{Context, Fact, FactKind},
        job::Focus,
        plan::{
            Action, Basis, Citation, Entity, FileRef, Level, NamedText, Place, Risk, RiskKind, Sections, Statement,
            StepFocus, Technology,
        },
    },
    planner::{
        command::command_line,
        words::{clean, shorten},
    },
    richtext::markdown::code_span,
};

/// What makes an address that of a person, not of a machine.
const OF_PEOPLE: &[&str] =
    &["billing", "city", "customer", "delivery", "e-mail", "email", "home", "postal", "shipping", "street", "zip"];
/// Words that name data of people, as columns and fields do.
const PERSONAL: &[&str] = &["address", "birthday", "email", "iban", "passport", "phone", "surname"];
/// Packages by what they are for, where their name alone does not say it.
const PURPOSES: &[(&str, &[&str])] = &[
    ("Frontend", &["react", "vue", "svelte", "@angular/core", "solid-js", "preact", "htmx.org"]),
    (
        "Database",
        &[
            "sqlx",
            "diesel",
            "sea-orm",
            "rusqlite",
            "postgres",
            "pg",
            "mysql2",
            "mongodb",
            "mongoose",
            "prisma",
            "typeorm",
            "sequelize",
            "sqlalchemy",
            "psycopg",
            "psycopg2",
            "psycopg2-binary",
            "asyncpg",
            "pymongo",
            "gorm.io/gorm",
            "github.com/lib/pq",
            "github.com/jackc/pgx/v5",
            "activerecord",
            "Npgsql",
            "sqlite3",
            "better-sqlite3",
        ],
    ),
    (
        "Cache",
        &["redis", "ioredis", "memcached", "pymemcache", "moka", "lru", "cached", "github.com/redis/go-redis/v9"],
    ),
];
/// The roles of technology in the order in which packs show them.
const ROLES: &[&str] = &[
    "Language",
    "Framework",
    "Frontend",
    "Database",
    "Database client",
    "Cache",
    "Packages",
    "Testing",
    "CI",
    "Container",
    "Hosting",
    "Monitoring",
];
/// The most tables whose columns are shown, and columns of one.
const MOST_TABLES: usize = 3;
const MOST_COLUMNS: usize = 16;
/// The most later migrations that are searched for columns.
const MOST_LATER: usize = 60;

/// Fills the fields.
pub fn fill(survey: &Survey<'_, '_>, sections: &mut Sections) {
    technology(survey, sections);
    deliverables(sections);
    focus(survey, sections);
    for step in sections.phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        step.time = super::overview::size_of(survey, step);
    }
    acceptance(survey, sections);
    checklist(sections);
    super::super::work::once::say(sections);
    sections.data.entities.extend(entities(survey, &sections.data.notes));
    super::super::code::related::fill(survey, &mut sections.data);
    sections.security.data.extend(personal(survey));
    if !sections.security.data.is_empty() {
        sections.security.absent = None;
    }
    sections.testing.manual.extend(by_hand(survey));
    sections.testing.coverage_goal = coverage_goal(survey);
    deployment(survey, sections);
    sections.risks.extend(time_and_scope(survey, sections));
}

/// Database, cache, CI and hosting; and for everything in use, the file of the steps that uses it.
fn technology(survey: &Survey<'_, '_>, sections: &mut Sections) {
    for (context, fact) in survey.facts(FactKind::Dependency) {
        let name = clean(&fact.name);
        let role = PURPOSES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(role, _)| *role);
        let known = sections.technology.iter_mut().find(|t| t.name == name);
        match (role, known) {
            (Some(role), Some(known)) => role.clone_into(&mut known.role),
            (Some(role), None) => sections.technology.push(Technology {
                role: role.to_owned(),
                version: fact.version.as_deref().map(clean),
                file: Some(survey.fact_file(context, fact)),
                name,
                rationale: None,
            }),
            (None, _) => {}
        }
    }
    for (kind, role) in [(FactKind::Ci, "CI"), (FactKind::Deployment, "Hosting")] {
        if let Some((context, fact)) = survey.facts(kind).next() {
            sections.technology.push(Technology {
                role: role.to_owned(),
                name: clean(&fact.name),
                file: Some(survey.fact_file(context, fact)),
                ..Technology::default()
            });
        }
    }
    versions(survey, &mut sections.technology);
    let place = |role: &str| ROLES.iter().position(|known| *known == role).unwrap_or(ROLES.len());
    sections.technology.sort_by_key(|technology| place(&technology.role));
    for technology in &mut sections.technology {
        let uses = |site: &&Site<'_>| {
            let text = site.text.as_deref().filter(|_| technology.name.len() > 2);
            text.is_some_and(|text| super::super::code::uses::takes_in(text, &technology.name))
        };
        if let Some(site) = survey.code().find(uses) {
            let text = format!("{} uses it", code_span(&site.path));
            technology.rationale = Some(Statement::new(Basis::Repository, text).at(site.file()));
        }
    }
    only_used(&mut sections.technology);
    server::named(survey, &mut sections.technology);
}

/// The version of what is known by its settings, where a manifest declares it.
fn versions(survey: &Survey<'_, '_>, technology: &mut [Technology]) {
    for one in technology.iter_mut().filter(|t| t.version.is_none()) {
        let is_it = |fact: &Fact| clean(&fact.name) == one.name && fact.version.is_some();
        let found = survey.facts(FactKind::Dependency).find(|(_, fact)| is_it(fact));
        if let Some((context, fact)) = found {
            one.version = fact.version.as_deref().map(clean);
            one.file = Some(survey.fact_file(context, fact));
        }
    }
}

/// Of several libraries for one purpose, those that the files of the steps use; the first where they use none.
fn only_used(technology: &mut Vec<Technology>) {
    const BY_USE: &[&str] = &["Framework", "Frontend", "Database", "Cache", "Monitoring"];
    for role in BY_USE {
        let has_used = technology.iter().any(|t| t.role == *role && t.rationale.is_some());
        let mut is_first = true;
        technology.retain(|t| {
            let stays = t.role != *role || if has_used { t.rationale.is_some() } else { is_first };
            is_first &= t.role != *role;
            stays
        });
    }
}

/// What a titled phase hands over: the files that it makes, and the criteria that no later phase serves.
fn deliverables(sections: &mut Sections) {
    let mut later: BTreeSet<String> = BTreeSet::new();
    for phase in sections.phases.iter_mut().rev() {
        let own: BTreeSet<String> = phase.steps.iter().flat_map(|step| step.serves.iter().cloned()).collect();
        if !phase.title.is_empty() {
            let files = phase.steps.iter().flat_map(|step| &step.files);
            let made: Vec<String> =
                files.filter(|f| f.action == Action::Create).map(|f| code_span(&f.file.path)).collect();
            if !made.is_empty() {
                phase.deliverables.push(Statement::new(Basis::Repository, format!("New: {}", made.join(", "))));
            }
            let met: Vec<&str> = own.difference(&later).map(String::as_str).collect();
            if !met.is_empty() {
                phase.deliverables.push(Statement::new(Basis::Ticket, format!("Met afterwards: {}", met.join(", "))));
            }
        }
        later.extend(own);
    }
}

/// Each step's part in security, performance or reliability: what those sections say of a criterion that it serves.
fn focus(survey: &Survey<'_, '_>, sections: &mut Sections) {
    let (security, performance) = (&sections.security, &sections.performance);
    let of = |focus: Focus, lists: &[&Vec<Statement>]| -> Vec<(Focus, Statement)> {
        lists.iter().flat_map(|list| list.iter()).map(|s| (focus, s.clone())).collect()
    };
    let mut said = of(Focus::Security, &[&security.access, &security.secrets]);
    said.extend(of(Focus::Performance, &[&performance.targets]));
    said.extend(of(Focus::Reliability, &[&sections.reliability.requirements]));
    let first = super::overview::focus(survey).0;
    said.sort_by_key(|(focus, _)| Some(*focus) != first);
    for step in sections.phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let served = survey.asked.iter().filter(|a| step.serves.iter().any(|id| id == a.id));
        let texts: Vec<&str> = served.map(|a| a.text).collect();
        let is_of = |s: &Statement| {
            s.citations.iter().any(|c| matches!(c, Citation::Ticket { quote, .. } if texts.contains(&quote.as_str())))
        };
        let found = said.iter().find(|(_, statement)| is_of(statement));
        step.focus = found.map(|(focus, note)| StepFocus { focus: *focus, note: note.clone() });
    }
}

/// When a step is done, by what it serves: each id with the tests that show it.
fn acceptance(survey: &Survey<'_, '_>, sections: &mut Sections) {
    let cases = &sections.testing.cases;
    let is_document = |path: &str| survey.sites.iter().any(|s| s.path == path && s.layer == Layer::Document);
    let last = settle::last(&sections.phases);
    for (step, met) in sections.phases.iter_mut().flat_map(|phase| &mut phase.steps).zip(last) {
        // What only documents serve is read, not tested.
        let is_read = step.files.iter().all(|f| is_document(&f.file.path));
        let told = step.serves.iter().filter(|id| met.contains(*id)).map(|id| {
            let shown: Vec<&str> = cases.iter().filter(|c| c.serves.contains(id)).map(|c| c.id.as_str()).collect();
            let text = match (shown.is_empty(), is_read) {
                (true, true) => format!("{id}, which is read"),
                (true, false) => format!("{id}, which no test shows"),
                (false, _) => format!("{id}, shown by {}", shown.join(", ")),
            };
            Statement::new(Basis::Ticket, text)
        });
        step.acceptance = told.collect();
    }
}

/// The tests that show what the security section says of the ticket.
fn checklist(sections: &mut Sections) {
    let security = &sections.security;
    let quotes: Vec<&str> = [&security.access, &security.secrets]
        .into_iter()
        .flatten()
        .flat_map(|s| &s.citations)
        .filter_map(|c| if let Citation::Ticket { quote, .. } = c { Some(quote.as_str()) } else { None })
        .collect();
    let criteria = sections.criteria.iter().filter(|c| quotes.contains(&c.text.as_str())).map(|c| &c.id);
    let requirements = sections.requirements.iter().filter(|r| quotes.contains(&r.text.as_str())).map(|r| &r.id);
    let ids: Vec<&String> = criteria.chain(requirements).collect();
    let shows = sections.testing.cases.iter().filter(|case| case.serves.iter().any(|id| ids.contains(&id)));
    let told = shows.map(|c| Statement::new(Basis::Ticket, format!("{} shows {}", c.id, c.serves.join(", "))));
    sections.security.checklist = told.collect();
}

/// The tables that the data section names, with their columns as SQL declares them.
fn entities(survey: &Survey<'_, '_>, notes: &[Statement]) -> Vec<Entity> {
    let cited = notes.iter().flat_map(|note| &note.citations);
    let tables = cited.filter_map(|c| if let Citation::File(file) = c { Some(file) } else { None });
    let mut out: Vec<Entity> = Vec::new();
    for file in tables.filter(|file| file.symbol.is_some()).take(MOST_TABLES) {
        let name = file.symbol.clone().unwrap_or_default();
        let context = survey.contexts.iter().find(|c| file.repository.as_ref().is_none_or(|r| *r == c.repository.name));
        let Some(text) = context.and_then(|c| c.tree.text(&file.path)) else { continue };
        let mut fields = columns(&text, &name);
        fields.extend(context.into_iter().flat_map(|c| added(c, &file.path, &name)));
        fields.truncate(MOST_COLUMNS);
        if !fields.is_empty() && out.iter().all(|known| known.name != name) {
            out.push(Entity { name, file: Some(file.clone()), fields });
        }
    }
    out
}

/// The columns that later files of the same folder add to a table.
fn added(context: &Context, from: &str, table: &str) -> Vec<NamedText> {
    let is_later = |p: &&str| *p > from && p.ends_with(".sql") && folder(p) == folder(from);
    let texts = context.tree.paths().filter(is_later).take(MOST_LATER).filter_map(|p| context.tree.text(p));
    texts.flat_map(|text| added_columns(&text, table)).collect()
}

/// The columns of `ALTER TABLE name ADD COLUMN …`, which may stand over several lines.
fn added_columns(sql: &str, table: &str) -> Vec<NamedText> {
    let is_of_table = |statement: &&str| {
        let lower = statement.to_ascii_lowercase();
        let rest = lower.trim_start().strip_prefix("alter table ").map(|r| r.trim_start_matches("if exists "));
        rest.and_then(|r| r.split_whitespace().next())
            .is_some_and(|n| n.trim_matches(['"', '`']) == table.to_lowercase())
    };
    let told = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let in_one_line: Vec<&str> = told.flat_map(str::split_whitespace).collect();
    let in_one_line = in_one_line.join(" ");
    let mut out = Vec::new();
    for statement in in_one_line.split(';').map(str::trim).filter(is_of_table) {
        let lower = statement.to_ascii_lowercase();
        for (at, _) in lower.match_indices("add column ") {
            let rest = statement[at + "add column ".len()..].trim_start();
            let rest = rest.strip_prefix("IF NOT EXISTS ").or(rest.strip_prefix("if not exists ")).unwrap_or(rest);
            let end = rest.to_ascii_lowercase().find(", add ").unwrap_or(rest.len());
            if let Some((name, kind)) = rest[..end].trim_end_matches(',').trim().split_once(' ') {
                let text = shorten(&clean(kind), 80);
                out.push(NamedText { name: name.trim_matches(['"', '`']).to_owned(), text });
            }
        }
    }
    out
}

/// The columns of `CREATE TABLE name (…)`, one a line, and a key over several of them.
fn columns(sql: &str, table: &str) -> Vec<NamedText> {
    let is_start = |line: &&str| {
        let lower = line.to_ascii_lowercase();
        let named = lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == table.to_lowercase());
        lower.trim_start().starts_with("create table") && named && lower.contains('(')
    };
    let mut lines = sql.lines().skip_while(|line| !is_start(line)).skip(1);
    let mut out = Vec::new();
    for line in lines.by_ref().take_while(|line| !line.trim_start().starts_with(')')).take(MOST_COLUMNS * 2) {
        let line = line.split("--").next().unwrap_or_default().trim().trim_end_matches(',');
        let Some((name, kind)) = line.split_once(' ') else { continue };
        if name.eq_ignore_ascii_case("primary") && out.len() < MOST_COLUMNS {
            let key = line[line.find('(').unwrap_or(0)..].trim_matches(['(', ')']).to_owned();
            out.push(NamedText { name: "primary key".to_owned(), text: shorten(&clean(&key), 80) });
        }
        let is_column = name.chars().all(|c| c.is_alphanumeric() || "_\"`".contains(c));
        let is_rule = ["constraint", "primary", "foreign", "unique", "check", "index", "key"]
            .contains(&name.to_ascii_lowercase().as_str());
        if is_column && !is_rule && out.len() < MOST_COLUMNS {
            let text = shorten(&clean(kind), 80);
            out.push(NamedText { name: name.trim_matches(['"', '`']).to_owned(), text });
        }
    }
    out
}

/// Names of people's data in the symbols to change, each file with its first line: that of the symbol to change first.
fn personal(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out: Vec<Statement> = survey.sure_code().filter_map(personal_line).collect();
    out.truncate(3);
    out
}

fn personal_line(site: &Site<'_>) -> Option<Statement> {
    let text = site.text.as_deref()?;
    let word_of = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let is_human = |w: &str| w != "address" || OF_PEOPLE.iter().any(|of| lower.contains(of));
        let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| is_human(w));
        words.find_map(|w| PERSONAL.iter().find(|p| **p == w).copied())
    };
    let (word, number) = site.symbols.iter().find_map(|symbol| {
        let is_inside = |at: u32| symbol.line <= at && at <= symbol.end_line;
        let mut lines = text.lines().zip(1_u32..).filter(|(_, at)| is_inside(*at));
        lines.find_map(|(line, at)| Some((word_of(line)?, at)))
    })?;
    let file = site.file().lines(number, number);
    let said = format!("`{}` handles `{word}`, data of people", file.label());
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// The ticket's own way to see the fault, played again.
fn by_hand(survey: &Survey<'_, '_>) -> Option<Statement> {
    let steps = &survey.reading.reproduction;
    let expected = survey.reading.expected.as_ref()?;
    if steps.is_empty() {
        return None;
    }
    let text = format!("Play the ticket's {}: then “{}”", counted(steps.len(), "step"), shorten(&expected.text, 160));
    Some(Statement::new(Basis::Ticket, text).citing(super::super::work::steps::quote(expected)))
}

/// The coverage that a settings file of the repository demands.
fn coverage_goal(survey: &Survey<'_, '_>) -> Option<Statement> {
    let names =
        ["codecov.yml", ".codecov.yml", ".coveragerc", "pyproject.toml", "setup.cfg", "jest.config.js", "package.json"];
    let keys = ["fail_under", "target:", "\"lines\":", "lines:"];
    let context = survey.contexts.first()?;
    names.iter().find_map(|path| {
        let text = context.tree.text(path)?;
        let speaks = path.contains("codecov") || text.contains("fail_under") || text.contains("coverageThreshold");
        let (line, number) = text
            .lines()
            .zip(1u32..)
            .find(|(line, _)| keys.iter().any(|key| line.contains(key)) && line.chars().any(|c| c.is_ascii_digit()))?;
        let file = FileRef::new(*path).lines(number, number);
        let said = format!("`{}` demands `{}`", file.label(), shorten(&clean(line).replace('`', "'"), 60));
        speaks.then(|| Statement::new(Basis::Repository, said).at(file))
    })
}

/// Commands of the repository that deploy or take back, and what is said of staging apart from production.
fn deployment(survey: &Survey<'_, '_>, sections: &mut Sections) {
    let is_staging = |text: &str| text.to_lowercase().contains("staging");
    let rollout = &mut sections.rollout;
    let (staging, production) = std::mem::take(&mut rollout.production).into_iter().partition(|s| is_staging(&s.text));
    (rollout.staging, rollout.production) = (staging, production);
    for (context, fact) in survey.facts(FactKind::OtherCommand).chain(survey.facts(FactKind::RunCommand)) {
        let line = command_line(fact);
        let lower = line.to_lowercase();
        let has = |words: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
        let home = match () {
            // What brings a database up to date deploys nothing.
            () if lower.contains("migrat") => continue,
            () if has(&["rollback"]) => &mut rollout.rollback,
            () if has(&["deploy", "release"]) && is_staging(line) => &mut rollout.staging,
            () if has(&["deploy"]) => &mut rollout.production,
            () => continue,
        };
        if home.len() < 3 {
            home.push(said_by(survey, context, fact, line));
        }
    }
    if !rollout.staging.is_empty() || !rollout.production.is_empty() {
        rollout.absent = None;
    }
}

/// A command line with the place that says it.
fn said_by(survey: &Survey<'_, '_>, context: &Context, fact: &Fact, line: &str) -> Statement {
    let file = survey.fact_file(context, fact);
    Statement::new(Basis::Repository, format!("{} ({})", code_span(&clean(line)), code_span(&file.label()))).at(file)
}

/// What can delay the work or change what it is: open questions, tickets before it, a scope that moved.
fn time_and_scope(survey: &Survey<'_, '_>, sections: &Sections) -> Vec<Risk> {
    let mut out = Vec::new();
    let mut add = |kind, said: String, impact, answer: String| {
        let risk = Statement::new(Basis::Ticket, said);
        let mitigation = Statement::new(Basis::Ticket, answer);
        out.push(Risk { kind, risk, likelihood: Level::Medium, impact, mitigation });
    };
    let before = sections.dependencies.upstream.len();
    if before > 0 {
        let said = format!("The ticket waits for {}", counted(before, "other ticket"));
        add(RiskKind::Timeline, said, Level::High, "begin with the steps that do not need them".to_owned());
    }
    let mut comments: Vec<&Place> = survey.overruled.iter().map(|(_, found)| &found.place).collect();
    comments.dedup();
    let moved = comments.len();
    if moved > 0 {
        let said = match moved {
            1 => "The scope moved after the description: a maintainer's comment takes back a part of it".to_owned(),
            n => format!("The scope moved after the description: {n} comments of maintainers take back a part of it"),
        };
        add(RiskKind::Business, said, Level::Medium, "let the author confirm what is settled".to_owned());
    }
    let left_out = survey.reading.criteria_left_out;
    if left_out > 0 {
        let said = format!(
            "{} do not fit into one plan",
            counted(left_out, "acceptance criterion").replace("criterions", "criteria")
        );
        add(RiskKind::Business, said, Level::High, "split the ticket".to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_off_a_table() {
        let sql = "CREATE TABLE carts (\n  id BIGINT\n);\nCREATE TABLE orders (\n  id BIGINT PRIMARY KEY, -- ours\n  email TEXT NOT NULL,\n  PRIMARY KEY (id),\n  total NUMERIC(10, 2)\n);\n";
        let found: Vec<String> =
            columns(sql, "orders").into_iter().map(|f| format!("{}: {}", f.name, f.text)).collect();
        assert_eq!(
            found,
            ["id: BIGINT PRIMARY KEY", "email: TEXT NOT NULL", "primary key: id", "total: NUMERIC(10, 2)"]
        );
    }

    #[test]
    fn columns_that_come_later_are_read() {
        let sql = "-- ours\nALTER TABLE orders\n  ADD COLUMN coupon TEXT,\n  ADD COLUMN discount_cents BIGINT NOT NULL DEFAULT 0;\nALTER TABLE carts ADD COLUMN x INT;\n";
        let found: Vec<String> =
            added_columns(sql, "orders").into_iter().map(|f| format!("{}: {}", f.name, f.text)).collect();
        assert_eq!(found, ["coupon: TEXT", "discount_cents: BIGINT NOT NULL DEFAULT 0"]);
    }
}
