//! Facts in program text: environment keys and feature flags, by patterns for each language.
//!
//! A pattern reads single lines, so that its cost is the text's length.

use std::sync::LazyLock;

use regex::Regex;

use super::fact;
use crate::model::context::{
    Fact,
    FactKind::{self, *},
};

/// A pattern of one kind of fact.
struct Pattern {
    kind: FactKind,
    languages: &'static [&'static str],
    /// A text that every matching line holds: cheap to look for.
    hint: &'static str,
    regex: Regex,
    /// What stands for the name, with `$1` and so on.
    name: &'static str,
}

/// Kind, languages, hint, pattern, name. Groups are used by the name.
type Row = (FactKind, &'static [&'static str], &'static str, &'static str, &'static str);

const WEB: &[&str] = &["javascript", "typescript", "tsx"];
const JVM: &[&str] = &["java", "kotlin"];

const ROWS: &[Row] = &[
    // Environment keys
    (EnvironmentKey, &["rust"], "env", r#"\benv(?:::var(?:_os)?|!|::option_env!)\(\s*"([A-Z][A-Z0-9_]+)""#, "$1"),
    (EnvironmentKey, WEB, "process.env", r#"process\.env(?:\.|\[["'])([A-Z][A-Z0-9_]+)"#, "$1"),
    (EnvironmentKey, &["python"], "environ", r#"environ(?:\.get\(|\[)\s*["']([A-Z][A-Z0-9_]+)["']"#, "$1"),
    (EnvironmentKey, &["python"], "getenv", r#"getenv\(\s*["']([A-Z][A-Z0-9_]+)["']"#, "$1"),
    (EnvironmentKey, &["go"], "env(", r#"os\.(?:Getenv|LookupEnv)\(\s*"([A-Z][A-Z0-9_]+)""#, "$1"),
    (EnvironmentKey, &["go"], "Env(", r#"os\.(?:Getenv|LookupEnv)\(\s*"([A-Z][A-Z0-9_]+)""#, "$1"),
    (EnvironmentKey, &["ruby"], "ENV", r#"ENV(?:\.fetch\(|\[)\s*["']([A-Z][A-Z0-9_]+)["']"#, "$1"),
    (EnvironmentKey, JVM, "getenv", r#"System\.getenv\(\s*"([A-Z][A-Z0-9_]+)""#, "$1"),
    (
        EnvironmentKey,
        &["c#"],
        "GetEnvironmentVariable",
        r#"GetEnvironmentVariable\(\s*"([A-Za-z][A-Za-z0-9_]+)""#,
        "$1",
    ),
    (EnvironmentKey, &["php"], "env(", r#"\b(?:get)?env\(\s*["']([A-Z][A-Z0-9_]+)["']"#, "$1"),
    (EnvironmentKey, &["c", "c++"], "getenv", r#"\bgetenv\(\s*"([A-Z][A-Z0-9_]+)""#, "$1"),
    // Feature flags
    (
        FeatureFlag,
        &["javascript", "typescript", "tsx", "python", "ruby", "java", "kotlin", "go", "c#", "php", "rust"],
        "nabled",
        r#"(?i)\b(?:flags?|features?|flipper|unleash|waffle)\w*(?:\.|::)(?:is_?)?(?:feature_?)?enabled\??\(?\s*[:"']([\w.-]+)"#,
        "$1",
    ),
    (
        FeatureFlag,
        &["java", "kotlin", "go", "python", "javascript", "typescript", "tsx", "c#"],
        "lags",
        r#"\b(?:[Ff]eature)?[Ff]lags\.(?:get|is|bool|Bool)\w*\(\s*["']([\w.:-]+)["']"#,
        "$1",
    ),
];

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let compile = |(kind, languages, hint, regex, name): &Row| {
        let regex = Regex::new(regex).expect("a constant pattern");
        Pattern { kind: *kind, languages, hint, regex, name }
    };
    ROWS.iter().map(compile).collect()
});

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 400;
/// The most facts of one file.
const MAX_FACTS: usize = 100;

/// Facts of a source text.
pub fn facts(path: &str, language: &str, text: &str) -> Vec<Fact> {
    let patterns: Vec<&Pattern> =
        PATTERNS.iter().filter(|p| p.languages.contains(&language) && text.contains(p.hint)).collect();
    let mut found = Vec::new();
    if patterns.is_empty() {
        return found;
    }
    for (line, number) in text.lines().zip(1_u32..).filter(|(line, _)| line.len() <= MAX_LINE) {
        for pattern in patterns.iter().filter(|pattern| line.contains(pattern.hint)) {
            if let Some(groups) = pattern.regex.captures(line) {
                let mut name = String::new();
                groups.expand(pattern.name, &mut name);
                found.push(fact(pattern.kind, name.trim(), "", path, number));
            }
        }
        if found.len() >= MAX_FACTS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, line: &str, kind: FactKind, name: &str) {
        let found = facts("src/x", language, line);
        assert_eq!(found.iter().map(|f| (f.kind, f.name.as_str())).collect::<Vec<_>>(), [(kind, name)], "{line}");
    }

    #[test]
    fn environment_keys_and_flags() {
        check("rust", "let x = std::env::var(\"DATABASE_URL\")?;", EnvironmentKey, "DATABASE_URL");
        check("javascript", "const p = process.env.PORT || 1;", EnvironmentKey, "PORT");
        check("python", "os.environ.get('API_KEY')", EnvironmentKey, "API_KEY");
        check("go", "os.Getenv(\"HOME_DIR\")", EnvironmentKey, "HOME_DIR");
        check("ruby", "ENV.fetch('SECRET_KEY')", EnvironmentKey, "SECRET_KEY");
        check("ruby", "if Flipper.enabled?(:new_cart)", FeatureFlag, "new_cart");
        check("java", "this.on = flags.getBoolean(\"Setter:New\").orElse(true);", FeatureFlag, "Setter:New");
    }
}
