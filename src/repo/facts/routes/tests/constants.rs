//! Paths of annotations that constants give.

use super::check;

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
