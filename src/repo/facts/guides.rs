//! Test commands that a guide for people shows: in the README or in notes for contributors, as a block of code.
//!
//! In: a path and its text. Out: command facts, marked until [`settle`] has looked for firmer ones. What CI, a manifest or
//! a Makefile says goes before: a guide may be old.

use super::{fact, kinds::command_kind, step::runnable};
use crate::model::context::{Fact, FactKind};

/// The version of a command that only a guide shows.
const SHOWN: &str = "shown";
/// Guides, in lower case.
const GUIDES: &[&str] = &[
    "readme.md",
    "readme.rst",
    "readme",
    "contributing.md",
    "contributing.rst",
    "development.md",
    "developing.md",
    "hacking.md",
    "building.md",
    "testing.md",
    "agents.md",
    "claude.md",
];
/// Programs that run tests.
const RUNNERS: &[&str] = &[
    "bazel",
    "bun",
    "bundle",
    "cargo",
    "cmake",
    "composer",
    "ctest",
    "deno",
    "dotnet",
    "go",
    "gradle",
    "./gradlew",
    "just",
    "make",
    "meson",
    "mvn",
    "./mvnw",
    "ninja",
    "nox",
    "npm",
    "npx",
    "php",
    "pnpm",
    "poetry",
    "pytest",
    "python",
    "python3",
    "rake",
    "tox",
    "uv",
    "yarn",
    "zig",
];
/// The most commands of one guide.
const MOST: usize = 4;

/// Is it a guide at the root or among the documents?
pub fn reads(path: &str) -> bool {
    let lower = path.to_lowercase();
    GUIDES.contains(&lower.strip_prefix("docs/").unwrap_or(&lower))
}

/// The test commands in its blocks of code.
pub fn facts(path: &str, text: &str) -> Vec<Fact> {
    let mut is_fenced = false;
    let mut out: Vec<Fact> = Vec::new();
    for (line, number) in text.lines().zip(1_u32..) {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
            continue;
        }
        if !(is_fenced || line.starts_with("    ") || line.starts_with('\t')) {
            continue;
        }
        let bare = line.trim().trim_start_matches("$ ").trim_start_matches("> ");
        let plain = bare.split(" #").next().unwrap_or(bare).trim();
        // A command for one project or folder is an example.
        let is_whole = plain.split(' ').skip(1).all(|word| !word.contains(['/', '\\']) || word.starts_with("./..."));
        let is_run = is_whole
            && RUNNERS.contains(&plain.split(' ').next().unwrap_or_default())
            && !plain.contains(['<', '[', '…']);
        let Some(command) = runnable(plain).filter(|command| is_run && command_kind(command) == FactKind::TestCommand)
        else {
            continue;
        };
        if out.len() < MOST && out.iter().all(|known| known.value != command) {
            let found = fact(FactKind::TestCommand, command.clone(), command, path, number);
            out.push(Fact { version: Some(SHOWN.to_owned()), ..found });
        }
    }
    out
}

/// Keeps what guides show where nothing else says how tests are run.
pub fn settle(facts: &mut Vec<Fact>) {
    let is_shown = |fact: &Fact| fact.kind == FactKind::TestCommand && fact.version.as_deref() == Some(SHOWN);
    let has_firm = facts.iter().any(|f| f.kind == FactKind::TestCommand && !is_shown(f));
    facts.retain(|f| !(has_firm && is_shown(f)));
    facts.iter_mut().filter(|f| is_shown(f)).for_each(|f| f.version = None);
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = "# Till\n\nRun make check often.\n\n    $ ./configure\n    $ make check\n\n```sh\nctest -C Debug # slow\npytest tests/<name>\ndotnet test src/Till.Tests/Till.Tests.csproj\n```\n";

    #[test]
    fn blocks_of_code_show_how_tests_are_run() {
        let found: Vec<(String, u32)> = facts("README.md", GUIDE).into_iter().map(|f| (f.value, f.line)).collect();
        assert_eq!(found, [("make check".to_owned(), 6), ("ctest -C Debug".to_owned(), 9)]);
        assert!(reads("docs/CONTRIBUTING.md") && reads("README.md") && !reads("examples/README.md"));
    }

    #[test]
    fn what_a_guide_shows_gives_way_to_what_runs() {
        let mut all = facts("README.md", GUIDE);
        settle(&mut all);
        assert!(all.len() == 2 && all.iter().all(|f| f.version.is_none()));
        let mut all = facts("README.md", GUIDE);
        all.push(fact(FactKind::TestCommand, "ninja test", "ninja test", ".github/workflows/ci.yml", 3));
        settle(&mut all);
        assert_eq!(all.len(), 1);
    }
}
