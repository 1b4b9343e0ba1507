//! The commands that show that a step is done: the repository's own, narrowed to a test file where its runner can.
//!
//! In: the facts of a [`Context`]. Out: [`Command`]s, each with the line of the repository that says it. Runs nothing.

use super::{
    crates::{self, Files},
    demanded,
};
use crate::model::{
    context::{Context, FactKind},
    ids::RepoName,
    plan::{Command, FileRef},
};
use crate::planner::command::command_line;

/// The most commands of one kind that a plan asks for.
const MOST: usize = 3;

/// The commands of one repository.
pub struct Commands<'c> {
    context: &'c Context,
    repository: Option<RepoName>,
}

impl<'c> Commands<'c> {
    /// Reads the facts of a context; `repository` is `None` for the plan's first.
    pub fn of(context: &'c Context, repository: Option<RepoName>) -> Self {
        Self { context, repository }
    }

    /// The whole test suite that a file of this path belongs to, as far as the runner's name says.
    pub fn tests(&self, path: &str) -> Option<Command> {
        let all = self.of_ci_first(FactKind::TestCommand, "all tests pass");
        let found = |wanted| all.iter().find(|c| runs(&c.line, path) == wanted).cloned();
        found(Some(true)).or_else(|| found(None))
    }

    /// The repository's whole test suite.
    pub fn suite(&self) -> Option<Command> {
        self.one_each(FactKind::TestCommand, "all tests pass").into_iter().next()
    }

    /// What compiles a file of this path or checks its types, else what builds or reads it.
    pub fn check(&self, path: &str) -> Option<Command> {
        let (lint, build) = self.lint_and_build();
        let mut all = build.into_iter().chain(lint);
        self.types(path).or_else(|| all.find(|c| runs(&c.line, path) == Some(true)))
    }

    /// What checks the types of a file without running it.
    pub fn types(&self, path: &str) -> Option<Command> {
        const TYPES: &[&str] =
            &["mypy", "pyright", "tsc", "vue-tsc", "vet", "clippy", "phpstan", "psalm", "sorbet", "steep"];
        let names = |line: &str| {
            let plain = line.replace(['-', '_'], "").to_lowercase();
            plain.contains("typecheck") || line.split([' ', ':']).any(|word| TYPES.contains(&word))
        };
        let (lint, build) = self.lint_and_build();
        let mut all = lint.into_iter().chain(build);
        all.find(|c| names(&c.line) && runs(&c.line, path) == Some(true))
    }

    /// The commands that lint, and those that build.
    fn lint_and_build(&self) -> (Vec<Command>, Vec<Command>) {
        let lint = self.of_ci_first(FactKind::LintCommand, "no new warnings");
        (lint, self.of_ci_first(FactKind::BuildCommand, "it builds"))
    }

    /// What runs the migrations that are there.
    pub fn migration(&self) -> Option<Command> {
        let kinds = [FactKind::OtherCommand, FactKind::RunCommand];
        let mut all: Vec<Command> = Vec::new();
        for kind in kinds {
            all.extend(self.all(kind, "the migrations run").filter(|command| migrates(&command.line)));
        }
        all.sort_by_key(|c| !self.is_in_ci(c));
        all.into_iter().next()
    }

    /// What must hold before a merge: what a guideline asks for, then in the order build, lint, format, test; before the
    /// tests the migrations that CI runs before them.
    pub fn gate(&self) -> Vec<Command> {
        let kinds = [
            (FactKind::BuildCommand, "it builds"),
            (FactKind::LintCommand, "no new warnings"),
            (FactKind::FormatCommand, "the format is kept"),
            (FactKind::TestCommand, "all tests pass"),
        ];
        let mut out: Vec<Command> = demanded::of(self.context, &self.repository).into_iter().collect();
        for (kind, shows) in kinds {
            let each = self.one_each(kind, shows);
            if kind == FactKind::TestCommand {
                out.extend(each.iter().find_map(|test| demanded::prepared(self.context, &self.repository, test)));
            }
            for mut command in each.into_iter().take(MOST) {
                if kind == FactKind::FormatCommand && !only_checks(&command.line) {
                    command.shows = command.shows.replacen(shows, "it leaves no file changed", 1);
                }
                if out.iter().all(|c| c.line != command.line) {
                    out.push(command);
                }
            }
        }
        out
    }

    /// What CI runs, and one command for each toolchain and folder that CI has none for; a target of make or just that
    /// runs the same is named with it.
    fn one_each(&self, kind: FactKind, shows: &str) -> Vec<Command> {
        let mut all: Vec<Command> = self.all(kind, shows).collect();
        all.sort_by_key(|c| (!self.is_in_ci(c), is_special(&c.line), toolchain(&c.line).is_none()));
        let mut out: Vec<Command> = Vec::new();
        for command in all {
            // The folder stands in what the command shows.
            let purpose = |c: &Command| c.shows.split("; `").next().map(str::to_owned);
            let of_ci = self.is_in_ci(&command);
            let same = |c: &Command| {
                let may_be = if of_ci { c.line == command.line } else { may_be_same(&c.line, &command.line) };
                may_be && purpose(c) == purpose(&command)
            };
            let recipe: Vec<String> = self.recipe(&command).collect();
            let runs_it = |c: &Command| recipe.contains(&c.line);
            // A target that runs several of them is named with the first.
            let at = out.iter().position(|c| same(c) && runs_it(c));
            match at.or_else(|| out.iter().position(same)) {
                None => out.push(command),
                Some(at) if runs_it(&out[at]) && !out[at].shows.contains('`') => {
                    let how = if recipe.len() == 1 { "runs the same" } else { "runs it too" };
                    out[at].shows.push_str(&format!("; `{}` {how}", command.line));
                }
                Some(_) => {}
            }
        }
        out
    }

    /// All commands of a kind: how CI runs them is known to work.
    fn of_ci_first(&self, kind: FactKind, shows: &str) -> Vec<Command> {
        let mut all: Vec<Command> = self.all(kind, shows).collect();
        all.sort_by_key(|c| (!self.is_in_ci(c), is_special(&c.line)));
        all
    }

    /// Is the command read off a workflow?
    fn is_in_ci(&self, command: &Command) -> bool {
        command.source.as_ref().is_some_and(|f| f.path.ends_with(".yml") || f.path.ends_with(".yaml"))
    }

    /// The lines of a target of make or just: those below it that are indented.
    fn recipe(&self, command: &Command) -> impl Iterator<Item = String> {
        let source = command.source.as_ref();
        let text = source.and_then(|f| self.context.tree.text(&f.path));
        let from = source.and_then(|f| f.lines).map_or(0, |l| l.first as usize);
        let lines: Vec<String> = text
            .iter()
            .flat_map(|t| t.lines().skip(from))
            .take_while(|line| line.starts_with([' ', '\t']))
            .map(|line| line.trim().trim_start_matches(['@', '-']).trim().to_owned())
            .take(20)
            .collect();
        lines.into_iter()
    }

    /// The command that runs one test file, by the runner that the repository uses.
    pub fn one_test(&self, path: &str) -> Option<Command> {
        let text = |path: &str| self.context.tree.text(path);
        let below = |folder: &str| {
            let all = self.context.tree.paths().filter(|p| p.strip_prefix(folder).is_some_and(|p| p.starts_with('/')));
            all.map(str::to_owned).collect()
        };
        let files = Files { text: &text, below: &below };
        let whole = self.of_ci_first(FactKind::TestCommand, "");
        let at_root = whole.into_iter().filter(|c| !c.shows.contains("run in"));
        let known = at_root.into_iter().find_map(|command| {
            let line = narrow(&command.line, path, &files)?;
            let narrows = (line != command.line).then(|| command.line.clone());
            Some(Command { line, shows: format!("`{path}` passes"), source: command.source, narrows })
        });
        known.or_else(|| self.of_project(path)).or_else(|| self.of_framework(path))
    }

    /// The test framework that the repository's own manifest declares, on one file: where its commands hide what they run.
    fn of_framework(&self, path: &str) -> Option<Command> {
        const RUNNERS: &[(&str, &str, &[&str])] = &[
            ("mocha", "npx mocha", &["js", "cjs", "mjs", "ts"]),
            ("jest", "npx jest", &["js", "jsx", "cjs", "mjs", "ts", "tsx"]),
            ("vitest", "npx vitest run", &["js", "jsx", "mjs", "ts", "tsx"]),
            ("ava", "npx ava", &["js", "cjs", "mjs", "ts"]),
            ("rspec", "bundle exec rspec", &["rb"]),
            ("pytest", "python -m pytest", &["py"]),
            ("phpunit/phpunit", "vendor/bin/phpunit", &["php"]),
        ];
        let declared = self.context.facts.iter().filter(|f| f.kind == FactKind::TestFramework && !f.path.contains('/'));
        let extension = path.rsplit('.').next().unwrap_or_default();
        let runner = |name: &str| RUNNERS.iter().find(|(known, _, on)| *known == name && on.contains(&extension));
        let (fact, (_, command, _)) = declared.filter_map(|fact| Some((fact, runner(&fact.name)?))).next()?;
        Some(Command {
            line: format!("{command} {path}"),
            shows: format!("`{path}` passes"),
            source: Some(FileRef::new(&fact.path).of(self.repository.clone()).lines(fact.line, fact.line)),
            narrows: None,
        })
    }

    /// The tests of the .NET project around a file, which `dotnet test` takes by its project file.
    fn of_project(&self, path: &str) -> Option<Command> {
        let mut around = std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |at| {
            at.rsplit_once('/').map(|(folder, _)| folder)
        });
        let is_project = |p: &&str, folder: &str| {
            let own = p.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
            own.is_some_and(|name| !name.contains('/') && name.ends_with(".csproj"))
        };
        // Of several, the plainest: others run the same tests in another manner.
        let plainest =
            |folder: &str| self.context.tree.paths().filter(|p| is_project(p, folder)).min_by_key(|p| p.len());
        let found = around.find_map(plainest);
        let project = found.filter(|_| path.ends_with(".cs"))?;
        Some(Command {
            line: format!("dotnet test {project}"),
            shows: format!("`{path}` passes"),
            source: Some(FileRef::new(project).of(self.repository.clone())),
            narrows: None,
        })
    }

    fn all<'s>(&'s self, kind: FactKind, shows: &'s str) -> impl Iterator<Item = Command> + 's {
        let facts = self.context.facts.iter().filter(move |f| f.kind == kind && !command_line(f).is_empty());
        let fits = |line: &str| self.is_of_change(line) && self.is_of_folder(line) && self.is_of_place(line);
        let facts = facts.filter(move |f| fits(command_line(f)));
        facts.filter_map(move |fact| {
            let folder = self.folder(&fact.path)?;
            let place = if folder.is_empty() { String::new() } else { format!(", run in `{folder}`") };
            Some(Command {
                line: command_line(fact).to_owned(),
                shows: format!("{shows}{place}"),
                source: Some(FileRef::new(&fact.path).of(self.repository.clone()).lines(fact.line, fact.line)),
                narrows: None,
            })
        })
    }

    /// Does the command's toolchain build or test a file that changes? What builds the website says nothing of the library.
    fn is_of_change(&self, line: &str) -> bool {
        let Some((_, extensions)) = toolchain(line) else { return true };
        if !self.is_of_package(line) {
            return false;
        }
        let mut changed = self.context.modify.iter().map(|m| m.path.rsplit('.').next().unwrap_or_default());
        self.context.modify.is_empty() || changed.any(|extension| extensions.contains(&extension))
    }

    /// Does a command that goes into a folder serve the change? In a package of its own, something has to change.
    fn is_of_folder(&self, line: &str) -> bool {
        const MANIFESTS: &[&str] = &[
            "Cargo.toml",
            "package.json",
            "go.mod",
            "pyproject.toml",
            "setup.py",
            "Gemfile",
            "composer.json",
            "pom.xml",
        ];
        let Some((folder, _)) = line.strip_prefix("(cd ").and_then(|rest| rest.split_once(" && ")) else { return true };
        let is_package = MANIFESTS.iter().any(|name| self.context.tree.file(&format!("{folder}/{name}")).is_some());
        let is_below = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        !is_package || self.context.modify.is_empty() || self.context.modify.iter().any(|m| is_below(&m.path))
    }

    /// Does a command that names folders run on one in which something changes? The folder of all tests does.
    fn is_of_place(&self, line: &str) -> bool {
        let modify = &self.context.modify;
        let named = line.split_whitespace().skip(1).filter(|word| !word.starts_with('-')).filter_map(place);
        let mut named = named.filter(|folder| self.context.tree.has_folder(folder)).peekable();
        let holds =
            |folder: &str| modify.iter().any(|m| m.path.strip_prefix(folder).is_some_and(|r| r.starts_with('/')));
        named.peek().is_none()
            || modify.is_empty()
            || named.any(|folder| holds(folder) || within(folder).is_none_or(holds))
    }

    /// Does a command for one package of a workspace serve a package in which something changes?
    fn is_of_package(&self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        let chosen = words.windows(2).filter(|pair| matches!(pair[0], "-p" | "--package") && words[0] == "cargo");
        let mut chosen = chosen.map(|pair| pair[1]).peekable();
        let is_changed = |name: &str| self.context.modify.iter().any(|m| m.path.split('/').any(|part| part == name));
        chosen.peek().is_none() || self.context.modify.is_empty() || chosen.any(is_changed)
    }

    /// The folder that a command of this file runs in, empty for the root; `None` when the change does not touch what is
    /// below it: examples and fixtures carry commands too.
    fn folder(&self, path: &str) -> Option<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_root = folder.is_empty() || folder.split('/').next().is_some_and(|top| top.starts_with('.'));
        if is_root {
            return Some(String::new());
        }
        let below = format!("{folder}/");
        self.context.modify.iter().any(|m| m.path.starts_with(&below)).then(|| folder.to_owned())
    }
}

/// The folder that a word of a command names: `cart` of `./cart/...`. A word without a slash is a command more often.
fn place(word: &str) -> Option<&str> {
    let bare = word.trim_start_matches("./").trim_end_matches("...").trim_end_matches('/');
    (word.contains('/') && !bare.is_empty() && !bare.contains(['=', '*', '$', ':'])).then_some(bare)
}

/// What a folder of tests stands in: `shop` of `shop/tests`; `None` for one at the root.
fn within(folder: &str) -> Option<&str> {
    const TESTS: &[&str] = &["test", "tests", "spec", "specs", "__tests__"];
    match folder.rsplit_once('/') {
        Some((home, last)) if TESTS.contains(&last) => Some(home),
        None if TESTS.contains(&folder) => None,
        _ => Some(folder),
    }
}

/// Does a formatter's command only look, and rewrite nothing?
fn only_checks(line: &str) -> bool {
    const MODES: &[&str] = &["check", "verify", "diff", "lint", "dry-run", "list-different", "l", "d", "mode=check"];
    line.split([' ', ':']).any(|word| MODES.contains(&word.trim_start_matches('-')))
}

/// Does the command run the migrations that are there?
pub fn migrates(line: &str) -> bool {
    const DEEDS: &[&str] = &["migrate", "migrations", "migrate:up", "db:migrate", "upgrade", "apply"];
    const OTHERS: &[&str] =
        &["down", "rollback", "revert", "reset", "undo", "create", "new", "make", "generate", "dev", "status"];
    let line = line.to_lowercase();
    let words: Vec<&str> = line.split([' ', '-', '_', ':']).collect();
    let names = |list: &[&str]| words.iter().skip(1).any(|word| list.contains(word));
    let deed = names(&DEEDS[..2]) || line.contains("migrat") && names(DEEDS) || line.contains("alembic upgrade");
    deed && !names(OTHERS)
}

/// Narrows a test command to one file; `None` when its runner is not known to take one.
pub fn narrow(line: &str, path: &str, files: &Files<'_>) -> Option<String> {
    if line.contains(['&', '|', ';', '$', '`', '\n', '\'', '"']) || path.contains([' ', '\'', '"', '$']) {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
    if has("cargo") {
        return if path.ends_with(".rs") { crates::narrow(&words, path, files) } else { None };
    }
    let takes_path = words.iter().any(|w| matches!(*w, "pytest" | "vitest" | "jest" | "rspec" | "phpunit" | "mocha"));
    if takes_path && runs(line, path) == Some(true) && !words.iter().any(|w| w.contains('/')) {
        return Some(format!("{line} {path}"));
    }
    if has("go") && has("test") && path.ends_with("_test.go") {
        let package = if folder == "." { ".".to_owned() } else { format!("./{folder}") };
        // A command for some packages runs no others.
        let is_package = |w: &&&str| w.starts_with("./") && !w.ends_with("...");
        let mut chosen = words.iter().filter(is_package).map(|w| w.trim_end_matches('/')).peekable();
        if chosen.peek().is_some() && !chosen.any(|w| w == package) {
            return None;
        }
        let tail: Vec<&str> = words.iter().filter(|w| !w.ends_with("...") && !is_package(w)).copied().collect();
        return Some(format!("{} {package}", tail.join(" ")));
    }
    // The build of the root runs the classes below its own src/test; a module has a build file of its own.
    let module =
        path.split_once("src/test/").map(|(module, _)| module.trim_end_matches('/')).filter(|_| has("test"))?;
    let has_build = |name: &str| module.is_empty() || (files.text)(&format!("{module}/{name}")).is_some();
    match words.first().map(|program| program.trim_start_matches("./")) {
        Some("mvn" | "mvnw") if has_build("pom.xml") && !has("-pl") => {
            // The modules that it needs are built with it, though they have no such test.
            Some(match module.is_empty() {
                true => format!("{line} -Dtest={stem}"),
                false => format!("{line} -pl {module} -am -Dtest={stem} -Dsurefire.failIfNoSpecifiedTests=false"),
            })
        }
        Some("gradle" | "gradlew") if module.is_empty() => Some(format!("{line} --tests {stem}")),
        Some("gradle" | "gradlew") if has_build("build.gradle") || has_build("build.gradle.kts") => {
            let task = format!(":{}:test", module.replace('/', ":"));
            Some(
                words.iter().map(|w| if *w == "test" { task.as_str() } else { w }).collect::<Vec<_>>().join(" ")
                    + " --tests "
                    + stem,
            )
        }
        _ => None,
    }
}

/// Programs and the file endings of the code they run.
type Toolchain = (&'static [&'static str], &'static [&'static str]);

/// The toolchain that a command's words name.
fn toolchain(line: &str) -> Option<&'static Toolchain> {
    const RUNNERS: &[Toolchain] = &[
        (&["cargo"], &["rs"]),
        (&["pytest", "tox", "python", "python3", "poetry", "uv", "manage.py"], &["py"]),
        (
            &["npm", "npx", "yarn", "pnpm", "vitest", "jest", "mocha", "bun", "deno"],
            &["js", "jsx", "ts", "tsx", "mjs", "cjs", "vue", "svelte"],
        ),
        (&["go"], &["go"]),
        (&["rspec", "rake", "rails"], &["rb", "erb"]),
        (&["phpunit", "composer", "artisan"], &["php"]),
        (&["mvn", "./mvnw", "gradle", "./gradlew"], &["java", "kt", "kts", "scala"]),
        (&["dotnet"], &["cs", "fs", "vb"]),
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    RUNNERS.iter().find(|(names, _)| words.iter().any(|w| names.contains(w)))
}

/// Does the line set a value, choose a toolchain or go elsewhere before it does its work?
fn is_special(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    first.starts_with('(') || first.contains('=') || line.split_whitespace().any(|word| word.starts_with('+'))
}

/// May two commands for one purpose be the same? Not when their toolchains differ.
fn may_be_same(a: &str, b: &str) -> bool {
    match (toolchain(a), toolchain(b)) {
        (Some((a, _)), Some((b, _))) => a == b,
        _ => true,
    }
}

/// Does a command run code of this path's language? `None` when its words do not say.
fn runs(line: &str, path: &str) -> Option<bool> {
    let extension = path.rsplit('.').next().unwrap_or_default();
    toolchain(line).map(|(_, extensions)| extensions.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formatter_that_only_looks_has_a_mode_for_it() {
        for line in
            ["cargo fmt --all -- --check", "prettier --check .", "gofmt -l .", "yarn format:check", "black --diff ."]
        {
            assert!(only_checks(line), "{line}");
        }
        assert!(
            !only_checks("yarn run bazel:format") && !only_checks("cargo fmt") && !only_checks("prettier --write .")
        );
    }

    #[test]
    fn a_folder_of_tests_stands_in_what_it_tests() {
        assert_eq!(place("./cart/..."), Some("cart"));
        assert_eq!(place("./..."), None);
        assert_eq!(place("prisma"), None);
        assert_eq!(within("mypyc/test"), Some("mypyc"));
        assert_eq!(within("tests"), None);
        assert_eq!(within("cart"), Some("cart"));
    }

    #[test]
    fn known_runners_are_narrowed() {
        let check = |line: &str, path: &str, expected: Option<&str>| {
            let files = Files { text: &|_| None, below: &|_| Vec::new() };
            assert_eq!(narrow(line, path, &files).as_deref(), expected, "{line} {path}");
        };
        check("cargo test --workspace --locked", "tests/cart.rs", Some("cargo test --locked --test cart"));
        check("cargo test", "src/cart.rs", Some("cargo test cart::"));
        check("cargo test", "src/cart/mod.rs", Some("cargo test cart::"));
        check("cargo test", "src/lib.rs", None);
        check("cargo test", "tests/shop/cart.rs", Some("cargo test cart::"));
        check("python -m pytest -q", "tests/test_cart.py", Some("python -m pytest -q tests/test_cart.py"));
        check("pytest tests/unit", "tests/test_cart.py", None);
        check("npx vitest run", "src/cart.test.ts", Some("npx vitest run src/cart.test.ts"));
        check("go test -race ./...", "cart/total_test.go", Some("go test -race ./cart"));
        check("go test ./till/ -count=1", "cart/total_test.go", None);
        check("go test ./till/ ./cart/", "cart/total_test.go", Some("go test ./cart"));
        let class = "src/test/java/shop/CartTests.java";
        check("./mvnw test", class, Some("./mvnw test -Dtest=CartTests"));
        check("./gradlew test", class, Some("./gradlew test --tests CartTests"));
        check("mvn -B verify", class, None);
        check("./mvnw test", "core/src/test/java/shop/CartTests.java", None);
        let files = Files {
            text: &|path| (path == "core/pom.xml" || path == "app/build.gradle").then(|| "".into()),
            below: &|_| Vec::new(),
        };
        let of_module = |line: &str, path: &str| narrow(line, path, &files);
        assert_eq!(
            of_module("mvn -B test", "core/src/test/java/CartTests.java").as_deref(),
            Some("mvn -B test -pl core -am -Dtest=CartTests -Dsurefire.failIfNoSpecifiedTests=false")
        );
        assert_eq!(
            of_module("./gradlew test", "app/src/test/java/CartTests.java").as_deref(),
            Some("./gradlew :app:test --tests CartTests")
        );
        check("make test", "tests/cart.rs", None);
        check("pytest -q", "web/cart.test.tsx", None);
        check("pytest && rm -rf x", "tests/test_cart.py", None);
    }
}
