//! Routes of many frameworks, alone, below prefixes of their own file, and below those that other files give.

mod constants;
mod described;
mod handed;
mod passed;
mod resources;
mod wholes;

use super::{facts, read};

/// Language, path and text of a file.
type File = (&'static str, &'static str, &'static str);

/// Reads files; expects `PATH:LINE ROUTE`.
fn check_all(files: &[File], expected: &[&str]) {
    let read: Vec<_> =
        files.iter().map(|(language, path, text)| (*path, *language, read(path, language, text))).collect();
    let found = facts(read.iter().map(|(path, language, routing)| (*path, *language, routing)));
    let found: Vec<String> = found.iter().map(|f| format!("{}:{} {}", f.path, f.line, f.name)).collect();
    assert_eq!(found, expected, "{files:?}");
}

fn check(language: &'static str, text: &'static str, expected: &[(&str, u32)]) {
    let expected: Vec<String> = expected.iter().map(|(route, line)| format!("src/x:{line} {route}")).collect();
    check_all(&[(language, "src/x", text)], &expected.iter().map(String::as_str).collect::<Vec<_>>());
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
    check("python", "@app.route('/carts', methods=['POST'])", &[("POST /carts", 1)]);
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
    let aspnet = "[ApiController]\n[Route(\"api/[controller]\")]\npublic class CartsController : Base\n{\n[HttpGet(\"{id}\")]\n[HttpGet(\"~/ping\")]\n";
    check("c#", aspnet, &[("GET /api/carts/{id}", 5), ("GET /ping", 6)]);
    let own = "router = UserAPIRouter(prefix=\"/carts\")\n@router.get(\"/{id}\")\n";
    check("python", own, &[("GET /carts/{id}", 2)]);
    let fastapi = "router = APIRouter(prefix=\"/carts\", tags=[\"x\"])\n@router.get(\"/{id}\")\n@router.post(\"\")\n";
    check("python", fastapi, &[("GET /carts/{id}", 2), ("POST /carts", 3)]);
    let flask = "bp = Blueprint('carts', __name__, url_prefix='/carts')\n@bp.route('/new')\n";
    check("python", flask, &[("GET /carts/new", 2)]);
    let gin = "api := r.Group(\"/api\")\nv1 := api.Group(\"/v1\")\nv1.GET(\"/carts\", list)\nr.GET(\"/ping\", ping)\n";
    check("go", gin, &[("GET /api/v1/carts", 3), ("GET /ping", 4)]);
}

#[test]
fn routes_by_folder() {
    let check = |path: &'static str, text, expected| check_all(&[("typescript", path, text)], &[expected]);
    check("app/carts/route.ts", "export async function GET", "app/carts/route.ts:1 /carts");
    check("src/pages/api/carts/index.ts", "export default x", "src/pages/api/carts/index.ts:1 /api/carts");
}

#[test]
fn a_route_with_its_method_among_settings() {
    let fastify = "fastify.route({\n  method: 'GET',\n  url: '/carts/:id',\n  schema: { params },\n  handler\n})\n";
    check("javascript", fastify, &[("GET /carts/:id", 1)]);
    let hapi = "server.route({ path: '/carts', method: 'POST', handler });\n";
    check("javascript", hapi, &[("POST /carts", 1)]);
    check("javascript", "router.route('/carts').get(list);\n", &[("GET /carts", 1)]);
    let long = "router.get(\n  '/carts',\n  requireAccount,\n  list,\n);\n";
    check("typescript", long, &[("GET /carts", 1)]);
    let axum = "    .route(\n        \"/carts\",\n        get(list),\n    )\n";
    check("rust", axum, &[("GET /carts", 1)]);
}

#[test]
fn a_path_with_several_methods() {
    let axum = ".route(\"/carts\", get(|| async { db.get(1) }).post(place)).route(\"/x\", put(x))\n";
    check("rust", axum, &[("GET /carts", 1), ("POST /carts", 1), ("PUT /x", 1)]);
    check("javascript", "router.route('/carts').get(list).post(place);\n", &[("GET /carts", 1), ("POST /carts", 1)]);
    let fastify = "fastify.route({ method: 'GET', url: '/carts', handler: carts.get(x).put(y) })\n";
    check("javascript", fastify, &[("GET /carts", 1)]);
}

#[test]
fn a_block_below_a_prefix() {
    let laravel = "Route::prefix('admin')->group(function () {\n    Route::get('carts', [C::class, 'x']);\n    \
                   Route::prefix('v1')->group(function () {\n        Route::post('/orders', 'x');\n    });\n});\n\
                   Route::middleware('auth')\n    ->prefix('staff')\n    ->group(function () {\n        \
                   Route::get('/me', 'x');\n    });\nRoute::get('/ping', 'x');\n";
    check(
        "php",
        laravel,
        &[("GET /admin/carts", 2), ("POST /admin/v1/orders", 4), ("GET /staff/me", 10), ("GET /ping", 12)],
    );
    let rails = "namespace :api do\n  scope '/v1', as: 'v1' do\n    get 'carts', to: 'c#i'\n    resources :orders do\n      \
                 get 'open', on: :collection\n    end\n  end\n  namespace :staff, path: 'team' do\n    resources :rooms\n  \
                 end\nend\nget 'ping', to: 'p#i'\n";
    check(
        "ruby",
        rails,
        &[
            ("GET /api/v1/carts", 3),
            ("/api/v1/orders", 4),
            ("GET /api/v1/orders/open", 5),
            ("/api/team/rooms", 9),
            ("GET /ping", 12),
        ],
    );
    let chi = "func Router() {\n\tr.Route(\"/carts\", func(r chi.Router) {\n\t\tr.Get(\"/{id}\", show)\n\t})\n\t\
               r.Get(\"/ping\", ping)\n}\n";
    check("go", chi, &[("GET /carts/{id}", 3), ("GET /ping", 5)]);
    let actix = "fn shop(cfg: &mut Config) {\n    cfg.service(\n        web::scope(\"/api\")\n            \
                 .route(\"/carts\", web::get().to(list))\n            .service(show),\n    );\n    \
                 cfg.service(web::scope(\"/v2\").service(ping)).route(\"/open\", web::get().to(open));\n}\n\
                 #[get(\"/carts/{id}\")]\nasync fn show() {}\n#[get(\"/ping\")]\nasync fn ping() {}\n";
    check("rust", actix, &[("GET /api/carts", 4), ("GET /open", 7), ("GET /api/carts/{id}", 9), ("GET /v2/ping", 11)]);
}

#[test]
fn a_router_of_the_same_file_is_mounted() {
    let express = "const app = express();\nconst users = Router();\nusers.get('/:id', show);\n\
                   app.use('/users', requireAccount, users);\napp.get('/ping', ping);\n";
    check("javascript", express, &[("GET /users/:id", 3), ("GET /ping", 5)]);
    let axum = "fn app() -> Router {\n    let carts = Router::new().route(\"/{id}\", get(show));\n    Router::new()\n        \
                .nest(\n            \"/api\",\n            Router::new()\n                .route(\"/orders\", post(place)),\n        \
                )\n        .nest(\"/carts\", carts)\n        .nest(\"/users\", users())\n        \
                .nest(\"/x\", Router::new().route(\"/y\", get(y))).route(\"/z\", get(z))\n}\n\
                fn users() -> Router {\n    Router::new().route(\"/me\", get(me))\n}\n";
    check(
        "rust",
        axum,
        &[("GET /carts/{id}", 2), ("POST /api/orders", 7), ("GET /x/y", 11), ("GET /z", 11), ("GET /users/me", 14)],
    );
    let fastify = "async function carts(fastify) {\n  fastify.get('/:id', show);\n}\n\
                   fastify.register(carts, { prefix: '/v1' });\nfastify.get('/ping', ping);\n";
    check("javascript", fastify, &[("GET /v1/:id", 2), ("GET /ping", 5)]);
    let flask = "bp = Blueprint('carts', __name__, url_prefix='/old')\n@bp.route('/new')\ndef new():\n    pass\n\
                 app.register_blueprint(bp, url_prefix='/carts')\n";
    check("python", flask, &[("GET /carts/new", 2)]);
}

#[test]
fn a_router_of_another_file_is_mounted() {
    check_all(
        &[
            ("javascript", "src/app.js", "const users = require('./users');\napp.use('/users', users);\n"),
            (
                "javascript",
                "src/users/index.js",
                "const router = Router();\nrouter.get('/:id', x);\nmodule.exports = router;\n",
            ),
        ],
        &["src/users/index.js:2 GET /users/:id"],
    );
    check_all(
        &[
            (
                "typescript",
                "src/app.ts",
                "import { routes } from \"./routes/index.js\";\napp.use(\"/api\", routes());\n",
            ),
            (
                "typescript",
                "src/routes/index.ts",
                "import { carts, orders as sales } from \"./shop.js\";\nexport function routes() {\n  const router = Router();\n  \
                 router.use(\"/carts\", carts);\n  router.use(\"/orders\", sales);\n  return router;\n}\n",
            ),
            (
                "typescript",
                "src/routes/shop.ts",
                "export const carts = Router();\nexport const orders = Router();\ncarts.get(\"/\", list);\n\
                 orders.post(\"/:id\", place);\n",
            ),
        ],
        &["src/routes/shop.ts:3 GET /api/carts", "src/routes/shop.ts:4 POST /api/orders/:id"],
    );
    check_all(
        &[
            ("javascript", "app.js", "fastify.register(require('./plugins/carts'), { prefix: '/v1/carts' });\n"),
            (
                "javascript",
                "plugins/carts.js",
                "module.exports = async function (fastify) {\n  fastify.get('/:id', x);\n};\n",
            ),
        ],
        &["plugins/carts.js:2 GET /v1/carts/:id"],
    );
    check_all(
        &[
            (
                "rust",
                "src/main.rs",
                "mod api;\nfn main() {\n    let app = Router::new().nest(\"/api\", api::router()).merge(api::health::routes());\n}\n",
            ),
            (
                "rust",
                "src/api/mod.rs",
                "use crate::api::users;\npub fn router() -> Router {\n    Router::new()\n        .route(\"/ping\", get(ping))\n        \
                 .nest(\"/users\", users::router())\n}\n",
            ),
            (
                "rust",
                "src/api/users.rs",
                "pub fn router() -> Router {\n    Router::new().route(\"/{id}\", get(show))\n}\n",
            ),
            (
                "rust",
                "src/api/health.rs",
                "pub fn routes() -> Router {\n    Router::new().route(\"/healthz\", get(ok))\n}\n",
            ),
        ],
        &[
            "src/api/mod.rs:4 GET /api/ping",
            "src/api/users.rs:2 GET /api/users/{id}",
            "src/api/health.rs:2 GET /healthz",
        ],
    );
    check_all(
        &[
            (
                "python",
                "shop/main.py",
                "from shop.api import carts\nfrom .api.orders import router as orders\ndef app():\n    \
                 app.include_router(carts.router, prefix=\"/v1\")\n    app.include_router(\n        orders,\n        prefix=PREFIX,\n    )\n",
            ),
            ("python", "shop/api/carts.py", "router = APIRouter(\n    prefix=\"/carts\",\n)\n@router.get(\"/{id}\")\n"),
            ("python", "shop/api/orders.py", "router = APIRouter()\n@router.get(\"/orders\")\n"),
        ],
        &["shop/api/carts.py:4 GET /v1/carts/{id}", "shop/api/orders.py:2 GET /orders"],
    );
    check_all(
        &[
            (
                "python",
                "web/urls.py",
                "urlpatterns = [\n    path('shop/', include('shop.urls')),\n    path('ping', ping),\n]\n",
            ),
            ("python", "shop/urls.py", "urlpatterns = [\n    path('carts/<int:id>', show),\n]\n"),
        ],
        &["web/urls.py:3 /ping", "shop/urls.py:2 /shop/carts/<int:id>"],
    );
}

#[test]
fn a_prefix_that_is_not_certain_is_not_told() {
    let router = "const router = Router();\nrouter.get('/:id', x);\nmodule.exports = router;\n";
    let bare = ["b.js:2 GET /:id"];
    for app in [
        // Twice, by a name, built from parts, of a module that is not there, in a circle.
        "const b = require('./b');\napp.use('/one', b);\napp.use('/two', b);\n",
        "const b = require('./b');\napp.use(API_PREFIX, b);\n",
        "const b = require('./b');\napp.use(`${base}/b`, b);\n",
        "const b = require('./c');\napp.use('/b', b);\n",
        "app.use('/b', b);\n",
    ] {
        check_all(&[("javascript", "a.js", app), ("javascript", "b.js", router)], &bare);
    }
    let circle =
        "const b = require('./a');\nconst router = Router();\nrouter.use('/b', b);\nmodule.exports = router;\n";
    let circle = [("javascript", "a.js", circle), ("javascript", "b.js", router)];
    check_all(&circle, &bare);
}

#[test]
fn thousands_of_mounts_cost_little() {
    let mount = "app.use('/x', require('./x'));\n".repeat(100);
    let router = "router.use('/x', require('./x'));\n".repeat(50) + &"router.get('/y', y);\n".repeat(100);
    let (mount, router) = (read("a.js", "javascript", &mount), read("x.js", "javascript", &router));
    let paths: Vec<String> = (0..2_000).map(|n| format!("a{n}.js")).collect();
    let all = paths.iter().map(|path| (path.as_str(), "javascript", &mount)).chain([("x.js", "javascript", &router)]);
    let found = facts(all);
    assert_eq!((found.len(), found[0].name.as_str()), (100, "GET /y"));
}

#[test]
fn prefixes_without_end_cost_little() {
    let deep = ") .service(web::scope(\"/a\").route(\"/b\", get(c))\n".repeat(5_000);
    assert_eq!(read("x.rs", "rust", &deep).routes.len(), 100);
    let open = "app.use('/a', (\n".repeat(10_000);
    assert_eq!(read("x.js", "javascript", &open).mounts.len(), 0);
}
