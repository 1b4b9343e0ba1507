//! How routes, their prefixes and their routers are written, by language. Adding a framework is a line here.

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

/// Languages, a text that every matching line holds, and the pattern with its groups.
type Row = (&'static [&'static str], &'static str, &'static str);

const WEB: &[&str] = &["javascript", "typescript", "tsx"];
const JVM: &[&str] = &["java", "kotlin"];

/// Routes. Groups: `method`, `path`, and `on`, the variable of the router where the framework has one.
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
    (
        WEB,
        ".route(",
        r#"\b(?<on>\w+)\.route\(\s*["'`](?<path>/[^"'`]*)["'`]\s*\)\s*\.(?<method>get|post|put|patch|delete|all)\b"#,
    ),
    // Fastify, hapi: `route({ method: 'GET', url: '/carts', … })`, in either order
    (
        WEB,
        ".route(",
        r#"\b(?<on>\w+)\.route\(\s*\{.*?\bmethod:\s*["'](?<method>\w+)["'].*?\b(?:url|path):\s*["'`](?<path>/[^"'`]*)["'`]"#,
    ),
    (
        WEB,
        ".route(",
        r#"\b(?<on>\w+)\.route\(\s*\{.*?\b(?:url|path):\s*["'`](?<path>/[^"'`]*)["'`].*?\bmethod:\s*["'](?<method>\w+)["']"#,
    ),
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

/// Routers and classes with a prefix of their own. Groups: `on`, the router's variable, which goes on from the router
/// `from`; without it, the class that follows is meant. A router without a `path` has none.
const OWNERS: &[Row] = &[
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
        r#"(?<on>\w+)\s*(?::\s*APIRouter\s*)?=\s*(?:\w+\.)?APIRouter\(.*\bprefix\s*=\s*["'](?<path>[^"']*)["']"#,
    ),
    (
        &["python"],
        "Blueprint(",
        r#"(?<on>\w+)\s*=\s*(?:\w+\.)?Blueprint\(.*\burl_prefix\s*=\s*["'](?<path>[^"']*)["']"#,
    ),
    (&["go"], ".Group(", r#"(?<on>\w+)\s*:?=\s*(?<from>\w+)\.Group\(\s*"(?<path>[^"]*)""#),
    (&["c#"], ".MapGroup(", r#"(?<on>\w+)\s*=\s*(?<from>\w+)\.MapGroup\(\s*"(?<path>[^"]*)""#),
];

/// Prefixes of what stands deeper below the line, or behind it in the same chain of calls. Groups: `path`, and `on`, the
/// router that the block goes on from; without a `path`, the prefix is one that nothing here can tell.
const BLOCKS: &[Row] = &[
    // axum, actix
    (&["rust"], ".nest(", r#"\.nest\(\s*"(?<path>/[^"]*)"\s*,\s*(?:\w+::)*Router::new\(\)"#),
    (&["rust"], "scope(", r#"\bscope\(\s*"(?<path>[^"]*)"\s*\)"#),
    // chi
    (&["go"], ".Route(", r#"(?<on>\w+)\.Route\(\s*"(?<path>/[^"]*)"\s*,\s*func\b"#),
    // Laravel
    (&["php"], "prefix(", r#"(?:Route::|->)prefix\(\s*["'](?<path>[^"']*)["']\s*\)"#),
    (&["php"], "Route::group(", r#"Route::group\(.*["']prefix["']\s*=>\s*["'](?<path>[^"']*)["']"#),
    // Rails, Sinatra
    (&["ruby"], "namespace", r#"^\s*namespace\b.*\bpath:\s*["'](?<path>[^"']*)["'].*\bdo\b"#),
    (&["ruby"], "namespace", r#"^\s*namespace\s*\(?\s*[:"'](?<path>/?\w[\w/]*)["']?\s*\)?(?:,.*)?\s*\bdo\b"#),
    (&["ruby"], "scope", r#"^\s*scope\b.*\bpath:\s*["'](?<path>[^"']*)["'].*\bdo\b"#),
    (&["ruby"], "scope", r#"^\s*scope\s*\(?\s*["'](?<path>[^"']*)["']\s*\)?(?:,.*)?\s*\bdo\b"#),
    (&["ruby"], "scope", r#"^\s*scope\s*\(?\s*:(?<path>\w+)\s*\)?(?:,.*)?\s*\bdo\b"#),
    // What stands below a resource has the id of one in its path, under a name in the singular.
    (&["ruby"], " do", r#"^\s*(?:resources?|concern)\b.*\bdo\b"#),
];

/// Where a router, or what makes one, is put below a prefix. Groups: `on`, the router above; `path`, the prefix, empty
/// where it is not there; `module`, the module that is put there, or else the arguments that follow the match.
const MOUNTS: &[Row] = &[
    // Express, Koa; Hono
    (WEB, ".use(", r#"\b(?<on>\w+)\.use\(\s*(?:["'`](?<path>/[^"'`$]*)["'`]\s*,)?"#),
    (WEB, ".route(", r#"\b(?<on>\w+)\.route\(\s*["'`](?<path>/[^"'`$]*)["'`]\s*,"#),
    // Fastify
    (WEB, ".register(", r#"\b(?<on>\w+)\.register\("#),
    // axum, actix, rocket
    (&["rust"], ".nest(", r#"\.nest\(\s*"(?<path>/[^"]*)"\s*,"#),
    (&["rust"], ".merge(", r#"\.merge\("#),
    (&["rust"], ".service(", r#"\.service\("#),
    (&["rust"], ".configure(", r#"\.configure\("#),
    (&["rust"], ".mount(", r#"\.mount\(\s*"(?<path>/[^"]*)"\s*,\s*routes!\["#),
    // FastAPI, Flask, Starlette
    (&["python"], ".include_router(", r#"\b(?<on>\w+)\.include_router\("#),
    (&["python"], ".register_blueprint(", r#"\b(?<on>\w+)\.register_blueprint\("#),
    (&["python"], ".mount(", r#"\b(?<on>\w+)\.mount\(\s*["'](?<path>[^"']*)["']\s*,"#),
    // Django
    (
        &["python"],
        "include(",
        r#"^\s*path\(\s*["'](?<path>[^"']*)["']\s*,\s*include\(\s*\(?\s*["'](?<module>[\w.]+)["']"#,
    ),
    // chi
    (&["go"], ".Mount(", r#"(?<on>\w+)\.Mount\(\s*"(?<path>/[^"]*)"\s*,"#),
];

/// Imports of names from modules. Groups: `module` and `names`.
const IMPORTS: &[Row] = &[
    (WEB, "import", r#"^\s*import\s+(?<names>[^"']+?)\s+from\s+["'](?<module>\.[^"']*)["']"#),
    (
        WEB,
        "require(",
        r#"^\s*(?:const|let|var)\s+(?<names>\{[^}]*\}|\w+)\s*=\s*require\(\s*["'](?<module>\.[^"']*)["']\s*\)(?:\.default)?\s*;?\s*$"#,
    ),
    (&["python"], "import", r#"^\s*from\s+(?<module>[\w.]+)\s+import\s+\(?(?<names>[^#()]+)"#),
    (&["rust"], "use ", r#"^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+(?<module>\w+(?:::\w+)*)::\{?(?<names>[\w\s,]+)\}?;"#),
];

/// Functions and variables that hold what stands deeper below the line. Group: `name`.
const HOLDERS: &[Row] = &[
    (&["rust"], "fn ", r#"\bfn\s+(?<name>\w+)"#),
    (&["rust"], "let ", r#"^\s*let\s+(?:mut\s+)?(?<name>\w+)\s*(?::[^=]+)?=\s*(?:\w+::)*Router::new\(\)"#),
    (WEB, "function", r#"\bfunction\s+(?<name>\w+)\s*\("#),
    (WEB, "=>", r#"^\s*(?:export\s+)?const\s+(?<name>\w+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*=>"#),
    (WEB, "function", r#"^\s*(?:export\s+)?const\s+(?<name>\w+)\s*(?::[^=]+)?=\s*(?:async\s+)?function\b"#),
    (&["python"], "def ", r#"^\s*(?:async\s+)?def\s+(?<name>\w+)"#),
    (&["go"], "func ", r#"^func\s+(?:\([^)]*\)\s*)?(?<name>\w+)"#),
];

/// What a module is when it is imported as a whole. Group: `name`.
const DEFAULTS: &[Row] = &[
    (WEB, "export default", r#"^\s*export\s+default\s+(?:async\s+)?(?:function\b\s*)?(?<name>\w+)?"#),
    (WEB, "module.exports", r#"^\s*module\.exports\s*=\s*(?:async\s+)?(?:function\b\s*)?(?<name>\w+)?"#),
];

/// A row whose pattern is compiled when a text first asks for it.
pub struct Pattern {
    row: &'static Row,
    of_call: OnceLock<Regex>,
    of_text: OnceLock<Regex>,
}

impl Pattern {
    fn of(row: &'static Row) -> Self {
        Self { row, of_call: OnceLock::new(), of_text: OnceLock::new() }
    }

    /// May the pattern match in this text?
    pub fn may_match(&self, text: &str) -> bool {
        text.contains(self.row.1)
    }

    /// The pattern for a line with those that its call goes on for.
    pub fn regex(&self) -> &Regex {
        self.of_call.get_or_init(|| Regex::new(self.row.2).expect("a constant pattern"))
    }

    /// May the pattern match in the lines of this text? One pass costs less than a look at each line.
    fn is_in(&self, text: &str) -> bool {
        let whole = || Regex::new(&format!("(?ms){}", self.row.2)).expect("a constant pattern");
        self.of_text.get_or_init(whole).is_match(text)
    }
}

/// The patterns that may match in one text.
pub struct Table {
    pub routes: Vec<&'static Pattern>,
    pub owners: Vec<&'static Pattern>,
    pub blocks: Vec<&'static Pattern>,
    pub mounts: Vec<&'static Pattern>,
    pub imports: Vec<&'static Pattern>,
    pub holders: Vec<&'static Pattern>,
    pub defaults: Vec<&'static Pattern>,
}

static ALL: LazyLock<[Vec<Pattern>; 7]> = LazyLock::new(|| {
    [ROUTES, OWNERS, BLOCKS, MOUNTS, IMPORTS, HOLDERS, DEFAULTS].map(|rows| rows.iter().map(Pattern::of).collect())
});

impl Table {
    /// The patterns for a text of a language; nothing, when it has neither routes nor mounts.
    pub fn of(language: &str, text: &str) -> Option<Self> {
        let fits = |pattern: &&Pattern| pattern.row.0.contains(&language) && pattern.may_match(text);
        let of = |patterns: &'static Vec<Pattern>| patterns.iter().filter(fits);
        let [routes, owners, blocks, mounts, imports, holders, defaults] = &*ALL;
        let declared = |patterns| of(patterns).filter(|pattern| pattern.is_in(text)).collect();
        let (routes, mounts): (Vec<_>, Vec<_>) = (declared(routes), declared(mounts));
        let [owners, blocks, imports, holders, defaults] =
            [owners, blocks, imports, holders, defaults].map(|patterns| of(patterns).collect());
        let is_worth_it = !routes.is_empty() || !mounts.is_empty();
        is_worth_it.then_some(Self { routes, owners, blocks, mounts, imports, holders, defaults })
    }
}
