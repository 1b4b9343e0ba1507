//! A new attribute of something that is kept: “record a pet's microchip number” where a `Pet` and a table `pets` are.
//!
//! In: the [`Reading`] and the files of a [`Context`]. Out: calls for the entity, the schema files that make its table,
//! the forms and pages that show its other attributes, its validator and the texts that name them. Bounded: a few each.

use super::{
    super::{code::layer::Layer, reading::Reading, sections::data::created_tables},
    called::Call,
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, terms};

/// Words by which a sentence wants something kept.
const VERBS: &[&str] = &["store", "record", "save", "keep", "track", "remember", "persist", "capture", "add"];
/// What an attribute of a plain “add … to” is called.
const NOUNS: &[&str] = &["field", "column", "attribute", "property", "number", "date", "code", "note", "notes"];
/// Words that end an attribute.
const ENDS: &[&str] = &["so", "that", "when", "and", "or", "in", "on", "to", "for", "with", "which", "if", "as", "of"];
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

/// What a ticket wants kept of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// `pet`: lower case, in the singular.
    pub noun: String,
    /// `microchip number`.
    pub attribute: String,
}

/// The entity of a wanted attribute, as the repository has it.
struct Entity {
    path: String,
    symbol: Symbol,
    /// Telling names of its other attributes.
    others: Vec<String>,
}

/// The files that a new attribute concerns.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let Some(wanted) = wanted(reading) else { return Vec::new() };
    let tables = tables(context, &wanted.noun);
    let Some(entity) = entity(context, &wanted, !tables.is_empty()) else { return Vec::new() };
    let call = Calling { context, repository, wanted: &wanted, entity: &entity };
    let mut out: Vec<Call> = call.schemas(tables);
    out.push(call.own());
    out.extend(call.validator());
    out.extend(call.views());
    out.extend(call.texts());
    out
}

/// The table of the wanted attribute and the attribute, where only migrations make the table.
pub fn migrated(context: &Context, reading: &Reading) -> Option<(String, String)> {
    let wanted = wanted(reading)?;
    let tables = tables(context, &wanted.noun);
    let is_migrated = tables.iter().any(|t| t.is_migration) && tables.iter().all(|t| t.is_migration);
    let table = tables.into_iter().find(|_| is_migrated)?;
    entity(context, &wanted, true).map(|_| (table.name, wanted.attribute))
}

/// What the title or the story wants kept.
fn wanted(reading: &Reading) -> Option<Wanted> {
    let story = reading.story.as_ref().map(|s| s.wants.as_str());
    let told = std::iter::once(reading.title.as_str()).chain(story).find_map(parsed);
    let told = told.or_else(|| reading.asked().find_map(|(_, text)| stays(text)));
    let sentences = reading.sentences.iter().map(|found| found.text.as_str());
    let asked = reading.asked().map(|(_, text)| text);
    told.or_else(|| sentences.chain(asked).chain([reading.title.as_str()]).find_map(setting))
}

/// “Add a feed setting `pause_refresh`”, “an option per feed to pause it”: each feed gets it.
fn setting(text: &str) -> Option<Wanted> {
    const SETTINGS: &[&str] = &["setting", "option", "flag", "checkbox", "toggle"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-')).collect();
    let at = words.iter().position(|word| SETTINGS.contains(word))?;
    let is_noun = |word: &str| word.len() >= 3 && word.chars().all(|c| c.is_ascii_lowercase());
    let before = at.checked_sub(2).map(|from| (words[from], words[at - 1]));
    let noun = match (before, words.get(at + 1), words.get(at + 2)) {
        (_, Some(&("per" | "for")), Some(&("each" | "every"))) => words.get(at + 3).copied(),
        (_, Some(&"per"), noun) => noun.copied(),
        (Some(("a" | "an" | "new" | "per", noun)), ..) => Some(noun),
        _ => None,
    };
    let noun =
        noun.filter(|noun| is_noun(noun) && !["new", "boolean", "config", "configuration", "global"].contains(noun))?;
    let named = text.split('`').skip(1).step_by(2).find(|code| !code.is_empty() && !code.contains(' '));
    let label = || text.split(['"', '“', '”']).nth(1).filter(|label| !label.is_empty());
    let goal = || lower.split_once(" to ").map(|(_, goal)| goal.trim_end_matches('.'));
    let attribute = named.or_else(label).or_else(goal).filter(|text| text.chars().count() <= 60)?;
    Some(Wanted { noun: singular(noun), attribute: attribute.replace('`', "") })
}

/// “A cancelled visit stays in the database with the time of its cancellation”: the visit gets the time.
fn stays(text: &str) -> Option<Wanted> {
    const STAYS: &[&str] =
        &[" stays ", " stay ", " remains ", " remain ", " is kept ", " are kept ", " is stored ", " are stored "];
    let lower = text.to_lowercase().trim_end_matches('.').to_owned();
    let (subject, rest) = STAYS.iter().find_map(|word| lower.split_once(word))?;
    let (place, attribute) = rest.split_once("with ")?;
    let words: Vec<&str> = attribute.split(' ').collect();
    let begins = ["the", "its", "their", "a", "an"].contains(words.first()?) && (2..=6).contains(&words.len());
    let noun =
        subject.split(' ').next_back().filter(|noun| noun.len() >= 3 && noun.chars().all(char::is_alphabetic))?;
    let is_plain = subject.split(' ').count() <= 4 && place.split(' ').count() <= 4;
    (begins && is_plain).then(|| Wanted { noun: singular(noun), attribute: words[1..].join(" ") })
}

/// “record a pet's microchip number”, “add a birth date field to customers”.
fn parsed(text: &str) -> Option<Wanted> {
    let lower = text.to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':')).collect();
    let verb = words.iter().position(|w| VERBS.contains(w))?;
    let rest = &words[verb + 1..words.len().min(verb + 12)];
    let phrase = |words: &[&str]| -> String {
        let kept = words.iter().take_while(|w| !ENDS.contains(w) && !w.is_empty()).take(3);
        kept.copied().collect::<Vec<_>>().join(" ")
    };
    let article = |w: &&str| ["a", "an", "the", "each", "every", "all", "new"].contains(w);
    let owned = rest.iter().position(|w| w.ends_with("'s")).filter(|at| rest[..*at].iter().all(article));
    if let Some(at) = owned {
        let attribute = phrase(&rest[at + 1..]);
        let noun = rest[at].trim_end_matches("'s").to_owned();
        return (!attribute.is_empty()).then_some(Wanted { noun, attribute });
    }
    let joint = rest.iter().position(|w| matches!(*w, "to" | "for" | "of"))?;
    let own: Vec<&str> = rest[..joint].iter().filter(|w| !article(w)).copied().collect();
    let noun = rest[joint + 1..].iter().find(|w| !article(w))?;
    let is_attribute = own.last().is_some_and(|last| NOUNS.contains(last)) && own.len() <= 4;
    let attribute = own.into_iter().filter(|w| !["field", "column", "attribute", "property"].contains(w));
    let attribute = attribute.collect::<Vec<_>>().join(" ");
    (is_attribute && !attribute.is_empty()).then(|| Wanted { noun: singular(noun), attribute })
}

fn singular(noun: &str) -> String {
    let ies = noun.strip_suffix("ies").map(|root| format!("{root}y"));
    ies.unwrap_or_else(|| noun.strip_suffix('s').filter(|n| !n.ends_with('s')).unwrap_or(noun).to_owned())
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

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
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
        let wanted = terms(&format!("{} validator", self.wanted.noun));
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
        let is_texts = |p: &&str| {
            let lower = p.to_lowercase();
            let is_data = [".properties", ".po", ".json", ".yml", ".yaml", ".resx", ".arb", ".ftl"];
            is_data.iter().any(|e| lower.ends_with(e))
                && lower.split(['/', '.', '_', '-']).any(|w| TEXTS.contains(&w))
                && !self.is_foreign(p)
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_off_sentences() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = parsed(text).map(|w| (w.noun, w.attribute));
            assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{text}");
        };
        check("Store the pet's microchip number", Some(("pet", "microchip number")));
        check("record a customer’s VAT id so that invoices are right", Some(("customer", "vat id")));
        check("Add a delivery note field to orders", Some(("order", "delivery note")));
        check("Add CSV export to orders", None);
        check("The pet's name is wrong", None);
        let setting = |text: &str| setting(text).map(|w| (w.noun, w.attribute));
        let named = "Please add a feed setting \"Pause the refresh\" (`pause_refresh`), off by default.";
        assert_eq!(setting(named), Some(("feed".to_owned(), "pause_refresh".to_owned())));
        let titled = Some(("feed".to_owned(), "pause its refresh".to_owned()));
        assert_eq!(setting("Option per feed to pause its refresh"), titled);
        assert_eq!(setting("Add the option to filter"), None);
        let stays = |text: &str| stays(text).map(|w| (w.noun, w.attribute));
        let kept = "A cancelled visit stays in the database with the time of its cancellation";
        assert_eq!(stays(kept), Some(("visit".to_owned(), "time of its cancellation".to_owned())));
        assert_eq!(stays("The list of all open filters of a page stays as it is with all filters"), None);
    }
}
