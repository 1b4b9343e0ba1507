//! How routes, their prefixes and their routers are written, by language. Adding a framework is a line here.

/// Languages, a text that every matching line holds, and the pattern with its groups.
pub type Row = (&'static [&'static str], &'static str, &'static str);

const WEB: &[&str] = &["javascript", "typescript", "tsx"];
const JVM: &[&str] = &["java", "kotlin"];

/// Routes. Groups: `method`, `path`, and `on`, the variable of the router where the framework has one; `member` marks what
/// is a route among things of one kind only, `items` the route of things that each have one below it.
pub const ROUTES: &[Row] = &[
    // axum, actix, rocket
    (
        &["rust"],
        ".route(",
        r#"\.route\(\s*"(?<path>/[^"]*)"\s*,\s*(?:\w+::)*(?<method>get|post|put|patch|delete|any)\b"#,
    ),
    (&["rust"], "#[", r#"^\s*#\[(?<method>get|post|put|patch|delete)\(\s*"(?<path>/[^"]*)""#),
    // utoipa
    (
        &["rust"],
        "path(",
        r#"#\[(?:utoipa::)?path\(\s*(?<method>get|post|put|patch|delete)\s*,.*?\bpath\s*=\s*"(?<path>/[^"]*)""#,
    ),
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
    // OpenAPI of procedures (tRPC): `openapi: { method: 'GET', path: '/carts', … }`
    (WEB, "openapi:", r#"\bopenapi:\s*\{\s*method:\s*["'](?<method>\w+)["'].*?\bpath:\s*["'`](?<path>/[^"'`$]*)["'`]"#),
    // NestJS
    (WEB, "@", r#"^\s*@(?<method>Get|Post|Put|Patch|Delete)\(\s*(?:["'`](?<path>[^"'`]*)["'`])?\s*\)"#),
    // Flask, FastAPI
    (
        &["python"],
        "@",
        r#"^\s*@(?<on>\w+)(?:\.\w+)*\.(?<method>get|post|put|patch|delete|route|websocket)\(\s*["'](?<path>/[^"']*|)["']"#,
    ),
    // Django REST framework
    (
        &["python"],
        ".register(",
        r#"^\s*(?<on>\w*[rR]outer\w*)(?<items>)\.register\(\s*(?:prefix\s*=\s*)?r?["'](?<path>[^"']*)["']\s*,"#,
    ),
    // Django
    (&["python"], "path(", r#"^\s*(?:re_)?path\(\s*r?["'](?<path>[^"']*)["']\s*,"#),
    // Rails
    (&["ruby"], " ", r#"^\s*(?<method>get|post|put|patch|delete)\s+["'](?<path>/?[\w/:()\.*-]+)["']"#),
    (&["ruby"], " :", r"^\s*(?<method>get|post|put|patch|delete)\s+(?<member>:)(?<path>\w+)\s*(?:,|$)"),
    (&["ruby"], "path:", r#"^\s*resources?\s*\(?\s*:\w+\b[^#]*\bpath:\s*["'](?<path>[^"']*)["']"#),
    (&["ruby"], "resource", r#"^\s*resources?\s*\(?\s*:(?<path>\w+)"#),
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
    (&["go"], "Handle", r#"(?:\b(?<on>\w+)\.)?Handle(?:Func)?\(\s*"(?:(?<method>[A-Z]+) )?(?<path>/[^"]*)""#),
    // Protocol Buffers (google.api.http)
    (
        &["protobuf"],
        "google.api.http",
        r#"\(google\.api\.http\)\s*=\s*\{\s*(?<method>get|post|put|patch|delete)\s*:\s*"(?<path>/[^"]*)""#,
    ),
    // Laravel
    (&["php"], "Route::", r#"Route::(?<method>get|post|put|patch|delete|any)\(\s*["'](?<path>[^"']*)["']"#),
];

/// Routers and classes with a prefix of their own. Groups: `on`, the router's variable, which goes on from the router
/// `from`; without it, the class that follows is meant. A router without a `path` has none.
pub const OWNERS: &[Row] = &[
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
        r#"(?<on>\w+)\s*(?::\s*APIRouter\s*)?=\s*(?:\w+\.)?\w*APIRouter\(.*\bprefix\s*=\s*["'](?<path>[^"']*)["']"#,
    ),
    (
        &["python"],
        "Blueprint(",
        r#"(?<on>\w+)\s*=\s*(?:\w+\.)?Blueprint\(.*\burl_prefix\s*=\s*["'](?<path>[^"']*)["']"#,
    ),
    (&["go"], ".Group(", r#"(?<on>\w+)\s*:?=\s*(?:\w+\.)*(?<from>\w+)\.Group\(\s*"(?<path>[^"]*)""#),
    (
        &["go"],
        ".Subrouter(",
        r#"(?<on>\w+)\s*:?=\s*(?:\w+\.)*(?<from>\w+)\.PathPrefix\(\s*"(?<path>[^"]*)"\s*\)\.Subrouter\("#,
    ),
    (&["go"], "gin.", r"^\s*(?:var\s+)?(?<on>\w+)\s*:?=\s*gin\.(?:New|Default)\("),
    (&["go"], "chi.New", r"^\s*(?:var\s+)?(?<on>\w+)\s*:?=\s*chi\.New(?:Router|Mux)\("),
    (&["go"], "echo.New(", r"^\s*(?:var\s+)?(?<on>\w+)\s*:?=\s*echo\.New\("),
    (&["go"], "fiber.New(", r"^\s*(?:var\s+)?(?<on>\w+)\s*:?=\s*fiber\.New\("),
    (&["go"], "http.NewServeMux(", r"^\s*(?:var\s+)?(?<on>\w+)\s*:?=\s*http\.NewServeMux\("),
    (&["go"], "mux.NewRouter(", r"^\s*(?:var\s+)?(?<on>\w+)\s*:?=\s*mux\.NewRouter\("),
    // Routers that a function is given.
    (&["go"], "gin.", r"^func\b.*?\b(?<on>\w+)\s+\*?gin\.(?:RouterGroup|Engine|IRouter|IRoutes)\b"),
    (&["go"], "chi.", r"^func\b.*?\b(?<on>\w+)\s+\*?chi\.(?:Router|Mux)\b"),
    (&["go"], "echo.", r"^func\b.*?\b(?<on>\w+)\s+\*echo\.(?:Group|Echo)\b"),
    (&["go"], "fiber.", r"^func\b.*?\b(?<on>\w+)\s+\*?fiber\.(?:Router|App)\b"),
    (&["go"], "http.ServeMux", r"^func\b.*?\b(?<on>\w+)\s+\*http\.ServeMux\b"),
    (&["go"], "mux.Router", r"^func\b.*?\b(?<on>\w+)\s+\*mux\.Router\b"),
    (&["c#"], ".MapGroup(", r#"(?<on>\w+)\s*=\s*(?<from>\w+)\.MapGroup\(\s*"(?<path>[^"]*)""#),
];

/// Prefixes of what stands deeper below the line, or behind it in the same chain of calls. Groups: `path`, and `on`, the
/// router that the block goes on from; without a `path`, the prefix is one that nothing here can tell.
pub const BLOCKS: &[Row] = &[
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
    // What these mean for their lines, `rails` tells.
    (&["ruby"], " do", r#"^\s*(?:resources?|concern|shallow|member|collection)\b.*\bdo\b"#),
];

/// Where a router, or what makes one, is put below a prefix. Groups: `on`, the router above; `path`, the prefix, empty
/// where it is not there; `module`, the module that is put there, or else the arguments that follow the match.
pub const MOUNTS: &[Row] = &[
    // Express, Koa; Hono
    (WEB, ".use(", r#"(?:\b(?<on>\w+)(?:\(\))?|^\s*)\.use\(\s*(?:["'`](?<path>/[^"'`$]*)["'`]\s*,)?"#),
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
    (&["python"], "include(", r#"^\s*path\(\s*["'](?<path>[^"']*)["']\s*,\s*include\("#),
    // chi
    (&["go"], ".Mount(", r#"(?<on>\w+)\.Mount\(\s*"(?<path>/[^"]*)"\s*,"#),
    (&["go"], ".Route(", r#"(?<on>\w+)\.Route\(\s*"(?<path>/[^"]*)"\s*,"#),
    // net/http
    (&["go"], "StripPrefix(", r#"(?<on>\w+)\.Handle\(\s*"(?<path>/[^"]*)"\s*,\s*http\.StripPrefix\([^,]*,"#),
];

/// Prefixes of every route that an application's classes declare. Group: `path`; without it, the prefix is one that
/// nothing here can tell.
pub const WHOLES: &[Row] = &[
    // NestJS; which routes are left out of it, is not read.
    (WEB, ".setGlobalPrefix(", r#"\.setGlobalPrefix\(\s*["'`](?<path>[^"'`$]*)["'`]\s*\)"#),
    (WEB, ".setGlobalPrefix(", r"\.setGlobalPrefix\("),
];

/// Calls that may hand a router to a function. Group: `to`, the function; its arguments follow the match.
pub const HANDED: &[Row] = &[(&["go"], "(", r"(?<to>&?\b\w+(?:(?:\([^()]*\)|\{[^{}]*\})?\.\w+)*)\(")];

/// Imports of names from modules. Groups: `module` and `names`.
pub const IMPORTS: &[Row] = &[
    (WEB, "import", r#"^\s*import\s+(?<names>[^"']+?)\s+from\s+["'](?<module>\.[^"']*)["']"#),
    (
        WEB,
        "require(",
        r#"^\s*(?:const|let|var)\s+(?<names>\{[^}]*\}|\w+)\s*=\s*require\(\s*["'](?<module>\.[^"']*)["']\s*\)(?:\.default)?\s*;?\s*$"#,
    ),
    (&["python"], "import", r#"^\s*from\s+(?<module>[\w.]+)\s+import\s+\(?(?<names>[^#()]+)"#),
    (&["go"], "/", r#"^\s*(?:import\s+)?(?:(?<names>\w+)\s+)?"(?<module>[\w.~-]+(?:/[\w.~-]+)+)"\s*$"#),
    (&["rust"], "use ", r#"^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+(?<module>\w+(?:::\w+)*)::\{?(?<names>[\w\s,]+)\}?;"#),
];

/// Names that a module only passes on from another. Groups: `module`, and `names` as an import has them, or the one `name`;
/// without both, the module as a whole is passed on.
pub const PASSES: &[Row] = &[
    (WEB, "export", r#"^\s*export\s+(?<names>\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+["'](?<module>\.[^"']*)["']"#),
    (
        WEB,
        "require(",
        r#"^\s*(?:module\.exports|(?:module\.)?exports\.(?<name>\w+))\s*=\s*require\(\s*["'](?<module>\.[^"']*)["']\s*\)\s*;?\s*$"#,
    ),
];

/// Functions and variables that hold what stands deeper below the line. Groups: `name`; of a method, the variable `self`
/// and its type `kind`.
pub const HOLDERS: &[Row] = &[
    (&["rust"], "fn ", r#"\bfn\s+(?<name>\w+)"#),
    (&["rust"], "let ", r#"^\s*let\s+(?:mut\s+)?(?<name>\w+)\s*(?::[^=]+)?=\s*(?:\w+::)*Router::new\(\)"#),
    (WEB, "function", r#"\bfunction\s+(?<name>\w+)\s*\("#),
    (
        WEB,
        "Router()",
        r"^\s*(?:export\s+)?(?:const|let|var)\s+(?<name>\w+)\s*(?::[^=]+)?=\s*(?:new\s+)?(?:\w+\.)?Router\(\)\s*$",
    ),
    (WEB, "=>", r#"^\s*(?:export\s+)?const\s+(?<name>\w+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*=>"#),
    (WEB, "function", r#"^\s*(?:export\s+)?const\s+(?<name>\w+)\s*(?::[^=]+)?=\s*(?:async\s+)?function\b"#),
    (&["python"], "def ", r#"^\s*(?:async\s+)?def\s+(?<name>\w+)"#),
    (&["go"], "func ", r#"^func\s+(?:\((?:(?<self>\w+)\s+)?\*?(?<kind>\w+)[^)]*\)\s*)?(?<name>\w+)"#),
];

/// What a module is when it is imported as a whole. Group: `name`.
pub const DEFAULTS: &[Row] = &[
    (WEB, "export default", r#"^\s*export\s+default\s+(?:async\s+)?(?:function\b\s*)?(?<name>\w+)?"#),
    (WEB, "module.exports", r#"^\s*module\.exports\s*=\s*(?:async\s+)?(?:function\b\s*)?(?<name>\w+)?"#),
];
