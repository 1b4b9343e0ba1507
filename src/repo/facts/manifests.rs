//! Package manifests: dependencies with versions, scripts, and what well-known packages tell.

use super::{fact, scripts, table::purpose};
use crate::model::context::{Fact, FactKind};

/// The most dependencies read of one manifest.
const MAX_DEPENDENCIES: usize = 150;

/// A dependency as written.
struct Dependency {
    name: String,
    version: Option<String>,
    line: u32,
}

/// Is it a manifest?
pub fn reads(path: &str) -> bool {
    kind_of(path).is_some()
}

/// The reader of a manifest, by its name.
fn kind_of(path: &str) -> Option<fn(&str) -> Vec<Dependency>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "package.json" | "composer.json" => Some(json),
        "Cargo.toml" | "pyproject.toml" | "Pipfile" => Some(toml_like),
        "go.mod" => Some(go_mod),
        "Gemfile" => Some(gemfile),
        "pom.xml" => Some(pom),
        "build.gradle" | "build.gradle.kts" => Some(gradle),
        _ if name.starts_with("requirements") && name.ends_with(".txt") => Some(requirements),
        _ if name.ends_with(".csproj") || name == "Directory.Packages.props" => Some(csproj),
        _ => None,
    }
}

/// Facts of a manifest.
pub fn facts(path: &str, text: &str) -> Vec<Fact> {
    let Some(read) = kind_of(path) else { return Vec::new() };
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut found = vec![fact(FactKind::Manifest, name, "", path, 1)];
    for dependency in read(text).into_iter().take(MAX_DEPENDENCIES) {
        let known = purpose(&dependency.name);
        for kind in [Some(FactKind::Dependency), known].into_iter().flatten() {
            let mut said = fact(kind, dependency.name.clone(), "", path, dependency.line);
            said.version = dependency.version.clone();
            found.push(said);
        }
    }
    if name == "package.json" {
        found.extend(scripts::facts(path, text));
    }
    found
}

/// The first line that holds a text, from 1.
pub(super) fn line_of(text: &str, wanted: &str) -> u32 {
    text.lines().zip(1..).find(|(line, _)| line.contains(wanted)).map_or(1, |(_, number)| number)
}

/// `dependencies` and their like in package.json and composer.json.
fn json(text: &str) -> Vec<Dependency> {
    let Ok(root) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let sections = ["dependencies", "devDependencies", "peerDependencies", "require", "require-dev"];
    let entries = sections.iter().filter_map(|section| root.get(section)?.as_object()).flatten();
    let read = |(name, version): (&String, &serde_json::Value)| Dependency {
        line: line_of(text, &format!("\"{name}\"")),
        version: version.as_str().map(str::to_owned),
        name: name.clone(),
    };
    entries.take(MAX_DEPENDENCIES).map(read).collect()
}

/// `name = "1"` and `name = { version = "1" }` below a section of dependencies; arrays of `name>=1` in pyproject.
fn toml_like(text: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let (mut section, mut in_list) = (String::new(), false);
    for (line, number) in text.lines().zip(1_u32..) {
        let words = line.trim();
        if let Some(head) = words.strip_prefix('[').filter(|_| !in_list) {
            section = head.trim_matches(['[', ']']).to_owned();
            continue;
        }
        let of_packages = section.ends_with("dependencies") || section == "packages" || section == "dev-packages";
        let is_group = section.ends_with("optional-dependencies") || section == "dependency-groups";
        let is_list = words.contains('[') && words.contains('=');
        if is_list && (section.starts_with("project") && words.starts_with("dependencies") || is_group) {
            // One line may hold the whole list; an extra (`name[extra]`) has brackets of its own.
            in_list = words.matches('[').count() > words.matches(']').count();
            let quoted = words.split_once('[').map_or("", |(_, list)| list).split(['"', '\'']).skip(1).step_by(2);
            found.extend(quoted.filter_map(|one| requirement(one, number)));
        } else if in_list {
            in_list = !words.starts_with(']');
            found.extend(requirement(words.trim_matches(['"', '\'', ',']), number));
        } else if of_packages && let Some((name, value)) = words.split_once('=') {
            let name = name.trim().split('.').next().unwrap_or_default().trim_matches('"');
            let version =
                value.split('"').nth(1).filter(|v| v.starts_with(|c: char| c.is_ascii_digit() || "^~=<>*".contains(c)));
            if !name.is_empty() && name != "python" && !name.starts_with('#') {
                found.push(Dependency { name: name.to_owned(), version: version.map(str::to_owned), line: number });
            }
        } else if let Some(name) = section.strip_prefix("dependencies.").filter(|_| words.starts_with("version")) {
            let version = words.split('"').nth(1).map(str::to_owned);
            found.push(Dependency { name: name.to_owned(), version, line: number });
        }
    }
    found
}

/// `name[extra]>=1.2 ; marker`.
fn requirement(words: &str, line: u32) -> Option<Dependency> {
    let words = words.split([';', '#']).next()?.trim();
    let end = words.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).unwrap_or(words.len());
    let (name, rest) = words.split_at(end);
    let version = rest.rsplit(']').next().unwrap_or(rest).trim();
    let version = (!version.is_empty()).then(|| version.trim_start_matches("==").to_owned());
    name.starts_with(|c: char| c.is_alphanumeric()).then(|| Dependency { name: name.to_owned(), version, line })
}

fn requirements(text: &str) -> Vec<Dependency> {
    text.lines()
        .zip(1..)
        .filter(|(line, _)| !line.starts_with('-'))
        .filter_map(|(line, n)| requirement(line.trim(), n))
        .collect()
}

/// `require path v1.2.3`, alone or in a block.
fn go_mod(text: &str) -> Vec<Dependency> {
    let read = |(line, number): (&str, u32)| {
        let words = line.trim().trim_start_matches("require ").split("//").next()?.trim();
        let (name, version) = words.split_once(' ')?;
        (name.contains('.') && version.starts_with('v')).then(|| Dependency {
            name: name.to_owned(),
            version: Some(version.trim().to_owned()),
            line: number,
        })
    };
    text.lines().zip(1..).filter_map(read).collect()
}

/// `gem "name", "~> 1"`.
fn gemfile(text: &str) -> Vec<Dependency> {
    let read = |(line, number): (&str, u32)| {
        let mut quoted = line.trim().strip_prefix("gem ")?.split(['"', '\'']).skip(1).step_by(2);
        let name = quoted.next()?.to_owned();
        let version = quoted.next().filter(|v| v.contains(|c: char| c.is_ascii_digit())).map(str::to_owned);
        Some(Dependency { name, version, line: number })
    };
    text.lines().zip(1..).filter_map(read).collect()
}

/// The text between two tags of a line.
fn between<'a>(line: &'a str, open: &str, close: &str) -> Option<&'a str> {
    Some(line.split_once(open)?.1.split_once(close)?.0)
}

/// `<artifactId>` inside `<dependency>`, with the `<version>` that follows.
fn pom(text: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut inside = false;
    for (line, number) in text.lines().zip(1_u32..) {
        inside =
            (inside || line.contains("<dependency>") || line.contains("<parent>")) && !line.contains("</dependency>");
        if let Some(name) = between(line, "<artifactId>", "</artifactId>").filter(|_| inside) {
            found.push(Dependency { name: name.to_owned(), version: None, line: number });
        } else if let Some(version) = between(line, "<version>", "</version>").filter(|_| inside)
            && let Some(last) = found.last_mut()
        {
            last.version.get_or_insert_with(|| version.to_owned());
        }
    }
    found
}

/// `implementation("group:name:1")`.
fn gradle(text: &str) -> Vec<Dependency> {
    let kinds = ["implementation", "api", "testImplementation", "compileOnly", "runtimeOnly", "kapt"];
    let read = |(line, number): (&str, u32)| {
        let words = line.trim();
        kinds.iter().find(|kind| words.starts_with(**kind))?;
        let mut parts = words.split(['"', '\'']).nth(1)?.split(':');
        let (group, name) = (parts.next()?, parts.next()?);
        let version = parts.next().map(str::to_owned);
        let name = if purpose(name).is_some() { name.to_owned() } else { format!("{group}:{name}") };
        Some(Dependency { name, version, line: number })
    };
    text.lines().zip(1..).filter_map(read).collect()
}

/// `<PackageReference Include="Name" Version="1" />`.
fn csproj(text: &str) -> Vec<Dependency> {
    let read = |(line, number): (&str, u32)| {
        let is_package = line.contains("<PackageReference") || line.contains("<PackageVersion");
        let name = between(line, "Include=\"", "\"").filter(|_| is_package)?;
        Some(Dependency {
            name: name.to_owned(),
            version: between(line, "Version=\"", "\"").map(str::to_owned),
            line: number,
        })
    };
    text.lines().zip(1..).filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[(&str, Option<&str>, u32)]) {
        let read = kind_of(path).expect("a manifest");
        let found: Vec<(String, Option<String>, u32)> =
            read(text).into_iter().map(|d| (d.name, d.version, d.line)).collect();
        let expected: Vec<(String, Option<String>, u32)> = expected
            .iter()
            .map(|(name, version, line)| ((*name).to_owned(), version.map(str::to_owned), *line))
            .collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn dependencies_of_every_manifest() {
        check(
            "Cargo.toml",
            "[package]\nname = \"x\"\n[dependencies]\naxum = { version = \"0.8\", features = [] }\nserde = \"1\"\nown = { path = \"../own\" }\n",
            &[("axum", Some("0.8"), 4), ("serde", Some("1"), 5), ("own", None, 6)],
        );
        check(
            "pyproject.toml",
            "[project]\nname = \"x\"\ndependencies = [\n  \"fastapi[all]>=0.100\",\n  \"httpx\",\n]\n",
            &[("fastapi", Some(">=0.100"), 4), ("httpx", None, 5)],
        );
        check(
            "pyproject.toml",
            "[dependency-groups]\ndev = [\"pytest==8.3.4\", \"httpx[http2]\"]\nlint = [\n  \"ruff==0.9\",\n]\n",
            &[("pytest", Some("8.3.4"), 2), ("httpx", None, 2), ("ruff", Some("0.9"), 4)],
        );
        check("package.json", "{\n \"dependencies\": {\n  \"express\": \"^4\"\n }\n}", &[("express", Some("^4"), 3)]);
        check(
            "go.mod",
            "module x\nrequire (\n\tgithub.com/gin-gonic/gin v1.9.0 // indirect\n)\n",
            &[("github.com/gin-gonic/gin", Some("v1.9.0"), 3)],
        );
        check("Gemfile", "source 'x'\ngem 'rails', '~> 7.1'\n", &[("rails", Some("~> 7.1"), 2)]);
        check("requirements.txt", "# x\nDjango==4.2\n-r other.txt\n", &[("Django", Some("4.2"), 2)]);
        check(
            "pom.xml",
            "<artifactId>own</artifactId>\n<dependency>\n<artifactId>junit</artifactId>\n<version>4</version>\n</dependency>\n",
            &[("junit", Some("4"), 3)],
        );
        check(
            "build.gradle.kts",
            "implementation(\"io.ktor:ktor-core:2.0\")\n",
            &[("io.ktor:ktor-core", Some("2.0"), 1)],
        );
        check("A.csproj", "<PackageReference Include=\"xunit\" Version=\"2.4\" />\n", &[("xunit", Some("2.4"), 1)]);
    }
}
