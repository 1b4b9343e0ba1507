//! What goes wherever its sibling stands: a new option of a record beside the latest option of the same kind, what a new
//! route does beside what the route next to it does.
//!
//! In: a [`Context`], and the record or the route that the ticket asks for. Out: a call for each file that holds the
//! sibling's name in any spelling, with its lines. Bounded: the likeliest siblings, files, lines.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        code::{
            declared,
            path::{ending, folder, stem},
        },
        reading::Reading,
        sections::interface,
    },
    attribute,
    called::Call,
    footprint::{self, Print},
    record::{self, Field, Worth},
    refs::full_name,
    site::around,
    todo::{Act, Todo},
};
use crate::{
    model::{
        context::{Context, FileClass, NearTest, Symbol, SymbolKind},
        ids::RepoName,
        plan::{Basis, FileRef, Statement},
    },
    planner::words::{clean, listed, terms},
    richtext::markdown::code_span,
};

/// The fewest and the most files that hold a sibling: fewer say nothing, more are about a word.
const FEWEST: usize = 3;
const MOST: usize = 24;
/// Siblings whose files are looked for.
const TRIED: usize = 8;
/// Fields of a record whose company is looked for, and how many of them a file has to hold together.
const COMPANY: usize = 12;
const TOGETHER: usize = 4;
/// Names that every record has.
const COMMON: &[&str] = &[
    "id",
    "uid",
    "uuid",
    "key",
    "name",
    "title",
    "type",
    "value",
    "data",
    "date",
    "url",
    "text",
    "state",
    "status",
    "kind",
    "created_at",
    "updated_at",
    "createdat",
    "updatedat",
];
/// Test files that are looked at.
const MOST_TESTS: usize = 12;
/// Places of one file that are told.
const TOLD: usize = 4;

/// What a sibling is to what the ticket wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// Another field of the same record.
    Field,
    /// What another route does to the same thing.
    Act,
    /// The wanted one itself, which is there already.
    Same,
}

/// A sibling that was found, with the files that hold it.
pub struct Sibling {
    /// What the ticket wants beside it.
    wanted: String,
    relation: Relation,
    /// Why it is one, without a full stop.
    because: String,
    prints: Vec<Print>,
}

/// What the ticket wants is like it: a field of the same record, or what another route does.
pub fn found(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Sibling> {
    attribute::sibling(context, reading, repository).or_else(|| of_route(context, reading))
}

/// The sibling of a new field of a record: of the wanted kind, in the files that hold most of its kind, the last one
/// declared.
pub fn of_record(
    context: &Context,
    repository: &Option<RepoName>,
    record: &[(String, Symbol)],
    wanted: &str,
    worth: Option<Worth>,
) -> Option<Sibling> {
    let name = record.first().map(|(_, symbol)| symbol.name.clone())?;
    let mut fields: Vec<Field> = record::fields(context, repository, record);
    fields.reverse();
    if let Some(field) = fields.iter().find(|field| footprint::is_same(&field.name, wanted)) {
        let prints = footprint::of(context, &field.name);
        let because = format!("which `{}` has already (`{}`)", clean(&name), field.file.label());
        return Some(Sibling { wanted: wanted.to_owned(), relation: Relation::Same, because, prints });
    }
    let found = by_kind(context, &fields, wanted, worth).or_else(|| by_company(context, &fields, worth));
    let (field, prints) = found?;
    let kind = match field.worth {
        Some(Worth::YesNo) => "another yes or no of",
        Some(Worth::Time) => "another time of",
        Some(Worth::Number) => "another number of",
        Some(Worth::Text) => "another text of",
        None => "another field of",
    };
    let because = format!("{kind} `{}` (`{}`)", clean(&name), field.file.label());
    Some(Sibling { wanted: wanted.to_owned(), relation: Relation::Field, because, prints })
}

/// The field that the ticket names beside the new one, “edited beside the nickname”, where it stands in several files.
pub fn named(context: &Context, reading: &Reading, wanted: &str) -> Option<Sibling> {
    const BESIDE: &[&str] = &[" beside ", " next to ", " below ", " just like ", " as with "];
    const ARTICLES: &[&str] = &["the", "its", "their", "a", "an"];
    let said = reading.asked().map(|(_, text)| text).chain(reading.sentences.iter().map(|f| f.text.as_str()));
    let behind =
        said.flat_map(|text| BESIDE.iter().filter_map(move |word| text.split_once(word).map(|(_, rest)| rest)));
    behind.take(TRIED).find_map(|rest| {
        let words = rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty());
        let name = words.into_iter().find(|w| !ARTICLES.contains(w))?;
        let is_own =
            name.len() >= 5 && !COMMON.contains(&name.to_lowercase().as_str()) && !footprint::is_same(name, wanted);
        let prints = footprint::of(context, name);
        (is_own && (FEWEST..=MOST).contains(&code_files(&prints))).then(|| Sibling {
            wanted: wanted.to_owned(),
            relation: Relation::Field,
            because: "beside which the ticket wants it".to_owned(),
            prints,
        })
    })
}

/// The field of the wanted kind whose name alone tells of it, and the files that most fields of that kind stand in.
fn by_kind<'f>(
    context: &Context,
    fields: &'f [Field],
    wanted: &str,
    worth: Option<Worth>,
) -> Option<(&'f Field, Vec<Print>)> {
    let own = terms(wanted);
    let mut tried: BTreeSet<String> = BTreeSet::new();
    let is_one = |field: &&Field| record::is_telling(&field.name) && (worth.is_none() || field.worth == worth);
    let found = fields.iter().filter(is_one).filter(|field| tried.insert(field.name.to_lowercase())).take(TRIED);
    let found = found.map(|field| (field, footprint::of(context, &field.name)));
    let found: Vec<(&Field, Vec<Print>)> =
        found.filter(|(_, prints)| (FEWEST..=MOST).contains(&code_files(prints))).collect();
    let kept = shared(&found);
    let holds = |prints: &[Print]| prints.iter().filter(|p| kept.contains(&p.path)).count();
    // The first of equals was declared last.
    let is_near = |field: &Field| !terms(&field.name).is_disjoint(&own);
    let best = found.iter().reduce(|a, b| {
        let rank = |(field, prints): &(&Field, Vec<Print>)| (holds(prints), is_near(field));
        if rank(b) > rank(a) { b } else { a }
    })?;
    let others = found.iter().flat_map(|(_, prints)| prints);
    let mut prints: Vec<Print> = Vec::new();
    // Each has its own migration, and its own tests.
    let apart = best.1.iter().filter(|p| matches!(p.class, FileClass::Migration | FileClass::Test));
    for print in best.1.iter().chain(others).filter(|p| kept.contains(&p.path)).chain(apart) {
        if prints.iter().all(|known| known.path != print.path) {
            prints.push(print.clone());
        }
    }
    prints.sort_by(|a, b| a.path.cmp(&b.path));
    (code_files(&prints) >= 2).then_some((best.0, prints))
}

/// The last field of the wanted kind, and the files that hold it in the company of others of the record: plain names tell
/// of it only together.
fn by_company<'f>(context: &Context, fields: &'f [Field], worth: Option<Worth>) -> Option<(&'f Field, Vec<Print>)> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let is_own = |field: &&Field| field.name.len() >= 3 && !COMMON.contains(&field.name.to_lowercase().as_str());
    let own = fields.iter().filter(is_own).filter(|field| seen.insert(field.name.to_lowercase()));
    let own: Vec<&Field> = own.take(COMPANY).collect();
    let of_kind = own.iter().find(|field| worth.is_some() && field.worth == worth);
    let field = of_kind.or(own.first())?;
    let names: Vec<&str> = own.iter().map(|field| field.name.as_str()).collect();
    let least = (names.len() * 3).div_ceil(5).clamp(2, TOGETHER);
    let prints = footprint::together(context, &field.name, &names, least);
    (prints.len() >= 2 && (1..=MOST).contains(&code_files(&prints))).then_some((*field, prints))
}

/// The files that hold most of the siblings: what only one of them is for goes its own ways.
fn shared(found: &[(&Field, Vec<Print>)]) -> BTreeSet<String> {
    let least = if found.len() < 3 { found.len() } else { (2 * found.len()).div_ceil(3) };
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for print in found.iter().flat_map(|(_, prints)| prints) {
        *count.entry(&print.path).or_default() += 1;
    }
    count.into_iter().filter(|(_, held)| *held >= least).map(|(path, _)| path.to_owned()).collect()
}

/// The sibling of what a new route does: the act in which the route beside it ends, `favorite` for a new `bookmark`.
pub fn of_route(context: &Context, reading: &Reading) -> Option<Sibling> {
    let is_act =
        |part: &String| part.len() >= 4 && !part.ends_with('s') && part.bytes().all(|b| b.is_ascii_lowercase());
    interface::new_routes(context, reading).into_iter().take(TRIED).find_map(|(method, path)| {
        let beside = interface::sibling(context, reading, method, path)?;
        let (own, other) = (declared::parts(path), declared::parts(&declared::split(&beside.name).1));
        let (act, like) = (own.last().filter(|p| is_act(p))?, other.last().filter(|p| is_act(p))?);
        // Both are done to the same kind of thing.
        let above = |parts: &[String]| parts.len().checked_sub(2).map(|at| parts[at].clone());
        let is_nested = above(&own).is_some() && above(&other) == above(&own) && own.len() == other.len();
        let prints = near_definitions(context, like, footprint::of(context, like));
        let is_telling = (2..=MOST / 2).contains(&code_files(&prints));
        (act != like && is_nested && is_telling).then(|| Sibling {
            wanted: act.clone(),
            relation: Relation::Act,
            because: format!("which `{}` is about", clean(&beside.name)),
            prints,
        })
    })
}

/// Where a word stands in many files, those that are called by it or define something of that name.
fn near_definitions(context: &Context, name: &str, prints: Vec<Print>) -> Vec<Print> {
    if code_files(&prints) <= MOST / 2 {
        return prints;
    }
    let own = terms(name);
    let is_named = |text: &str| !terms(text).is_disjoint(&own);
    let defines = |path: &str| context.tree.symbols(path).iter().any(|symbol| is_named(&symbol.name));
    let is_kept = |p: &Print| p.class == FileClass::Migration || is_named(stem(&p.path)) || defines(&p.path);
    prints.into_iter().filter(is_kept).collect()
}

/// Files of code that hold it; texts for people and migrations are as many as there are languages and years.
fn code_files(prints: &[Print]) -> usize {
    prints.iter().filter(|p| p.class == FileClass::Source).count()
}

impl Sibling {
    /// The newest migration that holds the sibling, and its line there.
    pub fn migration(&self) -> Option<(&str, u32)> {
        let is_one = |p: &&Print| p.class == FileClass::Migration && stem(&p.path) != "schema";
        let made = self.prints.iter().filter(|_| self.relation != Relation::Same).rfind(is_one);
        made.map(|print| (print.path.as_str(), print.lines[0]))
    }

    /// The tests that hold the sibling, each with its cases that do, the first of them first.
    pub fn tests(&self, context: &Context) -> Vec<NearTest> {
        let tests = self.prints.iter().filter(|p| p.class == FileClass::Test).take(MOST_TESTS);
        let found = tests.map(|print| {
            let is_case = |s: &Symbol| s.kind == SymbolKind::Test;
            let all: Vec<Symbol> = context.tree.symbols(&print.path).into_iter().filter(is_case).collect();
            let holds = |case: &Symbol| print.lines.iter().any(|at| case.line <= *at && *at <= case.end_line);
            let (own, others): (Vec<Symbol>, Vec<Symbol>) = all.into_iter().partition(holds);
            let file = FileRef::new(&print.path).lines(print.lines[0], print.lines[0]);
            let why = format!("`{}` holds {}, {}", file.label(), code_span(&clean(&print.spelled)), self.because);
            NearTest { path: print.path.clone(), covers: None, why, cases: own.into_iter().chain(others).collect() }
        });
        found.filter(|test| !test.cases.is_empty()).collect()
    }

    /// Is what the sibling does told by a route?
    pub fn is_act(&self) -> bool {
        self.relation == Relation::Act
    }

    /// Is it the wanted one itself?
    pub fn is_there(&self) -> bool {
        self.relation == Relation::Same
    }

    /// What the ticket wants beside it.
    pub fn wanted(&self) -> &str {
        &self.wanted
    }

    /// A call for each file that holds it, except tests, migrations and translations of one text.
    pub fn calls(&self, context: &Context, repository: &Option<RepoName>) -> Vec<Call> {
        // The whole schema, from which migrations are made, changes with each of them.
        let is_schema = |p: &Print| p.class == FileClass::Migration && stem(&p.path) == "schema";
        let is_declared = |p: &Print| ["prisma", "proto", "graphql", "gql", "sql"].contains(&ending(&p.path));
        let is_kind = |p: &Print| match p.class {
            FileClass::Source | FileClass::Config | FileClass::Doc => true,
            FileClass::Other => is_declared(p),
            _ => false,
        };
        let is_own = |p: &&Print| is_kind(p) || is_schema(p);
        let mut out: Vec<Call> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for print in self.prints.iter().filter(is_own) {
            // Texts of one folder are translations; where it is there already, one file of a folder shows it.
            let is_text = matches!(print.class, FileClass::Config | FileClass::Doc);
            let folder = folder(&print.path);
            let is_new = seen.insert(folder);
            if !is_new && (is_text || self.relation == Relation::Same) {
                continue;
            }
            let alike = |p: &&Print| p.class == print.class && self::folder(&p.path) == folder;
            let others = match is_text || self.relation == Relation::Same {
                true => self.prints.iter().filter(alike).count() - 1,
                false => 0,
            };
            out.push(self.call(context, repository, print, others));
        }
        out
    }

    fn call(&self, context: &Context, repository: &Option<RepoName>, print: &Print, others: usize) -> Call {
        let at = |line: u32| FileRef::new(&print.path).of(repository.clone()).lines(line, line);
        let first = at(print.lines[0]);
        let is_name = !self.wanted.contains(' ');
        let is_word = is_name && self.relation != Relation::Act;
        let wanted = match is_word {
            true => code_span(&clean(&footprint::written_as(&self.wanted, &print.spelled))),
            // A text that people read is quoted.
            false if is_name || self.wanted.split(' ').count() > 4 || self.wanted.starts_with(char::is_uppercase) => {
                format!("“{}”", clean(&self.wanted))
            }
            false => format!("the {}", clean(&self.wanted)),
        };
        let like = code_span(&clean(&print.spelled));
        let told = placed(context, print);
        let places: Vec<String> = told
            .iter()
            .take(TOLD)
            .enumerate()
            .map(|(nth, (symbol, line))| {
                let shown = if nth == 0 { format!("`{}`", at(*line).label()) } else { format!("line {line}") };
                match symbol {
                    Some(symbol) => format!("in {} ({shown})", code_span(&clean(&full_name(&print.path, symbol)))),
                    None => format!("at {shown}"),
                }
            })
            .collect();
        let is_translated = print.class == FileClass::Config && attribute::is_text(&print.path);
        let more = match (others, is_translated) {
            (0, _) => String::new(),
            (1, true) => ", and in its translation".to_owned(),
            (n, true) => format!(", and in its {n} translations"),
            (1, false) => ", and in one file more of its folder".to_owned(),
            (n, false) => format!(", and in {n} files more of its folder"),
        };
        let adds_column = print.adds_column && print.class == FileClass::Source;
        let name = self.wanted.clone();
        let (act, todo) = match self.relation {
            Relation::Same => (Act::There(name), format!("{like} is there: {}{more}", listed(&places))),
            Relation::Act => (Act::Follow(name), format!("{wanted} needs here what {like} has: {}", listed(&places))),
            Relation::Field if adds_column => {
                let todo = format!("Add a migration at the end for {wanted}, as `{}` adds {like}", first.label());
                (Act::AddColumn(name), todo)
            }
            Relation::Field => {
                (Act::Follow(name), format!("Add {wanted} where {like} stands: {}{more}", listed(&places)))
            }
        };
        let why = format!("`{}` holds {like}, {}", first.label(), self.because);
        let statement = |text: String| Statement::new(Basis::Repository, text).at(first.clone());
        let todo = Some(Todo::new(act, statement(todo)));
        let symbol = told.into_iter().find_map(|(symbol, _)| symbol);
        Call { path: print.path.clone(), symbol, why: statement(why), todo, leads: false }
    }
}

/// The first line of the name in each symbol of the file, with the symbol where the file is code.
fn placed(context: &Context, print: &Print) -> Vec<(Option<Symbol>, u32)> {
    let symbols = if print.class == FileClass::Source { context.tree.symbols(&print.path) } else { Vec::new() };
    let mut told: Vec<(Option<Symbol>, u32)> = Vec::new();
    for line in &print.lines {
        let symbol = around(&symbols, *line);
        let begin = |symbol: &Option<Symbol>| symbol.as_ref().map(|s| s.line);
        if told.iter().all(|(known, _)| begin(known) != begin(&symbol)) {
            told.push((symbol, *line));
        }
    }
    told
}
