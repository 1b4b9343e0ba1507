//! New files beside their kind: “implement `X` encoder” where `json_encoder` and `csv_encoder` stand.
//!
//! In: what the ticket calls new, and the paths of a [`Context`]. Out: the file to create, its test, the place where its
//! siblings are registered, the document that says how one is added. Two siblings at least show a kind.

use std::collections::BTreeSet;

use super::{
    super::{
        code::path::{ending, folder, stem},
        reading::{Reading, sentences},
    },
    called::Call,
    companions, entry, refs,
    site::New,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, FileClass, PastChange},
    ids::RepoName,
    plan::{Basis, Citation, FileRef, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// Words by which a sentence asks for something new.
const NEW: &[&str] = &["implement", "add", "support", "introduce", "create", "write", "provide", "new", "integrate"];
/// Nouns for what something that is there gets: none of them is a kind of file.
const PARTS: &[&str] = &[
    "argument",
    "attribute",
    "column",
    "default",
    "error",
    "field",
    "flag",
    "function",
    "header",
    "keyword",
    "message",
    "method",
    "option",
    "parameter",
    "property",
    "setting",
    "switch",
    "test",
    "value",
    "variable",
    "version",
];
/// The most siblings that are looked at.
const MOST: usize = 40;

/// A kind of file: its folder, and what its names share.
struct Kind<'t> {
    folder: &'t str,
    /// Paths of the siblings with the part of their name that is their own.
    siblings: Vec<(&'t str, &'t str)>,
}

/// What a ticket asks to be made: its own name, and the word for its kind.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    name: String,
    noun: String,
}

/// What is made beside its siblings.
#[derive(Default)]
pub struct Beside {
    pub new: Vec<New>,
    /// Files that have to know of it.
    pub calls: Vec<Call>,
    /// What stays as it is.
    pub siblings: Vec<String>,
}

/// The new files, and the files that have to know of them.
pub fn find(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Beside {
    let all = std::iter::once(reading.title.as_str()).chain(reading.requirements.iter().map(|r| r.text.as_str()));
    let sentences = all.flat_map(sentences).take(12);
    for wanted in sentences.filter(|s| !is_of_something(context, s)).flat_map(wanted) {
        if !context.tree.definitions(&wanted.name, 1).is_empty() {
            continue;
        }
        if let Some(kind) = kind(context, &wanted.noun) {
            return made(context, reading, repository, &wanted, &kind);
        }
    }
    Beside::default()
}

/// “Support the option `X` for `Style/EmptyElse`”: something that is there gets it, and no file of its own is asked for.
fn is_of_something(context: &Context, sentence: &str) -> bool {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let owner = words.windows(2).rev().find(|pair| ["for", "to", "of", "in"].contains(&pair[0])).map(|pair| pair[1]);
    let last = owner.and_then(|word| {
        word.trim_matches(['`', '"', '.', ',']).rsplit(['/', '.', ':', '#']).find(|part| part.len() >= 4)
    });
    last.is_some_and(|name| super::super::work::why::is_telling(name) && !context.tree.definitions(name, 1).is_empty())
}

/// “Implement `ndjson` encoder”, “Support the carrier Kattegat”: a name beside a noun, behind a word for newness.
fn wanted(sentence: &str) -> Vec<Wanted> {
    let words: Vec<&str> = sentence.split([' ', ',', '(', ')']).filter(|w| !w.is_empty()).take(40).collect();
    let Some(first) = words.iter().position(|w| NEW.contains(&w.to_lowercase().as_str())) else { return Vec::new() };
    let bare = |word: &str| word.trim_matches(['`', '"', '“', '”', '.', ':', '*']).to_owned();
    let is_name = |word: &str| {
        let inner = bare(word);
        let is_marked = word.starts_with(['`', '"', '“']);
        let is_proper = inner.starts_with(char::is_uppercase);
        let is_plain = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        is_plain && inner.len() >= 2 && !inner.starts_with('-') && (is_marked || is_proper)
    };
    let is_part = |word: &str| PARTS.contains(&word) || word.strip_suffix('s').is_some_and(|w| PARTS.contains(&w));
    let is_noun = |word: &str| word.len() >= 4 && word.chars().all(|c| c.is_ascii_lowercase()) && !is_part(word);
    let mut out = Vec::new();
    for pair in words[first + 1..].windows(2).take(8) {
        let (a, b) = (pair[0], bare(pair[1]));
        if is_name(a) && is_noun(&b) {
            out.push(Wanted { name: bare(a).to_lowercase(), noun: b });
        } else if is_noun(&bare(a)) && is_name(pair[1]) {
            out.push(Wanted { name: b.to_lowercase(), noun: bare(a) });
        }
    }
    out
}

/// The files of the kind: `*_encoder`, `encoder-*`, `*Encoder` in one folder, or what stands in a folder of that name.
fn kind<'t>(context: &'t Context, noun: &str) -> Option<Kind<'t>> {
    let noun = noun.strip_suffix('s').unwrap_or(noun);
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let paths: Vec<&str> = context.tree.paths().filter(|p| p.to_lowercase().contains(noun)).filter(is_source).collect();
    let by_name: Vec<(&str, &str)> =
        paths.iter().filter_map(|p| Some((*p, own_part(stem(p), noun)?))).take(MOST).collect();
    let in_folder: Vec<(&str, &str)> = paths
        .iter()
        .filter(|p| folder(p).rsplit('/').next().is_some_and(|f| f == noun || f.strip_suffix('s') == Some(noun)))
        .map(|p| (*p, stem(p)))
        .filter(|(_, own)| {
            !["mod", "index", "base", "__init__", "types", noun].contains(own) && own.strip_suffix('s') != Some(noun)
        })
        .take(MOST)
        .collect();
    for siblings in [by_name, in_folder] {
        for (path, _) in &siblings {
            let same: Vec<(&str, &str)> = siblings.iter().filter(|(p, _)| folder(p) == folder(path)).copied().collect();
            if same.len() >= 2 {
                return Some(Kind { folder: folder(path), siblings: same });
            }
        }
    }
    None
}

/// `json` of `json_encoder` and of `jsonEncoder`.
fn own_part<'s>(stem: &'s str, noun: &str) -> Option<&'s str> {
    let lower = stem.to_ascii_lowercase();
    // The kind is a word of its own: `optional_x` is no option.
    let ends_word = |at: usize| {
        let (before, after) = (stem[..at].chars().next_back(), stem[at..].chars().next());
        let is_joint = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric());
        is_joint(before) || is_joint(after) || after.is_some_and(char::is_uppercase)
    };
    let own = match (lower.strip_suffix(noun), lower.strip_prefix(noun)) {
        (Some(before), _) if !before.is_empty() && ends_word(before.len()) => &stem[..before.len()],
        (None, Some(_)) if ends_word(noun.len()) => &stem[noun.len()..],
        _ => return None,
    };
    Some(own.trim_matches(['_', '-', '.'])).filter(|own| own.len() >= 2)
}

/// The file, its test, and who has to know.
fn made(
    context: &Context,
    reading: &Reading,
    repository: &Option<RepoName>,
    wanted: &Wanted,
    kind: &Kind<'_>,
) -> Beside {
    let Some((like, own)) = pattern(context, reading, kind) else { return Beside::default() };
    let name = in_case(&wanted.name, own);
    let path = renamed(like, own, &name);
    let names: Vec<String> = kind.siblings.iter().take(3).map(|(p, _)| format!("`{p}`")).collect();
    let why = format!("the ticket asks for one more of {}", names.join(", "));
    let mut new = vec![New {
        path: path.clone(),
        why,
        like: Some(like.to_owned()),
        is_beside: true,
        is_kin: false,
        like_may_change: false,
    }];
    new.extend(test(context, like, own, &name, &path));
    let mut calls: Vec<Call> = registry(context, repository, kind, own, &wanted.name).into_iter().collect();
    let entry = settings(context, repository, kind, own, &wanted.name);
    calls.extend(entry.iter().filter_map(|(_, at)| entry::call(context, reading, repository, (&at.0, at.1))));
    calls.extend(entry.map(|(call, _)| call));
    calls.extend(procedure(context, repository, &wanted.noun));
    let known: Vec<String> = calls.iter().map(|call| call.path.clone()).collect();
    calls.extend(told(context, repository, kind).into_iter().filter(|call| !known.contains(&call.path)));
    Beside { new, calls, siblings: kind.siblings.iter().map(|(path, _)| (*path).to_owned()).collect() }
}

/// The sibling that shows how one is made: one that the ticket names, else one that has a test, else the smallest.
fn pattern<'t>(context: &Context, reading: &Reading, kind: &Kind<'t>) -> Option<(&'t str, &'t str)> {
    let told = reading.told.to_lowercase();
    let is_named = |own: &str| told.split(|c: char| !c.is_alphanumeric()).any(|w| w == own.to_lowercase());
    let lines = |path: &str| context.tree.file(path).map_or(0, |f| f.lines);
    let rank = |(path, own): &&(&str, &str)| (!is_named(own), test_of(context, path).is_none(), lines(path));
    kind.siblings.iter().min_by_key(rank).copied()
}

/// The test of a file of the kind.
fn test_of<'c>(context: &'c Context, path: &str) -> Option<&'c str> {
    let is_test = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    context.tree.paths().filter(is_test).find(|p| stem(p).contains(stem(path)) && ending(p) == ending(path))
}

/// A test beside the new file, as a sibling has one.
fn test(context: &Context, like: &str, own: &str, name: &str, subject: &str) -> Option<New> {
    let of_like = test_of(context, like)?;
    let path = renamed(of_like, own, name);
    let why = format!("`{like}` has such a test, `{subject}` needs its own");
    Some(New { path, why, like: Some(of_like.to_owned()), is_beside: false, is_kin: false, like_may_change: false })
}

/// The file that names the definitions of two siblings at least, and the line with the first of them.
fn registry(context: &Context, repository: &Option<RepoName>, kind: &Kind<'_>, own: &str, name: &str) -> Option<Call> {
    let of = |path: &str| -> Vec<String> {
        let types = context.tree.symbols(path).into_iter().map(|s| s.name);
        types.filter(|n| n.len() >= 4).take(8).collect()
    };
    let all: Vec<Vec<String>> = kind.siblings.iter().take(8).map(|(path, _)| of(path)).collect();
    // What several siblings define says nothing of one of them.
    let is_own = |name: &String| all.iter().filter(|names| names.contains(name)).count() == 1;
    let defined: Vec<Vec<String>> =
        all.iter().map(|names| names.iter().filter(|n| is_own(n)).cloned().collect()).collect();
    let is_sibling = |p: &str| kind.siblings.iter().any(|(s, _)| *s == p);
    let is_source = |p: &str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let near = context.tree.paths().filter(|p| folder(p) == kind.folder && is_source(p) && !is_sibling(p));
    let users = kind
        .siblings
        .iter()
        .flat_map(|(s, _)| context.tree.dependents(s, 12))
        .filter(|p| is_source(p) && !is_sibling(p));
    let candidates: BTreeSet<String> = near.map(str::to_owned).chain(users).collect();
    candidates.into_iter().find_map(|path| {
        let text = context.tree.text(&path)?;
        let named = |names: &Vec<String>| names.iter().any(|n| text.contains(n.as_str()));
        if defined.iter().filter(|names| named(names)).count() < 2 {
            return None;
        }
        let sibling = kind.siblings.iter().position(|(_, o)| *o == own)?;
        let line = text
            .lines()
            .position(|l| defined.get(sibling).is_some_and(|names| names.iter().any(|n| l.contains(n.as_str()))))?;
        let file = FileRef::new(&path).of(repository.clone()).lines(line as u32 + 1, line as u32 + 1);
        let said = format!("its siblings are registered at `{}`", file.label());
        let todo = format!("Register `{name}` beside `{own}` (`{}`)", file.label());
        let why = Statement::new(Basis::Repository, said).at(file.clone());
        let symbol = super::site::around(&context.tree.symbols(&path), line as u32 + 1);
        Some(Call {
            path,
            symbol,
            why,
            todo: Some(Todo::new(Act::Register(name.to_owned()), Statement::new(Basis::Repository, todo).at(file))),
            leads: false,
        })
    })
}

/// The settings that have an entry for two siblings at least, and where that of one stands.
fn settings(
    context: &Context,
    repository: &Option<RepoName>,
    kind: &Kind<'_>,
    own: &str,
    name: &str,
) -> Option<(Call, (String, u32))> {
    let is_settings = |p: &&str| {
        let is_config = context.tree.file(p).is_some_and(|f| f.class == FileClass::Config);
        is_config
            && !p.starts_with('.')
            && [".yaml", ".yml", ".toml", ".json", ".properties"].iter().any(|e| p.ends_with(e))
    };
    let key = |line: &str| {
        let bare = line.trim().trim_matches(['"', '\'', '[', ']', '-', ' ']);
        let end = bare.find([':', '=', '"', ']']).unwrap_or(bare.len());
        bare[..end].rsplit('.').next().unwrap_or_default().trim().to_lowercase()
    };
    context.tree.paths().filter(is_settings).take(MOST).find_map(|path| {
        let text = context.tree.text(path)?;
        let keys: Vec<(u32, String)> = (1_u32..).zip(text.lines().map(key)).take(2_000).collect();
        let entry = |own: &str| keys.iter().find(|(_, key)| *key == own.to_lowercase()).map(|(line, _)| *line);
        if kind.siblings.iter().filter(|(_, own)| entry(own).is_some()).count() < 2 {
            return None;
        }
        let line = entry(own)?;
        let file = FileRef::new(path).of(repository.clone()).lines(line, line);
        let why = Statement::new(Basis::Repository, format!("its siblings have an entry at `{}`", file.label()));
        let todo = format!("Give `{name}` an entry beside `{own}` (`{}`)", file.label());
        let todo = Statement::new(Basis::Repository, todo).at(file.clone());
        let call =
            Call { path: path.to_owned(), symbol: None, why: why.at(file), todo: Some(todo.into()), leads: false };
        Some((call, (path.to_owned(), line)))
    })
}

/// The documents that the commits which made the siblings touched: all of those since the document is there; one is enough
/// for a changelog, which is there for that.
fn told(context: &Context, repository: &Option<RepoName>, kind: &Kind<'_>) -> Vec<Call> {
    let is_sibling = |path: &String| kind.siblings.iter().any(|(sibling, _)| sibling == path);
    let mut makers: Vec<&PastChange> = Vec::new();
    for past in context.past.iter().chain(&context.added).filter(|p| p.made.iter().any(is_sibling)) {
        if makers.iter().all(|known| known.commit != past.commit) {
            makers.push(past);
        }
    }
    makers.sort_by(|a, b| b.date.cmp(&a.date));
    let is_doc = |p: &&String| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc);
    let docs = makers.first().into_iter().flat_map(|newest| newest.files.iter().filter(is_doc));
    docs.filter_map(|path| {
        let since = companions::since(context, path)?;
        let least = if companions::is_changelog(path) { 1 } else { 2 };
        let later: Vec<&PastChange> = makers.iter().copied().filter(|m| m.date.as_str() >= since).collect();
        (later.len() >= least && later.iter().all(|m| m.files.contains(path))).then(|| named(repository, path, &later))
    })
    .collect()
}

/// Something new is named in the document, as its siblings were.
fn named(repository: &Option<RepoName>, path: &str, changes: &[&PastChange]) -> Call {
    let commits: Vec<String> = changes.iter().take(3).map(|c| format!("`{}`", c.commit.short())).collect();
    let siblings = if changes.len() == 1 { "its sibling" } else { "its siblings" };
    let said = format!("{} touched it with {siblings}", commits.join(" and "));
    let todo = format!("Name it in `{path}`, as {} did with {siblings}", commits.join(" and "));
    let cite = |text: String| {
        let cited = changes.iter().take(3).map(|c| Citation::Commit(refs::commit_ref(repository, c)));
        cited.fold(Statement::new(Basis::History, text), Statement::citing)
    };
    Call { path: path.to_owned(), symbol: None, why: cite(said), todo: Some(cite(todo).into()), leads: false }
}

/// A document whose heading tells how one of the kind is added.
fn procedure(context: &Context, repository: &Option<RepoName>, noun: &str) -> Option<Call> {
    let wanted = terms(noun);
    let is_doc = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc);
    context.tree.paths().filter(is_doc).take(60).find_map(|path| {
        let text = context.tree.text(path)?;
        let tells = |line: &str| {
            let lower = line.to_lowercase();
            lower.starts_with('#') && ["adding ", "how to add", "add a ", "new "].iter().any(|w| lower.contains(w))
        };
        let (at, heading) = text
            .lines()
            .enumerate()
            .find(|(_, l)| tells(l) && (!terms(l).is_disjoint(&wanted) || !terms(path).is_disjoint(&wanted)))?;
        let file = FileRef::new(path).of(repository.clone()).lines(at as u32 + 1, at as u32 + 1);
        let heading = shorten(&clean(heading.trim_start_matches('#')), 60);
        let points = points(text.lines().skip(at + 1));
        let points = if points.is_empty() { String::new() } else { format!(" ({})", points.join("; ")) };
        let said = format!(
            "`{}` (“{heading}”) says how one is added{points}: keep to it, and name the new one where it names its siblings",
            file.label()
        );
        let why = Statement::new(Basis::Repository, said).at(file);
        Some(Call { path: path.to_owned(), symbol: None, todo: Some(why.clone().into()), why, leads: false })
    })
}

/// The points of the list below a heading, in the document's words.
fn points<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<String> {
    let is_marker = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | '-' | '*' | ' ');
    let section = lines.take_while(|line| !line.starts_with('#'));
    let items = section.filter(|line| line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '*')));
    let bare = items.map(|line| shorten(&clean(line.trim_start_matches(is_marker)), 90).replace('`', ""));
    bare.map(|point| format!("“{}”", point.trim_end_matches('.'))).take(6).collect()
}

/// The path with the own part of its name replaced.
fn renamed(path: &str, own: &str, name: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let file = file.replacen(own, name, 1);
    if folder.is_empty() { file } else { format!("{folder}/{file}") }
}

/// The name as its siblings write theirs.
fn in_case(name: &str, own: &str) -> String {
    let joint = if own.contains('-') { '-' } else { '_' };
    let name = name.replace(['-', '_'], &joint.to_string());
    match own.chars().next().is_some_and(char::is_uppercase) {
        true => name.chars().next().map(|c| c.to_ascii_uppercase().to_string() + &name[1..]).unwrap_or_default(),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_has_a_name_and_a_kind() {
        let check = |sentence: &str, name: &str, noun: &str| {
            let expected = Wanted { name: name.to_owned(), noun: noun.to_owned() };
            assert!(wanted(sentence).contains(&expected), "{sentence}: {:?}", wanted(sentence));
        };
        check("Implement `ndjson` encoder", "ndjson", "encoder");
        check("Support the carrier Kattegat", "kattegat", "carrier");
        check("Add a new `toml` loader for settings", "toml", "loader");
        assert_eq!(wanted("The total is wrong"), []);
        assert_eq!(wanted("unless the new parameter `-KeepTotals` is given"), []);
        assert_eq!(wanted("Add `allowSuper` option"), []);
    }

    #[test]
    fn the_own_part_of_a_name_is_what_its_kind_leaves() {
        let check = |stem: &str, expected: Option<&str>| assert_eq!(own_part(stem, "encoder"), expected, "{stem}");
        check("json_encoder", Some("json"));
        check("JsonEncoder", Some("Json"));
        check("encoder-csv", Some("csv"));
        check("encoder", None);
        check("encoders_json", None);
    }
}
