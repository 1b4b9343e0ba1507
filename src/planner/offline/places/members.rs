//! A new member of a record that the ticket names beside others: `closed_at`, where an answer has `closed` and
//! `close_note`, or where an earlier change brought another option of the same kind.
//!
//! In: a [`Context`] and the [`Reading`]. Out: calls for the files that hold the others close together, each with the line
//! to follow; the migration that made them. Bounded: the likeliest files, the files that define the others, those of one
//! past change.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        code::{declared, edges, path::stem},
        reading::{Reading, sentences},
        work::example,
    },
    accepted,
    called::Call,
    todo::{Act, Todo},
};
use crate::{
    model::{
        context::{Context, FileClass, Grounding, PastChange, Symbol, SymbolKind},
        ids::RepoName,
        plan::{Basis, FileRef, Kind, Statement},
    },
    planner::words::{clean, is_compound, listed, terms},
    richtext::markdown::code_span,
};

/// The most files that are called for, and the most of a past change.
const MOST: usize = 6;
/// Of these, files that only use one of the others.
const USES: usize = 2;
/// Ranked files that are searched, and definitions of one name.
const RANKED: usize = 60;
const DEFINED: usize = 40;
/// Lines between members of one record.
const NEAR: u32 = 14;
/// Lines of a ticket that are read for names, and names that are taken.
const MOST_LINES: usize = 400;
const MOST_NAMES: usize = 40;
/// Longer texts are not searched, in bytes.
const LONGEST: usize = 400_000;
/// Migrations that are read, newest first.
const MIGRATIONS: usize = 600;
/// Past changes whose example is looked for.
const PAST: usize = 6;
/// Words in the names of what shapes answers, and of what keeps records.
const ANSWERS: &[&str] = &[
    "answer",
    "dto",
    "encodable",
    "mapper",
    "payload",
    "present",
    "resource",
    "response",
    "serializ",
    "transform",
    "viewmodel",
];
const RECORDS: &[&str] = &["entit", "model", "schema", "types"];
/// Words that every record has.
const COMMON: &[&str] =
    &["id", "key", "name", "title", "type", "value", "data", "date", "url", "text", "state", "status", "kind"];

/// A new member, with those that stand beside it.
pub struct Wanted {
    pub name: String,
    /// Names of the repository, those that say most first.
    pub others: Vec<String>,
    /// The terms of what the record is: of the last fixed part of the ticket's route, and of its title.
    subject: BTreeSet<String>,
    /// A request may set it.
    is_taken: bool,
}

/// Where a file holds members of the record: the line of the one to follow, and how much they say together.
struct Place {
    path: String,
    line: u32,
    other: String,
    held: Vec<String>,
    score: f64,
    /// How many of these hold: it shapes answers or keeps records; it is called after what the record is.
    bonus: u8,
}

/// The files that hold the record.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let Some(wanted) = wanted(context, reading) else { return Vec::new() };
    let places = places(context, &wanted);
    places.into_iter().map(|place| call(repository, &wanted, &place)).collect()
}

/// The new member that the ticket names: in an example of an answer, or in a sentence, beside names that are there. Without
/// any, beside what the change that comes closest brought.
pub fn wanted(context: &Context, reading: &Reading) -> Option<Wanted> {
    if reading.kind == Kind::Bug || reading.has_trace {
        return None;
    }
    let (names, answers) = (told(reading), answers(reading));
    let keys = answers.last().cloned().unwrap_or_default();
    // What only the last of two answers has is new there, whatever other code calls so.
    let before = answers.first().filter(|first| answers.len() > 1 && first.iter().any(|key| keys.contains(key)));
    let is_added = |name: &String| before.is_some_and(|first| !first.contains(name) && keys.contains(name));
    let is_asked =
        |name: &str| keys.iter().any(|key| key == name) || reading.asked().any(|(_, text)| marks(text, name));
    // Names that a ticket lists are what something is made of, and no one of them is its subject.
    let is_list = |list: &&BTreeSet<String>| list.iter().filter(|name| is_word(name)).count() >= 4;
    let is_listed = |name: &String| reading.lists.iter().filter(is_list).any(|list| list.contains(name));
    let is_new = |name: &&String| {
        is_member(name) && is_asked(name) && !is_listed(name) && (is_added(name) || is_missing(context, name))
    };
    let name = names.iter().chain(&keys).find(is_new)?.clone();
    let known = |all: Vec<&String>| -> Vec<String> {
        let is_there = |other: &&String| !is_missing(context, other) && !is_callable(context, other);
        sorted(all.into_iter().filter(|other| **other != name).filter(is_there).cloned().collect())
    };
    let mut others = if keys.contains(&name) { known(keys.iter().collect()) } else { Vec::new() };
    if others.iter().all(|other| weight(other) < 1.0) {
        others = known(names.iter().filter(|other| stands_with(reading, &name, other)).collect());
    }
    if others.iter().all(|other| weight(other) < 0.5) {
        others = brought(context, reading).into_iter().collect();
    }
    let routed =
        reading.routes.iter().filter_map(|(_, path)| declared::parts(path).into_iter().rfind(|part| part != "*"));
    let subject: BTreeSet<String> = routed.flat_map(|part| terms(&part)).collect();
    let subject = if subject.is_empty() { terms(&reading.title) } else { subject };
    let is_taken = is_taken(reading, &name);
    (!others.is_empty()).then_some(Wanted { name, others, subject, is_taken })
}

/// Does the text have the name in code marks?
fn marks(text: &str, name: &str) -> bool {
    text.split('`').skip(1).step_by(2).any(|code| code == name)
}

/// Do the ticket's words put another name beside the new one: in one sentence, or by a word that both have?
fn stands_with(reading: &Reading, name: &str, other: &str) -> bool {
    let mut lines = reading.told.lines().take(MOST_LINES).flat_map(sentences);
    !terms(name).is_disjoint(&terms(other)) || lines.any(|text| marks(text, name) && marks(text, other))
}

/// Is the member worked out from what is there: a count, a sum? It is kept nowhere.
pub fn is_computed(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name).to_lowercase();
    let ends = ["count", "total", "sum", "average", "avg", "size", "length", "url"];
    ends.contains(&last.as_str()) || ["Count", "Total", "Sum", "Url"].iter().any(|end| name.ends_with(end))
}

/// The table that a migration gave one of the others, and the new member; nothing where it is worked out.
pub fn migrated(context: &Context, reading: &Reading) -> Option<(String, String)> {
    let wanted = wanted(context, reading).filter(|wanted| !is_computed(&wanted.name))?;
    let telling: Vec<&String> = wanted.others.iter().filter(|other| weight(other) >= 1.0).collect();
    let is_migration = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Migration);
    let paths: Vec<&str> = context.tree.paths().filter(is_migration).collect();
    paths.iter().rev().take(MIGRATIONS).find_map(|path| {
        let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
        let holds = |line: &str| telling.iter().any(|other| edges::names(line, other));
        let (at, _) = text.lines().enumerate().find(|(_, line)| holds(line))?;
        let table = table_above(&text, at)?;
        Some((table, wanted.name.clone()))
    })
}

/// The table that a line of a migration belongs to: the nearest one named above it.
pub fn table_above(text: &str, at: usize) -> Option<String> {
    const HEADS: &[&str] = &["create table if not exists ", "create table ", "alter table only ", "alter table "];
    let lines: Vec<&str> = text.lines().collect();
    lines[..=at].iter().rev().take(60).find_map(|line| {
        let lower = line.to_lowercase();
        let begin = HEADS.iter().find_map(|head| lower.find(head).map(|at| at + head.len()))?;
        let name: String = line[begin..]
            .trim_start_matches(['"', '`', '['])
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            .collect();
        let bare = name.rsplit('.').next().unwrap_or(&name).to_owned();
        (!bare.is_empty()).then_some(bare)
    })
}

/// Names in code marks of what the ticket tells and asks, in its order.
fn told(reading: &Reading) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in reading.told.lines().take(MOST_LINES) {
        for code in line.split('`').skip(1).step_by(2).filter(|code| is_word(code)) {
            if out.len() < MOST_NAMES && !out.iter().any(|known| known == code) {
                out.push(code.to_owned());
            }
        }
    }
    out
}

/// The keys of each example of JSON; one that comes again begins the next example.
fn answers(reading: &Reading) -> Vec<Vec<String>> {
    let is_json = |line: &&str| line.trim_start().starts_with('"') && line.contains("\":");
    let mut out: Vec<Vec<String>> = vec![Vec::new()];
    for line in reading.all.lines().filter(is_json).take(200) {
        let key = line.trim_start().trim_start_matches('"').split('"').next().unwrap_or_default();
        if out.last().is_some_and(|keys| keys.iter().any(|known| known == key)) {
            out.push(Vec::new());
        }
        if let Some(keys) = out.last_mut().filter(|_| is_word(key)) {
            keys.push(key.to_owned());
        }
    }
    out
}

/// A word that a member may be called.
fn is_word(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    begins && name.len() >= 2 && name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A name of two words, as members have that a ticket coins: `closed_at`, `closedAt`.
fn is_member(name: &str) -> bool {
    is_word(name) && is_compound(name)
}

/// Is the name nowhere in the repository?
fn is_missing(context: &Context, name: &str) -> bool {
    let known = context.grounded.iter().find(|g| g.text == name);
    match known {
        Some(known) => matches!(known.found, Grounding::NotFound { .. }),
        None => context.tree.definitions(name, 1).is_empty() && !is_mentioned(context, name),
    }
}

/// Does a function or a type have the name? It is no member then.
fn is_callable(context: &Context, name: &str) -> bool {
    let is_one = |s: &Symbol| !matches!(s.kind, SymbolKind::Field | SymbolKind::Constant);
    context.tree.definitions(name, 8).iter().any(|(_, s)| is_one(s))
}

/// Does one of the likeliest files mention the name?
fn is_mentioned(context: &Context, name: &str) -> bool {
    let mut texts = context.ranked.iter().take(RANKED / 2).filter_map(|r| context.tree.text(&r.path));
    texts.any(|text| text.lines().any(|line| edges::names(line, name)))
}

/// How much a name says of the record.
fn weight(name: &str) -> f64 {
    let has_parts = name.contains('_') || name.chars().skip(1).any(|c| c.is_ascii_uppercase());
    match name {
        _ if COMMON.contains(&name) => 0.1,
        _ if has_parts => 1.0,
        _ if name.len() >= 5 => 0.5,
        _ => 0.2,
    }
}

/// Those that say most first; of equals in the ticket's order.
fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    names
}

/// What the closest past change brought that adds the same kind of thing.
fn brought(context: &Context, reading: &Reading) -> Option<String> {
    let past = closest(context);
    past.into_iter().find_map(|past| example::brought(context, &reading.title, past).map(|(name, _)| name))
}

/// The closest past changes that stand.
fn closest(context: &Context) -> Vec<&PastChange> {
    let mut past: Vec<&PastChange> = context.past.iter().filter(|p| !p.is_revert && !p.is_taken_back).collect();
    past.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    past.truncate(PAST);
    past
}

/// Does a sentence let a route take the member? Then it belongs into what is read of a request, too.
fn is_taken(reading: &Reading, name: &str) -> bool {
    reading.asked().any(|(_, text)| marks(text, name) && accepted::takes(text))
}

/// Does the line name the member as part of something that is there: `tag.date_added = now`? That uses one, and declares none.
fn is_use(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| line[..at].ends_with(['.', '>']))
}

/// The files that hold most of the others close together, those of the past change that brought one.
fn places(context: &Context, wanted: &Wanted) -> Vec<Place> {
    let mut paths: BTreeSet<String> = context.ranked.iter().take(RANKED).map(|r| r.path.clone()).collect();
    for other in wanted.others.iter().filter(|other| weight(other) >= 0.5) {
        paths.extend(context.tree.definitions(other, DEFINED).into_iter().map(|(path, _)| path));
        let holds = |past: &&&PastChange| edges::names(&past.subject, other);
        paths.extend(closest(context).iter().find(holds).into_iter().flat_map(|past| past.files.iter().cloned()));
    }
    let is_source = |path: &String| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let found = paths.into_iter().filter(is_source).filter_map(|path| place(context, wanted, path));
    let mut found: Vec<Place> = found.collect();
    let best = found.iter().map(|place| place.score).fold(0.0, f64::max);
    found.retain(|place| place.score >= 0.75 * best && place.score >= 1.0);
    // What declares a member comes before what only uses it.
    let declares = |place: &Place| context.tree.symbols(&place.path).iter().any(|s| s.line == place.line);
    let rank = |path: &str| context.ranked.iter().position(|r| r.path == path).unwrap_or(usize::MAX);
    found.sort_by_key(|place| (std::cmp::Reverse(place.bonus), !declares(place), rank(&place.path)));
    let telling = found.iter().filter(|place| place.bonus > 0 || declares(place)).count();
    found.truncate(MOST.min(telling.max(1) + USES));
    found
}

/// Where a file holds most of the others within a few lines.
fn place(context: &Context, wanted: &Wanted, path: String) -> Option<Place> {
    let text = context.tree.text(&path).filter(|t| t.len() <= LONGEST)?;
    let mut hits: Vec<(u32, &String)> = Vec::new();
    for (line, at) in text.lines().zip(1_u32..) {
        let declares = |other: &&String| edges::names(line, other) && !is_use(line, other);
        hits.extend(wanted.others.iter().filter(declares).map(|other| (at, other)));
    }
    let mut best: Option<(f64, Vec<&String>, u32)> = None;
    for (at, _) in &hits {
        let near = hits.iter().filter(|(line, _)| line >= at && line - at <= NEAR);
        let mut held: BTreeMap<&String, u32> = BTreeMap::new();
        held.extend(near.map(|(line, other)| (*other, *line)));
        let score: f64 = held.keys().map(|other| weight(other)).sum();
        if best.as_ref().is_none_or(|(most, ..)| score > *most + 0.01) {
            let first = wanted.others.iter().find(|other| held.contains_key(other));
            let line = first.and_then(|other| held.get(other).copied()).unwrap_or(*at);
            let names = wanted.others.iter().filter(|other| held.contains_key(other)).collect();
            best = Some((score, names, line));
        }
    }
    let (score, held, line) = best?;
    // What shapes answers or keeps records declares members; a type or a file of the ticket's noun is the nearer one.
    let around = context.tree.symbols(&path).into_iter().filter(|s| s.line <= line && line <= s.end_line);
    let names: Vec<String> = around.map(|s| s.name).chain([path.clone()]).collect();
    // What only is answered is nothing that a request may set, and what is worked out is kept nowhere.
    let is_request = !wanted.is_taken && names.iter().any(|name| accepted::is_request(name));
    let is_shown = names.iter().any(|name| ANSWERS.iter().any(|word| name.to_lowercase().contains(word)));
    if is_request || is_computed(&wanted.name) && !is_shown {
        return None;
    }
    let shapes = |name: &String| {
        let lower = name.to_lowercase();
        ANSWERS.iter().chain(RECORDS).any(|word| lower.contains(word))
    };
    let is_of_subject = |name: &String| !terms(stem(name)).is_disjoint(&wanted.subject);
    let bonus = u8::from(names.iter().any(shapes)) + u8::from(names.iter().any(is_of_subject));
    let other = held.first().map(|other| (*other).clone())?;
    Some(Place { path, line, other, held: held.into_iter().cloned().collect(), score, bonus })
}

fn call(repository: &Option<RepoName>, wanted: &Wanted, place: &Place) -> Call {
    let file = FileRef::new(&place.path).of(repository.clone()).lines(place.line, place.line);
    let held: Vec<String> = place.held.iter().take(4).map(|name| code_span(&clean(name))).collect();
    let (verb, name) = (if held.len() == 1 { "stands" } else { "stand" }, code_span(&clean(&wanted.name)));
    let why = format!("{} {verb} at `{}`, beside which {name} belongs", listed(&held), file.label());
    let todo = format!("Add {name} beside {} (`{}`)", code_span(&clean(&place.other)), file.label());
    let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
    let todo = Todo::new(Act::Field(wanted.name.clone()), statement(todo));
    Call { path: place.path.clone(), symbol: None, why: statement(why), todo: Some(todo), leads: false }
}
