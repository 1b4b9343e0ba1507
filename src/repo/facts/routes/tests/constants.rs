//! Paths of annotations that constants give.

use super::{check, check_all};

#[test]
fn constants_of_the_text_give_their_values() {
    let java = "@RestController\n@RequestMapping(CartController.BASE)\npublic class CartController {\n  \
                static final String API = \"/api\";\n  public static final String BASE = API + \"/carts\";\n  \
                @GetMapping(ID)\n  Cart one() {}\n  @PostMapping(path = ID + \"/lines\", produces = JSON)\n  void add() {}\n  \
                @DeleteMapping\n  void clear() {}\n  private static final String ID = \"/{id}\";\n}\n";
    let routes = [("GET /api/carts/{id}", 6), ("POST /api/carts/{id}/lines", 8), ("DELETE /api/carts", 10)];
    check("java", java, &routes);
    let kotlin = "const val BASE = \"/carts\"\n@RequestMapping(BASE)\nclass Carts {\n  @GetMapping(\"/{id}\")\n  fun one() {}\n}\n";
    check("kotlin", kotlin, &[("GET /carts/{id}", 4)]);
}

#[test]
fn constants_of_another_class_give_their_values() {
    let paths = "public final class Paths {\n  public static final String API = \"/api\";\n  \
                 public static final String CARTS = API + \"/carts\";\n  public static final String ID = \"/{id}\";\n}\n";
    let carts = "import static com.acme.Paths.ID;\n@RequestMapping(value = Paths.CARTS + \"/v1\")\nclass Carts {\n  \
                 @GetMapping(ID)\n  Cart one() {}\n  @PutMapping(Paths.GONE)\n  Cart put() {}\n  @PostMapping\n  void add() {}\n}\n";
    check_all(
        &[("java", "web/Paths.java", paths), ("java", "web/Carts.java", carts)],
        &["web/Carts.java:4 GET /api/carts/v1/{id}", "web/Carts.java:8 POST /api/carts/v1"],
    );
    // Two classes of one name with two values.
    let other = "class Paths {\n  static final String CARTS = \"/baskets\";\n}\n";
    check_all(
        &[("java", "web/Paths.java", paths), ("java", "old/Paths.java", other), ("java", "web/Carts.java", carts)],
        &["web/Carts.java:4 GET /{id}", "web/Carts.java:8 POST /"],
    );
}

#[test]
fn a_constant_that_is_not_certain_gives_nothing() {
    for base in [
        // Of another class, twice, made when it runs, not there.
        "@RequestMapping(Paths.BASE)\nclass C {\n  static final String BASE = \"/x\";\n",
        "@RequestMapping(BASE)\nclass C {\n  static final String BASE = \"/x\";\n  static final String BASE = \"/y\";\n",
        "@RequestMapping(BASE)\nclass C {\n  static final String BASE = base();\n",
        "@RequestMapping(BASE)\nclass C {\n  static final String OTHER = \"/x\";\n",
    ] {
        let text: &'static str = format!("{base}  @GetMapping(\"/one\")\n  String one() {{}}\n}}\n").leak();
        let line = u32::try_from(base.lines().count() + 1).unwrap();
        check("java", text, &[("GET /one", line)]);
    }
}
