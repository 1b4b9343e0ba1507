//! Who changes what a sentence waits for: asked where nothing in the code makes it rise.

use super::{Survey, edges, line_of, question, sources};
use crate::model::{
    context::Context,
    plan::{FileRef, Question},
};
use crate::planner::words::listed;

/// Files that are looked at; names that stand in more lines than these are written somewhere.
const SEARCHED: usize = 3_000;
const MOST_LINES: usize = 12;
/// How a sentence waits for a rise.
const RISES: &[&str] = &["rises", "is raised", "goes up", "increases", "is increased", "grows"];

/// What makes a value rise that a sentence waits for.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let waited = survey.asked.iter().filter(|a| a.served.is_some());
    waited.filter_map(|a| Some((a.id, risen(a.text)?))).find_map(|(id, name)| {
        let lines = lines(context, name)?;
        let at: Vec<FileRef> = lines.iter().map(|(path, line)| line_of(survey, context, path, *line)).collect();
        let shown: Vec<String> = at.iter().take(4).map(|f| format!("`{}`", f.label())).collect();
        let ask = format!(
            "What makes `{name}` rise, as {id} waits for? The code names it at {}, and no line there raises it",
            listed(&shown)
        );
        Some(question(ask, at.into_iter().take(4).collect(), "where the new code is called from"))
    })
}

/// Does the sentence wait for a rise that nothing in the code brings about? No place that is there serves it then.
pub fn is_unraised(context: &Context, text: &str) -> bool {
    risen(text).is_some_and(|name| lines(context, name).is_some())
}

/// The name in code marks behind “when” that goes up: “when `onHand` goes from 0 to more”.
fn risen(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let begins = lower.find("when `").or_else(|| lower.find("once `"))? + 6;
    let rest = text.get(begins..)?;
    let (name, behind) = rest.split_once('`')?;
    let behind = behind.trim_start();
    let is_name = name.len() >= 4 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_rise = behind.starts_with("goes from 0 ") || RISES.iter().any(|w| behind.starts_with(w));
    (is_name && is_rise).then_some(name)
}

/// The lines that name it, where there are some and each of them only asks for it or lowers it.
fn lines(context: &Context, name: &str) -> Option<Vec<(String, u32)>> {
    let mut out = Vec::new();
    for path in sources(context, SEARCHED) {
        let Some(text) = context.tree.text(path).filter(|t| t.contains(name)) else { continue };
        if path.ends_with(".sql") || path.ends_with(".prisma") || path.contains("migration") {
            continue;
        }
        for (line, at) in text.lines().zip(1_u32..).filter(|(line, _)| edges::names(line, name)) {
            if !is_harmless(line, name) || out.len() >= MOST_LINES {
                return None;
            }
            out.push((path.to_owned(), at));
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Does the line ask for the name, declare its type, or lower it? Anything else may raise it.
fn is_harmless(line: &str, name: &str) -> bool {
    const LOWERS: &[&str] = &["decrement", "-=", "--", "gte", "gt:", "lte", "lt:"];
    let rest = line.split(name).nth(1).unwrap_or_default().trim_start();
    let is_read = rest.starts_with([')', ',', ';', '.', '>', '<']) || rest.starts_with("==") || rest.is_empty();
    let is_type = rest.strip_prefix(':').is_some_and(|t| {
        ["number", "int", "i64", "i32", "u32", "usize", "bigint"].iter().any(|w| t.trim_start().starts_with(w))
    });
    LOWERS.iter().any(|w| line.contains(w)) || is_read || is_type
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_waited_for_by_name() {
        assert_eq!(risen("when `onHand` goes from 0 to more, every customer gets a mail"), Some("onHand"));
        assert_eq!(risen("Once `free_beds` rises, the next guest is told"), Some("free_beds"));
        assert_eq!(risen("when `onHand` is shown"), None);
        assert_eq!(risen("when the stock goes from 0 to 1"), None);
    }

    #[test]
    fn a_line_that_may_raise_is_not_harmless() {
        let check = |line: &str, expected: bool| assert_eq!(is_harmless(line, "onHand"), expected, "{line}");
        check("data: { onHand: { decrement: 1 } }", true);
        check("if (product.onHand > 0) {", true);
        check("onHand: number;", true);
        check("product.onHand += delivered;", false);
        check("data: { onHand: count }", false);
        check("product.onHand = 5;", false);
    }
}
