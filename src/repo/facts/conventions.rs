//! Commands that a build tool's file at the root stands for, in every repository that has it.
//!
//! In: which files the root holds. Out: commands, each with the file that stands for it. Adding a tool is a line.

use super::fact;
use crate::model::context::{
    Fact,
    FactKind::{self, BuildCommand, TestCommand},
};

/// A file of the root and what it stands for; of rows with the same group only the first that is there counts.
const TOOLS: &[(&str, &str, FactKind, &str)] = &[
    ("Cargo.toml", "cargo", BuildCommand, "cargo build"),
    ("Cargo.toml", "cargo", TestCommand, "cargo test"),
    ("go.mod", "go", BuildCommand, "go build ./..."),
    ("go.mod", "go", TestCommand, "go test ./..."),
    ("mvnw", "maven", BuildCommand, "./mvnw package"),
    ("mvnw", "maven", TestCommand, "./mvnw test"),
    ("pom.xml", "maven", BuildCommand, "mvn package"),
    ("pom.xml", "maven", TestCommand, "mvn test"),
    ("gradlew", "gradle", BuildCommand, "./gradlew build"),
    ("gradlew", "gradle", TestCommand, "./gradlew test"),
    ("build.gradle", "gradle", BuildCommand, "gradle build"),
    ("build.gradle", "gradle", TestCommand, "gradle test"),
    ("build.gradle.kts", "gradle", BuildCommand, "gradle build"),
    ("build.gradle.kts", "gradle", TestCommand, "gradle test"),
    (".rspec", "ruby", TestCommand, "bundle exec rspec"),
    ("bin/rails", "ruby", TestCommand, "bin/rails test"),
    ("artisan", "php", TestCommand, "php artisan test"),
    ("phpunit.xml", "php", TestCommand, "vendor/bin/phpunit"),
    ("phpunit.xml.dist", "php", TestCommand, "vendor/bin/phpunit"),
    ("mix.exs", "mix", TestCommand, "mix test"),
    ("Package.swift", "swift", TestCommand, "swift test"),
];

/// The commands that the root's files stand for.
pub fn facts(is_there: impl Fn(&str) -> bool) -> Vec<Fact> {
    let mut taken: Vec<(&str, FactKind)> = Vec::new();
    let mut found = Vec::new();
    for (file, tool, kind, command) in TOOLS {
        if !taken.contains(&(*tool, *kind)) && is_there(file) {
            taken.push((*tool, *kind));
            found.push(fact(*kind, *command, *command, file, 1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapper_goes_before_the_tool_that_it_wraps() {
        let check = |files: &[&str], expected: &[&str]| {
            let found: Vec<String> = facts(|path| files.contains(&path)).into_iter().map(|f| f.value).collect();
            assert_eq!(found, expected, "{files:?}");
        };
        check(&["pom.xml", "mvnw"], &["./mvnw package", "./mvnw test"]);
        check(&["pom.xml"], &["mvn package", "mvn test"]);
        check(&["build.gradle.kts", "go.mod"], &["go build ./...", "go test ./...", "gradle build", "gradle test"]);
        check(&["src/pom.xml"], &[]);
    }
}
