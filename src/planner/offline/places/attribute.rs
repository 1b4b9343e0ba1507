//! A new attribute of something that is kept: “record a pet's microchip number” where a `Pet` and a table `pets` are.
//!
//! In: the [`Reading`] and the files of a [`Context`]. Out: calls for the entity, the schema files that make its table,
//! the forms and pages that show its other attributes, its validator and the texts that name them. Bounded: a few each.

use super::{
    super::{code::layer::Layer, reading::Reading, sections::data::created_tables},
    called::Call,
    members, record,
    siblings::{self, Sibling},
    wanted::{self, Wanted, capital, singular},
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, terms};

/// Endings of files that people see.
pub const VIEWS: &[&str] = &[
    "html", "htm", "jsp", "jsx", "tsx", "vue", "svelte", "erb", "twig", "hbs", "ftl", "cshtml", "mustache", "haml",
    "jinja", "j2", "ejs", "pug",
];
/// Folders and names of translated texts.
const TEXTS: &[&str] = &["messages", "locales", "locale", "i18n", "lang", "translations"];
/// The most views, the most schema files, and the most files that are searched for each.
const MOST_VIEWS: usize = 3;
const MOST_SCHEMAS: usize = 6;
const SEARCHED: usize = 400;
/// Longer texts are not searched, in bytes.
const LONGEST: usize = 200_000;

/// The entity of a wanted attribute, as the repository has it.
struct Entity {
    path: String,
    symbol: Symbol,
    /// Telling names of its other attributes.
    others: Vec<String>,
}

/// The files that a new attribute concerns; `sibling` is the field beside which it goes, where one was found.
pub fn calls(
    context: &Context,
    reading: &Reading,
    repository: &Option<RepoName>,
    sibling: Option<&Sibling>,
) -> Vec<Call> {
    let Some(wanted) = wanted::of(context, reading) else { return Vec::new() };
    let tables = tables(context, &wanted.noun);
    let entity = entity(context, &wanted, !tables.is_empty());
    let calling = entity.as_ref().map(|entity| Calling { context, repository, wanted: &wanted, entity });
    if let Some(sibling) = sibling.filter(|sibling| !sibling.is_act()) {
        let mut out = sibling.calls(context, repository);
        let validator = calling.and_then(|call| call.validator()).filter(|_| !sibling.is_there());
        out.extend(validator.filter(|call| out.iter().all(|known| known.path != call.path)));
        return out;
    }
    let Some(call) = calling else { return Vec::new() };
    let mut out: Vec<Call> = call.schemas(tables);
    out.push(call.own());
    out.extend(call.validator());
    out.extend(call.views());
    out.extend(call.texts());
    out
}

/// What a migration is to be made for.
pub struct Migrated {
    /// The table, or what is kept in it where no migration names one.
    pub table: String,
    pub is_table: bool,
    pub attribute: String,
}

/// The table of the wanted attribute, where migrations make it or gave it the sibling.
pub fn migrated(context: &Context, reading: &Reading, sibling: Option<&Sibling>) -> Option<Migrated> {
    let wanted = wanted::of(context, reading)?;
    let tables = tables(context, &wanted.noun);
    if let Some(sibling) = sibling.filter(|sibling| !sibling.is_act()) {
        let (path, line) = sibling.migration()?;
        let text = context.tree.text(path).unwrap_or_default();
        let table = members::table_above(&text, line.saturating_sub(1) as usize);
        let table = table.or_else(|| tables.into_iter().next().map(|table| table.name));
        let is_table = table.is_some();
        return Some(Migrated { table: table.unwrap_or(wanted.noun), is_table, attribute: wanted.attribute });
    }
    let is_migrated = tables.iter().any(|t| t.is_migration) && tables.iter().all(|t| t.is_migration);
    let table = tables.into_iter().find(|_| is_migrated)?;
    entity(context, &wanted, true).map(|_| Migrated { table: table.name, is_table: true, attribute: wanted.attribute })
}

/// The field of the same record that the wanted one goes beside, where one of its kind is found in several places.
pub fn sibling(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Sibling> {
    let wanted = wanted::of(context, reading)?;
    let named = siblings::named(context, reading, &wanted.attribute);
    if named.is_some() {
        return named;
    }
    let worth = record::worth_of_name(&wanted.attribute).or_else(|| record::worth(&reading.all));
    let of = |record: Vec<_>| siblings::of_record(context, repository, &record, &wanted.attribute, worth);
    wanted::records(context, &wanted.noun).find_map(of)
}

/// A table of the noun's name, where it is made.
struct Table {
    name: String,
    path: String,
    line: u32,
    is_migration: bool,
}

/// Where the tables of the noun's name are made, by schema files and migrations.
fn tables(context: &Context, noun: &str) -> Vec<Table> {
    let mut out = Vec::new();
    let is_sql = |p: &&str| p.to_lowercase().ends_with(".sql");
    for path in context.tree.paths().filter(is_sql).take(SEARCHED) {
        let class = context.tree.file(path).map(|f| f.class);
        if matches!(class, Some(FileClass::Test | FileClass::Vendored | FileClass::Generated)) {
            continue;
        }
        let Some(text) = context.tree.text(path).filter(|t| t.len() <= LONGEST) else { continue };
        let is_named = |name: &String| singular(name.rsplit('.').next().unwrap_or(name)) == noun;
        let found = created_tables(&text).into_iter().find(|(_, name)| is_named(name));
        out.extend(found.map(|(line, name)| Table {
            name,
            path: path.to_owned(),
            line,
            is_migration: class == Some(FileClass::Migration),
        }));
    }
    out
}

/// The class of the noun's name that is kept: a table has its name, or it stands with the data.
fn entity(context: &Context, wanted: &Wanted, has_table: bool) -> Option<Entity> {
    let name: String = wanted.noun.split(['-', '_', ' ']).map(capital).collect();
    // What is itself an entity is no attribute.
    let own: String = wanted.attribute.split(' ').map(capital).collect();
    let is_type = |s: &Symbol| matches!(s.kind, SymbolKind::Class | SymbolKind::Struct | SymbolKind::Type);
    if context.tree.definitions(&own, 3).iter().any(|(_, s)| is_type(s)) {
        return None;
    }
    let is_kept = |path: &str| {
        let class = context.tree.file(path).map(|f| f.class);
        class == Some(FileClass::Source) && (has_table || Layer::of(path, FileClass::Source) == Layer::Data)
    };
    let found = context.tree.definitions(&name, 6).into_iter().find(|(path, s)| is_type(s) && is_kept(path));
    found.map(|(path, symbol)| {
        let others = others(context, &path, &symbol);
        Entity { path, symbol, others }
    })
}

/// Names of attributes that are no plain words: `birthDate`, `birth_date`.
fn others(context: &Context, path: &str, entity: &Symbol) -> Vec<String> {
    let text = context.tree.text(path).unwrap_or_default();
    let (skip, take) = (entity.line as usize, (entity.end_line - entity.line) as usize);
    let is_name = |w: &&str| {
        w.len() >= 6
            && w.starts_with(|c: char| c.is_ascii_lowercase())
            && (w.contains('_') || w.chars().any(char::is_uppercase))
    };
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().skip(skip).take(take.min(120)).filter(|l| !l.contains('(')) {
        let declared = line.split(['=', ';']).next().unwrap_or_default();
        let words = declared.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        out.extend(words.filter(is_name).map(str::to_owned));
    }
    out.sort();
    out.dedup();
    out.truncate(8);
    out
}

/// Is it a file of texts for people, by its name and its folders?
pub fn is_text(path: &str) -> bool {
    const DATA: &[&str] = &[".properties", ".po", ".json", ".yml", ".yaml", ".resx", ".arb", ".ftl"];
    let lower = path.to_lowercase();
    DATA.iter().any(|e| lower.ends_with(e)) && lower.split(['/', '.', '_', '-']).any(|w| TEXTS.contains(&w))
}

/// What the calls are made from.
struct Calling<'a> {
    context: &'a Context,
    repository: &'a Option<RepoName>,
    wanted: &'a Wanted,
    entity: &'a Entity,
}

impl Calling<'_> {
    fn at(&self, path: &str, line: u32) -> FileRef {
        FileRef::new(path).of(self.repository.clone()).lines(line, line)
    }

    fn call(&self, path: &str, line: u32, why: String, todo: String) -> Call {
        let file = self.at(path, line);
        let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
        Call {
            path: path.to_owned(),
            symbol: None,
            why: statement(why),
            todo: Some(statement(todo).into()),
            leads: false,
        }
    }

    /// Schema files that make the table, all of them: each database has its own.
    fn schemas(&self, tables: Vec<Table>) -> Vec<Call> {
        let made = tables.into_iter().filter(|t| !t.is_migration).take(MOST_SCHEMAS);
        made.map(|table| {
            let label = self.at(&table.path, table.line).label();
            let why = format!("`{label}` makes the table `{}`", clean(&table.name));
            let todo = format!("Give `{}` a column for the {} (`{label}`)", clean(&table.name), self.shown());
            self.call(&table.path, table.line, why, todo)
        })
        .collect()
    }

    fn own(&self) -> Call {
        let (name, line) = (&self.entity.symbol.name, self.entity.symbol.line);
        let label = self.at(&self.entity.path, line).label();
        let why = format!("`{name}` (`{label}`) is what the ticket wants the {} of", self.shown());
        let like = self.entity.others.first().map_or(String::new(), |other| format!(", as it has `{other}`"));
        let todo = format!("Give `{name}` the {}{like}", self.shown());
        Call { symbol: Some(self.entity.symbol.clone()), ..self.call(&self.entity.path, line, why, todo) }
    }

    /// The file that validates the entity, by its name.
    fn validator(&self) -> Option<Call> {
        let noun = Some(terms(&self.wanted.noun)).filter(|noun| !noun.is_empty())?;
        let wanted: std::collections::BTreeSet<String> = noun.into_iter().chain(terms("validator")).collect();
        let is_source = |p: &&str| self.context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
        let named = |p: &&str| wanted.is_subset(&terms(p.rsplit('/').next().unwrap_or(p)));
        let path = self.context.tree.paths().filter(is_source).find(named)?;
        let why = format!("`{path}` validates `{}` by its name", self.entity.symbol.name);
        Some(self.call(path, 1, why, format!("Check the {} where the rest is checked", self.shown())))
    }

    /// Pages and forms that show another attribute, those of the noun's name first.
    fn views(&self) -> Vec<Call> {
        let is_view = |p: &&str| VIEWS.contains(&p.rsplit('.').next().unwrap_or_default()) && !self.is_foreign(p);
        let noun = terms(&self.wanted.noun);
        let mut found: Vec<(bool, &str, u32, &str)> = Vec::new();
        for path in self.context.tree.paths().filter(is_view).take(SEARCHED) {
            let is_own = !terms(path.rsplit('/').next().unwrap_or(path)).is_disjoint(&noun);
            found.extend(self.shows(path).map(|(line, name)| (!is_own, path, line, name)));
        }
        found.sort();
        let calls = found.into_iter().take(MOST_VIEWS).map(|(_, path, line, name)| {
            let label = self.at(path, line).label();
            let why = format!("`{label}` shows `{name}` of `{}`", self.entity.symbol.name);
            let todo = format!("The {} stands beside `{name}` (`{label}`), where it is to be seen", self.shown());
            self.call(path, line, why, todo)
        });
        calls.collect()
    }

    /// The shortest file of texts that names another attribute; its translations follow it.
    fn texts(&self) -> Option<Call> {
        let is_texts = |p: &&str| is_text(p) && !self.is_foreign(p);
        let mut found: Vec<(&str, u32, &str)> = Vec::new();
        for path in self.context.tree.paths().filter(is_texts).take(SEARCHED) {
            found.extend(self.shows(path).map(|(line, name)| (path, line, name)));
        }
        let (path, line, name) = *found.iter().min_by_key(|(path, ..)| path.len())?;
        let label = self.at(path, line).label();
        let why = format!("`{label}` names `{name}` for people");
        let others = match found.len() - 1 {
            0 => String::new(),
            1 => ", and in its translation".to_owned(),
            n => format!(", and in its {n} translations"),
        };
        Some(self.call(path, line, why, format!("Name the {} beside `{name}` (`{label}`){others}", self.shown())))
    }

    /// The first line of a file with another attribute.
    fn shows(&self, path: &str) -> Option<(u32, &str)> {
        let text = self.context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let holds = |line: &str, name: &str| {
            line.match_indices(name)
                .any(|(at, _)| !line[..at].ends_with(is_word) && !line[at + name.len()..].starts_with(is_word))
        };
        text.lines()
            .zip(1_u32..)
            .find_map(|(line, number)| self.entity.others.iter().find(|o| holds(line, o)).map(|o| (number, o.as_str())))
    }

    fn is_foreign(&self, path: &str) -> bool {
        use FileClass::{Binary, Generated, Test, Vendored};
        self.context.tree.file(path).is_none_or(|f| matches!(f.class, Binary | Generated | Test | Vendored))
    }

    fn shown(&self) -> String {
        clean(&self.wanted.attribute)
    }
}
