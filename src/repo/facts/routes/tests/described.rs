//! Routes that descriptions of an interface declare: attributes, settings of procedures, services, sets of views.

use super::{check, check_all};

#[test]
fn attributes_and_settings_of_an_openapi_document() {
    let utoipa = "#[utoipa::path(\n    get,\n    path = \"/api/v1/carts/{id}\",\n    params(CartPath),\n    tag = \"carts\",\n)]\n\
                  pub async fn show(state: State) -> Json<Cart> {\n";
    check("rust", utoipa, &[("GET /api/v1/carts/{id}", 1)]);
    let procedure = "export const showCart = authenticated\n  .meta({\n    openapi: {\n      method: 'GET',\n      path: '/cart/{id}',\n      \
                     tags: ['Cart'],\n    },\n  })\n";
    check("typescript", procedure, &[("GET /cart/{id}", 3)]);
    let meta = "export const meta: Meta = {\n  openapi: { method: 'POST', path: '/cart', summary: 'x' },\n};\n";
    check("typescript", meta, &[("POST /cart", 2)]);
}

#[test]
fn services_of_protocol_buffers() {
    let text = "service Carts {\n  rpc ListCarts(ListCartsRequest) returns (ListCartsResponse) {\n    \
                option (google.api.http) = {get: \"/api/v1/carts\"};\n  }\n  rpc MakeCart(MakeCartRequest) returns (Cart) {\n    \
                option (google.api.http) = {\n      post: \"/api/v1/carts\"\n      body: \"cart\"\n    };\n  }\n}\n";
    check("protobuf", text, &[("GET /api/v1/carts", 3), ("POST /api/v1/carts", 6)]);
}

#[test]
fn sets_of_views_stand_below_what_includes_their_router() {
    let urls = "from django.urls import include, path\nfrom shop.api import routes as api_routes\n\nurlpatterns = [\n    \
                path(\"\", include(api_routes.root_router.urls)),\n    path(\"api/carts/\", include(api_routes.cart_router.urls)),\n]\n";
    let routes = "from rest_framework.routers import SimpleRouter\n\nroot_router = SimpleRouter()\nroot_router.register(r'tags', TagViewSet)\n\
                  cart_router = SimpleRouter()\ncart_router.register(\"\", CartViewSet, basename=\"cart\")\nadmin.register(\"x\", Y)\n";
    check_all(
        &[("python", "shop/urls.py", urls), ("python", "shop/api/routes.py", routes)],
        &[
            "shop/api/routes.py:4 /tags",
            "shop/api/routes.py:4 /tags/{id}",
            "shop/api/routes.py:6 /api/carts",
            "shop/api/routes.py:6 /api/carts/{id}",
        ],
    );
    let one = "router = DefaultRouter()\nrouter.register('orders', OrderViewSet)\nurlpatterns = [\n    path('api/', include(router.urls)),\n]\n";
    check_all(&[("python", "shop/urls.py", one)], &["shop/urls.py:2 /api/orders", "shop/urls.py:2 /api/orders/{id}"]);
}

#[test]
fn methods_that_flask_is_told() {
    let flask =
        "@app.route('/carts', methods=['GET', \"POST\"])\ndef carts():\n    pass\n\n@app.route('/ping')\ndef ping():\n";
    check("python", flask, &[("GET /carts", 1), ("POST /carts", 1), ("GET /ping", 5)]);
}
