//! A feature flag that is on goes: what its checks let through stays.
//!
//! In: the lines that name the flag. Out: for each line what to do by its form: a condition loses its head and keeps its
//! body, an argument goes with the parameter that takes it, an entry of a list goes; and the import of what asked for the
//! flag, where nothing else uses it. What cannot be told by its form is said plainly.

use super::{
    super::{code::edges, reading::Reading},
    refs::signature,
    traced::called_names,
};
use crate::model::context::{Context, FileClass, Symbol, SymbolKind};

/// Words by which a ticket says that the flag is on.
const ON: &[&str] = &[
    "has been on",
    "have been on",
    "is on for",
    "on for everyone",
    "on for everybody",
    "on for all",
    "is always on",
    "turned on",
    "switched on",
    "enabled for everyone",
    "enabled for all",
    "fully rolled out",
    "on in production",
];
/// Words by which it says that it is off.
const OFF: &[&str] =
    &["has been off", "never on", "is off", "turned off", "switched off", "never turned on", "disabled"];

/// Is the flag that goes one that is on?
pub fn is_on(reading: &Reading) -> bool {
    let said = reading.all.to_lowercase();
    ON.iter().any(|w| said.contains(w)) && !OFF.iter().any(|w| said.contains(w))
}

/// A parameter that only passes the flag on.
pub struct Parameter {
    pub path: String,
    pub function: Symbol,
    pub name: String,
    /// Lines of the function that use it.
    pub uses: Vec<u32>,
}

/// What is done with the lines of one file.
#[derive(Default)]
pub struct Lifted {
    pub said: Vec<String>,
    pub parameters: Vec<Parameter>,
}

/// What is done with the lines of a source file that name the flag; nothing where no line tells its form.
pub fn lines(context: &Context, path: &str, text: &str, hits: &[u32], name: &str) -> Lifted {
    let all: Vec<&str> = text.lines().collect();
    let mut out = Lifted::default();
    let mut is_told = false;
    for at in hits {
        let Some(line) = all.get(*at as usize - 1).map(|l| l.trim()) else { continue };
        if let Some(parameter) = parameter(context, path, line, name) {
            let label = format!("{}:{}", parameter.path, parameter.function.line);
            let function = &parameter.function.name;
            out.said.push(format!(
                "line {at}: drop the argument, with the parameter `{}` of `{function}` (`{label}`) that takes it",
                parameter.name
            ));
            out.parameters.push(parameter);
            is_told = true;
        } else if is_condition(line) {
            out.said.push(format!("line {at}: drop the condition and keep its body"));
            is_told = true;
        } else {
            out.said.push(format!("line {at}: take the name out"));
        }
    }
    if !is_told {
        return Lifted::default();
    }
    out.said.extend(import(&all, hits, name));
    out
}

/// A condition whose body runs where the flag is on.
fn is_condition(line: &str) -> bool {
    let head = ["if (", "if(", "if "].iter().find_map(|word| line.strip_prefix(word));
    // One that asks for more than the flag, or for its opposite, is not told by its form.
    let is_plain = |rest: &str| !["!", "not ", "&&", "||", " and ", " or ", "=="].iter().any(|w| rest.contains(w));
    head.is_some_and(is_plain)
}

/// The parameter that takes the check of the flag where a line passes it on: `find(id, isOn("reviews"))`.
fn parameter(context: &Context, path: &str, line: &str, name: &str) -> Option<Parameter> {
    let quoted = ["\"", "'", "`"].iter().find_map(|q| line.find(&format!("{q}{name}{q}")))?;
    let check = line[..quoted].rfind('(')?;
    // Calls that are open where the check stands: the innermost takes it.
    let mut open: Vec<usize> = Vec::new();
    let begins =
        line[..check].rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | ':'))).map_or(0, |at| at + 1);
    for (at, c) in line[..begins].char_indices() {
        match c {
            '(' => open.push(at),
            ')' => drop(open.pop()),
            _ => {}
        }
    }
    let outer = *open.last()?;
    let (_, callee) = called_names(&line[..=outer]).pop()?;
    let place = arguments(&line[outer + 1..begins])?;
    let is_callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let is_source = |p: &str| p != path && context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let found = context.tree.definitions(&callee, 6).into_iter().filter(|(p, s)| is_source(p) && is_callable(s));
    let [(home, function)] = <[(String, Symbol); 1]>::try_from(found.collect::<Vec<_>>()).ok()?;
    let name = named_parameter(&signature(&function), place)?;
    let text = context.tree.text(&home)?;
    let body = text.lines().zip(1_u32..).filter(|(_, at)| function.line < *at && *at <= function.end_line);
    let uses = body.filter(|(line, _)| edges::names(line, &name)).map(|(_, at)| at).take(6).collect();
    Some(Parameter { path: home, function, name, uses })
}

/// How many arguments stand before; `None` where brackets are left open in them.
fn arguments(before: &str) -> Option<usize> {
    let mut depth = 0_i32;
    let mut count = 0;
    for c in before.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => count += 1,
            _ => {}
        }
    }
    (depth == 0).then_some(count)
}

/// The name of a parameter: `withReviews` of `function find(id: string, withReviews: boolean)`.
fn named_parameter(signature: &str, place: usize) -> Option<String> {
    let list = signature.split_once('(')?.1.rsplit_once(')').map_or("", |(list, _)| list);
    if list.contains(['(', '<', '{', '[']) {
        return None;
    }
    let one = list.split(',').nth(place)?.trim();
    let name: String = one.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (name.len() >= 2).then_some(name)
}

/// The import of what asks for the flag, where no other line uses it.
fn import(all: &[&str], hits: &[u32], name: &str) -> Option<String> {
    let line = all.get(*hits.first()? as usize - 1)?;
    let quoted = ["\"", "'", "`"].iter().find_map(|q| line.find(&format!("{q}{name}{q}")))?;
    let (_, check) = called_names(&line[..quoted]).pop()?;
    let is_import = |l: &str| ["import ", "from ", "use ", "const "].iter().any(|w| l.trim_start().starts_with(w));
    let named = || all.iter().zip(1_u32..).filter(|(l, _)| edges::names(l, &check));
    let (_, at) = named().find(|(l, _)| is_import(l))?;
    let is_used = named().any(|(l, number)| !is_import(l) && !hits.contains(&number));
    (!is_used).then(|| format!("line {at}: the import of `{check}`, which nothing uses then"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_their_place() {
        assert_eq!(arguments("request.params.id, "), Some(1));
        assert_eq!(arguments("f(a, b), "), Some(1));
        assert_eq!(arguments("f(a, "), None);
        let signature = "function findProduct(id: string, withReviews: boolean)";
        assert_eq!(named_parameter(signature, 1).as_deref(), Some("withReviews"));
        assert_eq!(named_parameter("def find(id, with_reviews=False)", 1).as_deref(), Some("with_reviews"));
        assert_eq!(named_parameter(signature, 2), None);
    }

    #[test]
    fn only_a_plain_condition_is_told_by_its_form() {
        assert!(is_condition("if (isOn(\"reviews\")) {") && is_condition("if is_on('reviews'):"));
        assert!(!is_condition("if (!isOn(\"reviews\")) {") && !is_condition("if (isOn(\"reviews\") && open) {"));
    }
}
