//! Facts that a file's place and name tell, and files that speak for themselves: owners, licences, guidelines.

use super::fact;
use crate::model::context::{
    Fact,
    FactKind::{self, *},
};

/// How a path is recognised.
enum Place {
    /// The file has this name, in lower case, anywhere.
    Name(&'static str),
    /// The file's name begins so, in lower case.
    Start(&'static str),
    /// The path ends so, in lower case.
    End(&'static str),
    /// The path lies below this folder of the root.
    Below(&'static str),
}

use Place::{Below, End, Name, Start};

/// What places tell. The first row that matches wins within its kind.
const PLACES: &[(FactKind, Place, &str)] = &[
    (Ci, Below(".github/workflows/"), "GitHub Actions"),
    (Ci, Name(".gitlab-ci.yml"), "GitLab CI"),
    (Ci, Name("azure-pipelines.yml"), "Azure Pipelines"),
    (Ci, Below(".circleci/"), "CircleCI"),
    (Ci, Name("jenkinsfile"), "Jenkins"),
    (Ci, Name(".travis.yml"), "Travis CI"),
    (Ci, Name("bitbucket-pipelines.yml"), "Bitbucket Pipelines"),
    (Ci, Name("appveyor.yml"), "AppVeyor"),
    (Ci, Below(".buildkite/"), "Buildkite"),
    (Container, Start("dockerfile"), "Docker image"),
    (Container, Name("containerfile"), "container image"),
    (Container, End(".dockerfile"), "Docker image"),
    (Container, Start("docker-compose"), "Docker Compose"),
    (Container, Name("compose.yaml"), "Docker Compose"),
    (Container, Name("compose.yml"), "Docker Compose"),
    (Deployment, Name("chart.yaml"), "Helm chart"),
    (Deployment, Name("kustomization.yaml"), "Kustomize"),
    (Deployment, Name("skaffold.yaml"), "Skaffold"),
    (Deployment, Name("serverless.yml"), "Serverless Framework"),
    (Deployment, Name("procfile"), "Procfile"),
    (Deployment, Name("fly.toml"), "Fly.io"),
    (Deployment, Name("vercel.json"), "Vercel"),
    (Deployment, Name("netlify.toml"), "Netlify"),
    (Deployment, Name("app.yaml"), "App Engine"),
    (Deployment, Name("cdk.json"), "AWS CDK"),
    (Deployment, End(".tf"), "Terraform"),
    (Deployment, End(".bicep"), "Bicep"),
    (Deployment, End(".service"), "systemd unit"),
    (Guideline, Name("agents.md"), "instructions for agents"),
    (Guideline, Name("claude.md"), "instructions for agents"),
    (Guideline, Name(".cursorrules"), "instructions for agents"),
    (Guideline, End(".github/copilot-instructions.md"), "instructions for agents"),
    (Guideline, Start("contributing."), "contributing guide"),
    (Guideline, Name("contributing"), "contributing guide"),
    (Guideline, Start("architecture."), "architecture"),
    (Guideline, Start("styleguide."), "style guide"),
    (Guideline, Start("security.md"), "security policy"),
    (Guideline, Name(".editorconfig"), "editor settings"),
    (Guideline, Name(".planwright.toml"), "Planwright settings"),
    (Schema, Name("schema.prisma"), "Prisma schema"),
    (Schema, End("db/schema.rb"), "Rails schema"),
    (Schema, End("db/structure.sql"), "Rails schema"),
    (Schema, Name("schema.sql"), "SQL schema"),
    (Schema, Name("diesel.toml"), "Diesel"),
    (Schema, Name("alembic.ini"), "Alembic"),
    (Schema, Name("ormconfig.json"), "TypeORM"),
    (Schema, Start("knexfile."), "Knex"),
    (Schema, End(".graphql"), "GraphQL schema"),
    (Schema, Start("openapi."), "OpenAPI"),
    (Schema, Start("swagger."), "OpenAPI"),
    (Schema, End(".proto"), "Protocol Buffers"),
    (PackageManager, Name("cargo.lock"), "cargo"),
    (PackageManager, Name("package-lock.json"), "npm"),
    (PackageManager, Name("yarn.lock"), "yarn"),
    (PackageManager, Name("pnpm-lock.yaml"), "pnpm"),
    (PackageManager, Name("bun.lock"), "bun"),
    (PackageManager, Name("bun.lockb"), "bun"),
    (PackageManager, Name("poetry.lock"), "poetry"),
    (PackageManager, Name("uv.lock"), "uv"),
    (PackageManager, Name("pipfile"), "pipenv"),
    (PackageManager, Name("requirements.txt"), "pip"),
    (PackageManager, Name("go.mod"), "go"),
    (PackageManager, Name("pom.xml"), "maven"),
    (PackageManager, Name("mvnw"), "maven"),
    (PackageManager, Name("build.gradle"), "gradle"),
    (PackageManager, Name("build.gradle.kts"), "gradle"),
    (PackageManager, Name("gemfile"), "bundler"),
    (PackageManager, Name("composer.json"), "composer"),
    (PackageManager, End(".csproj"), "nuget"),
    (PackageManager, Name("mix.exs"), "mix"),
    (PackageManager, Name("pubspec.yaml"), "pub"),
    (PackageManager, Name("package.swift"), "swift"),
    (PackageManager, Name("cmakelists.txt"), "cmake"),
    (PackageManager, Name("conanfile.txt"), "conan"),
    (PackageManager, Name("vcpkg.json"), "vcpkg"),
    (ConfigKey, Start(".env.example"), "example environment"),
    (ConfigKey, Start(".env.sample"), "example environment"),
    (TestFramework, Start("jest.config."), "jest"),
    (TestFramework, Start("vitest.config."), "vitest"),
    (TestFramework, Start("playwright.config."), "playwright"),
    (TestFramework, Start("cypress.config."), "cypress"),
    (TestFramework, Start("karma.conf"), "karma"),
    (TestFramework, Name("pytest.ini"), "pytest"),
    (TestFramework, Name("conftest.py"), "pytest"),
    (TestFramework, Name(".rspec"), "rspec"),
    (TestFramework, Start("phpunit.xml"), "phpunit"),
    (Observability, Start("prometheus."), "Prometheus"),
    (Observability, Start("otel-collector"), "OpenTelemetry"),
];

/// Facts of a path.
pub fn facts(path: &str) -> Vec<Fact> {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let holds = |place: &Place| match place {
        Name(wanted) => name == *wanted,
        Start(start) => name.starts_with(start),
        End(end) => lower.ends_with(end),
        Below(folder) => lower.starts_with(folder),
    };
    let mut found: Vec<Fact> = PLACES
        .iter()
        .filter(|(_, place, _)| holds(place))
        .map(|(kind, _, name)| fact(*kind, *name, "", path, 1))
        .collect();
    if is_decision(&format!("/{lower}")) {
        found.push(fact(Guideline, "decision record", "", path, 1));
    }
    found
}

/// Does a file's text tell something by itself?
pub fn is_told(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "CODEOWNERS" || is_licence(name) || name.starts_with(".env.")
}

/// Facts of such texts.
pub fn told(path: &str, text: &str) -> Vec<Fact> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "CODEOWNERS" {
        return owners(path, text);
    }
    if is_licence(name) {
        return licence(path, text).into_iter().collect();
    }
    if name.starts_with(".env.") {
        return environment(path, text);
    }
    Vec::new()
}

/// `docs/adr/0001-use-x.md`.
fn is_decision(slashed: &str) -> bool {
    slashed.ends_with(".md")
        && ["/adr/", "/adrs/", "/decisions/", "/rfcs/"].iter().any(|folder| slashed.contains(folder))
}

fn is_licence(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["LICENSE", "LICENCE", "COPYING"].iter().any(|start| upper.starts_with(start))
}

/// `pattern owner owner` lines
/// (<https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>).
fn owners(path: &str, text: &str) -> Vec<Fact> {
    let line = |(line, number): (&str, u32)| {
        let line = line.split(" #").next().unwrap_or(line).trim();
        let (pattern, owners) = line.split_once(char::is_whitespace)?;
        let said = !line.starts_with('#') && !line.starts_with('[') && !owners.trim().is_empty();
        said.then(|| fact(Owner, pattern, owners.trim(), path, number))
    };
    text.lines().zip(1..).filter_map(line).collect()
}

/// Sentences that only one licence has.
const LICENCES: &[(&str, &str)] = &[
    ("Apache License", "Apache-2.0"),
    ("GNU AFFERO GENERAL PUBLIC LICENSE", "AGPL-3.0"),
    ("GNU LESSER GENERAL PUBLIC LICENSE", "LGPL"),
    ("GNU GENERAL PUBLIC LICENSE", "GPL"),
    ("Mozilla Public License", "MPL-2.0"),
    ("Permission is hereby granted, free of charge", "MIT"),
    ("Redistribution and use in source and binary forms", "BSD"),
    ("Permission to use, copy, modify, and/or distribute this software", "ISC"),
    ("This is free and unencumbered software", "Unlicense"),
    ("Boost Software License", "BSL-1.0"),
];

fn licence(path: &str, text: &str) -> Option<Fact> {
    let (line, name) = text.lines().zip(1_u32..).take(120).find_map(|(line, number)| {
        let found = LICENCES.iter().find(|(sentence, _)| line.contains(sentence))?;
        Some((number, found.1))
    })?;
    Some(fact(Licence, name, "", path, line))
}

/// `KEY=value` lines of an example environment; values may be secrets and are left out.
fn environment(path: &str, text: &str) -> Vec<Fact> {
    let line = |(line, number): (&str, u32)| {
        let (key, _) = line.trim().trim_start_matches("export ").split_once('=')?;
        let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        is_key.then(|| fact(EnvironmentKey, key, "", path, number))
    };
    text.lines().zip(1..).filter_map(line).collect()
}
