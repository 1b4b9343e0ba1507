//! A new noun in a repository that gives each of its nouns a file in every layer: `subscriptions` where `parcels` and
//! `events` have `api/…` and `store/…`.
//!
//! In: the noun, and the paths and facts of a [`Context`]. Out: the files to create, each after the noun that is made most
//! like it, and the places where its siblings are registered. A pattern of paths counts when two nouns follow it, and a
//! noun when it follows two patterns and the repository keeps or serves something of its name.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        code::{
            edges,
            layer::Layer,
            path::{ending, folder, stem},
        },
        reading::Reading,
        sections::interface,
        testing,
    },
    called::Call,
    noun::{Noun, Slot, singular, slots},
    site::New,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::terms;

/// Repositories with more source files are not searched.
const LARGEST: usize = 20_000;
/// The most files of code that one noun gets.
const MOST: usize = 5;
/// Of nouns that show it as well, as many are told apart by how many paths are called after them.
const MOST_TIED: usize = 4;

/// What a new noun needs.
#[derive(Default)]
pub struct Family {
    pub new: Vec<New>,
    /// Files that have to know of it.
    pub calls: Vec<Call>,
}

/// A pattern of paths, and the files that follow it, by noun.
type Pattern<'t> = BTreeMap<String, (&'t str, Slot<'t>)>;

/// The files of a new noun.
pub fn find(context: &Context, reading: &Reading, repository: &Option<RepoName>, said: &str) -> Family {
    let noun = Noun::of(said);
    let sources = patterns(context, FileClass::Source);
    let is_known = sources.values().any(|pattern| pattern.contains_key(&noun.one));
    let Some(like) = most_alike(context, reading, &sources).filter(|_| !is_known) else { return Family::default() };
    let mut family = Family::default();
    let own = sources.values().filter_map(|pattern| Some((pattern, pattern.get(&like)?)));
    let mut own: Vec<(&Pattern<'_>, &(&str, Slot<'_>))> =
        own.filter(|(_, (path, _))| serves(context, reading, &noun, path)).collect();
    own.sort_by_key(|(pattern, (path, _))| (std::cmp::Reverse(pattern.len()), *path));
    for (pattern, (path, slot)) in own.into_iter().take(MOST) {
        let made = slot.filled(&noun, path, pattern.values().map(|(path, _)| *path));
        family.calls.extend(registry(context, repository, pattern, (path, slot), &noun));
        family.new.push(New { why: why(&noun.said, pattern), ..New::kin(made, path) });
    }
    let nouns: BTreeSet<&String> = sources.values().flat_map(|pattern| pattern.keys()).collect();
    family.new.extend(rules(context, &family.new, &noun, &nouns));
    family.new.extend(test(context, &family.new, &like, &noun));
    let is_rules = |new: &&New| Layer::of(&new.path, FileClass::Source) == Layer::Logic;
    let of_rules = family.new.iter().find(is_rules).and_then(|new| testing::mirrored_beside(context, &new.path));
    let of_rules = of_rules.filter(|test| family.new.iter().all(|new| new.path != test.path));
    family.new.extend(of_rules.map(|test| New { is_kin: true, ..test }));
    family
}

/// Does the new noun need a file like this one? One that answers requests only where a new route begins with it, or none
/// is named.
fn serves(context: &Context, reading: &Reading, noun: &Noun, path: &str) -> bool {
    let class = context.tree.file(path).map_or(FileClass::Source, |f| f.class);
    let routes = interface::new_routes(context, reading);
    let begins =
        |path: &str| path.trim_start_matches('/').split('/').next().is_some_and(|first| singular(first) == noun.one);
    Layer::of(path, class) != Layer::Interface || routes.is_empty() || routes.iter().any(|(_, path)| begins(path))
}

/// The patterns that two nouns follow at least, of nouns that follow two of them.
fn patterns(context: &Context, class: FileClass) -> BTreeMap<String, Pattern<'_>> {
    let mut out: BTreeMap<String, Pattern<'_>> = BTreeMap::new();
    let paths = context.tree.paths().filter(|p| context.tree.file(p).is_some_and(|f| f.class == class));
    for (at, path) in paths.enumerate() {
        if at >= LARGEST {
            return BTreeMap::new();
        }
        for slot in slots(path) {
            out.entry(slot.pattern()).or_default().entry(slot.noun.clone()).or_insert((path, slot));
        }
    }
    let least = if class == FileClass::Test { 1 } else { 2 };
    loop {
        out.retain(|_, pattern| pattern.len() >= 2);
        let mut follows: BTreeMap<String, usize> = BTreeMap::new();
        out.values().flat_map(|pattern| pattern.keys()).for_each(|noun| *follows.entry(noun.clone()).or_default() += 1);
        let before: usize = out.values().map(Pattern::len).sum();
        out.values_mut().for_each(|pattern| pattern.retain(|noun, _| follows.get(noun) >= Some(&least)));
        if out.values().map(Pattern::len).sum::<usize>() == before {
            return out;
        }
    }
}

/// The noun that shows best how one is made: one that the repository keeps or serves, with the most files, that the ticket
/// speaks of.
fn most_alike(context: &Context, reading: &Reading, patterns: &BTreeMap<String, Pattern<'_>>) -> Option<String> {
    let kinds = [FactKind::Schema, FactKind::Migration, FactKind::Route];
    let facts = context.facts.iter().filter(|f| kinds.contains(&f.kind));
    // What declares routes serves what it is called after.
    let said =
        |f: &Fact| format!("{} {} {}", f.name, f.value, if f.kind == FactKind::Route { stem(&f.path) } else { "" });
    let known: BTreeSet<String> = facts.flat_map(|f| terms(&said(f))).collect();
    let is_kept = |noun: &str| terms(noun).iter().all(|t| known.contains(t)) && !terms(noun).is_empty();
    let nouns: BTreeSet<&String> = patterns.values().flat_map(|pattern| pattern.keys()).collect();
    let files = |noun: &str| patterns.values().filter(|pattern| pattern.contains_key(noun)).count();
    let is_told = |noun: &str| terms(noun).is_subset(&reading.terms);
    let kept: Vec<&String> = nouns.into_iter().filter(|noun| is_kept(noun)).collect();
    let best = kept.iter().map(|noun| (files(noun), is_told(noun))).max()?;
    let tied = kept.into_iter().filter(|noun| (files(noun), is_told(noun)) == best).take(MOST_TIED);
    let paths = |noun: &str| context.tree.paths().take(LARGEST).filter(|p| p.contains(noun)).count();
    tied.max_by_key(|noun| (paths(noun), std::cmp::Reverse(*noun))).cloned()
}

/// Which of its siblings have such a file.
fn why(said: &str, pattern: &Pattern<'_>) -> String {
    let shown: Vec<String> = pattern.values().take(3).map(|(path, _)| format!("`{path}`")).collect();
    let more = if pattern.len() > 3 { format!(" and {} more", pattern.len() - 3) } else { String::new() };
    format!("“{said}” is new here, and others of its kind have such a file: {}{more}", shown.join(", "))
}

/// A file for the rules, where what answers requests leaves them to the files of one folder that are named by subject.
fn rules(context: &Context, new: &[New], noun: &Noun, nouns: &BTreeSet<&String>) -> Option<New> {
    let layer = |p: &str| Layer::of(p, FileClass::Source);
    let answers = new.iter().filter(|n| layer(&n.path) == Layer::Interface).find_map(|n| n.like.as_deref())?;
    if new.iter().any(|n| layer(&n.path) == Layer::Logic) {
        return None;
    }
    let home = folder(answers);
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    // A folder that is called like a noun holds that noun's rules alone.
    let is_shared = |p: &&str| !nouns.contains(&singular(folder(p).rsplit('/').next().unwrap_or_default()));
    let rules = |p: &&str| layer(p) == Layer::Logic && folder(p) != home && is_subject(stem(p)) && is_shared(p);
    let users =
        |p: &str| context.tree.dependents(p, 40).into_iter().filter(|user| folder(user) == home).collect::<Vec<_>>();
    let near = context.tree.paths().filter(is_source).filter(rules).take(400);
    let used: Vec<(&str, Vec<String>)> = near.map(|p| (p, users(p))).filter(|(_, users)| !users.is_empty()).collect();
    let beside = |path: &str| -> Vec<&Vec<String>> {
        used.iter().filter(|(p, _)| folder(p) == folder(path)).map(|(_, users)| users).collect()
    };
    // Where a package is imported whole, no file of it is one's own.
    let is_own = |path: &str| beside(path).iter().any(|users| *users != beside(path)[0]);
    let imported = used.iter().filter(|(_, users)| users.iter().any(|user| user == answers)).map(|(path, _)| *path);
    let like =
        imported.filter(|path| is_own(path)).max_by_key(|path| (beside(path).len(), std::cmp::Reverse(*path)))?;
    let why = format!("`{answers}` leaves its rules to `{like}`, and others beside it do so too");
    Some(New { why, like_may_change: true, ..New::kin(Slot::whole(like).filled(noun, like, std::iter::empty()), like) })
}

/// Is the name of a file a subject of the domain?
fn is_subject(stem: &str) -> bool {
    !["mod", "index", "base", "common", "init", "types", "utils", "util", "helpers", "errors"]
        .contains(&stem.trim_matches('_'))
}

/// The test of the file that answers requests, else of the first: after the test of the noun that it is made like, else
/// beside the file as others have theirs.
fn test(context: &Context, new: &[New], like: &str, noun: &Noun) -> Option<New> {
    let layer = |n: &&New| Layer::of(&n.path, FileClass::Source) == Layer::Interface;
    let subject = new.iter().find(layer).or(new.first())?;
    let patterns = patterns(context, FileClass::Test);
    let follows = patterns.values().find_map(|pattern| {
        let (path, slot) = pattern.get(like)?;
        let made = slot.filled(noun, path, pattern.values().map(|(path, _)| *path));
        Some(New { why: why(&noun.said, pattern), ..New::kin(made, path) })
    });
    follows.or_else(|| beside(context, &subject.path))
}

/// A test beside a file, where other files of its language have theirs beside them.
pub fn beside(context: &Context, subject: &str) -> Option<New> {
    let end = subject.rsplit('.').next()?;
    let is_test = |p: &&str| p.ends_with(end) && context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    context.tree.paths().filter(is_test).take(200).find_map(|test| {
        let subject_of = |stem: &str| format!("{}/{stem}.{end}", folder(test));
        let (of, mark) = ["_test", ".test", ".spec", "_spec"].into_iter().find_map(|mark| {
            let own = test.rsplit('/').next()?.strip_suffix(&format!("{mark}.{end}"))?;
            Some((subject_of(own), mark))
        })?;
        context.tree.file(&of)?;
        let path = format!("{}{mark}.{end}", subject.strip_suffix(&format!(".{end}"))?);
        let why = format!("`{of}` has such a test, `{subject}` needs its own");
        Some(New { why, ..New::kin(path, test) })
    })
}

/// The file that names most files of a pattern, and its last line with the one that the new file is made like.
fn registry(
    context: &Context,
    repository: &Option<RepoName>,
    pattern: &Pattern<'_>,
    (like, slot): (&str, &Slot<'_>),
    noun: &Noun,
) -> Option<Call> {
    // These languages import folders whole: a user of one file uses all of them.
    if matches!(ending(like), "go" | "cs") {
        return None;
    }
    let is_sibling = |p: &str| pattern.values().any(|(path, _)| *path == p);
    let is_source = |p: &str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    let all = pattern.values().flat_map(|(path, _)| context.tree.dependents(path, 40));
    all.filter(|p| is_source(p) && !is_sibling(p)).for_each(|user| *users.entry(user).or_default() += 1);
    // Who uses most of them lists them; who uses two of five works with those two.
    let (path, _) = users.into_iter().filter(|(_, n)| *n >= 2 && 4 * n >= 3 * pattern.len()).max_by_key(|(_, n)| *n)?;
    let text = context.tree.text(&path)?;
    let word = slot.stem();
    let (line, _) = (1_u32..).zip(text.lines()).filter(|(_, line)| edges::names(line, word)).last()?;
    let file = FileRef::new(&path).of(repository.clone()).lines(line, line);
    let why = format!("`{like}` and its siblings are registered there (`{}`)", file.label());
    let name = slot.stem_for(noun);
    let todo = format!("Register `{name}` beside `{word}` (`{}`)", file.label());
    let symbol = super::site::around(&context.tree.symbols(&path), line);
    let why = Statement::new(Basis::Repository, why).at(file.clone());
    let todo = Todo::new(Act::Register(name), Statement::new(Basis::Repository, todo).at(file));
    Some(Call { path, symbol, why, todo: Some(todo), leads: false })
}
