//! Symbols and commits as a plan refers to them.
//!
//! In: a symbol or a past change of a context. Out: its name as its language writes it, its head in one line, a reference.

use crate::model::{
    context::{PastChange, Symbol, SymbolKind},
    ids::RepoName,
    plan::{CommitRef, FileRef, SymbolRef},
};

/// A symbol as the plan refers to it: with its parent, as its language writes it.
pub fn symbol_ref(file: &FileRef, symbol: &Symbol) -> SymbolRef {
    let name = full_name(&file.path, symbol);
    SymbolRef {
        what: kind_word(symbol.kind).to_owned(),
        signature: Some(signature(symbol)).filter(|s| !s.is_empty()),
        file: file.clone().lines(symbol.line, symbol.end_line).symbol(&name),
        name,
    }
}

/// A symbol's head in one line; one that was cut ends at a whole parameter, with an ellipsis.
pub fn signature(symbol: &Symbol) -> String {
    let head = crate::planner::words::clean(&symbol.signature).replace('`', "'");
    let count = |marks: [char; 2]| head.matches(marks).count();
    match head.rfind('(') {
        Some(open) if count(['(', '[']) > count([')', ']']) => {
            let whole = head.rfind(", ").filter(|at| *at > open).map_or(open + 1, |at| at + 2);
            format!("{}…)", &head[..whole])
        }
        _ => head.trim_end_matches(['<', '{', '(', ' ']).to_owned(),
    }
}

/// `Cart::total` or `Cart.total`, as the file's language writes it.
pub fn full_name(path: &str, symbol: &Symbol) -> String {
    let joint = match path.rsplit('.').next() {
        Some("rs" | "cpp" | "cc" | "hpp" | "h" | "php") => "::",
        // A class in a module is no method of it.
        Some("rb") if matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method) => "#",
        Some("rb") => "::",
        _ => ".",
    };
    let is_callable = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method);
    match &symbol.parent {
        // A constructor stands for what it makes.
        Some(parent) if is_callable && parent.rsplit(['.', ':']).next() == Some(symbol.name.as_str()) => parent.clone(),
        Some(parent) if !parent.is_empty() => format!("{parent}{joint}{}", symbol.name),
        _ => symbol.name.clone(),
    }
}

/// The word for people.
fn kind_word(kind: SymbolKind) -> &'static str {
    match kind {
        SymbolKind::Function => "function",
        SymbolKind::Method => "method",
        SymbolKind::Class => "class",
        SymbolKind::Struct => "struct",
        SymbolKind::Enum => "enum",
        SymbolKind::Interface => "interface",
        SymbolKind::Trait => "trait",
        SymbolKind::Module => "module",
        SymbolKind::Constant => "constant",
        SymbolKind::Type => "type",
        SymbolKind::Macro => "macro",
        SymbolKind::Field => "field",
        SymbolKind::Test => "test",
    }
}

/// A past change as the plan refers to it.
pub fn commit_ref(repository: &Option<RepoName>, past: &PastChange) -> CommitRef {
    CommitRef {
        repository: repository.clone(),
        id: past.commit.clone(),
        subject: crate::planner::words::clean(&past.subject),
        date: past.date.clone(),
        url: None,
    }
}
