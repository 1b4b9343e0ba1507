//! Commands as the repository really runs them: CI workflows (read by `workflow`), make and just targets.
//!
//! (Scripts of package manifests are read by `manifests`.)

use super::{fact, kinds::command_kind, workflow};
use crate::model::context::{Fact, FactKind};

/// The most commands read of one file.
const MAX_COMMANDS: usize = 80;

/// Is it a file that holds commands?
pub fn reads(path: &str) -> bool {
    is_workflow(path) || is_make(path) || is_just(path)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_workflow(path: &str) -> bool {
    let yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    let ci =
        path.starts_with(".github/workflows/") || path.starts_with(".circleci/") || path.starts_with(".buildkite/");
    yaml && (ci || [".gitlab-ci.yml", "azure-pipelines.yml", ".travis.yml", "bitbucket-pipelines.yml"].contains(&path))
}

fn is_make(path: &str) -> bool {
    ["Makefile", "GNUmakefile", "makefile"].contains(&path)
}

fn is_just(path: &str) -> bool {
    ["justfile", "Justfile", ".justfile"].contains(&name(path))
}

/// The commands of a file.
pub fn facts(path: &str, text: &str) -> Vec<Fact> {
    let mut found = match path {
        _ if is_workflow(path) => workflow::facts(path, text),
        _ if is_make(path) => targets(path, text, "make"),
        _ if is_just(path) => targets(path, text, "just"),
        _ => Vec::new(),
    };
    found.truncate(MAX_COMMANDS);
    found
}

/// Targets of make and recipes of just.
fn targets(path: &str, text: &str, tool: &str) -> Vec<Fact> {
    let target = |(line, number): (&str, u32)| {
        let (names, rest) = line.split_once(':')?;
        let name = names.split_ascii_whitespace().next()?;
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let is_target = plain && line.starts_with(|c: char| c.is_ascii_alphanumeric()) && !rest.starts_with('=');
        let is_target = is_target && (tool == "just" || !names.contains(' '));
        is_target.then(|| {
            let command = format!("{tool} {name}");
            let kind = match command_kind(name) {
                FactKind::OtherCommand => command_kind(&command),
                kind => kind,
            };
            fact(kind, command.clone(), command, path, number)
        })
    };
    let mut found: Vec<Fact> = text.lines().zip(1..).filter_map(target).collect();
    // Where tests have a target of their own, `check` does more than that.
    let test = format!("{tool} test");
    if found.iter().any(|fact| fact.value == test) {
        let check = format!("{tool} check");
        found.iter_mut().filter(|fact| fact.value == check).for_each(|fact| fact.kind = command_kind("check"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_steps_are_commands_with_lines() {
        let text = "jobs:\n  a:\n    steps:\n      - uses: x/y@v1\n      - run: cargo fmt --check\n      - name: t\n        run: |\n          cargo test --all\n          echo done\n      - run: ${{ matrix.x }} test\n";
        let found: Vec<(FactKind, String, u32)> =
            facts(".github/workflows/ci.yml", text).into_iter().map(|f| (f.kind, f.value, f.line)).collect();
        assert_eq!(
            found,
            [
                (FactKind::FormatCommand, "cargo fmt --check".to_owned(), 5),
                (FactKind::TestCommand, "cargo test --all".to_owned(), 8)
            ]
        );
    }

    #[test]
    fn what_an_action_is_told_is_a_command_only_where_it_says_of_which_program() {
        let text = "steps:\n  - uses: actions-rs/cargo@v1\n    with:\n      command: test\n      args: --locked\n  - uses: other/tool@v2\n    with:\n      command: test\n";
        let found: Vec<String> = facts(".github/workflows/ci.yml", text).into_iter().map(|f| f.value).collect();
        assert_eq!(found, ["cargo test --locked"]);
    }

    #[test]
    fn what_brings_a_database_up_to_date_is_a_command() {
        let text = "steps:\n  - run: uv run alembic upgrade head\n  - run: echo done\n  - run: npx prisma generate\n  - run: npx prisma migrate deploy\n";
        let found: Vec<String> = facts(".github/workflows/ci.yml", text).into_iter().map(|f| f.value).collect();
        assert_eq!(found, ["uv run alembic upgrade head", "npx prisma migrate deploy"]);
    }

    #[test]
    fn a_step_that_takes_a_secret_gives_way_to_one_that_takes_none() {
        let text = "steps:\n  - run: npm test\n  - run: npm run test:cloud\n    env:\n      KEY: ${{ secrets.KEY }}\n";
        let mut found = facts(".github/workflows/ci.yml", text);
        workflow::settle(&mut found);
        assert_eq!(found.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["npm test"]);
    }

    #[test]
    fn targets_are_commands() {
        let text = "CC = gcc\nall: x\ntest: all\n\t./run\nX := 1\nlint:\n";
        let found: Vec<String> = facts("Makefile", text).into_iter().map(|f| f.value).collect();
        assert_eq!(found, ["make all", "make test", "make lint"]);
        let kinds = |text: &str| facts("Makefile", text).into_iter().map(|f| f.kind).collect::<Vec<_>>();
        assert_eq!(kinds("check: all\n"), [FactKind::TestCommand]);
        assert_eq!(kinds("check: lint test\ntest:\n"), [FactKind::OtherCommand, FactKind::TestCommand]);
    }
}
