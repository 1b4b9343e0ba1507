//! Loops that ask for one thing at a time, where the ticket wants something faster.
//!
//! In: the sites of a repository. Out: instructions for functions that call, inside a loop, what stands with the data: a
//! query for each element is the commonest reason for a page that gets slower as it gets longer. Loops are told by their
//! words and by indentation; nothing is parsed. Bounded: the symbols to change, some lines each.

use super::{
    super::{
        code::{layer::Layer, ports, uses},
        reading::Reading,
    },
    site::Site,
    todo::{Act, Todo},
    traced::called_names,
};
use crate::model::{
    context::{Context, FileClass, Symbol},
    plan::{Basis, FileRef, Kind, Statement},
};
use crate::planner::words::{clean, shorten};

/// Lines of a function that are read.
const MOST_LINES: usize = 200;
/// Shorter names are called for anything.
const SHORTEST: usize = 5;

/// A call inside a loop.
struct Repeated {
    /// Where the call stands, and where its loop begins.
    line: u32,
    from: u32,
    name: String,
}

/// The sentence that says how little of the data is needed: “We only show the newest event of each”.
fn narrowed(reading: &Reading) -> Option<String> {
    const SAYS: &[&str] = &["we only ", "only show", "only need", "only the newest", "only the latest", "only use"];
    let is_one = |text: &str| SAYS.iter().any(|say| text.to_lowercase().contains(say));
    let found = reading.sentences.iter().find(|found| is_one(&found.text))?;
    Some(shorten(&clean(&found.text).replace('`', ""), 120))
}

/// Marks the sites with such a loop, and says what to do there.
pub fn mark(context: &Context, reading: &Reading, sites: &mut [Site<'_>]) {
    if reading.kind != Kind::Performance {
        return;
    }
    let mut asked: Vec<(String, String, Option<FileRef>, String)> = Vec::new();
    for site in sites.iter_mut().filter(|s| s.is_code()) {
        let Some(text) = site.text.clone() else { continue };
        let lines: Vec<&str> = text.lines().collect();
        let found = site.symbols.iter().find_map(|symbol| {
            let repeated = repeated(&lines, symbol).into_iter().find(|r| is_data(context, &site.path, &r.name))?;
            let other = other_call(&lines, symbol, &repeated.name);
            Some((super::refs::full_name(&site.path, symbol), repeated, other))
        });
        let Some((name, repeated, other)) = found else { continue };
        let file = site.file().lines(repeated.from, repeated.line);
        let said = format!(
            "`{name}` calls `{}` in a loop (`{}`), once for each element: ask once for all of them",
            repeated.name,
            file.label()
        );
        site.todo.insert(0, Statement::new(Basis::Repository, said).at(file).into());
        site.has_loop = true;
        let other = other.map(|line| site.file().lines(line, line));
        asked.push((name, repeated.name, other, site.path.clone()));
    }
    for (caller, name, other, of) in asked {
        let defines = |s: &&mut Site<'_>| {
            Layer::of(&s.path, FileClass::Source) == Layer::Data
                && context.tree.symbols(&s.path).iter().any(|symbol| symbol.name == name)
        };
        if let Some(site) = sites.iter_mut().find(defines) {
            let symbol = context.tree.symbols(&site.path).into_iter().find(|s| s.name == name);
            let elsewhere = symbol.as_ref().and_then(|s| uses::calls(site, s).into_iter().next());
            let other = other.or_else(|| elsewhere.map(|(path, line)| site.sibling(&path).lines(line, line)));
            let stays = other
                .as_ref()
                .map_or(String::new(), |user| format!("; `{name}` stays for its other users (`{}`)", user.label()));
            let only = narrowed(reading).map_or(String::new(), |text| format!(": “{text}”"));
            let said = format!("Add beside `{name}` what answers for many at once, for `{caller}`{only}{stays}");
            let own = symbol.map(|s| site.file().lines(s.line, s.line));
            let said = own.into_iter().chain(other).fold(Statement::new(Basis::Repository, said), Statement::at);
            site.todo.insert(0, Todo::new(Act::Beside, said));
            let home = site.path.clone();
            let port = ports::of(context, &[name.as_str()], &home, 1);
            if let Some(caller) = sites.iter_mut().find(|s| s.path == of) {
                caller.port = port;
            }
        }
    }
}

/// A line outside the symbol that calls the name.
fn other_call(lines: &[&str], symbol: &Symbol, name: &str) -> Option<u32> {
    let call = format!(".{name}(");
    let is_outside = |at: u32| at < symbol.line || symbol.end_line < at;
    (1_u32..).zip(lines).find(|(at, line)| is_outside(*at) && line.contains(&call)).map(|(at, _)| at)
}

/// Is the name defined in few places, one of them with the data?
fn is_data(context: &Context, own: &str, name: &str) -> bool {
    let found = context.tree.definitions(name, 6);
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let is_data = |path: &str| path != own && is_source(path) && Layer::of(path, FileClass::Source) == Layer::Data;
    name.len() >= SHORTEST && found.len() < 6 && found.iter().any(|(path, _)| is_data(path))
}

/// The line inside a loop of the symbol that calls the name.
pub fn repeated_at(lines: &[&str], symbol: &Symbol, name: &str) -> Option<u32> {
    repeated(lines, symbol).into_iter().find(|r| r.name == name).map(|r| r.line)
}

/// The calls inside the loops of a symbol.
fn repeated(lines: &[&str], symbol: &Symbol) -> Vec<Repeated> {
    let first = symbol.line.saturating_sub(1) as usize;
    let last = (symbol.end_line as usize).min(lines.len()).min(first + MOST_LINES);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut out = Vec::new();
    for at in first..last {
        let Some(inside) = of_loop(lines[at].trim_start()) else { continue };
        let mut add = |line: usize, text: &str| {
            out.extend(called_names(text).into_iter().map(|(_, name)| Repeated {
                line: line as u32 + 1,
                from: at as u32 + 1,
                name,
            }));
        };
        add(at, inside);
        let body = (at + 1..last)
            .take_while(|below| lines[*below].trim().is_empty() || indent(lines[*below]) > indent(lines[at]));
        body.for_each(|below| add(below, lines[below]));
    }
    out
}

/// What of a line that begins a loop runs again and again: the part behind the arrow of a closure, else nothing.
fn of_loop(line: &str) -> Option<&str> {
    const WORDS: &[&str] = &["for ", "for(", "foreach ", "foreach(", "while ", "while(", "loop {"];
    const CALLS: &[&str] = &[".map(", ".forEach(", ".each do", ".each {", ".for_each(", ".flatMap(", ".Select("];
    if let Some(call) = CALLS.iter().find_map(|call| line.split_once(call)) {
        return Some(call.1.split_once("=>").or(call.1.split_once('|')).map_or("", |(_, body)| body));
    }
    WORDS.iter().any(|word| line.starts_with(word)).then_some("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::context::SymbolKind;

    #[test]
    fn calls_inside_loops_are_found() {
        let check = |text: &str, expected: &[(u32, &str)]| {
            let lines: Vec<&str> = text.lines().collect();
            let symbol = Symbol {
                name: "list".to_owned(),
                kind: SymbolKind::Function,
                line: 1,
                end_line: lines.len() as u32,
                signature: String::new(),
                is_public: true,
                parent: None,
            };
            let found = repeated(&lines, &symbol);
            let found: Vec<(u32, &str)> = found.iter().map(|r| (r.line, r.name.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "func list() {\n\tall := byShop()\n\tfor i := range all {\n\t\tlast(all[i])\n\t}\n\tdone()\n}",
            &[(4, "last")],
        );
        check("def list():\n    for one in by_shop():\n        last(one)\n\n    done()", &[(3, "last")]);
        check("function list() {\n  return all.map((one) => last(one));\n}", &[(2, "last")]);
        check("fn list() {\n    done();\n}", &[]);
    }
}
