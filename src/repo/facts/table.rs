//! What well-known packages are for. Adding one is a line.

use crate::model::context::FactKind::{self, *};

/// Packages by kind, as their registries name them; a `*` at the end stands for any rest.
const PACKAGES: &[(FactKind, &[&str])] = &[
    (
        Framework,
        &[
            "axum",
            "actix-web",
            "rocket",
            "warp",
            "poem",
            "tide",
            "leptos",
            "yew",
            "tauri",
            "bevy",
            "express",
            "fastify",
            "@nestjs/core",
            "koa",
            "@hapi/hapi",
            "hono",
            "next",
            "nuxt",
            "react",
            "react-native",
            "vue",
            "svelte",
            "@sveltejs/kit",
            "@angular/core",
            "solid-js",
            "astro",
            "@remix-run/*",
            "electron",
            "django",
            "flask",
            "fastapi",
            "starlette",
            "tornado",
            "aiohttp",
            "sanic",
            "pyramid",
            "bottle",
            "rails",
            "sinatra",
            "hanami",
            "grape",
            "laravel/framework",
            "symfony/*",
            "slim/slim",
            "cakephp/cakephp",
            "github.com/gin-gonic/gin",
            "github.com/labstack/echo*",
            "github.com/gofiber/fiber*",
            "github.com/go-chi/chi*",
            "github.com/gorilla/mux",
            "spring-boot*",
            "org.springframework.boot*",
            "io.quarkus*",
            "io.micronaut*",
            "io.ktor*",
            "Microsoft.AspNetCore*",
        ],
    ),
    (
        TestFramework,
        &[
            "jest",
            "vitest",
            "mocha",
            "jasmine*",
            "karma",
            "ava",
            "tap",
            "cypress",
            "playwright",
            "@playwright/test",
            "@testing-library/*",
            "supertest",
            "pytest",
            "nose",
            "tox",
            "hypothesis",
            "rspec*",
            "minitest",
            "capybara",
            "phpunit/phpunit",
            "pestphp/pest",
            "github.com/stretchr/testify",
            "github.com/onsi/ginkgo*",
            "junit*",
            "org.junit*",
            "mockito*",
            "org.mockito*",
            "testng",
            "org.testng",
            "kotest*",
            "xunit*",
            "nunit*",
            "MSTest*",
            "rstest",
            "proptest",
            "insta",
            "criterion",
            "quickcheck",
            "wiremock",
            "mockall",
        ],
    ),
    (
        Schema,
        &[
            "sqlx",
            "diesel",
            "sea-orm",
            "prisma",
            "@prisma/client",
            "typeorm",
            "knex",
            "sequelize",
            "drizzle-orm",
            "mongoose",
            "sqlalchemy",
            "alembic",
            "peewee",
            "tortoise-orm",
            "activerecord",
            "gorm.io/gorm",
            "entgo.io/ent",
            "github.com/pressly/goose*",
            "github.com/golang-migrate/migrate*",
            "org.flywaydb*",
            "flyway*",
            "org.liquibase*",
            "liquibase*",
            "hibernate*",
            "org.hibernate*",
            "Microsoft.EntityFrameworkCore*",
            "Dapper",
            "doctrine/orm",
        ],
    ),
    (
        Queue,
        &[
            "celery",
            "rq",
            "dramatiq",
            "huey",
            "sidekiq",
            "resque",
            "delayed_job",
            "good_job",
            "bull",
            "bullmq",
            "bee-queue",
            "agenda",
            "amqplib",
            "kafkajs",
            "rdkafka",
            "lapin",
            "apalis",
            "github.com/hibiken/asynq",
            "github.com/riverqueue/river",
            "github.com/segmentio/kafka-go",
            "Hangfire*",
            "MassTransit*",
            "spring-kafka",
        ],
    ),
    (
        Observability,
        &[
            "tracing",
            "tracing-subscriber",
            "log",
            "metrics",
            "prometheus",
            "opentelemetry*",
            "@opentelemetry/*",
            "sentry*",
            "@sentry/*",
            "pino",
            "winston",
            "prom-client",
            "dd-trace",
            "ddtrace",
            "newrelic",
            "structlog",
            "loguru",
            "prometheus-client",
            "prometheus_client",
            "go.uber.org/zap",
            "github.com/sirupsen/logrus",
            "go.opentelemetry.io/*",
            "github.com/prometheus/client_golang",
            "io.micrometer*",
            "micrometer*",
            "Serilog*",
            "lograge",
        ],
    ),
    (
        Auth,
        &[
            "passport*",
            "jsonwebtoken",
            "next-auth",
            "@auth/*",
            "express-session",
            "bcrypt",
            "argon2",
            "devise",
            "omniauth*",
            "pundit",
            "cancancan",
            "authlib",
            "pyjwt",
            "PyJWT",
            "django-allauth",
            "djangorestframework-simplejwt",
            "spring-boot-starter-security",
            "spring-security*",
            "github.com/golang-jwt/jwt*",
            "casbin*",
            "oauth2",
            "openidconnect",
            "Microsoft.AspNetCore.Authentication*",
            "Microsoft.Identity*",
            "laravel/sanctum",
            "laravel/passport",
        ],
    ),
    (
        FeatureFlag,
        &[
            "unleash*",
            "launchdarkly*",
            "@launchdarkly/*",
            "flipper*",
            "flagsmith*",
            "@openfeature/*",
            "openfeature*",
            "growthbook*",
            "@growthbook/*",
            "django-waffle",
            "Microsoft.FeatureManagement*",
            "posthog*",
        ],
    ),
];

/// What a package is for, when it is well known.
pub fn purpose(package: &str) -> Option<FactKind> {
    let is = |entry: &&str| match entry.strip_suffix('*') {
        Some(start) => package.starts_with(start),
        None => package.eq_ignore_ascii_case(entry),
    };
    PACKAGES.iter().find(|(_, names)| names.iter().any(is)).map(|(kind, _)| *kind)
}

/// Words of a command line that say what it does; the first row that matches wins.
const COMMANDS: &[(FactKind, &[&str])] = &[
    (
        FormatCommand,
        &[
            "cargo fmt",
            "rustfmt",
            "prettier",
            "gofmt",
            "goimports",
            "black",
            "ruff format",
            "isort",
            "dotnet format",
            "clang-format",
            "rubocop -a",
            "ktlint -f",
            "spotlessApply",
            "fmt",
            "format",
        ],
    ),
    (
        LintCommand,
        &[
            "clippy",
            "eslint",
            "golangci-lint",
            "go vet",
            "ruff",
            "flake8",
            "pylint",
            "mypy",
            "pyright",
            "rubocop",
            "tsc --noEmit",
            "ktlint",
            "detekt",
            "checkstyle",
            "phpstan",
            "psalm",
            "phpcs",
            "stylelint",
            "shellcheck",
            "hadolint",
            "lint",
            "typecheck",
            "type-check",
            "pre-commit run",
            "clang-tidy",
            "cargo deny",
            "cargo check",
            "biome",
        ],
    ),
    (
        TestCommand,
        &[
            "cargo test",
            "cargo nextest",
            "npm test",
            "npm run test",
            "yarn test",
            "pnpm test",
            "pnpm run test",
            "go test",
            "pytest",
            "python -m unittest",
            "tox",
            "nox",
            "rspec",
            "rake test",
            "rails test",
            "bundle exec rake spec",
            "mvn test",
            "mvn verify",
            "./mvnw test",
            "./mvnw verify",
            "gradle test",
            "./gradlew test",
            "./gradlew check",
            "dotnet test",
            "phpunit",
            "pest",
            "artisan test",
            "jest",
            "vitest",
            "mocha",
            "ctest",
            "make test",
            "make check",
            "bazel test",
            "playwright test",
            "cypress run",
            "deno test",
            "bun test",
            "zig build test",
            "test",
            "unit",
        ],
    ),
    (
        BuildCommand,
        &[
            "cargo build",
            "npm run build",
            "yarn build",
            "pnpm build",
            "pnpm run build",
            "go build",
            "python -m build",
            "mvn package",
            "mvn install",
            "mvn compile",
            "./mvnw package",
            "./mvnw install",
            "gradle build",
            "./gradlew build",
            "./gradlew assemble",
            "dotnet build",
            "dotnet publish",
            "cmake --build",
            "cmake",
            "make build",
            "make all",
            "docker build",
            "tsc",
            "webpack",
            "vite build",
            "next build",
            "bazel build",
            "composer install",
            "msbuild",
            "build",
        ],
    ),
    (
        RunCommand,
        &[
            "cargo run",
            "npm start",
            "npm run dev",
            "npm run start",
            "yarn start",
            "yarn dev",
            "pnpm dev",
            "go run",
            "uvicorn",
            "gunicorn",
            "flask run",
            "manage.py runserver",
            "rails server",
            "dotnet run",
            "docker compose up",
            "node",
            "next dev",
            "vite",
            "serve",
            "start",
            "dev",
            "run",
        ],
    ),
];

/// First words of command lines that prepare, fetch or tell, whatever stands behind them.
const PREPARING: &[&str] = &[
    "adb", "apk", "apt", "apt-get", "brew", "cat", "choco", "chmod", "cp", "curl", "dnf", "echo", "gh", "git", "ls",
    "mv", "pip", "pip3", "pipx", "print", "printf", "rsync", "rustup", "scp", "sed", "sleep", "tar", "unzip", "wget",
    "yum",
];
/// How far from the start of a command line a word alone can still tell what the line does: beyond are arguments.
const TELLING: usize = 4;

/// What a command line, or a script's name, does.
pub fn command_kind(command: &str) -> FactKind {
    let words: Vec<&str> =
        command.split(|c: char| c.is_whitespace() || ":;&|()".contains(c)).filter(|w| !w.is_empty()).take(40).collect();
    let set = words.iter().take_while(|word| sets_value(word)).count();
    let words = &words[set..];
    let plain: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('-')).collect();
    if words.first().is_some_and(|first| PREPARING.contains(first)) {
        return OtherCommand;
    }
    let holds = |entry: &str| {
        let wanted: Vec<&str> = entry.split(' ').collect();
        let within = if wanted.len() == 1 { words.len().min(TELLING) } else { words.len() };
        words[..within].windows(wanted.len()).any(|window| window == wanted)
            || wanted.len() > 1 && plain.windows(wanted.len()).any(|window| window == wanted)
    };
    let found = COMMANDS.iter().find(|(_, entries)| entries.iter().any(|entry| holds(entry))).map(|(kind, _)| *kind);
    match of_environments(words).or(found).or_else(|| of_script(words)).unwrap_or(OtherCommand) {
        // The life cycle runs as ever, all but the tests.
        TestCommand if words.contains(&"--notest") => OtherCommand,
        TestCommand if words.iter().any(|word| skips_tests(word)) => BuildCommand,
        kind => kind,
    }
}

/// `V=1` before a command.
fn sets_value(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// What tox and nox run, by the names of the environments that are chosen: `-e lint,docs` runs no tests.
fn of_environments(words: &[&str]) -> Option<FactKind> {
    words.iter().take(TELLING).find(|word| ["tox", "nox"].contains(*word))?;
    let at = words.iter().position(|word| ["-e", "-s", "--session"].contains(word))?;
    let names = words.get(at + 1)?.trim_matches(['"', '\'']);
    let any = |words: &[&str]| names.split([',', '-', '_']).any(|name| words.iter().any(|word| name.starts_with(word)));
    Some(match () {
        () if any(&["py", "test", "unit", "cover", "integration"]) => TestCommand,
        () if any(&["lint", "style", "type", "typing", "mypy", "flake", "pep8", "format"]) => LintCommand,
        () if names.contains("pre-commit") => LintCommand,
        () => OtherCommand,
    })
}

/// What a script of the repository does, by its name: `./runtest --verbose`, `ci/build.sh`. `make` alone builds.
fn of_script(words: &[&str]) -> Option<FactKind> {
    let (first, rest) = words.split_first()?;
    if *first == "make" && rest.iter().all(|word| word.starts_with('-') || word.contains('=')) {
        return Some(BuildCommand);
    }
    const PLAIN: &[&str] = &["all", "bash", "bat", "cmd", "ci", "ps1", "py", "rb", "run", "sh", "unit"];
    let name = first.rsplit_once('/').map(|(_, name)| name)?;
    let parts: Vec<&str> = name.split(['.', '-', '_']).collect();
    // A name that says more is that of a tool for something else: `trigger_wheel_build.sh`.
    let is = |kind: &[&str]| {
        parts.iter().any(|p| kind.contains(p)) && parts.iter().all(|p| kind.contains(p) || PLAIN.contains(p))
    };
    Some(match () {
        () if parts[0] == "runtest" || parts[0] == "runtests" || is(&["test", "tests"]) => TestCommand,
        () if is(&["build"]) && !rest.iter().any(|word| word.trim_start_matches('-') == "restore") => BuildCommand,
        () if is(&["lint"]) => LintCommand,
        () => return None,
    })
}

/// `-DskipTests`, `-Dmaven.test.skip=true`, `--no-run`.
fn skips_tests(option: &str) -> bool {
    let skips = ["-DskipTests", "-DskipITs", "-Dmaven.test.skip"].iter().any(|o| option.starts_with(o));
    const LISTS: &[&str] = &["--no-run", "--collect-only", "--list-tests", "--listTests"];
    LISTS.contains(&option) || skips && !option.ends_with("=false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_commands_are_recognised() {
        for (package, kind) in [
            ("axum", Some(Framework)),
            ("github.com/labstack/echo/v4", Some(Framework)),
            ("Flask", Some(Framework)),
            ("xunit.runner.visualstudio", Some(TestFramework)),
            ("left-pad", None),
        ] {
            assert_eq!(purpose(package), kind, "{package}");
        }
        for (command, kind) in [
            ("cargo fmt --check", FormatCommand),
            ("cargo clippy --all-targets -- -D warnings", LintCommand),
            ("cargo test --workspace", TestCommand),
            ("npm run build", BuildCommand),
            ("go test ./...", TestCommand),
            ("docker compose up -d", RunCommand),
            ("echo done", OtherCommand),
            ("print $'(ansi g)Latest nightly build is up-to-date, skip rebuilding.(ansi reset)'", OtherCommand),
            ("rustup component add clippy", OtherCommand),
            ("pip install build", OtherCommand),
            ("node scripts/report.js the results of the last test", RunCommand),
            ("make -C native test", TestCommand),
            ("./mvnw verify -B -DskipTests=true", BuildCommand),
            ("cargo test --no-run", BuildCommand),
            ("OPT=-DCI V=1 make -j4 check", TestCommand),
            ("make CFLAGS=-Werror", BuildCommand),
            ("./runtest --accurate --verbose", TestCommand),
            ("scripts/run_tests.sh", TestCommand),
            ("./misc/trigger_wheel_build.sh", OtherCommand),
            ("misc/test-stubgenc.sh", OtherCommand),
            ("./build.sh --restore", OtherCommand),
            ("nox -s prepare-release -- 99.9", OtherCommand),
            ("tox -e py312,lint", TestCommand),
            ("python -m tox -e \"lint,docs\"", LintCommand),
            ("tox -e vendoring", OtherCommand),
            ("./configure --prefix=/usr", OtherCommand),
        ] {
            assert_eq!(command_kind(command), kind, "{command}");
        }
    }
}
