//! Names, signatures, visibility and imports of single syntax nodes.
//!
//! In: a node and the text. Out: short texts. Every search inside a node is bounded, whatever its depth.

use tree_sitter::Node;

use super::grammar::{NameAt, Rule};
use crate::model::context::SymbolKind;

/// How deep nested declarators are followed: `int (*(*f)(void))[3]` needs five.
const MAX_NESTING: usize = 16;
/// The longest name, in bytes.
const MAX_NAME: usize = 200;
/// The longest signature, in characters.
const MAX_SIGNATURE: usize = 240;
/// Braces and commas of one import that are read.
const MOST_MARKS: usize = 400;
/// Calls that declare a test or a group of tests.
const TEST_CALLS: &[&str] =
    &["describe", "it", "test", "context", "specify", "scenario", "feature", "should", "suite", "shared_examples"];

/// The text of a node.
pub fn text<'a>(node: Node<'_>, source: &'a str) -> &'a str {
    source.get(node.byte_range()).unwrap_or_default()
}

/// The name of a definition; `None` when the node defines nothing.
pub fn of(node: Node<'_>, rule: Rule, source: &str) -> Option<String> {
    let found = match rule.name {
        NameAt::Field(field) => node.child_by_field_name(field)?,
        NameAt::Child(kind) => children(node).find(|child| child.kind() == kind)?,
        NameAt::Declarator => declared(node)?,
        NameAt::FunctionValue => {
            let name = node.child_by_field_name("name")?;
            let value = node.child_by_field_name("value")?;
            let plain = text(name, source);
            (is_function(value) || is_constant_name(plain)).then_some(name)?
        }
        NameAt::AssignedFunction => {
            is_function(node.child_by_field_name("right")?).then_some(())?;
            node.child_by_field_name("left")?.child_by_field_name("property")?
        }
        NameAt::TestCall => return test_call(node, source),
        NameAt::ConstantName => {
            let left = node.child_by_field_name("left")?;
            is_constant_name(text(left, source)).then_some(left)?
        }
    };
    let name = text(found, source).trim_matches(['"', '\'', '`']).trim_start_matches('$');
    let name = if is_condition(found, source) { before_condition(node, source)? } else { name };
    let name = if node.kind() == "impl_item" { name.split('<').next().unwrap_or(name).trim() } else { name };
    (!name.is_empty() && name.len() <= MAX_NAME && !name.contains('\n')).then(|| name.to_owned())
}

/// Does the node stand on a line of the preprocessor, where a damaged tree took its condition for a name?
fn is_condition(found: Node<'_>, source: &str) -> bool {
    let before = source.get(..found.start_byte()).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    ["#if ", "#elif ", "#ifdef ", "#ifndef "].iter().any(|mark| line.starts_with(mark))
}

/// The name that stands behind `class` before such a line.
fn before_condition<'a>(node: Node<'_>, source: &'a str) -> Option<&'a str> {
    let head = text(node, source).lines().find(|line| !line.trim_start().starts_with(['#', '[', '/']))?;
    let mut words = head.split_whitespace().skip_while(|word| !["class", "struct", "interface"].contains(word));
    words.nth(1).map(|name| name.trim_end_matches([':', '{']))
}

/// Named children, without recursion.
fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.named_child_count().min(64)).filter_map(move |at| node.named_child(u32::try_from(at).ok()?))
}

/// Follows declarators down to the name. Plain variables of C are no symbols; functions and types are.
fn declared(node: Node<'_>) -> Option<Node<'_>> {
    let is_variable = node.kind() == "declaration";
    let mut at = node;
    let mut saw_function = false;
    for _ in 0..MAX_NESTING {
        saw_function |= at.kind() == "function_declarator";
        match at.kind() {
            "identifier"
            | "field_identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "operator_name"
            | "destructor_name" => return (!is_variable || saw_function).then_some(at),
            _ => {}
        }
        let by_field = at.child_by_field_name("declarator").or_else(|| at.child_by_field_name("name"));
        let next = by_field.or_else(|| {
            children(at).find(|child| {
                matches!(child.kind(), "variable_declaration" | "variable_declarator" | "parenthesized_declarator")
                    || child.kind() == "identifier" && at.kind() != "field_declaration"
                    || child.kind().ends_with("_declarator")
            })
        });
        at = next?;
    }
    None
}

/// Does the node give a name to a value that is no function: `const FREE_FROM = cents(4900)`?
pub fn holds_value(node: Node<'_>) -> bool {
    let value = node.child_by_field_name("value").filter(|_| node.kind() == "variable_declarator");
    value.is_some_and(|value| !is_function(value))
}

/// Is the value a function or a class?
fn is_function(value: Node<'_>) -> bool {
    matches!(value.kind(), "arrow_function" | "function_expression" | "function" | "generator_function" | "class")
}

/// `MAX_SIZE`, `DefaultLimit` no, `VERSION` yes.
fn is_constant_name(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// The words of `it("adds up", …)`.
fn test_call(node: Node<'_>, source: &str) -> Option<String> {
    let called = node.child_by_field_name("function").or_else(|| node.child_by_field_name("method"))?;
    let name = text(called, source);
    let bare = name.split('.').next().unwrap_or(name);
    if name.len() > 40 || !TEST_CALLS.contains(&bare) {
        return None;
    }
    let first = children(node.child_by_field_name("arguments")?).next()?;
    let words = text(first, source);
    // Only the literal's own quotes go: a title may end with another one.
    let inner = |quote: char| words.strip_prefix(quote)?.strip_suffix(quote);
    let words = ['"', '\'', '`'].into_iter().find_map(inner).unwrap_or(words);
    (!words.is_empty() && words.len() <= MAX_NAME && !words.contains('\n')).then(|| words.to_owned())
}

/// The module of `require("x")` and `require_relative "x"`.
pub fn required(node: Node<'_>, source: &str) -> Option<String> {
    let called = node.child_by_field_name("function").or_else(|| node.child_by_field_name("method"))?;
    let called = text(called, source);
    if !["require", "require_relative", "import"].contains(&called) {
        return None;
    }
    let first = children(node.child_by_field_name("arguments")?).next()?;
    let module = text(first, source).trim_matches(['"', '\'', '`']);
    Some(if called == "require_relative" { format!("./{module}") } else { module.to_owned() })
}

/// The receiver's type of a Go method.
pub fn receiver(node: Node<'_>, source: &str) -> Option<String> {
    let receiver = text(node.child_by_field_name("receiver").filter(|_| node.kind() == "method_declaration")?, source);
    let inner = receiver.trim_matches(['(', ')']).rsplit([' ', '*']).next()?;
    let name = inner.split('[').next().unwrap_or(inner).trim();
    (!name.is_empty() && name.len() <= MAX_NAME).then(|| name.to_owned())
}

/// What a type declaration of Go (and of others) declares.
pub fn type_kind(node: Node<'_>) -> SymbolKind {
    match node.child_by_field_name("type").map(|inner| inner.kind()) {
        Some("struct_type") => SymbolKind::Struct,
        Some("interface_type") => SymbolKind::Interface,
        _ => SymbolKind::Type,
    }
}

/// The head of a definition in one line: without body, annotations and doubled spaces.
pub fn signature(node: Node<'_>, source: &str) -> String {
    let body = ["body", "block"].iter().find_map(|field| node.child_by_field_name(field));
    let body = body.or_else(|| children(node).find(|child| child.kind().ends_with("_body")));
    let end = body.map_or(node.end_byte(), |body| body.start_byte());
    let head = source.get(node.start_byte()..end).unwrap_or_default();
    let head = match body {
        Some(_) => head,
        None => head.lines().next().unwrap_or_default(),
    };
    let mut out = String::new();
    for word in without_annotations(head).flat_map(str::split_ascii_whitespace) {
        if out.chars().count() + word.chars().count() >= MAX_SIGNATURE {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.trim_end_matches(['{', ':', '=', ' ', ';']).to_owned()
}

/// The lines behind the annotations and attributes at the start, which may go on in lines of their own.
fn without_annotations(head: &str) -> impl Iterator<Item = &str> {
    let mut open = 0_i32;
    head.lines().map(str::trim).skip_while(move |line| {
        let is_inside = open > 0 || line.starts_with('@') || line.starts_with('[');
        if is_inside {
            // Marks in a text close nothing.
            let outside: String = line.split('"').step_by(2).collect();
            let count = |marks: [char; 2]| i32::try_from(outside.matches(marks).count()).unwrap_or(0);
            open = (open + count(['(', '[']) - count([')', ']'])).max(0);
        }
        is_inside
    })
}

/// Is it visible outside its module, as far as its own words say?
pub fn is_public(language: &str, node: Node<'_>, name: &str, signature: &str) -> bool {
    let says = |word: &str| signature.split(|c: char| !c.is_alphanumeric()).take(6).any(|part| part == word);
    match language {
        "rust" => signature.starts_with("pub") || node.kind() == "enum_variant",
        "python" => !name.starts_with('_') || name.ends_with("__"),
        "go" => name.starts_with(char::is_uppercase),
        "java" | "c#" => says("public") || matches!(node.kind(), "enum_constant" | "enum_member_declaration"),
        "kotlin" => !says("private") && !says("internal"),
        "c" | "c++" => !says("static") || language == "c++",
        "javascript" | "typescript" | "tsx" => {
            let parent = node.parent().map(|parent| parent.kind());
            let exported = parent == Some("export_statement")
                || node.kind() == "variable_declarator"
                    && node.parent().and_then(|p| p.parent()).is_some_and(|p| p.kind() == "export_statement");
            let member = matches!(parent, Some("class_body" | "interface_body" | "object_type" | "enum_body"));
            exported || node.kind() == "assignment_expression" || member && !says("private") && !name.starts_with('#')
        }
        _ => !says("private") && !says("protected"),
    }
}

/// Is a module compiled for tests alone?
pub fn is_test_module(language: &str, node: Node<'_>, source: &str) -> bool {
    let mut above = node.prev_sibling();
    while let Some(attribute) = above.filter(|n| matches!(n.kind(), "attribute_item" | "line_comment")) {
        if text(attribute, source).replace(' ', "").starts_with("#[cfg(test)") {
            return language == "rust" && node.kind() == "mod_item";
        }
        above = attribute.prev_sibling();
    }
    false
}

/// Is a function a test case, by its name or by what stands above it? A macro is, when it makes test cases.
pub fn is_test(language: &str, node: Node<'_>, name: &str, source: &str) -> bool {
    if node.kind() == "macro_definition" {
        return text(node, source).contains("#[test]");
    }
    let above = || {
        let start = node.start_byte();
        let from = source[..start].char_indices().rev().nth(200).map_or(0, |(at, _)| at);
        let head = text(node, source);
        let head_end = head.char_indices().nth(200).map_or(head.len(), |(at, _)| at);
        let before = source[from..start].rsplit(['}', ';']).next().unwrap_or_default();
        format!("{before}{}", head[..head_end].split('{').next().unwrap_or_default())
    };
    match language {
        "python" | "ruby" | "php" => name.starts_with("test_") || language == "php" && name.starts_with("test"),
        "go" => ["Test", "Benchmark", "Fuzz", "Example"].iter().any(|start| {
            name.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_lowercase) && !rest.is_empty())
        }),
        "rust" => above().contains("test]") || above().contains("[rstest"),
        "java" | "kotlin" => above().contains("@Test") || above().contains("@ParameterizedTest"),
        "c#" => ["[Fact", "[Theory", "[Test]", "[TestMethod", "[TestCase", "Fact]", "Theory]"]
            .iter()
            .any(|mark| above().contains(mark)),
        _ => false,
    }
}

/// The modules that an import statement names, as written.
pub fn imports(language: &str, node: Node<'_>, source: &str) -> Vec<String> {
    let whole = text(node, source);
    let bare = |text: &str| text.trim_matches(['"', '\'', '`', '<', '>', ' ', ';']).to_owned();
    match language {
        "rust" => use_paths(whole),
        "python" => python_modules(whole),
        "javascript" | "typescript" | "tsx" => {
            node.child_by_field_name("source").map(|from| bare(text(from, source))).into_iter().collect()
        }
        "go" | "c" | "c++" => {
            node.child_by_field_name("path").map(|from| bare(text(from, source))).into_iter().collect()
        }
        _ => {
            let mut words =
                whole.split_ascii_whitespace().filter(|w| !["import", "using", "static", "use", "global"].contains(w));
            words.next_back().map(bare).into_iter().collect()
        }
    }
}

/// `use a::{b, c::{d, e}};` gives `a::b`, `a::c::d` and `a::c::e`; the module itself stands for its `self`.
fn use_paths(whole: &str) -> Vec<String> {
    let path = whole.split_once("use ").map_or(whole, |(_, path)| path).trim_end_matches(';');
    let clean = |text: &str| text.split(" as ").next().unwrap_or(text).split_whitespace().collect::<String>();
    let mut heads = vec![String::new()];
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in path.match_indices(['{', '}', ',']).take(MOST_MARKS) {
        let name = clean(&path[start..at]);
        start = at + mark.len();
        let head = heads.last().map_or("", String::as_str);
        match mark {
            "{" => heads.push(format!("{head}{name}")),
            _ if !name.is_empty() => found.push(named(head, &name)),
            _ => {}
        }
        if mark == "}" && heads.len() > 1 {
            heads.pop();
        }
    }
    let last = clean(&path[start..]);
    if !last.is_empty() {
        found.push(named(heads.last().map_or("", String::as_str), &last));
    }
    found.truncate(100);
    found
}

/// A name below its head; `self` is the head.
fn named(head: &str, name: &str) -> String {
    match name {
        "self" => head.trim_end_matches("::").to_owned(),
        _ => format!("{head}{name}"),
    }
}

/// `from a.b import c, d` gives `a.b`, `a.b.c`, `a.b.d`; `import a.b as x` gives `a.b`.
fn python_modules(whole: &str) -> Vec<String> {
    let names = |list: &str| -> Vec<String> {
        let list = list.replace(['(', ')', '\n', '\\'], " ");
        let name = |part: &str| part.split_ascii_whitespace().next().map(str::to_owned);
        list.split(',').filter_map(name).take(100).collect()
    };
    match whole.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) {
        Some((module, list)) => {
            let module = module.trim();
            let dot = if module.ends_with('.') { "" } else { "." };
            let members = names(list).into_iter().map(|name| format!("{module}{dot}{name}"));
            std::iter::once(module.to_owned()).chain(members).collect()
        }
        None => names(whole.strip_prefix("import ").unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_groups_are_imports_of_their_own() {
        let check = |line: &str, expected: &[&str]| assert_eq!(use_paths(line), expected, "{line}");
        check("use a::b;", &["a::b"]);
        check("pub(crate) use a::b as c;", &["a::b"]);
        check(
            "use crate::{AppState, orders::{self, Order, store}, till};",
            &["crate::AppState", "crate::orders", "crate::orders::Order", "crate::orders::store", "crate::till"],
        );
        check("use a::{\n    b,\n    c::{d, e as f},\n};", &["a::b", "a::c::d", "a::c::e"]);
        check("use a::*;", &["a::*"]);
        check("use {", &[]);
    }
}
