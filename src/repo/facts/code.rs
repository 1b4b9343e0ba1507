//! Facts in program text: routes, environment keys and feature flags, by patterns for each framework.
//!
//! A pattern reads a line, with the few lines behind it where the line leaves a bracket open: its cost is the text's
//! length.

use std::{borrow::Cow, sync::LazyLock};

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
    (
        Route,
        &["rust"],
        ".route(",
        r#"\.route\(\s*"(/[^"]*)"\s*,.*\)\s*\.(get|post|put|patch|delete)\(\s*[a-z]"#,
        "$2 $1",
    ),
    (Route, &["rust"], ".nest(", r#"\.nest\(\s*"(/[^"]*)""#, "below $1"),
    (Route, &["rust"], "web::", r#"\bweb::(resource|scope)\(\s*"([^"]*)""#, "$1 $2"),
    (Route, &["rust"], "#[", r#"^\s*#\[(get|post|put|patch|delete)\(\s*"(/[^"]*)""#, "$1 $2"),
    // Express, Fastify, Koa, Hono
    (
        Route,
        WEB,
        "(",
        r#"\b(?:app|router|server|fastify|instance|api|routes?)\.(get|post|put|patch|delete|all)\(\s*["'`](/[^"'`]*)["'`]"#,
        "$1 $2",
    ),
    (Route, WEB, ".route(", r#"\.route\(\s*["'`](/[^"'`]*)["'`]\s*\)\s*\.(get|post|put|patch|delete|all)\("#, "$2 $1"),
    (
        Route,
        WEB,
        ".route(",
        r#"\.route\(\s*\{.*?\bmethod:\s*\[?\s*["'`](\w+)["'`].*?\b(?:url|path):\s*["'`](/[^"'`]*)["'`]"#,
        "$1 $2",
    ),
    (
        Route,
        WEB,
        ".route(",
        r#"\.route\(\s*\{.*?\b(?:url|path):\s*["'`](/[^"'`]*)["'`].*?\bmethod:\s*\[?\s*["'`](\w+)["'`]"#,
        "$2 $1",
    ),
    (Route, WEB, ".use(", r#"\b(?:app|router|server)\.use\(\s*["'`](/[^"'`]*)["'`]"#, "below $1"),
    // NestJS
    (Route, WEB, "@", r#"^\s*@(Get|Post|Put|Patch|Delete|All)\(\s*(?:["'`]([^"'`]*)["'`])?\s*\)"#, "$1 $2"),
    (Route, WEB, "@Controller", r#"^\s*@Controller\(\s*["'`]([^"'`]*)["'`]"#, "controller $1"),
    // Flask, FastAPI
    (
        Route,
        &["python"],
        "@",
        r#"^\s*@\w+(?:\.\w+)*\.(get|post|put|patch|delete|websocket)\(\s*["'](/[^"']*)["']"#,
        "$1 $2",
    ),
    (
        Route,
        &["python"],
        "methods",
        r#"^\s*@\w+(?:\.\w+)*\.route\(\s*["'](/[^"']*)["'].*\bmethods\s*=\s*[\[({]\s*["'](\w+)["']"#,
        "$2 $1",
    ),
    (Route, &["python"], ".route(", r#"^\s*@\w+(?:\.\w+)*\.route\(\s*["'](/[^"']*)["'](?:\s*,[^m]*)?\)"#, "GET $1"),
    (Route, &["python"], "add_url_rule(", r#"\.add_url_rule\(\s*["'](/[^"']*)["']"#, "rule $1"),
    (
        Route,
        &["python"],
        "prefix",
        r#"\b(?:APIRouter|Blueprint|include_router|register_blueprint)\(.*\b(?:url_)?prefix\s*=\s*["'](/[^"']*)["']"#,
        "below $1",
    ),
    // Django
    (Route, &["python"], "path(", r#"^\s*(?:re_)?path\(\s*r?["']([^"']*)["']\s*,"#, "path $1"),
    (Route, &["python"], "url(", r#"^\s*url\(\s*r?["']([^"']*)["']\s*,"#, "path $1"),
    // Rails
    (Route, &["ruby"], " ", r#"^\s*(get|post|put|patch|delete)\s+["'](/?[\w/:()\.*-]+)["']"#, "$1 $2"),
    (Route, &["ruby"], "resource", r#"^\s*resources?\s+:(\w+)"#, "resources $1"),
    (Route, &["ruby"], "root ", r#"^\s*root\s+(?:to:\s*)?["']([\w/]+#\w+)["']"#, "root $1"),
    (Route, &["ruby"], "namespace ", r#"^\s*namespace\s+:(\w+)\s+do"#, "below $1"),
    // Spring, JAX-RS
    (
        Route,
        JVM,
        "Mapping",
        r#"@(Get|Post|Put|Patch|Delete)Mapping\(\s*(?:value\s*=\s*|path\s*=\s*)?[\{\[]?\s*"([^"]*)""#,
        "$1 $2",
    ),
    (Route, JVM, "Mapping", r#"^\s*@(Get|Post|Put|Patch|Delete)Mapping(?:\(\s*\))?\s*$"#, "$1 /"),
    (
        Route,
        JVM,
        "@RequestMapping",
        r#"@RequestMapping\(\s*(?:value\s*=\s*|path\s*=\s*)?[\{\[]?\s*"([^"]*)"[^=]*\)"#,
        "below $1",
    ),
    (
        Route,
        JVM,
        "@RequestMapping",
        r#"@RequestMapping\(.*?"(/[^"]*)".*\bmethod\s*=\s*[\{\[]?\s*(?:RequestMethod\.)?(\w+)"#,
        "$2 $1",
    ),
    (Route, JVM, "@Path", r#"^\s*@Path\(\s*"([^"]*)""#, "path $1"),
    // ASP.NET
    (Route, &["c#"], "[Http", r#"\[Http(Get|Post|Put|Patch|Delete)(?:\(\s*"([^"]*)")?"#, "$1 $2"),
    (Route, &["c#"], ".Map", r#"\.Map(Get|Post|Put|Patch|Delete)\(\s*"([^"]*)""#, "$1 $2"),
    (Route, &["c#"], "[Route(", r#"\[Route\(\s*"([^"]*)""#, "controller $1"),
    (Route, &["c#"], ".MapGroup(", r#"\.MapGroup\(\s*"([^"]*)""#, "below $1"),
    // Gin, Echo, chi, net/http
    (Route, &["go"], "(\"", r#"\.(GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete)\(\s*"(/[^"]*)""#, "$1 $2"),
    (Route, &["go"], "Handle", r#"\.?Handle(?:Func)?\(\s*"((?:[A-Z]+ )?/[^"]*)""#, "handle $1"),
    (Route, &["go"], ".Group(", r#"\.Group\(\s*"(/[^"]*)""#, "below $1"),
    // Laravel
    (Route, &["php"], "Route::", r#"Route::(get|post|put|patch|delete|any)\(\s*["']([^"']*)["']"#, "$1 $2"),
    (Route, &["php"], "Route::", r#"Route::(?:apiR|r)esource\(\s*["']([^"']*)["']"#, "resources $1"),
    (Route, &["php"], "Route::", r#"Route::match\(\s*\[\s*["'](\w+)["'].*?\]\s*,\s*["']([^"']*)["']"#, "$1 $2"),
    (Route, &["php"], "Route::", r#"Route::prefix\(\s*["']([^"']*)["']"#, "below $1"),
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

/// What a route's name may begin with to be written in capitals.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options", "any", "all", "websocket"];

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 400;
/// How many lines behind one that ends in an open bracket are read with it.
const MORE_LINES: usize = 4;
/// The most facts of one file.
const MAX_FACTS: usize = 100;

/// Facts of a source text.
pub fn facts(path: &str, language: &str, text: &str) -> Vec<Fact> {
    let patterns: Vec<&Pattern> =
        PATTERNS.iter().filter(|p| p.languages.contains(&language) && text.contains(p.hint)).collect();
    let mut found = Vec::new();
    let lines: Vec<&str> = if patterns.is_empty() { Vec::new() } else { text.lines().collect() };
    for (line, number) in lines.iter().zip(1_u32..).filter(|(line, _)| line.len() <= MAX_LINE) {
        for pattern in patterns.iter().filter(|pattern| line.contains(pattern.hint)) {
            if let Some(groups) = pattern.regex.captures(&statement(&lines, number)) {
                let mut name = String::new();
                groups.expand(pattern.name, &mut name);
                found.push(fact(pattern.kind, route_name(pattern.kind, name.trim()), "", path, number));
            }
        }
        if found.len() >= MAX_FACTS {
            break;
        }
    }
    if language.starts_with("typescript") || language == "tsx" || language == "javascript" {
        found.extend(next_routes(path, text));
    }
    found
}

/// A line, with the lines behind it where it leaves a bracket open.
fn statement<'a>(lines: &[&'a str], number: u32) -> Cow<'a, str> {
    let at = number as usize - 1;
    let line = lines[at];
    if !line.trim_end().ends_with(['(', '{', '[']) {
        return Cow::Borrowed(line);
    }
    let more = lines[at + 1..].iter().take(MORE_LINES).take_while(|line| line.len() <= MAX_LINE);
    Cow::Owned(more.fold(line.to_owned(), |all, line| all + " " + line.trim()))
}

/// `get /x` becomes `GET /x`.
fn route_name(kind: FactKind, name: &str) -> String {
    match name.split_once(' ') {
        Some((method, rest)) if kind == Route && METHODS.contains(&method.to_ascii_lowercase().as_str()) => {
            format!("{} {}", method.to_uppercase(), rest)
        }
        _ => name.to_owned(),
    }
}

/// Routes of Next.js by folder: `app/a/route.ts` with a function for each method, `app/a/page.tsx`, `pages/api/a.ts`.
fn next_routes(path: &str, text: &str) -> Vec<Fact> {
    let below = |marker: &str| {
        let at = if path.starts_with(marker) { 0 } else { path.find(&format!("/{marker}"))? + 1 };
        path[at + marker.len()..].rsplit_once('.').map(|(stem, _)| stem)
    };
    if let Some(rest) = below("pages/api/") {
        let route = format!("/api/{}", rest.trim_end_matches("index").trim_end_matches('/'));
        return default_export(text).map(|line| fact(Route, route, "", path, line)).into_iter().collect();
    }
    let Some(rest) = below("app/") else { return Vec::new() };
    let of = |name: &str| rest.strip_suffix(name).filter(|folder| folder.is_empty() || folder.ends_with('/'));
    // Folders in brackets of the first kind only group: they are no part of the address.
    let address = |folder: &str| {
        let parts = folder.split('/').filter(|part| !part.is_empty() && !part.starts_with('('));
        format!("/{}", parts.collect::<Vec<_>>().join("/"))
    };
    match (of("route"), of("page")) {
        (Some(folder), _) => {
            let method = |(line, number): (&str, u32)| {
                let found = NEXT_METHOD.captures(line)?;
                Some(fact(Route, format!("{} {}", &found[1], address(folder)), "", path, number))
            };
            text.lines().zip(1..).filter_map(method).collect()
        }
        (_, Some(folder)) => {
            default_export(text).map(|line| fact(Route, address(folder), "", path, line)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A handler of `app/…/route.ts`.
static NEXT_METHOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^export\s+(?:async\s+)?(?:function|const)\s+(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")
        .expect("a constant pattern")
});

/// The line of the default export.
fn default_export(text: &str) -> Option<u32> {
    text.lines().zip(1..).find(|(line, _)| line.contains("export default")).map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fact of a text as `line kind name`.
    fn check(language: &str, text: &str, expected: &[(u32, FactKind, &str)]) {
        let found = facts("src/x", language, text);
        let found: Vec<(u32, FactKind, &str)> = found.iter().map(|f| (f.line, f.kind, f.name.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn route(language: &str, line: &str, name: &str) {
        check(language, line, &[(1, Route, name)]);
    }

    #[test]
    fn routes_of_axum_and_actix() {
        route("rust", ".route(\"/carts/{id}\", get(show))", "GET /carts/{id}");
        route("rust", "    .route(\n        \"/carts\",\n        get(list),\n    )", "GET /carts");
        check(
            "rust",
            ".route(\"/carts\", get(list).post(add))",
            &[(1, Route, "GET /carts"), (1, Route, "POST /carts")],
        );
        route("rust", ".nest(\"/api\", api())", "below /api");
        route("rust", "#[post(\"/carts\")]", "POST /carts");
        route("rust", ".route(\"/carts\", web::get().to(list))", "GET /carts");
        route("rust", "web::resource(\"/carts\").to(list)", "resource /carts");
    }

    #[test]
    fn routes_of_express_fastify_and_nest() {
        route("typescript", "router.delete('/carts/:id', remove);", "DELETE /carts/:id");
        route("javascript", "router.route('/carts').get(list);", "GET /carts");
        route("javascript", "app.use('/api', api);", "below /api");
        route("javascript", "fastify.get('/carts', { schema }, list)", "GET /carts");
        route("typescript", "fastify.route({\n  method: 'POST',\n  url: '/carts',\n  handler,\n});", "POST /carts");
        route("typescript", "  @Get(':id')", "GET :id");
        route("typescript", "@Controller('carts')", "controller carts");
    }

    #[test]
    fn routes_of_next() {
        let named = |path: &str, text: &str| {
            let found = facts(path, "typescript", text);
            found.into_iter().map(|f| (f.line, f.name)).collect::<Vec<_>>()
        };
        let handlers = "import x from 'x';\nexport async function GET() {}\nexport const POST = add;\n";
        assert_eq!(
            named("app/(shop)/carts/route.ts", handlers),
            [(2, "GET /carts".to_owned()), (3, "POST /carts".to_owned())]
        );
        let page = "export default function Page() {}\n";
        assert_eq!(named("src/pages/api/carts/index.ts", page), [(1, "/api/carts".to_owned())]);
        assert_eq!(named("src/app/carts/[id]/page.tsx", page), [(1, "/carts/[id]".to_owned())]);
        assert_eq!(named("app/page.tsx", page), [(1, "/".to_owned())]);
        assert_eq!(named("src/app/homepage.ts", page), []);
    }

    #[test]
    fn routes_of_flask_fastapi_and_django() {
        route("python", "@app.get(\"/carts\")", "GET /carts");
        route("python", "@router.post(\n    \"/carts\",\n    status_code=201,\n)", "POST /carts");
        route("python", "@app.route('/carts')", "GET /carts");
        route("python", "@bp.route('/carts', methods=['POST'])", "POST /carts");
        route("python", "app.include_router(carts, prefix=\"/carts\")", "below /carts");
        route("python", "    path('carts/', views.list),", "path carts/");
        route("python", "    re_path(r'^carts/$', views.list),", "path ^carts/$");
    }

    #[test]
    fn routes_of_rails_and_laravel() {
        route("ruby", "  get '/carts', to: 'carts#index'", "GET /carts");
        route("ruby", "  resources :carts, only: [:index]", "resources carts");
        route("ruby", "  root 'carts#index'", "root carts#index");
        route("php", "Route::get('/carts', [C::class, 'list']);", "GET /carts");
        route("php", "Route::apiResource('carts', CartController::class);", "resources carts");
        route("php", "Route::match(['put', 'patch'], '/carts/{id}', $f);", "PUT /carts/{id}");
    }

    #[test]
    fn routes_of_spring_and_asp_net() {
        route("java", "@GetMapping(\"/carts\")", "GET /carts");
        route("java", "    @PostMapping", "POST /");
        route("kotlin", "@GetMapping(value = [\"/carts\"])", "GET /carts");
        route("java", "@RequestMapping(\"/api/carts\")", "below /api/carts");
        route("java", "@RequestMapping(value = \"/carts\", method = RequestMethod.PUT)", "PUT /carts");
        route("java", "@Path(\"/carts\")", "path /carts");
        route("c#", "[HttpPost(\"carts\")]", "POST carts");
        route("c#", "[Route(\"api/[controller]\")]", "controller api/[controller]");
        route("c#", "app.MapGet(\"/carts\", List);", "GET /carts");
    }

    #[test]
    fn routes_of_gin_echo_and_net_http() {
        route("go", "r.GET(\"/carts\", list)", "GET /carts");
        route("go", "e.POST(\"/carts\", add)", "POST /carts");
        route("go", "v1 := r.Group(\"/v1\")", "below /v1");
        route("go", "mux.HandleFunc(\"GET /carts\", list)", "handle GET /carts");
        route("go", "http.Handle(\"/carts/\", carts)", "handle /carts/");
    }

    #[test]
    fn environment_keys_and_flags() {
        let key = |language: &str, line: &str, name: &str| check(language, line, &[(1, EnvironmentKey, name)]);
        key("rust", "let x = std::env::var(\"DATABASE_URL\")?;", "DATABASE_URL");
        key("javascript", "const p = process.env.PORT || 1;", "PORT");
        key("python", "os.environ.get('API_KEY')", "API_KEY");
        key("go", "os.Getenv(\"HOME_DIR\")", "HOME_DIR");
        key("ruby", "ENV.fetch('SECRET_KEY')", "SECRET_KEY");
        check("ruby", "if Flipper.enabled?(:new_cart)", &[(1, FeatureFlag, "new_cart")]);
    }
}
