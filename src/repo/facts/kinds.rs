//! What command lines do, by the programs that they start and the words that they begin with. Adding one is a line.

use crate::model::context::FactKind::{self, *};

/// Words of a command line that say what it does; the first row that matches wins.
const COMMANDS: &[(FactKind, &[&str])] = &[
    (
        FormatCommand,
        &[
            "cargo fmt",
            "rustfmt",
            "prettier",
            "gofmt",
            "goimports",
            "black",
            "ruff format",
            "isort",
            "dotnet format",
            "clang-format",
            "rubocop -a",
            "ktlint -f",
            "spotlessApply",
            "fmt",
            "format",
        ],
    ),
    (
        LintCommand,
        &[
            "clippy",
            "eslint",
            "golangci-lint",
            "go vet",
            "ruff",
            "flake8",
            "pylint",
            "mypy",
            "pyright",
            "rubocop",
            "tsc --noEmit",
            "ktlint",
            "detekt",
            "checkstyle",
            "phpstan",
            "psalm",
            "phpcs",
            "stylelint",
            "shellcheck",
            "hadolint",
            "lint",
            "typecheck",
            "type-check",
            "pre-commit run",
            "clang-tidy",
            "cargo deny",
            "cargo check",
            "biome",
        ],
    ),
    (
        TestCommand,
        &[
            "cargo test",
            "cargo nextest",
            "npm test",
            "npm run test",
            "yarn test",
            "pnpm test",
            "pnpm run test",
            "go test",
            "pytest",
            "python -m unittest",
            "tox",
            "nox",
            "rspec",
            "rake test",
            "rails test",
            "bundle exec rake spec",
            "mvn test",
            "mvn verify",
            "./mvnw test",
            "./mvnw verify",
            "gradle test",
            "./gradlew test",
            "./gradlew check",
            "dotnet test",
            "phpunit",
            "pest",
            "artisan test",
            "jest",
            "vitest",
            "mocha",
            "ctest",
            "make test",
            "make check",
            "bazel test",
            "playwright test",
            "cypress run",
            "deno test",
            "bun test",
            "zig build test",
            "test",
            "unit",
        ],
    ),
    (
        BuildCommand,
        &[
            "cargo build",
            "npm run build",
            "yarn build",
            "pnpm build",
            "pnpm run build",
            "go build",
            "python -m build",
            "mvn package",
            "mvn install",
            "mvn compile",
            "./mvnw package",
            "./mvnw install",
            "gradle build",
            "./gradlew build",
            "./gradlew assemble",
            "dotnet build",
            "dotnet publish",
            "cmake --build",
            "cmake",
            "make build",
            "make all",
            "docker build",
            "tsc",
            "webpack",
            "vite build",
            "next build",
            "bazel build",
            "composer install",
            "msbuild",
            "build",
        ],
    ),
    (
        RunCommand,
        &[
            "cargo run",
            "npm start",
            "npm run dev",
            "npm run start",
            "yarn start",
            "yarn dev",
            "pnpm dev",
            "go run",
            "uvicorn",
            "gunicorn",
            "flask run",
            "manage.py runserver",
            "rails server",
            "dotnet run",
            "docker compose up",
            "node",
            "next dev",
            "vite",
            "serve",
            "start",
            "dev",
            "run",
        ],
    ),
];

/// First words of command lines that prepare, fetch or tell, whatever stands behind them.
const PREPARING: &[&str] = &[
    "adb", "apk", "apt", "apt-get", "brew", "cat", "choco", "chmod", "cp", "curl", "dnf", "echo", "gh", "git", "ls",
    "mv", "pip", "pip3", "pipx", "print", "printf", "rsync", "rustup", "scp", "sed", "sleep", "tar", "unzip", "wget",
    "yum",
];
/// How far from the start of a command line a word alone can still tell what the line does: beyond are arguments.
const TELLING: usize = 4;

/// What a command line, or a script's name, does.
pub fn command_kind(command: &str) -> FactKind {
    let words: Vec<&str> =
        command.split(|c: char| c.is_whitespace() || ":;&|()".contains(c)).filter(|w| !w.is_empty()).take(40).collect();
    let set = words.iter().take_while(|word| sets_value(word)).count();
    let words = &words[set..];
    let plain: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('-')).collect();
    if words.first().is_some_and(|first| PREPARING.contains(first)) {
        return OtherCommand;
    }
    let holds = |entry: &str| {
        let wanted: Vec<&str> = entry.split(' ').collect();
        let within = if wanted.len() == 1 { words.len().min(TELLING) } else { words.len() };
        words[..within].windows(wanted.len()).any(|window| window == wanted)
            || wanted.len() > 1 && plain.windows(wanted.len()).any(|window| window == wanted)
    };
    let found = COMMANDS.iter().find(|(_, entries)| entries.iter().any(|entry| holds(entry))).map(|(kind, _)| *kind);
    match of_environments(words).or(found).or_else(|| of_script(words)).unwrap_or(OtherCommand) {
        // The life cycle runs as ever, all but the tests.
        TestCommand if words.contains(&"--notest") => OtherCommand,
        TestCommand if words.iter().any(|word| skips_tests(word)) => BuildCommand,
        kind => kind,
    }
}

/// `V=1` before a command.
fn sets_value(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// What tox and nox run, by the names of the environments that are chosen: `-e lint,docs` runs no tests.
fn of_environments(words: &[&str]) -> Option<FactKind> {
    words.iter().take(TELLING).find(|word| ["tox", "nox"].contains(*word))?;
    let at = words.iter().position(|word| ["-e", "-s", "--session"].contains(word))?;
    let names = words.get(at + 1)?.trim_matches(['"', '\'']);
    let any = |words: &[&str]| names.split([',', '-', '_']).any(|name| words.iter().any(|word| name.starts_with(word)));
    Some(match () {
        () if any(&["py", "test", "unit", "cover", "integration"]) => TestCommand,
        () if any(&["lint", "style", "type", "typing", "mypy", "flake", "pep8", "format"]) => LintCommand,
        () if names.contains("pre-commit") => LintCommand,
        () => OtherCommand,
    })
}

/// What a script of the repository does, by its name: `./runtest --verbose`, `ci/build.sh`. `make` alone builds.
fn of_script(words: &[&str]) -> Option<FactKind> {
    let (first, rest) = words.split_first()?;
    if *first == "make" && rest.iter().all(|word| word.starts_with('-') || word.contains('=')) {
        return Some(BuildCommand);
    }
    const PLAIN: &[&str] = &["all", "bash", "bat", "cmd", "ci", "ps1", "py", "rb", "run", "sh", "unit"];
    let name = first.rsplit_once('/').map(|(_, name)| name)?;
    let parts: Vec<&str> = name.split(['.', '-', '_']).collect();
    // A name that says more is that of a tool for something else: `trigger_wheel_build.sh`.
    let is = |kind: &[&str]| {
        parts.iter().any(|p| kind.contains(p)) && parts.iter().all(|p| kind.contains(p) || PLAIN.contains(p))
    };
    Some(match () {
        () if parts[0] == "runtest" || parts[0] == "runtests" || is(&["test", "tests"]) => TestCommand,
        () if is(&["build"]) && !rest.iter().any(|word| word.trim_start_matches('-') == "restore") => BuildCommand,
        () if is(&["lint"]) => LintCommand,
        () => return None,
    })
}

/// `-DskipTests`, `-Dmaven.test.skip=true`, `--no-run`.
fn skips_tests(option: &str) -> bool {
    let skips = ["-DskipTests", "-DskipITs", "-Dmaven.test.skip"].iter().any(|o| option.starts_with(o));
    const LISTS: &[&str] = &["--no-run", "--collect-only", "--list-tests", "--listTests"];
    LISTS.contains(&option) || skips && !option.ends_with("=false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_recognised() {
        for (command, kind) in [
            ("cargo fmt --check", FormatCommand),
            ("cargo clippy --all-targets -- -D warnings", LintCommand),
            ("cargo test --workspace", TestCommand),
            ("npm run build", BuildCommand),
            ("go test ./...", TestCommand),
            ("docker compose up -d", RunCommand),
            ("echo done", OtherCommand),
            ("print $'(ansi g)Latest nightly build is up-to-date, skip rebuilding.(ansi reset)'", OtherCommand),
            ("rustup component add clippy", OtherCommand),
            ("pip install build", OtherCommand),
            ("node scripts/report.js the results of the last test", RunCommand),
            ("make -C native test", TestCommand),
            ("./mvnw verify -B -DskipTests=true", BuildCommand),
            ("cargo test --no-run", BuildCommand),
            ("OPT=-DCI V=1 make -j4 check", TestCommand),
            ("make CFLAGS=-Werror", BuildCommand),
            ("./runtest --accurate --verbose", TestCommand),
            ("scripts/run_tests.sh", TestCommand),
            ("./misc/trigger_wheel_build.sh", OtherCommand),
            ("misc/test-stubgenc.sh", OtherCommand),
            ("./build.sh --restore", OtherCommand),
            ("nox -s prepare-release -- 99.9", OtherCommand),
            ("tox -e py312,lint", TestCommand),
            ("python -m tox -e \"lint,docs\"", LintCommand),
            ("tox -e vendoring", OtherCommand),
            ("./configure --prefix=/usr", OtherCommand),
        ] {
            assert_eq!(command_kind(command), kind, "{command}");
        }
    }
}
