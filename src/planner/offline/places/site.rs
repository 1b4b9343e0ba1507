//! A site: one file that the change probably touches, with all that the repository says of it.
//!
//! In: a [`Context`]. Out: its [`Site`]s, most likely first. Reads the tree, never a disk. Bounded: a few dozen files,
//! texts up to a size, callers up to a number.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    super::{
        code::{
            layer::Layer,
            path::{ending, folder, stem},
            ports::Port,
            through, uses,
        },
        reading::Reading,
        sections::confidence,
        testing,
        work::{commits, why::weakness},
    },
    attribute, beside, called, family, far, loops, named, near, picked, refs, replaced, siblings, stored, suspect,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, Evidence, FileClass, NearTest, PastChange, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Action, FileRef, Statement, SymbolRef},
};
use crate::planner::words::terms;

/// The most files of one repository that a plan changes.
const MOST_SITES: usize = 24;
/// From this probability on, the ranking alone makes a file part of the plan; below, something has to point at it.
pub const LIKELY: f64 = 0.35;
/// With no more files than these, a repository is too small for the ranking's probabilities alone.
const FEW: usize = 300;
/// Longer texts are not searched, in bytes.
const LONGEST_TEXT: usize = 400_000;
/// Files without a test that are looked at for one to make.
const MOST_BARE: usize = 6;

/// One file to touch.
pub struct Site<'c> {
    pub context: &'c Context,
    pub reading: &'c Reading,
    /// `None` for the plan's first repository.
    pub repository: Option<RepoName>,
    pub path: String,
    pub action: Action,
    pub layer: Layer,
    /// 0 to 1; for a new file, that of the file it follows.
    pub probability: f64,
    /// What ranked it.
    pub evidence: &'c [Evidence],
    /// The symbols to look at, best first.
    pub symbols: Vec<Symbol>,
    /// Symbols that are read and stay as they are.
    pub reads: Vec<Symbol>,
    /// The convention behind a new file, and the file that shows it.
    pub convention: Option<(String, Option<String>)>,
    pub text: Option<Arc<str>>,
    /// Files that use it.
    pub dependents: Vec<String>,
    /// Tests of it: its own first, then those of other files.
    pub tests: Vec<NearTest>,
    /// Past changes that touched it.
    pub past: Vec<&'c PastChange>,
    /// The test file of the repository that comes closest, where no test is near.
    pub far_test: Option<NearTest>,
    /// All names of the ticket that it defines are also defined by one file that defines more of them.
    pub is_outdone: bool,
    /// The ticket suspects code of another file, and this one merely lies on the way.
    pub is_on_the_way: bool,
    /// Reasons besides the ranking's: what the ticket or the wish for this version calls for.
    pub called: Vec<Statement>,
    /// What is to be done here, where a line of the repository says it exactly.
    pub todo: Vec<Todo>,
    /// Terms of its path and symbols.
    pub names: BTreeSet<String>,
    /// The change begins here: what the ticket names is handled in it.
    pub leads: bool,
    /// It is to be made beside others of its kind, and is what the ticket asks for.
    pub is_beside: bool,
    /// It is one of the files that a new noun gets.
    pub is_kin: bool,
    /// A function to change asks for one thing at a time, in a loop.
    pub has_loop: bool,
    /// The interface through which a function to change calls what is to be added elsewhere.
    pub port: Option<Port>,
    /// The ranking alone leads here, and nothing that the ticket asks.
    pub is_idle: bool,
}

/// Has the repository as many files as those that the ranking learned from?
pub fn is_large(context: &Context) -> bool {
    context.tree.paths().nth(FEW).is_some()
}

impl<'c> Site<'c> {
    /// How likely the ranking alone finds it that the change modifies the file, 0 to 1.
    pub fn ranked(&self) -> f64 {
        self.context.ranked.iter().find(|r| r.path == self.path).map_or(0.0, |r| r.probability)
    }

    /// The file as the plan refers to it.
    pub fn file(&self) -> FileRef {
        FileRef::new(&self.path).of(self.repository.clone())
    }

    /// Another file of the same repository.
    pub fn sibling(&self, path: &str) -> FileRef {
        FileRef::new(path).of(self.repository.clone())
    }

    /// A symbol of this file as the plan refers to it.
    pub fn symbol(&self, symbol: &Symbol) -> SymbolRef {
        refs::symbol_ref(&self.file(), symbol)
    }

    /// The innermost symbol around a line.
    pub fn around(&self, line: u32) -> Option<Symbol> {
        around(&self.context.tree.symbols(&self.path), line)
    }

    /// The lines of its symbols to change.
    pub fn touched(&self) -> impl Iterator<Item = &str> {
        let text = self.text.as_deref().unwrap_or_default();
        let is_touched = |at: u32| self.symbols.iter().any(|s| s.line <= at && at <= s.end_line);
        text.lines().zip(1_u32..).filter(move |(_, at)| is_touched(*at)).map(|(line, _)| line)
    }

    /// Is one more thing named here, and nothing else done? What decides here stays as it is.
    pub fn is_registry(&self) -> bool {
        !self.todo.is_empty() && self.todo.iter().all(|t| matches!(t.act, Act::Register(_) | Act::DeclareSetting(_)))
    }

    /// Is the file code: no documentation, settings or test?
    pub fn is_code(&self) -> bool {
        !matches!(self.layer, Layer::Document | Layer::Settings | Layer::Test)
    }
}

/// A file to create, with the convention behind it and a file that shows it.
pub struct New {
    pub path: String,
    pub why: String,
    pub like: Option<String>,
    /// One more of a kind, which the ticket asks for.
    pub is_beside: bool,
    /// One of the files that a new noun gets.
    pub is_kin: bool,
    /// What it is made like does a work of its own, which the change may touch.
    pub like_may_change: bool,
}

impl New {
    /// A file that a new noun gets, made like the one of another noun; why is still to be said.
    pub fn kin(path: String, like: &str) -> Self {
        Self {
            path,
            why: String::new(),
            like: Some(like.to_owned()),
            is_beside: false,
            is_kin: true,
            like_may_change: false,
        }
    }
}

/// All sites of one repository, most likely first; `main` is the plan's first repository, `date` the day of the plan.
pub fn sites<'c>(context: &'c Context, reading: &'c Reading, main: bool, date: &str) -> Vec<Site<'c>> {
    let repository = (!main).then(|| context.repository.name.clone());
    let evidence: BTreeMap<&str, &'c [Evidence]> =
        context.ranked.iter().map(|r| (r.path.as_str(), r.evidence.as_slice())).collect();
    let mut out: Vec<Site<'c>> = Vec::new();
    for likely in context.modify.iter().take(MOST_SITES) {
        let Some(file) = context.tree.file(&likely.path) else { continue };
        if matches!(file.class, FileClass::Generated | FileClass::Vendored | FileClass::Binary) {
            continue;
        }
        let evidence = evidence.get(likely.path.as_str()).copied().unwrap_or_default();
        let is_pointed_at = evidence.iter().any(|e| weakness(reading, e) <= 3);
        if likely.probability < LIKELY && !out.is_empty() && !is_pointed_at {
            continue;
        }
        let symbols = picked::best(context, reading, likely, evidence);
        let mut site = bare(context, reading, repository.clone(), &likely.path, file.class);
        site.probability = likely.probability;
        site.evidence = evidence;
        site.names = names(&likely.path, &symbols);
        site.symbols = symbols;
        site.text = (file.size <= LONGEST_TEXT as u64).then(|| context.tree.text(&likely.path)).flatten();
        site.dependents = uses::users(context, &likely.path);
        out.push(site);
    }
    if out.iter().any(|site| !is_complaint(site)) {
        out.retain(|site| !is_complaint(site));
    }
    if out.iter().any(|site| !is_by_the_way(site)) {
        out.retain(|site| !is_by_the_way(site));
    }
    let named = named::sites(context, reading, &repository, &out);
    out.extend(named);
    let beside = beside::find(context, reading, &repository);
    let noun = stored::noun(context, reading);
    let family = noun.map(|noun| family::find(context, reading, &repository, &noun)).unwrap_or_default();
    let (mut new, mut calls) = (beside.new, beside.calls);
    let likes: Vec<&str> = family.new.iter().filter_map(|new| new.like.as_deref()).collect();
    let sibling = siblings::found(context, reading, &repository);
    let migration = stored::migration(context, reading, date, &likes, sibling.as_ref());
    calls.extend(migration.as_ref().and_then(|new| stored::schema(context, &repository, &new.path)));
    let nested = migration.as_ref().and_then(|first| stored::nested(context, reading, first, date));
    let others = migration.as_ref().map_or_else(Vec::new, |first| stored::drivers(context, first, date));
    new.extend(migration.into_iter().chain(nested).chain(others));
    new.extend(family.new);
    calls.extend(family.calls);
    // What is made beside its siblings leaves them as they are.
    let is_left = |path: &String| {
        beside.siblings.contains(path) || new.iter().any(|n| !n.like_may_change && n.like.as_ref() == Some(path))
    };
    out.retain(|site| !is_left(&site.path) || confidence::is_pointed_at(site));
    called::add(context, reading, &repository, (calls, sibling.as_ref()), &mut out);
    if let Some(sibling) = &sibling {
        // Where a sibling shows the way, what merely has the ticket's words lies beside it, but for the likeliest: what an
        // option decides is done elsewhere.
        let first = context.modify.first().map(|likely| likely.path.as_str()).filter(|_| !sibling.is_act());
        let is_first = |s: &Site<'_>| Some(s.path.as_str()) == first;
        out.retain(|s| !s.is_code() || is_first(s) || !s.called.is_empty() || confidence::is_hard(s));
    }
    let is_told = |site: &Site<'_>| !site.todo.iter().all(|t| matches!(t.act, Act::Part(_) | Act::PassOn));
    out.retain(|site| !is_left(&site.path) || confidence::is_pointed_at(site) || is_told(site));
    if out.iter().any(|s| s.todo.iter().any(|t| t.act == Act::Raise)) {
        // What merely uses a package that goes up is looked at, not changed.
        out.retain(|s| !s.is_code() || !s.todo.is_empty() || !s.called.is_empty() || confidence::is_hard(s));
    }
    for site in out.iter_mut().filter(|s| s.is_code() && s.tests.is_empty()) {
        site.tests.extend(near::calling(context, &site.path, &site.symbols));
    }
    let tested = sibling.map(|sibling| sibling.tests(context)).unwrap_or_default();
    for site in out.iter_mut().filter(|s| s.tests.is_empty() && s.todo.iter().any(|t| matches!(t.act, Act::Follow(_))))
    {
        // A page is shown by what asks for it, in whatever language.
        let is_page = attribute::VIEWS.contains(&ending(&site.path));
        let near = tested.iter().filter(|test| is_page || ending(&test.path) == ending(&site.path));
        site.tests.extend(near.max_by_key(|test| shared_folders(&test.path, &site.path)).cloned());
    }
    out.extend(new_sites(context, reading, &repository, new, &out));
    narrow_to_new(&mut out);
    out.retain(|site| !reading.is_kept(&site.path));
    outdo(&mut out);
    out.retain(|site| !site.is_outdone);
    leave_namesakes(&mut out);
    replaced::narrow(&mut out, reading);
    suspect::mark(&mut out);
    commits::mark(context, reading, &mut out);
    loops::mark(context, reading, &mut out);
    let tests = own_tests(context, &out);
    if !tests.is_empty() {
        out.extend(new_sites(context, reading, &repository, tests, &out));
    }
    let far = far::test(context, reading);
    let has_called = out.iter().any(|s| s.is_code() && !s.called.is_empty());
    let is_bare = |s: &&mut Site<'c>| s.is_code() && s.tests.is_empty() && s.called.is_empty() != has_called;
    let most = if has_called { out.len() } else { 1 };
    for site in out.iter_mut().filter(is_bare).take(most) {
        site.far_test = far.iter().find(|t| ending(&t.path) == ending(&site.path)).cloned();
    }
    out
}

/// How many folders of two paths are called alike.
fn shared_folders(a: &str, b: &str) -> usize {
    let of = |path: &str| -> BTreeSet<String> { folder(path).split('/').map(str::to_owned).collect() };
    of(a).intersection(&of(b)).count()
}

/// Does nothing but words of any complaint lead here: “wrong”, “error”? The text of an error message shares them.
fn is_complaint(site: &Site<'_>) -> bool {
    const COMPLAINTS: &[&str] =
        &["wrong", "error", "problem", "issu", "bug", "fail", "broken", "incorrect", "sometim", "bad"];
    let only = |words: &[String]| words.iter().all(|word| COMPLAINTS.iter().any(|known| word.starts_with(known)));
    let says_nothing = |e: &Evidence| match e {
        Evidence::Words { words } | Evidence::PathWords { words } | Evidence::Passage { words, .. } => only(words),
        _ => false,
    };
    site.action == Action::Modify && !site.evidence.is_empty() && site.evidence.iter().all(says_nothing)
}

/// Does the ticket name it only where it tells of work that comes with any change?
fn is_by_the_way(site: &Site<'_>) -> bool {
    let reading = site.reading;
    let is_named_so = |e: &Evidence| match e {
        Evidence::PathNamed { text } => Some(reading.is_chore(text)),
        Evidence::Symbol { name, .. } => Some(reading.is_chore(name)),
        Evidence::Quote { .. } | Evidence::StackFrame { .. } => Some(false),
        _ => None,
    };
    let named: Vec<bool> = site.evidence.iter().filter_map(is_named_so).collect();
    !named.is_empty() && named.iter().all(|is_so| *is_so)
}

/// Tests to create for files that are told or known to change and that no test is near to or reaches.
fn own_tests(context: &Context, sites: &[Site<'_>]) -> Vec<New> {
    let is_bare = |s: &&Site<'_>| {
        let is_told = s.todo.iter().any(|t| t.act == Act::Other) || confidence::is_hard(s);
        let is_rule = matches!(s.layer, Layer::Logic | Layer::Interface);
        is_rule && s.action == Action::Modify && s.tests.is_empty() && is_told && !s.symbols.is_empty()
    };
    let bare: Vec<&str> = sites.iter().filter(is_bare).map(|s| s.path.as_str()).take(MOST_BARE).collect();
    let reached = through::reach(context, &bare);
    let untested = bare.iter().zip(reached).filter(|(_, reached)| reached.is_none());
    let new = untested.filter_map(|(path, _)| testing::mirrored(context, path));
    new.filter(|n| sites.iter().all(|s| s.path != n.path)).take(2).collect()
}

/// Where the ticket asks for one more of a kind, code that is only like its words is not its subject.
fn narrow_to_new(sites: &mut Vec<Site<'_>>) {
    if sites.iter().any(|s| s.is_beside) {
        let is_meant = |s: &Site<'_>| s.action == Action::Create || !s.called.is_empty() || confidence::is_hard(s);
        sites.retain(|s| !s.is_code() || is_meant(s));
    }
}

/// Marks the sites whose named symbols another file has too, and more of them: a list of names points at the file that
/// holds the list.
fn outdo(sites: &mut [Site<'_>]) {
    // What takes the place of something else is there already, and says nothing of where that stands.
    let is_replacement = |reading: &Reading, name: &str| {
        let marked = format!("`{name}`");
        reading.swaps.iter().any(|swap| swap.from != name && swap.found.text.contains(&marked))
    };
    let named = |site: &Site<'_>| -> BTreeSet<String> {
        let symbols = site.context.tree.symbols(&site.path).into_iter().map(|s| s.name);
        let reading = site.reading;
        symbols.filter(|name| reading.codes.contains(name) && !is_replacement(reading, name)).collect()
    };
    let all: Vec<BTreeSet<String>> = sites.iter().map(named).collect();
    for (site, own) in sites.iter_mut().zip(&all) {
        let is_soft = site.evidence.iter().all(|e| weakness(site.reading, e) >= 3);
        let is_more = |other: &BTreeSet<String>| other.len() >= own.len() + 2 && own.is_subset(other);
        // Of a list of names, the file that has most of them is meant.
        let in_lists = own.iter().all(|name| site.reading.lists.iter().any(|list| list.contains(name)));
        let is_far = |other: &BTreeSet<String>| other.len() >= 2 * own.len() && in_lists;
        let is_beaten = all.iter().any(|other| is_more(other) || is_far(other));
        site.is_outdone = is_soft && !own.is_empty() && site.called.is_empty() && is_beaten;
    }
}

/// Takes out files that only declare something, where another file of the same name and language holds code that runs: an
/// annotation `FormatString` beside the check `FormatString`, of which the ticket writes the name alone.
fn leave_namesakes(sites: &mut Vec<Site<'_>>) {
    let runs = |site: &Site<'_>| {
        let symbols = site.context.tree.symbols(&site.path);
        symbols.iter().any(|s| matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro))
    };
    let name = |site: &Site<'_>| site.path.rsplit('/').next().unwrap_or_default().to_owned();
    // A file whose own name, and no path, is what the ticket writes.
    let is_named = |site: &Site<'_>| {
        let named = |e: &Evidence| matches!(e, Evidence::PathNamed { text } if text == stem(&site.path));
        site.evidence.iter().any(named)
    };
    let running: Vec<(Option<RepoName>, String)> =
        sites.iter().filter(|s| s.is_code() && runs(s)).map(|s| (s.repository.clone(), name(s))).collect();
    sites.retain(|site| {
        let is_bare = site.is_code() && site.action == Action::Modify && site.called.is_empty() && !runs(site);
        !is_bare || !is_named(site) || !running.contains(&(site.repository.clone(), name(site)))
    });
}

/// A file of the tree as a site, with what the tree says of it.
pub fn existing<'c>(
    context: &'c Context,
    reading: &'c Reading,
    repository: Option<RepoName>,
    path: &str,
    symbols: Vec<Symbol>,
) -> Option<Site<'c>> {
    let file = context.tree.file(path)?;
    if matches!(file.class, FileClass::Generated | FileClass::Vendored | FileClass::Binary) {
        return None;
    }
    let ranked = context.ranked.iter().find(|r| r.path == path);
    let mut site = bare(context, reading, repository, path, file.class);
    site.probability = ranked.map_or(0.4, |r| r.probability);
    site.evidence = ranked.map_or(&[], |r| r.evidence.as_slice());
    site.names = names(path, &symbols);
    site.symbols = symbols;
    site.text = (file.size <= LONGEST_TEXT as u64).then(|| context.tree.text(path)).flatten();
    site.dependents = uses::users(context, path);
    Some(site)
}

/// Files to create: what the ticket calls for, then where the repository's conventions put tests.
fn new_sites<'c>(
    context: &'c Context,
    reading: &'c Reading,
    repository: &Option<RepoName>,
    new: Vec<New>,
    known: &[Site<'c>],
) -> Vec<Site<'c>> {
    let is_test = |p: &str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    let has_own = new.iter().any(|n| n.like.as_deref().is_some_and(is_test));
    let usual = context.create.iter().take(if has_own || !reading.swaps.is_empty() { 0 } else { 8 });
    // A file that tests cover needs no test file of its own name, nor does one that does not change.
    let is_wanted = |p: &str| known.iter().any(|s| s.tests.is_empty() && super::super::survey::is_test_of(p, &s.path));
    let usual = usual.filter(|n| is_wanted(&n.path)).map(|n| New {
        path: n.path.clone(),
        why: n.why.clone(),
        like: n.like.clone(),
        is_beside: false,
        is_kin: false,
        like_may_change: false,
    });
    let mut out: Vec<Site<'c>> = Vec::new();
    for new in new.into_iter().chain(usual).filter(|n| context.tree.file(&n.path).is_none()) {
        let class = new.like.as_deref().and_then(|l| context.tree.file(l)).map(|f| f.class);
        // Without an example, a migration is told by the others of its folder.
        let beside = || {
            let folder = |p: &str| p.rsplit_once('/').map(|(folder, _)| folder.to_owned());
            let is_migration = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Migration);
            context
                .tree
                .paths()
                .filter(is_migration)
                .any(|p| folder(p) == folder(&new.path))
                .then_some(FileClass::Migration)
        };
        let class = class.or_else(beside).unwrap_or(FileClass::Source);
        let mut site = bare(context, reading, repository.clone(), &new.path, class);
        site.action = Action::Create;
        site.probability = known.iter().find(|s| Some(&s.path) == new.like.as_ref()).map_or(0.5, |s| s.probability);
        site.is_beside = new.is_beside;
        site.is_kin = new.is_kin;
        site.convention = Some((new.why, new.like));
        site.names = names(&new.path, &[]);
        out.push(site);
    }
    out
}

/// A site with what its path alone says.
fn bare<'c>(
    context: &'c Context,
    reading: &'c Reading,
    repository: Option<RepoName>,
    path: &str,
    class: FileClass,
) -> Site<'c> {
    Site {
        context,
        reading,
        repository,
        path: path.to_owned(),
        action: Action::Modify,
        layer: Layer::of(path, class),
        probability: 0.0,
        evidence: &[],
        symbols: Vec::new(),
        reads: Vec::new(),
        convention: None,
        text: None,
        dependents: Vec::new(),
        tests: near::tests_of(context, path),
        past: context.past.iter().filter(|p| p.files.iter().any(|f| f == path)).collect(),
        far_test: None,
        is_outdone: false,
        is_on_the_way: false,
        called: Vec::new(),
        todo: Vec::new(),
        names: BTreeSet::new(),
        leads: false,
        is_beside: false,
        is_kin: false,
        has_loop: false,
        port: None,
        is_idle: false,
    }
}

/// The innermost symbol around a line; fields and modules do not count.
pub fn around(symbols: &[Symbol], line: u32) -> Option<Symbol> {
    symbols
        .iter()
        .filter(|s| s.line <= line && line <= s.end_line)
        .filter(|s| !matches!(s.kind, SymbolKind::Field | SymbolKind::Module))
        .min_by_key(|s| s.end_line - s.line)
        .cloned()
}

/// The terms of a path and of symbols.
fn names(path: &str, symbols: &[Symbol]) -> BTreeSet<String> {
    let mut all = terms(path);
    all.extend(symbols.iter().flat_map(|s| terms(&s.name)));
    all
}
