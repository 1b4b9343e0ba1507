//! Definitions and imports of a source file, read from its syntax tree.
//!
//! In: a language and a text. Out: symbols in line order, and the raw names of what the file imports. Never recurses:
//! a file of 50,000 brackets costs time, not stack. Time, size and counts are capped; broken code gives what can be
//! read of it.

pub mod grammar;
mod name;

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use tree_sitter::{Node, ParseOptions, ParseState, Parser, TreeCursor};

use crate::model::context::{Symbol, SymbolKind};
use grammar::{Grammar, NameAt, Rule};

/// What a file defines and what it imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub symbols: Vec<Symbol>,
    /// As written: a path, a module, a header.
    pub imports: Vec<String>,
}

/// Texts over this size are not parsed, in bytes.
const MAX_TEXT: usize = 2 * 1024 * 1024;
/// The longest that one file is parsed.
const MAX_TIME: Duration = Duration::from_millis(1_500);
/// The most symbols kept of a file.
const MAX_SYMBOLS: usize = 4_000;
/// The most imports kept of a file.
const MAX_IMPORTS: usize = 4_000;
/// The most nodes looked at in a file.
const MAX_NODES: usize = 1_000_000;

/// Reads the outline of a text. A language without a grammar has none.
pub fn outline(language: &str, text: &str) -> Outline {
    let Some(grammar) = grammar::of(language).filter(|_| text.len() <= MAX_TEXT) else { return Outline::default() };
    let Some(tree) = parse(grammar, text) else { return Outline::default() };
    let mut walk = Walk { grammar, text, found: Outline::default(), scopes: Vec::new() };
    walk.run(&mut tree.walk());
    walk.found.symbols.sort_by_key(|symbol| (symbol.line, symbol.end_line));
    if WHOLE_TYPES.contains(&language) {
        only_own_parents(&mut walk.found.symbols);
    }
    walk.found
}

/// Languages whose types hold all of their members in one place.
const WHOLE_TYPES: &[&str] = &["java", "c#", "kotlin"];

/// Takes away what a damaged tree gives for a type: a condition of the preprocessor, for example.
fn only_own_parents(symbols: &mut [Symbol]) {
    let is_type = |symbol: &&Symbol| {
        use SymbolKind::{Class, Enum, Interface, Module, Struct, Trait, Type};
        matches!(symbol.kind, Class | Enum | Interface | Module | Struct | Trait | Type)
    };
    let names: std::collections::HashSet<String> =
        symbols.iter().filter(is_type).map(|symbol| symbol.name.clone()).collect();
    let is_unknown = |parent: &mut String| !names.contains(parent.as_str());
    symbols.iter_mut().for_each(|symbol| drop(symbol.parent.take_if(is_unknown)));
}

/// Parses within the time limit.
fn parse(grammar: &Grammar, text: &str) -> Option<tree_sitter::Tree> {
    let mut parser = Parser::new();
    parser.set_language(&grammar.language).ok()?;
    let start = Instant::now();
    let mut watch = |_: &ParseState| match start.elapsed() > MAX_TIME {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let bytes = text.as_bytes();
    let mut read = |at: usize, _| bytes.get(at..).unwrap_or_default();
    parser.parse_with_options(&mut read, None, Some(ParseOptions::new().progress_callback(&mut watch)))
}

/// A definition whose inside is being read.
struct Scope {
    depth: usize,
    name: String,
    kind: SymbolKind,
    /// It holds tests alone: what they share is nobody's code to change.
    for_tests: bool,
}

/// The walk over a tree.
struct Walk<'a> {
    grammar: &'static Grammar,
    text: &'a str,
    found: Outline,
    scopes: Vec<Scope>,
}

impl Walk<'_> {
    /// Visits every node outside function bodies, in order.
    fn run(&mut self, cursor: &mut TreeCursor<'_>) {
        let mut depth = 0_usize;
        for _ in 0..MAX_NODES {
            let inside = self.visit(cursor.node(), depth);
            if inside && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                depth -= 1;
                self.leave(depth);
            }
            self.leave(depth);
        }
    }

    /// Closes the scopes that began at this depth or deeper.
    fn leave(&mut self, depth: usize) {
        while self.scopes.last().is_some_and(|scope| scope.depth >= depth) {
            self.scopes.pop();
        }
    }

    /// Reads one node; says whether its children matter.
    fn visit(&mut self, node: Node<'_>, depth: usize) -> bool {
        if self.grammar.is_import(node.kind_id()) {
            self.import(node);
        }
        let Some(rule) = self.grammar.rule(node.kind_id()) else { return true };
        let Some(name) = name::of(node, rule, self.text) else { return self.without_name(node, rule) };
        let is_impl = node.kind() == "impl_item";
        let bodiless =
            matches!(node.kind(), "struct_specifier" | "union_specifier" | "enum_specifier" | "class_specifier")
                && node.child_by_field_name("body").is_none();
        if node.kind() == "mod_item" && node.child_by_field_name("body").is_none() {
            self.push_import(&format!("mod {name}"));
        } else if !is_impl && !bodiless {
            self.push(node, rule, &name);
        }
        if rule.opens {
            let for_tests = self.is_for_tests() || name::is_test_module(self.grammar.name, node, self.text);
            self.scopes.push(Scope { depth, name, kind: rule.kind, for_tests });
        }
        rule.opens
    }

    /// A node of a rule that defines nothing here.
    fn without_name(&mut self, node: Node<'_>, rule: Rule) -> bool {
        if rule.name == NameAt::TestCall
            && let Some(module) = name::required(node, self.text)
        {
            self.push_import(&module);
        }
        true
    }

    /// Keeps a definition.
    fn push(&mut self, node: Node<'_>, rule: Rule, name: &str) {
        if self.found.symbols.len() >= MAX_SYMBOLS {
            return;
        }
        let scope = self.scopes.iter().rev().find(|scope| scope.kind != SymbolKind::Test);
        let (parent, name) = match name.rsplit_once("::").filter(|_| matches!(self.grammar.name, "c++" | "c")) {
            Some((parent, name)) => (Some(parent.to_owned()), name),
            None => (name::receiver(node, self.text).or(scope.map(|scope| scope.name.clone())), name),
        };
        let in_type = scope.is_some_and(|scope| scope.kind != SymbolKind::Module) || self.is_in_impl(&parent);
        let kind = match rule.kind {
            SymbolKind::Function if in_type || parent.is_some() && node.kind() == "function_definition" => {
                SymbolKind::Method
            }
            SymbolKind::Type => name::type_kind(node),
            SymbolKind::Function if name::holds_value(node) => SymbolKind::Constant,
            kind => kind,
        };
        let is_test = matches!(kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro)
            && name::is_test(self.grammar.name, node, name, self.text);
        if self.is_for_tests() && !is_test {
            return;
        }
        let signature = name::signature(node, self.text);
        let is_public = name::is_public(self.grammar.name, node, name, &signature);
        self.found.symbols.push(Symbol {
            name: name.to_owned(),
            kind: if is_test { SymbolKind::Test } else { kind },
            parent,
            line: line(node.start_position().row),
            end_line: line(node.end_position().row),
            signature,
            is_public,
        });
    }

    /// Is what is read below a module of tests?
    fn is_for_tests(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.for_tests)
    }

    /// Does the innermost scope come from an `impl` block?
    fn is_in_impl(&self, parent: &Option<String>) -> bool {
        self.grammar.name == "rust"
            && parent.is_some()
            && self.scopes.last().is_some_and(|scope| {
                scope.kind == SymbolKind::Module && scope.name.starts_with(|c: char| c.is_uppercase())
            })
    }

    /// Keeps what an import statement names.
    fn import(&mut self, node: Node<'_>) {
        for module in name::imports(self.grammar.name, node, self.text) {
            self.push_import(&module);
        }
    }

    fn push_import(&mut self, module: &str) {
        if !module.is_empty() && module.len() <= 300 && self.found.imports.len() < MAX_IMPORTS {
            self.found.imports.push(module.to_owned());
        }
    }
}

/// A line number from 1.
fn line(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}
