//! A prefix of a whole application.

use super::check_all;

const CARTS: &str = "@Controller('carts')\nexport class CartsController {\n  @Get(':id')\n  one() {}\n}\n";

#[test]
fn a_global_prefix_stands_before_the_routes_of_its_classes() {
    let main =
        "const app = await NestFactory.create(AppModule);\napp.setGlobalPrefix('api/v1');\nawait app.listen(3000);\n";
    check_all(
        &[
            ("typescript", "apps/shop/src/main.ts", main),
            ("typescript", "apps/shop/src/carts/carts.controller.ts", CARTS),
            ("typescript", "apps/shop/src/plain.ts", "router.get('/ping', ping);\n"),
            ("typescript", "apps/admin/src/carts.controller.ts", CARTS),
        ],
        &[
            "apps/shop/src/carts/carts.controller.ts:3 GET /api/v1/carts/:id",
            "apps/shop/src/plain.ts:1 GET /ping",
            "apps/admin/src/carts.controller.ts:3 GET /carts/:id",
        ],
    );
    let deeper = "export function setup(app) {\n  app.setGlobalPrefix(\"/api/\");\n}\n";
    check_all(
        &[("typescript", "src/bootstrap/setup.ts", deeper), ("typescript", "src/carts/carts.ts", CARTS)],
        &["src/carts/carts.ts:3 GET /api/carts/:id"],
    );
}

#[test]
fn a_global_prefix_that_is_not_certain_is_not_told() {
    for main in [
        "app.setGlobalPrefix(config.get('prefix'));\n",
        "app.setGlobalPrefix(`${base}/api`);\n",
        "app.setGlobalPrefix('api', { exclude: ['carts/:id'] });\n",
        "if (old) app.setGlobalPrefix('v1');\nelse app.setGlobalPrefix('v2');\n",
    ] {
        check_all(
            &[("typescript", "src/main.ts", main), ("typescript", "src/carts.ts", CARTS)],
            &["src/carts.ts:3 GET /carts/:id"],
        );
    }
}
