//! Definitions in every language: one small text and what is found in it.

use planwright::{model::context::Symbol, repo::symbols::outline};

/// `kind name parent first-last public` of each symbol.
fn show(symbol: &Symbol) -> String {
    let parent = symbol.parent.as_deref().unwrap_or("-");
    let public = if symbol.is_public { "public" } else { "private" };
    format!("{:?} {} {parent} {}-{} {public}", symbol.kind, symbol.name, symbol.line, symbol.end_line)
}

fn check(language: &str, text: &str, expected: &[&str]) {
    let found: Vec<String> = outline(language, text).symbols.iter().map(show).collect();
    assert_eq!(found, expected, "{language}");
}

#[test]
fn rust() {
    check(
        "rust",
        "pub struct Cart {\n    pub total: u32,\n}\nimpl Cart {\n    pub fn add(&mut self) {\n        let x = 1;\n    }\n}\n\
         trait Price {\n    fn price(&self) -> u32;\n}\npub enum State { Open, Paid }\nconst LIMIT: u32 = 3;\n\
         macro_rules! sum { () => {} }\nmod inner {\n    fn hidden() {}\n}\n#[test]\nfn adds_up() {}\n",
        &[
            "Struct Cart - 1-3 public",
            "Field total Cart 2-2 public",
            "Method add Cart 5-7 public",
            "Trait Price - 9-11 private",
            "Method price Price 10-10 private",
            "Enum State - 12-12 public",
            "Field Open State 12-12 public",
            "Field Paid State 12-12 public",
            "Constant LIMIT - 13-13 private",
            "Macro sum - 14-14 private",
            "Module inner - 15-17 private",
            "Function hidden inner 16-16 private",
            "Test adds_up - 19-19 private",
        ],
    );
}

#[test]
fn what_tests_of_a_rust_file_share_is_no_definition() {
    check(
        "rust",
        "fn parse() {}\n// Its cases.\n#[cfg(test)]\nmod cases {\n    struct Given;\n    fn given() {}\n    macro_rules! parses {\n        \
         ($name:ident) => { #[test] fn $name() {} };\n    }\n    mod deeper {\n        fn shared() {}\n        #[test]\n        fn \
         is_read() {}\n    }\n}\nmod after {\n    fn kept() {}\n}\n",
        &[
            "Function parse - 1-1 private",
            "Module cases - 4-15 private",
            "Test parses cases 7-9 private",
            "Test is_read deeper 13-13 private",
            "Module after - 16-18 private",
            "Function kept after 17-17 private",
        ],
    );
}

#[test]
fn python() {
    check(
        "python",
        "LIMIT = 3\nclass Cart:\n    def total(self):\n        return 1\n    def _hidden(self): pass\n\ndef test_total():\n    pass\n",
        &[
            "Constant LIMIT - 1-1 public",
            "Class Cart - 2-5 public",
            "Method total Cart 3-4 public",
            "Method _hidden Cart 5-5 private",
            "Test test_total - 7-8 public",
        ],
    );
}

#[test]
fn javascript() {
    check(
        "javascript",
        "export class Cart {\n  total() { return 1; }\n}\nconst add = (a) => a;\nfunction hidden() {}\nexports.sum = function () {};\n\
         describe('cart', () => {\n  it('adds up', () => {});\n});\n",
        &[
            "Class Cart - 1-3 public",
            "Method total Cart 2-2 public",
            "Function add - 4-4 private",
            "Function hidden - 5-5 private",
            "Function sum - 6-6 public",
            "Test cart - 7-9 private",
            "Test adds up - 8-8 private",
        ],
    );
}

#[test]
fn typescript_and_tsx() {
    let text = "export interface Item {\n  price: number;\n  tax(): number;\n}\nexport type Id = string;\nenum State { Open }\n\
                export const total = (items: Item[]): number => 1;\nnamespace Shop {\n  export function open() {}\n}\n";
    let expected = [
        "Interface Item - 1-4 public",
        "Field price Item 2-2 public",
        "Method tax Item 3-3 public",
        "Type Id - 5-5 public",
        "Enum State - 6-6 private",
        "Function total - 7-7 public",
        "Module Shop - 8-10 private",
        "Function open Shop 9-9 public",
    ];
    check("typescript", text, &expected);
    check("tsx", text, &expected);
}

#[test]
fn go() {
    check(
        "go",
        "package shop\n\ntype Cart struct {\n\tTotal int\n}\n\ntype Price interface {\n\tPrice() int\n}\n\nconst limit = 3\n\n\
         func (c *Cart) Add(n int) error {\n\treturn nil\n}\n\nfunc TestAdd(t *testing.T) {}\n",
        &[
            "Struct Cart - 3-5 public",
            "Field Total Cart 4-4 public",
            "Interface Price - 7-9 public",
            "Method Price Price 8-8 public",
            "Constant limit - 11-11 private",
            "Method Add Cart 13-15 public",
            "Test TestAdd - 17-17 public",
        ],
    );
}

#[test]
fn java() {
    check(
        "java",
        "public class Cart {\n  private int total;\n  public Cart() {}\n  @Override\n  public int total() { return total; }\n\
         \x20 @Test\n  void addsUp() {}\n}\ninterface Price { int price(); }\nenum State { OPEN }\n",
        &[
            "Class Cart - 1-8 public",
            "Field total Cart 2-2 private",
            "Method Cart Cart 3-3 public",
            "Method total Cart 4-5 public",
            "Test addsUp Cart 6-7 private",
            "Interface Price - 9-9 private",
            "Method price Price 9-9 private",
            "Enum State - 10-10 private",
            "Field OPEN State 10-10 public",
        ],
    );
}

#[test]
fn csharp() {
    check(
        "c#",
        "namespace Shop {\n  public class Cart {\n    private int total;\n    public int Total { get; set; }\n    public void Add() {}\n\
         \x20   [Fact]\n    public void AddsUp() {}\n  }\n  public enum State { Open }\n}\n",
        &[
            "Module Shop - 1-10 private",
            "Class Cart Shop 2-8 public",
            "Field total Cart 3-3 private",
            "Field Total Cart 4-4 public",
            "Method Add Cart 5-5 public",
            "Test AddsUp Cart 6-7 public",
            "Enum State Shop 9-9 public",
            "Field Open State 9-9 public",
        ],
    );
}

#[test]
fn a_condition_of_the_preprocessor_names_no_type() {
    let text = "public class Files\n#if FRAMEWORK\n    : Base\n#endif\n{\n    public void Read() { }\n}\n";
    let found = outline("c#", text).symbols;
    assert!(found.iter().all(|s| s.name != "FRAMEWORK" && s.parent.as_deref() != Some("FRAMEWORK")), "{found:?}");
    assert!(found.iter().any(|s| s.name == "Read"), "{found:?}");
}

#[test]
fn an_annotation_of_several_lines_is_no_head() {
    let text =
        "@Rule(\n    name = \"a (b\",\n    severity = ERROR)\npublic final class Checker {\n  void check() {}\n}\n";
    let found = outline("java", text).symbols;
    let class = found.iter().find(|s| s.name == "Checker").expect("the class");
    assert!(class.is_public && class.signature == "public final class Checker", "{class:?}");
}

#[test]
fn c_and_cpp() {
    check(
        "c",
        "#define LIMIT 3\n#include \"cart.h\"\nstruct cart {\n  int total;\n};\ntypedef struct cart cart_t;\nint cart_total(struct cart *c);\n\
         static int add(int n) {\n  int x = n;\n  return x;\n}\nint counter;\nenum state { OPEN };\n",
        &[
            "Macro LIMIT - 1-2 public",
            "Struct cart - 3-5 public",
            "Field total cart 4-4 public",
            "Type cart_t - 6-6 public",
            "Function cart_total - 7-7 public",
            "Function add - 8-11 private",
            "Enum state - 13-13 public",
            "Field OPEN state 13-13 public",
        ],
    );
    check(
        "c++",
        "namespace shop {\nclass Cart {\n public:\n  int total() const;\n};\n}\nint Cart::total() const { return 1; }\n",
        &[
            "Module shop - 1-6 public",
            "Class Cart shop 2-5 public",
            "Field total Cart 4-4 public",
            "Method total Cart 7-7 public",
        ],
    );
}

#[test]
fn ruby() {
    check(
        "ruby",
        "module Shop\n  LIMIT = 3\n  class Cart\n    def total\n      1\n    end\n    def self.open; end\n  end\nend\n\
         describe 'cart' do\n  it 'adds up' do\n  end\nend\n",
        &[
            "Module Shop - 1-9 public",
            "Constant LIMIT Shop 2-2 public",
            "Class Cart Shop 3-8 public",
            "Method total Cart 4-6 public",
            "Method open Cart 7-7 public",
            "Test cart - 10-13 public",
            "Test adds up - 11-12 public",
        ],
    );
}

#[test]
fn php() {
    check(
        "php",
        "<?php\nnamespace Shop;\nclass Cart {\n  const LIMIT = 3;\n  private $total;\n  public function total() { return 1; }\n}\nfunction add() {}\n",
        &[
            "Module Shop - 2-2 public",
            "Class Cart - 3-7 public",
            "Constant LIMIT Cart 4-4 public",
            "Field total Cart 5-5 public",
            "Method total Cart 6-6 public",
            "Function add - 8-8 public",
        ],
    );
}

#[test]
fn kotlin() {
    check(
        "kotlin",
        "class Cart {\n  val total = 1\n  fun add(n: Int): Int = n\n  private fun hidden() {}\n}\nobject Shop\nfun open() {}\ntypealias Id = String\n",
        &[
            "Class Cart - 1-5 public",
            "Field total Cart 2-2 public",
            "Method add Cart 3-3 public",
            "Method hidden Cart 4-4 private",
            "Class Shop - 6-6 public",
            "Function open - 7-7 public",
            "Type Id - 8-8 public",
        ],
    );
}

#[test]
fn signatures_are_heads_in_one_line() {
    let sign =
        |language: &str, text: &str| outline(language, text).symbols.last().map(|s| s.signature.clone()).unwrap();
    assert_eq!(sign("rust", "pub fn add(\n    a: u32,\n) -> u32 {\n    a\n}\n"), "pub fn add( a: u32, ) -> u32");
    assert_eq!(sign("python", "def total(a, b=1) -> int:\n    return a\n"), "def total(a, b=1) -> int");
    assert_eq!(sign("java", "class A {\n  @Override\n  public int a(int b) { return b; }\n}\n"), "public int a(int b)");
    assert_eq!(sign("go", "package a\nfunc A(b int) error {\n\treturn nil\n}\n"), "func A(b int) error");
}

#[test]
fn imports_are_read_as_written() {
    let imports = |language: &str, text: &str| outline(language, text).imports;
    assert_eq!(
        imports("rust", "use crate::cart::{Cart, total::Sum};\nmod price;\n"),
        ["crate::cart::Cart", "crate::cart::total::Sum", "mod price"]
    );
    assert_eq!(
        imports("python", "from .cart import Cart\nimport shop.price as p\n"),
        [".cart", ".cart.Cart", "shop.price"]
    );
    assert_eq!(
        imports("typescript", "import { a } from './cart';\nconst b = require('../price');\n"),
        ["./cart", "../price"]
    );
    assert_eq!(imports("go", "package a\nimport (\n\t\"acme.org/shop/cart\"\n)\n"), ["acme.org/shop/cart"]);
    assert_eq!(imports("java", "import com.acme.Cart;\n"), ["com.acme.Cart"]);
    assert_eq!(imports("c", "#include <stdio.h>\n#include \"cart.h\"\n"), ["stdio.h", "cart.h"]);
    assert_eq!(imports("ruby", "require_relative 'cart'\n"), ["./cart"]);
    assert_eq!(imports("kotlin", "import com.acme.Cart\n"), ["com.acme.Cart"]);
    assert_eq!(imports("c#", "using Acme.Shop;\n"), ["Acme.Shop"]);
    assert_eq!(imports("php", "<?php\nuse Acme\\Shop\\Cart;\n"), ["Acme\\Shop\\Cart"]);
}

#[test]
fn deep_nesting_costs_no_stack_in_any_grammar() {
    let languages =
        ["rust", "python", "javascript", "typescript", "tsx", "go", "java", "c#", "c", "c++", "ruby", "php", "kotlin"];
    for language in languages {
        for (open, close) in [("(", ")"), ("{ [", "] }")] {
            let head = if language == "php" { "<?php $x = " } else { "x = " };
            let text = format!("{head}{}{}", open.repeat(50_000), close.repeat(50_000));
            // What is found in such a text is of no interest; that the reading ends is.
            assert!(outline(language, &text).symbols.len() <= 4_000, "{language} {open}");
        }
    }
}
