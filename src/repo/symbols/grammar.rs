//! The grammars and what counts as a definition in each: adding a language is a table and a case in the tests.
//!
//! In: a language's name (see `language`). Out: its parser and rules. Node names are those of each grammar's
//! `node-types.json`.

use std::sync::OnceLock;

use tree_sitter::Language;

use crate::model::context::SymbolKind::{self, *};

/// How the name of a definition is found in its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameAt {
    /// In this field.
    Field(&'static str),
    /// The first child of this kind.
    Child(&'static str),
    /// The identifier inside nested declarators, as in C.
    Declarator,
    /// The variable, when its value is a function: `const f = () => …`.
    FunctionValue,
    /// The last name on the left, when the right side is a function: `exports.f = function …`.
    AssignedFunction,
    /// The first argument of a call that declares a test: `it("adds", …)`.
    TestCall,
    /// The left side, when it is written like a constant: `LIMIT = 3`.
    ConstantName,
}

/// What a node kind defines.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub node: &'static str,
    pub kind: SymbolKind,
    pub name: NameAt,
    /// Definitions inside belong to it; without this its inside is not looked at.
    pub opens: bool,
}

/// A grammar with its rules.
pub struct Grammar {
    pub language: Language,
    pub name: &'static str,
    rules: Vec<Option<Rule>>,
    imports: Vec<bool>,
}

impl Grammar {
    fn new(name: &'static str, language: Language, rules: &[Rule], imports: &[&str]) -> Self {
        let kinds = language.node_kind_count();
        let mut by_id = vec![None; kinds];
        let mut import_ids = vec![false; kinds];
        for id in 0..kinds {
            let number = u16::try_from(id).unwrap_or(u16::MAX);
            let Some(kind) = language.node_kind_for_id(number).filter(|_| language.node_kind_is_named(number)) else {
                continue;
            };
            by_id[id] = rules.iter().find(|rule| rule.node == kind).copied();
            import_ids[id] = imports.contains(&kind);
        }
        Self { language, name, rules: by_id, imports: import_ids }
    }

    /// The rule of a node kind.
    pub fn rule(&self, kind_id: u16) -> Option<Rule> {
        self.rules.get(usize::from(kind_id)).copied().flatten()
    }

    /// Does a node of this kind import something?
    pub fn is_import(&self, kind_id: u16) -> bool {
        self.imports.get(usize::from(kind_id)).copied().unwrap_or(false)
    }
}

/// A definition with its name in the field `name`.
const fn def(node: &'static str, kind: SymbolKind) -> Rule {
    Rule { node, kind, name: NameAt::Field("name"), opens: false }
}

/// The same, with definitions inside.
const fn open(node: &'static str, kind: SymbolKind) -> Rule {
    Rule { node, kind, name: NameAt::Field("name"), opens: true }
}

/// A definition whose name is found in another way.
const fn at(node: &'static str, kind: SymbolKind, name: NameAt) -> Rule {
    Rule { node, kind, name, opens: false }
}

const RUST: &[Rule] = &[
    open("struct_item", Struct),
    open("union_item", Struct),
    open("enum_item", Enum),
    open("trait_item", Trait),
    Rule { node: "impl_item", kind: Module, name: NameAt::Field("type"), opens: true },
    open("mod_item", Module),
    def("type_item", Type),
    def("function_item", Function),
    def("function_signature_item", Function),
    def("macro_definition", Macro),
    def("const_item", Constant),
    def("static_item", Constant),
    def("enum_variant", Field),
    def("field_declaration", Field),
];

const PYTHON: &[Rule] = &[
    open("class_definition", Class),
    def("function_definition", Function),
    at("assignment", Constant, NameAt::ConstantName),
];

const JAVASCRIPT: &[Rule] = &[
    open("class_declaration", Class),
    open("abstract_class_declaration", Class),
    def("function_declaration", Function),
    def("generator_function_declaration", Function),
    def("function_signature", Function),
    def("method_definition", Method),
    def("abstract_method_signature", Method),
    def("method_signature", Method),
    def("property_signature", Field),
    def("public_field_definition", Field),
    at("field_definition", Field, NameAt::Field("property")),
    open("interface_declaration", Interface),
    def("type_alias_declaration", Type),
    open("enum_declaration", Enum),
    def("enum_assignment", Field),
    open("internal_module", Module),
    open("module", Module),
    at("variable_declarator", Function, NameAt::FunctionValue),
    at("assignment_expression", Function, NameAt::AssignedFunction),
    Rule { node: "call_expression", kind: Test, name: NameAt::TestCall, opens: true },
];

const GO: &[Rule] = &[
    def("function_declaration", Function),
    def("method_declaration", Method),
    open("type_spec", Type),
    def("type_alias", Type),
    def("const_spec", Constant),
    def("var_spec", Constant),
    def("field_declaration", Field),
    def("method_elem", Method),
];

const JAVA: &[Rule] = &[
    open("class_declaration", Class),
    open("interface_declaration", Interface),
    open("annotation_type_declaration", Interface),
    open("enum_declaration", Enum),
    open("record_declaration", Class),
    def("method_declaration", Method),
    def("constructor_declaration", Method),
    at("field_declaration", Field, NameAt::Declarator),
    def("enum_constant", Field),
];

const CSHARP: &[Rule] = &[
    open("class_declaration", Class),
    open("interface_declaration", Interface),
    open("struct_declaration", Struct),
    open("record_declaration", Class),
    open("enum_declaration", Enum),
    open("namespace_declaration", Module),
    def("method_declaration", Method),
    def("constructor_declaration", Method),
    def("property_declaration", Field),
    def("event_declaration", Field),
    def("delegate_declaration", Type),
    def("enum_member_declaration", Field),
    at("field_declaration", Field, NameAt::Declarator),
];

const C: &[Rule] = &[
    at("function_definition", Function, NameAt::Declarator),
    at("declaration", Function, NameAt::Declarator),
    open("struct_specifier", Struct),
    open("union_specifier", Struct),
    open("enum_specifier", Enum),
    open("class_specifier", Class),
    open("namespace_definition", Module),
    Rule { node: "type_definition", kind: Type, name: NameAt::Declarator, opens: true },
    def("alias_declaration", Type),
    def("preproc_def", Macro),
    def("preproc_function_def", Macro),
    def("enumerator", Field),
    at("field_declaration", Field, NameAt::Declarator),
];

const RUBY: &[Rule] = &[
    open("class", Class),
    open("module", Module),
    def("method", Function),
    def("singleton_method", Function),
    at("assignment", Constant, NameAt::ConstantName),
    Rule { node: "call", kind: Test, name: NameAt::TestCall, opens: true },
];

const PHP: &[Rule] = &[
    open("class_declaration", Class),
    open("interface_declaration", Interface),
    open("trait_declaration", Trait),
    open("enum_declaration", Enum),
    open("namespace_definition", Module),
    def("function_definition", Function),
    def("method_declaration", Method),
    def("property_element", Field),
    at("const_element", Constant, NameAt::Child("name")),
    def("enum_case", Field),
];

const KOTLIN: &[Rule] = &[
    open("class_declaration", Class),
    open("object_declaration", Class),
    open("companion_object", Class),
    def("function_declaration", Function),
    at("type_alias", Type, NameAt::Field("type")),
    at("property_declaration", Field, NameAt::Declarator),
    at("enum_entry", Field, NameAt::Child("identifier")),
];

/// The grammar of a language, made on first use.
pub fn of(language: &str) -> Option<&'static Grammar> {
    /// One cell a language.
    macro_rules! grammar {
        ($name:literal, $language:expr, $rules:expr, $imports:expr) => {{
            static CELL: OnceLock<Grammar> = OnceLock::new();
            Some(CELL.get_or_init(|| Grammar::new($name, $language.into(), $rules, $imports)))
        }};
    }
    let js: &[&str] = &["import_statement", "export_statement"];
    match language {
        "rust" => grammar!("rust", tree_sitter_rust::LANGUAGE, RUST, &["use_declaration"]),
        "python" => {
            grammar!("python", tree_sitter_python::LANGUAGE, PYTHON, &["import_statement", "import_from_statement"])
        }
        "javascript" => grammar!("javascript", tree_sitter_javascript::LANGUAGE, JAVASCRIPT, js),
        "typescript" => grammar!("typescript", tree_sitter_typescript::LANGUAGE_TYPESCRIPT, JAVASCRIPT, js),
        "tsx" => grammar!("tsx", tree_sitter_typescript::LANGUAGE_TSX, JAVASCRIPT, js),
        "go" => grammar!("go", tree_sitter_go::LANGUAGE, GO, &["import_spec"]),
        "java" => grammar!("java", tree_sitter_java::LANGUAGE, JAVA, &["import_declaration"]),
        "c#" => grammar!("c#", tree_sitter_c_sharp::LANGUAGE, CSHARP, &["using_directive"]),
        "c" => grammar!("c", tree_sitter_c::LANGUAGE, C, &["preproc_include"]),
        "c++" => grammar!("c++", tree_sitter_cpp::LANGUAGE, C, &["preproc_include"]),
        "ruby" => grammar!("ruby", tree_sitter_ruby::LANGUAGE, RUBY, &[]),
        "php" => grammar!("php", tree_sitter_php::LANGUAGE_PHP, PHP, &["namespace_use_clause"]),
        "kotlin" => grammar!("kotlin", tree_sitter_kotlin_ng::LANGUAGE, KOTLIN, &["import"]),
        _ => None,
    }
}
