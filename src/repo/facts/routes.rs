//! Routes that a source text declares, with the prefixes that stand in the same file.
//!
//! In: a language and a text. Out: routes by method and path, each with its line; a route for every method has none.
//! Reads single lines, so that its cost is the text's length. A prefix that another file gives is not known here.

use std::{collections::HashMap, sync::LazyLock};

use regex::{Captures, Regex};

use super::fact;
use crate::model::context::{Fact, FactKind};

/// Languages, a text that every matching line holds, and the pattern. Its groups: `method`, `path`, and `on`, the
/// variable of the router where the framework has one.
type Row = (&'static [&'static str], &'static str, &'static str);

const WEB: &[&str] = &["javascript", "typescript", "tsx"];
const JVM: &[&str] = &["java", "kotlin"];

const ROUTES: &[Row] = &[
    // axum, actix, rocket
    (
        &["rust"],
        ".route(",
        r#"\.route\(\s*"(?<path>/[^"]*)"\s*,\s*(?:\w+::)*(?<method>get|post|put|patch|delete|any)\b"#,
    ),
    (&["rust"], "#[", r#"^\s*#\[(?<method>get|post|put|patch|delete)\(\s*"(?<path>/[^"]*)""#),
    // Express, Fastify, Koa, Hono
    (WEB, "(", r#"\b(?<on>\w+)\.(?<method>get|post|put|patch|delete|all)\(\s*["'`](?<path>/[^"'`]*)["'`]"#),
    // NestJS
    (WEB, "@", r#"^\s*@(?<method>Get|Post|Put|Patch|Delete)\(\s*(?:["'`](?<path>[^"'`]*)["'`])?\s*\)"#),
    // Flask, FastAPI
    (
        &["python"],
        "@",
        r#"^\s*@(?<on>\w+)(?:\.\w+)*\.(?<method>get|post|put|patch|delete|route|websocket)\(\s*["'](?<path>/[^"']*|)["']"#,
    ),
    // Django
    (&["python"], "path(", r#"^\s*(?:re_)?path\(\s*r?["'](?<path>[^"']*)["']\s*,"#),
    // Rails
    (&["ruby"], " ", r#"^\s*(?<method>get|post|put|patch|delete)\s+["'](?<path>/?[\w/:()\.*-]+)["']"#),
    (&["ruby"], "resource", r#"^\s*resources?\s+:(?<path>\w+)"#),
    // Spring
    (
        JVM,
        "Mapping",
        r#"@(?<method>Get|Post|Put|Patch|Delete|Request)Mapping(?:\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*"(?<path>[^"]*)"|\s*$|\(\s*\))"#,
    ),
    // ASP.NET
    (&["c#"], "[Http", r#"\[Http(?<method>Get|Post|Put|Patch|Delete)(?:\(\s*"(?<path>[^"]*)")?"#),
    (&["c#"], ".Map", r#"(?<on>\w+)\.Map(?<method>Get|Post|Put|Patch|Delete)\(\s*"(?<path>[^"]*)""#),
    // Gin, Echo, chi, net/http
    (
        &["go"],
        "(\"",
        r#"(?<on>\w+)\.(?<method>GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete)\(\s*"(?<path>/[^"]*|)""#,
    ),
    (&["go"], "Handle", r#"\.?Handle(?:Func)?\(\s*"(?:(?<method>[A-Z]+) )?(?<path>/[^"]*)""#),
    // Laravel
    (&["php"], "Route::", r#"Route::(?<method>get|post|put|patch|delete|any)\(\s*["'](?<path>[^"']*)["']"#),
];

/// Prefixes: those with the group `on` belong to that variable (and go on from the group `from`), the others to the
/// class that follows.
const PREFIXES: &[Row] = &[
    (
        WEB,
        "(",
        r#"^\s*(?:export\s+)?(?:const|let|var)\s+(?<on>\w+)\s*(?::[^=]+)?=\s*(?:new\s+)?(?:\w+\.)?(?:Router|Hono|KoaRouter)\("#,
    ),
    (WEB, "@Controller", r#"^\s*@Controller\(\s*(?:\{\s*path:\s*)?["'`](?<path>[^"'`]*)["'`]"#),
    (JVM, "@RequestMapping", r#"@RequestMapping\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*"(?<path>[^"]*)""#),
    (&["c#"], "[Route", r#"\[Route\(\s*"(?<path>[^"]*)""#),
    (
        &["python"],
        "APIRouter(",
        r#"(?<on>\w+)\s*(?::\s*APIRouter\s*)?=\s*APIRouter\(.*prefix\s*=\s*["'](?<path>[^"']*)["']"#,
    ),
    (&["python"], "Blueprint(", r#"(?<on>\w+)\s*=\s*Blueprint\(.*url_prefix\s*=\s*["'](?<path>[^"']*)["']"#),
    (&["go"], ".Group(", r#"(?<on>\w+)\s*:?=\s*(?<from>\w+)\.Group\(\s*"(?<path>[^"]*)""#),
    (&["c#"], ".MapGroup(", r#"(?<on>\w+)\s*=\s*(?<from>\w+)\.MapGroup\(\s*"(?<path>[^"]*)""#),
];

/// What routers are usually called in JavaScript and TypeScript.
const WEB_ROUTERS: &[&str] = &["app", "router", "server", "fastify", "api", "route", "routes"];

/// A row with its pattern compiled.
struct Pattern {
    languages: &'static [&'static str],
    hint: &'static str,
    regex: Regex,
}

fn compiled(rows: &[Row]) -> Vec<Pattern> {
    let compile = |(languages, hint, regex): &Row| {
        let regex = Regex::new(regex).expect("a constant pattern");
        Pattern { languages, hint, regex }
    };
    rows.iter().map(compile).collect()
}

static ROUTE: LazyLock<Vec<Pattern>> = LazyLock::new(|| compiled(ROUTES));
static PREFIX: LazyLock<Vec<Pattern>> = LazyLock::new(|| compiled(PREFIXES));

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 400;
/// The most routes of one file.
const MAX_ROUTES: usize = 100;
/// How many lines may stand between a class's prefix and the class.
const CLASS_WITHIN: usize = 8;

/// The routes of a source text.
pub fn facts(path: &str, language: &str, text: &str) -> Vec<Fact> {
    let of = |patterns: &'static [Pattern]| -> Vec<&'static Pattern> {
        patterns.iter().filter(|p| p.languages.contains(&language) && text.contains(p.hint)).collect()
    };
    let (routes, prefixes) = (of(&ROUTE), of(&PREFIX));
    let mut found = Vec::new();
    if !routes.is_empty() {
        let lines: Vec<&str> = text.lines().collect();
        let mut below = Below::default();
        for (at, line) in
            lines.iter().enumerate().filter(|(_, line)| line.len() <= MAX_LINE && !is_comment(language, line))
        {
            let is_prefix = prefixes.iter().any(|p| below.reads(p, line, &lines[at + 1..]));
            let captured = || routes.iter().find_map(|p| p.regex.captures(line).filter(|_| line.contains(p.hint)));
            if !is_prefix
                && let Some(groups) = captured()
                && (!WEB.contains(&language) || below.is_router(group(&groups, "on")))
            {
                let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
                found.push(fact(FactKind::Route, below.name(&groups), "", path, number));
            }
            if found.len() >= MAX_ROUTES {
                break;
            }
        }
    }
    if WEB.contains(&language) {
        found.extend(by_folder(path, text));
    }
    found
}

/// Does the line only tell something? Examples in comments declare nothing.
fn is_comment(language: &str, line: &str) -> bool {
    let marks: &[&str] = if matches!(language, "python" | "ruby") { &["#"] } else { &["//", "* ", "/*"] };
    marks.iter().any(|mark| line.trim_start().starts_with(mark))
}

/// The prefixes read so far.
#[derive(Default)]
struct Below {
    /// Of the class that is being read, with the class's name.
    class: Option<(String, String)>,
    /// Of routers, by variable.
    routers: HashMap<String, String>,
}

impl Below {
    /// Reads a line as a prefix; says whether it is one.
    fn reads(&mut self, pattern: &Pattern, line: &str, after: &[&str]) -> bool {
        let Some(groups) = pattern.regex.captures(line).filter(|_| line.contains(pattern.hint)) else { return false };
        let path = group(&groups, "path").to_owned();
        let router = group(&groups, "on");
        if router.is_empty() {
            let Some(class) = class_that_follows(after) else { return false };
            self.class = Some((path, class));
        } else {
            let from = self.routers.get(group(&groups, "from")).cloned().unwrap_or_default();
            self.routers.insert(router.to_owned(), joined(&from, &path));
        }
        true
    }

    /// Does this variable hold a router, by its name or by where it is made? Everything has a `get` in JavaScript.
    fn is_router(&self, variable: &str) -> bool {
        let is_named = variable.is_empty() || WEB_ROUTERS.contains(&variable) || variable.ends_with("Router");
        is_named || self.routers.contains_key(variable)
    }

    /// `GET /carts/{id}`; the path alone where every method is meant.
    fn name(&self, groups: &Captures<'_>) -> String {
        let own = group(groups, "path");
        let path = match (self.routers.get(group(groups, "on")), &self.class) {
            (Some(prefix), _) => joined(prefix, own),
            // A path from the root stands alone in ASP.NET, and "~" says so
            // (https://learn.microsoft.com/aspnet/core/mvc/controllers/routing).
            (None, Some((prefix, class))) => joined(&prefix.replace("[controller]", class), own),
            (None, None) if own.starts_with('/') => own.to_owned(),
            (None, None) => format!("/{own}"),
        };
        match group(groups, "method").to_uppercase().as_str() {
            "" | "ANY" | "ALL" | "ROUTE" | "REQUEST" => path,
            method => format!("{method} {path}"),
        }
    }
}

fn group<'a>(groups: &'a Captures<'_>, name: &str) -> &'a str {
    groups.name(name).map_or("", |found| found.as_str())
}

/// Two parts of a path with one slash between them and one before.
fn joined(prefix: &str, path: &str) -> String {
    let (prefix, path) = (prefix.trim_matches('/'), path.trim_start_matches('/'));
    let parts: Vec<&str> = [prefix, path].into_iter().filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

/// The class that annotations stand before, in the words of its routes: `CartsController` is `carts`.
fn class_that_follows(after: &[&str]) -> Option<String> {
    for line in after.iter().take(CLASS_WITHIN).map(|line| line.trim()) {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        if !line.starts_with(['@', '[', '/', '*']) && words.any(|word| word == "class" || word == "interface") {
            let name = words.next().unwrap_or_default();
            return Some(name.trim_end_matches("Controller").to_lowercase());
        }
        if line.contains('(') && !line.starts_with(['@', '[', '/', '*']) {
            return None;
        }
    }
    None
}

/// Routes of Next.js by folder: `app/a/route.ts`, `pages/api/a.ts`.
fn by_folder(path: &str, text: &str) -> Option<Fact> {
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
    text.contains("export").then(|| fact(FactKind::Route, route, "", path, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, text: &str, expected: &[(&str, u32)]) {
        let found = facts("src/x", language, text);
        let found: Vec<(&str, u32)> = found.iter().map(|f| (f.name.as_str(), f.line)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn routes_of_many_frameworks() {
        check("rust", ".route(\"/carts/{id}\", get(show))", &[("GET /carts/{id}", 1)]);
        check("rust", "#[post(\"/carts\")]", &[("POST /carts", 1)]);
        check("typescript", "router.delete('/carts/:id', remove);", &[("DELETE /carts/:id", 1)]);
        check("javascript", "fastify.get('/carts', list)", &[("GET /carts", 1)]);
        let named = "export const carts = Router();\ncarts.get(\"/:id\", show);\ncache.get(\"/x\", y);\n";
        check("typescript", named, &[("GET /:id", 2)]);
        check("typescript", "  @Get(':id')", &[("GET /:id", 1)]);
        check("python", "@app.get(\"/carts\")", &[("GET /carts", 1)]);
        check("python", "@app.route('/carts', methods=['POST'])", &[("/carts", 1)]);
        check("python", "    path('carts/', views.list),", &[("/carts/", 1)]);
        check("ruby", "  get '/carts', to: 'carts#index'", &[("GET /carts", 1)]);
        check("ruby", "  resources :carts", &[("/carts", 1)]);
        check("java", "@GetMapping(\"/carts\")", &[("GET /carts", 1)]);
        check("c#", "[HttpPost(\"carts\")]", &[("POST /carts", 1)]);
        check("c#", "app.MapGet(\"/carts\", List);", &[("GET /carts", 1)]);
        check("go", "r.GET(\"/carts\", list)", &[("GET /carts", 1)]);
        check("go", "mux.HandleFunc(\"GET /carts\", list)", &[("GET /carts", 1)]);
        check("go", "http.HandleFunc(\"/carts\", list)", &[("/carts", 1)]);
        check("php", "Route::get('/carts', [C::class, 'list']);", &[("GET /carts", 1)]);
    }

    #[test]
    fn a_prefix_of_the_same_file_belongs_to_its_routes() {
        let spring = "@Controller\n@RequestMapping(\"/owners/{ownerId}\")\nclass PetController {\n\
                      @GetMapping(\"/pets/new\")\npublic String form(Model m) {\n@PostMapping\npublic String save() {\n";
        check("java", spring, &[("GET /owners/{ownerId}/pets/new", 4), ("POST /owners/{ownerId}", 6)]);
        let method = "class C {\n@RequestMapping(\"/carts\")\npublic String list() {\n";
        check("java", method, &[("/carts", 2)]);
        let nest = "@Controller('carts')\nexport class CartsController {\n  @Get()\n  all() {}\n  @Post(':id/lines')\n";
        check("typescript", nest, &[("GET /carts", 3), ("POST /carts/:id/lines", 5)]);
        let aspnet = "[ApiController]\n[Route(\"api/[controller]\")]\npublic class CartsController : Base\n{\n[HttpGet(\"{id}\")]\n";
        check("c#", aspnet, &[("GET /api/carts/{id}", 5)]);
        let fastapi =
            "router = APIRouter(prefix=\"/carts\", tags=[\"x\"])\n@router.get(\"/{id}\")\n@router.post(\"\")\n";
        check("python", fastapi, &[("GET /carts/{id}", 2), ("POST /carts", 3)]);
        let flask = "bp = Blueprint('carts', __name__, url_prefix='/carts')\n@bp.route('/new')\n";
        check("python", flask, &[("/carts/new", 2)]);
        let gin =
            "api := r.Group(\"/api\")\nv1 := api.Group(\"/v1\")\nv1.GET(\"/carts\", list)\nr.GET(\"/ping\", ping)\n";
        check("go", gin, &[("GET /api/v1/carts", 3), ("GET /ping", 4)]);
    }

    #[test]
    fn routes_by_folder() {
        assert_eq!(by_folder("app/carts/route.ts", "export async function GET").unwrap().name, "/carts");
        assert_eq!(by_folder("src/pages/api/carts/index.ts", "export default x").unwrap().name, "/api/carts");
    }
}
