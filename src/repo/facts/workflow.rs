//! The commands of CI workflows: what a step runs, in the folder where it runs it.
//!
//! In: a path and its text. Out: command facts. What CI alone knows (values of a matrix, heredocs for other machines, files
//! that the step writes first) is no command. Those whose failure CI does not mind, and those of workflows that no change
//! starts, are marked with [`ASIDE`].

use super::{
    fact,
    kinds::command_kind,
    step::{runnable, unquoted},
    yaml::Outline,
};
use crate::model::context::{Fact, FactKind};

/// The version of a command that says nothing of a change, until `settle` has looked for another one.
const ASIDE: &str = "aside";
/// Keys that hold command lines.
const KEYS: &[&str] = &["run", "script", "command"];
/// Keys below which `command:` and `run:` are values and settings, nothing that is run.
const VALUES: &[&str] =
    &["matrix", "strategy", "env", "environment", "variables", "services", "inputs", "outputs", "defaults"];
/// What a job's folder is called.
const FOLDERS: &[&str] = &["working-directory", "working_directory", "workingDirectory"];

/// The commands of a workflow.
pub fn facts(path: &str, text: &str) -> Vec<Fact> {
    let outline = Outline::of(text, KEYS);
    let is_idle = path.starts_with(".github/") && !is_started_by_changes(&outline);
    let mut found = Vec::new();
    for at in 0..outline.nodes.len() {
        let is_value = || outline.above(at).any(|node| VALUES.contains(&node.key));
        if !KEYS.contains(&outline.nodes[at].key) || is_value() {
            continue;
        }
        let Some(home) = folder(&outline, at, path.starts_with(".circleci/")) else { continue };
        let may_fail = |key: &str| matches!(key, "continue-on-error" | "continueOnError" | "allow_failure");
        let may_fail = outline.beside(at, |node| may_fail(node.key) && node.value == "true").next().is_some();
        for (line, folder, number) in placed(lines(&outline, at, path), home) {
            let mut read = command(path, &line, &folder, number);
            if is_idle || may_fail || takes_secrets(&outline, at) {
                read.iter_mut().for_each(|fact| fact.version = Some(ASIDE.to_owned()));
            }
            found.extend(read);
        }
    }
    found
}

/// Does the step's own environment hold a secret, which people do not have?
fn takes_secrets(outline: &Outline<'_>, at: usize) -> bool {
    let own = outline.nodes[at].parent;
    let is_env = |(_, node): &(usize, &super::yaml::Node<'_>)| node.key == "env" && node.parent == own;
    let found = outline.beside(at, |node| node.key == "env").find(is_env);
    found.is_some_and(|(env, _)| outline.below(Some(env)).any(|(_, node)| node.value.contains("secrets.")))
}

/// Leaves those aside that say nothing of a change, where another command of their kind runs the same program.
pub fn settle(facts: &mut Vec<Fact>) {
    let is_aside = |fact: &Fact| fact.version.as_deref() == Some(ASIDE);
    let firm: Vec<(FactKind, String)> =
        facts.iter().filter(|f| !is_aside(f)).map(|f| (f.kind, program(&f.value).to_owned())).collect();
    facts.retain(|f| !is_aside(f) || !firm.iter().any(|(kind, name)| *kind == f.kind && *name == program(&f.value)));
    facts.iter_mut().filter(|f| is_aside(f)).for_each(|f| f.version = None);
}

/// The program that a command line starts, behind the values that are set for it.
fn program(line: &str) -> &str {
    line.split_whitespace().find(|word| !word.contains('=')).unwrap_or_default()
}

/// Does a push or a pull request start the workflow? One that says nothing of it counts.
fn is_started_by_changes(outline: &Outline<'_>) -> bool {
    const STARTS: &[&str] = &["push", "pull_request", "pull_request_target", "merge_group", "workflow_call"];
    let Some((on, node)) = outline.below(None).find(|(_, node)| node.key == "on") else { return true };
    let words = |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|w| STARTS.contains(&w));
    let events: Vec<(usize, &str)> = outline.below(Some(on)).map(|(at, node)| (at, node.key)).collect();
    let starts = |(at, key): &(usize, &str)| {
        let mut below = outline.below(Some(*at)).map(|(_, node)| node.key).peekable();
        // What a tag starts is a release.
        let is_release = below.peek().is_some() && below.all(|key| key.starts_with("tags"));
        STARTS.contains(key) && !(*key == "push" && is_release)
    };
    // A list of bare names is no list of keys.
    let is_list = node.value.is_empty() && events.iter().all(|(_, key)| *key == "-");
    is_list || words(node.value) || events.iter().any(starts)
}

/// The folder in which a step runs, empty for the root; `None` where only CI knows it.
fn folder(outline: &Outline<'_>, at: usize, is_own_alone: bool) -> Option<String> {
    let own = outline.nodes[at].parent;
    let is_folder = |key: &str| FOLDERS.contains(&key);
    // The folder of a CircleCI job is where it puts the repository.
    let direct = outline.beside(at, |node| is_folder(node.key)).find(|(_, node)| !is_own_alone || node.parent == own);
    let by_default = || {
        let (defaults, _) = outline.beside(at, |node| node.key == "defaults").next()?;
        let (run, _) = outline.below(Some(defaults)).find(|(_, node)| node.key == "run")?;
        outline.below(Some(run)).find(|(_, node)| is_folder(node.key))
    };
    direct.or_else(by_default).map_or(Some(String::new()), |(_, node)| inner(node.value))
}

/// A folder below the root, as a plain path; `None` where it is none.
fn inner(folder: &str) -> Option<String> {
    let folder = folder.trim_matches(['"', '\'']).trim_start_matches("./").trim_end_matches('/');
    let is_plain = |c: char| c.is_alphanumeric() || "_-./@".contains(c);
    let is_inner = folder.chars().all(is_plain) && !folder.starts_with('/') && !folder.contains("..");
    is_inner.then(|| if folder == "." { String::new() } else { folder.to_owned() })
}

/// The command lines of a node, with their lines in the file.
fn lines(outline: &Outline<'_>, at: usize, path: &str) -> Vec<(String, u32)> {
    let node = &outline.nodes[at];
    let next = |key: &str| outline.below(node.parent).find(|(_, node)| node.key == key).map(|(_, node)| node.value);
    if node.key == "command" && outline.beside(at, |node| node.key == "uses").any(|(_, n)| n.value.contains("/cargo@"))
    {
        let line = format!("cargo {} {}", node.value, next("args").unwrap_or_default());
        return vec![(line.trim().to_owned(), node.number)];
    }
    let folded = node.value.starts_with('>');
    let whole: Vec<(String, u32)> = match (node.value, folded) {
        (_, true) => {
            let lines: Vec<&str> = node.text.iter().map(|(line, _)| *line).collect();
            vec![(lines.join(" "), node.text.first().map_or(node.number, |(_, number)| *number))]
        }
        ("", _) => joined(&node.text),
        (value, _) if value.starts_with('|') => joined(&node.text),
        (value, _) => vec![(value.to_owned(), node.number)],
    };
    let is_circle = path.starts_with(".circleci/");
    whole.into_iter().map(|(line, number)| (if is_circle { parameters(&line) } else { line }, number)).collect()
}

/// The lines of a script, those that go on in the next one as one; without heredocs.
fn joined(text: &[(&str, u32)]) -> Vec<(String, u32)> {
    let mut out: Vec<(String, u32)> = Vec::new();
    let mut goes_on = false;
    let mut end: Option<String> = None;
    for (line, number) in text {
        if let Some(word) = &end {
            if line == word {
                end = None;
            }
            continue;
        }
        let bare = line.trim_end_matches('\\').trim_end();
        match out.last_mut().filter(|_| goes_on) {
            Some((last, _)) => *last = format!("{last} {bare}"),
            None => out.push((bare.to_owned(), *number)),
        }
        goes_on = line.ends_with('\\');
        end = heredoc(line);
    }
    out
}

/// The lines of a script, each with the folder that it runs in: `cd` moves those behind it. Behind what cannot be followed,
/// and behind a file that is written for them, none is told.
fn placed(lines: Vec<(String, u32)>, home: String) -> Vec<(String, String, u32)> {
    let mut out = Vec::new();
    let mut folder = home;
    for (line, number) in lines {
        let line = unquoted(&line);
        let first = line.split_whitespace().next().unwrap_or_default();
        let writes = matches!(first, "echo" | "cat" | "printf") && line.contains(" > ");
        let is_elsewhere = ["/", "~", "$"].iter().any(|start| line.contains(&format!(" > {start}")));
        if matches!(first, "pushd" | "popd") || writes && !is_elsewhere {
            break;
        }
        let Some(moved) = line.strip_prefix("cd ") else {
            out.push((line.to_owned(), folder.clone(), number));
            continue;
        };
        let (target, rest) = moved.split_once("&&").unwrap_or((moved, ""));
        let Some(inner) = moved_to(&folder, target.trim()) else { break };
        folder = inner;
        out.extend(Some(rest.trim()).filter(|rest| !rest.is_empty()).map(|r| (r.to_owned(), folder.clone(), number)));
    }
    out
}

/// The folder that `cd` leads to.
fn moved_to(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut rest = target.trim_end_matches('/');
    while let Some(up) = rest.strip_prefix("..") {
        parts.pop()?;
        rest = up.trim_start_matches('/');
    }
    let below = inner(rest)?;
    parts.extend(below.split('/').filter(|part| !part.is_empty()));
    (below != "-").then(|| parts.join("/"))
}

/// The word that ends the heredoc which the line opens.
fn heredoc(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("<<").filter(|(_, rest)| !rest.starts_with('<'))?;
    let word = rest.trim_start_matches('-').split_whitespace().next()?.trim_matches(['"', '\'']);
    let is_word = word.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_word && word.starts_with(char::is_alphabetic)).then(|| word.to_owned())
}

/// CircleCI's `<< parameters.x >>` as other workflows write what only they know.
fn parameters(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("<<") {
        let Some((name, behind)) = after.split_once(">>") else { break };
        let is_name = |c: char| c.is_alphanumeric() || "._-#/ ".contains(c);
        if !name.contains('.') || !name.chars().all(is_name) {
            break;
        }
        out.push_str(before);
        out.push_str("${{");
        out.push_str(name);
        out.push_str("}}");
        rest = behind;
    }
    out + rest
}

/// A command line, when it is one that people would run themselves: the word `test` alone steers an action.
fn command(path: &str, line: &str, home: &str, number: u32) -> Option<Fact> {
    let line =
        runnable(line).filter(|line| !["test", "build", "check", "lint", "fmt", "format"].contains(&line.as_str()))?;
    let kind = command_kind(&line);
    let line = if home.is_empty() { line } else { format!("(cd {home} && {line})") };
    (kind != FactKind::OtherCommand || migrates(&line)).then(|| fact(kind, line.clone(), line, path, number))
}

/// Does the command of a known tool bring a database up to date?
fn migrates(line: &str) -> bool {
    const CALLS: &[&str] = &[
        "alembic upgrade",
        "prisma migrate deploy",
        "sqlx migrate run",
        "diesel migration run",
        "manage.py migrate",
        "db:migrate",
        "knex migrate:latest",
        "flyway migrate",
        "liquibase update",
        "dbmate up",
        "artisan migrate",
    ];
    CALLS.iter().any(|call| line.contains(call))
        || line.contains("goose ") && line.ends_with(" up")
        || line.contains("migrate ") && line.ends_with(" up")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[(&str, u32)]) {
        let mut found = facts(path, text);
        settle(&mut found);
        let found: Vec<(&str, u32)> = found.iter().map(|f| (f.value.as_str(), f.line)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_step_may_say_its_command_below_run() {
        let path = ".circleci/config.yml";
        let text = "jobs:\n  a:\n    working_directory: ~/shop\n    steps:\n      - run:\n          name: Build\n          command: yarn build\n          no_output_timeout: 40m\n      - run: yarn lint\n";
        check(path, text, &[("yarn build", 7), ("yarn lint", 9)]);
        let text = "steps:\n  - run:\n      command: yarn test --only=a,-node<< parameters.version >>-x //packages\n  - run: yarn test --from << pipeline.base >> --all\n";
        check(path, text, &[("yarn test --all", 4)]);
    }

    #[test]
    fn a_command_runs_in_its_folder() {
        let path = ".github/workflows/ci.yml";
        let text = "jobs:\n  a:\n    steps:\n      - run: |\n          go build -v\n        working-directory: ./cmd/shop\n      - run: go vet ./...\n";
        check(path, text, &[("(cd cmd/shop && go build -v)", 5), ("go vet ./...", 7)]);
        let text = "defaults:\n  run:\n    working-directory: web\njobs:\n  a:\n    steps:\n      - run: npm test\n";
        check(path, text, &[("(cd web && npm test)", 7)]);
        let text = "jobs:\n  a:\n    steps:\n      - run: npm test\n        working-directory: ${{ matrix.folder }}\n";
        check(path, text, &[]);
    }

    #[test]
    fn the_lines_before_a_command_may_move_it_or_make_what_it_reads() {
        let path = ".github/workflows/ci.yml";
        let text = "steps:\n  - run: |\n      cd web\n      npm test\n      cd ..\n      npm run lint\n  - run: cd api && npm test\n";
        check(path, text, &[("(cd web && npm test)", 4), ("npm run lint", 6), ("(cd api && npm test)", 7)]);
        let text = "steps:\n  - run: |\n      echo \"require: more\" > .rubocop.yml\n      rubocop Gemfile\n  - run: rubocop\n";
        check(path, text, &[("rubocop", 5)]);
        let text = "steps:\n  - run: |\n      ssh other bash <<EOF\n      go test -p 1 ./...\n      EOF\n      go test ./...\n";
        check(path, text, &[("go test ./...", 6)]);
        let text = "steps:\n  - run: |\n      cargo test \\\n        --locked\n  - run: >\n      cargo clippy\n      --locked\n";
        check(path, text, &[("cargo test --locked", 3), ("cargo clippy --locked", 6)]);
    }

    #[test]
    fn what_may_fail_or_no_change_starts_gives_way_to_another() {
        let path = ".github/workflows/ci.yml";
        let text = "jobs:\n  a:\n    continue-on-error: true # the machine is down\n    steps:\n      - run: CGO_ENABLED=0 go test -p 1 ./...\n  b:\n    steps:\n      - run: go test ./...\n";
        check(path, text, &[("go test ./...", 8)]);
        check(path, "jobs:\n  a:\n    continue-on-error: true\n    steps:\n      - run: go test\n", &[("go test", 5)]);
        let text =
            "on:\n  schedule:\n    - cron: '0 0 * * *'\njobs:\n  a:\n    steps:\n      - run: cargo +beta test\n";
        let mut found = facts(".github/workflows/beta.yml", text);
        found.extend(facts(path, "on: [push]\njobs:\n  a:\n    steps:\n      - run: cargo test\n"));
        settle(&mut found);
        assert_eq!(found.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["cargo test"]);
        assert!(found[0].version.is_none());
    }

    #[test]
    fn values_of_a_matrix_are_no_commands() {
        let text = "jobs:\n  a:\n    strategy:\n      matrix:\n        job:\n          - name: Build\n            command: cargo build\n    steps:\n      - run: ${{ matrix.job.command }} -p shop\n";
        check(".github/workflows/ci.yml", text, &[]);
    }
}
