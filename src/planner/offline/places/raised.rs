//! A package whose version goes up: its manifest, its lock file, and the code to look through.
//!
//! In: the title and the dependencies of a [`Context`]. Out: calls: what to raise, where a deprecated name stands, which
//! files to look through because they import the package, and that CI refuses a lock file that does not fit. Bounded: some
//! hundred files.

use super::{
    super::{code::through, reading::Reading},
    called::Call,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, Fact, FactKind, FileClass},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten};

/// The most packages, and the most files that are named.
const MOST: usize = 3;
/// Files whose texts are searched.
const SEARCHED: usize = 1_500;
/// Files that hold the versions that are installed.
const LOCKS: &[&str] = &[
    "uv.lock",
    "poetry.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "Cargo.lock",
    "go.sum",
    "Gemfile.lock",
    "composer.lock",
];
/// Words of commands that install only what the lock file says, with the lock file and the manifest they are for.
const STRICT: &[(&[&str], &str, &str)] = &[
    (&["uv", "sync", "--locked"], "uv.lock", "pyproject.toml"),
    (&["npm", "ci"], "package-lock.json", "package.json"),
    (&["pnpm", "install", "--frozen-lockfile"], "pnpm-lock.yaml", "package.json"),
    (&["yarn", "install", "--frozen-lockfile"], "yarn.lock", "package.json"),
    (&["yarn", "install", "--immutable"], "yarn.lock", "package.json"),
    (&["cargo", "--locked"], "Cargo.lock", "Cargo.toml"),
    (&["cargo", "--frozen"], "Cargo.lock", "Cargo.toml"),
    (&["bundle", "--frozen"], "Gemfile.lock", "Gemfile"),
    (&["bundle", "--deployment"], "Gemfile.lock", "Gemfile"),
];
/// What writes a lock file anew.
const WRITES: &[(&str, &str)] = &[
    ("uv.lock", "uv lock"),
    ("package-lock.json", "npm install"),
    ("pnpm-lock.yaml", "pnpm install"),
    ("yarn.lock", "yarn install"),
    ("Cargo.lock", "cargo update"),
    ("Gemfile.lock", "bundle install"),
];

/// Does the title raise a package?
pub fn is_upgrade(reading: &Reading) -> bool {
    let lower = reading.title.to_lowercase();
    ["upgrade", "bump", "update"].iter().any(|w| lower.contains(w))
}

/// The manifest, the lock file, and what else the raise concerns.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    if !is_upgrade(reading) {
        return Vec::new();
    }
    let call = Calling { context, reading, repository };
    let named = call.named();
    let mut out: Vec<Call> = named.iter().map(|fact| call.raise(fact)).collect();
    let Some(manifest) = out.first().map(|c| c.path.clone()) else { return out };
    let packages: Vec<&str> = named.iter().map(|f| f.name.as_str()).collect();
    let (gone, absent) = call.deprecated();
    let gone_files: Vec<String> = gone.iter().map(|c| c.path.clone()).collect();
    out.extend(absent.map(|said| call.beside(&manifest, said.clone(), said)));
    out.extend(call.users(&manifest, &packages, &gone_files));
    out.extend(call.tested(&manifest, &packages));
    out.extend(gone);
    out.extend(call.lock(&manifest));
    out
}

struct Calling<'a> {
    context: &'a Context,
    reading: &'a Reading,
    repository: &'a Option<RepoName>,
}

impl<'a> Calling<'a> {
    fn at(&self, path: &str, line: u32) -> FileRef {
        FileRef::new(path).of(self.repository.clone()).lines(line, line)
    }

    /// The declared packages that the title or a code mark names.
    fn named(&self) -> Vec<&'a Fact> {
        let words = self.words();
        let is_named = |f: &&Fact| {
            let name = f.name.to_lowercase();
            f.kind == FactKind::Dependency
                && (words.contains(&name) || self.reading.codes.iter().any(|c| c.eq_ignore_ascii_case(&name)))
        };
        self.context.facts.iter().filter(is_named).take(MOST).collect()
    }

    /// The words of the title.
    fn words(&self) -> Vec<String> {
        let lower = self.reading.title.to_lowercase();
        lower.split(|c: char| c.is_whitespace() || matches!(c, '`' | ',' | '"')).map(str::to_owned).collect()
    }

    /// What is raised, from and to which version.
    fn raise(&self, fact: &Fact) -> Call {
        let words = self.words();
        let versions = words.iter().rev().map(|w| w.trim_matches(['v', '.']));
        let version = versions.into_iter().find(|w| w.starts_with(|c: char| c.is_ascii_digit()));
        let file = self.at(&fact.path, fact.line);
        let name = clean(&fact.name);
        let from = fact.version.as_deref().map_or(String::new(), |v| format!(" from {}", clean(v)));
        let to = version.filter(|_| words.contains(&name.to_lowercase())).map_or(String::new(), |v| format!(" to {v}"));
        let todo = format!("Raise `{name}`{from}{to} at `{}`", file.label());
        let why = Statement::new(Basis::Repository, format!("`{}` declares `{name}`", file.label())).at(file.clone());
        let todo = Some(Todo::new(Act::Raise, Statement::new(Basis::Ticket, todo).at(file)));
        Call { path: fact.path.clone(), symbol: None, why, todo, leads: false }
    }

    /// A further instruction for the manifest.
    fn beside(&self, manifest: &str, why: Statement, todo: Statement) -> Call {
        let todo = Some(Todo::new(Act::Raise, todo));
        Call { path: manifest.to_owned(), symbol: None, why, todo, leads: false }
    }

    fn sources(&self) -> impl Iterator<Item = &'a str> {
        let context = self.context;
        let is_source = move |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
        context.tree.paths().filter(is_source).take(SEARCHED)
    }

    /// Where the names stand that the ticket calls deprecated; where none does, that is said.
    fn deprecated(&self) -> (Vec<Call>, Option<Statement>) {
        const WORDS: &[&str] =
            &["deprecat", "removes", "removed", "renames", "renamed", "drops", "dropped", "no longer"];
        let is_name = |c: &str| {
            c.len() >= 5
                && c.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':'))
                && c.contains('_')
        };
        let sentences = self.reading.sentences.iter().map(|f| f.text.as_str());
        let told = sentences.filter(|text| WORDS.iter().any(|w| text.to_lowercase().contains(w)));
        let names: Vec<&str> =
            told.flat_map(|text| text.split('`').skip(1).step_by(2)).filter(|c| is_name(c)).collect();
        let mut found: Vec<Call> = Vec::new();
        let mut searched = 0;
        for path in self.sources().filter(|_| !names.is_empty()) {
            let Some(text) = self.context.tree.text(path) else { continue };
            searched += 1;
            let of = |line: &str| names.iter().find(|name| holds_word(line, name)).copied();
            let Some((line, name)) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((at, of(line)?))) else {
                continue;
            };
            if found.len() < MOST {
                found.push(self.uses(path, line, name));
            }
        }
        let absent = names.first().filter(|_| found.is_empty() && searched > 0).map(|name| {
            let files = super::super::work::steps::counted(searched, "source file");
            Statement::new(
                Basis::Repository,
                format!("`{}` stands in none of the {files} of the repository", clean(name)),
            )
        });
        (found, absent)
    }

    /// A file with a name that goes.
    fn uses(&self, path: &str, line: u32, name: &str) -> Call {
        let file = self.at(path, line);
        let why = Statement::new(Basis::Repository, format!("`{}` uses `{name}`", file.label())).at(file.clone());
        let todo =
            format!("See whether what it takes of `{name}` (`{}`) is still there and does the same", file.label());
        let todo = Some(Statement::new(Basis::Ticket, todo).at(file).into());
        Call { path: path.to_owned(), symbol: None, why, todo, leads: false }
    }

    /// The files that import one of the packages, each with the first line that does.
    fn importers(&self, packages: &[&str]) -> Vec<(&'a str, u32)> {
        let is_import =
            |line: &str| ["import ", "from ", "use ", "require", "const "].iter().any(|w| line.starts_with(w));
        let names: Vec<String> = packages.iter().flat_map(|p| [p.replace('-', "_"), (*p).to_owned()]).collect();
        let imports = |line: &str| is_import(line) && names.iter().any(|name| holds_word(line, name));
        let first = |path: &str| {
            let text = self.context.tree.text(path)?;
            text.lines().zip(1_u32..).find(|(line, _)| imports(line)).map(|(_, at)| at)
        };
        self.sources().filter_map(|path| Some((path, first(path)?))).collect()
    }

    /// The tests that run what imports a package, and what no test runs.
    fn tested(&self, manifest: &str, packages: &[&str]) -> Option<Call> {
        let (mut tests, mut bare): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
        for (path, _) in self.importers(packages).into_iter().take(2 * MOST) {
            let own = through::tests_of(self.context, path);
            if own.is_empty() {
                bare.push(path);
            }
            tests.extend(own.into_iter().filter(|test| !tests.contains(test)).collect::<Vec<_>>());
        }
        tests.truncate(MOST + 1);
        let shown = |paths: &[&str]| paths.iter().take(MOST).map(|p| format!("`{p}`")).collect::<Vec<_>>().join(", ");
        let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
        let said = match (tests.is_empty(), bare.is_empty()) {
            (true, true) => return None,
            (false, true) => format!("These tests run it: {}", shown(&tests)),
            (true, false) => format!("No test runs what {} takes of it: write one before the upgrade", shown(&bare)),
            (false, false) => format!(
                "These tests run it: {}; none runs what {} takes of it: write one before the upgrade",
                shown(&tests),
                shown(&bare)
            ),
        };
        let cited = tests.iter().chain(&bare).take(2 * MOST);
        let said = cited.fold(Statement::new(Basis::Repository, said), |said, path| {
            said.at(FileRef::new(*path).of(self.repository.clone()))
        });
        Some(self.beside(manifest, said.clone(), said))
    }

    /// The files that import a package: they are looked through.
    fn users(&self, manifest: &str, packages: &[&str], known: &[String]) -> Option<Call> {
        let all: Vec<FileRef> = self
            .importers(packages)
            .into_iter()
            .filter(|(path, _)| known.iter().all(|k| k != path))
            .map(|(path, line)| self.at(path, line))
            .collect();
        let shown: Vec<String> = all.iter().take(2 * MOST).map(|file| format!("`{}`", file.label())).collect();
        let more = all.len().saturating_sub(shown.len());
        let more = if more > 0 {
            format!(" and {}", super::super::work::steps::counted(more, "other file"))
        } else {
            String::new()
        };
        let of = packages.iter().map(|p| format!("`{}`", clean(p))).collect::<Vec<_>>().join(" and ");
        let said =
            format!("See whether what is taken of {of} is still there and does the same: {}{more}", shown.join(", "));
        let cite = |text: String| {
            all.iter().take(2 * MOST).fold(Statement::new(Basis::Repository, text), |s, file| s.at(file.clone()))
        };
        let use_it = if all.len() == 1 { "uses it" } else { "use it" };
        let why = cite(format!("{}{more} {use_it}", shown.join(", ")));
        (!all.is_empty()).then(|| self.beside(manifest, why, cite(said)))
    }

    /// The lock files beside the manifest; where CI installs by one, that it is written anew.
    fn lock(&self, manifest: &str) -> Vec<Call> {
        let folder = manifest.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let is_there = |lock: &&&str| self.context.tree.file(&format!("{folder}{lock}")).is_some();
        let mut out: Vec<Call> = Vec::new();
        let strict = self.strict(manifest);
        for lock in LOCKS.iter().filter(is_there) {
            let why = "it locks the versions: let the package manager write it anew";
            let why = Statement::new(Basis::Repository, why);
            let todo = strict.as_ref().filter(|(known, _)| known == lock).map(|(_, said)| said.clone());
            let todo = todo.map(|said| Todo::new(Act::Raise, said));
            out.push(Call { path: format!("{folder}{lock}"), symbol: None, todo, why, leads: false });
        }
        if let Some((lock, said)) = strict.filter(|_| out.is_empty()) {
            let text = format!("{}; no `{lock}` is in the repository: find out where it is kept", said.text);
            let said = Statement { text, ..said };
            out.push(self.beside(manifest, said.clone(), said));
        }
        out
    }

    /// What CI says that refuses a lock file which does not fit the manifest, with that lock file.
    fn strict(&self, manifest: &str) -> Option<(&'static str, Statement)> {
        let is_ci = |p: &&str| {
            p.starts_with(".github/workflows/") || p.starts_with(".gitlab-ci") || p.starts_with(".circleci/")
        };
        let of = manifest.rsplit('/').next().unwrap_or(manifest);
        let found = self.context.tree.paths().filter(is_ci).take(20).find_map(|path| {
            let text = self.context.tree.text(path)?;
            text.lines().zip(1_u32..).find_map(|(line, at)| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let holds = |(told, _, for_it): &&(&[&str], &str, &str)| {
                    *for_it == of && told.iter().all(|word| words.contains(word))
                };
                STRICT.iter().find(holds).map(|(told, lock, _)| (path.to_owned(), at, told.join(" "), *lock))
            })
        });
        let (path, line, command, lock) = found?;
        let file = self.at(&path, line);
        let writes = WRITES.iter().find(|(known, _)| *known == lock).map(|(_, writes)| *writes)?;
        let said = format!(
            "Write the lock file anew (`{writes}`): `{}` installs with `{}`, which refuses one that does not fit",
            file.label(),
            shorten(&clean(&command), 60)
        );
        Some((lock, Statement::new(Basis::Repository, said).at(file)))
    }
}

/// Does the line hold the name with nothing of a name around it?
fn holds_word(line: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    line.match_indices(name)
        .any(|(at, _)| !line[..at].ends_with(is_word) && !line[at + name.len()..].starts_with(is_word))
}
