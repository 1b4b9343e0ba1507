//! Routers of Go that functions and methods are given.

use super::{check, check_all};

#[test]
fn a_router_is_handed_to_a_function_of_go() {
    let main = "package main\nimport (\n\t\"net/http\"\n\t\"github.com/acme/shop/internal/users\"\n\th \"github.com/acme/shop/internal/handlers\"\n)\n\
                func main() {\n\tr := gin.Default()\n\tapi := r.Group(\"/api\")\n\tusers.Register(api, db)\n\t\
                health(r)\n\torders := h.NewOrders(db)\n\torders.Routes(api.Group(\"/v1\"))\n\t\
                h.NewCarts(db).Routes(api)\n\thttp.ListenAndServe(\":80\", r)\n}\n\
                func health(r *gin.Engine) {\n\tr.GET(\"/healthz\", ok)\n}\n";
    let users = "package users\nfunc Register(rg *gin.RouterGroup, db *DB) {\n\tg := rg.Group(\"/users\")\n\t\
                 g.GET(\"/:id\", show)\n\tadmin(g.Group(\"/admin\"))\n}\nfunc admin(rg *gin.RouterGroup) {\n\trg.POST(\"\", add)\n}\n";
    let orders = "package handlers\nfunc (o *Orders) Routes(rg *gin.RouterGroup) {\n\trg.GET(\"/orders\", o.list)\n}\n";
    let carts = "package handlers\nfunc (c *Carts) Routes(rg *gin.RouterGroup) {\n\trg.GET(\"/carts\", c.list)\n}\n";
    check_all(
        &[
            ("go", "main.go", main),
            ("go", "internal/users/http.go", users),
            ("go", "internal/handlers/orders.go", orders),
            ("go", "internal/handlers/carts.go", carts),
        ],
        &[
            "main.go:18 GET /healthz",
            "internal/users/http.go:4 GET /api/users/:id",
            "internal/users/http.go:8 POST /api/users/admin",
            "internal/handlers/orders.go:3 GET /api/v1/orders",
            "internal/handlers/carts.go:3 GET /api/carts",
        ],
    );
    let server = "func (s *Server) routes() {\n\tv1 := s.echo.Group(\"/v1\")\n\ts.carts(v1)\n}\n\
                  func (s *Server) carts(g *echo.Group) {\n\tg.GET(\"/carts\", s.list)\n}\n";
    check("go", server, &[("GET /v1/carts", 6)]);
    let chi = "func New() http.Handler {\n\tr := chi.NewRouter()\n\tr.Route(\"/carts\", carts)\n\tr.Mount(\"/users\", users{}.Routes())\n\t\
               r.Route(\"/v2\", func(r chi.Router) {\n\t\torders(r)\n\t})\n\treturn r\n}\n\
               func carts(r chi.Router) {\n\tr.Get(\"/{id}\", show)\n}\n\
               func (u users) Routes() chi.Router {\n\tr := chi.NewRouter()\n\tr.Get(\"/me\", me)\n\treturn r\n}\n\
               func orders(r chi.Router) {\n\tr.Post(\"/orders\", place)\n}\n";
    check("go", chi, &[("GET /carts/{id}", 11), ("GET /users/me", 15), ("POST /v2/orders", 19)]);
    let mux = "func main() {\n\tapi := http.NewServeMux()\n\tapi.HandleFunc(\"GET /carts\", list)\n\troot := http.NewServeMux()\n\t\
               root.Handle(\"/api/\", http.StripPrefix(\"/api\", api))\n}\n";
    check("go", mux, &[("GET /api/carts", 3)]);
    let gorilla = "func routes(r *mux.Router) {\n\ts := r.PathPrefix(\"/api\").Subrouter()\n\ts.HandleFunc(\"/carts\", list)\n}\n";
    check("go", gorilla, &[("/api/carts", 3)]);
}

#[test]
fn a_function_of_go_that_is_not_certain_gets_no_prefix() {
    let users = "package users\nfunc Register(rg *gin.RouterGroup) {\n\trg.GET(\"/users\", list)\n}\n";
    let import = "import \"github.com/acme/shop/users\"\n";
    for main in [
        // Twice, below a prefix without a value, in another package, by a method.
        "func main() {\n\tr := gin.New()\n\tusers.Register(r.Group(\"/v1\"))\n\tusers.Register(r.Group(\"/v2\"))\n}\n",
        "func main() {\n\tr := gin.New()\n\tusers.Register(r.Group(cfg.Base))\n}\n",
        "func main() {\n\tr := gin.New()\n\tother.Register(r.Group(\"/v1\"))\n}\n",
        "func main() {\n\tr := gin.New()\n\tapp.users.Register(r.Group(\"/v1\"))\n}\n",
    ] {
        let main: &'static str = format!("{import}{main}").leak();
        check_all(&[("go", "main.go", main), ("go", "users/http.go", users)], &["users/http.go:3 GET /users"]);
    }
}
