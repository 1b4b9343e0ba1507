//! Scripts of package.json, run by the package manager of their folder.
//!
//! In: a manifest, later all facts. Out: commands, each with the line of its script. Runs nothing.

use super::{fact, kinds::command_kind, manifests::line_of};
use crate::model::context::{Fact, FactKind};

/// The most scripts read of one manifest.
const MAX_SCRIPTS: usize = 60;
/// The manager where nothing names another.
const USUAL: &str = "npm";

/// Names that mean the whole of their kind; other scripts of the kind are parts of it or variants.
const WHOLE: &[(FactKind, &[&str])] = &[
    (FactKind::TestCommand, &["test", "tests", "unit"]),
    (FactKind::BuildCommand, &["build", "compile"]),
    (FactKind::LintCommand, &["lint"]),
    (FactKind::FormatCommand, &["format", "fmt"]),
    (FactKind::RunCommand, &["start", "dev", "serve"]),
];
/// Scripts that the manager runs by itself around others
/// (<https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-scripts>).
const LIFE_CYCLE: &[&str] =
    &["prepare", "prepublish", "prepublishOnly", "prepack", "postpack", "postinstall", "preinstall"];

/// The scripts of a package.json, as the manager that it names would run them.
pub fn facts(path: &str, text: &str) -> Vec<Fact> {
    let Ok(root) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let named = root.get("packageManager").and_then(|manager| manager.as_str()).unwrap_or(USUAL);
    let manager = match named.split('@').next().unwrap_or(USUAL) {
        known @ ("npm" | "yarn" | "pnpm" | "bun") => known,
        _ => USUAL,
    };
    let Some(scripts) = root.get("scripts").and_then(|scripts| scripts.as_object()) else { return Vec::new() };
    let script = |(name, line): (&String, &serde_json::Value)| {
        let kind = kind_of(name, line.as_str()?, |whole| scripts.contains_key(whole));
        let command = format!("{manager} run {name}");
        Some(fact(kind, name.clone(), command, path, line_of(text, &format!("\"{name}\":"))))
    };
    let own = scripts.iter().filter(|(name, _)| !LIFE_CYCLE.contains(&name.as_str()));
    own.take(MAX_SCRIPTS).filter_map(script).collect()
}

/// What a script does, by its name, else by its line; one of several for a kind only where none is for the whole.
fn kind_of(name: &str, line: &str, is_there: impl Fn(&str) -> bool) -> FactKind {
    let by_name = command_kind(&name.replace(['-', '.'], " "));
    let kind = if by_name == FactKind::OtherCommand { command_kind(line) } else { by_name };
    let whole = WHOLE.iter().find(|(of, _)| *of == kind).and_then(|(_, names)| names.iter().find(|n| is_there(n)));
    match whole {
        Some(whole) if *whole != name => FactKind::OtherCommand,
        _ => kind,
    }
}

/// Gives scripts to the manager whose lock file lies nearest above them, where their manifest names none.
pub fn by_lock_file(facts: &mut [Fact]) {
    let is_lock = |fact: &&Fact| {
        fact.kind == FactKind::PackageManager && ["npm", "yarn", "pnpm", "bun"].contains(&fact.name.as_str())
    };
    let mut locks: Vec<(String, String)> =
        facts.iter().filter(is_lock).map(|fact| (folder(&fact.path), fact.name.clone())).collect();
    locks.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
    let usual = format!("{USUAL} run ");
    for fact in facts.iter_mut().filter(|fact| fact.path.ends_with("package.json")) {
        let own = folder(&fact.path);
        let nearest = locks.iter().find(|(folder, _)| own.starts_with(folder.as_str()));
        if let (Some((_, manager)), Some(script)) = (nearest, fact.value.strip_prefix(&usual)) {
            fact.value = format!("{manager} run {script}");
        }
    }
}

/// The folder of a path with its slash; empty for the root.
fn folder(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(facts: &[Fact]) -> Vec<&str> {
        facts.iter().filter(|f| f.kind == FactKind::TestCommand).map(|f| f.value.as_str()).collect()
    }

    #[test]
    fn a_script_for_the_whole_wins_over_its_parts_and_life_cycle_scripts_are_none() {
        let check = |scripts: &str, expected: &[&str]| {
            let all = facts("package.json", &format!(r#"{{"scripts": {{{scripts}}}}}"#));
            assert_eq!(values(&all), expected, "{scripts}");
        };
        let suite = r#""prepublishOnly": "vitest run", "citgm": "jest", "test:ci": "jest", "test": "npm run unit""#;
        check(suite, &["npm run test"]);
        check(r#""unit": "borp", "unit:report": "c8 vitest""#, &["npm run unit"]);
        check(r#""test:a": "jest a", "test:b": "jest b""#, &["npm run test:a", "npm run test:b"]);
        check(r#""check": "vitest run""#, &["npm run check"]);
    }

    #[test]
    fn the_manager_is_named_by_the_manifest_or_by_the_nearest_lock_file() {
        let named = facts("package.json", r#"{"packageManager": "yarn@4.1.0", "scripts": {"test": "vitest run"}}"#);
        assert_eq!(values(&named), ["yarn run test"]);
        let plain = r#"{"scripts": {"test": "vitest run"}}"#;
        let mut all = facts("package.json", plain);
        all.extend(facts("web/package.json", plain));
        all.extend(facts("website/package.json", plain));
        all.push(fact(FactKind::PackageManager, "pnpm", "", "pnpm-lock.yaml", 1));
        all.push(fact(FactKind::PackageManager, "yarn", "", "web/yarn.lock", 1));
        by_lock_file(&mut all);
        assert_eq!(values(&all), ["pnpm run test", "yarn run test", "pnpm run test"]);
    }
}
