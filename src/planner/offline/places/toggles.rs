//! Feature flags that the ticket wants: where this repository declares the others.
//!
//! In: sentences that name a flag in code marks, and files that are called for flags. Out: calls: the line that declares a
//! flag, and the settings that name it. Reads a few files; a repository without such a file gets nothing.

use super::{
    super::{
        code::path::stem,
        reading::{Reading, sentences},
        work::group::Group,
    },
    called::Call,
    near, site,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, FileClass},
    ids::RepoName,
    plan::{Action, Basis, FileChange, FileRef, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// Files that are looked at.
const SEARCHED: usize = 40;
/// What a file that declares flags is called.
const NAMES: &[&str] =
    &["flag", "flags", "featureflags", "feature_flags", "feature-flags", "toggles", "featuretoggles"];

/// A flag that is declared here.
struct Declared {
    path: String,
    line: u32,
    name: String,
}

/// The flag that a sentence asks for: a name in code marks beside the word.
pub fn asked(text: &str) -> Option<&str> {
    let is_about =
        text.split(|c: char| !c.is_alphanumeric()).any(|w| ["flag", "toggle"].contains(&w.to_lowercase().as_str()));
    let marked = text.split('`').skip(1).step_by(2);
    let is_name =
        |m: &&str| m.len() >= 3 && m.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    marked.filter(|_| is_about).find(is_name)
}

/// Where the flags that the ticket asks for are declared.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let removes = ["remove the flag", "remove this flag", "delete the flag", "drop the flag"];
    let lower = reading.all.to_lowercase();
    let wanted = reading.asked().find_map(|(id, text)| asked(text).map(|name| (id, name)));
    let Some((id, wanted)) = wanted.filter(|_| !removes.iter().any(|w| lower.contains(w))) else { return Vec::new() };
    let Some(known) = declared(context).filter(|known| known.name != wanted) else { return Vec::new() };
    let at = |path: &str, line: u32| FileRef::new(path).of(repository.clone()).lines(line, line);
    let call = |path: &str, line: u32, why: String, (act, todo): (Act, String)| {
        let file = at(path, line);
        let symbol = site::around(&context.tree.symbols(path), line);
        let (why, todo) = (Statement::new(Basis::Repository, why), Statement::new(Basis::Repository, todo));
        Call {
            path: path.to_owned(),
            symbol,
            why: why.at(file.clone()),
            todo: Some(Todo::new(act, todo.at(file))),
            leads: false,
        }
    };
    let label = at(&known.path, known.line).label();
    let why = format!("{id} asks for the flag `{wanted}`, and `{label}` declares `{}`", known.name);
    let todo = format!("Declare the flag `{wanted}` beside `{}` (`{label}`)", known.name);
    let mut out = vec![call(&known.path, known.line, why, (Act::DeclareFlag(wanted.to_owned()), todo))];
    out.extend(setting(context, &known.name).map(|(path, line, key)| {
        let label = at(&path, line).label();
        let own = key.replace(&upper(&known.name), &upper(wanted));
        let why = format!("`{label}` names `{key}`, which switches `{}`", known.name);
        call(&path, line, why, (Act::Other, format!("Name `{own}` beside `{key}` (`{label}`)")))
    }));
    out.extend(outdated(context, &known.name).map(|(path, line, said)| {
        let label = at(&path, line).label();
        let why = format!("`{label}` speaks of `{}` as the only one", known.name);
        call(&path, line, why, (Act::Other, format!("`{label}` says “{said}”, which `{wanted}` makes false")))
    }));
    out
}

/// The sentence of a document that calls a declared flag the only one.
fn outdated(context: &Context, name: &str) -> Option<(String, u32, String)> {
    let is_doc = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc);
    let marked = format!("`{name}`");
    let docs = context.tree.paths().filter(is_doc).filter(|p| !p.to_lowercase().contains("changelog"));
    docs.take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        let found = text.lines().zip(1_u32..).find_map(|(line, at)| {
            let said = sentences(line).find(|s| s.contains(&marked) && is_sole(s))?;
            Some((at, shorten(&clean(said).replace('`', ""), 120)))
        });
        found.map(|(at, said)| (path.to_owned(), at, said))
    })
}

/// Does the sentence say that there is one alone?
fn is_sole(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    ["the only ", "the one ", "the sole ", "the single "].iter().any(|w| lower.contains(w))
}

/// Files of the tests that switch the flag beside a new one on: the new one is off there otherwise.
pub fn in_tests(group: &Group<'_, '_>) -> Vec<(FileChange, Statement)> {
    let declares = |t: &Todo| if let Act::DeclareFlag(name) = &t.act { Some(name.clone()) } else { None };
    let found = group.sites.iter().find_map(|s| Some((*s, s.todo.iter().find_map(declares)?)));
    let Some((site, wanted)) = found else { return Vec::new() };
    let Some(known) = declared(site.context).filter(|known| known.name != wanted) else { return Vec::new() };
    let is_test = |p: &&str| site.context.tree.file(p).is_some_and(|f| f.class == FileClass::Test);
    let (old, new) = (upper(&known.name), upper(&wanted));
    let paths = site.context.tree.paths().filter(is_test).filter(|p| near::is_support_name(p)).take(SEARCHED);
    let places = paths.filter_map(|path| {
        let text = site.context.tree.text(path)?;
        let (line, key) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((at, set(line, &old)?.to_owned())))?;
        let file = site.sibling(path).lines(line, line);
        let own = key.replace(&old, &new);
        let said = format!("Set `{own}` for the tests beside `{key}` (`{}`)", file.label());
        let why = format!("`{}` sets `{key}`, which switches `{}`", file.label(), known.name);
        let change = FileChange {
            action: Action::Modify,
            file: site.sibling(path),
            why: vec![Statement::new(Basis::Repository, why).at(file.clone())],
            ..FileChange::default()
        };
        Some((change, Statement::new(Basis::Repository, said).at(file)))
    });
    places.take(2).collect()
}

/// The setting in capitals that a line sets and that holds the name.
fn set<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let is_key = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let is_set = line.contains('=') || line.to_lowercase().contains("setenv");
    let keys = line.split(|c: char| !is_key(c)).filter(|key| is_set && key.len() >= 4);
    keys.filter(|key| key.split('_').count() >= name.split('_').count()).find(|key| {
        key.strip_suffix(name).is_some_and(|head| head.is_empty() || head.ends_with('_'))
            || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'))
    })
}

/// The first flag of the file that is called for flags.
fn declared(context: &Context) -> Option<Declared> {
    let is_read =
        |p: &str| context.tree.file(p).is_some_and(|f| matches!(f.class, FileClass::Source | FileClass::Config));
    let files = context.tree.paths().filter(|p| is_home(p) && is_read(p));
    files.take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        text.lines().zip(1_u32..).find_map(|(line, number)| {
            let bare = line.trim_start();
            let is_other =
                ["//", "#", "*", "/*", "import ", "from ", "use ", "require"].iter().any(|w| bare.starts_with(w));
            let name = quoted(line).filter(|_| !is_other)?;
            Some(Declared { path: path.to_owned(), line: number, name: name.to_owned() })
        })
    })
}

/// The first text in quotes that may name a flag.
fn quoted(line: &str) -> Option<&str> {
    let mark = line.find(['"', '\''])?;
    let rest = &line[mark + 1..];
    let name = &rest[..rest.find(line[mark..].chars().next()?)?];
    let is_name = name.len() >= 3 && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    is_name.then_some(name)
}

/// The line of settings whose key holds the flag's name in capitals.
fn setting(context: &Context, name: &str) -> Option<(String, u32, String)> {
    let upper = upper(name);
    let is_settings = |p: &&str| {
        let file = p.rsplit('/').next().unwrap_or(p);
        file.starts_with(".env") || context.tree.file(p).is_some_and(|f| f.class == FileClass::Config)
    };
    context.tree.paths().filter(is_settings).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        text.lines().zip(1_u32..).find_map(|(line, number)| {
            let key =
                line.split(['=', ':']).next()?.trim().trim_start_matches(['#', ' ', '-', '"']).trim_end_matches('"');
            let is_key =
                key.contains(&upper) && key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            is_key.then(|| (path.to_owned(), number, key.to_owned()))
        })
    })
}

fn upper(name: &str) -> String {
    name.to_ascii_uppercase().replace(['-', '.'], "_")
}

/// Is the file called as those that declare flags?
pub fn is_home(path: &str) -> bool {
    NAMES.contains(&stem(path).to_lowercase().as_str())
}

/// Does the text ask for a flag that these instructions declare?
pub fn is_declared_by(text: &str, todo: &[Todo]) -> bool {
    let Some(name) = asked(text) else { return false };
    !terms(name).is_empty() && todo.iter().any(|t| t.act == Act::DeclareFlag(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_of_a_sentence_stands_in_code_marks() {
        assert_eq!(asked("the routes are behind a flag `notices` until then"), Some("notices"));
        assert_eq!(asked("`GET /carts` is behind the flag `new-cart`"), Some("new-cart"));
        assert_eq!(asked("the routes are behind a flag"), None);
        assert_eq!(asked("`notices` are flagged"), None);
    }

    #[test]
    fn a_declared_flag_stands_in_quotes() {
        assert_eq!(quoted("const KNOWN = [\"reviews\"] as const;"), Some("reviews"));
        assert_eq!(quoted("  'new-cart': false,"), Some("new-cart"));
        assert_eq!(quoted("const A = `x`;"), None);
    }

    #[test]
    fn a_setting_is_set_by_its_whole_name() {
        assert_eq!(set("process.env.FLAG_REVIEWS = \"on\";", "REVIEWS"), Some("FLAG_REVIEWS"));
        assert_eq!(set("    monkeypatch.setenv(\"REVIEWS_ENABLED\", \"1\")", "REVIEWS"), Some("REVIEWS_ENABLED"));
        assert_eq!(set("process.env.PREVIEWS = \"on\";", "REVIEWS"), None);
        assert_eq!(set("read(process.env.FLAG_REVIEWS)", "REVIEWS"), None);
    }
}
