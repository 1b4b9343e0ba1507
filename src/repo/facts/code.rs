//! Facts in program text: routes, environment keys and feature flags, by patterns for each framework.
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
    // axum, actix, rocket
    (
        Route,
        &["rust"],
        ".route(",
        r#"\.route\(\s*"(/[^"]*)"\s*,\s*(?:\w+::)*(get|post|put|patch|delete|any)\b"#,
        "$2 $1",
    ),
    (Route, &["rust"], "#[", r#"^\s*#\[(get|post|put|patch|delete)\(\s*"(/[^"]*)""#, "$1 $2"),
    // Express, Fastify, Koa, Hono
    (
        Route,
        WEB,
        "(",
        r#"\b(?:app|router|server|fastify|api|routes?)\.(get|post|put|patch|delete|all)\(\s*["'`](/[^"'`]*)["'`]"#,
        "$1 $2",
    ),
    // NestJS
    (Route, WEB, "@", r#"^\s*@(Get|Post|Put|Patch|Delete)\(\s*(?:["'`]([^"'`]*)["'`])?\s*\)"#, "$1 $2"),
    (Route, WEB, "@Controller", r#"^\s*@Controller\(\s*["'`]([^"'`]*)["'`]"#, "controller $1"),
    // Flask, FastAPI
    (
        Route,
        &["python"],
        "@",
        r#"^\s*@\w+(?:\.\w+)*\.(get|post|put|patch|delete|route|websocket)\(\s*["'](/[^"']*)["']"#,
        "$1 $2",
    ),
    // Django
    (Route, &["python"], "path(", r#"^\s*(?:re_)?path\(\s*r?["']([^"']*)["']\s*,"#, "path $1"),
    // Rails
    (Route, &["ruby"], " ", r#"^\s*(get|post|put|patch|delete)\s+["'](/?[\w/:()\.*-]+)["']"#, "$1 $2"),
    (Route, &["ruby"], "resource", r#"^\s*resources?\s+:(\w+)"#, "resources $1"),
    // Spring
    (
        Route,
        JVM,
        "Mapping",
        r#"@(Get|Post|Put|Patch|Delete|Request)Mapping\(\s*(?:value\s*=\s*|path\s*=\s*)?\{?\s*"([^"]*)""#,
        "$1 $2",
    ),
    // ASP.NET
    (Route, &["c#"], "[Http", r#"\[Http(Get|Post|Put|Patch|Delete)(?:\(\s*"([^"]*)")?"#, "$1 $2"),
    (Route, &["c#"], ".Map", r#"\.Map(Get|Post|Put|Patch|Delete)\(\s*"([^"]*)""#, "$1 $2"),
    // Gin, Echo, chi, net/http
    (Route, &["go"], "(\"", r#"\.(GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete)\(\s*"(/[^"]*)""#, "$1 $2"),
    (Route, &["go"], "Handle", r#"\.?Handle(?:Func)?\(\s*"((?:[A-Z]+ )?/[^"]*)""#, "handle $1"),
    // Laravel
    (Route, &["php"], "Route::", r#"Route::(get|post|put|patch|delete|any)\(\s*["']([^"']*)["']"#, "$1 $2"),
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
    let has_router = WEB.contains(&language) && (text.contains("Router(") || text.contains("Hono("));
    if patterns.is_empty() && !has_router {
        return found;
    }
    let prefix = prefix(language, text);
    let routers = routers(language, text);
    for (line, number) in text.lines().zip(1_u32..).filter(|(line, _)| line.len() <= MAX_LINE) {
        found.extend(of_router(&routers, line).map(|name| fact(Route, name, "", path, number)));
        for pattern in patterns.iter().filter(|pattern| line.contains(pattern.hint)) {
            if let Some(groups) = pattern.regex.captures(line) {
                let mut name = String::new();
                groups.expand(pattern.name, &mut name);
                if let (Route, Some((method, rest))) = (pattern.kind, name.split_once(' ')) {
                    name = format!("{method} {prefix}{rest}");
                }
                found.push(fact(pattern.kind, route_name(pattern.kind, name.trim()), "", path, number));
            }
        }
        if found.len() >= MAX_FACTS {
            break;
        }
    }
    if language.starts_with("typescript") || language == "tsx" || language == "javascript" {
        found.extend(next_route(path, text));
    }
    found
}

/// What a Python router puts before its routes: `APIRouter(prefix="/carts")`, `Blueprint(…, url_prefix="/carts")`.
fn prefix(language: &str, text: &str) -> String {
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?:APIRouter|Blueprint)\([^)\n]*prefix\s*=\s*["'](/[^"']*)["']"#).expect("a constant pattern")
    });
    let found = (language == "python").then(|| PREFIX.captures(text)).flatten();
    found.map(|groups| groups[1].trim_end_matches('/').to_owned()).unwrap_or_default()
}

/// Names of routers that a file of JavaScript or TypeScript makes, beside those that the patterns know.
fn routers(language: &str, text: &str) -> Vec<String> {
    static ROUTER: LazyLock<Regex> = LazyLock::new(|| {
        let made = r"(?m)^\s*(?:export\s+)?(?:const|let|var)\s+(\w+)\s*(?::[^=\n]+)?=\s*(?:new\s+)?(?:\w+\.)?(?:Router|Hono|KoaRouter)\(";
        Regex::new(made).expect("a constant pattern")
    });
    if !WEB.contains(&language) || !(text.contains("Router(") || text.contains("Hono(")) {
        return Vec::new();
    }
    let known = ["app", "router", "server", "fastify", "api", "route", "routes"];
    let names = ROUTER.captures_iter(text).map(|groups| groups[1].to_owned());
    names.filter(|name| !known.contains(&name.as_str())).take(8).collect()
}

/// A route that the line declares on one of these routers.
fn of_router(routers: &[String], line: &str) -> Option<String> {
    let line = line.trim_start();
    let rest = routers.iter().find_map(|name| line.strip_prefix(name.as_str())?.strip_prefix('.'))?;
    let (method, rest) = rest.split_once('(')?;
    let quote = rest.trim_start().chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let path = rest.trim_start()[1..].split(quote).next()?;
    let is_method = ["get", "post", "put", "patch", "delete", "all"].contains(&method);
    (is_method && path.starts_with('/')).then(|| format!("{} {path}", method.to_uppercase()))
}

/// `get /x` becomes `GET /x`.
fn route_name(kind: FactKind, name: &str) -> String {
    match name.split_once(' ') {
        Some((method, rest)) if kind == Route && !["controller", "path", "resources", "handle"].contains(&method) => {
            format!("{} {}", method.to_uppercase(), rest)
        }
        _ => name.to_owned(),
    }
}

/// Routes of Next.js by folder: `app/a/route.ts`, `pages/api/a.ts`.
fn next_route(path: &str, text: &str) -> Option<Fact> {
    let path_of = |marker: &str| {
        let at = if path.starts_with(marker) { 0 } else { path.find(&format!("/{marker}"))? + 1 };
        Some(&path[at + marker.len()..])
    };
    let stem = |path: &str| path.rsplit_once('.').map_or(path.to_owned(), |(stem, _)| stem.to_owned());
    let route = match path_of("pages/api/") {
        Some(rest) => format!("/api/{}", stem(rest).trim_end_matches("index").trim_end_matches('/')),
        None => {
            let rest = stem(path_of("app/")?);
            let folder = rest.strip_suffix("/route").or_else(|| rest.strip_suffix("/page"))?;
            format!("/{folder}")
        }
    };
    text.contains("export").then(|| fact(Route, route, "", path, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, line: &str, kind: FactKind, name: &str) {
        let found = facts("src/x", language, line);
        assert_eq!(found.iter().map(|f| (f.kind, f.name.as_str())).collect::<Vec<_>>(), [(kind, name)], "{line}");
    }

    #[test]
    fn routes_of_many_frameworks() {
        check("rust", ".route(\"/carts/{id}\", get(show))", Route, "GET /carts/{id}");
        check("rust", "#[post(\"/carts\")]", Route, "POST /carts");
        check("typescript", "router.delete('/carts/:id', remove);", Route, "DELETE /carts/:id");
        check("typescript", "  @Get(':id')", Route, "GET :id");
        check("python", "@app.get(\"/carts\")", Route, "GET /carts");
        check("python", "    path('carts/', views.list),", Route, "path carts/");
        check("ruby", "  get '/carts', to: 'carts#index'", Route, "GET /carts");
        check("java", "@GetMapping(\"/carts\")", Route, "GET /carts");
        check("c#", "[HttpPost(\"carts\")]", Route, "POST carts");
        check("c#", "app.MapGet(\"/carts\", List);", Route, "GET /carts");
        check("go", "r.GET(\"/carts\", list)", Route, "GET /carts");
        check("go", "mux.HandleFunc(\"GET /carts\", list)", Route, "handle GET /carts");
        check("php", "Route::get('/carts', [C::class, 'list']);", Route, "GET /carts");
    }

    #[test]
    fn routers_have_names_and_prefixes() {
        let names =
            |language: &str, text: &str| facts("src/x", language, text).into_iter().map(|f| f.name).collect::<Vec<_>>();
        let express = "export const carts = Router();\ncarts.get(\"/:id\", show);\ncache.get(\"/x\", y);\n";
        assert_eq!(names("typescript", express), ["GET /:id"]);
        let python = "router = APIRouter(prefix=\"/carts\", tags=[])\n\n@router.post(\"/{id}/lines\")\n";
        assert_eq!(names("python", python), ["POST /carts/{id}/lines"]);
    }

    #[test]
    fn environment_keys_and_flags() {
        check("rust", "let x = std::env::var(\"DATABASE_URL\")?;", EnvironmentKey, "DATABASE_URL");
        check("javascript", "const p = process.env.PORT || 1;", EnvironmentKey, "PORT");
        check("python", "os.environ.get('API_KEY')", EnvironmentKey, "API_KEY");
        check("go", "os.Getenv(\"HOME_DIR\")", EnvironmentKey, "HOME_DIR");
        check("ruby", "ENV.fetch('SECRET_KEY')", EnvironmentKey, "SECRET_KEY");
        check("ruby", "if Flipper.enabled?(:new_cart)", FeatureFlag, "new_cart");
    }

    #[test]
    fn routes_by_folder() {
        assert_eq!(next_route("app/carts/route.ts", "export async function GET").unwrap().name, "/carts");
        assert_eq!(next_route("src/pages/api/carts/index.ts", "export default x").unwrap().name, "/api/carts");
    }
}
