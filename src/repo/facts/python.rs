//! Test runners of Python projects, by the settings that stand for them.
//!
//! In: a settings file. Out: the runner's command, with the line of its section. Runs nothing.

use super::fact;
use crate::model::context::{Fact, FactKind};

/// Sections and files that configure a runner: the file's name, the start of a line, the command.
///
/// Sources: <https://docs.pytest.org/en/stable/reference/customize.html>,
/// <https://tox.wiki/en/latest/config.html>, <https://nox.thea.codes/en/stable/config.html>.
const RUNNERS: &[(&str, &str, &str)] = &[
    ("pyproject.toml", "[tool.pytest", "pytest"),
    ("pytest.ini", "[pytest]", "pytest"),
    (".pytest.ini", "[pytest]", "pytest"),
    ("setup.cfg", "[tool:pytest]", "pytest"),
    ("tox.ini", "[pytest]", "pytest"),
    ("pyproject.toml", "[tool.tox", "tox"),
    ("tox.ini", "[tox]", "tox"),
    ("tox.ini", "[testenv]", "tox"),
    ("setup.cfg", "[tox:tox]", "tox"),
    ("noxfile.py", "@nox.session", "nox"),
];

/// Is it a file that configures a runner?
pub fn reads(path: &str) -> bool {
    RUNNERS.iter().any(|(file, ..)| *file == path)
}

/// The runners that a file of the root configures, each once.
pub fn facts(path: &str, text: &str) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    for (file, start, command) in RUNNERS {
        let line = text.lines().zip(1_u32..).find(|(line, _)| *file == path && line.trim_start().starts_with(start));
        if let Some((_, number)) = line.filter(|_| found.iter().all(|fact| fact.value != *command)) {
            found.push(fact(FactKind::TestCommand, *command, *command, path, number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_for_their_runner() {
        let check = |path: &str, text: &str, expected: &[(&str, u32)]| {
            let found: Vec<(String, u32)> = facts(path, text).into_iter().map(|f| (f.value, f.line)).collect();
            let expected: Vec<(String, u32)> = expected.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect();
            assert_eq!(found, expected, "{path}");
        };
        let both =
            "[project]\nname = \"x\"\n[tool.pytest.ini_options]\naddopts = \"-q\"\n[tool.tox]\n[tool.tox.env.a]\n";
        check("pyproject.toml", both, &[("pytest", 3), ("tox", 5)]);
        check("tox.ini", "[tox]\nenvlist = py\n[testenv]\ncommands = pytest\n", &[("tox", 1)]);
        check("setup.cfg", "[metadata]\n[tool:pytest]\n", &[("pytest", 2)]);
        check("docs/pytest.ini", "[pytest]\n", &[]);
        check("pyproject.toml", "[project]\nname = \"x\"\n", &[]);
    }
}
