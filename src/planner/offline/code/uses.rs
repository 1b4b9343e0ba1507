//! Where a symbol is used in the files that import its own.
//!
//! In: a [`Site`] and one of its symbols. Out: lines of other files. Uses are told by their words, nothing is parsed: a name
//! is a use where its qualifier is the symbol's own, or where the file brings it in by name. What else bears the name (a
//! module, a type of another package, a text) is none. Bounded: 20 files.

use std::collections::BTreeSet;

use super::{
    super::places::site::Site,
    edges::names,
    path::{ending, folder, stem},
};
use crate::model::context::{Context, FileClass, Symbol, SymbolKind};

/// Files that are searched, and places that are found.
const MOST: usize = 20;
/// Users of a file that are looked at.
const MOST_USERS: usize = 40;
/// Longer texts are not searched, in bytes.
const LONGEST: usize = 400_000;
/// Lines that are searched for paths.
const MOST_LINES: usize = 400;
/// The most lines of one import.
const LONGEST_IMPORT: usize = 60;

/// From this many types on, a name of a member is one that many have.
const MANY: usize = 4;
/// Names that standard interfaces of the languages give to members.
const SHARED: &[&str] = &[
    "new",
    "default",
    "from",
    "into",
    "try_from",
    "try_into",
    "from_str",
    "to_string",
    "fmt",
    "clone",
    "next",
    "iter",
    "into_iter",
    "eq",
    "cmp",
    "partial_cmp",
    "hash",
    "drop",
    "deref",
    "deref_mut",
    "index",
    "as_ref",
    "as_mut",
    "borrow",
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "not",
    "len",
    "is_empty",
    "get",
    "set",
    "insert",
    "push",
    "poll",
    "read",
    "write",
    "close",
    "run",
    "call",
    "apply",
    "build",
    "init",
    "initialize",
    "each",
    "inspect",
    "to_s",
    "toString",
    "equals",
    "hashCode",
    "compareTo",
    "constructor",
    "valueOf",
    "toJSON",
    "String",
    "Error",
    "Len",
    "Less",
    "Swap",
    "Read",
    "Write",
    "Close",
    "Unwrap",
    "MarshalJSON",
    "UnmarshalJSON",
    "__init__",
    "__str__",
    "__repr__",
    "__eq__",
    "__hash__",
    "__len__",
    "__call__",
    "__enter__",
    "__exit__",
];

/// Lines of dependent files that use the symbol, at most 20, two a file.
pub fn calls(site: &Site<'_>, symbol: &Symbol) -> Vec<(String, u32)> {
    calls_of(site.context, &site.path, &site.dependents, symbol)
}

/// Lines of these files that use the symbol of the file `home`, at most 20, two a file.
pub fn calls_of(context: &Context, home: &str, dependents: &[String], symbol: &Symbol) -> Vec<(String, u32)> {
    if symbol.name.chars().count() < 3 {
        return Vec::new();
    }
    let mut out = Vec::new();
    let is_shared = is_shared(context, symbol);
    let is_test = |path: &&String| context.tree.file(path).is_some_and(|f| f.class == FileClass::Test);
    for path in dependents.iter().filter(|p| !is_test(p)).take(MOST) {
        let Some(text) = context.tree.text(path).filter(|t| t.len() <= LONGEST) else { continue };
        let defines = context.tree.symbols(path).iter().any(|s| s.name == symbol.name);
        let found = lines(&text, path, defines, symbol, home, is_shared);
        out.extend(found.into_iter().take(2).map(|line| (path.clone(), line)));
        if out.len() >= MOST {
            break;
        }
    }
    out
}

/// The other files that use one of the symbols, each once.
pub fn files<'s>(site: &Site<'_>, symbols: impl IntoIterator<Item = &'s Symbol>) -> BTreeSet<String> {
    symbols.into_iter().flat_map(|symbol| calls(site, symbol)).map(|(path, _)| path).collect()
}

/// Do many types have a member of this name? A value's word then does not say whose it is.
fn is_shared(context: &Context, symbol: &Symbol) -> bool {
    if !is_member(symbol) {
        return false;
    }
    let all = context.tree.definitions(&symbol.name, 4 * MANY);
    let owners: BTreeSet<Option<String>> = all.into_iter().map(|(_, found)| found.parent).collect();
    SHARED.contains(&symbol.name.as_str()) || owners.len() > MANY
}

/// Files that use a file: those that import it. Where imports name a whole package, those of them that name what the file
/// defines.
pub fn users(context: &Context, path: &str) -> Vec<String> {
    let mut all = context.tree.dependents(path, MOST_USERS);
    if ending(path) == "go" {
        let symbols = context.tree.symbols(path);
        let uses = |text: &str| symbols.iter().any(|s| is_asked_of(text, &s.name));
        all.retain(|user| context.tree.text(user).is_none_or(|text| uses(&text)));
    }
    all
}

/// Is the name asked of a package or a value: `.Total`?
fn is_asked_of(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = text.match_indices(name).map(|(at, _)| at);
    found.any(|at| text[..at].ends_with('.') && !text[at + name.len()..].starts_with(is_word))
}

/// Does the text bring in a package of this name, or write it before a path?
pub fn takes_in(text: &str, package: &str) -> bool {
    let module = package.rsplit('/').next().unwrap_or(package).replace('-', "_");
    let quoted = |line: &str| {
        line.split(['"', '\'']).skip(1).step_by(2).any(|name| {
            let name = name.strip_prefix('@').filter(|_| !package.starts_with('@')).unwrap_or(name);
            name == package || name.strip_prefix(package).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let rooted = |line: &str| {
        let mut words = line.split_whitespace().skip_while(|w| ["pub", "use", "import", "from"].contains(w));
        let root = words.next().unwrap_or_default().split([':', '.', ';', ',']).next().unwrap_or_default();
        root == module && !line.contains(['"', '\''])
    };
    let is_path = || format!("{module}::");
    let imports = Imports::of(text);
    imports.text.lines().any(|line| quoted(line) || rooted(line))
        || text.lines().take(MOST_LINES).any(|line| words(line, &module).any(|at| line[at..].starts_with(&is_path())))
}

/// The lines of a text that use the symbol of the file `home`; `defines` where the text's file defines the name itself,
/// `is_shared` where many types have a member of this name: its own type has to stand before it then.
fn lines(text: &str, path: &str, defines: bool, symbol: &Symbol, home: &str, is_shared: bool) -> Vec<u32> {
    let imports = Imports::of(text);
    let is_parent = |named: &str| symbol.parent.as_deref().is_some_and(|parent| is_called_like(named, parent));
    let is_bare_use = !defines && imports.bring_in(&symbol.name, path, home);
    let is_own = |qualifier: &str| is_of(qualifier, symbol, home) || imports.rename(qualifier);
    let uses = |line: &str| {
        let mut found = words(line, &symbol.name);
        found.any(|at| match qualifier(&line[..at]) {
            _ if is_text(&line[..at]) || is_qualifier(&line[at + symbol.name.len()..], symbol) => false,
            Some((_, named)) if is_shared && is_member(symbol) => is_parent(named) || imports.rename(named),
            None if is_shared && is_member(symbol) => false,
            Some((".", "")) => is_member(symbol),
            Some(("::", "")) => false,
            Some(("::", named)) if is_member(symbol) => !is_type(named) || named == "Self" || is_own(named),
            Some(_) if is_member(symbol) => true,
            Some((_, named)) => is_own(named),
            None => is_bare_use,
        })
    };
    let all = (1_u32..).zip(text.lines()).filter(|(at, _)| !imports.lines.contains(at));
    all.filter(|(_, line)| !is_comment(line) && !is_definition(line, &symbol.name) && uses(line))
        .map(|(at, _)| at)
        .collect()
}

/// Where the name stands as a whole word.
fn words<'a>(line: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
    line.match_indices(name)
        .map(|(at, _)| at)
        .filter(move |at| !is_word(line[..*at].chars().next_back()) && !is_word(line[at + name.len()..].chars().next()))
}

/// What stands before a name, and how it is joined: `::` or `.`; an empty word for what a call or an index gives.
fn qualifier(before: &str) -> Option<(&'static str, &str)> {
    let (joint, rest) = match before.strip_suffix("::") {
        Some(rest) => ("::", rest),
        None => (".", before.strip_suffix('.')?),
    };
    let rest = without_arguments(rest.trim_end_matches(['?', '!']), joint);
    let start = rest.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    // Two dots spread or end a range: `..total`, `...total`.
    if rest.ends_with('.') { None } else { Some((joint, rest.get(start..).unwrap_or_default())) }
}

/// The type before its arguments: `Box` of `Box::<Cart>`, `Cart` of `<Cart as Default>`.
fn without_arguments<'l>(before: &'l str, joint: &str) -> &'l str {
    let Some(inner) = before.strip_suffix('>').filter(|_| joint == "::") else { return before };
    let mut depth = 1;
    let is_start = |(_, c): &(usize, char)| {
        depth += match c {
            '>' => 1,
            '<' => -1,
            _ => 0,
        };
        depth == 0
    };
    let Some((start, _)) = inner.char_indices().rev().find(is_start) else { return before };
    let (head, arguments) = (inner[..start].trim_end_matches("::"), &inner[start + 1..]);
    let has_head = head.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if has_head { head } else { arguments.split(" as ").next().unwrap_or(arguments) }
}

/// Is the word part of the path of the symbol's file, or the type that holds the symbol?
fn is_of(qualifier: &str, symbol: &Symbol, home: &str) -> bool {
    let mut parts = folder(home).split('/').chain([stem(home)]);
    symbol.parent.as_deref() == Some(qualifier) || parts.any(|part| part.eq_ignore_ascii_case(qualifier))
}

/// Is the word the type, or a value that is called after it: `CartTotal`, `cart_total`?
fn is_called_like(word: &str, owner: &str) -> bool {
    let plain = |text: &str| text.replace('_', "").to_lowercase();
    word == owner || !is_type(word) && plain(word) == plain(owner)
}

/// Is the symbol reached through a value?
fn is_member(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Method | SymbolKind::Field)
}

fn is_type(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Is a function's name that of a module here, by what follows it: `orders::show`, `orders.show`?
fn is_qualifier(after: &str, symbol: &Symbol) -> bool {
    let is_function = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method);
    let is_field = || after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    is_function && (after.starts_with("::") && !after.starts_with("::<") || is_field())
}

/// Does what follows stand inside a text, or in a remark at the end of the line? A text may hold code between braces.
fn is_text(before: &str) -> bool {
    let is_open = |mark: char| before.matches(mark).count() % 2 == 1;
    let last = before.rfind(['"', '\'']).map_or("", |at| &before[at..]);
    let is_lifetime = || before.contains(['&', '<', '+']) && !before.contains('(');
    let is_remark = before.match_indices("//").any(|(at, _)| !before[..at].ends_with(':')) || before.contains(" # ");
    is_remark || (is_open('"') || is_open('\'') && !is_lifetime()) && !last.contains('{')
}

/// A line that only speaks: a remark, or a decorator that names things in a text.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('@') && line.contains(['"', '\''])
        || ["//", "#", "*", "/*", "--"].iter().any(|w| line.starts_with(w))
}

/// A line that defines something of this name.
fn is_definition(line: &str, name: &str) -> bool {
    const WORDS: &[&str] = &[
        "def ",
        "fn ",
        "func ",
        "function ",
        "class ",
        "fun ",
        "struct ",
        "interface ",
        "sub ",
        "mod ",
        "type ",
        "enum ",
        "trait ",
        "package ",
        "namespace ",
        "module ",
    ];
    let defines = |word: &str| {
        line.split_once(word).is_some_and(|(_, rest)| {
            let rest = rest.trim_start().strip_prefix(name);
            rest.is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    WORDS.iter().any(|w| defines(w))
}

/// The lines of a file that bring names in.
struct Imports {
    lines: BTreeSet<u32>,
    text: String,
}

impl Imports {
    fn of(text: &str) -> Self {
        const STARTS: &[&str] = &[
            "use ",
            "pub use ",
            "pub(crate) use ",
            "import ",
            "import(",
            "from ",
            "#include",
            "require",
            "export {",
            "export *",
        ];
        let mut found = Self { lines: BTreeSet::new(), text: String::new() };
        let (mut open, mut left) = (0_i32, 0_usize);
        for (at, line) in (1_u32..).zip(text.lines()) {
            let is_start = STARTS.iter().any(|w| line.trim_start().starts_with(w)) || line.contains("= require(");
            if is_start && open <= 0 {
                (open, left) = (0, LONGEST_IMPORT);
            }
            if is_start || open > 0 && left > 0 {
                open += line.matches(['(', '{']).count() as i32 - line.matches([')', '}']).count() as i32;
                left = left.saturating_sub(1);
                found.lines.insert(at);
                found.text.push_str(line);
                found.text.push('\n');
            }
        }
        found
    }

    /// Is the name of `home` known in the file at `path` without a qualifier? Where imports name what they bring in, they have
    /// to name it; a package of Go is known by its qualifier alone.
    fn bring_in(&self, name: &str, path: &str, home: &str) -> bool {
        let is_named = || self.text.lines().any(|line| names(line, name));
        match ending(path) {
            "go" => folder(path) == folder(home),
            _ if self.lines.is_empty() => true,
            "rs" => is_named() || self.text.contains("::*"),
            "py" => is_named() || self.text.contains("import *"),
            "js" | "jsx" | "mjs" | "ts" | "tsx" | "mts" | "vue" | "svelte" => is_named(),
            _ => true,
        }
    }

    /// Does an import give this name to something else: `import service as billing`, `billing "acme/service"`?
    fn rename(&self, qualifier: &str) -> bool {
        let (joined, quoted) = (format!(" as {qualifier}"), format!("{qualifier} \""));
        self.text.lines().any(|line| {
            let ends = |(at, _): (usize, &str)| !line[at + joined.len()..].starts_with(|c: char| c.is_alphanumeric());
            line.match_indices(joined.as_str()).any(ends)
                || line.trim_start().trim_start_matches("import ").starts_with(&quoted)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: SymbolKind, name: &str, home: &str, path: &str, text: &str, expected: &[u32]) {
        let defines = text.contains(&format!("type {name} "));
        let parent = matches!(kind, SymbolKind::Method).then(|| "Cart".to_owned());
        let (name, signature) = (name.to_owned(), String::new());
        let symbol = Symbol { name, kind, parent, line: 1, end_line: 2, signature, is_public: true };
        let is_shared = SHARED.contains(&symbol.name.as_str());
        assert_eq!(lines(text, path, defines, &symbol, home, is_shared), expected, "{text}");
    }

    #[test]
    fn a_module_of_the_same_name_is_no_use() {
        let text = "mod orders;\nuse super::{admin,\n    orders};\nget(orders::show);\nget(admin::orders);\n";
        check(SymbolKind::Function, "orders", "src/routes/admin.rs", "src/routes/mod.rs", text, &[5]);
        let text = "from shop import orders\norders.show()\nreports.orders()\nadmin.orders()\n";
        check(SymbolKind::Function, "orders", "shop/admin.py", "shop/urls.py", text, &[4]);
    }

    #[test]
    fn a_type_of_another_package_is_no_use() {
        let text = "import (\n\t\"acme/config\"\n)\ntype Carrier interface {\n}\nvar a Carrier\nvar b config.Carrier\n";
        check(SymbolKind::Struct, "Carrier", "internal/config/config.go", "internal/carrier/all.go", text, &[7]);
    }

    #[test]
    fn a_name_is_brought_in_or_qualified() {
        let text = "import {\n  total,\n} from './cart';\nconst route = '/total';\nshow(total(cart)); // total\n`${total(cart)}`;\n";
        check(SymbolKind::Function, "total", "src/cart.ts", "src/page.ts", text, &[5, 6]);
        let text = "import { other } from './cart';\nlet total = 0;\nother(total);\n";
        check(SymbolKind::Function, "total", "src/cart.ts", "src/page.ts", text, &[]);
        let text = "import \"acme/cart\"\nx := cart.Total(a)\ny := order.Total(a)\nz := Total(a)\n";
        check(SymbolKind::Function, "Total", "cart/cart.go", "page/page.go", text, &[2]);
        assert!(is_asked_of("x := cart.Total(a)", "Total") && !is_asked_of("x := cart.TotalOf(a)", "Total"));
        let text = "import money \"acme/cart\"\nx := money.Total(a)\n";
        check(SymbolKind::Function, "Total", "cart/cart.go", "page/page.go", text, &[2]);
    }

    #[test]
    fn packages_are_brought_in_by_their_names() {
        let check = |text: &str, package: &str, expected: bool| assert_eq!(takes_in(text, package), expected, "{text}");
        check("from pydantic_settings import BaseSettings\n", "pydantic-settings", true);
        check("url = \"postgresql+psycopg://localhost\"\n", "psycopg", false);
        check("import (\n\t\"fmt\"\n\tchi \"github.com/go-chi/chi/v5\"\n)\n", "github.com/go-chi/chi/v5", true);
        check("import {\n  PrismaClient,\n} from \"@prisma/client\";\n", "prisma", true);
        check("fn main() {\n    rand::random(\"x\");\n}\n", "rand", true);
        check("// express delivery\nimport { a } from \"./express\";\n", "express", false);
    }

    #[test]
    fn a_method_is_used_through_any_value() {
        let text = "use crate::cart::Cart;\ncart.total();\nCart::total(&cart);\nOrder::total(&order);\ntotal();\n";
        check(SymbolKind::Method, "total", "src/cart.rs", "src/page.rs", text, &[2, 3]);
    }

    #[test]
    fn a_name_that_many_types_have_needs_its_own_before_it() {
        let text = "use crate::cart::Cart;\nBox::<Other>::default();\nCart::default();\n<Cart as Default>::default();\nDefault::default();\nvalue.default();\nVec::<Cart>::default();\n..Cart::default()\ncart.default();\n";
        check(SymbolKind::Method, "default", "src/cart.rs", "src/page.rs", text, &[3, 4, 8, 9]);
        let text = "use crate::cart::Cart;\nBox::<Cart>::total(a);\nCart::<u8>::total(a);\n<Cart as Sum>::total(a);\n";
        check(SymbolKind::Method, "total", "src/cart.rs", "src/page.rs", text, &[3, 4]);
    }
}
