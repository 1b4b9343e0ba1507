//! Whether a new list is paged: asked where the guidelines ask for pages and the ticket gives no limit.

use super::{Survey, line_of, question, says};
use crate::{
    model::{context::FactKind, plan::Question},
    planner::{
        offline::sections::interface,
        words::{clean, shorten},
    },
};

/// Words of a guideline that asks for pages.
const PAGED: &[&str] = &["paged", "paginated", "pagination", "paginate", "paging"];

/// Whether a route that gives a list keeps to the rule.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let new = interface::new_routes(context, survey.reading);
    let is_limited = |text: &str| {
        says(text, &["page", "pages", "paged", "limit", "last", "newest", "first", "top"])
            || text.contains("cursor")
            || text.contains("limit=")
    };
    let bare = |path: &str| path.split('?').next().unwrap_or(path).to_owned();
    let is_many = |path: &str| {
        let last = bare(path).rsplit('/').next().unwrap_or_default().to_owned();
        // A file of all, or a plural.
        !last.starts_with([':', '{', '<']) && (last.contains('.') || last.ends_with('s') && !last.ends_with("ss"))
    };
    let says_all = |route: &str| {
        let asks = survey.asked.iter().filter(|a| a.text.contains(route)).map(|a| a.text);
        asks.fold((false, true), |(any, free), text| (any || !text.is_empty(), free && !is_limited(text)))
    };
    let open = |(method, path): &&(&str, &str)| {
        let (is_asked, is_free) = says_all(&bare(path));
        *method == "GET" && is_many(path) && is_asked && is_free
    };
    let (method, path) = new.iter().find(open)?;
    let guides = context.facts.iter().filter(|f| f.kind == FactKind::Guideline).map(|f| f.path.as_str());
    let (guide, line, said) = guides.take(6).find_map(|guide| {
        let text = context.tree.text(guide)?;
        let rule = |line: &str| {
            says(line, PAGED) && says(line, &["list", "lists", "collection", "collections", "endpoint", "endpoints"])
        };
        let (at, line) = (1_u32..).zip(text.lines()).find(|(_, line)| rule(line))?;
        Some((guide.to_owned(), at, sentence(line)))
    })?;
    let file = line_of(survey, context, &guide, line);
    let ask = format!(
        "`{}` says “{said}”: does it hold for `{method} {}`, or is it the exception?",
        file.label(),
        clean(&bare(path))
    );
    Some(question(ask, vec![file], "whether one answer carries everything"))
}

/// The sentence of the line that speaks of pages.
fn sentence(line: &str) -> String {
    let clean = clean(line).replace('`', "");
    let found = clean.split(". ").find(|s| says(s, PAGED)).unwrap_or(&clean);
    shorten(found.trim_start_matches(['-', '*', ' ']).trim_end_matches('.'), 160)
}
