//! Checks commands: the repository's own, or a known program on files that exist.

use super::ground::Ground;
use crate::{
    model::{
        context::FactKind,
        plan::{Command, FindingKind, Remedy, Sections},
    },
    planner::command::command_line,
};

/// Programs that build, test and check.
const PROGRAMS: &[&str] = &[
    "cargo",
    "go",
    "npm",
    "npx",
    "pnpm",
    "yarn",
    "bun",
    "deno",
    "node",
    "python",
    "python3",
    "pytest",
    "tox",
    "poetry",
    "uv",
    "ruff",
    "mypy",
    "make",
    "just",
    "mvn",
    "./mvnw",
    "gradle",
    "./gradlew",
    "dotnet",
    "bundle",
    "rake",
    "rspec",
    "php",
    "composer",
    "phpunit",
    "git",
    "docker",
    "cmake",
    "ctest",
    "mix",
    "swift",
    "bazel",
];

/// Checks every command of the plan.
pub fn check(ground: &mut Ground<'_>, sections: &mut Sections) {
    let steps = sections.phases.iter_mut().flat_map(|p| &mut p.steps).map(|s| &mut s.validate);
    for commands in steps.chain(std::iter::once(&mut sections.testing.commands)) {
        commands.retain(|command| {
            let holds = stands(ground, &command.line) || is_narrowed(ground, command);
            if !holds {
                ground.find(FindingKind::UnknownCommand, command.line.clone(), None, Remedy::Dropped);
            }
            holds
        });
    }
}

/// Does prose that says this mean a command line?
pub fn is_line(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(program, rest)| PROGRAMS.contains(&program) && !rest.trim().is_empty())
}

/// Is it the repository's own command, a longer form of one, or a plain use of its programs on files that exist?
pub fn stands(ground: &Ground<'_>, line: &str) -> bool {
    is_own(ground, line) || is_longer(ground, line) || is_plain_use(ground, line)
}

/// One of the repository's own commands with further words behind it, all files of which exist.
fn is_longer(ground: &Ground<'_>, line: &str) -> bool {
    let own = ground.contexts.iter().flat_map(|c| &c.facts).filter(|f| crate::planner::command::is_command(f));
    let mut rests = own.filter_map(|f| line.strip_prefix(command_line(f)).filter(|_| !command_line(f).is_empty()));
    is_simple(line) && paths_exist(ground, line) && rests.any(|rest| rest.starts_with(' '))
}

/// One program, nothing chained, redirected or expanded.
fn is_simple(line: &str) -> bool {
    !line.contains(['&', '|', ';', '$', '`', '>', '<', '\n'])
}

/// The repository says this command itself.
fn is_own(ground: &Ground<'_>, line: &str) -> bool {
    ground
        .contexts
        .iter()
        .flat_map(|c| &c.facts)
        .any(|f| crate::planner::command::is_command(f) && command_line(f) == line)
}

/// It narrows a command of the repository, and all files that it names exist or are created.
fn is_narrowed(ground: &Ground<'_>, command: &Command) -> bool {
    command.narrows.as_ref().is_some_and(|whole| is_own(ground, whole)) && paths_exist(ground, &command.line)
}

/// A known program whose program itself the repository's commands use, on files that exist.
fn is_plain_use(ground: &Ground<'_>, line: &str) -> bool {
    let program = line.split_whitespace().next().unwrap_or_default();
    let used_here =
        ground.contexts.iter().flat_map(|c| &c.facts).any(|f| {
            crate::planner::command::is_command(f) && command_line(f).split_whitespace().next() == Some(program)
        });
    // A project file says itself which program builds it.
    let is_project = |word: &str| word.ends_with(".csproj") && ground.is_known_path(word);
    let used_here = used_here || program == "dotnet" && line.split_whitespace().any(is_project);
    let is_known = PROGRAMS.contains(&program) && used_here || starts_framework(ground, line);
    is_simple(line) && is_known && names_a_path(line) && paths_exist(ground, line)
}

/// Does the line start a test framework that a manifest of the repository declares: `npx mocha`, `vendor/bin/phpunit`?
fn starts_framework(ground: &Ground<'_>, line: &str) -> bool {
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    let declared = ground.contexts.iter().flat_map(|c| &c.facts).filter(|f| f.kind == FactKind::TestFramework);
    let names: Vec<String> = declared.map(|f| last(&f.name)).collect();
    line.split_whitespace().take(3).any(|word| names.contains(&last(word)))
}

/// Does an argument look like a path?
fn names_a_path(line: &str) -> bool {
    line.split_whitespace().skip(1).any(looks_like_path)
}

/// Do all arguments that look like paths exist?
fn paths_exist(ground: &Ground<'_>, line: &str) -> bool {
    line.split_whitespace().skip(1).filter(|w| looks_like_path(w)).all(|word| {
        let path = word.split("::").next().unwrap_or(word).trim_start_matches("./").trim_end_matches('/');
        path.is_empty() || path == "..." || path == "." || ground.is_known_path(path.trim_end_matches("/..."))
    })
}

/// Does a word look like a path?
fn looks_like_path(word: &str) -> bool {
    !word.starts_with('-')
        && (word.contains('/') || word.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && end.len() <= 4))
}
